"""Tables that county systems export as web pages under the name of an Excel file: .xls that hold ``<table>``, alone or as
one archive (MHTML).

Everything is read as text: scripts do not run, nothing that a page points to is fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import html

from workbook_tools.core.model import Value
from workbook_tools.excel.sheet_cells import CellCollector, HandmadeSheet
from workbook_tools.excel.sheet_grammar import is_plain_number
from workbook_tools.files.package import MAX_TREE, damage, not_a_workbook, unreadable

_DEEPEST = 200
"""Tables and blocks within each other; a page that Excel wrote has five."""
_ARCHIVE = re.compile(rb"\s*[\w-]+:")
"""An archive begins with headers like those of a letter: ``MIME-Version: 1.0``."""
_SHEET_TITLE = re.compile(r"(?is)<x:Name>\s*([^<]+?)\s*</x:Name>")
"""``<x:ExcelWorksheet><x:Name>自评表</x:Name>``: Excel lists its sheets in the first page of an archive."""
_HEAD = 3000
"""Bytes at the start of a page in which it names its encoding."""
_DECLARED = re.compile(rb"(?i)(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)")
"""``<meta charset="gb2312">``, ``<?xml version="1.0" encoding='utf-8'?>``."""
_CODE_PAGES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
"""Pages that call themselves GB2312 hold characters of its successors."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
"""lxml refuses a text (not bytes) that names an encoding."""
_PAGE = "网页"
_FIRST_SHEET = "Sheet1"
_NUMBER = re.compile(r"[-+]?[¥￥]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?%?")
"""What Excel makes a number of: ``12``, ``-1,234.50``, ``￥3.5``, ``95%``; not ``1,23`` or ``12万元``."""
_LONGEST_NUMBER = 11
"""Digits; what is longer is a code (an account, an identity card), which Excel would spoil."""
_LEADING_ZERO = re.compile(r"0\d")
"""``0351``: a code as well."""
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template", "select", "textarea"})
_BLOCKS = frozenset(
    {"p", "div", "center", "h1", "h2", "h3", "h4", "h5", "h6", "li", "form", "body", "section", "caption"}
)
"""Elements that begin a new line."""
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|mso-hide\s*:\s*all")
"""``style="display: none"``, and how Office writes it: ``mso-hide:all``."""
_AS_TEXT = re.compile(r"""(?i)mso-number-format\s*:\s*["']?\\+@""")
"""``mso-number-format:"\\@"``: the format of texts, by which systems keep codes from becoming numbers."""
_LINE_END = "\x0b"
"""Stands for a line break of the page while blanks are put together: no page holds this character."""


def read_web_pages(data: bytes, max_rows: int, max_cols: int) -> list[HandmadeSheet]:
    """The sheets of a page or an archive. Raises UnreadableWorkbook: FILE01 no table, FILE03 damaged, FILE11 too large."""
    if len(data) > MAX_TREE:
        raise unreadable("FILE11")
    pages = _read_archive(data) if _ARCHIVE.match(data) else [(_FIRST_SHEET, data)]
    sheets = [_read_page(title, page, max_rows, max_cols) for title, page in pages]
    found = [sheet for sheet in sheets if sheet.cells]
    if not found:
        raise not_a_workbook(_PAGE)
    return found


def _read_archive(data: bytes) -> list[tuple[str, bytes]]:
    """The pages of an archive, with the titles that its first page gives to the sheets."""
    with damage():
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        pages = [bytes(part.get_payload(decode=True) or b"") for part in parts]
    titles = _SHEET_TITLE.findall(_decode_page(pages[0])) if pages else []
    tables = [page for page in pages if b"<table" in page.lower()]
    return [(titles[i] if i < len(titles) else f"Sheet{i + 1}", page) for i, page in enumerate(tables)]


