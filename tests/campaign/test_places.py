"""A command given one folder too high, or in one of our own folders, does no harm: it says which call is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import answers, filled

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import FOLDERS, SCHEME_FOLDER
from workbook_tools.campaign.places import choose_inbox, find_below
from workbook_tools.core.errors import SettingsError

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "全部年度" / "2024年自评", Settings(year=2024, authority="示例县财政局"))


def refusal(folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        choose_inbox(folder)
    return str(caught.value)


def test_of_a_working_folder_only_what_came_in_is_reviewed(campaign: Campaign) -> None:
    found = choose_inbox(campaign.root)
    assert (found.folder, found.campaign) == (campaign.folder("回收"), campaign)


def test_a_folder_of_files_that_came_in_is_taken_as_it_is(campaign: Campaign, tmp_path: Path) -> None:
    inner, other, elsewhere = campaign.folder("回收") / "交通局", campaign.root / "邮件", tmp_path / "别处"
    for folder in (inner, other, elsewhere):
        folder.mkdir()
    assert [(choose_inbox(f).folder, choose_inbox(f).campaign) for f in (inner, other, elsewhere)] == [
        (inner, campaign),
        (other, campaign),
        (elsewhere, None),
    ]


@pytest.mark.parametrize("name", [*(name for name in FOLDERS if name != "回收"), SCHEME_FOLDER, ".wbt", "退回/归档"])
def test_the_offices_own_folders_are_refused_with_the_right_call(campaign: Campaign, name: str) -> None:
    (campaign.root / name).mkdir(parents=True, exist_ok=True)
    said = refusal(campaign.root / name)
    assert f"wbt review {campaign.root}" in said
    assert name.partition("/")[0] in said


def test_a_folder_one_too_high_is_refused_with_the_right_call(campaign: Campaign) -> None:
    assert f"wbt review {campaign.root}" in refusal(campaign.root.parent)
    assert f"wbt review {campaign.root}" in refusal(campaign.root.parent.parent)


def test_a_working_folder_that_lies_among_what_came_in_is_refused(campaign: Campaign) -> None:
    beside = Campaign.create(campaign.root.parent / "2023年自评", Settings(year=2023))
    beside.root.rename(campaign.folder("回收") / "2023年自评")
    assert "2023年自评" in refusal(campaign.root / "回收")


def test_a_working_folder_without_its_settings_is_still_one(campaign: Campaign) -> None:
    (campaign.root / "wbt.toml").unlink()
    assert "wbt init" in refusal(campaign.root)
    assert "wbt init" in refusal(campaign.folder("回收"))
    assert list(find_below(campaign.root.parent)) == [campaign.root]


def test_folders_copied_without_settings_and_ledger_are_still_recognised(tmp_path: Path) -> None:
    for name in FOLDERS:
        (tmp_path / "拷贝" / name / "交通局").mkdir(parents=True)
    for place in ("拷贝", "拷贝/退回", "拷贝/下发/交通局"):
        assert "wbt init" in refusal(tmp_path / place)
    assert choose_inbox(tmp_path / "拷贝" / "回收").folder == tmp_path / "拷贝" / "回收"
    assert "拷贝" in refusal(tmp_path)


def test_a_unit_may_send_a_folder_that_is_called_like_one_of_ours(campaign: Campaign) -> None:
    inner = campaign.folder("回收") / "交通局" / "报告"
    inner.mkdir(parents=True)
    assert choose_inbox(inner).folder == inner


# -- the commands -----------------------------------------------------------------------------------------------------


def test_review_of_a_working_folder_from_anywhere_takes_what_came_in(wbt: Command, campaign: Campaign) -> None:
    filled(campaign.folder("回收"), answers=answers())
    filled(campaign.folder("下发"), name="P002.xlsx", code="P002")
    for given, here in (
        ([campaign.root.name], campaign.root.parent),
        ([campaign.root], campaign.root.parent.parent),
        ([], campaign.root),
        ([], campaign.folder("下发")),
        (["."], campaign.root),
        ([".."], campaign.folder("汇总")),
    ):
        wbt("review", *given, cwd=here)
        result = campaign.result_file.read_text("utf-8")
        assert ('"P001.xlsx"' in result, "P002.xlsx" in result) == (True, False)
        campaign.result_file.unlink()


def test_a_wrong_place_changes_nothing(wbt: Command, campaign: Campaign) -> None:
    filled(campaign.folder("下发"))
    before = sorted(campaign.root.rglob("*"))
    for given in (campaign.root.parent, campaign.folder("下发"), campaign.folder("退回")):
        code, said = wbt("review", given, "--out", campaign.root.parent / "结果", cwd=campaign.root.parent)
        assert code == 2
        assert "wbt review" in said
    assert wbt("return", "--inbox", campaign.folder("退回"), cwd=campaign.root)[0] == 2
    assert [
        path for path in sorted(campaign.root.rglob("*")) if path.suffix != ".log" and path.name != "日志"
    ] == before
    assert not (campaign.root.parent / "结果").exists()


@pytest.mark.parametrize("command", ["review", "return", "merge", "report"])
def test_no_result_goes_where_only_files_of_the_units_belong(wbt: Command, campaign: Campaign, command: str) -> None:
    filled(campaign.folder("回收"), answers=answers())
    wbt("review", cwd=campaign.root)
    before = sorted(campaign.folder("回收").rglob("*"))
    for out in ("回收", "回收/交通局", campaign.folder("回收")):
        code, said = wbt(command, "--out", out, cwd=campaign.root)
        assert (code, "只放单位报送的文件" in said) == (2, True)
    assert sorted(campaign.folder("回收").rglob("*")) == before


def test_one_folder_too_high_a_command_says_where_the_working_folder_is(wbt: Command, campaign: Campaign) -> None:
    code, said = wbt("status", cwd=campaign.root.parent)
    assert (code, "“2024年自评”" in said) == (2, True)


def test_a_working_folder_may_be_named_where_a_result_is_asked_for(wbt: Command, campaign: Campaign) -> None:
    filled(campaign.folder("回收"), answers=answers())
    wbt("review", campaign.root, cwd=campaign.root.parent)
    for command, folder in (("merge", "汇总"), ("return", "退回"), ("report", "报告")):
        code, said = wbt(command, campaign.root.name, cwd=campaign.root.parent)
        assert (code, f"{campaign.root.name}/{folder}" in said or "没有需要退回的文件" in said) == (0, True)
