"""What an earlier, wrong run recorded as received is corrected by the next one; the history stays."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import result_builder
from builders import answers, project
from ledger_facts import record_review
from sqlalchemy import func, select
from surgery import save_as_on

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger import ReceivedFile
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.tables import DISMISSED, RECEIVED, REVIEWED
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.model import ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.workbooks.writing import build_workbook

NOW = datetime(2025, 3, 20, 1, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """One project, whose workbook was issued."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024))
    listed = ProjectList(year=2024, scheme="mof-2020", projects=(project(),))
    (made.root / LIST_FILE).with_suffix(".json").write_text(listed.model_dump_json(), "utf-8")
    issue_workbooks(made, listed.projects, made.folder("下发"), made.signing_key(), NOW)
    return made


def record_wrongly(campaign: Campaign, path: Path) -> None:
    """As a program did that took any workbook of ours for a submission, and gave the blank form no points."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    row = result_builder.project(1, code="P001", year=2024, file=path.name, total_score=0.0, grade="差")
    file = ReceivedFile(2024, "P001", path.name, digest, NOW)
    with campaign.open_ledger() as ledger:
        record_review(
            ledger, [(ReviewResult(scheme="mof-2020", year=2024, projects=(row,)), [file])], NOW - timedelta(days=1)
        )
    assert state(campaign)[0] is not State.MISSING


def state(campaign: Campaign) -> tuple[State, int, float | None]:
    with campaign.open_ledger() as ledger:
        (row,) = ledger.status([project()], NOW)
    return row.state, row.versions, row.total


def rerun(campaign: Campaign) -> None:
    key = campaign.signing_key()
    assert review_inbox(campaign, campaign.folder("回收"), {key.id: key}, NOW).unrecorded == ""


def count(campaign: Campaign) -> list[int]:
    """Rows received, reviewed and dismissed."""
    with open_database(campaign.root / ".wbt" / "ledger.sqlite3").connect() as connection:
        return [connection.scalar(select(func.count()).select_from(t)) or 0 for t in (RECEIVED, REVIEWED, DISMISSED)]


def test_the_blank_form_in_our_own_folder_that_was_taken_for_a_submission(campaign: Campaign) -> None:
    (blank,) = campaign.folder("下发").rglob("*.xlsx")
    record_wrongly(campaign, blank)
    rerun(campaign)
    assert state(campaign) == (State.MISSING, 0, None)
    assert count(campaign) == [1, 1, 1], "what was recorded stays, marked"
    rerun(campaign)
    assert count(campaign) == [1, 1, 1]


def test_a_blank_form_that_a_unit_sent(campaign: Campaign) -> None:
    """Saved again under another name: known by its content alone."""
    (blank,) = campaign.folder("下发").rglob("*.xlsx")
    sent = campaign.folder("回收") / "空的.xlsx"
    sent.write_bytes(blank.read_bytes() + b"\0")
    record_wrongly(campaign, sent)
    rerun(campaign)
    assert state(campaign) == (State.MISSING, 0, None)


def test_a_copy_in_our_own_folder(campaign: Campaign) -> None:
    copy = campaign.folder("退回") / "归档" / "P001.xlsx"
    copy.parent.mkdir()
    copy.write_bytes(build_workbook(project(answers=answers()), campaign.scheme(), campaign.signing_key()))
    record_wrongly(campaign, copy)
    rerun(campaign)
    assert state(campaign) == (State.MISSING, 0, None)


def test_behind_a_wrong_version_the_right_one_counts_again(campaign: Campaign) -> None:
    sent = campaign.folder("回收") / "P001.xlsx"
    sent.write_bytes(build_workbook(project(answers=answers()), campaign.scheme(), campaign.signing_key()))
    rerun(campaign)
    before = state(campaign)
    (blank,) = campaign.folder("下发").rglob("*.xlsx")
    record_wrongly(campaign, blank)
    rerun(campaign)
    assert state(campaign) == before == (State.READY, 1, 100.0)


def test_what_comes_as_a_submission_after_all_counts_again(campaign: Campaign) -> None:
    """A workbook that was issued filled in (--prefill), and which the unit sends as it is."""
    (path,) = campaign.folder("下发").rglob("*.xlsx")
    path.write_bytes(build_workbook(project(answers=answers()), campaign.scheme(), campaign.signing_key()))
    record_wrongly(campaign, path)
    rerun(campaign)
    assert state(campaign) == (State.MISSING, 0, None)
    (campaign.folder("回收") / "P001.xlsx").write_bytes(path.read_bytes())
    rerun(campaign)
    assert state(campaign) == (State.READY, 1, 100.0)
    assert count(campaign)[2] == 0


def test_a_file_that_was_taken_out_of_the_inbox_stays_received(campaign: Campaign) -> None:
    sent = campaign.folder("回收") / "P001.xlsx"
    sent.write_bytes(build_workbook(project(answers=answers()), campaign.scheme(), campaign.signing_key()))
    rerun(campaign)
    sent.unlink()
    rerun(campaign)
    assert state(campaign) == (State.READY, 1, 100.0)


def test_an_old_version_that_is_saved_again_after_its_file_is_gone_does_not_count(campaign: Campaign) -> None:
    """The ledger remembers what it said; without that the file with the newest time would win."""
    inbox, scheme, key = campaign.folder("回收"), campaign.scheme(), campaign.signing_key()
    draft = inbox / "初稿.xlsx"
    draft.write_bytes(build_workbook(project(answers=answers(execution_reason="初稿")), scheme, key))
    save_as_on(draft, NOW - timedelta(days=5))
    rerun(campaign)
    content = draft.read_bytes()
    draft.unlink()
    for name, data, days in (
        ("定稿.xlsx", build_workbook(project(answers=answers()), scheme, key), 3),
        ("又存了一次的初稿.xlsx", content, 1),
    ):
        (inbox / name).write_bytes(data)
        save_as_on(inbox / name, NOW - timedelta(days=days))
    for _ in range(2):
        rerun(campaign)
        with campaign.open_ledger() as ledger:
            (row,) = ledger.status([project()], NOW)
        assert (row.file, row.versions) == ("定稿.xlsx", 3)
