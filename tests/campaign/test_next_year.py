"""The next year is begun from this one: what goes on stands there with what was reached, what is of one year does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KEY, project
from campaign_story import CODES, Story
from result_builder import indicators
from result_builder import project as reviewed_project

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.next_year import _with_last_year, begin_next_year
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Indicator, Project, ProjectList
from workbook_tools.form.identity import project_digest
from workbook_tools.projects import project_list_workbook, read_projects
from workbook_tools.rules.scheme import load_scheme

REMARK = "# 年度由领导定\n"


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A year in which two of twelve units have sent their forms."""
    story = Story.begin(tmp_path_factory.mktemp("year") / "2024年自评")
    story.send("甲.xlsx", "P01", on=3)
    story.send("乙.xlsx", "P02", on=4)
    story.review(on=5)
    root = story.campaign.root
    settings = root / "wbt.toml"
    settings.write_text(REMARK + settings.read_text("utf-8").replace("year = 2024", "year = 2024  # 清河"), "utf-8")
    (root / "评分方案" / "自己的.toml").write_text('extends = "mof-2020"\nname = "自己的"\n', "utf-8")
    (root / "模板").mkdir()
    (root / "模板" / "报告.docx").write_bytes(b"PK")
    (root / "模板" / "上级表样").mkdir()
    (root / "模板" / "上级表样" / "抽查.xlsx").write_bytes(b"PK")
    (root / "词表.toml").write_text("", "utf-8")
    return Campaign.open(root)


def listed(campaign: Campaign) -> list[Project]:
    found, findings = read_list(campaign, campaign.project_list, 0, "")
    assert findings == []
    return list(found.projects)


def test_the_list_has_last_years_figures_beside_what_goes_on(earlier: Campaign, tmp_path: Path) -> None:
    begun = begin_next_year(earlier, tmp_path / "2025年自评")
    first, second, third, *_ = listed(begun.campaign)
    assert begun.troubles == ()
    assert [(p.code, p.year, p.annual_budget, p.annual_goal) for p in (first, third)] == [
        ("P01", 2025, {}, ""),
        ("P03", 2025, {}, ""),
    ]
    assert (first.last_rate, first.last_score, first.last_grade) == (
        second.last_rate,
        second.last_score,
        second.last_grade,
    )
    assert first.last_score is not None
    assert (first.indicators[0].last_target, first.indicators[0].last_actual) == ("≥100公里", "102公里")
    assert [one.last_score for one in first.indicators] != [None] * len(first.indicators)
    assert (third.last_rate, third.last_score, third.indicators[0].last_actual) == ("", None, "")
    assert listed(begun.campaign) == list(begun.projects)


def test_settings_keys_schemes_forms_and_words_go_along_and_dates_do_not(earlier: Campaign, tmp_path: Path) -> None:
    begun = begin_next_year(earlier, tmp_path / "2025年自评", changes={"contact": "3022001"})
    made = Campaign.open(begun.campaign.root)
    assert (made.settings.year, made.settings.deadline, made.settings.contact) == (2025, "", "3022001")
    assert (made.settings.authority, made.settings.checks) == (earlier.settings.authority, earlier.settings.checks)
    text = (made.root / "wbt.toml").read_text("utf-8")
    assert text.startswith(REMARK) and "year = 2025  # 清河" in text
    assert made.signing_key().id == KEY.id
    assert {path.relative_to(made.root).as_posix() for path in made.root.rglob("*") if path.is_file()} == {
        ".wbt/signing.key",
        "wbt.toml",
        "项目清单.xlsx",
        "评分方案/自己的.toml",
        "模板/报告.docx",
        "模板/上级表样/抽查.xlsx",
        "词表.toml",
    }


def test_projects_that_end_are_left_out(earlier: Campaign, tmp_path: Path) -> None:
    begun = begin_next_year(earlier, tmp_path / "次年", without=("P02", "P12"))
    assert [project.code for project in begun.projects] == [code for code in CODES if code not in ("P02", "P12")]
    assert begun.left_out == ("P02 P02号项目", "P12 P12号项目")


@pytest.mark.parametrize(
    ("place", "facts", "told"),
    [
        ("次年", {"without": ("P99",)}, "P99"),
        ("次年", {"year": 2024}, "2024"),
        ("2024年自评", {}, "已经是工作文件夹"),
        ("2024年自评/下发/次年", {}, "里面"),
    ],
)
def test_what_cannot_be_begun_makes_nothing(earlier: Campaign, place: str, facts: dict[str, object], told: str) -> None:
    folder = earlier.root.parent / place
    there = folder.exists()
    with pytest.raises(SettingsError, match=told):
        begin_next_year(earlier, folder, **facts)  # type: ignore[arg-type]
    assert folder.exists() == there


def test_a_folder_that_is_one_already_stays(earlier: Campaign, tmp_path: Path) -> None:
    begin_next_year(earlier, tmp_path / "次年")
    before = {path: path.read_bytes() for path in (tmp_path / "次年").rglob("*") if path.is_file()}
    with pytest.raises(SettingsError, match="已经是工作文件夹"):
        begin_next_year(earlier, tmp_path / "次年")
    assert {path: path.read_bytes() for path in (tmp_path / "次年").rglob("*") if path.is_file()} == before


def test_without_a_review_the_list_goes_on_and_it_is_said(tmp_path: Path) -> None:
    story = Story.begin(tmp_path / "2024年自评")
    begun = begin_next_year(story.campaign, tmp_path / "2025年自评")
    assert len(begun.projects) == 12 and begun.projects[0].last_score is None
    assert "没有带入上年的实际值" in begun.troubles[0]


def test_a_lost_key_is_told_and_a_new_one_made(tmp_path: Path) -> None:
    story = Story.begin(tmp_path / "2024年自评")
    (story.campaign.root / ".wbt" / "signing.key").unlink()
    begun = begin_next_year(story.campaign, tmp_path / "2025年自评")
    assert any("另做了一把" in trouble for trouble in begun.troubles)
    assert begun.campaign.signing_key().id != KEY.id


def test_last_years_figures_are_read_back_and_are_nothing_that_was_issued(tmp_path: Path) -> None:
    plain = project()
    reached = [
        one.model_copy(update={"last_target": "≥1", "last_actual": "2", "last_score": 3.5}) for one in plain.indicators
    ]
    known = plain.model_copy(
        update={"indicators": tuple(reached), "last_score": 90.5, "last_rate": "99%", "last_grade": "优"}
    )
    path = tmp_path / "项目清单.xlsx"
    scheme = load_scheme("mof-2020")
    path.write_bytes(project_list_workbook(ProjectList(year=plain.year, projects=(known,)), scheme))
    found, findings = read_projects(path, year=plain.year, default_scheme=scheme)
    assert findings == []
    [again] = found.projects
    assert (again.last_score, again.last_rate, again.last_grade) == (90.5, "99%", "优")
    assert {(one.last_target, one.last_actual, one.last_score) for one in again.indicators} == {("≥1", "2", 3.5)}
    assert project_digest(known) == project_digest(plain)
    assert {"last_target", "last_actual", "last_score"} < set(Indicator.model_fields)


def test_a_long_text_of_the_year_before_is_cut_to_what_is_read_at_a_glance() -> None:
    [row, *_] = indicators(reviewed_project(1))
    for length, cut in ((280, False), (281, True)):
        last = _with_last_year(
            project().indicators[0], row.model_copy(update={"actual_text": "长" * length})
        ).last_actual
        assert last == "长" * 280 + ("……（以下略）" if cut else "")
