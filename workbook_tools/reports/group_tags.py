"""The tags that all reports on several projects share: they add up, count, rank and average what the review says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from workbook_tools.core.codes import CODES
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import LEAF_SOURCES, RATE_MEASURES, Measure
from workbook_tools.core.result_parts import ONE_WORKBOOK
from workbook_tools.core.review_result import MissingRow, ProjectRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.formatting import format_amount, format_number, format_percent
from workbook_tools.reports.group_drafts import GroupSection
from workbook_tools.reports.group_facts import (
    COMMON_FINDINGS,
    GroupFacts,
    share_text,
    spread_by_execution,
    spread_by_grade,
    spread_by_score,
)
from workbook_tools.reports.group_sums import (
    LARGEST_LOSSES,
    LISTED_PENDING,
    RANKED,
    FindingSum,
    OutcomeSum,
    Spread,
    SpreadSum,
)
from workbook_tools.reports.group_texts import print_text
from workbook_tools.reports.look_sums import tell_looks
from workbook_tools.reports.lost_points import Loss, LossSum
from workbook_tools.reports.phrases import Outcome
from workbook_tools.reports.tags import FormTag, group_tag, rows_tag
from workbook_tools.reports.year_drafts import YearChange, list_changes
from workbook_tools.results.bands import EXECUTION_BANDS, SCORE_BANDS, Band
from workbook_tools.results.two_years import RepeatedLoss
from workbook_tools.rules.library import PENDING
from workbook_tools.word.charts import BarChart
from workbook_tools.word.text import one_line

LONGEST_NAME = 16
"""So many characters of a department's name stand in the brief, whose page must not overflow."""
CHARTED_FROM = 3
"""A chart of fewer projects says no more than the table."""


@dataclass(frozen=True, slots=True)
class SpreadPart:
    """The projects of one grade or band, out of so many."""

    name: str
    sums: SpreadSum
    out_of: int

    @property
    def share(self) -> str:
        """How many of all they are, in %."""
        return share_text(self.sums.count, self.out_of)

    def add_up(self, measure: Measure) -> str:
        """Their money, in 万元."""
        return number_text(self.sums.money[measure])


def _list_parts(spread: Spread) -> list[SpreadPart]:
    total = sum(sums.count for sums in spread.values())
    return [SpreadPart(name, sums, total) for name, sums in spread.items()]


# -- projects, findings, charts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list, with its rank if it has one."""

    number: int
    project: ProjectRow
    rank: int | None


def _list_projects(facts: GroupFacts, projects: Iterable[ProjectRow]) -> list[ProjectLine]:
    several = len(facts.totals) > 1  # nobody is the first of one
    return [ProjectLine(number, p, facts.find_rank(p) if several else None) for number, p in enumerate(projects, 1)]


def _format_line(line: ProjectLine, measure: Measure) -> str:
    return format_amount(line.project, measure)


def _format_total(project: ProjectRow) -> str:
    total = format_number(project.final_total) or "—"
    return f"{total}（{PENDING}）" if project.pending else total


def _format_grade(project: ProjectRow) -> str:
    return project.final_grade or (PENDING if project.pending else "—")


def _name_pending(facts: GroupFacts) -> str:
    """The projects that are left out, and why."""
    pending = facts.sums.pending
    named = [f"{one_line(p.name)}（{p.pending_reason}）" for p in pending.first]
    return "、".join(named) + ("等" if pending.count > LISTED_PENDING else "")


def _name_finding(finding: Finding) -> str:
    return CODES[finding.code].title if finding.code in CODES else finding.message


def _chart_counts(title: str, spread: Spread, bands: Sequence[Band]) -> str:
    """A chart of how many projects are in each of the bands; blank where there is too little to draw."""
    counts = [(band.label, spread[band.label].count) for band in bands]
    return "" if sum(count for _, count in counts) < CHARTED_FROM else BarChart(title, counts).sign()


