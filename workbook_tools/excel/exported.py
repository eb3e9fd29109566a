"""Tables that county systems export under the name of an Excel file: web pages (.xls that hold ``<table>``), saved alone
or as one archive (MHTML), and Excel's XML of 2003 (SpreadsheetML).

Everything is read as text: scripts do not run, nothing that a page points to is fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree, html

from workbook_tools.core.model import Value
from workbook_tools.excel.number_formats import shown
from workbook_tools.excel.sheet_cells import MAX_COVERED, SheetCell
from workbook_tools.files.package import MAX_TREE, damage, not_a_workbook, parse_xml, unreadable

Exported = tuple[str, bool, bool, list[SheetCell]]
"""Title of a sheet, whether it is hidden, whether there is more than was read, its cells."""

_DEEPEST = 200
"""Tables and blocks within each other."""
_ARCHIVE = re.compile(rb"\s*[\w-]+:")
_DECLARED = re.compile(rb"(?i)(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)")
_CODE_PAGES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
_PAGE = "网页"
_FIRST_SHEET = "Sheet1"
_NUMBER = re.compile(r"[-+]?[¥￥]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?%?")
_LONGEST_NUMBER = 11
"""Digits; what is longer is a code, which Excel would spoil."""
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template", "select", "textarea"})
_BLOCKS = frozenset(
    {"p", "div", "center", "h1", "h2", "h3", "h4", "h5", "h6", "li", "form", "body", "section", "caption"}
)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|mso-hide\s*:\s*all")
_AS_TEXT = re.compile(r"""(?i)mso-number-format\s*:\s*["']?\\+@""")
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
_SHEET_XML = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_exported(data: bytes, max_rows: int, max_cols: int) -> list[Exported]:
    """The sheets of an exported file. Raises UnreadableWorkbook: FILE01 no table in it, FILE03 damaged, FILE11 too large."""
    if len(data) > MAX_TREE:
        raise unreadable("FILE11")
    if _ARCHIVE.match(data):
        pages = _pages(data)
    elif _SHEET_XML.strip("{}").encode() in _plain(data)[:5000]:
        return [*_spreadsheet(data, max_rows, max_cols)]
    else:
        pages = [(_FIRST_SHEET, data)]
    sheets = [(title, False, *_page(page, max_rows, max_cols)) for title, page in pages]
    found = [sheet for sheet in sheets if sheet[3]]
    if not found:
        raise not_a_workbook(_PAGE)
    return found


def _plain(data: bytes) -> bytes:
    """The bytes, without those that UTF-16 puts between the letters."""
    return data.replace(b"\0", b"")


# -- web pages --------------------------------------------------------------------------------------------------------


def _pages(data: bytes) -> list[tuple[str, bytes]]:
    """The pages of an archive, with the titles that its first page gives to the sheets."""
    with damage():
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        pages = [bytes(part.get_payload(decode=True) or b"") for part in parts]
    titles = re.findall(r"(?is)<x:Name>\s*([^<]+?)\s*</x:Name>", _decoded(pages[0])) if pages else []
    tables = [page for page in pages if b"<table" in page.lower()]
    return [(titles[i] if i < len(titles) else f"Sheet{i + 1}", page) for i, page in enumerate(tables)]


def _decoded(data: bytes) -> str:
    """The text of a page in the encoding that it names; without one UTF-8, else that of Chinese Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _DECLARED.search(data[:3000])
    name = declared[1].decode().lower() if declared else ""
    for encoding in ("utf-8-sig", _CODE_PAGES.get(name, name), "gb18030"):
        with suppress(UnicodeDecodeError, LookupError):
            if encoding:
                return data.decode(encoding)
    return data.decode("gb18030", "replace")


def _page(data: bytes, max_rows: int, max_cols: int) -> tuple[bool, list[SheetCell]]:
    """A page as Excel opens it: its lines and tables one below the other."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(data))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    with damage():
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    drawing = _Drawing(max_rows, max_cols)
    _draw(root, drawing, 0)
    drawing.end_line()
    return drawing.cut, drawing.cells


@dataclass
class _Drawing:
    """The cells of a page as they are found."""

    max_rows: int
    max_cols: int
    cells: list[SheetCell] = field(default_factory=list)
    row: int = 0
    covered: int = 0
    cut: bool = False
    line: str = ""

    def end_line(self) -> None:
        """The text outside tables that has come together is a row."""
        text = _tidy(self.line)
        self.line = ""
        if text:
            self.put(0, 1, 1, text, text)
            self.row += 1

    def put(self, col: int, rows: int, cols: int, value: Value, text: str) -> None:
        """A cell in the row at hand."""
        self.covered += rows * cols - 1
        if self.covered > MAX_COVERED:
            rows = cols = 1
        if self.row >= self.max_rows or col >= self.max_cols:
            self.cut = True
        elif text or rows > 1 or cols > 1:
            self.cells.append(SheetCell(self.row, col, rows, cols, value, text))


def _draw(element: Any, drawing: _Drawing, depth: int) -> None:
    """The lines and tables in an element."""
    name = _name(element)
    if name in _UNSEEN or _hidden(element) or depth > _DEEPEST:
        return
    if name == "table" and element.find(".//table") is None:
        drawing.end_line()
        _table(element, drawing)
        return
    block = name in _BLOCKS or name in ("table", "tr", "td", "th", "br")
    if block:
        drawing.end_line()
    drawing.line += element.text or ""
    for child in element.iterchildren("*"):
        _draw(child, drawing, depth + 1)
        drawing.line += child.tail or ""
    if block:
        drawing.end_line()


