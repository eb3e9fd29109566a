"""Facts about many projects, looked up by code alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

from workbook_tools.files.stored_facts import StoredFacts

Fact = TypeVar("Fact")


class FactsByCode(Generic[Fact]):
    """An index by code over facts that are keyed by year and code; it copies no facts."""

    def __init__(self, facts: Mapping[tuple[int, str], Fact]) -> None:
        self.all = facts
        self._years = sorted({year for year, _ in facts})

    def take(self, codes: Collection[str]) -> dict[tuple[int, str], Fact]:
        """The facts about these projects, in the order of the codes."""
        known = self.all.take(codes) if isinstance(self.all, StoredFacts) else self.all
        found = (((year, code), known.get((year, code))) for code in codes for year in self._years)
        return {key: fact for key, fact in found if fact is not None}

    def describe(self, codes: Collection[str]) -> list[object]:
        """The same, for a digest."""
        return [*self.take(codes).items()]
