"""The cells of a worksheet in the one spelling in which every program reads the same (一种读法).

What Excel, WPS and XlsxWriter write is taken as it is once one pattern has seen all of it, from the first row to the last. All
else is parsed and written anew in that spelling, or refused with FILE32: a cell that stands there twice, rows out of order, a second
``sheetData``, cells in an extension, numbers that only some programs read as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NoReturn

from lxml import etree

from workbook_tools.core.cells import MAX_COLUMNS, MAX_ROWS, address, column_index
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.recent import Recent
from workbook_tools.excel.row_grammar import NUMBER, measure_rows
from workbook_tools.excel.written_cells import Written, WrittenLine, measure_lines, take_apart
from workbook_tools.files.package import ambiguous, parse_xml

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Of spreadsheets, transitional and strict."""
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s*\?>\s*)?<worksheet\s[^<>]*>'
    rb"(?>(?:<(?!(?:\w+:)?(?:row|c|v|sheetData|AlternateContent|extLst)[\s/>])/?(?![^<>]*\sxmlns=)[^<>]*>|\s+)*)"
)
"""All before the rows: settings of the sheet, its columns."""
_NAMESPACE = re.compile(rb'\sxmlns="([^"]*)"')
_USUAL_NAMESPACES = [[namespace.encode()] for namespace in NAMESPACES]
_CELL_BELOW = re.compile(rb"<(?:\w+:)?(?:row|c|v|is)[\s/>]")
_BARE_CELL_BELOW = re.compile(rb"<(?:row|c|v|is)[\s/>]")
"""As the other, where a prefix is known to be none of a sheet's: the anchor of a button has rows too (``xdr:row``)."""
_USUAL_SHEET = 300_000
"""Bytes of a sheet up to which its cells are taken apart; a form has a fifth of it."""
_USUAL_HEAD = 4_000
"""Bytes before the rows of a sheet up to which it is kept that they are written as usual."""
_PASSWORD = re.compile(rb'(<sheetProtection (?:sheet="(?:1|true)" )?)password="[0-9A-Fa-f]{1,4}" ')
"""As Excel and WPS write it, and as LibreOffice does."""
_SHOWN = rb'="[^"<>&\x00-\x1f]*+(?>(?:&(?:amp|lt|gt|quot|apos);[^"<>&\x00-\x1f]*+)*)"'
_NOT_IN_CELLS = (
    (re.compile(rb" promptTitle" + _SHOWN + rb" prompt" + _SHOWN + rb" sqref="), b" sqref="),
    (re.compile(rb" prompt" + _SHOWN + rb" promptTitle" + _SHOWN + rb" showDropDown="), b" showDropDown="),
    (re.compile(rb" display" + _SHOWN + rb"/>"), b"/>"),
)
"""What stands beside a cell while something is typed into it, as Excel and as LibreOffice write it, and how a program calls a link:
in ours the names of indicators."""
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_AROUND = Recent[bytes](25_000)
"""What was found to be written as usual around the rows of a sheet, and that without prompts."""
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_PLAIN_NUMBER = re.compile(NUMBER.decode())
_TEXTS = tuple(f"{{*}}{name}" for name in ("t", "r", "si", "is"))
_KEPT_OF_ROW = ("s", "customFormat", "ht", "hidden")
_PLAIN_SETTING = re.compile(r"[A-Za-z0-9.]+")
_KEPT_OF_FORMULA = ("t", "ref", "si", "ca", "dt2D", "dtr", "r1", "r2", "del1", "del2", "aca", "bx")


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A worksheet's XML in the usual spelling, and how far it reaches."""

    xml: bytes
    rows: int = 0
    columns: int = 0
    """Up to the last cell that holds something."""
    around: bytes = b""
    """The sheet without its rows (:func:`cut_around`) and prompts; of a large one nothing."""
    frames: tuple[bytes, ...] = ()
    """Its rows without what their cells hold."""
    lines: Sequence[WrittenLine] | None = None
    """Its rows one by one, if it was taken apart; a large sheet is not."""
    kinds: frozenset[str] = frozenset()
    """Those of the cells of such a sheet."""

    @property
    def cells(self) -> list[Written] | None:
        """Its cells one by one; nothing if it was not taken apart."""
        return None if self.lines is None else [cell for line in self.lines for cell in line.cells]


