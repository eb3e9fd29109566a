"""Divides the projects of a review into pieces, each of one department. The shelf stores which projects are in a piece: there may be a
hundred thousand."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import AT_ONCE
from workbook_tools.files.stored_projects import list_names, take_projects
from workbook_tools.review.pieces import DepartmentPiece
from workbook_tools.review.settling import ExpectedProjects
from workbook_tools.review.shelf import ReviewShelf


class Division:
    """The pieces of a review. A piece has its projects only once it is opened."""

    def __init__(
        self, shelf: ReviewShelf, projects: Sequence[Project] | None, decide: Callable[[str], Sequence[str]]
    ) -> None:
        """Departments are those of the list of ``projects``, which is on the shelf already, cut into pieces. Without a list they are those that
        the files name, each one piece, as its projects may lie in any order. If the files of a project name several departments, ``decide``
        is asked for those of its code."""
        self._shelf, self._projects = shelf, projects
        self._rows: dict[int, Sequence[int]] = {}
        """Rows of the list, by the number of the piece."""
        self._places: Sequence[int] = ()
        """The place of each row, from 1: departments together, in the order in which they first occur."""
        named = self._find_departments(decide) if projects is None else self._cut_list(projects)
        self.pieces = [DepartmentPiece(number, name, (), None) for number, name in enumerate(named, 1)]
        self._shared = {code: self.pieces[last - 1].department for code, last in shelf.list_shared()}
        """Code that several departments have, in several years → the last of them."""

    def open(self, piece: DepartmentPiece) -> DepartmentPiece:
        """The piece with its projects."""
        codes, rows = self._shelf.list_codes(piece.number), self._rows.get(piece.number)
        return replace(piece, codes=codes, listed=None if rows is None else self._take_listed(rows))

    def is_shared(self, piece: DepartmentPiece) -> bool:
        """One of its codes is of another department too."""
        return not self._shared.keys().isdisjoint(piece.codes)

    def find_owners(self, piece: DepartmentPiece) -> Mapping[str, str]:
        """Code → the department that gets the findings about it."""
        return {code: self._shared.get(code, piece.department) for code in piece.codes}

    def _take_listed(self, rows: Sequence[int]) -> ExpectedProjects:
        projects = take_projects(self._projects or (), rows)
        own: dict[tuple[int, str], int] = {}
        for row, named in zip(rows, list_names(projects), strict=True):
            key = (named.year, named.code)
            own[key] = max(own.get(key, 0), self._places[row])
        return ExpectedProjects(projects=projects, places=own)

    def _cut_list(self, projects: Sequence[Project]) -> Iterator[str]:
        """Store the pieces of the list; yields the department of each."""
        names = list_names(projects)
        rows: dict[str, array[int]] = {}
        for row, project in enumerate(names):
            rows.setdefault(project.department, array("l")).append(row)
        self._places = places = array("l", bytes(array("l").itemsize * len(names)))
        for place, row in enumerate(chain.from_iterable(rows.values()), 1):
            places[row] = place
        repeated: dict[str, list[int]] = {}
        for code, row in self._shelf.list_repeated():
            repeated.setdefault(code, []).append(row)
        for department, listed in rows.items():
            own: dict[str, Sequence[int]] = {}
            for row in listed:
                code = names[row].code
                own[code] = repeated.get(code, (row,))
            whole = not repeated.keys().isdisjoint(own)
            for some in [[*own]] if whole else _cut([*own]):
                number = len(self._rows) + 1
                self._rows[number] = array("l", (row for code in some for row in own[code]))
                self._shelf.add_piece(number, some)
                yield department

    def _find_departments(self, decide: Callable[[str], Sequence[str]]) -> list[str]:
        """Store the pieces that the files name; gives the department of each."""
        numbers: dict[str, int] = {}
        for code, departments in self._shelf.list_departments():
            for department in departments if len(departments) == 1 else decide(code):
                self._shelf.add_piece(numbers.setdefault(department, len(numbers) + 1), [code])
        return [*numbers]


def _cut(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    """As few pieces as possible, of about equal size."""
    count = -(-len(codes) // AT_ONCE)
    return (codes[len(codes) * at // count : len(codes) * (at + 1) // count] for at in range(count))
