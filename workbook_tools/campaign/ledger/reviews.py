"""What reviews have found, as rows of the ledger: the files that came, what was said of each, and what finance has said of answers."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from workbook_tools.campaign.ledger.chain import READMITTED
from workbook_tools.campaign.ledger.events import EventWriter
from workbook_tools.campaign.ledger.records import ProjectKey, ReceivedFile
from workbook_tools.campaign.ledger.reviewed_parts import ReviewedPart, read_outcome
from workbook_tools.campaign.ledger.status import ReviewOutcome
from workbook_tools.campaign.ledger.tables import (
    ANSWER_COUNTS,
    ANSWERED,
    DISMISSED,
    ISSUED,
    RECEIVED,
    REVIEWED,
    RULED,
)
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import FindingCounts, ReviewResult
from workbook_tools.core.trust import Trust

PER_QUERY = 500
"""So many values are queried at a time; databases take a few thousand."""
_RECEIVED_FACTS = ("year", "code", "file", "sha256", "modified_at", "content", "round", "issue_id")
Outcomes = list[tuple[ProjectKey, ReviewOutcome]]


def receive(writer: EventWriter, part: ReviewedPart) -> tuple[Outcomes, set[int]]:
    """Record the files of some projects. Returns the review's outcomes of those that came in one of them, and the numbers of these versions."""
    record_received(writer, part.files)
    versions = read_version_ids(writer.connection, {(file.year, file.code) for file in part.files})
    outcomes = [(key, replace(outcome, version_id=versions[*key, digest])) for key, digest, outcome in part.outcomes]
    return outcomes, {versions[file.year, file.code, file.sha256] for file in part.files}


def list_changed(result: ReviewResult, last: Mapping[ProjectKey, ReviewOutcome]) -> Iterator[dict[str, Any]]:
    """What to record of projects whose outcome has changed since their last recorded review, as long as total and grade are still those of that review."""
    for project in result.projects:
        before = last.get((project.year, project.code))
        if before and (before.total, before.grade) == (project.total_score, project.grade):
            review = read_outcome(project, before.version_id)
            if review != before:
                yield to_columns(review)


def dismiss(writer: EventWriter, years: Collection[int], own: Container[str], sent: Collection[int]) -> None:
    """Mark the versions that are the office's own, unless they were ``sent`` as submissions; these count again."""
    connection = writer.connection
    same = and_(*(ISSUED.c[name] == RECEIVED.c[name] for name in ("year", "code", "sha256")))
    issued = select(RECEIVED.c.id).join(ISSUED, same).where(RECEIVED.c.year.in_(years))
    ours = {*connection.scalars(issued)}
    received = select(RECEIVED.c.id, RECEIVED.c.sha256).where(RECEIVED.c.year.in_(years))
    ours |= {number for number, digest in connection.execute(received) if digest in own}
    writer.add_new(DISMISSED, [{"received_id": number} for number in sorted(ours.difference(sent))])
    dismissed = connection.scalars(select(DISMISSED.c.received_id).order_by(DISMISSED.c.id))
    writer.add(READMITTED, [{"received_id": number} for number in dismissed if number in sent])


def record_received(writer: EventWriter, files: Iterable[ReceivedFile]) -> None:
    """The files, and what units answered in them, the older file first."""
    given = list(files)
    rows = [{**{name: getattr(file, name) for name in _RECEIVED_FACTS}, "trust": file.trust or ""} for file in given]
    writer.add_new(RECEIVED, rows)
    answered = sorted((file for file in given if file.answers), key=lambda file: file.modified_at)
    if not answered:
        return
    versions = read_version_ids(writer.connection, {(file.year, file.code) for file in answered})
    rows = [
        {
            "received_id": versions[file.year, file.code, file.sha256],
            "code": item.code,
            "place": item.place,
            "facts": item.facts,
            "question": item.question,
            "answer": item.answer,
        }
        for file in answered
        for item in file.answers
    ]
    writer.add_new(ANSWERED, rows)


