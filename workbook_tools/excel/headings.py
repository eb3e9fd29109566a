"""A table that people may have moved: where its heading stands on a sheet, and in which columns what is wanted."""

from __future__ import annotations

from collections.abc import Collection

from workbook_tools.core.values import number_text
from workbook_tools.excel.reading import Place, RawWorkbook

_HEADING_ROWS = 10
"""The heading of a table stands in one of the first rows, also where somebody has inserted some."""


def find_heading(book: RawWorkbook, title: str, wanted: Collection[str]) -> tuple[int, dict[str, int]]:
    """The heading's row, and the columns of those headings that are there. Raises UnreadableWorkbook.

    The heading is the row that has most of them; of two columns with one heading the first counts.
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for row in range(min(_HEADING_ROWS, book.row_count(title))):
        texts = [cell_text(book.value(Place(title, row, col))) for col in range(book.column_count(title))]
        columns = {text: col for col, text in reversed(list(enumerate(texts))) if text in wanted}
        if len(columns) > len(best[1]):
            best = row, columns
    return best


def cell_text(value: float | str | bool | None) -> str:
    """What a cell holds, as a text without blanks at its ends."""
    if value is None:
        return ""
    return number_text(value) if isinstance(value, float) else str(value).strip()
