"""The schemes: that they load and say where they come from, and that every setting does what it says."""

import re

import pytest
from scheme_docs import scheme_catalogue, settings_reference
from scheme_variants import computed, scored, varied

from workbook_tools.core.errors import SchemeError
from workbook_tools.core.model import Direction, FundingSource, Indicator, Project
from workbook_tools.form.layout import build_layout
from workbook_tools.rules import library
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme, parse_scheme
from workbook_tools.rules.scheme_tools import differences, new_scheme

AT_LEAST, AT_MOST, EQUAL, QUALITATIVE = Direction
MOF = load_scheme("mof-2020")
SCHEMES = builtin_schemes()
EVERY_SCHEME = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=list(SCHEMES))


# -- the shipped schemes ------------------------------------------------------------------------------------------


def test_a_scheme_that_is_shipped_is_called_as_its_file():
    assert [scheme.id for scheme in SCHEMES.values()] == list(SCHEMES)


def test_these_schemes_are_shipped():
    assert list(SCHEMES) == [
        "guizhou",
        "hubei",
        "mof-2020",
        "mof-2021-cost",
        "pmkpi",
        "quwo",
        "shandong",
        "sichuan",
        "zhangye",
    ]


@EVERY_SCHEME
def test_each_says_where_it_comes_from_and_what_it_assumes(scheme):
    assert scheme.sources
    assert scheme.assumptions


@EVERY_SCHEME
def test_each_describes_itself_in_few_short_sentences(scheme):
    sentences = list(describe(scheme))
    assert len(sentences) <= 14
    assert all(sentence.endswith("。") and len(sentence) <= 120 for sentence in sentences)


def project_of(scheme: Scheme) -> Project:
    """A project with an indicator of every direction, weights as the scheme has them."""
    directions = [AT_LEAST, AT_MOST, EQUAL, QUALITATIVE]
    indicators = []
    for dimension in scheme.dimensions:
        for i, direction in enumerate(directions):
            qualitative = direction is QUALITATIVE
            indicators.append(
                Indicator(
                    dimension=dimension.name,
                    category=dimension.categories[i % len(dimension.categories)],
                    name=f"{dimension.name}{i}",
                    weight=dimension.weight / 4,
                    direction=direction,
                    target="有效" if qualitative else 95.0,
                    unit="" if qualitative else "%",
                )
            )
    return Project(
        code="P1",
        name="示例项目",
        department="示例局",
        unit="示例所",
        year=2024,
        indicators=tuple(indicators),
        initial_budget={FundingSource.COUNTY: 100.0},
        annual_budget={FundingSource.COUNTY: 120.0},
    )


@EVERY_SCHEME
def test_each_form_builds_with_the_columns_of_its_authority(scheme):
    layout = build_layout(project_of(scheme), scheme)
    texts = {f.value for f in layout.sheets["自评表"].fields}
    assert {column.label for column in scheme.form.columns} <= texts
    if scheme.form.funding:
        assert {column.label for column in scheme.form.funding.columns} <= texts
        assert {row.label for row in scheme.form.funding.rows} <= texts


def test_the_forms_keep_what_is_peculiar_to_them():
    assert [c.key for c in SCHEMES["sichuan"].form.columns][3:6] == ["direction", "target", "unit"]
    assert SCHEMES["sichuan"].execution.explain_below == 0.9
    assert (SCHEMES["hubei"].execution.weight, SCHEMES["hubei"].indicator_weight) == (20, 80)
    assert [d.weight for d in SCHEMES["mof-2021-cost"].dimensions] == [20, 40, 20, 10]
    assert SCHEMES["quwo"].form.execution_row is not None


def test_weights_of_the_cost_dimension_are_an_option():
    national, with_cost = SCHEMES["mof-2020"], SCHEMES["mof-2021-cost"]
    found = {d.setting: (d.a, d.b) for d in differences(national, with_cost)}
    assert found["dimensions.output.weight"] == ("50", "40")
    assert found["dimensions.benefit.weight"] == ("30", "20")
    assert found["dimensions.cost"][0] == "（无）"