def choose(table: Table, projects: Collection[ProjectKey]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together choose the rows of these projects, and of the same codes in these years."""
    years, codes = sorted({year for year, _ in projects}), sorted({code for _, code in projects})
    for start in range(0, len(codes), PER_QUERY):
        yield and_(table.c.year.in_(years), table.c.code.in_(codes[start : start + PER_QUERY]))


def read_version_ids(connection: Connection, projects: Collection[ProjectKey]) -> dict[tuple[int, str, str], int]:
    """Year, code and SHA-256 of the versions of these projects → their numbers."""
    statement = select(RECEIVED.c.year, RECEIVED.c.code, RECEIVED.c.sha256, RECEIVED.c.id)
    rows = (row for some in choose(RECEIVED, projects) for row in connection.execute(statement.where(some)))
    return {(year, code, digest): number for year, code, digest, number in rows}


QuestionKey = tuple[int, str, str]
"""Year, project code and 编号."""


def name_question(key: QuestionKey) -> dict[str, Any]:
    """As columns."""
    return dict(zip(("year", "code", "number"), key, strict=True))


def list_ruling(row: Finding) -> dict[str, str]:
    """What finance has said of an answer, as columns."""
    return {"answer": row.answer, "ruling": row.ruling, "reason": row.ruling_reason, "who": row.ruled_by}


def read_rulings(connection: Connection, projects: Collection[ProjectKey]) -> dict[QuestionKey, dict[str, str]]:
    """The last ruling of each question about these projects."""
    names = ("answer", "ruling", "reason", "who")
    statement = select(RULED.c.year, RULED.c.code, RULED.c.number, *(RULED.c[name] for name in names)).order_by(
        RULED.c.id
    )
    rows = (row for some in choose(RULED, projects) for row in connection.execute(statement.where(some)))
    return {(year, code, number): dict(zip(names, rest, strict=True)) for year, code, number, *rest in rows}


def to_columns(review: ReviewOutcome) -> dict[str, Any]:
    """For the table of reviews."""
    found = review.findings
    counts = {"errors": found.error, "warnings": found.warning, "infos": found.info}
    counts |= {name: getattr(found, name) for name in ANSWER_COUNTS}
    points = {"total": review.total, "grade": review.grade}
    work = {"complete": int(review.complete), "first_step": review.first_step}
    trust = {"trust": review.trust or "", "trust_reason": review.trust_reason}
    evidence = {"evidence_absent": review.evidence_absent}
    return {"received_id": review.version_id, **counts, **points, **work, **trust, **evidence}


def read_reviews(connection: Connection, projects: Collection[ProjectKey]) -> dict[ProjectKey, ReviewOutcome]:
    """The last review of each of these projects."""
    return find_last_reviews(connection, choose(RECEIVED, projects))


def find_last_reviews(connection: Connection, chosen: Iterable[ColumnElement[bool]]) -> dict[ProjectKey, ReviewOutcome]:
    """The last review of each project of which versions were received as one of these conditions says."""
    columns = (
        REVIEWED.c.received_id,
        REVIEWED.c.errors,
        REVIEWED.c.warnings,
        REVIEWED.c.infos,
        *(REVIEWED.c[name] for name in ANSWER_COUNTS),
        REVIEWED.c.total,
        REVIEWED.c.grade,
        REVIEWED.c.complete,
        REVIEWED.c.first_step,
        REVIEWED.c.trust,
        REVIEWED.c.trust_reason,
        REVIEWED.c.evidence_absent,
    )
    statement = select(RECEIVED.c.year, RECEIVED.c.code, *columns).join_from(REVIEWED, RECEIVED)
    last = {}
    counting = REVIEWED.c.received_id.not_in(select(DISMISSED.c.received_id))
    ordered = statement.where(counting).order_by(REVIEWED.c.id)
    rows = (row for some in chosen for row in connection.execute(ordered.where(some)))
    for year, code, version, errors, warnings, infos, *others, total, grade, complete, step, trust, why, absent in rows:
        rest = dict(zip(ANSWER_COUNTS, others, strict=True))
        found = FindingCounts(error=errors, warning=warnings, info=infos, **rest)
        trusted = Trust(trust) if trust else None
        last[year, code] = ReviewOutcome(version, found, total, grade, bool(complete), step, trusted, why, absent)
    return last
