"""Read a file of today's forms: any workbook or Word document → the forms in it, or why there are none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from workbook_tools.excel.handmade import open_sheets
from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.files.package import holds_pictures
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.blank_forms import has_results, say_what_is_blank
from workbook_tools.legacy.chosen_sheets import choose_sheets
from workbook_tools.legacy.file_account import tell_document
from workbook_tools.legacy.marked_texts import (
    list_marks_of_document,
    list_marks_of_sheets,
    tell_marks,
    without_struck,
)
from workbook_tools.legacy.other_sheets import find_kind, tell_sheets
from workbook_tools.legacy.prose.cell_money import fill_money_from_cells
from workbook_tools.legacy.prose.paragraph_indicators import draw_told_indicators
from workbook_tools.legacy.prose.report import fill_from_report, read_report
from workbook_tools.legacy.tables.form_head import names_unit
from workbook_tools.legacy.tables.grid_forms import find_forms
from workbook_tools.legacy.tables.headers import find_headers
from workbook_tools.legacy.tables.joining import is_form, join_sheets, join_tables, say_what_is_missing
from workbook_tools.legacy.tables.levels import is_dimension
from workbook_tools.legacy.tables.titles_and_notes import is_title
from workbook_tools.legacy.words.doubts import ReadingBook
from workbook_tools.legacy.words.grid import Grid, GridCell, build_grid
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.places import BODY, place_in_sheet, place_in_table, place_of_paragraph, title_of_table
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Remark, Where
from workbook_tools.legacy.words.vocabulary import Vocabulary, default_vocabulary
from workbook_tools.word.reading import Document, DocumentTable, Paragraph, open_document

# 续表, （续表）, 表续: the mark stands among the first characters of a line above a next page.
_CONTINUED, _MARK_WITHIN = "续", 4
# Paragraphs that can be the title block of a table: annex, title, year, and lines of labels.
_MOST_TITLE_LINES = 6
# Of the paragraphs below the last table, that can be notes on it (金额单位：元).
_MOST_NOTES = 3
# A cover in type and the rest in pictures has fewer characters; a form without any figures has more.
_FEWEST_CHARACTERS = 100
DOCUMENTS = frozenset({".docx", ".docm", ".dotx", ".doc", ".wps"})


@dataclass(slots=True)
class LegacyReading:
    """What a file was understood to hold."""

    file: str
    sha256: str
    forms: list[HandmadeForm] = field(default_factory=list)
    looked_for: str = ""
    """Where there is no form: what was looked for, and what of it was missing."""
    only_pictures: bool = False
    """Where there is no form: it is a scan, or has pictures and hardly a word."""
    blank: str = ""
    """Where there is no form: that the self-evaluation is blank, or is not there, while another sheet is filled."""


def read_forms(
    source: SourceFile, vocabulary: Vocabulary | None = None, book: ReadingBook | None = None
) -> LegacyReading:
    """The self-evaluation forms of a file; what an office has said of their layouts stands in ``book``.

    Raises UnreadableWorkbook (FILE01 … FILE12) for a file that cannot be read.
    """
    words = vocabulary or default_vocabulary()
    data = source.read()
    is_document = PurePath(source.name).suffix.lower() in DOCUMENTS
    forms, parts = (_read_document if is_document else _read_workbook)(source, data, words, book or ReadingBook())
    missing = "" if forms else say_what_is_missing(parts)
    blank = "" if forms else next((part.blank for part in parts if part.blank), "")
    scanned = not forms and holds_pictures(data) and _count_characters(source, data, is_document) < _FEWEST_CHARACTERS
    digest = source.original or hashlib.sha256(data).hexdigest()
    return LegacyReading(source.name, digest, forms, missing, scanned, blank)


def _count_characters(source: SourceFile, data: bytes, is_document: bool) -> int:
    if not is_document:
        return sum(len(cell.shown) for sheet in open_sheets(source.path, data) for cell in sheet.cells)
    document = open_document(source.path, data=data)
    in_tables = sum(len(cell.text) for table in document.tables for cell in table.cells)
    return in_tables + sum(len(paragraph.text) for paragraph in document.paragraphs)


_FormsAndParts = tuple[list[HandmadeForm], list[HandmadeForm]]


def _read_document(source: SourceFile, data: bytes, words: Vocabulary, book: ReadingBook) -> _FormsAndParts:
    """The forms, and the parts of forms that they are made of; so below."""
    document = open_document(source.path, data=data)
    texts = [*(line.text for line in document.paragraphs), *(c.text for table in document.tables for c in table.cells)]
    if not _speaks_of_evaluation([source.name, *texts], words):
        return [], []
    grids = _table_grids(document, words)
    if not any(find_headers(grid, words) for grid in grids):
        drawn = draw_told_indicators(document.paragraphs, words)
        grids += [drawn] if drawn is not None else []
    parts = [form for grid in grids for form in find_forms(source.name, grid, words, book)]
    prose = read_report(document, words, source.name, book)
    forms = _with_prose(join_tables(parts), prose)
    for form in forms:
        fill_money_from_cells(form, words, book)
    tell_document(forms, document, words)
    tell_marks(forms, list_marks_of_document(document))
    return forms, parts


def _read_workbook(source: SourceFile, data: bytes, words: Vocabulary, book: ReadingBook) -> _FormsAndParts:
    written = open_sheets(source.path, data)
    sheets = [without_struck(sheet) for sheet in written]
    forms: list[HandmadeForm] = []
    parts: list[HandmadeForm] = []
    texts = [
        *(text for sheet in sheets for text in (sheet.title, *sheet.page_head)),
        *(cell.shown for sheet in sheets for cell in sheet.cells),
    ]
    if not _speaks_of_evaluation([source.name, *texts], words):
        return forms, parts
    own = [sheet for sheet in sheets if not find_kind(sheet, words)]
    for group in _by_trust(own, words):
        grids = [*_with_page_lines(_join_pages(_sheet_grids(group), words), group)]
        parts += [form for grid in grids for form in find_forms(source.name, grid, words, book)]
        forms = join_sheets(parts)
        if forms:
            break
    for form in forms:
        form.unformatted = any(sheet.unformatted for sheet in sheets)
        form.remarks += [_remark_on_large(sheet) for sheet in sheets if sheet.cut and not sheet.cells]
        fill_money_from_cells(form, words, book)
    forms = choose_sheets(forms, parts, sheets, book)
    tell_sheets(forms, parts, sheets, words)
    tell_marks(forms, list_marks_of_sheets(written))
    if not any(map(has_results, forms)):  # what the others hold says why
        others = [sheet for sheet in sheets if sheet not in own]
        parts += [form for grid in _sheet_grids(others) for form in find_forms(source.name, grid, words)]
        for form in forms or parts:
            form.blank = say_what_is_blank(forms, parts, sheets, words)
    return forms, parts


def _speaks_of_evaluation(texts: Iterable[str], words: Vocabulary) -> bool:
    """Some word of self-evaluations stands in the file: a parts list has names, numbers and units in columns too."""
    subjects = words.words("marks", "subjects")
    return any(subject in without_blanks(text) for text in texts for subject in subjects)


def _by_trust(sheets: list[HandmadeSheet], words: Vocabulary) -> Iterator[list[HandmadeSheet]]:
    """The sheets to look at; only where these hold no form the hidden ones and examples (样例)."""
    samples = words.words("marks", "samples")
    last = [sheet for sheet in sheets if sheet.hidden or any(word in sheet.title for word in samples)]
    yield [sheet for sheet in sheets if sheet not in last]
    yield last


def _remark_on_large(sheet: HandmadeSheet) -> Remark:
    return Remark(concern=Concern.UNKNOWN, where=Where(sheet.title), field="工作表过大", printed="整张表没有读取")


def _with_prose(forms: list[HandmadeForm], prose: HandmadeForm | None) -> list[HandmadeForm]:
    """The forms of the tables, filled up from the sentences where there is one project; or what the sentences say."""
    if prose is None:
        return [form for form in forms if is_form(form)]
    if len(forms) == 1:
        fill_from_report(forms[0], prose)
    found = [form for form in forms if is_form(form)] or (forms if len(forms) == 1 else [prose])
    for form in found:
        total = form.total_line
        form.execution_rate = form.execution_rate or (total.rate if total else None)
    return found


def _sheet_grids(sheets: Iterable[HandmadeSheet]) -> Iterator[Grid]:
    for sheet in sheets:
        cells = (
            GridCell(c.row, c.col, c.rows, c.cols, c.value, c.shown, place_in_sheet(sheet.title, c.row, c.col))
            for c in sheet.cells
        )
        yield build_grid(sheet.title, cells, sheet.cut)


def _with_page_lines(grids: Iterable[Grid], sheets: Iterable[HandmadeSheet]) -> Iterator[Grid]:
    """With what is printed above and below each page of a sheet (金额单位：元) as lines that stand there."""
    by_title = {sheet.title: sheet for sheet in sheets}
    for grid in grids:
        sheet = by_title[grid.title]
        if grid.cells:
            for line in reversed(sheet.page_head):
                grid = _draw_page_line(grid.title, line, "页眉").with_below(grid)
            for line in sheet.page_foot:
                grid = grid.with_below(_draw_page_line(grid.title, line, "页脚"))
        yield grid


def _draw_page_line(title: str, line: str, where: str) -> Grid:
    return build_grid(title, [GridCell(0, 0, 1, 1, line, line, Where(title, where))])


# 续表, 自评表（续）, （续表）: what the first line of a sheet says that goes on with the table of the sheet before.
_NEXT_PAGE = re.compile(r"[(（]?续表?[)）]?|.{0,40}[(（]续表?[)）]")


def _join_pages(grids: Iterable[Grid], words: Vocabulary) -> list[Grid]:
    """The sheets, one that says that it is the next page below the one before it; its line that says so is no title."""
    joined: list[Grid] = []
    for grid in grids:
        first = grid.starting_in(grid.filled_rows[0]) if grid.filled_rows else []
        is_next = len(first) == 1 and _NEXT_PAGE.fullmatch(without_blanks(first[0].shown)) is not None
        if is_next and joined and find_headers(joined[-1], words):
            joined[-1] = joined[-1].with_below(grid.without(first[0]))
        else:
            joined.append(grid)
    return joined


def _table_grids(document: Document, words: Vocabulary) -> list[Grid]:
    """The tables, each with the lines of its title where these stand above it (项目支出绩效自评表, （2024年度））.

    A table without a header right below one of the same columns (or with 续表 between) is its next page. Where the last
    line above names a level 1 (二、效益指标), the table's rows belong to that. Notes below the last one may name the unit of
    money: of all tables, where no other line does; so does a header or footer of the pages.
    """
    grids: list[Grid] = []
    above: list[Paragraph] = []
    width = 0
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(block)
            continue
        between_pages = [
            line for line in above if is_dimension(line.text, words) or _CONTINUED in line.text[:_MARK_WITHIN]
        ]
        grid = _table_grid(block, _title_lines(above, block, words))
        if (
            grids
            and len(above) == len(between_pages)
            and block.cols == width
            and find_headers(grids[-1], words)
            and not find_headers(grid, words)
        ):
            grids[-1] = grids[-1].with_below(grid)
        else:
            grids.append(grid)
        above, width = [], block.cols
    texts = [line.text for line in document.paragraphs]
    texts += [cell.text for table in document.tables for cell in table.cells]
    notes = [line for line in above[:_MOST_NOTES] if names_unit(line.text)]
    if not notes:
        page_line = next(filter(names_unit, document.page_lines), "") if not any(map(names_unit, texts)) else ""
        return [grid.with_below(_draw_page_line(BODY, page_line, "页眉页脚")) for grid in grids] if page_line else grids
    below = build_grid("", _draw_lines(notes, width))
    if sum(map(names_unit, texts)) > len(notes):
        return [*grids[:-1], *(grid.with_below(below) for grid in grids[-1:])]
    return [grid.with_below(below) for grid in grids]


def _title_lines(above: list[Paragraph], table: DocumentTable, words: Vocabulary) -> list[GridCell]:
    """The paragraphs above a table as cells across it, if they are its title."""
    lines = _draw_lines(above, table.cols)
    titled = len(lines) <= _MOST_TITLE_LINES and any(is_title(line, words) for line in lines)
    if titled and not any("。" in line.shown for line in lines):
        return lines
    return [replace(lines[-1], row=0)] if lines and is_dimension(lines[-1].shown, words) else []


def _draw_lines(lines: Iterable[Paragraph], width: int) -> list[GridCell]:
    """Paragraphs as cells below each other."""
    return [
        GridCell(row, 0, 1, width, line.text, line.text, place_of_paragraph(line.number))
        for row, line in enumerate(lines)
    ]


def _table_grid(table: DocumentTable, above: list[GridCell]) -> Grid:
    down = len(above)
    cells = (
        GridCell(
            c.row + down, c.col, c.row_span, c.col_span, c.text, c.text, place_in_table(table.number, c.row, c.col)
        )
        for c in table.cells
    )
    return build_grid(title_of_table(table.number), [*above, *cells])
