"""One sheet or Word table → the forms on it.

The tables of indicators are found first; what lies between them is money, labelled values, titles and notes. A new form
begins where a project is named, or titled, after a table of indicators.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from workbook_tools.legacy.tables import funding as money
from workbook_tools.legacy.tables.assembling import joined_entries
from workbook_tools.legacy.tables.cards import dealt
from workbook_tools.legacy.tables.columns import Header, find_headers, side_by_side
from workbook_tools.legacy.tables.entries import FoundIndicators
from workbook_tools.legacy.tables.funding_lines import StatedFunding, read_block
from workbook_tools.legacy.tables.indicators import divides, read_rows
from workbook_tools.legacy.tables.labels import Label, is_note, is_title, label_of, read_labels
from workbook_tools.legacy.tables.lists import separated
from workbook_tools.legacy.tables.naming import name_from_title, take_head, unit_of
from workbook_tools.legacy.words.figures import read_points
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_GAP = 6
"""Blank rows that end a table of indicators."""
_ENDING = ("texts", "head")
_FEWEST_SHARES, _SHARES_SUM = 2, (0.6, 1.0001)
"""So many weights that add up to about one (the execution rate's share may stand elsewhere) are shares."""
_LONGEST_PART = 300
"""Rows; a longer sheet without indicators is a list, not a part of a form."""


@dataclass
class IndicatorTable:
    """A header of indicators and the rows below it."""

    header: Header
    rows: list[int]


def forms_of(file: str, grid: Grid, words: Vocabulary) -> list[HandmadeForm]:
    """The forms of a grid, also parts of forms: a form without entries states only what else the grid says."""
    grid = dealt(grid, words)
    if len(grid.filled_rows) > _LONGEST_PART and not find_headers(grid, words):
        return []
    parts = (band for part in separated(grid, words) for band in _bands(part, words))
    return [form for part in parts for form in _forms_below(file, part, words)]


def _bands(grid: Grid, words: Vocabulary) -> list[Grid]:
    """The grid, or its parts where forms stand side by side."""
    starts = {start for header in find_headers(grid, words) for start in side_by_side(header, words)}
    if not starts:
        return [grid]
    edges = [0, *sorted(_moved_to_gap(grid, start, words) for start in starts), 1 << 20]
    return [grid.between_columns(first, last - 1) for first, last in pairwise(edges)]


def _moved_to_gap(grid: Grid, start: int, words: Vocabulary) -> int:
    """The edge left of a form: where its first rows name its project, which may be further left than its table."""
    for row in grid.filled_rows:
        names = [c.col for c in grid.starting_in(row) if label_of(c.shown, words) == Label("head", "project")]
        left = [col for col in names[1:] if col <= start]
        if left:
            start = max(left)
    return start


def _forms_below(file: str, grid: Grid, words: Vocabulary) -> list[HandmadeForm]:
    tables = _tables(grid, words)
    inside = {row for table in tables for row in (*range(table.header.row, table.header.last_row + 1), *table.rows)}
    others = [row for row in grid.filled_rows if row not in inside]
    blocks = money.find_blocks(grid, others, words)
    starts = _starts(grid, tables, others, words)
    forms = []
    for first, after in zip(starts, [*starts[1:], grid.height + 1], strict=True):
        own = [table for table in tables if first <= table.header.row < after]
        funds = [block for block in blocks if first <= block.first < after]
        forms.append(_form(file, grid, (first, after - 1), own, funds, words))
    return forms


def _tables(grid: Grid, words: Vocabulary) -> list[IndicatorTable]:
    headers = find_headers(grid, words)
    rows = grid.filled_rows
    tables = []
    for number, header in enumerate(headers):
        limit = headers[number + 1].row if number + 1 < len(headers) else grid.height
        below = [row for row in rows if header.last_row < row < limit]
        tables.append(IndicatorTable(header, [*_body(grid, header, below, words)]))
    return tables


def _body(grid: Grid, header: Header, rows: list[int], words: Vocabulary) -> Iterator[int]:
    last, begun, summed = header.last_row, False, False
    for row in rows:
        if row - last > _GAP + _blank_depth(grid, last) or _ends(grid, header, row, words):
            yield from _total_after_note(grid, header, [below for below in rows if row < below], words)
            return
        if summed and not (_has_figures(header, grid.starting_in(row)) or _is_total(grid, header, row, words)):
            return
        yield row
        last = row
        summed = summed or (begun and _is_total(grid, header, row, words))
        begun = True


def _total_after_note(grid: Grid, header: Header, rows: list[int], words: Vocabulary) -> Iterator[int]:
    """The total row where one row of text stands between it and the indicators."""
    if rows and _is_total(grid, header, rows[0], words) and _has_figures(header, grid.starting_in(rows[0])):
        yield rows[0]


def _blank_depth(grid: Grid, row: int) -> int:
    return max((cell.rows for cell in grid.starting_in(row)), default=1)


def _is_total(grid: Grid, header: Header, row: int, words: Vocabulary) -> bool:
    names = header.names
    return any(c.col <= names.last and words.rows.find_exact(c.shown) == "total" for c in grid.starting_in(row))


def _ends(grid: Grid, header: Header, row: int, words: Vocabulary) -> bool:
    """The row is none of the table: a note, a labelled text, a signature, another block, a title."""
    cells = grid.starting_in(row)
    first = cells[0]
    if len(money.measures_in(grid, row, words) & set(money.AMOUNTS)) >= 2:
        return True
    if len(money.sources_in(grid, row, words) - {"none"}) >= 2:
        return True
    if _is_total(grid, header, row, words) or _has_figures(header, cells) or divides(header, cells, words):
        return False
    if len(cells) == 1 and (is_note(first, words) or is_title(first, words)) and not _is_name(header, first):
        return True
    before = header.column("level2") or header.names
    if first.col > max(before.last, header.first_col):
        return False
    inline = without_blanks(first.shown).replace("：", ":").partition(":")
    label = label_of(inline[0] if inline[1] else first.shown, words)
    if label is None or label.table not in _ENDING:
        return False
    if label.table == "head" and words.head.find_exact(inline[0]) is None and len(cells) > 1:
        return False
    section = words.sections.find_exact(first.shown)
    return not (section == "indicators" and first.last_col < header.first_col)


def _is_name(header: Header, cell: GridCell) -> bool:
    name = header.column("name")
    return name is not None and name.first <= cell.col <= name.last and cell.last_col <= name.last


def _has_figures(header: Header, cells: list[GridCell]) -> bool:
    """Numbers stand in columns of numbers."""
    columns = [c for c in header.columns if c.meaning in ("weight", "score")]
    return any(
        column.first <= cell.col <= column.last and read_points(cell) is not None
        for column in columns
        for cell in cells
    )


def _starts(grid: Grid, tables: list[IndicatorTable], others: list[int], words: Vocabulary) -> list[int]:
    """The first rows of the forms, one below the other."""
    starts = [0]
    for before, after in pairwise(tables):
        end = before.rows[-1] if before.rows else before.header.last_row
        between = [row for row in others if end < row < after.header.row]
        named = next((row for row in between if _names_form(grid, row, words)), None)
        titled = next((row for row in between if any(is_title(c, words) for c in grid.starting_in(row))), None)
        funded = any(len(money.measures_in(grid, row, words)) > 1 for row in between)
        if named is None and not (titled is not None and funded):
            continue
        begin = min(row for row in (named, titled) if row is not None)
        above = [row for row in between if row < begin and all(_is_heading(c, words) for c in grid.starting_in(row))]
        while above and above[-1] == max((r for r in between if r < begin), default=-1):
            begin = above.pop()
        starts.append(begin)
    return starts


def _is_heading(cell: GridCell, words: Vocabulary) -> bool:
    return is_title(cell, words) or without_blanks(cell.shown).startswith("附")


def _names_form(grid: Grid, row: int, words: Vocabulary) -> bool:
    """A row that says whose form follows."""
    for cell in grid.starting_in(row)[:2]:
        text = without_blanks(cell.shown).replace("：", ":").partition(":")[0]
        if words.head.find_exact(text) in ("project", "both"):
            return True
    return False


# -- one form


def _form(
    file: str,
    grid: Grid,
    span: tuple[int, int],
    tables: list[IndicatorTable],
    blocks: list[money.Block],
    words: Vocabulary,
) -> HandmadeForm:
    columns = {column.meaning for table in tables for column in table.header.columns}
    form = HandmadeForm(file=file, sheet=grid.title, columns=columns)
    read: list[FoundIndicators] = []
    for table in tables:
        read.append(read_rows(grid, table.header, table.rows, words, read[-1] if read else None))
    kept = {place for found in read for place in found.understood}
    taken = {row for table in tables for row in (*range(table.header.row, table.header.last_row + 1), *table.rows)}
    in_blocks = {cell for block in blocks for cell in grid.filled_between(block.first, block.last)}
    margins = {block.margin for block in blocks}
    rest = [c for c in grid.filled_between(*span) if c.row not in taken and c not in in_blocks and c not in margins]
    above = min((table.header.row for table in tables), default=span[1] + 1)
    titles = [c for c in rest if c.row < above]
    said = read_labels(grid, [c for c in rest if not _is_name_of_form(grid, c, words)], words)
    kept |= said.understood
    take_head(form, said, titles, words)
    unit = said.unit or unit_of(titles)
    for block in blocks:
        funds = read_block(grid, block, unit, words)
        kept |= funds.understood
        unit = funds.unit or unit
        _fund(form, funds)
    form.amount_unit = unit or form.amount_unit
    kept |= {(c.row, c.col) for c in rest if is_title(c, words) or is_note(c, words)}
    _indicators(form, read)
    _two_totals(form)
    _weights_in_hundred(form)
    _execution(form)
    if read:
        name_from_title(form, titles, words)
    _count(form, [*grid.filled_between(*span)], kept, grid.cut)
    return form


def _is_name_of_form(grid: Grid, cell: GridCell, words: Vocabulary) -> bool:
    """A title, unless it is the label of what stands beside it (绩效自评结果), or a project that is called like one."""
    beside = grid.starting_in(cell.row)
    before = beside[beside.index(cell) - 1] if beside[0] != cell else None
    named = before is not None and words.head.find_exact(before.shown) is not None
    alone = len(beside) == 1
    return is_title(cell, words) and not named and (alone or label_of(cell.shown, words) is None)


def _fund(form: HandmadeForm, funds: StatedFunding) -> None:
    form.funding += funds.lines
    form.execution_rate = form.execution_rate or funds.rate
    form.execution_weight = form.execution_weight or funds.weight
    form.execution_score = form.execution_score or funds.score
    form.remarks += funds.remarks
    for text in funds.texts:
        if text.printed not in (known := form.texts.get("funding_note", Stated("", "", text.where))).printed:
            joined = f"{known.printed}\n{text.printed}".strip()
            form.texts["funding_note"] = Stated(joined, joined, known.where)


def _indicators(form: HandmadeForm, read: list[FoundIndicators]) -> None:
    for found in read:
        form.entries = joined_entries(form.entries, found.entries, form.remarks)
        form.template_rows += found.template_rows
        form.points = {**found.points, **form.points}
        form.remarks += found.remarks
        form.total = found.total or form.total
        form.total_weight = found.total_weight or form.total_weight
        form.grade = found.grade or form.grade


def _two_totals(form: HandmadeForm) -> None:
    """The head states a total too: the larger counts, as a table's may leave out the execution rate."""
    table, head = form.total, form.head.get("total")
    if table is None or head is None or table.value == head.value:
        return
    first, second = sorted((table, head), key=lambda stated: float(stated.value or 0), reverse=True)
    form.total = first
    form.remarks.append(
        Remark(
            concern=Concern.AMBIGUOUS,
            where=second.where,
            field="总分",
            printed=second.printed,
            taken=f"{first.printed}（{first.where.cell}）",
            other=second.printed,
        )
    )


def _weights_in_hundred(form: HandmadeForm) -> None:
    """Weights written as shares of one (0.2) are points of a hundred."""
    shares = [e.weight for e in form.entries if e.weight is not None and isinstance(e.weight.value, float)]
    total = sum(float(share.value or 0) for share in shares)
    if len(shares) < _FEWEST_SHARES or not _SHARES_SUM[0] <= total <= _SHARES_SUM[1]:
        return
    for index, entry in enumerate(form.entries):
        if entry.weight is not None and isinstance(entry.weight.value, float):
            points = float(f"{entry.weight.value * 100:.12g}")
            form.entries[index] = replace(entry, weight=replace(entry.weight, value=points))
            form.remarks.append(
                Remark(
                    concern=Concern.AMBIGUOUS,
                    where=entry.weight.where,
                    field=f"分值：{without_blanks(entry.name.printed)}",
                    printed=entry.weight.printed,
                    taken=f"{points:g}分",
                    other=f"{entry.weight.printed}分",
                )
            )


def _execution(form: HandmadeForm) -> None:
    """The execution rate may be a row of the table of indicators."""
    row = next((entry for entry in form.entries if entry.is_execution_rate), None)
    if row is not None:
        form.execution_weight = form.execution_weight or row.weight
        form.execution_score = form.execution_score or row.score


def _count(form: HandmadeForm, cells: list[GridCell], kept: set[tuple[int, int]], cut: bool) -> None:
    """How much was understood; the rest is listed."""
    told = {remark.where for remark in form.remarks if remark.concern is Concern.UNKNOWN}
    unknown = [c for c in cells if (c.row, c.col) not in kept and not says_nothing(c.shown)]
    form.cells_filled, form.cells_understood = len(cells), len(cells) - len(unknown)
    form.remarks += [
        Remark(concern=Concern.UNKNOWN, where=cell.where, field="其他内容", printed=cell.shown)
        for cell in unknown
        if cell.where not in told
    ]
    if cut and cells:
        form.remarks.append(
            Remark(concern=Concern.UNKNOWN, where=cells[-1].where, field="工作表过大", printed="后面的内容没有读取")
        )
