"""The door to Word documents that come from outside (.docx, .docm): paragraphs and tables in the order of the page.

The parts are read with the limits of :mod:`workbook_tools.files.package`, and walked here: what python-docx passes
over (content controls, text boxes, insertions under revision) holds figures in the reports of today, and one lost
picture would make it refuse a file that Word opens.

What a reader of the page sees is read: insertions under revision count, deletions and hidden text do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lxml import etree

from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.package import OLE_WORD, Package, read_file, unreadable

__all__ = ["Block", "Document", "DocumentCell", "DocumentTable", "Paragraph", "open_document"]

_LEAST_ROWS, _LEAST_COLS = 2, 3
"""Of a table inside a cell that is read as one."""
_MAX_SPAN = 63
"""Columns of a table, as Word limits them; more is no layout but an attack on memory."""
_OTHER_FILES = {"workbook": "Excel 工作簿", "presentation": "演示文稿"}
_UNSEEN = frozenset({"del", "moveFrom", "rt", "pPr", "tblPr", "trPr", "tcPr", "Fallback"})
"""Elements whose content is not on the page: deletions, the small print over ruby text, settings, second versions."""
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SYMBOLS = {
    **dict.fromkeys(("F0FE", "F052"), "☑"),
    **dict.fromkeys(("F0FC", "F050"), "√"),
    **dict.fromkeys(("F0FD", "F054"), "☒"),
    **dict.fromkeys(("F0A8", "F0A3", "F06F", "F071"), "□"),
}
"""Check boxes and ticks of the fonts Wingdings and Wingdings 2."""
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, or of a text box in it."""

    number: int
    """Counted from 1 as a reader would: blank paragraphs and those inside tables are left out."""
    text: str
    """Without blanks around it; tabs and line breaks inside are kept."""
    level: int | None = None
    """Of a heading: 1 is the highest."""


@dataclass(frozen=True, slots=True)
class DocumentCell:
    """A cell of a table: its upper left place (from 0) and how far it reaches."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    """Paragraphs on lines of their own; of a small table inside the cell, rows on lines and cells behind tabs."""


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table of the body. ``number`` counts from 1; a table of one cell is a frame, its content counts instead.

    A table inside a cell, but for a small one, follows the one it stands in.
    """

    number: int
    rows: int
    cols: int
    cells: tuple[DocumentCell, ...]


Block = Paragraph | DocumentTable


@dataclass(frozen=True)
class Document:
    """What stands in a document, from top to bottom."""

    blocks: tuple[Block, ...]

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs outside tables."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @cached_property
    def tables(self) -> tuple[DocumentTable, ...]:
        """The tables."""
        return tuple(block for block in self.blocks if isinstance(block, DocumentTable))


def open_document(path: Path, *, data: bytes | None = None) -> Document:
    """Read a Word document; ``data`` is the file's content where it is at hand already (a member of a zip).

    Raises UnreadableWorkbook: FILE01 no Word document, FILE02 empty, FILE03 damaged, FILE04 encrypted,
    FILE10 an older or other format (.doc, .wps), FILE11 too large, FILE12 cannot be opened.
    """
    content = read_file(path) if data is None else data
    try:
        package = Package(content)
    except UnreadableWorkbook as exc:
        raise _of_a_document(exc, content) from exc
    return _document(package)


def _of_a_document(refusal: UnreadableWorkbook, content: bytes) -> UnreadableWorkbook:
    """The refusal in words that fit a Word document."""
    if refusal.code == "FILE01" and OLE_WORD in content:
        return unreadable("FILE10", "旧格式的 Word 文档（.doc、.wps），请用 Word 或 WPS 另存为 .docx")
    if refusal.code == "FILE10":
        return unreadable("FILE10", "不是 .docx 文档，请用 Word 或 WPS 另存为 .docx")
    if refusal.code == "FILE01":
        return unreadable("FILE01", refusal.message.replace(CODES["FILE01"].title, "不是 Word 文档"))
    return refusal


def _document(package: Package) -> Document:
    main = next((r.part for r in package.relations("") if r.kind == "officeDocument"), "word/document.xml")
    if main not in package:
        raise unreadable("FILE01", "不是 Word 文档")
    root = package.tree(main)
    if _kind(root) != "document":
        kind = _OTHER_FILES.get(_kind(root), "")
        raise unreadable("FILE01", f"不是 Word 文档，而是{kind}" if kind else "不是 Word 文档")
    body = root.find("{*}body")
    styles = next((r.part for r in package.relations(main) if r.kind == "styles"), "")
    levels = _style_levels(package.tree(styles)) if styles in package else {}
    return Document(tuple(_numbered(_blocks(body, levels)))) if body is not None else Document(())


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    counts = {Paragraph: 0, DocumentTable: 0}
    for block in blocks:
        counts[type(block)] += 1
        yield replace(block, number=counts[type(block)])


def _blocks(container: etree._Element, levels: dict[str, int]) -> Iterator[Block]:
    """The paragraphs and tables in an element of any depth that holds blocks (body, content control, text box)."""
    for child in container.iterchildren("*"):
        match _kind(child):
            case "p":
                if text := _text(child).strip():
                    yield Paragraph(0, text, _level(child, levels))
                for box in _boxes(child):
                    yield from _blocks(box, levels)
            case "tbl":
                yield from _table(child, levels)
            case name if name not in _UNSEEN:
                yield from _blocks(child, levels)


