"""A small scheme, schemes that differ from a shipped one in a few settings, scores by scalar and by column at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbook_tools.core.model import Direction, Value
from workbook_tools.review.scoring import make_column, score_columns
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING, Expr
from workbook_tools.rules.scheme import Scheme

SMALL = """\
id = "my-county"
name = "示例县方案"
sources = ["示例县文件"]
report = "财政部"

[[dimensions]]
key = "output"
name = "产出指标"
weight = 60
categories = ["数量指标", "成本指标"]
cost_like = ["成本指标"]
[[dimensions]]
key = "benefit"
name = "效益指标"
weight = 30
categories = ["社会效益指标"]

[execution]
weight = 10

[over_completion]
effect = "flag"
threshold = 1.3

[[tiers]]
name = "达成"
lower = 0.8
upper = 1
upper_included = true
[[tiers]]
name = "未达成"
lower = 0
upper = 0.8

[grading]
bands = [
  { name = "优", at_least = 90 },
  { name = "差", at_least = 0 },
]

[form]
title = "自评表"
columns = [
  { key = "dimension", label = "一级指标", width = 12 },
  { key = "category", label = "二级指标", width = 12 },
  { key = "indicator", label = "三级指标", width = 26 },
  { key = "target", label = "目标值", width = 12 },
  { key = "actual", label = "完成值", width = 12 },
  { key = "weight", label = "分值", width = 8 },
  { key = "score", label = "得分", width = 9 },
  { key = "deviation_reason", label = "偏差原因", width = 34 },
]
[form.goals]
expected = "goal"
actual = "goal"

[[texts]]
key = "goal"
label = "年度目标"
prompt = "照批复填写。"
"""
"""A scheme file with little in it."""


def varied(base: Scheme, **settings: Any) -> Scheme:
    """``varied(MOF, at_most__exceeded="zero")``: the scheme with that setting changed."""
    data = base.model_dump()
    for name, value in settings.items():
        *path, last = name.split("__")
        at = data
        for step in path:
            at = at[step]
        at[last] = value
    return Scheme.model_validate(data)


def scored(
    scheme: Scheme,
    direction: Direction,
    actual: Value,
    target: Value,
    weight: float = 10,
    *,
    stated: float | None = None,
    tier: str = "",
    rule: str = "",
    unit: str = "",
    applicable: str = library.APPLICABLE,
) -> float | str:
    """The score of one row: by scalar, by column, and the same by both."""
    row: dict[str, Any] = {
        "direction": direction.symbol,
        "actual": actual,
        "target": target,
        "weight": weight,
        "tier": tier,
        "stated": stated,
        "applicable": applicable,
    }
    row["completion"] = library.completion(scheme).value(row)
    by_scalar: float | str = library.score(scheme, rule, unit).value(row)
    columns = {name: make_column(name, [value]) for name, value in {**row, "rule": rule, "unit": unit}.items()}
    by_column = score_columns(columns, scheme)["score"][0]
    assert by_scalar == (NOTHING if np.isnan(by_column) else by_column)
    return by_scalar


def computed(rule: Expr, **variables: Any) -> Any:
    """A rule of totals or funding for one project: by scalar, by column, and the same by both. Ranges are lists."""
    by_scalar = rule.value(variables)
    columns: dict[str, Any] = {}
    for name, value in variables.items():
        if isinstance(value, list):
            numbers = [v for v in value if isinstance(v, int | float)]
            columns |= {name: np.array([float(sum(numbers))]), f"#{name}": np.array([float(len(numbers))])}
        else:
            columns[name] = np.array([np.nan if value is None else value])
    if "applicables" in variables:
        pairs = zip(variables["weights"], variables["applicables"], strict=True)
        kept = sum(weight for weight, flag in pairs if flag != library.NOT_APPLICABLE)
        columns["weights@applicables"] = np.array([float(kept)])
    by_column = rule.frame(columns)[0]
    is_nothing = isinstance(by_column, float) and np.isnan(by_column)
    assert by_scalar == (NOTHING if is_nothing else by_column)
    return by_scalar
