"""批注 in which units have written what belongs into a cell; those of a returned copy are the office's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbook_tools.core.cells import Place
from workbook_tools.core.codes import Severity
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.reading import RawWorkbook

_OURS = tuple(f"{severity.label}：" for severity in Severity)
"""How each line of a comment begins that a returned copy has (``returns/copies.py``)."""
_TOLD = 60
"""Characters of a comment that are told."""
_ENDS, _NAME = (":", "："), 20
"""How the line of the author's name ends, and longer than it is."""
_ROW = re.compile(r"[0-9]+$")


def find_written_comments(raw: RawWorkbook, sheet: str) -> dict[str, str]:
    """Cell → what others than we have written beside it, in one line. Raises UnreadableWorkbook."""
    comments = raw.comments(sheet) if raw.draws(sheet) else {}
    written = {Place(sheet, *spot).cell: _read_written(text) for spot, text in comments.items()}
    return {cell: text for cell, text in written.items() if text}


def _read_written(text: str) -> str:
    """Without our lines, and the author's name that Excel puts above."""
    first, *rest = text.split("\n")
    lines = rest if rest and first.endswith(_ENDS) and len(first) < _NAME else [first, *rest]
    said = " ".join(" ".join(line for line in lines if not line.startswith(_OURS)).split())
    return clean_cell_text(said if len(said) <= _TOLD else f"{said[:_TOLD]}…")


def find_comment(written: Mapping[str, str], cell: str) -> tuple[str, str] | None:
    """The comment of a cell, else the first one of its row; with the cell beside which it stands."""
    near = (other for other in written if _read_row(other) == _read_row(cell))
    place = cell if cell in written else next(near, "")
    return (place, written[place]) if place else None


def _read_row(cell: str) -> str:
    found = _ROW.search(cell)
    return found[0] if found else ""
