"""``wbt`` without a command: where the working folder stands and what comes next."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from checking import good

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.next_steps import find_next_steps
from workbook_tools.core.model import ProjectList

Wbt = Callable[..., tuple[int, str]]
NOW = datetime(2024, 3, 20, 1, tzinfo=UTC)


def commands(campaign: Campaign) -> list[str]:
    return [step.command for step in find_next_steps(campaign, NOW).steps]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """One project that has no mistakes once it is filled in."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024))
    made.project_list.with_suffix(".json").write_text(
        ProjectList(year=2024, projects=(good(),)).model_dump_json(), "utf-8"
    )
    return made


def test_step_by_step_to_the_end_of_the_year(campaign: Campaign, wbt: Wbt) -> None:
    """What is named first is done, and then the next is named; each is one command."""

    def do(*command: str) -> int:
        return wbt(*command, cwd=campaign.root)[0]

    listed = campaign.project_list.rename(campaign.root / "later.json")
    assert commands(campaign) == ["", "generate", "import 文件夹"]
    listed.rename(campaign.project_list.with_suffix(".json"))
    assert commands(campaign) == ["generate"]
    assert do("generate", "--prefill") == 0
    assert commands(campaign) == ["pack", "status --remind"]
    assert do("pack") == 0
    assert commands(campaign) == ["status --remind"]
    (sent,) = campaign.folder("下发").rglob("*.xlsx")
    shutil.copy2(sent, campaign.folder("回收"))
    assert commands(campaign) == ["run", "status --remind"]
    assert do("run") == 0
    assert commands(campaign) == ["accept --all"]
    assert do("accept", "--all") == 0
    assert "publish" in commands(campaign)
    assert do("sample", "--count", "1") == 0
    assert commands(campaign)[-1] == "inspect"
    assert do("inspect") == 0
    assert "inspect --read" not in commands(campaign)
    (form,) = (campaign.root / "复核" / "下发").rglob("*.xlsx")
    shutil.copy2(form, campaign.root / "复核" / "回收")
    assert commands(campaign)[-1] == "inspect --read"


def test_it_is_told_without_a_command(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    for arguments in ((), ("--no-browser",)):
        code, said = wbt(*arguments, cwd=campaign.folder("回收"))
        assert code == 0
        assert "共 1 个项目：缺报 1。" in said
        assert "接着做：wbt generate" in said
    code, said = wbt(cwd=tmp_path)
    assert code == 0
    assert "这里不是工作文件夹。" in said and "先进入“自评”" in said and "wbt init" in said


def test_settings_that_are_wrong_are_told(campaign: Campaign, wbt: Wbt) -> None:
    (campaign.root / "wbt.toml").write_text("year = '去年'", "utf-8")
    code, said = wbt(cwd=campaign.root)
    assert code == 2
    assert "wbt.toml" in said
