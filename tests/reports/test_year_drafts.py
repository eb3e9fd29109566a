"""与上年比较 in the reports on several projects: figures of both years' results, and nothing where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from group_report_texts import LOOK, list_lines
from memory_store import MemoryStore
from result_builder import project, result
from two_years import compare

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import LastYearFigures, ReviewResult
from workbook_tools.core.values import number_text
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.reports.filling import render_group_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM, WHOLE_FORM
from workbook_tools.reports.group_facts import CampaignFacts, GroupFacts
from workbook_tools.reports.writing import write_reports
from workbook_tools.reports.year_drafts import YearChange, list_changes, write_change
from workbook_tools.results.two_years import Presence, list_repeated_losses
from workbook_tools.rules.recorded import restore_schemes

FOUND = compare(result([project(number) for number in range(12)]))


def whole(found: ReviewResult) -> GroupFacts:
    return CampaignFacts(found, restore_schemes(found)).whole


def text_of(facts: GroupFacts) -> str:
    return "\n".join(write_change(facts))


def test_nothing_is_said_where_no_result_of_last_year_is_named() -> None:
    plain = result([project(1), project(2)])
    assert text_of(whole(plain)) == ""
    assert "上年" not in "\n".join(list_lines(render_group_report(plain, WHOLE_FORM, look=LOOK)))


def test_it_is_said_that_there_is_no_data_where_no_project_was_there() -> None:
    new = result([project(1), project(2)]).model_copy(update={"compared_with": 2020})
    assert text_of(whole(new)) == "2020年度的结果里没有这些项目，没有上年数据，不作比较。"
    lines = list_lines(render_group_report(new, WHOLE_FORM, look=LOOK))
    assert any("没有上年数据" in line for line in lines)


def test_the_sentences_say_what_both_results_come_to() -> None:
    both = [row for row in FOUND.projects if row.last_year]
    then = sum(row.last_year.budget or 0 for row in both if row.last_year)
    now = sum(row.amount(Measure.ANNUAL_BUDGET) or 0 for row in both)
    text = text_of(whole(FOUND))
    assert "两年都有自评结果的项目11个" in text and "上年没有数据的1个" in text
    assert "今年清单里没有的2个（上年第1号项目、上年第2号项目）" in text
    assert f"全年预算资金由{number_text(then)}万元变为{number_text(now)}万元，增加{number_text(now - then)}万元" in text
    assert f"两年都失分的指标（含预算执行率）{len(list_repeated_losses(FOUND))}项" in text


def test_a_closed_departments_projects_are_gone_from_the_whole_and_from_no_department() -> None:
    campaign = CampaignFacts(FOUND, restore_schemes(FOUND))
    assert campaign.whole.sums.years_apart.presences[Presence.GONE] == 2
    assert sum(one.sums.years_apart.presences[Presence.GONE] for one in campaign.departments) == 1
    first = list_repeated_losses(FOUND)[: len(campaign.whole.sums.repeated.first)]
    assert [one.now.lost for one in campaign.whole.sums.repeated.first] == [one.now.lost for one in first]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (YearChange("预算执行率", 2, 0.83333, 0.9, "%"), "+6.67个百分点"),
        (YearChange("平均得分", 2, 85.456, 85.444, "分"), "-0.02"),
        (YearChange("全年预算资金", 2, 10.5, 10.5, "万元"), "0"),
        (YearChange("预算执行率", 2, None, 0.9, "%"), ""),
    ],
)
def test_a_difference_is_that_of_the_printed_figures(change: YearChange, difference: str) -> None:
    assert change.shown_difference == difference


def test_scores_alone_are_compared_where_no_money_is() -> None:
    row = project(1, funding={}).model_copy(update={"last_year": LastYearFigures(year=2020, score=80.0, grade="良好")})
    facts = whole(result([row]).model_copy(update={"compared_with": 2020}))
    assert [one.name for one in list_changes(facts.sums.years_apart)] == ["平均得分"]
    assert "资金" not in text_of(facts)


def test_the_report_is_written_anew_where_last_years_result_has_changed(tmp_path: Path) -> None:
    store = MemoryStore()

    def count_left(found: ReviewResult) -> int:
        outputs = EarlierOutputs(store, tmp_path)
        write_reports(found, tmp_path, projects=(), outputs=outputs)
        outputs.close()
        return outputs.left

    last = FOUND.projects[5]
    assert last.last_year is not None
    other = last.model_copy(update={"last_year": last.last_year.model_copy(update={"score": 12.0})})
    projects = tuple(other if row.code == last.code else row for row in FOUND.projects)
    changed = FOUND.model_copy(update={"projects": projects})
    assert [count_left(found) for found in (FOUND, FOUND, changed)] == [0, 6, 3]
    document = render_group_report(FOUND, DEPARTMENT_FORM, last.department, look=LOOK)
    assert any("与上年比较" in line for line in list_lines(document))
