"""``dataclass`` as the standard library has it, made sooner: our records are some 500, and a start makes 200 to 300 of them.

The standard library writes six methods of each class as text and compiles them one by one (until 3.12). Three of these need no text:
how a record is compared, hashed and shown follows from the names of its fields. It is nearly a tenth of the start of ``wbt merge``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(kind: type | None = None, /, **options: bool) -> type | Callable[[type], type]:
        """What the standard library's ``dataclass`` makes of a class, with the same options."""
        return _make(kind, **options) if kind else lambda kind: _make(kind, **options)


def _make(
    kind: type, *, eq: bool = True, order: bool = False, unsafe_hash: bool = False, frozen: bool = False, **others: bool
) -> type:
    if order or unsafe_hash:
        return dataclasses.dataclass(eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen, **others)(kind)
    own = {name for name, method in vars(kind).items() if method is not None}
    methods: dict[str, Any] = {"__repr__": _show} if others.pop("repr", True) else {}
    made: type = dataclasses.dataclass(eq=False, repr=False, frozen=frozen, **others)(kind)
    if eq:
        fields = dataclasses.fields(made)
        hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
        methods["__eq__"] = _compare_by([field.name for field in fields if field.compare])
        methods["__hash__"] = _hash_by(hashed) if frozen else None
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _take(names: list[str]) -> Callable[[Any], Any]:
    """What gives the values of these attributes, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda record: (getattr(record, names[0]),)) if names else lambda _: ()


def _compare_by(names: list[str]) -> Callable[[Any, object], bool]:
    take = _take(names)

    def compare(self: Any, other: object) -> bool:
        return take(self) == take(other) if other.__class__ is self.__class__ else NotImplemented

    return compare


def _hash_by(names: list[str]) -> Callable[[Any], int]:
    take = _take(names)
    return lambda record: hash(take(record))


@recursive_repr()
def _show(record: Any) -> str:
    fields = (field for field in dataclasses.fields(record) if field.repr)
    shown = ", ".join(f"{field.name}={getattr(record, field.name)!r}" for field in fields)
    return f"{record.__class__.__qualname__}({shown})"
