"""The tags of a project's report. Scores, totals and grades are printed as the review gave them, or as finance changed them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from workbook_tools.core.labels import FURTHER_COLUMNS, CellContent, IndicatorColumn
from workbook_tools.core.model import RATE_MEASURES, Direction, FundingSource, Measure
from workbook_tools.core.review_result import EXECUTION, Decision, IndicatorRow, ProjectRow
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.acceptance import Acceptances, Draft, find_project_drafts, print_draft
from workbook_tools.reports.drafts import Facts
from workbook_tools.reports.formatting import (
    BLANK,
    MISSING_GRADE,
    NOT_COMPUTABLE,
    format_amount,
    format_number,
    format_percent,
)
from workbook_tools.reports.tags import FormTag, fill_rows, group_tag, keyed_tag, rows_tag
from workbook_tools.rules.scheme import FundingRow, TextSection
from workbook_tools.word.text import ABOVE, TagGroup, one_line, paragraphs

_PLAIN_FUNDING_ROWS = tuple(
    FundingRow(source=source, label=source.label)
    for source in (FundingSource.TOTAL, FundingSource.FISCAL_SUBTOTAL, FundingSource.CARRIED_OVER, FundingSource.OTHER)
)
"""The funding rows above a 自评表 whose scheme has no funding block."""


# -- what the tags are filled from ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProjectFacts(Facts):
    """What the drafts are written from, and which of them somebody has accepted."""

    accepted: Acceptances | None = None
    """Without it there are no drafts in the report."""

    @cached_property
    def texts(self) -> dict[str, str]:
        """Each narrative section by its key: as written, as drafted, or marked as missing if it is required."""
        # The approved goals stand in for a goal that nobody typed again.
        approved = {s.key: str(getattr(self.project, s.approved)) for s in self.scheme.texts if s.approved}
        written = {
            section.key: paragraphs(self.project.texts.get(section.key, ""))
            or paragraphs(approved.get(section.key, ""))
            or (BLANK if section.required else "")
            for section in self.scheme.texts
        }
        return written | self._drafts()

    def _drafts(self) -> dict[str, str]:
        """The drafts for sections that were left blank, marked as such unless somebody has accepted them."""
        return {d.section: print_draft(d, self.accepted) for d in self.drafts} if self.accepted else {}

    @cached_property
    def drafts(self) -> list[Draft]:
        """What is drafted for the project, with what an officer wrote in its place."""
        return list(find_project_drafts(self, self.accepted)) if self.accepted else []

    def groups_of_texts(self, sheet: str) -> list[TextGroup]:
        """The sections that stand on this sheet, by their groups; a section without a group is one of its own."""
        groups: dict[str, list[TextSection]] = {}
        for section in self.scheme.texts:
            if section.sheet == sheet:
                groups.setdefault(section.group or section.label, []).append(section)
        return [TextGroup(title, sections, self.texts) for title, sections in groups.items()]

    @cached_property
    def execution_lines(self) -> list[IndicatorLine]:
        """The execution rate as a row of the indicator table; none if the scheme gives it no points."""
        project, row = self.project, self.scheme.form.execution_row
        if not project.execution_weight:
            return []
        rate = IndicatorRow(
            project_code=project.code,
            dimension=row.dimension if row else EXECUTION,
            category=row.category if row else EXECUTION,
            name=row.name if row else Measure.EXECUTION_RATE.label,
            direction=Direction.AT_LEAST,
            weight=project.execution_weight,
            target_text=percent_text(1),
            actual_text=format_percent(project.execution_rate),
            completion=project.execution_rate,
            score=project.final_execution_score,
            deviation_reason=project.execution_reason,
        )
        return [IndicatorLine(rate, rate.dimension, project.execution_weight)]

    @cached_property
    def indicator_lines(self) -> dict[str, list[IndicatorLine]]:
        """Rows of the indicator table by dimension, in the scheme's order; unknown dimensions come last."""
        scheme, weights = self.scheme, self.project.weights
        groups: dict[str, list[IndicatorLine]] = {d.name: [] for d in scheme.dimensions}
        for row in self.indicators:
            known = scheme.dimension(row.dimension)
            dimension = known.name if known else row.dimension
            group = groups.setdefault(dimension, [])
            above = group[-1].row if group else None
            group.append(IndicatorLine(row, dimension, weights.get(dimension), row.direction.symbol, above))
        return groups

    @property
    def all_indicator_lines(self) -> list[IndicatorLine]:
        """Those of every dimension."""
        return [line for group in self.indicator_lines.values() for line in group]

    @property
    def points(self) -> Iterator[tuple[str, float, float | None]]:
        """Name, weight and score of the execution rate, of each dimension, and of all together."""
        project = self.project
        if project.execution_weight:
            yield EXECUTION, project.execution_weight, project.final_execution_score
        for name, weight in project.weights.items():
            yield name, weight, project.final_scores.get(name)
        yield "合计", self.scheme.weights.total, project.final_total


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Narrative sections under one heading."""

    title: str
    sections: Sequence[TextSection]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """A row of the indicator table."""

    row: IndicatorRow
    dimension: str
    """As the scheme calls it."""
    dimension_weight: float | None
    sign: str = ""
    above: IndicatorRow | None = None
    """The row above of the same dimension."""


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A row of the funding block of 自评表; the points stand in its first row only."""

    project: ProjectRow
    row: FundingRow
    first: bool


