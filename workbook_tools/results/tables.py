"""The columns in which the projects of a review are shown, in 审核结果 and in 汇总 alike; what is missing; who signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook_tools.core.codes import Severity
from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.model import INPUT_MEASURES, LEAF_SOURCES, FundingSource, Measure
from workbook_tools.core.review_result import EXECUTION, MissingRow, ReviewResult
from workbook_tools.excel.columns import SMALL, Column, Link
from workbook_tools.excel.styles import (
    NAMED,
    StyleSpec,
    Tint,
)
from workbook_tools.excel.tables import Table
from workbook_tools.excel.text_extent import BODY_SIZE, column_room, em_width, measure_text
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.results.facts import (
    EXECUTION_RATE,
    SETTLED,
    ResultEntry,
    final_grade_text,
    grade_text,
    has_self_deduction,
    is_reviewed,
    list_dimensions,
    points_text,
    total_text,
)
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.rules.functions import add_up
from workbook_tools.rules.library import rate

# -- columns ----------------------------------------------------------------------------------------------------------


def project_columns(result: ReviewResult, places: OutputLinks) -> list[Column[ResultEntry]]:
    """One row per project: who, money, rate, points, grade, findings, links."""
    final = _final_columns() if is_reviewed(result) else []
    return [
        *_identity_columns(),
        *_money_columns(),
        *_points_columns(list_dimensions(result)),
        *_deduction_columns(result),
        _grade_column(),
        *final,
        *_count_columns(result),
        *_file_columns(places),
        *_pending_columns(result),
        *_signed_name_columns(result),
    ]


_LEFT_TO_SUMMARY = (*INPUT_MEASURES, "report")
"""What stands in 汇总, and would push what is to be done off the screen."""


def work_columns(result: ReviewResult, places: OutputLinks) -> list[Column[ResultEntry]]:
    """The columns of a project in 审核结果: those that matter of 汇总, after its name its state and where its file comes from, and what
    to do first beside what was found."""
    columns = [
        replace(c, group="", rule=None, total="") if c.key == Measure.EXECUTION_RATE else c
        for c in project_columns(result, places)
        if c.key not in _LEFT_TO_SUMMARY
    ]
    keys = [column.key for column in columns]
    columns.insert(keys.index("file"), Column("first_step", "先做什么", 32, lambda e: e.project.first_step))
    columns.insert(keys.index("name") + 1, Column("state", "状态", 5, lambda e: e.project.state.value, "text_center"))
    columns.insert(keys.index("name") + 2, Column("trust", "来源", 6, lambda e: e.project.trust.value, "text_center"))
    return [*columns, *_doubt_columns(result)]


def _doubt_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """Why files are not 本期下发, and why they were accepted all the same, where there are such."""
    reasons: list[Column[ResultEntry]] = [
        Column("trust_reason", "来源说明", 30, lambda e: e.project.trust_reason, printed=False)
    ]
    accepted: list[Column[ResultEntry]] = [
        Column("accepted_because", "接收理由", 26, lambda e: e.project.accepted_because, printed=False)
    ]
    return [
        *(reasons if any(project.trust_reason for project in result.projects) else ()),
        *(accepted if any(project.accepted_because for project in result.projects) else ()),
    ]


def _identity_columns() -> list[Column[ResultEntry]]:
    return [
        Column("number", "序号", 4, lambda e: e.number, "text_center"),
        Column("department", "主管部门", 9.5, lambda e: e.project.department or NO_DEPARTMENT, whole=True),
        Column("unit", "实施单位", 10, lambda e: e.project.unit or NO_UNIT, whole=True),
        Column("code", "项目编码", 9, lambda e: e.project.code, whole=True),
        Column("name", "项目名称", 16, lambda e: e.project.name, whole=True),
    ]


def _signed_name_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """Under which names projects were filled in that the list calls otherwise now, where there are such."""
    column: Column[ResultEntry] = Column(
        "signed_name", "填报时的名称", 16, lambda e: e.project.signed_name, printed=False
    )
    return [column] if any(project.signed_name for project in result.projects) else []


def _money_columns() -> list[Column[ResultEntry]]:
    group = "资金（万元）"
    amounts = [
        Column(measure, measure.label.removesuffix("资金"), 7.5, _amount(measure), "money", group, total="sum")
        for measure in INPUT_MEASURES
    ]
    executed_share = rate(Measure.EXECUTED, Measure.ANNUAL_BUDGET)
    shown = Column(
        Measure.EXECUTION_RATE,
        EXECUTION_RATE,
        7,
        _execution_rate,
        "percent",
        group,
        rule=executed_share,
        total="rule",
    )
    return [*amounts, shown]


def _amount(measure: Measure) -> Callable[[ResultEntry], float | None]:
    return lambda entry: entry.project.amount(measure)


def _execution_rate(entry: ResultEntry) -> float | None:
    return entry.project.execution_rate


def funding_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """One row per project: where its budget came from, and what of each source was spent."""
    used = [
        source
        for source in LEAF_SOURCES
        if any(project.amount(m, source) for project in result.projects for m in FUNDING_MEASURES)
    ]
    return [
        *_identity_columns(),
        *(column for measure in FUNDING_MEASURES for column in _source_columns(measure, used)),
    ]


FUNDING_MEASURES = (Measure.ANNUAL_BUDGET, Measure.EXECUTED)
"""What the sheet of sources shows."""


def _source_columns(measure: Measure, sources: Sequence[FundingSource]) -> list[Column[ResultEntry]]:
    group = f"{measure.label}（万元）"

    def amount(source: FundingSource) -> Callable[[ResultEntry], float | None]:
        return lambda entry: entry.project.amount(measure, source)

    columns = [
        Column(
            f"{measure}:{source}", source.label.removesuffix("资金"), 8.5, amount(source), "money", group, total="sum"
        )
        for source in sources
    ]
    keys = [column.key for column in columns]
    return [*columns, Column(measure, "合计", 9, amount(FundingSource.TOTAL), "money", group, adds=keys, total="sum")]


def _points_columns(names: Sequence[str]) -> list[Column[ResultEntry]]:
    group = "得分（分）"
    keys = ["execution_score", *(points_key(name) for name in names)]
    return [
        Column(keys[0], EXECUTION, 5, _execution_score, "decimal", group, total="mean"),
        *(
            Column(key, name, 5, _dimension_score(name), "decimal", group, total="mean")
            for key, name in zip(keys[1:], names, strict=True)
        ),
        Column(
            "total_score",
            "总分",
            5.5,
            lambda e: total_text(e.project.total_score, pending=not e.project.grade),
            "decimal",
            group,
            rule=add_up(keys),
            total="mean",
        ),
    ]


def _deduction_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """What the units took off themselves, where a scheme lets them; the points beside it are what is left."""
    if not has_self_deduction(result):
        return []
    deduction: Column[ResultEntry] = Column(
        "self_deduction", "自扣分\n（已减去）", 6, lambda e: e.project.self_deduction, "decimal", total="sum"
    )
    return [deduction]


def points_key(dimension: str) -> str:
    """Key of the column with a dimension's points."""
    return f"points:{dimension}"


