"""抽样: some of the projects, at random, so that anybody who knows the seed draws the same ones on any machine.

Systematic sampling with given probabilities (Madow 1949). Each project has a probability, the same for all, or in proportion to
its risk. The projects are laid end to end, departments together, within them by amount, within an amount's band in an order
that the seed decides; each takes up as much of the line as its probability. A point on the first unit that the seed decides, and
one on every unit after it, are the projects that are drawn. So each comes out with exactly its probability, and each department
(and each band within it) gets its share, rounded up or down. All is reckoned in whole billionths, and chance is SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.rules.setting_base import Fraction, Setting

_CERTAIN = 10**9
"""The probability 1: a billion of billionths."""
_MANY_FINDINGS = 5.0
"""So many errors, or twice as many open 提醒, are the most that counts for risk."""
_LARGE_DROP = 20.0
"""So many 分 less than the year before are the most that counts."""
_TELLING = 0.2
"""A part of the risk so large is named among the reasons."""


class RiskWeights(BaseModel):
    """How much each part of the risk counts; 0 is not at all. Each part is between 0 and 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: Annotated[float, Field(ge=0, le=100), Setting("问题", "错误和没有说明的提醒有多少")] = 2.0
    """错误、没有说明的提醒: five errors are 1, an open 提醒 half an error."""
    amount: Annotated[float, Field(ge=0, le=100), Setting("金额", "全年预算比它少的项目有多少")] = 2.0
    """金额: the share of projects that have less money (全年预算)."""
    execution: Annotated[float, Field(ge=0, le=100), Setting("执行率", "离 100% 还差多少")] = 2.0
    """执行率: what is left to 100%; 1 where it is not known."""
    last_year: Annotated[float, Field(ge=0, le=100), Setting("比上年下降", "总分比上年低多少")] = 2.0
    """与上年相比: by how much the score fell, 20 分 are 1; 0 where last year's is not known."""


class SampleRule(BaseModel):
    """How a sample is drawn (wbt.toml: [sample])."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: Annotated[
        float, Field(gt=0, le=1), Fraction(), Setting("按比例抽", "占报来的项目多少，0.15 是 15%；不是整数的进一")
    ] = 0.15
    """Of the projects that have come; one more where that is no whole number."""
    count: Annotated[int, Field(ge=0), Setting("按个数抽", "写了就不看比例；0 是按比例")] = 0
    """So many instead."""
    per_department: Annotated[int, Field(ge=0), Setting("每个部门至少抽几个", "没有这么多的全抽")] = 0
    """At least so many of each department, or all it has."""
    bands: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...],
        Setting("金额分档", "万元，从小到大；各档按比例抽，不分档的空着", example="[50, 500]"),
    ] = ()
    """金额分档: bounds in 万元, from small to large; each band gets its share of a department's."""
    by_risk: Annotated[
        bool,
        Setting(
            "按风险抽", "", {"true": "问题多、金额大、执行率低、比上年下降的更可能抽中", "false": "各项目可能相同"}
        ),
    ] = False
    """The riskier a project, the more likely it is drawn: one without any risk once, with the most nine times as likely."""
    risk: Annotated[RiskWeights, Setting("抽查：各种风险的分量", "按风险抽时才用；越大越看重，0 不计")] = RiskWeights()

    def size(self, projects: int) -> int:
        """How many of so many projects are drawn.

        >>> SampleRule(share=0.15).size(41)
        7
        """
        wanted = self.count or ceil(round(self.share * projects, 9))
        return min(wanted, projects)


@dataclass(frozen=True, slots=True)
class SampledProject:
    """A project that can be drawn, and what became of it."""

    project: ProjectRow
    probability: float
    """With which it comes into the sample; 1 is certain."""
    risk: float
    """How many times as likely it is drawn as one without any risk; 1 where risk does not count."""
    reasons: tuple[str, ...]
    """What speaks for it, in words."""
    drawn: bool
    picked: str = ""
    """Why somebody has picked it by hand; it is in the sample beside those that were drawn."""

    @property
    def chosen(self) -> bool:
        """It is in the sample."""
        return self.drawn or bool(self.picked)


def draw_sample(
    projects: Sequence[ProjectRow],
    rule: SampleRule,
    seed: str,
    *,
    picked: Mapping[str, str] | None = None,
) -> list[SampledProject]:
    """Every project in the order given, and whether it is in the sample.

    ``picked`` are projects chosen by hand, by code, each with the reason: they are not drawn, and take no place of
    those that are. The same projects, rule and seed give the same sample.
    """
    by_hand = picked or {}
    amounts = sorted(project.amount(Measure.ANNUAL_BUDGET) or 0.0 for project in projects)
    risks = {p.code: _find_risk(p, rule, amounts) for p in projects}
    pool = [project for project in projects if project.code not in by_hand]
    weights = {project.code: risks[project.code].weight if rule.by_risk else 1.0 for project in pool}
    chances = _share_out(pool, weights, rule)
    drawn = _draw_on_line(_lay_out(pool, rule, seed), chances, seed)
    return [
        SampledProject(
            project,
            chances.get(project.code, 0) / _CERTAIN,
            risks[project.code].weight if rule.by_risk else 1.0,
            risks[project.code].reasons if rule.by_risk else (),
            project.code in drawn,
            by_hand.get(project.code, ""),
        )
        for project in projects
    ]


