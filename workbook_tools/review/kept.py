"""What came of a file is kept, and taken again as long as nothing has changed that it depends on.

That is its content, its name, the keys, the program, and for a form of today how such forms are read. What depends on more (the
project list, wbt.toml, other files, the ledger) is done at every review, so that nothing of it is kept. An entry is JSON under
a seal by the office's keys: whoever can write in the working folder, but has no key, cannot put words into a review.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.earlier import KeptStore
from workbook_tools.files.package import read_file
from workbook_tools.files.program import digest_program
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.intake import Importing
from workbook_tools.review.batches import ReviewedFile
from workbook_tools.review.checks import CheckRun
from workbook_tools.rules.scheme import Scheme, restore_scheme
from workbook_tools.workbooks.reading import Keys

_PASSING = ("FILE12", "FILE13")
"""Codes of what may be otherwise the next time: the system does not give the file, its reader came to grief."""
_SCHEME = "scheme:"
"""Before the digest of a scheme, in the name of its entry: the files of a campaign share it."""
_SEAL = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class _KnownContent:
    """What a file held when it was looked at."""

    digest: str
    """Of its bytes; of an archive's member those of the archive, and which member it is."""
    stamp: tuple[int, int, int]
    """Tells whether somebody has put another file in its place meanwhile."""


class KeptResults:
    """What a store knows of the files of a folder, and what it is told of them."""

    def __init__(self, store: KeptStore, keys: Keys, importing: Importing | None) -> None:
        secrets = sorted((key.secret, key.revoked, key.foreign) for key in keys.values())
        self._seal = digest_facts("kept results", secrets).encode()
        self._importing = digest_facts(importing) if importing else ""
        self._store, self._used = store, set[str]()
        self._contents: dict[SourceFile, _KnownContent | None] = {}
        self._archives: dict[Path, _KnownContent] = {}
        self._schemes: dict[str, Scheme] = {}
        self.found = 0
        """How many files were taken from before."""

    def find(self, source: SourceFile) -> list[ReviewedFile] | None:
        """What came of a file when it was read last; ``None`` where it is to be read."""
        self._contents[source] = self._look_at(source)
        for key in self._list_names(source, self._contents[source]):
            if (items := self._open(key)) is not None:
                self._used.add(key)
                self.found += 1
                for item in items:
                    item.modified, item.clock = source.modified, source.clock
                return items
        return None

    def holds(self, source: SourceFile) -> bool:
        """What came of a file is known."""
        return any(self._open(name) is not None for name in self._list_names(source, self._look_at(source)))

    def keep(self, reviewed: Iterable[tuple[SourceFile, Sequence[ReviewedFile]]]) -> None:
        """Keep what came of files that were looked for before, unless it may be otherwise the next time."""
        entries: dict[str, bytes] = {}
        for source, items in reviewed:
            content = self._contents.get(source)
            if content is None or not _is_lasting(source, items) or not _is_of(content, source, items):
                continue
            key = self._name(source, content, hand_made=not all(map(_is_own, items)))
            if (data := _encode(items)) is not None:
                texts = {
                    _SCHEME + item.scheme.digest: item.scheme.content_text.encode() for item in items if item.scheme
                }
                texts[key] = data
                entries |= {name: self._sign(name, text) for name, text in texts.items() if name not in self._used}
                self._used |= texts.keys()
        self._store.put(entries)

    def drop_others(self) -> None:
        """Forget files that have not been looked for: they are not there any more, or have changed."""
        self._store.drop([key for key in self._store.names() if key not in self._used])

    # -- names and seals ----------------------------------------------------------------------------------------------

    def _name(self, source: SourceFile, content: _KnownContent, *, hand_made: bool) -> str:
        """The name of an entry says all that it depends on. How a form of today is read is nothing to a workbook of ours."""
        importing, read_as = self._importing if hand_made else "", source.path.suffix.lower()
        if source.original or source.is_old_document:
            read_as = ".docx"
        return digest_facts(digest_program(), self._seal, importing, content.digest, source.name, read_as)

    def _list_names(self, source: SourceFile, content: _KnownContent | None) -> list[str]:
        """Under which names there may be something of a file."""
        return [self._name(source, content, hand_made=one) for one in (False, True)] if content else []

    def _look_at(self, source: SourceFile) -> _KnownContent | None:
        """``None`` for a file that cannot be read now: what reads it says why."""
        try:
            stamp = _stamp(source)  # before it is read: what is put there from now on shows
            if source.original:
                return _KnownContent(digest_facts("converted", source.original), stamp)
            if source.is_old_document:  # as it is once it is converted: read as it is, nothing is kept of it
                return _KnownContent(digest_facts("converted", _digest_bytes(source.read())), stamp)
            if not source.inside:
                return _KnownContent(_digest_bytes(read_file(source.path)), stamp)
            if source.path not in self._archives:
                self._archives[source.path] = _KnownContent(_digest_file(source.path), stamp)
        except (OSError, UnreadableWorkbook):
            return None
        archive = self._archives[source.path]
        return _KnownContent(digest_facts(archive.digest, source.inside), archive.stamp)

    def _open(self, key: str) -> list[ReviewedFile] | None:
        """What is kept under a name; ``None`` where there is nothing, or nothing of ours."""
        data = self._unseal(key)
        items = _decode(data) if data is not None else None
        for item in items or ():
            if item.project:
                item.scheme = self._find_scheme(item.project.scheme_digest)
                if item.scheme is None:
                    return None
        return items

    def _find_scheme(self, digest: str) -> Scheme | None:
        if digest not in self._schemes:
            name = _SCHEME + digest
            data = self._unseal(name)
            scheme = _read_scheme(data) if data is not None else None
            if scheme is None or scheme.digest != digest:
                return None
            self._used.add(name)
            self._schemes[digest] = scheme
        return self._schemes[digest]

    def _sign(self, key: str, data: bytes) -> bytes:
        return hmac.digest(self._seal, key.encode() + b"\n" + data, "sha256") + data

    def _unseal(self, key: str) -> bytes | None:
        entry = self._store.get(key)
        if entry is None or not hmac.compare_digest(entry, self._sign(key, entry[_SEAL:])):
            return None
        return entry[_SEAL:]