def _execution_score(entry: ResultEntry) -> Scalar:
    return points_text(entry.project.execution_score, pending=not entry.project.grade)


def _dimension_score(name: str) -> Callable[[ResultEntry], Scalar]:
    return lambda entry: points_text(entry.project.scores.get(name), pending=not entry.project.grade)


def _grade_column() -> Column[ResultEntry]:
    return Column("grade", "评价等级", 5.5, lambda e: grade_text(e.project), "text_center")


def _pending_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """Why projects have no grade, where some have none for now; last, so that the other columns stay in their places."""
    if not any(project.pending for project in result.projects):
        return []

    def reason(entry: ResultEntry) -> str:
        return entry.project.pending_reason if entry.project.pending else ""

    return [Column("pending_reason", "待更正的原因", 26, reason, printed=False)]


def _final_columns() -> list[Column[ResultEntry]]:
    group = "核定后"
    return [
        Column(
            "final_total",
            "总分",
            5.5,
            lambda e: total_text(e.project.final_total, pending=e.project.pending),
            "decimal",
            group,
            total="mean",
        ),
        Column("final_grade", "等级", 5.5, lambda e: final_grade_text(e.project), "text_center", group),
    ]


def _count_columns(result: ReviewResult) -> list[Column[ResultEntry]]:
    """How many findings; explained 提醒, and what is wrong with the project list, only where there are such."""
    group = "问题（处）"
    counts = [p.findings for p in result.projects]
    settled: list[Column[ResultEntry]] = [
        Column("settled", SETTLED, 4, lambda e: e.project.findings.answered, "count", group, total="sum")
    ]
    listed: list[Column[ResultEntry]] = [
        Column("of_the_list", "清单", 3.5, lambda e: e.project.findings.of_the_list, "count", group, total="sum")
    ]
    return [
        Column("errors", Severity.ERROR.label, 3.5, lambda e: e.project.findings.error, "count", group, total="sum"),
        Column(
            "warnings",
            Severity.WARNING.label,
            3.5,
            lambda e: e.project.findings.unanswered,
            "count",
            group,
            total="sum",
        ),
        *(settled if any(c.answered for c in counts) else ()),
        Column("infos", Severity.INFO.label, 3.5, lambda e: e.project.findings.info, "count", group, total="sum"),
        *(listed if any(c.of_the_list for c in counts) else ()),
    ]


