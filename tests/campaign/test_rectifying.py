"""整改: finance chooses, the unit is told and answers, finance concludes; nothing typed is lost, and no bad file stops another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from result_builder import finding_row, project, result

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import SETTINGS_FILE
from workbook_tools.campaign.next_steps import list_mending_steps
from workbook_tools.campaign.rectifying import Rectified, read_histories, rectify
from workbook_tools.campaign.settings import read_settings
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.followup.answer_book import TITLE
from workbook_tools.followup.matter_history import MatterState, MendingVerdict
from workbook_tools.form import identity_sheet
from workbook_tools.review import guarded_reading

NOW, LATER = datetime(2022, 5, 9, 2, tzinfo=UTC), datetime(2022, 7, 9, 2, tzinfo=UTC)
TERM = "2022年6月30日"
ROWS = [project(number, execution_weight=0) for number in (1, 2, 3)]
ERRORS = tuple(finding_row(row, "FUND01", Severity.ERROR, cell=cell) for row in ROWS for cell in ("C9", "C10"))
FOUND = result(ROWS, findings=ERRORS, missing=()).model_copy(update={"indicators": ()})
CHOOSING, FOLLOWING = "整改事项", "整改情况"


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process alone: that another one reads them first is tested elsewhere."""
    monkeypatch.setattr(guarded_reading, "try_reading_all", lambda *_: {})
    monkeypatch.setattr(guarded_reading, "try_reading", lambda *_: None)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "自评", Settings(year=2021, authority="清河县财政局", contact="12345"))


def heads(sheet: Any) -> dict[str, int]:
    return {str(cell.value).replace("\n", ""): cell.column for cell in sheet[3] if cell.value}


def save_by_hand(book: Any, path: Path) -> None:
    book.properties.creator = book.properties.lastModifiedBy = "李敏"
    book.save(path)


def type_in(path: Path, sheet: str, values: dict[str, str], rows: tuple[int, ...] = (4,)) -> None:
    """Fill in cells by their headings, in these rows of the sheet."""
    book = openpyxl.load_workbook(path)
    columns = heads(book[sheet])
    for row in rows:
        for name, value in values.items():
            book[sheet].cell(row, columns[name]).value = value
    save_by_hand(book, path)


def states(path: Path, sheet: str = CHOOSING) -> list[str]:
    table = openpyxl.load_workbook(path)[sheet]
    column = heads(table)["状态"]
    return [str(value) for (value,) in table.iter_rows(4, min_col=column, max_col=column, values_only=True) if value]


def send(campaign: Campaign, *, rows: tuple[int, ...] = (4, 5), now: datetime = NOW) -> Rectified:
    """Choose the matters in these rows, and tell the units."""
    first = rectify(campaign, FOUND, now)
    type_in(first.workbook, CHOOSING, {"是否整改": "是", "经办人": "李敏"}, rows)
    return rectify(campaign, FOUND, now, send=True, by=TERM)


def fill(
    path: Path, target: Path, *, rows: tuple[int, ...] = (1, 2), result_text: str = "已经补齐凭证", **more: str
) -> Path:
    """The workbook of a unit filled in and saved by another program."""
    book = openpyxl.load_workbook(path)
    sheet = book[TITLE]
    for row in rows:
        for col, text in ((6, "逐笔核对"), (7, "6月10日"), (8, result_text), (9, "凭证.pdf")):
            sheet.cell(row + 3, col).value = text
    for cell, value in more.items():
        sheet[cell] = value
    sheet.cell(len(rows) + 5, 3).value = "王强"
    book.save(target)
    return target


def inbox(campaign: Campaign) -> Path:
    return campaign.root / "整改" / "回收"


def test_nothing_is_chosen_and_no_unit_is_told_unless_finance_says_so(campaign: Campaign) -> None:
    done = rectify(campaign, FOUND, NOW, send=True, by=TERM)
    assert (len(done.lines), done.undecided, done.sent) == (6, 6, ())
    assert states(done.workbook) == ["待定"] * 6
    assert not (campaign.root / "整改" / "通知").exists()


