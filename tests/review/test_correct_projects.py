"""Correct projects, whatever their figures, texts and schemes, give neither errors nor warnings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from builders import MOF, layout_of
from checking import (
    ANSWERS,
    INDICATORS,
    TEXTS,
    found,
    good,
    places,
)
from filling import inputs, submission
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction, FundingSource, Indicator, IndicatorAnswer, Project
from workbook_tools.form.layout import build_layout
from workbook_tools.review.checks import check
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.scheme import Scheme, builtin_schemes

amounts = st.integers(100, 500_000).map(lambda cents: cents / 100)
SOURCES = (FundingSource.CENTRAL, FundingSource.COUNTY, FundingSource.OTHER)


@st.composite
def correct_projects(draw: st.DrawFn) -> Project:
    """Projects that meet their targets with a varying margin, and describe it in texts that fit the figures."""
    budget = {source: draw(amounts) for source in draw(st.sets(st.sampled_from(SOURCES), min_size=1))}
    spent = {source: round(amount * draw(st.floats(0.91, 1)), 2) for source, amount in budget.items()}
    indicators, rows, texts = [], [], dict(TEXTS)
    for original, answer in zip(INDICATORS, ANSWERS.indicators, strict=True):
        target: float | str | None = original.target
        if isinstance(target, float):
            target = float(
                draw(st.integers(2, 80 if original.unit == "%" else 90))
            )  # of a share there is no more than all
            better = 1 + draw(st.floats(0.001, 0.25)) * (-1 if original.direction is Direction.AT_MOST else 1)
            answer = answer.model_copy(update={"actual": round(target * better, 4)})
        indicators.append(original.model_copy(update={"target": target}))
        rows.append(answer)
    total, executed = sum(budget.values()), sum(spent.values())
    rate = float(f"{executed / total * 100:.2f}")
    texts["analysis_execution"] = f"全年预算{total:.2f}万元，实际支出{executed:.2f}万元，预算执行率{rate:g}%。"
    texts["analysis_output"] = (
        f"养护里程{rows[0].actual}公里；验收合格率{rows[1].actual}%；每公里成本{rows[2].actual}万元。"
    )
    return good(
        initial_budget=budget,
        annual_budget=budget,
        indicators=tuple(indicators),
        answers=ANSWERS.model_copy(
            update={"received": budget, "executed": spent, "indicators": tuple(rows), "texts": texts}
        ),
    )


def serious(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return places([f for f in findings if f.severity is not Severity.INFO])


QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=10, **QUIET)
@given(project=correct_projects())
def test_correct_projects_give_neither_errors_nor_warnings(project, tmp_path):
    reading, findings = found(project, tmp_path)
    assert serious([*reading.findings, *findings]) == []


@settings(max_examples=100, **QUIET)
@given(project=correct_projects())
def test_a_hundred_correct_projects_pass_all_checks(project):
    """Without a workbook of each: ten of them went through one above."""
    typed = {item.name: item.value for item in inputs(build_layout(project, MOF))}
    (answered,) = score_all([submission(layout_of(project), typed)])
    assert serious(check(answered)) == []


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=builtin_schemes())
def test_a_project_that_follows_its_scheme_has_neither_errors_nor_warnings(scheme: Scheme, tmp_path: Path):
    indicators = tuple(
        Indicator(dimension=d.name, category=category, name=f"{category}甲", weight=weight, target=80.0, unit="分")
        for d in scheme.dimensions
        for category, weight in zip(d.categories, [d.weight - len(d.categories) + 1, *[1.0] * 9], strict=False)
        if d.weight
    )
    amounts = {FundingSource.COUNTY: 60.0}
    texts = {section.key: f"{section.label}：{OWN_TEXTS[i]}" for i, section in enumerate(scheme.texts)}
    answers = ANSWERS.model_copy(
        update={
            "indicators": (IndicatorAnswer(actual=82.0),) * len(indicators),
            "received": amounts,
            "executed": amounts,
            "texts": texts,
        }
    )
    project = good(initial_budget=amounts, annual_budget=amounts, indicators=indicators, answers=answers)
    reading, findings = found(project, tmp_path, scheme)
    assert [f for f in [*reading.findings, *findings] if f.severity is not Severity.INFO] == []


OWN_TEXTS = [
    "".join(chr(0x4E00 + (37 * i * i + 11 * i * j + 101 * j) % 5000) for j in range(30)) + "。" for i in range(40)
]
"""Nonsense, each its own."""
