"""The tags of a department's report: it adds up, counts, ranks and averages what the review says of its projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import RATE_MEASURES, Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult, common_year
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.formatting import find_amount, format_amount, format_number, format_percent
from workbook_tools.reports.lost_points import Loss, LossSum, is_noticeable, list_losses, sum_losses
from workbook_tools.reports.tags import FormTag, group_tag, rows_tag
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.rules.library import PENDING
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.charts import BarChart
from workbook_tools.word.text import one_line

COMMON_FINDINGS = 10
"""So many of the most common findings are listed for a department."""
LARGEST_LOSSES = 10
"""So many of the indicators that lost most are listed, and of the categories."""
RANKED = 5
"""So many projects are listed from the top and from the bottom where there are more than twice as many."""
LISTED_PENDING = 10
"""So many projects that are left out are named."""
CHARTED_FROM = 3
"""A chart of fewer projects says no more than the table."""
UNSCORED, NO_RATE, NO_SCORE = "未得出等级", "无法计算", "没有得分"

Spread = dict[str, list[ProjectRow]]
"""Projects by the grade or band that they are in, in the order of the table."""
Groups = Mapping[tuple[str, ...], LossSum]
"""Points lost, by the names of dimension and category."""


# -- what the tags are filled from ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DepartmentFacts:
    """A department of a review's result; ``schemes`` are the result's, by digest."""

    result: ReviewResult
    department: str
    schemes: Mapping[str, Scheme]

    @cached_property
    def projects(self) -> list[ProjectRow]:
        """Its projects that came in."""
        return [project for project in self.result.projects if project.department == self.department]

    @cached_property
    def missing(self) -> list[MissingRow]:
        """Its projects that did not."""
        return [row for row in self.result.missing if row.department == self.department]

    @property
    def scored(self) -> list[ProjectRow]:
        """The projects with a total that counts."""
        return [project for project in self.projects if project.counted_total is not None]

    @property
    def pending(self) -> list[ProjectRow]:
        """The projects that are not complete: they count as submitted, and in no average, ranking or grade."""
        return [project for project in self.projects if project.pending]

    @property
    def rated(self) -> list[ProjectRow]:
        """The projects with an execution rate."""
        return [project for project in self.projects if project.execution_rate is not None]

    @property
    def totals(self) -> list[float]:
        """The totals that count."""
        return [project.counted_total for project in self.projects if project.counted_total is not None]

    def amounts(self, measure: Measure) -> list[float | None]:
        """An amount of each project, all sources together, in 万元."""
        return [find_amount(project, measure) for project in self.projects]

    def add_up(self, measure: Measure) -> float:
        """The amounts together, in 万元."""
        return sum(amount or 0 for amount in self.amounts(measure))

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Rank of each project that has a total that counts; equal totals share a rank, and the next ones follow after them all."""
        totals = {p.code: round(p.counted_total, SCORE_DECIMALS) for p in self.projects if p.counted_total is not None}
        first: dict[float, int] = {}
        for place, total in enumerate(sorted(totals.values(), reverse=True), 1):
            first.setdefault(total, place)
        return {code: first[total] for code, total in totals.items()}

    @cached_property
    def losses(self) -> list[Loss]:
        """What was scored, and what it lost, in the projects that are complete."""
        complete = [project for project in self.projects if not project.pending]
        return list(list_losses(self.result, complete, self.schemes))

    @cached_property
    def lost_by_dimension(self) -> Groups:
        """The points lost in each dimension."""
        return sum_losses(self.losses, lambda loss: (loss.dimension,))

    @property
    def lost_by_category(self) -> Groups:
        """The categories that lost most."""
        groups = sum_losses(self.losses, lambda loss: (loss.dimension, loss.category))
        ordered = sorted(groups.items(), key=lambda item: -item[1].lost)
        return {names: sums for names, sums in ordered[:LARGEST_LOSSES] if is_noticeable(sums.lost)}

    @property
    def largest_losses(self) -> list[Loss]:
        """The single indicators that lost most."""
        noticeable = (loss for loss in self.losses if is_noticeable(loss.lost))
        return sorted(noticeable, key=lambda loss: -loss.lost)[:LARGEST_LOSSES]


# -- how the projects spread ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpreadPart:
    """The projects of one grade or band, out of so many."""

    name: str
    members: Sequence[ProjectRow]
    out_of: int

    @property
    def share(self) -> str:
        """How many of all they are, in %."""
        return percent_text(len(self.members) / self.out_of) if self.out_of else ""

    def add_up(self, measure: Measure) -> str:
        """Their money, in 万元."""
        return number_text(sum(find_amount(project, measure) or 0 for project in self.members))


