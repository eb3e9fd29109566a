"""Marked copies: exactly what is wrong is marked, all else is as issued, and the unit can go on with the copy."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from builders import KEY, KEYS, MOF, answers, filled, layout_of, project
from docx import Document
from office import (
    fill_with_libreoffice,
    ooxml_errors_of,
    recalculate_with_gnumeric,
    requires_gnumeric,
    requires_ooxml_validator,
    requires_uno,
)
from openpyxl.styles import Protection
from openpyxl.worksheet.worksheet import Worksheet
from result_builder import HOSTILE
from returned_files import DEPARTMENT, returns, review, text_of, wrong
from surgery import Patient

from workbook_tools.core.codes import Severity
from workbook_tools.core.model import Answers, FundingSource, IndicatorAnswer
from workbook_tools.core.questions import find_key, is_question
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.styles import ORANGE_FILL, RED_FILL
from workbook_tools.files.sources import SourceFile
from workbook_tools.form import identity_sheet
from workbook_tools.form.asking import CORRECT
from workbook_tools.form.asking import TITLE as COVER
from workbook_tools.form.identity import SigningKey
from workbook_tools.form.layout import TABS
from workbook_tools.returns import write_returns
from workbook_tools.returns.archiving import ARCHIVE
from workbook_tools.review import review_folder
from workbook_tools.shipped.blanks import draw_blank_form
from workbook_tools.vba.packaged import STAFF, read_packaged_modules
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.reading import read_sources
from workbook_tools.vba.sources import Module, ModuleKind
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook

CELLS = {name: item.cell for name, item in layout_of(project()).fields.items()}
ACTUAL, LOST, REASON = (CELLS[f"indicator_{part}"] for part in ("001_actual", "005_actual", "005_deviation_reason"))
WEIGHT, COMPLETION, PHONE, LEADER = (
    CELLS[name] for name in ("indicator_001_weight", "indicator_001_completion", "phone", "leader")
)
OTHER_KEY = SigningKey(bytes(reversed(range(32))))


def the_copy(inbox: Path, folder: Path) -> Path:
    (item,) = returns(inbox, folder)
    assert item.path is not None
    return item.path


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def load(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def errors(result: ReviewResult) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in result.findings if f.severity is Severity.ERROR]


def absolute(cell: str) -> str:
    return re.sub("([A-Z]+)", r"$\1$", cell)


def fills(sheet: Worksheet) -> dict[str, str]:
    return {
        cell.coordinate: str(cell.fill.fgColor.rgb)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type and hasattr(cell, "column_letter")
    }


def rgb(colour: str) -> str:
    return "FF" + colour.removeprefix("#")


def raw_answers(path: Path) -> dict[str, object]:
    reading = read_submission(SourceFile(path, path.name), KEYS)
    assert reading.submission is not None
    return {name: answer.raw for name, answer in reading.submission.answers.items()}


def round_of(path: Path) -> int | None:
    mark = read_submission(SourceFile(path, path.name), KEYS).mark
    return mark and mark.round


# -- the copy ---------------------------------------------------------------------------------------------------------


def test_exactly_the_wrong_cells_are_coloured_and_commented(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=wrong())
    assert errors(review(inbox)) == [("FILL02", "自评表", ACTUAL), ("FILL08", "自评表", REASON)]
    copy = openpyxl.load_workbook(the_copy(inbox, tmp_path / "退回"))
    original = openpyxl.load_workbook(sent)
    changed = {
        (title, cell): colour
        for title in TABS
        for cell, colour in fills(copy[title]).items()
        if colour != fills(original[title]).get(cell)
    }
    expected = {("自评表", ACTUAL): RED_FILL, ("自评表", REASON): RED_FILL, ("基本情况", PHONE): ORANGE_FILL}
    assert changed == {place: rgb(colour) for place, colour in expected.items()}
    comments = {
        (title, cell.coordinate): cell.comment.text
        for title in TABS
        for row in copy[title].iter_rows()
        for cell in row
        if cell.comment
    }
    assert set(comments) == set(expected)
    assert comments["自评表", ACTUAL] == "错误：应填数字。请改为数字。"
    assert copy["自评表"][ACTUAL].value == "很多"
    assert copy["自评表"][LOST].value == 0.81


def test_everything_else_is_as_it_was_issued(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    copy = openpyxl.load_workbook(the_copy(inbox, tmp_path / "退回"))
    issued = load(build_workbook(project(), MOF, KEY))
    assert copy.sheetnames == [COVER, *issued.sheetnames]
    names = {name: item.attr_text for name, item in issued.defined_names.items()}
    own = ("sent_", "asked_", identity_sheet.RETURN)
    assert {name: item.attr_text for name, item in copy.defined_names.items() if not name.startswith(own)} == names
    for sheet in issued:
        other = copy[sheet.title]
        assert other.sheet_state == sheet.sheet_state
        assert other.protection.password == sheet.protection.password
        assert other.protection.sheet
        assert [(r.sqref, r.formula1, r.type, r.prompt) for r in other.data_validations.dataValidation] == [
            (r.sqref, r.formula1, r.type, r.prompt) for r in sheet.data_validations.dataValidation
        ]
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                assert twin.protection.locked == cell.protection.locked
                assert twin.number_format == cell.number_format
                if cell.protection.locked:
                    assert twin.value == cell.value
    assert copy[COVER].protection.sheet
    unlocked = [cell.coordinate for row in copy[COVER].iter_rows() for cell in row if not cell.protection.locked]
    assert unlocked == ["I6"], "only where the unit answers to the 提醒"


def test_the_first_sheet_lists_the_problems_with_links(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    book = openpyxl.load_workbook(the_copy(inbox, tmp_path / "退回"))
    sheet = book.active
    assert sheet.title == COVER
    assert [bool(s.sheet_view.tabSelected) for s in book] == [True, *[False] * len(TABS), False]
    assert sheet.sheet_properties.tabColor.rgb == "FFC00000"
    assert sheet["A1"].value == "退回意见：农村道路养护经费（P001）"
    assert sheet["A2"].value.startswith("本文件有错误 2 处、提醒 1 处。请于 2025年3月10日 前直接在本文件中改正")
    assert [cell.value for cell in sheet[3]] == [
        "序号",
        "级别",
        "位置\n（点击跳转）",
        "填写项",
        "问题",
        "现为",
        "应为",
        "怎样改",
        "单位说明",
        "编号",
    ]
    found = {f.code: f for f in review(inbox).findings}
    places = (("FILL02", f"自评表!{ACTUAL}"), ("FILL08", f"自评表!{REASON}"), ("FILL13", f"基本情况!{PHONE}"))
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=4)] == [
        [number, f.severity.label, place, f.field, f.message, f.found, f.expected, f.advice, *own]
        for number, (code, place) in enumerate(places, 1)
        if (f := found[code])
        for own in (["", find_key(f).number] if is_question(f) else [CORRECT, ""],)
    ]
    links = {cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"C4": f"'自评表'!{ACTUAL}", "C5": f"'自评表'!{REASON}", "C6": f"'基本情况'!{PHONE}"}


def test_the_original_is_untouched_and_a_second_run_changes_nothing(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=wrong())
    before = sent.read_bytes(), sent.stat().st_mtime_ns
    folder = tmp_path / "退回"
    returns(inbox, folder)
    first = {path: path.read_bytes() for path in folder.rglob("*.*")}
    returns(inbox, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == first
    assert sorted(path.relative_to(folder).as_posix() for path in first) == [
        f"{DEPARTMENT}/P001.xlsx",
        f"{DEPARTMENT}/退回通知.docx",
    ]
    assert (sent.read_bytes(), sent.stat().st_mtime_ns) == before


def test_a_copy_that_somebody_saved_is_kept(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    path = the_copy(inbox, tmp_path / "退回")
    edit(path, lambda book: setattr(book.properties, "lastModifiedBy", "张三"))
    saved = path.read_bytes()
    returns(inbox, tmp_path / "退回")
    assert (tmp_path / "退回" / ARCHIVE / DEPARTMENT / "P001.xlsx").read_bytes() == saved


def test_the_corrected_copy_is_clean(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    copy = the_copy(inbox, tmp_path / "退回")

    def correct(book: openpyxl.Workbook) -> None:
        book["自评表"][ACTUAL] = 102
        book["自评表"][REASON] = "两个乡镇的群众对施工扰民不满意；已改为错峰施工。"
        book["基本情况"][PHONE] = "0350-1234567"

    edit(copy, correct)
    again = tmp_path / "第二次"
    again.mkdir()
    copy.rename(again / copy.name)
    result = review(again)
    assert [f for f in result.findings if f.severity is not Severity.INFO] == []
    assert result.projects[0].total_score == 99.0
    assert returns(again, tmp_path / "再退") == []


def test_a_returned_copy_can_be_returned_again(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=wrong())
    first = the_copy(inbox, tmp_path / "一")
    second_inbox = tmp_path / "第二次"
    second_inbox.mkdir()
    edit(first, lambda book: book["自评表"].__setitem__(LOST, 0.82))
    first.rename(second_inbox / "P001.xlsx")
    second = the_copy(second_inbox, tmp_path / "二")
    assert raw_answers(second) == {**raw_answers(sent), "indicator_005_actual": 0.82}
    assert openpyxl.load_workbook(second).sheetnames == [COVER, *TABS, identity_sheet.TITLE]
    again = the_copy(inbox, tmp_path / "一")
    assert (round_of(again), round_of(second)) == (1, 2)


def test_what_was_typed_comes_back_exactly_and_stays_text(inbox: Path, tmp_path: Path) -> None:
    sections = [text.key for text in MOF.texts]
    texts = {**answers().texts, **dict(zip(sections, HOSTILE, strict=False))}
    info = {**answers().info, "leader": "=1+1", "filler": "<r>R&D</r>"}
    sent = filled(inbox, answers=wrong(texts=texts, info=info, execution_reason=HOSTILE[4]))
    copy = the_copy(inbox, tmp_path / "退回")
    assert raw_answers(copy) == raw_answers(sent)
    book = openpyxl.load_workbook(copy)
    assert (book["基本情况"][LEADER].value, book["基本情况"][LEADER].data_type) == ("=1+1", "s")


def test_what_the_unit_broke_is_whole_again(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=answers())

    def damage(book: openpyxl.Workbook) -> None:
        form = book["自评表"]
        form[COMPLETION] = 1.0
        form[WEIGHT] = 25
        form[ACTUAL].protection = Protection(locked=True)
        form.protection.sheet = False
        form.data_validations.dataValidation = []
        del book["绩效分析"]

    patient = Patient(sent.read_bytes())
    patient.rename("预算执行", "预算")
    sent.write_bytes(patient.bytes())
    edit(sent, damage)
    found = review(inbox)
    codes = {f.code for f in found.findings if f.code.startswith("TAMPER")}
    assert codes >= {"TAMPER02", "TAMPER03", "TAMPER04", "TAMPER05", "TAMPER06"}
    copy = the_copy(inbox, tmp_path / "退回")
    book, issued = openpyxl.load_workbook(copy), load(build_workbook(project(), MOF, KEY))
    assert (book["自评表"][COMPLETION].value, book["自评表"][WEIGHT].value) == (issued["自评表"][COMPLETION].value, 20)
    assert not book["自评表"][ACTUAL].protection.locked
    assert book["自评表"][ACTUAL].value == 102
    assert book["预算执行"]["C8"].value == issued["预算执行"]["C8"].value
    advice = {row[3].value: row[7].value for row in book[COVER].iter_rows(min_row=4)}
    assert advice["养护里程－分值"] == "本文件中已恢复为下发的内容，不用改。"
    assert advice["养护里程－完成率"] == "本文件中已恢复公式，不用改。"
    links = {cell.value: cell.hyperlink.location for row in book[COVER].iter_rows() for cell in row if cell.hyperlink}
    assert links["绩效分析"] == "'绩效分析'!A1"
    second = tmp_path / "第二次"
    second.mkdir()
    copy.rename(second / copy.name)
    again = review(second)
    assert [f.code for f in again.findings if f.code.startswith("TAMPER")] == []


def test_a_mark_follows_its_input_where_rows_were_inserted(inbox: Path, tmp_path: Path) -> None:
    """Excel moves names and formulas with the rows; here only the input's name is moved, which is enough."""
    sent = filled(inbox, answers=wrong())

    def move(book: openpyxl.Workbook) -> None:
        form = book["自评表"]
        form.protection.sheet = False
        form["F60"], form[ACTUAL] = form[ACTUAL].value, None
        book.defined_names["indicator_001_actual"].attr_text = "自评表!$F$60"

    edit(sent, move)
    assert ("FILL02", "自评表", "F60") in errors(review(inbox))
    sheet = openpyxl.load_workbook(the_copy(inbox, tmp_path / "退回"))["自评表"]
    assert sheet[ACTUAL].comment.text.startswith("错误：应填数字")
    assert sheet["F60"].comment is None


