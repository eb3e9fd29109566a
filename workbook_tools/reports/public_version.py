"""公开版: the form and the report of a project as anybody may read them.

Left out is what is the office's or a person's own: codes, telephones, contacts, who reviewed and why a score was changed, files and
places. A number or a name in a text that reaches a person is hidden, and told. What is printed is the final score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbook_tools.core.model import (
    INPUT_MEASURES,
    LEAF_SOURCES,
    Amounts,
    Answers,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Measure,
    Project,
    Value,
)
from workbook_tools.core.phone_numbers import hide_numbers
from workbook_tools.core.review_result import Decision, FindingCounts, IndicatorRow, ProjectRow
from workbook_tools.files.metadata import strip_metadata
from workbook_tools.form.evaluation import dimension_score_name
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.funding import amount_name
from workbook_tools.form.layout import CURRENT_VERSION, VERSIONS, build_layout
from workbook_tools.form.rows import indicator_name
from workbook_tools.form.table_columns import without_added_columns
from workbook_tools.reports.acceptance import Acceptances, find_project_drafts
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import fill_project_form
from workbook_tools.reports.formatting import BLANK
from workbook_tools.reports.hiding import HiddenText, Hider, list_persons
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.package import read_entries, write_entries
from workbook_tools.workbooks.values_only import draw_values

NOT_FILLED = "（没有填写）"
"""What stands in the public report for a section that the unit left blank."""
_PROJECT_NAMES = {"name": "项目名称", "department": "主管部门", "unit": "实施单位"}
_PROJECT_TEXTS = {
    "annual_goal": "年度总体目标",
    "period_goal": "实施期目标",
    "execution_reason": "执行率偏差原因",
    "pending_reason": "未完整的原因",
}
_INDICATOR_NAMES = {
    "category": "二级指标",
    "name": "三级指标",
    "unit": "计量单位",
    "target_text": "目标值",
    "actual_text": "完成值",
    "tier": "完成程度",
}
_INDICATOR_TEXTS = {"deviation_reason": "偏差原因"}
"""What is printed of a project and of a row, and what it is called. In a name a person's name is not looked for: 高平 in 高平市."""


@dataclass(frozen=True)
class PublicVersion:
    """A project as anybody may read it."""

    facts: ProjectFacts
    hidden: Sequence[HiddenText]

    @property
    def name(self) -> str:
        """The project's name."""
        return self.facts.project.name

    @cached_property
    def form(self) -> bytes:
        """The form as .xlsx: one sheet of values. Raises TemplateError."""
        project, scheme = self.facts.project, self.facts.scheme
        order = {dimension.name: i for i, dimension in enumerate(scheme.dimensions)}
        indicators = sorted(self.facts.indicators, key=lambda row: order.get(row.dimension, len(order)))
        form = without_added_columns(scheme)
        layout = build_layout(_rebuild_project(project, indicators), form, None, _choose_layout(project))
        typed = {item.name: item.value for item in layout.role(Role.INPUT)}
        shown = _list_shown(indicators)
        figures = Evaluation(layout, typed, _list_known(project, indicators, scheme))
        title = f"{project.name} {scheme.form.title}"
        return strip_report(draw_values(layout, figures, shown, title), title)

    def write_report(self, form: Path, look: ReportAppearance | None) -> bytes:
        """The report as .docx, in that form. Raises TemplateError."""
        # Without contents: a program would have to number their pages.
        plain = (look or ReportAppearance()).model_copy(update={"contents": False})
        return strip_report(fill_project_form(form, self.facts, plain), f"{self.name}项目支出绩效自评报告")


def make_public(facts: ProjectFacts) -> PublicVersion:
    """The public version of a project; of its drafts those that somebody has accepted."""
    project = facts.project
    hider = Hider({*list_persons(project)})
    labels = {text.key: text.label for text in facts.scheme.texts}
    blank = dict.fromkeys(list_blank_sections(facts), NOT_FILLED)
    written = {key: hider.hide(labels.get(key, key), text) for key, text in {**list_texts(facts), **blank}.items()}
    names = {key: hider.hide_numbers(label, getattr(project, key)) for key, label in _PROJECT_NAMES.items()}
    texts = {key: hider.hide(label, getattr(project, key)) for key, label in _PROJECT_TEXTS.items()}
    rows = [_make_public_row(row, hider) for row in facts.indicators]
    public = project.model_copy(
        update={
            **names,
            **texts,
            "texts": written,
            "code": "",
            "file": "",
            "info": {},
            "text_places": {},
            "findings": FindingCounts(),
            "execution_score": project.final_execution_score,
            "scores": project.final_scores,
            "total_score": project.final_total,
            "grade": project.final_grade,
            "execution_review": Decision(),
            "reviewed_scores": {},
            "reviewed_total": None,
            "reviewed_grade": "",
            "execution_explanation": "",
            "total_explanation": "",
            "first_step": "",
            "accepted_by": "",
            "accepted_because": "",
            "trust_reason": "",
            "signed_name": "",
            "second_look": None,
        }
    )
    return PublicVersion(ProjectFacts(public, rows, facts.scheme), hider.found)


