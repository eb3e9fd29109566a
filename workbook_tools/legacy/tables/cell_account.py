"""What became of the cells that a step looked at: taken, taken with a doubt, or left."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.records import Concern, Remark


@dataclass(kw_only=True)
class CellAccount:
    """The account of a step; what it found is added by those who inherit."""

    understood: set[tuple[int, int]] = field(default_factory=set)
    """Places of cells."""
    remarks: list[Remark] = field(default_factory=list)

    def take(self, *cells: GridCell) -> None:
        """These cells were understood."""
        self.understood.update(cell.place for cell in cells)

    def doubt(self, cell: GridCell, what: str, taken: str, other: str) -> None:
        """A cell can fairly be read in two ways."""
        self._remark(Concern.AMBIGUOUS, cell, what, taken, other)

    def leave(self, cell: GridCell, what: str) -> None:
        """A cell was not understood."""
        self._remark(Concern.UNKNOWN, cell, what)

    def _remark(self, concern: Concern, cell: GridCell, what: str, taken: str = "", other: str = "") -> None:
        self.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )
