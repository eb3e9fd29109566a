"""In what a project of one list differs from the same project of another, by the columns of 项目清单."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workbook_tools.core.findings import quote
from workbook_tools.core.model import Amounts, Direction, Indicator, Project
from workbook_tools.projects.columns import BUDGETS, INDICATOR_COLUMN, PROJECT_COLUMNS, amount_key

_PROJECT_LABELS = {column.key: column.label for column in PROJECT_COLUMNS}
_NOTHING = "（空）"
_FACTS = ("name", "department", "unit", "scheme", "annual_goal", "period_goal")
_INDICATOR_FACTS = ("category", "weight", "direction", "target", "unit", "rule")


def compare_projects(before: Project, now: Project) -> Iterator[str]:
    """Each difference in words, the project's own columns first: ``全年-县区：120 → 150``; answers are not compared."""
    for name in _FACTS:
        yield from _tell(_PROJECT_LABELS[name], getattr(before, name), getattr(now, name))
    for budget in BUDGETS:
        left: Amounts = getattr(before, budget.value)
        right: Amounts = getattr(now, budget.value)
        for source in dict.fromkeys([*left, *right]):
            yield from _tell(_PROJECT_LABELS[amount_key(budget, source)], left.get(source), right.get(source))
    yield from _compare_indicators(before.indicators, now.indicators)


def _compare_indicators(before: tuple[Indicator, ...], now: tuple[Indicator, ...]) -> Iterator[str]:
    """Indicators are the same where dimension and name are, and of several alike the place among them."""
    left, right = _number(before), _number(now)
    for key in dict.fromkeys([*left, *right]):
        name, old, new = f"指标“{key[1]}”", left.get(key), right.get(key)
        if old is None:
            yield f"{name}：没有 → 有"
        elif new is None:
            yield f"{name}：有 → 没有"
        else:
            for fact in _INDICATOR_FACTS:
                yield from _tell(f"{name}的{INDICATOR_COLUMN[fact].label}", getattr(old, fact), getattr(new, fact))
    if list(left) != list(right) and left.keys() == right.keys():
        yield "指标的次序"


def _number(indicators: tuple[Indicator, ...]) -> dict[tuple[str, str, int], Indicator]:
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for indicator in indicators:
        key = (indicator.dimension, indicator.name)
        seen[key] += 1
        found[*key, seen[key]] = indicator
    return found


def _tell(label: str, before: object, now: object) -> Iterator[str]:
    if before != now:
        yield f"{label}：{_show(before)} → {_show(now)}"


def _show(value: object) -> str:
    return value.symbol if isinstance(value, Direction) else quote(value) or _NOTHING