# -- the nine points on which published rules disagree ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "tier", "stated", "fits"),
    [
        ("mof-2020", "部分达成", 0.6, True),
        ("mof-2020", "部分达成", 0.59, False),
        ("mof-2020", "未达成", 0.59, True),
        ("hubei", "部分达成", 0.59, True),
        ("hubei", "部分达成", 0.5, True),
        ("shandong", "未达成", 0.49, True),
        ("hubei", "未达成", 0.5, False),
        ("mof-2020", "达成", 1.0, True),
        ("mof-2020", "达成", 0.8, True),
        ("mof-2020", "部分达成", 0.8, False),
    ],
)
def test_point_1_qualitative_cut_offs_are_60_or_50(scheme, tier, stated, fits):
    assert computed(library.tier_fits(SCHEMES[scheme]), tier=tier, stated=stated) is fits
    assert scored(SCHEMES[scheme], QUALITATIVE, "已改善", "有效", 10, stated=stated, tier=tier) == round(10 * stated, 2)


@pytest.mark.parametrize(("exceeded", "points"), [("inverse", 6.67), ("linear", 5.00), ("zero", 0)])
def test_point_2_an_exceeded_at_most_target(exceeded, points):
    """Target 10, actual 15, weight 10."""
    assert scored(varied(MOF, at_most__exceeded=exceeded), AT_MOST, 15.0, 10.0) == points
    shown_otherwise = varied(MOF, at_most__exceeded=exceeded, at_most__completion="actual_over_target")
    assert scored(shown_otherwise, AT_MOST, 15.0, 10.0) == points


@pytest.mark.parametrize(
    ("scheme", "points"), [("mof-2020", 6.67), ("hubei", 6.67), ("shandong", 6.67), ("pmkpi", 5.0), ("quwo", 0)]
)
def test_point_2_as_the_shipped_schemes_have_it(scheme, points):
    assert scored(SCHEMES[scheme], AT_MOST, 15.0, 10.0) == points


def test_point_2_linear_gives_nothing_from_twice_the_target():
    linear = varied(MOF, at_most__exceeded="linear")
    assert [scored(linear, AT_MOST, actual, 10.0) for actual in (10.0, 19.0, 20.0, 35.0)] == [10, 1, 0, 0]


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("as_at_least", (10, 9, 10)),
        ("only_equal", (10, 0, 0)),
        ("symmetric", (10, 9, 9)),
    ],
)
def test_point_2_equal_targets(rule, points):
    """Target 100; actual 100, 90, 110."""
    scheme = varied(MOF, equal__rule=rule)
    assert tuple(scored(scheme, EQUAL, actual, 100.0) for actual in (100.0, 90.0, 110.0)) == points


def executed(scheme: Scheme, amount: float, initial: float | None, annual: float | None) -> float | str:
    """Points for the execution of a project."""
    base = {"initial_budget": initial, "annual_budget": annual}[scheme.execution.base]
    rate = computed(library.scored_rate(scheme), executed=amount, base=base)
    number = None if rate == "" else rate
    return computed(library.execution_score(scheme), rate=number, base=base)


@pytest.mark.parametrize(
    ("scheme", "points"), [("mof-2020", 6.67), ("sichuan", 6.67), ("hubei", 13.33), ("guizhou", 10), ("shandong", 10)]
)
def test_point_3_execution_weighs_10_or_20_over_the_initial_or_the_annual_budget(scheme, points):
    """年初 100，全年 150，执行 100."""
    assert executed(SCHEMES[scheme], 100.0, 100.0, 150.0) == points


def test_point_3_execution_may_be_no_points_of_its_own():
    scheme = varied(MOF, execution__weight=0, weights__total=90)
    assert executed(scheme, 50.0, None, 100.0) == 0
    assert not any("预算执行率" in sentence for sentence in describe(scheme))


def test_point_3_execution_may_go_by_steps():
    bands = [{"at_least": 0.95, "share": 1}, {"at_least": 0.9, "share": 0.8}, {"at_least": 0.6, "share": 0.5}]
    scheme = varied(MOF, execution__bands=bands)
    assert [executed(scheme, amount, None, 100.0) for amount in (96.0, 95.0, 94.99, 60.0, 59.99)] == [10, 10, 8, 5, 0]


@pytest.mark.parametrize(("scheme", "points"), [("guizhou", 10), ("pmkpi", 10.82)])
def test_point_4_execution_above_100_percent_is_capped_or_not(scheme, points):
    """1268.72 of 1172.55 is 108.2%."""
    assert executed(SCHEMES[scheme], 1268.72, 1172.55, 1172.55) == points


