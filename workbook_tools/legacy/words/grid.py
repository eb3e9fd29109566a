"""A sheet or a Word table as cells with places and spans: what the recogniser looks at.

Rows and columns count from 0. A merged cell is one cell that covers its rectangle.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import Value
from workbook_tools.legacy.words.doubts import KeptReading
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import Remark, Stated, Where


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell, or several that are merged. ``shown`` is what a reader sees, without blanks around it."""

    row: int
    col: int
    rows: int
    cols: int
    value: Value
    shown: str
    where: Where

    @property
    def place(self) -> tuple[int, int]:
        """Its upper left row and column."""
        return self.row, self.col

    @property
    def last_row(self) -> int:
        """The lowest row that it covers."""
        return self.row + self.rows - 1

    @property
    def last_col(self) -> int:
        """The rightmost column that it covers."""
        return self.col + self.cols - 1

    @property
    def number(self) -> float | None:
        """The number that the cell holds; ``None`` also for a text that looks like one."""
        return self.value if isinstance(self.value, float) else None

    @property
    def is_number(self) -> bool:
        """The cell holds a number."""
        return isinstance(self.value, float)

    def as_stated(self, value: Value) -> Stated:
        """A value understood from this cell."""
        return Stated(value, self.shown, self.where)


@dataclass(eq=False)
class Grid:
    """The filled cells of a sheet, and blank merged ones, by place."""

    title: str
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    """Upper left place → cell."""
    cut: bool = False
    """The sheet goes on beyond what is read."""
    kept: Mapping[str, KeptReading] = field(default_factory=dict)
    """What the office has said of doubts in this layout, by their key."""
    doubts: Sequence[Remark] = ()
    """What labels were taken for by what stands below them, where they were put as they are usually called."""

    def __post_init__(self) -> None:
        self._covering: dict[tuple[int, int], GridCell] = {}
        by_row: dict[int, list[GridCell]] = {}
        for cell in self.cells.values():
            if cell.rows > 1 or cell.cols > 1:
                places = (
                    (r, c) for r in range(cell.row, cell.row + cell.rows) for c in range(cell.col, cell.col + cell.cols)
                )
                for place in places:
                    self._covering.setdefault(place, cell)
            if cell.shown:
                by_row.setdefault(cell.row, []).append(cell)
        self._by_row = {row: sorted(cells, key=lambda cell: cell.col) for row, cells in by_row.items()}
        self.height = max((cell.last_row for cell in self.cells.values()), default=-1) + 1
        self.filled_rows = sorted(self._by_row)

    def at(self, row: int, col: int) -> GridCell | None:
        """The cell that stands at or covers a place."""
        return self.cells.get((row, col)) or self._covering.get((row, col))

    def starting_in(self, row: int) -> list[GridCell]:
        """The filled cells whose first row this is, from left to right."""
        return self._by_row.get(row, [])

    def across(self, row: int, first: int, last: int) -> Iterator[GridCell]:
        """The filled cells that a row has or is covered by, in these columns."""
        seen = None
        for col in range(first, last + 1):
            cell = self.at(row, col)
            if cell is not None and cell is not seen and cell.shown:
                yield cell
            seen = cell

    def filled_between(self, first: int, last: int) -> Iterator[GridCell]:
        """The filled cells that start in these rows."""
        rows = self.filled_rows
        for row in rows[bisect_left(rows, first) : bisect_right(rows, last)]:
            yield from self._by_row[row]

    def rows_below(self, row: int, most: int) -> list[int]:
        """The next filled rows below a row, so many at most."""
        start = bisect_right(self.filled_rows, row)
        return self.filled_rows[start : start + most]

    def with_below(self, other: Grid) -> Grid:
        """With the cells of another grid in the rows below."""
        moved = {
            (row + self.height, col): replace(cell, row=row + self.height) for (row, col), cell in other.cells.items()
        }
        return Grid(self.title, {**self.cells, **moved}, self.cut or other.cut, self.kept, self.doubts)

    def without(self, cell: GridCell) -> Grid:
        """Without one of its cells."""
        return replace(self, cells={place: one for place, one in self.cells.items() if one is not cell})

    def with_kept(self, kept: Mapping[str, KeptReading]) -> Grid:
        """Read with what the office has said of its layout."""
        return replace(self, kept=kept)

    def with_labels(self, labels: Mapping[tuple[int, int], GridCell], doubts: Sequence[Remark]) -> Grid:
        """With these labels in the places of its own, and what is told of them."""
        return replace(self, cells={**self.cells, **labels}, doubts=[*self.doubts, *doubts])

    def columns_after_gaps(self) -> list[int]:
        """Filled columns, but for the first, whose left neighbour no cell stands in or reaches into."""
        used = {col for cell in self.cells.values() if cell.shown for col in range(cell.col, cell.last_col + 1)}
        return sorted(col for col in used if col - 1 not in used)[1:]

    def between_columns(self, first: int, last: int) -> Grid:
        """The part between two columns."""
        part = {place: cell for place, cell in self.cells.items() if first <= cell.col <= last}
        return Grid(self.title, part, self.cut, self.kept, self.doubts)


def build_grid(title: str, cells: Iterable[GridCell], cut: bool = False) -> Grid:
    """A grid of cells; a text of blanks counts as nothing."""
    found = {}
    for cell in cells:
        shown = cell.shown.strip(" \t\r\n\u3000\u00a0\u200b\ufeff")
        if not without_blanks(shown):
            shown = ""
        value = cell.value if shown or not isinstance(cell.value, str) else None
        found[cell.place] = replace(cell, shown=shown, value=value)
    return Grid(title, found, cut)
