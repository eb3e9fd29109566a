"""The published tables of golden/cases.json, scored under their schemes; and the page docs/公开案例核对.md made of that.

``python tests/support/published_cases.py`` writes the page anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from locations import GOLDEN, ROOT

from workbook_tools.core.values import PERCENT, cell_number, is_number, number_text, unit_number
from workbook_tools.review.scoring import make_column, score_columns
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme, load_scheme

CASES_FILE = GOLDEN / "cases.json"
PAGE = ROOT / "docs" / "公开案例核对.md"
NONE = "空"
_AMOUNTS = {"initial": "年初预算数", "annual": "全年预算数", "executed": "全年执行数"}
_BASES = {"initial_budget": "initial", "annual_budget": "annual"}

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A printed figure that the scheme's rules do not give."""

    where: str
    printed: str
    computed: str


def load() -> tuple[list[Case], dict[str, str]]:
    """The cases, and those left out with the reason."""
    data = json.loads(CASES_FILE.read_text("utf-8"))
    return data["cases"], data["left_out"]


def disagreements(case: Case, scheme: Scheme | None = None) -> list[Disagreement]:
    """Every printed figure that does not come out under the case's scheme (or another), in the table's order."""
    return list(_compared(case, scheme or load_scheme(case["scheme"])))


def checked(case: Case) -> list[str]:
    """What of a case could be compared: 执行率得分, so many indicators, 总分."""
    parts = []
    if any("score" in row for row in _funding_rows(case)):
        parts.append("执行率得分")
    if case.get("indicators"):
        parts.append(f"{len(case['indicators'])} 个指标")
    if case["complete"]:
        parts.append("总分")
    return parts


def _compared(case: Case, scheme: Scheme) -> Iterator[Disagreement]:
    rate = points = None
    for row in _funding_rows(case):
        computed = _funding(row, case["funding"].get("parts", []) if row is case["funding"]["total"] else [], scheme)
        yield from _funding_compared(row, computed)
        if row is case["funding"]["total"]:
            rate, points = computed["rate"], computed["score"]
    scores = indicator_scores(case, scheme)
    for indicator, score in zip(case.get("indicators", []), scores, strict=True):
        yield from _figure(f"{indicator['name']} 得分", indicator["score"], score)
    if case["complete"]:
        yield from _totals(case, scheme, scores, rate, points)


def _funding_rows(case: Case) -> list[dict[str, Any]]:
    funding = case.get("funding")
    return [funding["total"], *funding.get("parts", [])] if funding else []


def _funding(row: dict[str, Any], parts: list[dict[str, Any]], scheme: Scheme) -> dict[str, Any]:
    """Amounts (the sums of the parts, where these are printed), rate and points of a row of the funding block."""
    found: dict[str, Any] = {}
    for name in _AMOUNTS:
        amounts = [part.get(name) for part in parts]
        found[name] = (
            library.amount_sum().value({"amounts": amounts}) if any(map(is_number, amounts)) else row.get(name)
        )
    base = found[_BASES[scheme.execution.base]]
    rate = library.scored_rate(scheme).value({"executed": found["executed"], "base": base})
    if found["executed"] is None and "rate" in row:  # the amounts are illegible: what is printed must do
        rate = float(row["rate"]) / 100
    return {**found, "rate": rate, "score": library.execution_score(scheme).value({"rate": rate, "base": base})}


def _funding_compared(row: dict[str, Any], computed: dict[str, Any]) -> Iterator[Disagreement]:
    for name, label in _AMOUNTS.items():
        if name in row:
            yield from _figure(f"{row['label']} {label}", row[name], computed[name])
    if "rate" in row:
        decimals = len(row["rate"].partition(".")[2])
        percent = round(unit_number(computed["rate"], PERCENT), max(decimals, 2))
        if round(percent, decimals) != float(row["rate"]):
            yield Disagreement(f"{row['label']} 执行率", f"{row['rate']}%", f"{number_text(percent)}%")
    if "score" in row:
        yield from _figure(f"{row['label']} 得分", row["score"], computed["score"])


