"""What published reports and county tables show, and where ours show it: docs/报告对照.md, held to the program."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from locations import ROOT
from published_cases import load
from result_builder import funding, project, result

from workbook_tools.core.model import Direction, FundingSource, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.core.values import number_text, percent_text, target_text
from workbook_tools.files.paths import templates_folder
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.filling import render_project_report
from workbook_tools.reports.found_forms import form_name
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.summary.tags import TEXTS, form_columns
from workbook_tools.summary.workbooks import write_summaries
from workbook_tools.word.rendering import open_form

PAGE = (ROOT / "docs" / "报告对照.md").read_text("utf-8")
TABLES = ("sc-zhongjiang-shuibiaochi-2022", "sh-putuo-tiyu-jiesuan-2022")
"""A table of a county and one of a district that were published whole."""


def section(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of the page."""
    text = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize(
    ("heading", "form"), [("曲沃县的四份报告", "曲沃"), ("张掖市的四份报告", "张掖"), ("县级自评表", "财政部")]
)
def test_the_form_prints_every_tag_that_the_page_names(heading: str, form: str) -> None:
    named = {tag for row in section(heading) for cell in row[1:] for tag in re.findall(r"`([^`{\s]+)`", cell)}
    opened = open_form(templates_folder() / form_name(form))
    used = (
        {written for written, _ in opened.used_tags()} | opened.printed_tags() | {tag.name for tag in APPEARANCE_TAGS}
    )
    assert {tag for tag in named if not any(one == tag or one.startswith(f"{tag}.") for one in used)} == set()


def test_the_summary_has_every_column_that_the_page_names(tmp_path: Path) -> None:
    path = next(path for path in write_summaries(result([project(1)]), tmp_path) if "全部" in path.name)
    book = openpyxl.load_workbook(path)
    for _, _, place, _ in section("县级自评表"):
        if place:
            sheet, _, column = place.partition("·")
            headings = {"".join(str(cell.value).split()) for row in book[sheet].iter_rows(max_row=5) for cell in row}
            assert column in headings, place


def test_the_office_table_knows_every_tag_that_the_page_names() -> None:
    named = {tag for row in section("县级自评表") for tag in re.findall(r"\{\{(.+?)\}\}", row[3])}
    assert named - form_columns(result([project(1)])).keys() - TEXTS.keys() == set()


# -- a published table in our report ----------------------------------------------------------------------------------


def project_of(case: dict[str, Any]) -> ProjectRow:
    total, parts = case["funding"]["total"], case["funding"]["parts"]
    money = funding(total["annual"], total["executed"])
    for part in parts:
        source = {"上年结转资金": FundingSource.CARRIED_OVER, "其他资金": FundingSource.OTHER}.get(
            part["label"], FundingSource.FISCAL_SUBTOTAL
        )
        money[Measure.ANNUAL_BUDGET][source] = part.get("annual")
        money[Measure.EXECUTED][source] = part.get("executed")
    money[Measure.EXECUTION_RATE] = {FundingSource.TOTAL: total["executed"] / total["annual"]}
    weights: dict[str, float] = {}
    scores: dict[str, float | None] = {}
    for row in case["indicators"]:
        weights[row["dimension"]] = weights.get(row["dimension"], 0) + row["weight"]
        scores[row["dimension"]] = (scores.get(row["dimension"]) or 0) + row["score"]
    return project(
        1,
        scheme=case["scheme"],
        name=case["project"],
        funding=money,
        execution_rate=total["executed"] / total["annual"],
        execution_score=total["score"],
        scores=scores,
        weights=weights,
        total_score=case["total"],
        grade="优",
    )


def indicators_of(case: dict[str, Any]) -> list[IndicatorRow]:
    rows = []
    for row in case["indicators"]:
        direction = next(one for one in Direction if one.symbol == row["direction"])
        unit = row.get("unit", "")
        actual = row["actual"] if isinstance(row["actual"], str) else f"{number_text(row['actual'])}{unit}"
        rows.append(
            IndicatorRow(
                project_code="XM0001",
                dimension=row["dimension"],
                category=row["dimension"],
                name=row["name"],
                direction=direction,
                weight=row["weight"],
                score=row["score"],
                target_text=target_text(row["target"], unit, direction),
                actual_text=actual,
            )
        )
    return rows


@pytest.mark.parametrize("name", TABLES)
def test_everything_that_a_published_table_prints_is_in_our_report(name: str) -> None:
    case = next(case for case in load()[0] if case["id"] == name)
    row = project_of(case)
    found = result([row], indicators=tuple(indicators_of(case)), missing=())
    form = templates_folder() / form_name("财政部")
    tables = Document(io.BytesIO(render_project_report(found, row, form))).tables
    cells = ["".join(cell.text.split()) for table in tables for line in table.rows for cell in line.cells]
    total = case["funding"]["total"]
    expected = [
        f"{case['project']}（XM0001）",
        number_text(total["annual"]),
        number_text(total["executed"]),
        percent_text(total["executed"] / total["annual"]),
        number_text(total["score"]),
        number_text(case["total"]),
        *(funding_row.label for funding_row in load_scheme(case["scheme"]).form.funding.rows),  # type: ignore[union-attr]
        *(number_text(weight) for weight in row.weights.values()),
    ]
    for one in found.indicators:
        expected += [one.dimension, one.name, one.target_text, one.actual_text]
        expected += [number_text(one.weight or 0), number_text(one.score or 0)]
    assert [text for text in expected if "".join(text.split()) not in cells] == []
