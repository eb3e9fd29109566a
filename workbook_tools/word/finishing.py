"""From what the template engine printed to a sound document: breaks, highlights, charts, places, merged cells.

Works on one part of a document of python-docx, in place. Its objects do what they can (runs, fonts, cells); where a paragraph
is split or a loop has repeated what must be unique, the elements are moved here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from docx.enum.text import WD_COLOR_INDEX
from docx.opc.part import XmlPart
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.shared import RGBColor
from docx.text.font import Font
from docx.text.paragraph import Paragraph as DocxParagraph
from lxml.etree import _Element as Element

from workbook_tools.word.charts import draw_chart, make_room
from workbook_tools.word.elements import find_all, make_element, qn, remove
from workbook_tools.word.places import make_end, make_start, settle_places
from workbook_tools.word.text import CHART, HIGHLIGHT_OFF, HIGHLIGHT_ON, PLACE, PLACE_END, SAME_AS_ABOVE

_PARAGRAPH_IDS = tuple(
    f"{{http://schemas.microsoft.com/office/word/2010/wordml}}{name}" for name in ("paraId", "textId")
)
_STEERED = re.compile(
    f"([\t\n{HIGHLIGHT_ON}{HIGHLIGHT_OFF}{PLACE_END}]|{CHART}[^{CHART}]*{CHART}|{PLACE}[^{PLACE}]*{PLACE})"
)
_WARNING_COLOR = RGBColor(0xC0, 0, 0)
_LAST_ONLY = ("w:sectPr", "w:keepNext", "w:keepLines")
"""Of a paragraph that is split only the last one ends the section, or keeps to what follows."""


def finish(part: XmlPart) -> None:
    """Turn breaks and signs in the text into Word's own elements, and mend what loops may have broken."""
    root = part.element
    signed = False
    for text in list(root.iter(qn("w:t"))):
        content = text.text or ""
        signed = signed or SAME_AS_ABOVE in content
        if CHART in content:
            make_room(DocxParagraph(next(text.iterancestors(qn("w:p"))), part))
        if _STEERED.search(content):
            _follow_signs(text, part)
        elif content != content.strip():
            text.set(qn("xml:space"), "preserve")
    if signed:
        for table in find_all(root, "w:tbl", CT_Tbl):
            if any(SAME_AS_ABOVE in (text.text or "") for text in table.iter(qn("w:t"))):
                _merge_cells(table)
        for text in root.iter(qn("w:t")):
            text.text = (text.text or "").replace(SAME_AS_ABOVE, "")
    _mend_tables(root)
    _drop_empty_section(root)
    settle_places(root)
    _drop_repeated_ids(root)


# -- signs in a text --------------------------------------------------------------------------------------------------


def _follow_signs(text: Element, part: XmlPart) -> None:
    """Split the run of ``text`` at tabs, charts and highlights, and its paragraph at line breaks."""
    run = _alone(text)
    lines = _lines(run, text.text or "", part)
    parent = run.getparent()
    if isinstance(parent, CT_P):
        _split_paragraph(parent, run, lines)
        return
    for number, line in enumerate(lines):
        if number:
            broken = _run_like(run)
            broken.add_br()
            run.addprevious(broken)
        for piece in line:
            run.addprevious(piece)
    remove(run)


def _alone(text: Element) -> CT_R:
    """The run of ``text``, with its other content moved into runs of their own."""
    run = text.getparent()
    assert isinstance(run, CT_R)  # noqa: S101 - Word has no text elsewhere
    content = list(run)
    place = content.index(text)
    before = [child for child in content[:place] if child is not run.rPr]
    after = content[place + 1 :]
    if before:
        run.addprevious(_run_like(run, *before))
    if after:
        run.addnext(_run_like(run, *after))
    return run


def _run_like(run: CT_R, *content: Element) -> CT_R:
    """A new run with the formatting of ``run``."""
    twin = make_element("w:r", CT_R)
    if run.rPr is not None:
        twin.append(deepcopy(run.rPr))
    twin.extend(content)
    return twin


def _lines(run: CT_R, content: str, part: XmlPart) -> list[list[Element]]:
    lines: list[list[Element]] = [[]]
    highlighted = False
    for piece in _STEERED.split(content):
        if piece == "\n":
            lines.append([])
        elif piece in (HIGHLIGHT_ON, HIGHLIGHT_OFF):
            highlighted = piece == HIGHLIGHT_ON
        elif piece.startswith((PLACE, PLACE_END)):
            lines[-1].append(make_start(piece.strip(PLACE)) if piece.startswith(PLACE) else make_end())
        elif piece:
            new = _run_like(run)
            if piece.startswith(CHART):
                new.add_drawing(draw_chart(piece, part))
            elif piece == "\t":
                new.add_tab()
            else:
                new.add_t(piece).set(qn("xml:space"), "preserve")
            if highlighted:
                font = Font(new)
                font.color.rgb, font.highlight_color = _WARNING_COLOR, WD_COLOR_INDEX.YELLOW
            lines[-1].append(new)
    return lines