def _spread_by_grade(facts: DepartmentFacts) -> Spread:
    """Each grade of the schemes in use, from the best."""
    used = dict.fromkeys(project.scheme_digest for project in facts.projects)
    spread: Spread = {band.name: [] for digest in used for band in facts.schemes[digest].grading.bands}
    for project in facts.projects:
        spread.setdefault(project.final_grade or (PENDING if project.pending else UNSCORED), []).append(project)
    return spread


def _spread_by_execution(projects: Iterable[ProjectRow]) -> Spread:
    return _spread(projects, lambda project: project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS, NO_RATE)


def _spread_by_score(projects: Iterable[ProjectRow]) -> Spread:
    spread = _spread(projects, lambda project: project.counted_total, SCORE_BANDS, SCORE_DECIMALS, NO_SCORE)
    pending = [project for project in spread.get(NO_SCORE, []) if project.pending]
    if pending:
        others = [project for project in spread.pop(NO_SCORE) if not project.pending]
        spread |= {PENDING: pending} | ({NO_SCORE: others} if others else {})
    return spread


def _spread(
    projects: Iterable[ProjectRow],
    value: Callable[[ProjectRow], float | None],
    bands: tuple[Band, ...],
    decimals: int,
    without: str,
) -> Spread:
    """Every band, and those without a value where there are any."""
    spread: Spread = {band.label: [] for band in bands}
    for project in projects:
        band = Band.of(value(project), bands, decimals)
        spread.setdefault(band.label if band else without, []).append(project)
    return spread


def _list_parts(spread: Spread) -> list[SpreadPart]:
    total = sum(map(len, spread.values()))
    return [SpreadPart(name, members, total) for name, members in spread.items()]


# -- projects, findings, charts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list, with its rank if it has one."""

    number: int
    project: ProjectRow
    rank: int | None


def _list_projects(facts: DepartmentFacts, projects: Iterable[ProjectRow]) -> list[ProjectLine]:
    return [ProjectLine(number, p, facts.ranks.get(p.code)) for number, p in enumerate(projects, 1)]


def _format_line(line: ProjectLine, measure: Measure) -> str:
    return format_amount(line.project, measure)


def _format_total(project: ProjectRow) -> str:
    total = format_number(project.final_total) or "—"
    return f"{total}（{PENDING}）" if project.pending else total


def _format_grade(project: ProjectRow) -> str:
    return project.final_grade or (PENDING if project.pending else "—")


def _name_pending(facts: DepartmentFacts) -> str:
    """The projects that are left out, and why."""
    named = [f"{one_line(p.name)}（{p.pending_reason}）" for p in facts.pending[:LISTED_PENDING]]
    return "、".join(named) + ("等" if len(facts.pending) > LISTED_PENDING else "")


def _list_ranked(facts: DepartmentFacts) -> list[ProjectLine]:
    """The ranked projects from the best; of many only the first and the last."""
    ranked = sorted(facts.scored, key=lambda project: facts.ranks[project.code])
    if len(ranked) > 2 * RANKED:
        ranked = [*ranked[:RANKED], *ranked[-RANKED:]]
    return _list_projects(facts, ranked)


def _list_common_findings(facts: DepartmentFacts) -> list[list[Finding]]:
    """The errors and warnings found most often in the projects, those of a code together."""
    codes = {project.code for project in facts.projects}
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in facts.result.findings:
        own = finding.project_code in codes and not finding.code.startswith(Family.REVIEW)
        if own and finding.severity is not Severity.INFO and not finding.of_the_list:
            found[finding.code].append(finding)
    return sorted(found.values(), key=lambda rows: (-len(rows), rows[0].code))[:COMMON_FINDINGS]


def _name_finding(finding: Finding) -> str:
    return CODES[finding.code].title if finding.code in CODES else finding.message


def _chart_counts(title: str, spread: Spread) -> str:
    """A chart of how many projects are in each part; blank where there is too little to draw."""
    parts = _list_parts(spread)
    if sum(len(part.members) for part in parts) < CHARTED_FROM:
        return ""
    return BarChart(title, [(part.name, len(part.members)) for part in parts]).sign()


def _chart_losses(facts: DepartmentFacts) -> str:
    """A chart of what part of its points each dimension lost; blank likewise."""
    if len(facts.projects) < CHARTED_FROM or not facts.lost_by_dimension:
        return ""
    shares = [(names[-1], sums.share) for names, sums in facts.lost_by_dimension.items()]
    return BarChart("各一级指标的失分率", shares, percent=True, lying=True).sign()


# -- the tags ---------------------------------------------------------------------------------------------------------

