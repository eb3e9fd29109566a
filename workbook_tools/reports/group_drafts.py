"""Drafts (草稿) of the reports on several projects: what the figures add up to, in sentences that an officer edits.

As the drafts of a project they only say what the result holds, and nothing where it holds nothing. Reasons and measures are
the units' own words. What is to be done is proposed for what was found, and marked as a draft until somebody has accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.codes import CODES
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.group_facts import GroupFacts, rank_highest
from workbook_tools.reports.group_sums import EXAMPLES, NAMED, CauseSum, Few, FindingSum, KindSum, OutcomeSum
from workbook_tools.reports.phrases import (
    Outcome,
    number_lines,
    say_distance,
    say_points,
    say_values,
)
from workbook_tools.reports.reason_kinds import KINDS, OTHER
from workbook_tools.reports.year_drafts import write_change
from workbook_tools.results.bands import EXECUTION_BANDS, SCORE_BANDS
from workbook_tools.word.text import one_line

_BRIEF_POINTS = ("一是", "二是", "三是")
"""So many problems, and so many proposals, stand in the one-page brief, in one paragraph."""
_BRIEF_EXAMPLES = 2
"""So many kinds of findings are named in it."""
_LOWEST_RATE, _LOWEST_SCORE = EXECUTION_BANDS[-1].label, SCORE_BANDS[-1].label


@dataclass(frozen=True, slots=True)
class GroupSection:
    """A drafted part of a report on several projects."""

    key: str
    """What acceptances call it."""
    label: str
    """What people call it, and its tag in a form."""
    write: Callable[[GroupFacts], Iterator[str]]
    """Its paragraphs; none where the figures say nothing."""


# -- what was achieved ------------------------------------------------------------------------------------------------


def _write_achievement(facts: GroupFacts) -> Iterator[str]:
    whole = OutcomeSum.of_all(facts.outcomes.values())
    if not whole.judged:
        return
    yield f"{'共' if facts.several else ''}设绩效指标{whole.total}项，{_say_outcomes(whole)}。"
    if len(facts.outcomes) > 1:
        yield f"其中：{'；'.join(f'{one_line(one.name)}{one.total}项，{_say_outcomes(one)}' for one in facts.outcomes.values())}。"
    if whole.short:
        named = [
            f"{_name_of(facts, project)}“{one_line(row.name)}”（{say_values(row)}{say_distance(row, Outcome.SHORT)}）"
            for project, row in whole.short
        ]
        yield f"没有达到目标的{'主要' if whole.count(Outcome.SHORT) > NAMED else ''}是：{'；'.join(named)}。"


def _say_outcomes(one: OutcomeSum) -> str:
    if one.met == one.total:
        return "全部达到目标" if one.total > 1 else "达到目标"
    counts = (
        ("达到目标", one.met),
        ("未达到目标", one.count(Outcome.SHORT)),
        ("不能判断是否达到目标", one.count(Outcome.UNKNOWN)),
    )
    return "，".join(f"{words}{count}项" for words, count in counts if count)


def _name_of(facts: GroupFacts, project: str) -> str:
    """Which project, where there are several."""
    return one_line(project) if facts.several else ""


# -- why points were lost ---------------------------------------------------------------------------------------------


def _write_reasons(facts: GroupFacts) -> Iterator[str]:
    lost, kinds = facts.sums.lost, facts.sums.kinds
    if not lost.indicators:
        return
    where = f"，涉及{lost.projects}个项目" if facts.several else ""
    yield f"失分的指标（含预算执行率）{lost.indicators}项{where}，共失{say_points(lost.lost)}。按单位填报的原因归纳："
    known = [kind for kind in (*(kind.name for kind in KINDS), OTHER) if kind in kinds]
    ordered = sorted(known, key=lambda kind: -round(kinds[kind].lost, 6))
    lines = [_say_kind(facts, kind, kinds[kind]) for kind in ordered]
    if unexplained := kinds.get(""):
        lines.append(f"没有说明原因的{unexplained.count}项，失{say_points(unexplained.lost)}。")
    yield from number_lines(lines)
    if (without := facts.sums.without_score).indicators:
        yield f"另有{without.indicators}项指标没有得出得分，分值共{say_points(without.weight)}。"


def _say_kind(facts: GroupFacts, name: str, kind: KindSum) -> str:
    """A kind of reasons: how many points, and the reasons that cost most, each once with what it cost."""
    largest = sorted(kind.causes.items(), key=lambda item: -round(item[1].lost, 6))[:EXAMPLES]
    which = "主要是：" if len(kind.causes) > EXAMPLES else ""
    examples = "；".join(f"{_name_losses(facts, own)}，原因是{cause}" for cause, own in largest)
    return f"{name}{kind.count}项，失{say_points(kind.lost)}。{which}{examples}。"


def _name_losses(facts: GroupFacts, cause: CauseSum) -> str:
    named = [
        f"{_name_of(facts, one.project.name)}“{one_line(one.indicator)}”失{say_points(one.lost)}"
        for one in cause.largest
    ]
    return "、".join(named) + (f"等{cause.count}项" if cause.count > EXAMPLES else "")


# -- problems and proposals -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Troubles:
    """What a report has to speak of: problems name it, proposals follow from it."""

    facts: GroupFacts

    @property
    def several(self) -> bool:
        """There is more than one project, so that it must be said which."""
        return self.facts.several

    @property
    def unexplained(self) -> int:
        """How many losses have no reason."""
        unexplained = self.facts.sums.kinds.get("")
        return unexplained.count if unexplained else 0

    @property
    def worst(self) -> tuple[str, float] | None:
        """The dimension that lost the largest part of its points, and what part, where several have points."""
        groups = self.facts.lost_by_dimension
        if not self.facts.sums.lost.indicators or len(groups) < 2:
            return None
        name, sums = max(groups.items(), key=lambda item: item[1].share)
        return one_line(name), sums.share

    def count(self, projects: Few[ProjectRow]) -> str:
        """How many they are; a single project is simply meant."""
        return f"{projects.count}个项目" if self.several else "该项目"

    def name(self, projects: Few[ProjectRow], named: int, say: Callable[[ProjectRow], str] | None = None) -> str:
        """：甲（50%）、乙（40%）等. Of a single project only the figure is told."""
        if not self.several:
            return f"，为{say(projects.first[0])}" if say else ""
        if not named:
            return ""
        names = [one_line(p.name) + (f"（{say(p)}）" if say else "") for p in projects.first[:named]]
        return f"：{'、'.join(names)}{'等' if projects.count > named else ''}"


def _write_problems(facts: GroupFacts) -> Iterator[str]:
    yield from number_lines(list(_list_problems(_Troubles(facts), NAMED)))


def _list_problems(found: _Troubles, named: int) -> Iterator[str]:
    """What is wrong with the projects, each in a sentence; ``named`` projects at most are named."""
    facts, sums = found.facts, found.facts.sums
    if facts.missing:
        yield f"{facts.missing}个项目没有报送。"
    if sums.pending.count:
        yield f"{found.count(sums.pending)}填报不完整，没有评价等级{found.name(sums.pending, named)}。"
    if sums.unscored.count:
        yield f"{found.count(sums.unscored)}没有得出总分{found.name(sums.unscored, named)}。"
    if sums.unspent.count:
        yield f"{found.count(sums.unspent)}没有填报全年执行资金{found.name(sums.unspent, named)}。"
    if (slow := sums.slow).count:
        yield f"{found.count(slow)}预算执行率{_LOWEST_RATE}{found.name(slow, named, _say_rate)}。"
    if (low := sums.low).count:
        yield f"{found.count(low)}总分{_LOWEST_SCORE}{found.name(low, named, _say_total)}。"
    if worst := found.worst:
        yield f"失分率最高的是{worst[0]}，为{percent_text(worst[1])}。"
    if found.unexplained:
        yield f"失分的指标中有{found.unexplained}项没有说明原因。"
    common = facts.common_findings[: (named or _BRIEF_EXAMPLES) if found.several else None]
    if common:
        kinds = [f"“{_title(one)}”（{_count_found(one, found.several)}）" for one in common]
        yield f"审核中{'较多的' if found.several else '发现的'}问题：{'、'.join(kinds)}。"


def _count_found(one: FindingSum, several: bool) -> str:
    return f"{one.projects}个项目" if several else f"{one.count}处"


def _title(one: FindingSum) -> str:
    return CODES[one.first.code].title if one.first.code in CODES else one_line(one.first.message)


def _say_rate(project: ProjectRow) -> str:
    return percent_text(project.execution_rate or 0)


def _say_total(project: ProjectRow) -> str:
    return say_points(project.counted_total or 0)


def _write_suggestions(facts: GroupFacts) -> Iterator[str]:
    yield from number_lines([*_list_suggestions(_Troubles(facts)), *_list_measures(facts)])


def _list_suggestions(found: _Troubles, *, brief: bool = False) -> Iterator[str]:
    """What is proposed for each of the problems; in fewer words for the ``brief``."""
    facts, sums, several = found.facts, found.facts.sums, found.several
    if facts.missing:
        yield f"督促有关单位尽快补报未报送的{facts.missing}个项目。"
    if sums.pending.count:
        what = f"填报不完整的{sums.pending.count}个项目" if several else "该项目没有填完的内容"
        yield f"请有关单位补全{what}，按更正后的材料重新评分。"
    if sums.unscored.count:
        yield f"请有关单位补报{'没有得出总分的' if several else ''}{found.count(sums.unscored)}的绩效指标自评情况。"
    if (slow := sums.slow).count:
        then = "" if brief else "；确实用不完的资金，按规定调整或收回"
        yield f"加强预算执行管理，查明{found.count(slow)}预算执行率{_LOWEST_RATE}的原因{then}。"
    if (low := sums.low).count:
        what = f"总分{_LOWEST_SCORE}的{low.count}个项目" if several else "该项目"
        yield f"安排下一年度预算时，重点审核{what}。"
    if worst := found.worst:
        then = "" if brief else "，完善下一年度的绩效目标和管理措施"
        yield f"对失分率最高的{worst[0]}，逐项分析没有完成的原因{then}。"
    if found.unexplained:
        yield f"请有关单位对没有说明原因的{found.unexplained}项失分指标补充说明原因和改进措施。"
    if common := facts.common_findings[: _BRIEF_EXAMPLES if brief else EXAMPLES]:
        titles = "".join(f"“{_title(one)}”" for one in common)
        more = "等" if len(facts.common_findings) > 1 else ""
        then = "" if brief else "；布置下一年度自评时讲清填报要求"
        yield f"对{titles}{more}问题，组织有关单位逐项更正{then}。"


def _list_measures(facts: GroupFacts) -> Iterator[str]:
    """The measures that the units have announced, in their words."""
    quoted = []
    for text, names in list(facts.sums.measures.items())[:NAMED]:
        named = "、".join(f"{_name_of(facts, project)}“{name}”" for project, name in names.first)
        quoted.append(f"{named}{'等' if names.count > EXAMPLES else ''}：{text}")
    if quoted:
        yield f"督促有关单位落实已提出的改进措施。{'；'.join(quoted)}。"


# -- beside the other departments -------------------------------------------------------------------------------------


def _write_comparison(facts: GroupFacts) -> Iterator[str]:
    """A department beside all projects of the county."""
    campaign = facts.campaign
    means = {one.name: float(number_text(one.mean, 2)) for one in campaign.departments if one.mean is not None}
    whole, parts = campaign.whole, []
    if facts.mean is not None and whole.mean is not None and len(means) > 1:
        rank, own = rank_highest(means)[facts.name], means[facts.name]
        tied = "并列" if list(means.values()).count(own) > 1 else ""
        parts.append(
            f"平均得分在有总分的{len(means)}个主管部门中{tied}居第{rank}位，{_compare(own, float(number_text(whole.mean, 2)), '分', '全部项目的平均分')}"
        )
    if facts.execution_rate is not None and whole.execution_rate is not None and len(campaign.departments) > 1:
        own, all_ = (round(float(percent_text(rate)[:-1]), 2) for rate in (facts.execution_rate, whole.execution_rate))
        parts.append(
            f"总预算执行率{number_text(own)}%，{_compare(own, all_, '个百分点', f'全部项目的{number_text(all_)}%')}"
        )
    if parts:
        yield f"{'；'.join(parts)}。"


def _compare(own: float, other: float, unit: str, what: str) -> str:
    if own == other:
        return f"与{what}相同"
    return f"比{what}{'高' if own > other else '低'}{number_text(abs(own - other))}{unit}"


def _write_departments(facts: GroupFacts) -> Iterator[str]:
    """The departments of the county beside each other."""
    departments = facts.campaign.departments
    if len(departments) < 2:
        return
    parts = []
    means = {one.name: float(number_text(one.mean, 2)) for one in departments if one.mean is not None}
    if len(set(means.values())) > 1:
        parts.append(f"平均得分最高的是{_name_ends(means, max)}，最低的是{_name_ends(means, min)}")
    rates = {one.name: one.execution_rate for one in departments if one.execution_rate is not None}
    if len(set(rates.values())) > 1:
        lowest = min(rates.values())
        names = "、".join(name for name, rate in rates.items() if rate == lowest)
        parts.append(f"总预算执行率最低的是{names}，为{percent_text(lowest)}")
    absent = {one.name: one.missing for one in departments if one.missing}
    if absent:
        most = max(absent.values())
        names = "、".join([name for name, count in absent.items() if count == most][:NAMED])
        parts.append(f"未报送项目最多的是{names}，{most}个" if len(absent) > 1 else f"未报送的项目都在{names}")
    if parts:
        yield f"各主管部门中，{'；'.join(parts)}。"


def _name_ends(means: Mapping[str, float], end: Callable[[Sequence[float]], float]) -> str:
    figure = end(list(means.values()))
    names = [name for name, mean in means.items() if mean == figure]
    return f"{'、'.join(names[:NAMED])}{'等' if len(names) > NAMED else ''}（{number_text(figure)}分）"


# -- the brief --------------------------------------------------------------------------------------------------------


def _write_brief_problems(facts: GroupFacts) -> Iterator[str]:
    yield from _join_points(_list_problems(_Troubles(facts), 0))


def _write_brief_suggestions(facts: GroupFacts) -> Iterator[str]:
    yield from _join_points(_list_suggestions(_Troubles(facts), brief=True))


def _join_points(lines: Iterator[str]) -> Iterator[str]:
    """一是…。二是…。三是…。 A single one needs no number."""
    listed = list(lines)[: len(_BRIEF_POINTS)]
    if len(listed) == 1:
        yield listed[0]
    elif listed:
        yield "".join(f"{number}{line}" for number, line in zip(_BRIEF_POINTS, listed, strict=False))


_CHANGE = GroupSection("change", "与上年比较", write_change)
_ACHIEVEMENT = GroupSection("achievement", "目标完成情况", _write_achievement)
_LAST = (
    GroupSection("reasons", "失分原因", _write_reasons),
    GroupSection("main_problems", "主要问题", _write_problems),
    GroupSection("proposals", "工作建议", _write_suggestions),
)
DEPARTMENT_SECTIONS = (_ACHIEVEMENT, GroupSection("comparison", "部门比较", _write_comparison), _CHANGE, *_LAST)
WHOLE_SECTIONS = (_ACHIEVEMENT, GroupSection("comparison", "部门比较", _write_departments), _CHANGE, *_LAST)
BRIEF_SECTIONS = (
    GroupSection("brief_problems", "简报问题", _write_brief_problems),
    GroupSection("brief_proposals", "简报建议", _write_brief_suggestions),
)
