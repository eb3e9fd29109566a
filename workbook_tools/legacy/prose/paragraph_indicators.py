"""Indicators told in paragraphs (1.培训人数：目标≥200人，实际完成210人，分值10分，得分10分。) → a table of indicators.

Every cell keeps the paragraph where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_tools.legacy.tables.column_meanings import FIGURES
from workbook_tools.legacy.tables.levels import is_dimension
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.numbering import without_serial
from workbook_tools.legacy.words.places import BODY, place_of_paragraph
from workbook_tools.legacy.words.records import Where
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Paragraph

# Meanings that are told, and the labels of the table that is drawn of them.
_LABELS = {
    "name": "三级指标",
    "target": "指标值",
    "actual": "完成值",
    "completion": "完成率",
    "weight": "分值",
    "score": "得分",
    "reason": "原因",
}
# So many paragraphs must tell an indicator: one alone is a sentence like any other.
_FEWEST = 2
# Characters of a name before its colon; a longer text is a sentence.
_LONGEST_NAME = 40
# What parts the figures of one paragraph.
_BETWEEN_FIGURES = re.compile(r"[,，;；。\n]+")


def draw_told_indicators(paragraphs: Iterable[Paragraph], words: Vocabulary) -> Grid | None:
    """The indicators told in these paragraphs as a table; names of level 1 among them are rows across it."""
    rows: list[tuple[Paragraph, dict[str, str]]] = []
    for paragraph in paragraphs:
        if is_dimension(paragraph.text, words):
            rows.append((paragraph, {}))
        elif told := _read_indicator(paragraph.text, words):
            rows.append((paragraph, told))
    if sum(bool(told) for _, told in rows) < _FEWEST:
        return None
    cells = [_cell(0, col, 1, label, Where()) for col, label in enumerate(_LABELS.values())]
    for row, (paragraph, told) in enumerate(rows, 1):
        where = place_of_paragraph(paragraph.number)
        if not told:
            cells.append(_cell(row, 0, len(_LABELS), paragraph.text, where))
        cells += [_cell(row, col, 1, told[name], where) for col, name in enumerate(_LABELS) if name in told]
    return Grid(BODY, {cell.place: cell for cell in cells})


def _cell(row: int, col: int, cols: int, text: str, where: Where) -> GridCell:
    return GridCell(row, col, 1, cols, text, text, where)


def _read_indicator(text: str, words: Vocabulary) -> dict[str, str]:
    """What a paragraph tells of one indicator; nothing where it tells no result beside a target or points."""
    name, colon, rest = without_serial(text.strip()).replace("：", ":").partition(":")
    name = name.strip()
    if not colon or len(name) > _LONGEST_NAME or _BETWEEN_FIGURES.search(name) or words.head.find_exact(name):
        return {}
    told = {"name": name}
    last = ""
    for piece in filter(None, map(str.strip, _BETWEEN_FIGURES.split(rest))):
        found = _split_label(piece, words)
        if found is not None and found[0] not in told:
            last, told[found[0]] = found
        elif last in ("actual", "reason"):
            told[last] += f"，{piece}"
    return told if len(told.keys() & set(FIGURES)) > 1 and told.keys() & {"actual", "score"} else {}


# The words before a figure.
_WORDS = re.compile(r"[^\d≥≤><=＝%％]+")
# Characters of a label: 年度实际完成指标值.
_LONGEST_LABEL = 8
# 目标值为, 完成数：, 得分是: what links a label and its figure.
_LINK = re.compile(r"^(?:值|数)?\s*[:：为是]?\s*")


def _split_label(piece: str, words: Vocabulary) -> tuple[str, str] | None:
    """The column that the piece begins with the label of, and its value."""
    start = _WORDS.match(piece)
    for length in range(min(_LONGEST_LABEL, start.end() if start else 0, len(piece) - 1), 1, -1):
        meaning = words.columns.find_exact(piece[:length])
        value = _LINK.sub("", piece[length:])
        if meaning in _LABELS and value:
            return meaning, value
    return None
