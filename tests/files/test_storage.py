"""What is said where a file cannot be had from an object storage."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from object_storage import BUCKET, Storage, open_storage

from workbook_tools.core.errors import SettingsError
from workbook_tools.files import storage as module
from workbook_tools.files.carrying import Carrier, received
from workbook_tools.files.storage import fetch_files

pytestmark = pytest.mark.slow
ROOT = f"s3://{BUCKET}/2024年自评"


@pytest.fixture(scope="module")
def server() -> Iterator[Storage]:
    with open_storage() as running:
        running.put(f"{ROOT}/回收/甲[1].xlsx", b"content")
        yield running


@pytest.fixture
def computer(server: Storage, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """This computer knows the storage, as one on which a worker runs."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield monkeypatch
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def fail(root: str = ROOT, name: str = "回收/甲[1].xlsx") -> str:
    with pytest.raises(SettingsError) as caught:
        fetch_files(root, [name])
    return str(caught.value)


def test_files_are_fetched_in_their_order(computer: pytest.MonkeyPatch, server: Storage) -> None:
    server.put(f"{ROOT}/回收/乙.xlsx", b"")
    assert fetch_files(f"{ROOT}/", ["回收/乙.xlsx", "回收/甲[1].xlsx"]) == [b"", b"content"]


def test_a_file_or_a_bucket_that_is_not_there(computer: pytest.MonkeyPatch) -> None:
    assert "存储里没有这个文件" in fail(name="回收/丙.xlsx")
    assert "没有这个存储桶" in fail("s3://nobody/2024")


def test_a_file_that_was_changed_after_it_was_sent_there(computer: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "回收" / "甲[1].xlsx"
    file.parent.mkdir()
    file.write_bytes(b"CONTENT")  # as long as the other one
    parcel = Carrier(tmp_path, with_files=False, by_name=True).pack(file)
    with pytest.raises(SettingsError, match="与本机的不同"), received(parcel, ROOT):
        pass


def test_a_computer_that_has_no_key_or_no_library(computer: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        computer.delenv(name)
    assert "没有对象存储的密钥" in fail()
    assert "workbook-tools[cluster,s3]" in fail("oci://bucket/2024")


def test_a_storage_that_does_not_answer(computer: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}"
        computer.setenv("AWS_ENDPOINT_URL", address)
        computer.setattr(module, "_PATIENCE", 0.5)
        assert "0.5 秒没有取到" in fail()
    computer.setattr(module, "_PATIENCE", 30)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    assert "连不上对象存储" in fail()


def test_addresses_that_nobody_knows(computer: pytest.MonkeyPatch) -> None:
    assert "请核对地址" in fail("s4://bucket/2024")


def test_a_key_that_may_not_read_is_told_as_that() -> None:
    assert "没有读这个存储桶的权限" in str(module._explain(PermissionError("Forbidden"), ROOT))