def indicator_scores(case: Case, scheme: Scheme) -> list[float | None]:
    """The score of each indicator, from the columns that central scoring uses."""
    if not case.get("indicators"):
        return []
    rows = [_variables(indicator, scheme) for indicator in case["indicators"]]
    columns = {name: make_column(name, [row[name] for row in rows]) for name in rows[0]}
    return [None if np.isnan(score) else float(score) for score in score_columns(columns, scheme)["score"]]


def _variables(indicator: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    unit = indicator.get("unit", "")
    numbers = {
        name: cell_number(indicator[name], unit) if is_number(indicator[name]) else None
        for name in ("target", "actual")
    }
    stated = indicator.get("completion")
    return {
        "direction": indicator["direction"],
        **numbers,
        "weight": indicator["weight"],
        "stated": stated,
        "tier": scheme.tiers[0].name if stated == 1 else "",
        "applicable": library.APPLICABLE,
        "rule": "",
        "unit": unit if unit == PERCENT else "",
    }


def _totals(
    case: Case, scheme: Scheme, scores: list[float | None], rate: float | None, points: float | None
) -> Iterator[Disagreement]:
    weights = [indicator["weight"] for indicator in case["indicators"]]
    yield from _figure("分值合计", scheme.weights.total, sum(weights) + scheme.execution.weight)
    variables = {"scores": [*scores, points], "weights": weights, "rate": rate}
    yield from _figure("总分", case["total"], library.total_score(scheme).value(variables))


def _figure(where: str, printed: float | None, computed: float | None) -> Iterator[Disagreement]:
    shown = [
        number_text(figure) if figure is not None and is_number(figure) else NONE for figure in (printed, computed)
    ]
    if shown[0] != shown[1]:
        yield Disagreement(where, *shown)


# -- the page -----------------------------------------------------------------------------------------------------


def page() -> str:
    """docs/公开案例核对.md."""
    cases, left_out = load()
    wrong = [case for case in cases if case["discrepancies"]]
    lines = [
        "# 公开案例核对",
        "<!-- 本页由 python tests/support/published_cases.py 生成，请勿手改。 -->",
        "",
        "下面是公开的绩效自评表，按各自的评分方案重新计分，与印出的数字逐一比较。",
        "",
        f"共见到 {len(cases) + len(left_out)} 张表，其中 {len(cases)} 张的数字足以核对："
        f"{len(cases) - len(wrong)} 张完全一致，{len(wrong)} 张有印错或无法得出的数字，"
        f"共 {sum(len(case['discrepancies']) for case in wrong)} 处。",
        "",
        "没有印指标性质的，成本指标按 ≤、其余按 ≥ 理解；定性指标的完成情况与指标值相符的，按完成 100% 计分。"
        "当地的规则没有见到的，用财政部通用方案核对。",
        "",
        "| 案例 | 地区 | 年度 | 评分方案 | 核对了 | 结果 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for case in cases:
        result = f"{len(case['discrepancies'])} 处不符" if case["discrepancies"] else "一致"
        cells = (case["id"], case["region"], case["year"], case["scheme"], "、".join(checked(case)) or "—", result)
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## 不符的数字"]
    for case in wrong:
        lines += [*_heading(case), "| 哪个数字 | 印出 | 核得 | 原因 |", "| --- | --- | --- | --- |"]
        lines += [f"| {d['where']} | {d['printed']} | {d['computed']} | {d['why']} |" for d in case["discrepancies"]]
        lines += _remark(case)
    lines += ["", "## 一致的表"]
    for case in cases:
        if not case["discrepancies"]:
            lines += [*_heading(case)[:-1], *_remark(case)]
    lines += ["", "## 没有核对的表", ""]
    lines += [f"- {name}：{why}" for name, why in left_out.items()]
    return "\n".join(lines) + "\n"


def _heading(case: Case) -> list[str]:
    title = "　".join(part for part in (case["id"], case["region"], case["project"]) if part)
    source = f"<{case['url']}>" if case["url"] else "见说明"
    return ["", f"### {title}", "", f"来源：{source}", ""]


def _remark(case: Case) -> list[str]:
    return ["", f"说明：{case['remark']}"] if "remark" in case else []


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
