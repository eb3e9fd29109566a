"""A browser of the tests: the page's application, asked as a browser would ask it."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

from workbook_tools.page.access import Access
from workbook_tools.page.application import make_application
from workbook_tools.page.open_folders import FrontDesk

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"


class PageVisitor:
    """A browser that has come in by the link; paths without a leading / are those of the working folder."""

    def __init__(self, config: Path, root: Path | None = None) -> None:
        self.desk = FrontDesk(Access(PORT), config / "config", config)
        self.client = TestClient(make_application(self.desk), base_url=ORIGIN, follow_redirects=False)
        self.base = self.desk.open(root).address if root else "/"
        self.client.get(self.desk.access.make_link())

    def get(self, path: str = "", **headers: str) -> httpx.Response:
        """Look at a page, and again while it is being read."""
        while (answer := self.client.get(self._at(path), headers=headers)).status_code == 202:
            time.sleep(0.05)
        return answer

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form of the page."""
        headers = {"Origin": ORIGIN, **more.pop("headers", {})}
        return self.client.post(self._at(path), data=data, headers=headers, **more)

    def do(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> str:
        """Press a button that begins a long step, wait for its end, and give what it says."""
        answer = self.post(path, data, **more)
        assert answer.status_code == 303, text_of(answer)
        return self.wait(answer.headers["location"])

    def wait(self, place: str) -> str:
        """What a step says at its end."""
        number = int(place.rpartition("/")[2])
        deadline = time.monotonic() + 120
        while (job := self.desk.jobs.find(number)) and job.running and time.monotonic() < deadline:
            time.sleep(0.02)
        return text_of(self.get(place))

    def leave(self) -> None:
        """The end of the run."""
        self.desk.jobs.end(30)
        self.desk.close()

    def _at(self, path: str) -> str:
        return path if path.startswith("/") else self.base + path


def text_of(answer: httpx.Response) -> str:
    """What is read on a page."""
    body = re.sub(r"(?s)<head>.*?</head>|<header>.*?</header>", " ", answer.text)
    return " ".join(unescape(re.sub(r"(?s)<[^>]*>", " ", body)).split())


def contents(folder: Path) -> dict[str, object]:
    """Every file with its content; of a zip, which says when it was made, what is in it."""
    found: dict[str, object] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found[path.name] = {name: archive.read(name) for name in archive.namelist()}
        else:
            found[path.relative_to(folder).as_posix()] = data
    return found
