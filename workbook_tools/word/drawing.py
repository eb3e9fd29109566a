"""Documents drawn from blocks: paragraphs, tables, a table of contents, sections, in the style of official documents.

A block says what is wanted and knows nothing of Word; :func:`draw_document` makes a .docx of them with python-docx. The
same blocks give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from docx.enum.section import WD_HEADER_FOOTER
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph as DocxParagraph

from workbook_tools.word.elements import qn
from workbook_tools.word.fields import make_field_runs
from workbook_tools.word.official_style import ALIGNMENT, begin_document, set_font, set_up_page
from workbook_tools.word.package import write_document
from workbook_tools.word.schema_order import set_property

CELL_MARGIN_ACROSS, CELL_MARGIN_DOWN = 1.3, 1.2
"""Air in a cell, in mm."""
_CONTENTS = r'TOC \o "1-2" \h \z \u'
_TO_BE_FILLED = "出报告时自动填写"


@dataclass(frozen=True)
class TextRun:
    """Text, which may hold tags; with a font of its own if wanted."""

    text: str
    font: str = ""
    bold: bool = False


@dataclass(frozen=True)
class TextBlock:
    """A paragraph; see :func:`paragraph`."""

    runs: tuple[TextRun, ...] = ()
    style: str = ""
    keep: bool = False
    align: str = ""


@dataclass(frozen=True)
class TableCell:
    """A table cell: its text (lines become paragraphs), style, and how many columns it takes."""

    text: str
    style: str = "Cell"
    span: int = 1
    merge: str = ""
    """restart: the first of cells merged downwards; continue: a following one."""


@dataclass(frozen=True)
class TagRow:
    """A table row that only holds a tag ({%tr for … %}) and vanishes."""

    text: str


@dataclass(frozen=True)
class TableBlock:
    """A table with fixed widths in mm, some air above and below, and ``margin`` left and right in its cells.

    Its first rows repeat on every page, no row is split between pages; ``together``: nor is the table,
    if one page holds it.
    """

    widths: Sequence[float]
    rows: Sequence[Sequence[TableCell] | TagRow]
    header_rows: int = 1
    margin: float = CELL_MARGIN_ACROSS
    together: bool = False


@dataclass(frozen=True)
class ContentsBlock:
    """Word's own field for a table of contents over two levels; :mod:`workbook_tools.word.contents` fills it."""


@dataclass(frozen=True)
class SectionEnd:
    """A section ends here; its pages carry numbers, beginning anew with the ``first``."""

    landscape: bool = False
    numbered: bool = True
    first: bool = False


Block = TextBlock | TableBlock | ContentsBlock | SectionEnd


def paragraph(*runs: TextRun | str, style: str = "", keep: bool = False, align: str = "") -> TextBlock:
    """A paragraph of runs or plain texts; blank ones go.

    ``style`` is a style's id; ``keep`` holds it on the page of the next one; ``align`` overrides its style.
    """
    texts = (run if isinstance(run, TextRun) else TextRun(run) for run in runs)
    return TextBlock(tuple(run for run in texts if run.text), style, keep, align)


def draw_document(blocks: Iterable[Block], *, title: str) -> bytes:
    """A .docx of these blocks; the last must be a :class:`SectionEnd`. ``title`` may hold tags."""
    drawing = _DrawnDocument(title)
    for block in blocks:
        drawing.draw(block)
    return write_document(drawing.document)


