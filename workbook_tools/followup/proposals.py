"""结果应用建议: what may follow from a project's grade for the next budget, and whence each proposal comes.

The program proposes and decides nothing. What a grade leads to differs from office to office: it is the office's setting
(wbt.toml, [outcome]). Where it says nothing of a grade, the usual words stand, by the place of the grade among those of its
scheme and without any amount, as published by a city's bureau of finance: 优 first, 良 reasonable, 中 less, 差 stopped or suspended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import Scheme
from workbook_tools.rules.setting_base import Fraction, Setting

USUAL_ADVICE = ("优先保障", "合理安排", "从严安排，改进后再定", "压减或者暂停安排")
"""For the best grade, the next, those between, and the last."""
_SETTING = "wbt.toml 的 [outcome]"


class GradeOutcome(BaseModel):
    """What the office proposes for a grade."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advice: Annotated[str, Field(min_length=1), Setting("怎样安排", example="优先保障")]
    share: Annotated[
        float | None,
        Field(ge=0, le=10),
        Fraction(),
        Setting("下年预算占今年的比例", "按今年全年预算算，0.9 是减一成；不算金额的空着"),
    ] = None
    """Next year's budget ÷ this year's (全年预算): 1 as before, 0.9 a tenth less, 0 nothing; none where no amount is proposed."""


@dataclass(frozen=True, slots=True)
class BudgetProposal:
    """What is proposed for a project."""

    code: str
    name: str
    department: str
    unit: str
    budget: float | None
    """全年预算资金, 万元."""
    rate: float | None
    """预算执行率, a fraction."""
    score: float | None
    """分, as it counts."""
    grade: str
    advice: str
    """Blank where there is none: see ``source``."""
    share: float | None
    source: str
    """Whence the proposal comes, or why there is none."""

    @property
    def amount(self) -> float | None:
        """万元 proposed for the next year."""
        return None if self.budget is None or self.share is None else round(self.budget * self.share, 2)

    @property
    def mark(self) -> str:
        """What it was made from, so that another one is known."""
        return f"{self.grade}|{self.advice}|{self.amount}"


def propose(result: ReviewResult, outcomes: Mapping[str, GradeOutcome]) -> Iterator[BudgetProposal]:
    """A line for each project that has come, in the order of the list, and then for each that has not."""
    schemes = restore_schemes(result)
    for row in result.projects:
        advice, share, source = _find_outcome(row, outcomes, schemes[row.scheme_digest])
        yield BudgetProposal(
            row.code,
            row.name,
            row.department,
            row.unit,
            row.amount(Measure.ANNUAL_BUDGET),
            row.execution_rate,
            row.counted_total,
            row.final_grade,
            advice,
            share,
            source,
        )
    for gone in result.missing:
        reason = f"{gone.reason}，没有得分"
        yield BudgetProposal(gone.code, gone.name, gone.department, gone.unit, None, None, None, "", "", None, reason)


def _find_outcome(
    row: ProjectRow, outcomes: Mapping[str, GradeOutcome], scheme: Scheme
) -> tuple[str, float | None, str]:
    """Advice, share and source."""
    grade = row.final_grade
    if not grade:
        return "", None, row.pending_reason or "没有等级"
    reviewed = "（核定后）" if row.reviewed else ""
    if found := outcomes.get(grade):
        return found.advice, found.share, f"等级“{grade}”{reviewed}：{_SETTING}"
    names = [band.name for band in scheme.grading.bands]
    if grade not in names:
        return "", None, f"等级“{grade}”不在评分方案里，{_SETTING} 也没有写"
    place = names.index(grade)
    usual = USUAL_ADVICE[-1] if place and place == len(names) - 1 else USUAL_ADVICE[min(place, 2)]
    return (
        usual,
        None,
        f"等级“{grade}”{reviewed}：通用建议（{len(names)} 档中第 {place + 1} 档）",
    )
