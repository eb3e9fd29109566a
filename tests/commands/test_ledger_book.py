"""``wbt ledger`` as an officer uses it: checking, repairing, restoring, reading what was recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import project
from ledger_facts import issued, tell_story

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger.copies import list_copies
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.core.model import ProjectList
from workbook_tools.core.states import State

Wbt = Callable[..., tuple[int, str]]


@pytest.fixture
def campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A working folder in whose ledger a bit of everything stands, with the copy of 17 March."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024))
    listed = ProjectList(year=2024, projects=(project(),))
    (made.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    with made.open_ledger() as ledger:
        tell_story(ledger)
    monkeypatch.chdir(made.root)
    return made


def file_of(campaign: Campaign) -> Path:
    assert isinstance(campaign.ledger_place, Path)
    return campaign.ledger_place


def tamper(campaign: Campaign, statement: str) -> None:
    with open_database(campaign.ledger_place).begin() as connection:
        connection.exec_driver_sql(statement)


def accepted_by(campaign: Campaign) -> tuple[State, str]:
    with campaign.open_ledger() as ledger:
        (row,) = ledger.status([project()], datetime.now(UTC))
    return row.state, row.accepted_by


def test_a_sound_ledger_is_said_to_be_sound(campaign: Campaign, wbt: Wbt) -> None:
    code, said = wbt("ledger", "verify")
    assert code == 0
    assert "台账完好：共 15 件登记" in said
    assert "有 1 天的备份，最近的是 2025-03-17，都和台账一致。" in said
    assert "盖章" not in said


def test_what_is_wrong_is_told_since_when_and_what_to_do(campaign: Campaign, wbt: Wbt) -> None:
    tamper(campaign, "UPDATE event SET facts = replace(facts, '王强', '李敏') WHERE id = 15")
    code, said = wbt("ledger", "verify")
    assert code == 1
    assert "第15件被改过" in said
    assert "wbt　" not in said
    assert "自第15件起的登记不能作数" in said
    assert "2025-03-17" in said
    assert wbt("ledger", "verify", "--repair")[0] == 1
    assert accepted_by(campaign) == (State.ACCEPTED, "王强"), "the tables are not made anew from what was changed"


def test_tables_that_were_changed_are_repaired(campaign: Campaign, wbt: Wbt) -> None:
    tamper(campaign, "UPDATE accepted SET who = '李敏'")
    code, said = wbt("ledger", "verify")
    assert code == 1
    assert "接收" in said
    assert "登记的是“王强”，表里是“李敏”" in said
    assert "wbt ledger verify --repair" in said
    assert accepted_by(campaign) == (State.ACCEPTED, "李敏")
    code, said = wbt("ledger", "verify", "--repair")
    assert (code, "已按登记重做各表" in said, "台账完好" in said) == (0, True, True)
    assert accepted_by(campaign) == (State.ACCEPTED, "王强")


def test_a_lost_ledger_is_restored_as_the_message_says(campaign: Campaign, wbt: Wbt) -> None:
    file_of(campaign).write_bytes(b"")
    for command in (("status",), ("ledger", "verify"), ("ledger", "log"), ("accept", "P001", "--who", "王强")):
        code, said = wbt(*command)
        assert (code, "wbt ledger restore 2025-03-17" in said) == (2, True), said
    assert "2025-03-17" in wbt("ledger", "restore")[1]
    code, said = wbt("ledger", "restore", "2025-03-17")
    assert code == 0
    assert "换下的" in said
    assert accepted_by(campaign) == (State.ACCEPTED, "王强")
    code, said = wbt("ledger", "verify")
    assert (code, "恢复台账" in said) == (0, True)


def test_days_without_a_copy_and_what_is_no_day_are_told(campaign: Campaign, wbt: Wbt) -> None:
    before = file_of(campaign).read_bytes()
    for given, words in (
        ("2025-03-16", "有备份的日子：2025-03-17"),
        ("2025-99-99", "不是日期"),
        ("昨天", "读不出 昨天"),
    ):
        code, said = wbt("ledger", "restore", given)
        assert (code, words in said) == (2, True), said
    assert file_of(campaign).read_bytes() == before


def test_what_was_exported_can_be_restored(campaign: Campaign, wbt: Wbt) -> None:
    for wrong in (
        "wbt.toml",
        "项目清单.json",
        ".wbt/登记.jsonl",
    ):  # a slip must not replace what no command makes again
        assert wbt("ledger", "export", wrong)[0] == 2
    assert wbt("ledger", "export", "登记.jsonl")[0] == 0
    lines = (campaign.root / "登记.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 15
    assert json.loads(json.loads(lines[-1])["facts"])["who"] == "王强"
    file_of(campaign).unlink()
    assert wbt("ledger", "restore", "登记.jsonl")[0] == 0
    assert accepted_by(campaign) == (State.ACCEPTED, "王强")


def test_a_new_ledger_only_on_purpose_and_where_the_old_one_is_lost(campaign: Campaign, wbt: Wbt) -> None:
    assert wbt("ledger", "new")[0] == 2
    assert accepted_by(campaign) == (State.ACCEPTED, "王强")
    file_of(campaign).unlink()
    assert wbt("ledger", "new")[0] == 0
    assert accepted_by(campaign) == (State.MISSING, "")
    assert list_copies(file_of(campaign)) == []
    code, said = wbt("ledger", "verify")
    assert (code, "共 1 件登记" in said) == (0, True)


def test_the_log_tells_who_did_what_when_with_which_command(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "limin")
    with campaign.open_ledger() as ledger:
        ledger.record_issued([issued("P009", "i9")], datetime(2025, 3, 20, 1, tzinfo=UTC))
    _, said = wbt("ledger", "log", "--last", "2")
    first, second, rest = said.splitlines()
    assert first.startswith("第15件　2025-03-17 ")
    assert first.endswith("接收　P001　r1.xlsx　接收人 王强")
    assert (second.split("　")[2], second.split("　")[4:]) == ("limin", ["下发", "P009", "下发/P009.xlsx"])
    assert rest == "共 16 件，以上是最近的 2 件。"
    assert wbt("ledger", "log", "--project", "P009")[1].splitlines()[-1] == "共 1 件。"


def test_the_command_that_recorded_stands_in_the_event(campaign: Campaign, wbt: Wbt) -> None:
    assert wbt("generate")[0] == 0
    assert "wbt generate　下发　P001" in wbt("ledger", "log")[1]
    assert wbt("accept", "P002", "--who", "王强", "--because", "已与单位电话核实")[0] == 2, "it is not on the list"
    assert "已与单位电话核实" not in wbt("ledger", "log")[1]


def test_why_something_was_accepted_stands_in_the_log(campaign: Campaign, wbt: Wbt) -> None:
    with campaign.open_ledger() as ledger:
        ledger.accept([(2024, "P002")], "李敏", datetime(2025, 3, 20, 1, tzinfo=UTC), "已与单位电话核实")
    assert wbt("ledger", "log")[1].splitlines()[-2].endswith("接收　P002　r2.xlsx　接收人 李敏　理由 已与单位电话核实")
