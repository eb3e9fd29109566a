"""Files made to hurt: they exhaust memory or time, read other files, or leave the folder. Each ends in a finding.

Where a trick aims at a part that is never read, there is nothing to find, and the workbook is read as it is.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable

from builders import layout_of
from damage import ANALYSIS, BASICS, FUNDS, IDENTITY, TABLE, Kind, Place, kind, operated, project
from damage_cells import LONG
from surgery import Patient

from workbook_tools.form.fields import Role

BOOK, SHEET, STRINGS, STYLES = "xl/workbook.xml", "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK_RELS, ROOT_RELS = "xl/_rels/workbook.xml.rels", "_rels/.rels"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE x [<!ENTITY l0 "haha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
FROM_THE_NET = '<!DOCTYPE x SYSTEM "http://203.0.113.5/x.dtd">'
REFUSED, DAMAGED, AMBIGUOUS = (("FILE11", "", ""),), (("FILE03", "", ""),), (("FILE32", "", ""),)


def _with_doctype(part: str, doctype: str) -> Callable[[Patient], None]:
    """A document type, and its last entity used in an attribute of the root."""

    def operation(patient: Patient) -> None:
        patient.rewrite(part, lambda xml: re.sub(r"\?>\s*<([\w:]+)", rf'?>{doctype}<\1 lang="&l9;"', xml, count=1))

    return operation


def _replaced(name: str, part: str, old: str, new: str, *findings: Place, total: float | None = 100.0) -> Kind:
    return Kind(
        name, operated(lambda patient: patient.rewrite(part, lambda xml: xml.replace(old, new))), findings, total
    )


def _appended(name: str, part: str, end: str, content: str, *findings: Place, total: float | None = 100.0) -> Kind:
    """``content`` before the end tag ``end`` of a part."""
    return _replaced(name, part, end, content + end, *findings, total=total)


DOCUMENT_TYPES = tuple(
    Kind(f"{trick}_in_{part.rpartition('/')[2]}", operated(_with_doctype(part, doctype)), DAMAGED, None)
    for trick, doctype in (("billion_laughs", BILLION), ("external_entity", OUTSIDE), ("external_dtd", FROM_THE_NET))
    for part in (BOOK, SHEET, STRINGS, STYLES, BOOK_RELS, ROOT_RELS)
)
NAMES = {
    "cells": "".join(f'<definedName name="n{i}">{TABLE}!$A${i + 1}</definedName>' for i in range(100_000)),
    "ranges": "".join(f'<definedName name="n{i}">{TABLE}!$A$1:$B${i + 1}</definedName>' for i in range(100_000)),
    "broken": "".join(f'<definedName name="n{i}">#REF!</definedName>' for i in range(100_000)),
}
SIZES = (
    _replaced("row_16777216", SHEET, '<row r="13"', '<row r="16777216"', *AMBIGUOUS, total=None),
    _replaced("cell_in_row_16777216", SHEET, '<c r="A13"', '<c r="A16777216"', *DAMAGED, total=None),
    _replaced("cell_in_column_zzz", SHEET, '<c r="A13"', '<c r="ZZZ13"', *AMBIGUOUS, total=None),
    _replaced("a_dimension_of_all_cells", SHEET, '<dimension ref="A1:M20"', '<dimension ref="A1:XFD16777216"'),
    _appended("a_merge_of_all_cells", SHEET, "</mergeCells>", '<mergeCell ref="A21:XFD16777216"/>'),
    Kind(
        "four_billion_strings_announced",
        operated(lambda patient: patient.rewrite(STRINGS, lambda xml: re.sub(r'uniqueCount="\d+"', 'uniqueCount="4000000000"', xml))),
    ),
    Kind(
        "strings_announced_in_single_quotes",
        operated(lambda patient: patient.rewrite(STRINGS, lambda xml: re.sub(r'uniqueCount="\d+"', "x='>' uniqueCount = '4000000000'", xml))),
    ),
    Kind(
        "four_billion_styles_announced",
        operated(lambda patient: patient.rewrite(STYLES, lambda xml: re.sub(r'(<cellXfs count=)"\d+"', r'\1"4000000000"', xml))),
    ),
    *(_appended(f"names_of_{what}_by_the_hundred_thousand", BOOK, "</definedNames>", names) for what, names in NAMES.items()),
    _appended("sheets_that_share_a_part", BOOK, "</sheets>", "".join(f'<sheet name="s{i}" sheetId="{i + 50}" r:id="rId1"/>' for i in range(9999)), *DAMAGED, total=None),
    _appended("a_million_rows", SHEET, "</sheetData>", '<row r="20"><c r="A20"><f>A1</f><v>1</v></c></row>' * 600_000, *REFUSED, total=None),
    _appended("a_million_validations", SHEET, "</worksheet>", '<dataValidation type="list" sqref="A1:B2"/>' * 200_000),
    _appended("a_sheet_that_explodes", SHEET, "</worksheet>", " " * 50_000_000, *REFUSED, total=None),
    _appended("strings_that_explode", STRINGS, "</sst>", "<si><t>x</t></si>" * 3_000_000, *REFUSED, total=None),
)  # fmt: skip
_NESTED = "<a>" * 300_000 + "</a>" * 300_000
NESTING = (
    _appended("nesting_in_the_workbook", BOOK, "</workbook>", _NESTED, *DAMAGED, total=None),
    _appended("nesting_in_the_styles", STYLES, "</styleSheet>", _NESTED, *DAMAGED, total=None),
    _appended("nesting_in_a_sheet", SHEET, "</worksheet>", _NESTED, *DAMAGED, total=None),
    _appended("nesting_in_the_strings", STRINGS, "</sst>", _NESTED, *DAMAGED, total=None),
)
# -- searches that never end ----------------------------------------------------------------------------------------------


SEARCHES = (
    _appended("tags_that_never_close", SHEET, "</worksheet>", '<c r="A1"' * 200_000, *DAMAGED, total=None),
    _appended(
        "protections_that_never_close", SHEET, "</worksheet>", "<sheetProtection " * 200_000, *DAMAGED, total=None
    ),
    _appended(
        "a_tag_of_a_million_errors", SHEET, "</worksheet>", '<c r="A1"' + ' t="e"' * 200_000 + ">", *DAMAGED, total=None
    ),
    _appended(
        "a_formula_tag_without_end", SHEET, "</worksheet>", '<c r="A1"><f ' + "a/" * 400_000, *DAMAGED, total=None
    ),
    _appended(
        "validations_that_never_close",
        SHEET,
        "</worksheet>",
        '<x14:dataValidation type="list">' * 100_000,
        *DAMAGED,
        total=None,
    ),
)


@kind(("FILL16", TABLE, "E13"))
def a_formula_of_brackets(patient: Patient) -> None:
    """An input's formula that is hard to take apart."""
    patient.put(TABLE, "E13", 1020.0, formula="[" * 200_000 + '"' * 200_001)


