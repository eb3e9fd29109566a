"""单位说明: what a unit answers to a 提醒 in its copy comes back with it, and is not asked again while the facts stay."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from builders import KEY, KEYS, answers, filled, project
from office import convert_with_libreoffice, fill_with_libreoffice, requires_libreoffice, requires_uno
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from surgery import Patient

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Answers, FundingSource, IndicatorAnswer, Measure
from workbook_tools.core.questions import UnitAnswer, find_key, is_question
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.form import asking, identity_sheet
from workbook_tools.form.funding import amount_name
from workbook_tools.returns import write_returns
from workbook_tools.returns.returned import Returned
from workbook_tools.review import review_folder

ASKED = "FUND01"
SAID = "两万元由上年结余垫付，\n已于次年一月到账。"


def asked(**changes: object) -> Answers:
    """An error, a text for a number; and a 提醒: more was spent than has come."""
    given = list(answers().indicators)
    given[0] = IndicatorAnswer(actual="很多")
    received = {**answers().received, FundingSource.OTHER: 28.0}
    return answers(indicators=tuple(given), received=received).model_copy(update=changes)


def review(folder: Path, told: dict[tuple[int, str], list[UnitAnswer]] | None = None) -> ReviewResult:
    return review_folder(folder, keys=KEYS, authority="示例县财政局", answered=told).result


def return_all(inbox: Path, folder: Path, result: ReviewResult | None = None) -> list[Returned]:
    return write_returns(result or review(inbox), inbox, folder, KEYS, by="2025年3月10日")


def question(result: ReviewResult, code: str = ASKED) -> Finding:
    (row,) = (f for f in result.findings if f.code == code)
    return row


def codes(result: ReviewResult, family: str = "ANSWER") -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in result.findings if f.code.startswith(family)]


@pytest.fixture(scope="module")
def sent_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A returned copy, as the unit sends it again; beside it is what was returned."""
    folder = tmp_path_factory.mktemp("退回的")
    sent = filled(folder, answers=asked())
    (item,) = return_all(folder, folder / "退回")
    assert item.path is not None
    sent.write_bytes(item.path.read_bytes())
    change(sent, "filler", "张华")  # a copy in which nothing was done would be no submission
    return sent


@pytest.fixture
def copy(sent_again: Path, inbox: Path, tmp_path: Path) -> Path:
    """That, in the inbox in place of the file that it is of."""
    shutil.copytree(sent_again.parent / "退回", tmp_path / "退回")
    return Path(shutil.copy2(sent_again, inbox))


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def place_of(sheet: Worksheet, header: str, number: str = ASKED) -> str:
    """The cell of a column in the row of a question."""
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    for row in sheet.iter_rows():
        if str(row[heads[asking.NUMBER] - 1].value or "").startswith(number):
            return row[heads[header] - 1].coordinate
    raise AssertionError(number)


def answer(path: Path, text: object = SAID, number: str = ASKED) -> None:
    def write(book: openpyxl.Workbook) -> None:
        sheet = book[asking.TITLE]
        sheet[place_of(sheet, asking.ANSWER, number)] = text

    edit(path, write)


def change(path: Path, name: str, value: object) -> None:
    """Type into the cell of a field."""

    def write(book: openpyxl.Workbook) -> None:
        title, cell = next(book.defined_names[name].destinations)
        book[title][cell.replace("$", "")] = value

    edit(path, write)


# -- there and back ---------------------------------------------------------------------------------------------------


def test_an_answer_travels_back_with_the_workbook(copy: Path, inbox: Path) -> None:
    before = question(review(inbox))
    assert (before.answer, is_question(before)) == ("", True)
    answer(copy)
    result = review(inbox)
    assert question(result) == replace(before, answer=SAID)
    assert codes(result) == []
    counts = result.projects[0].findings
    assert (counts.warning, counts.to_answer, counts.answered) == (1, 0, 1)


@requires_libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_answer_travels_in_a_format_that_keeps_no_names(
    copy: Path, inbox: Path, tmp_path: Path, ending: str
) -> None:
    answer(copy)
    [saved] = convert_with_libreoffice([copy], tmp_path / "另存", ending)
    copy.unlink()
    saved.rename(inbox / saved.name)
    result = review(inbox)
    assert question(result).answer == SAID
    assert codes(result) == []
    assert [f.code for f in result.findings if f.code == "FILE42"] == ["FILE42"]


