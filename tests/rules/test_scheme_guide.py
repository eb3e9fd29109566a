"""docs/评分方案.md: its generated part is fresh, its examples load, and its worked figures are what the rules give."""

import re
import tomllib

import pytest
from locations import ROOT
from scheme_docs import generated_part
from scheme_variants import SMALL, computed, scored, varied

from workbook_tools.core.model import Direction
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.rules.scheme_check import check_scheme

GUIDE = (ROOT / "docs" / "评分方案.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
MOF = load_scheme("mof-2020")


def section(number: str) -> str:
    """A part of the guide, up to the next heading."""
    start = GUIDE.index(f"\n### {number}. ")
    return GUIDE[start : GUIDE.index("\n##", start + 1)]


def table(number: str, which: int = 0) -> list[list[str]]:
    """The rows of a table in a section, without its head."""
    tables = re.findall(r"(?:^\|.*\|\n)+", section(number), re.MULTILINE)
    rows = [[cell.strip().strip("`") for cell in line.strip("|\n").split("|")] for line in tables[which].splitlines()]
    return rows[2:]


def test_the_generated_part_is_fresh():
    start, end = (GUIDE.index(mark) for mark in ("<!-- 自动生成开始 -->", "<!-- 自动生成结束 -->"))
    assert GUIDE[start:end].removeprefix("<!-- 自动生成开始 -->").strip() == generated_part().strip()


@pytest.mark.parametrize("block", BLOCKS, ids=[block.splitlines()[0] for block in BLOCKS])
def test_every_example_is_a_right_change_of_the_national_scheme(block):
    data = MOF.model_dump(mode="json")
    for name, value in tomllib.loads(block).items():
        data[name] = {**data[name], **value} if isinstance(value, dict) and name != "form" else value
    assert Scheme.model_validate(data).digest != MOF.digest


def test_the_shown_mistakes_are_told_as_shown():
    wrong = SMALL.replace("[execution]\nweight = 10", "[execution]\n\nwieght = 10").replace(
        "threshold = 1.3", "threshold = 130"
    )
    shown = [line.partition(" ")[2] for line in re.findall(r"^第\d+行 .*$", GUIDE, re.MULTILINE)]
    assert [str(problem).partition(" ")[2] for problem in check_scheme(wrong)] == shown


def test_point_2_at_most():
    for exceeded, _, *points in table("2"):
        scheme = varied(MOF, at_most__exceeded=exceeded)
        assert [scored(scheme, Direction.AT_MOST, actual, 10.0) for actual in (15.0, 20.0, 25.0)] == list(
            map(float, points)
        )


def test_point_2_equal():
    for rule, _, *points in table("2", 1):
        scheme = varied(MOF, equal__rule=rule)
        assert [scored(scheme, Direction.EQUAL, actual, 100.0) for actual in (90.0, 100.0, 110.0)] == list(
            map(float, points)
        )


def test_point_5_over_completion():
    for effect, _, points in table("5"):
        scheme = varied(MOF, over_completion={"effect": effect, "threshold": 1.3, "points": 2})
        assert scored(scheme, Direction.AT_LEAST, 150.0, 100.0) == float(points)
    from_100 = varied(MOF, over_completion={"effect": "reduce", "threshold": 1})
    assert scored(from_100, Direction.AT_LEAST, 150.0, 100.0) == 5.0


def test_point_8_rounding():
    for written, points in table("8"):
        mode, decimals = re.findall(r"= \"?(\w+)\"?", written)
        scheme = varied(MOF, rounding={"mode": mode, "decimals": int(decimals)})
        assert computed(library.execution_score(scheme), rate=0.968517, base=1.0) == float(points)


def test_single_indicators():
    steps = tomllib.loads(next(block for block in BLOCKS if block.startswith("[steps")))["steps"]
    scheme = varied(MOF, steps=steps)
    at_least, at_most = Direction.AT_LEAST, Direction.AT_MOST
    assert scored(scheme, at_least, 0.85, 0.9, rule="满意度扣分", unit="%") == 9
    assert scored(scheme, at_least, 0.86, 0.9, rule="满意度扣分", unit="%") == 10
    assert scored(scheme, at_most, 112.0, 100.0, 5, rule="成本控制") == 3
