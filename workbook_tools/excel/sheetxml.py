"""What a worksheet's XML says beside its values: formulas, locks, protection.

Searched with regular expressions, six times as fast as a parser. That is right because :mod:`workbook_tools.excel.sheet_grammar`
makes sure that the XML is written the way Excel, WPS, LibreOffice and Gnumeric write it; any other
spelling (prefixes, comments, single quotes, cells without address) is rewritten into that one, or refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.cells import MAX_COLUMNS, column_index
from workbook_tools.excel.formulas import move_formula

_TAG = rb"[^<>]{0,400}"
"""The rest of a tag; with ``?`` behind it, as little of it as possible.

Unbounded, or running into the next tag, it would let a made-up file keep a search busy for days.
"""
_CELL = rb'<c r="([A-Z]+[0-9]+)"' + _TAG
"""``<c r="B7" s="3" t="str"``: the start of a cell, up to the end of its tag."""
_FORMULA = re.compile(_CELL + rb">\s*<f(?![A-Za-z])([^<>]{0,400}?)(?:/>|>([^<]*)</f>)")
"""Behind the cell ``<f>B1+B2</f>``, or ``<f t="shared" si="0"/>``; not ``<formula1>`` of a validation."""
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^<>]{0,400})>\s*<f(?![A-Za-z])[^<>]{0,400}?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""``<c r="B7"><f>B1+B2</f></c>``: a formula without a result; one with ``t="str"`` came to a blank text."""
_ERROR = re.compile(
    rb"(" + _CELL + rb'?\st="e"' + _TAG + rb">(?:\s*<f(?![A-Za-z])" + _TAG + rb"?(?:/>|>[^<]*</f>))?\s*<v>)([^<]+)"
)
"""``<c r="B7" t="e"><f>1/0</f><v>#DIV/0!</v>``: all up to the error, the cell, the error."""
_SHARED = re.compile(rb'\bsi="([0-9]+)"')
_SPREAD = re.compile(rb'(?=[^<>]*\bt="(?:array|dataTable)")[^<>]*\bref="([A-Z0-9:]+)"')
"""``t="array" ref="B2:B9"``: the formula of one cell fills the others too."""
_MAX_SPREAD = 1_000
_PROTECTION = re.compile(rb"<sheetProtection\s" + _TAG + rb'?\bsheet="(?:1|true)"')
"""``<sheetProtection password="CC1A" sheet="1" objects="1"/>``; without ``sheet`` nothing is locked."""
_CELL_STYLE = re.compile(_CELL + rb'?\ss="([0-9]+)"')
"""Of ``<c r="B7" s="12"`` the cell and the number of its style."""
_ROW = re.compile(rb"<row\s(" + _TAG + rb")>")
_CUSTOM = re.compile(rb'\bcustomFormat="(?:1|true)"')
"""``<row r="9" s="4" customFormat="1">``: only then does the row's style hold for its empty cells."""
_COLUMN = re.compile(rb"<col\s(" + _TAG + rb")>")
"""``<col min="2" max="5" width="12" style="3"/>``: the style of the empty cells of these columns."""
_COLUMN_STYLE = re.compile(rb'<col\s[^<>]*\sstyle="')
_HIDDEN, _WIDTH = re.compile(rb'\bhidden="(?:1|true)"'), re.compile(rb'\bwidth="([0-9]+\.?[0-9]*)"')
NARROW = 1.5
"""Characters of a column below which nothing in it is read."""
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z0-9:]+)"')
_VALIDATION = re.compile(rb"<(?:x14:)?dataValidation\s")
"""Excel's own, or that of its extension of 2010."""
_KIND = re.compile(rb'\btype="(?!none")')
"""``type="list"``; without a type, or with ``none``, a validation only shows its prompt."""
_SQREF = re.compile(rb'(?:\bsqref="|<xm:sqref>)([A-Z0-9: ]+)')
"""``sqref="B7 D9:D12"``, in the extension ``<xm:sqref>B7</xm:sqref>``."""
_SPAN = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_MAX_VALIDATIONS = 65_536
"""Excel's own limit per sheet."""
_ATTRIBUTE = re.compile(rb'(\w+)="([0-9]+)"')
"""``min="2"``: an attribute that is a whole number."""


