"""The results of reading, checking and scoring a file are kept, and used again as long as nothing that they depend on has changed.

They depend on the file's content and name, the keys, the program, and for a form of today on how such forms are read. What
depends on more (the project list, wbt.toml, other files, the ledger) is done anew in every review, and not kept here. An entry is
JSON under a seal by the office's keys: whoever can write in the working folder but has no key cannot forge results.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.file_digests import digest_file
from workbook_tools.files.package import read_file
from workbook_tools.files.program import digest_program
from workbook_tools.files.sealed_store import KeptStore, SealedStore
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import list_secrets
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.packing import PackedFile
from workbook_tools.rules.scheme import Scheme, restore_scheme

if TYPE_CHECKING:
    from workbook_tools.workbooks.reading import Keys

_OPENED = 4_000_000
"""Bytes of entries held in memory, from when they are found until it is their batch's turn."""
_SCHEME = "scheme:"
"""Prefix of the name of a scheme's entry, before its digest: many files share a scheme."""


@dataclass(frozen=True, slots=True)
class _KnownContent:
    """The content of a file when it was looked at."""

    digest: str
    """Of its bytes; for a member of an archive, of the archive's bytes and the member's place."""
    stamp: tuple[int, int, int]
    """Changes if somebody replaces the file meanwhile."""


class KeptResults:
    """Finds and keeps results of the files of a folder in a store."""

    def __init__(self, store: KeptStore, keys: Keys, importing: Importing | None) -> None:
        self.entries = SealedStore(store, list_secrets(keys.values()))
        self._importing = digest_facts(importing) if importing else ""
        self._contents: dict[tuple[str, tuple[int, ...]], _KnownContent | None] = {}
        """By name, and place in an archive."""
        self._archives: dict[Path, _KnownContent] = {}
        self._schemes: dict[str, Scheme] = {}
        self._opened: dict[str, PackedFile] = {}
        """Entries that :meth:`locate` has opened, until :meth:`open` asks for them."""
        self._opened_size = 0
        self.found = 0
        """How many files were taken from before."""

    def locate(self, source: SourceFile) -> str | None:
        """The name under which a file's result is kept; ``None`` if the file has to be read."""
        content = self._look_at(source)
        for name in self._list_names(source, content):
            if packed := self._open(name):
                self._hold(name, packed)
                self.entries.use(name)
                self.found += 1
                return name
        self._contents[source.name, source.inside] = content
        return None

    def holds(self, source: SourceFile) -> bool:
        """A result of the file is kept."""
        return any(self._open(name) for name in self._list_names(source, self._look_at(source)))

    def open(self, name: str) -> PackedFile | None:
        """The result kept under a name, with its schemes; ``None`` if there is none with a valid seal."""
        return self._let_go(name) or self._open(name)

    def _hold(self, name: str, packed: PackedFile) -> None:
        """Hold an entry that will be asked for soon; the oldest beyond the limit are dropped and read again."""
        self._let_go(name)
        self._opened[name] = packed
        self._opened_size += packed.size
        while self._opened_size > _OPENED:
            self._let_go(next(iter(self._opened)))

    def _let_go(self, name: str) -> PackedFile | None:
        packed = self._opened.pop(name, None)
        self._opened_size -= packed.size if packed else 0
        return packed

    def _open(self, name: str) -> PackedFile | None:
        data = self.entries.get(name)
        packed = PackedFile.from_bytes(data) if data is not None else None
        if packed is None:
            return None
        digests = {item.facts.scheme for item in packed.items if item.facts.submitted}
        schemes = tuple(scheme for digest in digests if (scheme := self._find_scheme(digest)))
        return replace(packed, schemes=schemes) if len(schemes) == len(digests) else None

    def keep(self, reviewed: Iterable[tuple[SourceFile, PackedFile]]) -> None:
        """Keep the results of files that were looked for before, unless they may differ the next time."""
        entries: dict[str, bytes] = {}
        for source, packed in reviewed:
            content = self._contents.pop((source.name, source.inside), None)
            if content is None or not packed.lasting or source.is_old_document or not _is_of(content, source, packed):
                continue
            texts = {_SCHEME + scheme.digest: scheme.content_text.encode() for scheme in packed.schemes}
            hand_made = not all(item.facts.own for item in packed.items)
            texts[self._name(source, content, hand_made=hand_made)] = packed.to_bytes()
            entries |= {name: text for name, text in texts.items() if not self.entries.is_used(name)}
        self.entries.put(entries)

    def drop_others(self) -> None:
        """Drop entries that this review has not used: their files are gone or have changed."""
        self.entries.drop_others()

    # -- names and seals ----------------------------------------------------------------------------------------------

    def _name(self, source: SourceFile, content: _KnownContent, *, hand_made: bool) -> str:
        """The name of an entry: a digest of all that it depends on. How forms of today are read does not concern a workbook of ours."""
        importing, read_as = self._importing if hand_made else "", source.path.suffix.lower()
        if source.original or source.is_old_document:
            read_as = ".docx"
        return digest_facts(digest_program(), self.entries.seal, importing, content.digest, source.name, read_as)

    def _list_names(self, source: SourceFile, content: _KnownContent | None) -> Iterator[str]:
        """The names under which a file's result may be kept; most files are workbooks of ours."""
        if content:
            yield self._name(source, content, hand_made=False)
            yield self._name(source, content, hand_made=True)

    def _look_at(self, source: SourceFile) -> _KnownContent | None:
        """The file's content now; ``None`` if it cannot be read, which its reader will report."""
        try:
            stamp = _stamp(source)  # before it is read, so that a replacement from now on shows
            if source.original:
                return _KnownContent(digest_facts("converted", source.original), stamp)
            if source.is_old_document:  # its result is that of the converted document; unconverted it has none
                return _KnownContent(digest_facts("converted", _digest_bytes(source.read())), stamp)
            if not source.inside:
                return _KnownContent(_digest_bytes(read_file(source.path)), stamp)
            if source.path not in self._archives:
                self._archives[source.path] = _KnownContent(digest_file(source.path), stamp)
        except (OSError, UnreadableWorkbook):
            return None
        archive = self._archives[source.path]
        return _KnownContent(digest_facts(archive.digest, source.inside), archive.stamp)

    def _find_scheme(self, digest: str) -> Scheme | None:
        if digest not in self._schemes:
            name = _SCHEME + digest
            data = self.entries.get(name)
            scheme = _read_scheme(data) if data is not None else None
            if scheme is None or scheme.digest != digest:
                return None
            self.entries.use(name)
            self._schemes[digest] = scheme
        return self._schemes[digest]


# -- what is kept -----------------------------------------------------------------------------------------------------


def _is_of(content: _KnownContent, source: SourceFile, packed: PackedFile) -> bool:
    """The file that was read is the one that was looked at: nobody has replaced it in between."""
    own = (
        item.facts.sha256 for item in packed.items if item.facts.sha256 and not source.inside and not source.original
    )
    try:
        return _stamp(source) == content.stamp and all(digest == content.digest for digest in own)
    except OSError:
        return False


def _digest_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stamp(source: SourceFile) -> tuple[int, int, int]:
    facts = source.path.stat()
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


def _read_scheme(data: bytes) -> Scheme | None:
    try:
        return restore_scheme(json.loads(data))
    except (ValidationError, ValueError):
        return None
