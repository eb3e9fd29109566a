"""What is sent to a process that has other folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbook_tools.core.errors import SettingsError
from workbook_tools.files.carrying import Carrier, received


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = tmp_path / "自评" / "回收" / "甲.xlsx"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"content")
    os.utime(file, ns=(1_700_000_000_123_456_789,) * 2)
    return tmp_path / "自评"


def test_files_go_along_to_who_has_no_folder_and_the_answer_names_them_as_they_are_here(root: Path):
    file, carrier = root / "回收" / "甲.xlsx", Carrier(root, with_files=True)
    with received(carrier.pack([file, root, {"n": 1}])) as (things, back):
        there = things[0]
        assert there != file and things[1] != root and there.is_relative_to(things[1])
        assert there.read_bytes() == b"content" and there.stat().st_mtime_ns == file.stat().st_mtime_ns
        answer = back.pack([there, there.with_name("乙.xlsx")])
    assert not answer.files and not there.exists()
    assert carrier.open(answer.content) == [file, file.with_name("乙.xlsx")]


def test_who_shares_the_folder_is_sent_names_alone_and_what_lies_elsewhere(root: Path, tmp_path: Path):
    elsewhere = tmp_path / "转换.xlsx"
    elsewhere.write_bytes(b"converted")
    (tmp_path / "那边").symlink_to(root, target_is_directory=True)
    parcel = Carrier(root, with_files=False).pack([root / "回收" / "甲.xlsx", elsewhere])
    assert [file.data for file in parcel.files] == [b"converted"]
    with received(parcel, str(tmp_path / "那边")) as ((there, other), _):
        assert there == tmp_path / "那边" / "回收" / "甲.xlsx"
        assert other.read_bytes() == b"converted" and other.name == elsewhere.name


def test_who_has_an_object_storage_fetches_the_file_there(root: Path):
    file = root / "回收" / "甲.xlsx"
    parcel = Carrier(root, with_files=False, by_name=True).pack(file)
    assert [(sent.name, sent.data) for sent in parcel.files] == [("回收/甲.xlsx", None)]
    with received(parcel, f"file://{root}") as (there, _):
        assert there != file and there.read_bytes() == b"content"
        assert there.stat().st_mtime_ns == file.stat().st_mtime_ns
    file.write_bytes(b"another one")
    with pytest.raises(SettingsError, match="与本机的不同"), received(parcel, f"file://{root}"):
        pass
    file.unlink()
    with pytest.raises(SettingsError, match="存储里没有这个文件"), received(parcel, f"file://{root}"):
        pass


def test_a_shared_folder_that_is_not_there(root: Path):
    with (
        pytest.raises(SettingsError, match="没有共享的文件夹"),
        received(Carrier(root, with_files=False).pack(1), "/没有"),
    ):
        pass


def test_a_file_that_is_gone_is_missed_by_who_reads_it(root: Path):
    with received(Carrier(root, with_files=True).pack(root / "没有.xlsx")) as (there, _):
        assert not there.exists()
