"""One project is returned by itself: what goes back of the others stays as it is."""

import shutil
from pathlib import Path

import pytest
from campaign_story import WRONG, Story, day

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.returning import ReturnedFiles, return_files
from workbook_tools.core.errors import SettingsError

EDUCATION, WATER = "清河县教育局", "清河县水务局"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three forms with an error, two of them under one name; reviewed."""
    story = Story.begin(tmp_path_factory.mktemp("single") / "2024年自评")
    story.send("甲/表.xlsx", "P01", 3, WRONG)
    story.send("乙/表.xlsx", "P02", 3, WRONG)
    story.send("丙.xlsx", "P09", 3, WRONG)
    story.review(4)
    return story


@pytest.fixture
def story(reviewed: Story, tmp_path: Path) -> Story:
    """A copy of that working folder."""
    return Story(Campaign.open(shutil.copytree(reviewed.campaign.root, tmp_path / "2024年自评")), reviewed.result)


def give_back(story: Story, on: int, *only: str) -> ReturnedFiles:
    campaign, key = story.campaign, story.campaign.signing_key()
    assert story.result
    done = return_files(
        campaign, story.result, campaign.folder("回收"), campaign.folder("退回"), {key.id: key}, day(on), only=only
    )
    assert done.unrecorded == ""
    return done


def test_only_its_copy_and_a_notice_of_its_own_are_made(story: Story) -> None:
    give_back(story, 5, "P02")
    assert story.folder() == {f"{EDUCATION}/表（P02）.xlsx", f"{EDUCATION}/退回通知（P02）.docx"}
    assert story.out(6) == {"P02"}


def test_what_goes_back_of_the_others_stays_byte_by_byte(story: Story) -> None:
    story.give_back(5)
    before = story.bytes()
    give_back(story, 6, "P02")
    after = story.bytes()
    assert {name: after[name] for name in before} == before
    assert [Path(name).name for name in after.keys() - before.keys()] == ["退回通知（P02）.docx"]


def test_several_have_one_notice_for_a_department(story: Story) -> None:
    done = give_back(story, 5, "P01", "P02", "P09")
    assert {path.name for path in done.notices} == {"退回通知（P01等2个）.docx", "退回通知（P09）.docx"}


def test_a_whole_return_takes_in_what_was_returned_alone(story: Story) -> None:
    give_back(story, 5, "P09")
    story.give_back(6)
    assert story.folder() == {
        f"{EDUCATION}/表.xlsx",
        f"{EDUCATION}/表（P02）.xlsx",
        f"{EDUCATION}/退回通知.docx",
        f"{WATER}/丙.xlsx",
        f"{WATER}/退回通知.docx",
        f"归档/{WATER}/退回通知（P09）.docx",
    }


def test_the_copy_of_an_earlier_version_is_moved_aside(story: Story) -> None:
    give_back(story, 5, "P09")
    story.send_copy("丙第二次.xlsx", story.returned("丙.xlsx"), 7, indicator_001_actual=90)
    story.review(8)
    give_back(story, 9, "P09")
    assert {f"{WATER}/丙第二次.xlsx", f"归档/{WATER}/丙.xlsx"} <= story.folder()
    assert f"{WATER}/丙.xlsx" not in story.folder()


@pytest.mark.parametrize("code", ["P03", "P99"])
def test_where_there_is_nothing_to_return_nothing_is_changed(story: Story, code: str) -> None:
    story.give_back(5)
    before = story.bytes()
    with pytest.raises(SettingsError, match=code):
        give_back(story, 6, "P02", code)
    assert story.bytes() == before
