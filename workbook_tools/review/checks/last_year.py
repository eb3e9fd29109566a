"""YEAR: what a project says this year beside what it said the year before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Direction, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import is_number, number_text, percent_text
from workbook_tools.review.checks.declaring import reports
from workbook_tools.review.checks.passages import normal_form, split_long_sentences

NOWHERE: Mapping[str, str] = {}
_JUMP, _LEAST_JUMP = 0.5, 10.0
"""A budget that is half as much again, or half as much less, and by ten 万元 at least."""
_ENOUGH = 3
"""Of so many figures that they are all the same is no chance."""
_FAILED = 0.2
"""An indicator that lost a fifth of its points was not reached."""


@dataclass(frozen=True, slots=True)
class LastYearProject:
    """A project as its review of the year before has it."""

    project: ProjectRow
    indicators: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class TwoYears:
    """A project beside itself the year before."""

    project: ProjectRow
    indicators: tuple[IndicatorRow, ...]
    last: LastYearProject

    def match_indicators(self) -> Iterator[tuple[IndicatorRow, IndicatorRow | None]]:
        """This year's indicators, each with what it was the year before; ``None`` where it was not there."""
        before = {_key(row): row for row in self.last.indicators}
        return ((row, before.get(_key(row))) for row in self.indicators)

    def pairs(self) -> Iterator[tuple[IndicatorRow, IndicatorRow]]:
        """Those that were there."""
        return ((row, before) for row, before in self.match_indicators() if before)

    def find(self, code: str, place: Mapping[str, str] = NOWHERE, *, found: str, expected: str = "") -> Finding:
        """A finding about the project, at a place of its form."""
        facts = {"found": found, "expected": expected}
        return finding(code, project_code=self.project.code, file=self.project.file, **place, **facts)


def _cell_of(row: IndicatorRow) -> dict[str, str]:
    return {"sheet": row.sheet, "cell": row.cell, "field": row.name}


def _key(row: IndicatorRow) -> tuple[str, str]:
    return row.dimension, normal_form(row.name)


YearCheck = Callable[[TwoYears], Iterator[Finding]]


@reports("YEAR01")
def target_not_lowered(both: TwoYears) -> Iterator[Finding]:
    """今年的目标不应比上年的低，又低于上年已经达到的。"""
    for row, before in both.pairs():
        figures = (row.target, before.target, before.actual)
        if row.direction is not before.direction or row.unit != before.unit or not all(map(is_number, figures)):
            continue
        now, then, reached = (float(figure or 0) for figure in figures)
        easier = {Direction.AT_LEAST: now < then and now < reached, Direction.AT_MOST: now > then and now > reached}
        if easier.get(row.direction):
            told = f"{before.target_text}，实际 {before.actual_text}"
            yield both.find("YEAR01", _cell_of(row), found=row.target_text, expected=told)


@reports("YEAR02")
def actuals_are_of_this_year(both: TwoYears) -> Iterator[Finding]:
    """填的数应是今年的：与上年一位不差、又不等于目标的，多为照抄。"""
    pairs = [(row, before) for row, before in both.pairs() if is_number(row.actual) and is_number(before.actual)]
    same = all(row.unit == before.unit and row.actual == before.actual for row, before in pairs)
    if len(pairs) >= _ENOUGH and same and any(row.actual != row.target for row, _ in pairs):
        yield both.find("YEAR02", _cell_of(pairs[0][0]), found=f"{len(pairs)} 个定量指标填的数都与上年相同")


@reports("YEAR03")
def texts_are_of_this_year(both: TwoYears) -> Iterator[Finding]:
    """文字应写今年的情况：与上年的句子相同、里面还写着上年年份的，是没有改过来。"""
    year = f"{both.last.project.year}年"
    for key, text in both.project.texts.items():
        if year not in text:
            continue
        before = {plain for old in both.last.project.texts.values() for _, plain in split_long_sentences(old)}
        for sentence, plain in split_long_sentences(text):
            if year in sentence and plain in before:
                place = both.project.text_places.get(key)
                where = {"sheet": place.sheet, "cell": place.cell, "field": place.label} if place else {}
                yield both.find("YEAR03", where, found=sentence, expected=f"{both.project.year}年的情况")
                break


@reports("YEAR04")
def budget_does_not_jump(both: TwoYears) -> Iterator[Finding]:
    """全年预算比上年增减一半以上的，请核对是不是同一个项目、同一个单位（万元）。"""
    now, then = (row.amount(Measure.ANNUAL_BUDGET) for row in (both.project, both.last.project))
    if now is not None and then and abs(now - then) >= max(_LEAST_JUMP, _JUMP * then):
        change = f"{'增加' if now > then else '减少'} {percent_text(abs(now - then) / then)}"
        yield both.find(
            "YEAR04",
            {"field": Measure.ANNUAL_BUDGET.label},
            found=f"{number_text(now)}万元，{change}",
            expected=f"上年 {number_text(then)}万元",
        )


@reports("YEAR05")
def failed_indicators_stay(both: TwoYears) -> Iterator[Finding]:
    """上年没有完成的指标，今年不应没有交代就不再设。"""
    now = {_key(row) for row in both.indicators}
    for before in both.last.indicators:
        score, weight = before.final_score, before.weight
        if _key(before) not in now and before.applicable and score is not None and weight:
            lost = weight - score
            if lost > _FAILED * weight and not NOISE.same(lost, _FAILED * weight):
                told = f"上年目标 {before.target_text}，实际 {before.actual_text}，得 {number_text(score)} 分（{number_text(weight)} 分）"
                yield both.find("YEAR05", {"field": before.name}, found="今年没有这个指标", expected=told)


LAST_YEAR_CHECKS: tuple[YearCheck, ...] = (
    target_not_lowered,
    actuals_are_of_this_year,
    texts_are_of_this_year,
    budget_does_not_jump,
    failed_indicators_stay,
)


def check_last_year(both: TwoYears) -> Iterator[Finding]:
    """All of them."""
    for check in LAST_YEAR_CHECKS:
        yield from check(both)
