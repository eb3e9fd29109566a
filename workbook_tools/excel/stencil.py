"""A drawn workbook with holes: what other workbooks of its kind have in those places is put in, all else is copied.

A stencil is cut from a workbook that was drawn; it knows none of the drawing. Given are the cells whose content differs, and the
rows whose height does. What is put in is written by what writes the drawn workbook (``direct_sheet``), so that the
package is the one that would have been drawn, byte for byte. What is not of the usual kind (a text of markup, one that is too long) is
none of a stencil's: :class:`Unusual`, and the workbook is drawn.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_parts import write_strings
from workbook_tools.excel.direct_sheet import (
    escape_attribute,
    escape_content,
    write_number,
    write_result,
    write_string,
)
from workbook_tools.excel.framed_pieces import Unusual
from workbook_tools.excel.framed_sheet import clean_usual_text
from workbook_tools.excel.usual_tags import encode_password, write_height
from workbook_tools.excel.writing import Scalar
from workbook_tools.files.zip_writing import ZipEntry, compress_part, join_entries

_SHEET, _STRINGS, _FACTS = re.compile(r"xl/worksheets/sheet(\d+)\.xml"), "xl/sharedStrings.xml", "docProps/core.xml"
_BOOK = "xl/workbook.xml"
_PLACE = re.compile(
    r'<row r="(?P<row>\d+)"(?: spans="[0-9:]+")?(?P<height>(?: ht="[^"]*")?(?: customHeight="1")?)'
    r'|<c r="(?P<cell>[A-Z]+\d+)" s="\d+"'
    r'(?P<content>/>|(?: t="(?P<type>[a-z]+)")?>(?:<f>(?P<formula>[^<]*)</f>)?<v>[^<]*</v></c>)'
    r'|(?P<validation><dataValidation [^>]*sqref="(?P<validated>[A-Z]+\d+)"(?:/>|>.*?</dataValidation>))'
    r'|<hyperlink ref="(?P<linked>[A-Z]+\d+)" location="[^"]*" display="(?P<shown>[^"]*)"'
    r'| (?:password|workbookPassword)="(?P<code>[0-9A-F]+)"'
    r"|<dc:title>(?P<title>[^<]*)|<dc:subject>(?P<subject>[^<]*)"
)
"""Where a hole may be in a part that XlsxWriter has written."""


@dataclass(frozen=True, slots=True)
class Holes:
    """What differs on a sheet from one workbook of the kind to another."""

    texts: Mapping[str, str]
    """Address → text of the cells that are no formulas, in the order in which they are drawn; "" where it differs, or is no text."""
    cells: Set[str]
    """Those whose content differs, with formulas whose result does."""
    validations: Set[str]
    """Cells whose validation differs."""
    rows: Set[int]
    """Rows, from 1, whose height does."""


NO_HOLES = Holes({}, frozenset(), frozenset(), frozenset())


@dataclass(slots=True)
class Filling:
    """What a workbook has in the holes of a sheet."""

    cells: Mapping[str, Scalar]
    """Address → content, or the result of the formula there."""
    validations: Mapping[str, str]
    """Address → its tag."""
    rows: Mapping[int, tuple[float, bool]]
    """Row, from 1 → its height in points, and whether it grows."""


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What a workbook is besides its sheets."""

    title: str
    subject: str
    password: str


@dataclass(slots=True)
class _Ink:
    """What goes into the holes of a part, as it is written."""

    filling: Filling
    strings: Mapping[str, int]
    """Address → the number of its text."""
    facts: BookFacts
    code: str
    """Of the password."""


_Hole = Callable[[_Ink], str]


