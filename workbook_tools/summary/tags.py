"""The tags of 汇总表.xlsx: of each, what it means and which figure it stands for.

The page 汇总表模板 lists them from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.excel.columns import Column
from workbook_tools.form.narrative import INFO
from workbook_tools.results.facts import PENDING, ResultEntry, final_grade_text, list_dimensions, points_text
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import project_columns
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.summary.list_tags import TagColumn, add_yuan, list_columns

TEXTS = {
    "年度": "评价年度",
    "组织单位": "组织自评的单位，即 wbt.toml 中的 authority",
    "部门": "主管部门；全部项目的那一份是组织单位",
    "应报数": "表中的项目数，没有报送的也算",
    "项目数": "报送了的项目数",
    "未报数": "没有报送的项目数",
    "待更正数": "填报不完整、不计入平均的项目数",
    "核定数": "得分经财政部门核定的项目数",
}
"""Tags that may stand anywhere, and what they mean."""
FINAL_SCORE, REASONS = "得分", "偏差原因"
TELLING = frozenset({"总分", "备注"})
"""A row with one of these says by itself which scores finance has changed."""


def form_columns(result: ReviewResult) -> dict[str, TagColumn]:
    """Tag → column: of rows of projects the columns of 汇总, and more that an office may ask for; then those of other rows.

    Points per dimension, 得分 and 等级 are those that count, reviewed where finance changed them.
    """
    plain = result.model_copy(update={"projects": ()})
    columns = {
        c.header: TagColumn(_meaning(c), c) for c in project_columns(plain, OutputLinks(Path())) if c.key != "report"
    }
    columns |= {name: TagColumn(text, column) for name, text, column in (*_scores(result), *_money(), *_texts(result))}
    return add_yuan(columns | dict(list_columns(result)))


def _meaning(column: Column[ResultEntry]) -> str:
    unit = {"money": "，万元", "percent": "，百分比", "decimal": "，分"}.get(column.style, "")
    return _MEANINGS.get(column.header, f"{column.header}{unit}")


_MEANINGS = {
    "序号": "从 1 起的序号",
    "总分": "程序计算的总分（核定前）",
    "评价等级": "程序计算的等级（核定前）",
    "错误": "校验问题中错误的个数",
    "提醒": "校验问题中提醒的个数",
    "说明": "校验问题中说明的个数",
    "报送文件": "报送的工作簿的文件名",
}


def _scores(result: ReviewResult) -> Iterator[tuple[str, str, Column[ResultEntry]]]:
    def points(name: str) -> Column[ResultEntry]:
        return Column(
            f"points:{name}",
            name,
            8,
            lambda e: show(e.project, e.project.final_scores.get(name)),
            "decimal",
            total="mean",
        )

    def show(project: ProjectRow, points: float | None) -> float | str | None:
        return points_text(points, pending=project.pending)

    def score(project: ProjectRow) -> float | str | None:
        total = points_text(project.final_total, pending=project.pending)
        return f"{total}（{PENDING}）" if isinstance(total, str) else total

    execution: Column[ResultEntry] = Column(
        "execution_score",
        "预算执行",
        8,
        lambda e: show(e.project, e.project.final_execution_score),
        "decimal",
        total="mean",
    )
    yield "预算执行", "预算执行率的得分，分", execution
    for name in dict.fromkeys([*known_dimensions(), *list_dimensions(result)]):
        yield name, f"{name}的得分，分", points(name)
    yield (
        FINAL_SCORE,
        "总分，经核定的为核定后的总分；填报不完整的写明待更正，不计入平均",
        Column("score", FINAL_SCORE, 8, lambda e: score(e.project), "decimal", total="mean"),
    )
    yield (
        "等级",
        "评价等级，经核定的为核定后的等级",
        Column("final", "等级", 8, lambda e: final_grade_text(e.project), "text_center"),
    )


@cache
def known_dimensions() -> tuple[str, ...]:
    """The dimensions of the schemes that come with the program: their tags are known whatever the year's scheme has."""
    return tuple(dict.fromkeys(d.name for scheme in builtin_schemes().values() for d in scheme.dimensions))


def _money() -> Iterator[tuple[str, str, Column[ResultEntry]]]:
    def amount(measure: Measure, source: FundingSource, tag: str, style: str) -> Column[ResultEntry]:
        return Column(f"{measure}:{source}", tag, 11, lambda e: e.project.amount(measure, source), style, total="sum")

    yield (
        Measure.BALANCE.label,
        "资金结余，万元",
        amount(Measure.BALANCE, FundingSource.TOTAL, Measure.BALANCE.label, "money"),
    )
    arrival = Measure.ARRIVAL_RATE.label
    yield arrival, "预算到位率，百分比", amount(Measure.ARRIVAL_RATE, FundingSource.TOTAL, arrival, "percent")
    for measure in INPUT_MEASURES:
        for source in (s for s in FundingSource if s is not FundingSource.TOTAL):
            tag = f"{measure.label.removesuffix('资金')}·{source.label}"
            yield tag, f"{measure.label}中的{source.label}，万元", amount(measure, source, tag, "money")


def _texts(result: ReviewResult) -> Iterator[tuple[str, str, Column[ResultEntry]]]:
    yield (
        "状态",
        "办理到哪一步：缺报、待更正、待说明、可接收、已接收",
        Column("state", "状态", 8, lambda e: e.project.state.value, "text_center"),
    )
    yield "年度目标", "批复的年度总体目标", Column("goal", "年度目标", 30, lambda e: e.project.annual_goal)
    yield REASONS, "各指标的偏差原因及改进措施，合在一起", reason_column(result)
    for key, label, *_ in INFO:
        yield label, f"单位填写的{label}", _info(key, label)
    yield (
        "待更正原因",
        "填报不完整、总分和等级待更正的原因",
        Column("pending", "待更正原因", 20, lambda e: e.project.pending_reason if e.project.pending else ""),
    )
    yield (
        "备注",
        "缺报的、待更正的、经核定的写明情况，其余空着",
        Column("remark", "备注", 12, lambda e: _remark(e.project)),
    )


def reason_column(result: ReviewResult) -> Column[ResultEntry]:
    """What the units of these projects wrote of each indicator and of the execution rate, each text once."""
    reasons: dict[str, list[str]] = {p.code: [p.execution_reason] for p in result.projects}
    for row in result.indicators:
        reasons.setdefault(row.project_code, []).append(row.deviation_reason)

    def join_reasons(project: ProjectRow) -> str:
        stated = (text.strip().rstrip("。；") for text in reasons.get(project.code, ()) if text.strip())
        return "；".join(dict.fromkeys(stated))

    return Column("reasons", REASONS, 40, lambda entry: join_reasons(entry.project))


def _remark(project: ProjectRow) -> str:
    """Why there is no score, or it may yet change; what it was before finance changed it; under which name the unit has signed it."""
    if project.state is State.MISSING:
        return project.pending_reason
    said = []
    if project.pending or project.state is State.TO_CORRECT:
        said.append(f"{PENDING}：{project.pending_reason or '有错误没有改正'}")
    if project.reviewed:
        before = "" if project.total_score is None else f"，原为{project.total_score:.2f}分"
        said.append(f"得分经核定{before}")
    if project.signed_name:
        said.append(f"填报时的名称：{project.signed_name}")
    return "；".join(said)


def _info(key: str, label: str) -> Column[ResultEntry]:
    return Column(f"info:{key}", label, 12, lambda e: e.project.info.get(key, ""))
