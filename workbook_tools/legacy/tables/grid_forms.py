"""One sheet or Word table → the forms on it.

The tables of indicators are found first; what lies between them is money, labelled values, titles and notes. A new form
begins where a project is named, or titled, after a table of indicators.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from workbook_tools.legacy.tables.form_bounds import IndicatorTable, find_starts, find_tables, split_side_by_side
from workbook_tools.legacy.tables.form_head import fill_head, find_unit_above, name_from_title
from workbook_tools.legacy.tables.found_indicators import FoundIndicators
from workbook_tools.legacy.tables.funding_blocks import Block, find_blocks
from workbook_tools.legacy.tables.funding_labels import compose_measure
from workbook_tools.legacy.tables.funding_lines import StatedFunding, read_funding_lines
from workbook_tools.legacy.tables.headers import find_headers
from workbook_tools.legacy.tables.indicator_cards import draw_cards_as_table
from workbook_tools.legacy.tables.indicator_rows import read_rows
from workbook_tools.legacy.tables.joining import join_entries
from workbook_tools.legacy.tables.labelled_values import read_labelled_values
from workbook_tools.legacy.tables.labels import find_head, find_label
from workbook_tools.legacy.tables.project_lists import split_project_list
from workbook_tools.legacy.tables.titles_and_notes import is_note, is_title
from workbook_tools.legacy.tables.wide_lists import split_wide_list
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Rows; a longer sheet without indicators is a list of something else, and no part of a form.
_LONGEST_PART = 300


def find_forms(file: str, grid: Grid, words: Vocabulary) -> list[HandmadeForm]:
    """The forms of a grid, also parts of forms: a form without entries states only what else the grid says."""
    grid = draw_cards_as_table(grid, words)
    if len(grid.filled_rows) > _LONGEST_PART and not find_headers(grid, words):
        return []
    projects = split_wide_list(grid, words) or split_project_list(grid, words)
    parts = (part for project in projects for part in split_side_by_side(project, words))
    return [_read_form(file, area, words) for part in parts for area in _split_below_each_other(part, words)]


@dataclass(frozen=True, slots=True)
class _FormArea:
    """Where one form stands on a grid, and the tables and blocks of money in it."""

    grid: Grid
    first: int
    last: int
    tables: list[IndicatorTable]
    blocks: list[Block]

    @property
    def cells(self) -> list[GridCell]:
        """All that is filled."""
        return [*self.grid.filled_between(self.first, self.last)]

    @property
    def cells_outside(self) -> list[GridCell]:
        """What is in none of the tables and blocks."""
        rows = {row for table in self.tables for row in table.all_rows}
        money = {cell for block in self.blocks for cell in self.grid.filled_between(block.first, block.last)}
        money |= {block.margin for block in self.blocks if block.margin is not None}
        return [cell for cell in self.cells if cell.row not in rows and cell not in money]

    @property
    def first_table(self) -> int:
        """The row where the first table begins; below the form where there is none."""
        return min((table.header.row for table in self.tables), default=self.last + 1)


def _split_below_each_other(grid: Grid, words: Vocabulary) -> list[_FormArea]:
    tables = find_tables(grid, words)
    inside = {row for table in tables for row in table.all_rows}
    others = [row for row in grid.filled_rows if row not in inside]
    blocks = find_blocks(grid, others, words)
    edges = [*find_starts(grid, tables, others, words), grid.height + 1]
    return [
        _FormArea(
            grid,
            first,
            after - 1,
            [table for table in tables if first <= table.header.row < after],
            [block for block in blocks if first <= block.first < after],
        )
        for first, after in pairwise(edges)
    ]


def _read_form(file: str, area: _FormArea, words: Vocabulary) -> HandmadeForm:
    form = HandmadeForm(file=file, sheet=area.grid.title)
    outside = area.cells_outside
    lines = [cell for cell in outside if cell.row < area.first_table]
    found = _read_tables(area, words)
    values = read_labelled_values(area.grid, [c for c in outside if not _is_own_title(area.grid, c, words)], words)
    fill_head(form, values, lines, words)
    money = _read_money(form, area, values.unit or find_unit_above(lines), words)
    _take_indicators(form, found)
    _choose_total(form)
    _take_shares_as_points(form)
    _take_execution_row(form, words)
    if found:
        name_from_title(form, lines, words)
    understood = {cell.place for cell in outside if is_title(cell, words) or is_note(cell, words)}
    understood = understood.union(values.understood, *(part.understood for part in (*found, *money)))
    _list_unknown(form, area, understood)
    return form


def _is_own_title(grid: Grid, cell: GridCell, words: Vocabulary) -> bool:
    """A title, unless it is the label of what stands beside it (绩效自评结果), or a project that is called like one."""
    beside = grid.starting_in(cell.row)
    before = beside[beside.index(cell) - 1] if beside[0] != cell else None
    named = before is not None and find_head(before.shown, words) is not None
    alone = len(beside) == 1
    return is_title(cell, words) and not named and (alone or find_label(cell.shown, words) is None)


# -- money


def _read_money(form: HandmadeForm, area: _FormArea, unit: str, words: Vocabulary) -> list[StatedFunding]:
    """Take in the blocks of money; the unit that one names holds for those below it."""
    blocks = []
    for block in area.blocks:
        funds = read_funding_lines(area.grid, block, unit, words, _labels_of_points(area))
        unit = funds.unit or unit
        _take_funding(form, funds)
        blocks.append(funds)
    form.amount_unit = unit or form.amount_unit
    return blocks


def _labels_of_points(area: _FormArea) -> dict[str, str]:
    """What the tables call their points and scores, as labels are compared."""
    columns = (column for table in area.tables for column in table.header.columns)
    return {label_key(c.label): c.meaning for c in columns if c.meaning in ("weight", "score")}


def _take_funding(form: HandmadeForm, funds: StatedFunding) -> None:
    form.funding += funds.lines
    form.execution_rate = form.execution_rate or funds.rate
    form.execution_weight = form.execution_weight or funds.weight
    form.execution_score = form.execution_score or funds.score
    form.remarks += funds.remarks
    for text in funds.texts:
        if text.printed not in (known := form.texts.get("funding_note", Stated("", "", text.where))).printed:
            joined = f"{known.printed}\n{text.printed}".strip()
            form.texts["funding_note"] = Stated(joined, joined, known.where)


# -- indicators


def _read_tables(area: _FormArea, words: Vocabulary) -> list[FoundIndicators]:
    found: list[FoundIndicators] = []
    for table in area.tables:
        found.append(read_rows(area.grid, table.header, table.rows, words, found[-1] if found else None))
    return found


def _take_indicators(form: HandmadeForm, tables: list[FoundIndicators]) -> None:
    for found in tables:
        form.columns |= {column.meaning for column in found.header.columns}
        form.entries = join_entries(form.entries, found.entries, form.remarks)
        form.template_rows += found.template_rows
        form.points = {**found.points, **form.points}
        form.remarks += found.remarks
        form.total = found.total or form.total
        form.total_weight = found.total_weight or form.total_weight
        form.grade = found.grade or form.grade


def _choose_total(form: HandmadeForm) -> None:
    """Where the head states a total too, the larger counts, as a table's may leave out the execution rate."""
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


