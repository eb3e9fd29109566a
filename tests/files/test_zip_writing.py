"""A zip for units: every program shows the right names, and every byte comes out."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from workbook_tools.core.errors import OutputError
from workbook_tools.files import zip_writing
from workbook_tools.files.sources import find_sources
from workbook_tools.files.zip_writing import ZippedFile, fit_gbk, stream_zip, write_zip

MOMENT = datetime(2025, 3, 1, 9, 30, 12)
NAMES = ("下发通知.docx", "P001_农村道路维修（二期）.xlsx", "plain.xlsx", "Ａ×①㈠—…·.txt")


def packed(*names: str) -> bytes:
    return write_zip(ZippedFile(name, name.encode() * 9, MOMENT) for name in names)


def test_names_stand_there_in_gbk_without_the_flag_as_chinese_windows_writes_them() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(*NAMES)), metadata_encoding="gbk") as package:
        assert package.testzip() is None
        assert package.namelist() == list(NAMES)
        assert [package.read(name) for name in NAMES] == [name.encode() * 9 for name in NAMES]
        assert {info.flag_bits for info in package.infolist()} == {0}
        assert {info.date_time for info in package.infolist()} == {(2025, 3, 1, 9, 30, 12)}


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip (Info-ZIP) is not installed")
def test_info_zip_finds_the_names_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(packed(*NAMES))
    command = ["unzip", "-q", "包.zip", "-d", "出"]
    subprocess.run(command, cwd=tmp_path, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "出").iterdir()} == {
        name: name.encode() * 9 for name in NAMES
    }


def test_our_own_reader_finds_the_names(tmp_path: Path) -> None:
    (tmp_path / "回收.zip").write_bytes(packed("P001_道路.xlsx", "P002_桥梁.xlsx"))
    assert sorted(Path(source.name).name for source in find_sources(tmp_path)[0]) == [
        "P001_道路.xlsx",
        "P002_桥梁.xlsx",
    ]


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        ("某县农业农村局", "某县农业农村局"),
        ("𠮷祥街道", "□祥街道"),
        ("䶮龙村", "□龙村"),
        ("ｱ²", "ア2"),
        ("道路👷🏽维修", "道路□□维修"),
        ("羽\u200b毛\ufe0f", "羽毛"),
    ],
)
def test_what_gbk_does_not_have_is_said_in_a_readable_way(name: str, fitted: str) -> None:
    assert fit_gbk(name) == fitted
    fit_gbk(name).encode("gbk")


def test_the_same_files_give_the_same_bytes() -> None:
    assert packed(*NAMES) == packed(*NAMES)


def test_no_file_is_a_zip_too() -> None:
    assert zipfile.ZipFile(io.BytesIO(packed())).namelist() == []


def test_what_needs_zip64_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_writing, "_MAX_BYTES", 100)
    with pytest.raises(OutputError, match="4 GB"):
        packed(*NAMES)


def test_a_zip_comes_piece_by_piece_and_no_file_is_read_before_its_turn() -> None:
    read: list[str] = []

    def files() -> Iterator[ZippedFile]:
        for name in ("甲.xlsx", "乙.xlsx"):
            read.append(name)
            yield ZippedFile(name, name.encode() * 9, MOMENT)

    pieces = stream_zip(files())
    first = [next(pieces), next(pieces)]
    assert read == ["甲.xlsx"]
    assert b"".join([*first, *pieces]) == packed("甲.xlsx", "乙.xlsx")