def _table(element: etree._Element, levels: dict[str, int]) -> Iterator[Block]:
    rows = [
        row for row in _inside(element, "tr") if row.find("{*}trPr/{*}del") is None
    ]  # a deleted row is not on the page
    tiles = [[*_tiles(row)] for row in rows]
    if sum(map(len, tiles)) == 1:
        yield from _blocks(tiles[0][0][2], levels)
        return
    cells: list[DocumentCell] = []
    inside: list[Block] = []
    above: dict[int, int] = {}
    for number, row in enumerate(tiles):
        reached: dict[int, int] = {}
        for col, span, tile in row:
            if _continues(tile) and col in above:
                index = above[col]
                cells[index] = replace(cells[index], row_span=number - cells[index].row + 1)
            else:
                index = len(cells)
                blocks = [*_blocks(tile, levels)]
                cells.append(DocumentCell(number, col, 1, span, _content(blocks)))
                inside += filter(_stands_alone, blocks)
            reached[col] = index
        above = reached
    if cells:
        yield DocumentTable(0, len(rows), max(cell.col + cell.col_span for cell in cells), tuple(cells))
    yield from inside


def _stands_alone(block: Block) -> bool:
    """A table inside a cell that is more than a drawing of the cell's text."""
    return isinstance(block, DocumentTable) and block.rows >= _LEAST_ROWS and block.cols >= _LEAST_COLS


def _tiles(row: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """The cells of a row: column, columns covered, element."""
    col = _number(row, "{*}trPr/{*}gridBefore", 0)
    for tile in _inside(row, "tc"):
        span = _number(tile, "{*}tcPr/{*}gridSpan", 1) or 1
        yield col, span, tile
        col += span


def _inside(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The rows of a table or cells of a row, also where they stand in content controls."""
    for child in element.iterchildren("*"):
        if _kind(child) == wanted:
            yield child
        elif _kind(child) not in _UNSEEN:
            yield from _inside(child, wanted)


def _continues(tile: etree._Element) -> bool:
    """The cell is merged with the one above it."""
    merged = tile.find("{*}tcPr/{*}vMerge")
    return merged is not None and _attribute(merged, "val") != "restart"


def _content(blocks: list[Block]) -> str:
    """All text of a cell."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif not _stands_alone(block):
            by_row: dict[int, list[str]] = {}
            for cell in block.cells:
                by_row.setdefault(cell.row, []).append(cell.text)
            lines += ["\t".join(texts) for texts in by_row.values()]
    return "\n".join(lines).strip()


def _text(element: etree._Element) -> str:
    """The text of a paragraph, without that of the boxes anchored in it."""
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren("*"):
        name = _kind(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "sym":
            yield _SYMBOLS.get(_attribute(child, "char").upper(), "")
        elif name not in _UNSEEN and name != "txbxContent" and not (name == "r" and _hidden(child)):
            yield from _pieces(child)


def _hidden(run: etree._Element) -> bool:
    mark = run.find("{*}rPr/{*}vanish")
    return mark is not None and _attribute(mark, "val") not in _OFF


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph; one that is stored in two versions counts once."""
    for child in element.iterchildren("*"):
        name = _kind(child)
        if name == "txbxContent":
            yield child
        elif name not in _UNSEEN:
            yield from _boxes(child)


def _level(paragraph: etree._Element, levels: dict[str, int]) -> int | None:
    own = _outline(paragraph)
    if own is None:
        style = paragraph.find("{*}pPr/{*}pStyle")
        own = levels.get(_attribute(style, "val")) if style is not None else None
    return own if own is not None and own < 10 else None


def _outline(element: etree._Element) -> int | None:
    mark = element.find("{*}pPr/{*}outlineLvl")
    digits = "" if mark is None else _attribute(mark, "val")
    return int(digits) + 1 if digits.isdecimal() else None


def _style_levels(styles: etree._Element) -> dict[str, int]:
    """Heading levels by style id; a style has that of the style it is based on unless it says otherwise."""
    own: dict[str, int] = {}
    base: dict[str, str] = {}
    for style in styles.iterfind("{*}style"):
        key, name, parent = _attribute(style, "styleId"), style.find("{*}name"), style.find("{*}basedOn")
        heading = _HEADING.fullmatch(_attribute(name, "val")) if name is not None else None
        level = int(heading[1]) if heading else _outline(style)
        if level is not None:
            own[key] = level
        elif parent is not None:
            base[key] = _attribute(parent, "val")
    for key in base:
        ancestor, seen = key, {key}
        while ancestor in base and base[ancestor] not in seen:
            ancestor = base[ancestor]
            seen.add(ancestor)
        if ancestor in own:
            own[key] = own[ancestor]
    return own


def _number(element: etree._Element, path: str, default: int) -> int:
    mark = element.find(path)
    digits = "" if mark is None else _attribute(mark, "val")
    return min(int(digits), _MAX_SPAN) if digits.isdecimal() and len(digits) < 10 else default


def _kind(element: etree._Element) -> str:
    """The element's name, whichever of its namespaces (transitional, strict) the file uses."""
    return str(etree.QName(element).localname)


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")
