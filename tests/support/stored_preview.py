"""What a viewer shows that calculates nothing: a chat's preview, a mail, a phone. A page of HTML from stored values alone."""

from __future__ import annotations

import html
import math
from pathlib import Path

from python_calamine import CalamineWorkbook

from workbook_tools.core.cells import address
from workbook_tools.core.values import number_text

Shown = dict[tuple[str, str], object]
"""Sheet and cell → stored value; cells without one are not in it."""


def read_stored_values(path: Path) -> Shown:
    """Every stored value of a workbook, of hidden sheets too."""
    book = CalamineWorkbook.from_path(path)
    found: Shown = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        for row, cells in enumerate(sheet.to_python(skip_empty_area=True), top):
            found |= {(name, address(row, col)): value for col, value in enumerate(cells, left) if value != ""}
    return found


def list_shown_differences(ours: Shown, theirs: Shown) -> list[tuple[object, ...]]:
    """Where two readings differ: sheet, cell, ours, theirs."""
    places = ours.keys() | theirs.keys()
    return sorted((*at, ours.get(at), theirs.get(at)) for at in places if not _same(ours.get(at), theirs.get(at)))


def render_preview(path: Path) -> str:
    """The workbook as one page: a table per sheet, each value in an element named by its sheet and cell."""
    rows: dict[tuple[str, int], list[str]] = {}
    for (sheet, cell), value in read_stored_values(path).items():
        number = int("".join(filter(str.isdigit, cell)))
        name, text = html.escape(f"{sheet}!{cell}", quote=True), html.escape(_show(value))
        rows.setdefault((sheet, number), []).append(f'<td id="{name}">{text}</td>')
    return "".join(
        f"<tr><th>{html.escape(sheet)} {number}</th>{''.join(row)}</tr>" for (sheet, number), row in rows.items()
    )


def read_preview(page: str) -> dict[str, str]:
    """Sheet!cell → what the page shows there."""
    from lxml import etree

    root = etree.fromstring(f"<table>{page}</table>")
    return {cell.get("id", ""): cell.text or "" for cell in root.iter("td")}


def _show(value: object) -> str:
    return number_text(value) if isinstance(value, float) else str(value)


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-14, abs_tol=1e-15)
    return ours == theirs
