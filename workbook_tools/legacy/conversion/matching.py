"""Whose a form of today is: the project of the list that has its name and unit, where it does not state the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import fuzz, process

from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.values import plain
from workbook_tools.legacy.conversion.convert import NO_UNIT

_ALIKE = 90.0
"""Similarity (percent) of names from which two are the same but for a slip."""
_SAME_UNIT = 80.0
"""Of units, which are abbreviated more freely."""
_UNIT_CODE = re.compile(r"^\d+[-_－—]")
_SIGNS = re.compile(r"[\W_]+")


class ProjectFinder:
    """The listed projects of one campaign, by name and unit."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self._projects = list(projects)

    @cached_property
    def _by_name(self) -> Mapping[tuple[int, str], list[Project]]:
        found: dict[tuple[int, str], list[Project]] = {}
        for project in self._projects:
            found.setdefault((project.year, _normal(project.name)), []).append(project)
        return found

    @cached_property
    def _names(self) -> Mapping[int, list[str]]:
        names: dict[int, list[str]] = {}
        for year, name in self._by_name:
            names.setdefault(year, []).append(name)
        return names

    def find(self, row: ProjectRow) -> Project | None:
        """The one project of the row's year with its name and unit; names that differ by a slip count where none is equal."""
        name = _normal(row.name)
        same = _of_unit(self._by_name.get((row.year, name), []), row)
        if same is not None:
            return same
        ranked = process.extract(
            name, self._names.get(row.year, []), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5, processor=None
        )
        likely = [project for found, *_ in ranked for project in self._by_name[row.year, found]]
        return _of_unit(likely, row)


def _of_unit(projects: list[Project], row: ProjectRow) -> Project | None:
    """The only project of that unit; of the department's where the form names no unit, and any where it names neither."""
    unit, department = _normal(row.unit), _normal(row.department)
    if row.unit == NO_UNIT:
        fitting = projects
    elif unit == department:
        fitting = [p for p in projects if _similar(unit, _normal(p.unit)) or _similar(unit, _normal(p.department))]
    else:
        same = [p for p in projects if unit == _normal(p.unit)]
        fitting = same or [p for p in projects if _similar(unit, _normal(p.unit))]
    return fitting[0] if len(fitting) == 1 else None


def _similar(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and (short in long or fuzz.ratio(one, other) >= _SAME_UNIT)


def _normal(text: str) -> str:
    """Without blanks and signs, full-width narrowed, without the number before a unit's name (219001-某镇)."""
    return _SIGNS.sub("", _UNIT_CODE.sub("", plain(text)))