def _list_brief_lines(facts: ProjectFacts) -> Iterator[BriefLine]:
    block = facts.scheme.form.funding
    for place, row in enumerate(block.rows if block else _PLAIN_FUNDING_ROWS):
        yield BriefLine(facts.project, row, first=not place)


def _say_unit(measure: Measure) -> str:
    return "百分比" if measure in RATE_MEASURES else "万元"


def _format_source(line: tuple[ProjectRow, Measure], source: FundingSource) -> str:
    return format_amount(*line, source)


def _format_line(line: BriefLine, measure: Measure) -> str:
    return format_amount(line.project, measure, line.row.source)


def _format_total(facts: ProjectFacts, measure: Measure) -> str:
    """A total for a sentence, where a blank would leave a hole."""
    return format_amount(facts.project, measure) or (NOT_COMPUTABLE if measure in RATE_MEASURES else BLANK)


def _explain_review(project: ProjectRow, indicators: Iterable[IndicatorRow]) -> str:
    """Which points finance has changed, and why; nothing where it changed none."""
    if not project.reviewed:
        return ""
    named: list[tuple[str, float | None, Decision]] = [(row.name, row.score, row) for row in indicators]
    if project.execution_weight:
        named.insert(0, (Measure.EXECUTION_RATE.label, project.execution_score, project.execution_review))
    changes = [
        f"{one_line(name)}{_say_computed(score)}，核定{format_number(decision.reviewed_score)}分（{one_line(decision.review_reason)}）"
        for name, score, decision in named
        if decision.reviewed_score is not None
    ]
    total = f"总分{_say_computed(project.total_score)}，核定后{format_number(project.final_total)}分"
    return f"注：本报告的得分经财政部门核定。{'；'.join(changes)}；{total}。"


def _tell_second_look(project: ProjectRow) -> str:
    """What a reviewer found of the project (复核); nothing where nobody has looked at it again."""
    look = project.second_look
    if look is None:
        return ""
    whose = "，".join(filter(None, (one_line(look.by), one_line(look.at))))
    scores = [f"自评{_say_points(look.self_total)}", f"复核{_say_points(look.total)}"]
    scores += [f"复核等级“{look.grade}”"] if look.grade else []
    scores += [f"{look.differing}处得分不同" if look.differing else "各项得分没有不同"]
    if look.quality is not None:
        scores.append(f"自评工作质量得{format_number(look.quality)}分（满分{format_number(look.quality_points)}分）")
    told = f"复核结论：{one_line(look.conclusion).rstrip('。')}。" if look.conclusion else ""
    return f"本项目经抽查复核{f'（{whose}）' if whose else ''}：{'，'.join(scores)}。{told}复核不改变本报告的得分。"


def _say_points(points: float | None) -> str:
    return "没有总分" if points is None else f"{format_number(points)}分"


def _explain_deductions(project: ProjectRow, indicators: Iterable[IndicatorRow]) -> str:
    """What the unit took off itself, and where; why stands in each indicator's row."""
    if not project.self_deduction:
        return ""
    parts = [f"{one_line(i.name)}{format_number(i.self_deduction)}分" for i in indicators if i.self_deduction]
    return f"得分中已减去单位自扣的{format_number(project.self_deduction)}分：{'、'.join(parts)}。"


def _format_grade(facts: ProjectFacts) -> str:
    return MISSING_GRADE if facts.project.pending else facts.project.final_grade


_PRINTED: dict[CellContent, Callable[[Any], object]] = {
    CellContent.TEXT: paragraphs,
    CellContent.NUMBER: format_number,
    CellContent.PERCENT: format_percent,
}


def _print_plain(line: IndicatorLine, column: IndicatorColumn) -> object:
    return _PRINTED[column.facts.content](getattr(line.row, column))


