"""The version that counts beside the one before it, wherever that lies."""

import shutil
from pathlib import Path

import pytest
from campaign_story import CELLS, WRONG, Story

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.versions import ComparedVersion, compare_last_version
from workbook_tools.files.sources import find_sources

CELL = CELLS["indicator_001_actual"]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """P01 came with an error and was returned; its unit corrected the copy, which came under another name."""
    story = Story.begin(tmp_path_factory.mktemp("versions") / "2024年自评")
    story.send("甲.xlsx", "P01", 3, WRONG)
    story.send("乙.xlsx", "P02", 3)
    story.review(4)
    story.give_back(5)
    story.send_copy("甲 改.xlsx", story.returned("甲.xlsx"), 7, indicator_001_actual=90)
    story.review(8)
    return story


@pytest.fixture
def story(corrected: Story, tmp_path: Path) -> Story:
    """A copy of that working folder."""
    return Story(Campaign.open(shutil.copytree(corrected.campaign.root, tmp_path / "2024年自评")), corrected.result)


def compare(story: Story, code: str = "P01") -> ComparedVersion | None:
    sources = {source.name: source for source in find_sources(story.campaign.folder("回收"))[0]}
    assert story.result
    return compare_last_version(story.campaign, next(p for p in story.result.projects if p.code == code), sources)


def changes(found: ComparedVersion | None) -> list[tuple[str, str, str]]:
    assert found and not found.trouble
    joined = (("".join(p.text for p in one.before), "".join(p.text for p in one.after)) for one in found.changes)
    return [(one.cell, *texts) for one, texts in zip(found.changes, joined, strict=True)]


def test_what_the_unit_changed_stands_beside_what_it_was(story: Story) -> None:
    found = compare(story)
    assert changes(found) == [(CELL, "很多", "90")]
    assert found and (found.before.file, found.number, found.before.total) == ("甲.xlsx", 1, 80.0)
    assert compare(story, "P02") is None


def test_a_version_that_is_gone_is_read_from_its_returned_copy(story: Story) -> None:
    story.path("甲.xlsx").unlink()
    assert changes(compare(story)) == [(CELL, "很多", "90")]
    story.give_back(9)  # nothing of it goes back now: the copy goes to the archive
    assert any(name.startswith("归档/") for name in story.folder())
    assert changes(compare(story)) == [(CELL, "很多", "90")]


def test_a_version_of_which_nothing_is_left_is_told(story: Story) -> None:
    story.path("甲.xlsx").unlink()
    for path in story.campaign.folder("退回").rglob("甲*.xlsx"):
        path.unlink()
    found = compare(story)
    assert found and "甲.xlsx" in found.trouble and found.changes == ()


def test_another_file_of_that_name_is_not_taken_for_the_version(story: Story) -> None:
    story.path("甲.xlsx").write_bytes(story.path("乙.xlsx").read_bytes())
    assert changes(compare(story)) == [(CELL, "很多", "90")]


def test_the_same_once_more_is_no_other_version(tmp_path: Path) -> None:
    story = Story.begin(tmp_path / "2024年自评")
    first = story.send("甲.xlsx", "P01", 3)
    story.review(4)
    story.send_copy("甲 再存.xlsx", first, 5)
    first.unlink()
    story.review(6)
    assert compare(story) is None


def test_without_the_ledger_there_is_nothing_to_compare(story: Story) -> None:
    (story.campaign.root / ".wbt/ledger.sqlite3").write_bytes(b"no database")
    assert compare(story) is None