def _chart_losses(facts: GroupFacts) -> str:
    """A chart of what part of its points each dimension lost; blank likewise."""
    if facts.count < CHARTED_FROM or not facts.lost_by_dimension:
        return ""
    shares = [(name, sums.share) for name, sums in facts.lost_by_dimension.items()]
    return BarChart("各一级指标的失分率", shares, percent=True, lying=True).sign()


# -- the tags ---------------------------------------------------------------------------------------------------------

_PART: tuple[FormTag[SpreadPart], ...] = (
    FormTag("名称", "等级，或分段", lambda part: part.name),
    FormTag("项目数", "其中的项目", lambda part: part.sums.count),
    FormTag("占比", "占全部项目的百分比", lambda part: part.share),
    FormTag("全年预算资金", "万元", lambda part: part.add_up(Measure.ANNUAL_BUDGET)),
    FormTag("全年执行资金", "万元", lambda part: part.add_up(Measure.EXECUTED)),
)
_PROJECT_LINE: tuple[FormTag[ProjectLine], ...] = (
    FormTag("序号", "从 1 起", lambda line: line.number),
    FormTag("名次", "总分相同的并列；没有总分的、只有一个有总分的为“—”", lambda line: line.rank or "—"),
    FormTag("项目编码", "项目的编码", lambda line: one_line(line.project.code)),
    FormTag("项目名称", "项目的名称", lambda line: one_line(line.project.name)),
    FormTag("主管部门", "主管部门", lambda line: one_line(line.project.department)),
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
    FormTag("项目数", "有得分的项目", lambda group: group[1].projects),
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
_COMMON_FINDING: tuple[FormTag[FindingSum], ...] = (
    FormTag("代号", "校验规则的代号", lambda one: one.first.code),
    FormTag("名称", "校验规则的情况", lambda one: _name_finding(one.first)),
    FormTag("性质", "错误，或提醒", lambda one: one.first.severity.label),
    FormTag("次数", "出现的次数", lambda one: one.count),
    FormTag("项目数", "出现在几个项目", lambda one: one.projects),
)
_MISSING: tuple[FormTag[MissingRow], ...] = (
    FormTag("项目编码", "项目的编码", lambda row: one_line(row.code)),
    FormTag("项目名称", "项目的名称", lambda row: one_line(row.name)),
    FormTag("主管部门", "主管部门", lambda row: one_line(row.department)),
    FormTag("实施单位", "实施单位", lambda row: one_line(row.unit)),
    FormTag("原因", "未报送，或报送的文件不能采用的原因", lambda row: one_line(row.reason)),
)
_OUTCOME: tuple[FormTag[OutcomeSum], ...] = (
    FormTag("名称", "一级指标，最后一行是合计", lambda one: one_line(one.name)),
    FormTag("指标数", "指标的个数", lambda one: one.total),
    FormTag("达到数", "达到目标的，含超过目标的", lambda one: one.met),
    FormTag("超过数", "其中超过目标的", lambda one: one.count(Outcome.OVER)),
    FormTag("未达到数", "未达到目标的", lambda one: one.count(Outcome.SHORT)),
    FormTag("不明数", "没有填完成值，不能判断的", lambda one: one.count(Outcome.UNKNOWN)),
    FormTag("达标率", "达到目标的占能判断的，百分比", lambda one: share_text(one.met, one.judged)),
)
_DEPARTMENT: tuple[FormTag[GroupFacts], ...] = (
    FormTag("部门", "主管部门；“全部项目”是合计", lambda f: f.name),
    FormTag("部门简称", f"同上，超过 {LONGEST_NAME} 个字的截短", lambda f: shorten_name(f.name)),
    FormTag("应报数", "清单内的项目", lambda f: f.listed),
    FormTag("已报数", "已报送的项目", lambda f: f.count),
    FormTag("未报数", "未报送的项目", lambda f: f.missing),
    FormTag("报送率", "已报数占应报数，百分比", lambda f: share_text(f.count, f.listed)),
    FormTag("全年预算资金", "已报送项目的合计，万元", lambda f: _sum_money(f, Measure.ANNUAL_BUDGET)),
    FormTag("实际到位资金", "已报送项目的合计，万元", lambda f: _sum_money(f, Measure.RECEIVED)),
    FormTag("全年执行资金", "已报送项目的合计，万元", lambda f: _sum_money(f, Measure.EXECUTED)),
    FormTag("预算执行率", "执行除以预算，百分比；预算为 0 的为“—”", lambda f: format_percent(f.execution_rate) or "—"),
    FormTag("有分数", "得出总分的项目", lambda f: len(f.totals)),
    FormTag("待更正数", "填报不完整的项目", lambda f: f.sums.pending.count),
    FormTag("平均分", "总分的平均，分；都没有总分的为“—”", lambda f: _average(f) or "—"),
    FormTag("最高分", "分；都没有总分的为“—”", lambda f: format_number(max(f.totals, default=None)) or "—"),
    FormTag("最低分", "分；都没有总分的为“—”", lambda f: format_number(min(f.totals, default=None)) or "—"),
)  # fmt: skip
_CHANGE: tuple[FormTag[YearChange], ...] = (
    FormTag("名称", "全年预算资金、全年执行资金、预算执行率、平均得分", lambda one: one.name),
    FormTag("单位", "万元、分；执行率为空", lambda one: "" if one.unit == "%" else one.unit),
    FormTag("项目数", "可比的项目", lambda one: one.projects),
    FormTag("上年", "可比项目上年的合计、执行率或平均", lambda one: one.show(one.last) or "—"),
    FormTag("今年", "同样的项目今年的", lambda one: one.show(one.now) or "—"),
    FormTag("增减", "今年减上年，带正负号；执行率写“个百分点”", lambda one: one.shown_difference or "—"),
)
_REPEATED: tuple[FormTag[RepeatedLoss], ...] = (
    FormTag("项目名称", "项目的名称", lambda one: one_line(one.project.name)),
    FormTag("指标", "指标的名称", lambda one: one_line(one.indicator)),
    FormTag("上年完成值", "上年的业绩值", lambda one: one.last.actual),
    FormTag("上年失分", "分", lambda one: format_number(one.last.lost)),
    FormTag("今年完成值", "今年的业绩值", lambda one: one.now.actual),
    FormTag("今年失分", "分", lambda one: format_number(one.now.lost)),
    FormTag("原因", "单位今年填写的原因；没有填的为“未说明”", lambda one: one_line(one.reason) or "未说明"),
)
_CHARTS: tuple[FormTag[GroupFacts], ...] = (
    FormTag(
        "得分分布", "各得分段的项目数", lambda f: _chart_counts("各得分段的项目数", spread_by_score(f), SCORE_BANDS)
    ),
    FormTag(
        "执行率分布",
        "各预算执行率段的项目数",
        lambda f: _chart_counts("各预算执行率段的项目数", spread_by_execution(f), EXECUTION_BANDS),
    ),
    FormTag("失分", "各一级指标的失分率", _chart_losses),
)


def _sum_money(facts: GroupFacts, measure: Measure) -> str:
    """The projects' amounts together; of no projects there is none."""
    return number_text(facts.add_up(measure)) if facts.count else "—"


def _list_outcomes(facts: GroupFacts) -> list[OutcomeSum]:
    sums = list(facts.outcomes.values())
    whole = OutcomeSum.of_all(sums)
    return ([*sums, whole] if len(sums) > 1 else sums) if whole.judged else []


def shorten_name(name: str) -> str:
    """A name that fits a narrow cell."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _average(facts: GroupFacts) -> str:
    return "" if facts.mean is None else _shorten(facts.mean)


def _shorten(points: float) -> str:
    """Points with two decimals at most, rounded as 汇总 shows them."""
    return number_text(float(number_text(points, 2)))


def _say_sources(facts: GroupFacts) -> str:
    """Where the budget comes from, if from more than one place."""
    sums = {source: facts.add_up(Measure.ANNUAL_BUDGET, source) for source in LEAF_SOURCES}
    parts = [f"{source.label}{number_text(amount)}万元" for source, amount in sums.items() if amount]
    return "、".join(parts) if len(parts) > 1 else ""


def _list_names(facts: GroupFacts) -> str:
    """The single project's name, where there is one only."""
    return "" if facts.several else one_line(facts.sums.only)


GROUP_TAGS: tuple[FormTag[GroupFacts], ...] = (
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag(
        "组织单位",
        "组织自评的单位，即 wbt.toml 中的 authority；没有写的为空",
        lambda f: one_line(f.campaign.parts.head.authority),
    ),
    FormTag("公开版", "是公开版，用在条件里：只汇总公开的项目，没有项目编码", lambda f: f.campaign.public),
    FormTag("应报数", "清单内的项目；公开版里是公开的项目", lambda f: f.listed, part="报送情况"),
    FormTag("已报数", "已报送的项目", lambda f: f.count, part="报送情况"),
    FormTag("未报数", "未报送的项目", lambda f: f.missing),
    FormTag("唯一项目", "只报送了一个项目的，这个项目的名称；不止一个的为空，用在条件里", _list_names),
    FormTag("预算合计", "已报送项目全年预算资金的合计，万元", lambda f: number_text(f.add_up(Measure.ANNUAL_BUDGET))),
    FormTag("资金来源", "预算合计分来源的金额，用在句子里；只有一个来源的为空", _say_sources),
    FormTag("到位合计", "已报送项目实际到位资金的合计，万元", lambda f: number_text(f.add_up(Measure.RECEIVED))),
    FormTag("执行合计", "已报送项目全年执行资金的合计，万元", lambda f: number_text(f.add_up(Measure.EXECUTED))),
    FormTag("结余合计", "已报送项目资金结余的合计，万元", lambda f: number_text(f.add_up(Measure.BALANCE))),
    FormTag(
        "总执行率", "执行合计除以预算合计，百分比；预算合计为 0 时为空", lambda f: format_percent(f.execution_rate)
    ),
    FormTag("未填预算数", "没有填写预算数的项目", lambda f: f.count_blank(Measure.ANNUAL_BUDGET)),
    FormTag("未填到位数", "没有填写到位数的项目", lambda f: f.count_blank(Measure.RECEIVED)),
    FormTag("未填执行数", "没有填写执行数的项目", lambda f: f.count_blank(Measure.EXECUTED)),
    FormTag("有分数", "得出总分的项目", lambda f: len(f.totals)),
    FormTag("无分数", "没有得出总分的项目", lambda f: f.sums.unscored.count),
    FormTag("待更正数", "填报不完整的项目，不参加平均、排名、等级和失分的统计", lambda f: f.sums.pending.count),
    FormTag("待更正项目", f"其中前 {LISTED_PENDING} 个的名称和原因", _name_pending),
    FormTag("平均分", "总分的平均，分；都没有总分时为空", _average),
    FormTag("最高分", "分；都没有总分时为空", lambda f: format_number(max(f.totals, default=None))),
    FormTag("最低分", "分；都没有总分时为空", lambda f: format_number(min(f.totals, default=None))),
    FormTag(
        "等级",
        "只有一个项目得出总分的，它的等级；其余为空",
        lambda f: f.sums.grade if len(f.totals) == 1 else "",
    ),
    FormTag(
        "自扣合计",
        "已报送项目单位自扣分的合计，分；没有扣的为空",
        lambda f: format_number(f.sums.self_deduction or None),
    ),
    FormTag("核定数", "得分经财政部门核定的项目", lambda f: f.sums.reviewed),
    FormTag(
        "复核情况",
        "抽查复核了几个，自评、复核平均得分，几个低于、高于自评，自评工作质量；没有复核的为空",
        lambda f: tell_looks(f.sums.looked),
    ),
    rows_tag(
        "指标完成", "各一级指标达到目标的情况；都不能判断时为空", _list_outcomes, _OUTCOME, part="绩效目标完成情况"
    ),
    rows_tag("等级分布", "各等级的项目和资金", lambda f: _list_parts(spread_by_grade(f)), _PART),
    rows_tag("得分分布", "各得分段的项目和资金，分段与汇总表相同", lambda f: _list_parts(spread_by_score(f)), _PART),
    rows_tag(
        "执行率分布",
        "各预算执行率段的项目和资金，分段与汇总表相同",
        lambda f: _list_parts(spread_by_execution(f)),
        _PART,
    ),
    rows_tag(
        "项目表",
        f"全部项目；各部门合起来超过 {ONE_WORKBOOK:,} 个的为空，各部门的报告里有",
        lambda f: _list_projects(f, f.projects),
        _PROJECT_LINE,
        part="各项目自评结果表",
    ),
    rows_tag(
        "排名",
        "按总分从高到低的项目；超过 `排名数` 的两倍时，只有最前、最后各 `排名数` 个",
        lambda f: _list_projects(f, f.ranked),
        _PROJECT_LINE,
    ),
    FormTag("排名数", str(RANKED), lambda _: RANKED),
    rows_tag(
        "失分表", "各一级指标的失分", lambda f: [((name,), one) for name, one in f.lost_by_dimension.items()], _LOSS_SUM
    ),
    rows_tag("类别失分", f"失分最多的 {LARGEST_LOSSES} 个二级指标", lambda f: f.lost_by_category.items(), _LOSS_SUM),
    rows_tag("失分最多", f"失分最多的 {LARGEST_LOSSES} 个指标", lambda f: f.sums.largest, _LOSS),
    FormTag(
        "上年年度",
        "与哪一年比较；wbt.toml 没有写明 last_year 的为空，用在条件里",
        lambda f: str(f.campaign.parts.head.compared_with or ""),
    ),
    rows_tag(
        "上年对比",
        "可比项目两年的资金、执行率和平均得分；没有可比的为空",
        lambda f: list_changes(f.sums.years_apart),
        _CHANGE,
    ),
    rows_tag(
        "连续失分", f"两年都失分的指标，今年失分最多的 {LARGEST_LOSSES} 个", lambda f: f.sums.repeated.first, _REPEATED
    ),
    rows_tag("共性问题", f"出现最多的 {COMMON_FINDINGS} 种校验问题", lambda f: f.common_findings, _COMMON_FINDING),
    rows_tag("未报送", "未报送的项目；同“项目表”，太多的为空", lambda f: f.missing_rows, _MISSING, part="未报送项目"),
    group_tag(
        "图",
        "图表，宽 15 厘米，黑白打印也清楚，放在正文里单独一段；在 Word、WPS 里可以改样子、改数据。"
        f"项目不足 {CHARTED_FROM} 个的不画，标签为空",
        _CHARTS,
    ),
)
"""What every report on several projects may print."""


def text_tags(sections: Sequence[GroupSection]) -> FormTag[GroupFacts]:
    """The tags of the texts that are drafted for a report."""
    inner = tuple(
        FormTag(
            section.label, "起草的文字，由人核对、修改；数据里没有可说的时为空", partial(print_text, section=section)
        )
        for section in sections
    )
    return group_tag("正文", "根据填报数据起草的文字，见使用手册“草稿”", inner, part="起草的文字")


def departments_tag(name: str, meaning: str, rows: Callable[[GroupFacts], Iterable[GroupFacts]]) -> FormTag[GroupFacts]:
    """Rows that set departments beside each other."""
    return rows_tag(name, meaning, rows, _DEPARTMENT)
