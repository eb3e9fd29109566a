"""Tables that county systems export as web pages under the name of an Excel file: .xls that hold ``<table>``, alone or as
one archive (MHTML).

Everything is read as text: scripts do not run, nothing that a page points to is fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from lxml import html

from workbook_tools.core.model import Value
from workbook_tools.excel.cell_looks import is_illegible
from workbook_tools.excel.cell_marks import list_hidden_cells
from workbook_tools.excel.sheet_cells import CellCollector, CellMarks, HandmadeSheet, Spot
from workbook_tools.excel.sheet_grammar import is_plain_number
from workbook_tools.excel.web_looks import PLAIN, WebLook, WebStyles, read_web_styles
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
_BY_EXCEL = re.compile(r"(?i)<meta[^>]*generator[^>]*microsoft excel")
"""``<meta name=Generator content="Microsoft Excel 15">``: where a text is longer than its cell is wide, Excel hides the rest of it."""
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
    page = _WebPage(max_rows, max_cols, styles=read_web_styles(root), by_excel=bool(_BY_EXCEL.search(text)))
    _read_element(root, page, 0, PLAIN)
    page.end_line()
    return HandmadeSheet(title, tuple(page.cells), cut=page.cut, marks=page.list_marks())


@dataclass
class _WebPage(CellCollector):
    """The cells of a page, and the text outside its tables that has not come to its end."""

    line: str = ""
    styles: WebStyles = field(default_factory=WebStyles)
    by_excel: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    struck: dict[Spot, str] = field(default_factory=dict)
    unseen: dict[Spot, str] = field(default_factory=dict)
    left_out: dict[Spot, str] = field(default_factory=dict)

    def end_line(self) -> None:
        """The text that has come together is a row."""
        text = _collapse_blanks(self.line)
        self.line = ""
        if text:
            self.put(0, 1, 1, text, text)
            self.row += 1

    def list_marks(self) -> CellMarks:
        """What is to be said of the cells."""
        hidden = list_hidden_cells(self.cells, frozenset(self.hidden_rows), frozenset())
        return CellMarks(self.struck, {**self.unseen, **dict(hidden)}, left_out=self.left_out)


def _read_element(element: Any, page: _WebPage, depth: int, above: WebLook) -> None:
    """The lines and tables in an element, in what looks as ``above``."""
    name = _tag_of(element)
    look = page.styles.look(element, above)
    if name in _UNSEEN or look.hidden or depth > _DEEPEST:
        return
    if name == "table" and element.find(".//table") is None:
        page.end_line()
        _read_table(element, page, look)
        return
    block = name in _BLOCKS or name in ("table", "tr", "td", "th", "br")
    if block:
        page.end_line()
    page.line += element.text or ""
    for child in element.iterchildren("*"):
        _read_element(child, page, depth + 1, look)
        page.line += child.tail or ""
    if block:
        page.end_line()


def _read_table(table: Any, page: _WebPage, look: WebLook) -> None:
    for caption in table.iterchildren("caption"):
        page.line = "".join(text for text, _ in _list_runs(caption, page, look))
        page.end_line()
    hidden_columns = _list_hidden_columns(table, page)
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        seen = page.styles.look(row, look)
        if seen.hidden:
            page.hidden_rows.add(page.row)
            seen = replace(seen, hidden=False)
        col = 0
        reached: dict[int, int] = {}
        for cell in row.iterchildren("td", "th"):
            while below.get(col, 0):
                col += 1
            rows, cols = _read_span(cell, "rowspan", page.max_rows), _read_span(cell, "colspan", page.max_cols)
            cols = next((width for width in range(1, cols) if below.get(col + width, 0)), cols)
            is_hidden = hidden_columns.issuperset(range(col, col + cols))
            _put_cell(cell, page, (col, rows, cols), replace(seen, hidden=True) if is_hidden else seen)
            if col < page.max_cols:
                reached |= dict.fromkeys(range(col, col + cols), rows)
            col += cols
        below = {place: left - 1 for place, left in {**below, **reached}.items() if left > 1}
        page.row += 1


def _list_hidden_columns(table: Any, page: _WebPage) -> frozenset[int]:
    """``<col style='display:none' span=2>``: the columns that the table says are hidden."""
    spans = ((_read_span(one, "span", page.max_cols), page.styles.look(one, PLAIN).hidden) for one in table.iter("col"))
    columns = chain.from_iterable([is_hidden] * span for span, is_hidden in spans)
    return frozenset(col for col, is_hidden in zip(range(page.max_cols), columns, strict=False) if is_hidden)


def _put_cell(cell: Any, page: _WebPage, extent: tuple[int, int, int], look: WebLook) -> None:
    """Add a cell: its column, how many rows and columns it covers; and what is to be said of it."""
    col, rows, cols = extent
    own = page.styles.look(cell, look)
    if not len(cell) and _is_usual(own):  # nothing is to be said of most cells
        page.put(col, rows, cols, *_read_value(cell, _collapse_blanks(cell.text or ""), own))
        return
    runs = [*_list_runs(cell, page, replace(own, hidden=False))]
    shown = _collapse_blanks("".join(text for text, one in runs if not one.hidden))
    page.put(col, rows, cols, *_read_value(cell, shown, own))
    place = page.row, col
    if hidden := _collapse_blanks("".join(text for text, one in runs if one.hidden)):
        page.left_out[place] = hidden
    if not shown.strip():
        return
    left = _collapse_blanks("".join(text for text, one in runs if not (one.hidden or one.struck)))
    written = [(text.strip(), one) for text, one in runs if text.strip() and not (one.hidden or one.struck)]
    faint = [text for text, one in written if one.unseen or is_illegible(one.ink, (one.ground,))]
    if left != shown and any(one.struck and text.strip() for text, one in runs):
        page.struck[place] = left
    elif own.hidden:
        page.unseen[place] = "单元格隐藏了"
    elif faint:
        page.unseen[place] = "文字与底色分不清" if len(faint) == len(written) else f"“{''.join(faint)}”与底色分不清"


@lru_cache(256)
def _is_usual(look: WebLook) -> bool:
    """It counts, and can be seen."""
    return not (look.hidden or look.struck or look.unseen or is_illegible(look.ink, (look.ground,)))


def _read_value(cell: Any, text: str, look: WebLook) -> tuple[Value, str]:
    """Value and text: a number where Excel would make one of the text."""
    bare = text.replace(" ", "")
    if cell.get("x:str") is not None or look.as_text or not _NUMBER.fullmatch(bare):
        return text or None, text
    digits = bare.replace(",", "").strip("%").replace("¥", "").replace("￥", "")
    if len(digits.partition(".")[0]) > _LONGEST_NUMBER or _LEADING_ZERO.match(digits):
        return text, text
    exact = cell.get("x:num") or ""
    if is_plain_number(exact):
        return float(exact), text
    number = float(digits)
    return (float(f"{number / 100:.15g}") if bare.endswith("%") else number), text


def _list_runs(element: Any, page: _WebPage, look: WebLook) -> Iterator[tuple[str, WebLook]]:
    """The texts of an element, each with its look."""
    yield element.text or "", look
    for child in element.iterchildren("*"):
        name = _tag_of(child)
        if name in ("br", "p", "div"):
            yield _LINE_END, look
        own = page.styles.look(child, look)
        if page.by_excel:
            own = replace(own, hidden=look.hidden)
        if name == "input":
            yield _read_control(child), own
        elif name not in _UNSEEN:
            yield from _list_runs(child, page, own)
        yield (_LINE_END if name in ("p", "div") else "") + (child.tail or ""), look


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
