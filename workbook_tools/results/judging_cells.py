"""核定 on a sheet: the yellow cells of 审核结果 in which finance judges a score, and what 汇总 shows of it.

The reader finds these columns by the headings that are said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbook_tools.core.cells import address
from workbook_tools.core.review_result import Judgement, JudgementKey, ReviewResult
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.excel.columns import Column
from workbook_tools.excel.styles import ERROR_TINT, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table, first_row
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.results.facts import IndicatorEntry, indicator_entries
from workbook_tools.results.indicator_table import indicator_columns
from workbook_tools.results.output_links import OutputLinks

INDICATORS, UNUSED = "指标得分", "未用核定"
"""The sheets on which judgements stand: those of the review's indicators, and those whose indicator has gone."""
KEY_HEADERS = ("项目编码", "一级指标", "二级指标", "三级指标")
COMPUTED, SCORE, REASON, BY = "得分", "核定得分", "核定理由", "核定人"
AT, _STATE = "核定时间", "核定情况"
JUDGING_NOTE = (
    "得分由程序按评分方案统一计算，“得分说明”写明算式；失分＝权重－得分。"
    "需要改变得分的，在右侧黄色单元格填写核定得分（0 至权重）、核定理由和核定人，保存后运行 wbt merge、wbt report"
)
_ADOPTED, _CHANGED, _REFUSED = "已采用", "已采用，请复核", "未采用，见问题清单"

Judgements = Mapping[JudgementKey, Judgement]


def judging_columns(judgements: Judgements) -> list[Column[IndicatorEntry]]:
    """The yellow cells with what was typed into them, and what became of it."""

    def typed(read: Callable[[Judgement], Scalar]) -> Callable[[IndicatorEntry], Scalar]:
        return lambda e: read(judgements[e.key]) if e.key in judgements else None

    return [
        Column("judged_score", SCORE, 6.5, typed(lambda j: j.score), "input_number"),
        Column("judged_reason", REASON, 13, typed(lambda j: j.reason), "input"),
        Column("judged_by", BY, 6, typed(lambda j: j.by), "input_center"),
        Column("judged_state", _STATE, 8, lambda e: _describe_state(e) if e.key in judgements else "", printed=False),
        Column("judged_at", AT, 8, lambda e: e.row.reviewed_at, "text_center", printed=False),
    ]


def judged_columns() -> list[Column[IndicatorEntry]]:
    """The judgements in force, for 汇总."""
    return [
        Column("judged_score", SCORE, 6.5, lambda e: e.row.reviewed_score, "decimal"),
        Column("judged_reason", REASON, 13, lambda e: e.row.review_reason),
        Column("judged_by", BY, 6, lambda e: e.row.reviewed_by, "text_center"),
        Column("judged_at", AT, 8, lambda e: e.row.reviewed_at, "text_center", printed=False),
    ]


def has_changed(computed: float | None, now: float | None) -> bool:
    """The computed score is no longer the one that was judged."""
    if computed is None or now is None:
        return computed is not now
    return not NOISE.same(computed, now)


def _describe_state(entry: IndicatorEntry) -> str:
    if entry.row.reviewed_score is None:
        return _REFUSED
    return _CHANGED if has_changed(entry.row.reviewed_from, entry.row.score) else _ADOPTED


def guard_judging_cells(table: Table[IndicatorEntry]) -> None:
    """Limits and a hint on the yellow cells, and colours for what became of them.

    A weight of 12.857 may be typed as it is printed, 12.86: what the reader takes, the cell takes.
    """
    weight = table.address("weight", table.first)
    hint = "填写核定后的得分（0 至权重，只填数字），并写明核定理由和核定人；不改变得分的不填。"
    table.validate(
        "judged_score",
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": f"={weight}+{PRINTED.value:g}",
            "ignore_blank": True,
            "input_title": SCORE,
            "input_message": hint,
            "error_title": "填写有误",
            "error_message": "核定得分应在 0 至该指标的权重之间，只填数字。",
        },
    )
    table.tint("judged_state", {_ADOPTED: OK_TINT, _CHANGED: WARNING_TINT, _REFUSED: ERROR_TINT})


def _key_part(i: int) -> Callable[[Judgement], str]:
    return lambda judgement: str(judgement.key[i])


_UNUSED_COLUMNS: tuple[Column[Judgement], ...] = (
    *(
        Column(f"key_{i}", header, width, _key_part(i), whole=True)
        for i, (header, width) in enumerate(zip(KEY_HEADERS, (14, 14, 18, 28), strict=True))
    ),
    Column("computed", COMPUTED, 9, lambda j: j.computed, "decimal"),
    Column("judged_score", SCORE, 9, lambda j: j.score, "input_number"),
    Column("judged_reason", REASON, 36, lambda j: j.reason, "input"),
    Column("judged_by", BY, 10, lambda j: j.by, "input_center"),
    Column("judged_at", AT, 16, lambda j: j.at, "text_center"),
)


def find_unused(result: ReviewResult, judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements whose indicator the review does not have (any more)."""
    given = list(judgements)
    known = {entry.key for entry in indicator_entries(result)} if given else ()
    return [judgement for judgement in given if judgement.key not in known]


def draw_unused(sheet: Sheet, judgements: Sequence[Judgement]) -> None:
    """The sheet on which they are kept until their indicator is back."""
    note = "这些核定对应的项目或指标已不在审核结果中，没有采用；项目或指标恢复后自动采用，不再需要的请删除该行"
    table = Table(sheet, _UNUSED_COLUMNS, sheet.title, note)
    table.add_all(judgements)
    table.finish()


def locate_judgements(result: ReviewResult, judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements with the cells in which a new 审核结果 of this result will hold them."""
    given = list(judgements)
    if not given:
        return []
    columns = indicator_columns(result, OutputLinks(Path()), judging_columns({}))
    main = _locate_cells(
        [column.key for column in columns], first_row(columns), [e.key for e in indicator_entries(result)]
    )
    rest = find_unused(result, given)
    kept = _locate_cells([c.key for c in _UNUSED_COLUMNS], first_row(_UNUSED_COLUMNS), [j.key for j in rest])
    return [
        replace(j, sheet=INDICATORS if j.key in main else UNUSED, cell=main.get(j.key) or kept[j.key]) for j in given
    ]


def _locate_cells(columns: Sequence[str], first: int, keys: Sequence[JudgementKey]) -> dict[JudgementKey, str]:
    col = columns.index("judged_score")
    return {key: address(first + i, col) for i, key in enumerate(keys)}
