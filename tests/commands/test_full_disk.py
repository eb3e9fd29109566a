"""Every command that writes, on a disk that takes nothing: a sentence, exit code 2, nothing half-written."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from builders import KEY, answers, filled, project
from drawn_gallery import LAYOUTS, ROADS, draw, workbook

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.files import atomic
from workbook_tools.files.temporary_data import explain_full_disk

Wbt = Callable[..., tuple[int, str]]
WORDS = {
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: "是否没有权限",
    errno.EIO: "磁盘读写出错",
}
COMMANDS = {
    "demo": ("demo", "../演示"),
    "init": ("init", "../新的"),
    "templates": ("templates", "模板"),
    "generate": ("generate", "--out", "别处"),
    "pack": ("pack",),
    "review": ("review", "--fresh"),  # else nothing is to be written
    "return": ("return",),
    "run": ("run",),
    "merge": ("merge",),
    "report": ("report",),
    "publish": ("publish", "--ready", "--no-pdf"),
    "import": ("import", "手工", "--out", "导入.xlsx"),
    "status": ("status", "--xlsx", "情况.xlsx"),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a project that has sent a file with an error."""
    campaign = Campaign.create(tmp_path_factory.mktemp("自评") / "自评", Settings(year=2024, authority="示例县财政局"))
    listed = ProjectList(year=2024, projects=(project(),))
    (campaign.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    (campaign.root / "手工").mkdir()
    layout = next(iter(LAYOUTS.values()))
    (campaign.root / "手工" / "甲.xlsx").write_bytes(workbook([draw(ROADS, layout)], layout))
    campaign.key_file.write_text(KEY.text, "ascii")
    unexplained = (IndicatorAnswer(actual=80.0), *answers().indicators[1:])
    filled(campaign.folder("回收"), answers=answers(indicators=unexplained))
    return campaign.root


@pytest.fixture(scope="module")
def after_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves a copy that is generated and reviewed."""
    return tmp_path_factory.mktemp("审核过") / "自评"


@pytest.fixture
def folder(prepared: Path, after_review: Path, tmp_path: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, generated and reviewed, in which we stand."""
    source = after_review if after_review.exists() else prepared
    root = Path(shutil.copytree(source, tmp_path / "自评"))
    monkeypatch.chdir(root)
    if source == prepared:
        assert wbt("generate")[0] == 0
        assert wbt("review")[0] in (0, 1)
        shutil.copytree(root, after_review)
    return root


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of ours but the log and the ledger."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".log", ".db", ".sqlite"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if ".wbt/" not in path.as_posix()}


def fail_all_writes(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(path: Path, content: atomic.Content) -> None:
        data = content if isinstance(content, bytes) else b"".join(content)
        path.write_bytes(data[: len(data) // 2])
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(atomic, "_write", fail)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_told_and_leaves_what_was_there(
    wbt: Wbt, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = contents(folder)
    for number, words in WORDS.items():
        with monkeypatch.context() as patched:
            fail_all_writes(patched, number)
            code, said = wbt(*COMMANDS[command])
        assert (code, words in said) == (2, True), said
        assert "意外" not in said
        assert ".wbt-" not in said
        assert contents(folder) == before


_SMALL_DISK = """
mount -t tmpfs -o size=4m tmpfs "$2" && cp -r "$1" "$2/自评" && cd "$2/自评" || exit 77
head -c 4M /dev/zero > "$2/占满" 2> /dev/null
python -m workbook_tools accept P001 --because 原件已核对; echo "退出码 $?"
rm "$2/占满"
python -m workbook_tools accept P001 --because 原件已核对; echo "退出码 $?"
"""
"""On a disk of 4 MB that is really full, and again once there is room."""


@pytest.mark.skipif(not shutil.which("unshare"), reason="a disk of one's own is Linux's")
def test_on_a_disk_that_is_really_full_the_ledger_says_so_and_goes_on_once_there_is_room(
    folder: Path, tmp_path: Path
) -> None:
    small = tmp_path / "小盘"
    small.mkdir()
    command = ["unshare", "-rm", "sh", "-c", _SMALL_DISK, "sh", folder, small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode in (1, 77) and "退出码" not in done.stdout:
        pytest.skip(f"no disk of one's own: {done.stderr}")
    assert [line for line in done.stdout.splitlines() if "退出码" in line] == ["退出码 2", "退出码 0"]
    said = done.stdout + done.stderr
    assert f"台账读写不了，“{small}/自评/.wbt/ledger.sqlite3”：磁盘已满。请删去不用的文件，腾出空间" in said
    assert "已接收 1 个项目" in said


def test_where_the_temporary_folder_is_full_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    for words in ("database or disk is full", "disk I/O error"):
        with pytest.raises(OutputError, match=f"“{tmp_path}”：磁盘已满。请删去"), explain_full_disk():
            raise sqlite3.OperationalError(words)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let go of the current folder")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_was_moved_away_under_our_feet_is_told(
    wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    gone = tmp_path / "旧的"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code, said = wbt(*COMMANDS[command])
    monkeypatch.chdir(tmp_path)
    assert code == 2
    assert "意外" not in said
    assert any(word in said for word in ("已被移走", "没有这个文件或文件夹", "不是工作文件夹", "找不到")), said


@pytest.mark.parametrize("command", ["review", "merge", "report"])
def test_a_file_in_the_way_of_a_folder_is_told(wbt: Wbt, folder: Path, command: str) -> None:
    target = folder / "挡路"
    target.write_text("一个文件", "utf-8")
    code, said = wbt(command, "--out", target / "里面")
    assert code == 2
    assert "挡路" in said
    assert "请移走或改名" in said


def test_a_working_folder_whose_making_broke_off_is_made_by_the_next_run(
    wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write = atomic._write
    files = 0
    while True:
        left = files

        def break_off(path: Path, data: bytes) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(errno.EIO, "broken")
            write(path, data)

        with monkeypatch.context() as patched:
            patched.setattr(atomic, "_write", break_off)
            code, _ = wbt("init", f"自评{files}")
        if code == 0:
            break
        assert wbt("init", f"自评{files}")[0] == 0
        made = tmp_path / f"自评{files}"
        assert [(made / name).is_file() for name in ("wbt.toml", "项目清单.xlsx", ".wbt/signing.key")] == [True] * 3
        files += 1
    assert files == 3


def test_of_an_imported_list_both_files_are_written_or_none(
    wbt: Wbt, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = atomic._write

    def fail(path: Path, data: bytes) -> None:
        if data.startswith(b"PK"):
            raise OSError(errno.ENOSPC, "full")
        write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "_write", fail)
        assert wbt("import", "手工", "--out", "导入.xlsx")[0] == 2
    assert not (folder / "导入.json").exists()
    assert wbt("import", "手工", "--out", "导入.xlsx")[0] == 0


def test_what_could_not_be_entered_in_the_results_is_told_and_is_no_success(
    wbt: Wbt, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        fail_all_writes(patched, errno.ENOSPC)
        code, said = wbt("accept", "P001", "--because", "原件已核对")
    assert (code, "审核结果里的状态没有更新" in said, "磁盘已满" in said) == (2, True, True)


WITHHELD = [
    (("review",), "项目清单.json"),
    (("review",), "审核/审核结果.xlsx"),
    (("review",), "审核/审核结果.json"),
    (("review",), ".wbt/signing.key"),
    (("review",), "回收"),
    (("report",), "审核/审核结果.xlsx"),
    (("accept", "P001", "--because", "原件已核对"), "审核/审核结果.xlsx"),
    (("accept", "P001", "--because", "原件已核对"), "审核/审核结果.json"),
    (("key", "new"), ".wbt/signing.key"),
]


@pytest.mark.parametrize(
    ("command", "file"), WITHHELD, ids=lambda value: " ".join(value) if type(value) is tuple else value
)
@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_what_the_system_does_not_give_is_not_taken_for_lost(
    wbt: Wbt, folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], file: str, number: int
) -> None:
    before = contents(folder)
    opened, listed = io.open, os.scandir

    def refuse(place: Any, real: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if not isinstance(place, int) and Path(place).resolve() == folder / file:
            raise OSError(number, os.strerror(number), str(place))
        return real(place, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(io, "open", lambda place, *args, **options: refuse(place, opened, *args, **options))
        patched.setattr(os, "scandir", lambda place=".": refuse(place, listed))
        code, said = wbt(*command)
    assert (code, Path(file).name in said, "意外" in said) == (2, True, False), said
    assert contents(folder) == before
    assert (folder / ".wbt/signing.key").read_text("ascii") == KEY.text


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
def test_what_was_typed_is_kept_where_the_disk_fails_after_the_new_file_is_in_its_place(
    folder: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = folder / "审核" / "审核结果.xlsx"
    book = openpyxl.load_workbook(workbook)
    book.properties.lastModifiedBy = "王强"
    book.save(workbook)
    typed = workbook.read_bytes()
    filled(folder / "回收")
    sync = os.fsync

    def fail(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode) and workbook.read_bytes() != typed:
            raise OSError(errno.EIO, "broken")
        sync(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        assert wbt("review")[0] == 2
    assert typed in [path.read_bytes() for path in workbook.parent.iterdir()]


def test_results_of_which_only_one_file_is_new_are_both_new_after_the_next_accept(wbt: Wbt, folder: Path) -> None:
    old = (folder / "审核" / "审核结果.xlsx").read_bytes()
    assert wbt("accept", "P001", "--because", "原件已核对")[0] == 0
    new = (folder / "审核" / "审核结果.xlsx").read_bytes()
    (folder / "审核" / "审核结果.xlsx").write_bytes(old)  # as if the power had gone between the two
    os.utime(folder / "审核" / "审核结果.xlsx", (1_700_000_000,) * 2)
    assert wbt("accept", "P001", "--because", "原件已核对")[0] == 0
    assert (folder / "审核" / "审核结果.xlsx").read_bytes() == new