def test_a_unit_gets_a_notice_of_what_finance_has_chosen_in_the_words_of_finance(campaign: Campaign) -> None:
    first = rectify(campaign, FOUND, NOW)
    type_in(first.workbook, CHOOSING, {"是否整改": "是", "整改要求和建议": "请把凭证补齐。"}, (4,))
    type_in(first.workbook, CHOOSING, {"是否整改": "否"}, (5,))
    type_in(first.workbook, CHOOSING, {"是否整改": "是", "整改期限": "2022年8月1日"}, (6,))
    done = rectify(campaign, FOUND, NOW, send=True, by=TERM)
    assert [(one.unit, one.matters, one.round) for one in done.sent] == [(ROWS[0].unit, 1, 1), (ROWS[1].unit, 1, 1)]
    document = docx.Document(str(done.sent[0].notice))
    text = "\n".join(p.text for p in document.paragraphs)
    assert all(
        word in text for word in (f"{ROWS[0].unit}：", TERM, "12345", "清河县财政局", done.sent[0].workbook.name)
    )
    assert [cell.text for cell in document.tables[0].rows[1].cells][1:] == [
        f"{ROWS[0].name}（{ROWS[0].code}）",
        "审核错误",
        first.lines[0].matter.found,
        "请把凭证补齐。",
        TERM,
    ]
    assert states(done.workbook) == ["等单位整改", "不整改", "等单位整改", "待定", "待定", "待定"]
    assert read_settings(campaign.root / SETTINGS_FILE).rectify.mend_by == TERM
    assert {one.due and f"{one.due.astimezone():%m-%d}" for one in done.histories} == {"06-30", "08-01"}


def test_what_a_unit_was_told_is_not_told_again(campaign: Campaign) -> None:
    sent = send(campaign).sent
    before = {path: path.read_bytes() for path in (sent[0].notice, sent[0].workbook)}
    again = rectify(campaign, FOUND, LATER.replace(month=6), send=True)
    assert again.sent == ()
    assert {path: path.read_bytes() for path in before} == before


def test_answers_are_read_back_and_entered_with_who_and_when(campaign: Campaign) -> None:
    sent = send(campaign).sent[0]
    fill(sent.workbook, inbox(campaign) / "答复.xlsx")
    done = rectify(campaign, FOUND, LATER)
    assert [(file.unit, file.by, len(file.answers)) for file in done.answered] == [(ROWS[0].unit, "王强", 2)]
    assert done.findings == ()
    [first, second] = read_histories(campaign, 2021).values()
    assert (first.state, second.answers[0].said) == (
        MatterState.TO_CHECK,
        ("逐笔核对", "6月10日", "已经补齐凭证", "凭证.pdf"),
    )
    assert (first.answers[0].at, first.answers[0].by) == (LATER, "王强")
    assert rectify(campaign, FOUND, LATER).answered == ()


def test_a_second_answer_keeps_the_first(campaign: Campaign) -> None:
    sent = send(campaign, rows=(4,)).sent[0]
    fill(sent.workbook, inbox(campaign) / "甲.xlsx", rows=(1,))
    rectify(campaign, FOUND, NOW)
    fill(sent.workbook, inbox(campaign) / "乙.xlsx", rows=(1,), result_text="又补了两份")
    done = rectify(campaign, FOUND, LATER)
    assert [answer.result for answer in done.histories[0].answers] == ["已经补齐凭证", "又补了两份"]
    assert [answer.file for answer in done.histories[0].answers] == ["甲.xlsx", "乙.xlsx"]


def test_finance_concludes_and_what_is_not_enough_is_asked_again(campaign: Campaign) -> None:
    sent = send(campaign).sent[0]
    fill(sent.workbook, inbox(campaign) / "答复.xlsx")
    done = rectify(campaign, FOUND, NOW)
    type_in(done.workbook, FOLLOWING, {"整改结论": MendingVerdict.DONE, "核查人": "李敏"}, (4,))
    type_in(
        done.workbook,
        FOLLOWING,
        {"整改结论": MendingVerdict.AGAIN, "整改结果和结论说明": "凭证还缺", "核查人": "李敏"},
        (5,),
    )
    done = rectify(campaign, FOUND, NOW)
    assert done.concluded == 2
    assert sorted(one.state for one in done.histories) == sorted([MatterState.AGAIN, MatterState.CLOSED])
    again = rectify(campaign, FOUND, NOW, send=True)
    assert [(one.round, one.matters) for one in again.sent] == [(2, 1)]
    assert again.sent[0].workbook != sent.workbook
    assert "凭证还缺" in docx.Document(str(again.sent[0].notice)).tables[0].rows[1].cells[3].text
    assert rectify(campaign, FOUND, NOW).concluded == 0