class Stencil:
    """A workbook with holes; :meth:`fill` makes others of it."""

    def __init__(self, package: bytes, sheets: Sequence[Holes]) -> None:
        self._sheets = sheets
        self._parts: dict[str, _Cut | ZipEntry] = {}
        with zipfile.ZipFile(io.BytesIO(package)) as file:
            for name in file.namelist():
                number = _SHEET.fullmatch(name)
                if number or name in (_BOOK, _FACTS):
                    holes = sheets[int(number[1]) - 1] if number else NO_HOLES
                    self._parts[name] = _Cut(file.read(name).decode(), holes)
                else:
                    self._parts[name] = compress_part(name, file.read(name))

    @property
    def pieces(self) -> str:
        """All that is copied from the parts with holes."""
        return "\0".join("\0".join(part.pieces) for part in self._parts.values() if isinstance(part, _Cut))

    def fill(self, fillings: Sequence[Filling], facts: BookFacts) -> bytes:
        """The workbook with these contents. Raises Unusual."""
        numbers: dict[str, int] = {}
        count = 0
        inks = []
        code = encode_password(facts.password)
        for holes, filling in zip(self._sheets, fillings, strict=True):
            strings: dict[str, int] = {}
            for cell, own in holes.texts.items():
                text = own or _clean(filling.cells.get(cell))
                if text:
                    strings[cell] = numbers.setdefault(text, len(numbers))
            count += len(strings)
            inks.append(_Ink(filling, strings, facts, code))
        return join_entries(self._fill_part(name, inks, numbers, count) for name in self._parts)

    def _fill_part(self, name: str, inks: Sequence[_Ink], numbers: Mapping[str, int], count: int) -> ZipEntry:
        part = self._parts[name]
        if name == _STRINGS:
            return compress_part(name, write_strings(numbers, count).encode())
        if isinstance(part, ZipEntry):
            return part
        number = _SHEET.fullmatch(name)
        return compress_part(name, part.fill(inks[int(number[1]) - 1 if number else 0]).encode())


def _clean(content: Scalar) -> str:
    """The text as it is stored; nothing where there is none."""
    return clean_usual_text(content) if isinstance(content, str) else ""


class _Cut:
    """A part with holes."""

    def __init__(self, text: str, holes: Holes) -> None:
        self.pieces: list[str] = []
        self._holes: list[_Hole] = []
        end = 0
        for found in _PLACE.finditer(text):
            if hole := _find_hole(found, holes):
                first, last = found.span(hole[0])
                self.pieces.append(text[end:first])
                self._holes.append(hole[1])
                end = last
        self.pieces.append(text[end:])

    def fill(self, ink: _Ink) -> str:
        """The part with this in its holes."""
        parts = [self.pieces[0]]
        for hole, piece in zip(self._holes, self.pieces[1:], strict=True):
            parts.append(hole(ink))
            parts.append(piece)
        return "".join(parts)


def _find_hole(found: re.Match[str], holes: Holes) -> tuple[str, _Hole] | None:
    """Which group of the match is a hole, and what fills it; ``None``: it is the same in all."""
    cell, row, validated = found["cell"], found["row"], found["validated"]
    if cell:
        if cell in holes.cells:
            formula = found["formula"]
            return "content", partial(_fill_cell, cell) if formula is None else partial(_fill_result, cell, formula)
        return ("content", partial(_fill_string, cell)) if found["type"] == "s" else None
    if row:
        return ("height", partial(_fill_height, int(row))) if int(row) in holes.rows else None
    if linked := found["linked"]:
        return ("shown", partial(_fill_link, linked)) if linked in holes.cells else None
    if validated:
        return ("validation", partial(_fill_validation, validated)) if validated in holes.validations else None
    fact = str(found.lastgroup)
    return fact, _FILL_FACT[fact]


def _fill_cell(cell: str, ink: _Ink) -> str:
    content = ink.filling.cells[cell]
    if content is None or content == "":
        return "/>"
    if isinstance(content, str):
        return write_string(ink.strings[cell]) if cell in ink.strings else "/>"
    if isinstance(content, bool) or not math.isfinite(content):
        raise Unusual
    return write_number(content)


def _fill_string(cell: str, ink: _Ink) -> str:
    return write_string(ink.strings[cell])


def _fill_result(cell: str, formula: str, ink: _Ink) -> str:
    content = ink.filling.cells[cell]
    if isinstance(content, float) and not math.isfinite(content):
        raise Unusual
    shown = clean_cell_text(content) if isinstance(content, str) else "" if content is None else content
    written = write_result(formula, shown)
    if written is None:
        raise Unusual
    return written


def _fill_height(row: int, ink: _Ink) -> str:
    rows = ink.filling.rows
    return write_height(*rows[row]) if row in rows else ""


def _fill_validation(cell: str, ink: _Ink) -> str:
    return ink.filling.validations[cell]


def _fill_link(cell: str, ink: _Ink) -> str:
    return escape_attribute(_clean(ink.filling.cells[cell]))


_FILL_FACT: dict[str, _Hole] = {
    "code": lambda ink: ink.code,
    "title": lambda ink: escape_content(clean_cell_text(ink.facts.title)),
    "subject": lambda ink: escape_content(clean_cell_text(ink.facts.subject)),
}
