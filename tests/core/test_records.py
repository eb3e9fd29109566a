"""Our records are what the standard library would make of them."""

from __future__ import annotations

import dataclasses
import math
import pickle
import re
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Any

import pytest

from workbook_tools.core import records

OPTIONS: list[dict[str, bool]] = [
    {},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"slots": True, "eq": False},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "order": True},
    {"unsafe_hash": True},
    {"repr": False},
]


def make_all(dataclass: Callable[..., Any], options: dict[str, bool]) -> list[Any]:
    """Classes with more and fewer fields, some of which are left out somewhere, or have methods of their own."""

    @dataclass(**options)
    class Many:
        a: float
        b: str = field(default="b", repr=False)
        c: int = field(default=1, compare=False)
        d: str = field(default="d", hash=False)

    @dataclass(**options)
    class One:
        a: float

    @dataclass(**options)
    class Own:
        a: float

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and (self.a < 2) == (other.a < 2)

        def __repr__(self) -> str:
            return "own"

    @dataclass(**options)
    class Hashed:
        a: float

        if not options.get("unsafe_hash"):

            def __hash__(self) -> int:
                return 7

    return [Many, One, Own, Hashed]


def tell(kind: Any) -> list[object]:
    """What its records say of each other."""
    given = [{"a": 1.0}, {"a": 1.0}, {"a": 1.4}, {"a": math.nan}]
    if kind.__name__ == "Many":
        given += [{"a": 1.0, name: value} for name, value in (("b", "x"), ("c", 2), ("d", "x"))]
    made = [kind(**values) for values in given]
    same = [one == other for one in made for other in made]
    hashable = kind.__hash__ is not None
    # a hash that is the object's own is another one each time
    alike = [hash(one) == hash(other) for one in made for other in made] if hashable else None
    shown = [repr(one) for one in made] if "__repr__" in vars(kind) else None
    return [same, alike, shown, made[0] == 1.0, kind.__hash__ is object.__hash__, kind.__qualname__]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_records_compare_hash_and_show_themselves_as_the_standard_ones(options: dict[str, bool]) -> None:
    ours, standard = make_all(records.dataclass, options), make_all(dataclasses.dataclass, options)
    assert [tell(kind) for kind in ours] == [tell(kind) for kind in standard]


@records.dataclass(frozen=True, slots=True)
class Kept:
    """A record that is sent to another process, and can hold itself."""

    number: int
    others: list[object] = field(default_factory=list)


def test_a_record_is_frozen_sent_and_replaced() -> None:
    kept = Kept(1, ["x"])
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301
    assert dataclasses.replace(kept, number=2) == Kept(2, ["x"])
    assert dataclasses.asdict(kept) == {"number": 1, "others": ["x"]}
    with pytest.raises(dataclasses.FrozenInstanceError):
        kept.number = 2  # type: ignore[misc]
    kept.others.append(kept)
    assert repr(kept).endswith("(number=1, others=['x', ...])")


def test_all_modules_take_it_from_here() -> None:
    package = Path(records.__file__).parent.parent
    others = [
        path
        for path in package.rglob("*.py")
        if re.search(r"^from dataclasses import .*\bdataclass\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert others == []
