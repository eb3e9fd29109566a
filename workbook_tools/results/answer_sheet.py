"""提醒说明: what units were asked and answered, and the yellow cells in which finance accepts an answer or refuses it.

The reader finds these columns by the headings that are said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding
from workbook_tools.core.questions import find_key, is_question
from workbook_tools.core.review_result import ReviewResult, Ruling
from workbook_tools.excel.columns import SMALL, Column, is_too_long, widen
from workbook_tools.excel.styles import ERROR_TINT, NOTICE_TINT, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import WHOLE_TEXT, link_to_cell

ANSWERS, UNUSED_RULINGS = "提醒说明", "未用接受说明"
"""The sheets on which rulings stand: beside the questions of the review, and those whose question has gone."""
CODE, NUMBER, ANSWER = "项目编码", "编号", "单位说明"
RULING, REASON, BY = "接受说明", "意见", "接受人"
NOTE = (
    "提醒不一定是错：单位改正，或者说明。已说明的看单位写的是否说得通，在右侧黄色单元格选“接受”或“不接受”（写明意见），填接受人，保存。\n"
    "不接受的，运行 wbt return 时带着意见再问单位。没有说明的也可以直接接受：您已自行核实，不再问单位。不填的，已说明的就算说明过了。"
)
ANSWERED, OPEN = "已说明", "待说明"
_ORDER = (ANSWERED, REFUSED, OPEN, ACCEPTED)
"""What finance looks at first stands first."""
_TINTS = {ANSWERED: NOTICE_TINT, REFUSED: ERROR_TINT, OPEN: WARNING_TINT, ACCEPTED: OK_TINT}

Rulings = Mapping[tuple[str, str], Ruling]
"""By project and question."""


@dataclass(frozen=True, slots=True)
class AskedEntry:
    """A question to a unit, and its project's name."""

    row: Finding
    name: str
    ruling: Ruling | None

    @property
    def key(self) -> tuple[str, str]:
        """Project and question, by which it is read back."""
        return self.row.project_code, find_key(self.row).number

    @property
    def state(self) -> str:
        """Where the question stands."""
        if self.row.ruling:
            return self.row.ruling
        return ANSWERED if self.row.answer else OPEN


def list_questions(result: ReviewResult, rulings: Rulings) -> list[AskedEntry]:
    """Every question of the result once, those first that wait for finance."""
    names = {row.code: row.name for row in result.projects}
    found: dict[tuple[str, str], AskedEntry] = {}
    for row in result.findings:
        if is_question(row):
            key = (row.project_code, find_key(row).number)
            found.setdefault(key, AskedEntry(row, names.get(row.project_code, ""), rulings.get(key)))
    return sorted(found.values(), key=lambda entry: _ORDER.index(entry.state))


def answer_columns(places: OutputLinks) -> list[Column[AskedEntry]]:
    """The questions, the answers, the yellow cells with what was typed into them, and by what they are read back."""

    def typed(read: Callable[[Ruling], Scalar]) -> Callable[[AskedEntry], Scalar]:
        return lambda e: read(e.ruling) if e.ruling else None

    return [
        Column("state", "情况", 5.5, lambda e: e.state, "text_center"),
        Column("project", "项目", 12, lambda e: e.name),
        Column("cell", "位置", 11, lambda e: link_to_cell(places, e.row.file, e.row.sheet, e.row.cell)),
        Column("message", "提醒", 25, _say_question),
        Column("found", "现为", 8, lambda e: e.row.found),
        Column("expected", "应为", 8, lambda e: e.row.expected),
        Column("answer", ANSWER, 27, lambda e: e.row.answer, whole=True),
        Column("ruling", RULING, 7, typed(lambda r: r.ruling), "input_center"),
        Column("reason", REASON, 17, typed(lambda r: r.reason), "input"),
        Column("by", BY, 6.5, typed(lambda r: r.by), "input_center"),
        Column("at", "接受时间", 8, lambda e: e.row.ruled_at, "text_center", printed=False),
        Column("code", CODE, 9.5, lambda e: e.row.project_code, printed=False, whole=True),
        Column("number", NUMBER, 12, lambda e: e.key[1], "key", printed=False),
    ]


def _say_question(entry: AskedEntry) -> str:
    row = entry.row
    parts = [f"{row.field}：{row.message}" if row.field and row.field not in row.message else row.message]
    if row.for_finance:
        parts.append(f"（{row.for_finance}）")
    if row.earlier_answer:
        parts.append(f"数字改变以前说：{row.earlier_answer}")
    if is_too_long(row.answer):
        parts.append("（单位说明很长：选中那一格，在上方编辑栏看全文）")
    return "\n".join(parts)


def draw_answers(sheet: Sheet, result: ReviewResult, places: OutputLinks, rulings: Rulings) -> Table[AskedEntry]:
    """Fill the sheet."""
    asked = list_questions(result, rulings)
    table = Table(sheet, widen(answer_columns(places), asked, "answer"), sheet.title, NOTE, size=SMALL, rest=WHOLE_TEXT)
    table.add_all(asked)
    table.finish(keep=2)
    table.tint("state", _TINTS)
    _guard(table)
    return table


def _guard(table: Table[AskedEntry]) -> None:
    options = {"validate": "list", "source": [ACCEPTED, REFUSED], "ignore_blank": True, "error_title": "填写有误"}
    hint = "说得通的选“接受”；要再问单位的选“不接受”，并在“意见”中写明理由。"
    table.validate("ruling", {**options, "input_title": RULING, "input_message": hint, "error_message": hint})


_UNUSED_COLUMNS: tuple[Column[Ruling], ...] = (
    Column("code", CODE, 12, lambda r: r.project_code, whole=True),
    Column("question", "提醒", 40, lambda r: r.question, whole=True),
    Column("answer", ANSWER, 34, lambda r: r.answer, whole=True),
    Column("ruling", RULING, 9, lambda r: r.ruling, "input_center"),
    Column("reason", REASON, 24, lambda r: r.reason, "input"),
    Column("by", BY, 9, lambda r: r.by, "input_center"),
    Column("at", "接受时间", 15, lambda r: r.at, "text_center"),
    Column("number", NUMBER, 18, lambda r: r.number, "key"),
)


def find_unused_rulings(result: ReviewResult, rulings: Iterable[Ruling]) -> list[Ruling]:
    """Those whose question the review does not have (any more)."""
    given = list(rulings)
    codes = {ruling.project_code for ruling in given}
    about = (row for row in result.findings if row.project_code in codes and is_question(row))
    asked = {(row.project_code, find_key(row).number) for row in about}
    return [ruling for ruling in given if ruling.key not in asked]


def draw_unused_rulings(sheet: Sheet, rulings: Sequence[Ruling]) -> None:
    """The sheet on which they are kept until their question is back."""
    note = "这些提醒已不在审核结果中（改正了，或者项目没有报来）；同样的提醒再出现时自动采用，不再需要的请删除该行"
    table = Table(sheet, _UNUSED_COLUMNS, sheet.title, note)
    table.add_all(rulings)
    table.finish()


def list_in_force(result: ReviewResult) -> Iterator[Ruling]:
    """The rulings that a result carries."""
    for row in result.findings:
        if row.ruling and is_question(row):
            yield Ruling(
                project_code=row.project_code,
                number=find_key(row).number,
                answer=row.answer,
                ruling=row.ruling,
                reason=row.ruling_reason,
                by=row.ruled_by,
                at=row.ruled_at,
                question=row.message,
            )
