"""Two people accept at the same moment, each with a process of their own: one wins, the other is told by whom and when."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import project
from ledger_facts import received, record_review, result
from long_run import LONG

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger.checking import check_ledger
from workbook_tools.campaign.ledger.database import open_database, write_transaction
from workbook_tools.core.model import ProjectList
from workbook_tools.core.states import State
from workbook_tools.review.states import mark_states

PEOPLE = ("王强", "李敏")


@pytest.fixture
def campaign(tmp_path: Path, location: str | Path) -> Campaign:
    """A working folder with a project that can be accepted."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024, ledger=str(location)))
    listed = ProjectList(year=2024, projects=(project(),))
    (made.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    file = received()
    with made.open_ledger() as ledger:
        ready = mark_states(result(file).model_copy(update={"findings": ()}))
        record_review(ledger, [(ready, [file])], datetime.now(UTC) - timedelta(days=1))
    return made


@pytest.mark.parametrize("which", ["P001", "--all"] if LONG else ["--all"])
def test_one_wins_and_the_other_is_told(campaign: Campaign, which: str) -> None:
    command = [sys.executable, "-m", "workbook_tools", "accept", which, "--who"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with write_transaction(open_database(campaign.ledger_place)):  # both have to wait, so that they go on at once
        running = [
            subprocess.Popen([*command, who], cwd=campaign.root, stdout=subprocess.PIPE, text=True, env=environment)
            for who in PEOPLE
        ]
        with pytest.raises(subprocess.TimeoutExpired):
            running[0].wait(timeout=3)
    said = {who: process.communicate(timeout=60)[0] for who, process in zip(PEOPLE, running, strict=True)}
    assert [process.returncode for process in running] == [0, 0], said
    with campaign.open_ledger() as ledger:
        (row,) = ledger.status([project()], datetime.now(UTC))
    assert row.state is State.ACCEPTED
    loser = next(who for who in PEOPLE if who != row.accepted_by)
    assert "已接收 1 个项目。" in said[row.accepted_by]
    assert "已接收 0 个项目，另有 1 个以前已接收。" in said[loser]
    assert row.accepted_at is not None
    when = row.accepted_at.astimezone().strftime("%Y-%m-%d %H:%M")
    assert f"P001 农村道路养护经费 已由{row.accepted_by}于 {when} 接收" in said[loser]
    assert check_ledger(open_database(campaign.ledger_place), campaign.known_keys()).faults == ()