@pytest.mark.parametrize(
    ("effect", "points"), [("none", 10), ("flag", 10), ("reason", 10), ("deduct", 8), ("reduce", 8)]
)
def test_point_5_over_completion(effect, points):
    """Target 10, actual 15: 150%; the threshold is 130%, the deduction 2 points."""
    scheme = varied(MOF, over_completion={"effect": effect, "threshold": 1.3, "points": 2})
    assert scored(scheme, AT_LEAST, 15.0, 10.0) == points
    assert scored(scheme, AT_LEAST, 12.9, 10.0) == 10
    assert scored(scheme, AT_MOST, 1.0, 10.0) == 10


@pytest.mark.parametrize(
    ("threshold", "actual", "over"), [(1.2, 12.0, True), (1.2, 11.99, False), (1.3, 12.0, False), (1.3, 13.0, True)]
)
def test_point_5_the_threshold_counts_from_its_edge(threshold, actual, over):
    scheme = varied(MOF, over_completion__threshold=threshold)
    assert computed(library.is_over_completed(scheme), completion=actual / 10) is over


def test_point_5_a_deduction_never_goes_below_zero():
    scheme = varied(MOF, over_completion={"effect": "deduct", "points": 2})
    assert scored(scheme, AT_LEAST, 20.0, 10.0, 1.5) == 0


def test_point_5_a_reason_may_be_required():
    row = {"direction": "≥", "cell": None, "score": 10.0, "weight": 10.0, "completion": 1.5}
    assert library.reason_problem(MOF).value(row) == ""
    assert library.reason_problem(varied(MOF, over_completion__effect="reason")).value(row) == library.REASON_NEEDED


CAPS = [
    {"below": 0.5, "at_most": 59},
    {"below": 0.6, "at_most": 69},
    {"below": 0.7, "at_most": 79},
    {"below": 0.8, "at_most": 89},
]


@pytest.mark.parametrize(
    ("rate", "total"),
    [
        (1.0, 95),
        (0.8, 95),
        (0.7999, 89),
        (0.7, 89),
        (0.6999, 79),
        (0.6, 79),
        (0.59, 69),
        (0.5, 69),
        (0.49, 59),
        (None, 95),
    ],
)
def test_point_6_the_total_is_capped_by_the_execution_rate(rate, total):
    scheme = varied(MOF, total__caps=CAPS)
    assert computed(library.total_score(scheme), scores=[90.0, 5.0], weights=[90.0], rate=rate) == total
    assert computed(library.total_score(MOF), scores=[90.0, 5.0], weights=[90.0], rate=rate) == 95


@pytest.mark.parametrize(("setting", "points"), [("zero", 0), ("full", 10), ("blank", ""), ("as_one", 8)])
def test_point_7_a_budget_of_zero(setting, points):
    """0.8 万元 spent of a budget of 0."""
    assert executed(varied(MOF, execution__zero_budget=setting), 0.8, None, 0.0) == points
    assert executed(varied(MOF, execution__zero_budget=setting), 0.8, None, None) == ""


@pytest.mark.parametrize(
    ("direction", "setting", "value", "points"),
    [
        (AT_LEAST, "at_least", "met_if_reached", (10, 10)),
        (AT_LEAST, "at_least", "no_score", ("", "")),
        (AT_MOST, "at_most", "met_if_reached", (10, 0)),
        (AT_MOST, "at_most", "no_score", ("", "")),
        (EQUAL, "equal", "met_if_not_exceeded", (10, 0)),
        (EQUAL, "equal", "met_if_reached", (10, 10)),
        (EQUAL, "equal", "no_score", ("", "")),
    ],
)
def test_point_7_a_target_of_zero(direction, setting, value, points):
    """Actual 0 and 5."""
    scheme = varied(MOF, **{f"{setting}__zero_target": value})
    assert tuple(scored(scheme, direction, actual, 0.0) for actual in (0.0, 5.0)) == points


@pytest.mark.parametrize("completion", ["achieved", "actual_over_target"])
@pytest.mark.parametrize(("setting", "points"), [("met", 10), ("zero", 0)])
def test_point_7_an_actual_of_zero(setting, points, completion):
    scheme = varied(MOF, at_most__zero_actual=setting, at_most__completion=completion)
    assert scored(scheme, AT_MOST, 0.0, 0.9) == points
    assert scored(scheme, AT_MOST, 0.0, 0.0) == 10
    assert scored(scheme, AT_MOST, 0.5, 0.9) == 10


