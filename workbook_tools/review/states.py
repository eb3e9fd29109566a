"""The order of work: the state of every project of a result, and the first thing to do about it, as a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.questions import is_question
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult, count_by_severity
from workbook_tools.core.states import Acceptor, State, judge_state

EXCHANGED = "FILE27"
"""Another file counts than the one that was accepted."""
_LONG = 40
"""Characters of a message that a first step quotes; 问题清单 has it whole."""


def mark_states(result: ReviewResult, accepted: Mapping[str, Acceptor] | None = None) -> ReviewResult:
    """The result with the counts, state and first step of each project brought up to date with its findings.

    ``accepted``: project code → who has accepted it; by default acceptance stays as it is. To be called after any change of
    findings, answers or acceptance.
    """
    projects = []
    for project, own in group_findings(result.projects, result.findings):
        acceptor = find_acceptor(project) if accepted is None else accepted.get(project.code)
        projects.append(_mark_project(project, own, acceptor))
    missing = (row.model_copy(update={"first_step": _say_missing(row)}) for row in result.missing)
    return result.model_copy(update={"projects": tuple(projects), "missing": tuple(missing)})


def group_findings(
    projects: Iterable[ProjectRow], findings: Iterable[Finding]
) -> Iterator[tuple[ProjectRow, list[Finding]]]:
    """Each project with the findings about the file that counts, without those about older versions."""
    found: dict[str, list[Finding]] = {}
    for row in findings:
        found.setdefault(row.project_code, []).append(row)
    for project in projects:
        yield project, [row for row in found.get(project.code, ()) if row.file in ("", project.file)]


def find_unused_files(result: ReviewResult) -> set[str]:
    """The files with errors that hold no project that counts (damaged, not listed), without finance's own workbooks and mistakes of its list."""
    counted = {(project.file, project.code) for project in result.projects}
    sent = (row for row in result.findings if row.file and not row.is_about_judgement and not row.is_in_the_list)
    errors = (row for row in sent if row.severity is Severity.ERROR and not row.of_the_list)
    return {row.file for row in errors if (row.file, row.project_code) not in counted}


def find_acceptor(project: ProjectRow) -> Acceptor | None:
    """Who has accepted a project, by the result."""
    return Acceptor(project.accepted_by, project.accepted_because) if project.accepted_by else None


def _mark_project(project: ProjectRow, own: Sequence[Finding], acceptor: Acceptor | None) -> ProjectRow:
    counts = count_by_severity(row for row in own if not row.is_about_judgement)
    state = judge_state(counts.error, counts.to_answer, complete=project.complete, accepted=acceptor is not None)
    accepted = acceptor or Acceptor("")
    facts = {"accepted_by": accepted.who, "accepted_because": accepted.because}
    step = acceptor.sentence if acceptor else _say_first_step(project, own, state)
    return project.model_copy(update={"findings": counts, "state": state, "first_step": step, **facts})


def drop_exchanged(result: ReviewResult, codes: Collection[str]) -> ReviewResult:
    """The result without what was told of exchanged files of these projects, of which the file that counts is accepted now."""
    left = tuple(row for row in result.findings if row.code != EXCHANGED or row.project_code not in codes)
    return result.model_copy(update={"findings": left})


def _say_exchanged(own: Iterable[Finding]) -> str:
    """What comes before the acceptance of a project of which another file was accepted; blank for most."""
    told = next((row for row in own if row.code == EXCHANGED), None)
    if told is None:
        return ""
    return "只是重新保存过，再" if told.severity is Severity.INFO else "接收以后换了文件，核对换了什么，再"


def _say_first_step(project: ProjectRow, own: Iterable[Finding], state: State) -> str:
    if state is State.READY and not project.trust.is_accepted_in_bulk:
        return f"是{project.trust}，先核实；采用的，写明理由接收：wbt accept {project.code} --because 理由"
    if state is State.READY:
        return f"{_say_exchanged(own)}接收：wbt accept {project.code}"
    first = find_first(own)
    if state is State.TO_EXPLAIN:
        return f"请单位说明，先看 {_say_place(first)}" if first else "请单位说明"
    if first is None or first.severity is not Severity.ERROR:
        return f"退回补齐：{project.pending_reason or '填报不完整，还没有等级'}"
    return f"退回更正，先改 {_say_place(first)}"


def find_first(own: Iterable[Finding]) -> Finding | None:
    """The finding about a project's file to be dealt with first: an error, causes before their consequences; else a 提醒 that waits for an
    explanation, differing figures (money, points) before words, blanks last."""
    rows = [row for row in own if not row.of_the_list and not row.is_about_judgement]
    errors = [row for row in rows if row.severity is Severity.ERROR]
    questions = (row for row in rows if is_question(row) and not row.is_answered)
    if errors:
        return next((row for row in errors if not row.follows_from), errors[0])
    return min(questions, key=lambda row: (row.difference is None, row.code.startswith(Family.FILL)), default=None)


def _say_place(row: Finding) -> str:
    """自评表!E7（完成值）：没有填写."""
    place = "!".join(filter(None, (row.sheet, row.cell)))
    named = row.field if row.field and row.field not in row.message else ""
    where = f"{place}（{named}）" if place and named else place or named
    message = row.message if len(row.message) <= _LONG else f"{row.message[: _LONG - 1]}…"
    return f"{where}：{message}" if where else message


def _say_missing(row: MissingRow) -> str:
    if row.unread_step:
        return row.unread_step
    return f"等单位报送，{row.due} 截止" if row.due else "催报：wbt status --remind 写好催报文字"
