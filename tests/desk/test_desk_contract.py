"""What every spreadsheet program must do for us: LibreOffice for real, and Excel where it is (Windows, macOS)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from locations import SUPPORT
from office import pdf_text, requires_uno, run_uno

from workbook_tools.desk import excel
from workbook_tools.desk.excel import Excel
from workbook_tools.desk.libreoffice import LibreOffice
from workbook_tools.desk.program import DeskError, OpenBook, SpreadsheetProgram
from workbook_tools.excel.writing import Book
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.sources import Module, ModuleKind

PROGRAMS: dict[str, Callable[..., SpreadsheetProgram]] = {"LibreOffice": LibreOffice}
if not excel.why_unavailable():
    PROGRAMS["Excel"] = Excel

pytestmark = requires_uno

PROBE = """\
Attribute VB_Name = "Probe"
Option Explicit

Public Sub Mark()
    ThisWorkbook.Worksheets(1).Range("A1").Value = "到过"
End Sub

Public Function Twice(ByVal Number As Double) As Double
    Twice = 2 * Number
End Function

Public Sub Forever()
    Do
        DoEvents
    Loop
End Sub

Public Sub Wrong()
    Err.Raise 1001, , "坏了"
End Sub

Sub Auto_Open()
    Mark
End Sub
"""
ENCRYPT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from uno_fill import connect, properties
desktop, _ = connect(os.environ["UNO_URL"])
document = desktop.loadComponentFromURL(Path(sys.argv[2]).as_uri(), "_blank", 0, properties(Hidden=True))
import uno
from com.sun.star.beans import NamedValue
key = uno.Any("[]com.sun.star.beans.NamedValue", (NamedValue("CryptoType", "Standard"), NamedValue("OOXPassword", sys.argv[4])))
options = properties(FilterName="Calc MS Excel 2007 XML", EncryptionData=key)
document.storeToURL(Path(sys.argv[3]).as_uri(), options)
document.close(True)
"""


