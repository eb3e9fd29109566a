"""File names and whole-file replacement."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.core.errors import OutputError, os_reason
from workbook_tools.files.paths import (
    MAX_NAME_BYTES,
    department_folder,
    replace_file,
    replace_result,
    safe_filename,
    templates_folder,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a／b＼c：d＊e？f＂g＜h＞i｜j"),
        ("con", "_con"),
        ("COM1.2021", "_COM1.2021"),
        ("lpt¹", "_lpt¹"),
        ("com²", "_com²"),
        ("console", "console"),
        ("名称. . ", "名称"),
        ("..", "未命名"),
        ("", "未命名"),
        ("两\r\n行\t和　全角", "两 行 和 全角"),
        ("响\x07铃\ud800", "响铃"),
        ("生僻字𠮷😀", "生僻字𠮷😀"),
    ],
)
def test_a_name_is_made_safe(text: str, name: str) -> None:
    assert safe_filename(text) == name


def test_a_long_name_is_cut_and_two_long_names_stay_apart() -> None:
    one, other = safe_filename("项" * 200 + "甲", 60), safe_filename("项" * 200 + "乙", 60)
    assert one != other
    assert one.startswith("项" * 55 + "~")
    assert len(one) == len(other) == 60


def test_departments_whose_names_differ_in_forbidden_characters_have_folders_of_their_own() -> None:
    names = ("教育/体育局", "教育／体育局", "教育:体育局", "教育局", "教育局.", "教育\x07局", "长" * 70, "长" * 71)
    folders = [department_folder(Path(), name).name for name in names]
    assert len(set(folders)) == len(names)
    assert [folder for folder in folders if "~" not in folder] == ["教育／体育局", "教育局"]
    assert max(map(len, folders)) <= 60


def test_departments_whose_names_differ_in_upper_and_lower_case_have_folders_of_their_own() -> None:
    names = (
        "ABC管委会",
        "Abc管委会",
        "abc管委会",
        "ＡＢＣ管委会",
        "ａｂｃ管委会",
        "ABC" + "长" * 70,
        "abc" + "长" * 70,
    )
    folders = [department_folder(Path(), name).name.casefold() for name in names]
    assert len(set(folders)) == len(names)
    assert [folder for folder in folders if "~" not in folder] == ["abc管委会", "ａｂｃ管委会"]


@given(st.text(max_size=300), st.integers(min_value=8, max_value=120))
def test_any_text_becomes_a_name_windows_takes(text: str, limit: int) -> None:
    name = safe_filename(text, limit)
    assert name
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*')
    assert all(ord(c) >= 32 for c in name)
    assert len(name.encode("utf-16-le")) <= 2 * limit
    assert len(name.encode()) <= MAX_NAME_BYTES


def test_a_file_is_replaced_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "报告" / "公安局" / "甲.docx"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_an_open_file_gives_a_clear_message_and_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "甲.docx"
    path.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"甲\.docx”：它是否正被 Excel、Word 或 WPS 打开"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_place_of_the_file_gives_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "甲.docx").mkdir()
    with pytest.raises(OutputError, match=r"甲\.docx"):
        replace_file(tmp_path / "甲.docx", b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_bytes(b"")
    replace_file(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_the_forms_are_found() -> None:
    assert (templates_folder() / "报告-曲沃.docx").is_file()


def test_a_result_that_somebody_saved_by_hand_is_moved_aside_not_lost(tmp_path):
    path = tmp_path / "汇总.xlsx"
    assert replace_result(path, ours(b"1")) is None
    assert replace_result(path, ours(b"2")) is None
    path.write_bytes(theirs())
    aside = replace_result(path, ours(b"3"))
    assert aside is not None
    assert aside.name == "汇总（手工修改稿1）.xlsx"
    assert aside.read_bytes() == theirs()
    assert path.read_bytes() == ours(b"3")
    path.write_bytes(b"no zip at all")
    assert replace_result(path, ours(b"4")) == tmp_path / "汇总（手工修改稿2）.xlsx"


def ours(content: bytes) -> bytes:
    return package(content, "<cp:lastModifiedBy>workbook_tools</cp:lastModifiedBy>")


def theirs() -> bytes:
    return package(b"mine", "<cp:lastModifiedBy>李敏</cp:lastModifiedBy>")


def package(content: bytes, core: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a"), content)
        archive.writestr(zipfile.ZipInfo("docProps/core.xml"), core)
    return buffer.getvalue()


def test_what_the_system_says_of_a_file_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "甲").write_bytes(b"")
    with pytest.raises(OutputError, match=r"(路径中有一段不是文件夹|已有同名的文件)。请.*再运行一次。$"):
        replace_file(tmp_path / "甲" / "乙" / "丙.json", b"")


def test_a_rare_fault_keeps_the_words_of_the_system() -> None:
    assert os_reason(OSError(0, "Something rare")) == "Something rare"
