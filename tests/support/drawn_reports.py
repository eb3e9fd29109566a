"""Word reports as text: a block with ``|`` is a table (``<`` merged with the cell left, ``^`` with the one above), one
that begins with ``#`` a heading, any other a paragraph. Blank lines part the blocks."""

from __future__ import annotations

import io
from typing import Any

import docx
from drawn_sheets import _merges as merges
from drawn_sheets import read_bytes, sheet

from workbook_tools.legacy.reading import LegacyReading


def document(text: str) -> bytes:
    """The file of a report."""
    report = docx.Document()
    for block in text.strip("\n").split("\n\n"):
        if "|" in block:
            _table(report, sheet(block))
        elif block.startswith("#"):
            report.add_heading(block.lstrip("# "), 1)
        else:
            for line in block.splitlines():
                report.add_paragraph(line.strip())
    return saved(report)


def saved(report: Any) -> bytes:
    """The bytes of a document of python-docx."""
    stream = io.BytesIO()
    report.save(stream)
    return stream.getvalue()


def _table(report: Any, rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    table = report.add_table(len(rows), width)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("", "<", "^"):
                table.cell(r, c).text = text.replace("\\n", "\n")
    for top, left, bottom, right in merges(rows):
        kept = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = kept


def read(text: str, name: str = "自评报告.docx") -> LegacyReading:
    """What the recogniser makes of a report."""
    return read_bytes(document(text), name)
