"""Values that many rows have in common are held in memory once.

Rows read from a file each have copies of their own: half of what a project takes is equal to what other projects have.
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
    """Hands out the first of equal values; used while rows are read, and dropped afterwards."""

    def __init__(self) -> None:
        self._values: dict[Any, Any] = {}
        self._names: dict[frozenset[str], set[str]] = {}
        self._mappings: dict[tuple[tuple[Hashable, ...], bytes], Any] = {}

    def value(self, value: Shared) -> Shared:
        """The first equal value that came. Not for numbers: 0 and -0 are equal."""
        found: Shared = self._values.setdefault(value, value)
        return found

    def mapping(self, values: Values) -> Values:
        """The same for a mapping of plain values: equal in their order and to the last bit of a number."""
        name = tuple(values), marshal.dumps(tuple(values.values()), _PLAIN)
        found: Values = self._mappings.setdefault(name, values)
        return found

    def names(self, names: set[str]) -> set[str]:
        """The same for a set that nobody changes any more."""
        return self._names.setdefault(frozenset(names), names)
