"""Rounds of questions and answers between an office and a unit, in a working folder: asked, answered, refused, accepted."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from builders import MOF, answers, project
from docx import Document

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger.accepting import accept_projects
from workbook_tools.campaign.ledger.keeping import find_last_issues
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.returning import return_files
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding
from workbook_tools.core.model import FundingSource, ProjectList
from workbook_tools.core.questions import find_key
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.form import asking
from workbook_tools.results import read_results, write_results
from workbook_tools.results.answer_sheet import ANSWERS
from workbook_tools.results.names import list_department_books
from workbook_tools.returns.returned import Returned
from workbook_tools.workbooks.generating import generate

ASKED = "FUND01"
SAID, BETTER = "次年到账", "差额由上年结余垫付，凭证第12号"


def day(number: int) -> datetime:
    return datetime(2025, 3, number, 1, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A working folder to which a unit has sent a workbook without errors, in which more was spent than has come."""
    made = Campaign.create(tmp_path / "自评", Settings(year=2024, authority="示例县财政局"))
    listed = project()
    (made.root / "项目清单.json").write_text(ProjectList(year=2024, projects=(listed,)).model_dump_json(), "utf-8")
    issue_workbooks(made, [listed], made.folder("下发"), made.signing_key(), day(1))
    send_issued(made)
    return made


def send_issued(campaign: Campaign) -> None:
    """The unit fills the workbook that was issued to it."""
    received = {**answers().received, FundingSource.OTHER: 28.0}
    given = project(answers=answers(received=received))
    inbox, key = campaign.folder("回收"), campaign.signing_key()
    issues = find_last_issues(campaign, {2024}, [])
    (item,) = generate([given], inbox, key, campaign.notice, lambda _: MOF, issues, prefill=True, overwrite=True)
    item.path.rename(inbox / "P001.xlsx")


def review(campaign: Campaign, on: int, most: int = 1_000) -> ReviewResult:
    """So many projects at ``most`` stand in one workbook."""
    inbox = campaign.folder("回收")
    for path in inbox.iterdir():
        os.utime(path, (day(on).timestamp(), day(on).timestamp()))
    done = review_inbox(campaign, inbox, campaign.known_keys(), day(on))
    assert done.unrecorded == ""
    return write_results(done.review, campaign.folder("审核"), most=most).result


def give_back(campaign: Campaign, on: int, *, ask: bool = True) -> tuple[Returned, ...]:
    result = read_results(campaign.folder("审核")).result
    inbox, folder = campaign.folder("回收"), campaign.folder("退回")
    returned = return_files(campaign, result, inbox, folder, campaign.known_keys(), day(on), ask=ask)
    assert returned.unrecorded == ""
    return returned.items


def question(result: ReviewResult) -> Finding:
    (row,) = (row for row in result.findings if row.code == ASKED)
    return row


def send_copy(campaign: Campaign, copy: Path | None, text: str | None = None) -> None:
    """The unit sends its copy again, with an answer."""
    assert copy is not None
    book = openpyxl.load_workbook(copy)
    sheet = book[asking.TITLE]
    (cell,) = [row[8] for row in sheet.iter_rows(min_row=4) if str(row[9].value or "").startswith(ASKED)]
    if text is not None:
        cell.value = text
    book.save(campaign.folder("回收") / "P001.xlsx")


