"""What was read of a project list is kept, and taken again as long as the list has not changed, nor what it is read by.

Every project of a list is judged by its scheme, and the list is read in another process before: none of that is done for a list that was
read before. Of a list that has changed since, what was made of each project is known by what its rows say. An entry is JSON under the seal of the
office's keys (:mod:`~workbook_tools.files.sealed_store`), by the place of its list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.copying import make_copier
from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.packed_records import adapter, is_exact, pack_record, unpack_record
from workbook_tools.files.stored_projects import ListedProjects, StoredName, StoredProjects, pack_projects

if TYPE_CHECKING:
    from workbook_tools.projects import known_projects
else:  # a list that has not changed is not read
    known_projects = LateModule("workbook_tools.projects.known_projects")

_FILE = ".toml"
"""A scheme may be named by its file, wherever that lies: what it says is not known here."""
_move = make_copier(Finding, "project_code", "cell", "field")


@dataclass(frozen=True, slots=True)
class _KeptList:
    """A list as it was read, but for what stands behind it: its findings, what was said of each project, its projects."""

    made_from: str
    rules: str
    """Digest of all that it depends on how it was read, but for the list."""
    year: int
    authority: str
    scheme: str
    names: list[StoredName]
    sizes: tuple[int, int]
    """Bytes of the findings, and of what was said."""


@dataclass(frozen=True, slots=True)
class PackedFindings:
    """Findings, most of which say the same of many places."""

    kinds: list[Finding]
    places: list[tuple[int, str, str, str]]
    """Of each its kind; project, cell and field."""

    @classmethod
    def pack(cls, findings: Sequence[Finding]) -> PackedFindings:
        """These; for :meth:`restore`."""
        numbers: dict[Finding, int] = {}
        places = [
            (numbers.setdefault(_move(f, "", "", ""), len(numbers)), f.project_code, f.cell, f.field) for f in findings
        ]
        return cls([*numbers], places)

    def restore(self) -> list[Finding]:
        """Them again."""
        return [_move(self.kinds[number], *place) for number, *place in self.places]


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a list came to when it was read."""

    listed: ListedProjects
    findings: PackedFindings
    schemes: Collection[str]
    """Those that its new projects name."""
    judgements: known_projects.PackedJudgements | None = None
    """What was said of each project, where that is to be known."""


class KeptLists:
    """What is known of the lists of a working folder."""

    def __init__(self, records: KeptRecords, *facts: object) -> None:
        """``facts``: all that it depends on how a list is read, but for the list itself and the program."""
        self._records, self._facts = records, facts

    def look_at(self, path: Path) -> str:
        """A digest of all that it depends on what is read of a list now. Raises OSError."""
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._records.name(path.name, content, *self._facts)

    @property
    def _rules(self) -> str:
        return self._records.name(*self._facts)

    def find(self, path: Path) -> tuple[ListedProjects, list[Finding]] | None:
        """What was read of the list as it is; ``None`` where it is to be read. Raises OutputError where the disk is full."""
        found = self._records.find(_KeptList, _name(path))
        try:
            if found is None or found[0].made_from != self.look_at(path):
                return None
        except OSError:  # told by who reads it
            return None
        kept, data = found
        end, start = kept.sizes[0], sum(kept.sizes)
        findings: PackedFindings = unpack_record(adapter(PackedFindings), data[:end])
        projects = StoredProjects.restore(kept.names, data[start:])
        return ListedProjects(kept.year, kept.authority, kept.scheme, projects), findings.restore()

    def find_known(self, path: Path) -> dict[str, known_projects.EarlierProject]:
        """The projects that the list had when it was read last, by what their rows said, as far as they would come to the same. Raises OutputError."""
        found = self._records.find(_KeptList, _name(path))
        if found is None or found[0].rules != self._rules:
            return {}
        kept, data = found
        end, start = kept.sizes[0], sum(kept.sizes)
        judged: known_projects.PackedJudgements = unpack_record(
            adapter(known_projects.PackedJudgements), data[end:start]
        )
        if not judged.projects:
            return {}
        return judged.restore(StoredProjects.restore(kept.names, data[start:]))

    def keep(self, path: Path, made_from: str, read: ReadList) -> None:
        """Keep what was read of a list that was ``made_from`` this, unless it was changed meanwhile or holds what would not come back the same."""
        listed = read.listed
        named = {listed.scheme, *read.schemes}
        if not listed.projects or any(scheme.endswith(_FILE) for scheme in named) or self.look_at(path) != made_from:
            return
        packed = pack_projects(listed.projects)
        parts = [pack_record(adapter(PackedFindings), read.findings)]
        judgements = read.judgements or known_projects.PackedJudgements([], [])
        parts.append(pack_record(adapter(known_projects.PackedJudgements), judgements))
        if packed and all(map(is_exact, parts)):
            sizes = len(parts[0]), len(parts[1])
            kept = _KeptList(made_from, self._rules, listed.year, listed.authority, listed.scheme, packed[0], sizes)
            self._records.keep(_KeptList, _name(path), kept, b"".join((*parts, packed[1])))


def _name(path: Path) -> str:
    """One entry for each place, that of the list which lies there now."""
    return path.resolve().as_posix()
