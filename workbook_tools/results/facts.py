"""What the tables of 审核结果 and 汇总 show of a review's result: the records in their order, grades, colours."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction, Measure
from workbook_tools.core.questions import is_settled
from workbook_tools.core.review_result import EXECUTION, IndicatorRow, JudgementKey, ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.values import percent_text, target_text
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.styles import ERROR_TINT, INFO_TINT, NOTICE_TINT, OK_TINT, WARNING_TINT, Tint
from workbook_tools.results.bands import EXECUTION_BANDS
from workbook_tools.rules import library
from workbook_tools.rules.recorded import find_used_schemes

UNSCORED, PENDING = library.UNSCORED, library.PENDING
"""Stand where a grade would: there was nothing to score; the form is not complete."""
EXECUTION_RATE = Measure.EXECUTION_RATE.label
SEVERITY_TINTS = {
    Severity.ERROR.label: ERROR_TINT,
    Severity.WARNING.label: WARNING_TINT,
    Severity.INFO.label: INFO_TINT,
}
STATE_TINTS = {
    State.MISSING.value: WARNING_TINT,
    State.TO_CORRECT.value: ERROR_TINT,
    State.TO_EXPLAIN.value: NOTICE_TINT,
    State.READY.value: INFO_TINT,
    State.ACCEPTED.value: OK_TINT,
}
"""The colour of each state in the order of work."""
SETTLED = "已说明"
"""Stands for 提醒 where a warning is explained, or accepted by finance."""
LEVEL_TINTS = {
    Severity.ERROR.label: ERROR_TINT,
    Severity.WARNING.label: WARNING_TINT,
    SETTLED: OK_TINT,
    Severity.INFO.label: INFO_TINT,
}
"""The colour of each level, the gravest first."""
BAND_TINTS = dict(zip(EXECUTION_BANDS, (OK_TINT, INFO_TINT, NOTICE_TINT, WARNING_TINT, ERROR_TINT), strict=True))
"""The colour of each band of execution rates."""


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """A record with what the tables show beside it."""

    number: int
    project: ProjectRow
    unit: int = 0
    """The number of its unit, where subtotals are to find it by that."""


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """A scored indicator and its project."""

    row: IndicatorRow
    project: ProjectRow
    key: JudgementKey


def name_level(row: Finding) -> str:
    """错误, 提醒, 已说明 or 说明, as the tables of findings show it."""
    return SETTLED if is_settled(row) else row.severity.label


def list_dimensions(result: ReviewResult) -> list[str]:
    """The dimensions of all projects, in the order in which they first occur."""
    return list(dict.fromkeys(name for project in result.projects for name in (*project.weights, *project.scores)))


def grade_tints(result: ReviewResult) -> dict[str, Tint]:
    """The grades that a project can have, best first, each with its colour; last :data:`PENDING` and :data:`UNSCORED`."""
    tints: dict[str, Tint] = {}
    for scheme in find_used_schemes(result, result.projects):
        bands = scheme.grading.bands
        for place, band in enumerate(bands):
            tints.setdefault(band.name, _choose_grade_tint(place, len(bands)))
    for project in sorted(result.projects, key=lambda p: -(p.total_score or 0)):
        for grade in filter(None, (project.grade, project.reviewed_grade)):
            tints.setdefault(grade, Tint())
    return {**tints, PENDING: NOTICE_TINT, UNSCORED: Tint(colour=WARNING_TINT.colour)}


def grade_text(project: ProjectRow) -> str:
    """The computed grade as the tables show it; of one that has not come, that it is missing."""
    if project.state is State.MISSING:
        return State.MISSING.value
    return project.grade or (UNSCORED if project.total_score is None else PENDING)


def final_grade_text(project: ProjectRow) -> str:
    """The grade that counts, reviewed or computed, as the tables show it; of one that has not come, that it is missing."""
    if project.state is State.MISSING:
        return State.MISSING.value
    return project.final_grade or (PENDING if project.pending else UNSCORED)


def show_target(row: IndicatorRow) -> str:
    """The target as the form writes it, or as it would."""
    return row.target_text or target_text(row.target, row.unit, row.direction)


def points_text(points: float | None, *, pending: bool) -> float | str | None:
    """Points as the tables show them: of a form that is not complete as a text, which no sum and no mean counts."""
    return points if not pending or points is None else f"{points:.2f}"


def total_text(total: float | None, *, pending: bool) -> float | str | None:
    """A total as the tables show it: of a form that is not complete the sum so far, and that it is no more than that."""
    return total if not pending or total is None else f"{total:.2f}\n{PENDING}"


def say_left_out(result: ReviewResult) -> str:
    """How many projects no average, ranking or grade counts, to close a sentence; nothing where there are none."""
    count = sum(project.pending for project in result.projects)
    return f"；{PENDING}的 {count} 个项目填报不完整，不计入平均、最高、最低和等级" if count else ""


def has_self_deduction(result: ReviewResult) -> bool:
    """Some project's scheme lets the unit take points off itself."""
    return any(project.self_deduction is not None for project in result.projects)


def is_reviewed(result: ReviewResult) -> bool:
    """Finance has changed a score of some project: the tables then show both, computed and final."""
    return any(project.reviewed for project in result.projects)


def _choose_grade_tint(place: int, count: int) -> Tint:
    if place == count - 1:
        return ERROR_TINT
    return (OK_TINT, INFO_TINT, WARNING_TINT)[min(place, 2)]


def indicator_entries(result: ReviewResult) -> list[IndicatorEntry]:
    """Every scored row in the order of the projects: the execution rate first, then the indicators."""
    return [*each_indicator(result)]


def each_indicator(result: ReviewResult) -> Iterator[IndicatorEntry]:
    """The same, one by one."""
    places: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
    for place, row in enumerate(result.indicators):
        places[row.project_code].append(place)
    counts = Counter(plain_text(project.code) for project in result.projects)
    together = RowKeys()
    for project in result.projects:
        # The keys of a project are its own: those of all would take more room than their rows.
        numbers = together if counts[plain_text(project.code)] > 1 else RowKeys()
        first = [_build_execution_row(project)] if project.execution_weight else []
        for row in chain(first, map(result.indicators.__getitem__, places.get(project.code, ()))):
            key = numbers.key(project.code, row.dimension, row.category, row.name)
            yield IndicatorEntry(row, project, key)


class RowKeys:
    """Keys for rows in their order: equal indicators of a project are numbered."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def key(self, *names: str) -> JudgementKey:
        """The key of the next row of these names, as a cell would show them."""
        code, dimension, category, name = map(plain_text, names)
        self._seen[code, dimension, category, name] += 1
        return code, dimension, category, name, self._seen[code, dimension, category, name]


def plain_text(text: str) -> str:
    """A text as a cell shows it, whatever program saved it."""
    return " ".join(clean_cell_text(text).split())


def _build_execution_row(project: ProjectRow) -> IndicatorRow:
    actual = "" if project.execution_rate is None else percent_text(project.execution_rate)
    return IndicatorRow(
        project_code=project.code,
        dimension=EXECUTION,
        category=EXECUTION_RATE,
        name=EXECUTION_RATE,
        direction=Direction.AT_LEAST,
        weight=project.execution_weight,
        completion=project.execution_rate,
        score=project.execution_score,
        deviation_reason=project.execution_reason,
        explanation=project.execution_explanation,
        target_text=percent_text(1),
        actual_text=actual,
        **project.execution_review.model_dump(),
    )