@pytest.fixture(scope="module", params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> Iterator[SpreadsheetProgram]:
    with PROGRAMS[request.param]() as started:
        yield started


@pytest.fixture
def opened(program: SpreadsheetProgram) -> Iterator[Callable[..., OpenBook]]:
    """Open a workbook for the length of a test."""
    books = []

    def open_(path: Path, **options: object) -> OpenBook:
        books.append(program.open(path, **options))
        return books[-1]

    yield open_
    for book in books:
        book.close()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two sheets; the results that it brings along are wrong."""
    path = tmp_path / "自评 表.xlsx"
    with Book() as book:
        sheet = book.sheet("自评表")
        for row, value in enumerate((2, "路", True, None)):
            sheet.write(row, 0, value, "text")
        for row, (formula, stale) in enumerate((("=A1*3", 999), ('=""', "旧"), ("=1/0", 0), ("=A2&A1", "旧"))):
            sheet.formula(row, 1, formula, "text", stale)
        book.sheet("附表 '1' 页", hidden=True).write(0, 0, "附", "text")
    path.write_bytes(book.bytes())
    return path


@pytest.fixture
def macros(tmp_path: Path) -> Path:
    """A workbook with PROBE."""
    path = tmp_path / "宏.xlsm"
    with Book() as book:
        book.sheet("表")
        book.macros(build_vba_project([Module("Probe", ModuleKind.PROCEDURAL, PROBE.replace("\n", "\r\n"))], 1))
    path.write_bytes(book.bytes())
    return path


def test_opens_and_tells_path_and_sheets(opened: Callable[..., OpenBook], workbook: Path) -> None:
    book = opened(workbook)
    assert book.path == workbook
    assert book.sheets() == ["自评表", "附表 '1' 页"]


def test_recalculates_whatever_results_the_file_brought(opened: Callable[..., OpenBook], workbook: Path) -> None:
    book = opened(workbook)
    book.recalculate()
    assert book.values("自评表", "A1:B4") == [[2.0, 6.0], ["路", None], [1.0, "#DIV/0!"], [None, "路2"]]
    assert book.values("附表 '1' 页", "A1") == [["附"]]


def test_refresh_recalculates_too(opened: Callable[..., OpenBook], workbook: Path) -> None:
    book = opened(workbook)
    book.refresh()
    assert book.values("自评表", "B1") == [[6.0]]


def test_what_is_written_is_read_and_calculated_with_before_it_is_saved(
    program: SpreadsheetProgram, opened: Callable[..., OpenBook], workbook: Path
) -> None:
    before = workbook.read_bytes()
    book = opened(workbook)
    book.write("自评表", "A1", [[5.5], ["=1+1"], ["0012"]])
    book.write("自评表", "C1", [])
    (found,) = [other for other in program.books() if other.path == workbook]
    assert found.values("自评表", "A1:A3") == [[5.5], ["=1+1"], ["0012"]]
    assert found.values("自评表", "B1") == [[16.5]]
    assert workbook.read_bytes() == before


def test_a_copy_holds_the_unsaved_changes_and_leaves_the_book_as_it_is(
    opened: Callable[..., OpenBook], workbook: Path, tmp_path: Path
) -> None:
    book = opened(workbook)
    book.write("自评表", "A1", [[7.0]])
    book.save_copy(tmp_path / "副本.xlsx")
    assert openpyxl.load_workbook(tmp_path / "副本.xlsx")["自评表"]["A1"].value == 7
    assert openpyxl.load_workbook(workbook)["自评表"]["A1"].value == 2
    assert book.path == workbook


def test_save_and_save_as(opened: Callable[..., OpenBook], workbook: Path, tmp_path: Path) -> None:
    book = opened(workbook)
    book.write("自评表", "A1", [[8.0]])
    book.save()
    assert openpyxl.load_workbook(workbook, data_only=True)["自评表"]["B1"].value == 24
    book.write("自评表", "A1", [[9.0]])
    book.save_as(tmp_path / "另存.xlsx")
    assert book.path == tmp_path / "另存.xlsx"
    assert openpyxl.load_workbook(tmp_path / "另存.xlsx")["自评表"]["A1"].value == 9
    assert openpyxl.load_workbook(workbook)["自评表"]["A1"].value == 8


def test_protect_and_unprotect(opened: Callable[..., OpenBook], workbook: Path) -> None:
    book = opened(workbook)
    assert not book.is_protected("自评表")
    book.protect("自评表", "abc")
    assert book.is_protected("自评表")
    with pytest.raises(DeskError):
        book.write("自评表", "A1", [[1.0]])
    with pytest.raises(DeskError, match="“自评表”的保护密码不对"):
        book.unprotect("自评表", "xyz")
    assert book.is_protected("自评表")
    book.unprotect("自评表", "abc")
    assert not book.is_protected("自评表")


def test_a_pdf_shows_the_visible_sheets(opened: Callable[..., OpenBook], workbook: Path, tmp_path: Path) -> None:
    book = opened(workbook)
    book.recalculate()
    book.export_pdf(tmp_path / "表.pdf")
    text = pdf_text(tmp_path / "表.pdf")
    assert "路2" in text
    assert "附" not in text


def test_macros_run_when_asked_and_only_then(opened: Callable[..., OpenBook], macros: Path) -> None:
    book = opened(macros, macros=True)
    assert book.values("表", "A1") == [[None]]  # Auto_Open did not run
    book.run_macro("Probe.Mark")
    assert book.values("表", "A1") == [["到过"]]
    assert book.run_macro("Probe.Twice", 21.0) == 42.0
    with pytest.raises(DeskError):
        book.run_macro("Probe.None")
    with pytest.raises(DeskError):
        book.run_macro("None.Mark")


def test_without_being_asked_for_macros_none_runs(opened: Callable[..., OpenBook], macros: Path) -> None:
    book = opened(macros)
    with pytest.raises(DeskError):
        book.run_macro("Probe.Mark")
    assert book.values("表", "A1") == [[None]]


def test_wrong_names_are_told(opened: Callable[..., OpenBook], workbook: Path, tmp_path: Path) -> None:
    book = opened(workbook)
    (tmp_path / "文件夹.xlsx").mkdir()
    with pytest.raises(DeskError, match="没有名为“没有”的工作表"):
        book.values("没有", "A1")
    with pytest.raises(DeskError, match="区域“A0:”写得不对"):
        book.values("自评表", "A0:")
    with pytest.raises(DeskError):
        book.save_as(tmp_path / "文件夹.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("没有.xlsx", None, "找不到文件"), ("空.xlsx", b"", "打不开"), ("坏.xlsx", b"PK\x03\x04" + bytes(99), "打不开")],
)
def test_files_that_cannot_be_opened(
    program: SpreadsheetProgram, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DeskError, match=told):
        program.open(path)
    assert program.books() == []


def test_a_file_with_a_password_asks_no_question(
    program: SpreadsheetProgram, opened: Callable[..., OpenBook], workbook: Path, tmp_path: Path
) -> None:
    locked, script = tmp_path / "加密.xlsx", tmp_path / "save.py"
    script.write_text(ENCRYPT, "utf-8")
    run_uno(script, SUPPORT, workbook, locked, "口令1")
    with pytest.raises(DeskError, match="有打开密码"):
        program.open(locked)
    with pytest.raises(DeskError, match="密码不对"):
        program.open(locked, "口令2")
    assert opened(locked, password="口令1").sheets() == ["自评表", "附表 '1' 页"]  # noqa: S106


# -- LibreOffice's own ------------------------------------------------------------------------------------------------


def test_a_macro_that_never_ends_is_killed_with_its_libreoffice(macros: Path) -> None:
    with LibreOffice() as office:
        book = replace(office.open(macros, macros=True), patience=2)
        with pytest.raises(DeskError, match="没有完成，已将它结束"):
            book.run_macro("Probe.Forever")
        assert not office.running
        with pytest.raises(DeskError, match="已经结束"):
            office.open(macros)


def test_the_book_in_somebody_elses_libreoffice_is_read_with_unsaved_changes(workbook: Path) -> None:
    with LibreOffice() as theirs:
        theirs.open(workbook).write("自评表", "A1", [[4.0]])
        with LibreOffice(attach=theirs.address) as ours:
            (book,) = ours.books()
            assert (book.path, book.values("自评表", "B1")) == (workbook, [[12.0]])
        assert theirs.books()[0].values("自评表", "A1") == [[4.0]]  # it goes on
    with pytest.raises(DeskError, match="连接不上"), LibreOffice(attach=theirs.address):
        pass