class _DrawnDocument:
    """A document under the pen."""

    def __init__(self, title: str) -> None:
        self.document = begin_document(title)
        self._styles = {style.style_id: style for style in self.document.styles}
        self._section_ended = False
        self._footers = {
            WD_HEADER_FOOTER.PRIMARY: self._add_footer(),
            # The page number stands at the outer edge, one character from it: on the left of even pages.
            WD_HEADER_FOOTER.EVEN_PAGE: self._add_footer(align="left"),
        }

    def draw(self, block: Block) -> None:
        """Add a block below the last one."""
        if self._section_ended:
            self._begin_section()
        match block:
            case TextBlock():
                self._write(self.document.add_paragraph(), block)
            case TableBlock():
                self._draw_table(block)
            case ContentsBlock():
                entries = self.document.add_paragraph(style=self._styles["TOC1"])
                entries._p.extend(make_field_runs(_CONTENTS, _TO_BE_FILLED))
            case SectionEnd():
                self._end_section(block)

    # -- paragraphs and tables ----------------------------------------------------------------------------

    def _write(self, target: DocxParagraph, block: TextBlock) -> None:
        if block.style:
            target.style = self._styles[block.style]
        if block.keep:
            target.paragraph_format.keep_with_next = True
        if block.align:
            target.alignment = ALIGNMENT[block.align]
        for run in block.runs:
            added = target.add_run(run.text)
            if run.bold:
                added.bold = True
            if run.font:
                set_font(added.font, run.font)

    def _draw_table(self, block: TableBlock) -> None:
        gap = paragraph(style="Gap")
        self._write(self.document.add_paragraph(), replace(gap, keep=True))
        table = self.document.add_table(rows=0, cols=len(block.widths))
        table.style = self._styles["TableGrid"]
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, block.widths, strict=True):
            column.width = Mm(width)
        _set_width_and_margins(table, block.margin)
        for number, cells in enumerate(block.rows):
            row = table.add_row()
            # python-docx has no words for either.
            set_property(row._tr.get_or_add_trPr(), "cantSplit")
            if number < block.header_rows:
                set_property(row._tr.get_or_add_trPr(), "tblHeader")
            self._fill_row(row, cells, keep=block.together)
        self._write(self.document.add_paragraph(), gap)

    def _fill_row(self, row: _Row, cells: Sequence[TableCell] | TagRow, *, keep: bool) -> None:
        places = row.cells
        if isinstance(cells, TagRow):
            cells = (TableCell(cells.text, span=len(places)),)
        column = 0
        for cell in cells:
            end = column + cell.span
            if end > len(places):
                raise ValueError(f"row spans more than {len(places)} columns")
            wide = places[column].merge(places[end - 1]) if cell.span > 1 else places[column]
            self._fill_cell(wide, cell, keep=keep)
            column = end
        if column != len(places):
            raise ValueError(f"row spans {column} of {len(places)} columns")

    def _fill_cell(self, target: _Cell, cell: TableCell, *, keep: bool) -> None:
        target._tc.vMerge = cell.merge or None
        target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        first, *more = cell.text.split("\n")
        self._write(target.paragraphs[0], paragraph(first, style=cell.style, keep=keep))
        for line in more:
            self._write(target.add_paragraph(), paragraph(line, style=cell.style, keep=keep))

    # -- sections -----------------------------------------------------------------------------------------

    def _add_footer(self, align: str = "") -> str:
        """A footer with the page number; its relationship."""
        part, relation = self.document.part.add_footer_part()
        number = DocxParagraph(part.element.p_lst[0], part)
        self._write(number, paragraph("— ", style="PageNumber", align=align))
        number._p.extend(make_field_runs("PAGE", "1"))
        number.add_run(" —")
        return str(relation)

    def _end_section(self, block: SectionEnd) -> None:
        # Behind a table that fills its page, and at the end of a section, a line is as low as can be: it would be a page of its own.
        for last in self.document.paragraphs[-1:]:
            if last.style is not None and last.style.style_id == "Gap":
                last.style = self._styles["PageEnd"]
        section = self.document.sections[-1]
        if block.numbered:
            for kind, relation in self._footers.items():
                # By python-docx's own property each section would get footers of its own.
                section._sectPr.add_footerReference(kind, relation)
        set_up_page(section, landscape=block.landscape, first=block.first)
        self._section_ended = True

    def _begin_section(self) -> None:
        self.document.add_section()
        self.document.paragraphs[-1].style = self._styles["PageEnd"]
        self._section_ended = False


def _set_width_and_margins(table: Table, margin: float) -> None:
    """Of the whole table and of its cells: python-docx has no words for them."""
    properties = table._tbl.tblPr
    width = sum(round(column.width.twips) for column in table.columns if column.width is not None)
    set_property(properties, "tblW", w=width, type="dxa")
    margins = set_property(properties, "tblCellMar")
    for side, air in (("top", CELL_MARGIN_DOWN), ("left", margin), ("bottom", CELL_MARGIN_DOWN), ("right", margin)):
        margins.append(OxmlElement(f"w:{side}", {qn("w:w"): str(Mm(air).twips), qn("w:type"): "dxa"}))
