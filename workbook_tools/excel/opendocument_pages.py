"""What OpenDocument sheets print above and below each page: it stands with the styles of the file, by the name of a master page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from workbook_tools.excel.opendocument_names import STYLE, TABLE, TEXT
from workbook_tools.excel.print_areas import find_page_words

_MASTER = f"{STYLE}master-page-name"
_USUAL = "Default"
_WORDS = tuple(f"{TEXT}{name}" for name in ("span", "a"))
"""Elements in a line that hold words; the others are numbers of pages, names of sheets and files, days."""

Lines = tuple[tuple[str, ...], tuple[str, ...]]
"""Those of headers, and those of footers."""


def read_page_lines(styles: etree._Element) -> dict[str, Lines]:
    """The lines by the names of the master pages; ``styles`` is the root of styles.xml."""
    return {page.get(f"{STYLE}name", ""): _read_page(page) for page in styles.iter(f"{STYLE}master-page")}


def find_page_lines(table: etree._Element, masters: Mapping[str, str], pages: Mapping[str, Lines]) -> Lines:
    """The lines of a sheet; ``masters`` are the names of master pages by those of the styles of sheets."""
    name = masters.get(table.get(f"{TABLE}style-name", "")) or _USUAL
    return pages.get(name, ((), ()))


def list_masters(content: etree._Element) -> dict[str, str]:
    """The master pages by the styles of sheets that name one."""
    styles = content.iter(f"{STYLE}style")
    return {style.get(f"{STYLE}name", ""): style.get(_MASTER, "") for style in styles if style.get(_MASTER)}


def _read_page(page: etree._Element) -> Lines:
    head, foot = (tuple(dict.fromkeys(_list_lines(page, kind))) for kind in ("header", "footer"))
    return head, foot


def _list_lines(page: etree._Element, kind: str) -> Iterator[str]:
    for name in (kind, f"{kind}-left", f"{kind}-first"):
        for part in page.iterchildren(f"{STYLE}{name}"):
            if part.get(f"{STYLE}display") == "false":
                continue
            for line in part.iter(f"{TEXT}p"):
                if words := find_page_words(_join_words(line).replace("&", "&&")):
                    yield words


def _join_words(line: etree._Element) -> str:
    parts = [line.text or ""]
    for child in line:
        if child.tag in _WORDS:
            parts.append(_join_words(child))
        elif child.tag in (f"{TEXT}s", f"{TEXT}tab"):
            parts.append(" ")
        parts.append(child.tail or "")
    return "".join(parts)
