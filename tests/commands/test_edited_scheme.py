"""A scheme that is edited after its workbooks have gone out: what was issued stays what it was, and one finding tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from builders import answers, project
from judging import type_judgement

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.rules.scheme import load_scheme

Wbt = Callable[..., tuple[int, str]]
TOML = (resources.files("workbook_tools.rules") / "schemes" / "mof-2020.toml").read_text("utf-8")


SCHEME = TOML.replace('id = "mof-2020"', 'id = "own"')
BEST = '{ name = "优", at_least = 90 }'
STRICTER = SCHEME.replace(BEST, '{ name = "优", at_least = 96 }')


@pytest.fixture
def campaign(tmp_path: Path, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """Three projects under the office's own scheme, filled, sent and reviewed, each with 95.5 points."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024, scheme="own"))
    scheme_file(made).write_text(SCHEME, "utf-8")
    scheme = load_scheme("own", made.scheme_folders)
    given = list(answers(scheme).indicators)
    given[0] = IndicatorAnswer(actual=77.5, deviation_reason="连续降雨，工期顺延；已列入下年度计划。")
    told = answers(scheme, indicators=tuple(given))
    projects = tuple(project(code=f"P00{i}", name=f"第{i}号养护项目", answers=told) for i in (1, 2, 3))
    listed = ProjectList(year=2024, scheme="own", projects=projects)
    (made.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    monkeypatch.chdir(made.root)
    wbt("generate", "--prefill", "--out", "回收")
    wbt("review")
    assert {(p["total_score"], p["grade"]) for p in stored(made)["projects"]} == {(95.5, "优")}
    return made


def scheme_file(campaign: Campaign) -> Path:
    return campaign.root / "评分方案" / "own.toml"


def stored(campaign: Campaign) -> dict:
    return json.loads(campaign.result_file.read_text("utf-8"))


def edit(campaign: Campaign) -> None:
    """The scheme's file is edited: 95.5 points are no 优 any more."""
    assert BEST in SCHEME
    scheme_file(campaign).write_text(STRICTER, "utf-8")


def judge_as_computed(campaign: Campaign, code: str = "P001") -> None:
    """Finance confirms a score of one project: it types the computed score into the yellow cell."""
    type_judgement(campaign.result_file.with_suffix(".xlsx"), 15.5, code=code, by="")


def grades(campaign: Campaign, column: str) -> dict[str, str]:
    """Project code → grade in the column of that heading of 汇总."""
    sheet = openpyxl.load_workbook(campaign.root / "汇总" / "汇总_全部.xlsx", data_only=True)["汇总"]
    at = next(cell.column for row in sheet.iter_rows() for cell in row if str(cell.value).replace("\n", "") == column)
    rows = [(sheet.cell(row, 4).value, sheet.cell(row, at).value) for row in range(1, sheet.max_row + 1)]
    return {code: grade for code, grade in rows if str(code).startswith("P0")}


def test_a_judgement_after_the_edit_keeps_the_grade_that_was_issued(campaign, wbt):
    judge_as_computed(campaign)
    edit(campaign)
    code, said = wbt("merge")
    assert code == 0
    assert grades(campaign, "评价等级") == grades(campaign, "等级") == dict.fromkeys(("P001", "P002", "P003"), "优")
    assert said.count("SCHEME01") == 1


@pytest.mark.parametrize("command", [["merge"], ["report"], ["return"], ["draft", "list"]])
def test_whoever_reads_the_result_is_told_once_what_differs(campaign, wbt, command):
    edit(campaign)
    _, said = wbt(*command)
    assert said.count("SCHEME01") == 1
    assert "评价等级－等级－“优”－总分下限：90 → 96" in said
    assert "3 个项目" in said


def test_a_review_after_the_edit_puts_it_into_the_result_and_a_review_after_the_way_back_takes_it_out(campaign, wbt):
    edit(campaign)
    for _ in range(2):
        wbt("review")
        assert [f["code"] for f in stored(campaign)["findings"]].count("SCHEME01") == 1
    assert {p["grade"] for p in stored(campaign)["projects"]} == {"优"}
    scheme_file(campaign).write_text(SCHEME, "utf-8")
    assert "SCHEME01" not in wbt("merge")[1]
    wbt("review")
    assert "SCHEME01" not in [f["code"] for f in stored(campaign)["findings"]]


def test_a_scheme_whose_name_and_sources_alone_were_edited_is_no_other(campaign, wbt):
    lines = SCHEME.splitlines()
    renamed = ['name = "本县方案"' if line.startswith("name = ") else line for line in lines]
    assert renamed != lines
    scheme_file(campaign).write_text("\n".join(renamed), "utf-8")
    assert "SCHEME01" not in wbt("merge")[1]


def test_the_finding_can_be_switched_off_like_any_other(campaign, wbt):
    edit(campaign)
    settings = campaign.root / "wbt.toml"
    settings.write_text(settings.read_text("utf-8").replace('# TEXT05 = "off"', 'SCHEME01 = "off"'), "utf-8")
    assert "SCHEME01" not in wbt("merge")[1]
    wbt("review")
    assert "SCHEME01" not in [f["code"] for f in stored(campaign)["findings"]]


@pytest.mark.parametrize("file", ["", "id = 3"])
def test_a_scheme_file_that_is_gone_or_broken_stops_nothing_that_comes_after_the_review(campaign, wbt, file):
    judge_as_computed(campaign)
    scheme_file(campaign).write_text(file, "utf-8") if file else scheme_file(campaign).unlink()
    assert wbt("merge")[0] == wbt("report")[0] == 0
    assert set(grades(campaign, "等级").values()) == {"优"}


def test_two_versions_of_one_scheme_in_one_result_are_each_graded_under_their_own(campaign, wbt):
    edit(campaign)
    wbt("generate", "--prefill", "--overwrite", "--out", "新发")
    (new,) = (campaign.root / "新发").rglob("P003*.xlsx")
    (old,) = (campaign.root / "回收").rglob("P003*.xlsx")
    old.write_bytes(new.read_bytes())
    wbt("review")
    judge_as_computed(campaign, "P001")
    judge_as_computed(campaign, "P003")
    wbt("merge")
    expected = {"P001": "优", "P002": "优", "P003": "良"}
    assert grades(campaign, "评价等级") == grades(campaign, "等级") == expected
    result = stored(campaign)
    assert sorted(len(content["texts"]) for content in result["schemes"].values()) == [11, 11]
    assert [f["message"].split("，")[1] for f in result["findings"] if f["code"] == "SCHEME01"] == [
        "2 个项目仍按原来的方案计分、定级、出报告；改动（原来 → 现在）：评价等级－等级－“优”－总分下限：90 → 96"
    ]
