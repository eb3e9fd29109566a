"""Acceptance is of a file: where another one counts since, the project is accepted no more, and finance is told why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.states import AcceptedVersion
from workbook_tools.core.values import number_text
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.states import EXCHANGED
from workbook_tools.review.trust import ProjectYear

AcceptedVersions = Mapping[ProjectYear, Mapping[str, AcceptedVersion]]
"""Project → SHA-256 of each accepted version → how it was accepted; the last one last."""


def tell_exchanged(
    kept: Sequence[ReviewedFile], files: Collection[ReviewedFile], accepted: AcceptedVersions
) -> Iterator[Finding]:
    """A finding about each project of which another file was accepted than the one that counts; ``files`` are all that came.

    A file with the same content (saved again, by another program) is told for the record: the project has to be accepted again all the same.
    """
    for item in kept if accepted else ():
        row = item.project
        versions = accepted.get((row.year, row.code), {}) if row else {}
        if row and versions and item.sha256 not in versions:
            yield _tell(item, row, versions, {file.sha256: file.file for file in files})


def _tell(
    item: ReviewedFile, row: ProjectRow, versions: Mapping[str, AcceptedVersion], came: Mapping[str, str]
) -> Finding:
    same = next((one for one in versions.values() if one.content and one.content == item.content), None)
    if same:
        message = "接收的一份后来又保存过，内容没有变"
        advice = "再接收一次即可。"
        told = finding(EXCHANGED, message, project_code=row.code, file=item.file, advice=advice)
        return replace(told, severity=Severity.INFO, for_finance=_say_who(same, ""))
    digest, last = [*versions.items()][-1]
    differs, points = "，内容不同" if last.content else "", _compare_points(last, row)
    message = f"接收以后换了文件{differs}{points}"
    told = finding(EXCHANGED, message, project_code=row.code, file=item.file)
    return replace(told, for_finance=_say_who(last, came.get(digest, "")))


def _compare_points(last: AcceptedVersion, row: ProjectRow) -> str:
    then, now = _say_points(last.total, last.grade), _say_points(row.total_score, row.grade)
    if not last.grade and last.total is None:  # nobody had reviewed it
        return ""
    return f"；总分和等级没有变（{now}）" if then == now else f"；接收时{then}，现在{now}"


def _say_points(total: float | None, grade: str) -> str:
    return "、".join(filter(None, ("没有总分" if total is None else f"{number_text(total)}分", grade)))


def _say_who(version: AcceptedVersion, now_at: str) -> str:
    """2025-03-10 14:05 王强接收的是“甲局/P001.xlsx”，还在回收里，没有采用. ``now_at`` is where it lies among what came; blank if it does not."""
    where = f"“{now_at}”，还在回收里，没有采用" if now_at else f"“{version.file}”"
    return f"{version.at} {version.acceptor.who}接收的是{where}"
