"""What the tables of a form look like, whatever is filled in: the layout that an office's answers belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from workbook_tools.legacy.tables.block_labels import BlockLabels
from workbook_tools.legacy.tables.headers import Header
from workbook_tools.legacy.words.doubts import FormLayout, LayoutCell
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.vocabulary import Vocabulary

# 指标1, 2024年预算, 分值（50）: figures of a label vary from form to form.
_FIGURES = re.compile(r"\d+(?:\.\d+)?%?")

# A label that is merged over so many rows stands beside the rows of a table: their number varies from form to form.
_MOST_ROWS = 4


def make_layout(
    titles: Iterable[GridCell], headers: Iterable[Header], blocks: Iterable[BlockLabels], words: Vocabulary
) -> FormLayout:
    """The layout of a sheet or table. What stands there twice, as of two forms below each other, counts once."""
    found = [[LayoutCell("标题", words_of_title(cell.shown, words))] for cell in titles]
    found += [[*_cells_of_block("表头", header.cells)] for header in headers]
    found += [[*_cells_of_block("资金", labels.named_cells)] for labels in blocks]
    return FormLayout(tuple(cell for block in dict.fromkeys(map(tuple, found)) for cell in block))


def words_of_title(text: str, words: Vocabulary) -> str:
    """The words of the trade in a title, in their order: those of its project, unit and year vary from form to form."""
    known = {word for name in ("titles", "title_words", "whole") for word in words.words("marks", name)}
    pattern = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return "".join(re.findall(pattern, without_blanks(text)))


def words_of_label(text: str) -> str:
    """A label as layouts compare it, with what stands in brackets (万元), without figures."""
    return _FIGURES.sub("", label_key(text, keep_brackets=True))


def _cells_of_block(block: str, cells: Sequence[GridCell]) -> Iterator[LayoutCell]:
    """Labels by their place from the first row and the leftmost column of them all."""
    top, left = min((c.row for c in cells), default=0), min((c.col for c in cells), default=0)
    for cell in cells:
        place = f"{cell.row - top},{cell.col - left},{min(cell.rows, _MOST_ROWS)},{cell.cols}"
        yield LayoutCell(block, words_of_label(cell.shown), place)