FORMULAS = tuple(
    ("TAMPER03", TABLE, item.cell)
    for item in layout_of(project()).fields.values()
    if item.sheet == TABLE and item.role is Role.FORMULA
)


@kind(*FORMULAS)
def formulas_of_quotes(patient: Patient) -> None:
    """Every formula of the form begins with quotes and brackets that never close."""
    patient.rewrite(SHEET, lambda xml: xml.replace("<f>", "<f>" + "&apos;" * 900 + "[a" * 400))


@kind(*FORMULAS)
def formulas_of_ten_thousand_quotes(patient: Patient) -> None:
    """Longer than any formula."""
    patient.rewrite(SHEET, lambda xml: xml.replace("<f>", "<f>" + "&apos;" * 10_000))


@kind(("TAMPER21", TABLE, "A30"))
def shared_formulas_in_a_circle(patient: Patient) -> None:
    """Cells that share each other's formulas, and one over the whole sheet; they stand beside the form."""
    circle = "".join(
        f'<c r="{column}30"><f t="shared" si="{number}"/><v>1</v></c>' for number, column in enumerate("ABCDEF", 900)
    )
    whole = '<c r="G30"><f t="shared" si="899" ref="A1:XFD1048576">G30+A30</f><v>1</v></c><c r="H30"><f t="shared" si="899"/></c>'
    patient.rewrite(SHEET, lambda xml: xml.replace("</sheetData>", f'<row r="30">{circle}{whole}</row></sheetData>'))


@kind(("TAMPER03", TABLE, "I13"), ("TAMPER03", TABLE, "I14"))
def a_formula_shared_with_itself(patient: Patient) -> None:
    """A formula cell that only points to another which points back."""
    for cell, number in (("I13", 700), ("I14", 701)):
        patient.put(TABLE, cell, 20.0, formula="x")
        formula = patient.cell(TABLE, cell)[0]
        formula.text = None
        formula.set("t", "shared")
        formula.set("si", str(number))


LOCKED = next(
    item
    for item in layout_of(project()).fields.values()
    if item.sheet == TABLE and item.role is Role.FIXED and isinstance(item.value, float)
)


@kind(("TAMPER02", TABLE, LOCKED.cell))
def a_formula_in_a_locked_value(patient: Patient) -> None:
    """It shows what was issued, today."""
    patient.put(TABLE, LOCKED.cell, LOCKED.value, formula=f"IF(TODAY()>0,{LOCKED.value},1)")


