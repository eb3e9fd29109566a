"""A workbook as it looks, for the page: every sheet a table, its cells as wide and as coloured as they are, with what is wrong at its cell.

Any format that the house reads is drawn; colours and widths are known of .xlsx alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.cells import address, column_letters
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.excel.reading import RawWorkbook, open_workbook
from workbook_tools.excel.sheet_cells import HandmadeSheet, SheetCell
from workbook_tools.excel.sheetxml import Areas
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.showing.overlay import list_originals

_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS, _MOST_IN_ALL = 400, 40, 8_000, 12_000
"""More of a sheet, or of all sheets together, is not drawn: a page stays below a megabyte."""
_PIXELS = 7.5
"""Of a character of a column's width."""
_WIDE = 1_300
"""Pixels: forms on A4 are narrower."""
_WHITE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class CellPicture:
    """A cell to draw."""

    id: str
    """Where a link to it leads."""
    address: str
    text: str
    rows: int = 1
    columns: int = 1
    ground: str = ""
    """``#RRGGBB``; blank for white."""
    level: str = ""
    """Of the worst finding at it: error, warning, info; blank where there is none."""
    told: str = ""
    """What the findings at it say."""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A sheet to draw."""

    title: str
    letters: tuple[str, ...]
    widths: tuple[int, ...]
    """Pixels of each column; none where they are not known."""
    lines: tuple[tuple[int, tuple[CellPicture, ...]], ...]
    """Number of each row, and the cells that begin in it."""
    cut: bool = False
    """There is more than is drawn."""
    marked: int = 0
    """How many cells have findings."""

    @property
    def is_wide(self) -> bool:
        """It is wider than any form that is printed: rather moved sideways than pressed together in a narrow window."""
        return sum(self.widths) > _WIDE


def cell_id(sheet: str, cell: str) -> str:
    """What a link to a cell names; any sheet's title will do."""
    return f"c-{sheet.encode().hex()}-{cell}"


def draw_workbook_pictures(
    path: Path, data: bytes, findings: Iterable[Finding], only: Collection[str] = ()
) -> list[SheetPicture]:
    """The sheets that are seen, or ``only`` those, hidden ones too; findings stand at their cells. Raises UnreadableWorkbook."""
    marks: dict[tuple[str, str], list[Finding]] = {}
    for item in findings:
        if item.cell:
            marks.setdefault((item.sheet, item.cell), []).append(item)
    raw = None
    with suppress(UnreadableWorkbook):
        raw = open_workbook(path, data=data)
    sheets = [sheet for sheet in open_sheets(path, data) if (sheet.title in only if only else not sheet.hidden)]
    pictures: list[SheetPicture] = []
    left = _MOST_IN_ALL
    for sheet in sheets:
        pictures.append(_draw_sheet(sheet, raw, marks, min(_MOST_CELLS, left)))
        left -= sum(len(cells) for _, cells in pictures[-1].lines)
    return pictures


