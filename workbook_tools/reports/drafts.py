"""Drafts (草稿): texts that the unit left blank, written from the figures it filled in.

A scheme says which section is drafted from what (``draft`` of a text). A draft only states what the result
holds: where that says nothing there is no draft, and improvement measures are quoted, never thought up.
Which drafts somebody has accepted is in :mod:`workbook_tools.reports.acceptance`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import LEAF_SOURCES, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import percent_text
from workbook_tools.reports.lost_points import is_noticeable
from workbook_tools.reports.phrases import (
    Outcome,
    count_lost_points,
    find_cause,
    find_measures,
    is_filled,
    judge_outcome,
    number_lines,
    say_distance,
    say_indicator,
    say_money,
    say_points,
    say_reason,
    say_score,
    say_state,
    say_values,
)
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme, TextSection
from workbook_tools.rules.settings import stem
from workbook_tools.word.text import one_line, paragraphs

_OWN_FAMILIES = frozenset({Family.FUND, Family.WEIGHT})
"""Findings about the project's money and indicators; the others are about how the form was filled."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the drafts of a project are written from."""

    project: ProjectRow
    indicators: Sequence[IndicatorRow]
    scheme: Scheme
    findings: Sequence[Finding] = ()

    @property
    def counted(self) -> list[IndicatorRow]:
        """The indicators that apply."""
        return [row for row in self.indicators if row.applicable]

    def total(self, measure: Measure) -> float | None:
        """A cell of the funding table, all sources together."""
        return self.project.amount(measure)


def write_drafts(facts: Facts) -> dict[str, str]:
    """The text of each section that the unit left blank and the figures can fill, by its key."""
    written: dict[str, str] = {}
    for section in facts.scheme.texts:
        if section.draft != "none" and not paragraphs(facts.project.texts.get(section.key, "")):
            if text := "\n".join(WRITERS[section.draft](facts, section)):
                written[section.key] = text
    return written


# -- money ------------------------------------------------------------------------------------------------------------


def _write_arrival(facts: Facts, _section: TextSection) -> Iterator[str]:
    received = facts.total(Measure.RECEIVED)
    if received is None:
        return
    parts = [*_say_budget(facts), f"实际到位资金{say_money(received)}{_say_sources(facts, Measure.RECEIVED)}"]
    rate = facts.total(Measure.ARRIVAL_RATE)
    if rate is not None:
        parts.append(f"预算到位率{percent_text(rate)}")
    yield f"{'，'.join(parts)}。"


def _write_execution(facts: Facts, _section: TextSection) -> Iterator[str]:
    executed = facts.total(Measure.EXECUTED)
    if executed is None:
        return
    yield _say_execution(facts, [*_say_budget(facts), f"全年执行资金{say_money(executed)}"])


def _write_funding(facts: Facts, section: TextSection) -> Iterator[str]:
    executed = facts.total(Measure.EXECUTED)
    if executed is None:
        yield from _write_arrival(facts, section)
        return
    received = list(_write_arrival(facts, section))
    yield from received
    yield _say_execution(facts, [*([] if received else _say_budget(facts)), f"全年执行资金{say_money(executed)}"])


def _say_budget(facts: Facts) -> Iterator[str]:
    amount = facts.total(Measure.ANNUAL_BUDGET)
    if amount is not None:
        yield f"全年预算资金{say_money(amount)}{_say_sources(facts, Measure.ANNUAL_BUDGET)}"


def _say_sources(facts: Facts, measure: Measure) -> str:
    """Where the money comes from, if from more than one place."""
    amounts = facts.project.funding.get(measure, {})
    parts = [f"{source.label}{say_money(amount)}" for source in LEAF_SOURCES if (amount := amounts.get(source))]
    return f"（{'、'.join(parts)}）" if len(parts) > 1 else ""


