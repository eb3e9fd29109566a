"""Departments and units of the list: names that may be one office's, before folders and summaries split by them."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_tools.core.names import Aliases, find_variants
from workbook_tools.projects.cells import read_text
from workbook_tools.projects.columns import PROJECT_COLUMNS
from workbook_tools.projects.rows import ListRow, Notes

OFFICES = ("department", "unit")
"""Columns of the project table that name an office."""
_ALIASES_FILE = "wbt.toml"


def check_names(rows: Sequence[ListRow], aliases: Aliases, notes: Notes) -> None:
    """LIST21 where a name that may be another's is first written, LIST22 for an alias of a name that the list has not."""
    known: set[str] = set()
    for column in (column for column in PROJECT_COLUMNS if column.key in OFFICES):
        named = [(row, aliases.resolve(text)) for row in rows if (text := read_text(row, column))]
        known |= {name for _, name in named}
        variants = find_variants(name for _, name in named)
        for name, usual in variants.items():
            own = [row for row, other in named if other == name]
            notes.at(own[0], column, "LIST21", say_alike(name, usual, len(own)), found=name, expected=usual)
    for alias, wanted in aliases.entries.items() if rows else ():
        if wanted not in known:
            notes.add("LIST22", field=f"{_ALIASES_FILE} [aliases] {alias}", found=wanted)


def say_alike(name: str, usual: str, times: int) -> str:
    """That two names of offices may be one; the first stands at so many projects."""
    stands = f"（{times} 个项目）" if times > 1 else ""
    return f"“{name}”{stands}与“{usual}”可能是同一个单位，现在按两个单位分开"
