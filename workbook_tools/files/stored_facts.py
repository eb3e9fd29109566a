"""Facts about very many projects, held on disk: in memory each would take half a kilobyte."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from workbook_tools.files.temporary_data import explain_full_disk, open_temporary_database, read_text, spell_text

Facts = TypeVar("Facts")
_SOME = 500
"""So many codes are queried at a time."""
_TABLES = """
    CREATE TABLE fact (number INTEGER PRIMARY KEY, year INTEGER, code BLOB, data BLOB);
    CREATE INDEX fact_project ON fact (code, year);
"""


class StoredFacts(Mapping[tuple[int, str], Facts]):
    """Facts by year and code of the project, in an unnamed SQLite file that is removed with this object; each is read when it is asked for."""

    def __init__(self, facts: Iterable[tuple[int, str, Any]], make: Callable[[list[Any]], Facts]) -> None:
        """``make`` turns all that there is about a project, in order, into its fact. Raises OutputError if the disk is full."""
        self._make = make
        rows = ((year, spell_text(code), pickle.dumps(fact)) for year, code, fact in facts)
        self._database = open_temporary_database(_TABLES)
        with explain_full_disk():
            self._database.executemany("INSERT INTO fact (year, code, data) VALUES (?, ?, ?)", rows)

    def __getitem__(self, project: tuple[int, str]) -> Facts:
        sql = "SELECT data FROM fact WHERE year = ? AND code = ? ORDER BY number"
        with explain_full_disk():
            found = self._database.execute(sql, (project[0], spell_text(project[1]))).fetchall()
        if not found:
            raise KeyError(project)
        return self._make([pickle.loads(data) for (data,) in found])  # noqa: S301 - put there by this run

    def take(self, codes: Collection[str]) -> dict[tuple[int, str], Facts]:
        """The facts about projects of these codes, of any year, in no particular order."""
        found: dict[tuple[int, str], list[Any]] = {}
        wanted = [*map(spell_text, codes)]
        for start in range(0, len(wanted), _SOME):
            some = wanted[start : start + _SOME]
            sql = f"SELECT year, code, data FROM fact WHERE code IN ({', '.join('?' * len(some))}) ORDER BY number"  # noqa: S608 - question marks
            with explain_full_disk():
                for year, code, data in self._database.execute(sql, some):
                    found.setdefault((year, read_text(code)), []).append(pickle.loads(data))  # noqa: S301 - put there by this run
        return {project: self._make(facts) for project, facts in found.items()}

    def __iter__(self) -> Iterator[tuple[int, str]]:
        sql = "SELECT year, code FROM fact GROUP BY year, code ORDER BY MIN(number)"
        with explain_full_disk():
            for year, code in self._database.execute(sql):
                yield year, read_text(code)

    def __len__(self) -> int:
        return sum(1 for _ in self)