def test_point_7_negative_actuals_count_as_zero():
    assert scored(MOF, AT_LEAST, -3.0, 10.0) == 0


@pytest.mark.parametrize(
    ("mode", "decimals", "points"),
    [
        ("half_up", 2, 9.69),
        ("truncate", 2, 9.68),
        ("half_up", 0, 10),
        ("truncate", 0, 9),
        ("truncate", 1, 9.6),
    ],
)
def test_point_8_rounding(mode, decimals, points):
    """4614453.11 of 4764453.11 is 96.8517%."""
    scheme = varied(MOF, rounding={"mode": mode, "decimals": decimals})
    assert executed(scheme, 461.445311, None, 476.445311) == points
    assert scored(scheme, AT_LEAST, 461.445311, 476.445311) == points


def test_point_8_rounding_by_row_or_at_the_end():
    by_row, at_end = MOF, varied(MOF, rounding__stage="end")
    rows = [(scored(by_row, AT_LEAST, 1.0, 3.0), scored(at_end, AT_LEAST, 1.0, 3.0)) for _ in range(3)]
    assert rows[0] == (3.33, pytest.approx(10 / 3, abs=1e-9))
    assert computed(library.total_score(by_row), scores=[r[0] for r in rows], weights=[30.0], rate=1.0) == 9.99
    assert computed(library.total_score(at_end), scores=[r[1] for r in rows], weights=[30.0], rate=1.0) == 10


@pytest.mark.parametrize(("decimals", "grades"), [(2, ("优", "良", "良", "差")), (0, ("优", "优", "良", "中"))])
def test_point_9_edges_of_grades_are_whole_numbers_or_not(decimals, grades):
    scheme = varied(MOF, grading__decimals=decimals)
    assert (
        tuple(computed(library.grade(scheme), total=total, pending="") for total in (90.0, 89.5, 89.49, 59.99))
        == grades
    )


def test_point_9_names_of_grades_are_the_scheme_s():
    assert computed(library.grade(SCHEMES["quwo"]), total=74.3, pending="") == "合格"
    assert computed(library.grade(SCHEMES["zhangye"]), total=74.3, pending="") == "中"


# -- single indicators, re-basing ---------------------------------------------------------------------------------


STEPS = {
    "满意度": {"label": "每低 5 个百分点扣 1 分", "every": 5, "minus": 1},
    "不足一档": {"label": "每低 5 个百分点扣 1 分", "every": 5, "minus": 1, "count": "begun"},
    "比例": {"label": "每低目标值的 5% 扣 1 分", "every": 0.05, "minus": 1, "relative": True},
    "两边": {"label": "每差 3% 扣 1 分", "every": 0.03, "minus": 1, "relative": True, "symmetric": True},
    "成本": {
        "label": "成本控制",
        "symmetric": True,
        "bands": [{"within": 0.1, "share": 1}, {"within": 0.15, "share": 0.6}, {"within": 0.2, "share": 0.2}],
    },
}


@pytest.mark.parametrize(
    ("rule", "unit", "direction", "target", "actual", "points"),
    [
        ("满意度", "%", AT_LEAST, 0.9, 0.9, 10),
        ("满意度", "%", AT_LEAST, 0.9, 0.86, 10),
        ("满意度", "%", AT_LEAST, 0.9, 0.85, 9),
        ("满意度", "%", AT_LEAST, 0.9, 0.99, 10),
        ("满意度", "%", AT_LEAST, 0.9, 0.1, 0),
        ("满意度", "", AT_LEAST, 90.0, 84.0, 9),
        ("满意度", "", AT_MOST, 90.0, 100.0, 8),
        ("不足一档", "%", AT_LEAST, 0.9, 0.899, 9),
        ("不足一档", "%", AT_LEAST, 0.9, 0.9, 10),
        ("比例", "", AT_LEAST, 200.0, 190.0, 9),
        ("比例", "", AT_LEAST, 200.0, 191.0, 10),
        ("比例", "", AT_LEAST, 0.0, 0.0, ""),
        ("两边", "", AT_LEAST, 100.0, 106.0, 8),
        ("两边", "", AT_LEAST, 100.0, 94.0, 8),
        ("成本", "", AT_MOST, 100.0, 110.0, 10),
        ("成本", "", AT_MOST, 100.0, 88.0, 6),
        ("成本", "", AT_MOST, 100.0, 120.0, 2),
        ("成本", "", AT_MOST, 100.0, 120.1, 0),
    ],
)
def test_step_rules_of_single_indicators(rule, unit, direction, target, actual, points):
    assert scored(varied(MOF, steps=STEPS), direction, actual, target, rule=rule, unit=unit) == points


