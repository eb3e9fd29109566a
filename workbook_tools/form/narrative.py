"""Sheets 基本情况 and 绩效分析: who the project is, and the texts of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from workbook_tools.core.cells import Span
from workbook_tools.core.model import NO_ANSWERS
from workbook_tools.form.fields import Field, FieldStyle, FormBlock, Kind, Layout, Role, SheetPlan
from workbook_tools.form.text_limits import find_section_limit
from workbook_tools.rules.scheme import TextSection

BASICS = "基本情况"
ANALYSIS = "绩效分析"
MAX_TEXT = 5000
"""Characters in one text; longer ones belong in an attachment."""

_LAST_COL = 1
_WIDTHS = (22.0, 92.0)
"""A text stands in one cell, not in merged ones: programs fit only those rows to what is typed."""
_ANYWHERE = Span.cell(0, 0)
"""Of a field that is placed later."""
INFO = (
    ("leader", "项目负责人", "填写姓名。"),
    ("filler", "填报人", "填写姓名。"),
    ("phone", "联系电话", "填写能联系到填报人的电话。"),
    ("fill_date", "填报日期", "写成 2024年1月15日 的样子。"),
)
"""Whom to ask: name of the field, label, prompt."""
GOALS = (("annual_goal", "批复的年度总体目标"), ("period_goal", "批复的实施期目标"))
"""What the project list may have approved: name of the field, label."""


def build_basics(layout: Layout) -> None:
    """Identity of the project (fixed), contact (typed), goals and the texts of the report's first part."""
    plan = layout.add_sheet(SheetPlan(BASICS, _WIDTHS, heights={0: 34, 1: 22}))
    layout.add(_label(BASICS, Span.across(0, 0, _LAST_COL), "项目基本情况", FieldStyle.TITLE))
    hint = "黄色单元格由单位填写；灰色单元格为下发内容，如有误请联系财政部门更正。"
    layout.add(_label(BASICS, Span.across(1, 0, _LAST_COL), hint, FieldStyle.NOTE))
    row = _add_facts(layout, plan, 2, [*_identity_fields(layout), *_contact_fields(layout), *_goal_fields(layout)])
    _add_texts(layout, plan, row)


def _add_facts(layout: Layout, plan: SheetPlan, row: int, fields: Sequence[Field]) -> int:
    """Place fields below each other beside their labels; returns the row after them."""
    for at, item in enumerate(fields, row):
        layout.add(_label(BASICS, Span.cell(at, 0), item.label, FieldStyle.LABEL))
        layout.add(replace(item, span=Span.cell(at, 1)))
        plan.heights[at] = 24
    return row + len(fields)


def approved_goal(layout: Layout, section: TextSection) -> str:
    """The goal of the project list that stands in place of this text; empty where the unit writes it."""
    return str(getattr(layout.project, section.approved)) if section.approved else ""


def _goal_fields(layout: Layout) -> list[Field]:
    """The approved goals that no text of the scheme shows in its place."""
    shown = {text.approved for text in layout.scheme.texts}
    return [
        Field(
            sheet=BASICS,
            span=_ANYWHERE,
            role=Role.FIXED,
            kind=Kind.PARAGRAPH,
            name=name,
            label=label,
            value=getattr(layout.project, name),
        )
        for name, label in GOALS
        if getattr(layout.project, name) and name not in shown
    ]


def _identity_fields(layout: Layout) -> list[Field]:
    """What a project is: fixed when it was issued, typed in the blank form."""
    project, blank = layout.project, layout.blank
    facts = [
        ("project_name", "项目名称", project.name),
        ("project_code", "项目编码", project.code),
        ("department", "主管部门", project.department),
        ("unit", "实施单位", project.unit),
        *([("year", "评价年度", "")] if blank else []),
    ]
    return [
        Field(
            sheet=BASICS,
            span=_ANYWHERE,
            role=Role.INPUT if blank else Role.FIXED,
            name=name,
            label=label,
            align="left",
            value=None if blank else value,
            prompt="写成四位数字，如 2024。" if name == "year" else f"填写{label}。",
            problem=layout.rules.required_problem() if blank else None,
            problem_variables={"cell": name},
        )
        for name, label, value in facts
    ]


def _contact_fields(layout: Layout) -> list[Field]:
    """Whom to ask."""
    answers = layout.project.answers or NO_ANSWERS
    return [
        Field(
            sheet=BASICS,
            span=_ANYWHERE,
            role=Role.INPUT,
            block=FormBlock.CONTACT,
            part=name,
            name=name,
            label=label,
            prompt=prompt,
            align="left",
            value=answers.info.get(name),
            problem=layout.rules.required_problem(),
            problem_variables={"cell": name},
        )
        for name, label, prompt in INFO
    ]


def build_analysis(layout: Layout) -> None:
    """The texts of the report's analysis."""
    plan = layout.add_sheet(SheetPlan(ANALYSIS, _WIDTHS, heights={0: 34, 1: 22}))
    layout.add(_label(ANALYSIS, Span.across(0, 0, _LAST_COL), "项目绩效分析", FieldStyle.TITLE))
    hint = "这里的文字直接进入自评报告，不必另写 Word。单元格内换行请按 Alt＋Enter。"
    layout.add(_label(ANALYSIS, Span.across(1, 0, _LAST_COL), hint, FieldStyle.NOTE))
    _add_texts(layout, plan, 2)


def _add_texts(layout: Layout, plan: SheetPlan, row: int) -> None:
    sections = [text for text in layout.scheme.texts if text.sheet == plan.title]
    for group, members in groupby(sections, lambda text: text.group):
        if group:
            layout.add(_label(plan.title, Span.across(row, 0, _LAST_COL), group, FieldStyle.SUBTITLE))
            plan.heights[row] = 24
            row += 1
        for text in members:
            layout.add(_label(plan.title, Span.cell(row, 0), text.label, FieldStyle.LABEL))
            layout.add(_text_field(layout, text, row))
            plan.heights[row] = 20.0 * (1 if approved_goal(layout, text) else text.lines)
            row += 1
    plan.print_last = (row - 1, _LAST_COL)


def text_name(key: str) -> str:
    """Defined name of a text's cell."""
    return f"text_{key}"


def _text_field(layout: Layout, text: TextSection, row: int) -> Field:
    answers = layout.project.answers or NO_ANSWERS
    name = text_name(text.key)
    make = partial(
        Field,
        sheet=text.sheet,
        span=Span.cell(row, 1),
        kind=Kind.PARAGRAPH,
        block=FormBlock.TEXTS,
        part=text.key,
        name=name,
        label=text.label,
    )
    if goal := approved_goal(layout, text):
        return make(role=Role.FIXED, value=goal)
    return make(
        role=Role.INPUT,
        value=answers.texts.get(text.key),
        prompt=text.prompt,
        most_bytes=find_section_limit(layout.scheme, text.key),
        problem=layout.rules.required_problem() if text.required else None,
        problem_variables={"cell": name},
    )


def _label(sheet: str, span: Span, text: str, look: FieldStyle) -> Field:
    return Field(sheet=sheet, span=span, role=Role.LABEL, value=text, look=look)
