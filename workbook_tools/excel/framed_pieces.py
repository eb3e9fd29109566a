"""What fields have on a sheet of a :class:`FramedBook`, cut out once to be put wherever they stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from workbook_tools.core.cells import MAX_ROWS
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_sheet import LETTERS, TITLE_UNITS, escape_attribute, fits_units, write_number
from workbook_tools.excel.styles import StyleSpec, Tint
from workbook_tools.excel.writing import Scalar

PlacedRule = tuple[str, str, Tint]
"""The cells where a rule holds, its tag with holes for the number of its look and its priority, and its look."""
EMPTY = "/>"
"""What stands in the tag of a cell without content behind its look."""
HOLE = "%%s"


class Unusual(Exception):
    """Such a book has no such thing; a plain one may have it, or refuse it."""


OWN = "\ue003"
"""Stands for what a field is called, and for the text of a link, where a piece is cut."""


class WrittenName(NamedTuple):
    """A defined name: where it stands in the order, its tag, the tag in the list of parts, and that whatever the case of its letters."""

    key: str
    tag: str
    part: str
    folded: str


class Piece:
    """What fields have on a sheet, but for looks and contents. They are counted from 0."""

    def __init__(
        self,
        cells: Sequence[tuple[int, int, int, int]],
        merged: Sequence[str],
        rules: Sequence[PlacedRule],
        validations: Sequence[tuple[int, str, str]],
        links: Sequence[tuple[int, str]],
        names: Sequence[WrittenName],
    ) -> None:
        self.cells = cells
        """Row, column, the field, and again the field where its content is, -1 in the rest of a merged range."""
        self.merged, self.rules, self.names = merged, rules, names
        self.validations = validations
        """The field, the place, and the tag with ``OWN`` for the title."""
        self.links = links
        """The field, and the tag with ``OWN`` for the text of the cell."""

    @classmethod
    def join(cls, pieces: Sequence[Piece]) -> Piece:
        """What is on all of these, each of one field."""
        numbered = [*enumerate(pieces)]
        return cls(
            [(row, col, at, at if own >= 0 else own) for at, piece in numbered for row, col, _, own in piece.cells],
            [tag for piece in pieces for tag in piece.merged],
            [rule for piece in pieces for rule in piece.rules],
            [(at, *validation[1:]) for at, piece in numbered for validation in piece.validations],
            [(at, tag) for at, piece in numbered for _, tag in piece.links],
            sorted(name for piece in pieces for name in piece.names),
        )


class CellRun(NamedTuple):
    """Cells beside each other: the row, the first and last column, their tags with holes for the numbers of their ``looks`` and for the contents that
    are the book's own, which of the piece's fields these are, and what picks these contents out of all such; nothing where there are none."""

    row: int
    first: int
    last: int
    tags: str
    looks: tuple[StyleSpec, ...]
    places: tuple[int, ...]
    pick: Callable[[tuple[str, ...]], tuple[str, ...]] | None


class KnownPiece:
    """A piece with what its fields (by number) have in all books where it stands: ``looks``, the ``values`` of some, what some are called (``titles``).

    The formulas are ``computed``. Raises Unusual.
    """

    def __init__(
        self,
        piece: Piece,
        looks: Sequence[StyleSpec],
        values: Mapping[int, Scalar],
        titles: Mapping[int, str],
        computed: Sequence[int],
    ) -> None:
        self.looks = looks
        self.merged, self.rules, self.names = piece.merged, piece.rules, piece.names
        corners = {at: (row, col) for row, col, _, at in piece.cells if at >= 0}
        self.links = [(at, corners[at], tag) for at, tag in piece.links]
        known = {at: content for at, value in values.items() if (content := _write_fixed(value)) is not None}
        self.others = [at for at in range(len(looks)) if at not in known and at not in computed]
        """Fields that hold something else in each book, besides the formulas."""
        holes = {at: number for number, at in enumerate((*self.others, *computed))}
        self.runs = [self._make_run(cells, known, holes) for cells in _divide_cells(piece.cells)]
        self.validations: dict[str, str] = {}
        """The tag of each by its place; ``""`` where the title is the book's own."""
        self.called: list[tuple[int, str, str, str]] = []
        """Those: the field, the place, and the tag before and behind the title."""
        for at, place, tag in piece.validations:
            begun, own, ended = tag.partition(OWN)
            if own and at not in titles:
                self.called.append((at, place, begun, ended))
                self.validations[place] = ""
            else:
                self.validations[place] = begun + write_title(titles[at]) + ended if own else begun
        if len(self.validations) < len(piece.validations):
            raise Unusual

    def _make_run(self, cells: Sequence[_Cell], known: Mapping[int, str], holes: Mapping[int, int]) -> CellRun:
        row, first, *_ = cells[0]
        own = [holes[at] for *_, at in cells if at in holes]
        tags = "".join(begin_cell(row, col) + (EMPTY if at < 0 else known.get(at, HOLE)) for _, col, _, at in cells)
        places = tuple([place for _, _, place, _ in cells])
        looks = _keep_looks(tuple([self.looks[place] for place in places]))
        return CellRun(row, first, first + len(cells) - 1, tags, looks, places, _pick(own) if own else None)


_Cell = tuple[int, int, int, int]


def _divide_cells(cells: Sequence[_Cell]) -> Iterator[Sequence[_Cell]]:
    """Cells that stand beside each other in a row."""
    for _, run in groupby(enumerate(sorted(cells)), lambda one: (one[1][0], one[1][1] - one[0])):
        yield [cell for _, cell in run]


def _pick(places: Sequence[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


@lru_cache(1 << 12)
def _keep_looks(looks: tuple[StyleSpec, ...]) -> tuple[StyleSpec, ...]:
    """The same looks are one tuple, so that their numbers are asked for once in a book."""
    return looks


def _write_fixed(value: Scalar) -> str | None:
    """What stands in the tag of a cell with that value in every book; ``None`` where it has another number in each."""
    if value is None or value == "":
        return EMPTY
    return None if isinstance(value, str | bool) or not math.isfinite(value) else write_number(value)


def begin_cell(row: int, col: int) -> str:
    """The tag of a cell up to the number of its look, with a hole for that. Raises Unusual beyond all forms."""
    if not (0 <= row < MAX_ROWS and 0 <= col < len(LETTERS)):
        raise Unusual
    return f'<c r="{LETTERS[col]}{row + 1}" s="%d"'


@lru_cache(1 << 13)
def write_title(title: str) -> str:
    """The title above a prompt, as its tag has it. Raises Unusual."""
    cleaned = clean_cell_text(title)
    if not cleaned or not fits_units(cleaned, TITLE_UNITS):
        raise Unusual
    return escape_attribute(cleaned)
