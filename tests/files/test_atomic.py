"""Files that are there whole or not at all, and what dead runs leave behind."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from workbook_tools.core.errors import OutputError
from workbook_tools.files import atomic, open_elsewhere
from workbook_tools.files.atomic import copy_aside, replace_whole
from workbook_tools.files.leftovers import (
    remove_leftovers,
    remove_temporary_folders,
    temporary_folder,
    temporary_name,
)
from workbook_tools.files.paths import replace_file
from workbook_tools.files.sources import find_sources


def test_the_temporary_file_of_a_dead_run_is_removed_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    mine = temporary_name(tmp_path / "甲.xlsx")
    other = tmp_path / ".wbt-ffffff-1-00.tmp"
    old = tmp_path / "子" / ".wbt-ffffff-2-00.tmp"
    theirs = tmp_path / ".wbt.tmp.xlsx"
    old.parent.mkdir()
    for path in (mine, other, old, theirs):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    dead = leave_behind(tmp_path) if sys.platform != "win32" else None
    remove_leftovers(tmp_path)
    assert (mine.exists(), other.exists(), theirs.exists(), old.exists()) == (True, True, True, False)
    assert dead is None or not dead.exists()


def leave_behind(folder: Path) -> Path:
    """The temporary file of a process that has ended."""
    script = (
        "import sys; from workbook_tools.files.leftovers import *; print(temporary_name(Path(sys.argv[1]) / '甲').name)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, check=True, text=True)
    path = folder / done.stdout.strip()
    path.write_bytes(b"half")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process lives is not asked there")
def test_the_temporary_folder_of_a_dead_run_is_removed_and_that_of_a_living_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = "import os; from workbook_tools.files.leftovers import *; kept = temporary_folder(); os._exit(0)"
    place = {**os.environ, "TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], check=True, env=place)
    (dead,) = tmp_path.iterdir()
    (dead / "甲.xlsx").write_bytes(b"sent by a unit")
    with temporary_folder() as mine:
        (tmp_path / "wbt-of somebody else").mkdir()
        remove_temporary_folders()
        assert {path.name for path in tmp_path.iterdir()} == {Path(mine).name, "wbt-of somebody else"}


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process lives is not asked there")
def test_the_first_write_into_a_folder_removes_what_a_dead_run_left_there(tmp_path: Path) -> None:
    leave_behind(tmp_path)
    replace_file(tmp_path / "甲.xlsx", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["甲.xlsx"]


def test_a_temporary_file_is_no_submission(tmp_path: Path) -> None:
    temporary_name(tmp_path / "甲.xlsx").write_bytes(b"half")
    assert find_sources(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘已满。请删去不用的文件"),
        (errno.EROFS, "磁盘是只读的。请换一个可以写的磁盘"),
        (errno.EACCES, "正被 Excel、Word 或 WPS 打开？是否没有权限？请关掉"),
        (errno.EIO, "磁盘读写出错。请检查磁盘"),
        (errno.EDQUOT, "配额已用完。请删去"),
    ],
)
def test_a_disk_that_takes_nothing_is_told_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    path = tmp_path / "甲.xlsx"
    path.write_bytes(b"old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match=words) as caught:
        replace_file(path, b"new")
    assert str(path) in str(caught.value)
    assert ".wbt-" not in str(caught.value)
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("甲.xlsx", b"old")]


def test_a_file_system_without_fsync_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.EINVAL, "no fsync")

    monkeypatch.setattr(os, "fsync", fail)
    replace_file(tmp_path / "甲.xlsx", b"new")
    assert (tmp_path / "甲.xlsx").read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
def test_a_folder_that_was_made_is_forced_onto_the_disk_with_those_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(atomic, "_sync_folder", synced.append)
    replace_file(tmp_path / "一" / "二" / "甲.xlsx", b"new")
    assert {*synced} == {tmp_path, tmp_path / "一", tmp_path / "一" / "二"}


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
@pytest.mark.parametrize(("number", "told"), [(errno.EIO, True), (errno.ENOSPC, True), (errno.EACCES, False)])
def test_a_disk_that_does_not_keep_a_name_is_told_and_one_that_cannot_be_asked_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: bool
) -> None:
    sync = os.fsync

    def fail(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail)
    if told:
        with pytest.raises(OutputError, match=str(tmp_path)):
            replace_file(tmp_path / "甲.xlsx", b"new")
    else:
        replace_file(tmp_path / "甲.xlsx", b"new")
    assert (tmp_path / "甲.xlsx").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("sign", "program"),
    [
        (".~lock.自评报告_甲局.docx#", "LibreOffice"),
        (".~自评报告_甲局.docx", "WPS"),
        ("~$自评报告_甲局.docx", "Excel、Word 或 WPS"),
        ("~$报告_甲局.docx", "Excel、Word 或 WPS"),
    ],
)
def test_a_file_open_elsewhere_is_not_replaced_under_its_hands(
    tmp_path: Path, sign: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_elsewhere, "_SYSTEM_TELLS", "")
    path = tmp_path / "自评报告_甲局.docx"
    path.write_bytes(b"old")
    (tmp_path / sign).write_text(",王强,pc,,;", "utf-8")
    with pytest.raises(
        OutputError, match=rf"甲局\.docx”：它正在 {program} 中打开.*删去同一文件夹里的 {re.escape(sign)}"
    ):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    (tmp_path / sign).unlink()
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_sign_that_office_left_on_windows_hinders_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_elsewhere, "_SYSTEM_TELLS", "~$")
    (tmp_path / "~$甲.xlsx").write_bytes(b"")
    replace_file(tmp_path / "甲.xlsx", b"new")
    assert (tmp_path / "甲.xlsx").read_bytes() == b"new"


def test_files_that_belong_together_are_not_changed_if_the_disk_fills_up_at_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "甲", tmp_path / "乙"
    one.write_bytes(b"old")
    write = atomic._write

    def full(path: Path, data: bytes) -> None:
        if data == b"second":
            raise OSError(errno.ENOSPC, "full")
        write(path, data)

    monkeypatch.setattr(atomic, "_write", full)
    with pytest.raises(OSError, match="full") as caught:
        replace_whole({one: b"first", other: b"second"})
    assert caught.value.filename == str(other)
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("甲", b"old")]


def test_where_files_have_no_second_name_a_copy_is_made_with_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "甲.xlsx"
    path.write_bytes(b"typed")
    os.utime(path, (1_700_000_000,) * 2)

    def fail(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", fail)
    copy_aside(path, tmp_path / "乙.xlsx")
    assert [(p.read_bytes(), p.stat().st_mtime) for p in sorted(tmp_path.iterdir())] == [(b"typed", 1_700_000_000)] * 2
