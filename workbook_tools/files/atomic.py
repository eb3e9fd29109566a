"""Files that are there whole or not at all, also after a crash or a power cut, and what a dead run left behind.

A file is written beside its place, forced onto the disk (fsync), and renamed. Readers see the old one or the new one.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from workbook_tools.files.ownership import create_private

_PREFIX, _ENDING = ".wbt-", ".tmp"
"""Of the names of our temporary files. What begins with a dot is no submission, and nothing packs it."""
_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:6]
"""Another computer that works in the same shared folder has process numbers of its own."""
_STALE = 600
"""Seconds after which a temporary file is a left-over, whosever it is: writing one takes a moment."""
_CANNOT_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""What file systems say that have no fsync."""


def replace_whole(files: Mapping[Path, bytes], *, private: bool = False, one_of_many: bool = False) -> None:
    """Write files that belong together: first all of them beside their places, then they are renamed in this order.

    Where that fails none is changed. After a crash the first ones may be new and the others old, never half of one:
    the order is such that whoever reads them together finds no less in the old ones. Missing folders are made; what is
    ``private`` only its owner can read, from its first byte on. Whoever writes ``one_of_many`` calls
    :func:`sync_folders` after the last: till then a power cut may bring back the old file. Raises OSError; its ``filename`` is the file's, not the
    temporary one's.
    """
    for folder in {path.parent for path in files}:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers_once(folder.absolute())
    with _temporaries(files) as (new, old):
        for path, data in files.items():
            with _naming(path):
                if private:
                    create_private(new[path])
                _write(new[path], data)
        _rename(new, old)
    if not one_of_many:
        sync_folders(path.parent for path in files)


def sync_folders(folders: Iterable[Path]) -> None:
    """Force the names of what was written in these folders onto the disk."""
    for folder in {*folders}:
        _sync_folder(folder)


def copy_aside(path: Path, aside: Path) -> None:
    """Give what stands at ``path`` a second name, with its time of saving; it stays where it is. Raises OSError."""
    try:
        os.link(path, aside)
    except OSError:  # a file system without links, or the file must not have one
        with _temporaries((aside,)) as (new, _):
            shutil.copy2(path, new[aside])
            new[aside].replace(aside)
    _sync_folder(aside.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder, and what is below it, the temporary files of runs that ended without removing them."""
    for parent, _, names in os.walk(folder):
        for name in names:
            _remove_leftover(Path(parent, name))


def temporary_name(path: Path) -> Path:
    """Where a file is written before it is renamed: beside its place, under a name of its own."""
    return path.with_name(f"{_PREFIX}{_HOST}-{os.getpid()}-{secrets.token_hex(6)}{_ENDING}")


# -- steps ------------------------------------------------------------------------------------------------------------


@contextmanager
def _temporaries(paths: Iterable[Path]) -> Iterator[tuple[dict[Path, Path], dict[Path, Path]]]:
    """Names for the new content of each file, and for the old; what is left of them is removed."""
    new, old = ({path: temporary_name(path) for path in paths} for _ in range(2))
    try:
        yield new, old
    finally:
        for temporary in (*new.values(), *old.values()):
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        try:
            os.fsync(stream.fileno())
        except OSError as exc:
            if exc.errno not in _CANNOT_SYNC:
                raise


def _rename(new: Mapping[Path, Path], old: Mapping[Path, Path]) -> None:
    """Put the new files in their places; those that were put there already go back if another can't be."""
    *first, last = new
    done: list[Path] = []
    try:
        for path in first:
            with _naming(path):
                if path.exists():
                    copy_aside(path, old[path])
                new[path].replace(path)
                done.append(path)
                _sync_folder(path.parent)
        with _naming(last):
            new[last].replace(last)
    except OSError:
        for path in done:
            if old[path].exists():
                old[path].replace(path)
            else:
                path.unlink(missing_ok=True)
        raise


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        exc.filename = str(path)
        raise


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only once its folder is. Windows has no such call, some network drives neither."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# -- left-overs -------------------------------------------------------------------------------------------------------


@functools.cache
def _remove_leftovers_once(folder: Path) -> None:
    for path in folder.glob(f"{_PREFIX}*{_ENDING}"):
        _remove_leftover(path)


def _remove_leftover(path: Path) -> None:
    if path.name.startswith(_PREFIX) and path.name.endswith(_ENDING):
        with suppress(OSError):
            if _is_dead(path):
                path.unlink()


def _is_dead(path: Path) -> bool:
    host, _, rest = path.name.removeprefix(_PREFIX).partition("-")
    number = rest.partition("-")[0]
    if os.name != "nt" and host == _HOST and number.isdecimal() and not _is_running(int(number)):
        return True
    return time.time() - path.stat().st_mtime > _STALE


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)  # asks only; on Windows it would end the process
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