def _table(table: Any, drawing: _Drawing) -> None:
    for caption in table.iterchildren("caption"):
        drawing.line = _text(caption)
        drawing.end_line()
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        if _hidden(row):
            continue
        col = 0
        reached: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while below.get(col, 0):
                col += 1
            rows, cols = _span(cell, "rowspan", drawing.max_rows), _span(cell, "colspan", drawing.max_cols)
            cols = next((width for width in range(1, cols) if below.get(col + width, 0)), cols)
            drawing.put(col, rows, cols, *_content(cell))
            if col < drawing.max_cols:
                reached |= dict.fromkeys(range(col, col + cols), rows)
            col += cols
        below = {place: left - 1 for place, left in {**below, **reached}.items() if left > 1}
        drawing.row += 1


def _content(cell: Any) -> tuple[Value, str]:
    """Value and text: a number where Excel would make one of the text."""
    text = _tidy(_text(cell))
    bare = text.replace(" ", "")
    if cell.get("x:str") is not None or _AS_TEXT.search(cell.get("style", "")) or not _NUMBER.fullmatch(bare):
        return text or None, text
    digits = bare.replace(",", "").strip("%").replace("¥", "").replace("￥", "")
    if len(digits.partition(".")[0]) > _LONGEST_NUMBER or re.match(r"0\d", digits):
        return text, text
    with suppress(ValueError):
        return float(cell.get("x:num") or ""), text
    number = float(digits)
    return (float(f"{number / 100:.15g}") if bare.endswith("%") else number), text


def _text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element.iterchildren("*"):
        name = _name(child)
        if name in ("br", "p", "div"):
            parts.append("\x0b")
        if name == "input":
            parts.append(_ticked(child))
        elif name not in _UNSEEN and not _hidden(child):
            parts.append(_text(child))
        parts.append(("\x0b" if name in ("p", "div") else "") + (child.tail or ""))
    return "".join(parts)


def _ticked(box: Any) -> str:
    """What a field of a form shows."""
    kind = (box.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "□" if box.get("checked") is None else "☑"
    return "" if kind in ("hidden", "button", "submit") else box.get("value") or ""


def _tidy(text: str) -> str:
    """Blanks as a browser shows them (several only where they are written ``&nbsp;``); a line break of the page is one here."""
    lines = (re.sub(r"[ \t\r\n]+", " ", line).replace("\u00a0", " ").strip() for line in text.split("\x0b"))
    return "\n".join(line for line in lines if line)


def _span(cell: Any, name: str, most: int) -> int:
    digits = (cell.get(name) or "").strip()
    return max(1, min(int(digits), most)) if digits.isdecimal() and len(digits) < 10 else 1


def _name(element: Any) -> str:
    return str(element.tag).rpartition(":")[2].lower()


def _hidden(element: Any) -> bool:
    return bool(_HIDDEN.search(element.get("style") or ""))


# -- Excel's XML of 2003 ----------------------------------------------------------------------------------------------


def _spreadsheet(data: bytes, max_rows: int, max_cols: int) -> Iterator[Exported]:
    with damage():
        root = parse_xml(data.lstrip())
    formats = _formats(root)
    for sheet in root.iterfind(f"{_SHEET_XML}Worksheet"):
        hidden = (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").startswith("SheetHidden")
        table = sheet.find(f"{_SHEET_XML}Table")
        drawing = _Drawing(max_rows, max_cols)
        with damage():
            for row in table.iterfind(f"{_SHEET_XML}Row") if table is not None else ():
                _row(row, drawing, formats)
        yield sheet.get(f"{_SHEET_XML}Name", ""), hidden, drawing.cut, drawing.cells


def _formats(root: etree._Element) -> Mapping[str, str]:
    """Number formats by style."""
    found = {}
    for style in root.iterfind(f"{_SHEET_XML}Styles/{_SHEET_XML}Style"):
        code = next((own.get(f"{_SHEET_XML}Format", "") for own in style.iterfind(f"{_SHEET_XML}NumberFormat")), "")
        found[style.get(f"{_SHEET_XML}ID", "")] = _NAMED_FORMATS.get(code, code)
    return found


def _row(row: etree._Element, drawing: _Drawing, formats: Mapping[str, str]) -> None:
    drawing.row = _index(row, drawing.row)
    col = 0
    for cell in row.iterfind(f"{_SHEET_XML}Cell"):
        col = _index(cell, col)
        across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
        code = formats.get(cell.get(f"{_SHEET_XML}StyleID", row.get(f"{_SHEET_XML}StyleID", "")), "")
        rows, cols = min(down + 1, drawing.max_rows), min(across + 1, max(1, drawing.max_cols - col))
        drawing.put(col, rows, cols, *_datum(cell.find(f"{_SHEET_XML}Data"), code))
        col += across + 1
    drawing.row += 1 + _count(row, "Span")


def _datum(element: etree._Element | None, code: str) -> tuple[Value, str]:
    """Value and text of a cell's data."""
    if element is None:
        return None, ""
    text = "".join(map(str, element.itertext()))
    match element.get(f"{_SHEET_XML}Type"):
        case "Number":
            number = float(text)
            return number, shown(number, code)
        case "DateTime":
            date = shown(datetime.fromisoformat(text.strip()), code)
            return date, date
        case "Boolean":
            truth = shown(text.strip() == "1")
            return truth, truth
    return text or None, text


def _index(element: etree._Element, following: int) -> int:
    """Where a row or cell stands: as it says (from 1), or behind the one before."""
    return _count(element, "Index") - 1 if element.get(f"{_SHEET_XML}Index") else following


def _count(element: etree._Element, name: str) -> int:
    digits = element.get(f"{_SHEET_XML}{name}", "0")
    return min(int(digits), 1 << 21) if digits.isdecimal() and len(digits) < 10 else 0
