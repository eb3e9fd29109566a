"""excel/writing.py: what XlsxWriter would drop is an exception, a text stays a text, equal content gives equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from office import ooxml_errors, requires_ooxml_validator
from python_calamine import CalamineWorkbook
from result_builder import HOSTILE

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.references import file_link, sheet_link
from workbook_tools.excel.styles import ERROR_TINT, NAMED, StyleSpec
from workbook_tools.excel.writing import Book, Scalar, Sheet, strict


def values(data: bytes, sheet: int = 0) -> list[list[object]]:
    """All cells of a sheet, from A1 on."""
    rows: list[list[object]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python(False)
    )
    return rows


def part(data: bytes, name: str) -> str:
    """One part of the package, as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def one_sheet(fill: Callable[[Sheet], None]) -> bytes:
    with Book() as book:
        fill(book.sheet("表"))
    return book.bytes()


# -- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, "{=1+1}", "  前后有空格  ", "<r>", "<r></r>", "'0012", "0012", "TRUE"])
def test_a_text_is_written_as_text(text: str) -> None:
    data = one_sheet(lambda sheet: sheet.write(0, 0, text))
    assert values(data) == [[clean_cell_text(text)]]
    assert "<f>" not in part(data, "xl/worksheets/sheet1.xml")
    assert "<hyperlink" not in part(data, "xl/worksheets/sheet1.xml")


def test_clean_drops_what_xml_forbids_and_nothing_else() -> None:
    assert clean_cell_text("a\x00b\x0bc\ud800d\ufffee") == "abcde"
    assert clean_cell_text("甲\r\n乙\r丙\n丁\t戊😀𠮷\x85") == "甲\n乙\n丙\n丁\t戊😀𠮷\x85"


@pytest.mark.parametrize(("value", "read"), [(1.5, 1.5), (0, 0.0), (True, True), (None, ""), ("", ""), ("\x01", "")])
def test_other_values(value: Scalar, read: object) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.write(0, 0, value, "text")
        sheet.write(0, 1, "末")

    assert values(one_sheet(fill)) == [[read, "末"]]


def test_an_empty_cell_keeps_its_style() -> None:
    assert '<c r="A1" s="1"/>' in part(one_sheet(lambda s: s.write(0, 0, None, "text")), "xl/worksheets/sheet1.xml")


# -- limits -----------------------------------------------------------------------------------------------------------

TOO_MUCH: dict[str, Callable[[Sheet], object]] = {
    "text of 32,768 characters": lambda s: s.write(0, 0, "长" * 32768),
    "text of 32,768 UTF-16 units": lambda s: s.write(0, 0, "😀" * 16384),
    "marked-up text of 32,768 characters": lambda s: s.write(0, 0, f"<r>{'长' * 32761}</r>"),
    "row out of range": lambda s: s.write(1048576, 0, 1.0),
    "column out of range": lambda s: s.write(0, 16384, 1.0),
    "negative row": lambda s: s.write(-1, 0, "x"),
    "not a number": lambda s: s.write(0, 0, float("nan")),
    "infinite": lambda s: s.write(0, 0, float("inf")),
    "empty formula": lambda s: s.formula(0, 0, "="),
    "formula of 8,193 characters": lambda s: s.formula(0, 0, "=" + "1+" * 4096 + "1"),
    "literal of 256 characters": lambda s: s.formula(0, 0, f'=IF(A2,"{"x" * 256}","")'),
    "formula out of range": lambda s: s.formula(1048576, 0, "=1"),
    "overlapping merges": lambda s: (s.merge(0, 0, 1, 1, "x"), s.merge(1, 1, 2, 2, "y")),
    "merge out of range": lambda s: s.merge(0, 0, 1048576, 0, "x"),
    "prompt title of 33": lambda s: s.validate(0, 0, 0, 0, {"validate": "any", "input_title": "题" * 33}),
    "prompt of 256": lambda s: s.validate(0, 0, 0, 0, {"validate": "any", "input_message": "文" * 256}),
    "error title of 33": lambda s: s.validate(
        0, 0, 0, 0, {"validate": "list", "source": ["是"], "error_title": "题" * 33}
    ),
    "error message of 256": lambda s: s.validate(
        0, 0, 0, 0, {"validate": "list", "source": ["是"], "error_message": "文" * 256}
    ),
    "list of 256": lambda s: s.validate(0, 0, 0, 0, {"validate": "list", "source": ["x" * 256]}),
    "choice with a comma": lambda s: s.validate(0, 0, 0, 0, {"validate": "list", "source": ["是,否"]}),
    "choice with a quote": lambda s: s.validate(0, 0, 0, 0, {"validate": "list", "source": ['"是"']}),
    "unknown validation": lambda s: s.validate(0, 0, 0, 0, {"validate": "number"}),
    "unknown validation option": lambda s: s.validate(0, 0, 0, 0, {"validate": "any", "message": "x"}),
    "validation without effect": lambda s: s.validate(0, 0, 0, 0, {"validate": "any"}),
    "validation out of range": lambda s: s.validate(0, 0, 1048576, 0, {"validate": "any", "input_message": "x"}),
    "unknown condition": lambda s: s.highlight(0, 0, 0, 0, {"type": "colour"}),
    "link of 2,100 characters": lambda s: s.link(0, 0, file_link("x" * 2100), "x"),
    "link of unknown kind": lambda s: s.link(0, 0, "../x.xlsx", "x"),
    "note of 32,768": lambda s: s.note(0, 0, "长" * 32768),
    "unknown permission": lambda s: s.protect("", format_everything=True),
    "unknown style": lambda s: s.write(0, 0, "x", "pretty"),
}


