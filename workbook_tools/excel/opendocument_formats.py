"""What the text formats of OpenDocument put around an empty text: ``"填报人："@`` shows 填报人： where nobody is named."""

from __future__ import annotations

from lxml import etree

from workbook_tools.excel.opendocument_names import NUMBER, STYLE

_PARENTS = 10
"""So many styles may be based on each other; programs write one or two."""


def read_empty_texts(*parts: etree._Element) -> dict[str, str]:
    """What a cell shows that holds an empty text, by the name of its style; styles that show nothing then are left out.

    ``parts`` are the roots of styles.xml and content.xml; what the later one calls by the same name counts.
    """
    words = {_name(item): _join_words(item) for part in parts for item in part.iter(f"{NUMBER}text-style")}
    styles = {_name(item): item for part in parts for item in part.iter(f"{STYLE}style")}
    found = ((name, words.get(_find_format(name, styles), "")) for name in styles)
    return {name: shown for name, shown in found if shown}


def _name(style: etree._Element) -> str:
    return style.get(f"{STYLE}name", "")


def _join_words(style: etree._Element) -> str:
    return "".join(item.text or "" for item in style.iterchildren(f"{NUMBER}text"))


def _find_format(name: str, styles: dict[str, etree._Element]) -> str:
    """The format that a style names, or the nearest of those that it is based on."""
    for _ in range(_PARENTS):
        style = styles.get(name)
        if style is None:
            break
        if found := style.get(f"{STYLE}data-style-name"):
            return found
        name = style.get(f"{STYLE}parent-style-name", "")
    return ""
