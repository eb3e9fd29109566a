"""``wbt run``: the round in one go; and ``wbt generate`` that finds nothing to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import MOF, answers, project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import ProjectList
from workbook_tools.workbooks.generating import generate

Wbt = Callable[..., tuple[int, str]]
LISTED = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边巡逻", department="示例县公安局", unit="示例县公安局"),
)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A working folder with three projects on its list."""
    settings = Settings(year=2024, authority="示例县财政局", deadline="2025年3月15日")
    made = Campaign.create(tmp_path / "自评", settings)
    text = ProjectList(year=2024, projects=LISTED).model_dump_json()
    (made.root / "项目清单.json").write_text(text, "utf-8")
    return made


@pytest.fixture
def wbt(wbt: Wbt, monkeypatch: pytest.MonkeyPatch, campaign: Campaign) -> Wbt:
    """Commands run in the working folder, on the 20th of March 2025."""
    monkeypatch.chdir(campaign.root)
    monkeypatch.setattr("workbook_tools.commands.clock.now", lambda: datetime(2025, 3, 20, 1, tzinfo=UTC))
    return wbt


def send(campaign: Campaign, code: str, **changes: object) -> None:
    """A unit sends its workbook in time."""
    listed = next(p for p in LISTED if p.code == code).model_copy(update={"answers": answers(MOF, **changes)})
    inbox, key = campaign.folder("回收"), campaign.signing_key()
    (made,) = generate([listed], inbox, key, campaign.notice, lambda _: MOF, prefill=True)
    moment = datetime(2025, 3, 10, tzinfo=UTC).timestamp()
    os.utime(made.path, (moment, moment))


def contents(campaign: Campaign) -> dict[str, bytes]:
    files = (p for name in ("审核", "退回", "汇总", "报告") for p in campaign.root.joinpath(name).rglob("*.*"))
    return {path.relative_to(campaign.root).as_posix(): path.read_bytes() for path in files}


def test_the_round_makes_what_the_single_commands_make(campaign: Campaign, wbt: Wbt) -> None:
    send(campaign, "P001")
    send(campaign, "P002", indicators=answers().indicators[:4])
    inbox = campaign.folder("回收")
    (inbox / "坏的.xlsx").write_bytes(b"")
    (inbox / "再发一次.xlsx").write_bytes(next(inbox.rglob("P001*.xlsx")).read_bytes())
    code, said = wbt("run", "--by", "4月10日")
    assert code == 1  # an error was found
    whole = contents(campaign)
    assert {name.split("/")[0] for name in whole} == {"审核", "退回", "汇总", "报告"}
    for args in (("review",), ("return", "--by", "4月10日"), ("report",), ("merge",)):
        assert wbt(*args)[0] < 2
    assert contents(campaign) == whole
    for told in (
        "一、收到 4 个文件，2 个项目：待更正 1、",
        "其中 1 个文件没有采用（读不了或认不出），为什么、怎么办见“问题清单”：\n  坏的.xlsx",
        "另有 1 个没有计入：重复的、较旧的，或者没有填写的，见“问题清单”“说明”。",
        "二、还缺 1 个项目：",
        "  校园周边巡逻（P003，示例县公安局）：催报：wbt status --remind",
        "三、先看：",
        "  待更正　候车亭维修（P002）：退回更正，先改 自评表!E17",
        "四、东西在哪里：",
        "已生成 2 个退回副本和 2 份退回通知",
        "重新报送的期限是 2025年4月10日。",
    ):
        assert told in said


def test_a_step_that_fails_does_not_lose_the_others(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OutputError("无法写入“汇总_全部.xlsx”：它是否正被 Excel 打开？")

    send(campaign, "P002", indicators=answers().indicators[:4])
    monkeypatch.setattr("workbook_tools.campaign.whole_round.report_result", fail)
    code, said = wbt("run")
    assert code == 2
    assert "没有完成：出报告：无法写入" in said
    assert {name.split("/")[0] for name in contents(campaign)} == {"审核", "退回", "汇总"}


@pytest.mark.parametrize("by", ["昨天", "2025年3月19日"])
def test_a_date_that_is_none_stops_before_anything_is_done(campaign: Campaign, wbt: Wbt, by: str) -> None:
    send(campaign, "P002", indicators=answers().indicators[:4])
    code, said = wbt("run", "--by", by)
    assert (code, "请写成 2025年4月3日" in said) == (2, True)
    assert contents(campaign) == {}


def test_an_empty_inbox_is_told_and_nothing_is_reported(campaign: Campaign, wbt: Wbt) -> None:
    code, said = wbt("run")
    assert (code, "里没有工作簿" in said) == (1, True)
    assert not list(campaign.folder("报告").rglob("*.docx"))


def test_a_list_that_has_not_changed_writes_nothing(campaign: Campaign, wbt: Wbt) -> None:
    assert "已生成 3 个工作簿" in wbt("generate")[1]
    before = {path: path.stat().st_mtime_ns for path in campaign.folder("下发").rglob("*.xlsx")}
    code, said = wbt("generate")
    assert (code, "没有变化：3 个工作簿已在" in said, "已生成" in said) == (0, True, False)
    assert {path: path.stat().st_mtime_ns for path in campaign.folder("下发").rglob("*.xlsx")} == before
    next(iter(before)).unlink()
    assert "已生成 1 个工作簿，另有 2 个没有变化" in wbt("generate")[1]
