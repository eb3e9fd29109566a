"""From what the template engine printed to a sound document: breaks, highlights, merged cells.

Works on the parsed XML of one part, in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.word.charts import draw_inline, make_room
from workbook_tools.word.measures import W
from workbook_tools.word.text import CHART, HIGHLIGHT_OFF, HIGHLIGHT_ON, SAME_AS_ABOVE

_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

_BROKEN = re.compile(f"([\t\n{HIGHLIGHT_ON}{HIGHLIGHT_OFF}]|{CHART}[^{CHART}]*{CHART})")
_BEFORE_VMERGE = {W + name for name in ("cnfStyle", "tcW", "gridSpan", "hMerge")}
_AFTER_COLOR = {
    W + name
    for name in (
        "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText",
        "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
    )
}  # fmt: skip
_AFTER_HIGHLIGHT = _AFTER_COLOR - {W + name for name in ("spacing", "w", "kern", "position", "sz", "szCs", "highlight")}


def finish(root: Element) -> None:
    """Turn breaks and signs in the text into Word's own elements, and mend what loops may have broken."""
    signed = False
    for text in list(root.iter(W + "t")):
        content = text.text or ""
        signed = signed or SAME_AS_ABOVE in content
        if CHART in content:
            make_room(next(text.iterancestors(W + "p")))
        if _BROKEN.search(content):
            _break_up(text)
        elif content != content.strip():
            text.set(qn("xml:space"), "preserve")
    if signed:
        for table in root.iter(W + "tbl"):
            _merge_cells(table)
        for text in root.iter(W + "t"):
            text.text = (text.text or "").replace(SAME_AS_ABOVE, "")
    _mend_tables(root)
    _drop_empty_section(root)
    _drop_repeated_ids(root)


def _break_up(text: Element) -> None:
    """Split the run of ``text`` at tabs and highlights, and its paragraph at line breaks."""
    run = _isolated(text)
    lines = _lines(run, text.text or "")
    parent = run.getparent()
    assert parent is not None  # noqa: S101
    if parent.tag == W + "p":
        _split_paragraph(parent, run, lines)
        return
    for number, line in enumerate(lines):
        if number:
            run.addprevious(_run_like(run, etree.Element(W + "br")))
        for piece in line:
            run.addprevious(piece)
    parent.remove(run)


def _isolated(text: Element) -> Element:
    """The run of ``text``, with its other content moved into runs of their own."""
    run = text.getparent()
    assert run is not None  # noqa: S101
    for sibling in list(run):
        if sibling is text or sibling.tag == W + "rPr":
            continue
        if run.index(sibling) < run.index(text):
            run.addprevious(_run_like(run, sibling))
        else:
            following = list(run)[run.index(sibling) :]
            run.addnext(_run_like(run, *following))
            break
    return run


def _run_like(run: Element, *content: Element) -> Element:
    """A new run with the formatting of ``run``."""
    twin = etree.Element(W + "r")
    properties = run.find(W + "rPr")
    if properties is not None:
        twin.append(deepcopy(properties))
    twin.extend(content)
    return twin


def _lines(run: Element, content: str) -> list[list[Element]]:
    lines: list[list[Element]] = [[]]
    highlighted = False
    for piece in _BROKEN.split(content):
        if piece == "\n":
            lines.append([])
        elif piece in (HIGHLIGHT_ON, HIGHLIGHT_OFF):
            highlighted = piece == HIGHLIGHT_ON
        elif piece:
            if piece == "\t":
                element = etree.Element(W + "tab")
            elif piece.startswith(CHART):
                element = draw_inline(piece)
            else:
                element = etree.Element(W + "t", {qn("xml:space"): "preserve"})
                element.text = piece
            new = _run_like(run, element)
            if highlighted:
                _highlight(new)
            lines[-1].append(new)
    return lines


def _highlight(run: Element) -> None:
    properties = run.find(W + "rPr")
    if properties is None:
        properties = etree.Element(W + "rPr")
        run.insert(0, properties)
    for name, value, later in (("color", "C00000", _AFTER_COLOR), ("highlight", "yellow", _AFTER_HIGHLIGHT)):
        for old in properties.findall(W + name):
            properties.remove(old)
        new = etree.Element(W + name, {W + "val": value})
        place = next((n for n, child in enumerate(properties) if child.tag in later), len(properties))
        properties.insert(place, new)


