"""Where money stands on a sheet: rows whose labels say what is measured (全年执行数) or whose money it is (其他资金)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_tools.core.model import Measure
from workbook_tools.legacy.words.figures import find_money_unit, parse_amount, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key, without_blanks
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary

AMOUNTS = {measure.value: measure for measure in Measure if not measure.value.endswith("rate")}
MEASURED = frozenset({*AMOUNTS, "rate", "arrival_rate"})
_LEVELS = ("中央", "省", "自治区", "市", "州", "县", "区")
_STATEMENT = re.compile(r"^(?P<label>[^:：\d]{2,30}?)[:：]\s*(?P<amount>[￥¥]?[\d.,，]+\s*(?:万元|元|亿元|万|%|％)?)?$")
_BETWEEN = re.compile(r"[;；、\n]+|[,，。](?!\d)|\s{2,}")
"""What stands between several statements of one cell."""
GROUP = re.compile(r"^(按.{2,8}分)[:：]?$")
PART = re.compile(r"^其中[:：]?")
_PREFIX = re.compile(r"^其中[:：]?|^[^:：\d]{2,12}[:：](?=[^:：\d]{2,30}[:：])")
"""What stands before a statement: the name of the block (资金情况：年初预算数：50万元)."""
_LOOK_AHEAD = 3
"""Rows in which measures must follow a header of sources."""
_LONGEST = 60
"""Rows of a block; more is a ledger."""
_GAP = 2
"""Blank rows that end a block."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of the block, and the label down its left margin."""

    first: int
    last: int
    margin: GridCell | None


def measures_in(grid: Grid, row: int, vocabulary: Vocabulary) -> set[str]:
    """The measures of money that labels of a row name."""
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number]
    found = {measure_of(cell.shown, vocabulary) for cell in cells}
    found |= {measure_of(match["label"], vocabulary) for cell in cells for match in statements(cell) if match["amount"]}
    return {measure for measure in found if measure in MEASURED}


def statements(cell: GridCell) -> list[re.Match[str]]:
    """The statements that a cell consists of (``预算数：100万元；执行数：95万元``); none if it says anything else."""
    parts = [_PREFIX.sub("", without_blanks(part)) for part in _BETWEEN.split(cell.shown) if part.strip()]
    found = [_STATEMENT.match(part) for part in parts] if ":" in cell.shown or "：" in cell.shown else []
    return [match for match in found if match] if all(found) else []


def find_blocks(grid: Grid, rows: list[int], vocabulary: Vocabulary) -> list[Block]:
    """The blocks of money in these rows."""
    blocks: list[Block] = []
    for index, row in enumerate(rows):
        if blocks and row <= blocks[-1].last:
            continue
        following = rows[index + 1 : index + 1 + _LOOK_AHEAD]
        if _begins(grid, row, following, vocabulary) or _lists_sources(grid, row, following, vocabulary):
            margin = _margin(grid, row, vocabulary)
            blocks.append(
                Block(row, _last(grid, row, rows[index + 1 : index + 1 + _LONGEST], margin, vocabulary), margin)
            )
    return blocks


def _begins(grid: Grid, row: int, following: list[int], vocabulary: Vocabulary) -> bool:
    measures = measures_in(grid, row, vocabulary)
    if len(measures & set(AMOUNTS)) >= 2 or (len(measures) >= 2 and measures & set(AMOUNTS)):
        return True
    if len(sources_in(grid, row, vocabulary)) >= 2:
        return any(measures_in(grid, below, vocabulary) for below in following)
    below = measures_in(grid, following[0], vocabulary) & set(AMOUNTS) if following else set()
    return bool(measures & set(AMOUNTS) and (below - measures or _pair(grid, row, vocabulary)))


