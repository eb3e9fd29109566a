"""Objects sent to a process that may have other folders: their paths become those of the same files there.

Sender and receiver each have a root: the working folder as they see it. A path below it is sent relative to the root. The file itself is
sent too where they share no folder, and always if it lies outside the root; a receiver with a shared object storage fetches it from there.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from workbook_tools.core.errors import SettingsError
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.storage import fetch_files, is_storage

_ELSEWHERE = ".elsewhere"
"""Below the receiver's root: files that lie outside the sender's."""
_RECEIVED: ContextVar[_Places] = ContextVar("received")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that the receiver may have to read."""

    name: str
    """From the root."""
    modified: int
    """In nanoseconds, as the sender's folder has it."""
    digest: str
    """SHA-256, by which a receiver checks what it fetches."""
    data: bytes | None = None
    """``None`` where the receiver has the file or fetches it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An object on its way."""

    content: bytes
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class _Places:
    """Names of files and folders, and where they lie here."""

    root: Path
    elsewhere: dict[str, Path] = field(default_factory=dict)

    def find(self, name: str) -> Path:
        return self.elsewhere.get(name) or self.root / name

    def name(self, path: PurePath) -> str:
        """The name of a path below the root; blank for any other."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""


class Carrier:
    """Packs what is to be done with files of a folder, and opens what comes back."""

    def __init__(self, root: Path, *, with_files: bool, by_name: bool = False) -> None:
        """``with_files``: files below the root are sent too; ``by_name``: the receiver fetches them; neither: the receiver has the folder."""
        self._places, self._with_files, self._by_name = _Places(root), with_files, by_name

    def pack(self, thing: object) -> Parcel:
        """The object with those files that its paths name and the receiver lacks. A file that cannot be read is left out: whoever
        tries to read it there reports it as it would here."""
        packer = _Packer(self._places)
        content = packer.pack(thing)
        return Parcel(content, tuple(self._list_files(packer)))

    def _list_files(self, packer: _Packer) -> Iterator[SentFile]:
        for name, path in packer.found.items():
            outside = name in self._places.elsewhere
            if not (outside or self._with_files or self._by_name):
                continue
            try:
                modified, data = path.stat().st_mtime_ns, path.read_bytes()
            except OSError:  # a folder, or not to be read
                continue
            digest = hashlib.sha256(data).hexdigest()
            yield SentFile(name, modified, digest, data if outside or self._with_files else None)

    def open(self, content: bytes) -> Any:
        """What came back from a receiver, its paths as they are here."""
        return _unpack(content, self._places)


@contextmanager
def received(parcel: Parcel, shared: str = "") -> Iterator[tuple[Any, Carrier]]:
    """What was sent, with its files in place for the length of the block; and the carrier that packs the answer.

    ``shared`` is the sender's root as it is seen here: a folder, the address of an object storage (s3://…), or nothing. Raises SettingsError
    where the folder is not there, or a file in the storage is not the one that was sent.
    """
    if shared and not is_storage(shared) and not Path(shared).is_dir():
        raise SettingsError(f"电脑 {platform.node()} 上没有共享的文件夹“{shared}”。")
    with temporary_folder() as temporary:
        root = Path(temporary) if not shared or is_storage(shared) else Path(shared)
        elsewhere = {}
        for file, data in _open_files(parcel.files, shared):
            here = Path(temporary, file.name)
            if file.name.startswith(_ELSEWHERE):
                elsewhere[file.name] = here
            here.parent.mkdir(parents=True, exist_ok=True)
            here.write_bytes(data)
            os.utime(here, ns=(file.modified, file.modified))
        places = _Places(root, elsewhere)
        yield _unpack(parcel.content, places), Carrier(root, with_files=False)


def _open_files(files: Sequence[SentFile], shared: str) -> Iterator[tuple[SentFile, bytes]]:
    """The files with their content, as sent or fetched from the storage."""
    fetched = iter(fetch_files(shared, [file.name for file in files if file.data is None]))
    for file in files:
        data = next(fetched) if file.data is None else file.data
        if file.data is None and hashlib.sha256(data).hexdigest() != file.digest:
            raise SettingsError(
                f"对象存储里的“{shared}/{file.name}”与本机的不同：同步以后，有一边改过。请重新同步，再运行一次；已做完的不会重做。"
            )
        yield file, data


class _Packer:
    """Pickles an object with its paths as names, and records which paths there were."""

    def __init__(self, places: _Places) -> None:
        self._places = places
        self.found: dict[str, Path] = {}

    def pack(self, thing: object) -> bytes:
        stream = io.BytesIO()
        _Pickler(stream, self).dump(thing)
        return stream.getvalue()

    def name(self, path: Path) -> str:
        """The name of a path below the root, or of a file outside it; blank for a path that is the same everywhere."""
        name = self._places.name(path)
        if not name and path.is_file():
            mark = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]
            name = f"{_ELSEWHERE}/{mark}/{path.name}"
            self._places.elsewhere[name] = path
        if name:
            self.found[name] = path
        return name


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, packer: _Packer) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._packer = packer

    def reducer_override(self, thing: object) -> Any:
        """Called by pickle for every object that is no plain data."""
        if isinstance(thing, Path) and (name := self._packer.name(thing)):
            return _find_received, (name,)
        return NotImplemented


def _find_received(name: str) -> Path:
    return _RECEIVED.get().find(name)


def _unpack(content: bytes, places: _Places) -> Any:
    token = _RECEIVED.set(places)
    try:
        return pickle.loads(content)  # noqa: S301 - from a process of this program
    finally:
        _RECEIVED.reset(token)
