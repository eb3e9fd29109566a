"""Formula texts: what compares equal, what does not, and how shared formulas move."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from office import (
    recalculate_with_gnumeric,
    recalculate_with_libreoffice,
    requires_gnumeric,
    requires_libreoffice,
)
from openpyxl.formula.translate import Translator

from workbook_tools.core.cells import column_letters
from workbook_tools.excel.formulas import MAX_FORMULA, column_index, move_formula, normalise_formula
from workbook_tools.excel.reading import open_workbook

FORMULAS = (
    'IF(AND(ISNUMBER(B2),B2<>""),ROUND(MIN(1,B2/0.90)*10,2),"未填")',
    "IF(OR(B2>=1E-3,B3<=0.5,NOT(B4=1)),TRUE,FALSE)",
    "ROUNDDOWN(-B2*60%,0)+ROUNDUP(B3/3,2)-MAX(B2:B9)",
    "SUM('自评表'!$B$2:$B$9)-SUM('自评表'!B2,'预算 执行'!C3)",
    "SUMIF('自评表'!$A$2:$A$9,\"产出指标\",'自评表'!B2:B9)",
    'SUMIF(A2:A9,"<>不适用",B2:B9)',
    'COUNT(B2:B9)+COUNTA($A$2:$A$9)+COUNTIF(A2:A9,">=5 个")+COUNTIF(A2:A9,"?*")',
    'IF(LEN(TRIM(A2))=0,"请 填写 “原因”","")',
    'HYPERLINK("#\'自评表\'!B7","自评表!B7 未填")',
    'HYPERLINK("#"&"\'预算 执行\'!C3",A2&" (见)")',
    'TEXT(B2,"0.00%")&"÷"&TEXT(B3,"#,##0.00")&"＝"',
    'IF(B2="","",IF(B2>=0.9,"优",IF(B2>=0.80,"良",IF(B2>=.6,"中","差"))))',
    "-B2",
    "-(B2+B3)*-1",
    "50%*B2",
    "((B2+B3))*1",
    "IF(TRUE,1,)",
    'T(A2)&"a""b"&"c  d"&"<&>"',
    "1000000*B2+0.1+1.5E+20+123456789012345",
    "'2020年'!B2+'a-b'!$C$3+'项目·甲'!B2",
    "基本_合计*2+indicator_001_score",
    "SUM(A:A)+SUM($B:$C)+SUM(3:3)",
    "INDEX($A$2:$C$9,2,3)",
    'LOOKUP(B2,{0,0.6,0.8},{"差","中","良"})',
    "IFERROR(B2/B3,0)",
    "VLOOKUP(A2,'自评表'!$A$2:$C$9,3,FALSE)",
    "MOD(B2,3)+INT(B3)+ABS(-B4)",
    '"=SUM( A1 )"',
    "$B$2+$B3+B$4",
)
SHEETS = ("自评表", "预算 执行", "2020年", "a-b", "项目·甲")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One formula below the other in column F of the first sheet."""
    path = tmp_path_factory.mktemp("formulas") / "公式.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheets = [book.add_worksheet(title) for title in SHEETS]
        book.define_name("基本_合计", "='自评表'!$B$3")
        book.define_name("indicator_001_score", "='预算 执行'!$B$3")
        for row in range(1, 9):
            sheets[0].write_row(row, 0, [f"甲{row}", row])
        for row, formula in enumerate(FORMULAS):
            sheets[0].write_formula(row, 5, f"={formula}", None, "")
    return path


def texts(path: Path) -> list[str]:
    formulas = open_workbook(path).sheet_formulas("自评表")
    return [formulas[row, 5] for row in range(len(FORMULAS))]


def test_formulas_are_read_as_they_were_written(workbook: Path) -> None:
    assert texts(workbook) == list(FORMULAS)


@requires_libreoffice
def test_formulas_saved_by_libreoffice_compare_equal(workbook: Path, tmp_path: Path) -> None:
    saved = texts(recalculate_with_libreoffice([workbook], tmp_path)[0])
    assert saved != list(FORMULAS)
    assert list(map(normalise_formula, saved)) == list(map(normalise_formula, FORMULAS))


