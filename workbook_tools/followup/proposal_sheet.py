"""结果应用建议.xlsx: the proposals, with room for what finance decides, and what they come to by grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbook_tools.core.cells import address
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.headings import cell_text
from workbook_tools.excel.styles import BLUE_FILL, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import ROW_HEIGHT, Table
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.followup.proposals import BudgetProposal
from workbook_tools.results.tables import SIGNATURE_HEIGHT, draw_signatures
from workbook_tools.review.guarded_reading import TypedBook
from workbook_tools.rules.expr import Ref
from workbook_tools.rules.functions import Round

SHEET, GRADES, UNUSED = "结果应用建议", "分等级", "没有对上的"
DECISION, DECIDED, BY, CODE, NUMBER = "财政意见", "财政核定\n（万元）", "经办人", "项目编码", "编号"
_TYPED = (DECISION, DECIDED, BY)
_STATE = {"": "", "new": "已填", "old": "建议有变，请复核"}
_NOTE = (
    "建议由等级按规则得出，“依据”写明是哪条规则，“通用建议”可在 wbt.toml 的 [outcome] 里改；怎样安排由财政部门决定，填在黄色的格里，再生成时保留。\n"
    "建议金额＝全年预算×比例；没有写比例的只提建议，不算金额。"
)
_UNUSED_NOTE = "填过意见、现在清单里没有的项目；不再需要的把填的内容删去，再生成时就没有了。"


@dataclass(frozen=True, slots=True)
class TypedDecision:
    """What finance has typed beside a proposal."""

    code: str
    decision: str
    amount: Scalar
    by: str
    mark: str
    """Digest of the proposal that stood beside it when it was typed."""


_Line = tuple[int, BudgetProposal, TypedDecision | None]


def draw_proposals(proposals: Sequence[BudgetProposal], typed: Mapping[str, TypedDecision], title: str) -> bytes:
    """The workbook; ``typed`` by code, also of projects that are not there any more."""
    codes = {proposal.code for proposal in proposals}
    rest = [one for code, one in typed.items() if code not in codes]
    with Book(title=title, kind=SHEET) as book:
        sheet, grades, *others = map(book.sheet, (SHEET, GRADES, *([UNUSED] if rest else [])))
        table = Table(sheet, _proposal_columns(), title, _NOTE, size=SMALL)
        table.add_all([(n, one, typed.get(one.code)) for n, one in enumerate(proposals, 1)])
        if proposals:
            table.add_total({"name": "合计"}, BLUE_FILL)
        table.finish(keep=3, foot=[ROW_HEIGHT, SIGNATURE_HEIGHT])
        table.tint("state", {_STATE["new"]: OK_TINT, _STATE["old"]: WARNING_TINT})
        limits = {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True}
        hint = {"input_title": "财政核定", "input_message": "万元，只写数字；与建议相同也要填，不填的不算。"}
        refusal = {"error_title": "填写有误", "error_message": "请只填数字（万元），不能为负。"}
        table.validate("decided", limits | hint | refusal)
        draw_signatures(sheet, table.next + 1, table)
        _draw_grades(grades, proposals)
        for other in others:
            unused = Table(other, _UNUSED_COLUMNS, UNUSED, _UNUSED_NOTE)
            unused.add_all(rest)
            unused.finish(keep=1)
    return book.bytes()


def _proposal_columns() -> list[Column[_Line]]:
    return [
        Column("number", "序号", 5, lambda e: e[0], "text_center"),
        Column("code", CODE, 9, lambda e: e[1].code, whole=True),
        Column("name", "项目名称", 18, lambda e: e[1].name),
        Column("department", "主管部门", 11, lambda e: e[1].department),
        Column("unit", "实施单位", 11, lambda e: e[1].unit),
        Column("budget", "全年预算\n（万元）", 10, lambda e: e[1].budget, "money", total="sum"),
        Column("rate", "预算\n执行率", 8, lambda e: e[1].rate, "percent"),
        Column("score", "得分", 7, lambda e: e[1].score, "decimal", total="mean"),
        Column("grade", "等级", 7, lambda e: e[1].grade, "text_center"),
        Column("advice", "建议", 14, lambda e: e[1].advice),
        Column("share", "比例", 7, lambda e: e[1].share, "percent"),
        Column("amount", "建议金额\n（万元）", 10, lambda e: e[1].amount, "money", rule=Round(Ref("budget") * Ref("share"), 2), total="sum"),
        Column("source", "依据", 20, lambda e: e[1].source),
        Column("decision", DECISION, 14, lambda e: e[2].decision if e[2] else "", "input", whole=True),
        Column("decided", DECIDED, 10, lambda e: e[2].amount if e[2] else None, "input_number", total="sum"),
        Column("by", BY, 7, lambda e: e[2].by if e[2] else "", "input_center", whole=True),
        Column("state", "状态", 9, lambda e: _tell_state(e[1], e[2]), "text_center", printed=False),
        Column("key", NUMBER, 9, lambda e: _mark(e[1], e[2]), "key", printed=False),
    ]  # fmt: skip


def _mark(proposal: BudgetProposal, typed: TypedDecision | None) -> str:
    """Of the proposal that a decision was made on; of the present one where there is none yet."""
    return typed.mark if typed else digest_facts(proposal.mark)[:8]


def _tell_state(proposal: BudgetProposal, typed: TypedDecision | None) -> str:
    if typed is None:
        return _STATE[""]
    return _STATE["new" if typed.mark == digest_facts(proposal.mark)[:8] else "old"]


_UNUSED_COLUMNS: tuple[Column[TypedDecision], ...] = (
    Column("code", CODE, 14, lambda t: t.code, whole=True),
    Column("decision", DECISION, 40, lambda t: t.decision, "input", whole=True),
    Column("decided", DECIDED, 12, lambda t: t.amount, "input_number"),
    Column("by", BY, 10, lambda t: t.by, "input_center", whole=True),
    Column("key", NUMBER, 12, lambda t: t.mark, "key", printed=False),
)

_GradeLine = tuple[str, list[BudgetProposal]]
_GRADE_COLUMNS: tuple[Column[_GradeLine], ...] = (
    Column("grade", "等级", 16, lambda g: g[0] or "没有等级", "text_center"),
    Column("advice", "建议", 30, lambda g: "；".join(dict.fromkeys(one.advice for one in g[1] if one.advice))),
    Column("count", "项目数", 10, lambda g: len(g[1]), "count", total="sum"),
    Column("budget", "全年预算（万元）", 18, lambda g: sum(one.budget or 0.0 for one in g[1]), "money", total="sum"),
    Column("amount", "建议金额（万元）", 18, lambda g: sum(one.amount or 0.0 for one in g[1]), "money", total="sum"),
)


def _draw_grades(sheet: Sheet, proposals: Sequence[BudgetProposal]) -> None:
    ranks = {grade: place for place, grade in enumerate(_rank_grades(proposals))}
    ordered = sorted(proposals, key=lambda one: ranks[one.grade])
    table: Table[_GradeLine] = Table(sheet, _GRADE_COLUMNS, GRADES, "没有写比例的建议不算金额")
    table.add_all([(grade, list(members)) for grade, members in groupby(ordered, key=lambda one: one.grade)])
    if proposals:
        table.add_total({"grade": "合计"}, BLUE_FILL)
    table.finish(keep=1)


def _rank_grades(proposals: Sequence[BudgetProposal]) -> list[str]:
    """The grades, the one with the highest points first; last those that have none."""
    best: dict[str, float] = {}
    for one in proposals:
        best[one.grade] = max(best.get(one.grade, -1.0), one.score or -1.0)
    return sorted(best, key=lambda grade: (not grade, -best[grade]))


# -- reading back -----------------------------------------------------------------------------------------------------


def read_decisions(path: Path) -> dict[str, TypedDecision]:
    """What finance has typed into such a workbook, by code; nothing where there is none. Raises SettingsError."""
    if not path.is_file():
        return {}
    try:
        book = TypedBook(path)
        sheets = [sheet for sheet in (UNUSED, SHEET) if sheet in book.sheets]
        if SHEET not in sheets:
            raise KeyError(SHEET)
        return {one.code: one for sheet in sheets for one in _read_sheet(book, sheet)}
    except (UnreadableWorkbook, KeyError) as exc:
        why = exc.message if isinstance(exc, UnreadableWorkbook) else f"找不到工作表或列“{exc.args[0]}”"
        raise SettingsError(f"“{path}”无法读取：{why}。请恢复后再运行，或把它移走（里面填的不再采用）。") from None


def _read_sheet(book: TypedBook, sheet: str) -> Iterator[TypedDecision]:
    wanted = (CODE, *_TYPED, NUMBER)
    table = book.find_table(sheet, wanted)
    if lost := [name for name in wanted if name not in table.columns]:
        raise KeyError(lost[0].replace("\n", ""))
    for row, cells in table.rows:
        code, decision, by = (cell_text(cells[name]) for name in (CODE, DECISION, BY))
        amount = cells[DECIDED]
        if isinstance(amount, str) and amount.strip():
            place = address(row, table.columns[DECIDED])
            raise SettingsError(
                f"“{sheet}”{place} 的财政核定应为数字（万元），现为“{amount}”。请改好、保存、关闭后再运行。"
            )
        number = amount if isinstance(amount, float) else None
        if code and (decision or by or number is not None):
            yield TypedDecision(code, decision, number, by, cell_text(cells[NUMBER]))
