"""One sheet or Word table → the forms on it.

The tables of indicators are found first; what lies between them is money, labelled values, titles and notes. A new form
begins where a project is named, or titled, after a table of indicators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workbook_tools.core.model import FundingSource
from workbook_tools.legacy.tables.amount_sizes import settle_amount_sizes
from workbook_tools.legacy.tables.amount_units import settle_amount_units
from workbook_tools.legacy.tables.block_labels import BlockLabels
from workbook_tools.legacy.tables.form_bounds import IndicatorTable, find_starts, find_tables
from workbook_tools.legacy.tables.form_head import fill_head, find_unit_above, find_unit_noted, name_from_title
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
from workbook_tools.legacy.tables.layouts import make_layout
from workbook_tools.legacy.tables.project_lists import split_project_list
from workbook_tools.legacy.tables.side_by_side import LABELS_OF_FORM, split_at_repeated_labels, split_side_by_side
from workbook_tools.legacy.tables.side_notes import take_side_notes
from workbook_tools.legacy.tables.titles_and_notes import is_note, is_title
from workbook_tools.legacy.tables.unmerged_headers import spread_header_labels
from workbook_tools.legacy.tables.unseen_money import name_unseen_money
from workbook_tools.legacy.tables.wide_lists import split_wide_list
from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading
from workbook_tools.legacy.words.doubts import FormLayout, KeptReading, ReadingBook
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Rows; a longer sheet without indicators is a list of something else, and no part of a form.
_LONGEST_PART = 300


def find_forms(file: str, grid: Grid, words: Vocabulary, book: ReadingBook | None = None) -> list[HandmadeForm]:
    """The forms of a grid, also parts of forms: a form without entries states only what else the grid says.

    What an office has said of their layouts stands in ``book``.
    """
    grid = draw_cards_as_table(spread_header_labels(grid, words), words)
    if len(grid.filled_rows) > _LONGEST_PART and not find_headers(grid, words):
        return []
    halves = split_at_repeated_labels(grid, words, LABELS_OF_FORM) or [grid]
    projects = (one for half in halves for one in split_wide_list(half, words) or split_project_list(half, words))
    forms: list[HandmadeForm] = []
    for project in projects:
        left: list[HandmadeForm] = []
        for part in split_side_by_side(project, words):
            found = _read_part(file, part, words, book or ReadingBook())
            if not left or not take_side_notes(left, part, found):
                forms += found
                left = found
    return forms


def _read_part(file: str, grid: Grid, words: Vocabulary, book: ReadingBook) -> list[HandmadeForm]:
    """The forms that stand below each other in a part of a grid, with what is kept of its layout; doubts carry the layout."""
    areas = _split_below_each_other(grid, words)
    layout = _describe_layout(areas, words) if book.layouts else None
    if layout is not None and (kept := book.of(layout)):
        areas = _split_below_each_other(grid.with_kept(kept), words)
    forms: list[HandmadeForm] = []
    for area in areas:
        forms.append(_read_form(file, area, words, forms))
    if any(remark.doubt for form in forms for remark in form.remarks):
        layout = layout or _describe_layout(areas, words)
        for form in forms:
            form.remarks = [remark.of_layout(layout) for remark in form.remarks]
    return forms


def _describe_layout(areas: list[_FormArea], words: Vocabulary) -> FormLayout:
    """What these areas look like: the words of their titles, the headers of their tables and the labels of their money."""
    return make_layout(
        [cell for area in areas for cell in area.cells_outside if _is_own_title(area.grid, cell, words)],
        [table.header for area in areas for table in area.tables],
        [BlockLabels(area.grid, block, words, {}) for area in areas for block in area.blocks],
        words,
    )


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
    grid = name_unseen_money(grid, words)
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


def _read_form(file: str, area: _FormArea, words: Vocabulary, above: Sequence[HandmadeForm]) -> HandmadeForm:
    """What stands in an area. The unit of money and the year that only the first of several forms names hold for those below it."""
    form = HandmadeForm(file=file, sheet=area.grid.title)
    form.places = {cell.where for cell in area.cells}
    form.remarks = [remark for remark in area.grid.doubts if remark.where in form.places]
    outside = area.cells_outside
    lines = [cell for cell in outside if cell.row < area.first_table]
    found = _read_tables(area, words)
    values = read_labelled_values(area.grid, [c for c in outside if not _is_own_title(area.grid, c, words)], words)
    form.remarks += values.remarks
    fill_head(form, values, lines, words)
    unit = values.unit or find_unit_above(lines) or find_unit_noted(outside)
    money = _read_money(form, area, unit or (above[-1].amount_unit if above else ""), words)
    form.year = form.year or next((one.year for one in above if one.year), None)
    kept = area.grid.kept
    settle_amount_units(form, area.cells, kept)
    settle_amount_sizes(form, kept)
    _take_indicators(form, found)
    _choose_total(form, kept)
    _take_shares_as_points(form, kept)
    _take_execution_row(form, words, kept)
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
    _doubt_other_total(form, funds)
    form.funding += funds.lines
    form.execution_rate = form.execution_rate or funds.rate
    form.execution_weight = form.execution_weight or funds.weight
    form.execution_score = form.execution_score or funds.score
    form.remarks += funds.remarks
    for text in funds.texts:
        if text.printed not in (known := form.texts.get("funding_note", Stated("", "", text.where))).printed:
            joined = f"{known.printed}\n{text.printed}".strip()
            form.texts["funding_note"] = Stated(joined, joined, known.where)


def _doubt_other_total(form: HandmadeForm, funds: StatedFunding) -> None:
    """Tell that another block states other amounts of the whole."""
    other = next((line for line in funds.lines if line.source is FundingSource.TOTAL), None)
    known = form.total_line.amounts if form.total_line else {}
    for measure, stated in other.amounts.items() if other else ():
        first = known.get(measure, stated)
        if first.value != stated.value:
            taken = f"{first.printed}（{first.where.cell}）"
            form.remarks.append(
                Remark(
                    concern=Concern.AMBIGUOUS,
                    where=stated.where,
                    field=measure.label,
                    printed=stated.printed,
                    taken=taken,
                    other=stated.printed,
                )
            )


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


def _choose_total(form: HandmadeForm, kept: Mapping[str, KeptReading]) -> None:
    """Where the head states a total too, the larger counts, as a table's may leave out the execution rate."""
    table, head = form.total, form.head.get("total")
    if table is None or head is None or table.value == head.value:
        return
    named = {"指标表里的": table, "表头里的": head}
    first, second = sorted(named, key=lambda name: float(named[name].value or 0), reverse=True)
    readings = {first: f"{named[first].printed}（{named[first].where.cell}）", second: named[second].printed}
    place = DoubtfulPlace(named[second].where, "总分", named[second].printed)
    form.total = named[choose_reading(place, "两处总分不同，用哪一个", readings, kept, form.remarks)]


