"""抽查名单 is drawn once; another takes a reason, and the first stays on record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from result_builder import project, result

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.sampling import draw_list
from workbook_tools.campaign.settings import change_rule
from workbook_tools.core.errors import SettingsError
from workbook_tools.inspection.sample_record import read_draws
from workbook_tools.inspection.sampling import SampleRule

NOW = datetime(2025, 4, 10, 6, 5, tzinfo=UTC)
REVIEWED = result([project(number) for number in range(20)])


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "自评", Settings(year=2024, authority="清河县财政局"))


def listed(path: Path) -> list[str]:
    rows = openpyxl.load_workbook(path)["抽查名单"].iter_rows(min_row=4, max_col=2, values_only=True)
    return [code for number, code in rows if isinstance(number, (int, float))]


def test_the_workbook_and_the_record_hold_the_sample(campaign: Campaign) -> None:
    done = draw_list(campaign, REVIEWED, NOW, seed="42")
    assert listed(done.workbook) == [row.code for row in done.draw.chosen]
    assert len(done.draw.chosen) == 3
    assert read_draws(done.workbook.with_suffix(".json"), 2024).last == done.draw
    again = draw_list(Campaign.create(campaign.root.parent / "另一台", campaign.settings), REVIEWED, NOW, seed="42")
    assert again.draw.chosen == done.draw.chosen


def test_a_seed_that_nobody_names_is_not_known_before(campaign: Campaign, tmp_path: Path) -> None:
    seeds = {
        draw_list(Campaign.create(tmp_path / str(n), campaign.settings), REVIEWED, NOW).draw.seed for n in range(3)
    }
    assert len(seeds) == 3


def test_a_sample_that_stands_is_drawn_again_for_a_reason_only(campaign: Campaign) -> None:
    first = draw_list(campaign, REVIEWED, NOW, seed="42")
    before = first.workbook.read_bytes()
    with pytest.raises(SettingsError, match="种子 42"):
        draw_list(campaign, REVIEWED, NOW, seed="43")
    assert first.workbook.read_bytes() == before
    second = draw_list(campaign, REVIEWED, NOW, seed="43", again="比例改了", rule=SampleRule(count=5))
    draws = read_draws(second.workbook.with_suffix(".json"), 2024).draws
    assert ([d.seed for d in draws], draws[1].because, len(second.draw.chosen)) == (["42", "43"], "比例改了", 5)
    told = [str(row[1].value) for row in openpyxl.load_workbook(second.workbook)["怎样抽的"].iter_rows(min_row=4)]
    assert "种子 42" in told[-1] and "比例改了" in told[-1]


def test_projects_picked_by_hand_join_those_that_were_drawn(campaign: Campaign) -> None:
    first = draw_list(campaign, REVIEWED, NOW, seed="42")
    free = next(row.code for row in first.draw.rows if not row.drawn)
    done = draw_list(campaign, REVIEWED, NOW, picked={free: "群众反映"})
    assert {row.code for row in done.draw.chosen} == {row.code for row in first.draw.chosen} | {free}
    assert done.draw.seed == "42"
    with pytest.raises(SettingsError, match="没有报送"):
        draw_list(campaign, REVIEWED, NOW, picked={"没有": "群众反映"})


def test_a_workbook_that_somebody_saved_is_kept_aside(campaign: Campaign) -> None:
    first = draw_list(campaign, REVIEWED, NOW, seed="42")
    book = openpyxl.load_workbook(first.workbook)
    book["抽查名单"]["L4"] = "李敏去"
    book.properties.lastModifiedBy = "李敏"
    book.save(first.workbook)
    done = draw_list(campaign, REVIEWED, NOW, again="重抽")
    assert done.moved_aside is not None
    assert openpyxl.load_workbook(done.moved_aside)["抽查名单"]["L4"].value == "李敏去"


def test_nothing_reviewed_and_a_damaged_record_are_told(campaign: Campaign) -> None:
    with pytest.raises(SettingsError, match="wbt review"):
        draw_list(campaign, result([]), NOW)
    done = draw_list(campaign, REVIEWED, NOW)
    done.workbook.with_suffix(".json").write_text("{", "utf-8")
    with pytest.raises(SettingsError, match="已损坏"):
        draw_list(campaign, REVIEWED, NOW, again="重抽")


def test_a_rule_on_the_command_line_goes_before_the_settings() -> None:
    rule = SampleRule(count=9, by_risk=True)
    assert change_rule(rule, share=0.2, by_risk=None) == SampleRule(share=0.2, by_risk=True)
    with pytest.raises(SettingsError, match="--share"):
        change_rule(rule, share=15)