def _decode_page(data: bytes) -> str:
    """The text of a page in the encoding that it names; without one UTF-8, else that of Chinese Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = _DECLARED.search(data[:_HEAD])
    name = declared[1].decode().lower() if declared else ""
    for encoding in ("utf-8-sig", _CODE_PAGES.get(name, name), "gb18030"):
        with suppress(UnicodeDecodeError, LookupError):
            if encoding:
                return data.decode(encoding)
    return data.decode("gb18030", "replace")


def _read_page(title: str, data: bytes, max_rows: int, max_cols: int) -> HandmadeSheet:
    """A page as Excel opens it: its lines and tables one below the other."""
    text = _XML_DECLARATION.sub("", _decode_page(data))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    with damage():
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    page = _WebPage(max_rows, max_cols)
    _read_element(root, page, 0)
    page.end_line()
    return HandmadeSheet(title, tuple(page.cells), cut=page.cut)


@dataclass
class _WebPage(CellCollector):
    """The cells of a page, and the text outside its tables that has not come to its end."""

    line: str = ""

    def end_line(self) -> None:
        """The text that has come together is a row."""
        text = _collapse_blanks(self.line)
        self.line = ""
        if text:
            self.put(0, 1, 1, text, text)
            self.row += 1


def _read_element(element: Any, page: _WebPage, depth: int) -> None:
    """The lines and tables in an element."""
    name = _tag_of(element)
    if name in _UNSEEN or _is_hidden(element) or depth > _DEEPEST:
        return
    if name == "table" and element.find(".//table") is None:
        page.end_line()
        _read_table(element, page)
        return
    block = name in _BLOCKS or name in ("table", "tr", "td", "th", "br")
    if block:
        page.end_line()
    page.line += element.text or ""
    for child in element.iterchildren("*"):
        _read_element(child, page, depth + 1)
        page.line += child.tail or ""
    if block:
        page.end_line()


def _read_table(table: Any, page: _WebPage) -> None:
    for caption in table.iterchildren("caption"):
        page.line = _read_text(caption)
        page.end_line()
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        if _is_hidden(row):
            continue
        col = 0
        reached: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while below.get(col, 0):
                col += 1
            rows, cols = _read_span(cell, "rowspan", page.max_rows), _read_span(cell, "colspan", page.max_cols)
            cols = next((width for width in range(1, cols) if below.get(col + width, 0)), cols)
            page.put(col, rows, cols, *_read_cell(cell))
            if col < page.max_cols:
                reached |= dict.fromkeys(range(col, col + cols), rows)
            col += cols
        below = {place: left - 1 for place, left in {**below, **reached}.items() if left > 1}
        page.row += 1


def _read_cell(cell: Any) -> tuple[Value, str]:
    """Value and text: a number where Excel would make one of the text."""
    text = _collapse_blanks(_read_text(cell))
    bare = text.replace(" ", "")
    if cell.get("x:str") is not None or _AS_TEXT.search(cell.get("style", "")) or not _NUMBER.fullmatch(bare):
        return text or None, text
    digits = bare.replace(",", "").strip("%").replace("¥", "").replace("￥", "")
    if len(digits.partition(".")[0]) > _LONGEST_NUMBER or _LEADING_ZERO.match(digits):
        return text, text
    exact = cell.get("x:num") or ""
    if is_plain_number(exact):
        return float(exact), text
    number = float(digits)
    return (float(f"{number / 100:.15g}") if bare.endswith("%") else number), text


def _read_text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element.iterchildren("*"):
        name = _tag_of(child)
        if name in ("br", "p", "div"):
            parts.append(_LINE_END)
        if name == "input":
            parts.append(_read_control(child))
        elif name not in _UNSEEN and not _is_hidden(child):
            parts.append(_read_text(child))
        parts.append((_LINE_END if name in ("p", "div") else "") + (child.tail or ""))
    return "".join(parts)


def _read_control(box: Any) -> str:
    """What a field of a form shows."""
    kind = (box.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "□" if box.get("checked") is None else "☑"
    return "" if kind in ("hidden", "button", "submit") else box.get("value") or ""


def _collapse_blanks(text: str) -> str:
    """Blanks as a browser shows them (several only where they are written ``&nbsp;``); a line break of the page is one here."""
    lines = (re.sub(r"[ \t\r\n]+", " ", line).replace("\u00a0", " ").strip() for line in text.split(_LINE_END))
    return "\n".join(line for line in lines if line)


def _read_span(cell: Any, name: str, most: int) -> int:
    digits = (cell.get(name) or "").strip()
    return max(1, min(int(digits), most)) if digits.isdecimal() and len(digits) < 10 else 1


def _tag_of(element: Any) -> str:
    return str(element.tag).rpartition(":")[2].lower()


def _is_hidden(element: Any) -> bool:
    return bool(_HIDDEN.search(element.get("style") or ""))
