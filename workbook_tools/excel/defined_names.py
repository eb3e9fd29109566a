"""Where the defined names of a workbook that came back point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.cells import Place, column_index
from workbook_tools.core.recent import remember
from workbook_tools.excel.workbook_grammar import BookOutline

_USUAL = 2_000
"""Names of a workbook up to which it is kept where they point."""
_POINTED = re.compile(r"=?('(?:[^']|'')+'|[^'!]+)!\$([A-Z]{1,3})\$([0-9]{1,7})(?::\$([A-Z]{1,3})\$([0-9]{1,7}))?")
"""``自评表!$B$7``, ``='表 (2)'!$B$7:$D$7``."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedCells:
    """Where the defined names of a workbook point, and those whose cell was deleted."""

    places: Mapping[str, Place]
    broken: frozenset[str]


def find_named(outline: BookOutline, merged_cells: Callable[[str], frozenset[str]]) -> NamedCells:
    """The names that mean one cell, or merged ones; ``merged_cells`` gives those of a sheet (``B7:D7``) and is asked only where it matters.

    Workbooks that are alike in their names, and in the merges they point to, mostly share what was found.
    """
    usual, titles = len(outline.names) <= _USUAL, {title for title, *_ in outline.sheets}
    sheets = (_list_wide if usual else _list_wide.__wrapped__)(outline)
    find = _find_usual if usual else _find
    return find(outline, tuple([(sheet, merged_cells(sheet)) for sheet in sheets if sheet in titles]))


@lru_cache(maxsize=1 << 16)
def read_target(text: str) -> tuple[Place, str] | None:
    """Where a defined name points: the first cell and, if it is more than one cell, the range (``B7:D7``).

    >>> read_target("'自评表'!$B$7")
    (Place(sheet='自评表', row=6, col=1), '')
    """
    match = _POINTED.fullmatch(text)
    if match is None:
        return None
    title, letters, row, last_letters, last_row = match.groups()
    sheet = title[1:-1].replace("''", "'") if title.startswith("'") else title
    first, last = f"{letters}{row}", f"{last_letters}{last_row}" if last_row else ""
    return Place(sheet, int(row) - 1, column_index(letters)), f"{first}:{last}" if last not in ("", first) else ""


@lru_cache(maxsize=64)
def _list_wide(outline: BookOutline) -> tuple[str, ...]:
    """The sheets in which a name means more than one cell."""
    pointed = filter(None, (read_target(target) for _, target, _ in outline.names))
    return tuple(dict.fromkeys(place.sheet for place, span in pointed if span))


def _find(outline: BookOutline, merges: tuple[tuple[str, frozenset[str]], ...]) -> NamedCells:
    """``merges``: of the sheets in which a name means more than one cell the merged ones."""
    titles, merged = {title for title, *_ in outline.sheets}, dict(merges)
    broken = {name for name, target, sheet in outline.names if "#REF!" in target and sheet is None}
    found: dict[str, Place] = {}
    local: dict[str, Place] = {}
    for name, target, sheet in outline.names:
        pointed = read_target(target)
        if pointed is None:
            continue
        place, span = pointed
        if place.sheet in titles and (not span or span in merged[place.sheet]):
            (found if sheet is None else local).setdefault(name, place)
    found |= {name: place for name, place in local.items() if name in broken and name not in found}
    return NamedCells(found, frozenset(broken - found.keys()))


_find_usual = remember(20_000)(_find)