def read_plainly(xml: bytes, sheet: str, *, alike: bool = False) -> PlainSheet:
    """The sheet in the usual spelling; ``sheet`` is its title, for messages. One of many that are ``alike`` is taken apart.

    Raises UnreadableWorkbook FILE32 where programs could read it differently; lxml's errors and ValueError if it is damaged.
    """
    measured = _measure(xml, _CELL_BELOW, alike) or _measure(_rewrite(xml, sheet), _BARE_CELL_BELOW, alike)
    if measured is None:
        raise ambiguous(f"工作表“{sheet}”里有少见的写法")
    return measured


def _find_rows(xml: bytes, below: re.Pattern[bytes] = _CELL_BELOW) -> bytes | None:
    """What stands between the tags of sheetData, if the sheet around it is written as usual."""
    start, end = find_data(xml), xml.rfind(b"</sheetData>")
    if start is None:
        return None
    if xml.startswith(b"<sheetData/>", start):
        rows, tail = b"", start + 12
    elif xml.startswith(b"<sheetData>", start) and end > 0:
        rows, tail = xml[start + 11 : end], end + 12
    else:
        return None
    return rows if is_usual_tail(xml[tail:], below) else None


def find_data(xml: bytes) -> int | None:
    """Where sheetData begins in a sheet that is written as usual up to there; the rest need not be at hand."""
    start = xml.find(b"<sheetData")
    if 0 < start <= _USUAL_HEAD and xml[start + 10 : start + 11] in (b">", b"/"):
        return start if _is_usual_head(xml[:start]) else None
    head = _HEAD.match(xml)
    return head.end() if head and _is_usual(head[0]) else None


@lru_cache(maxsize=1 << 10)
def _is_usual_head(head: bytes) -> bool:
    """All before the rows is written as usual. Many sheets have it in common."""
    return _HEAD.fullmatch(head) is not None and _is_usual(head)


def _is_usual(head: bytes) -> bool:
    return _NAMESPACE.findall(head) in _USUAL_NAMESPACES and b"<!" not in head


def is_usual_tail(tail: bytes, below: re.Pattern[bytes] = _CELL_BELOW) -> bool:
    """What follows sheetData is the end of a sheet, with no cells or rows in it."""
    odd = b"sheetData" in tail or b"<!" in tail or b"<?" in tail or below.search(tail)
    return not odd and tail.rstrip().endswith(b"</worksheet>")


def _measure(xml: bytes, below: re.Pattern[bytes], alike: bool) -> PlainSheet | None:
    """How far the rows reach, and of one of many alike what its cells hold; nothing where it is not written as usual."""
    if alike and len(xml) <= _USUAL_SHEET:
        return _take_apart(xml, below)
    rows = _find_rows(xml, below)
    extent = None if rows is None else measure_rows(rows)
    return PlainSheet(xml, extent.last_row, extent.last_col) if extent else None