def test_an_indicator_that_does_not_apply_is_left_out_and_the_rest_re_based():
    scheme = varied(MOF, total__rebase=True)
    assert scored(scheme, AT_LEAST, 5.0, 10.0, applicable=library.NOT_APPLICABLE) == ""
    total = library.total_score(scheme)
    cells = {
        "scores": [10.0, 60.0],
        "weights": [70.0, 20.0],
        "applicables": [library.APPLICABLE, library.NOT_APPLICABLE],
    }
    assert computed(total, **cells, rate=1.0) == 87.5  # 70 of 80
    assert computed(library.total_score(MOF), **cells, rate=1.0) == 70


def test_a_budget_that_is_not_scored_does_not_apply_either():
    scheme = varied(MOF, total__rebase=True, execution__zero_budget="blank")
    cells = {"scores": [81.0], "weights": [90.0], "applicables": [library.APPLICABLE]}
    assert computed(library.total_score(scheme), **cells, rate=None) == 90  # 81 of 90


# -- in words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("settings", "words"), [
    ({"weights__norm": "exact"}, "须按此设置"),
    ({"weights__norm": "none"}, "可以调整"),
    ({"execution__base": "initial_budget"}, "全年执行资金÷年初预算资金"),
    ({"execution__capped": False}, "超过100%的照实计算"),
    ({"execution__zero_budget": "full"}, "预算为0的得满分"),
    ({"execution__zero_budget": "blank"}, "预算为0的不计分"),
    ({"execution__zero_budget": "as_one"}, "预算为0的把预算当作1计算"),
    ({"execution__explain_below": 0.85}, "执行率低于85%的，须写明原因和改进措施"),
    ({"execution__bands": [{"at_least": 0.95, "share": 1}]}, "95%以上得10分；再低不得分"),
    ({"at_least__zero_target": "no_score"}, "≥的不计分"),
    ({"at_most__exceeded": "linear"}, "达到年度指标值两倍的不得分"),
    ({"at_most__exceeded": "zero"}, "超过的不得分"),
    ({"at_most__zero_target": "no_score"}, "≤的不计分"),
    ({"at_most__zero_actual": "zero"}, "实际完成值为0的不得分"),
    ({"equal__rule": "only_equal"}, "等于年度指标值得满分，否则不得分"),
    ({"equal__rule": "symmetric"}, "偏高偏低都扣"),
    ({"equal__zero_target": "met_if_reached"}, "≥、＝的实际完成值达到0得满分"),
    ({"over_completion": {"effect": "reason", "threshold": 1.2}}, "达到年度指标值的120%的，须写明原因和改进措施"),
    ({"over_completion": {"effect": "deduct", "points": 2}}, "达到年度指标值的130%的，该指标扣2分"),
    ({"over_completion": {"effect": "reduce"}}, "按超过界线的部分扣减得分"),
    ({"steps": STEPS}, "计分规则“满意度”（每低 5 个百分点扣 1 分）：每差5扣1分，扣完为止"),
    ({"steps": STEPS}, "每偏离年度指标值的3%扣1分"),
    ({"steps": STEPS}, "不足一档按一档"),
    ({"steps": STEPS}, "偏离15%以内得分值的60%"),
    ({"rounding": {"mode": "truncate", "decimals": 1, "stage": "end"}}, "只有总分保留1位小数，舍去以下各位"),
    ({"total__caps": CAPS}, "总分按预算执行率封顶：低于80%的最高89分，低于70%的最高79分"),
    ({"total__rebase": True}, "不适用的指标不计分，其余指标的得分按满分100分折算"),
    ({"grading__decimals": 0}, "评价等级（总分先保留0位小数）"),
])  # fmt: skip
def test_a_setting_is_told_in_words(settings, words):
    assert words not in "".join(describe(MOF))
    assert words in "".join(describe(varied(MOF, **settings)))


def test_no_over_completion_rule_no_sentence():
    assert not any("130%" in sentence for sentence in describe(varied(MOF, over_completion__effect="none")))


