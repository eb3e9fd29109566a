"""旧表读法.json: what the office has answered of doubtful forms, by layout, kept in the working folder.

It may be copied to the working folder of the next year. Where it is damaged nothing is guessed: it is to be restored, or put
aside and answered anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_tools.campaign.folder import STATE_FOLDER, Campaign
from workbook_tools.core.errors import SettingsError, os_reason
from workbook_tools.files.paths import replace_file
from workbook_tools.legacy.words.doubts import Doubt, FormLayout, KeptLayout, KeptReading, LayoutCell, ReadingBook

FILE = Path(STATE_FOLDER) / "旧表读法.json"
_VERSION = 1


class _StoredReading(BaseModel):
    model_config = ConfigDict(extra="forbid")
    asked: str
    reading: str
    by: str
    on: str
    file: str = ""
    readings: tuple[str, ...] = ()


class StoredLayout(BaseModel):
    """A layout as it is written to a file: its labels, each with block, words and place; and what was answered of it."""

    model_config = ConfigDict(extra="forbid")
    cells: tuple[tuple[str, str, str], ...]
    answers: tuple[_StoredReading, ...] = ()

    @classmethod
    def of(cls, layout: FormLayout) -> StoredLayout:
        """The layout alone."""
        return cls(cells=tuple((cell.block, cell.words, cell.place) for cell in layout.cells))

    @property
    def layout(self) -> FormLayout:
        """The layout."""
        return FormLayout(tuple(LayoutCell(*cell) for cell in self.cells))


class _StoredBook(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int
    layouts: tuple[StoredLayout, ...] = ()
    lists: dict[str, str] = {}
    places: tuple[str, ...] = ()
    answered: bool = False


@dataclass(frozen=True, slots=True)
class ImportMemory:
    """What a working folder knows of earlier imports."""

    book: ReadingBook = field(default_factory=ReadingBook)
    lists: Mapping[str, str] = field(default_factory=dict)
    """Name of a project list that an import has written → digest of what it wrote."""
    places: tuple[str, ...] = ()
    """Files and folders that were imported last, seen from the working folder."""
    answered: bool = False
    """Doubts were answered otherwise since a list was written: the same import comes to another list."""

    def wrote(self, path: Path) -> bool:
        """An import wrote this list, and nobody has changed it since."""
        return path.is_file() and self.lists.get(path.name) == _digest(path.read_bytes())

    def with_lists(self, files: Mapping[str, bytes]) -> ImportMemory:
        """With these lists as they are to be written."""
        return replace(self, lists={**self.lists, **{name: _digest(data) for name, data in files.items()}})

    def with_reading(self, doubt: Doubt, kept: KeptReading | None) -> ImportMemory:
        """With what was answered of a doubt; ``None`` takes the answer back."""
        layouts = dict(self.book.layouts)
        before = layouts.pop(doubt.layout.digest, None)
        readings = {**(before.readings if before else {}), doubt.key: kept}
        left = {key: reading for key, reading in readings.items() if reading is not None}
        if left:
            layouts[doubt.layout.digest] = KeptLayout(before.layout if before else doubt.layout, left)
        return replace(self, book=ReadingBook(layouts), answered=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_memory(campaign: Campaign | None) -> ImportMemory:
    """What the working folder knows; nothing where there is none yet. Raises SettingsError where the file is damaged."""
    path = campaign.root / FILE if campaign else None
    if path is None or not path.exists():
        return ImportMemory()
    try:
        stored = _StoredBook.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise SettingsError(f"读不了以前的答复“{path}”（{os_reason(exc)}）。请检查后再运行。") from None
    except ValidationError:
        raise SettingsError(
            f"以前对旧表疑问的答复“{path}”已损坏。请从备份恢复它；没有备份就把它移走，重新运行 wbt import，再在导入疑问.xlsx里选一遍。"
        ) from None
    if stored.version != _VERSION:
        raise SettingsError(f"“{path}”是较新版本的程序写的（第{stored.version}版），请升级程序后再运行。")
    book = ReadingBook({one.layout.digest: _keep(one) for one in stored.layouts})
    return ImportMemory(book, stored.lists, stored.places, stored.answered)


def _keep(stored: StoredLayout) -> KeptLayout:
    readings = {one.asked: KeptReading(one.reading, one.by, one.on, one.file, one.readings) for one in stored.answers}
    return KeptLayout(stored.layout, readings)


def write_memory(campaign: Campaign, memory: ImportMemory) -> None:
    """Keep it in the working folder. Raises OutputError."""
    layouts = tuple(_store(kept) for kept in memory.book.layouts.values() if kept.readings)
    stored = _StoredBook(
        version=_VERSION, layouts=layouts, lists=dict(memory.lists), places=memory.places, answered=memory.answered
    )
    replace_file(campaign.root / FILE, (stored.model_dump_json(indent=1) + "\n").encode())


def _store(kept: KeptLayout) -> StoredLayout:
    answers = tuple(
        _StoredReading(asked=key, reading=k.reading, by=k.by, on=k.on, file=k.file, readings=k.readings)
        for key, k in kept.readings.items()
    )
    return StoredLayout.of(kept.layout).model_copy(update={"answers": answers})
