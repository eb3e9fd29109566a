"""The shared strings of a workbook in the one spelling in which every program reads the same."""

from __future__ import annotations

import re

from lxml import etree

from workbook_tools.excel.row_grammar import ESCAPE
from workbook_tools.excel.sheet_grammar import NAMESPACES, join_runs
from workbook_tools.excel.written_texts import OddText, read_text, trim_text
from workbook_tools.files.package import ambiguous, parse_xml

_TEXT = rb'<t(?: xml:space="preserve")?>[^<]*+</t>'
_ITEM = re.compile(
    rb"<si>(?:"
    + _TEXT
    + rb"|<t/>|(?>(?:<r>(?>(?:<rPr>(?>(?:<[A-Za-z]+(?>(?: [A-Za-z]+=\"[^\"<>]{0,100}\")*)/>)*)</rPr>)?)"
    + _TEXT
    + rb"</r>)+))</si>|<si/>|\s+"
)
"""``<si><t>项目</t></si>``, or a text of several formats: ``<si><r><rPr><b/></rPr><t>项</t></r><r><t>目</t></r></si>``."""
_START = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")?\s*\?>\s*)?'
    rb'<sst xmlns="([^"]*)"(?>(?: [A-Za-z]+="[^"<>]{0,100}")*)>'
)
_END = b"</sst>"
_PIECES = re.compile(r"<si/>|</si>|<t/>|<t([^<>]*)>([^<]*)</t>")
"""Of items in the usual spelling the ends, and the texts in them with what is said of them."""
_PLAIN_ITEM = re.compile('<si><t( xml:space="preserve")?>([^<]*)</t></si>')
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def read_strings_plainly(xml: bytes) -> bytes:
    """The part with one text in each item, and without the statement how many they are: calamine allots memory for it.

    Raises UnreadableWorkbook FILE32 where programs could read other texts, or count them differently.
    """
    usual = _find_usual_items(xml)
    items = _rewrite(xml) if usual is None else usual
    if has_odd_escape(items):
        raise ambiguous("文字里有 _x0031_ 一类的写法")
    return wrap_items(items)


def find_items(xml: bytes) -> int | None:
    """Where the items begin in a part that is written as usual up to there; the rest need not be at hand."""
    start = _START.match(xml)
    return start.end() if start and start[1].decode("utf-8", "replace") in NAMESPACES else None


def split_items(items: bytes) -> list[bytes] | None:
    """The items, each by itself, and what blanks stand among them; nothing where one is not written as usual."""
    found: list[bytes] = _ITEM.findall(items)
    return found if sum(map(len, found)) == len(items) else None


def has_odd_escape(items: bytes) -> bool:
    """Some text is another to Excel than to other programs."""
    return b"_x" in items and ESCAPE.search(items) is not None


def wrap_items(items: bytes) -> bytes:
    """The part of these items."""
    return b'<sst xmlns="' + NAMESPACES[0].encode() + b'">' + items + _END


def _find_usual_items(xml: bytes) -> bytes | None:
    """The items, if the part is written as usual from its beginning to its end."""
    start, end = find_items(xml), xml.rfind(_END)
    usual = start is not None and end >= start and not xml[end + len(_END) :].strip()
    return xml[start:end] if usual and split_items(xml[start:end]) is not None else None


def read_texts(xml: bytes) -> list[str] | None:
    """The texts of the part; ``None`` where only calamine reads them."""
    try:
        if (plain := _read_plain_items(xml)) is not None:
            return plain
        items = _find_usual_items(xml)
        return _read_items(items.decode()) if items is not None else None
    except (OddText, UnicodeDecodeError):
        return None


def _read_plain_items(xml: bytes) -> list[str] | None:
    """The texts of a part of which each item is but a text, with nothing between them. Raises OddText."""
    start, end = find_items(xml), xml.rfind(_END)
    if start is None or end < start or xml[end + len(_END) :].strip():
        return None
    items = xml[start:end].decode()
    texts = _PLAIN_ITEM.findall(items)
    length = sum([len(said) + len(text) for said, text in texts]) + len(texts) * len("<si><t></t></si>")
    if length != len(items):
        return None
    if "&" in items or "_x" in items or "\r" in items:
        texts = [(said, read_text(text)) for said, text in texts]
    return [text if said else trim_text(text, said) for said, text in texts]


def _read_items(items: str) -> list[str]:
    texts: list[str] = []
    parts: list[str] = []
    for match in _PIECES.finditer(items):
        if match[2] is not None:
            parts.append(trim_text(read_text(match[2]), match[1]))
        elif match[0] != "<t/>":
            texts.append("".join(parts))
            parts = []
    return texts


def _rewrite(xml: bytes) -> bytes:
    root = parse_xml(xml)
    name = etree.QName(root)
    if name.namespace not in NAMESPACES or name.localname != "sst":
        raise ambiguous("共享文字不是 Excel 的写法")
    tag = f"{{{name.namespace}}}"
    if any(item.getparent() is not root for item in root.iter("{*}si")):
        raise ambiguous("共享文字里夹有文字")
    items: list[bytes] = []
    for item in root:
        if item.tag == f"{tag}extLst":
            continue
        if item.tag != f"{tag}si":
            raise ambiguous(f"共享文字里夹有 {etree.QName(item).localname}")
        text = etree.Element("t", {_SPACE: "preserve"})
        text.text = join_runs(item, tag)
        items.append(b"<si>" + etree.tostring(text, encoding="UTF-8").rpartition(b"?>\n")[2] + b"</si>")
    return b"".join(items)
