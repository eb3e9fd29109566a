"""Only what is a disk of this computer for sure counts as one."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from workbook_tools.files import drives
from workbook_tools.files.drives import can_write_in, is_fixed_disk

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 {device} / / rw,relatime shared:1 - {kind} /dev/vda1 rw
31 27 0:99 / /mnt/共享 rw - cifs //server/财政 rw
"""


@pytest.mark.parametrize(
    ("kind", "fixed"),
    [
        ("ext4", True),
        ("overlay", True),
        ("cifs", False),
        ("nfs4", False),
        ("vfat", False),
        ("fuse.sshfs", False),
        ("9p", False),
    ],
)
def test_a_share_or_a_stick_is_no_fixed_disk(
    kind: str, fixed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tmp_path.stat().st_dev
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS.format(device=f"{number >> 8 & 0xFFF}:{number & 0xFF}", kind=kind), "utf-8")
    monkeypatch.setattr(drives, "_MOUNTS", table)
    assert is_fixed_disk(tmp_path) is fixed


def test_what_the_system_does_not_say_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_fixed_disk(tmp_path / "没有")
    monkeypatch.setattr(drives, "_MOUNTS", tmp_path / "没有")
    assert not is_fixed_disk(tmp_path)


@pytest.mark.parametrize(("number", "can"), [(errno.EROFS, False), (errno.EACCES, False), (errno.ENOSPC, True)])
def test_where_the_system_does_not_say_so_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, can: bool
) -> None:
    """A share's server, and Windows, refuse only what is really written."""
    monkeypatch.setattr(drives, "is_fixed_disk", lambda _: False)

    def refuse(_: Path, **__: object) -> None:
        raise OSError(number, "refused")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "touch", refuse)
        assert can_write_in(tmp_path) is can
    assert can_write_in(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not can_write_in(tmp_path / "没有")