def _file_columns(places: OutputLinks) -> list[Column[ResultEntry]]:
    return [
        Column(
            "file",
            "报送文件",
            20 if places.inbox is None else 5.5,
            lambda e: name_or_open(e.project.file, places.submitted(e.project.file)),
            "text_center",
            printed=False,
            whole=True,
        ),
        Column(
            "report",
            "自评报告",
            5.5,
            lambda e: _link_to_open(places.report(e.project.code)),
            "text_center",
            printed=False,
        ),
    ]


def name_or_open(file: str, target: str) -> Link:
    """A file to open, where it is there; else its name."""
    return Link("打开" if target else file, target)


def _link_to_open(target: str) -> Link:
    return Link("打开" if target else "", target)


def link_to_cell(places: OutputLinks, file: str, sheet: str, cell: str) -> Link:
    """A cell of a submitted workbook, as a link where the file is there."""
    text = f"{sheet}!{cell}" if sheet and cell else sheet or cell
    return Link(text, places.submitted(file, sheet, cell) if text else "")


def missing_columns() -> list[Column[MissingRow]]:
    """One row per project that did not come back."""
    return [
        Column("department", "主管部门", 24, lambda m: m.department or NO_DEPARTMENT),
        Column("unit", "实施单位", 28, lambda m: m.unit or NO_UNIT),
        Column("code", "项目编码", 16, lambda m: m.code),
        Column("name", "项目名称", 44, lambda m: m.name),
        Column("reason", "原因", 30, lambda m: m.reason),
    ]


# -- below a table ----------------------------------------------------------------------------------------------------


def draw_legend(sheet: Sheet, row: int, col: int, legend: Mapping[str, Mapping[str, Tint]]) -> None:
    """What the colours mean: a row for each kind, its name up to column ``col``."""
    for at, (kind, tints) in enumerate(legend.items(), row):
        sheet.merge(at, 1, at, col, f"颜色说明　{kind}", NAMED["note_line"].but(align="right", size=SMALL))
        for i, (text, tint) in enumerate(tints.items(), col + 1):
            look = NAMED["text_center"].but(size=SMALL, wrap=False, shrink=True, fill=tint.fill, colour=tint.colour)
            sheet.write(at, i, text, look)


SIGNATURE_HEIGHT = 34
"""Points."""
_SIGNERS = ("填表人：", "复核人：", "单位负责人（签字）：", "单位（盖章）：", "年　　月　　日")


def draw_signatures(sheet: Sheet, row: int, table: Table[Any]) -> None:
    """Where those who answer for a printed table sign, spread over its width."""
    left = column_room(table.printed_width) - measure_text("".join(_SIGNERS))
    gap = "　" * max(1, min(10, left // (em_width() * (len(_SIGNERS) - 1))))
    sheet.merge(row, 0, row, table.last_printed, gap.join(_SIGNERS), StyleSpec(size=BODY_SIZE))
    sheet.row_height(row, SIGNATURE_HEIGHT)


# -- whole sheets -----------------------------------------------------------------------------------------------------

PROJECTS, MISSING = "项目得分", "未报清单"
WHOLE_TEXT = "全文见报送的表"
"""Where a text stands whole that no row of a sheet is high enough for."""


def draw_missing(sheet: Sheet, result: ReviewResult) -> Table[MissingRow]:
    """The sheet of projects that did not come back."""
    table = Table(sheet, missing_columns(), sheet.title, f"共 {len(result.missing)} 个项目")
    table.add_all(result.missing)
    table.finish()
    return table
