"""Where money stands on a sheet: rows whose labels say what is measured (全年执行数) or whose money it is (其他资金)."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tools.legacy.tables.funding_labels import (
    AMOUNTS,
    find_measure,
    heading_of_statements,
    measures_in,
    sources_in,
    split_statements,
)
from workbook_tools.legacy.words.figures import find_money_unit, is_amount, names_only_unit, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Rows below a header of sources (年度资金总额, 财政拨款 …) in which a measure must follow: a line of signs may stand between.
_ROWS_TO_MEASURE = 3
# Rows of a block; more is a ledger. The longest published has some 30.
_MOST_ROWS = 60
# Blank rows that a block may have between two of its own.
_MOST_BLANK_ROWS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of the block, and the label down its left margin."""

    first: int
    last: int
    margin: GridCell | None


def find_blocks(grid: Grid, rows: list[int], words: Vocabulary) -> list[Block]:
    """The blocks of money in these rows."""
    blocks: list[Block] = []
    for index, row in enumerate(rows):
        if blocks and row <= blocks[-1].last:
            continue
        following = rows[index + 1 : index + 1 + _MOST_ROWS]
        near = following[:_ROWS_TO_MEASURE]
        if _begins_block(grid, row, near, words) or _lists_sources(grid, row, near, words):
            margin = _find_margin(grid, row, words)
            blocks.append(Block(row, _find_last_row(grid, row, following, margin, words), margin))
    return blocks


def _begins_block(grid: Grid, row: int, following: list[int], words: Vocabulary) -> bool:
    measures = measures_in(grid, row, words)
    amounts = measures & AMOUNTS.keys()
    if amounts and len(measures) >= 2:
        return True
    if len(sources_in(grid, row, words)) >= 2:
        return any(measures_in(grid, below, words) for below in following)
    below = measures_in(grid, following[0], words) & AMOUNTS.keys() if following else set()
    return bool(amounts and (below - measures or _has_amount_beside(grid, row, words)))


def _has_amount_beside(grid: Grid, row: int, words: Vocabulary) -> bool:
    """What is measured, and the amount right beside it: 全年预算数 | 100; nothing of the head in the same row."""
    cells = grid.starting_in(row)
    if any(words.head.find_exact(cell.shown) for cell in cells):
        return False
    return any(
        words.measures.find_exact(cell.shown) in AMOUNTS
        and (beside := grid.at(row, cell.last_col + 1)) is not None
        and is_amount(beside)
        for cell in cells
    )


def _lists_sources(grid: Grid, row: int, following: list[int], words: Vocabulary) -> bool:
    """Amounts by whose money they are, without a word of what is measured, beside the label of the block."""
    margin = _find_margin(grid, row, words)
    if margin is None or margin.row != row or words.sections.find(margin.shown) != "funding":
        return False
    rows = [row, *(below for below in following if below <= margin.last_row)]
    return sum(bool(sources_in(grid, one, words)) for one in rows) > 1


def _find_margin(grid: Grid, row: int, words: Vocabulary) -> GridCell | None:
    """The label of the whole block: leftmost, and merged down or known as such."""
    first = next(grid.across(row, 0, min(cell.col for cell in grid.starting_in(row))), None)
    if first is None or first.is_number:
        return None
    known = words.sections.find(first.shown) == "funding" and len(grid.starting_in(first.row)) > 2
    if first.rows == 1:
        return first if known and find_measure(first.shown, words) not in AMOUNTS else None
    figures = any(is_amount(c) for c in grid.filled_between(first.row, first.last_row))
    return first if known or find_money_unit(first.shown) or figures else None


def _find_last_row(grid: Grid, row: int, following: list[int], margin: GridCell | None, words: Vocabulary) -> int:
    """The block's last row: of its margin label, or as long as the rows speak of money."""
    last = row if margin is None else min(margin.last_row, row + _MOST_ROWS)
    if margin is not None and margin.rows > 1:
        return last
    for next_row in following:
        if next_row - last > _MOST_BLANK_ROWS:
            break
        if not (_speaks_of_money(grid, next_row, words) or _has_amounts_below(grid, row, next_row, words)):
            break
        last = next_row
    return last


def _speaks_of_money(grid: Grid, row: int, words: Vocabulary) -> bool:
    """Figures or a unit alone, sources or measures, or statements; a row of the head or of a text only where a source begins it."""
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number and not says_nothing(cell.shown)]
    if all(is_amount(cell) or read_rate(cell) is not None or names_only_unit(cell.shown) for cell in cells):
        return bool(grid.starting_in(row))
    sources = sources_in(grid, row, words)
    if any(words.head.find_exact(cell.shown) or words.texts.find_exact(cell.shown) for cell in cells[:2]):
        return bool(sources) and words.texts.find_exact(cells[0].shown) is None
    if sources or measures_in(grid, row, words):
        return True
    return any(split_statements(cell) or heading_of_statements(cell) for cell in cells)


def _has_amounts_below(grid: Grid, header: int, row: int, words: Vocabulary) -> bool:
    """Amounts stand below the measures of the header, whatever the row is called."""
    measured = [cell for cell in grid.starting_in(header) if find_measure(cell.shown, words) in AMOUNTS]
    below = [next(grid.across(row, cell.col, cell.last_col), None) for cell in measured]
    return sum(cell is not None and is_amount(cell) for cell in below) >= 2
