"""A list in several files: 项目清单.xlsx and what departments have handed in, each its own, in the folder 项目清单 beside it.

A list is read as if there were no other, and let go of; what concerns all of them is looked at by names alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.names import find_variants
from workbook_tools.files.paths import LIST_ENDINGS, find_list_file, is_aside, is_hidden
from workbook_tools.files.stored_projects import ListedProjects, StoredProjects, list_names
from workbook_tools.projects.columns import PROJECT_COLUMNS
from workbook_tools.projects.offices import OFFICES, say_alike
from workbook_tools.projects.reading import read_listing
from workbook_tools.projects.repeated_codes import fold_code, tell_repeated

_UNUSED_ALIAS, _ALIKE = "LIST22", "LIST21"
_LABELS = {column.key: column.label for column in PROJECT_COLUMNS}


ReadList = Callable[[Path], tuple[ListedProjects, list[Finding]]]


def list_lists(folder: Path) -> list[Path]:
    """The list beside the folder, and by name all files of the folder, those that are no lists too; not what
    Excel and systems leave there, nor lists that were replaced."""
    found = (p for p in folder.iterdir() if p.is_file() and not is_hidden(p.name) and not is_aside(p))
    beside = find_list_file(folder)
    return [*([beside] if beside else ()), *sorted(found, key=lambda path: path.name)]


def read_list_folder(folder: Path, year: int, read: ReadList) -> tuple[ListedProjects, list[Finding]]:
    """All projects of the lists in a folder, and of the one beside it, and everything that is wrong with them.

    ``read`` reads one of them. Besides what it says: a code that another list has too is LIST03, names of offices that are alike in different lists
    are LIST21, a file that is no list is LIST15, and LIST22 is told where no list has the name. Raises what ``read`` raises, and OutputError.
    """
    stock = _Stock(folder)
    for path in list_lists(folder):
        shown = f"{folder.name}/{path.name}" if path.parent == folder else path.name
        if path.suffix.lower() in LIST_ENDINGS:
            stock.add(path, shown, *read(path))
        else:
            stock.findings.append(finding("LIST15", file=shown, advice="请移走这个文件，或者另存为 .xlsx。"))
    return ListedProjects(year, stock.authority, stock.scheme, stock.projects), stock.close()


class _Stock:
    """What was read so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.projects = StoredProjects()
        self.authority = self.scheme = ""
        self.findings: list[Finding] = []
        self._lists: list[tuple[Path, str, int]] = []
        """Each list, how it is shown, and the place of its first project."""
        self._owners: dict[str, tuple[str, str]] = {}
        """Code, folded → the list that has it first, and how it writes it."""
        self._unused: Counter[Finding] = Counter()

    def add(self, path: Path, shown: str, listed: ListedProjects, found: Sequence[Finding]) -> None:
        self._lists.append((path, shown, len(self.projects)))
        self.authority, self.scheme = self.authority or listed.authority, self.scheme or listed.scheme
        for item in found:
            if item.code == _UNUSED_ALIAS:
                self._unused[replace(item, file="")] += 1
            else:
                self.findings.append(replace(item, file=shown))
        for named in list_names(listed.projects):
            owner, code = self._owners.setdefault(fold_code(named.code), (shown, named.code))
            if owner != shown:
                message = f"项目编码与“{owner}”里的{tell_repeated(named.code, code)}"
                place = self._find_place(len(self._lists) - 1, named.code, "code")
                self.findings.append(finding("LIST03", message, found=named.code, **place))
        self.projects.extend(listed.projects)

    def close(self) -> list[Finding]:
        """All findings, with those that only show once all lists are read."""
        unused = (
            replace(item, file=self.folder.name) for item, count in self._unused.items() if count == len(self._lists)
        )
        return [*self.findings, *self._compare_offices(), *unused]

    def _compare_offices(self) -> Iterator[Finding]:
        told = {(item.found, item.expected) for item in self.findings if item.code == _ALIKE}
        names = self.projects.names
        for key in OFFICES:
            offices = [getattr(named, key) for named in names]
            times = Counter(offices)
            for name, usual in find_variants(offices).items():
                if (name, usual) in told:
                    continue
                at = offices.index(name)
                number = max(n for n, (_, _, start) in enumerate(self._lists) if start <= at)
                place = self._find_place(number, names[at].code, key)
                yield finding(_ALIKE, say_alike(name, usual, times[name]), found=name, expected=usual, **place)

    def _find_place(self, number: int, code: str, key: str) -> dict[str, Any]:
        """Where a list has a project, or its office: read once more, which is seldom."""
        path, shown, _ = self._lists[number]
        listing, _notes = read_listing(path)
        row = next(row for row in listing.projects if row.code == code) if listing else None
        place = {"sheet": row.sheet, "cell": row.cells.get(key, "")} if row else {}
        return {"file": shown, "project_code": code, "field": _LABELS[key], **place}
