"""What several departments come to together, without their projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workbook_tools.core.review_result import EXECUTION
from workbook_tools.reports.group_sums import (
    EXAMPLES,
    KEPT,
    LARGEST_LOSSES,
    RANKED,
    CauseSum,
    Few,
    FindingSum,
    GroupSums,
    KindSum,
    OutcomeSum,
    SpreadSum,
    in_order,
    weigh_total,
)
from workbook_tools.reports.lost_points import Loss, LossSum


def join_sums(parts: Iterable[GroupSums]) -> GroupSums:
    """What several departments come to together, in their order."""
    whole, parts = GroupSums(), list(parts)
    for part in parts:
        whole.dimensions |= part.dimensions
        whole.complete_dimensions |= part.complete_dimensions
        whole.usual_grades |= part.usual_grades
    places = {name: place for place, name in enumerate([EXECUTION, *whole.complete_dimensions])}

    def weigh(loss: Loss) -> tuple[float, int]:
        return -loss.lost, places.get(loss.dimension, len(places))

    for part in parts:
        _join_counts(whole, part)
        _join_spreads(whole, part)
        _join_losses(whole, part, weigh)
        _join_texts(whole, part)
        _join_last_year(whole, part)
    whole.outcomes = in_order(whole.outcomes, whole.dimensions)
    whole.by_dimension = in_order(whole.by_dimension, places)
    by_place = sorted(whole.by_category.items(), key=lambda item: places.get(item[0][0], len(places)))
    whole.by_category = dict(by_place)
    for kind in whole.kinds.values():
        kind.causes = dict(sorted(kind.causes.items(), key=lambda item: weigh(item[1].largest[0])))
    return whole


def _join_counts(whole: GroupSums, part: GroupSums) -> None:
    whole.only = whole.only if whole.projects else part.only
    whole.grade = whole.grade if whole.totals else part.grade
    whole.projects += part.projects
    whole.missing += part.missing
    whole.years |= part.years
    whole.used |= part.used
    whole.totals += part.totals
    whole.self_deduction += part.self_deduction
    whole.reviewed += part.reviewed
    whole.looked.join(part.looked)
    for key, amount in part.money.items():
        whole.money[key] = whole.money.get(key, 0.0) + amount
    for measure, count in part.blank.items():
        whole.blank[measure] = whole.blank.get(measure, 0) + count
    for name in ("pending", "unscored", "unspent", "slow", "low"):
        getattr(whole, name).join(getattr(part, name))


def _join_spreads(whole: GroupSums, part: GroupSums) -> None:
    for own, other in ((whole.grades, part.grades), (whole.scores, part.scores), (whole.rates, part.rates)):
        for name, one in other.items():
            own.setdefault(name, SpreadSum()).join(one)
    whole.best = sorted([*whole.best, *part.best], key=weigh_total)[: 2 * RANKED]
    whole.last = sorted([*whole.last, *part.last], key=weigh_total)[-RANKED:]


def _join_losses(whole: GroupSums, part: GroupSums, weigh: Callable[[Loss], tuple[float, int]]) -> None:
    for name, outcomes in part.outcomes.items():
        whole.outcomes.setdefault(name, OutcomeSum(name)).join(outcomes)
    for dimension, sums in part.by_dimension.items():
        whole.by_dimension.setdefault(dimension, LossSum()).join(sums)
    for category, sums in part.by_category.items():
        whole.by_category.setdefault(category, LossSum()).join(sums)
    whole.lost.join(part.lost)
    whole.without_score.join(part.without_score)
    whole.largest = sorted([*whole.largest, *part.largest], key=weigh)[:LARGEST_LOSSES]
    for name, kind in part.kinds.items():
        own = whole.kinds.setdefault(name, KindSum())
        own.count += kind.count
        own.lost += kind.lost
        for text, cause in kind.causes.items():
            known = own.causes.setdefault(text, CauseSum())
            known.count += cause.count
            known.lost += cause.lost
            known.largest = sorted([*known.largest, *cause.largest], key=weigh)[:EXAMPLES]


def _join_texts(whole: GroupSums, part: GroupSums) -> None:
    for code, found in part.findings.items():
        whole.findings.setdefault(code, FindingSum(found.first)).join(found)
    for text, names in part.measures.items():
        if text in whole.measures or len(whole.measures) < KEPT:
            whole.measures.setdefault(text, Few(EXAMPLES)).join(names)


def _join_last_year(whole: GroupSums, part: GroupSums) -> None:
    whole.years_apart.join(part.years_apart)
    whole.gone.join(part.gone)
    repeated = sorted([*whole.repeated.first, *part.repeated.first], key=lambda one: -round(one.now.lost, 6))
    whole.repeated = Few(LARGEST_LOSSES, whole.repeated.count + part.repeated.count, repeated[:LARGEST_LOSSES])
    (last, now), (more_last, more_now) = whole.repeated_points, part.repeated_points
    whole.repeated_points = last + more_last, now + more_now
