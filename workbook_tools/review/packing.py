"""The results of a file as bytes: this is how they go from process to process, wait on disk for their department's turn, and are
kept for the next review. Facts that are needed without unpacking stand beside the bytes.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from workbook_tools.core.questions import digest_answers
from workbook_tools.files.packed_records import FAST, PICKLE, adapter, is_exact
from workbook_tools.form.identity import NO_ISSUE, Issue
from workbook_tools.review.checks import CheckRun
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.rules.scheme import Scheme

_PASSED_OVER = ("FILE09", "FILE41")
"""Codes about a Word document that holds no form or cannot be read: it was passed over."""
_PASSING = ("FILE12", "FILE13")
"""Codes that may not apply the next time: the file could not be opened, or its reader failed."""


@dataclass(frozen=True, slots=True)
class RecordedFacts:
    """What the ledger will have recorded of an item by the next review."""

    content: str = ""
    """Digest of its content."""
    round: int = 0
    """Which return it is a copy of."""
    issue: Issue = NO_ISSUE
    """The issue of its project that it belongs to, if the office's own seal says so."""
    answers: str = ""
    """Digest of the 提醒 that the unit answered in it; blank if none."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is known of an item without unpacking it."""

    file: str
    sha256: str = ""
    came: bool = True
    """It was reviewed, and is not a document that was passed over."""
    own: bool = False
    """It is an issued workbook: how forms of today are read does not matter to it."""
    submitted: bool = False
    """It holds a filled project; if not, ``code`` is that of a form that came back untouched, or blank."""
    imported: bool = False
    """The project was read from a form of today."""
    year: int = 0
    code: str = ""
    name: str = ""
    department: str = ""
    unit: str = ""
    scheme: str = ""
    """Digest of the scheme that it was scored under."""
    recorded: RecordedFacts = RecordedFacts()


@dataclass(frozen=True, slots=True)
class PackedItem:
    """An item without its scheme and the times of its file."""

    facts: ItemFacts
    data: bytes

    @property
    def is_exact(self) -> bool:
        """It is JSON. NaN, or a file name with lone surrogates, makes it a pickle, which only goes between processes of one run."""
        return is_exact(self.data)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """The items of one file."""

    items: tuple[PackedItem, ...]
    schemes: tuple[Scheme, ...] = ()
    """Those that its projects were scored under."""
    lasting: bool = False
    """The same file gives the same result on any day and any computer."""
    fault: str = ""
    """Traceback of an exception while the file was processed."""

    @property
    def size(self) -> int:
        """Bytes of its items."""
        return sum(len(item.data) for item in self.items)

    def unpack(self) -> list[ReviewedFile]:
        """The items again, without the times of their file."""
        schemes = {scheme.digest: scheme for scheme in self.schemes}
        return [unpack_item(item.data, 0.0, 0.0, schemes) for item in self.items]

    def to_bytes(self) -> bytes:
        """The items as bytes for the next review, without schemes, which many files share."""
        facts = [item.facts for item in self.items]
        sizes = [len(item.data) for item in self.items]
        return b"\n".join([adapter(_Head).dump_json((facts, sizes)), *(item.data for item in self.items)])

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """The inverse of :meth:`to_bytes`; ``None`` if ``data`` is something else."""
        head, _, rest = data.partition(b"\n")
        try:
            facts, sizes = adapter(_Head).validate_json(head)
        except ValidationError:
            return None
        places = iter(_find_places(sizes))
        items = tuple(PackedItem(one, rest[next(places)]) for one in facts)
        return cls(items, lasting=True)


_Head = tuple[list[ItemFacts], list[int]]
"""Stands before the items of a file: the facts about each, and its length in bytes."""


def _find_places(sizes: Iterable[int]) -> Iterator[slice]:
    start = 0
    for size in sizes:
        yield slice(start, start + size)
        start += size + 1


def pack_file(items: Sequence[ReviewedFile]) -> PackedFile:
    """Pack the items of a file."""
    packed = tuple(PackedItem(_find_facts(item), _pack(item)) for item in items)
    schemes = {item.scheme.digest: item.scheme for item in items if item.scheme}
    passing = any(item.given_up or item.fault or any(f.code in _PASSING for f in item.findings) for item in items)
    lasting = bool(items) and not passing and all(item.is_exact for item in packed)
    fault = next((item.fault for item in items if item.fault), "")
    return PackedFile(packed, tuple(schemes.values()), lasting, fault)


def unpack_item(data: bytes, modified: float, clock: float, schemes: Mapping[str, Scheme]) -> ReviewedFile:
    """Unpack an item; ``modified`` and ``clock`` are the present times of its file, ``schemes`` are by digest."""
    item = _unpack(data)
    item.modified, item.clock = modified, clock
    if item.project:
        item.scheme = schemes.get(item.project.scheme_digest)
    return item


def _find_facts(item: ReviewedFile) -> ItemFacts:
    came = bool(item.project or item.untouched) or any(f.code not in _PASSED_OVER for f in item.findings)
    own = item.untouched is not None or bool(item.project and not item.project.imported)
    if p := item.project:
        return ItemFacts(
            item.file,
            item.sha256,
            came,
            own,
            True,
            p.imported,
            p.year,
            p.code,
            p.name,
            p.department,
            p.unit,
            p.scheme_digest,
            _find_recorded(item),
        )
    if form := item.untouched:
        return ItemFacts(item.file, item.sha256, came, own, year=form.year, code=form.code, name=form.name)
    return ItemFacts(item.file, item.sha256, came, own)


def _find_recorded(item: ReviewedFile) -> RecordedFacts:
    return RecordedFacts(item.content, item.round, item.own_issue, digest_answers(item.answers))


# -- as bytes ---------------------------------------------------------------------------------------------------------


def _pack(item: ReviewedFile) -> bytes:
    """JSON in two lines (the second for the checks, which is the same for most files); a pickle if JSON would not restore it exactly."""
    plain = replace(item, modified=0.0, clock=0.0, scheme=None, runs=[])
    try:
        text = adapter(ReviewedFile).dump_json(plain, exclude_defaults=True)
        data = zlib.compress(text + b"\n" + adapter(list[CheckRun]).dump_json(item.runs), FAST)
        again = _unpack(data)
        if again == replace(plain, runs=[*item.runs]) and adapter(ReviewedFile).dump_json(
            replace(again, runs=[])
        ) == adapter(ReviewedFile).dump_json(plain):
            return data
    except (PydanticSerializationError, ValidationError):
        pass
    return pickle.dumps(replace(plain, runs=[*item.runs]), pickle.HIGHEST_PROTOCOL)


def _unpack(data: bytes) -> ReviewedFile:
    if data.startswith(PICKLE):
        item: ReviewedFile = pickle.loads(data)  # noqa: S301 - from a process of this run
        return item
    text, _, runs = zlib.decompress(data).partition(b"\n")
    item = adapter(ReviewedFile).validate_json(text)
    item.runs = [*_unpack_runs(runs)]
    return item


@lru_cache(maxsize=1000)
def _unpack_runs(data: bytes) -> tuple[CheckRun, ...]:
    return tuple(adapter(list[CheckRun]).validate_json(data))