@requires_gnumeric
def test_formulas_saved_by_gnumeric_compare_equal(workbook: Path, tmp_path: Path) -> None:
    saved = texts(recalculate_with_gnumeric([workbook], tmp_path)[0])
    assert saved != list(FORMULAS)
    assert list(map(normalise_formula, saved)) == list(map(normalise_formula, FORMULAS))


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_canonical_form_is_stable(formula: str) -> None:
    assert normalise_formula(normalise_formula(formula)) == normalise_formula(formula)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("of:=A1+1", "A1+1"),
        ("= if ( 'Sheet1'!b2 >= 0.90 , true() , \"未 填\" )", 'IF(Sheet1!B2>=0.9,TRUE,"未 填")'),
        ("_xlfn.IFNA(B2,_xlfn._xlws.SORT(A1:A3))", "IFNA(B2,SORT(A1:A3))"),
        ("_xlfngnumeric.IFNA(B2,0)", "IFNA(B2,0)"),
        ("B2/0.899999999999999999978", "B2/0.9"),
        ("B2*1.0+007+.50+1E-3+1.5E+020", "B2*1+7+0.5+0.001+1.5e+20"),
        ("60 %", "60%"),
        ("TRUE+FALSE( )+TRUE ()", "TRUE+FALSE+TRUE"),
        ("TRUE!A1+'TRUE'!A1", "TRUE!A1+TRUE!A1"),
        ("'A1'!A1+A1!A1", "A1!A1+A1!A1"),
        ("'it''s'!$A$1&'a b'!a1", "'it''s'!$A$1&'a b'!A1"),
        ("SUM(A1:A3 A2:B2)", "SUM(A1:A3 A2:B2)"),
        ("SUM(A1:A3  Sheet1!A2:B2)", "SUM(A1:A3 Sheet1!A2:B2)"),
        ("( A1 ) + log10( A2 )", "(A1)+LOG10(A2)"),
        ("'[1]表'!A1+[1]表!A1", "[1]表!A1+[1]表!A1"),
        ("Table1[ 列 名 ]*#REF!+#N/A", "Table1[ 列 名 ]*#REF!+#N/A"),
        ("a:c+$1:2", "A:C+$1:2"),
        ('"it""s  "&"=A1"', '"it""s  "&"=A1"'),
        ('"unclosed', '"unclosed'),
        ("", ""),
    ],
)
def test_canonical_forms(written: str, canonical: str) -> None:
    assert normalise_formula(written) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('IF(A1="甲 乙",1,0)', 'IF(A1="甲乙",1,0)'),
        ('IF(A1="a",1,0)', 'IF(A1="A",1,0)'),
        ('"1.0"', '"1"'),
        ("A1*0.9", "A1*0.91"),
        ("A1*0.9", "A1*90%"),
        ("$A1", "A1"),
        ("A1+B1", "A1-B1"),
        ("'表1'!A1", "表2!A1"),
        ("'a b'!A1", "'ab'!A1"),
        ("ROUND(A1,2)", "ROUND(A1,20)"),
        ("SUM(A1:A3 A2)", "SUM(A1:A3A2)"),
        ("(A1)", "A1"),
        ("TRUE", '"TRUE"'),
        ("TRUEA", "TRUE"),
        ("A1", "A11"),
        ("1E3", "E3"),
    ],
)
def test_different_formulas_stay_different(one: str, other: str) -> None:
    assert normalise_formula(one) != normalise_formula(other)


def test_a_text_longer_than_any_formula_is_left_as_it_is() -> None:
    text = "a1 + " * MAX_FORMULA
    assert normalise_formula(text) == text


@pytest.mark.parametrize("formula", FORMULAS)
def test_moved_formulas_agree_with_openpyxl(formula: str) -> None:
    expected = Translator(f"={formula}", "A1").translate_formula("D6").removeprefix("=")
    assert move_formula(formula, 5, 3) == expected
    assert move_formula(expected, -5, -3) == formula


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "moved"),
    [
        ("A1+$A$1", 0, 0, "A1+$A$1"),
        ("A2*B$1", -1, 0, "A1*B$1"),
        ("A1*B$1", -1, 0, "#REF!*B$1"),
        ("$A1+XFD1", 1, 1, "$A2+#REF!"),
        ("A1048576", 1, 0, "#REF!"),
        ('LOG10(A1)+A1!A1&"A1"+名A1', 1, 1, 'LOG10(B2)+A1!B2&"A1"+名A1'),
    ],
)
def test_moved_formulas_at_the_edges(formula: str, rows: int, columns: int, moved: str) -> None:
    assert move_formula(formula, rows, columns) == moved


@pytest.mark.parametrize("column", [0, 25, 26, 51, 701, 702, 16383])
def test_column_index_is_the_inverse_of_column_letters(column: int) -> None:
    assert column_index(column_letters(column)) == column
