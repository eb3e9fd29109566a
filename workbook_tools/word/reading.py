"""The door to Word documents that come from outside (.docx, .docm): paragraphs and tables in the order of the page.

The text and the styles are read with the limits of :mod:`workbook_tools.files.package` and put together as a document of
python-docx, which is walked; pictures and all else stay unread. What python-docx would pass over is brought down to
paragraphs and tables before (:mod:`workbook_tools.word.simplifying`).

What a reader of the page sees is read: insertions under revision count, deletions and hidden text do not; hidden text is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from docx.blkcntnr import BlockItemContainer
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.document import CT_Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.styles import CT_Styles
from docx.oxml.table import CT_Row, CT_Tc
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as DocxParagraph
from lxml.etree import QName
from lxml.etree import _Element as Element

from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.package import OLE_WORD, Package, damage, read_file, unreadable
from workbook_tools.files.package import parse_xml as parse_safely
from workbook_tools.word.headings import find_heading_level, read_heading_levels
from workbook_tools.word.marked_runs import NO_MARKS, TextMarks, mark_runs, read_marked_text
from workbook_tools.word.package import STRICT, TRANSITIONAL, assemble_document
from workbook_tools.word.simplifying import simplify
from workbook_tools.word.style_looks import StyleLooks, read_style_looks

__all__ = ["Block", "Document", "DocumentCell", "DocumentTable", "Paragraph", "open_document"]

_LEAST_ROWS, _LEAST_COLS = 2, 3
"""Of a table inside a cell that is read as one."""
_MAX_PARAGRAPHS, _MAX_CELLS = 40_000, 100_000
"""Of a document, those in tables included; a report of a hundred pages has some thousand."""
_OTHER_FILES = {"workbook": "Excel 工作簿", "presentation": "演示文稿"}
_NO_STYLES = f"<w:styles {nsdecls('w')}/>"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, or of a text box in it."""

    number: int
    """Counted from 1 as a reader would: blank paragraphs and those inside tables are left out."""
    text: str
    """Without blanks around it; tabs and line breaks inside are kept."""
    level: int | None = None
    """Of a heading: 1 is the highest."""
    marks: TextMarks = field(default=NO_MARKS, repr=False)


