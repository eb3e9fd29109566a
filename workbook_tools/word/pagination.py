"""On which page a paragraph comes out, without a layout program: for the page numbers of the table of contents.

A .docx holds no pages; the program that opens it makes them. Our forms fix every line's pitch and never split a row,
so that little is left to chance: characters are one em or half an em wide, lines and rows are added up until a page is
full. Where an office's form leaves heights to the fonts, a number may be off by one until the fields are updated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from workbook_tools.word.measures import TWIP, ParagraphStyles, W, number

_BORDER = 0.5
_EMU = 12700
"""Drawing units in a point."""
_A4 = (595.3, 841.9, 72.0, 72.0, 72.0, 72.0)


@dataclass(slots=True)
class _Piece:
    """A line or a table row: what is never split."""

    height: float
    keep: bool = False
    """Stays on the page of the next piece."""
    start: Element | None = None
    """The paragraph that begins here."""
    new_page: bool = False
    repeated: float = 0
    """Height of the header rows that come before it at the top of a page."""


def pages(body: Element, styles: ParagraphStyles) -> dict[Element, int]:
    """The printed page number of each paragraph that stands outside tables."""
    found: dict[Element, int] = {}
    page = 0
    for blocks, section in _sections(body):
        width, height = _text_area(section)
        start = None if section is None else section.find(f"{W}pgNumType")
        if start is not None and start.get(f"{W}start") is not None:
            page = int(number(start, "start")) - 1
        pieces = [piece for block in blocks for piece in _pieces(block, styles, width)]
        page = _fill(pieces, height, page + 1, found)
    return found


def _fill(pieces: Sequence[_Piece], height: float, page: int, found: dict[Element, int]) -> int:
    """Note where each paragraph begins; the section's last page."""
    together = 0.0
    needs = []
    for piece in reversed(pieces):
        together = piece.height + (together if piece.keep else 0)
        needs.append(together)
    used = 0.0
    for piece, need in zip(pieces, reversed(needs), strict=True):
        full = used + (need if need <= height else piece.height) > height + 0.1
        if used and (full or piece.new_page):
            page, used = page + 1, piece.repeated
        if piece.start is not None:
            found[piece.start] = page
        used += piece.height
    return page


def _sections(body: Element) -> Iterator[tuple[list[Element], Element | None]]:
    """The blocks of each section with its page set-up."""
    blocks: list[Element] = []
    for block in _blocks(body):
        if block.tag == f"{W}sectPr":
            yield blocks, block
            return
        blocks.append(block)
        end = block.find(f"{W}pPr/{W}sectPr")
        if end is not None:
            yield blocks, end
            blocks = []
    yield blocks, None


def _blocks(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from _blocks(content)
        elif child.tag in (f"{W}p", f"{W}tbl", f"{W}sectPr"):
            yield child


def _text_area(section: Element | None) -> tuple[float, float]:
    """Width and height of the text on a page."""
    size = None if section is None else section.find(f"{W}pgSz")
    margins = None if section is None else section.find(f"{W}pgMar")
    if size is None or margins is None:
        width, height, top, right, bottom, left = _A4
    else:
        width, height = number(size, "w") * TWIP, number(size, "h") * TWIP
        top, right, bottom, left = (abs(number(margins, side)) * TWIP for side in ("top", "right", "bottom", "left"))
    return width - left - right, height - top - bottom


def _pieces(block: Element, styles: ParagraphStyles, width: float) -> Iterator[_Piece]:
    if block.tag == f"{W}tbl":
        yield from _rows(block, styles)
        return
    size = styles.metrics(block)
    lines = size.lines(_text(block), width)
    picture = 0.0 if size.line else _picture(block)
    for line in range(lines):
        last = line == lines - 1
        yield _Piece(
            height=max(size.pitch, picture) + (size.before if line == 0 else 0) + (size.after if last else 0),
            keep=size.keep if last else size.whole,
            start=block if line == 0 else None,
            new_page=size.new_page and line == 0,
        )


def _picture(paragraph: Element) -> float:
    """Height of the highest picture in the line; a line of exact pitch would not grow with it."""
    heights = [int(extent.get("cy", "0")) / _EMU for extent in paragraph.iter("{*}extent")]
    return max(heights, default=0.0)


def _rows(table: Element, styles: ParagraphStyles) -> Iterator[_Piece]:
    margins = table.find(f"{W}tblPr/{W}tblCellMar")
    left, right, top, bottom = (_margin(margins, side) for side in ("left", "right", "top", "bottom"))
    header = 0.0
    for place, row in enumerate(table.iterfind(f"{W}tr")):
        height, keep = 0.0, False
        for cell in row.iterfind(f"{W}tc"):
            width = cell.find(f"{W}tcPr/{W}tcW")
            room = (number(width, "w") * TWIP if width is not None else 72) - left - right
            sizes = [(styles.metrics(p), _text(p)) for p in cell.iterfind(f"{W}p")]
            keep = keep or any(size.keep for size, _ in sizes)
            if cell.find(f"{W}tcPr/{W}vMerge") is None:
                height = max(height, sum(k.lines(text, room) * k.pitch + k.before + k.after for k, text in sizes))
        wanted = row.find(f"{W}trPr/{W}trHeight")
        borders = _BORDER if place else 2 * _BORDER
        height = max(height + top + bottom + borders, 0 if wanted is None else number(wanted, "val") * TWIP)
        if row.find(f"{W}trPr/{W}tblHeader") is not None:
            header += height
            yield _Piece(height, keep)
        else:
            yield _Piece(height, keep, repeated=header)


def _margin(margins: Element | None, side: str) -> float:
    element = None if margins is None else margins.find(W + side)
    usual = 5.4 if side in ("left", "right") else 0
    return usual if element is None else number(element, "w") * TWIP


def _text(paragraph: Element) -> str:
    """What is printed of a paragraph; a tab counts as two characters."""
    return "".join("　　" if e.tag == f"{W}tab" else e.text or "" for e in paragraph.iter(f"{W}t", f"{W}tab"))