def list_blank_sections(facts: ProjectFacts) -> list[str]:
    """The keys of the sections that the unit should have filled in and has not, nor has anybody accepted a draft of them."""
    return [key for key, text in facts.texts.items() if text == BLANK]


def list_texts(facts: ProjectFacts) -> dict[str, str]:
    """The narrative sections as written, or as drafted and accepted, by key."""
    accepted = facts.accepted or Acceptances()
    drafts = find_project_drafts(facts, accepted)
    return facts.project.texts | {d.section: d.shown for d in drafts if accepted.holds(d)}


def _make_public_row(row: IndicatorRow, hider: Hider) -> IndicatorRow:
    texts = {
        key: hider.hide_numbers(f"{row.name}－{label}", getattr(row, key)) for key, label in _INDICATOR_NAMES.items()
    }
    texts |= {key: hider.hide(f"{row.name}－{label}", getattr(row, key)) for key, label in _INDICATOR_TEXTS.items()}
    stated = {
        key: hide_numbers(value) if isinstance(value := getattr(row, key), str) else value
        for key in ("target", "actual")
    }
    return row.model_copy(
        update={
            **texts,
            **stated,
            "project_code": "",
            "score": row.final_score,
            "reviewed_score": None,
            "review_reason": "",
            "reviewed_by": "",
            "reviewed_at": "",
            "reviewed_from": None,
            "explanation": "",
            "sheet": "",
            "cell": "",
        }
    )


# -- the form -----------------------------------------------------------------------------------------------------------


def _rebuild_project(row: ProjectRow, indicators: Sequence[IndicatorRow]) -> Project:
    """The project as its form had it, from what the review's result says of it."""
    budgets = {measure: _list_amounts(row, measure) for measure in INPUT_MEASURES}
    answers = Answers(
        received=budgets[Measure.RECEIVED],
        executed=budgets[Measure.EXECUTED],
        indicators=tuple(map(_rebuild_answer, indicators)),
        execution_reason=row.execution_reason,
        texts=row.texts,
    )
    return Project(
        code=row.name,
        name=row.name,
        department=row.department,
        unit=row.unit,
        year=row.year,
        annual_goal=row.annual_goal,
        period_goal=row.period_goal,
        initial_budget=budgets[Measure.INITIAL_BUDGET],
        annual_budget=budgets[Measure.ANNUAL_BUDGET],
        indicators=tuple(map(_rebuild_indicator, indicators)),
        answers=answers,
    )


def _choose_layout(row: ProjectRow) -> str:
    """The version of its workbook; that of today for a form of another kind."""
    return row.layout_version if row.layout_version in VERSIONS else CURRENT_VERSION


def _list_amounts(row: ProjectRow, measure: Measure) -> Amounts:
    amounts = row.funding.get(measure, {})
    return {source: amount for source in LEAF_SOURCES if (amount := amounts.get(source)) is not None}


def _rebuild_indicator(row: IndicatorRow) -> Indicator:
    return Indicator(
        dimension=row.dimension,
        category=row.category,
        name=row.name,
        weight=row.weight,
        direction=row.direction,
        target=row.target,
        unit=row.unit,
    )


def _rebuild_answer(row: IndicatorRow) -> IndicatorAnswer:
    return IndicatorAnswer(
        actual=row.actual,
        tier=row.tier,
        completion=row.completion if row.direction is Direction.QUALITATIVE else None,
        self_deduction=row.self_deduction,
        deviation_reason=row.deviation_reason,
        applicable=row.applicable,
    )


def _list_known(row: ProjectRow, indicators: Sequence[IndicatorRow], scheme: Scheme) -> dict[str, Value]:
    """What the result says stands as it says it, and is computed from nothing."""
    known: dict[str, Value] = {
        amount_name(measure, source): row.amount(measure, source) if row.funding else None
        for measure in Measure
        for source in FundingSource
    }
    known |= {"scored_rate": row.execution_rate, "execution_score": row.execution_score, "pending": ""}
    known |= {"total_score": row.total_score, "grade": row.grade}
    known |= {dimension_score_name(d.key): row.scores.get(d.name) for d in scheme.dimensions}
    for number, item in enumerate(indicators, 1):
        known |= {indicator_name(number, "score"): item.score, indicator_name(number, "completion"): item.completion}
    return {name: "" if value is None else value for name, value in known.items()}


def _list_shown(indicators: Sequence[IndicatorRow]) -> dict[str, Value]:
    """Targets and actuals as the form prints them, with sign and unit, wherever the file is opened."""
    shown: dict[str, Value] = {}
    for number, row in enumerate(indicators, 1):
        shown[indicator_name(number, "target")] = row.target_text
        shown[indicator_name(number, "actual")] = row.actual_text or row.tier
    return shown


def strip_report(data: bytes, title: str) -> bytes:
    """A package of which only the title is said. Raises nothing: it is our own."""
    return write_entries(strip_metadata(read_entries(data), title))
