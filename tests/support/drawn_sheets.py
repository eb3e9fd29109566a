"""Sheets of hand-made forms drawn as text: ``|`` between cells, ``<`` merged with the cell left, ``^`` with the one above."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from openpyxl import Workbook

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import LegacyReading, read_forms
from workbook_tools.legacy.words.doubts import ReadingBook
from workbook_tools.legacy.words.vocabulary import Vocabulary


def sheet(drawing: str) -> list[list[str]]:
    """The cells of a drawing."""
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip("\n").splitlines()]


def workbook(*drawings: str, start: tuple[int, int] = (0, 0)) -> bytes:
    """A workbook with a sheet for each drawing; ``12`` is a number, ``'12`` the text, ``95%`` a number in that format."""
    book = Workbook()
    for number, drawing in enumerate(drawings, 1):
        ws = book.active if number == 1 else book.create_sheet()
        assert ws is not None
        ws.title = f"表{number}"
        rows = sheet(drawing)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text not in ("", "<", "^"):
                    cell = ws.cell(start[0] + r + 1, start[1] + c + 1)
                    cell.value, cell.number_format = _typed(text)
        for r, c, last_r, last_c in _merges(rows):
            ws.merge_cells(
                start_row=start[0] + r + 1,
                start_column=start[1] + c + 1,
                end_row=start[0] + last_r + 1,
                end_column=start[1] + last_c + 1,
            )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _typed(text: str) -> tuple[float | str, str]:
    if text.startswith("'"):
        return text[1:], "@"
    percent = text.endswith("%")
    try:
        number = float(text.rstrip("%").replace(",", ""))
    except ValueError:
        return text.replace("\\n", "\n"), "General"
    return (number / 100, "0.##%") if percent else (number, "General")


def _merges(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    found = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            last_c = c
            while last_c + 1 < len(row) and row[last_c + 1] == "<":
                last_c += 1
            last_r = r
            while last_r + 1 < len(rows) and len(rows[last_r + 1]) > c and rows[last_r + 1][c] == "^":
                last_r += 1
            if (last_r, last_c) != (r, c):
                found.append((r, c, last_r, last_c))
    return found


def read(
    *drawings: str, start: tuple[int, int] = (0, 0), words: Vocabulary | None = None, book: ReadingBook | None = None
) -> LegacyReading:
    """What the recogniser makes of a workbook with these sheets."""
    return read_bytes(workbook(*drawings, start=start), words=words, book=book)


def read_bytes(
    data: bytes, name: str = "自评表.xlsx", words: Vocabulary | None = None, book: ReadingBook | None = None
) -> LegacyReading:
    """What it makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_forms(SourceFile(path, name), words, book)
