"""Excel's XML of 2003 (SpreadsheetML), which county systems export under the name of an .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from workbook_tools.core.model import Value
from workbook_tools.excel.cell_looks import BLACK, WHITE, is_illegible
from workbook_tools.excel.cell_marks import list_hidden_cells
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.sheet_cells import CellCollector, CellMarks, HandmadeSheet, Spot
from workbook_tools.excel.sheet_grammar import is_plain_number
from workbook_tools.files.package import EXCEL_XML_2003, ambiguous, damage, parse_xml

_NAMED_FORMATS = {
    "Percent": "0.00%",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": "#,##0.00",
    "Short Date": "yyyy/m/d",
    "Medium Date": "yyyy/m/d",
    "Long Date": "yyyy年m月d日",
    "General Date": "yyyy/m/d",
}
"""Formats that the file names by a word, as Chinese Excel shows them."""
_XML = f"{{{EXCEL_XML_2003.decode()}}}"
_STRIKE = "{http://www.w3.org/TR/REC-html40}S"
"""What is struck out within a text, which is written as in a web page."""
_HEX = re.compile("[0-9A-Fa-f]{6}")
_FARTHEST = 1 << 21
"""Twice Excel's rows: no count that a file states leads further."""


@dataclass(frozen=True, slots=True)
class _XmlLook:
    """How cells look."""

    number_format: str = ""
    struck: bool = False
    is_illegible: bool = False


_USUAL = _XmlLook()


@dataclass
class _XmlSheet(CellCollector):
    """The cells of a sheet and what is to be said of them."""

    styles: Mapping[str, _XmlLook] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: dict[Spot, str] = field(default_factory=dict)
    unseen: dict[Spot, str] = field(default_factory=dict)
    comments: dict[Spot, str] = field(default_factory=dict)

    def list_marks(self) -> CellMarks:
        """What is to be said of the cells."""
        hidden = list_hidden_cells(self.cells, frozenset(self.hidden_rows), frozenset(self.hidden_columns))
        return CellMarks(self.struck, {**self.unseen, **dict(hidden)}, self.comments)


def read_xml_2003(data: bytes, max_rows: int, max_cols: int) -> Iterator[HandmadeSheet]:
    """The sheets. Raises UnreadableWorkbook: FILE03 damaged, FILE11 too large."""
    with damage():
        root = parse_xml(data.lstrip())
    styles = _read_styles(root)
    for sheet in root.iterfind(f"{_XML}Worksheet"):
        hidden = (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").startswith("SheetHidden")
        table = sheet.find(f"{_XML}Table")
        page = _XmlSheet(max_rows, max_cols, styles=styles)
        with damage():
            if table is not None:
                page.hidden_columns = _list_hidden_columns(table, max_cols)
            for row in table.iterfind(f"{_XML}Row") if table is not None else ():
                _read_row(row, page)
        title = sheet.get(f"{_XML}Name", "")
        yield HandmadeSheet(title, tuple(page.cells), hidden, page.cut, marks=page.list_marks())


def _read_styles(root: etree._Element) -> Mapping[str, _XmlLook]:
    return {style.get(f"{_XML}ID", ""): _read_look(style) for style in root.iterfind(f"{_XML}Styles/{_XML}Style")}


def _read_look(style: etree._Element) -> _XmlLook:
    code = next((own.get(f"{_XML}Format", "") for own in style.iterfind(f"{_XML}NumberFormat")), "")
    font, interior = style.find(f"{_XML}Font"), style.find(f"{_XML}Interior")
    ink, ground = (("" if one is None else one.get(f"{_XML}Color", "")).removeprefix("#") for one in (font, interior))
    is_plain = all(not colour or _HEX.fullmatch(colour) for colour in (ink, ground))
    is_faint = is_plain and is_illegible(ink or BLACK, (ground or WHITE,))
    return _XmlLook(
        _NAMED_FORMATS.get(code, code), font is not None and font.get(f"{_XML}StrikeThrough") == "1", is_faint
    )


def _list_hidden_columns(table: etree._Element, max_cols: int) -> set[int]:
    found: set[int] = set()
    col = 0
    for column in table.iterfind(f"{_XML}Column"):
        col = _find_position(column, col)
        after = col + 1 + _read_count(column, "Span")
        if column.get(f"{_XML}Hidden") == "1":
            found.update(range(col, min(after, max_cols)))
        col = after
    return found


def _read_row(row: etree._Element, page: _XmlSheet) -> None:
    page.row = _find_position(row, page.row)
    after = page.row + 1 + _read_count(row, "Span")
    if row.get(f"{_XML}Hidden") == "1":
        page.hidden_rows.update(range(page.row, min(after, page.max_rows)))
    col = 0
    for cell in row.iterfind(f"{_XML}Cell"):
        col = _find_position(cell, col)
        across, down = _read_count(cell, "MergeAcross"), _read_count(cell, "MergeDown")
        style = page.styles.get(cell.get(f"{_XML}StyleID", row.get(f"{_XML}StyleID", "")), _USUAL)
        rows, cols = min(down + 1, page.max_rows), min(across + 1, max(1, page.max_cols - col))
        data = cell.find(f"{_XML}Data")
        value, text = _read_data(data, style.number_format)
        page.put(col, rows, cols, value, text)
        _read_marks(cell, page, (page.row, col), text, style)
        col += across + 1
    page.row = after


def _read_marks(cell: etree._Element, page: _XmlSheet, place: Spot, text: str, style: _XmlLook) -> None:
    data, comment = cell.find(f"{_XML}Data"), cell.find(f"{_XML}Comment/{_XML}Data")
    if comment is not None and (said := "".join(map(str, comment.itertext())).strip()):
        page.comments[place] = said
    if not text.strip() or data is None:
        return
    if style.struck or data.find(f".//{_STRIKE}") is not None:
        page.struck[place] = "" if style.struck else _cut_struck(data).strip()
    elif style.is_illegible:
        page.unseen[place] = "文字与底色分不清"


def _cut_struck(element: etree._Element) -> str:
    """What of a text is not struck out."""
    return (element.text or "") + "".join(
        ("" if child.tag == _STRIKE else _cut_struck(child)) + (child.tail or "") for child in element
    )


def _read_data(element: etree._Element | None, code: str) -> tuple[Value, str]:
    """Value and text of a cell's data."""
    if element is None:
        return None, ""
    text = "".join(map(str, element.itertext()))
    match element.get(f"{_XML}Type"):
        case "Number":
            number = float(text)
            if not is_plain_number(text.strip()):
                raise ambiguous(f"单元格的值“{text[:30]}”（类型 Number）不是每个程序都认")
            return number, format_value(number, code)
        case "DateTime":
            date = format_value(datetime.fromisoformat(text.strip()), code)
            return date, date
        case "Boolean":
            truth = format_value(text.strip() == "1")
            return truth, truth
    return text or None, text


def _find_position(element: etree._Element, following: int) -> int:
    """Where a row or cell stands: as it says (from 1), or behind the one before."""
    return _read_count(element, "Index") - 1 if element.get(f"{_XML}Index") else following


def _read_count(element: etree._Element, name: str) -> int:
    digits = element.get(f"{_XML}{name}", "0")
    return min(int(digits), _FARTHEST) if digits.isdecimal() and len(digits) < 10 else 0
