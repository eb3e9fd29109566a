"""Indicators told in paragraphs (1.培训人数：目标≥200人，实际完成210人，分值10分，得分10分。) → a table of indicators.

Every cell keeps the paragraph where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_tools.legacy.tables.column_meanings import FIGURES
from workbook_tools.legacy.tables.levels import is_dimension
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.records import Where
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.word.reading import Paragraph

_COLUMNS = {
    "name": "三级指标", "target": "指标值", "actual": "完成值", "completion": "完成率", "weight": "分值", "score": "得分", "reason": "原因",
}  # fmt: skip
_SERIAL = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.．、]|[①-⑳])\s*")
_BETWEEN = re.compile(r"[,，;；。\n]+")
_WORDS = re.compile(r"[^\d≥≤><=＝%％]+")
_IS = re.compile(r"^(?:值|数)?\s*[:：为是]?\s*")
_LONGEST_LABEL, _LONGEST_NAME = 8, 40
_FEWEST = 2
"""So many paragraphs must tell an indicator."""


def told_rows(paragraphs: Iterable[Paragraph], body: str, words: Vocabulary) -> Grid | None:
    """The indicators told in these paragraphs as a table; names of level 1 among them are rows across it."""
    rows: list[tuple[Paragraph, dict[str, str]]] = []
    for paragraph in paragraphs:
        if is_dimension(paragraph.text, words):
            rows.append((paragraph, {}))
        elif told := _told(paragraph.text, words):
            rows.append((paragraph, told))
    if sum(bool(told) for _, told in rows) < _FEWEST:
        return None
    cells = [_cell(0, col, 1, label, Where()) for col, label in enumerate(_COLUMNS.values())]
    for row, (paragraph, told) in enumerate(rows, 1):
        where = Where(body, f"第{paragraph.number}段")
        if not told:
            cells.append(_cell(row, 0, len(_COLUMNS), paragraph.text, where))
        cells += [_cell(row, col, 1, told[name], where) for col, name in enumerate(_COLUMNS) if name in told]
    return Grid(body, {(cell.row, cell.col): cell for cell in cells})


def _cell(row: int, col: int, cols: int, text: str, where: Where) -> GridCell:
    return GridCell(row, col, 1, cols, text, text, where)


def _told(text: str, words: Vocabulary) -> dict[str, str]:
    """What a paragraph tells of one indicator; nothing where it tells no result beside a target or points."""
    name, colon, rest = _SERIAL.sub("", text).replace("：", ":").partition(":")
    if not colon or len(name) > _LONGEST_NAME or _BETWEEN.search(name) or words.head.find_exact(name):
        return {}
    told = {"name": name.strip()}
    last = ""
    for piece in filter(None, map(str.strip, _BETWEEN.split(rest))):
        found = _labelled(piece, words)
        if found is not None and found[0] not in told:
            last, told[found[0]] = found
        elif last in ("actual", "reason"):
            told[last] += f"，{piece}"
    return told if len(told.keys() & set(FIGURES)) > 1 and told.keys() & {"actual", "score"} else {}


def _labelled(piece: str, words: Vocabulary) -> tuple[str, str] | None:
    """The column that the piece begins with the label of, and its value."""
    start = _WORDS.match(piece)
    for length in range(min(_LONGEST_LABEL, start.end() if start else 0, len(piece) - 1), 1, -1):
        meaning = words.columns.find_exact(piece[:length])
        value = _IS.sub("", piece[length:])
        if meaning in _COLUMNS and value:
            return meaning, value
    return None
