"""What came of a file is kept, and taken again as long as nothing has changed that it depends on.

That is its content, its name, the keys, the program, and for a form of today how such forms are read. What depends on more (the
project list, wbt.toml, other files, the ledger) is done at every review, so that nothing of it is kept. An entry is JSON under
a seal by the office's keys: whoever can write in the working folder, but has no key, cannot put words into a review.
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
"""So many bytes of entries are at hand: those of the batches that were looked for before it is their turn."""
_SCHEME = "scheme:"
"""Before the digest of a scheme, in the name of its entry: the files of a campaign share it."""


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
        self.entries = SealedStore(store, list_secrets(keys.values()))
        self._importing = digest_facts(importing) if importing else ""
        self._contents: dict[tuple[str, tuple[int, ...]], _KnownContent | None] = {}
        """By name, and place in an archive."""
        self._archives: dict[Path, _KnownContent] = {}
        self._schemes: dict[str, Scheme] = {}
        self._opened: dict[str, PackedFile] = {}
        """What was opened last to see whether it is there, till it is asked for."""
        self._opened_size = 0
        self.found = 0
        """How many files were taken from before."""

    def locate(self, source: SourceFile) -> str | None:
        """The name under which it is kept what came of a file when it was read last; ``None`` where it is to be read."""
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
        """What came of a file is known."""
        return any(self._open(name) for name in self._list_names(source, self._look_at(source)))

    def open(self, name: str) -> PackedFile | None:
        """What is kept under a name, with its schemes; ``None`` where there is nothing, or nothing of ours."""
        return self._let_go(name) or self._open(name)

    def _hold(self, name: str, packed: PackedFile) -> None:
        """It will be asked for next; what has been held longest is read again."""
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
        """Keep what came of files that were looked for before, unless it may be otherwise the next time."""
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
        """Forget files that have not been looked for: they are not there any more, or have changed."""
        self.entries.drop_others()

    # -- names and seals ----------------------------------------------------------------------------------------------

    def _name(self, source: SourceFile, content: _KnownContent, *, hand_made: bool) -> str:
        """The name of an entry says all that it depends on. How a form of today is read is nothing to a workbook of ours."""
        importing, read_as = self._importing if hand_made else "", source.path.suffix.lower()
        if source.original or source.is_old_document:
            read_as = ".docx"
        return digest_facts(digest_program(), self.entries.seal, importing, content.digest, source.name, read_as)

    def _list_names(self, source: SourceFile, content: _KnownContent | None) -> Iterator[str]:
        """Under which names there may be something of a file; most are workbooks of ours."""
        if content:
            yield self._name(source, content, hand_made=False)
            yield self._name(source, content, hand_made=True)

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
    """What was read is what was looked at before: nobody has put another file there meanwhile."""
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
