"""What the tests of the ledger record, and how they record at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import Any

import result_builder
from sqlalchemy import Engine

from workbook_tools.campaign.ledger import (
    IssuedFile,
    Ledger,
    MatterRecord,
    PackedZip,
    PublishedFile,
    ReceivedFile,
    ReturnedFile,
    database,
)
from workbook_tools.campaign.ledger.migrating import migrate
from workbook_tools.campaign.ledger.records import DisclosedFacts, ProjectKey, PublicCount
from workbook_tools.campaign.ledger.reviewed_parts import describe_part
from workbook_tools.core import findings
from workbook_tools.core.codes import Severity
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import Acceptor
from workbook_tools.review.states import mark_states


def day(number: int, hour: int = 1) -> datetime:
    """A day of March 2025, at 9 o'clock in China."""
    return datetime(2025, 3, number, hour, tzinfo=UTC)


TENTH = day(10)


def issued(code: str = "P001", sha256: str = "i1", **changes: Any) -> IssuedFile:
    facts = {
        "name": "农村道路养护经费",
        "department": "示例县交通运输局",
        "unit": "示例县公路段",
        "file": f"下发/{code}.xlsx",
    }
    identity = {"key_id": "k1", "layout_version": "1", "scheme": "mof-2020", "scheme_sha256": "s1"}
    return IssuedFile(**{"year": 2024, "code": code, "sha256": sha256, **facts, **identity, **changes})


def received(code: str = "P001", sha256: str = "r1", modified: datetime = TENTH, **changes: Any) -> ReceivedFile:
    facts = {"year": 2024, "file": f"{sha256}.xlsx"}
    return ReceivedFile(**{"code": code, "sha256": sha256, "modified_at": modified, **facts, **changes})


def record_review(
    ledger: Ledger, parts: Iterable[tuple[ReviewResult, Sequence[ReceivedFile]]], at: datetime, own: Container[str] = ()
) -> None:
    """Record a review of these results with their files."""
    ledger.record_parts(starmap(describe_part, parts), at, own)


def result(file: ReceivedFile, errors: int = 0, total: float | None = 90.123456789, grade: str = "优") -> ReviewResult:
    """A review in which only this file's project counts; it found something in an older file of the project too."""
    row = result_builder.project(1, code=file.code, year=file.year, file=file.file, total_score=total, grade=grade)
    severities = [Severity.ERROR] * errors + [Severity.WARNING] * 2 + [Severity.INFO]
    told = [result_builder.finding_row(row, severity=severity) for severity in severities]
    older = result_builder.finding_row(row, severity=Severity.ERROR, file="旧的.xlsx")
    return mark_states(ReviewResult(scheme="mof-2020", year=2024, projects=(row,), findings=(older, *told)))


def told(answer: str, place: str = "p1", facts: str = "f1", version: str = "") -> UnitAnswer:
    return UnitAnswer(
        code="FUND01", place=place, facts=facts, question="执行资金大于到位资金", answer=answer, version=version
    )


def together(number: int, work: Callable[[int], object]) -> None:
    """Run the work in several threads that start at the same moment; their faults are ours."""
    start, faults = threading.Barrier(number), []

    def run(index: int) -> None:
        start.wait()
        try:
            work(index)
        except Exception as exc:
            faults.append(exc)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise ExceptionGroup("in the threads", faults)


def accepted(ledger: Ledger) -> dict[ProjectKey, dict[str, Acceptor]]:
    """Who has accepted which version, by project and SHA-256."""
    found = ledger.find_accepted([2024]).items()
    return {project: {digest: version.acceptor for digest, version in versions.items()} for project, versions in found}


def tell_story(ledger: Ledger) -> None:
    """A bit of everything that a ledger records: two projects, one of them accepted, one dismissed and taken up again."""
    first, second = received(answers=(told("次年到账"),)), received("P002", "r2")
    ledger.record_issued([issued(), issued("P002", "i2")], day(1))
    record_review(ledger, [(result(first, errors=1), [first])], day(11))
    ledger.record_returned([ReturnedFile(2024, "P001", "退回/P001.xlsx")], day(12))
    record_review(ledger, [(result(second), [second])], day(13))
    record_review(ledger, [(result(first), [first])], day(14), own=["r2"])
    record_review(ledger, [(result(second), [second])], day(15))
    asked = next(row for row in result(first).findings if row.severity is Severity.WARNING and row.file == first.file)
    ruled = replace(asked, answer="次年到账", ruling=findings.ACCEPTED, ruling_reason="凭证已核", ruled_by="王强")
    ledger.record_rulings(mark_states(result(first).model_copy(update={"findings": (ruled,)})), day(16))
    ledger.accept([(2024, "P001")], "王强", day(17))


def tell_sendings(ledger: Ledger) -> None:
    """What left the office after that: a zip for a department, a public version, and what a unit has to mend."""
    ledger.record_packed([PackedZip(2024, "示例县交通运输局", "下发/a.zip", "z1", ((2024, "P001", ""),))], day(18))
    ledger.record_published([PublishedFile(2024, "P001", "公开/P001.xlsx", "p1")], day(18))
    disclosed = DisclosedFacts(
        2024, "示例县交通运输局", "李敏", opened_on="2025-03-18", address="http://www.example.gov.cn/1"
    )
    ledger.record_disclosure([PublicCount(2024, "示例县交通运输局", 2, 1, 120.5, 90.0)], [disclosed], day(19))
    ledger.record_matters([matter(), matter("答复", who="王强")], day(19))


def matter(step: str = "通知", **changes: Any) -> MatterRecord:
    facts = {
        "department": "示例县交通运输局",
        "unit": "示例县公路段",
        "who": "李敏",
        "due": "",
        "file": "",
        "sha256": "",
    }
    return MatterRecord(
        **{"year": 2024, "matter": "m1", "code": "P001", "step": step, "facts": "{}", **facts, **changes}
    )


def begin_old(location: str | Path, step: str) -> Engine:
    """The database of a ledger as a program of that step made it."""
    if isinstance(location, Path):
        database.begin_file(location, step)
    engine = database._make_engine(database._parse_location(location))
    if not isinstance(location, Path):
        with database.write_transaction(engine) as connection:
            migrate(connection, step)
    return engine
