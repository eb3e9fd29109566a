"""Answers to doubts of forms of today: taken from 导入疑问.xlsx, or given one by one; kept by layout, withdrawn again; and the doubts that are left.

All answers are kept in one place, however they came, and the workbook always shows them. A pick in the workbook counts only if it differs
from what the workbook showed when it was written, so an older copy changes no answer given since.
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
    FilledWorkbook,
    PickedReading,
    draw_doubts,
    list_kept,
    read_filled,
)
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.kept_readings import ImportMemory, read_memory, write_memory
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.paths import replace_file, replace_result
from workbook_tools.legacy.words.doubts import KeptReading, ReadingBook
from workbook_tools.legacy.words.records import Concern, HandmadeForm

FILE = f"{NAME}.xlsx"


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """What was taken from the workbook."""

    memory: ImportMemory
    new: Sequence[AskedDoubt] = ()
    """Doubts answered for the first time, or differently from before."""
    withdrawn: Sequence[AskedDoubt] = ()
    faults: Sequence[str] = ()
    """What could not be taken, in sentences."""

    def find_obstacles(self, paths: Iterable[Path]) -> list[Path]:
        """Lists that must not be overwritten: they exist, and were not written by an import whose doubts are now answered
        differently, or were changed since."""
        standing = [path for path in paths if path.exists()]
        return [path for path in standing if not (self.memory.answered and self.memory.wrote(path))]


def take_answers(campaign: Campaign | None, now: datetime) -> TakenAnswers:
    """Take what was picked in the working folder's 导入疑问.xlsx, and keep it. Outside a working folder nothing is taken.

    Raises SettingsError (the workbook or what is kept cannot be read), OutputError.
    """
    if campaign is None:
        return TakenAnswers(ImportMemory())
    return _take(campaign, read_filled(campaign.root / FILE), now)


def _take(campaign: Campaign, filled: FilledWorkbook, now: datetime) -> TakenAnswers:
    before = memory = read_memory(campaign)
    new: list[AskedDoubt] = []
    withdrawn: list[AskedDoubt] = []
    for pick in filled.picks:
        if not _is_as_written(pick, _find(before.book, pick.asked)):
            kept = _make_reading(pick.asked, pick.reading, pick.by, now)
            memory = memory.with_reading(pick.asked.doubt, kept)
            new.append(replace(pick.asked, kept=kept))
    for asked in filled.cleared:
        if asked.kept is not None and _find(before.book, asked) == asked.kept:
            memory = memory.with_reading(asked.doubt, None)
            withdrawn.append(asked)
    if new or withdrawn:
        write_memory(campaign, memory)
    return TakenAnswers(memory, new, withdrawn, filled.faults)


def _find(book: ReadingBook, asked: AskedDoubt) -> KeptReading | None:
    return book.of(asked.doubt.layout).get(asked.doubt.key)


def _is_as_written(pick: PickedReading, before: KeptReading | None) -> bool:
    """Nobody has touched the row, or it says what is kept anyway."""
    written = pick.asked.kept
    same = written is not None and (pick.reading, pick.by) == (written.reading, written.by)
    return same or (before is not None and (pick.reading, pick.by or before.by) == (before.reading, before.by))


def _make_reading(asked: AskedDoubt, reading: str, by: str, now: datetime) -> KeptReading:
    return KeptReading(reading, by or _user_name(), f"{now:%Y-%m-%d}", asked.file, asked.doubt.readings)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "本单位"


# -- one by one ---------------------------------------------------------------------------------------------------


def list_doubts(campaign: Campaign) -> tuple[list[AskedDoubt], list[AskedDoubt]]:
    """What is still to be answered, and what was, as the workbook and what is kept say. Raises SettingsError: one cannot be read."""
    book = read_memory(campaign).book
    return _list_open(read_filled(campaign.root / FILE), book), list_kept(book)


def _list_open(filled: FilledWorkbook, book: ReadingBook) -> list[AskedDoubt]:
    return [asked for asked in filled.asked if asked.kept is None and _find(book, asked) is None]


def answer_doubt(campaign: Campaign, number: str, reading: str, by: str, now: datetime) -> TakenAnswers:
    """Answer one doubt, or take its answer back with a blank ``reading``; what was picked in the workbook meanwhile is taken before it.

    The workbook is written anew, as after an import. Raises SettingsError (there is no such doubt or reading, something cannot be read), OutputError.
    """
    filled = read_filled(campaign.root / FILE)
    taken = _take(campaign, filled, now)
    asked = next((one for one in (*filled.asked, *list_kept(taken.memory.book)) if one.number == number), None)
    if asked is None:
        raise SettingsError("没有这一处疑问了：它已经撤回，或者又导入过一次。")
    if reading and reading not in asked.doubt.readings:
        raise SettingsError(f"“{reading}”不在可选的读法里（{'、'.join(asked.doubt.readings)}），没有记下。")
    before = _find(taken.memory.book, asked)
    kept = _make_reading(asked, reading, by, now) if reading else None
    if (kept and (kept.reading, kept.by)) != (before and (before.reading, before.by)):
        taken = replace(taken, memory=taken.memory.with_reading(asked.doubt, kept))
        write_memory(campaign, taken.memory)
    write_doubts(campaign, _list_open(filled, taken.memory.book), taken)
    return taken


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
            one = AskedDoubt(remark.doubt, form.file, place, remark.printed, remark.taken, remark.other, remark.differs)
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
