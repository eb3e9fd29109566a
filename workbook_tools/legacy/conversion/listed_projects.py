"""Whose a form of today is: the project of the list that has its name and unit, where it does not state the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.labels import NO_UNIT
from workbook_tools.core.values import plain
from workbook_tools.files.stored_projects import ListedProject

if TYPE_CHECKING:
    from rapidfuzz import fuzz, process
else:
    fuzz, process = LateModule("rapidfuzz.fuzz"), LateModule("rapidfuzz.process")

# Similarity (per cent) of names from which two are the same but for a slip: one character of ten or more.
_ALIKE = 90.0
# Of units, which are abbreviated more freely: 青山县公路站 for 青山县公路养护站.
_SAME_UNIT = 80.0
# Of names that are alike, so many of the most alike are looked at for the unit.
_MOST_ALIKE = 5
# 219001-某镇: the number of a unit in the budget system before its name.
_UNIT_CODE = re.compile(r"^\d+[-_－—]")
_SIGNS = re.compile(r"[\W_]+")


class ProjectFinder:
    """The listed projects of one campaign, by name and unit."""

    def __init__(self, projects: Iterable[ListedProject]) -> None:
        self._projects = list(projects)

    @cached_property
    def _by_name(self) -> Mapping[tuple[int, str], list[ListedProject]]:
        found: dict[tuple[int, str], list[ListedProject]] = {}
        for project in self._projects:
            found.setdefault((project.year, _normalize(project.name)), []).append(project)
        return found

    @cached_property
    def _names(self) -> Mapping[int, list[str]]:
        names: dict[int, list[str]] = {}
        for year, name in self._by_name:
            names.setdefault(year, []).append(name)
        return names

    def find(self, row: ListedProject) -> ListedProject | None:
        """The one project of the row's year with its name and unit; names that differ by a slip count where none is equal."""
        name = _normalize(row.name)
        same = _choose_by_unit(self._by_name.get((row.year, name), []), row)
        if same is not None:
            return same
        ranked = process.extract(
            name,
            self._names.get(row.year, []),
            scorer=fuzz.ratio,
            score_cutoff=_ALIKE,
            limit=_MOST_ALIKE,
            processor=None,
        )
        likely = [project for found, *_ in ranked for project in self._by_name[row.year, found]]
        return _choose_by_unit(likely, row)

    def find_namesakes(self, row: ListedProject) -> list[ListedProject]:
        """The projects of the row's year with its name, whatever their units."""
        return list(self._by_name.get((row.year, _normalize(row.name)), []))


def _choose_by_unit(projects: list[ListedProject], row: ListedProject) -> ListedProject | None:
    """The only project of that unit; of the department's where the form names no unit, and any where it names neither."""
    unit, department = _normalize(row.unit), _normalize(row.department)
    if row.unit == NO_UNIT:
        fitting = projects
    elif unit == department:
        fitting = [
            p for p in projects if _is_similar(unit, _normalize(p.unit)) or _is_similar(unit, _normalize(p.department))
        ]
    else:
        same = [p for p in projects if unit == _normalize(p.unit)]
        fitting = same or [p for p in projects if _is_similar(unit, _normalize(p.unit))]
    return fitting[0] if len(fitting) == 1 else None


def _is_similar(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and (short in long or fuzz.ratio(one, other) >= _SAME_UNIT)


def _normalize(text: str) -> str:
    """Without blanks and signs, full-width narrowed, without the number before a unit's name (219001-某镇)."""
    return _SIGNS.sub("", _UNIT_CODE.sub("", plain(text)))