def _pair(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """What is measured, and the amount right beside it: 全年预算数 | 100; nothing of the head in the same row."""
    if any(vocabulary.head.find_exact(cell.shown) for cell in grid.starting_in(row)):
        return False
    return any(
        vocabulary.measures.find_exact(cell.shown) in AMOUNTS
        and (beside := grid.at(row, cell.last_col + 1)) is not None
        and (beside.is_number or parse_amount(beside.shown, "元") is not None)
        for cell in grid.starting_in(row)
    )


def _lists_sources(grid: Grid, row: int, following: list[int], vocabulary: Vocabulary) -> bool:
    """Amounts by whose money they are, without a word of what is measured, beside the label of the block."""
    margin = _margin(grid, row, vocabulary)
    if margin is None or margin.row != row or vocabulary.sections.find(margin.shown) != "funding":
        return False
    rows = [row, *(below for below in following if below <= margin.last_row)]
    return sum(bool(sources_in(grid, one, vocabulary)) for one in rows) > 1


def sources_in(grid: Grid, row: int, vocabulary: Vocabulary) -> set[str]:
    """Whose money the labels of a row name."""
    cells = [
        cell for cell in grid.starting_in(row) if not cell.is_number and len(label_key(cell.shown)) <= LONGEST_LABEL
    ]
    return {found for cell in cells if (found := vocabulary.sources.find(cell.shown))}


def _margin(grid: Grid, row: int, vocabulary: Vocabulary) -> GridCell | None:
    """The label of the whole block: leftmost, and merged down or known as such."""
    first = next(grid.across(row, 0, min(cell.col for cell in grid.starting_in(row))), None)
    if first is None or first.is_number:
        return None
    known = vocabulary.sections.find(first.shown) == "funding" and len(grid.starting_in(first.row)) > 2
    if first.rows == 1:
        return first if known and measure_of(first.shown, vocabulary) not in AMOUNTS else None
    figures = any(c.is_number or parse_amount(c.shown, "元") for c in grid.filled_between(first.row, first.last_row))
    return first if known or find_money_unit(first.shown) or figures else None


def _last(grid: Grid, row: int, following: list[int], margin: GridCell | None, vocabulary: Vocabulary) -> int:
    """The block's last row: of its margin label, or as long as the rows speak of money."""
    last = row if margin is None else min(margin.last_row, row + _LONGEST)
    if margin is not None and margin.rows > 1:
        return last
    for next_row in following:
        if next_row - last > _GAP:
            break
        if not (_continues(grid, next_row, vocabulary) or _has_amounts(grid, row, next_row, vocabulary)):
            break
        last = next_row
    return last


def _continues(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number and not says_nothing(cell.shown)]
    if all(parse_amount(cell.shown, "元") or read_rate(cell) is not None for cell in cells):
        return bool(grid.starting_in(row))  # figures alone
    if any(vocabulary.head.find_exact(cell.shown) or vocabulary.texts.find_exact(cell.shown) for cell in cells[:2]):
        return bool(sources_in(grid, row, vocabulary)) and vocabulary.texts.find_exact(cells[0].shown) is None
    if sources_in(grid, row, vocabulary) or measures_in(grid, row, vocabulary):
        return True
    return any(statements(cell) or GROUP.match(without_blanks(cell.shown)) for cell in cells)


def _has_amounts(grid: Grid, header: int, row: int, vocabulary: Vocabulary) -> bool:
    """Amounts stand below the measures of the header, whatever the row is called."""
    measured = [cell for cell in grid.starting_in(header) if measure_of(cell.shown, vocabulary) in AMOUNTS]
    below = [next(grid.across(row, cell.col, cell.last_col), None) for cell in measured]
    amounts = [cell for cell in below if cell is not None and (cell.is_number or parse_amount(cell.shown, "元"))]
    return len(amounts) >= 2


def measure_of(label: str, vocabulary: Vocabulary) -> str | None:
    """What a label measures: a key of [measures]."""
    text = without_blanks(label)
    if len(label_key(text)) > LONGEST_LABEL:
        return None
    ratio = re.search(r"[(（][\w（）()]{1,8}[/÷][\w()（）]{1,8}(?:[×*xX]?100[%％])?[)）]", text)
    if ratio:
        return "arrival_rate" if "到位" in text else "rate"
    return vocabulary.measures.find(text)


def source_of(text: str, vocabulary: Vocabulary) -> str | None:
    """Whose money; ``none`` where several levels stand together."""
    if sum(level in text for level in _LEVELS[:3]) + any(x in text for x in "市州") + any(x in text for x in "县") > 1:
        return "none"
    return vocabulary.sources.find(text, 0.3)
