"""Rows that hold several indicators, a line of each cell for each: ``1.养护里程⏎2.清扫次数``, ``1.≥100公里⏎2.≥12次``.

They are taken apart only where no line can belong to another: each cell has as many lines as the name, and these are numbered, or each
is a figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.quantities import says_nothing
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.direction_words import parse_signed

# 1. 2、 （3） ④ at the beginning of a line, and what follows.
_NUMBERED = re.compile(r"\s*(?:[(（]?(\d{1,2})[)）、.．:：]|([①-⑳]))\s*(.*)")
_FIRST_IN_RING = ord("①") - 1
# 1.……；2.……: several things are numbered, be it on one line.
_SERIALS = re.compile(r"(?:^|[\n；;。])\s*(?:[(（]?\d{1,2}[)）、.．]|[①-⑳])")
_MOST_LINES = 20
# Cells of which one may hold for all lines; what is left of the row must have as many lines.
_SHARED = ("weight", "score", "completion", "reason", "sign", "unit")
_POINTS = ("weight", "score")
# What a sign or a unit is, nobody can tell by its text: as many lines are enough.
_WORDS = ("sign", "unit")


def numbers_several(text: str) -> bool:
    """Several things are numbered in a text.

    >>> numbers_several("1.≥100公里；2.≥12次"), numbers_several("1.5公里"), numbers_several("≥100公里")
    (True, False, False)
    """
    return len(_SERIALS.findall(text)) > 1


def split_lines(
    name: GridCell, values: Mapping[str, GridCell], words: Vocabulary
) -> list[tuple[GridCell, dict[str, GridCell]]]:
    """The names and cells by meaning of the indicators of such a row, from above; nothing where it is one, or cannot be taken apart.

    Points and scores that stand once belong to the first, as where they are merged over rows.
    """
    names = _list_lines(name)
    count = len(names)
    if not 2 <= count <= _MOST_LINES or "target" not in values:
        return []
    numbered = _without_numbers(names)
    parts: list[dict[str, GridCell]] = [{} for _ in names]
    for meaning, cell in values.items():
        if says_nothing(cell.shown):
            lines = None
        elif (lines := _split_cell(meaning, cell, count, numbered is not None, words)) is None and (
            meaning not in _SHARED or len(_list_lines(cell)) > 1
        ):
            return []
        for place, part in enumerate(parts):
            if lines is not None:
                part[meaning] = replace(cell, shown=lines[place], value=lines[place])
            elif meaning not in _POINTS or place == 0:
                part[meaning] = cell
    shown = numbered or names
    return [(replace(name, shown=text, value=text), part) for text, part in zip(shown, parts, strict=True)]


def _split_cell(meaning: str, cell: GridCell, count: int, is_numbered: bool, words: Vocabulary) -> list[str] | None:
    """The lines of a cell without their numbers; nothing where they are not as many, or may be one text."""
    lines = _list_lines(cell)
    if len(lines) != count:
        return None
    bare = _without_numbers(lines) if is_numbered else None
    if bare is not None:
        return bare
    are_figures = all(parse_signed(line, words.tables["signs"])[0] is not None for line in lines)
    return lines if are_figures or meaning in _WORDS else None


def _list_lines(cell: GridCell) -> list[str]:
    return [line.strip() for line in cell.shown.splitlines() if line.strip()] if isinstance(cell.value, str) else []


def _without_numbers(lines: list[str]) -> list[str] | None:
    """What stands behind the numbers of lines that are numbered from 1 on."""
    found: list[str] = []
    for place, line in enumerate(lines, start=1):
        match = _NUMBERED.fullmatch(line)
        if match is None or not match[3]:
            return None
        if (int(match[1]) if match[1] else ord(match[2]) - _FIRST_IN_RING) != place:
            return None
        found.append(match[3])
    return found
