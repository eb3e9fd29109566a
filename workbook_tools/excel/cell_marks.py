"""What of hand-made sheets (.xlsx) is struck out, or is in the file and seen by nobody: hidden rows and columns, ink of the ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from workbook_tools.core.cells import column_letters
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.cell_looks import CellLook, Tinting
from workbook_tools.excel.format_codes import hides_value
from workbook_tools.excel.print_areas import split_page_text
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.rich_runs import cut_struck_runs, find_hidden_run
from workbook_tools.excel.sheet_cells import CellMarks, SheetCell, Spot
from workbook_tools.excel.tint_rules import hides_by_rule, may_hold

_CROSSED = "删除线"
_MOST_RULES = 200
"""Conditional formats of a sheet that are looked at."""


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
    tinted: Mapping[Spot, str] = {}
    comments: Mapping[Spot, str] = {}
    boxes: Mapping[Spot, str] = {}
    with suppress(UnreadableWorkbook):  # a sheet is read without its frame, if that is damaged
        tinted = dict(_list_tinted_cells(raw, title, cells))
    with suppress(UnreadableWorkbook):  # and without its drawings, damaged or far too large
        comments, boxes = raw.comments(title), raw.text_boxes(title)
    return CellMarks(struck, {**tinted, **unseen, **hidden}, comments, boxes, uncomputed=raw.uncomputed(title))


def _list_tinted_cells(raw: RawWorkbook, title: str, cells: Sequence[SheetCell]) -> Iterator[tuple[Spot, str]]:
    """The cells of which conditional formats may hide what they hold, or strike it out, and that they do."""
    look_at = raw.looks_of(title)
    rules = [rule for rule in raw.frame(title, _is_known).rules if not rule.draws or rule.hides_value][:_MOST_RULES]
    for rule in rules:
        tint = rule.tint or raw.looks.tint(rule.number)
        for cell in cells:
            place = cell.row, cell.col
            if cell.shown and place in rule.area and may_hold(rule, cell.value):
                if hides_by_rule(rule, tint, look_at(*place)):
                    yield place, "条件格式成立时看不见"
                elif tint.struck:
                    yield place, "条件格式成立时画上删除线"


def list_page_lines(raw: RawWorkbook, title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is printed above and below a sheet on each page, line by line."""
    with suppress(UnreadableWorkbook):
        texts = raw.frame(title, _is_known).page_texts
        head, foot = (
            tuple(dict.fromkeys(line for name, text in texts if name.endswith(kind) for line in split_page_text(text)))
            for kind in ("Header", "Footer")
        )
        return head, foot
    return (), ()


def _is_known(tint: Tinting) -> bool:
    """A conditional format with that look hides nothing, whatever the cell."""
    return tint == Tinting()


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