# -- making one's own ---------------------------------------------------------------------------------------------


@EVERY_SCHEME
def test_a_commented_copy_is_the_same_scheme(scheme):
    copy = parse_scheme(new_scheme("my-county", scheme), "my-county.toml")
    assert copy.id == "my-county"
    assert copy.model_copy(update={"id": scheme.id, "name": scheme.name}).digest == scheme.digest
    assert differences(copy, scheme) == []


def test_a_commented_copy_explains_every_setting():
    text = new_scheme("my-county", varied(SCHEMES["quwo"], steps=STEPS))
    lines = text.splitlines()
    first = {}
    for number, line in enumerate(lines):
        match = re.match(r"#?([a-z_]+) = ", line)
        if match:
            first.setdefault(match[1], number)
    assert {"weight", "zero_budget", "exceeded", "every", "bands", "columns", "prompt"} <= first.keys()
    assert all(lines[number - 1].startswith("# ") for number in first.values())


def test_the_examples_in_a_commented_copy_can_be_put_to_use():
    text = new_scheme("my-county", MOF)
    used = re.sub(r"^#(?! )", "", text, flags=re.MULTILINE)
    with_rule = parse_scheme(
        used.replace("[form.execution_row]", "[unused]").split("[unused]")[0] + _after(used), "my-county.toml"
    )
    assert with_rule.steps["例"].minus == 1


def _after(text: str) -> str:
    """What follows the example of an execution row, which this form has in its funding block already."""
    return text[text.index("[form.goals]") :]


@pytest.mark.parametrize("scheme_id", ["", "我县", "My", "a_b", "-a", "a.toml"])
def test_an_id_that_cannot_be_a_file_name_is_refused(scheme_id):
    with pytest.raises(SchemeError, match="代号"):
        new_scheme(scheme_id, MOF)


def test_differences_name_the_setting_and_both_values():
    other = varied(
        MOF,
        execution__weight=20,
        execution__capped=False,
        weights__total=110,
        at_most__exceeded="linear",
        execution__explain_below=0.8,
        steps={"满意度": STEPS["满意度"]},
        form__goals=None,
    )
    found = {d.setting: (d.label, d.a, d.b) for d in differences(MOF, other)}
    assert found.pop("steps.满意度")[1] == "（无）"
    assert found.pop("form.goals") == (
        "自评表的样式－年度总体目标一块",
        "左侧的标题 年度总体目标，预期目标 goal_annual，实际完成情况 goal_actual",
        "（无）",
    )
    assert found == {
        "weights.total": ("分值－满分", "100", "110"),
        "execution.weight": ("预算执行率－分值", "10", "20"),
        "execution.capped": ("预算执行率－封顶", "最多得满分", "超过100%的照实计算"),
        "execution.explain_below": ("预算执行率－须说明原因的界线", "90%", "80%"),
        "at_most.exceeded": (
            "越小越好（≤）的指标－超过目标值时",
            "按目标值÷完成值的比例得分",
            "按超过的比例扣分，达到目标值两倍的不得分",
        ),
    }


def test_differences_in_lists_are_told_by_name():
    found = [str(d) for d in differences(MOF, SCHEMES["hubei"]) if d.setting.startswith(("tiers", "form.columns"))]
    assert "定性指标的完成程度－“部分达成”－下限：60% → 50%" in found
    assert any("次序" in line for line in found)


def test_an_equal_scheme_differs_in_nothing():
    assert differences(MOF, MOF.model_copy(update={"id": "other", "name": "别名", "sources": ()})) == []


# -- the generated part of the guide ------------------------------------------------------------------------------


def test_the_reference_names_every_setting_and_every_choice():
    text = settings_reference()
    for part in ("execution.bands", "total.caps", "steps.bands", "form.funding.columns", "texts"):
        assert f"### `{part}`" in text
    for word in ("`as_one`", "`zero_actual`", "`met_if_not_exceeded`", "`begun`", "`rebase`", "`carried_over`"):
        assert word in text


def test_the_catalogue_lists_every_scheme_with_sources_and_assumptions():
    text = scheme_catalogue()
    for scheme in SCHEMES.values():
        assert f"### `{scheme.id}`　{scheme.name}" in text
        assert all(f"- {line}" in text for line in (*scheme.sources, *scheme.assumptions))
