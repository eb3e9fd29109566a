"""A working folder on a DVD or a read-only share: what only reads works, what must write says what to do, nothing is lost on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import KEY, filled, project

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.model import ProjectList

Wbt = Callable[..., tuple[int, str]]
_MOUNTED = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" || exit 77
shift
"$@"; echo "退出码 $?"
"""
"""The folder as it is on a disc: in a name space of one's own."""
_PAGES = """
import sys
from pathlib import Path
from page_visitor import PageVisitor, text_of
visitor = PageVisitor(Path(sys.argv[1]), Path.cwd())
for page in ("", "list", "issue", "inbox", "review", "summary", "report", "after", "ledger", "years"):
    answer = visitor.get(page)
    print(page, answer.status_code, "工作文件夹是只读的" in text_of(answer))
print(text_of(visitor.post("settings", {"authority": "别的局"})))
print(visitor.do("inbox/review", {"fresh": "1"}))
visitor.leave()
"""


@pytest.fixture
def root(tmp_path: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which a year was done."""
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, authority="示例县财政局"))
    listed = ProjectList(year=2024, projects=(project(),))
    (campaign.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    campaign.key_file.write_text(KEY.text, "ascii")
    filled(campaign.folder("回收"))
    with monkeypatch.context() as patched:
        patched.chdir(campaign.root)
        assert wbt("generate")[0] == 0
        assert wbt("review")[0] in (0, 1)
    return campaign.root


@pytest.fixture
def on_a_disc(root: Path) -> Callable[..., tuple[int, str]]:
    """Run a program in the working folder as if that were on a disc; its exit code, and what it says."""
    if not shutil.which("unshare"):
        pytest.skip("mounts of one's own are Linux's")

    def run(*command: object) -> tuple[int, str]:
        whole = ["unshare", "-rm", "sh", "-c", _MOUNTED, "sh", str(root), *map(str, command)]
        ours = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(whole, capture_output=True, text=True, check=False, env=ours)
        if "退出码" not in done.stdout:
            pytest.skip(f"no mounts of one's own: {done.stderr}")
        said, _, code = (done.stdout + done.stderr).partition("退出码 ")
        return int(code.split()[0]), said + done.stderr

    return run


def test_what_only_reads_works(on_a_disc: Callable[..., tuple[int, str]], root: Path, tmp_path: Path) -> None:
    wbt = (sys.executable, "-m", "workbook_tools")
    file = next((root / "回收").iterdir()).name
    for command in (
        ("status",),
        ("--no-browser",),
        ("ledger", "verify"),
        ("ledger", "log"),
        ("explain", f"回收/{file}"),
        ("draft", "list"),
        ("merge", "--out", tmp_path / "汇总"),
        ("report", "--out", tmp_path / "报告"),
        ("review", "--fresh", "--out", tmp_path / "审核"),
    ):
        code, said = on_a_disc(*wbt, *command)
        assert code in (0, 1) if command[0] == "review" else code == 0, (command, said)
        assert f"工作文件夹“{root}”是只读的" in said, (command, said)
        assert "日志写不进" not in said
    assert [(tmp_path / name).is_dir() for name in ("汇总", "报告", "审核")] == [True] * 3


@pytest.mark.parametrize("command", ["review --fresh", "accept P001 --because 原件已核对", "merge --fresh", "sample"])
def test_what_must_write_says_what_to_do(on_a_disc: Callable[..., tuple[int, str]], command: str) -> None:
    code, said = on_a_disc(sys.executable, "-m", "workbook_tools", *command.split())
    assert (code, "复制到可以写的磁盘上" in said, "意外" in said) == (2, True, False), said
    assert "检查磁盘空间" not in said


def test_the_page_shows_it(on_a_disc: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    code, said = on_a_disc(sys.executable, "-c", _PAGES, tmp_path)
    assert code == 0, said
    lines = said.splitlines()
    assert [line.split(" ")[1:] for line in lines[:10]] == [["200", "True"]] * 10, said
    assert "磁盘是只读的" in lines[10] and "磁盘是只读的" in lines[11], said