def _read_place(cell: bytes) -> tuple[int, int]:
    """B7 → (6, 1)."""
    letters = cell.rstrip(b"0123456789")
    return int(cell[len(letters) :]) - 1, column_index(letters.decode())


@lru_cache(maxsize=1 << 15)
def _read_formula(content: bytes) -> str:
    """A formula as its element holds it → its text."""
    return html.unescape(content.decode()).removeprefix("=")


@dataclass(frozen=True, slots=True, eq=False)
class Formulas(Mapping[tuple[int, int], str]):
    """(row, column), counted from 0 → the formula there, without ``=``; one that is shared is moved when asked for."""

    own: Mapping[tuple[int, int], str]
    masters: Mapping[bytes, tuple[int, int, str]]
    followers: Mapping[tuple[int, int], bytes]
    """Cell → the number of the formula that it shares."""
    spread: tuple[tuple[Areas, str], ...] = ()
    """Areas that one formula fills (array formulas, data tables): their other cells have none of their own."""

    def __getitem__(self, place: tuple[int, int]) -> str:
        if place in self.own:
            return self.own[place]
        row, col, text = self.masters[self.followers[place]]
        return move_formula(text, place[0] - row, place[1] - col)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        yield from self.own
        yield from (place for place, key in self.followers.items() if key in self.masters and place not in self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def find_spread(self, place: tuple[int, int]) -> str | None:
        """The formula that fills a cell, its own or that of another cell."""
        return next((text for area, text in self.spread if place in area), None)


def list_formulas(written: Iterable[tuple[int, int, bytes]]) -> Formulas:
    """Formulas that are written as usual, none of them shared or for several cells: row, column, ``<f>B1+B2</f>``."""
    texts = ((row, col, formula[3:-4]) for row, col, formula in written)
    return Formulas({(row, col): _read_formula(text) for row, col, text in texts if text}, {}, {})


def read_formulas(xml: bytes) -> Formulas:
    """All formulas of a worksheet in plain form."""
    found: dict[tuple[int, int], str] = {}
    masters: dict[bytes, tuple[int, int, str]] = {}
    followers: dict[tuple[int, int], bytes] = {}
    spread: list[tuple[Areas, str]] = []
    for cell, attributes, content in _FORMULA.findall(xml):
        shared = _SHARED.search(attributes) if attributes else None
        if attributes and (area := _SPREAD.search(attributes)):
            spread.append((Areas.of(area[1].decode()), _read_formula(content) or "TABLE()"))
        if content:
            found[_read_place(cell)] = text = _read_formula(content)
            if shared:
                masters.setdefault(shared[1], (*_read_place(cell), text))
        elif shared:
            followers[_read_place(cell)] = shared[1]
    if len(spread) > _MAX_SPREAD:
        raise ValueError(len(spread))
    return Formulas(found, masters, followers, tuple(spread))


def find_uncomputed(xml: bytes) -> list[tuple[int, int]]:
    """The cells of a worksheet in plain form, row and column from 0, whose formulas have no result: a program has written them, and none computed."""
    if b"<f" not in xml:
        return []
    return [_read_place(cell) for cell, attributes in _UNCOMPUTED.findall(xml) if b't="str"' not in attributes]


def without_errors(xml: bytes) -> bytes:
    """The XML with the text of every error value (#N/A) gone: calamine refuses a file that has one it does not know."""
    return _ERROR.sub(rb"\1", xml) if b' t="e"' in xml else xml


def is_protected(xml: bytes) -> bool:
    """The sheet's protection is switched on."""
    return _PROTECTION.search(xml) is not None


def read_merged(xml: bytes) -> frozenset[str]:
    """The merged cells (``B7:D7``)."""
    return frozenset(span.decode() for span in _MERGED.findall(xml))


def read_errors(xml: bytes) -> Mapping[tuple[int, int], str]:
    """The error values (#N/A) of a worksheet in plain form."""
    if b' t="e"' not in xml:
        return {}
    return {_read_place(cell): html.unescape(text.decode()) for _, cell, text in _ERROR.findall(xml)}


def read_validated(xml: bytes) -> Areas:
    """The cells that check what is typed into them: lists, numbers, dates; not those that only show a prompt.

    Excel keeps lists that point to another sheet in its extension of 2010, and so does WPS with any list.
    """
    spans = []
    for block in _VALIDATION.split(xml, _MAX_VALIDATIONS)[1:]:
        attributes, _, rest = block.partition(b"<")
        where = _SQREF.search(attributes) or _SQREF.search(b"<" + rest.partition(b"</x14:dataValidation")[0])
        if where and _KIND.search(attributes):
            spans += [_read_span(match) for match in _SPAN.finditer(where[1].decode())]
    return Areas(tuple(spans[:_MAX_VALIDATIONS]))


def _read_span(match: re.Match[str]) -> tuple[int, int, int, int]:
    first = int(match[2]) - 1, column_index(match[1])
    return (*first, int(match[4]) - 1, column_index(match[3])) if match[3] else (*first, *first)


@dataclass(frozen=True, slots=True)
class Areas:
    """Cells, as rectangles: first row and column, last row and column."""

    spans: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def of(cls, ranges: str) -> Areas:
        """The rectangles of a text like ``A1 B7:D7``."""
        return cls(tuple(_read_span(match) for match in _SPAN.finditer(ranges)))

    @property
    def cell(self) -> tuple[int, int] | None:
        """The only cell; ``None`` where there are several."""
        return self.spans[0][:2] if len(self.spans) == 1 and self.spans[0][:2] == self.spans[0][2:] else None

    def __contains__(self, place: tuple[int, int]) -> bool:
        row, col = place
        return any(top <= row <= bottom and left <= col <= right for top, left, bottom, right in self.spans)


@dataclass(frozen=True, slots=True, eq=False)
class CellStyles:
    """Which cell style stands where: numbers of ``cellXfs`` in styles.xml."""

    cells: Mapping[tuple[int, int], int]
    rows: Mapping[int, int]
    columns: tuple[tuple[int, int, int], ...]
    """First column, last column, style."""

    def at(self, row: int, col: int) -> int:
        """The style of a cell, also of one that is not in the file: then its row's or its column's."""
        style = self.cells.get((row, col), self.rows.get(row))
        if style is not None:
            return style
        return next((style for first, last, style in self.columns if first <= col <= last), 0)


def has_line_styles(xml: bytes) -> bool:
    """Whole rows or columns may have a style."""
    return b"customFormat=" in xml or _COLUMN_STYLE.search(xml) is not None


def read_styles(xml: bytes) -> CellStyles:
    """The styles of a worksheet in plain form."""
    rows = map(_read_numbers, filter(_CUSTOM.search, _ROW.findall(xml)))
    columns = map(_read_numbers, _COLUMN.findall(xml))
    return CellStyles(
        {_read_place(cell): int(style) for cell, style in _CELL_STYLE.findall(xml)},
        {row["r"] - 1: row["s"] for row in rows if {"r", "s"} <= row.keys()},
        tuple((c["min"] - 1, c["max"] - 1, c["style"]) for c in columns if {"min", "max", "style"} <= c.keys()),
    )


def read_hidden_columns(xml: bytes) -> frozenset[int]:
    """The columns of a worksheet in plain form that are hidden, or too narrow to be read."""
    found: set[int] = set()
    for attributes in _COLUMN.findall(xml):
        width = _WIDTH.search(attributes)
        if _HIDDEN.search(attributes) or (width and float(width[1]) < NARROW):
            numbers = _read_numbers(attributes)
            found.update(range(numbers.get("min", 1) - 1, min(numbers.get("max", 1), MAX_COLUMNS)))
    return frozenset(found)


def _read_numbers(attributes: bytes) -> dict[str, int]:
    return {name.decode(): int(number) for name, number in _ATTRIBUTE.findall(attributes)}
