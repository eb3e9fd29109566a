"""Answers to doubts of forms of today: taken from 导入疑问.xlsx, kept by layout, withdrawn again; and the doubts that are left.

What stands in the workbook is compared with what it stood for when it was written: an older copy of it changes nothing that
was answered since.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.doubt_workbook import (
    NAME,
    AskedDoubt,
    PickedReading,
    draw_doubts,
    list_kept,
    read_filled,
)
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_readings import ImportMemory, read_memory, write_memory
from workbook_tools.files.paths import replace_file, replace_result
from workbook_tools.legacy.words.doubts import KeptLayout, KeptReading, ReadingBook
from workbook_tools.legacy.words.records import Concern, HandmadeForm

FILE = f"{NAME}.xlsx"


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """What was taken from the workbook."""

    memory: ImportMemory
    new: Sequence[AskedDoubt] = ()
    """Answered now, or otherwise than before."""
    withdrawn: Sequence[AskedDoubt] = ()
    faults: Sequence[str] = ()
    """What could not be taken, in sentences."""

    @property
    def changed(self) -> bool:
        """Forms are read otherwise than before."""
        return bool(self.new or self.withdrawn)

    def find_obstacles(self, paths: Iterable[Path]) -> list[Path]:
        """Of the lists to be written those that may not be: they are there, and were not written by an import whose doubts
        are answered otherwise now, or were changed since."""
        standing = [path for path in paths if path.exists()]
        return [path for path in standing if not (self.changed and self.memory.wrote(path))]


def take_answers(campaign: Campaign | None, now: datetime) -> TakenAnswers:
    """Take what was picked in the working folder's 导入疑问.xlsx, and keep it; nothing outside a working folder.

    Raises SettingsError (the workbook or what is kept cannot be read), OutputError.
    """
    if campaign is None:
        return TakenAnswers(ImportMemory())
    memory, filled = read_memory(campaign), read_filled(campaign.root / FILE)
    layouts = {digest: dict(kept.readings) for digest, kept in memory.book.layouts.items()}
    shapes = {digest: kept.layout for digest, kept in memory.book.layouts.items()}
    new: list[AskedDoubt] = []
    withdrawn: list[AskedDoubt] = []
    for pick in filled.picks:
        doubt, before = pick.asked.doubt, _find(memory.book, pick.asked)
        if _is_as_written(pick, before):
            continue
        kept = _make_reading(pick, now)
        shapes[doubt.layout.digest] = doubt.layout
        layouts.setdefault(doubt.layout.digest, {})[doubt.key] = kept
        new.append(replace(pick.asked, kept=kept))
    for asked in filled.cleared:
        if asked.kept is not None and _find(memory.book, asked) == asked.kept:
            del layouts[asked.doubt.layout.digest][asked.doubt.key]
            withdrawn.append(asked)
    book = ReadingBook(
        {digest: KeptLayout(shapes[digest], readings) for digest, readings in layouts.items() if readings}
    )
    taken = TakenAnswers(replace(memory, book=book), new, withdrawn, filled.faults)
    if taken.changed:
        write_memory(campaign, taken.memory)
    return taken


def _find(book: ReadingBook, asked: AskedDoubt) -> KeptReading | None:
    return book.of(asked.doubt.layout).get(asked.doubt.key)


def _is_as_written(pick: PickedReading, before: KeptReading | None) -> bool:
    """Nobody has touched the row, or it says what is kept anyway."""
    written = pick.asked.kept
    same = written is not None and (pick.reading, pick.by) == (written.reading, written.by)
    return same or (before is not None and (pick.reading, pick.by or before.by) == (before.reading, before.by))


def _make_reading(pick: PickedReading, now: datetime) -> KeptReading:
    return KeptReading(
        pick.reading, pick.by or _user_name(), f"{now:%Y-%m-%d}", pick.asked.file, pick.asked.doubt.readings
    )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "本单位"


# -- what is left to ask ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class GatheredDoubts:
    """The doubts of the forms that were read, each once for its layout."""

    asked: dict[str, AskedDoubt] = field(default_factory=dict)
    """By their number."""

    def add(self, form: HandmadeForm) -> None:
        """Take in the doubts of a form that the office has not answered."""
        mine: dict[str, AskedDoubt] = {}
        for remark in form.remarks:
            if remark.doubt is None or remark.concern in (Concern.ANSWERED, Concern.REFUSED):
                continue
            place = "!".join(filter(None, (remark.where.sheet, remark.where.cell)))
            one = AskedDoubt(
                remark.doubt, form.file, place, remark.printed, remark.taken, remark.other, remark.differs
            )  # fmt: skip
            mine.setdefault(one.number, one)
        for number, one in mine.items():
            known = self.asked.get(number)
            self.asked[number] = replace(known, forms=known.forms + 1) if known else one


def write_doubts(campaign: Campaign, asked: Iterable[AskedDoubt], taken: TakenAnswers) -> Path | None:
    """Write 导入疑问.xlsx anew, with all answers that are kept; nothing where there never was a doubt.

    A workbook with picks that could not be taken is not lost: it gets a second name, which is returned. Raises OutputError.
    """
    path = campaign.root / FILE
    open_doubts, kept = [*asked], list_kept(taken.memory.book)
    if not (open_doubts or kept or path.exists()):
        return None
    data = draw_doubts(open_doubts, kept)
    if taken.faults:
        return replace_result(path, data)
    replace_file(path, data)
    return None