_PART: tuple[FormTag[SpreadPart], ...] = (
    FormTag("名称", "等级，或分段", lambda part: part.name),
    FormTag("项目数", "其中的项目", lambda part: len(part.members)),
    FormTag("占比", "占全部项目的百分比", lambda part: part.share),
    FormTag("全年预算资金", "万元", lambda part: part.add_up(Measure.ANNUAL_BUDGET)),
    FormTag("全年执行资金", "万元", lambda part: part.add_up(Measure.EXECUTED)),
)
_PROJECT_LINE: tuple[FormTag[ProjectLine], ...] = (
    FormTag("序号", "从 1 起", lambda line: line.number),
    FormTag("名次", "总分相同的并列；没有总分的为“—”", lambda line: line.rank or "—"),
    FormTag("项目编码", "项目的编码", lambda line: one_line(line.project.code)),
    FormTag("项目名称", "项目的名称", lambda line: one_line(line.project.name)),
    FormTag("实施单位", "实施单位", lambda line: one_line(line.project.unit)),
    *(FormTag(m.label, "万元", partial(_format_line, measure=m)) for m in Measure if m not in RATE_MEASURES),
    FormTag("预算到位率", "百分比", lambda line: format_amount(line.project, Measure.ARRIVAL_RATE)),
    FormTag("预算执行率", "百分比", lambda line: format_percent(line.project.execution_rate)),
    FormTag("总分", "分；没有总分的为“—”，待更正的写明", lambda line: _format_total(line.project)),
    FormTag("等级", "没有等级的为“—”，填报不完整的为“待更正”", lambda line: _format_grade(line.project)),
    FormTag("错误数", "校验问题中错误的个数", lambda line: line.project.findings.error),
    FormTag("提醒数", "校验问题中提醒的个数，已说明的不算", lambda line: line.project.findings.unanswered),
)
_LOSS_SUM: tuple[FormTag[tuple[tuple[str, ...], LossSum]], ...] = (
    FormTag("一级指标", "一级指标", lambda group: one_line(group[0][0])),
    FormTag("名称", "一级指标，或二级指标", lambda group: one_line(group[0][-1])),
    FormTag("项目数", "有得分的项目", lambda group: len(group[1].projects)),
    FormTag("指标数", "有得分的指标", lambda group: group[1].indicators),
    FormTag("分值", "合计，分", lambda group: group[1].weight),
    FormTag("得分", "合计，分", lambda group: group[1].weight - group[1].lost),
    FormTag("失分", "合计，分", lambda group: group[1].lost),
    FormTag("失分率", "失分占分值的百分比", lambda group: percent_text(group[1].share)),
)
_LOSS: tuple[FormTag[Loss], ...] = (
    FormTag("项目名称", "项目的名称", lambda loss: one_line(loss.project.name)),
    FormTag("指标", "指标的名称", lambda loss: one_line(loss.indicator)),
    FormTag("目标值", "带符号和单位", lambda loss: loss.target),
    FormTag("业绩值", "完成值", lambda loss: loss.actual),
    FormTag("分值", "分", lambda loss: loss.weight),
    FormTag("失分", "分", lambda loss: loss.lost),
    FormTag("原因", "单位填写的原因；没有填的为“未说明”", lambda loss: one_line(loss.reason) or "未说明"),
)
_COMMON_FINDING: tuple[FormTag[list[Finding]], ...] = (
    FormTag("代号", "校验规则的代号", lambda rows: rows[0].code),
    FormTag("名称", "校验规则的情况", lambda rows: _name_finding(rows[0])),
    FormTag("性质", "错误，或提醒", lambda rows: rows[0].severity.label),
    FormTag("次数", "出现的次数", len),
    FormTag("项目数", "出现在几个项目", lambda rows: len({row.project_code for row in rows})),
)
_MISSING: tuple[FormTag[MissingRow], ...] = (
    FormTag("项目编码", "项目的编码", lambda row: one_line(row.code)),
    FormTag("项目名称", "项目的名称", lambda row: one_line(row.name)),
    FormTag("实施单位", "实施单位", lambda row: one_line(row.unit)),
    FormTag("原因", "未报送，或报送的文件不能采用的原因", lambda row: one_line(row.reason)),
)
_CHARTS: tuple[FormTag[DepartmentFacts], ...] = (
    FormTag("得分分布", "各得分段的项目数", lambda f: _chart_counts("各得分段的项目数", _spread_by_score(f.scored))),
    FormTag(
        "执行率分布",
        "各预算执行率段的项目数",
        lambda f: _chart_counts("各预算执行率段的项目数", _spread_by_execution(f.rated)),
    ),
    FormTag("失分", "各一级指标的失分率", _chart_losses),
)