def test_a_conclusion_on_an_answer_that_another_has_overtaken_is_not_entered(campaign: Campaign) -> None:
    sent = send(campaign, rows=(4,)).sent[0]
    fill(sent.workbook, inbox(campaign) / "甲.xlsx", rows=(1,))
    seen = rectify(campaign, FOUND, NOW).workbook.read_bytes()
    fill(sent.workbook, inbox(campaign) / "乙.xlsx", rows=(1,), result_text="又补了两份")
    path = rectify(campaign, FOUND, NOW).workbook
    path.write_bytes(seen)
    type_in(path, FOLLOWING, {"整改结论": MendingVerdict.DONE, "核查人": "李敏"})
    done = rectify(campaign, FOUND, NOW)
    assert (done.concluded, len(done.outdated)) == (0, 1)
    assert done.histories[0].state is MatterState.TO_CHECK
    assert done.moved_aside  # with what was typed in it


def alter_requirement(book: Any) -> None:
    book[TITLE]["D4"] = "不用改"


def alter_seal(book: Any) -> None:
    sheet = book[identity_sheet.TITLE]
    sheet["B5"] = str(sheet["B5"].value)[:-4] + "0000"


def lose_identity(book: Any) -> None:
    del book[identity_sheet.TITLE]


@pytest.mark.parametrize(
    ("edit", "found"),
    [(alter_requirement, ("TAMPER02", "D4")), (alter_seal, ("TAMPER01", "B5")), (lose_identity, ("FILE05", ""))],
)
def test_a_file_that_was_tampered_with_is_named_and_stops_no_other(
    campaign: Campaign, edit: Callable[[Any], None], found: tuple[str, str]
) -> None:
    first, second = send(campaign, rows=(4, 6)).sent
    spoilt = fill(first.workbook, inbox(campaign) / "坏.xlsx", rows=(1,))
    book = openpyxl.load_workbook(spoilt)
    edit(book)
    book.save(spoilt)
    fill(second.workbook, inbox(campaign) / "好.xlsx", rows=(1,))
    (inbox(campaign) / "不是.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = rectify(campaign, FOUND, LATER)
    assert [file.name for file in done.answered] == ["好.xlsx"]
    errors = [(one.file, one.code, one.cell) for one in done.findings if one.severity is Severity.ERROR]
    assert ("坏.xlsx", *found) in errors
    assert {file for file, *_ in errors} == {"坏.xlsx", "不是.xlsx"}


def test_a_row_without_measure_or_result_is_named_and_the_other_rows_count(campaign: Campaign) -> None:
    sent = send(campaign).sent[0]
    fill(sent.workbook, inbox(campaign) / "答复.xlsx", H5="")
    done = rectify(campaign, FOUND, NOW)
    assert [(one.code, one.sheet, one.cell) for one in done.findings] == [("FILL01", TITLE, "H5")]
    assert [one.state for one in done.histories] == [MatterState.OPEN, MatterState.TO_CHECK]


def test_papers_and_other_workbooks_beside_the_answer_are_told_for_what_they_are(campaign: Campaign) -> None:
    sent = send(campaign).sent[0]
    shutil.copy(sent.notice, inbox(campaign) / "通知.docx")
    openpyxl.Workbook().save(inbox(campaign) / "凭证.xlsx")
    done = rectify(campaign, FOUND, NOW)
    told = {one.file: (one.code, TITLE in one.message) for one in done.findings}
    assert told == {"通知.docx": ("FILE09", True), "凭证.xlsx": ("FILE05", True)}


def test_an_unfilled_workbook_is_no_answer(campaign: Campaign) -> None:
    shutil.copy(send(campaign).sent[0].workbook, inbox(campaign) / "没填.xlsx")
    done = rectify(campaign, FOUND, NOW)
    assert [one.code for one in done.findings] == ["FILL15"]
    assert done.answered == ()


def test_another_offices_workbook_is_not_taken(campaign: Campaign, tmp_path: Path) -> None:
    other = Campaign.create(tmp_path / "别处", Settings(year=2021, authority="别处"))
    rectify(campaign, FOUND, NOW)
    fill(send(other).sent[0].workbook, inbox(campaign) / "别处.xlsx")
    done = rectify(campaign, FOUND, NOW)
    assert ([one.code for one in done.findings], done.answered) == (["TAMPER08"], ())


@pytest.mark.parametrize(
    ("sheet", "values", "place"),
    [
        (CHOOSING, {"是否整改": "要"}, "H4"),
        (FOLLOWING, {"整改结论": "好了", "核查人": "李敏"}, "M4"),
        (FOLLOWING, {"整改结论": MendingVerdict.DONE}, "O4"),
        (FOLLOWING, {"整改结果和结论说明": "好了", "核查人": "李敏"}, "M4"),
    ],
)
def test_what_finance_typed_wrongly_is_told_with_its_cell_and_nothing_is_written(
    campaign: Campaign, sheet: str, values: dict[str, str], place: str
) -> None:
    path = send(campaign).workbook
    type_in(path, sheet, values)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=place):
        rectify(campaign, FOUND, NOW)
    assert path.read_bytes() == before