def _say_computed(score: float | None) -> str:
    return "原没有得分" if score is None else f"原计{format_number(score)}分"


# -- the tags ---------------------------------------------------------------------------------------------------------

_FUNDING_ROW: tuple[FormTag[tuple[ProjectRow, Measure]], ...] = (
    FormTag("项目", "全年预算资金、预算执行率等", lambda line: line[1].label),
    FormTag("行次", "如 (7)=(4)/(2)", lambda line: line[1].line),
    *(FormTag(source.label, "万元；率带百分号", partial(_format_source, source=source)) for source in FundingSource),
)
_BRIEF_LINE: tuple[FormTag[BriefLine], ...] = (
    FormTag("名称", "资金来源，用方案里的名称", lambda line: line.row.label),
    *(FormTag(measure.label, _say_unit(measure), partial(_format_line, measure=measure)) for measure in Measure),
    FormTag(
        "分值",
        "预算执行率的分值，只在第一行",
        lambda line: number_text(line.project.execution_weight) if line.first else "—",
    ),
    FormTag(
        "得分",
        "预算执行率的得分，只在第一行",
        lambda line: format_number(line.project.final_execution_score) if line.first else "—",
    ),
)
_INDICATOR_LINE: tuple[FormTag[IndicatorLine], ...] = (
    FormTag("一级指标", "与上一行相同的合并", lambda line: ABOVE if line.above else one_line(line.dimension)),
    FormTag("一级权重", "一级指标的分值", lambda line: format_number(line.dimension_weight)),
    FormTag(
        "二级指标",
        "与上一行相同的合并",
        lambda line: (
            ABOVE if line.above and line.row.category == line.above.category != "" else one_line(line.row.category)
        ),
    ),
    FormTag("三级指标", "指标的名称", lambda line: one_line(line.row.name)),
    FormTag("指标性质", "≥、≤、＝、定性；预算执行率没有", lambda line: line.sign),
    FormTag("计量单位", "指标的计量单位", lambda line: one_line(line.row.unit)),
    FormTag("权重", "分值，分", lambda line: format_number(line.row.weight)),
    FormTag("目标值", "带符号和单位，如 ≥95%", lambda line: line.row.target_text),
    FormTag("业绩值", "完成值，带单位；定性指标没有写的为达成档次", lambda line: line.row.actual_text or line.row.tier),
    FormTag("完成率", "百分比", lambda line: format_percent(line.row.completion)),
    FormTag("得分", "分；经核定的为核定得分", lambda line: format_number(line.row.final_score)),
    FormTag("自扣分", "得分中已减去的自扣分，分；没有扣的为空", lambda line: format_number(line.row.self_deduction)),
    FormTag("原因", "偏差原因及改进措施", lambda line: paragraphs(line.row.deviation_reason)),
    *(FormTag(c.label, c.facts.title or c.label, partial(_print_plain, column=c)) for c in FURTHER_COLUMNS),
)
_POINTS: tuple[FormTag[tuple[str, float, float | None]], ...] = (
    FormTag("名称", "预算执行、各一级指标、合计", lambda line: line[0]),
    FormTag("分值", "分", lambda line: number_text(line[1])),
    FormTag("得分", "分", lambda line: format_number(line[2])),
)
_TEXT: tuple[FormTag[tuple[TextSection, str]], ...] = (
    FormTag("标题", "这段文字的名称", lambda text: text[0].label),
    FormTag("内容", "这段文字", lambda text: text[1]),
)
_TEXT_GROUP: tuple[FormTag[TextGroup], ...] = (
    FormTag("标题", "组的名称", lambda group: group.title),
    rows_tag(
        "各节",
        "组里的文字，`{%p for 节 in 组.各节 %}`",
        lambda group: [(section, group.texts[section.key]) for section in group.sections],
        _TEXT,
        row="节",
    ),
)

