"""docs/评分方案.md: its generated part is fresh, its examples load, and its worked figures are what the rules give."""

import re
import tomllib

import pytest
from locations import ROOT
from scheme_docs import generated_part
from scheme_variants import SMALL, computed, scored, varied

from workbook_tools.core.model import Direction
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.rules.scheme_check import check_scheme

GUIDE = (ROOT / "docs" / "评分方案.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
MOF = load_scheme("mof-2020")


def section(number: str) -> str:
    """A part of the guide, up to the next heading."""
    return headed(f"### {number}. ")


def headed(heading: str) -> str:
    """The part below a heading that begins so, up to the next."""
    start = GUIDE.index(f"\n{heading}")
    return GUIDE[start : GUIDE.index("\n##", start + 1)]


def example(heading: str, which: int = 0) -> Scheme:
    """The national scheme with what an example below that heading writes."""
    return changed(re.findall(r"```toml\n(.*?)```", headed(heading), re.DOTALL)[which])


def changed(block: str) -> Scheme:
    """The national scheme with the settings of an example; of the form only what the example has."""
    data = MOF.model_dump(mode="json")
    for name, value in tomllib.loads(block).items():
        data[name] = {**data[name], **value} if isinstance(value, dict) and name != "form" else value
    return Scheme.model_validate(data)


def says(heading: str, words: str) -> None:
    assert words in headed(heading)


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
    assert changed(block).digest != MOF.digest


def test_the_shown_mistakes_are_told_as_shown():
    wrong = SMALL.replace("[execution]\nweight = 10", "[execution]\n\nwieght = 10").replace(
        "threshold = 1.3", "threshold = 130"
    )
    shown = [line.partition(" ")[2] for line in re.findall(r"^第\d+行 .*$", GUIDE, re.MULTILINE)]
    assert [str(problem).partition(" ")[2] for problem in check_scheme(wrong)] == shown


def test_point_1_tiers():
    says("### 1. ", "分值 10，填完成率 55%，得 5.50 分。上面的写法应选“部分达成”；界线为 60% 时应选“未达成”")
    for scheme, tier in ((example("### 1. "), "部分达成"), (MOF, "未达成")):
        assert scored(scheme, Direction.QUALITATIVE, "已建成", "建成", stated=0.55, tier=tier) == 5.5
        fitting = [t.name for t in scheme.tiers if library.tier_fits(scheme).value({"stated": 0.55, "tier": t.name})]
        assert fitting == [tier]


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


def test_point_3_execution():
    says("### 3. ", "年初预算 100 万元，全年预算（调整后）150 万元，执行 120 万元")
    money = {"annual_budget": 150.0, "initial_budget": 100.0}
    rows = table("3")
    assert len(rows) == 3
    for written, points in rows:
        weight, base = re.findall(r"= \"?(\w+)\"?", written)
        scheme = varied(
            MOF, execution__weight=float(weight), execution__base=base, dimensions=_weighing(100 - int(weight))
        )
        found = computed(library.execution_score(scheme), rate=120 / money[base], base=money[base])
        assert found == float(re.findall(r"[\d.]+", points)[-1])


def _weighing(points: int) -> list[dict[str, object]]:
    """The dimensions of the national scheme, of which the first takes what is left of so many points."""
    dimensions = MOF.model_dump(mode="json")["dimensions"]
    dimensions[0]["weight"] = points - sum(d["weight"] for d in dimensions[1:])
    return dimensions


def test_point_3_bands_and_reason():
    says("### 3. ", "执行率 93% 得 8 分")
    scheme = example("### 3. ", 1)
    found = {rate: computed(library.execution_score(scheme), rate=rate, base=1.0) for rate in (0.95, 0.93, 0.6, 0.59)}
    assert found == {0.95: 10, 0.93: 8, 0.6: 5, 0.59: 0}
    asked = library.execution_reason_problem(scheme)
    assert [asked.value({"cell": "", "rate": rate}) for rate in (0.9, 0.89)] == ["", library.REASON_NEEDED]


def test_point_4_capped():
    says("### 4. ", "执行率 108.2%，分值 10。`capped = true` 得 10 分，`capped = false` 得 10.82 分")
    for scheme, points in ((MOF, 10), (example("### 4. "), 10.82)):
        assert computed(library.execution_score(scheme), rate=1.082, base=1.0) == points


def test_point_5_over_completion():
    for effect, _, points in table("5"):
        scheme = varied(MOF, over_completion={"effect": effect, "threshold": 1.3, "points": 2})
        assert scored(scheme, Direction.AT_LEAST, 150.0, 100.0) == float(points)
    from_100 = varied(MOF, over_completion={"effect": "reduce", "threshold": 1})
    assert scored(from_100, Direction.AT_LEAST, 150.0, 100.0) == 5.0


def total(scheme: Scheme, scores: list[float], rate: float | None = 1.0, **more: object) -> float:
    row = {"scores": scores, "weights": [100.0], "applicables": [library.APPLICABLE], "rate": rate, **more}
    return computed(library.total_score(scheme), **row)


def test_point_6_caps():
    says("### 6. ", "各项得分合计 95 分，执行率 75%，总分为 89 分；执行率 80% 不封顶，总分 95 分")
    scheme = example("### 6. ")
    assert [total(scheme, [95.0], rate) for rate in (0.75, 0.8)] == [89, 95]


def test_point_7_zeros():
    expected = {points: float(points.split("＝")[-1]) for _, _, points in table("7") if points != "空"} | {
        "空": NOTHING
    }
    written_before = ""
    for case, written, points in table("7"):
        written = written_before = written_before if written == "同上" else written
        part, name, value = re.fullmatch(r"(?:(\w+)` 的 `)?(\w+) = \"(\w+)\"", written).groups()  # type: ignore[union-attr]
        if part == "execution":
            executed = float((re.findall(r"执行 ([\d.]+)", case) or ["0"])[0])
            scheme = varied(MOF, execution__zero_budget=value)
            rate = computed(library.scored_rate(scheme), executed=executed, base=0.0)
            number = None if rate == NOTHING else rate
            assert computed(library.execution_score(scheme), rate=number, base=0.0) == expected[points], case
            continue
        numbers = [float(n) for n in re.findall(r"[\d.]+", case)]
        for each in (part,) if part else ("at_least", "at_most", "equal"):
            target, actual = numbers if part else (0.0, 5.0)
            scheme = varied(MOF, **{f"{each}__{name}": value})
            assert scored(scheme, Direction(each), actual, target) == expected[points], case


def test_point_7_what_has_no_score_is_missing_from_the_total():
    says("### 7. ", "总分里就少了这几分，不会自动折算")
    says("### 7. ", "预算执行率空着的，其余得分折算成满分")
    blank = varied(MOF, execution__zero_budget="blank")
    own = {"weights": [50.0, 40.0], "applicables": [library.APPLICABLE] * 2, "rate": None}
    assert total(blank, [50.0, 40.0], **own) == 90
    rebased = varied(blank, total__rebase=True)
    assert total(rebased, [50.0, 40.0], **own) == 100
    unscored = varied(rebased, at_least__zero_target="no_score")  # of 40 分, its cell blank
    assert total(unscored, [50.0, 10.0], weights=[50.0, 40.0], applicables=[library.APPLICABLE] * 2) == 60
    flags = [library.APPLICABLE, library.NOT_APPLICABLE]
    assert total(unscored, [50.0, 10.0], weights=[50.0, 40.0], applicables=flags) == 100


def test_point_8_rounding():
    for written, points in table("8"):
        mode, decimals = re.findall(r"= \"?(\w+)\"?", written)
        scheme = varied(MOF, rounding={"mode": mode, "decimals": int(decimals)})
        assert computed(library.execution_score(scheme), rate=0.968517, base=1.0) == float(points)


def test_point_8_stage():
    says("### 8. ", "三个指标各得三分之十，总分 9.99")
    says("### 8. ", "上面的总分是 10")
    for stage, sum_of_three in (("row", 9.99), ("end", 10)):
        scheme = varied(MOF, rounding={"mode": "half_up", "decimals": 2, "stage": stage})
        scores = [float(scored(scheme, Direction.AT_LEAST, 1.0, 3.0)) for _ in range(3)]
        assert total(scheme, scores) == sum_of_three


def test_point_9_grades():
    says("### 9. ", "总分 89.5。`decimals = 2` 时低于 90，为“良好”；`decimals = 0` 时先四舍五入成 90，为“优秀”")
    scheme = example("### 9. ")
    for decimals, name in ((2, "良好"), (0, "优秀")):
        rule = library.grade(varied(scheme, grading__decimals=decimals))
        assert rule.value({"total": 89.5, "pending": ""}) == name


def test_what_does_not_apply_is_left_out():
    says("## 不适用的指标", "一个 20 分的指标不适用，其余 80 分得了 70 分，\n总分为 70÷80×100＝87.50 分")
    scheme, flags = example("## 不适用的指标"), [library.APPLICABLE, library.NOT_APPLICABLE]
    assert total(scheme, [60.0, 10.0], weights=[70.0, 20.0], applicables=flags) == 87.5


def test_points_that_a_unit_takes_off():
    says("## 单位自扣分", "分值 10，按规则得 10 分，自扣 1.5 分，得 8.50 分")
    says("## 单位自扣分", '`{ key = "self_deduction", label = "自扣分", width = 9 }`')
    rule = library.deducted(example("## 单位自扣分"))
    assert [rule.value({"points": 10.0, "self_deduction": off}) for off in (1.5, -2.0, 12.0)] == [8.5, 10, 0]
    assert not any(scheme.total.self_deduction for scheme in builtin_schemes().values())


def test_single_indicators():
    steps = tomllib.loads(next(block for block in BLOCKS if block.startswith("[steps")))["steps"]
    scheme = varied(MOF, steps=steps)
    at_least, at_most = Direction.AT_LEAST, Direction.AT_MOST
    assert scored(scheme, at_least, 0.85, 0.9, rule="满意度扣分", unit="%") == 9
    assert scored(scheme, at_least, 0.86, 0.9, rule="满意度扣分", unit="%") == 10
    begun = varied(scheme, steps={"满意度扣分": {**steps["满意度扣分"], "count": "begun"}})
    assert scored(begun, at_least, 0.86, 0.9, rule="满意度扣分", unit="%") == 9
    assert scored(scheme, at_most, 112.0, 100.0, 5, rule="成本控制") == 3
