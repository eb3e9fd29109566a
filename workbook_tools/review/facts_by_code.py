"""What is known of many projects under their years and codes, for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

Fact = TypeVar("Fact")


class FactsByCode(Generic[Fact]):
    """Facts by year, code and perhaps more, to be found by the code alone; of the facts themselves nothing is held twice."""

    def __init__(self, facts: Mapping[Any, Fact]) -> None:
        self.all = facts
        self._years = sorted({key[0] for key in facts})
        self._longer: dict[str, list[Any]] = {}
        """Where keys hold more than year and code: code → its keys."""
        for key in facts:
            if len(key) > 2:
                self._longer.setdefault(key[1], []).append(key)

    def take(self, codes: Iterable[str]) -> dict[Any, Fact]:
        """Those of these projects, in the order of the codes."""
        found = ((key, self.all.get(key)) for code in codes for key in self._list_keys(code))
        return {key: fact for key, fact in found if fact is not None}

    def describe(self, codes: Iterable[str]) -> list[object]:
        """The same, for a digest."""
        return [*self.take(codes).items()]

    def _list_keys(self, code: str) -> Iterator[Any]:
        """Under which there may be something."""
        yield from ((year, code) for year in self._years)
        yield from self._longer.get(code, ())
