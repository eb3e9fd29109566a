"""Slips of scale: each is found at the cell that is wrong; correct projects of every size give none.

The checks are run on figures alone, without workbooks; test_checks.py holds that the cells are the right ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import MOF
from checking import ANSWERS, INDICATORS, TEXTS, good
from filling import inputs, submission

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import (
    LEAF_SOURCES,
    Amounts,
    Direction,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Project,
    ProjectList,
)
from workbook_tools.core.scale import find_cost_slips
from workbook_tools.core.values import number_text
from workbook_tools.form.layout import build_layout
from workbook_tools.projects import project_list_workbook, read_projects
from workbook_tools.review.checks import figures_in_text, fund, scale
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.review.scoring import score_all

COUNTY = FundingSource.COUNTY
LIST = ("LIST19", "LIST20")
FORM = ("FUND01", "FUND02", "FUND08", "FUND12", "FUND13", "SCORE13", "SCORE14", "TEXT04", "TEXT07", "TEXT21")
"""Codes of scale, and those that a slip must not set off instead."""


def campaign_project(
    initial: Amounts,
    annual: Amounts,
    received: Amounts,
    executed: Amounts,
    *,
    target: float,
    actual: float,
    piece: float = 0.0,
    stated: str = "",
) -> Project:
    """A project with these amounts in 万元, the cost of the whole and of a piece; the text tells budget and spending."""
    total, spent = sum(annual.values()), sum(executed.values())
    words = stated or f"全年预算{total:.6g}万元，全年实际支出{spent:.6f}万元，预算执行率{spent / total * 100:.2f}%。"
    at_most = Direction.AT_MOST
    cost = Indicator(
        dimension="产出指标",
        category="成本指标",
        name="项目总成本",
        weight=10,
        target=target,
        unit="万元",
        direction=at_most,
    )
    small = Indicator(
        dimension="产出指标",
        category="成本指标",
        name="每公里成本",
        weight=0,
        target=piece or 1.5,
        unit="万元",
        direction=at_most,
    )
    costs = (IndicatorAnswer(actual=actual), IndicatorAnswer(actual=piece or 1.45))
    rows = (*ANSWERS.indicators[:2], *costs, *ANSWERS.indicators[3:])
    answers = ANSWERS.model_copy(
        update={
            "received": received,
            "executed": executed,
            "indicators": rows,
            "texts": {**TEXTS, "analysis_execution": words},
        }
    )
    return good(
        initial_budget=initial,
        annual_budget=annual,
        answers=answers,
        indicators=(*INDICATORS[:2], cost, small, *INDICATORS[3:]),
    )


def find_in_form(project: Project) -> list[Finding]:
    """What the checks of amounts find in the filled form."""
    layout = build_layout(project, MOF)
    (scored,) = score_all([submission(layout, {item.name: item.value for item in inputs(layout)})])
    form = FilledForm(scored)
    return [
        f for check in (*fund.CHECKS, *scale.CHECKS, *figures_in_text.CHECKS) for f in check(form) if f.code in FORM
    ]


def find_in_list(projects: list[Project], path: Path, codes: Sequence[str] = LIST) -> list[Finding]:
    """What reading the list of these projects finds."""
    path.write_bytes(project_list_workbook(ProjectList(year=2024, scheme=MOF.id, projects=tuple(projects)), MOF))
    return [f for f in read_projects(path, year=2024, default_scheme=MOF)[1] if f.code in codes]


BUDGET, SPENT = 152.6, 149.34
STATED = "全年预算152.6万元，全年实际支出149.34万元，预算执行率97.86%。"


def slipped(where: str, factor: float) -> Project:
    """The correct project with one amount so many times what it should be."""
    amount: dict[str, Amounts] = {name: {COUNTY: BUDGET} for name in ("initial", "annual", "received")}
    amount["executed"] = {COUNTY: SPENT}
    cost, stated = {"target": BUDGET, "actual": SPENT}, STATED
    if where in amount:
        amount[where] = {COUNTY: round(amount[where][COUNTY] * factor, 8)}
    elif where in cost:
        cost[where] = round(cost[where] * factor, 8)
    else:
        figure = BUDGET if where == "text_budget" else SPENT
        stated = STATED.replace(f"{number_text(figure)}万元", f"{number_text(figure * factor)}万元")
    return campaign_project(**amount, **cost, stated=stated)


def amounting(
    initial: float = BUDGET,
    annual: float = BUDGET,
    received: float = BUDGET,
    executed: float = SPENT,
    actual: float = SPENT,
    stated: str = STATED,
) -> Project:
    """A project with these amounts of the county."""
    amounts = ({COUNTY: amount} for amount in (initial, annual, received, executed))
    return campaign_project(*amounts, target=BUDGET, actual=actual, stated=stated)


FORM_PLACES = {
    "annual": ("FUND13", "annual_budget_county"),
    "initial": ("FUND13", "initial_budget_county"),
    "received": ("FUND12", "received_county"),
    "executed": ("FUND12", "executed_county"),
    "target": ("SCORE14", "indicator_003_target"),
    "actual": ("SCORE13", "indicator_003_actual"),
    "text_budget": ("TEXT21", "text_analysis_execution"),
    "text_spent": ("TEXT21", "text_analysis_execution"),
}
FACTORS = (10_000.0, 0.0001, 10.0, 0.1)
IN_FORM = [(where, factor) for where in FORM_PLACES for factor in FACTORS]
IN_LIST = [(where, factor) for where in ("annual", "initial", "target") for factor in FACTORS[:3]]


@pytest.mark.parametrize(("where", "factor"), IN_FORM)
def test_a_slip_in_a_form_is_found_at_the_cell_that_is_wrong(where: str, factor: float) -> None:
    project = slipped(where, factor)
    code, name = FORM_PLACES[where]
    code = "FUND08" if code == "FUND12" and factor == FACTORS[0] else code
    cell = build_layout(project, MOF).fields[name].cell
    assert [(f.code, f.cell) for f in find_in_form(project)] == [(code, cell)]


@pytest.mark.parametrize(("where", "factor"), IN_LIST)
def test_a_slip_in_a_list_is_found_at_the_cell_that_is_wrong(where: str, factor: float, tmp_path: Path) -> None:
    (found,) = find_in_list([slipped(where, factor)], tmp_path / "项目清单.xlsx")
    assert (found.code, found.field.rpartition("，")[2]) == {
        "annual": ("LIST19", "全年-县区"),
        "initial": ("LIST19", "年初-县区"),
        "target": ("LIST20", "目标值"),
    }[where]


FEW_DIGITS = {
    "annual": ({"annual": 1520.0, "stated": "按进度拨付。"}, ("FUND13", "annual_budget_county")),
    "round": (
        {"initial": 150.0, "annual": 1500.0, "received": 150.0, "executed": 150.0, "stated": "按进度拨付。"},
        ("FUND13", "annual_budget_county"),
    ),
    "rounded cost": ({"actual": 14.9}, ("SCORE13", "indicator_003_actual")),
    "spent": ({"stated": "全年预算152.6万元，到位率100%，实际支出14.934万元。"}, ("TEXT21", "text_analysis_execution")),
}
"""Tenfold slips of which no other figure has the three digits, and one in a text after a comma."""


@pytest.mark.parametrize("case", FEW_DIGITS)
def test_a_tenfold_slip_without_digits_in_common_is_found(case: str) -> None:
    changes, (code, name) = FEW_DIGITS[case]
    project = amounting(**changes)
    assert [(f.code, f.cell) for f in find_in_form(project)] == [(code, build_layout(project, MOF).fields[name].cell)]


@pytest.mark.parametrize(
    "changes",
    [
        {"initial": 15.0},
        {"executed": 14.9, "actual": 14.9, "stated": "按进度拨付。"},
        {"received": 15.0, "executed": 14.9, "actual": 14.9, "stated": "按进度拨付。"},
        {"stated": "全年预算152.6万元，沥青款预算70万元，实际支出66万元。"},
        {"annual": 520.0, "stated": "按进度拨付。"},
    ],
    ids=["added in the year", "little was spent", "little came", "a part was spent", "three times the initial"],
)
def test_what_may_be_so_is_no_slip(changes: dict[str, Any]) -> None:
    found = find_in_form(amounting(**changes))
    assert [f.code for f in found if f.code in ("FUND12", "FUND13", "SCORE13", "SCORE14", "TEXT21", "TEXT04")] == []


@pytest.mark.parametrize("costs", [{"target": 1.5, "actual": -3.0}, {"actual": 0.0}, {}])
def test_amounts_that_are_not_above_zero_have_no_scale(costs: dict[str, float]) -> None:
    assert find_cost_slips(costs, [-150.0], "总成本") == find_cost_slips(costs, [-150.0, 1.5], "总成本") == {}


def test_forty_slips_are_tried() -> None:
    assert len(IN_FORM) + len(IN_LIST) >= 40


def correct_campaigns(count: int) -> Iterator[Project]:
    """Projects of 0.05 to 500,000 万元, one to three sources, money cut or added in the year, spent for a third or more."""
    luck = random.Random(20241231)
    for _ in range(count):
        size = 10 ** luck.uniform(-1.3, 5.69)
        sources = luck.sample(LEAF_SOURCES, luck.randint(1, 3))
        annual = {source: round(max(0.05, size * luck.uniform(0.2, 1)), luck.choice((2, 4, 6))) for source in sources}
        initial = {source: round(a * luck.choice((1, 1, 0.5, 0.8, 1.3)), 6) for source, a in annual.items()}
        received = {source: round(a * luck.choice((1, 1, luck.uniform(0.5, 1))), 6) for source, a in annual.items()}
        executed = {source: round(a * luck.choice((1, luck.uniform(0.33, 1))), 6) for source, a in received.items()}
        target, spent = round(sum(annual.values()), 4), sum(executed.values())
        piece = round(size / luck.randint(20, 900), 4) or 0.0001
        yield campaign_project(initial, annual, received, executed, target=target, actual=round(spent, 4), piece=piece)


@pytest.mark.slow
def test_hundreds_of_correct_projects_give_no_slip_of_scale(tmp_path: Path) -> None:
    projects = [p.model_copy(update={"code": f"P{i:04d}"}) for i, p in enumerate(correct_campaigns(500))]
    assert [(p.code, f.code, f.cell) for p in projects for f in find_in_form(p)] == []
    assert [
        (f.project_code, f.code, f.cell) for f in find_in_list(projects, tmp_path / "项目清单.xlsx", (*LIST, "LIST31"))
    ] == []


# -- a list wholly in 元 ----------------------------------------------------------------------------------------------


def listed(*amounts: float) -> list[Project]:
    """Projects with these budgets, initial and of the year."""
    same = (({COUNTY: a}, {COUNTY: a}, {COUNTY: a}, {COUNTY: a}) for a in amounts)
    made = (campaign_project(*own, target=30.0, actual=29.5) for own in same)
    return [p.model_copy(update={"code": f"P{i:04d}"}) for i, p in enumerate(made)]


def test_a_list_wholly_in_yuan_is_told_once(tmp_path: Path) -> None:
    (found,) = find_in_list(listed(50_000, 260_000.5, 800_000, 120_000), tmp_path / "项目清单.xlsx", ("LIST31",))
    assert (found.project_code, found.message) == ("", "4个项目的预算都在50000至800000之间，多为以元填写")
    assert find_in_list(listed(50_000, 260_000.5, 800_000, 120_000), tmp_path / "项目清单.xlsx") == []


@pytest.mark.parametrize(
    "amounts", [(50_000, 260_000), (50_000, 260_000, 800), (1000, 20_000, 30_000), (50_000, 260_000.1234, 800_000)]
)
def test_large_projects_of_a_list_in_ten_thousands_are_no_list_in_yuan(
    amounts: tuple[float, ...], tmp_path: Path
) -> None:
    assert find_in_list(listed(*amounts), tmp_path / "项目清单.xlsx", ("LIST31",)) == []
