"""A result as pandas frames. Each column is said once, with its dtype, its unit and what it means; the page
docs/在Python中使用.md lists them from here.

Texts are ``string``, an empty one is ``""``. Numbers are ``float64``, NaN where there is none. Money is 万元, points are 分, rates and
completions are fractions: 0.95 is 95%.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import RATE_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import (
    EvidenceRow,
    EvidenceState,
    IndicatorRow,
    MissingRow,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.core.states import State
from workbook_tools.core.trust import Trust
from workbook_tools.core.values import is_number

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
TEXT, NUMBER, COUNT, FLAG = "string", "float64", "int64", "bool"
MONEY, POINTS, RATE = "万元", "分", "比例"


@dataclass(frozen=True, slots=True)
class FrameColumn(Generic[T]):
    """A column: what it is called, its dtype, what it means, its unit, and where its values come from."""

    name: str
    dtype: str
    meaning: str
    value: Callable[[T], Any]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SourceAmounts:
    """A column of a project's funding table: one source, or a sum of some."""

    project: ProjectRow
    source: FundingSource

    def amount(self, measure: Measure) -> float | None:
        """The cell of that row."""
        return self.project.amount(measure, self.source)


@dataclass(frozen=True, slots=True)
class DimensionPoints:
    """The points of one dimension (一级指标) of a project."""

    project: ProjectRow
    name: str


def _total(measure: Measure) -> Callable[[ProjectRow], float | None]:
    return lambda project: project.amount(measure)


def _amount(measure: Measure) -> Callable[[SourceAmounts], float | None]:
    return lambda line: line.amount(measure)


def _number(value: float | str | None) -> float | None:
    return value if is_number(value) and not isinstance(value, str) else None


_MONEY = tuple(measure for measure in Measure if measure not in RATE_MEASURES)

