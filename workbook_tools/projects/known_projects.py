"""What was made of the projects of a list, kept so that only those whose rows have changed are read once more."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.files.stored_projects import StoredName, StoredProjects, join_packed, pack_project, unpack_project
from workbook_tools.projects.judging import Said, SaidOfProject
from workbook_tools.projects.rows import Listing, ListRow


@dataclass(frozen=True, slots=True)
class EarlierProject:
    """A project as it was made of rows that say the same."""

    key: str
    said: SaidOfProject
    amounts: Sequence[float]
    """Of its budgets, in 万元."""
    name: StoredName
    data: bytes
    """The project, packed."""

    @property
    def project(self) -> Project:
        """The project, unpacked."""
        return unpack_project(self.data)

    def pack(self) -> tuple[StoredName, bytes]:
        """As :func:`pack_project`."""
        return self.name, self.data


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project that was read now."""

    key: str
    """Blank where it depends on more than its own rows."""
    said: SaidOfProject
    amounts: Sequence[float]
    project: Project

    def pack(self) -> tuple[StoredName, bytes]:
        """As :func:`pack_project`."""
        return pack_project(self.project)


def name_rows(listing: Listing) -> list[str]:
    """The keys of a workbook's projects: digests of what their rows say; blank where rows are of several projects, or of none."""
    lines: dict[str, list[ListRow]] = defaultdict(list)
    for line in listing.indicators:
        lines[line.owner].append(line)
    times: dict[str, int] = defaultdict(int)
    for row in listing.projects:
        times[row.owner] += 1
    return [
        _digest(listing.has_indicators, row.values, [line.values for line in lines[row.owner]])
        if row.owner and times[row.owner] == 1
        else ""
        for row in listing.projects
    ]


def _digest(*facts: object) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


# -- as data ----------------------------------------------------------------------------------------------------------

_PlacedSaid = tuple[int, int, str]
"""Which finding, and of which line and column."""


@dataclass(frozen=True, slots=True)
class PackedJudgements:
    """What was said of projects; each finding stands once, however many projects it is said of."""

    findings: list[Finding]
    projects: list[tuple[str, list[float], list[list[_PlacedSaid]]]]
    """Of each its key, amounts, and what is said of it, part by part."""

    def restore(self, packed: StoredProjects) -> dict[str, EarlierProject]:
        """The projects by their keys; they lie ``packed`` in the same order."""

        def open_part(part: Sequence[_PlacedSaid]) -> list[Said]:
            return [Said(self.findings[number], line, column) for number, line, column in part]

        return {
            key: EarlierProject(key, SaidOfProject(*map(open_part, parts)), amounts, name, data)
            for (key, amounts, parts), (name, data) in zip(self.projects, packed.pack_each(), strict=True)
            if key
        }


def pack_judgements(projects: Iterable[EarlierProject | NewProject]) -> PackedJudgements:
    """What was said of these."""
    numbers: dict[Finding, int] = {}

    def pack_part(part: Iterable[Said]) -> list[_PlacedSaid]:
        return [(numbers.setdefault(said.finding, len(numbers)), said.line, said.column) for said in part]

    packed = []
    for one in projects:
        said = one.said
        parts = [pack_part(part) for part in (said.row, said.lines, said.weights, said.scale)]
        packed.append((one.key, [*one.amounts], parts))
    return PackedJudgements([*numbers], packed)


def pack_all(projects: Sequence[EarlierProject | NewProject]) -> StoredProjects:
    """The projects themselves."""
    packed = join_packed(one.pack() for one in projects)
    if packed:
        return StoredProjects.restore(*packed)
    return StoredProjects(one.project for one in projects)
