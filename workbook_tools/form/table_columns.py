"""Which columns the indicator table of 自评表 has: the authority's own, and those that the unit needs besides.

What the authority's form has no column for (完成程度 …) stands in the table all the same, where one reads on to it, and only in forms that need
it. Where the scheme says so (``form.added_columns``), it stands right of the table and is not printed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from workbook_tools.core.labels import FormLabels, IndicatorColumn
from workbook_tools.form.fields import Layout
from workbook_tools.rules.scheme import Scheme

_WIDTHS = {
    "direction": 10.0,
    "unit": 10.0,
    "applicable": 10.0,
    "stated": 10.0,
    "completion": 10.0,
    "answered": 10.0,
    "rule_score": 10.0,
    "self_deduction": 10.0,
    "last_actual": 11.0,
}
_TIER_WIDTHS = (11.0, 18.0)
"""Of 完成程度: for names of up to four characters, and for longer ones, which take several lines."""
_NOTES = {
    "tier": "（定性指标选）",
    "stated": "（定性指标填）",
    "self_deduction": "（没有不填）",
    "last_actual": "（供对照）",
}
_PLACES = (
    ("completion", IndicatorColumn.ACTUAL, 1),
    ("stated", IndicatorColumn.ACTUAL, 1),
    ("tier", IndicatorColumn.ACTUAL, 1),
    ("last_actual", IndicatorColumn.ACTUAL, 0),
    ("applicable", IndicatorColumn.ACTUAL, 0),
    ("unit", IndicatorColumn.TARGET, 1),
    ("direction", IndicatorColumn.TARGET, 0),
    ("self_deduction", IndicatorColumn.SCORE, 0),
)
"""Where a column goes that the form lacks: beside which one, and before (0) or after it (1). Of several after or before one the last named stands next to it."""
_LEAST_REASON = 34.0
"""So narrow may 偏差原因 become to make room for them."""


@dataclass(frozen=True, slots=True)
class FormTableColumn:
    """A column: the part of an indicator's row in it, its heading, its width in digits."""

    key: str
    heading: str
    width: float


@dataclass(frozen=True, slots=True)
class FormTableColumns:
    """The columns of the printed table, and those right of it (填报辅助)."""

    printed: tuple[FormTableColumn, ...]
    beside: tuple[FormTableColumn, ...]


def arrange_columns(layout: Layout) -> FormTableColumns:
    """The columns of a form, each group from left to right."""
    return _arrange(layout.scheme, tuple(_find_lacking(layout).items()))


@lru_cache(256)
def _arrange(scheme: Scheme, needed: tuple[tuple[str, bool], ...]) -> FormTableColumns:
    lacking = dict(needed)
    own = [FormTableColumn(column.key, column.label, column.width) for column in scheme.form.columns]
    added = [place for place in _PLACES if lacking.get(place[0])] if scheme.form.added_columns == "printed" else []
    printed = list(own)
    for key, anchor, offset in added:
        at = next(i for i, column in enumerate(printed) if column.key == anchor)
        printed.insert(at + offset, _make_column(key, scheme))
    shown = {column.key for column in printed}
    beside = tuple(_make_column(key, scheme) for key in lacking if key not in shown)
    extra = sum(column.width for column in printed) - sum(column.width for column in own)
    return FormTableColumns(tuple(_make_room(printed, extra)), beside)


@lru_cache(256)
def divide_columns(widths: tuple[float, ...], first: int, parts: int) -> tuple[tuple[int, int], ...]:
    """First and last column of ``parts`` neighbours from ``first`` on that are as equal in width as the columns allow.

    >>> divide_columns((12, 20, 26, 12, 16, 8), 2, 2)
    ((2, 2), (3, 5))
    """
    inner = combinations(range(first + 1, len(widths)), parts - 1)
    divisions = (tuple(pairwise((first, *edges, len(widths)))) for edges in inner)
    best = min(divisions, key=lambda division: sum(sum(widths[start:end]) ** 2 for start, end in division))
    return tuple((start, end - 1) for start, end in best)


def without_added_columns(scheme: Scheme) -> Scheme:
    """The scheme with the table as the authority has it: what it lacks stands outside the print, and last year nowhere."""
    own = {"added_columns": "beside", "last_actual": False}
    return scheme.model_copy(update={"form": scheme.form.model_copy(update=own)})


def _find_lacking(layout: Layout) -> dict[str, bool]:
    """What this form needs and has no column for → whether somebody fills or reads it there; in the order in which it stands beside."""
    total = layout.scheme.total
    qualitative = layout.open or any(row.qualitative for row in layout.rows)
    needed = {
        "direction": layout.open,
        "unit": layout.open,
        "last_actual": any(row.shows_last_year for row in layout.rows),
        "applicable": total.rebase,
        "tier": qualitative,
        "stated": layout.open,
        "completion": True,
        "rule_score": total.self_deduction,
        "self_deduction": total.self_deduction,
        "answered": True,
    }
    own = {column.key for column in layout.scheme.form.columns}
    return {key: qualitative or key != "completion" for key, needs in needed.items() if needs and key not in own}


def _make_column(key: str, scheme: Scheme) -> FormTableColumn:
    labels: FormLabels = scheme.form.labels
    width = _WIDTHS[key] if key in _WIDTHS else _TIER_WIDTHS[any(len(tier.name) > 4 for tier in scheme.tiers)]
    return FormTableColumn(key, labels.of(key) + _NOTES.get(key, ""), width)


def _make_room(columns: list[FormTableColumn], extra: float) -> list[FormTableColumn]:
    """The table as wide as the authority's, as far as 偏差原因 can give the ``extra`` width."""
    return [
        replace(column, width=max(min(column.width, _LEAST_REASON), column.width - extra))
        if column.key == IndicatorColumn.DEVIATION_REASON
        else column
        for column in columns
    ]