PROJECTS: tuple[FrameColumn[ProjectRow], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda p: p.code),
    FrameColumn("name", TEXT, "项目名称", lambda p: p.name),
    FrameColumn("department", TEXT, "主管部门", lambda p: p.department),
    FrameColumn("unit", TEXT, "实施单位", lambda p: p.unit),
    FrameColumn("year", COUNT, "评价年度", lambda p: p.year),
    FrameColumn("scheme", TEXT, "评分方案的代号", lambda p: p.scheme),
    FrameColumn("scheme_digest", TEXT, "评分方案的摘要，result.schemes 以它为键", lambda p: p.scheme_digest),
    FrameColumn("file", TEXT, "采用的文件，相对于审核的文件夹", lambda p: p.file),
    FrameColumn("imported", FLAG, "手工表格", lambda p: p.imported),
    *(FrameColumn(str(m), NUMBER, f"{m.label}，年度总金额", _total(m), MONEY) for m in _MONEY),
    FrameColumn("execution_rate", NUMBER, "预算执行率，按方案的口径", lambda p: p.execution_rate, RATE),
    FrameColumn("execution_weight", NUMBER, "预算执行率的分值", lambda p: p.execution_weight, POINTS),
    FrameColumn("execution_score", NUMBER, "预算执行率的得分", lambda p: p.execution_score, POINTS),
    FrameColumn("self_deduction", NUMBER, "单位自扣分的合计；方案没有自扣分的没有", lambda p: p.self_deduction, POINTS),
    FrameColumn("total_score", NUMBER, "总分，程序计算", lambda p: p.total_score, POINTS),
    FrameColumn("grade", TEXT, "评价等级，程序计算；没有总分的、待更正的为空", lambda p: p.grade),
    FrameColumn("complete", FLAG, "填报完整；不完整的，总分只是目前的合计，待更正", lambda p: p.complete),
    FrameColumn("pending_reason", TEXT, "为什么不完整", lambda p: p.pending_reason),
    FrameColumn("reviewed", FLAG, "有核定得分", lambda p: p.reviewed),
    FrameColumn("final_total", NUMBER, "总分，有核定的按核定", lambda p: p.final_total, POINTS),
    FrameColumn("final_grade", TEXT, "评价等级，有核定的按核定", lambda p: p.final_grade),
    FrameColumn("counted_total", NUMBER, "总分，参加平均和排名的；待更正的没有", lambda p: p.counted_total, POINTS),
    FrameColumn("state", TEXT, "状态：" + "、".join(State), lambda p: p.state.value),
    FrameColumn("first_step", TEXT, "先做什么，写明最先要改的单元格", lambda p: p.first_step),
    FrameColumn("accepted_by", TEXT, "接收人；没有接收的为空", lambda p: p.accepted_by),
    FrameColumn("accepted_because", TEXT, "接收的理由，不是本期下发的才有", lambda p: p.accepted_because),
    FrameColumn("signed_name", TEXT, "单位填报、签字时的项目名称；与清单相同的为空", lambda p: p.signed_name),
    FrameColumn("trust", TEXT, "来源，从最可信到最不可信：" + "、".join(Trust), lambda p: p.trust.value),
    FrameColumn("trust_reason", TEXT, "为什么不更可信；本期下发的为空", lambda p: p.trust_reason),
    FrameColumn("errors", COUNT, "错误", lambda p: p.findings.error, "个"),
    FrameColumn("warnings", COUNT, "提醒", lambda p: p.findings.warning, "个"),
    FrameColumn("infos", COUNT, "说明", lambda p: p.findings.info, "个"),
    FrameColumn("to_answer", COUNT, "提醒中待单位说明的", lambda p: p.findings.to_answer, "个"),
    FrameColumn("answered", COUNT, "提醒中已说明的", lambda p: p.findings.answered, "个"),
    FrameColumn("of_the_list", COUNT, "项目清单的错误和提醒，不计入前面各数", lambda p: p.findings.of_the_list, "个"),
)
DIMENSIONS: tuple[FrameColumn[DimensionPoints], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda d: d.project.code),
    FrameColumn("dimension", TEXT, "一级指标，不含预算执行率", lambda d: d.name),
    FrameColumn("weight", NUMBER, "分值合计", lambda d: d.project.weights.get(d.name), POINTS),
    FrameColumn("score", NUMBER, "得分，程序计算", lambda d: d.project.scores.get(d.name), POINTS),
    FrameColumn("final_score", NUMBER, "得分，有核定的按核定", lambda d: d.project.final_scores.get(d.name), POINTS),
)
INDICATORS: tuple[FrameColumn[IndicatorRow], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda i: i.project_code),
    FrameColumn("dimension", TEXT, "一级指标", lambda i: i.dimension),
    FrameColumn("category", TEXT, "二级指标", lambda i: i.category),
    FrameColumn("name", TEXT, "三级指标", lambda i: i.name),
    FrameColumn(
        "direction", TEXT, "指标性质：at_least ≥，at_most ≤，equal ＝，qualitative 定性", lambda i: i.direction
    ),
    FrameColumn("target", NUMBER, "目标值，以 unit 计；定性指标没有", lambda i: _number(i.target), "unit"),
    FrameColumn("target_text", TEXT, "目标值，照表上的写法（≥95%）", lambda i: i.target_text),
    FrameColumn("actual", NUMBER, "完成值，以 unit 计；定性指标没有", lambda i: _number(i.actual), "unit"),
    FrameColumn("actual_text", TEXT, "完成值，照表上的写法（96%）", lambda i: i.actual_text),
    FrameColumn("unit", TEXT, "计量单位；是 % 的，95 表示 95%", lambda i: i.unit),
    FrameColumn("tier", TEXT, "定性指标的完成程度", lambda i: i.tier),
    FrameColumn("completion", NUMBER, "完成率", lambda i: i.completion, RATE),
    FrameColumn("weight", NUMBER, "分值", lambda i: i.weight, POINTS),
    FrameColumn("score", NUMBER, "得分，程序计算；已减去自扣分", lambda i: i.score, POINTS),
    FrameColumn("self_deduction", NUMBER, "单位自扣分；没有扣的没有", lambda i: i.self_deduction, POINTS),
    FrameColumn("reviewed_score", NUMBER, "核定得分", lambda i: i.reviewed_score, POINTS),
    FrameColumn("final_score", NUMBER, "得分，有核定的按核定", lambda i: i.final_score, POINTS),
    FrameColumn("applicable", FLAG, "适用；单位标为不适用的为 False", lambda i: i.applicable),
    FrameColumn("deviation_reason", TEXT, "偏差原因分析及改进措施", lambda i: i.deviation_reason),
    FrameColumn("explanation", TEXT, "得分是怎样算出来的", lambda i: i.explanation),
    FrameColumn("review_reason", TEXT, "核定理由", lambda i: i.review_reason),
    FrameColumn("reviewed_by", TEXT, "核定人", lambda i: i.reviewed_by),
    FrameColumn("sheet", TEXT, "得分所在的工作表", lambda i: i.sheet),
    FrameColumn("cell", TEXT, "得分所在的单元格", lambda i: i.cell),
)
FUNDING: tuple[FrameColumn[SourceAmounts], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda f: f.project.code),
    FrameColumn(
        "source", TEXT, "资金来源：" + "，".join(f"{s} {s.label}" for s in FundingSource), lambda f: f.source.value
    ),
    *(FrameColumn(str(m), NUMBER, m.label, _amount(m), RATE if m in RATE_MEASURES else MONEY) for m in Measure),
)
FINDINGS: tuple[FrameColumn[Finding], ...] = (
    FrameColumn("code", TEXT, "问题代码，见校验规则", lambda f: f.code),
    FrameColumn("severity", TEXT, "级别：error 错误，warning 提醒，info 说明", lambda f: f.severity.value),
    FrameColumn("project_code", TEXT, "项目编码；不属于哪个项目的为空", lambda f: f.project_code),
    FrameColumn("file", TEXT, "文件，相对于审核的文件夹", lambda f: f.file),
    FrameColumn("sheet", TEXT, "工作表", lambda f: f.sheet),
    FrameColumn("cell", TEXT, "单元格", lambda f: f.cell),
    FrameColumn("field", TEXT, "栏目", lambda f: f.field),
    FrameColumn("message", TEXT, "什么不对", lambda f: f.message),
    FrameColumn("found", TEXT, "现为", lambda f: f.found),
    FrameColumn("expected", TEXT, "应为", lambda f: f.expected),
    FrameColumn("advice", TEXT, "怎么办", lambda f: f.advice),
    FrameColumn(
        "found_number", NUMBER, "现为的数；两个数字不一致时才有，比率是小数", lambda f: f.found_number, "同 found"
    ),
    FrameColumn("expected_number", NUMBER, "应为的数，同上", lambda f: f.expected_number, "同 found"),
    FrameColumn("difference", NUMBER, "差额，现为减应为", lambda f: f.difference, "同 found"),
    FrameColumn("for_finance", TEXT, "只给财政部门看的：其他部门的项目和原文", lambda f: f.for_finance),
    FrameColumn("of_the_list", FLAG, "是项目清单的问题，由财政部门更正，不退回单位", lambda f: f.of_the_list),
    FrameColumn("follows_from", TEXT, "由同一项目的哪个代码引起；问题清单把它列在那一行下", lambda f: f.follows_from),
    FrameColumn("answer", TEXT, "单位说明：对这条提醒、这些数字的答复", lambda f: f.answer),
    FrameColumn("earlier_answer", TEXT, "数字改变以前的单位说明", lambda f: f.earlier_answer),
    FrameColumn("ruling", TEXT, "财政部门：接受，不接受，没有表示的为空", lambda f: f.ruling),
    FrameColumn("ruling_reason", TEXT, "接受或不接受的理由", lambda f: f.ruling_reason),
    FrameColumn("ruled_by", TEXT, "接受人", lambda f: f.ruled_by),
    FrameColumn("ruled_at", TEXT, "什么时候接受的", lambda f: f.ruled_at),
)
EVIDENCE: tuple[FrameColumn[EvidenceRow], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda e: e.project_code),
    FrameColumn("state", TEXT, "收到没有：" + "、".join(EvidenceState), lambda e: e.state.value),
    FrameColumn("indicator", TEXT, "用于哪些指标", lambda e: e.indicator),
    FrameColumn("name", TEXT, "材料名称；没有列出的为空", lambda e: e.name),
    FrameColumn("pages", TEXT, "页数，照填的写", lambda e: e.pages),
    FrameColumn("file", TEXT, "文件名，照填的写", lambda e: e.file),
    FrameColumn("path", TEXT, "文件在哪里，相对于审核的文件夹；没有收到的为空", lambda e: e.path),
    FrameColumn("on_disk", TEXT, "能打开的文件：文件自己，或装着它的压缩包", lambda e: e.on_disk),
    FrameColumn("sheet", TEXT, "列在哪张工作表", lambda e: e.sheet),
    FrameColumn("cell", TEXT, "列在哪个单元格", lambda e: e.cell),
)
MISSING: tuple[FrameColumn[MissingRow], ...] = (
    FrameColumn("project_code", TEXT, "项目编码", lambda m: m.code),
    FrameColumn("name", TEXT, "项目名称", lambda m: m.name),
    FrameColumn("department", TEXT, "主管部门", lambda m: m.department),
    FrameColumn("unit", TEXT, "实施单位", lambda m: m.unit),
    FrameColumn("reason", TEXT, "原因", lambda m: m.reason),
    FrameColumn("due", TEXT, "截止日期，没有过的才有", lambda m: m.due),
    FrameColumn("first_step", TEXT, "先做什么", lambda m: m.first_step),
)
FRAMES: Mapping[str, tuple[str, tuple[FrameColumn[Any], ...]]] = {
    "projects": ("一行一个采用的项目", PROJECTS),
    "dimensions": ("一行一个项目的一个一级指标", DIMENSIONS),
    "indicators": ("一行一个三级指标；预算执行率不在其中，在 projects 里", INDICATORS),
    "funding": ("一行一个项目的一个资金来源，合计也各是一行", FUNDING),
    "findings": ("一行一条校验问题", FINDINGS),
    "evidence": ("一行一份佐证材料：先是列出的，再是没有列出的文件；文件没有打开过", EVIDENCE),
    "missing": ("一行一个没有报送的项目", MISSING),
}
"""Frame → what a row is, and its columns."""