# So many weights are shares if they add up to about one; less by the share of the execution rate and of a table elsewhere.
_FEWEST_SHARES, _LEAST_SUM, _LARGEST_SUM = 2, 0.6, 1.0001


def _take_shares_as_points(form: HandmadeForm) -> None:
    """Weights written as shares of one (0.2) are points of a hundred."""
    shares = [e.weight for e in form.entries if e.weight is not None and isinstance(e.weight.value, float)]
    total = sum(float(share.value or 0) for share in shares)
    if len(shares) < _FEWEST_SHARES or not _LEAST_SUM <= total <= _LARGEST_SUM:
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


def _take_execution_row(form: HandmadeForm, words: Vocabulary) -> None:
    """The execution rate may be a row of the table of indicators, also by a name that only looks like it (资金列支率)."""
    row = next((entry for entry in form.entries if entry.is_execution_rate), None)
    if row is None and form.execution_weight is None and form.execution_score is None:
        rates = [i for i, e in enumerate(form.entries) if compose_measure(label_key(e.name.printed), words) == "rate"]
        if len(rates) == 1:
            row = replace(form.entries[rates[0]], is_execution_rate=True)
            form.entries[rates[0]] = row
            taken, other = "预算执行率，按方案计分，不算指标", "一个指标"
            form.remarks.append(_doubt(row.name, "三级指标", taken, other))
    if row is not None:
        form.execution_weight = form.execution_weight or row.weight
        form.execution_score = form.execution_score or row.score


def _doubt(stated: Stated, what: str, taken: str, other: str) -> Remark:
    return Remark(
        concern=Concern.AMBIGUOUS, where=stated.where, field=what, printed=stated.printed, taken=taken, other=other
    )


# -- what is left


def _list_unknown(form: HandmadeForm, area: _FormArea, understood: set[tuple[int, int]]) -> None:
    """Count what was understood; the rest is listed."""
    cells = area.cells
    form.places = {cell.where for cell in cells}
    listed = {remark.where for remark in form.remarks if remark.concern is Concern.UNKNOWN}
    unknown = [cell for cell in cells if cell.place not in understood and not says_nothing(cell.shown)]
    form.cells_filled, form.cells_understood = len(cells), len(cells) - len(unknown)
    form.remarks += [
        Remark(concern=Concern.UNKNOWN, where=cell.where, field="其他内容", printed=cell.shown)
        for cell in unknown
        if cell.where not in listed
    ]
    if area.grid.cut and cells:
        form.remarks.append(
            Remark(concern=Concern.UNKNOWN, where=cells[-1].where, field="工作表过大", printed="后面的内容没有读取")
        )