def _split_paragraph(paragraph: Element, run: Element, lines: list[list[Element]]) -> None:
    """All lines but the last become paragraphs before this one, which keeps its section break, if it has one."""
    properties = paragraph.find(W + "pPr")
    in_table = next(paragraph.iterancestors(W + "tc"), None) is not None
    for number, line in enumerate(lines[:-1]):
        new = etree.Element(W + "p")
        if properties is not None:
            copied = deepcopy(properties)
            # What ends a section, or keeps to what follows, is the last of them.
            for name in ("sectPr",) if in_table else ("sectPr", "keepNext", "keepLines"):
                for last_only in copied.findall(W + name):
                    copied.remove(last_only)
            new.append(copied)
        if number == 0:
            new.extend(child for child in list(paragraph)[: paragraph.index(run)] if child is not properties)
        new.extend(line)
        paragraph.addprevious(new)
    for piece in lines[-1]:
        run.addprevious(piece)
    paragraph.remove(run)


def _merge_cells(table: Element) -> None:
    """A cell that holds the sign 同上 continues the cell above it."""
    above: dict[int, Element] = {}
    for row in table.findall(W + "tr"):
        current: dict[int, Element] = {}
        for column, cell in _cells(row):
            current[column] = cell
            if column in above and any(SAME_AS_ABOVE in (text.text or "") for text in cell.iter(W + "t")):
                if _vertical_merge(above[column]) is None:
                    _set_vertical_merge(above[column], "restart")
                _set_vertical_merge(cell, "continue")
                _empty(cell)
        above = current


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row with the grid column each starts at."""
    column = 0
    for cell in row.iter(W + "tc"):
        if cell.getparent() is row:
            yield column, cell
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            column += 1 if span is None else int(span.get(W + "val", "1"))


def _vertical_merge(cell: Element) -> Element | None:
    return cell.find(f"{W}tcPr/{W}vMerge")


def _set_vertical_merge(cell: Element, value: str) -> None:
    merge = _vertical_merge(cell)
    if merge is None:
        properties = cell.find(W + "tcPr")
        if properties is None:
            properties = etree.Element(W + "tcPr")
            cell.insert(0, properties)
        merge = etree.Element(W + "vMerge")
        properties.insert(sum(child.tag in _BEFORE_VMERGE for child in properties), merge)
    merge.set(W + "val", value)


def _empty(cell: Element) -> None:
    """Leave one empty paragraph of the cell's style."""
    first = cell.find(W + "p")
    properties = None if first is None else first.find(W + "pPr")
    for child in list(cell):
        if child.tag != W + "tcPr":
            cell.remove(child)
    paragraph = etree.SubElement(cell, W + "p")
    if properties is not None:
        paragraph.append(properties)


def _mend_tables(root: Element) -> None:
    """A table without rows goes; a cell ends with a paragraph, as Word demands."""
    for table in list(root.iter(W + "tbl")):
        parent = table.getparent()
        if table.find(W + "tr") is None and parent is not None:
            parent.remove(table)
    for cell in root.iter(W + "tc"):
        if not len(cell) or cell[-1].tag != W + "p":
            etree.SubElement(cell, W + "p")


def _drop_empty_section(root: Element) -> None:
    """A last section whose content a condition has dropped would be an empty page: the one before it is the last."""
    body = root.find(W + "body")
    last = None if body is None else body.find(W + "sectPr")
    before = None if last is None else last.getprevious()
    section = None if before is None or before.tag != W + "p" else before.find(f"{W}pPr/{W}sectPr")
    if body is not None and last is not None and section is not None:
        body.replace(last, section)


def _drop_repeated_ids(root: Element) -> None:
    """Loops repeat what must be unique: paragraph ids, bookmarks and the numbers of charts and pictures."""
    for row in root.iter(W + "p", W + "tr"):
        for name in ("paraId", "textId"):
            row.attrib.pop(_WORD_2010 + name, "")
    _drop_halves(root)
    names: set[str] = set()
    for start in list(root.iter(W + "bookmarkStart")):
        name, number = start.get(W + "name", ""), start.get(W + "id", "")
        if name in names:
            _drop_bookmark(start, number)
        names.add(name)
    for count, picture in enumerate(root.iter("{*}docPr"), 1):
        picture.set("id", str(count))


def _drop_halves(root: Element) -> None:
    """Word likes to leave a bookmark where somebody typed last; where a tag swallowed one end, the other goes too."""
    ends = {end.get(W + "id"): end for end in root.iter(W + "bookmarkEnd")}
    starts = {start.get(W + "id"): start for start in root.iter(W + "bookmarkStart")}
    for number in starts.keys() ^ ends.keys():
        half = starts.get(number) if number in starts else ends.get(number)
        parent = None if half is None else half.getparent()
        if parent is not None and half is not None:
            parent.remove(half)


def _drop_bookmark(start: Element, number: str) -> None:
    end = next((e for e in start.itersiblings(W + "bookmarkEnd") if e.get(W + "id") == number), None)
    for element in (start, end):
        parent = None if element is None else element.getparent()
        if parent is not None and element is not None:
            parent.remove(element)
