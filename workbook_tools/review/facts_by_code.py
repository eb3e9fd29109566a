"""What is known of many projects under their years and codes, for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

Fact = TypeVar("Fact")


class FactsByCode(Generic[Fact]):
    """Facts by year and code, to be found by the code alone; of the facts themselves nothing is held twice."""

    def __init__(self, facts: Mapping[tuple[int, str], Fact]) -> None:
        self.all = facts
        self._years = sorted({year for year, _ in facts})

    def take(self, codes: Iterable[str]) -> dict[tuple[int, str], Fact]:
        """Those of these projects, in the order of the codes."""
        found = (((year, code), self.all.get((year, code))) for code in codes for year in self._years)
        return {key: fact for key, fact in found if fact is not None}

    def describe(self, codes: Iterable[str]) -> list[object]:
        """The same, for a digest."""
        return [*self.take(codes).items()]
