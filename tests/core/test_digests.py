"""A digest tells facts apart, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import project

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import finding
from workbook_tools.core.model import Measure
from workbook_tools.word.text import Highlighted, TagGroup


@dataclass(frozen=True)
class Pair:
    """A record."""

    left: object
    right: object = None


@dataclass(frozen=True)
class Couple(Pair):
    """Another one."""


DIFFERENT = (
    None,
    True,
    False,
    0,
    1,
    0.0,
    1.0,
    -0.0,
    float("nan"),
    "",
    "0",
    "None;",
    "1;",
    b"",
    b"0",
    "\ud800",
    Path("a"),
    "a",
    Path("a/b"),
    [],
    [[]],
    ["a", "b"],
    ["ab"],
    ["a", ["b"]],
    ["s1:a"],
    ["a", "s1:b"],
    {},
    {"a": "b"},
    {"b": "a"},
    {"a": {"b": "c"}},
    {"a": ["b", "c"]},
    {"a": "b", "c": "d"},
    {"c": "d", "a": "b"},
    {"a": "c", "b": "d"},
    set(),
    {"a", "b"},
    {"ab"},
    frozenset({("a",)}),
    Measure.EXECUTED,
    Measure.EXECUTED.value,
    Highlighted("a"),
    Pair("a"),
    Pair("a", "b"),
    Couple("a"),
    Pair(Pair("a")),
    TagGroup("a", {}),
    TagGroup("a", {"b": 1}),
    TagGroup("a", {"b": Highlighted("c")}),
    TagGroup("a", {"b": "c"}),
    project(),
    project(code="P2"),
    finding("FILE01"),
    finding("FILE01", file="a"),
)


def test_what_differs_has_another_digest() -> None:
    digests = [digest_facts(fact) for fact in DIFFERENT]
    assert [
        (DIFFERENT[digests.index(d)], fact) for d, fact in zip(digests, DIFFERENT, strict=True) if digests.count(d) > 1
    ] == []


def test_the_same_has_the_same_in_another_process() -> None:
    code = "import test_digests as t; print(*[t.digest_facts(fact) for fact in t.DIFFERENT])"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"},
    )
    assert said.stdout.split() == [digest_facts(fact) for fact in DIFFERENT]
    assert digest_facts({"b", "a", "c"}) == digest_facts({"c", "b", "a"})


def test_thousands_of_records_are_not_spelt_out_in_memory() -> None:
    records = [Pair(f"第{number}县", (number, number / 7)) for number in range(20_000)]
    tracemalloc.start()
    try:
        assert digest_facts(records) == "f9e05c694b057cfb9a0ae18154567e4c9d534293aa070b2088a500daf0a3d95b"
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fact", [object(), len, lambda: 1, int, iter(())])
def test_what_is_no_data_has_none(fact: object) -> None:
    with pytest.raises(TypeError):
        digest_facts([fact])