def rule(campaign: Campaign, row: Finding, seconds: int = 5, **cells: str) -> None:
    """Finance types into the yellow cells, and saves so many seconds after the review by its clock."""
    place = campaign.folder("审核")
    path = next(iter(list_department_books(place)), place / "审核结果.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book[ANSWERS]
    columns = {cell.value: cell.column for cell in sheet[3]}
    (line,) = [cells[-1].row for cells in sheet.iter_rows(min_row=4) if cells[-1].value == find_key(row).number]
    for header, text in cells.items():
        sheet.cell(line, columns[header]).value = text
    book.properties.lastModifiedBy = "王强"
    book.save(path)
    later = (place / "审核结果.json").stat().st_mtime + seconds
    os.utime(path, (later, later))


def state(campaign: Campaign, on: int) -> State:
    (row,) = find_standing(campaign, day(on)).rows
    return row.state


def notice(item: Returned) -> str:
    document = Document(str(item.notice))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_asked_answered_refused_answered_anew_and_accepted(campaign: Campaign) -> None:
    result = review(campaign, 1)
    assert (result.projects[0].state, state(campaign, 1)) == (State.TO_EXPLAIN, State.TO_EXPLAIN)
    assert give_back(campaign, 1, ask=False) == ()
    (item,) = give_back(campaign, 1)
    assert (item.errors, item.to_answer, item.answered) == (0, 1, 0)
    assert "没有错误，有提醒1处待说明" in notice(item)

    send_copy(campaign, item.path, SAID)
    result = review(campaign, 5)
    assert (question(result).answer, result.projects[0].state) == (SAID, State.READY)
    assert state(campaign, 5) is State.READY
    assert give_back(campaign, 5) == (), "what is explained is not asked again"

    rule(campaign, question(result), 接受说明=REFUSED, 意见="请写明差额从哪里垫付", 接受人="王强")
    assert state(campaign, 6) is State.TO_EXPLAIN, "before any further command"
    (item,) = give_back(campaign, 6, ask=False)
    assert "请写明差额从哪里垫付" in notice(item)
    assert item.path is not None
    sheet = openpyxl.load_workbook(item.path)[asking.TITLE]
    (line,) = [row for row in sheet.iter_rows(min_row=4, values_only=True) if str(row[9] or "").startswith(ASKED)]
    assert (line[1], line[8]) == ("提醒", None)
    assert SAID in line[7] and "请写明差额从哪里垫付" in line[7]

    send_copy(campaign, item.path, BETTER)
    result = review(campaign, 9)
    assert (question(result).answer, question(result).ruling) == (BETTER, "")
    rule(campaign, question(result), 接受说明=ACCEPTED, 接受人="王强")
    done = accept_projects(campaign, [], day(10), every=True, who="王强")
    assert [(row.code, row.state) for row in done.new] == [("P001", State.READY)]
    result = review(campaign, 11)
    assert (question(result).ruling, question(result).ruled_by) == (ACCEPTED, "王强")
    assert result.projects[0].state is State.ACCEPTED


def test_the_round_after_next_still_knows_the_answer(campaign: Campaign) -> None:
    """The unit sends its issued workbook again, in which there is no answer; the copy after that has it."""
    review(campaign, 1)
    (item,) = give_back(campaign, 1)
    send_copy(campaign, item.path, SAID)
    review(campaign, 5)
    send_issued(campaign)
    path = campaign.folder("回收") / "P001.xlsx"
    book = openpyxl.load_workbook(path)
    title, cell = next(book.defined_names["phone"].destinations)
    book[title][cell.replace("$", "")] = "0350-7654321"
    book.save(path)
    result = review(campaign, 9)
    assert (question(result).answer, result.projects[0].state) == (SAID, State.READY)


@pytest.mark.parametrize("seconds", [5, -86_400], ids=["later", "with the clock set back"])
@pytest.mark.parametrize("most", [1_000, 0], ids=["in one workbook", "in the department's own"])
def test_what_finance_has_seen_for_itself_is_not_asked(campaign: Campaign, most: int, seconds: int) -> None:
    result = review(campaign, 1, most)
    assert state(campaign, 1) is State.TO_EXPLAIN
    rule(campaign, question(result), seconds, 接受说明=ACCEPTED, 意见="凭证已核", 接受人="王强")
    assert state(campaign, 2) is State.READY, "before any further command"
    assert give_back(campaign, 2) == ()


def test_an_accepted_project_is_asked_nothing(campaign: Campaign) -> None:
    review(campaign, 1)
    accept_projects(campaign, ["P001"], day(2), who="王强")
    review(campaign, 3)
    assert give_back(campaign, 3) == ()
