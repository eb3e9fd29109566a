"""The rules of the project list: rows → projects, with a finding for everything that is wrong."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook_tools.core.faces import AnyPath
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ProjectList
from workbook_tools.core.names import NO_ALIASES, Aliases
from workbook_tools.projects.columns import INDICATOR_COLUMN, PROJECT_COLUMNS
from workbook_tools.projects.json_rows import read_json
from workbook_tools.projects.judging import (
    JudgedProject,
    JudgingTerms,
    ListRowReader,
    LoadScheme,
    Said,
    judge_project,
)
from workbook_tools.projects.known_projects import EarlierProject, NewProject, name_rows
from workbook_tools.projects.offices import check_names
from workbook_tools.projects.repeated_codes import fold_code, tell_repeated
from workbook_tools.projects.rows import Listing, ListRow, Notes, read_workbook
from workbook_tools.projects.scale import is_list_in_yuan
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

_CODE = next(column for column in PROJECT_COLUMNS if column.key == "code")
_NONE_KNOWN: Mapping[str, EarlierProject] = {}


def read_projects(
    path: AnyPath,
    *,
    year: int,
    default_scheme: Scheme | None = None,
    load: LoadScheme = load_scheme,
    aliases: Aliases = NO_ALIASES,
) -> tuple[ProjectList, list[Finding]]:
    """The projects of a list (.xlsx or .json), and everything that is wrong with it, all at once.

    A project is left out only where it cannot be built: no code, name, department or unit, or a scheme that
    cannot be loaded. Any other mistake leaves it in, so the caller looks at the errors before it generates:
    one with a ``project_code`` concerns that project, one without concerns the list. ``year`` and ``default_scheme`` (by
    default the one that most offices use) are those of projects which name none. ``load`` gives the scheme of an id or raises
    SchemeError; by default only built-in ones. ``aliases`` are other names of departments and units. Raises WithheldFile; nothing for what is wrong with the file.
    """
    default_scheme = default_scheme or load(DEFAULT_SCHEME)
    judged = judge_listing(
        *read_listing(Path(path)), year=year, default_scheme=default_scheme, load=load, aliases=aliases
    )
    projects = tuple(one.project for one in judged.projects)
    listed = ProjectList(year=judged.year, authority=judged.authority, scheme=judged.scheme, projects=projects)
    return listed, judged.findings


@dataclass(frozen=True, slots=True)
class JudgedList:
    """What a list comes to."""

    year: int
    authority: str
    scheme: str
    projects: Sequence[EarlierProject | NewProject]
    """All projects that can be built, in the order of the list."""
    findings: list[Finding]


def judge_listing(
    listing: Listing | None,
    notes: Notes,
    *,
    year: int,
    default_scheme: Scheme,
    load: LoadScheme,
    aliases: Aliases,
    known: Mapping[str, EarlierProject] = _NONE_KNOWN,
) -> JudgedList:
    """The same of what :func:`read_listing` gave. What rows come to is not found once more of projects that are ``known`` by their keys."""
    if listing is None:
        return JudgedList(year, "", default_scheme.id, (), notes.findings)
    if listing.year and listing.year != year:
        place = {"cell": "year", "field": "年度", "found": listing.year, "expected": year}
        notes.add("LIST15", "清单的年度与本次自评的年度不符", advice="请核对是否用错了清单。", **place)
    usual = "" if listing.scheme == default_scheme.id else listing.scheme
    terms = JudgingTerms(year, default_scheme, load, aliases, usual, listing.has_indicators)
    projects = _ListReader(listing, notes, terms, known).read()
    check_names(listing.projects, aliases, notes)
    notes.name_projects(listing.projects)
    return JudgedList(year, listing.authority, listing.scheme or default_scheme.id, projects, notes.findings)


def read_listing(path: Path, known: Container[str] | None = None) -> tuple[Listing | None, Notes]:
    """The rows of a list as they stand, ``None`` where it cannot be read, and what was found on the way.

    Where some projects may be ``known``, each has its key, and of the known ones of a JSON list there is only what tells one from another.
    """
    notes = Notes(path.name)
    if path.suffix.lower() == ".json":
        return read_json(path, notes, known), notes
    listing = read_workbook(path, notes)
    if listing and known is not None:
        listing.keys = name_rows(listing)
    return listing, notes


def projects_json_schema() -> dict[str, Any]:
    """The JSON Schema of 项目清单.json."""
    from workbook_tools.core.described_schema import describe_model  # no command asks

    return describe_model(ProjectList)


class _ListReader:
    """Puts together what each project's rows come to, and what only shows beside the others; what it has to say goes into ``notes``, in the order of the
    rows."""

    def __init__(
        self, listing: Listing, notes: Notes, terms: JudgingTerms, known: Mapping[str, EarlierProject]
    ) -> None:
        self.notes, self.terms = notes, terms
        self.rows, self.lines, self.has_projects = listing.projects, listing.indicators, listing.has_projects
        self.keys = listing.keys or [""] * len(self.rows)
        self.owners: dict[str, int] = {}
        """Whose each row of an indicator is: the place of the first project of its code."""
        for number, row in enumerate(self.rows):
            self.owners.setdefault(row.owner, number)
        self.own_lines: list[list[ListRow]] = [[] for _ in self.rows]
        for line in self.lines:
            if (owner := self._find_owner(line)) is not None:
                self.own_lines[owner].append(line)
        self.judged: list[EarlierProject | JudgedProject] = [
            known.get(key) or judge_project(row, lines, terms)
            for row, lines, key in zip(self.rows, self.own_lines, self.keys, strict=True)
        ]

    def _find_owner(self, line: ListRow) -> int | None:
        return self.owners.get(line.owner) if line.owner else None

    def read(self) -> list[EarlierProject | NewProject]:
        """All projects that can be built, in the order of the list."""
        for number, one in enumerate(self.judged):
            self._tell(number, one.said.row)
        self._check_codes()
        self._tell_lines()
        times = Counter(row.code for row in self.rows)
        built = [one.amounts for one in self.judged if isinstance(one, EarlierProject) or one.project]
        in_yuan = is_list_in_yuan(built, self.notes)
        for number, one in enumerate(self.judged):
            if times[self.rows[number].code] == 1:
                self._tell(number, one.said.weights)
            if not in_yuan:
                self._tell(number, one.said.scale)
        each = (self._complete(number, one) for number, one in enumerate(self.judged))
        return [project for project in each if project]

    def _complete(self, number: int, one: EarlierProject | JudgedProject) -> EarlierProject | NewProject | None:
        if isinstance(one, EarlierProject):
            return one
        owner = self.judged[self.owners[self.rows[number].owner]]
        project = one.complete(owner) if isinstance(owner, JudgedProject) else None
        return NewProject(self.keys[number], one.said, one.amounts, project) if project else None

    def _tell(self, number: int, said: Iterable[Said]) -> None:
        row, lines = self.rows[number], self.own_lines[number]
        self.notes.findings += [one.place(self.notes.file, row, lines) for one in said]

    def _check_codes(self) -> None:
        """A code that another row has already, however it is written."""
        first: dict[str, ListRow] = {}
        for row in (row for row in self.rows if row.code):
            earlier = first.setdefault(fold_code(row.code), row)
            if earlier is not row:
                message = f"项目编码与 {earlier.cells['code']} {tell_repeated(row.code, earlier.code)}"
                self.notes.at(row, _CODE, "LIST03", message, found=row.code)

    def _tell_lines(self) -> None:
        """What is said of the rows of indicators, in their order, whosever they are."""
        waiting = [deque(one.said.lines) for one in self.judged]
        passed = [0] * len(self.rows)
        stray = ListRowReader(self.terms, self.notes)
        for line in self.lines:
            owner = self._find_owner(line)
            if owner is None:
                self._tell_stray(line)
                stray.read_indicator(line, None)
                continue
            while waiting[owner] and waiting[owner][0].line == passed[owner]:
                self._tell(owner, [waiting[owner].popleft()])
            passed[owner] += 1

    def _tell_stray(self, line: ListRow) -> None:
        """A row of an indicator that is of no project."""
        if line.owner and self.has_projects:
            alike = [code for code in self.owners if code and code.lstrip("0") == line.code.lstrip("0")]
            expected = alike[0] if len(alike) == 1 else ""
            self.notes.at(line, INDICATOR_COLUMN["code"], "LIST08", found=line.code, expected=expected)
