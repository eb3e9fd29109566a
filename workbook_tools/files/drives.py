"""On what kind of drive a folder lies."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_DRIVE_FIXED = 3
"""GetDriveType's number for a built-in disk."""
_LOCAL = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "reiserfs", "tmpfs", "xfs", "zfs"}
)
"""Linux's names for file systems of disks that stay in the computer; not exfat and vfat, which are on USB sticks."""
_MOUNTS = Path("/proc/self/mountinfo")


def is_fixed_disk(folder: Path) -> bool:
    """It certainly lies on a built-in disk of this computer, not on a network drive or USB stick; false where the system does not say."""
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
