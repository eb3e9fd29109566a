"""On what kind of drive a folder lies, and whether anything can be written there."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

from workbook_tools.files.leftovers import temporary_name

_DRIVE_FIXED = 3
"""GetDriveType's number for a built-in disk."""
_LOCAL = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "reiserfs", "tmpfs", "xfs", "zfs"}
)
"""Linux's names for file systems of disks that stay in the computer; not exfat and vfat, which are on USB sticks."""
_MOUNTS = Path("/proc/self/mountinfo")
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
"""What is said where nobody may write: a disc, a read-only share, a folder of somebody else."""

_tried: set[Path] = set()
"""Folders in which a file was made by this run: tried once, they are not tried again."""


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


def can_write_in(folder: Path) -> bool:
    """Files can be made in a folder that is there; a disk that is full or fails is not taken for a read-only one."""
    if not os.access(folder, os.W_OK):
        return False
    if folder in _tried or (os.name != "nt" and is_fixed_disk(folder)):
        return True
    # Windows says of no folder that it is read-only, and a share's server may refuse what the mount promises: only trying tells.
    # Not by tempfile: on Windows it takes a refusal for a name that is taken, and tries thousands of others.
    trial = temporary_name(folder / "trial")
    try:
        trial.touch(exist_ok=False)
        trial.unlink(missing_ok=True)
    except OSError as exc:
        return exc.errno not in _REFUSED
    _tried.add(folder)
    return True


def _find_file_system(device: str, mounts: str) -> str:
    """The kind of file system of a device, as ``8:1``; blank where it is not among the mounts."""
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        if place.split()[2:3] == [device]:
            return kind.split()[0]
    return ""
