"""Heights of rows, sizes of letters and ends of pages, from what the cells of a sheet show when it is drawn.

A height in a :class:`~workbook_tools.form.fields.SheetPlan` is the least that a row has. A row grows with its texts. For a text that would not fit
into the highest row that Excel knows, first its column is made wider, then its letters smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from workbook_tools.core.cells import MAX_HEIGHT, Span
from workbook_tools.core.model import Value
from workbook_tools.excel.printed_pages import PAGE_HEIGHT, PAGE_WIDTH, POINTS_PER_PIXEL
from workbook_tools.excel.styles import StyleSpec
from workbook_tools.excel.text_extent import CELL_EDGES, DIGIT_WIDTH, ColumnFit, fit_height
from workbook_tools.form.fields import Field, Kind, Role, SheetPlan
from workbook_tools.workbooks.field_frames import FieldFrame

USUAL_HEIGHT = 18.0
"""Points of a row that neither the plan nor a text says anything of."""
_HELD = USUAL_HEIGHT * 1.2
"""Points of merged cells above which their row keeps its height."""
_SIZES = (10, 9, 8, 7, 6)
"""Points to which the letters of an overlong text may shrink; smaller ones nobody reads."""
_WIDER, _SMALLEST_WISHED = (1.25, 1.5, 1.75, 2.0, 2.5), 8
"""So many times as wide a column may become, until its longest text fits in letters of that many points."""
_LEGIBLE = 0.55
"""The least scale at which a form stands on one page: letters of 11 points are then as high as those of a footnote."""
_AIR, _WIDE_AIR = 0.92, 0.8
"""So much of a page's height and width is filled where we end the pages: the fonts of other systems are a little higher, and their digits, by
which columns are measured, up to a fifth wider."""
_SMALLER_SCALES = (1.0, 0.95, 0.9, 0.85)
"""Shares of a scale that are tried where they save a page."""
_FULL_ENOUGH = 0.7
"""So much of what a page holds stands on it at least where it ends early, so that a group of indicators begins on the next."""
_KEPT_TOGETHER = 5
"""Rows that stand on the last page at least: the total and the signatures are never alone."""
_TEXTS = {Role.INPUT: (Kind.TEXT, Kind.PARAGRAPH), Role.FORMULA: (Kind.PARAGRAPH,)}
"""What holds a text of any length, by who writes it."""


@dataclass(slots=True)
class ShownField:
    """A field, what its cell holds and shows when the sheet is drawn (of what may be chosen the longest), and its look."""

    field: Field
    value: Value
    text: str
    style: StyleSpec
    frame: FieldFrame
    needed: float
    """Points that the text takes in cells of these columns; more than a row can have where it is long."""


@dataclass(frozen=True, slots=True)
class PageDivision:
    """How a sheet is printed: on one page, or at a scale (percent) with a page beginning at each of the rows ``starts``."""

    single: bool = False
    scale: int = 0
    starts: tuple[int, ...] = ()


def fit_text(
    item: Field, value: Value, text: str, frame: FieldFrame, widths: Sequence[float], usual: ColumnFit | None = None
) -> ShownField:
    """The field, showing that text in letters small enough for its cell; ``usual`` is known of its texts in letters that do not shrink."""
    style = frame.style
    needed = usual.height(text) if usual else fit_height(text, find_width(item, widths), style)
    if style.wrap and needed > MAX_HEIGHT * _row_count(item):
        style, needed = _shrink_to_cell(item, text, style, find_width(item, widths))
    return ShownField(item, value, text, style, frame, needed)


def keep_off_page_end(one: ShownField, pages: PageDivision) -> StyleSpec:
    """Its look, with the text at the top where a page ends in its merged cell, so that the end does not cut it."""
    span = one.field.span
    cut = span.row != span.last_row and any(span.row < start <= span.last_row for start in pages.starts)
    return one.style.but(valign="top") if cut else one.style


def widen_columns(widths: tuple[float, ...], shown: Iterable[ShownField]) -> tuple[float, ...]:
    """The widths, greater where a cell of one row and column holds a text that would have to shrink further than one likes."""
    wider: dict[int, float] = {}
    for one in shown:
        if one.style.size >= _SMALLEST_WISHED or not _is_single(one.field.span):
            continue
        col, style = one.field.span.col, one.style.but(size=_SMALLEST_WISHED)
        tried = (widths[col] * factor for factor in _WIDER)
        enough = (width for width in tried if fit_height(one.text, width, style) <= MAX_HEIGHT)
        wider[col] = max(wider.get(col, 0.0), next(enough, widths[col] * _WIDER[-1]))
    return tuple(wider.get(col, width) for col, width in enumerate(widths))


def _shrink_to_cell(item: Field, text: str, style: StyleSpec, width: float) -> tuple[StyleSpec, float]:
    """The style, with letters small enough for the text to fit into the highest row there is (or the smallest that can be read), and the points that it
    takes then."""
    most = MAX_HEIGHT * _row_count(item)
    smaller = (style.but(size=size) for size in _SIZES if size < style.size)
    chosen, needed = style, 0.0
    for chosen in chain((style,), smaller):
        needed = fit_height(text, width, chosen)
        if needed <= most:
            break
    return chosen, needed


def fit_rows(plan: SheetPlan, shown: Iterable[ShownField]) -> dict[int, float]:
    """Row → its height in points, so that no text is cut; rows of no text and no height are left out."""
    heights = dict(plan.heights)
    tall = []
    for one in shown:
        if not one.text:
            continue
        span = one.field.span
        if span.row == span.last_row:
            heights[span.row] = max(heights.get(span.row, USUAL_HEIGHT), min(one.needed, MAX_HEIGHT))
        else:
            tall.append((one.field, min(one.needed, MAX_HEIGHT * _row_count(one.field))))
    for item, needed in tall:
        rows = range(item.span.row, item.span.last_row + 1)
        missing = needed - sum(heights.get(row, USUAL_HEIGHT) for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] = min(heights.get(row, USUAL_HEIGHT) + missing / len(rows), MAX_HEIGHT)
    return heights


def find_held_rows(shown: Iterable[ShownField]) -> set[int]:
    """The rows that one of these fields, merged and of more than a line, keeps from growing."""
    merged = (s for s in shown if s.field.span.col != s.field.span.last_col)
    return {s.field.span.row for s in merged if s.needed > _HELD}


def may_grow(item: Field) -> bool:
    """A program may fit the row to what is typed into it: a text of any length is typed here, or typed elsewhere and shown here, and the
    cell is not merged."""
    return item.kind in _TEXTS.get(item.role, ()) and _is_single(item.span)


def may_hold(item: Field, least: float) -> bool:
    """It may keep its row from growing whatever it shows, as a single line of it takes so many points."""
    return item.span.col != item.span.last_col and least > _HELD


def divide_into_pages(plan: SheetPlan, heights: dict[int, float]) -> PageDivision:
    """One page where the form still reads well on it; else several, the last of which is no lone signature."""
    if not (plan.landscape and plan.print_last):
        return PageDivision()
    last_row, last_col = plan.print_last
    high = [heights.get(row, USUAL_HEIGHT) for row in range(last_row + 1)]
    pixels = sum(width * DIGIT_WIDTH + CELL_EDGES for width in plan.widths[: last_col + 1])
    scale = min(1.0, _WIDE_AIR * PAGE_WIDTH / (pixels * POINTS_PER_PIXEL))
    if PAGE_HEIGHT / sum(high) >= min(_LEGIBLE, scale):
        return PageDivision(single=True)
    repeated = range(plan.repeat_rows[0], plan.repeat_rows[1] + 1) if plan.repeat_rows else ()
    whole = _find_blocks(plan)
    tried = [
        (share * scale, _find_page_starts(high, _AIR * PAGE_HEIGHT / (share * scale), repeated, whole))
        for share in _SMALLER_SCALES
    ]
    scale, starts = min(tried, key=lambda one: len(one[1]))
    return PageDivision(scale=int(100 * scale), starts=tuple(starts))


def _find_blocks(plan: SheetPlan) -> list[range]:
    """The rows of each merged cell that should not be parted, and the heading with its first row, the smallest last: a page had better not
    end among them."""
    spans = {(item.span.row, item.span.last_row) for item in plan.fields if _row_count(item) > 1}
    if plan.repeat_rows:
        spans.add((plan.repeat_rows[0], plan.repeat_rows[1] + 1))
    return [range(first + 1, last + 1) for first, last in sorted(spans, key=lambda rows: rows[0] - rows[1])]


def _find_page_starts(
    high: Sequence[float], room: float, repeated: Iterable[int], blocks: Sequence[range]
) -> list[int]:
    """The rows at which new pages begin: each page full up to the end of a block, the last with rows enough."""
    header = sum(high[row] for row in repeated)
    starts: list[int] = []
    used = 0.0
    row = 0
    while row < len(high):
        if used and used + high[row] > room:
            begun = starts[-1] if starts else 0
            row = _find_end(high, begun, row, blocks)
            starts.append(row)
            used = header
        used += high[row]
        row += 1
    latest = len(high) - _KEPT_TOGETHER
    if starts and starts[-1] > latest > (starts[-2] if len(starts) > 1 else 0):
        starts[-1] = latest
    return starts


def _find_end(high: Sequence[float], begun: int, over: int, blocks: Sequence[range]) -> int:
    """The row, at most ``over``, at which the next page had better begin: before a block that would be parted, if the page stays full enough."""
    for block in blocks:
        first = block.start - 1
        if over in block and sum(high[begun:first]) >= _FULL_ENOUGH * sum(high[begun:over]):
            return first
    return over


def find_width(item: Field, widths: Sequence[float]) -> float:
    """The width of a field's cells, in characters."""
    span = item.span
    return widths[span.col] if span.col == span.last_col else sum(widths[span.col : span.last_col + 1])


def _is_single(span: Span) -> bool:
    return span.row == span.last_row and span.col == span.last_col


def _row_count(item: Field) -> int:
    return item.span.last_row - item.span.row + 1