def _say_execution(facts: Facts, parts: list[str]) -> str:
    """The sentences on execution: amounts, rate, what is left, points, the reason given."""
    project = facts.project
    if project.execution_rate is not None:
        parts.append(f"预算执行率{percent_text(project.execution_rate)}")
    elif facts.total(facts.scheme.execution.base_measure) == 0:
        parts.append(f"{facts.scheme.execution.base_measure.label}为0，不计算预算执行率")
    balance = facts.total(Measure.BALANCE)
    if balance:
        parts.append(f"资金结余{say_money(balance)}" if balance > 0 else f"执行资金超过到位资金{say_money(-balance)}")
    text = "，".join(parts) + "。"
    score = project.final_execution_score
    if project.execution_weight and score is not None:
        reviewed = project.execution_review.reviewed_score is not None
        text += f"预算执行率{say_score(project.execution_weight, score, reviewed=reviewed)}。"
    reason = say_reason(project.execution_reason)
    return text + (f"原因：{reason}。" if reason else "")


def _write_budget_change(facts: Facts, _section: TextSection) -> Iterator[str]:
    initial, annual = facts.total(Measure.INITIAL_BUDGET), facts.total(Measure.ANNUAL_BUDGET)
    if initial is None or annual is None:
        return
    change = annual - initial
    moved = f"调{'增' if change > 0 else '减'}{say_money(abs(change))}"
    words = "没有增减" if NOISE.same(annual, initial) else moved
    yield f"年初预算资金{say_money(initial)}，全年预算资金{say_money(annual)}，年中{words}。"


# -- indicators -------------------------------------------------------------------------------------------------------


def _write_indicators(facts: Facts, section: TextSection) -> Iterator[str]:
    """Each indicator of these dimensions or categories, a paragraph for each category."""
    wanted = {stem(name) for name in section.draft_of}
    rows = [row for row in facts.counted if wanted & {stem(row.dimension), stem(row.category)}]
    if not any(map(is_filled, rows)):
        return
    if len(rows) > 1:
        yield _summarise("、".join(section.draft_of), rows)
    groups: dict[str, list[IndicatorRow]] = {}
    for row in rows:
        groups.setdefault(one_line(row.category), []).append(row)
    for category, members in groups.items():
        named = f"{category}。" if category and len(groups) > 1 else ""
        yield named + "".join(map(say_indicator, members))


def _summarise(name: str, rows: Sequence[IndicatorRow]) -> str:
    """How many there are, how many points they earned, and how many met their target."""
    text = f"{name}共{len(rows)}项"
    scores = [row.final_score for row in rows if row.final_score is not None]
    weights = [row.weight for row in rows if row.weight is not None]
    if len(scores) == len(weights) == len(rows):
        text += f"，分值合计{say_points(sum(weights))}，得{say_points(sum(scores))}"
    return f"{text}。{_count_outcomes(rows)}。"


def _count_outcomes(rows: Iterable[IndicatorRow]) -> str:
    """达到目标 so many, 未达到 so many; those that exceed it have met it."""
    reached = [judge_outcome(row) for row in rows]
    counts = {
        "达到目标": sum(one in (Outcome.MET, Outcome.OVER) for one in reached),
        "未达到目标": reached.count(Outcome.SHORT),
        "不能判断是否达到目标": reached.count(Outcome.UNKNOWN),
    }
    if counts["达到目标"] == len(reached) > 1:
        return "全部达到目标"
    return "，".join(f"{words}{count}项" for words, count in counts.items() if count)


def _write_overall(facts: Facts, _section: TextSection) -> Iterator[str]:
    rows = facts.counted
    if not any(map(is_filled, rows)):
        return
    yield f"本项目共设绩效指标{len(rows)}项，{_count_outcomes(rows)}。"
    missed = [
        f"{one_line(row.name)}（{say_values(row)}{say_distance(row, Outcome.SHORT)}）"
        for row in rows
        if judge_outcome(row) is Outcome.SHORT
    ]
    if missed:
        yield f"未达到目标的是：{'；'.join(missed)}。"


