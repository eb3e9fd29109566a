"""Files that are there whole or not at all, also after a crash or a power cut.

A file is written beside its place, forced onto the disk (fsync), and renamed. Readers see the old one or the new one.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from workbook_tools.files.leftovers import remove_leftovers_here, temporary_name
from workbook_tools.files.ownership import create_private

_CANNOT_SYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""Errors of file systems without fsync."""
_NOT_KEPT = {errno.EIO, errno.ENOSPC, errno.EDQUOT}
"""Errors of a disk that failed to keep a name; any other means that folders cannot be synced there."""


Content = bytes | Iterable[bytes]
"""The content of a file: whole, or in pieces, each of which is only asked for when it is to be written."""


def replace_whole(files: Mapping[Path, Content], *, private: bool = False, one_of_many: bool = False) -> None:
    """Write files that belong together: first all of them beside their places, then they are renamed in this order.

    If writing fails, none is changed. After a crash the first ones may be new and the others old, but each is whole; callers
    order them so that old ones read together with new ones are complete. Missing folders are made. A ``private`` file can be
    read by its owner alone, from its first byte on. Whoever writes ``one_of_many`` calls :func:`sync_folders` after the
    last one: until then a power cut may bring back the old file. Raises OSError; its ``filename`` is the file's, not the
    temporary one's.
    """
    for folder in {path.parent for path in files}:
        make_folder(folder)
        remove_leftovers_here(folder.absolute())
    with _temporaries(files) as (new, old):
        for path, data in files.items():
            with _naming(path):
                if private:
                    create_private(new[path])
                _write(new[path], data)
        _rename(new, old)
    if not one_of_many:
        sync_folders(path.parent for path in files)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing; after a power cut they are still there. Raises OSError."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.is_dir()]
    folder.mkdir(parents=True, exist_ok=True)
    sync_folders(parent.parent for parent in missing)


def move_file(path: Path, target: Path) -> None:
    """Give a file another name, where there is none such, in this folder or another, and force it onto the disk. Raises OSError."""
    make_folder(target.parent)
    path.rename(target)
    sync_folders((target.parent, path.parent))


def create_whole(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole; what is there by then stays. Raises FileExistsError, OSError."""
    make_folder(path.parent)
    with _temporaries((path,)) as (new, _), _naming(path):
        _write(new[path], data)
        try:
            os.link(new[path], path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
            new[path].rename(path)
    _sync_folder(path.parent)


def sync_folders(folders: Iterable[Path]) -> None:
    """Force the names of what was written in these folders onto the disk. Raises OSError: it does not keep them."""
    for folder in dict.fromkeys(folders):
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


def _write(path: Path, data: Content) -> None:
    with path.open("wb") as stream:
        for piece in (data,) if isinstance(data, bytes) else data:
            stream.write(piece)
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
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as exc:
        if exc.errno in _NOT_KEPT:
            exc.filename = str(folder)
            raise
