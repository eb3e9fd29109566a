"""On what kind of drive a folder lies."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_DRIVE_FIXED = 3
"""What Windows calls a disk that is built in."""
_LOCAL = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "reiserfs", "tmpfs", "xfs", "zfs"}
)
"""Linux's names for file systems that no other computer writes to; exfat and vfat, as on sticks, are not among them."""
_MOUNTS = Path("/proc/self/mountinfo")


def is_fixed_disk(folder: Path) -> bool:
    """It lies on a disk of this computer for sure: no network drive, no stick. Where the system does not say, it does not."""
    try:
        if os.name == "nt":
            drive = folder.absolute().drive
            # A network folder that has no letter begins with two of them.
            kind = getattr(ctypes, "windll").kernel32.GetDriveTypeW(f"{drive}\\")  # noqa: B009 - only Windows has it
            return not drive.startswith("\\\\") and kind == _DRIVE_FIXED
        number = folder.stat().st_dev
        return (
            _find_file_system(f"{os.major(number)}:{os.minor(number)}", _MOUNTS.read_text("utf-8", "replace")) in _LOCAL
        )
    except OSError:
        return False


def _find_file_system(device: str, mounts: str) -> str:
    """The kind of file system of a device, as ``8:1``; blank where it is not among the mounts."""
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        if place.split()[2:3] == [device]:
            return kind.split()[0]
    return ""
