"""One line of a block of money as its figures are gathered, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.legacy.tables.block_labels import MoneyLabel
from workbook_tools.legacy.words.figures import read_rate
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import without_blanks
from workbook_tools.legacy.words.records import FundingLine, Stated


@dataclass
class GatheredLine:
    """A line as it is gathered."""

    labels: list[str] = field(default_factory=list)
    source: str | None = None
    amounts: dict[Measure, Stated] = field(default_factory=dict)
    headers: dict[Measure, GridCell] = field(default_factory=dict)
    """The label of each amount, or the amount itself."""
    rate: GridCell | None = None
    weight: Stated | None = None
    score: Stated | None = None

    def add_label(self, label: MoneyLabel) -> None:
        """Another label of the line; labels that say the same count once."""
        text = without_blanks(label.cell.shown)
        if text not in self.labels:
            self.labels.append(text)
        self.source = self.source or label.source or ("total" if label.measure else None)

    def take_in(self, other: GatheredLine) -> bool:
        """Take in what stands beside the rows of the table, unless this line states it itself."""
        if other.amounts.keys() & self.amounts.keys():
            return False
        self.amounts |= other.amounts
        self.rate = self.rate or other.rate
        self.weight = self.weight or other.weight
        self.score = self.score or other.score
        return True

    def record(self) -> FundingLine:
        """The finished line."""
        source = FundingSource(self.source) if self.source not in (None, "none") else None
        rate = read_rate(self.rate, self._expected_rate()) if self.rate else None
        return FundingLine(
            label="/".join(self.labels),
            source=source if self.labels else FundingSource.TOTAL,
            amounts=self.amounts,
            rate=self.rate.as_stated(rate if rate is not None else self.rate.shown) if self.rate else None,
            weight=self.weight,
            score=self.score,
        )

    def _expected_rate(self) -> float | None:
        """Executed ÷ budget, where both are stated."""
        budget = self.amounts.get(Measure.ANNUAL_BUDGET) or self.amounts.get(Measure.INITIAL_BUDGET)
        executed = self.amounts.get(Measure.EXECUTED)
        if budget is None or executed is None:
            return None
        whole, part = budget.value, executed.value
        return part / whole if isinstance(whole, float) and isinstance(part, float) and whole else None
