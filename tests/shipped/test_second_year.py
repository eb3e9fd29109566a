"""The example's second year: it follows from the first, says of itself that it is thought up, and its closing lines are figures of both results."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.states import State
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.results import read_results
from workbook_tools.shipped.demo import Demo, run_demo
from workbook_tools.shipped.second_year import SecondYear, describe_change, run_second_year

NOW = datetime(2025, 4, 20, 4, tzinfo=UTC)
MARK = "【演示用，内容是编写的】"


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demo, SecondYear]:
    root = tmp_path_factory.mktemp("演示")
    first = run_demo(root / "演示", NOW)
    return first, run_second_year(first, root / "演示－第二年", NOW)


def test_the_closing_lines_are_figures_of_both_results(years: tuple[Demo, SecondYear]) -> None:
    first, second = years
    before = {row.code: row for row in read_results(first.campaign.result_file).result.projects}
    now = {row.code: row for row in read_results(second.campaign.result_file).result.projects}
    both = [(before[code], row) for code, row in now.items() if code in before]
    said = "\n".join(describe_change(second.result))
    assert f"两年都有自评结果的项目{len(both)}个" in said

    def add(rows: list[ProjectRow], measure: Measure) -> float:
        return sum(row.amount(measure) or 0 for row in rows)

    last, this = [old for old, _ in both], [new for _, new in both]
    for measure in (Measure.ANNUAL_BUDGET, Measure.EXECUTED):
        old, new = add(last, measure), add(this, measure)
        assert f"{measure.label}由{number_text(old)}万元变为{number_text(new)}万元" in said
    rates = [add(rows, Measure.EXECUTED) / add(rows, Measure.ANNUAL_BUDGET) for rows in (last, this)]
    assert f"预算执行率由{percent_text(rates[0])}变为{percent_text(rates[1])}" in said
    scores = [(a.counted_total, b.counted_total) for a, b in both if a.counted_total and b.counted_total]
    means = [number_text(float(number_text(sum(ones) / len(scores), 2))) for ones in zip(*scores, strict=True)]  # type: ignore[arg-type]
    assert f"平均得分由{means[0]}分变为{means[1]}分" in said
    assert all(row.name in said for row in before.values() if row.code in ("QW2021-002", "ZY2023-004"))


def test_one_is_new_one_has_not_come_and_two_are_finished(years: tuple[Demo, SecondYear]) -> None:
    result = years[1].result
    assert [row.code for row in result.projects if row.last_year is None] == ["QW2024-001"]
    assert [(row.code, row.last_year is not None) for row in result.missing] == [("ZY2023-003", True)]
    assert [row.code for row in result.gone] == ["QW2021-002", "ZY2023-004"]
    assert {found.code for found in result.findings} >= {"YEAR01", "YEAR03", "YEAR04"}


def test_it_says_wherever_it_stands_that_it_is_thought_up(years: tuple[Demo, SecondYear]) -> None:
    second = years[1]
    assert all(text.startswith(MARK) for row in second.result.projects for text in row.texts.values())
    assert all(row.annual_goal.startswith(MARK) for row in second.result.projects)
    book = openpyxl.load_workbook(second.campaign.root / LIST_FILE)
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    for heading in ("编写的，不是公开数据", "上年得分", "上年实际值", "上年等级"):
        assert any(heading in text for text in cells), heading


def test_a_sample_a_notice_and_a_publication_follow(years: tuple[Demo, SecondYear]) -> None:
    second = years[1]
    root: Path = second.campaign.root
    assert second.sampled == ("警务通通信服务", "交通运输行业工作经费")
    assert second.notice is not None and second.notice.unit == "曲沃县市场监督管理局"
    assert second.notice.notice.is_file() and second.notice.workbook.is_file()
    accepted = [row.code for row in second.result.projects if row.state is State.ACCEPTED]
    assert (second.published, accepted) == (1, ["QW2024-001"])
    assert len(list((root / "公开").rglob("*.docx"))) == 1 and (root / "抽查" / "抽查名单.xlsx").is_file()
