"""Points lost (失分), indicator by indicator, and added up by whatever they are grouped by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import EXECUTION, IndicatorRow, ProjectRow
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.values import percent_text
from workbook_tools.reports.formatting import format_percent
from workbook_tools.rules.scheme import Scheme

Key = TypeVar("Key")


def is_noticeable(lost: float) -> bool:
    """Points were lost, and not only by rounding."""
    return PRINTED.above(lost, 0.0)


@dataclass(frozen=True, slots=True)
class Loss:
    """A scored indicator, or the execution rate, and what it lost (which may be nothing)."""

    project: ProjectRow
    dimension: str
    category: str
    indicator: str
    target: str
    actual: str
    weight: float
    score: float
    reason: str

    @property
    def lost(self) -> float:
        """In 分; a reviewed score counts."""
        return self.weight - self.score


@dataclass(slots=True)
class LossSum:
    """What a group of them comes to."""

    projects: int = 0
    indicators: int = 0
    weight: float = 0
    lost: float = 0

    def add(self, weight: float, lost: float) -> None:
        """One more indicator."""
        self.indicators += 1
        self.weight += weight
        self.lost += lost

    def join(self, other: LossSum) -> None:
        """What the group comes to in other projects."""
        self.projects += other.projects
        self.indicators += other.indicators
        self.weight += other.weight
        self.lost += other.lost

    @property
    def share(self) -> float:
        """What part of the weight was lost."""
        return self.lost / self.weight if self.weight else 0.0


def list_losses(
    rows: Iterable[IndicatorRow], projects: Sequence[ProjectRow], schemes: Mapping[str, Scheme]
) -> Iterator[Loss]:
    """Everything that has a score in these projects and their indicators, the execution rates first; ``schemes`` by digest."""
    own = {project.code: project for project in projects}
    for project in projects:
        if project.execution_weight and project.final_execution_score is not None:
            yield Loss(
                project,
                EXECUTION,
                EXECUTION,
                Measure.EXECUTION_RATE.label,
                percent_text(1),
                format_percent(project.execution_rate),
                project.execution_weight,
                project.final_execution_score,
                project.execution_reason,
            )
    applicable = (row for row in rows if row.applicable)
    for dimension, members in _group_by_dimension(applicable, own, schemes).items():
        for row in members:
            if row.weight is not None and row.final_score is not None:
                yield Loss(
                    own[row.project_code],
                    dimension,
                    row.category,
                    row.name,
                    row.target_text,
                    row.actual_text or row.tier,
                    row.weight,
                    row.final_score,
                    row.deviation_reason,
                )


def _group_by_dimension(
    rows: Iterable[IndicatorRow], projects: Mapping[str, ProjectRow], schemes: Mapping[str, Scheme]
) -> dict[str, list[IndicatorRow]]:
    """By the schemes' names of the dimensions and in their order; others follow."""
    used = dict.fromkeys(project.scheme_digest for project in projects.values())
    groups: dict[str, list[IndicatorRow]] = {d.name: [] for digest in used for d in schemes[digest].dimensions}
    for row in rows:
        known = schemes[projects[row.project_code].scheme_digest].dimension(row.dimension)
        groups.setdefault(known.name if known else row.dimension, []).append(row)
    return groups


def sum_losses(lost: Iterable[Loss], key: Callable[[Loss], Key]) -> dict[Key, LossSum]:
    """Weight and points lost in each group, in the order in which the groups first occur."""
    groups: dict[Key, LossSum] = {}
    projects: defaultdict[Key, set[str]] = defaultdict(set)
    for loss in lost:
        name = key(loss)
        groups.setdefault(name, LossSum()).add(loss.weight, loss.lost)
        projects[name].add(loss.project.code)
    for name, codes in projects.items():
        groups[name].projects = len(codes)
    return groups