def _divide_sums(facts: DepartmentFacts) -> str:
    """The execution rate of all projects together: the quotient of the two sums, as in 汇总."""
    budget = facts.add_up(Measure.ANNUAL_BUDGET)
    return percent_text(facts.add_up(Measure.EXECUTED) / budget) if budget else ""


DEPARTMENT_TAGS: tuple[FormTag[DepartmentFacts], ...] = (
    FormTag("部门", "主管部门", lambda f: one_line(f.department)),
    FormTag("年度", "评价年度", lambda f: str(common_year(f.projects, f.result.year))),
    FormTag("应报数", "清单内的项目", lambda f: len(f.projects) + len(f.missing), part="报送情况"),
    FormTag("已报数", "已报送的项目", lambda f: len(f.projects), part="报送情况"),
    FormTag("未报数", "未报送的项目", lambda f: len(f.missing)),
    FormTag("预算合计", "已报送项目全年预算资金的合计，万元", lambda f: number_text(f.add_up(Measure.ANNUAL_BUDGET))),
    FormTag("执行合计", "已报送项目全年执行资金的合计，万元", lambda f: number_text(f.add_up(Measure.EXECUTED))),
    FormTag("总执行率", "执行合计除以预算合计，百分比；预算合计为 0 时为空", _divide_sums),
    FormTag("未填执行数", "没有填写执行数的项目", lambda f: f.amounts(Measure.EXECUTED).count(None)),
    FormTag("有分数", "得出总分的项目", lambda f: len(f.totals)),
    FormTag("无分数", "没有得出总分的项目", lambda f: sum(project.final_total is None for project in f.projects)),
    FormTag("待更正数", "填报不完整的项目，不参加平均、排名、等级和失分的统计", lambda f: len(f.pending)),
    FormTag("待更正项目", f"其中前 {LISTED_PENDING} 个的名称和原因", _name_pending),
    FormTag(
        "平均分",
        "总分的平均，分；都没有总分时为空",
        lambda f: number_text(round(sum(f.totals) / len(f.totals), 2)) if f.totals else "",
    ),
    FormTag("最高分", "分；都没有总分时为空", lambda f: format_number(max(f.totals, default=None))),
    FormTag("最低分", "分；都没有总分时为空", lambda f: format_number(min(f.totals, default=None))),
    FormTag(
        "自扣合计",
        "已报送项目单位自扣分的合计，分；没有扣的为空",
        lambda f: format_number(sum(project.self_deduction or 0 for project in f.projects) or None),
    ),
    FormTag("核定数", "得分经财政部门核定的项目", lambda f: sum(project.reviewed for project in f.projects)),
    rows_tag("等级分布", "各等级的项目和资金", lambda f: _list_parts(_spread_by_grade(f)), _PART),
    rows_tag(
        "得分分布", "各得分段的项目和资金，分段与汇总表相同", lambda f: _list_parts(_spread_by_score(f.projects)), _PART
    ),
    rows_tag(
        "执行率分布",
        "各预算执行率段的项目和资金，分段与汇总表相同",
        lambda f: _list_parts(_spread_by_execution(f.projects)),
        _PART,
    ),
    rows_tag("项目表", "全部项目", lambda f: _list_projects(f, f.projects), _PROJECT_LINE, part="各项目自评结果表"),
    rows_tag(
        "排名",
        "按总分从高到低的项目；超过 `排名数` 的两倍时，只有最前、最后各 `排名数` 个",
        _list_ranked,
        _PROJECT_LINE,
    ),
    FormTag("排名数", str(RANKED), lambda _: RANKED),
    rows_tag("失分表", "各一级指标的失分", lambda f: f.lost_by_dimension.items(), _LOSS_SUM),
    rows_tag("类别失分", f"失分最多的 {LARGEST_LOSSES} 个二级指标", lambda f: f.lost_by_category.items(), _LOSS_SUM),
    rows_tag("失分最多", f"失分最多的 {LARGEST_LOSSES} 个指标", lambda f: f.largest_losses, _LOSS),
    rows_tag("共性问题", f"出现最多的 {COMMON_FINDINGS} 种校验问题", _list_common_findings, _COMMON_FINDING),
    rows_tag("未报送", "未报送的项目", lambda f: f.missing, _MISSING, part="未报送项目"),
    group_tag(
        "图",
        "图表，宽 15 厘米，黑白打印也清楚，放在正文里单独一段；在 Word、WPS 里可以改样子、改数据。"
        f"项目不足 {CHARTED_FROM} 个的不画，标签为空",
        _CHARTS,
    ),
)
"""Every tag of a department's form."""