def _draw_sheet(
    sheet: HandmadeSheet,
    raw: RawWorkbook | None,
    marks: Mapping[tuple[str, str], list[Finding]],
    most: int = _MOST_CELLS,
) -> SheetPicture:
    """The first ``most`` cells of a sheet, whole rows of them."""
    cells = {(c.row, c.col): c for c in sheet.cells if c.row < _MOST_ROWS and c.col < _MOST_COLUMNS}
    for (title, cell), _ in marks.items():
        place = Areas.of(cell).cell
        if title == sheet.title and place and place[0] < _MOST_ROWS and place[1] < _MOST_COLUMNS:
            cells.setdefault(place, SheetCell(*place, 1, 1, None, ""))
    height = min(max((c.row + c.rows for c in cells.values()), default=0), _MOST_ROWS)
    width = min(max((c.col + c.cols for c in cells.values()), default=0), _MOST_COLUMNS)
    whole, height = height, min(height, max(most, 0) // max(width, 1))
    grounds, widths, low = _read_looks(sheet.title, raw, width)
    shown = [col for col in range(width) if not widths or widths[col]]
    covered = {
        (row, col)
        for c in cells.values()
        if c.rows > 1 or c.cols > 1
        for row in range(c.row, min(c.row + c.rows, height))
        for col in range(c.col, min(c.col + c.cols, width))
        if (row, col) != (c.row, c.col)
    }
    lines = []
    for row in range(height):
        if row in low:
            continue
        drawn = tuple(
            _draw_cell(sheet.title, row, col, cells.get((row, col)), grounds, marks, shown)
            for col in shown
            if (row, col) not in covered
        )
        lines.append((row + 1, drawn))
    cut = sheet.cut or len(cells) < len(sheet.cells) or height < whole
    marked = sum(title == sheet.title for title, _ in marks)
    return SheetPicture(
        sheet.title,
        tuple(column_letters(col) for col in shown),
        tuple(widths[col] for col in shown) if widths else (),
        tuple(lines),
        cut,
        marked,
    )


def draw_original(source: SourceFile, found: Finding) -> tuple[list[SheetPicture], str]:
    """The sheet (of a document the table, or the text) that a finding names, marked at its place, and where a link to that leads.

    Raises UnreadableWorkbook.
    """
    if not source.is_document:
        drawn = draw_workbook_pictures(source.path, source.read(), [found], {found.sheet})
        return drawn, cell_id(found.sheet, found.cell)
    for original in list_originals(source):
        place = next(
            (box for box in original.boxes if (box.where.sheet, box.where.cell) == (found.sheet, found.cell)), None
        )
        if place:
            cells = tuple(SheetCell(box.row, box.col, box.rows, box.cols, box.text, box.text) for box in original.boxes)
            where = address(place.row, place.col)
            marks = {(original.title, where): [found]}
            return [_draw_sheet(HandmadeSheet(original.title, cells), None, marks)], cell_id(original.title, where)
    return [], ""


class _Grounds:
    """The colour behind each cell; nothing where the format is not known."""

    def __init__(self, title: str, raw: RawWorkbook | None) -> None:
        self._look = raw.looks_of(title) if raw and title in raw.sheets else None

    def at(self, row: int, col: int) -> str:
        if self._look is None:
            return ""
        grounds = self._look(row, col).grounds
        return f"#{grounds[0]}" if grounds and grounds[0] != _WHITE else ""


def _read_looks(title: str, raw: RawWorkbook | None, width: int) -> tuple[_Grounds, list[int], Collection[int]]:
    """Colours, widths in pixels, and the rows that are hidden."""
    if raw is None or title not in raw.sheets:
        return _Grounds(title, None), [], ()
    frame = raw.frame(title, lambda _: True)
    widths = [0 if frame.is_narrow(col) else round(frame.width(col) * _PIXELS) for col in range(width)]
    return _Grounds(title, raw), widths, raw.low_rows(title).rows


def _draw_cell(
    title: str,
    row: int,
    col: int,
    cell: SheetCell | None,
    grounds: _Grounds,
    marks: Mapping[tuple[str, str], list[Finding]],
    shown: list[int],
) -> CellPicture:
    where = address(row, col)
    own = marks.get((title, where), [])
    worst = min((item.severity for item in own), key=list(Severity).index, default=None)
    columns = sum(col <= other < col + cell.cols for other in shown) if cell else 1
    return CellPicture(
        cell_id(title, where),
        where,
        cell.shown if cell else "",
        cell.rows if cell else 1,
        columns or 1,
        grounds.at(row, col),
        worst.value if worst else "",
        "\n".join(_tell(own)),
        bool(cell and isinstance(cell.value, float)),
    )


def _tell(findings: Iterable[Finding]) -> Iterator[str]:
    return (f"{item.severity.label} {item.code}：{item.message}" for item in findings)