@dataclass(frozen=True, slots=True)
class DocumentCell:
    """A cell of a table: its upper left place (from 0) and how far it reaches."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    """Paragraphs on lines of their own; of a small table inside the cell, rows on lines and cells behind tabs."""
    marks: TextMarks = field(default=NO_MARKS, repr=False)


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
    beside: tuple[Paragraph, ...] = ()
    """Paragraphs outside tables of which all is struck out, or that hold a comment alone, which are counted too; and those of which
    all is hidden, by the number of the one above."""
    page_lines: tuple[str, ...] = ()
    """Lines of its headers and footers."""

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
    FILE10 an older or other format (.doc, .wps), FILE11 and FILE31 too large, FILE12 cannot be opened.
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
    root = _tree(package, main)
    if not isinstance(root, CT_Document):
        kind = _OTHER_FILES.get(QName(root).localname, "")
        raise unreadable("FILE01", f"不是 Word 文档，而是{kind}" if kind else "不是 Word 文档")
    if root.body is None:
        return Document(())
    _check_size(root)
    part = next((r.part for r in package.relations(main) if r.kind == "styles"), "")
    styles = _tree(package, part) if part in package else None
    looks = read_style_looks(styles)
    mark_runs(root, _read_comments(package, main), looks)
    simplify(root)
    document = assemble_document(root, styles if isinstance(styles, CT_Styles) else parse_xml(_NO_STYLES))
    levels = read_heading_levels(document.styles)
    blocks = [*_numbered(_blocks(document, levels))]
    beside = tuple(one for one in blocks if isinstance(one, Paragraph) and not one.text)
    inside = tuple(one for one in blocks if one not in beside) if beside else tuple(blocks)
    return Document(inside, beside, tuple(dict.fromkeys(_list_page_lines(package, main, looks))))


def _list_page_lines(package: Package, main: str, looks: StyleLooks) -> Iterator[str]:
    for relation in package.relations(main):
        if relation.kind in ("header", "footer") and relation.part in package:
            with suppress(UnreadableWorkbook):  # a document is read without them, if they are damaged
                root = _tree(package, relation.part)
                mark_runs(root, {}, looks)
                yield from (text for line in root.iter(qn("w:p")) for text, _ in [read_marked_text(line)] if text)


def _read_comments(package: Package, main: str) -> dict[str, str]:
    """The comments of a document by their ids."""
    part = next((r.part for r in package.relations(main) if r.kind == "comments"), "")
    if part not in package:
        return {}
    found: dict[str, str] = {}
    for item in _tree(package, part).iter(qn("w:comment")):
        lines = ("".join(text.text or "" for text in line.iter(qn("w:t"))) for line in item.iter(qn("w:p")))
        found[item.get(qn("w:id"), "")] = "\n".join(lines).strip()
    return found


def _check_size(root: Element) -> None:
    """Raises FILE31 for a document that would take minutes."""
    for name, most, what in (("p", _MAX_PARAGRAPHS, "段文字"), ("tc", _MAX_CELLS, "个表格单元格")):
        count = sum(1 for _ in root.iter(qn(f"w:{name}")))
        if count > most:
            raise unreadable("FILE31", f"文档有 {count} {what}，超过 {most}")


def _tree(package: Package, part: str) -> Element:
    """A part as python-docx parses it; the "Strict" variant under its usual names."""
    xml = package.read(part).replace(STRICT, TRANSITIONAL)
    with damage():
        return parse_safely(xml, oxml_parser)


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    counts = {Paragraph: 0, DocumentTable: 0}
    for block in blocks:
        if isinstance(block, Paragraph) and not (block.text or block.marks.written or block.marks.comment):
            yield replace(block, number=max(counts[Paragraph], 1))
            continue
        counts[type(block)] += 1
        yield replace(block, number=counts[type(block)])


def _blocks(container: DocxDocument | BlockItemContainer, levels: dict[str, int]) -> Iterator[Block]:
    """The paragraphs and tables of the body or a cell."""
    for block in container.iter_inner_content():
        if isinstance(block, DocxParagraph):
            text, marks = read_marked_text(block._p)
            if text or marks != NO_MARKS:
                yield Paragraph(0, text, find_heading_level(block._p, levels), marks)
        else:
            yield from _table(block, levels)


def _table(table: Table, levels: dict[str, int]) -> Iterator[Block]:
    # The rows of python-docx repeat a merged cell in each place that it covers; its elements say where each begins.
    rows = [[*_places(row)] for row in table._tbl.tr_lst]
    if sum(map(len, rows)) == 1:
        yield from _blocks(_Cell(rows[0][0][2], table), levels)
        return
    cells: list[DocumentCell] = []
    inside: list[Block] = []
    above: dict[int, int] = {}
    for number, row in enumerate(rows):
        reached: dict[int, int] = {}
        for col, span, tc in row:
            if col in above and tc.vMerge not in (None, "restart"):
                index = above[col]
                cells[index] = replace(cells[index], row_span=number - cells[index].row + 1)
            else:
                index = len(cells)
                blocks = [*_blocks(_Cell(tc, table), levels)]
                cells.append(DocumentCell(number, col, 1, span, _content(blocks), _join_marks(blocks)))
                inside += filter(_stands_alone, blocks)
            reached[col] = index
        above = reached
    if cells:
        yield DocumentTable(0, len(rows), max(cell.col + cell.col_span for cell in cells), tuple(cells))
    yield from inside


def _places(row: CT_Row) -> Iterator[tuple[int, int, CT_Tc]]:
    """The cells of a row: the column that each begins in, how many it covers, its element."""
    col = row.grid_before
    for tc in row.tc_lst:
        span = tc.grid_span
        yield col, span, tc
        col += span


def _stands_alone(block: Block) -> bool:
    """A table inside a cell that is more than a drawing of the cell's text."""
    return isinstance(block, DocumentTable) and block.rows >= _LEAST_ROWS and block.cols >= _LEAST_COLS


def _content(blocks: Iterable[Block]) -> str:
    """All text of a cell."""
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += [block.text] if block.text else []
        elif not _stands_alone(block):
            by_row: dict[int, list[str]] = {}
            for cell in block.cells:
                by_row.setdefault(cell.row, []).append(cell.text)
            lines += ["\t".join(texts) for texts in by_row.values()]
    return "\n".join(lines).strip()


def _join_marks(blocks: Sequence[Block]) -> TextMarks:
    """The marks of all text of a cell."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return blocks[0].marks
    texts: list[Paragraph | DocumentCell] = []
    for block in blocks:
        if not _stands_alone(block):
            texts += [block] if isinstance(block, Paragraph) else block.cells
    if all(one.marks is NO_MARKS for one in texts):
        return NO_MARKS
    is_struck = any(one.marks.written for one in texts)
    return TextMarks(
        "\n".join(one.marks.written or one.text for one in texts) if is_struck else "",
        "\n".join(one.marks.unseen for one in texts if one.marks.unseen),
        "\n".join(one.marks.comment for one in texts if one.marks.comment),
        "\n".join(one.marks.hidden for one in texts if one.marks.hidden),
    )
