"""Who may read a file: keys, and settings with a password, can be read by their owner alone."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from pathlib import Path

_OWNER_ONLY = 0o600


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read and write. Raises OSError: it exists, or cannot be made there."""
    path.touch(_OWNER_ONLY, exist_ok=False)
    if os.name == "nt":
        _grant_owner_only(path)


def keep_from_others(path: Path) -> None:
    """Take the permissions on a file from everybody but its owner, if we own it and the file system has permissions.

    On Windows this is done only for files that the program writes; one written by hand keeps what its folder grants.
    """
    if os.name == "nt":
        return
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(_OWNER_ONLY)
    except OSError:  # somebody else's, or gone: reading it says what is wrong
        return


def _grant_owner_only(path: Path) -> None:
    """The same in Windows' access list, by its own program. On a drive without such lists (FAT, some shares) it does nothing."""
    program = shutil.which("icacls")
    if program is None:
        return
    domain, user = os.environ.get("USERDOMAIN", ""), getpass.getuser()
    account = f"{domain}\\{user}" if domain else user
    subprocess.run(  # noqa: S603 - a program of the system, a path of ours
        [program, str(path), "/inheritance:r", "/grant:r", f"{account}:F"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