def test_an_answer_alone_makes_of_the_copy_a_submission(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=asked())
    (item,) = return_all(inbox, tmp_path / "退回")
    assert item.path is not None
    sent.write_bytes(item.path.read_bytes())
    assert codes(review(inbox), "FILE") == [("FILE19", "")]
    answer(sent)
    result = review(inbox)
    assert (codes(result, "FILE"), [p.file for p in result.projects]) == ([], [sent.name])


@requires_uno
def test_a_person_answers_in_a_spreadsheet_program(copy: Path, inbox: Path, tmp_path: Path) -> None:
    """Only the cell of the answer can be typed into; what is typed is read after the program has saved it all anew."""
    sheet = openpyxl.load_workbook(copy)[asking.TITLE]
    places = {name: place_of(sheet, name) for name in (asking.ANSWER, asking.MESSAGE, asking.NUMBER)}
    steps = [
        {"sheet": asking.TITLE, "cell": places[name], "type": "text", "content": "次年到账"}
        for name in (asking.MESSAGE, asking.NUMBER, asking.ANSWER)
    ]
    done = tmp_path / "填好.xlsx"
    refused = fill_with_libreoffice(copy, steps, done)
    assert refused == [f"{asking.TITLE}!{places[name]}" for name in (asking.MESSAGE, asking.NUMBER)]
    copy.write_bytes(done.read_bytes())
    result = review(inbox)
    assert (question(result).answer, codes(result)) == ("次年到账", [])


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\ufeff", "无", "无。", "——"])
def test_an_answer_that_says_nothing_is_none(copy: Path, inbox: Path, text: str) -> None:
    answer(copy, text)
    cell = place_of(openpyxl.load_workbook(copy)[asking.TITLE], asking.ANSWER)
    result = review(inbox)
    assert question(result).answer == ""
    assert codes(result) == ([("ANSWER01", cell)] if text.strip() else [])
    assert result.projects[0].findings.to_answer == 1


def test_an_answer_in_a_comment_is_named_and_not_taken(copy: Path, inbox: Path) -> None:
    cell = place_of(openpyxl.load_workbook(copy)[asking.TITLE], asking.ANSWER)
    edit(copy, lambda book: setattr(book[asking.TITLE][cell], "comment", Comment(SAID, "张华")))
    result = review(inbox)
    (told,) = (f for f in result.findings if f.code == "ANSWER01")
    assert (told.cell, "次年一月" in told.found, question(result).answer) == (cell, True, "")


def test_a_number_is_an_answer_too(copy: Path, inbox: Path) -> None:
    answer(copy, 3501234567)
    assert question(review(inbox)).answer == "3501234567"


def test_words_that_a_program_took_for_a_formula_are_read(copy: Path, inbox: Path) -> None:
    answer(copy, "=-次年到账")
    assert question(review(inbox)).answer == "-次年到账"


def test_an_error_is_not_answered_away(copy: Path, inbox: Path) -> None:
    """Its cell is locked; and what somebody writes there all the same is told, and changes nothing."""
    sheet = openpyxl.load_workbook(copy)[asking.TITLE]
    cell = place_of(sheet, asking.ANSWER)
    above = f"{cell[0]}{int(cell[1:]) - 1}"
    assert (sheet[above].value, sheet[above].protection.locked) == (asking.CORRECT, True)
    edit(copy, lambda book: book[asking.TITLE].__setitem__(above, "数字没有错"))
    result = review(inbox)
    assert codes(result) == [("ANSWER03", above)]
    assert question(result, "FILL02").answer == ""
    assert result.projects[0].findings.error == 1


# -- what is asked again, and what not --------------------------------------------------------------------------------


