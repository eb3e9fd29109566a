"""Reading workbooks: what programs write, and in which spellings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from office import (
    recalculate_with_gnumeric,
    recalculate_with_libreoffice,
    requires_gnumeric,
    requires_libreoffice,
)
from openpyxl.cell.cell import MergedCell
from openpyxl.formula.translate import Translator
from raw_workbooks import LINKS, MAIN, at, links, opened, parts, place, rows

from workbook_tools.core.cells import Place
from workbook_tools.excel.reading import open_workbook

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small form as we issue it: locked, with inputs, formulas, names, merged cells, hidden sheets."""
    path = tmp_path_factory.mktemp("form") / "自评 表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        locked, blank = book.add_format({"border": 1}), book.add_format({"locked": False, "num_format": "0.00%"})
        day = book.add_format({"locked": False, "num_format": "yyyy-mm-dd"})
        sheet, other = book.add_worksheet("自评表"), book.add_worksheet("预算 执行's")
        hidden, deep = book.add_worksheet("隐藏"), book.add_worksheet("_标识")
        sheet.protect()
        other.set_column(3, 4, None, blank)
        other.set_row(7, None, blank)
        sheet.write_row("A1", ["指标", 5, 0.25, True, " 5 ", "≥95%"], locked)
        sheet.write_datetime("A2", datetime(2023, 3, 15), day)
        sheet.write_datetime("B2", datetime(2023, 3, 15, 12, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_datetime("C2", time(8, 30), book.add_format({"num_format": "hh:mm"}))
        sheet.write_number("D2", 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_blank("B3", None, blank)
        sheet.write_formula("C3", "=B1*2", locked, 10)
        sheet.write_formula("D3", '=IF(B3="","",1)', locked, "")
        sheet.write_formula("E3", "=1/0", locked, "#DIV/0!")
        sheet.write_formula("F3", '=B1>1&"<&>"', locked, "TRUE<&>")
        sheet.write_array_formula("G3:G4", "{=SUM(B1:C1*2)}", locked, 10.5)
        sheet.merge_range("B5:D6", "合并", locked)
        other.write("C3", "从 C3 开始")
        hidden.hide()
        deep.very_hidden()
        for name, target in {
            "weight": "='自评表'!$B$1", "bare": "=自评表!$C$1", "quoted": "='预算 执行''s'!$C$3", "merged": "='自评表'!$B$5:$D$6",
            "list": "='自评表'!$A$1:$F$1", "itself": "='自评表'!$B$3:$B$3", "broken": "='自评表'!#REF!", "constant": "=0.5",
            "relative": "=自评表!A1", "lost": "=没有!$A$1", "computed": "=OFFSET(自评表!$A$1,1,1)", "'自评表'!here": "='自评表'!$B$1",
        }.items():  # fmt: skip
            book.define_name(name, target)
    return path


# -- values -------------------------------------------------------------------------------------------------


def test_values_by_kind(form: Path) -> None:
    workbook = open_workbook(form)
    assert [at(workbook, f"{column}1", "自评表") for column in "ABCDEFG"] == [
        "指标",
        5.0,
        0.25,
        True,
        " 5 ",
        "≥95%",
        None,
    ]
    assert isinstance(at(workbook, "B1", "自评表"), float)
    assert [at(workbook, f"{column}2", "自评表") for column in "ABCD"] == [
        date(2023, 3, 15).isoformat(),
        "2023-03-15T12:30:00",
        "08:30:00",
        "36:00:00",
    ]
    assert [at(workbook, f"{column}3", "自评表") for column in "BCDEFG"] == [None, 10.0, None, None, "TRUE<&>", 10.5]
    assert [at(workbook, cell, "自评表") for cell in ("B5", "C5", "B6")] == ["合并", None, None]


def test_outside_the_used_range_there_is_nothing(form: Path) -> None:
    workbook = open_workbook(form)
    assert [at(workbook, cell, sheet) for cell, sheet in [("ZZ1", "自评表"), ("A9999", "自评表"), ("A1", "隐藏")]] == [
        None
    ] * 3


def test_a_sheet_that_starts_at_c3_keeps_its_addresses(form: Path) -> None:
    workbook = open_workbook(form)
    assert at(workbook, "C3", "预算 执行's") == "从 C3 开始"
    assert at(workbook, "A1", "预算 执行's") is None


def test_a_place_knows_its_address() -> None:
    assert (Place("表", 6, 1).cell, Place("表", 0, 26).cell) == ("B7", "AA1")


def test_an_unknown_sheet_is_the_callers_mistake(form: Path) -> None:
    workbook = open_workbook(form)
    for question in (workbook.protected, workbook.hidden, workbook.sheet_formulas):
        with pytest.raises(KeyError):
            question("没有")
    with pytest.raises(KeyError):
        workbook.value(Place("没有", 0, 0))


def test_strings_in_all_their_spellings() -> None:
    strings = (
        '<si><t xml:space="preserve"> 5 </t></si>'
        '<si><r><t>甲</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 乙</t></r>'
        '<rPh sb="0" eb="1"><t>カナ</t></rPh><phoneticPr fontId="1"/></si>'
        '<si><t>漢</t><rPh sb="0" eb="1"><t>かん</t></rPh></si><si/><si><t>a_x000D_&amp;&lt;&#10;b</t></si>'
    )
    shared = "".join(f'<c r="{column}1" t="s"><v>{i}</v></c>' for i, column in enumerate("ABCDE"))
    inline = (
        '<c r="A2" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>'
        '<c r="B2" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'
        '<c r="C2" t="str"><f>A1</f><v> t </v></c><c r="D2" t="str"><f>A1</f><v></v></c><c r="E2" t="b"><v>0</v></c>'
    )
    workbook = opened(parts(rows(shared, inline), strings=strings))
    assert [at(workbook, f"{column}1") for column in "ABCDE"] == [" 5 ", "甲 乙", "漢", None, "a\r&<\nb"]
    assert [at(workbook, f"{column}2") for column in "ABCDE"] == [" x ", "甲乙", " t ", None, False]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#SPILL!", "#GETTING_DATA", "#", "Err:502", ""])
def test_error_values_are_nothing_whatever_their_name(error: str) -> None:
    cells = (
        f'<c r="A1" s="0" t="e"><v>{error}</v></c><c r="B1" t="e" s="0"><f aca="false">1/0</f><v>{error}</v></c>'
        f'<c r="C1" t="e"><f t="shared" si="0"/><v>{error}</v></c><c r="D1" t="e"/><c r="E1"><v>7</v></c>'
        f'<c r="F1" t="str"><v>{error or "x"}</v></c>'
    )
    workbook = opened(parts(rows(cells)))
    assert [at(workbook, f"{column}1") for column in "ABCDEF"] == [None, None, None, None, 7.0, error or "x"]
    assert workbook.formula(place("B1")) == "1/0"


def test_numbers_that_are_none_are_texts() -> None:
    workbook = opened(parts(rows('<c r="A1"><v>1e400</v></c><c r="B1"><v>1E3</v></c>')))
    assert [at(workbook, f"{column}1") for column in "AB"] == ["inf", 1000.0]


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    files = parts(
        rows('<c r="A1" s="1"><v>1</v></c>'), styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    )
    assert at(opened(files), "A1") == "1900-01-01"
    files["xl/workbook.xml"] = files["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert at(opened(files), "A1") == "1904-01-02"


# -- formulas, names, locks -----------------------------------------------------------------------------------


def test_formulas(form: Path) -> None:
    workbook = open_workbook(form)
    assert workbook.sheet_formulas("自评表") == {
        (2, 2): "B1*2",
        (2, 3): 'IF(B3="","",1)',
        (2, 4): "1/0",
        (2, 5): 'B1>1&"<&>"',
        (2, 6): "SUM(B1:C1*2)",
    }
    assert workbook.formula(place("C3", "自评表")) == "B1*2"
    assert workbook.formula(place("B1", "自评表")) is None
    assert workbook.sheet_formulas("隐藏") == {}


def test_shared_formulas_read_as_in_their_own_cell() -> None:
    text = "IF($B2>=C$1,'表'!D2*0.5,LOG10(E2)&\"E2\")"
    escaped = text.replace(">", "&gt;").replace('"', "&quot;")
    workbook = opened(
        parts(
            rows(
                "",
                f'<c r="F2"><f t="shared" ref="F2:G3" si="3">{escaped}</f><v>1</v></c><c r="G2"><f t="shared" si="3"/></c>',
                '<c r="F3"><f ca="1" t="shared" si="3"></f></c><c r="G3"><f t="shared" si="3">own</f></c>'
                '<c r="H3"><f t="shared" si="9"/><v>1</v></c><c r="I3"><f>=A1</f></c>',
            )
        )
    )
    moved = {cell: Translator(f"={text}", "F2").translate_formula(cell)[1:] for cell in ("F2", "G2", "F3")}
    assert {cell: workbook.formula(place(cell)) for cell in moved} == moved
    assert [workbook.formula(place(cell)) for cell in ("G3", "H3", "I3")] == ["own", None, "A1"]


def test_names_point_to_single_or_merged_cells(form: Path) -> None:
    assert open_workbook(form).names == {
        "weight": Place("自评表", 0, 1),
        "bare": Place("自评表", 0, 2),
        "quoted": Place("预算 执行's", 2, 2),
        "merged": Place("自评表", 4, 1),
        "itself": Place("自评表", 2, 1),
    }


def test_sheets_hidden_and_protected(form: Path) -> None:
    workbook = open_workbook(form)
    assert workbook.sheets == ("自评表", "预算 执行's", "隐藏", "_标识")
    assert [workbook.hidden(sheet) for sheet in workbook.sheets] == [False, False, True, True]
    assert [workbook.protected(sheet) for sheet in workbook.sheets] == [True, False, False, False]


@pytest.mark.parametrize(
    ("element", "protected"),
    [
        ('<sheetProtection sheet="1" objects="1"/>', True),
        ('<sheetProtection algorithmName="SHA-512" hashValue="x/==" sheet="true"/>', True),
        ('<sheetProtection sheet="0"/>', False),
        ('<sheetProtection objects="1"/>', False),
    ],
)
def test_protection_in_its_spellings(element: str, protected: bool) -> None:
    assert opened(parts(f"<sheetData/>{element}")).protected("表") is protected


def test_locks_of_cells_rows_and_columns(form: Path) -> None:
    workbook = open_workbook(form)

    assert [workbook.locked(place(cell, "自评表")) for cell in ("A1", "B3", "A2", "C3", "Z99")] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert [workbook.locked(place(cell, "预算 执行's")) for cell in ("C3", "D3", "E99", "F3", "A8", "F8")] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]


def test_rows_and_columns_without_numbers_style_nothing() -> None:
    workbook = opened(parts('<cols><col style="1"/></cols><sheetData><row s="1" customFormat="1"/></sheetData>'))
    assert workbook.locked(Place("表", 0, 0))


def test_macros_are_noticed(form: Path) -> None:
    assert open_workbook(form).vba_projects() == []
    assert opened({**parts("<sheetData/>"), "xl/vbaProject.bin": "x"}).vba_projects() == [b"x"]
    assert not open_workbook(form).has_controls
    assert opened({**parts("<sheetData/>"), "xl/activeX/activeX1.xml": "<x/>"}).has_controls


def test_everything_agrees_with_openpyxl(form: Path) -> None:
    workbook, values, formulas = (
        open_workbook(form),
        openpyxl.load_workbook(form, data_only=True),
        openpyxl.load_workbook(form),
    )
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                here = place(cell.coordinate, sheet.title)
                text = getattr(cell.value, "text", cell.value)
                assert workbook.formula(here) == (str(text)[1:] if cell.data_type == "f" else None)
                if not isinstance(cell, MergedCell):
                    assert workbook.locked(here) == cell.protection.locked
                value = values[sheet.title][cell.coordinate].value
                if isinstance(value, (int, float, str)) and cell.data_type != "f":
                    assert workbook.value(here) == value


# -- spellings ------------------------------------------------------------------------------------------------


def _prefixed(name: str, content: str) -> str:
    if not name.startswith("xl/") or name.endswith(".rels"):
        return content
    return re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", content).replace('xmlns="', 'xmlns:x="')


def _in_sheet(change: Callable[[str], str]) -> Callable[[str, str], str]:
    return lambda name, content: change(content) if "worksheets" in name else content


SPELLINGS: dict[str, Callable[[str, str], bytes | str]] = {
    "prefixes": _prefixed,
    "strict": lambda _, content: content.replace(MAIN, STRICT_MAIN).replace(LINKS, STRICT_LINKS),
    "absolute targets": lambda _, content: content.replace('Target="worksheets/', 'Target="/xl/worksheets/'),
    "roundabout targets": lambda _, content: content.replace('Target="worksheets/', 'Target="../xl/./worksheets/'),
    "target in other case": lambda _, content: content.replace("sheets/sheet1.xml", "sheets/Sheet1.xml"),
    "single quotes": _in_sheet(lambda xml: xml.replace('"', "'")),
    "no cell addresses": _in_sheet(lambda xml: re.sub(r'<c r="[A-Z]+1"', "<c", xml)),
    "no addresses at all": _in_sheet(
        lambda xml: re.sub(r'<row r="\d+"', "<row", re.sub(r'<c r="[A-Z]+\d+"', "<c", xml))
    ),
    "address not in front": _in_sheet(lambda xml: re.sub(r'<c (r="[A-Z]+\d+")((?: \w+="\w+")+)', r"<c\2 \1", xml)),
    "comments and CDATA": _in_sheet(
        lambda xml: xml.replace("<sheetData>", '<!--<c r="A1"><v>9</v></c>--><sheetData>').replace(
            "<f>A1*2</f>", "<f><![CDATA[A1*2]]></f>"
        )
    ),
    "UTF-16": lambda name, content: (
        f'<?xml version="1.0" encoding="UTF-16"?>{content}'.encode("utf-16") if "worksheets" in name else content
    ),
    "byte order mark": lambda name, content: b"\xef\xbb\xbf" + content.encode() if "worksheets" in name else content,
    "indented": _in_sheet(lambda xml: re.sub(r"(<(?:sheetData|row|c|f|v|is)\b)", r"\n  \1", xml) + "\r\n  "),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_legal_spelling_reads_the_same(spelling: str) -> None:
    cells = (
        '<c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c><c r="C1" t="s"><v>0</v></c>'
        '<c r="D1" s="1" t="inlineStr"><is><t xml:space="preserve"> 乙</t></is></c>'
    )
    files = parts(
        rows(
            cells,
            '<c r="A2"><f t="shared" ref="A2:B2" si="0">A1</f><v>1</v></c><c r="B2"><f t="shared" si="0"/><v>2</v></c>',
        )
        + '<sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="C2:D2"/></mergeCells>',
        strings="<si><t>甲</t></si>",
        styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="0"><protection locked="0"/></xf></cellXfs>',
        names='<definedName name="one">表!$A$1</definedName><definedName name="two">&apos;表&apos;!$C$2:$D$2</definedName>',
    )
    workbook = opened({name: SPELLINGS[spelling](name, content) for name, content in files.items()})
    assert workbook.sheets == ("表",)
    assert [at(workbook, f"{column}1") for column in "ABCD"] == [1.0, 2.0, "甲", " 乙"]
    assert workbook.sheet_formulas("表") == {(0, 1): "A1*2", (1, 0): "A1", (1, 1): "B1"}
    assert workbook.names == {"one": Place("表", 0, 0), "two": Place("表", 1, 2)}
    assert workbook.protected("表")
    assert [workbook.locked(Place("表", 0, col)) for col in (2, 3)] == [True, False]


def test_the_main_part_may_lie_anywhere() -> None:
    files = {name.replace("xl/", "book/"): content for name, content in parts(rows('<c r="A1"><v>1</v></c>')).items()}
    files["_rels/.rels"] = links(("a", "officeDocument", "/book/workbook.xml"))
    assert at(opened(files), "A1") == 1.0


def test_a_chart_on_its_own_sheet_has_no_cells() -> None:
    files = parts(rows('<c r="A1"><v>1</v></c>'))
    files["xl/workbook.xml"] = files["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="图" sheetId="2" r:id="c"/></sheets>'
    )
    files["xl/_rels/workbook.xml.rels"] = files["xl/_rels/workbook.xml.rels"].replace(
        "</Rel", f'<Relationship Id="c" Type="{LINKS}/chartsheet" Target="chartsheets/sheet1.xml"/></Rel'
    )
    workbook = opened(files)
    assert workbook.sheets == ("表", "图")
    assert (at(workbook, "A1", "图"), workbook.sheet_formulas("图"), workbook.protected("图")) == (None, {}, False)
    assert at(workbook, "A1") == 1.0


def _saved_again(form: Path, saved: Path) -> None:
    """What must survive when another program saves the form."""
    before, after = open_workbook(form), open_workbook(saved)
    assert after.sheets == before.sheets
    assert {name: after.names.get(name) for name in ("weight", "bare", "merged")} == {
        name: before.names[name] for name in ("weight", "bare", "merged")
    }
    inputs = ["A1", "B1", "C1", "D1", "F1", "A2", "B2", "B3", "C3", "D3", "E3", "B5"]
    assert [at(after, cell, "自评表") for cell in inputs] == [at(before, cell, "自评表") for cell in inputs]
    assert after.formula(place("C3", "自评表")) == "B1*2"
    assert [after.protected(sheet) for sheet in after.sheets] == [before.protected(sheet) for sheet in before.sheets]
    assert [after.locked(Place("自评表", row, 1)) for row in (0, 2)] == [True, False]


@requires_libreoffice
def test_a_form_saved_by_libreoffice_reads_the_same(form: Path, tmp_path: Path) -> None:
    saved = recalculate_with_libreoffice([form], tmp_path)[0]
    _saved_again(form, saved)
    workbook = open_workbook(saved)
    assert [workbook.hidden(sheet) for sheet in workbook.sheets] == [False, False, True, True]
    assert workbook.names["quoted"] == Place("预算 执行's", 2, 2)
    assert at(workbook, "E1", "自评表") == " 5 "


@requires_gnumeric
def test_a_form_saved_by_gnumeric_reads_the_same(form: Path, tmp_path: Path) -> None:
    """Gnumeric loses hidden sheets, apostrophes in titles and blanks around texts; all else stays."""
    _saved_again(form, recalculate_with_gnumeric([form], tmp_path)[0])
