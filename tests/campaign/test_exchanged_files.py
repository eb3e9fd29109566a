"""The file that finance accepted is exchanged for another: the project is accepted no more, and says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from campaign_story import Story, day

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.ledger.accepting import accept_projects, withdraw_acceptance
from workbook_tools.campaign.reviewing import refresh_states
from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.core.states import State
from workbook_tools.results.json_file import read_json

WHEN = f"{day(5).astimezone():%Y-%m-%d %H:%M}"
WRONG = IndicatorAnswer(actual="很多")


def accept(story: Story, on: int, *codes: str) -> None:
    """``wbt accept``; 审核结果 follows."""
    done = accept_projects(story.campaign, codes, day(on), who="王强")
    assert not done.refused and not done.doubtful
    refresh_states(story.campaign, done.accepted_by)
    story.result = read_json(story.campaign.result_file)


def exchanged(story: Story, code: str = "P01") -> list[Finding]:
    assert story.result
    return [row for row in story.result.findings if row.code == "FILE27" and row.project_code == code]


def state(story: Story, code: str = "P01") -> tuple[State, str, int]:
    assert story.result
    (row,) = (row for row in story.result.projects if row.code == code)
    return row.state, row.first_step, row.findings.warning


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """P01 and P02 came, and P01 is accepted."""
    story = Story.begin(tmp_path_factory.mktemp("exchanged") / "2024年自评")
    story.send("甲.xlsx", "P01", 3)
    story.send("乙.xlsx", "P02", 3)
    story.review(4)
    accept(story, 5, "P01")
    story.review(6)
    assert state(story)[0] is State.ACCEPTED
    assert not exchanged(story)
    return story


@pytest.fixture
def story(begun: Story, tmp_path: Path) -> Story:
    """A copy of that working folder."""
    return Story(Campaign.open(shutil.copytree(begun.campaign.root, tmp_path / "2024年自评")), begun.result)


def test_another_file_in_place_of_the_accepted_one_is_told_until_it_is_accepted(story: Story) -> None:
    story.send("甲.xlsx", "P01", 7, IndicatorAnswer(actual=50.0))
    story.review(8)
    (told,) = exchanged(story)
    assert (told.severity, told.file) == (Severity.WARNING, "甲.xlsx")
    assert told.message == "接收以后换了文件，内容不同；接收时100分、优，现在90分、优"
    assert told.for_finance == f"{WHEN} 王强接收的是“甲.xlsx”"
    assert state(story)[0] is not State.ACCEPTED
    assert state(story)[2] == 1
    assert not exchanged(story, "P02")
    first = story.result
    assert story.review(9) == first, "what was kept says the same"
    accept(story, 10, "P01")
    assert (state(story)[0], exchanged(story)) == (State.ACCEPTED, [])
    story.review(11)
    assert (state(story)[0], exchanged(story)) == (State.ACCEPTED, [])


def test_the_accepted_file_put_back_is_accepted_as_before(story: Story) -> None:
    before = story.path("甲.xlsx").read_bytes()
    story.send("甲.xlsx", "P01", 7, WRONG)
    story.review(8)
    assert (len(exchanged(story)), state(story)[0]) == (1, State.TO_CORRECT)
    story.give_back(8)
    opinions = openpyxl.load_workbook(story.returned("甲.xlsx"))["退回意见"]
    told = [str(cell.value) for row in opinions.iter_rows() for cell in row if cell.value]
    assert any("很多" in text for text in told) and not any("接收" in text for text in told), "it is finance's matter"
    story.path("甲.xlsx").write_bytes(before)
    story.review(9)
    assert (exchanged(story), state(story)[0]) == ([], State.ACCEPTED)


def test_a_newer_file_beside_the_accepted_one_is_told_with_where_that_lies(story: Story) -> None:
    story.send("甲 新.xlsx", "P01", 7, IndicatorAnswer(actual=101.0))
    story.review(8)
    (told,) = exchanged(story)
    assert told.file == "甲 新.xlsx" and "总分和等级没有变（100分、优）" in told.message
    assert told.for_finance == f"{WHEN} 王强接收的是“甲.xlsx”，还在回收里，没有采用"
    assert state(story)[1] == "接收以后换了文件，核对换了什么，再接收：wbt accept P01"


def test_a_file_that_is_only_saved_again_is_for_the_record(story: Story) -> None:
    path = story.path("甲.xlsx")
    story.send_copy("甲 存.xlsx", path, 7)
    story.path("甲 存.xlsx").replace(path)
    story.review(8)
    (told,) = exchanged(story)
    assert (told.severity, "内容没有变" in told.message) == (Severity.INFO, True)
    assert state(story) == (State.READY, "只是重新保存过，再接收：wbt accept P01", 0)


def test_an_acceptance_that_was_taken_back_is_no_more_spoken_of(story: Story) -> None:
    withdraw_acceptance(story.campaign, ("P01",), day(7), because="点错了项目", who="王强")
    story.send("甲.xlsx", "P01", 8, IndicatorAnswer(actual=50.0))
    story.review(9)
    assert not exchanged(story)
