"""The version that counts beside the one before it, wherever that lies."""

import os
import shutil
from pathlib import Path

import pytest
from campaign_story import CELLS, WRONG, Story, day
from drawn_forms import drawn
from hand_made_forms import hand_made

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
    project = next(p for p in story.result.projects if p.code == code)
    return compare_last_version(story.campaign, project, sources, story.result.projects)


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


# -- forms of today -----------------------------------------------------------------------------------------------------

UNIT = "清河县教育局P03办"


def put(story: Story, name: str, data: bytes, on: int) -> Path:
    """A file comes in that was saved on that day of March."""
    path = story.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (day(on).timestamp(),) * 2)
    return path


@pytest.fixture
def by_hand(tmp_path: Path) -> Story:
    """P03 came on a form made by hand, and again as it was corrected, with the name spelt with a slip."""
    story = Story.begin(tmp_path / "2024年自评")
    put(story, "手工/教育 '一'.xlsx", drawn(hand_made("P03号项目", UNIT)), 3)
    story.review(4)
    changed = hand_made("P03号项目", UNIT).replace("102公里", "98公里").replace("150|150|150|10", "150|150|140|10")
    put(story, "手工/教育 改.xlsx", drawn(changed), 5)
    story.review(8)
    return story


def test_two_forms_made_by_hand_are_compared(by_hand: Story) -> None:
    found = compare(by_hand, "P03")
    assert found and found.before.file == "手工/教育 '一'.xlsx"
    assert [(before, after) for _, before, after in changes(found)] == [("150", "140"), ("102公里", "98公里")]


def test_a_form_made_by_hand_beside_its_like_is_compared_with_its_own(by_hand: Story) -> None:
    """Two projects on forms in one zip, whose names differ by a sign: each with its own former one."""
    other = put(by_hand, "丙.xlsx", drawn(hand_made("P04号项目", "清河县教育局P04办")), 9)
    own = put(by_hand, "丁.xlsx", drawn(hand_made("P03号项目", UNIT).replace("102公里", "97公里")), 9)
    by_hand.send_zip("手工.zip", [("丙.xlsx", other), ("丁.xlsx", own)])
    by_hand.review(10)
    found = compare(by_hand, "P03")
    assert found and found.before.file == "手工/教育 改.xlsx"
    assert [(before, after) for _, before, after in changes(found)] == [("140", "150"), ("98公里", "97公里")]
    assert compare(by_hand, "P04") is None


def test_a_form_made_by_hand_is_compared_with_what_was_issued_and_is_told_when_gone(by_hand: Story) -> None:
    by_hand.send("下发的.xlsx", "P03", 12)
    by_hand.review(13)
    found = compare(by_hand, "P03")
    assert found and found.before.file == "手工/教育 改.xlsx" and ("98公里", "102") in {c[1:] for c in changes(found)}
    by_hand.path("手工/教育 改.xlsx").unlink()
    found = compare(by_hand, "P03")
    assert found and "教育 改.xlsx" in found.trouble
