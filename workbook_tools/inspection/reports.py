"""复核报告 of a project, and 复核汇总报告 of a sample: what the tags of their forms print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.review_result import SecondLook
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.inspection.record import InspectedScore, Inspection, QualityScore
from workbook_tools.inspection.sample_record import Draw
from workbook_tools.reports.formatting import format_number
from workbook_tools.reports.look_sums import LookSum, list_look_parts
from workbook_tools.reports.phrases import QUOTED, cut
from workbook_tools.reports.tags import FormTag, rows_tag
from workbook_tools.word.text import one_line, paragraphs

LISTED = 20
"""So many differences are listed in the report over all, the largest."""
_NAMED = 10
"""So many projects that are not done are named."""


@dataclass(frozen=True)
class InspectionFacts:
    """A project's 复核."""

    year: int
    item: Inspection


@dataclass(frozen=True)
class InspectionSummary:
    """All of a sample, as far as it is done."""

    year: int
    authority: str
    draw: Draw
    done: Sequence[Inspection]

    @cached_property
    def missing(self) -> list[str]:
        """The names of the projects that are not done."""
        codes = {item.code for item in self.done}
        return [row.name for row in self.draw.chosen if row.code not in codes]

    @cached_property
    def departments(self) -> list[DepartmentFacts]:
        """Each department of the sample, in its order, and last all of them, where there are several."""
        names = list(dict.fromkeys(row.department for row in self.draw.chosen))
        every = [
            DepartmentFacts(
                name or NO_DEPARTMENT,
                sum(row.department == name for row in self.draw.chosen),
                [item for item in self.done if item.department == name],
            )
            for name in names
        ]
        return [*every, DepartmentFacts("合计", len(self.draw.chosen), self.done)] if len(every) > 1 else every

    @cached_property
    def differences(self) -> list[tuple[Inspection, InspectedScore]]:
        """Every score that came out otherwise, the largest difference first."""
        found = [(item, score) for item in self.done for score in item.differing]
        return sorted(found, key=lambda pair: -abs(pair[1].difference or 0))

    @cached_property
    def quality(self) -> list[tuple[str, list[QualityScore]]]:
        """What each item of the quality sheet was marked with; an item counts with its points, which may have changed."""
        found: dict[tuple[str, float], list[QualityScore]] = {}
        for item in self.done:
            for one in item.quality:
                found.setdefault((one.name, one.points), []).append(one)
        return [(name, own) for (name, _), own in found.items()]


@dataclass(frozen=True)
class DepartmentFacts:
    """A department of the sample, or all of it."""

    name: str
    drawn: int
    done: Sequence[Inspection]

    def mean(self, value: Callable[[Inspection], float | None]) -> str:
        """Of those that have one; blank where none has."""
        return _mean(value(item) for item in self.done)


def add_up_looks(looks: Iterable[SecondLook]) -> LookSum:
    """What several come to."""
    whole = LookSum()
    for look in looks:
        whole.add(look)
    return whole


