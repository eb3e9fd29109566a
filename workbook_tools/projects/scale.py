"""Amounts of the list that are out of scale: budgets beside each other, cost targets beside the budgets. In 万元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_tools.core.model import LEAF_SOURCES, FundingSource, Indicator, Measure, Project
from workbook_tools.core.scale import (
    are_apart,
    are_in_yuan,
    find_cost_slips,
    find_slips,
    is_plausible,
    is_whole_cost,
    put_right,
    say_power,
)
from workbook_tools.core.values import MONEY_UNITS, number_text
from workbook_tools.projects.columns import BUDGETS, INDICATOR_COLUMN, PROJECT_COLUMNS, ListColumn, amount_key
from workbook_tools.projects.rows import ListRow, Notes, is_blank

_PROJECT = {column.key: column for column in PROJECT_COLUMNS}


def is_list_in_yuan(amounts: Sequence[Sequence[float]], notes: Notes) -> bool:
    """LIST31, once for the whole list: its budgets (``amounts``, project by project) are all 元. They cannot then be compared with what is in 万元."""
    if not are_in_yuan(amounts):
        return False
    known = [a for own in amounts for a in own if a]
    message = f"{len(amounts)}个项目的预算都在{number_text(min(known))}至{number_text(max(known))}之间，多为以元填写"
    notes.add("LIST31", message, field="年初预算、全年预算")
    return True


def check_scale(project: Project, row: ListRow, indicators: Sequence[tuple[ListRow, Indicator]], notes: Notes) -> None:
    """LIST19 at a budget, LIST20 at a cost target that is a power of ten off the project's other amounts."""
    costs = [(line, i, c) for line, i in indicators if (c := _read_cost(i)) is not None]
    right = dict.fromkeys(BUDGETS, 0.0)
    for source in LEAF_SOURCES:
        own = {m: a for m in BUDGETS if (a := getattr(project, m.value).get(source))}

        def count(amounts: Mapping[Measure, float]) -> int:
            """What speaks for these amounts: they are possible, and costs of the whole project fit them."""
            fitting = sum(is_whole_cost(c, a, i.name + i.unit) for _, i, c in costs for a in amounts.values())
            return fitting + sum(map(is_plausible, amounts.values()))

        slips = find_slips(own, count) if are_apart(own) else {}
        for measure, amount in put_right(own, slips).items():
            right[measure] += amount
            if measure in slips or not is_plausible(own[measure]):
                _note_budget(row, measure, source, own, slips.get(measure, 0), notes)
    known = [amount for amount in right.values() if amount]
    for line, indicator, cost in costs if known else ():
        slip = find_cost_slips({"target": cost}, known, indicator.name + indicator.unit)
        if slip:
            message = f"“{indicator.name}”的目标值与预算相比{say_power(slip['target'])}"
            expected = f"与预算{number_text(max(known))}万元相称"
            notes.at(line, INDICATOR_COLUMN["target"], "LIST20", message, found=indicator.target, expected=expected)


def _read_cost(indicator: Indicator) -> float | None:
    """A target in money, in 万元."""
    factor = MONEY_UNITS.get(indicator.unit)
    return (
        indicator.target * factor if factor and isinstance(indicator.target, float) and indicator.target > 0 else None
    )


def _note_budget(
    row: ListRow, measure: Measure, source: FundingSource, own: Mapping[Measure, float], power: int, notes: Notes
) -> None:
    others = "、".join(f"{m.label}{number_text(a)}万元" for m, a in own.items() if m is not measure)
    message = f"{measure.label}与{others}相比{say_power(power)}" if power else f"{measure.label}大小反常"
    expected = put_right(own, {measure: power})[measure] if power else ""
    column = _find_column(row, measure, source)
    notes.at(row, column, "LIST19", message, found=own[measure], expected=expected)


def _find_column(row: ListRow, measure: Measure, source: FundingSource) -> ListColumn:
    """The column that the amount stood in: its source's, or that of the sum where the list has no more."""
    places = (source, FundingSource.TOTAL, FundingSource.FISCAL_SUBTOTAL)
    keys = [amount_key(measure, place) for place in places]
    return _PROJECT[next((key for key in keys if not is_blank(row.values.get(key))), keys[0])]
