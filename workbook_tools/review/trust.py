"""How far a file that came back can be trusted, and why no further. It is judged here and nowhere else.

The seal tells whose key signed the workbook; only the ledger knows whether it is the last issue of its project. The ledger's
facts come in as an :class:`IssueBook`; without one no workbook can be 本期下发.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.core.trust import Trust, Verdict
from workbook_tools.form.identity import Issue, SealState, unpack_project
from workbook_tools.projects.differences import compare_projects
from workbook_tools.rules.scheme import Scheme
from workbook_tools.rules.scheme_tools import differences

if TYPE_CHECKING:
    from workbook_tools.review.reviewed_file import ReviewedFile

ProjectYear = tuple[int, str]
"""Year and code: what tells projects apart."""
_LISTED = 12
"""A finding lists at most so many differences."""


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """The form that was issued to a project, as far as a review depends on it."""

    layout_version: str
    project: Project
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class IssueBook:
    """What the ledger knows about issues, and about returned copies that came back."""

    issues: Mapping[ProjectYear, Sequence[Issue]]
    """The issues of each project, the last one last."""
    read: Callable[[Collection[Issue]], Mapping[str, IssuedForm]]
    """Issues → id of each → the form that was issued; those that cannot be read are missing. Called in other processes, too."""
    rounds: Mapping[ProjectYear, Mapping[str, int]]
    """Project → id of an issue → the last return of which a copy has come back since that issue: a new issue is not older than copies
    of earlier ones."""
    faults: list[str] = field(default_factory=list)
    """Why something could not be read, as sentences for the user; ``read`` adds to them."""


_BY_SEAL = {
    SealState.FOREIGN: Verdict(Trust.ELSEWHERE, "别处的密钥签名", "TAMPER15"),
    SealState.UNKNOWN_KEY: Verdict(Trust.ELSEWHERE, "签名的密钥不在本机，没有核验"),
    SealState.PUBLIC: Verdict(Trust.BLANK_FORM, "空白表的密钥是公开的，谁都可以做一份", "TAMPER16"),
    SealState.FORGED: Verdict(Trust.BLANK_FORM, "用空白表的公开密钥冒充下发的工作簿"),
    SealState.REVOKED: Verdict(Trust.UNVERIFIED, "签名的密钥已作废"),
    SealState.BROKEN: Verdict(Trust.UNVERIFIED, "标识信息与签名不符"),
    SealState.VALUES_ONLY: Verdict(Trust.UNVERIFIED, "不是 .xlsx 格式，锁定的内容无法核对"),
    SealState.NONE: Verdict(Trust.HAND_MADE, "没有签名的手工表"),
}
_TRUSTED = Verdict(Trust.CURRENT)
_NO_LEDGER = Verdict(Trust.SUPERSEDED, "签名有效，但没有台账可以对照，不知道是不是最近一次下发的")
_NOT_RECORDED = Verdict(Trust.SUPERSEDED, "签名有效，但台账里没有这一次下发", "TAMPER14")


def judge_files(files: Iterable[ReviewedFile], book: IssueBook | None, listed: Mapping[str, int]) -> list[ReviewedFile]:
    """The files, with a verdict on each that holds a project. ``listed``: code → its year on the project list; empty if there is no
    list."""
    items = list(files)
    forms = book.read({last for item in items if (last := _find_newer_issue(item, book))}) if book else {}
    judged = [(item, _judge(item, book, forms, listed)) for item in items]
    here: dict[ProjectYear, int] = {}
    for item, verdict in judged:
        if verdict and verdict.trust is Trust.CURRENT and item.project:
            key = (item.project.year, item.project.code)
            here[key] = max(item.round, here.get(key, 0))
    return [_mark(item, _weigh_round(verdict, item, book, here)) for item, verdict in judged]


def tell_trust(item: ReviewedFile) -> Iterator[Finding]:
    """Findings about a file that counts: why it is not the last issue, and what was taken from it all the same."""
    verdict, project = item.verdict, item.project
    if verdict is None or not verdict.code or project is None:
        return
    taken = f"；其中 {len(item.answers)} 条单位说明也取自本文件" if item.answers else ""
    message = f"{verdict.trust}：{verdict.reason}{taken}"
    yield finding(verdict.code, message, project_code=project.code, file=item.file)


def _find_issues(item: ReviewedFile, book: IssueBook) -> Sequence[Issue]:
    """The issues of its project, the last one last."""
    return book.issues.get((item.project.year, item.project.code), ()) if item.project else ()


def is_last_issue(issue: Issue, issues: Sequence[Issue]) -> bool:
    """It is one of these issues, with the same content as the last of them."""
    return issue in issues and issue.digest == issues[-1].digest


def _find_newer_issue(item: ReviewedFile, book: IssueBook) -> Issue | None:
    """The last issue of its project, if the file is of an earlier one with other content."""
    issues = _find_issues(item, book)
    return issues[-1] if item.issue in issues and not is_last_issue(item.issue, issues) else None


def _judge(
    item: ReviewedFile, book: IssueBook | None, forms: Mapping[str, IssuedForm], listed: Mapping[str, int]
) -> Verdict | None:
    """How far a file can be trusted, apart from its return round."""
    project = item.project
    if project is None:
        return None
    seal = SealState.NONE if project.imported else item.seal
    if seal is not SealState.OWN:
        return _BY_SEAL[seal]
    year = listed.get(project.code, 0)
    if project.year < year:
        return Verdict(Trust.SUPERSEDED, f"是 {project.year} 年度下发的，本次是 {year} 年度")
    if book is None:
        return _NO_LEDGER
    if item.issue not in _find_issues(item, book):
        return _NOT_RECORDED
    last = _find_newer_issue(item, book)
    return _compare_issues(item, last, forms.get(last.id)) if last else _TRUSTED


def _compare_issues(item: ReviewedFile, last: Issue, now: IssuedForm | None) -> Verdict:
    """The verdict on a file of an earlier issue: does that differ in anything that matters from the last one, ``now``?"""
    which = f"是第 {item.issue.round} 次下发的，最近一次是第 {last.round} 次"
    if now is None:
        return Verdict(Trust.SUPERSEDED, which, "TAMPER13")
    changes = list(_compare(item, now))
    if not changes:  # only deadline or contact differ
        return _TRUSTED
    return Verdict(Trust.SUPERSEDED, f"{which}，不同之处（本文件 → 最近下发）：{_list(changes)}", "TAMPER13")


def _weigh_round(
    verdict: Verdict | None, item: ReviewedFile, book: IssueBook | None, here: Mapping[ProjectYear, int]
) -> Verdict | None:
    """The verdict, lowered if a copy of a later return came back earlier and is not ``here`` now: then this file is outdated.

    If that copy is here, the order of files decides (:mod:`workbook_tools.review.precedence`).
    """
    if book is None or item.project is None or verdict is None or verdict.trust is not Trust.CURRENT:
        return verdict
    key = (item.project.year, item.project.code)
    last = book.rounds.get(key, {}).get(item.issue.id, 0)
    if here[key] >= last:
        return verdict
    own = f"第 {item.round} 次退回的副本" if item.round else "没有退回过的表"
    return Verdict(Trust.SUPERSEDED, f"以前报来过第 {last} 次退回的副本，本文件是{own}", "TAMPER18")


def list_changes(item: ReviewedFile, listed: Project) -> str:
    """How the project as issued in a file differs from the list; blank if the issue cannot be read."""
    before = unpack_project(item.issued_project)
    return _list([*compare_projects(before, listed)]) if before else ""


def _mark(item: ReviewedFile, verdict: Verdict | None) -> ReviewedFile:
    if verdict is None or item.project is None:
        return item
    facts = {"trust": verdict.trust, "trust_reason": verdict.reason}
    return replace(item, project=item.project.model_copy(update=facts), verdict=verdict)


def _compare(item: ReviewedFile, now: IssuedForm) -> Iterator[str]:
    """How a file differs from the last issue: columns of the list, settings of the scheme, the form."""
    if (before := unpack_project(item.issued_project)) is not None:
        yield from compare_projects(before, now.project)
    if item.scheme and item.scheme.digest != now.scheme.digest:
        changed = [f"评分方案－{change}" for change in differences(item.scheme, now.scheme)]
        yield from changed
        if not changed and item.scheme.id != now.scheme.id:
            yield f"评分方案：{item.scheme.id} → {now.scheme.id}"
    version = item.project.layout_version if item.project else ""
    if version != now.layout_version:
        yield f"模板版本：{version} → {now.layout_version}"


def _list(changes: Sequence[str]) -> str:
    more = f"；等 {len(changes)} 处" if len(changes) > _LISTED else ""
    return "；".join(changes[:_LISTED]) + more