def test_what_is_answered_is_not_asked_again_and_stays_with_the_copy(copy: Path, inbox: Path, tmp_path: Path) -> None:
    answer(copy)
    (item,) = return_all(inbox, tmp_path / "再退")
    assert item.path is not None
    assert (item.errors, item.to_answer, item.answered) == (1, 0, 1)
    book = openpyxl.load_workbook(item.path)
    sheet = book[asking.TITLE]
    assert sheet[place_of(sheet, "级别")].value == "已说明"
    assert sheet[place_of(sheet, asking.ANSWER)].value == SAID
    assert [cell.coordinate for row in book["预算执行"].iter_rows() for cell in row if cell.comment] == []
    copy.write_bytes(item.path.read_bytes())
    change(copy, "filler", "李华")
    assert question(review(inbox)).answer == SAID


def test_what_is_answered_is_asked_again_when_the_facts_change(copy: Path, inbox: Path, tmp_path: Path) -> None:
    answer(copy)
    before = question(review(inbox))
    change(copy, amount_name(Measure.EXECUTED, FundingSource.OTHER), 29)
    result = review(inbox)
    now = question(result)
    assert (now.cell, now.found, now.answer, now.earlier_answer) == (before.cell, "29", "", SAID)
    assert [code for code, _ in codes(result)] == ["ANSWER02"]
    assert result.projects[0].findings.to_answer == 1
    (item,) = return_all(inbox, tmp_path / "再退", result)
    assert item.path is not None
    sheet = openpyxl.load_workbook(item.path)[asking.TITLE]
    assert sheet[place_of(sheet, asking.ANSWER)].value is None
    assert SAID in sheet[place_of(sheet, "怎样改")].value


def test_what_is_put_right_is_no_question_any_more(copy: Path, inbox: Path) -> None:
    answer(copy)
    change(copy, amount_name(Measure.EXECUTED, FundingSource.OTHER), 28)
    result = review(inbox)
    assert [f for f in result.findings if f.code in (ASKED, "ANSWER02")] == []


def test_an_answer_of_an_earlier_round_still_counts(copy: Path, inbox: Path) -> None:
    """The unit filled its issued workbook anew: there is no 退回意见 in it. What it says itself goes before."""
    key = find_key(question(review(inbox)))
    told = [
        UnitAnswer(code=key.code, place=key.place, facts=key.facts, question="", answer=text) for text in ("旧的", SAID)
    ]
    filled(inbox, answers=asked())
    earlier = {(2024, "P001"): told}
    assert question(review(inbox, earlier)).answer == SAID
    assert codes(review(inbox, earlier)) == []
    assert question(review(inbox, {(2023, "P001"): told})).answer == ""
    other = [replace(told[0], facts="0123456789abcdef")]
    result = review(inbox, {(2024, "P001"): other})
    assert (question(result).answer, question(result).earlier_answer) == ("", "旧的")
    assert codes(result) == [], "nobody has answered in this file"


def test_an_answer_in_the_file_goes_before_those_of_earlier_rounds(copy: Path, inbox: Path) -> None:
    answer(copy)
    key = find_key(question(review(inbox)))
    old = UnitAnswer(code=key.code, place=key.place, facts=key.facts, question="", answer="旧的")
    assert question(review(inbox, {(2024, "P001"): [old]})).answer == SAID


# -- by its identity, not by its row ----------------------------------------------------------------------------------


def test_an_answer_is_found_wherever_its_row_has_gone(copy: Path, inbox: Path) -> None:
    """Rows inserted, the sheet renamed and moved, rows sorted: the 编号 in the row says which question it answers."""

    patient = Patient(copy.read_bytes())
    patient.rename(asking.TITLE, "意见")
    copy.write_bytes(patient.bytes())

    def move(book: openpyxl.Workbook) -> None:
        sheet = book["意见"]
        sheet.protection.sheet = False
        (row,) = [cells for cells in sheet.iter_rows() if cells[0].value and str(cells[-1].value).startswith(ASKED)]
        content = [cell.value for cell in row]
        for cell in row:
            cell.value = None
        for col, value in enumerate(content, 1):
            sheet.cell(40, col, value)
        sheet.cell(40, 9, SAID)
        book.move_sheet(sheet, 3)

    edit(copy, move)
    result = review(inbox)
    assert (question(result).answer, codes(result)) == (SAID, [])