def _split_paragraph(paragraph: CT_P, run: CT_R, lines: list[list[Element]]) -> None:
    """All lines but the last become paragraphs before this one."""
    in_table = next(paragraph.iterancestors(qn("w:tc")), None) is not None
    for number, line in enumerate(lines[:-1]):
        new = paragraph.add_p_before()
        if paragraph.pPr is not None:
            properties = deepcopy(paragraph.pPr)
            new.append(properties)
            properties.remove_all(*_LAST_ONLY[:1] if in_table else _LAST_ONLY)
        if number == 0:
            new.extend(child for child in list(paragraph)[: paragraph.index(run)] if child is not paragraph.pPr)
        new.extend(line)
    for piece in lines[-1]:
        run.addprevious(piece)
    paragraph.remove(run)


# -- tables -----------------------------------------------------------------------------------------------------------


def _merge_cells(table: CT_Tbl) -> None:
    """A cell that holds the sign 同上 continues the cell above it."""
    above: dict[int, CT_Tc] = {}
    for row in table.tr_lst:
        current: dict[int, CT_Tc] = {}
        for column, cell in _places(row):
            current[column] = cell
            if column in above and any(SAME_AS_ABOVE in (text.text or "") for text in cell.iter(qn("w:t"))):
                above[column].vMerge = above[column].vMerge or "restart"
                cell.vMerge = "continue"
                _empty(cell)
        above = current


def _places(row: CT_Row) -> Iterator[tuple[int, CT_Tc]]:
    """The cells of a row with the grid column each starts at."""
    column = row.grid_before
    for cell in row.tc_lst:
        yield column, cell
        # python-docx takes its time over every cell, and few are wider than one column
        column += 1 if next(cell.iter(qn("w:gridSpan")), None) is None else cell.grid_span


def _empty(cell: CT_Tc) -> None:
    """Leave one empty paragraph of the cell's style."""
    properties = cell.p_lst[0].pPr if cell.p_lst else None
    cell.clear_content()
    paragraph = cell.add_p()
    if properties is not None:
        paragraph.append(properties)


def _mend_tables(root: Element) -> None:
    """A table without rows goes; a cell ends with a paragraph, as Word demands."""
    for table in find_all(root, "w:tbl", CT_Tbl):
        if not table.tr_lst:
            remove(table)
    for cell in find_all(root, "w:tc", CT_Tc):
        if not len(cell) or not isinstance(cell[-1], CT_P):
            cell.add_p()


# -- sections and ids -------------------------------------------------------------------------------------------------


def _drop_empty_section(root: Element) -> None:
    """A last section whose content a condition has dropped would be an empty page: the one before it is the last."""
    body = root.find(qn("w:body"))
    last = None if body is None else body.find(qn("w:sectPr"))
    before = None if last is None else last.getprevious()
    if body is not None and last is not None and isinstance(before, CT_P):
        section = before.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if section is not None:
            body.replace(last, section)


def _drop_repeated_ids(root: Element) -> None:
    """Loops repeat what must be unique: paragraph ids, bookmarks and the numbers of charts and pictures."""
    for row in root.iter(qn("w:p"), qn("w:tr")):
        for name in _PARAGRAPH_IDS:
            row.attrib.pop(name, "")
    _drop_halves(root)
    names: set[str] = set()
    for start in list(root.iter(qn("w:bookmarkStart"))):
        name, number = start.get(qn("w:name"), ""), start.get(qn("w:id"), "")
        if name in names:
            _drop_bookmark(start, number)
        names.add(name)
    for count, picture in enumerate(root.iter("{*}docPr"), 1):
        picture.set("id", str(count))


def _drop_halves(root: Element) -> None:
    """Word likes to leave a bookmark where somebody typed last; where a tag swallowed one end, the other goes too."""
    ends = {end.get(qn("w:id")): end for end in root.iter(qn("w:bookmarkEnd"))}
    starts = {start.get(qn("w:id")): start for start in root.iter(qn("w:bookmarkStart"))}
    for number in starts.keys() ^ ends.keys():
        remove({**starts, **ends}[number])


def _drop_bookmark(start: Element, number: str) -> None:
    end = next((e for e in start.itersiblings(qn("w:bookmarkEnd")) if e.get(qn("w:id")) == number), None)
    remove(start)
    if end is not None:
        remove(end)
