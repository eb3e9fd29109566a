"""Projects of one shape: their names and figures differ, and nothing else."""

from __future__ import annotations

import random

from workbook_tools.core.model import Project, Value
from workbook_tools.core.values import number_text

NAMES = (
    "路",
    "Ａ　Ｂ",
    "农村公路养护（一）",
    "0012",
    "=1+1",
    "长" * 38,
    "很长的名称，" * 60,
    "行\n行",
    "a\ue0000\ue001b",
    "<r>甲</r>",
    'a & b < c > d "好"',
    "_x0041_乙",
    " 前后有空格 ",
    "图\U00020000",
)


def vary(project: Project, chance: random.Random, *, units: bool = True) -> Project:
    """A project of the same shape, with other names and figures; with other ``units`` too, which look different."""

    def other(value: Value) -> Value:
        if isinstance(value, str):
            return value if value in ("", "%") else chance.choice(NAMES)
        if value is None or value <= 0:
            return value
        decimals = len(number_text(value).partition(".")[2])
        return float(f"{chance.randrange(1, 3000) + chance.randrange(1, 10) * 10.0**-decimals:.{decimals}f}")

    facts = ("code", "name", "department", "unit", "annual_goal", "period_goal")
    rows = [
        row.model_copy(
            update={
                name: other(getattr(row, name)) for name in ("name", "weight", "target", *(["unit"] if units else []))
            }
        )
        for row in project.indicators
    ]
    amounts = {
        name: {source: other(amount) for source, amount in getattr(project, name).items()}
        for name in ("initial_budget", "annual_budget")
    }
    update = {name: other(getattr(project, name)) for name in facts} | amounts | {"indicators": tuple(rows)}
    return project.model_copy(update=update)
