"""What of OpenDocument sheets is struck out, hidden, in the ink of its ground, or said in a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from workbook_tools.excel.cell_looks import WHITE, is_illegible
from workbook_tools.excel.cell_marks import list_hidden_cells
from workbook_tools.excel.opendocument_names import FORMATS, OFFICE, STYLE, TABLE, TEXT
from workbook_tools.excel.sheet_cells import CellMarks, SheetCell, Spot

_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_UNSEEN = ("collapse", "filter")
"""A row or column that is hidden, by hand or by a filter."""


@dataclass(frozen=True, slots=True)
class _OpenLook:
    """What a style says, and nothing of what it leaves as it is."""

    struck: bool | None
    ink: str | None
    ground: str | None

    @property
    def is_illegible(self) -> bool:
        """Its text has the colour of its ground."""
        return self.ink is not None and is_illegible(self.ink, (self.ground or WHITE,))


_PLAIN = _OpenLook(None, None, None)


class OpenLooks:
    """The styles of a file by their names; ``is_plain`` where none strikes out, and none has an ink of its own."""

    def __init__(self, root: etree._Element) -> None:
        styles = ((item.get(f"{STYLE}name", ""), _read_look(item)) for item in root.iter(f"{STYLE}style"))
        self._looks = {name: look for name, look in styles if look != _PLAIN}
        self.is_plain = not any(look.struck or look.ink for look in self._looks.values())

    def of(self, name: str | None) -> _OpenLook:
        """The look of a style."""
        return self._looks.get(name or "", _PLAIN)


def _read_look(style: etree._Element) -> _OpenLook:
    text, cell = style.find(f"{STYLE}text-properties"), style.find(f"{STYLE}table-cell-properties")
    lines = [] if text is None else [text.get(f"{STYLE}text-line-through-{name}") for name in ("style", "type")]
    line = next((line for line in lines if line is not None), None)
    ink = None if text is None else _read_colour(text.get(f"{FORMATS}color", ""))
    ground = None if cell is None else _read_colour(cell.get(f"{FORMATS}background-color", ""))
    return _OpenLook(None if line is None else line != "none", ink, ground)


def _read_colour(text: str) -> str | None:
    """``#FF0000``; nothing for ``transparent``."""
    return text[1:].upper() if len(text) == 7 and text.startswith("#") else None


def read_open_marks(table: etree._Element, cells: Sequence[SheetCell], looks: OpenLooks) -> CellMarks:
    """The marks of a sheet with these cells."""
    by_place = {(cell.row, cell.col): cell for cell in cells if cell.shown}
    last = max((cell.row for cell in cells), default=-1)
    struck: dict[Spot, str] = {}
    unseen: dict[Spot, str] = {}
    comments: dict[Spot, str] = {}
    columns = list(_list_column_looks(table))
    hidden_rows: set[int] = set()
    row = 0
    for line in table.iter(f"{TABLE}table-row"):
        again = int(line.get(f"{TABLE}number-rows-repeated", "1"))
        if line.get(f"{TABLE}visibility") in _UNSEEN:
            hidden_rows.update(range(row, min(row + again, last + 1)))
        for col, item in _list_items(line):
            cell = by_place.get((row, col))
            if (note := item.find(f"{OFFICE}annotation")) is not None:
                comments[row, col] = "\n".join(map(_join, note.iterfind(f"{TEXT}p"))).strip()
            if cell is not None and not looks.is_plain:
                name = item.get(f"{TABLE}style-name") or line.get(f"{TABLE}default-cell-style-name")
                look = looks.of(name or (columns[col][1] if col < len(columns) else None))
                left = _cut_struck_text(item, look, looks)
                if left is not None:
                    struck |= {(row + copy, col): left for copy in range(min(again, last - row + 1))}
                elif look.is_illegible:
                    unseen[row, col] = "文字与底色分不清"
        row += again
    hidden_columns = frozenset(col for col, (is_hidden, _) in enumerate(columns) if is_hidden)
    unseen |= dict(list_hidden_cells(cells, frozenset(hidden_rows), hidden_columns))
    return CellMarks(struck, unseen, {place: text for place, text in comments.items() if text})


_MOST_COLUMNS = 200


def _list_column_looks(table: etree._Element) -> Iterator[tuple[bool, str | None]]:
    """Of each column whether it is hidden, and the style of its cells."""
    count = 0
    for item in table.iter(f"{TABLE}table-column"):
        again = min(int(item.get(f"{TABLE}number-columns-repeated", "1")), _MOST_COLUMNS - count)
        count += again
        is_hidden = item.get(f"{TABLE}visibility") in _UNSEEN
        yield from [(is_hidden, item.get(f"{TABLE}default-cell-style-name"))] * again


def _list_items(line: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    col = 0
    for item in line.iterchildren(*_CELLS):
        yield col, item
        col += int(item.get(f"{TABLE}number-columns-repeated", "1"))


def _cut_struck_text(item: etree._Element, look: _OpenLook, looks: OpenLooks) -> str | None:
    """What is left of a cell's text; nothing where nothing is struck out. A span that does not say so is as its cell."""
    lines: list[str] = []
    is_cut = False
    for paragraph in item.iterfind(f"{TEXT}p"):
        pieces = [(paragraph.text or "", look.struck)]
        for child in paragraph:
            own = looks.of(child.get(f"{TEXT}style-name")).struck
            pieces.append((_join(child), look.struck if own is None else own))
            pieces.append((child.tail or "", look.struck))
        is_cut = is_cut or any(struck and text.strip() for text, struck in pieces)
        lines.append("".join(text for text, struck in pieces if not struck))
    return "\n".join(lines).strip() if is_cut else None


def _join(item: etree._Element) -> str:
    return "".join(map(str, item.itertext()))
