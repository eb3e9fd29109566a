"""核定: finance's own judgement of a score, taken from the yellow cells of 审核结果.xlsx.

What was typed is never lost: it is read out of the workbook before a review writes it anew, kept as it is
where it cannot be used, and a finding says why. A judgement in force replaces the computed score; the
total and the grade then follow by the scheme's own rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.cells import address
from workbook_tools.core.codes import Family
from workbook_tools.core.errors import UnreadableWorkbook, refuse_withheld
from workbook_tools.core.faces import LateModule
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Measure, Value
from workbook_tools.core.review_result import Decision, IndicatorRow, Judgement, JudgementKey, ProjectRow, ReviewResult
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.core.values import is_number, number_text, parse_quantity
from workbook_tools.results.facts import IndicatorEntry, RowKeys, indicator_entries, plain_text
from workbook_tools.results.judging_cells import (
    AT,
    BY,
    COMPUTED,
    INDICATORS,
    KEY_HEADERS,
    REASON,
    SCORE,
    UNUSED,
    has_changed,
)
from workbook_tools.rules import library
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import Scheme

if TYPE_CHECKING:
    from workbook_tools.excel import headings
    from workbook_tools.form import layout
    from workbook_tools.results import workbook
    from workbook_tools.review.guarded_reading import TypedBook
    from workbook_tools.rules.rule_set import RuleSet
else:  # a workbook that is known is not opened, and where nothing is typed nothing is added up
    headings, layout = LateModule("workbook_tools.excel.headings"), LateModule("workbook_tools.form.layout")
    workbook = LateModule("workbook_tools.results.workbook")

_TYPED = (SCORE, REASON, BY)
_UNITS = ("", "分")
"""Units in which a score may be typed."""


def find_save_time(path: Path) -> str:
    """When a file was last saved."""
    return datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M") if path.is_file() else ""


def list_judgements(result: ReviewResult) -> list[Judgement]:
    """The judgements that a result carries."""
    judged = {row.project_code for row in result.indicators if row.reviewed_score is not None}
    judged |= {row.code for row in result.projects if row.execution_review.reviewed_score is not None}
    if not judged:
        return []
    return [
        Judgement(
            key=entry.key,
            score=row.reviewed_score,
            reason=row.review_reason,
            by=row.reviewed_by,
            at=row.reviewed_at,
            computed=row.reviewed_from,
        )
        for entry in indicator_entries(result)
        if (row := entry.row).reviewed_score is not None
    ]


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadJudgements:
    """What one workbook holds for 核定."""

    given: tuple[Judgement, ...] = ()
    codes: frozenset[str] = frozenset()
    """The projects that have rows there, whether anything is typed in them or not."""
    findings: tuple[Finding, ...] = ()


def read_judgements(path: Path, at: str = "") -> ReadJudgements:
    """What is typed in the cells for 核定 of an 审核结果.xlsx; ``at`` is when the file was saved.

    A workbook without such cells has no judgements. Raises WithheldFile: the system does not give it; nothing for what is
    wrong with it.
    """
    if not path.is_file():
        return ReadJudgements()
    found: dict[JudgementKey, Judgement] = {}
    codes: set[str] = set()
    try:
        book = workbook.open_result(path)
        for title in (INDICATORS, UNUSED):
            if title in book.sheets:
                for judgement in _read_sheet(book, title, codes):
                    found.setdefault(judgement.key, replace(judgement, file=path.name, at=judgement.at or at))
    except UnreadableWorkbook as exc:
        refuse_withheld(exc, path)
        return ReadJudgements(findings=(finding("REVIEW07", exc.message, file=path.name),))
    except _ColumnMissing as exc:
        problem = f"缺少列“{'”“'.join(exc.headers)}”"
        told = finding("REVIEW07", problem, file=path.name, sheet=exc.sheet, expected="、".join(exc.headers))
        return ReadJudgements(findings=(told,))
    return ReadJudgements(tuple(found.values()), frozenset(codes))


class _ColumnMissing(Exception):
    def __init__(self, sheet: str, headers: Sequence[str]) -> None:
        super().__init__(sheet)
        self.sheet, self.headers = sheet, headers


def _read_sheet(book: TypedBook, title: str, codes: set[str]) -> Iterator[Judgement]:
    """The judgements of a sheet; the projects of its rows join the ``codes``."""
    table = book.find_table(title, (*KEY_HEADERS, COMPUTED, *_TYPED, AT))
    if not any(name in table.columns for name in _TYPED):
        return
    if missing := [name for name in (*KEY_HEADERS, COMPUTED, *_TYPED) if name not in table.columns]:
        raise _ColumnMissing(title, missing)
    numbers, keeps_time = RowKeys(), title == UNUSED
    for row, cells in table.rows:
        names = [headings.cell_text(cells[name]) for name in KEY_HEADERS]
        if not any(names[1:]):
            continue
        key = numbers.key(*names)
        codes.add(key[0])
        score, reason, by = _typed_score(cells[SCORE]), headings.cell_text(cells[REASON]), headings.cell_text(cells[BY])
        if score is not None or reason or by:
            computed = cells[COMPUTED]
            yield Judgement(
                key=key,
                score=score,
                reason=reason,
                by=by,
                computed=computed if isinstance(computed, float) else None,
                sheet=title,
                cell=address(row, table.columns[SCORE]),
                at=headings.cell_text(cells.get(AT)) if keeps_time else "",
            )


def _typed_score(value: float | str | bool | None) -> Value:
    """The number that was typed, also as a text (８分); else the text that stands there."""
    if isinstance(value, float) or value is None:
        return value
    text = str(value).strip()
    typed = parse_quantity(text)
    return typed.number if typed and typed.direction is None and typed.unit in _UNITS else text or None


# -- applying ---------------------------------------------------------------------------------------------------------


def keep_times(judgements: Iterable[Judgement], before: Mapping[JudgementKey, Judgement]) -> list[Judgement]:
    """The judgements; one that was in force ``before`` and has not been changed since with its time there, and the
    computed score that it was given for."""
    return [
        replace(judgement, at=first.at, computed=first.computed)
        if (first := before.get(judgement.key)) and _typed(first) == _typed(judgement)
        else judgement
        for judgement in judgements
    ]


def _typed(judgement: Judgement) -> tuple[Value, str, str]:
    return judgement.score, judgement.reason, judgement.by


def apply_judgements(result: ReviewResult, judgements: Iterable[Judgement]) -> tuple[ReviewResult, list[Finding]]:
    """The result with these judgements in force in place of any it had, and findings about those that are wrong.

    A refused judgement changes nothing. The result's own findings about 核定 are replaced. Totals and grades follow by
    the schemes that the result carries.
    """
    given = {judgement.key: judgement for judgement in judgements}
    changed = _narrow(result, {key[0] for key in given} | {judgement.key[0] for judgement in list_judgements(result)})
    findings: list[Finding] = []
    decided: dict[str, list[IndicatorRow]] = {}
    for entry in indicator_entries(changed):
        judgement = given.pop(entry.key, None)
        decision = Decision()
        if judgement is not None:
            decision, problems = _decide(judgement, entry)
            findings += problems
        row = entry.row.model_copy(update=decision.model_dump())
        decided.setdefault(entry.project.code, []).append(row)
    findings += [_find_fault("REVIEW06", judgement) for judgement in given.values()]
    schemes = restore_schemes(changed) if changed.projects else {}
    pairs = [_apply_to_project(p, decided.get(p.code, []), schemes[p.scheme_digest]) for p in changed.projects]
    projects = {project.code: project for project, _ in pairs}
    indicators = {project.code: iter(rows) for project, rows in pairs}
    others = [row for row in result.findings if not row.code.startswith(Family.REVIEW)]
    changes = {
        "projects": tuple(projects.get(row.code, row) for row in result.projects),
        "indicators": tuple(next(indicators.get(row.project_code, iter(())), row) for row in result.indicators),
        "findings": (*others, *findings),
    }
    return result.model_copy(update=changes), findings


def _narrow(result: ReviewResult, codes: Collection[str]) -> ReviewResult:
    """Of a result the projects of these codes, as a cell shows them, and their indicators."""
    projects = tuple(row for row in result.projects if plain_text(row.code) in codes) if codes else ()
    kept = {row.code for row in projects}
    indicators = tuple(row for row in result.indicators if row.project_code in kept) if kept else ()
    return result.model_copy(update={"projects": projects, "indicators": indicators})


def _decide(judgement: Judgement, entry: IndicatorEntry) -> tuple[Decision, list[Finding]]:
    """What a judgement comes to; no decision where it is refused."""
    row, score = entry.row, judgement.score
    if not is_number(score) or isinstance(score, str) or score is None:
        return Decision(), [_find_fault("REVIEW02", judgement, found=score)]
    limit = row.weight if row.applicable else None
    if limit is None or NOISE.below(score, 0) or PRINTED.above(score, limit):
        expected = f"0～{number_text(limit)}" if limit is not None else "该指标没有权重或不适用"
        return Decision(), [_find_fault("REVIEW01", judgement, found=score, expected=expected)]
    if not judgement.reason:
        return Decision(), [_find_fault("REVIEW03", judgement, found=score)]
    decision = Decision(
        reviewed_score=score,
        review_reason=judgement.reason,
        reviewed_by=judgement.by,
        reviewed_at=judgement.at,
        reviewed_from=judgement.computed,
    )
    findings = [] if judgement.by else [_find_fault("REVIEW04", judgement)]
    if has_changed(decision.reviewed_from, row.score):
        message = f"核定时程序计算{_say_points(decision.reviewed_from)}，现在{_say_points(row.score)}"
        findings.append(_find_fault("REVIEW05", judgement, message, found=score))
    return decision, findings


def _say_points(score: float | None) -> str:
    return "没有得分" if score is None else f"{number_text(score)}分"


def _find_fault(
    code: str, judgement: Judgement, message: str = "", *, found: object = "", expected: object = ""
) -> Finding:
    project_code, *_, name, _number = judgement.key
    return finding(
        code,
        message,
        project_code=project_code,
        file=judgement.file,
        sheet=judgement.sheet,
        cell=judgement.cell,
        field=name,
        found=found,
        expected=expected,
    )


# -- totals -----------------------------------------------------------------------------------------------------------


def _apply_to_project(
    project: ProjectRow, decided: Sequence[IndicatorRow], scheme: Scheme
) -> tuple[ProjectRow, list[IndicatorRow]]:
    """A project and its indicators with the decisions; ``decided`` begins with the execution rate where that is scored."""
    rows = list(decided)
    changes: dict[str, object] = {"reviewed_scores": {}, "reviewed_total": None, "reviewed_grade": ""}
    changes["execution_review"] = _copy_decision(rows.pop(0)) if project.execution_weight else Decision()
    if any(row.reviewed_score is not None for row in decided):
        judged = project.model_copy(update=changes)
        changes |= _add_up(judged, decided, rows, scheme)
    return project.model_copy(update=changes), rows


def _copy_decision(row: IndicatorRow) -> Decision:
    return Decision(**{name: getattr(row, name) for name in Decision.model_fields})


def _add_up(
    project: ProjectRow, scored: Sequence[IndicatorRow], rows: Sequence[IndicatorRow], scheme: Scheme
) -> Mapping[str, object]:
    """Points per dimension, total and grade by the rules that the project was scored by, with the final scores."""
    rules = layout.rules_of(project.layout_version)
    environment = {
        "scores": [row.final_score for row in scored],
        "weights": [row.weight for row in rows],
        "applicables": [library.APPLICABLE if row.applicable else library.NOT_APPLICABLE for row in rows],
        "rate": project.execution_rate,
    }
    total = _number(rules.total_score(scheme).value(environment))
    dimension = rules.dimension_score(scheme)
    points = {
        name: _number(dimension.value({"scores": [row.final_score for row in rows if row.dimension == name]}))
        for name in project.scores
    }
    pending = rules.pending_reason(scheme).value(_find_completeness(project, rows, scheme, rules))
    grade = "" if pending else rules.grade(scheme).value({"total": total, "pending": pending})
    return {"reviewed_scores": points, "reviewed_total": total, "reviewed_grade": str(grade or "")}


def _find_completeness(
    project: ProjectRow, rows: Sequence[IndicatorRow], scheme: Scheme, rules: RuleSet
) -> Mapping[str, object]:
    """What the rule of completeness asks for. Where finance has judged a score, nothing is missing any more."""
    stated = rules.answered(scheme, False)
    states = [
        library.ANSWERED
        if row.reviewed_score is not None
        else stated.value(
            {
                "direction": row.direction.symbol,
                "actual": row.actual,
                "applicable": library.APPLICABLE if row.applicable else library.NOT_APPLICABLE,
            }
        )
        for row in rows
    ]
    judged = project.execution_review.reviewed_score is not None
    amounts = {"executed": Measure.EXECUTED, "base": scheme.execution.base_measure}
    return {
        "states": states,
        "total_weight": sum(row.weight or 0.0 for row in rows) + scheme.execution.weight,
        **{name: 0.0 if judged else project.amount(m) for name, m in amounts.items()},
    }


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None