def test_questions_that_differ_in_nothing_are_answered_once(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=asked())
    result = review(inbox)
    twice = result.model_copy(update={"findings": (*result.findings, question(result))})
    (item,) = return_all(inbox, tmp_path / "退回", twice)
    assert item.path is not None
    sheet = openpyxl.load_workbook(item.path)[asking.TITLE]
    column = [sheet.cell(row, 9).value for row in range(4, 7)]
    assert column == [asking.CORRECT, None, asking.TOGETHER]


# -- what was tampered with -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [asking.MESSAGE, asking.FOUND, asking.EXPECTED, asking.NUMBER])
def test_an_answer_to_a_question_that_was_changed_is_not_taken(copy: Path, inbox: Path, header: str) -> None:
    answer(copy)

    def falsify(book: openpyxl.Workbook) -> None:
        sheet = book[asking.TITLE]
        sheet[place_of(sheet, header)] = f"{ASKED}-0" if header == asking.NUMBER else "26"

    cell = place_of(openpyxl.load_workbook(copy)[asking.TITLE], asking.ANSWER)
    edit(copy, falsify)
    result = review(inbox)
    assert (question(result).answer, codes(result)) == ("", [("ANSWER03", cell)])
    (said,) = [f.message for f in result.findings if f.code == "ANSWER03"]
    assert SAID in said, "what the unit wrote is not lost"


def test_a_record_that_was_changed_with_the_question_is_noticed(copy: Path, inbox: Path) -> None:
    """Also where both agree: the record is signed, with the project, and nobody but the office has the key."""
    answer(copy)

    def falsify(book: openpyxl.Workbook) -> None:
        sheet = book[asking.TITLE]
        cell = sheet[place_of(sheet, asking.FOUND)]
        hidden = book[identity_sheet.TITLE]
        record = next(c for row in hidden.iter_rows() for c in row if str(c.value).startswith(f'["{ASKED}"'))
        record.value = record.value.replace(f'"{cell.value}"', '"28.5"')
        cell.value = "28.5"

    edit(copy, falsify)
    result = review(inbox)
    assert (question(result).answer, codes(result)) == ("", [("ANSWER03", "")])


def test_a_record_of_another_project_is_none(inbox: Path, tmp_path: Path) -> None:
    key = find_key(replace(question_of_nothing(), code=ASKED))
    asked_there = asking.Question(key.code, key.place, key.facts, "问", "1", "2")
    fields = asking.draw_record([asked_there], project(code="P002"), KEY, 0)
    signature, line = (str(item.value) for item in fields)
    assert asking.read_record([line], signature, project(code="P002"), KEY) == [asked_there]
    assert asking.read_record([line], signature, project(), KEY) is None
    assert asking.read_record([line], signature, project(), None) == [asked_there], "without the key nobody can tell"
    assert asking.read_record(["[1]"], signature, project(), None) is None


def question_of_nothing() -> Finding:
    return Finding(code=ASKED, severity=Severity.WARNING, message="问")


def test_a_sheet_that_was_deleted_is_told(copy: Path, inbox: Path, tmp_path: Path) -> None:
    edit(copy, lambda book: book.remove(book[asking.TITLE]))
    result = review(inbox)
    assert codes(result) == [("ANSWER04", "")]
    assert question(result).answer == ""
    (item,) = return_all(inbox, tmp_path / "再退", result)
    assert item.path is not None
    copy.write_bytes(item.path.read_bytes())
    assert codes(review(inbox)) == [], "the copy has the sheet again"


def test_a_sheet_whose_columns_are_gone_is_told(copy: Path, inbox: Path) -> None:
    answer(copy)
    edit(copy, lambda book: book[asking.TITLE].delete_cols(10))
    assert codes(review(inbox)) == [("ANSWER04", "")]


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "=1+1", "_x005F_x0041_", "很长" * 20_000, '因"}],["'])
def test_whatever_is_written_comes_back_as_it_was(copy: Path, inbox: Path, text: str) -> None:
    cell = place_of(openpyxl.load_workbook(copy)[asking.TITLE], asking.ANSWER)

    def write(book: openpyxl.Workbook) -> None:
        book[asking.TITLE][cell].value = text[:32_767]
        book[asking.TITLE][cell].data_type = "s"

    edit(copy, write)
    found = question(review(inbox)).answer
    assert found == text[:32_767].replace("_x005F_", "_")
