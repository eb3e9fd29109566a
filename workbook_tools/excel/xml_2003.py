"""Excel's XML of 2003 (SpreadsheetML), which county systems export under the name of an .xls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from lxml import etree

from workbook_tools.core.model import Value
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.sheet_cells import CellCollector, HandmadeSheet
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
_FARTHEST = 1 << 21
"""Twice Excel's rows: no count that a file states leads further."""


def read_xml_2003(data: bytes, max_rows: int, max_cols: int) -> Iterator[HandmadeSheet]:
    """The sheets. Raises UnreadableWorkbook: FILE03 damaged, FILE11 too large."""
    with damage():
        root = parse_xml(data.lstrip())
    formats = _read_formats(root)
    for sheet in root.iterfind(f"{_XML}Worksheet"):
        hidden = (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").startswith("SheetHidden")
        table = sheet.find(f"{_XML}Table")
        page = CellCollector(max_rows, max_cols)
        with damage():
            for row in table.iterfind(f"{_XML}Row") if table is not None else ():
                _read_row(row, page, formats)
        yield HandmadeSheet(sheet.get(f"{_XML}Name", ""), tuple(page.cells), hidden, page.cut)


def _read_formats(root: etree._Element) -> Mapping[str, str]:
    """Number formats by style."""
    found = {}
    for style in root.iterfind(f"{_XML}Styles/{_XML}Style"):
        code = next((own.get(f"{_XML}Format", "") for own in style.iterfind(f"{_XML}NumberFormat")), "")
        found[style.get(f"{_XML}ID", "")] = _NAMED_FORMATS.get(code, code)
    return found


def _read_row(row: etree._Element, page: CellCollector, formats: Mapping[str, str]) -> None:
    page.row = _find_position(row, page.row)
    col = 0
    for cell in row.iterfind(f"{_XML}Cell"):
        col = _find_position(cell, col)
        across, down = _read_count(cell, "MergeAcross"), _read_count(cell, "MergeDown")
        code = formats.get(cell.get(f"{_XML}StyleID", row.get(f"{_XML}StyleID", "")), "")
        rows, cols = min(down + 1, page.max_rows), min(across + 1, max(1, page.max_cols - col))
        page.put(col, rows, cols, *_read_data(cell.find(f"{_XML}Data"), code))
        col += across + 1
    page.row += 1 + _read_count(row, "Span")


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