def _mean(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return number_text(fsum(known) / len(known), 2) if known else "—"


def _show_difference(difference: float | None) -> str:
    """比自评高、低多少: with its sign; blank where there is none."""
    if not difference:
        return ""
    return f"{'＋' if difference > 0 else '－'}{number_text(round(abs(difference), 2))}"


def _mean_difference(facts: DepartmentFacts) -> str:
    known = [item.difference for item in facts.done if item.difference is not None]
    return (_show_difference(fsum(known) / len(known)) or "0") if known else "—"


def _tell_all(facts: InspectionSummary) -> str:
    parts = list_look_parts(add_up_looks(item.look for item in facts.done))
    return f"已复核的项目：{'；'.join(parts)}。" if parts else "已复核的项目自评没有总分，不能比较。"


def _tell_differences(facts: InspectionSummary) -> str:
    count, lower = len(facts.differences), sum((one.difference or 0) < 0 for _, one in facts.differences)
    counts = ((lower, "低于自评"), (count - lower, "高于自评"))
    told = f"共{count}处得分与自评不同，其中" + "，".join(f"{number}处{how}" for number, how in counts if number)
    return f"{told}。{f'差异最大的{LISTED}处' if count > LISTED else '各处'}如下表所示："


def _name_missing(facts: InspectionSummary) -> str:
    named = "、".join(map(one_line, facts.missing[:_NAMED]))
    return named + ("等" if len(facts.missing) > _NAMED else "")


# -- the tags -----------------------------------------------------------------------------------------------------------

_SCORE: tuple[FormTag[InspectedScore], ...] = (
    FormTag("指标", "指标的名称，或预算执行率", lambda one: one_line(one.name)),
    FormTag("分值", "分", lambda one: format_number(one.weight)),
    FormTag("目标值", "带符号和单位", lambda one: one_line(one.target_text)),
    FormTag("自评值", "单位填的完成值", lambda one: one_line(one.actual_text)),
    FormTag("复核值", "复核人填的", lambda one: one_line(one.value_text)),
    FormTag("自评得分", "分", lambda one: format_number(one.self_score)),
    FormTag("审核得分", "分；核定过的为核定得分", lambda one: format_number(one.central_score)),
    FormTag("复核得分", "分", lambda one: format_number(one.score)),
    FormTag("差异", "复核得分减自评得分，带正负号", lambda one: _show_difference(one.difference)),
    FormTag("意见", "复核意见", lambda one: paragraphs(one.opinion)),
    FormTag("依据", "复核看了什么材料", lambda one: paragraphs(one.evidence)),
)
_QUALITY: tuple[FormTag[QualityScore], ...] = (
    FormTag("名称", "评分项", lambda one: one_line(one.name)),
    FormTag("满分", "分", lambda one: format_number(one.points)),
    FormTag("得分", "分", lambda one: format_number(one.score)),
    FormTag("说明", "复核人写的说明", lambda one: paragraphs(one.note)),
)
INSPECTION_TAGS: tuple[FormTag[InspectionFacts], ...] = (
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag("项目名称", "项目的名称", lambda f: one_line(f.item.name)),
    FormTag("项目编码", "项目的编码", lambda f: one_line(f.item.code)),
    FormTag("主管部门", "主管部门", lambda f: one_line(f.item.department)),
    FormTag("实施单位", "实施单位", lambda f: one_line(f.item.unit)),
    FormTag("抽查原因", "名单里写的原因", lambda f: one_line(f.item.reason).rstrip("。")),
    FormTag("自评总分", "分；没有总分时为空", lambda f: format_number(f.item.self_total)),
    FormTag("审核总分", "分；核定过的为核定后的；没有总分时为空", lambda f: format_number(f.item.central_total)),
    FormTag("复核总分", "分", lambda f: format_number(f.item.total)),
    FormTag("复核等级", "按复核总分", lambda f: f.item.grade),
    FormTag("差异", "复核总分减自评总分，带正负号；相同的为空", lambda f: _show_difference(f.item.difference)),
    FormTag("不同数", "得分与自评不同的有几处", lambda f: len(f.item.differing)),
    rows_tag("得分表", "预算执行率和各指标", lambda f: f.item.scores, _SCORE),
    rows_tag("差异表", "得分与自评不同的；没有的为空", lambda f: f.item.differing, _SCORE),
    rows_tag("质量表", "自评工作质量的各评分项；没有评分项的为空", lambda f: f.item.quality, _QUALITY),
    FormTag("质量得分", "分；没有评分项的为空", lambda f: format_number(f.item.quality_total)),
    FormTag("质量满分", "分；没有评分项的为空", lambda f: format_number(f.item.quality_points)),
    FormTag("结论", "复核结论", lambda f: paragraphs(f.item.conclusion)),
    FormTag("复核人", "复核人", lambda f: one_line(f.item.reviewer)),
    FormTag("复核日期", "复核日期", lambda f: one_line(f.item.date)),
)
"""Every tag of 复核报告."""
_DEPARTMENT: tuple[FormTag[DepartmentFacts], ...] = (
    FormTag("部门", "主管部门；几个部门的最后一行是合计", lambda one: one_line(one.name)),
    FormTag("抽查数", "名单里的项目", lambda one: one.drawn),
    FormTag("复核数", "已复核的项目", lambda one: len(one.done)),
    FormTag("自评平均", "已复核项目自评总分的平均，分", lambda one: one.mean(lambda item: item.self_total)),
    FormTag("审核平均", "已复核项目审核总分的平均，分", lambda one: one.mean(lambda item: item.central_total)),
    FormTag("复核平均", "复核总分的平均，分", lambda one: one.mean(lambda item: item.total)),
    FormTag("差异", "复核减自评的平均，分，带正负号", _mean_difference),
    FormTag("质量平均", "自评工作质量的平均，分；没有的为“—”", lambda one: one.mean(lambda item: item.quality_total)),
)
_DIFFERENCE: tuple[FormTag[tuple[Inspection, InspectedScore]], ...] = (
    FormTag("项目", "项目的名称", lambda pair: one_line(pair[0].name)),
    FormTag("指标", "指标的名称，或预算执行率", lambda pair: one_line(pair[1].name)),
    FormTag("自评得分", "分", lambda pair: format_number(pair[1].self_score)),
    FormTag("复核得分", "分", lambda pair: format_number(pair[1].score)),
    FormTag("差异", "带正负号", lambda pair: _show_difference(pair[1].difference)),
    FormTag("意见", f"复核意见，最多 {QUOTED} 字，全文在项目的复核报告里", lambda pair: cut(one_line(pair[1].opinion))),
)
_ITEM: tuple[FormTag[tuple[str, list[QualityScore]]], ...] = (
    FormTag("名称", "评分项", lambda pair: one_line(pair[0])),
    FormTag("项目数", "评了这一项的项目", lambda pair: len(pair[1])),
    FormTag("满分", "分", lambda pair: format_number(pair[1][0].points)),
    FormTag("平均", "平均得分，分", lambda pair: _mean(one.score for one in pair[1])),
    FormTag(
        "得分率",
        "平均得分占满分的百分比",
        lambda pair: percent_text(fsum(one.score for one in pair[1]) / fsum(one.points for one in pair[1])),
    ),
)
_PROJECT: tuple[FormTag[Inspection], ...] = (
    FormTag("项目", "项目的名称", lambda item: one_line(item.name)),
    FormTag("部门", "主管部门", lambda item: one_line(item.department)),
    FormTag("自评总分", "分；没有总分的为“—”", lambda item: format_number(item.self_total) or "—"),
    FormTag("复核总分", "分", lambda item: format_number(item.total)),
    FormTag("等级", "复核等级", lambda item: item.grade),
    FormTag("结论", f"复核结论，最多 {QUOTED} 字，全文在项目的复核报告里", lambda item: cut(one_line(item.conclusion))),
)
SAMPLE_TAGS: tuple[FormTag[InspectionSummary], ...] = (
    FormTag("年度", "评价年度", lambda f: str(f.year)),
    FormTag("组织单位", "组织自评的单位，即 `wbt.toml` 中的 `authority`", lambda f: one_line(f.authority)),
    FormTag("抽查数", "名单里的项目", lambda f: len(f.draw.chosen)),
    FormTag("抽中数", "其中抽中的", lambda f: sum(row.drawn for row in f.draw.chosen)),
    FormTag("指定数", "其中指定的", lambda f: sum(not row.drawn for row in f.draw.chosen)),
    FormTag("复核数", "已复核的", lambda f: len(f.done)),
    FormTag("未复核数", "还没有复核的", lambda f: len(f.missing)),
    FormTag("未复核项目", f"其中前 {_NAMED} 个的名称", _name_missing),
    FormTag(
        "总体情况",
        "自评、复核平均得分，几个低于、高于自评，自评工作质量",
        _tell_all,
    ),
    rows_tag("部门表", "各主管部门", lambda f: f.departments, _DEPARTMENT),
    FormTag("差异情况", "几处得分与自评不同", _tell_differences),
    rows_tag("差异表", f"差异最大的 {LISTED} 处；没有的为空", lambda f: f.differences[:LISTED], _DIFFERENCE),
    rows_tag("质量表", "自评工作质量的各评分项；没有评分项的为空", lambda f: f.quality, _ITEM),
    rows_tag("项目表", "已复核的项目", lambda f: f.done, _PROJECT),
)
"""Every tag of 复核汇总报告."""
