"""Values that many rows have alike stand in memory once: who gives each row its values while rows are read.

Read from a file each row has values of its own, equal or not: half of what a project takes is what others have too.
"""

from __future__ import annotations

import marshal
from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

Shared = TypeVar("Shared", bound=Hashable)
Values = TypeVar("Values", bound=Mapping[Any, float | str | None])
_PLAIN = 2
"""The version of marshal that knows nothing of which values are the same object."""


class SharedValues:
    """Knows what has come; it is let go of with the last row."""

    def __init__(self) -> None:
        self._values: dict[Any, Any] = {}
        self._names: dict[frozenset[str], set[str]] = {}
        self._mappings: dict[tuple[tuple[Hashable, ...], bytes], Any] = {}

    def value(self, value: Shared) -> Shared:
        """The first one that came and is equal; no figures, of which 0 and -0 would be."""
        found: Shared = self._values.setdefault(value, value)
        return found

    def mapping(self, values: Values) -> Values:
        """The same of plain values under names, to the last bit of a figure and in their order."""
        name = tuple(values), marshal.dumps(tuple(values.values()), _PLAIN)
        found: Values = self._mappings.setdefault(name, values)
        return found

    def names(self, names: set[str]) -> set[str]:
        """The same of a set that nobody changes any more."""
        return self._names.setdefault(frozenset(names), names)