def cut_around(xml: bytes) -> bytes:
    """A worksheet without its rows, and without the password, which is another in every project."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    around = b"%b<sheetData/>%b" % (xml[:start], xml[end + 12 :]) if 0 <= start < end else xml
    word = _PASSWORD.search(around)
    return around[: word.end(1)] + around[word.end() :] if word else around


_read_frame = attrgetter("frame")


def drop_prompts(around: bytes) -> bytes:
    """What lies around the rows without words that no cell shows; all of it where a parser might stumble over one of them."""
    bare = around
    for words, rest in _NOT_IN_CELLS:
        bare = words.sub(rest, bare)
    if b" prompt" in bare or b" display=" in bare or any(sign in around for sign in _NO_CHARACTERS):
        return around
    try:
        around.decode()
    except UnicodeDecodeError:
        return around
    return bare


def _take_apart(xml: bytes, below: re.Pattern[bytes]) -> PlainSheet | None:
    """A sheet with its cells. What lies around the rows is the same in many, and is looked at once."""
    around, start = cut_around(xml), xml.find(b"<sheetData")
    has_rows = xml.startswith(b"<sheetData>", start)
    bare = _AROUND.find((around, below)) if has_rows else None
    rows = _find_rows(xml, below) if bare is None else xml[start + 11 : xml.rfind(b"</sheetData>")]
    if rows is None:
        return None
    if bare is None:
        bare = drop_prompts(around)
        if has_rows:
            _AROUND.keep((around, below), bare)
    lines = take_apart(rows)
    if lines is None:
        return None
    extent = measure_lines(lines)
    if extent is None:
        return None
    kinds = frozenset[str]().union(*[line.kinds for line in lines])
    return PlainSheet(xml, extent.last_row, extent.last_col, bare, tuple(map(_read_frame, lines)), lines, kinds)


# -- another spelling -------------------------------------------------------------------------------------------------


_CELLS = tuple(f"{{{namespace}}}{name}" for namespace in NAMESPACES for name in ("row", "c"))


def _rewrite(xml: bytes, sheet: str) -> bytes:
    """The sheet in the usual spelling."""
    root = parse_xml(xml)
    namespace = etree.QName(root).namespace
    if namespace not in NAMESPACES or etree.QName(root).localname != "worksheet":
        raise ambiguous(f"“{sheet}”不是工作表")
    data = list(root.iter("{*}sheetData"))
    if len(data) > 1 or any(
        found.getparent() is not root or found.tag != f"{{{namespace}}}sheetData" for found in data
    ):
        raise ambiguous(f"工作表“{sheet}”有不止一份单元格")
    if not data:
        data = [etree.SubElement(root, f"{{{namespace}}}sheetData")]
    rows = list(data[0])
    data[0].clear()
    if next(root.iter(*_CELLS), None) is not None:
        raise ambiguous(f"工作表“{sheet}”的单元格之外还有单元格")
    for element in root.iter(f"{{{namespace}}}*"):
        element.tag = etree.QName(element).localname
    etree.cleanup_namespaces(root)
    around = etree.tostring(root, encoding="UTF-8").replace(
        b"<worksheet", b'<worksheet xmlns="' + namespace.encode() + b'"', 1
    )
    writer = _RowWriter(namespace, sheet)
    for row in rows:
        writer.write_row(row)
    content = b"<sheetData>" + "".join(writer.parts).encode() + b"</sheetData>"
    return re.sub(rb"<sheetData\s*/>|<sheetData></sheetData>", lambda _: content, around, count=1)


class _RowWriter:
    """Rows of another spelling, written in the usual one."""

    def __init__(self, namespace: str, sheet: str) -> None:
        self._tag, self._sheet = f"{{{namespace}}}", sheet
        self.parts: list[str] = []
        self._row = 0
        self._col = -1

    def _refuse(self, what: str) -> NoReturn:
        raise self._refusal(what)

    def _refusal(self, what: str) -> UnreadableWorkbook:
        return ambiguous(f"工作表“{self._sheet}”第 {self._row} 行{what}")

    def write_row(self, row: etree._Element) -> None:
        if row.tag != f"{self._tag}row":
            self._refuse(f"之后夹有 {etree.QName(row).localname}")
        number = row.get("r", str(self._row + 1)).strip()
        if not number.isascii() or not number.isdecimal() or not self._row < int(number) <= MAX_ROWS:
            self._refuse(f"之后是第 {number} 行")
        self._row, self._col = int(number), -1
        kept = ((key, row.get(key, "")) for key in _KEPT_OF_ROW)
        settings = "".join(f' {key}="{value}"' for key, value in kept if _PLAIN_SETTING.fullmatch(value))
        self.parts.append(f'<row r="{self._row}"{settings}>')
        for cell in row:
            if cell.tag == f"{self._tag}c":
                self._write_cell(cell)
            elif cell.tag != f"{self._tag}extLst":
                self._refuse(f"里夹有 {etree.QName(cell).localname}")
        self.parts.append("</row>")

    def _write_cell(self, cell: etree._Element) -> None:
        where = self._place(cell.get("r"))
        children = [child for child in cell if child.tag != f"{self._tag}extLst"]
        names = [etree.QName(child).localname for child in children]
        if any(child.tag != self._tag + name for child, name in zip(children, names, strict=True)) or names not in (
            [],
            ["f"],
            ["v"],
            ["f", "v"],
            ["is"],
        ):
            self._refuse(f"的 {where} 里有 {'、'.join(names)}")
        parts = dict(zip(names, children, strict=True))
        kind = cell.get("t", "n")
        style = f' s="{int(cell.get("s", "0"))}"' if cell.get("s") else ""
        content = self._write_formula(parts.get("f")) + self._write_value(kind, parts, where)
        shown = "" if kind == "n" or not content else f' t="{kind}"'
        self.parts.append(f'<c r="{where}"{style}{shown}>{content}</c>' if content else f'<c r="{where}"{style}/>')

    def _place(self, text: str | None) -> str:
        """The address of a cell; one that says none stands right of the cell before."""
        if text is None:
            row, col = self._row, self._col + 1
        elif match := _ADDRESS.fullmatch(text):
            row, col = int(match[2]), column_index(match[1])
        else:
            raise ValueError(text)
        if row != self._row or not self._col < col < MAX_COLUMNS:
            self._refuse(f"里的 {text} 不在它的位置，或者有两个")
        self._col = col
        return address(row - 1, col)

    def _write_formula(self, formula: etree._Element | None) -> str:
        if formula is None:
            return ""
        if len(formula):
            self._refuse("的公式里夹有别的内容")
        kept = {key: formula.get(key, "") for key in _KEPT_OF_FORMULA if formula.get(key) is not None}
        return _write_element("f", formula.text or "", kept)

    def _write_value(self, kind: str, parts: dict[str, etree._Element], where: str) -> str:
        value = parts.get("v")
        if value is not None and len(value):
            self._refuse(f"的 {where} 的值里夹有别的内容")
        text = (value.text or "") if value is not None else ""
        if "is" in parts and kind != "inlineStr":
            self._refuse(f"的 {where} 有两种值")
        if kind == "inlineStr":
            return self._write_text(parts["is"]) if "is" in parts else ""
        if value is None or (kind in ("n", "str", "d") and not text):
            return ""
        trimmed = text.strip(" \t\r\n")
        if kind == "n" and trimmed and _PLAIN_NUMBER.fullmatch(trimmed):
            return f"<v>{trimmed}</v>"
        if (kind == "s" and trimmed.isascii() and trimmed.isdecimal()) or (kind == "b" and trimmed in ("0", "1")):
            return f"<v>{int(trimmed)}</v>"
        if kind == "b" and trimmed in ("true", "false"):
            return f"<v>{int(trimmed == 'true')}</v>"
        if kind in ("str", "e"):
            return _write_element("v", text)
        raise self._refusal(f"的 {where} 的值“{text[:30]}”（类型 {kind}）不是每个程序都认")

    def _write_text(self, content: etree._Element) -> str:
        text = join_runs(content, self._tag)
        return f"<is>{_write_element('t', text, {_SPACE_NAME: 'preserve'})}</is>"


_SPACE_NAME = "{http://www.w3.org/XML/1998/namespace}space"


def is_plain_number(text: str) -> bool:
    """Every program reads it as the same number: not ``1_000``, ``１２``, ``nan``."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def join_runs(content: etree._Element, tag: str) -> str:
    """The text of a string item: its text and those of its runs; what stands above it as its pronunciation is none of it.

    Raises FILE32 for anything else in it, and for texts further down, which some programs count.
    """
    homes = {content, *(child for child in content if child.tag == f"{tag}r")}
    inside = (item for child in content if child.tag != f"{tag}rPh" for item in child.iter(*_TEXTS))
    if any(item.getparent() not in homes or (len(item) and item.tag == f"{tag}t") for item in inside):
        raise ambiguous("文字里夹有文字")
    parts = [child.tag for child in content]
    if parts.count(f"{tag}t") > 1 or {f"{tag}t", f"{tag}r"} <= {*parts}:
        raise ambiguous("一处有两份文字")
    texts: list[str] = []
    for child in content:
        name = etree.QName(child).localname
        if child.tag != tag + name or name not in ("t", "r", "rPh", "phoneticPr"):
            raise ambiguous(f"文字里夹有 {name}")
        written = [child] if name == "t" else child.findall(f"{tag}t") if name == "r" else []
        if len(written) > 1:
            raise ambiguous("一处有两份文字")
        texts += [element.text or "" for element in written]
    return "".join(texts)


def _write_element(name: str, text: str, attributes: dict[str, str] | None = None) -> str:
    element = etree.Element(name, attributes or {})
    element.text = text
    return etree.tostring(element, encoding="unicode")
