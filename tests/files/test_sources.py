"""Folders and archives as people send them."""

import io
import zipfile
from pathlib import Path

import pytest
from builders import KEYS, filled

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files import sources
from workbook_tools.files.sources import SourceFile, find_files, find_sources, list_files
from workbook_tools.review.batches import review_files


def utf8_zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


class Cp437Name(zipfile.ZipInfo):
    """A member whose name is written as the given bytes, without the UTF-8 flag."""

    def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's own hook
        return self.raw, self.flag_bits & ~0x800


def raw_zip(members: dict[bytes, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            info = Cp437Name(name.decode("cp437"))
            info.raw = name
            archive.writestr(info, data)
    return buffer.getvalue()


def names(folder):
    return [s.name for s in find_sources(folder)[0]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_archives_come_out_right_whatever_wrote_them(tmp_path, encoding):
    (tmp_path / "包.zip").write_bytes(raw_zip({"交通局/甲项目.xlsx".encode(encoding): b"x"}))
    assert names(tmp_path) == ["包.zip/交通局/甲项目.xlsx"]


def test_a_workbook_in_an_archive_is_reviewed_like_any_other(tmp_path):
    data = filled(tmp_path).read_bytes()
    (tmp_path / "P001.xlsx").unlink()
    (tmp_path / "报送.zip").write_bytes(utf8_zip({"里层.zip": utf8_zip({"甲.xlsx": data})}))
    sources, findings = find_sources(tmp_path)
    assert findings == []
    (reviewed,) = review_files(sources, KEYS)
    assert reviewed.file == "报送.zip/里层.zip/甲.xlsx"
    assert reviewed.project.total_score == 100.0


def test_an_archive_nested_too_deep_and_other_formats_are_named(tmp_path):
    deep = utf8_zip({"三.zip": utf8_zip({"甲.xlsx": b"x"})})
    (tmp_path / "一.zip").write_bytes(utf8_zip({"二.zip": deep}))
    (tmp_path / "包.rar").write_bytes(b"Rar!")
    (tmp_path / "坏.zip").write_bytes(b"PK not really")
    sources, findings = find_sources(tmp_path)
    assert sources == []
    assert [(f.code, f.file) for f in findings] == [
        ("FILE14", "一.zip/二.zip/三.zip"),
        ("FILE14", "包.rar"),
        ("FILE14", "坏.zip"),
    ]


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    (tmp_path / "弹.zip").write_bytes(utf8_zip({"甲.xlsx": bytes(70 * 2**20)}))
    (source,), _ = find_sources(tmp_path)
    with pytest.raises(UnreadableWorkbook) as caught:
        source.read()
    assert caught.value.code == "FILE11"


def test_an_archive_with_a_password_is_named(tmp_path):
    data = bytearray(utf8_zip({"甲.xlsx": b"x"}))
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    (tmp_path / "密.zip").write_bytes(bytes(data))
    assert [(f.code, f.message) for f in find_sources(tmp_path)[1]] == [("FILE14", "压缩包加了密码")]


def test_names_that_climb_out_of_the_archive_do_not(tmp_path):
    (tmp_path / "包.zip").write_bytes(utf8_zip({"../../甲.xlsx": b"x"}))
    assert names(tmp_path) == ["包.zip/甲.xlsx"]
    assert not (tmp_path.parent / "甲.xlsx").exists()


def test_lock_files_hidden_files_and_other_files_are_passed_over(tmp_path):
    for name in ("~$甲.xlsx", ".甲.xlsx", "说明.txt", "甲.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    sources, findings = find_sources(tmp_path)
    assert [s.name for s in sources] == ["甲.xlsx"]
    assert [f.file for f in findings] == ["~$甲.xlsx", "说明.txt"]


def test_a_file_that_has_gone_meanwhile_is_said(tmp_path):
    with pytest.raises(UnreadableWorkbook) as caught:
        SourceFile(tmp_path / "没有.xlsx", "没有.xlsx").read()
    assert caught.value.code == "FILE12"


@pytest.mark.parametrize("packed", [1, 3, 500])
def test_files_stand_in_the_order_of_their_folders_and_names_however_many_are_packed(
    packed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_PACKED", packed)
    monkeypatch.setattr(sources, "_OPENED", 1)
    names = ["乙/2.xlsx", "乙/10.xlsx", "乙.xlsx", "乙-1/3.xlsx", "甲.xlsx", "乙/里/1.xlsx", "A.xlsx", "a/b.xlsx"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"x")
    found = find_files(tmp_path).sources
    in_order = sorted(tmp_path / name for name in names)
    assert list_files(tmp_path) == in_order
    assert [source.path for source in found] == in_order
    assert [*found] == [SourceFile(path, path.relative_to(tmp_path).as_posix()) for path in in_order]
    assert found[1:3] == [found[1], found[2]]
    other = SourceFile(tmp_path / "别处.docx", found[0].name, original="0")
    found.replace(0, other)
    assert [*found] == [other, *(SourceFile(path, path.relative_to(tmp_path).as_posix()) for path in in_order[1:])]
    with pytest.raises(IndexError):
        found[len(names)]
