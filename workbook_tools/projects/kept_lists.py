"""What was read of a project list is kept, and taken again as long as the list has not changed, nor what it is read by.

Every project of a list is judged by its scheme, and the list is weighed in another process before: none of that is done for a list that was
read before. An entry is JSON under the seal of the office's keys (:mod:`~workbook_tools.files.sealed_store`), by the place of its list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.findings import Finding
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.stored_projects import ListedProjects, StoredName, StoredProjects, pack_projects

_FILE = ".toml"
"""A scheme may be named by its file, wherever that lies: what it says is not known here."""


@dataclass(frozen=True, slots=True)
class _KeptList:
    """A list as it was read, but for its projects, which stand behind it."""

    made_from: str
    year: int
    authority: str
    scheme: str
    findings: Sequence[Finding]
    names: Sequence[StoredName]


class KeptLists:
    """What is known of the lists of a working folder."""

    def __init__(self, records: KeptRecords, *facts: object) -> None:
        """``facts``: all that it depends on how a list is read, but for the list itself and the program."""
        self._records, self._facts = records, facts

    def look_at(self, path: Path) -> str:
        """A digest of all that it depends on what is read of a list now. Raises OSError."""
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._records.name(path.name, content, *self._facts)

    def find(self, path: Path) -> tuple[ListedProjects, list[Finding]] | None:
        """What was read of the list as it is; ``None`` where it is to be read. Raises OutputError where the disk is full."""
        found = self._records.find(_KeptList, _name(path))
        try:
            if found is None or found[0].made_from != self.look_at(path):
                return None
        except OSError:  # told by who reads it
            return None
        kept, data = found
        projects = StoredProjects.restore(kept.names, data)
        return ListedProjects(kept.year, kept.authority, kept.scheme, projects), [*kept.findings]

    def keep(
        self, path: Path, made_from: str, listed: ListedProjects, findings: Sequence[Finding], schemes: Collection[str]
    ) -> None:
        """Keep what was read of a list that was ``made_from`` this, unless it was changed meanwhile or holds what would not come back the same;
        ``schemes`` are those that its projects name."""
        named = {listed.scheme, *schemes}
        if not listed.projects or any(scheme.endswith(_FILE) for scheme in named) or self.look_at(path) != made_from:
            return
        packed = pack_projects(listed.projects)
        if packed:
            kept = _KeptList(made_from, listed.year, listed.authority, listed.scheme, findings, packed[0])
            self._records.keep(_KeptList, _name(path), kept, packed[1])


def _name(path: Path) -> str:
    """One entry for each place, that of the list which lies there now."""
    return path.resolve().as_posix()