def _write_conclusion(facts: Facts, _section: TextSection) -> Iterator[str]:
    project = facts.project
    if project.final_total is None:
        return
    points = f"{say_points(project.final_total)}（满分{say_points(facts.scheme.weights.total)}）"
    if project.pending:
        yield f"填报不完整（{project.pending_reason}），目前各项得分合计{points}，总分和评价等级{PENDING}。"
    else:
        yield f"本项目自评总得分{points}，评价等级为“{project.final_grade}”。"
    parts = []
    if project.execution_weight and project.final_execution_score is not None:
        parts.append(
            f"预算执行{say_points(project.final_execution_score)}（分值{say_points(project.execution_weight)}）"
        )
    for name, weight in project.weights.items():
        score = project.final_scores.get(name)
        if score is not None:
            parts.append(f"{one_line(name)}{say_points(score)}（分值{say_points(weight)}）")
    if parts:
        yield f"其中：{'，'.join(parts)}。"


# -- problems and measures -------------------------------------------------------------------------------------------------


def _list_losses(facts: Facts) -> Iterator[tuple[str, str]]:
    """What missed its target or lost points, and the reason as the unit gave it."""
    project = facts.project
    score = project.final_execution_score
    lost = project.execution_weight - score if score is not None else 0.0
    if is_noticeable(lost):
        rate = "无法计算" if project.execution_rate is None else percent_text(project.execution_rate)
        yield f"预算执行率{rate}，失{say_points(lost)}", project.execution_reason
    for row in facts.counted:
        if judge_outcome(row) is Outcome.SHORT or count_lost_points(row):
            points = count_lost_points(row)
            yield (
                f"{one_line(row.name)}：{say_state(row)}" + (f"，失{say_points(points)}" if points else ""),
                row.deviation_reason,
            )


def _write_problems(facts: Facts, _section: TextSection) -> Iterator[str]:
    lines = []
    for what, reason in _list_losses(facts):
        why = find_cause(reason)
        lines.append(f"{what}。{f'原因：{why}' if why else '填报时没有说明原因'}。")
    found = _name_findings(facts.findings)
    if found:
        lines.append(f"审核时发现的问题：{found}。")
    if lines:
        yield from number_lines(lines)
    elif facts.counted and all(judge_outcome(row) in (Outcome.MET, Outcome.OVER) for row in facts.counted):
        if facts.project.counted_total is not None:
            yield "各项绩效指标均达到目标，没有失分。"


def _name_findings(findings: Iterable[Finding]) -> str:
    """What the review found about the project's figures, each kind once."""
    titles: dict[str, int] = {}
    for row in findings:
        known = CODES.get(row.code)
        if known and known.family in _OWN_FAMILIES and row.severity is not Severity.INFO and not row.of_the_list:
            titles[known.title] = titles.get(known.title, 0) + 1
    return "；".join(f"{title}（{count}处）" if count > 1 else title for title, count in titles.items())


def _write_measures(facts: Facts, _section: TextSection) -> Iterator[str]:
    project = facts.project
    reasons = [(Measure.EXECUTION_RATE.label, project.execution_reason)]
    reasons += [(one_line(row.name), row.deviation_reason) for row in facts.counted]
    announced = [(name, text) for name, reason in reasons if (text := find_measures(reason))]
    yield from number_lines([f"针对{name}：{text}。" for name, text in announced])


def _write_deviation(facts: Facts, section: TextSection) -> Iterator[str]:
    yield from _write_problems(facts, section)
    planned = list(_write_measures(facts, section))
    if planned:
        yield "改进措施："
        yield from planned


WRITERS: Mapping[str, Callable[[Facts, TextSection], Iterator[str]]] = {
    "funding": _write_funding,
    "arrival": _write_arrival,
    "execution": _write_execution,
    "budget_change": _write_budget_change,
    "indicators": _write_indicators,
    "overall": _write_overall,
    "conclusion": _write_conclusion,
    "problems": _write_problems,
    "measures": _write_measures,
    "deviation": _write_deviation,
}
"""What writes each kind of draft that a scheme may ask for: paragraphs, none where the figures say nothing."""
