"""复核表 for tests: issued of a small evaluated project, and filled in by a reviewer who agrees with it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from builders import KEY, KEYS, MOF, filled
from settling_here import settle_items
from surgery import Patient

from workbook_tools.core.model import Value
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.values import cell_number
from workbook_tools.files.sources import find_sources
from workbook_tools.form.fields import Layout, Notice
from workbook_tools.form.identity import NO_ISSUE, Issue, Seal, SigningKey
from workbook_tools.inspection import form
from workbook_tools.inspection.form_facts import QualityMark, collect_facts, rebuild_project, sort_by_dimension
from workbook_tools.inspection.reading import ReturnedForm, judge_form
from workbook_tools.review.batches import review_files
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import Return, draw_workbook

QUALITY = {"按时报送": QualityMark(points=40, hint="逾期一天扣5分"), "数据真实": QualityMark(points=60)}
REASON = "按风险抽中（概率 63%）：执行率 82%"


@cache
def evaluated() -> ReviewResult:
    """The result of one correct project; it is read here, as this is asked for while tests are collected."""
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder))
        sources, passed_over = find_sources(Path(folder))
        return settle_items(review_files(sources, KEYS), passed_over, None, year=0, scheme=MOF.id)


def evaluated_several(codes: Sequence[str]) -> ReviewResult:
    """The same project under several codes."""
    result = evaluated()
    rows = [result.projects[0].model_copy(update={"code": code, "name": f"项目{code}"}) for code in codes]
    indicators = [one.model_copy(update={"project_code": code}) for code in codes for one in result.indicators]
    return result.model_copy(update={"projects": tuple(rows), "indicators": tuple(indicators)})


def lay_out(result: ReviewResult, row: ProjectRow, quality: Mapping[str, QualityMark] = QUALITY) -> Layout:
    """The 复核表 of a project of a result."""
    scheme = restore_schemes(result)[row.scheme_digest]
    rows = sort_by_dimension([item for item in result.indicators if item.project_code == row.code], scheme)
    facts = collect_facts(row, rows, scheme, REASON, quality)
    return form.build_form(rebuild_project(row, rows), scheme, Notice(authority="清河县财政局"), facts)


@cache
def small_layout() -> Layout:
    """That of :func:`evaluated`."""
    return lay_out(evaluated(), evaluated().projects[0])


def issue_form(layout: Layout, key: SigningKey = KEY, issue: Issue = NO_ISSUE) -> bytes:
    """The workbook as it is issued."""
    return draw_workbook(layout, Seal.on(layout, key, issue))


def agree(result: ReviewResult, layout: Layout) -> dict[str, Value]:
    """What a reviewer types who finds everything as the unit has it."""
    row = result.projects[0]
    scheme = layout.scheme
    typed: dict[str, Value] = {
        form.money_name(form.BASE, scheme): row.amount(scheme.execution.base_measure),
        form.money_name(form.EXECUTED, scheme): row.funding["executed"]["total"],  # type: ignore[index]
        form.CONCLUSION: "自评真实，得分恰当。",
        form.REVIEWER: "李敏",
        form.DATE: "2025年4月20日",
    }
    indicators = sort_by_dimension([one for one in result.indicators if one.project_code == row.code], scheme)
    for item, one in zip(layout.rows, indicators, strict=True):
        typed |= _agree_on(item.name("actual"), item.name("score"), one, reckoned=form.is_scored_by_rule(item))
    for number, item in enumerate(layout.facts.get("quality", ()), 1):
        typed[form.quality_name(number, "score")] = item["points"]
    return typed


def _agree_on(value: str, score: str, row: IndicatorRow, *, reckoned: bool) -> dict[str, Value]:
    if not reckoned:
        return {value: row.actual_text, score: row.score}
    return {value: cell_number(row.actual, row.unit) if isinstance(row.actual, float) else row.actual}


def draw_filled() -> bytes:
    """That of :func:`evaluated`, filled in by one who found less, as a program saves it: with the results of its formulas."""
    layout = small_layout()
    typed = agree(evaluated(), layout) | {"indicator_001_actual": 50.0, "indicator_001_opinion": "验收单只有 50 公里"}
    return draw_workbook(layout, Seal.on(layout, KEY), Return(answers=typed))


def fill_in(data: bytes, layout: Layout, typed: Mapping[str, Value]) -> Patient:
    """The workbook with what is typed, by names of fields."""
    patient = Patient(data)
    for name, content in typed.items():
        item = layout.fields[name]
        patient.put(item.sheet, item.cell, content)
    return patient


def fill_small(**changes: Value) -> Patient:
    """That of :func:`evaluated`, filled in by one who agrees, but for what is changed."""
    layout = small_layout()
    return fill_in(issue_form(layout), layout, agree(evaluated(), layout) | changes)


def read_back(data: bytes, folder: Path, name: str = "复核表.xlsx") -> ReturnedForm:
    """What the office reads of it."""
    path = folder / name
    path.write_bytes(data)
    return judge_form(read_submission(path, KEYS, form.VERSIONS))


def list_places(read: ReturnedForm) -> list[tuple[str, str]]:
    """Code and cell of what was found."""
    return [(item.code, item.cell) for item in read.findings]