# So many weights are shares if they add up to about one; less by the share of the execution rate and of a table elsewhere.
_FEWEST_SHARES, _LEAST_SUM, _LARGEST_SUM = 2, 0.6, 1.0001


def _take_shares_as_points(form: HandmadeForm, kept: Mapping[str, KeptReading]) -> None:
    """Weights written as shares of one (0.2) are points of a hundred."""
    shares = [e.weight for e in form.entries if e.weight is not None and isinstance(e.weight.value, float)]
    total = sum(float(share.value or 0) for share in shares)
    if len(shares) < _FEWEST_SHARES or not _LEAST_SUM <= total <= _LARGEST_SUM:
        return
    for index, entry in enumerate(form.entries):
        if entry.weight is not None and isinstance(entry.weight.value, float):
            points = float(f"{entry.weight.value * 100:.12g}")
            what = f"分值：{without_blanks(entry.name.printed)}"
            place = DoubtfulPlace(entry.weight.where, what, entry.weight.printed)
            readings = {"占满分的比例": f"{points:g}分", "分数": f"{entry.weight.printed}分"}
            if choose_reading(place, "小于1的分值是什么", readings, kept, form.remarks) == "占满分的比例":
                form.entries[index] = replace(entry, weight=replace(entry.weight, value=points))


def _take_execution_row(form: HandmadeForm, words: Vocabulary, kept: Mapping[str, KeptReading]) -> None:
    """The execution rate may be a row of the table of indicators, also by a name that only looks like it (资金列支率), or that
    says how it is computed (执行数/预算数 below 预算执行率)."""
    row = next((entry for entry in form.entries if entry.is_execution_rate), None)
    if row is None and form.execution_weight is None and form.execution_score is None:
        rates = [i for i, e in enumerate(form.entries) if _looks_as_execution(e, words)]
        if len(rates) == 1:
            rate = form.entries[rates[0]]
            place = DoubtfulPlace(rate.name.where, "三级指标", rate.name.printed)
            readings = {"预算执行率": "预算执行率，按方案计分，不算指标", "指标": "一个指标"}
            key = f"这一行是什么：{label_key(rate.name.printed)}"
            if choose_reading(place, key, readings, kept, form.remarks) == "预算执行率":
                row = form.entries[rates[0]] = replace(rate, is_execution_rate=True)
    if row is not None:
        form.execution_weight = form.execution_weight or row.weight
        form.execution_score = form.execution_score or row.score


def _looks_as_execution(entry: FormIndicator, words: Vocabulary) -> bool:
    named = any(words.rows.find_exact(level) == "execution" for level in (entry.category, entry.dimension))
    return named or compose_measure(label_key(entry.name.printed), words) == "rate"


# -- what is left


def _list_unknown(form: HandmadeForm, area: _FormArea, understood: set[tuple[int, int]]) -> None:
    """Count what was understood; the rest is listed."""
    cells = area.cells
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