@pytest.mark.parametrize("fill", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_what_excel_refuses_is_an_exception(fill: Callable[[Sheet], object]) -> None:
    with pytest.raises(TemplateError, match=r"[\u4e00-\u9fff]"):
        fill(Book().sheet("表"))


def test_what_just_fits_is_written() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.write(0, 0, "长" * 32767)
        sheet.formula(0, 1, f'=IF(1,"{"x" * 255}","")', value="x")
        sheet.validate(0, 2, 0, 2, {"validate": "any", "input_title": "题" * 32, "input_message": "文" * 255})
        sheet.validate(0, 3, 0, 3, {"validate": "list", "source": ["x" * 127, "y" * 127]})

    data = one_sheet(fill)
    assert values(data)[0][0] == "长" * 32767
    assert part(data, "xl/worksheets/sheet1.xml").count("<dataValidation ") == 2


@pytest.mark.parametrize("title", ["x" * 32, "a/b", "", "表", "'甲'", "history"])
def test_a_sheet_title_that_excel_refuses(title: str) -> None:
    book = Book()
    book.sheet("表")
    with pytest.raises(TemplateError, match="工作表"):
        book.sheet(title)


@pytest.mark.parametrize("name", ["A1", "R1C1", "有 空格", "p_total", "P_TOTAL", "x" * 256])
def test_a_cell_name_that_excel_refuses_or_that_is_taken(name: str) -> None:
    book = Book()
    sheet = book.sheet("表")
    book.define_name("p_total", sheet, 0, 0)
    with pytest.raises(TemplateError, match="单元格名称"):
        book.define_name(name, sheet, 1, 1)


def test_a_warning_or_error_inside_strict_names_the_place() -> None:
    book = Book()
    chart = book.chart("column")
    with pytest.raises(TemplateError, match="图表甲"), strict("图表甲"):
        chart.add_series({})
    with pytest.raises(TemplateError, match="nonsense"):
        book.chart("nonsense")


# -- cells ------------------------------------------------------------------------------------------------------------


def test_a_formula_shows_nothing_unless_its_value_is_given() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.formula(0, 0, "=1+1")
        sheet.formula(0, 1, "=1+1", value=2)
        sheet.formula(0, 2, '="甲"&"乙"', value="甲乙")
        sheet.formula(0, 3, "=1>2", value=False)

    xml = part(one_sheet(fill), "xl/worksheets/sheet1.xml")
    assert re.findall("<f>.*?</f><v>.*?</v>", xml) == [
        "<f>1+1</f><v></v>",
        "<f>1+1</f><v>2</v>",
        '<f>"甲"&amp;"乙"</f><v>甲乙</v>',
        "<f>1&gt;2</f><v>0</v>",
    ]


def test_a_merged_range_holds_a_text_or_a_formula_and_one_cell_is_not_merged() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.merge(0, 0, 0, 2, "=甲", "header")
        sheet.merge(1, 0, 2, 0, 6, "decimal", formula="=2*3")
        sheet.merge(3, 0, 3, 0, "一格", "text")

    data = one_sheet(fill)
    xml = part(data, "xl/worksheets/sheet1.xml")
    assert re.findall('<mergeCell ref="(.*?)"', xml) == ["A1:C1", "A2:A3"]
    assert [row[0] for row in values(data)] == ["=甲", 6.0, "", "一格"]
    assert "<f>2*3</f><v>6</v>" in xml


def test_links_lead_to_files_cells_and_sheets_whatever_their_names() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.link(0, 0, file_link("../回收/甲 100%20 #1 {a}.xlsx", "表'1", "B3"), "=甲")
        sheet.link(1, 0, file_link("乙/丙.docx"), "乙")
        sheet.link(2, 0, sheet_link("校 验", "C4"), "去校验")

    data = one_sheet(fill)
    rels = part(data, "xl/worksheets/_rels/sheet1.xml.rels")
    assert re.findall('Target="(.*?)"', rels) == ["../回收/甲%20100%2520%20%231%20%7Ba%7D.xlsx", "乙/丙.docx"]
    xml = part(data, "xl/worksheets/sheet1.xml")
    assert re.findall('location="(.*?)"', xml) == ["'表''1'!B3", "'校 验'!C4"]
    assert [row[0] for row in values(data)] == ["=甲", "乙", "去校验"]


def test_defined_names_are_absolute_and_quoted() -> None:
    with Book() as book:
        sheet = book.sheet("表 一")
        book.define_name("in_甲", sheet, 26, 27)
        book.define_name("area", sheet, 2, 3)
    found = re.findall('<definedName name="(.*?)">(.*?)</definedName>', part(book.bytes(), "xl/workbook.xml"))
    assert sorted(found) == [("area", "'表 一'!$D$3"), ("in_甲", "'表 一'!$AB$27")]


def test_locks_and_protection() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.write(0, 0, "锁", "label")
        sheet.write(0, 1, None, "input")
        sheet.protect("secret", sort=True)

    data = one_sheet(fill)
    protection = re.search("<sheetProtection [^>]*>", part(data, "xl/worksheets/sheet1.xml"))
    assert protection
    assert 'sheet="1"' in protection[0]
    assert 'password="' in protection[0]
    assert 'sort="0"' in protection[0]
    assert not [name for name in ("formatColumns", "formatRows") if name in protection[0]], (
        "rows and columns could be hidden"
    )
    assert part(data, "xl/styles.xml").count('<protection locked="0"/>') == 1


def test_the_structure_of_a_workbook_can_be_locked() -> None:
    with Book() as book:
        book.sheet("表")
        book.lock_structure("secret")
    found = re.search("<workbookProtection [^>]*/><bookViews>", part(book.bytes(), "xl/workbook.xml"))
    assert found
    assert 'lockStructure="1"' in found[0]
    assert re.search('workbookPassword="[0-9A-F]{1,4}"', found[0])


def test_sheet_settings() -> None:
    def fill(sheet: Sheet) -> None:
        sheet.columns([5, 10, 0, 20])
        sheet.row_height(2, 30)
        sheet.row_height(3, None, hidden=True)
        sheet.freeze(2, 1)
        sheet.print_setup(landscape=True, repeat_rows=(0, 1), area=(0, 0, 9, 3))
        sheet.highlight(0, 0, 5, 0, {"type": "cell", "criteria": ">", "value": 1, "format": ERROR_TINT})
        sheet.note(0, 0, "请补填\n第二行")
        sheet.break_before(4)
        sheet.view(gridlines=False, tab="#FF0000", active=True)
        sheet.autofilter(0, 0, 5, 2)
        sheet.numbers_as_text(0, 0, 5, 2)

    data = one_sheet(fill)
    xml = part(data, "xl/worksheets/sheet1.xml")
    for expected in (
        '<col min="3" max="3" width="0" hidden="1" customWidth="1"/>',
        'ht="30" customHeight="1"',
        'xSplit="1" ySplit="2"',
        'orientation="landscape"',
        'paperSize="9"',
        'fitToHeight="0"',
        'showGridLines="0"',
        '<brk id="4"',
        '<ignoredError sqref="A1:C6" numberStoredAsText="1"/>',
    ):
        assert expected in xml, expected
    assert ">表!$1:$2<" in part(data, "xl/workbook.xml")
    assert "<dxf><font><color" in part(data, "xl/styles.xml")


def test_macros_make_another_kind_of_file_with_buttons_that_call_them() -> None:
    with Book() as book:
        book.sheet("表").button(1, 2, "<校验>", "Module.Sub", 112, 26, left=10)
        book.sheet("格式", very_hidden=True)
        assert book.sheet_count == 2
        book.macros(b"project")
    data = book.bytes()
    assert "sheet.macroEnabled.main+xml" in part(data, "[Content_Types].xml")
    assert part(data, "xl/vbaProject.bin") == "project"
    assert 'name="格式" sheetId="2" state="veryHidden"' in part(data, "xl/workbook.xml")
    drawing = part(data, "xl/drawings/vmlDrawing1.vml")
    assert "<x:FmlaMacro>[0]!Module.Sub</x:FmlaMacro>" in drawing and "&lt;校验&gt;" in drawing
    assert "<x:PrintObject>False</x:PrintObject>" in drawing


def test_a_button_outside_the_sheet_is_an_error() -> None:
    with pytest.raises(TemplateError, match="工作表“表”第 -1 行第 0 列"):
        one_sheet(lambda sheet: sheet.button(-1, 0, "x", "M.S", 10, 10))


def test_equal_styles_share_one_format_and_fonts_are_named() -> None:
    book = Book()
    assert book.style("text") is book.style(NAMED["text"])
    assert book.style(StyleSpec(bold=True)) is book.style(StyleSpec().but(bold=True))
    assert book.style("text") is not book.style("title")
    book.sheet("表").write(0, 0, "题", "title")
    fonts = set(re.findall('<name val="(.*?)"/>', part(book.bytes(), "xl/styles.xml")))
    assert fonts == {"宋体", "黑体"}


# -- the file ---------------------------------------------------------------------------------------------------------


def everything(book: Book) -> None:
    """A bit of all that the door can write."""
    sheet, hidden = book.sheet("表"), book.sheet("隐藏", hidden=True)
    for row, text in enumerate(HOSTILE):
        sheet.write(row, 0, text, "text")
        hidden.write(row, 0, row, "number")
    for row, name in enumerate(NAMED):
        sheet.write(row, 2, name, name)
    sheet.formula(0, 3, "=SUM('隐藏'!A1:A3)", "money", 3)
    sheet.merge(0, 4, 2, 5, "并", "header")
    sheet.link(5, 4, file_link("../回收/甲 #1.xlsx", "表", "B3"), "甲")
    sheet.note(0, 0, "说明")
    sheet.validate(0, 6, 3, 6, {"validate": "list", "source": ["是", "否"], "input_title": "题", "input_message": "文"})
    sheet.highlight(0, 6, 3, 6, {"type": "blanks", "format": ERROR_TINT})
    book.define_name("p_甲", sheet, 0, 1)
    chart = book.chart("bar", "stacked")
    with strict("图"):
        chart.add_series({"values": ["隐藏", 0, 0, 3, 0]})
    sheet.chart(8, 4, chart, 300, 200, "说明")
    sheet.protect("x")
    sheet.print_setup()


def built() -> bytes:
    with Book("题", subject="甲") as book:
        everything(book)
    return book.bytes()


def test_the_same_content_gives_the_same_bytes_on_any_day() -> None:
    data = built()
    assert data == built()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert re.findall(">(20.*?)</dcterms", part(data, "docProps/core.xml")) == ["2020-01-01T00:00:00Z"] * 2


def test_an_exception_inside_the_block_passes_through() -> None:
    with pytest.raises(KeyError), Book() as book:
        book.sheet("表")
        raise KeyError("x")


@pytest.mark.slow
@requires_ooxml_validator
def test_the_file_is_valid_open_xml(tmp_path: Path) -> None:
    path = tmp_path / "everything.xlsx"
    path.write_bytes(built())
    assert ooxml_errors(path) == []
