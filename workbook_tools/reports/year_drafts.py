"""与上年比较 in the reports on several projects: what is said of the change, from what both years' results hold.

A difference is that of the two figures as they are printed, so that a reader who subtracts comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook_tools.core.review_result import GoneRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.group_facts import GroupFacts
from workbook_tools.reports.group_sums import NAMED, Few
from workbook_tools.reports.phrases import say_points
from workbook_tools.results.facts import EXECUTION_RATE
from workbook_tools.results.two_years import Presence, TwoYearSums
from workbook_tools.word.text import one_line


@dataclass(frozen=True, slots=True)
class YearChange:
    """A figure in both years, of so many projects."""

    name: str
    projects: int
    last: float | None
    now: float | None
    unit: str
    """万元, 分, or % of a rate (0.95)."""

    def show(self, figure: float | None) -> str:
        """A figure as it is printed, without its unit but for %."""
        if figure is None:
            return ""
        if self.unit == "%":
            return percent_text(figure)
        return number_text(float(number_text(figure, 2))) if self.unit == "分" else number_text(figure)

    @property
    def difference(self) -> float | None:
        """Of the printed figures; of rates in percentage points."""
        if self.last is None or self.now is None:
            return None
        last, now = (float(self.show(figure).rstrip("%")) for figure in (self.last, self.now))
        return round(now - last, 6)

    @property
    def shown_difference(self) -> str:
        """With its sign."""
        if self.difference is None:
            return ""
        sign = "+" if self.difference > 0 else ""
        return f"{sign}{number_text(self.difference)}{'个百分点' if self.unit == '%' else ''}"


def list_changes(sums: TwoYearSums) -> list[YearChange]:
    """Money, execution and mean score; of nothing that cannot be compared."""
    last, now = sums.last, sums.now
    money = [
        YearChange("全年预算资金", sums.money, last.budget, now.budget, "万元"),
        YearChange("全年执行资金", sums.money, last.executed, now.executed, "万元"),
        YearChange(EXECUTION_RATE, sums.money, last.rate, now.rate, "%"),
    ]
    mean = YearChange("平均得分", sums.scored, sums.mean(last), sums.mean(now), "分")
    return [*(money if sums.money else ()), *([mean] if sums.scored else ())]


def write_change(facts: GroupFacts) -> Iterator[str]:
    """The paragraphs; none where no result of last year was named."""
    year, sums = facts.campaign.parts.head.compared_with, facts.sums.years_apart
    if not year:
        return
    if not sums.presences[Presence.BOTH]:
        yield f"{year}年度的结果里没有{'这些' if facts.several else '这个'}项目，没有上年数据，不作比较。{_say_others(facts)}"
        return
    both = sums.presences[Presence.BOTH]
    yield f"与{year}年度相比，两年都有自评结果的项目{both}个。{_say_others(facts)}"
    changes = {one.name: one for one in list_changes(sums)}
    if sums.money:
        said = [_say_change(one) for name, one in changes.items() if name != "平均得分" and one.difference is not None]
        yield f"{_of_which(sums.money, both, '两年都填报了资金的')}{'，'.join(said)}。"
    if mean := changes.get("平均得分"):
        yield f"{_of_which(sums.scored, both, '两年都有得分的')}{_say_change(mean)}。{_say_grades(sums)}"
    if losses := facts.sums.repeated.count:
        lost = facts.sums.repeated_points
        more = "等" if losses > NAMED else ""
        named = [
            f"{one_line(one.project.name) if facts.several else ''}“{one_line(one.indicator)}”（上年失{say_points(one.last.lost)}，今年失{say_points(one.now.lost)}）"
            for one in facts.sums.repeated.first[:NAMED]
        ]
        yield f"两年都失分的指标（含预算执行率）{losses}项，上年共失{say_points(lost[0])}，今年共失{say_points(lost[1])}：{'；'.join(named)}{more}。"


def _say_others(facts: GroupFacts) -> str:
    """The projects that are in one year only."""
    counts = facts.sums.years_apart.presences
    parts = []
    if counts[Presence.NEW] and counts[Presence.BOTH]:
        parts.append(f"上年没有数据的{counts[Presence.NEW]}个")
    if counts[Presence.NOT_COME]:
        parts.append(f"上年有、今年未报送的{counts[Presence.NOT_COME]}个")
    if counts[Presence.GONE]:
        parts.append(f"上年有、今年清单里没有的{counts[Presence.GONE]}个（{_name_gone(facts.sums.gone)}）")
    return f"另有{'，'.join(parts)}，不在比较之内。" if parts else ""


def _name_gone(gone: Few[GoneRow]) -> str:
    names = "、".join(one_line(row.name) for row in gone.first)
    return f"{names}{'等' if gone.count > len(gone.first) else ''}"


def _of_which(count: int, both: int, which: str) -> str:
    """Which projects a sentence is about, where they are not all of them."""
    return "" if count == both else f"{which}{count}个项目，"


def _say_change(one: YearChange) -> str:
    """全年预算资金由100万元增加到120万元，增加20万元（20%）."""
    difference = one.difference or 0.0
    last, now = (one.show(figure) + ("" if one.unit == "%" else one.unit) for figure in (one.last, one.now))
    if not difference:
        return f"{one.name}{now}，与上年相同"
    verb = ("增加", "减少") if one.unit == "万元" else ("提高", "下降")
    way = verb[0] if difference > 0 else verb[1]
    unit = "个百分点" if one.unit == "%" else one.unit
    grown = f"（{percent_text(abs(difference) / one.last)}）" if one.unit == "万元" and one.last else ""
    return f"{one.name}由{last}变为{now}，{way}{number_text(abs(difference))}{unit}{grown}"


def _say_grades(sums: TwoYearSums) -> str:
    """The grades whose number of projects has changed."""
    names = dict.fromkeys([*sums.now.grades, *sums.last.grades])
    changed = [name for name in names if sums.last.grades[name] != sums.now.grades[name]]
    if not changed:
        return "各评价等级的项目数与上年相同。"
    said = (f"{name}由{sums.last.grades[name]}个变为{sums.now.grades[name]}个" for name in changed)
    return f"评价等级：{'，'.join(said)}。"
