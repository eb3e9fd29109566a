"""What labels of money say: what is measured (全年执行数), whose money it is (其他资金), and amounts stated in a text."""

from __future__ import annotations

import re
from functools import lru_cache

from workbook_tools.core.model import Measure
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key, without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary

AMOUNTS = {measure.value: measure for measure in Measure if not measure.value.endswith("rate")}
"""Keys of [measures] that are amounts."""
MEASURED = frozenset({*AMOUNTS, "rate", "arrival_rate"})
"""Keys of [measures] that tell a block of money from other rows."""

# 预算执行率（B/A×100%）, 执行率(B÷A), 到位率（D/C）: a quotient in brackets makes any label a rate.
_QUOTIENT = re.compile(r"[(（][\w（）()]{1,8}[/÷][\w()（）]{1,8}(?:[×*xX]?100[%％])?[)）]")
_ARRIVED = "到位"
# 1-7月执行数: not the year's. 1-12月 is.
_SOME_MONTHS = re.compile(r"1月?[-—–~至](?!12)\d{1,2}月")


def find_measure(label: str, words: Vocabulary) -> str | None:
    """What a label measures: a key of [measures]."""
    text = without_blanks(label)
    if len(label_key(text)) > LONGEST_LABEL:
        return None
    if _SOME_MONTHS.search(text):
        return "other_money"
    if _QUOTIENT.search(text):
        return "arrival_rate" if _ARRIVED in text else "rate"
    found, composed = words.measures.find(text), compose_measure(label_key(text), words)
    if composed == "initial_budget" and words.measures.find_exact(text) is None:
        return composed  # 年初下达预算: what is in it says when
    return found or composed


@lru_cache(maxsize=1 << 12)
def compose_measure(bare: str, words: Vocabulary) -> str | None:
    """What a label measures that is put together of the parts of such labels alone: 全年+实际+列支, 预算+支出+比率.

    项目支出 alone names a kind of money; it is an amount where a label says when, or that it is one (支出额).
    """
    parts = _split_into_parts(bare, words)
    if parts & {"spent", "budgeted"} and "rates" in parts:
        return "rate"
    if "rates" in parts or not parts & {"when", "initially", "amounts"}:
        return None
    if "spent" in parts:
        return "executed"
    if "received" in parts:
        return "received"
    if "budgeted" in parts:
        return "initial_budget" if "initially" in parts else "annual_budget"
    return None


def _split_into_parts(bare: str, words: Vocabulary) -> set[str]:
    """The kinds of parts that make up a label; none where something else stands in it."""
    kinds: set[str] = set()
    parts = _parts_of_money(words)
    while bare:
        part = next((part for part in parts if bare.startswith(part)), None)
        if part is None:
            return set()
        kinds.add(parts[part])
        bare = bare.removeprefix(part)
    return kinds


@lru_cache(maxsize=4)
def _parts_of_money(words: Vocabulary) -> dict[str, str]:
    """Part → its kind, the longest first."""
    pairs = [(part, kind) for kind, some in words.tables["money_parts"].items() for part in some]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


# The share of a label that the name of a source must make up: 财政拨款 of 其中：一般公共预算当年财政拨款.
_SHARE_OF_SOURCE = 0.3


def find_source(text: str, words: Vocabulary) -> str | None:
    """Whose money: a key of [sources]; ``none`` where several levels of government stand together (省市补助)."""
    levels = sum(any(name in text for name in names) for names in words.tables["government"].values())
    if levels > 1:
        return "none"
    composed = _compose_source(label_key(text), words)
    if composed == "other":  # 非财政性资金 ends as 财政性资金 does, and is the contrary
        return words.sources.find_exact(text) or composed
    return words.sources.find(text, _SHARE_OF_SOURCE) or composed


def _compose_source(bare: str, words: Vocabulary) -> str | None:
    """Whose money a label names that is put together of the parts of such labels: 财政+拨款, 其余+来源+资金, 全部+资金."""
    parts = _split_into_parts(bare, words)
    if parts & {"spent", "received", "rates"} or len(bare) < _FEWEST_OF_SOURCE:
        return None
    if "other" in parts:
        return "other"
    if "fiscal" in parts:
        return "fiscal_subtotal"
    return "total" if "of_all" in parts and "资金" in bare else None


_FEWEST_OF_SOURCE = 4


def measures_in(grid: Grid, row: int, words: Vocabulary) -> set[str]:
    """The measures of money that labels of a row name."""
    cells = [cell for cell in grid.starting_in(row) if not cell.is_number]
    labels = [cell.shown for cell in cells]
    labels += [match["label"] for cell in cells for match in split_statements(cell) if match["amount"]]
    return {measure for label in labels if (measure := find_measure(label, words)) in MEASURED}


def sources_in(grid: Grid, row: int, words: Vocabulary) -> set[str]:
    """Whose money the labels of a row name."""
    labels = [c.shown for c in grid.starting_in(row) if not c.is_number and len(label_key(c.shown)) <= LONGEST_LABEL]
    return {source for label in labels if (source := words.sources.find(label))}


# 预算数：100万元, 执行率：95%, 基本支出： — a label, a colon, and an amount or nothing yet.
_STATEMENT = re.compile(r"^(?P<label>[^:：\d]{2,30}?)[:：]\s*(?P<amount>[￥¥]?[\d.,，]+\s*(?:万元|元|亿元|万|%|％)?)?$")
# What stands between several statements of one cell: 预算数：1,000元；执行数：900元 — a comma within a figure does not.
_BETWEEN_STATEMENTS = re.compile(r"[;；、\n]+|[,，。](?!\d)|\s{2,}")
# What stands before a statement: 其中：, or the name of the block (资金情况：年初预算数：50万元).
_BEFORE_STATEMENT = re.compile(r"^其中[:：]?|^[^:：\d]{2,12}[:：](?=[^:：\d]{2,30}[:：])")
# 按支出性质分：, 按收入性质分: a heading over statements.
_HEADING = re.compile(r"^(按.{2,8}分)[:：]?$")


def split_statements(cell: GridCell) -> list[re.Match[str]]:
    """The statements that a cell consists of (``预算数：100万元；执行数：95万元``); none if it says anything else."""
    if ":" not in cell.shown and "：" not in cell.shown:
        return []
    parts = [part for part in _BETWEEN_STATEMENTS.split(cell.shown) if part.strip()]
    found = [_STATEMENT.match(_BEFORE_STATEMENT.sub("", without_blanks(part))) for part in parts]
    return [match for match in found if match] if all(found) else []


def heading_of_statements(cell: GridCell) -> str:
    """The heading that a cell is (按支出性质分), or blank."""
    match = _HEADING.match(without_blanks(cell.shown))
    return match[1] if match else ""
