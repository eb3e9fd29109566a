"""A table that people may have moved: where its heading stands on a sheet, and in which columns what is wanted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workbook_tools.core.cells import Place
from workbook_tools.core.values import number_text
from workbook_tools.excel.reading import CellValue, RawWorkbook

HEADING_ROWS = 10
"""The heading of a table stands in one of the first rows, also where somebody has inserted some."""


def find_heading(book: RawWorkbook, title: str, wanted: Collection[str]) -> tuple[int, dict[str, int]]:
    """The heading's row on a sheet, and its columns, as :func:`choose_heading` says. Raises UnreadableWorkbook."""
    return choose_heading(read_top(book, title), wanted)


def read_top(book: RawWorkbook, title: str) -> list[list[CellValue]]:
    """The rows of a sheet among which its heading stands."""
    columns = range(book.column_count(title))
    return [
        [book.value(Place(title, row, col)) for col in columns]
        for row in range(min(HEADING_ROWS, book.row_count(title)))
    ]


def choose_heading(rows: Sequence[Sequence[CellValue]], wanted: Collection[str]) -> tuple[int, dict[str, int]]:
    """Of the first rows of a sheet that with most of the wanted headings, and the columns of those that are there.

    Of two columns with one heading the first counts.
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(rows[:HEADING_ROWS]):
        columns = {text: col for col, text in reversed([*enumerate(map(cell_text, row))]) if text in wanted}
        if len(columns) > len(best[1]):
            best = number, columns
    return best


def cell_text(value: CellValue) -> str:
    """What a cell holds, as a text without blanks at its ends."""
    if value is None:
        return ""
    return number_text(value) if isinstance(value, float) else str(value).strip()