PROJECT_TAGS: tuple[FormTag[ProjectFacts], ...] = (
    FormTag("项目名称", "项目的名称", lambda f: one_line(f.project.name)),
    FormTag(
        "填报时名称", "单位填报、签字时的项目名称；与现在的清单相同的为空", lambda f: one_line(f.project.signed_name)
    ),
    FormTag("项目编码", "项目的编码", lambda f: one_line(f.project.code)),
    FormTag("主管部门", "主管部门", lambda f: one_line(f.project.department)),
    FormTag("实施单位", "实施单位", lambda f: one_line(f.project.unit)),
    FormTag("年度", "评价年度，如 2024", lambda f: str(f.project.year)),
    rows_tag(
        "资金",
        "资金表，七行",
        lambda f: [(f.project, measure) for measure in Measure],
        _FUNDING_ROW,
        part="资金情况",
    ),
    group_tag(
        "合计",
        "资金表的合计，用在句子里：没有数的印“（未填写）”“（无法计算）”",
        tuple(FormTag(m.label, _say_unit(m), partial(_format_total, measure=m)) for m in Measure),
        part="资金情况",
    ),
    rows_tag("资金简表", "自评表表头的资金，方案里有几行就有几行", _list_brief_lines, _BRIEF_LINE, part="资金情况"),
    rows_tag(
        "自评指标",
        "指标表的全部行，第一行是预算执行率；没有指标时为空",
        lambda f: [*f.execution_lines, *f.all_indicator_lines] if f.all_indicator_lines else [],
        _INDICATOR_LINE,
        part="指标表",
    ),
    rows_tag("绩效指标", "同上，不含预算执行率", lambda f: f.all_indicator_lines, _INDICATOR_LINE, part="指标表"),
    rows_tag("执行指标", "只有预算执行率一行", lambda f: f.execution_lines, _INDICATOR_LINE),
    FormTag(
        "指标",
        "一类指标。点后面是方案里 `dimensions` 的 `key`，如 `指标.output` `指标.benefit` `指标.satisfaction`",
        lambda f: TagGroup(
            "指标", {d.key: fill_rows(f.indicator_lines[d.name], _INDICATOR_LINE) for d in f.scheme.dimensions}
        ),
        part="指标表",
        inner=_INDICATOR_LINE,
        row="行",
        keyed=True,
    ),
    keyed_tag(
        "列名",
        f"自评表各列的名称；方案里没有的列，用通用的名称：{' '.join(f'`列名.{key}`' for key in IndicatorColumn)}",
        lambda f: {
            **{column: column.label for column in IndicatorColumn},
            **{column.key: column.label for column in f.scheme.form.columns},
        },
    ),
    FormTag("自评表名称", "方案里自评表的名称", lambda f: f.scheme.form.title),
    FormTag("总分", "得分，分；没有总分时为空", lambda f: format_number(f.project.final_total), part="总分"),
    FormTag("总分值", "满分", lambda f: number_text(f.scheme.weights.total)),
    FormTag("等级", "评价等级；没有总分时为空，填报不完整的为“待更正”", _format_grade, part="评价等级"),
    FormTag(
        "待更正",
        "填报不完整的原因，这时总分只是目前的合计，没有等级；完整的为空",
        lambda f: f.project.pending_reason if f.project.pending else "",
    ),
    FormTag(
        "核定说明",
        "得分经财政部门核定的，写明哪几项、原来多少、理由；没有核定时为空",
        lambda f: _explain_review(f.project, f.indicators),
    ),
    FormTag(
        "复核说明",
        "抽查复核过的项目，写明自评、复核得分和复核结论；没有复核的为空",
        lambda f: _tell_second_look(f.project),
    ),
    FormTag(
        "自扣说明",
        "单位自扣了分的，写明合计和哪几项；没有扣的为空",
        lambda f: _explain_deductions(f.project, f.indicators),
    ),
    FormTag("预算执行率", "百分比", lambda f: format_percent(f.project.execution_rate)),
    FormTag("执行得分", "预算执行率的得分，分", lambda f: format_number(f.project.final_execution_score)),
    FormTag("执行分值", "预算执行率的分值，分", lambda f: number_text(f.project.execution_weight)),
    rows_tag("得分表", "各部分得分", lambda f: f.points, _POINTS),
    keyed_tag(
        "正文",
        "单位写的一段文字。点后面是方案里 `texts` 的 `key`，如 `正文.overview`",
        lambda f: f.texts,
        part="单位写的文字",
    ),
    group_tag(
        "章节",
        "方案里的全部文字，按组分好，任何方案都能用",
        tuple(
            rows_tag(
                sheet,
                f"“{sheet}”一表中的文字，`{{%p for 组 in 章节.{sheet} %}}`",
                partial(ProjectFacts.groups_of_texts, sheet=sheet),
                _TEXT_GROUP,
                row="组",
            )
            for sheet in ("基本情况", "绩效分析")
        ),
        part="单位写的文字",
    ),
    FormTag(
        "预期目标",
        "年度总体目标；单位没有写的，为批复的",
        lambda f: f.texts.get("goal_annual") or paragraphs(f.project.annual_goal),
    ),
    FormTag("目标完成", "目标的实际完成情况", lambda f: f.texts.get("goal_actual", "")),
)
"""Every tag of a project's form."""