@kind(("FILL16", TABLE, "E13"), ("TAMPER21", TABLE, "A40"))
def an_array_formula_over_an_input(patient: Patient) -> None:
    """The formula stands in a cell beside the form; the input has none of its own."""
    array = '<row r="40"><c r="A40"><f t="array" ref="E13:E13">B13*2</f><v>1</v></c></row></sheetData>'
    patient.rewrite(SHEET, lambda xml: xml.replace("</sheetData>", array))


@kind(("FILL16", TABLE, "E13"), ("TAMPER21", TABLE, "A40"))
def a_data_table_over_an_input(patient: Patient) -> None:
    """As above; a data table (模拟运算表) has no text."""
    table = (
        '<row r="40"><c r="A40"><f t="dataTable" ref="E13:E13" dt2D="0" dtr="0" r1="B1"/><v>1</v></c></row></sheetData>'
    )
    patient.rewrite(SHEET, lambda xml: xml.replace("</sheetData>", table))


@kind(("FILL16", TABLE, "E13"))
def a_formula_behind_a_long_attribute(patient: Patient) -> None:
    """Longer than any tag that a search looks at."""
    patient.put(TABLE, "E13", 1020.0, formula="510*2")
    patient.cell(TABLE, "E13")[0].set("x", "x" * 5_000)


@kind(*AMBIGUOUS, total=None)
def formulas_in_an_extension(patient: Patient) -> None:
    """To a search for cells they are some; no program shows them."""
    parked = '<extLst><ext uri="x"><c r="E13"><f>1+1</f></c></ext></extLst></worksheet>'
    patient.rewrite(SHEET, lambda xml: xml.replace("</worksheet>", parked))


# -- texts, identity, names -------------------------------------------------------------------------------------------------


@kind(("FILL19", ANALYSIS, "B9"))
def a_text_of_a_million_characters(patient: Patient) -> None:
    """No cell of Excel holds it; what is beyond Excel's limit is not read."""
    patient.put(ANALYSIS, "B9", LONG * 20)


@kind(("FILL19", ANALYSIS, "B9"))
def a_sentence_said_a_hundred_thousand_times(patient: Patient) -> None:
    """Checks compare sentences with each other."""
    patient.put(ANALYSIS, "B9", "山区两条乡道雨后塌方清理较慢，原因是养护机械不足。" * 100_000)


def _identity(name: str, make: Callable[[], str]) -> Kind:
    return Kind(
        name, operated(lambda patient: patient.put(IDENTITY, "B7", make())), (("TAMPER01", IDENTITY, "B7"),), None
    )


def _nested(depth: int) -> str:
    return base64.b64encode(zlib.compress(b"[" * depth, 9)).decode()


IDENTITIES = (
    _identity("identity_that_explodes", lambda: _nested(300_000_000)),
    _identity("identity_nested_deeply", lambda: _nested(3_000_000)),
    _identity("identity_without_end", lambda: "A" * 9_000_000),
)


@kind(("TAMPER05", TABLE, ""), ("TAMPER05", FUNDS, ""))
def sheet_titles_that_climb(patient: Patient) -> None:
    """A title is never a path."""
    patient.rename(TABLE, "../../../tmp/x")
    patient.rename(FUNDS, "..\\..\\x")


@kind(("TAMPER02", BASICS, "B3"))
def a_project_name_that_climbs(patient: Patient) -> None:
    """Names of files come from what was issued."""
    patient.put(BASICS, "B3", "../../../../tmp/x")


@kind(
    ("TAMPER09", TABLE, "XFD9999999"),
    ("TAMPER10", TABLE, "XFD9999999"),
    ("FILL01", TABLE, "XFD9999999"),
    ("TAMPER21", TABLE, "E13"),
    total=80.0,
)
def a_name_beyond_the_sheet(patient: Patient) -> None:
    """A defined name that points to no cell there can be; what stands in its old place belongs to no field."""
    for name in patient.names():
        if name.get("name") == "indicator_001_actual":
            name.text = f"{TABLE}!$XFD$9999999"


HOSTILE: tuple[Kind, ...] = (
    *DOCUMENT_TYPES,
    *SIZES,
    *NESTING,
    *SEARCHES,
    *IDENTITIES,
    a_formula_of_brackets,
    formulas_of_quotes,
    formulas_of_ten_thousand_quotes,
    shared_formulas_in_a_circle,
    a_formula_shared_with_itself,
    a_formula_in_a_locked_value,
    an_array_formula_over_an_input,
    a_data_table_over_an_input,
    a_formula_behind_a_long_attribute,
    formulas_in_an_extension,
    a_text_of_a_million_characters,
    a_sentence_said_a_hundred_thousand_times,
    sheet_titles_that_climb,
    a_project_name_that_climbs,
    a_name_beyond_the_sheet,
)
