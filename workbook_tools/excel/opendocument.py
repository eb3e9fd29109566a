"""OpenDocument spreadsheets (.ods): every cell with its value, the text that it shows, and how far it is merged.

The file keeps the text that was shown; calamine gives values alone, and no merged cells.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from workbook_tools.core.model import Value
from workbook_tools.excel.sheet_cells import SheetCell
from workbook_tools.files.package import MAX_BYTES, MAX_TREE, damage, parse_xml, unreadable

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_NUMBERS = ("float", "percentage", "currency")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def is_opendocument(data: bytes) -> bool:
    """The file is an OpenDocument spreadsheet."""
    return data.startswith(b"PK") and b"opendocument.spreadsheet" in data[:200]


def read_open(data: bytes, max_rows: int, max_cols: int) -> list[tuple[str, bool, list[SheetCell]]]:
    """Title, whether there is more than was read, and cells of each sheet.

    Raises UnreadableWorkbook: FILE03 damaged, FILE04 encrypted, FILE11 too large.
    """
    root = _content(data)
    with damage():
        return [
            (table.get(f"{_TABLE}name", ""), *_cells(table, max_rows, max_cols))
            for table in root.iter(f"{_TABLE}table")
        ]


def _content(data: bytes) -> etree._Element:
    with damage(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise unreadable("FILE11")
        names = archive.namelist()
        if _MANIFEST in names and b"encryption-data" in _part(archive, _MANIFEST):
            raise unreadable("FILE04")
        return parse_xml(_part(archive, _CONTENT))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        xml = stream.read(MAX_TREE + 1)
    if len(xml) > MAX_TREE:
        raise unreadable("FILE11")
    return xml


def _cells(table: etree._Element, max_rows: int, max_cols: int) -> tuple[bool, list[SheetCell]]:
    cells: list[SheetCell] = []
    row, cut = 0, False
    for line in table.iter(f"{_TABLE}table-row"):
        again = _count(line, "number-rows-repeated")
        if row >= max_rows:
            return any(_filled(cell) for cell in line), cells
        found = [*_line(line, max_cols)]
        copies = min(again, max_rows - row) if found else 1
        cells += [
            SheetCell(row + copy, col, rows, cols, value, shown)
            for copy in range(copies)
            for col, rows, cols, value, shown in found
        ]
        cut = cut or (bool(found) and again > copies)
        if len(cells) > max_rows * max_cols:
            raise unreadable("FILE11")
        row += again
    return cut, cells


def _line(line: etree._Element, max_cols: int) -> Iterator[tuple[int, int, int, Value, str]]:
    """Column, rows and columns covered, value and text of the cells of a row."""
    col = 0
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        again = _count(cell, "number-columns-repeated")
        rows, cols = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        seen = cell.tag == f"{_TABLE}table-cell" and (_filled(cell) or rows > 1 or cols > 1)
        for place in range(col, min(col + again, max_cols)) if seen else ():
            yield place, rows, min(cols, max_cols - place), *_content_of(cell)
        col += again


def _filled(cell: etree._Element) -> bool:
    return cell.get(f"{_OFFICE}value-type") is not None or cell.find(f"{_TEXT}p") is not None


def _content_of(cell: etree._Element) -> tuple[Value, str]:
    shown = "\n".join(_shown(paragraph) for paragraph in cell.iterfind(f"{_TEXT}p"))
    if cell.get(f"{_OFFICE}value-type") in _NUMBERS:
        number = float(cell.get(f"{_OFFICE}value", ""))
        return number, shown
    return shown or None, shown


def _shown(element: etree._Element) -> str:
    """The text of a paragraph; several blanks and line breaks are elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 200))
        elif child.tag in (f"{_TEXT}line-break", f"{_TEXT}tab"):
            parts.append("\n" if child.tag.endswith("break") else "\t")
        else:
            parts.append(_shown(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _count(element: etree._Element, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}", "1")))
