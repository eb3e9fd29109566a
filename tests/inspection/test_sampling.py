"""A sample: the same on any machine, each project at its probability, each department with its share."""

from __future__ import annotations

import hashlib
from collections import Counter
from math import ceil, floor, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from result_builder import funding, project

from workbook_tools.core.review_result import FindingCounts, LastYearFigures, ProjectRow
from workbook_tools.inspection.sampling import RiskWeights, SampledProject, SampleRule, draw_sample

DRAWS = 10_000
SLACK = 1e-6
"""Probabilities are whole billionths."""


def make(
    number: int, department: int = 0, amount: float = 100.0, errors: int = 0, rate: float | None = 1.0
) -> ProjectRow:
    return project(
        number,
        department=f"第{department}局",
        execution_rate=rate,
        funding=funding(amount, amount),
        findings=FindingCounts(error=errors),
    )


def codes(sample: list[SampledProject]) -> set[str]:
    return {one.project.code for one in sample if one.chosen}


many = st.lists(
    st.tuples(st.integers(0, 4), st.floats(0, 10_000), st.integers(0, 9), st.none() | st.floats(0, 1.5)),
    min_size=1,
    max_size=60,
).map(lambda rows: [make(number, *row) for number, row in enumerate(rows)])
rules = st.builds(
    SampleRule,
    share=st.floats(0.01, 1.0),
    count=st.sampled_from((0, 0, 1, 7, 500)),
    per_department=st.integers(0, 3),
    bands=st.sampled_from(((), (50.0,), (50.0, 500.0))),
    by_risk=st.booleans(),
    risk=st.builds(RiskWeights, findings=st.floats(0, 10), amount=st.floats(0, 10)),
)


@given(many, rules, st.text(max_size=8))
@settings(max_examples=150, deadline=None)
def test_shares_of_the_whole_and_of_each_department_are_held(
    projects: list[ProjectRow], rule: SampleRule, seed: str
) -> None:
    sample = draw_sample(projects, rule, seed)
    assert [one.project for one in sample] == projects
    if not rule.per_department:
        assert sum(one.drawn for one in sample) == rule.size(len(projects))
    else:
        assert sum(one.drawn for one in sample) >= min(rule.size(len(projects)), len(projects)) - 1
    for department in {one.department for one in projects}:
        own = [one for one in sample if one.project.department == department]
        expected = sum(one.probability for one in own)
        assert floor(expected + SLACK) - SLACK <= sum(one.drawn for one in own) <= ceil(expected - SLACK) + SLACK
        assert sum(one.drawn for one in own) >= min(rule.per_department, len(own))
    assert all(0 <= one.probability <= 1 for one in sample)


def test_ten_thousand_draws_come_out_at_their_probabilities() -> None:
    rule = SampleRule(count=3, by_risk=True, per_department=1, bands=(80.0,))
    projects = [make(n, n % 3, amount=10.0 * n, errors=n % 4, rate=0.5 + n / 20) for n in range(10)]
    times = Counter[str]()
    for seed in range(DRAWS):
        times.update(codes(sample := draw_sample(projects, rule, str(seed))))
    for one in sample:
        spread = sqrt(DRAWS * one.probability * (1 - one.probability))
        assert abs(times[one.project.code] - DRAWS * one.probability) <= 4.5 * spread + SLACK


def test_the_same_seed_gives_the_same_sample_on_any_machine() -> None:
    projects = [make(n, n % 4, amount=10.0 * n, errors=n % 3) for n in range(40)]
    assert sorted(codes(draw_sample(projects, SampleRule(share=0.2), "2024"))) == [
        "XM0000",
        "XM0002",
        "XM0007",
        "XM0008",
        "XM0021",
        "XM0033",
        "XM0035",
        "XM0038",
    ]


def test_an_auditor_who_follows_the_description_draws_the_same() -> None:
    """What 怎样抽的 says, written down once more from its words alone."""
    projects, seed = [make(n, n % 3, amount=10.0 * (n % 7)) for n in range(30)], "抽查-7"
    sample = draw_sample(projects, SampleRule(share=0.2, bands=(30.0,)), seed)

    def number(text: str) -> int:
        return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest(), "big")

    order = ["第0局", "第1局", "第2局"]
    line = sorted(
        sample,
        key=lambda one: (
            order.index(one.project.department),
            (int(one.project.code[2:]) % 7) * 10 >= 30,
            number(f"{seed}|{one.project.code}"),
        ),
    )
    point, end, drawn = number(f"{seed}|") % 10**9, 0, set()
    for one in line:
        end += round(one.probability * 10**9)
        while point < end:
            drawn.add(one.project.code)
            point += 10**9
    assert drawn == codes(sample)


def test_the_riskier_is_drawn_more_often_and_it_says_why() -> None:
    fallen = make(9, errors=5, rate=0.4).model_copy(update={"last_year": LastYearFigures(year=2020, score=200.0)})
    projects = [*map(make, range(9)), fallen]
    *others, risky = draw_sample(projects, SampleRule(count=2, by_risk=True), "1")
    assert risky.probability == pytest.approx(others[0].probability * risky.risk, abs=1e-6)
    assert risky.risk == pytest.approx(1 + 2 * (1 + 0 + 0.6 + 1))
    assert [reason.split()[0] for reason in risky.reasons] == ["错误", "执行率", "比上年低"]
    assert others[0].reasons == ()


def test_what_is_picked_by_hand_is_in_it_and_takes_no_place() -> None:
    projects = [make(n) for n in range(20)]
    sample = draw_sample(projects, SampleRule(count=4), "x", picked={"XM0003": "群众反映"})
    assert sum(one.drawn for one in sample) == 4
    assert (sample[3].drawn, sample[3].picked, len(codes(sample))) == (False, "群众反映", 5)


@pytest.mark.parametrize(("projects", "drawn"), [(1, 1), (6, 1), (7, 2), (100, 15), (101, 16)])
def test_fifteen_percent_is_no_less_than_fifteen_percent(projects: int, drawn: int) -> None:
    assert SampleRule(share=0.15).size(projects) == drawn
