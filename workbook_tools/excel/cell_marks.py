"""What of hand-made sheets (.xlsx) is struck out, or is in the file and seen by nobody: hidden rows and columns, ink of the ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from workbook_tools.core.cells import column_letters
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.cell_looks import CellLook
from workbook_tools.excel.format_codes import hides_value
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.rich_runs import cut_struck_runs, find_hidden_run
from workbook_tools.excel.sheet_cells import CellMarks, SheetCell, Spot

_CROSSED = "删除线"


def list_hidden_cells(
    cells: Sequence[SheetCell], rows: frozenset[int], columns: frozenset[int]
) -> Iterator[tuple[Spot, str]]:
    """The filled cells all of whose rows or columns are hidden, and which these are."""
    for cell in cells if rows or columns else ():
        if not cell.shown:
            continue
        if rows.issuperset(range(cell.row, cell.row + cell.rows)):
            yield (cell.row, cell.col), f"第{cell.row + 1}行隐藏了"
        elif columns.issuperset(range(cell.col, cell.col + cell.cols)):
            yield (cell.row, cell.col), f"{column_letters(cell.col)}列隐藏了"


def read_marks(raw: RawWorkbook, title: str, cells: Sequence[SheetCell]) -> CellMarks:
    """The marks of the cells of a sheet. Raises UnreadableWorkbook for damaged ones."""
    struck, unseen = _read_looks(raw, title, cells)
    hidden = dict(list_hidden_cells(cells, raw.low_rows(title).rows, raw.hidden_columns(title)))
    comments: Mapping[Spot, str] = {}
    boxes: Mapping[Spot, str] = {}
    with suppress(UnreadableWorkbook):  # a sheet is read without its drawings, damaged or far too large
        comments, boxes = raw.comments(title), raw.text_boxes(title)
    return CellMarks(struck, {**unseen, **hidden}, comments, boxes)


def _read_looks(raw: RawWorkbook, title: str, cells: Sequence[SheetCell]) -> tuple[dict[Spot, str], dict[Spot, str]]:
    """What is left of cells of which something is struck out, and why others are not read."""
    struck: dict[Spot, str] = {}
    unseen: dict[Spot, str] = {}
    used = (raw.looks.at(number) for number in raw.skeleton(title).used_styles)
    if not (raw.has_faint_texts or any(map(_may_say_something, used))):
        return struck, unseen
    look_at, runs = raw.looks_of(title), raw.rich_texts
    for cell in cells:
        if not cell.shown:
            continue
        place = cell.row, cell.col
        look = look_at(*place)
        left = cut_struck_runs(cell.shown, runs, is_struck=look.struck == _CROSSED)
        if left != cell.shown:
            struck[place] = left
        elif why := look.flaw or find_hidden_run(cell.shown, runs, look) or _find_hiding_format(cell, look):
            unseen[place] = why
    return struck, unseen


def _may_say_something(look: CellLook) -> bool:
    hides = look.may_hide and any(hides_value(number, look.number_format) for number in (1.0, -1.0))
    return bool(look.flaw) or hides or look.struck == _CROSSED


def _find_hiding_format(cell: SheetCell, look: CellLook) -> str:
    """``;;;`` shows nothing of a number; one that shows no 0 is in use, and shows what is missing as such."""
    number = cell.value if look.may_hide and isinstance(cell.value, float) else 0.0
    return "数字格式不显示这个数" if number and hides_value(number, look.number_format) else ""
