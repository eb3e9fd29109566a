"""导入疑问.xlsx: what an import found doubtful, for the office to pick a reading; and what it has answered before.

The workbook holds all that is needed to read the picks back: what was asked stands on a sheet of its own that nobody sees.
Rows are known by their number, so that they may be sorted and deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_tools.campaign.kept_readings import StoredLayout
from workbook_tools.core.cells import Place
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.headings import cell_text, find_heading
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.legacy.words.doubts import Doubt, KeptReading, ReadingBook

NAME = "导入疑问"
OPEN, KEPT = "待答疑问", "已答复"
"""The sheets that people see."""
_DATA, _PART = "疑问数据", 30_000
"""The one that they do not, and how many characters of it stand in a cell."""
PICK, BY, NUMBER = "采用", "答复人", "编号"
_TITLE = "旧表导入的疑问"
_NOTE_OPEN = (
    "每行是一处可以有两种读法的地方。看原表，在黄色的“采用”里选一种，填答复人，保存并关闭，再运行一次 wbt import。\n"
    "答复按版式记下：标题、表头、各栏次序和合并都相同的表，以后都这样读，不再问；有一处不同的照样问。不选的，仍按“现在读作”。"
)
_NOTE_KEPT = (
    "以前的答复。要改，在“采用”里另选一种；要撤回，清空“采用”或删去整行。保存并关闭，再运行一次 wbt import 就生效。"
)


@dataclass(frozen=True, slots=True)
class AskedDoubt:
    """A doubt, where it was met first, and how it was read there."""

    doubt: Doubt
    file: str = ""
    place: str = ""
    """Sheet and cell."""
    printed: str = ""
    taken: str = ""
    other: str = ""
    differs: str = ""
    """How its layout differs from one of which the same was answered."""
    forms: int = 1
    """So many forms of this layout have it."""
    kept: KeptReading | None = None
    """What was answered."""

    @property
    def number(self) -> str:
        """By which its row is known."""
        return f"{self.doubt.layout.digest[:8]}-{hashlib.sha256(self.doubt.key.encode()).hexdigest()[:8]}"

    @property
    def remark(self) -> str:
        """What else is to be said."""
        count = f"共{self.forms}份表有此疑问" if self.forms > 1 else ""
        return "；".join(filter(None, (self.differs, count)))


@dataclass(frozen=True, slots=True)
class PickedReading:
    """What somebody has picked, in which cell."""

    asked: AskedDoubt
    reading: str
    by: str
    cell: str


@dataclass(slots=True)
class FilledWorkbook:
    """What stands in the workbook that the office has worked on."""

    asked: list[AskedDoubt] = field(default_factory=list)
    """All that were written into it, whatever became of their rows."""
    picks: list[PickedReading] = field(default_factory=list)
    cleared: list[AskedDoubt] = field(default_factory=list)
    """Answered before, and now without a pick or without a row."""
    faults: list[str] = field(default_factory=list)
    """What could not be taken, in sentences."""


# -- writing ----------------------------------------------------------------------------------------------------------


def draw_doubts(asked: Sequence[AskedDoubt], kept: Sequence[AskedDoubt]) -> bytes:
    """The workbook with what is asked, and what was answered."""
    with Book(title=_TITLE, kind=NAME) as book:
        _draw_table(book.sheet(OPEN), _open_columns(), asked, _NOTE_OPEN)
        _draw_table(book.sheet(KEPT), _kept_columns(), kept, _NOTE_KEPT)
        data = book.sheet(_DATA, very_hidden=True)
        for row, one in enumerate((*asked, *kept)):
            text = _StoredDoubt.of(one).model_dump_json()
            for col, start in enumerate(range(0, len(text), _PART)):
                data.write(row, col, text[start : start + _PART])
    return book.bytes()


def _draw_table(sheet: Sheet, columns: Sequence[Column[AskedDoubt]], rows: Sequence[AskedDoubt], note: str) -> None:
    table = Table(sheet, columns, _TITLE, note, size=SMALL)
    for one, row in zip(rows, table.add_all(rows), strict=False):
        _offer(table, row, one.doubt.readings)
    table.finish(keep=1)


def _offer(table: Table[AskedDoubt], row: int, readings: Sequence[str]) -> None:
    """The readings of one row to choose from."""
    col = next(at for at, column in enumerate(table.columns) if column.key == "pick")
    table.sheet.validate(
        row,
        col,
        row,
        col,
        {
            "validate": "list",
            "source": [*readings],
            "ignore_blank": True,
            "error_title": "填写有误",
            "error_message": f"请从下拉列表中选一种：{'、'.join(readings)}"[:_MOST_MESSAGE],
        },
    )


# Characters that Excel shows of an error message.
_MOST_MESSAGE = 200


def _open_columns() -> list[Column[AskedDoubt]]:
    return [
        Column("key", "问的是", 19, lambda a: a.doubt.key),
        Column("file", "文件", 17, lambda a: a.file),
        Column("place", "位置", 11, lambda a: a.place),
        Column("printed", "原文", 12, lambda a: a.printed),
        Column("taken", "现在读作", 14, lambda a: a.taken),
        Column("other", "也可以读作", 14, lambda a: a.other),
        *_pick_columns(),
        Column("remark", "备注", 17, lambda a: a.remark),
        *_last_columns(),
    ]


def _kept_columns() -> list[Column[AskedDoubt]]:
    return [
        Column("key", "问的是", 30, lambda a: a.doubt.key),
        *_pick_columns(),
        Column("on", "答复日期", 12, lambda a: a.kept.on if a.kept else None, "text_center"),
        Column("file", "首次问到的文件", 28, lambda a: a.file),
        *_last_columns(),
    ]


def _pick_columns() -> list[Column[AskedDoubt]]:
    """What was answered, or is to be."""
    return [
        Column("pick", PICK, 13, lambda a: a.kept.reading if a.kept else None, "input_center"),
        Column("by", BY, 7, lambda a: a.kept.by if a.kept else None, "input_center"),
    ]


def _last_columns() -> list[Column[AskedDoubt]]:
    return [
        Column("layout", "版式", 15, lambda a: f"{a.doubt.layout.title}（{a.doubt.layout.digest[:4]}）"),
        Column("number", NUMBER, 12, lambda a: a.number, "key", printed=False, whole=True),
    ]


class _StoredDoubt(BaseModel):
    """A doubt as it stands on the sheet that nobody sees."""

    model_config = ConfigDict(extra="forbid")
    layout: StoredLayout
    key: str
    readings: tuple[str, ...]
    file: str
    place: str = ""
    printed: str = ""
    taken: str = ""
    other: str = ""
    differs: str = ""
    forms: int = 1
    kept: tuple[str, str, str] | None = None
    """Reading, by whom, when."""

    @classmethod
    def of(cls, asked: AskedDoubt) -> _StoredDoubt:
        kept = asked.kept
        return cls(
            layout=StoredLayout.of(asked.doubt.layout),
            key=asked.doubt.key,
            readings=asked.doubt.readings,
            file=asked.file,
            place=asked.place,
            printed=asked.printed,
            taken=asked.taken,
            other=asked.other,
            differs=asked.differs,
            forms=asked.forms,
            kept=(kept.reading, kept.by, kept.on) if kept else None,
        )

    @property
    def asked(self) -> AskedDoubt:
        doubt = Doubt(self.key, self.readings, self.layout.layout)
        kept = KeptReading(*self.kept, self.file, self.readings) if self.kept else None
        return AskedDoubt(
            doubt, self.file, self.place, self.printed, self.taken, self.other, self.differs, self.forms, kept
        )


# -- reading ----------------------------------------------------------------------------------------------------------


def read_filled(path: Path) -> FilledWorkbook:
    """What was picked, and what was cleared or deleted; nothing where there is no workbook.

    Raises SettingsError where it cannot be read, or its columns or data are gone.
    """
    filled = FilledWorkbook()
    if not path.is_file():
        return filled
    try:
        book = open_workbook(path)
        filled.asked = [*_read_data(book)]
        known = {asked.number: asked for asked in filled.asked}
        rows = [row for title in (OPEN, KEPT) if title in book.sheets for row in _read_rows(book, title)]
    except (UnreadableWorkbook, ValidationError, KeyError) as exc:
        why = exc.message if isinstance(exc, UnreadableWorkbook) else "里面记录疑问的内容不完整"
        raise SettingsError(f"“{path}”无法读取：{why}。请删去或移走它，重新运行 wbt import，再选一遍。") from None
    rows = [row for row in rows if row.reading]
    typed: dict[str, set[str]] = {}
    for row in rows:
        typed.setdefault(row.number, set()).add(row.reading)
    for row in rows:
        asked = known.get(row.number)
        if asked is None:
            filled.faults.append(f"{row.cell} 所在行的编号“{row.number}”不是这个文件里的疑问，没有采用")
        elif len(typed[row.number]) > 1:
            filled.faults.append(f"{row.cell} 与另一行问的是同一件事，答复不同（{asked.doubt.key}），都没有采用")
        elif row.reading not in asked.doubt.readings:
            choices = "、".join(asked.doubt.readings)
            filled.faults.append(f"{row.cell} 填的“{row.reading}”不在可选的读法里（{choices}），没有采用")
        else:
            filled.picks.append(PickedReading(asked, row.reading, row.by, row.cell))
    filled.cleared = [asked for number, asked in known.items() if asked.kept is not None and number not in typed]
    return filled


@dataclass(frozen=True, slots=True)
class _FilledRow:
    number: str
    reading: str
    by: str
    cell: str


def _read_rows(book: RawWorkbook, title: str) -> Iterator[_FilledRow]:
    header, columns = find_heading(book, title, (PICK, BY, NUMBER))
    if PICK not in columns or NUMBER not in columns:
        raise KeyError(title)
    for row in range(header + 1, book.row_count(title)):
        texts: Mapping[str, str] = {
            name: cell_text(book.value(Place(title, row, col))) for name, col in columns.items()
        }
        if texts[NUMBER]:
            place = Place(title, row, columns[PICK])
            yield _FilledRow(texts[NUMBER], texts[PICK], texts.get(BY, ""), f"{title}!{place.cell}")


def _read_data(book: RawWorkbook) -> Iterator[AskedDoubt]:
    if _DATA not in book.sheets:
        raise KeyError(_DATA)
    for row in range(book.row_count(_DATA)):
        text = "".join(cell_text(book.value(Place(_DATA, row, col))) for col in range(book.column_count(_DATA)))
        if text:
            yield _StoredDoubt.model_validate_json(text).asked


def list_kept(book: ReadingBook) -> list[AskedDoubt]:
    """All answers, to be shown."""
    return [
        AskedDoubt(Doubt(key, reading.readings or (reading.reading,), kept.layout), reading.file, kept=reading)
        for kept in book.layouts.values()
        for key, reading in kept.readings.items()
    ]
