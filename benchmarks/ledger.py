"""What the ledger takes of a large issue and review, in a file and on a PostgreSQL server of this computer: it alone is told, no workbook is drawn.

    python benchmarks/ledger.py --projects 20000

Prints seconds by the clock, those of the processor in this process (the server's own are elsewhere), and how often the database was asked or told: each time a
server in another room costs a way there and back, a batch of rows counting once.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path

from sqlalchemy import event

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import postgres

from workbook_tools.campaign.ledger import IssuedFile, Ledger, ReceivedFile
from workbook_tools.campaign.ledger.reviewed_parts import describe_part
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.form.identity import Issue, SigningKey, pack_project
from workbook_tools.review.folder import review_folder
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

NOW, YEAR = datetime(2025, 3, 1, tzinfo=UTC), 2021
PART = 500
"""Projects of a department."""


class Office:
    """Projects like one that was really issued and reviewed."""

    def __init__(self, count: int) -> None:
        self.count, key = count, SigningKey.new()
        project = next(item for item in load_example().projects if item.year == YEAR)
        with tempfile.TemporaryDirectory() as folder:
            generate([project], folder, key, prefill=True)
            result = review_folder(folder, keys={key.id: key}, workers=1).result
        self._row, self._head, self._project = result.projects[0], result, project
        self._packed, self._scheme = pack_project(project), load_scheme("quwo")

    def list_issued(self) -> Iterator[IssuedFile]:
        """What generate tells."""
        for number in range(self.count):
            digest, project = _digest(f"issued {number}"), self._project
            yield IssuedFile(
                YEAR,
                _name(number),
                project.name,
                project.department,
                project.unit,
                f"下发/{number}.xlsx",
                digest,
                "abcdef01",
                "1",
                self._scheme.id,
                self._scheme.digest,
                digest[:16],
                1,
                digest,
                self._packed,
                self._scheme.content_text,
            )

    def list_parts(self) -> Iterator[tuple[ReviewResult, list[ReceivedFile]]]:
        """What review tells, department by department."""
        for start in range(0, self.count, PART):
            numbers = range(start, min(start + PART, self.count))
            rows = tuple(self._row.model_copy(update={"code": _name(n), "file": f"{n}.xlsx"}) for n in numbers)
            files = [
                ReceivedFile(
                    YEAR,
                    _name(n),
                    f"{n}.xlsx",
                    _digest(f"received {n}"),
                    NOW,
                    content=_digest(str(n)),
                    trust=self._row.trust,
                )
                for n in numbers
            ]
            yield self._head.model_copy(update={"projects": rows, "findings": (), "missing": ()}), files


def _name(number: int) -> str:
    return f"P{number:06}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def measure(place: Path | str, office: Office) -> None:
    """Tell a new ledger all of it, then the same again, and ask it what generate and review ask."""
    with Ledger.open(place) as ledger:
        asked: list[str] = []
        event.listen(ledger._engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        issues = [Issue(_digest(f"issued {number}")[:16], 1, "") for number in range(office.count)]
        steps: dict[str, Callable[[], object]] = {
            "generate 登记": lambda: ledger.record_issued(office.list_issued(), NOW),
            "review 查询": lambda: (
                ledger.find_issues([YEAR]),
                ledger.find_rounds([YEAR]),
                ledger.find_contents([YEAR]),
            ),
            "review 查询下发的内容": lambda: ledger.read_issued_forms(issues[:PART]),
            "review 登记": lambda: ledger.record_parts(starmap(describe_part, office.list_parts()), NOW),
            "再 generate 登记（没有变化）": lambda: ledger.record_issued(office.list_issued(), NOW),
            "再 review 登记（没有变化）": lambda: ledger.record_parts(starmap(describe_part, office.list_parts()), NOW),
        }
        for name, step in steps.items():
            asked.clear()
            begun, used = time.perf_counter(), time.process_time()
            step()
            took, used = time.perf_counter() - begun, time.process_time() - used
            print(f"| {name} | {took:.1f} | {used:.1f} | {len(asked)} |", flush=True)


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=20_000)
    office = Office(parser.parse_args().projects)
    with tempfile.TemporaryDirectory() as folder:
        print("| SQLite | 秒 | 处理器（秒） | 语句 |\n| --- | --- | --- | --- |")
        measure(Path(folder, "ledger.sqlite3"), office)
    programs = postgres.programs()
    if programs is None:
        raise SystemExit("没有安装 PostgreSQL。")
    with postgres.server(programs) as server:
        print("\n| PostgreSQL | 秒 | 处理器（秒） | 语句 |\n| --- | --- | --- | --- |")
        measure(server.new_database(), office)


if __name__ == "__main__":
    main()