@pytest.mark.parametrize("term", ["尽快办", "2021年1月1日"])
def test_a_term_that_is_none_is_told_with_its_cell_before_any_notice_is_written(campaign: Campaign, term: str) -> None:
    path = rectify(campaign, FOUND, NOW).workbook
    type_in(path, CHOOSING, {"是否整改": "是", "整改期限": term})
    with pytest.raises(SettingsError, match="J4"):
        rectify(campaign, FOUND, NOW, send=True, by=TERM)
    assert not (campaign.root / "整改" / "通知").exists()


def test_a_term_in_the_settings_that_has_passed_is_not_put_into_notices(campaign: Campaign) -> None:
    send(campaign, rows=(4,))
    opened = Campaign.open(campaign.root)
    type_in(rectify(opened, FOUND, LATER).workbook, CHOOSING, {"是否整改": "是"}, (6,))
    with pytest.raises(SettingsError, match="--by"):
        rectify(opened, FOUND, LATER, send=True)


def test_what_was_typed_of_a_matter_that_is_gone_is_kept(campaign: Campaign) -> None:
    path = rectify(campaign, FOUND, NOW).workbook
    type_in(path, CHOOSING, {"是否整改": "否", "经办人": "李敏"}, (4, 6))
    less = FOUND.model_copy(update={"findings": FOUND.findings[1:]})
    done = rectify(campaign, less, NOW)
    assert done.undecided == 4
    kept = openpyxl.load_workbook(done.workbook)["没有对上的"]
    assert [cell.value for cell in kept[4]][:1] == ["否"]
    assert rectify(campaign, FOUND, NOW).undecided == 4


def test_a_matter_that_a_unit_was_told_of_stays_until_its_end_also_where_its_error_is_gone(campaign: Campaign) -> None:
    send(campaign)
    done = rectify(campaign, FOUND.model_copy(update={"findings": ()}), NOW)
    assert [line.state for line in done.lines] == [MatterState.OPEN] * 2


def test_the_next_step_names_what_lies_there_what_is_over_and_what_waits(campaign: Campaign) -> None:
    sent = send(campaign).sent[0]
    due = list(read_histories(campaign, 2021).values())
    assert [step.command for step in list_mending_steps(campaign, due, NOW)] == []
    assert [step.command for step in list_mending_steps(campaign, due, LATER)] == ["status"]
    fill(sent.workbook, inbox(campaign) / "答复.xlsx")
    assert [step.command for step in list_mending_steps(campaign, due, NOW)] == ["rectify"]
    done = rectify(campaign, FOUND, NOW)
    assert [step.command for step in list_mending_steps(campaign, done.histories, LATER)] == [""]