def build_frame(columns: Iterable[FrameColumn[T]], rows: Iterable[T]) -> pd.DataFrame:
    """One row per record, in their order, with exactly these columns and dtypes."""
    import pandas as pd  # a fifth of what the program loads, and commands show no frames

    records = list(rows)
    return pd.DataFrame({c.name: pd.Series([c.value(row) for row in records], dtype=c.dtype) for c in columns})


class ResultFrames:
    """Adds frames to anything that has a ``result``. A frame is made when it is first asked for.

    ``project_code`` joins them: ``review.indicators.merge(review.projects, on="project_code")``.
    """

    if TYPE_CHECKING:

        @property
        def result(self) -> ReviewResult:
            """What the frames show."""

    @cached_property
    def projects(self) -> pd.DataFrame:
        """One row per project that counts, in the order of the result."""
        return build_frame(PROJECTS, self.result.projects)

    @cached_property
    def dimensions(self) -> pd.DataFrame:
        """One row per project and dimension (一级指标), without the execution rate."""
        return build_frame(DIMENSIONS, (DimensionPoints(p, name) for p in self.result.projects for name in p.scores))

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row per indicator (三级指标) of the projects that count; the execution rate is none of them."""
        return build_frame(INDICATORS, self.result.indicators)

    @cached_property
    def funding(self) -> pd.DataFrame:
        """One row per project and source of money, the sums included."""
        lines = (SourceAmounts(project, source) for project in self.result.projects for source in FundingSource)
        return build_frame(FUNDING, lines)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row per finding, of files that do not count too."""
        return build_frame(FINDINGS, self.result.findings)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row per material (佐证材料) that is listed, or that came and is not listed."""
        return build_frame(EVIDENCE, self.result.evidence)

    @cached_property
    def missing(self) -> pd.DataFrame:
        """One row per project on the list of which nothing usable came."""
        return build_frame(MISSING, self.result.missing)