# -- what is kept -----------------------------------------------------------------------------------------------------


def _is_lasting(source: SourceFile, items: Sequence[ReviewedFile]) -> bool:
    """The same file gives the same again, on any day and any computer."""
    passing = any(item.given_up or item.fault or any(f.code in _PASSING for f in item.findings) for item in items)
    return bool(items) and not passing and not source.is_old_document


def _is_of(content: _KnownContent, source: SourceFile, items: Sequence[ReviewedFile]) -> bool:
    """What was read is what was looked at before: nobody has put another file there meanwhile."""
    own = (item.sha256 for item in items if item.sha256 and not source.inside and not source.original)
    try:
        return _stamp(source) == content.stamp and all(digest == content.digest for digest in own)
    except OSError:
        return False


def _is_own(item: ReviewedFile) -> bool:
    """A workbook that was issued, which is read by what it says of itself."""
    return item.untouched is not None or bool(item.project and not item.project.imported)


def _digest_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stamp(source: SourceFile) -> tuple[int, int, int]:
    facts = source.path.stat()
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


# -- as bytes ---------------------------------------------------------------------------------------------------------


@cache
def _items() -> TypeAdapter[list[ReviewedFile]]:
    return TypeAdapter(list[ReviewedFile])


@cache
def _runs() -> TypeAdapter[list[CheckRun]]:
    return TypeAdapter(list[CheckRun])


def _encode(items: Sequence[ReviewedFile]) -> bytes | None:
    """A line for all items and one for the checks of each, which most files have alike. ``None`` for what would not come
    back the same (a number that is none, a name that is no text)."""
    plain = [replace(item, modified=0.0, clock=0.0, scheme=None, runs=[]) for item in items]
    try:
        lines = [_items().dump_json(plain, exclude_defaults=True)]
        lines += [_runs().dump_json(item.runs, exclude_defaults=True) for item in items]
    except PydanticSerializationError:
        return None
    data = b"\n".join(lines)
    again = _decode(data)
    wanted = [replace(item, runs=[*kept.runs]) for item, kept in zip(plain, items, strict=True)]
    return data if again == wanted and _items().dump_json(again) == _items().dump_json(wanted) else None


def _decode(data: bytes) -> list[ReviewedFile] | None:
    """The items, without their schemes; ``None`` where these are none."""
    first, *rest = data.split(b"\n")
    try:
        items = _items().validate_json(first)
        for item, runs in zip(items, rest, strict=True):
            item.runs = [*_decode_runs(runs)]
    except (ValidationError, ValueError):
        return None
    return items


@lru_cache(maxsize=1000)
def _decode_runs(data: bytes) -> tuple[CheckRun, ...]:
    return tuple(_runs().validate_json(data))


def _read_scheme(data: bytes) -> Scheme | None:
    try:
        return restore_scheme(json.loads(data))
    except (ValidationError, ValueError):
        return None
