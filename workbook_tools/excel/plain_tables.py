"""Tables for another program: a heading in the first row, a record in each that follows, nothing else; as .xlsx and as .xls."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbook_tools.core.cells import address
from workbook_tools.core.errors import TemplateError
from workbook_tools.excel.styles import NAMED, PLAIN_NUMBER, RED_FILL, TEXT
from workbook_tools.excel.writing import Book, Scalar

_WIDTH = 18.0
_MOST_OLD_ROWS, _LONGEST_OLD_TEXT = 65_536, 32_767
"""What a sheet and a cell of an .xls hold."""


@dataclass(slots=True)
class PlainTable:
    """A sheet."""

    title: str
    headings: Sequence[str]
    rows: list[list[Scalar]] = field(default_factory=list)
    marked: set[tuple[int, int]] = field(default_factory=set)
    """Row (from 0, of the rows) and column of cells that are to be seen."""


def write_tables(tables: Sequence[PlainTable], title: str) -> bytes:
    """The tables as .xlsx, texts as texts. Raises TemplateError for what a cell cannot hold."""
    text = NAMED["text"].but(number_format=TEXT, wrap=False)
    number = NAMED["number"].but(number_format=PLAIN_NUMBER)
    with Book(title=title, kind=title) as book:
        for table in tables:
            sheet = book.sheet(table.title)
            sheet.columns([_WIDTH] * len(table.headings))
            for col, heading in enumerate(table.headings):
                sheet.write(0, col, heading, NAMED["header"].but(wrap=False))
            for row, line in enumerate(table.rows):
                for col, value in enumerate(line):
                    style = text if value is None or isinstance(value, str) else number
                    sheet.write(row + 1, col, value, style.but(fill=RED_FILL) if (row, col) in table.marked else style)
            sheet.numbers_as_text(1, 0, max(1, len(table.rows)), len(table.headings) - 1)
            sheet.freeze(1, 0)
    return book.bytes()


def write_old_tables(tables: Sequence[PlainTable]) -> bytes:
    """The tables as .xls. Raises TemplateError for what it cannot hold, and where xlwt is not installed."""
    try:
        import xlwt
    except ImportError:
        raise TemplateError("写 .xls 要另装组件 xlwt：pip install 'workbook-tools[xls]'。不装的，写 .xlsx。") from None
    book = xlwt.Workbook(encoding="utf-8")
    as_text = xlwt.easyxf(num_format_str=TEXT)
    for table in tables:
        if len(table.rows) >= _MOST_OLD_ROWS:
            raise TemplateError(f"“{table.title}”有 {len(table.rows)} 行，.xls 放不下，请写 .xlsx")
        sheet = book.add_sheet(table.title)
        lines: list[list[Scalar]] = [[*table.headings], *table.rows]
        for row, line in enumerate(lines):
            for col, value in enumerate(line):
                if isinstance(value, str) and len(value) > _LONGEST_OLD_TEXT:
                    raise TemplateError(f"“{table.title}”{address(row, col)} 的文字太长，.xls 放不下，请写 .xlsx")
                if value is not None:
                    sheet.write(row, col, value, as_text if isinstance(value, str) else xlwt.Style.default_style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
