"""批注 in which units have written what belongs into a cell; those of a returned copy are the office's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbook_tools.core.codes import Severity
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.reading import RawWorkbook

_OURS = tuple(f"{severity.label}：" for severity in Severity)
"""How each line of a comment begins that a returned copy has (``returns/copies.py``)."""
_TOLD = 60
"""Characters of a comment that are told."""
_ROW = re.compile(r"[0-9]+$")


def find_written_comments(raw: RawWorkbook, sheet: str) -> dict[str, str]:
    """Cell → what others than we have written beside it, in one line. Raises UnreadableWorkbook."""
    written = {cell: _leave_out_ours(text) for cell, text in raw.comments(sheet).items()}
    return {cell: text for cell, text in written.items() if text}


def _leave_out_ours(text: str) -> str:
    said = " ".join(" ".join(line for line in text.split("\n") if not line.startswith(_OURS)).split())
    return clean_cell_text(said if len(said) <= _TOLD else f"{said[:_TOLD]}…")


def find_comment(written: Mapping[str, str], cell: str) -> tuple[str, str] | None:
    """The comment of a cell, else the first one of its row; with the cell beside which it stands."""
    near = (other for other in written if _read_row(other) == _read_row(cell))
    place = cell if cell in written else next(near, "")
    return (place, written[place]) if place else None


def _read_row(cell: str) -> str:
    found = _ROW.search(cell)
    return found[0] if found else ""