def name_band(amount: float | None, bands: Sequence[float]) -> str:
    """The band of an amount in 万元, in words; blank where there are no bands.

    >>> name_band(120, (50, 500)), name_band(7, (50, 500)), name_band(500, (50, 500))
    ('50～500万元', '50万元以下', '500万元以上')
    """
    if not bands:
        return ""
    place = _band_of(amount, bands)
    if place == 0:
        return f"{number_text(bands[0])}万元以下"
    if place == len(bands):
        return f"{number_text(bands[-1])}万元以上"
    return f"{number_text(bands[place - 1])}～{number_text(bands[place])}万元"


# -- risk -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Risk:
    weight: float
    reasons: tuple[str, ...]


def _find_risk(project: ProjectRow, rule: SampleRule, amounts: Sequence[float]) -> _Risk:
    """1 and what each part adds to it."""
    counts, rate = project.findings, project.execution_rate
    before = project.last_year.score if project.last_year else None
    amount, score = project.amount(Measure.ANNUAL_BUDGET), project.counted_total
    smaller = sum(one < (amount or 0.0) for one in amounts) / max(1, len(amounts) - 1)
    fall = before - score if before is not None and score is not None else 0.0
    below = 1.0 if rate is None else min(1.0, max(0.0, 1.0 - rate))
    told_rate = "执行率不明" if rate is None else f"执行率 {percent_text(rate)}"
    parts = (
        (min(1.0, (counts.error + counts.to_answer / 2) / _MANY_FINDINGS), rule.risk.findings,
         "、".join(f"{name} {number} 处" for name, number in (("错误", counts.error), ("待说明", counts.to_answer)) if number)),
        (smaller, rule.risk.amount, f"金额超过 {percent_text(smaller, 0)} 的项目"),
        (below, rule.risk.execution, told_rate),
        (min(1.0, max(0.0, fall) / _LARGE_DROP), rule.risk.last_year, f"比上年低 {number_text(round(fall, 2))} 分"),
    )  # fmt: skip
    reasons = tuple(said for part, weight, said in parts if part * weight > 0 and part >= _TELLING)
    return _Risk(1.0 + sum(part * weight for part, weight, _ in parts), reasons)


# -- probabilities ----------------------------------------------------------------------------------------------------


def _share_out(pool: Sequence[ProjectRow], weights: Mapping[str, float], rule: SampleRule) -> dict[str, int]:
    """Of each project its probability in billionths: together as many as are to be drawn, more where the least number of the
    departments asks for it."""
    wanted = rule.size(len(pool)) * _CERTAIN
    chances = _divide(weights, wanted)
    if not rule.per_department:
        return chances
    members: dict[str, list[str]] = {}
    for project in pool:
        members.setdefault(project.department, []).append(project.code)
    held: dict[str, int] = {}
    for codes in members.values():
        least = min(rule.per_department, len(codes)) * _CERTAIN
        if sum(chances[code] for code in codes) < least:
            held |= _divide({code: weights[code] for code in codes}, least)
    rest = {code: weight for code, weight in weights.items() if code not in held}
    return held | _raise_to_least(_divide(rest, max(0, wanted - sum(held.values()))), members, held, weights, rule)


def _raise_to_least(
    rest: dict[str, int],
    members: Mapping[str, Sequence[str]],
    held: Collection[str],
    weights: Mapping[str, float],
    rule: SampleRule,
) -> dict[str, int]:
    """Those that gave up some of theirs to others keep the least number of their own department, too."""
    for codes in members.values():
        own = [code for code in codes if code not in held]
        least = min(rule.per_department, len(own)) * _CERTAIN
        if own and sum(rest[code] for code in own) < least:
            rest |= _divide({code: weights[code] for code in own}, least)
    return rest


def _divide(weights: Mapping[str, float], wanted: int) -> dict[str, int]:
    """``wanted`` billionths in proportion to the weights, none more than certain; what is left over by rounding goes to the first."""
    chances: dict[str, int] = {}
    left, open_weights = min(wanted, len(weights) * _CERTAIN), dict(weights)
    while open_weights:
        whole = sum(open_weights.values())
        sure = [code for code, weight in open_weights.items() if weight * left >= whole * _CERTAIN]
        if not sure:
            break
        for code in sure:
            chances[code] = _CERTAIN
            del open_weights[code]
        left = min(wanted, len(weights) * _CERTAIN) - len(chances) * _CERTAIN
    if open_weights:
        whole = sum(open_weights.values())
        chances |= {code: int(weight / whole * left) for code, weight in open_weights.items()}
        short = left - sum(chances[code] for code in open_weights)
        for code in list(open_weights)[:short]:
            chances[code] += 1
    return chances


# -- drawing ----------------------------------------------------------------------------------------------------------


def _lay_out(pool: Iterable[ProjectRow], rule: SampleRule, seed: str) -> list[str]:
    """The codes as they lie on the line."""
    departments: dict[str, int] = {}
    for project in pool:
        departments.setdefault(project.department, len(departments))

    def place(project: ProjectRow) -> tuple[int, int, int]:
        return (
            departments[project.department],
            _band_of(project.amount(Measure.ANNUAL_BUDGET), rule.bands),
            _chance(seed, project.code),
        )

    return [project.code for project in sorted(pool, key=place)]


def _draw_on_line(line: Iterable[str], chances: Mapping[str, int], seed: str) -> set[str]:
    point, end, drawn = _chance(seed, "") % _CERTAIN, 0, set()
    for code in line:
        end += chances[code]
        if point < end:
            drawn.add(code)
            point += _CERTAIN
    return drawn


def _band_of(amount: float | None, bands: Sequence[float]) -> int:
    return sum(amount is not None and amount >= bound for bound in bands)


def _chance(seed: str, code: str) -> int:
    """A number that nobody can foresee who does not know the seed."""
    return int(hashlib.sha256(f"{seed}|{code}".encode()).hexdigest(), 16)
