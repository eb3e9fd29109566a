"""与上年比较: both years beside each other, project by project, and what lost points twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.page.review_pages import need_result
from workbook_tools.page.shelves import Same
from workbook_tools.page.visiting import Visit, route
from workbook_tools.results.two_years import (
    Presence,
    RepeatedLoss,
    TwoYearSums,
    YearPair,
    list_pairs,
    list_repeated_losses,
    sum_pairs,
)

_MOST_PAIRS, _MOST_LOSSES = 2_000, 300
"""More are not listed: a page stays below a megabyte; the workbooks of 汇总 have them all."""


@dataclass(frozen=True, slots=True)
class YearFigure:
    """Something of both years, as it is shown."""

    label: str
    last: str
    now: str
    change: str


@dataclass(frozen=True, slots=True)
class YearsBeside:
    """Two years of a result."""

    pairs: tuple[YearPair, ...]
    sums: TwoYearSums
    figures: tuple[YearFigure, ...]
    losses: tuple[RepeatedLoss, ...]


def _show_years(visit: Visit) -> Response:
    result = need_result(visit, visit.campaign).result
    if not result.compared_with:
        return visit.show("years_empty.html", year=result.year)
    years = visit.folder.keep("years", Same(result), lambda: _compare(result))
    return visit.show(
        "years.html",
        years=years,
        last=result.compared_with,
        now=result.year,
        presences=Presence,
        say_change=say_change,
        most_pairs=_MOST_PAIRS,
        most_losses=_MOST_LOSSES,
    )


def _compare(result: ReviewResult) -> YearsBeside:
    pairs = tuple(list_pairs(result))
    sums = sum_pairs(pairs)
    return YearsBeside(pairs, sums, tuple(_list_figures(sums)), tuple(list_repeated_losses(result)))


def _list_figures(sums: TwoYearSums) -> Iterator[YearFigure]:
    """What the projects that can be compared come to."""
    last, now = sums.last, sums.now
    if sums.money:
        for label, then, today in (
            ("全年预算（万元）", last.budget, now.budget),
            ("全年执行（万元）", last.executed, now.executed),
        ):
            yield YearFigure(label, number_text(round(then, 2)), number_text(round(today, 2)), say_change(then, today))
        if last.rate is not None and now.rate is not None:
            change = say_change(last.rate * 100, now.rate * 100)
            yield YearFigure("执行率", percent_text(last.rate), percent_text(now.rate), f"{change} 个百分点")
    then_mean, mean = sums.mean(last), sums.mean(now)
    if then_mean is not None and mean is not None:
        yield YearFigure(
            "平均得分", number_text(round(then_mean, 2)), number_text(round(mean, 2)), say_change(then_mean, mean)
        )
    for grade in dict.fromkeys((*last.grades, *now.grades)):
        before, after = last.grades[grade], now.grades[grade]
        yield YearFigure(f"“{grade}”的个数", str(before), str(after), say_change(before, after))


def say_change(last: float | None, now: float | None) -> str:
    """By how much it rose (+3) or fell (-3), to two decimals; nothing where a year does not say."""
    if last is None or now is None:
        return ""
    change = round(now - last, 2)
    return f"{'+' if change > 0 else ''}{number_text(change)}"


ROUTES = [route("/f/{folder}/years", _show_years)]
