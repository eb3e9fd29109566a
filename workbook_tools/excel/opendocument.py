"""OpenDocument spreadsheets (.ods): every cell with its value, the text that it shows, and how far it is merged.

The file keeps the text that was shown; calamine gives values alone, and no merged cells.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from lxml import etree

from workbook_tools.core.cells import address
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.model import Value
from workbook_tools.excel.opendocument_formats import read_empty_texts
from workbook_tools.excel.opendocument_marks import OpenLooks, read_open_marks
from workbook_tools.excel.opendocument_names import DRAWING, OFFICE, STYLE, TABLE, TEXT
from workbook_tools.excel.opendocument_pages import find_page_lines, list_masters, read_page_lines
from workbook_tools.excel.sheet_cells import MAX_COVERED, MAX_FILLED, HandmadeSheet, SheetCell
from workbook_tools.excel.sheet_grammar import is_plain_number
from workbook_tools.files.package import DAMAGED_ZIP, MAX_BYTES, MAX_TREE, ambiguous, damage, parse_xml, unreadable

_NAME = b"opendocument.spreadsheet"
_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_NUMBERS = ("float", "percentage", "currency")
_VALUES: dict[str | None, str] = {
    **dict.fromkeys(_NUMBERS, "value"),
    "string": "string-value",
    "date": "date-value",
    "time": "time-value",
    "boolean": "boolean-value",
    "void": "",
}
"""In which attribute a cell has its value, by the kind that it says it is; a text most often has none, an error value a blank one."""
_ATTRIBUTES = frozenset(name for name in _VALUES.values() if name)
_STATED = tuple(OFFICE + name for name in ("value-type", *sorted(_ATTRIBUTES)))
_COMMENT = f"{OFFICE}annotation"
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_SPREADSHEET = f"{OFFICE}spreadsheet"
_ROWS = tuple(f"{TABLE}{name}" for name in ("table", "table-rows", "table-header-rows", "table-row-group"))
_PARENTS = {
    "table": (_SPREADSHEET, f"{TABLE}dde-link"),
    "table-rows": _ROWS,
    "table-header-rows": _ROWS,
    "table-row-group": _ROWS,
    "table-row": _ROWS,
    "table-cell": (f"{TABLE}table-row",),
    "covered-table-cell": (f"{TABLE}table-row",),
}
"""Where the parts of a sheet may stand."""


def is_opendocument(data: bytes) -> bool:
    """The file is an OpenDocument spreadsheet, which says so at its beginning; some programs put that further down."""
    if not data.startswith(b"PK") or _NAME in data[:200]:
        return data.startswith(b"PK")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("mimetype") as stream:
            return _NAME in stream.read(200)
    except DAMAGED_ZIP:
        return False


def read_opendocument(data: bytes, max_rows: int, max_cols: int) -> Iterator[HandmadeSheet]:
    """The sheets of a file, one after the other.

    Raises UnreadableWorkbook: FILE03 damaged, FILE04 encrypted, FILE11 too large, FILE32 for what programs could read differently.
    """
    root = _read_content(data)
    styles = _read_styles(data)
    pages = {} if styles is None else read_page_lines(styles)
    with damage():
        hidden, masters = _hidden_styles(root), list_masters(root)
        looks = OpenLooks(root)
        empty = read_empty_texts(*(() if styles is None else (styles,)), root)
        for table in _list_tables(root):
            sheet = _read_sheet(table, hidden, empty, max_rows, max_cols)
            head, foot = find_page_lines(table, masters, pages)
            yield replace(sheet, marks=read_open_marks(table, sheet.cells, looks), page_head=head, page_foot=foot)


def _read_styles(data: bytes) -> etree._Element | None:
    """The part with headers, footers and formats; a file is read without it, if it has none or a damaged one."""
    with suppress(UnreadableWorkbook), damage(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _STYLES in archive.namelist():
            return parse_xml(_read_part(archive, _STYLES))
    return None


def _read_content(data: bytes) -> etree._Element:
    with damage(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise unreadable("FILE11")
        names = archive.namelist()
        if _MANIFEST in names and b"encryption-data" in _read_part(archive, _MANIFEST):
            raise unreadable("FILE04")
        return parse_xml(_read_part(archive, _CONTENT))


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        xml = stream.read(MAX_TREE + 1)
    if len(xml) > MAX_TREE:
        raise unreadable("FILE11")
    return xml


def _list_tables(root: etree._Element) -> list[etree._Element]:
    """The sheets. A program may count a table, a row or a cell wherever it stands: none may stand where it does not belong."""
    bodies = list(root.iter(f"{OFFICE}spreadsheet"))
    if len(bodies) != 1 or [above.tag for above in bodies[0].iterancestors()] != [f"{OFFICE}body", root.tag]:
        raise ambiguous("不止一份内容")
    for name, parents in _PARENTS.items():
        for item in root.iter(TABLE + name):
            above = item.getparent()
            if above is None or above.tag not in parents:
                raise ambiguous(f"表格里夹有不该有的 {name}")
    for paragraph in root.iter(f"{TEXT}p"):
        tags = [item.tag for item in paragraph.iterancestors()]
        cell = next((place for place, tag in enumerate(tags) if tag in _CELLS), 0)
        if cell and not any(tag == _COMMENT or tag.startswith(DRAWING) for tag in tags[:cell]):
            raise ambiguous("单元格里夹有别的文字")
    return bodies[0].findall(f"{TABLE}table")


def _hidden_styles(root: etree._Element) -> set[str]:
    """The styles of sheets that are hidden."""
    styles = root.iter(f"{STYLE}style")
    hidden = (s for s in styles if s.find(f"{STYLE}table-properties[@{TABLE}display='false']") is not None)
    return {style.get(f"{STYLE}name", "") for style in hidden}


def _read_sheet(
    table: etree._Element, hidden: set[str], empty: Mapping[str, str], max_rows: int, max_cols: int
) -> HandmadeSheet:
    cut, cells = _read_cells(table, empty, max_rows, max_cols)
    is_hidden = table.get(f"{TABLE}style-name") in hidden
    return HandmadeSheet(table.get(f"{TABLE}name", ""), tuple(cells), is_hidden, cut)


def _read_cells(
    table: etree._Element, empty: Mapping[str, str], max_rows: int, max_cols: int
) -> tuple[bool, list[SheetCell]]:
    """Whether there is more than was read, and the cells; ``empty`` is what those without a text show, by their styles."""
    cells: list[SheetCell] = []
    buried: list[tuple[int, int]] = []
    row, cut = 0, False
    for line in table.iter(f"{TABLE}table-row"):
        again = _read_count(line, "number-rows-repeated")
        if row >= max_rows:
            if any(_is_filled(cell) for cell in line):
                return True, cells
            continue
        found, is_wider = _read_row(line, empty, max_cols)
        copies = min(again, max_rows - row) if found else 1
        buried += [(row, col) for col in _list_buried(line, max_cols)]
        if len(cells) + copies * len(found) > MAX_FILLED:
            return True, []
        cells += [
            SheetCell(row + copy, col, rows, cols, value, shown)
            for copy in range(copies)
            for col, rows, cols, value, shown in found
        ]
        cut = cut or is_wider or (bool(found) and again > copies)
        row += again
    _check_buried(buried, [cell for cell in cells if cell.rows > 1 or cell.cols > 1])
    return cut, cells


def _list_buried(line: etree._Element, max_cols: int) -> Iterator[int]:
    """The columns in which a cell that says it is covered by another holds something."""
    col = 0
    for cell in line.iterchildren(*_CELLS):
        again = _read_count(cell, "number-columns-repeated")
        if cell.tag == _CELLS[1] and _is_filled(cell):
            yield from range(col, min(col + again, max_cols))
        col += again


def _check_buried(places: list[tuple[int, int]], merged: list[SheetCell]) -> None:
    """Raises FILE32 for a filled cell that is called covered and that no merged cell covers: some programs show it."""
    if len(places) * max(1, len(merged)) > MAX_COVERED:
        raise unreadable("FILE31", f"合并单元格下面还有内容的单元格过多：{len(places)} 个")
    for row, col in places:
        if not any(
            cell.row <= row < cell.row + cell.rows and cell.col <= col < cell.col + cell.cols for cell in merged
        ):
            raise ambiguous(f"{address(row, col)} 称为合并单元格的一部分，却没有合并")


_Found = tuple[int, int, int, Value, str]
"""Column, rows and columns covered, value and text of a cell."""


def _read_row(line: etree._Element, empty: Mapping[str, str], max_cols: int) -> tuple[list[_Found], bool]:
    """The cells of a row, and whether there are more to the right than are read."""
    found: list[_Found] = []
    col, is_wider = 0, False
    for cell in line:
        if cell.tag not in _CELLS:
            continue
        again = _read_count(cell, "number-columns-repeated")
        rows, cols = _read_count(cell, "number-rows-spanned"), _read_count(cell, "number-columns-spanned")
        is_filled = _is_filled(cell)
        if cell.tag == _CELLS[0] and (is_filled or rows > 1 or cols > 1):
            value, shown = _read_value(cell, empty)
            last = min(col + again, max_cols)
            found += [(place, rows, min(cols, max_cols - place), value, shown) for place in range(col, last)]
            is_wider = is_wider or (is_filled and col + again > max_cols)
        col += again
    return found, is_wider


def _is_filled(cell: etree._Element) -> bool:
    """It has text or a value, be it one without its type: some programs take it."""
    return cell.find(f"{TEXT}p") is not None or any(cell.get(name) is not None for name in _STATED)


def _read_value(cell: etree._Element, empty: Mapping[str, str]) -> tuple[Value, str]:
    shown = "\n".join(_read_paragraph(paragraph) for paragraph in cell.iterfind(f"{TEXT}p"))
    beside = "".join(_read_beside(child) for child in cell)
    if (cell.text or "").strip() or beside.strip():
        raise ambiguous("单元格里夹有别的文字")
    kind = cell.get(f"{OFFICE}value-type")
    if _is_empty_result(cell, kind) and shown == empty.get(cell.get(f"{TABLE}style-name", "")):
        return None, shown
    value = _read_attribute(cell, kind, shown)
    if kind in _NUMBERS:
        return float(value), shown
    if kind == "string" and value:
        return value, shown
    return shown or None, shown


def _read_beside(child: etree._Element) -> str:
    """The text of a cell that is in none of its paragraphs, comments and drawings, from one of these on."""
    known = child.tag in (f"{TEXT}p", _COMMENT) or str(child.tag).startswith(DRAWING)
    return ("" if known else "".join(map(str, child.itertext()))) + (child.tail or "")


def _is_empty_result(cell: etree._Element, kind: str | None) -> bool:
    """A formula that gave an empty text: LibreOffice states no value then."""
    is_stated = any(cell.get(OFFICE + name) for name in _ATTRIBUTES)
    return kind in (None, "string") and cell.get(f"{TABLE}formula") is not None and not is_stated


def _read_attribute(cell: etree._Element, kind: str | None, shown: str) -> str:
    """The value beside the text that is shown. Raises FILE32 for one that not every program takes, or would not look for."""
    held = {name: cell.get(OFFICE + name, "") for name in _ATTRIBUTES if cell.get(OFFICE + name) is not None}
    value = held.pop(_VALUES.get(kind, ""), "")
    if kind in _NUMBERS:
        is_sound = is_plain_number(value)
    elif kind == "string":
        # The number format of a formula may put words around its text: "评价等级："@.
        is_sound = value in ("", shown) or (cell.get(f"{TABLE}formula") is not None and value in shown)
    elif kind == "void" or (kind is None and not shown):
        is_sound = True
    else:
        is_sound = kind in _VALUES and value != ""
    if held or not is_sound:
        other = next(iter(held.values()), value or shown)
        raise ambiguous(f"单元格的值“{other[:30]}”（类型 {kind or '没有写'}）不是每个程序都认")
    return value


def _read_paragraph(element: etree._Element) -> str:
    """The text of a paragraph; several blanks and line breaks are elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            parts.append(" " * min(int(child.get(f"{TEXT}c", "1")), 200))
        elif child.tag in (f"{TEXT}line-break", f"{TEXT}tab"):
            parts.append("\n" if child.tag.endswith("break") else "\t")
        elif child.tag == f"{TEXT}p":
            raise ambiguous("一段文字里夹有另一段")
        else:
            parts.append(_read_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _read_count(element: etree._Element, name: str) -> int:
    """A count that a row or cell states, 1 without one. Raises FILE32 for one that is none to some programs."""
    digits = element.get(f"{TABLE}{name}", "1")
    if not (digits.isascii() and digits.isdecimal()) or (int(digits) == 0 and "repeated" in name):
        raise ambiguous(f"表格里的个数“{digits[:30]}”不是每个程序都认")
    return max(1, int(digits))