def test_colours_go_when_an_input_changes(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    book = openpyxl.load_workbook(the_copy(inbox, tmp_path / "退回"))
    rules = {
        str(area.sqref): [rule.formula[0] for rule in area.rules] for area in book["自评表"].conditional_formatting
    }
    check = "check_indicator_001_actual"
    assert rules[ACTUAL] == [
        f"EXACT({absolute(ACTUAL)},sent_indicator_001_actual)",
        f'{check}="未填"',
        f'{check}="请说明原因"',
        f'{check}<>""',
        "TRUE",
    ]
    title, cell = next(book.defined_names["sent_indicator_001_actual"].destinations)
    assert (title, book[title][cell].value) == (identity_sheet.TITLE, "很多")


def test_the_blank_form_is_returned_as_the_blank_form(inbox: Path, tmp_path: Path) -> None:
    sent = inbox / "自填.xlsx"
    sent.write_bytes(draw_blank_form(MOF))

    def fill(book: openpyxl.Workbook) -> None:
        for name, value in (("project_name", "桥梁检测"), ("department", "示例县交通运输局"), ("unit", "公路段")):
            title, cell = next(book.defined_names[name].destinations)
            book[title][cell.replace("$", "")] = value

    edit(sent, fill)
    (item,) = returns(inbox, tmp_path / "退回")
    assert item.path == tmp_path / "退回" / DEPARTMENT / "自填.xlsx"
    assert raw_answers(item.path) == raw_answers(sent)
    assert openpyxl.load_workbook(item.path)[COVER]["A1"].value == "退回意见：桥梁检测"


# -- files ------------------------------------------------------------------------------------------------------------


def test_names_stay_apart_and_end_in_xlsx(inbox: Path, tmp_path: Path) -> None:
    for code, name in (("P001", "甲/自评表.xlsx"), ("P002", "乙/自评表.xlsm"), ("P003", "丙/自评 表.xlsx")):
        (inbox / name).parent.mkdir()
        filled(inbox / Path(name).parent, name=Path(name).name, answers=wrong(), code=code)
    items = returns(inbox, tmp_path / "退回")
    assert {item.file: item.path.name for item in items if item.path} == {
        "丙/自评 表.xlsx": "自评 表.xlsx",
        "乙/自评表.xlsm": "自评表.xlsx",
        "甲/自评表.xlsx": "自评表（P001）.xlsx",
    }


def test_a_workbook_with_our_macros_goes_back_with_them(inbox: Path, tmp_path: Path) -> None:
    """One that has a macro of somebody else as well goes back without any."""
    sent = build_workbook(project(answers=wrong()), MOF, KEY, macros=True)
    (inbox / "P001.xlsm").write_bytes(sent)
    other = Patient(build_workbook(project(answers=wrong(), code="P002"), MOF, KEY, macros=True))
    evil = Module("Evil", ModuleKind.PROCEDURAL, "Sub Auto_Open()\r\nEnd Sub\r\n")
    other.parts["xl/vbaProject.bin"] = build_vba_project([*read_packaged_modules(STAFF), evil], 8)
    (inbox / "P002.xlsm").write_bytes(other.bytes())
    ours, foreign = returns(inbox, tmp_path / "退回")
    assert ours.path and ours.path.name == "P001.xlsm" and foreign.path and foreign.path.name == "P002.xlsx"
    assert "xl/vbaProject.bin" not in zipfile.ZipFile(foreign.path).namelist()
    again = read_submission(SourceFile(ours.path, ours.path.name), KEYS)
    assert (
        again.macros
        and again.findings == read_submission(SourceFile(inbox / "P001.xlsm", ours.path.name), KEYS).findings
    )
    modules = read_sources(zipfile.ZipFile(ours.path).read("xl/vbaProject.bin"))
    assert [name for name, _ in modules if name.startswith("Sheet")] == [f"Sheet{i}" for i in range(1, 11)]


def test_departments_with_names_that_look_alike_have_notes_of_their_own(inbox: Path, tmp_path: Path) -> None:
    for code, department in (("P001", "甲/乙局"), ("P002", "甲／乙局")):
        filled(inbox, name=f"{code}.xlsx", code=code, department=department, answers=wrong())
    first, second = returns(inbox, tmp_path / "退回")
    assert first.notice.parent != second.notice.parent
    for item, code, other in ((first, "P001", "P002"), (second, "P002", "P001")):
        said = text_of(item.notice)
        assert (item.department in said, code in said, other in said) == (True, True, False)


def test_a_copy_shows_nothing_of_another_departments_project(inbox: Path, tmp_path: Path) -> None:
    sentence = "{}每旬检查路面质量，支出由局机关集中核算、专账管理，资料齐全。"
    texts = answers().texts
    ours, theirs = ({**texts, next(iter(texts)): sentence.format(word)} for word in ("红旗小组", "蓝天小组"))
    filled(inbox, answers=wrong(texts=ours))
    filled(inbox, name="P002.xlsx", code="P002", answers=wrong(texts=theirs), department="示例县文化局")
    assert any(f.for_finance for f in review(inbox).findings)
    for item in returns(inbox, tmp_path / "退回"):
        assert item.path is not None and item.project is not None
        own, other = ("红旗小组", "蓝天小组") if item.project.code == "P001" else ("蓝天小组", "红旗小组")
        sheet = openpyxl.load_workbook(item.path)
        written = " ".join(
            f"{cell.value} {cell.comment.text if cell.comment else ''}"
            for page in sheet
            for row in page.iter_rows()
            for cell in row
        ) + text_of(item.notice)
        assert own in written and "其他部门的项目相同或相近" in written
        assert other not in written
        assert ("示例县文化局" in written) == (item.project.code == "P002")


def test_a_workbook_in_an_archive_is_returned_too(inbox: Path, tmp_path: Path) -> None:
    sent = filled(tmp_path, answers=wrong())
    with zipfile.ZipFile(inbox / "打包.zip", "w") as archive:
        archive.write(sent, "公路段/P001.xlsx")
    (item,) = returns(inbox, tmp_path / "退回")
    assert (item.file, item.path) == ("打包.zip/公路段/P001.xlsx", tmp_path / "退回" / DEPARTMENT / "P001.xlsx")


def test_a_correct_workbook_is_not_returned_and_one_with_warnings_only_to_ask(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=answers(texts={}))
    filled(inbox, name="P002.xlsx", code="P002", answers=answers(info={}))
    result = review_folder(inbox, keys=KEYS, checks={"TEXT01": "off"}).result
    assert {f.code for f in result.findings if f.severity is not Severity.INFO} == {"FILL13"}
    assert write_returns(result, inbox, tmp_path / "退回", KEYS, ask=False) == []
    assert not (tmp_path / "退回").exists()
    (item,) = write_returns(result, inbox, tmp_path / "退回", KEYS)
    assert (item.file, item.errors, item.to_answer, bool(item.path)) == ("P002.xlsx", 0, 1, True)


def test_a_slip_of_the_list_is_told_to_finance_and_never_to_the_unit(tmp_path: Path) -> None:
    """Weights off the norm, a budget in 元, a target without unit: in the review, but in no copy and no notice."""
    inbox, folder = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    first, *others = project().indicators
    rows = (first.model_copy(update={"weight": 30, "unit": ""}), *others)
    given = wrong().model_copy(update={"indicators": (IndicatorAnswer(actual="102公里"), *wrong().indicators[1:])})
    budget = {FundingSource.COUNTY: 1_200_000.0, FundingSource.OTHER: 30.0}
    filled(inbox, indicators=rows, answers=given, annual_budget=budget)
    listed = {f.code for f in review(inbox).findings if f.of_the_list}
    assert listed == {"WEIGHT01", "WEIGHT02", "FUND13", "FILL06"}
    (item,) = returns(inbox, folder)
    assert "FILL08" in {f.code for f in item.findings}
    assert not listed & {f.code for f in item.findings}
    assert item.path is not None
    assert "项目清单" not in str([c.value for s in openpyxl.load_workbook(item.path) for r in s.iter_rows() for c in r])
    assert "项目清单" not in str([[c.text for c in r.cells] for t in Document(str(item.notice)).tables for r in t.rows])


def test_errors_of_the_list_alone_return_nothing(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    first, *others = project().indicators
    filled(inbox, indicators=(first.model_copy(update={"weight": 30}), *others))
    assert "WEIGHT01" in {f.code for f in review(inbox).findings}
    assert returns(inbox, tmp_path / "out") == []


def test_without_a_seal_that_holds_there_is_no_copy(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=wrong())

    def forge(book: openpyxl.Workbook) -> None:
        cell = book[identity_sheet.TITLE]["B5"]
        cell.value = cell.value[:-1] + ("0" if cell.value[-1] != "0" else "1")

    edit(sent, forge)
    (item,) = returns(inbox, tmp_path / "退回")
    assert (item.path, item.findings[0].code) == (None, "TAMPER01")
    assert "签名核验不通过" in item.reason
    assert "签名核验不通过" in text_of(item.notice)


def test_without_the_key_there_is_no_copy(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    (item,) = returns(inbox, tmp_path / "退回", {OTHER_KEY.id: OTHER_KEY})
    assert (item.path, item.reason) == (None, "本机没有下发时的签名密钥，无法生成副本。")


def test_a_file_that_was_taken_away_or_changed_after_the_review_is_told(inbox: Path, tmp_path: Path) -> None:
    gone, changed = (filled(inbox, name=f"{c}.xlsx", code=c, answers=wrong()) for c in ("P001", "P002"))
    result = review(inbox)
    gone.unlink()
    filled(inbox, name=changed.name, code="P003", answers=wrong())
    items = write_returns(result, inbox, tmp_path / "退回", KEYS)
    assert [(item.path, item.reason) for item in items] == [
        (None, "报送的文件已不在原处，没有副本。"),
        (None, "报送的文件在审核之后换过，没有副本；请重新审核。"),
    ]


# -- other programs ---------------------------------------------------------------------------------------------------


@requires_ooxml_validator
def test_copies_and_notes_are_valid_open_xml(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong(info={"leader": "<r>&\x01\"'"}))
    filled(inbox, name="P002.xlsx", code="P002", indicators=(), answers=Answers(info={"phone": "x" * 3000}))
    (inbox / "P003.xlsm").write_bytes(build_workbook(project(answers=wrong(), code="P003"), MOF, KEY, macros=True))
    (inbox / "空.xlsx").write_bytes(b"")
    returns(inbox, tmp_path / "退回")
    found = ooxml_errors_of((tmp_path / "退回").rglob("*.*"))
    assert len(found) == 5
    assert [errors for errors in found.values() if errors] == []


@pytest.mark.slow
@requires_gnumeric
def test_a_copy_saved_by_gnumeric_reads_the_same(inbox: Path, tmp_path: Path) -> None:
    sent = filled(inbox, answers=wrong())
    copy = the_copy(inbox, tmp_path / "退回")
    (saved,) = recalculate_with_gnumeric([copy], tmp_path / "另存")
    assert raw_answers(saved) == raw_answers(sent)


@pytest.mark.slow
@requires_uno
def test_a_copy_corrected_and_saved_by_libreoffice_is_clean_and_verified(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    copy = the_copy(inbox, tmp_path / "退回")
    again = tmp_path / "第二次"
    again.mkdir()
    steps = [
        {"sheet": "自评表", "cell": ACTUAL, "type": "value", "content": 102.0},
        {"sheet": "自评表", "cell": REASON, "type": "text", "content": "施工扰民引起不满；已改为错峰施工。"},
        {"sheet": "基本情况", "cell": PHONE, "type": "text", "content": "0350-1234567"},
        {"sheet": "自评表", "cell": WEIGHT, "type": "value", "content": 90.0},
        {"sheet": COVER, "cell": "E4", "type": "text", "content": "没有问题"},
    ]
    refused = fill_with_libreoffice(copy, steps, again / "P001.xlsx")
    assert refused == [f"自评表!{WEIGHT}", f"{COVER}!E4"]
    result = review(again)
    assert [f for f in result.findings if f.severity is not Severity.INFO] == []
    assert result.projects[0].total_score == 99.0
    assert read_submission(SourceFile(again / "P001.xlsx", "P001.xlsx"), KEYS).seal is not None
