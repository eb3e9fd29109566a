"""A project beside itself the year before: what is no better than copied is told, what is honest is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from campaign_story import CODES, Story, listed_project
from judging import type_judgement
from result_builder import funding, project

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.last_year import open_last_year
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Direction, Measure, ProjectList
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult, TextPlace
from workbook_tools.results import read_results
from workbook_tools.review.checks.last_year import LastYearProject, TwoYears, check_last_year
from workbook_tools.review.last_year import LastYear


def row(name: str, target: float | str, actual: float | str, **facts: Any) -> IndicatorRow:
    plain = {
        "project_code": "A",
        "dimension": "产出指标",
        "category": "数量指标",
        "direction": Direction.AT_LEAST,
        "unit": "公里",
        "weight": 10.0,
        "score": 10.0,
        "sheet": "自评表",
        "cell": f"I{9 + len(name)}",
    }
    shown = {"target_text": f"≥{target}公里", "actual_text": f"{actual}公里"}
    return IndicatorRow(**{**plain, **shown, "name": name, "target": target, "actual": actual, **facts})


def told(
    now: list[IndicatorRow], before: list[IndicatorRow], this: ProjectRow | None = None, last: ProjectRow | None = None
) -> list[tuple[str, str]]:
    both = TwoYears(
        this or project(1, year=2022), tuple(now), LastYearProject(last or project(1, year=2021), tuple(before))
    )
    return [(found.code, found.cell or found.field) for found in check_last_year(both)]


LESS = {"direction": Direction.AT_MOST}


@pytest.mark.parametrize(
    ("now", "before", "codes"),
    [
        (row("里程", 90, 95), row("里程", 100, 102), [("YEAR01", "I11")]),
        (row("里程", 100, 105), row("里程", 100, 102), []),
        (row("里程", 90, 95), row("里程", 100, 80, score=10.0), []),
        (row("成本", 60, 50, **LESS), row("成本", 50, 48, **LESS), [("YEAR01", "I11")]),
        (row("成本", 40, 40, **LESS), row("成本", 50, 48, **LESS), []),
        (row("里程", 90, 95, unit="米"), row("里程", 100, 102), []),
        (row("里程", "良好", "良好"), row("里程", 100, 102), []),
    ],
)
def test_a_target_below_what_was_reached_is_told_at_its_cell(
    now: IndicatorRow, before: IndicatorRow, codes: list[tuple[str, str]]
) -> None:
    assert told([now], [before]) == codes


def test_every_actual_as_the_year_before_is_told_unless_all_are_the_targets() -> None:
    names = ("甲项", "乙项", "丙项")
    copied = [row(name, 100, 100 + number) for number, name in enumerate(names)]
    assert told(copied, copied) == [("YEAR02", "I11")]
    routine = [row(name, 100, 100) for name in names]
    assert told(routine, routine) == []
    honest = [*copied[:2], row("丙项", 100, 103)]
    assert told(honest, copied) == []
    assert told(copied[:2], copied[:2]) == []


def test_a_sentence_with_last_years_year_in_it_is_told_at_its_text() -> None:
    place = {"plan": TextPlace(sheet="绩效分析", cell="B7", label="实施计划")}
    old = "2021年6月底前完成全县农村公路的路面修补和标线施划工作。"
    last = project(1, year=2021, texts={"plan": old})
    this = project(1, year=2022, texts={"plan": f"项目分两期。{old}"}, text_places=place)
    assert told([], [], this, last) == [("YEAR03", "B7")]
    mended = project(1, year=2022, texts={"plan": old.replace("2021", "2022")}, text_places=place)
    assert told([], [], mended, last) == []
    recalled = project(
        1, year=2022, texts={"plan": "与2021年相比，今年多修补路面三十公里，群众反映良好。"}, text_places=place
    )
    assert told([], [], recalled, last) == []


@pytest.mark.parametrize(
    ("now", "then", "codes"),
    [(150.0, 100.0, ["YEAR04"]), (149.0, 100.0, []), (50.0, 100.0, ["YEAR04"]), (9.0, 5.0, []), (5.0, 0.0, [])],
)
def test_a_budget_that_jumps_is_listed(now: float, then: float, codes: list[str]) -> None:
    this, last = (
        project(1, year=year, funding=funding(amount, amount)) for year, amount in ((2022, now), (2021, then))
    )
    assert [code for code, _ in told([], [], this, last)] == codes


def test_an_indicator_that_failed_and_is_gone_is_listed() -> None:
    failed, kept = row("绿化率", 90, 60, score=6.0), row("里程", 100, 100)
    assert told([kept], [failed, kept]) == [("YEAR05", "绿化率")]
    assert told([kept, row("绿化率", 90, 85)], [failed, kept]) == []
    assert told([kept], [row("绿化率", 90, 85, score=8.5), kept]) == []


# -- in a working folder ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, Story]:
    """Two years of an office; two projects came in the first, three in the second."""
    root = tmp_path_factory.mktemp("years")
    before = Story.begin(root / "2023年自评")
    for name, code in (("甲.xlsx", "P01"), ("乙.xlsx", "P02")):
        before.send(name, code, on=3)
    before.review(on=5)
    settings = before.campaign.root / "wbt.toml"
    settings.write_text(settings.read_text("utf-8").replace("year = 2024", "year = 2023"), "utf-8")
    data = before.campaign.result_file
    data.write_text(
        data.read_text("utf-8").replace('"year": 2024', '"year": 2023').replace('"year":2024', '"year":2023'), "utf-8"
    )
    now = Story.begin(root / "2024年自评")
    for name, code in (("甲.xlsx", "P01"), ("丙.xlsx", "P03")):
        now.send(name, code, on=3)
    return before.campaign, now


def review(story: Story, last_year: str) -> ReviewResult:
    path = story.campaign.root / "wbt.toml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("last_year")]
    path.write_text("\n".join([f'last_year = "{last_year}"', *lines]) + "\n", "utf-8")
    story.campaign = Campaign.open(story.campaign.root)
    return story.review(on=6)


def test_a_review_compares_with_the_year_before_and_says_where_it_could_not(years: tuple[Campaign, Story]) -> None:
    _, now = years
    result = review(now, "../2023年自评")
    first, third = result.projects
    assert first.last_year is not None
    assert (first.last_year.year, first.last_year.score, first.last_year.budget) == (
        2023,
        first.counted_total,
        first.amount(Measure.ANNUAL_BUDGET),
    )
    assert third.last_year is None
    [count] = [count for count in result.checks if count.codes == ("YEAR01",)]
    assert (count.ran, count.not_run) == (1, {"没有上年数据": 1})


def test_last_years_points_stand_beside_each_indicator_and_a_missing_project(years: tuple[Campaign, Story]) -> None:
    _, now = years
    result = review(now, "../2023年自评")
    assert result.compared_with == 2023
    before = {row.name: (row.last_year.weight, row.last_year.score) for row in result.indicators if row.last_year}
    mine = {row.name: (row.weight, row.final_score) for row in result.indicators if row.project_code == "P01"}
    assert before == mine and len(mine) > 3
    assert {row.code: row.last_year is not None for row in result.missing}["P02"]
    assert {row.code: row.last_year is not None for row in result.missing}["P04"] is False


def test_a_project_that_the_list_has_no_more_is_named_with_what_it_came_to(years: tuple[Campaign, Story]) -> None:
    before, now = years
    path = (now.campaign.root / LIST_FILE).with_suffix(".json")
    whole = path.read_text("utf-8")
    listed = ProjectList(year=2024, scheme="mof-2020", projects=tuple(map(listed_project, CODES[2:])))
    path.write_text(listed.model_dump_json(), "utf-8")
    try:
        result = review(now, "../2023年自评")
    finally:
        path.write_text(whole, "utf-8")
    earlier = {row.code: row for row in read_results(before.result_file).result.projects}
    assert [(row.code, row.figures.score) for row in result.gone] == [
        (code, earlier[code].counted_total) for code in ("P01", "P02")
    ]


def test_what_finance_decided_after_last_years_review_counts(years: tuple[Campaign, Story]) -> None:
    before, now = years
    type_judgement(before.result_file.with_suffix(".xlsx"), 3, code="P01")
    result = review(now, "../2023年自评")
    assert result.projects[0].last_year is not None and result.projects[0].last_year.score is not None
    assert result.projects[0].last_year.score < (result.projects[0].counted_total or 0)
    [row] = [row for row in result.indicators if row.project_code == "P01" and row.name == "养护里程"]
    assert row.last_year is not None and row.last_year.score == 3


def test_without_last_year_nothing_is_compared_and_it_is_said(years: tuple[Campaign, Story]) -> None:
    result = review(years[1], "")
    assert [row.last_year for row in result.projects] == [None, None]
    assert (result.compared_with, result.gone) == (0, ())
    assert {tuple(count.not_run.items()) for count in result.checks if count.codes[0].startswith("YEAR")} == {
        (("没有上年数据", 2),)
    }


def test_a_code_that_went_to_another_project_is_not_the_same_project(years: tuple[Campaign, Story]) -> None:
    before, _ = years
    last = LastYear(read_results(before.result_file).parts)
    unit = "清河县教育局P01办"
    renumbered = project(1, code="P02", name="P01号项目", unit=unit)
    another = project(1, code="P01", name="村级幼儿园改造", unit=unit)
    for place in (last, last.narrow(["P01", "P02"], [renumbered.name, another.name])):
        found = place.find(renumbered)
        assert found is not None and found.project.code == "P01"
        assert place.find(another) is None
    assert [row.code for row in last.list_gone([renumbered, another])] == ["P02"]


def test_a_folder_of_forms_is_last_year_too(years: tuple[Campaign, Story], tmp_path: Path) -> None:
    before, now = years
    forms = tmp_path / "上年"
    forms.mkdir()
    (forms / "甲.xlsx").write_bytes((before.folder("回收") / "甲.xlsx").read_bytes())
    path = now.campaign.root / "wbt.toml"
    path.write_text(
        path.read_text("utf-8")
        .replace("year = 2024", "year = 2025", 1)
        .replace('last_year = ""', f'last_year = "{forms}"'),
        "utf-8",
    )
    last = open_last_year(Campaign.open(now.campaign.root))
    assert last is not None and last.year == 2024
    found = last.find(project(1, code="P01", name="P01项目"))
    assert found is not None and found.indicators
    assert last.find(project(1, code="P99", name="P01号项目", unit="清河县教育局P01办")) is not None
    assert last.find(project(1, code="P99")) is None


@pytest.mark.parametrize(("place", "said"), [("没有", "找不到"), (".", "以前的"), ("空", "还没有审核结果")])
def test_what_is_no_earlier_result_is_told(tmp_path: Path, place: str, said: str) -> None:
    story = Story.begin(tmp_path / "2024年自评")
    Story.begin(tmp_path / "空").campaign.root.rename(story.campaign.root / "空")
    story.send("甲.xlsx", "P01", on=3)
    story.review(on=4)
    with pytest.raises(SettingsError, match=said):
        review(story, place)
