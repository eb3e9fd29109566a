"""The Excel side of the adapter, up to the border of the application: a stand-in for xlwings notes what it is told.

What Excel itself then does is not shown here; tests/test_desk_contract.py shows it where Excel is installed.
"""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from drawn_documents import drawn_form

from workbook_tools.commands.macros import build
from workbook_tools.core.errors import SettingsError
from workbook_tools.desk import convert, excel, word
from workbook_tools.desk.convert import Office, print_all
from workbook_tools.desk.excel import Excel
from workbook_tools.desk.program import DeskError
from workbook_tools.desk.word import Word
from workbook_tools.word.drawing import ContentsBlock, paragraph
from workbook_tools.word.rendering import ReportForm


class Noted:
    """An object of the application: every call and every attribute set is noted as a sentence."""

    def __init__(self, calls: list[str], name: str, /, **known: Any) -> None:
        self.__dict__.update(_calls=calls, _name=name, **known)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **options: Any) -> Any:
            shown = [repr(a) for a in args] + [f"{k}={v!r}" for k, v in options.items()]
            self._calls.append(f"{self._name}.{name}({', '.join(shown)})")

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        self._calls.append(f"{self._name}.{name} = {value!r}")


class Cells(Noted):
    """A range whose values are given."""

    values: Any = None

    def options(self, **options: Any) -> Any:
        date = options["dates"](year=2024, month=3, day=1, hour=12, minute=0, second=0, tzinfo=None)
        assert (options["ndim"], options["err_to_str"]) == (2, True)
        return SimpleNamespace(value=[["路", 2, True, None, "", "#N/A", date]])


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture(params=["win32", "darwin"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "platform", request.param)
    return str(request.param)


def installed(monkeypatch: pytest.MonkeyPatch, name: str, **members: Any) -> None:
    module = ModuleType(name)
    module.__spec__ = importlib.machinery.ModuleSpec(name, None)
    module.__dict__.update(members)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.fixture
def book(calls: list[str], tmp_path: Path) -> Noted:
    """自评.xlsx with one sheet."""
    protection = Noted(calls, "sheet.api", ProtectContents=False, protect_contents=SimpleNamespace(get=lambda: False))
    sheet = Noted(calls, "sheet", name="自评表", api=protection, range=lambda area: Cells(calls, f"range({area})"))

    class Sheets(list):  # type: ignore[type-arg]
        def __getitem__(self, key: Any) -> Any:
            assert key == "自评表"
            return sheet

    def macro(name: str) -> Any:
        return lambda *args: calls.append(f"macro {name}{args}") or 42

    app = Noted(calls, "app", api=Noted(calls, "app.api"))
    return Noted(
        calls,
        "book",
        name="自评.xlsx",
        fullname=str(tmp_path / "自评.xlsx"),
        app=app,
        sheets=Sheets([sheet]),
        api=Noted(calls, "book.api"),
        macro=macro,
    )


@pytest.fixture
def xlwings(calls: list[str], book: Noted, monkeypatch: pytest.MonkeyPatch) -> Noted:
    """The stand-in: one App whose books are one book."""

    class Books(list):  # type: ignore[type-arg]
        def open(self, path: str, **options: Any) -> Any:
            calls.append(f"open({Path(path).name}, {options})")
            return book

    app = Noted(calls, "app", books=Books([book]), api=Noted(calls, "app.api"))

    def start(**options: Any) -> Noted:
        calls.append(f"App({options})")
        return app

    installed(monkeypatch, "xlwings", App=start, apps=[app])
    return app


@pytest.fixture
def opened(system: str, xlwings: Noted, calls: list[str], tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "自评.xlsx").write_bytes(b"PK")
    with Excel() as program:
        found = program.open(tmp_path / "自评.xlsx")
        calls.clear()
        yield found


def test_starts_unseen_opens_without_questions_and_ends(
    system: str, xlwings: Noted, calls: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "自评.xlsx"
    path.write_bytes(b"PK")
    with Excel() as program:
        book = program.open(path, "口令", macros=True)
        program.open(path)
        assert book.path == path
        assert book.sheets() == ["自评表"]
        assert [other.path for other in program.books()] == [path]
    security = ["app.api.AutomationSecurity = 1"], ["app.api.AutomationSecurity = 3"]
    plain = "'update_links': False, 'password': {!r}, 'ignore_read_only_recommended': True, 'add_to_mru': False"
    assert calls == [
        "App({'visible': False, 'add_book': False})",
        "app.display_alerts = False",
        "app.screen_updating = False",
        *(security[0] if system == "win32" else []),
        f"open(自评.xlsx, {{{plain.format('口令')}}})",
        *(security[1] if system == "win32" else []),
        f"open(自评.xlsx, {{{plain.format('-')}}})",
        "app.quit()",
    ]


WINDOWS = {
    "recalculate": ["app.api.CalculateFull()"],
    "refresh": ["book.api.RefreshAll()", "app.api.CalculateUntilAsyncQueriesDone()", "app.api.CalculateFull()"],
    "protect": ["sheet.api.Protect('abc')"],
    "unprotect": ["sheet.api.Unprotect('abc')"],
}
MACOS = {
    "recalculate": ["app.api.calculate_full()"],
    "refresh": ["book.api.refresh_all()", "app.api.calculate_full()"],
    "protect": ["sheet.api.protect_worksheet(password='abc')"],
    "unprotect": ["sheet.api.unprotect(password='abc')"],
}


@pytest.mark.parametrize("action", WINDOWS)
def test_what_xlwings_has_no_word_for(opened: Any, system: str, calls: list[str], action: str) -> None:
    arguments = ("自评表", "abc") if "protect" in action else ()
    getattr(opened, action)(*arguments)
    assert calls == (WINDOWS if system == "win32" else MACOS)[action]
    assert not opened.is_protected("自评表")


def test_cells_are_read_as_numbers_texts_or_nothing(opened: Any) -> None:
    assert opened.values("自评表", "A1:G1") == [["路", 2.0, 1.0, None, None, "#N/A", 45352.5]]
    with pytest.raises(DeskError, match=r"“自评\.xlsx”：没有名为“没有”的工作表"):
        opened.values("没有", "A1")


def test_texts_are_written_as_texts(opened: Any, calls: list[str]) -> None:
    opened.write("自评表", "B2", [["=1+1", 2.0, None], ["0012", "", None]])
    opened.write("自评表", "B2", [])
    assert calls == ["""range(B2).value = [["'=1+1", 2.0, None], ["'0012", "'", None]]"""]


def test_macros_pdf_and_saving(opened: Any, system: str, calls: list[str], tmp_path: Path) -> None:
    assert opened.run_macro("模块.过程", 1.0) == 42.0
    opened.export_pdf(tmp_path / "甲.pdf")
    opened.save()
    opened.save_as(tmp_path / "乙.xlsx")
    opened.close()
    if system == "win32":
        opened.save_copy(tmp_path / "丙.xlsx")
    else:
        with pytest.raises(DeskError, match="macOS 上的 Excel 不能另存副本"):
            opened.save_copy(tmp_path / "丙.xlsx")
    assert calls == [
        "macro 模块.过程(1.0,)",
        f"book.to_pdf('{tmp_path / '甲.pdf'}', exclude_start_string='\\x00')",
        "book.save()",
        f"book.save('{tmp_path / '乙.xlsx'}')",
        "book.close()",
        *([f"book.api.SaveCopyAs('{tmp_path / '丙.xlsx'}')"] if system == "win32" else []),
    ]


def test_books_that_somebody_has_open_are_found_and_left_open(
    system: str, xlwings: Noted, calls: list[str], tmp_path: Path
) -> None:
    (tmp_path / "自评.xlsx").write_bytes(b"PK")
    with Excel(attach=True) as program:
        assert [book.path for book in program.books()] == [tmp_path / "自评.xlsx"]
        with pytest.raises(DeskError, match="只读取已经打开的工作簿"):
            program.open(tmp_path / "自评.xlsx")
    assert calls == []


def test_faults_of_excel_are_told_in_chinese(
    system: str, xlwings: Noted, book: Noted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("(-2147352567, 'Exception occurred.')")

    (tmp_path / "自评.xlsx").write_bytes(b"PK")
    with Excel() as program:
        opened = program.open(tmp_path / "自评.xlsx")
        book.__dict__["to_pdf"] = book.__dict__["save"] = fails
        with pytest.raises(DeskError, match=r"“自评\.xlsx”：无法导出 PDF.*（RuntimeError）"):
            opened.export_pdf(tmp_path / "甲.pdf")
        with pytest.raises(DeskError, match="找不到文件"):
            program.open(tmp_path / "没有.xlsx")
        monkeypatch.setattr(xlwings.books, "open", fails, raising=False)
        with pytest.raises(DeskError, match=r"打不开.*是否有打开密码或已损坏"):
            program.open(tmp_path / "自评.xlsx")
        xlwings.__dict__["quit"] = fails  # then it is killed


def test_an_excel_that_does_not_start_is_told(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise OSError

    installed(monkeypatch, "xlwings", App=fails)
    with pytest.raises(DeskError, match="无法启动 Excel，是否已安装"), Excel():
        pass


def test_without_xlwings_or_elsewhere_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert "只有 Windows 和 macOS" in excel.why_unavailable()
    assert "只有 Windows" in word.why_unavailable()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for room, start in ((excel, Excel), (word, Word)):
        assert "pip install workbook-tools[excel]" in room.why_unavailable()
        with pytest.raises(DeskError, match="workbook-tools"):
            start()


# -- PDFs by Office ---------------------------------------------------------------------------------------------------


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, xlwings: Noted, book: Noted, calls: list[str]) -> None:
    """Excel and Word on Windows, which print everything, but no document called 坏."""
    monkeypatch.setattr(sys, "platform", "win32")

    def printed(path: str, *_: object, **__: object) -> None:
        calls.append(f"PDF {Path(path).name}")
        Path(path).write_bytes(b"%PDF-1.7")

    book.__dict__["to_pdf"] = printed

    def document(path: str, **options: Any) -> Noted:
        calls.append(f"Documents.Open({Path(path).name}, {options})")
        if Path(path).stem == "坏":
            raise RuntimeError
        contents = SimpleNamespace(Update=lambda: calls.append("更新目录"))
        return Noted(calls, "document", ExportAsFixedFormat=printed, TablesOfContents=[contents])

    application = Noted(calls, "Word", Documents=SimpleNamespace(Open=document))
    installed(monkeypatch, "win32com")
    installed(monkeypatch, "win32com.client", DispatchEx=lambda name: application)


def test_excel_prints_workbooks_and_word_documents(office: None, calls: list[str], tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("表.xlsx", "坏.docx", "报告.docx")]
    for file in files:
        file.write_bytes(b"PK")
    done = list(print_all([(file, file.with_suffix(".pdf")) for file in files], office=Office.MICROSOFT))
    assert [item.trouble for item in done][::2] == ["", ""]
    assert f"Word 无法把“{files[1]}”转成 PDF" in done[1].trouble
    assert files[0].with_suffix(".pdf").read_bytes() == files[2].with_suffix(".pdf").read_bytes() == b"%PDF-1.7"
    options = "{'ConfirmConversions': False, 'ReadOnly': True, 'AddToRecentFiles': False, 'PasswordDocument': '-'}"
    assert calls[3:] == [
        "app.api.AutomationSecurity = 3",
        "open(表.xlsx, {'update_links': False, 'password': '-', 'ignore_read_only_recommended': True, "
        "'add_to_mru': False})",
        "app.api.CalculateFull()",
        "PDF 表.pdf",
        "book.close()",
        "Word.Visible = False",
        "Word.DisplayAlerts = 0",
        "Word.AutomationSecurity = 3",
        f"Documents.Open(坏.docx, {options})",
        f"Documents.Open(报告.docx, {options})",
        "PDF 报告.pdf",
        "document.Close(0)",
        "Word.Quit(0)",
        "app.quit()",
    ]


def test_word_fills_in_the_contents_of_a_report_that_asks_for_it(
    office: None, calls: list[str], tmp_path: Path
) -> None:
    report, other = tmp_path / "报告.docx", tmp_path / "别的.docx"
    report.write_bytes(ReportForm(drawn_form(ContentsBlock(), paragraph("甲", style="Heading1")), "测试").render({}))
    other.write_bytes(drawn_form(ContentsBlock()))
    for file, done in ((report, ["更新目录"]), (other, [])):
        calls.clear()
        list(print_all([(file, file.with_suffix(".pdf"))], office=Office.MICROSOFT))
        assert [call for call in calls if call == "更新目录"] == done


def test_libreoffice_goes_before_office_unless_told_otherwise(office: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert.libreoffice, "why_unavailable", lambda: "")
    assert set(convert._find_pdf_makers(Office.AUTO).values()) == {convert.libreoffice.LibreOffice}
    assert convert._find_pdf_makers(Office.MICROSOFT)[".docx"] is Word
    monkeypatch.setattr(convert.libreoffice, "why_unavailable", lambda: "没有 LibreOffice。")
    assert convert._find_pdf_makers(Office.AUTO)[".xlsx"] is Excel
    with pytest.raises(DeskError, match=r"没有可以转 PDF 的程序。没有 LibreOffice。"):
        convert._find_pdf_makers(Office.LIBREOFFICE)


def test_excel_compiles_modules_into_a_copy_of_the_workbook(
    xlwings: Noted, book: Noted, calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    components = Noted(calls, "components")
    book.__dict__["api"] = Noted(calls, "book.api", VBProject=SimpleNamespace(VBComponents=components))
    own, out, workbook = tmp_path / "我的宏", tmp_path / "宏", tmp_path / "自评.xlsx"
    own.mkdir()
    (own / "Own.bas").write_text('Attribute VB_Name = "Own"\nOption Explicit\n', "utf-8")
    (own / "ThisWorkbook.cls").write_text("Option Explicit\n", "utf-8")
    workbook.write_bytes(b"PK")
    build(out, own, 3, workbook)
    assert calls[-4:] == [
        f"components.Import({str(out / '我的宏' / 'Own.bas')!r})",
        f"book.save({str(out / '我的宏' / '自评.xlsm')!r})",
        "book.close()",
        "app.quit()",
    ]
    (out / "我的宏" / "自评.xlsm").write_bytes(b"PK")
    with pytest.raises(SettingsError, match="已存在"):
        build(out, own, 3, workbook)


def test_excel_that_does_not_let_programs_change_macros_says_where_to_allow_it(opened: Any, system: str) -> None:
    with pytest.raises(DeskError, match="信任对 VBA 工程对象模型的访问" if system == "win32" else "VBA 编辑器"):
        opened.import_modules([Path("a.bas")])
