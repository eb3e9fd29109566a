"""A round with evidence: asked for in the returned copy, answered there, sent again; other programs keep what was listed."""

import io
import shutil

import openpyxl
import pytest
from builders import KEYS
from evidence_folders import files, form, listing, put, review, states, told
from office import (
    convert_with_libreoffice,
    recalculate_with_gnumeric,
    recalculate_with_libreoffice,
    requires_gnumeric,
    requires_libreoffice,
)

from workbook_tools.core.states import State
from workbook_tools.excel.styles import ORANGE_FILL
from workbook_tools.form import asking
from workbook_tools.form.evidence import TITLE
from workbook_tools.returns import write_returns
from workbook_tools.review import review_folder

LISTED = ("验收报告.pdf", "照片.jpg")


def returned(tmp_path):
    """What came, and the copy that goes back: the first file that is listed is absent."""
    inbox = put(tmp_path / "回收", {"P001.xlsx": form(listing(*files(*LISTED))), "P001.佐证/照片.jpg": b"x"})
    (item,) = write_returns(review(inbox).result, inbox, tmp_path / "退回", KEYS)
    return inbox, item.path


def test_the_copy_has_what_was_listed_and_a_mark_where_a_file_is_absent(tmp_path):
    _, copy = returned(tmp_path)
    sheet = openpyxl.load_workbook(copy)[TITLE]
    assert [sheet[cell].value for cell in ("C4", "E4", "E5")] == ["材料1", *LISTED]
    assert sheet["E4"].fill.start_color.rgb == "FF" + ORANGE_FILL.lstrip("#") and sheet["E4"].comment is not None
    assert sheet["E5"].comment is None


def test_what_came_later_settles_it_and_so_does_an_answer(tmp_path):
    inbox, copy = returned(tmp_path)
    assert review(inbox).result.projects[0].state is State.TO_EXPLAIN
    book = openpyxl.load_workbook(copy)
    sheet = book[asking.TITLE]
    heads = {cell.value: cell for row in sheet.iter_rows(max_row=6) for cell in row}
    answer = heads[asking.ANSWER]
    sheet.cell(answer.row + 1, answer.column, "验收报告是纸质的，已送财政局绩效股。")
    saved = io.BytesIO()
    book.save(saved)
    put(inbox, {"P001（退回）.xlsx": saved.getvalue()})
    assert review(inbox).result.projects[0].state is State.READY
    (inbox / "P001（退回）.xlsx").unlink()
    put(inbox, {"P001.佐证/验收报告.pdf": b"x"})
    done = review(inbox)
    assert (told(done), done.result.projects[0].state) == ([], State.READY)


def test_a_form_that_comes_again_takes_the_same_folder(tmp_path):
    inbox, copy = returned(tmp_path)
    shutil.copy(copy, inbox / "更正后.xlsx")
    assert [state for state, _ in states(review(inbox))] == ["未收到", "已收到"]


def test_other_tables_are_blamed_on_nobody_else(tmp_path):
    """The sheet is locked and sealed like the others: a heading that was changed, an indicator's name, the sheet deleted."""

    def change(edit):
        folder = tmp_path / edit.__name__
        put(folder, {"P001.xlsx": form(listing(*files(*LISTED)))})
        book = openpyxl.load_workbook(folder / "P001.xlsx")
        edit(book)
        book.save(folder / "P001.xlsx")
        return {one.code for one in review_folder(folder, keys=KEYS).result.findings if one.code.startswith("TAMPER")}

    def heading(book):
        book[TITLE]["C3"] = "随便写"

    def name(book):
        book[TITLE]["B4"] = "别的指标"

    def gone(book):
        del book[TITLE]

    def unlocked(book):
        book[TITLE].protection.sheet = False

    def hidden(book):
        book[TITLE].sheet_state = "hidden"

    assert [change(edit) for edit in (heading, name, unlocked, hidden)] == [
        {"TAMPER21"},
        {"TAMPER21"},
        {"TAMPER06"},
        {"TAMPER22"},
    ]
    assert "TAMPER04" in change(gone)


@pytest.mark.slow
@pytest.mark.parametrize(
    "save",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
def test_another_program_keeps_what_was_listed(tmp_path, save):
    put(tmp_path, {"P001.xlsx": form(listing(*files(*LISTED)))})
    inbox = tmp_path / "回收"
    inbox.mkdir()
    save([tmp_path / "P001.xlsx"], inbox)
    put(inbox, {f"P001.佐证/{name}": b"x" for name in LISTED})
    done = review(inbox)
    assert [one.code for one in done.result.findings] == []
    assert [state for state, _ in states(done)] == ["已收到", "已收到"]


@pytest.mark.slow
@requires_libreoffice
@pytest.mark.parametrize("target", ["ods", "xls"])
def test_saved_as_another_format_it_is_still_read(tmp_path, target):
    put(tmp_path, {"P001.xlsx": form(listing(*files(*LISTED)))})
    inbox = tmp_path / "回收"
    inbox.mkdir()
    convert_with_libreoffice([tmp_path / "P001.xlsx"], inbox, target)
    put(inbox, {"P001.佐证/照片.jpg": b"x"})
    assert [state for state, _ in states(review(inbox))] == ["未收到", "已收到"]
