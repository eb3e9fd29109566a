"""How far a file that came back can be trusted, and why no further. It is judged here and nowhere else.

The seal says whose key it is; whether the workbook is what the project was issued last only the ledger knows, whose facts
are handed in as an :class:`IssueBook`. Without one no workbook can be 本期下发.
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
"""Differences that a finding lists; who has changed more has issued another form."""


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """What a project was issued, as far as a review depends on it."""

    layout_version: str
    project: Project
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class IssueBook:
    """What the ledger knows of what was issued and of what has come back."""

    issues: Mapping[ProjectYear, Sequence[Issue]]
    """The issues of each project, the last one last."""
    read: Callable[[Collection[Issue]], Mapping[str, IssuedForm]]
    """What was issued then, by the ids of the issues; without those that cannot be read any more. Other processes ask it too."""
    rounds: Mapping[ProjectYear, Mapping[str, int]]
    """Of each project, by the ids of its issues, the last return of which a copy has come back since that issue: what is issued anew is
    no older than the copies of what was issued before."""
    faults: list[str] = field(default_factory=list)
    """Why something could not be read, each as a sentence for the user; what ``read`` meets joins them."""


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
    """The files, each that holds a project with how far it can be trusted. ``listed`` says in which year the project list has
    a code; nothing where there is none."""
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
    """What is to be told of a file that counts: why it is not what was issued last, and what was taken from it all the same."""
    verdict, project = item.verdict, item.project
    if verdict is None or not verdict.code or project is None:
        return
    taken = f"；其中 {len(item.answers)} 条单位说明也取自本文件" if item.answers else ""
    message = f"{verdict.trust}：{verdict.reason}{taken}"
    yield finding(verdict.code, message, project_code=project.code, file=item.file)


def _find_issues(item: ReviewedFile, book: IssueBook) -> Sequence[Issue]:
    """What its project was issued, the last issue last."""
    return book.issues.get((item.project.year, item.project.code), ()) if item.project else ()


def is_last_issue(issue: Issue, issues: Sequence[Issue]) -> bool:
    """It is one of these, and says what the last of them says."""
    return issue in issues and issue.digest == issues[-1].digest


def _find_newer_issue(item: ReviewedFile, book: IssueBook) -> Issue | None:
    """The last issue of its project, where the file is of an earlier one of other content."""
    issues = _find_issues(item, book)
    return issues[-1] if item.issue in issues and not is_last_issue(item.issue, issues) else None


def _judge(
    item: ReviewedFile, book: IssueBook | None, forms: Mapping[str, IssuedForm], listed: Mapping[str, int]
) -> Verdict | None:
    """How far a file can be trusted, its round apart."""
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
    """Of a file of an earlier issue: whether that differs in anything that counts from the last one, which is ``now`` in force."""
    which = f"是第 {item.issue.round} 次下发的，最近一次是第 {last.round} 次"
    if now is None:
        return Verdict(Trust.SUPERSEDED, which, "TAMPER13")
    changes = list(_compare(item, now))
    if not changes:  # nothing but when to send it and whom to ask
        return _TRUSTED
    return Verdict(Trust.SUPERSEDED, f"{which}，不同之处（本文件 → 最近下发）：{_list(changes)}", "TAMPER13")


def _weigh_round(
    verdict: Verdict | None, item: ReviewedFile, book: IssueBook | None, here: Mapping[ProjectYear, int]
) -> Verdict | None:
    """The verdict, unless a copy of a later return has come back before and is not ``here`` now: then this is the older one.

    Where it is here, the order of the files sees to it (:mod:`workbook_tools.review.precedence`).
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
    """In what the project as a file was issued differs from the list; nothing where that cannot be read."""
    before = unpack_project(item.issued_project)
    return _list([*compare_projects(before, listed)]) if before else ""


def _mark(item: ReviewedFile, verdict: Verdict | None) -> ReviewedFile:
    if verdict is None or item.project is None:
        return item
    facts = {"trust": verdict.trust, "trust_reason": verdict.reason}
    return replace(item, project=item.project.model_copy(update=facts), verdict=verdict)


def _compare(item: ReviewedFile, now: IssuedForm) -> Iterator[str]:
    """In what a file differs from what was issued last: columns of the list, settings of the scheme, the form."""
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
