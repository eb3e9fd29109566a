"""A server that is killed in the middle of a step: the real program, started twice."""

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from builders import project
from page_visitor import text_of

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.model import ProjectList

pytestmark = pytest.mark.slow  # two starts of the program
COUNT = 120


@pytest.fixture
def root(tmp_path: Path) -> Path:
    campaign = Campaign.create(tmp_path / "2024年 自评", Settings(year=2024, authority="清河县财政局"))
    rows = tuple(project(code=f"P{number:03d}", name=f"项目{number}") for number in range(COUNT))
    listed = ProjectList(year=2024, scheme="mof-2020", projects=rows)
    (campaign.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    return campaign.root


class Browser:
    """A browser that has followed the link; what it asks for goes through a socket."""

    def __init__(self, link: str) -> None:
        place = urlsplit(link)
        self.client = httpx.Client(base_url=f"http://{place.netloc}", trust_env=False, timeout=60)
        entered = self.client.get(f"{place.path}?{place.query}")
        (to,) = re.findall(r'<a href="([^"]*)">没有打开的', entered.text)
        self.base = str(to)

    def get(self, path: str = "") -> httpx.Response:
        while (answer := self.client.get(self.base + path)).status_code == 202:
            time.sleep(0.05)
        return answer

    def post(self, path: str) -> str:
        """Press a button; where it leads to."""
        answer = self.client.post(self.base + path, headers={"Origin": str(self.client.base_url).rstrip("/")})
        assert answer.status_code == 303, text_of(answer)
        return answer.headers["location"].removeprefix(self.base)


@contextmanager
def started(root: Path, place: Path) -> Iterator[tuple[subprocess.Popen[str], Browser]]:
    """The program, in a group of its own, and a browser on its page."""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(place / "config"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "workbook_tools", "page", str(root), "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout
        link = next(line.strip() for line in process.stdout if line.startswith("http"))
        browser = Browser(link)
        try:
            yield process, browser
        finally:
            browser.client.close()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for_group(group: int) -> None:
    """What the killed program had started ends by itself."""
    end = time.monotonic() + 60
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.1)
        pytest.fail("processes of the killed program live on")


def test_a_step_that_was_killed_is_told_and_goes_on(root: Path, tmp_path: Path) -> None:
    with started(root, tmp_path) as (process, browser):
        job = browser.post("issue/generate")
        end = time.monotonic() + 60
        while len(list((root / "下发").rglob("*.xlsx"))) < 5:
            assert time.monotonic() < end
            time.sleep(0.01)
        process.kill()
        process.wait()
        wait_for_group(process.pid)
    made = {path: path.read_bytes() for path in (root / "下发").rglob("*.xlsx")}
    assert 5 <= len(made) < COUNT
    for path in made:
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
    with started(root, tmp_path) as (process, browser):
        told = browser.get().text
        assert "“生成工作簿”没有办完" in told and f'href="{browser.base}issue"' in told
        assert browser.get(job).status_code == 404
        job = browser.post("issue/generate")
        while "正在办" in text_of(answer := browser.get(job)):
            time.sleep(0.1)
        assert f"{len(made)} 个没有变化" in text_of(answer)
        assert "没有办完" not in browser.get().text
        process.terminate()
        assert process.wait(30) is not None
    assert len(list((root / "下发").rglob("*.xlsx"))) == COUNT
    assert {path: path.read_bytes() for path in made} == made
    assert [path for path in root.rglob("*") if path.name.startswith(".wbt-")] == []
    with Campaign.open(root).open_ledger() as ledger:
        assert len(ledger.find_issued_files({2024})) == COUNT
