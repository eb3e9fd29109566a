"""What became of the cells that a step looked at: taken, taken with a doubt, or left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_tools.legacy.words.choosing import DoubtfulPlace, choose_reading, refuse_reading
from workbook_tools.legacy.words.doubts import KeptReading
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.records import Concern, Remark


@dataclass(kw_only=True)
class CellAccount:
    """The account of a step; what it found is added by those who inherit."""

    understood: set[tuple[int, int]] = field(default_factory=set)
    """Places of cells."""
    remarks: list[Remark] = field(default_factory=list)
    kept: Mapping[str, KeptReading] = field(default_factory=dict)
    """What the office has said of doubts in this layout, by their key."""

    def take(self, *cells: GridCell) -> None:
        """These cells were understood."""
        self.understood.update(cell.place for cell in cells)

    def doubt(self, cell: GridCell, what: str, taken: str, other: str) -> None:
        """A cell can fairly be read in two ways."""
        self._remark(Concern.AMBIGUOUS, cell, what, taken, other)

    def choose(self, cell: GridCell, what: str, key: str, readings: Mapping[str, str]) -> str:
        """The reading of a cell that has several, as :func:`choose_reading` says."""
        return choose_reading(DoubtfulPlace(cell.where, what, cell.shown), key, readings, self.kept, self.remarks)

    def refuse(self, cell: GridCell, what: str, key: str) -> None:
        """What the office has said of ``key`` cannot be in this form."""
        refuse_reading(DoubtfulPlace(cell.where, what, cell.shown), key, self.kept, self.remarks)

    def leave(self, cell: GridCell, what: str) -> None:
        """A cell was not understood."""
        self._remark(Concern.UNKNOWN, cell, what)

    def _remark(self, concern: Concern, cell: GridCell, what: str, taken: str = "", other: str = "") -> None:
        self.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )
