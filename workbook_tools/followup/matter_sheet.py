"""整改事项.xlsx: what may need mending, for finance to choose from; and what has become of what was chosen, for finance to conclude.

The program fills in what it knows and decides nothing. What is typed into the yellow cells stays from one run to the next; it is read
back by the number in its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from workbook_tools.core.cells import address
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.headings import cell_text
from workbook_tools.excel.long_tables import FoundTable
from workbook_tools.excel.styles import BLUE_FILL, ERROR_TINT, INFO_TINT, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.followup.due_matters import OVER, tell_state
from workbook_tools.followup.matter_history import MatterHistory, MatterState, MendingVerdict
from workbook_tools.followup.matters import Matter
from workbook_tools.review.guarded_reading import TypedBook

KIND = "整改事项"
CHOOSING, FOLLOWING, BY_UNIT, UNUSED = "整改事项", "整改情况", "分单位", "没有对上的"
WANTED, ADVICE, DUE, BY, NUMBER = "是否整改", "整改要求和建议", "整改期限", "经办人", "编号"
VERDICT, REMARK, CHECKED_BY = "整改结论", "整改结果和结论说明", "核查人"
YES, NO = "是", "否"
UNDECIDED, LEFT, TO_SEND = "待定", "不整改", "待发通知"
"""Where a matter stands that no unit was told of."""
_CHOOSING_NOTE = (
    "列出的只是备选：没有报送的、审核的错误、失分较多的指标和别处转来的。要不要整改由财政部门定：在黄色的“是否整改”里选“是”或“否”，"
    "“整改要求和建议”可以改，与通知的期限不同的才写整改期限。\n选好保存、关闭，运行 wbt rectify --send 向单位发通知；填的内容再生成时都保留。"
)
_FOLLOWING_NOTE = (
    "发过通知的事项。单位答复以后，核查了就在黄色的格里选结论、写说明和核查人，再运行 wbt rectify 登记进台账。\n"
    "选“继续整改”的可以再发一次通知；又来了新的答复，上次的结论移到“已登记的结论”，请重新填。"
)
_UNUSED_NOTE = "填过、现在不在备选里的事项；不再需要的把填的内容删去，再生成时就没有了。"


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """What finance has typed beside a matter that may need mending."""

    number: str
    wanted: str
    """是, 否, or blank."""
    advice: str
    due: str
    by: str
    place: str = field(default="", compare=False)
    """Of the term: 整改事项!J7."""

    @property
    def chosen(self) -> bool:
        """It is to be mended."""
        return self.wanted == YES


@dataclass(frozen=True, slots=True)
class TypedVerdict:
    """What finance has typed beside the answer to a matter."""

    number: str
    mark: str
    """Of the history that stood beside it."""
    verdict: MendingVerdict
    remark: str
    by: str


@dataclass(frozen=True, slots=True)
class TypedMatters:
    """All that was typed, by the numbers of the matters."""

    choices: Mapping[str, TypedChoice] = field(default_factory=dict)
    verdicts: Mapping[str, TypedVerdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter, what was typed beside it, and what has become of it."""

    place: int
    matter: Matter
    typed: TypedChoice | None
    history: MatterHistory | None

    @property
    def advice(self) -> str:
        """What is required: as finance worded it, or proposed."""
        return self.typed.advice if self.typed and self.typed.advice else self.matter.advice

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.history:
            return self.history.state
        if self.typed is None or not self.typed.wanted:
            return UNDECIDED
        return TO_SEND if self.typed.chosen else LEFT

    def is_over(self, now: datetime) -> bool:
        """The unit is to mend it, and its term has passed."""
        return self.history is not None and self.history.is_over(now)


def draw_matters(
    lines: Sequence[MatterLine],
    histories: Sequence[MatterHistory],
    unused: Sequence[TypedChoice],
    title: str,
    now: datetime,
) -> bytes:
    """The workbook: ``lines`` the candidates, ``histories`` what units were told of, ``unused`` what was typed and is none any more."""
    with Book(title=title, kind=KIND) as book:
        sheets = [book.sheet(name) for name in (CHOOSING, FOLLOWING, BY_UNIT, *([UNUSED] if unused else []))]
        table = Table(sheets[0], _choosing_columns(), title, _CHOOSING_NOTE, size=SMALL)
        table.add_all(lines)
        table.finish(keep=3)
        table.validate("wanted", _list_of(YES, NO))
        table.tint("state", {TO_SEND: WARNING_TINT, **_STATE_TINTS})
        followed = Table(sheets[1], _following_columns(now), f"{title}——{FOLLOWING}", _FOLLOWING_NOTE, size=SMALL)
        followed.add_all(list(enumerate(histories, 1)))
        followed.finish(keep=3)
        followed.validate("verdict", _list_of(*MendingVerdict))
        followed.tint("state", _STATE_TINTS)
        _draw_units(Table(sheets[2], _unit_columns(now), BY_UNIT, "各单位的事项，按现在的状态"), lines)
        for sheet in sheets[3:]:
            left = Table(sheet, _UNUSED_COLUMNS, UNUSED, _UNUSED_NOTE)
            left.add_all(unused)
            left.finish()
    return book.bytes()


_STATE_TINTS = {
    OVER: ERROR_TINT,
    MatterState.AGAIN: WARNING_TINT,
    MatterState.TO_CHECK: INFO_TINT,
    MatterState.CLOSED: OK_TINT,
}


def _list_of(*words: str) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(words),
        "ignore_blank": True,
        "error_title": "填写有误",
        "error_message": "请从下拉列表中选择。",
    }


def _choosing_columns() -> list[Column[MatterLine]]:
    return [
        Column("place", "序号", 5, lambda e: e.place, "text_center"),
        Column("code", "项目编码", 9, lambda e: e.matter.code),
        Column("name", "项目名称", 15, lambda e: e.matter.name),
        Column("department", "主管部门", 10, lambda e: e.matter.department),
        Column("unit", "实施单位", 10, lambda e: e.matter.unit),
        Column("origin", "来源", 7, lambda e: e.matter.origin, "text_center"),
        Column("found", "发现的问题", 34, lambda e: e.matter.found),
        Column("wanted", WANTED, 6, lambda e: e.typed.wanted if e.typed else "", "input_center", whole=True),
        Column("advice", ADVICE, 28, lambda e: e.advice, "input", whole=True),
        Column("due", DUE, 10, lambda e: e.typed.due if e.typed else "", "input_center", whole=True),
        Column("by", BY, 7, lambda e: e.typed.by if e.typed else "", "input_center", whole=True),
        Column("state", "状态", 8, lambda e: e.state, "text_center"),
        Column("key", NUMBER, 9, lambda e: e.matter.number, "key", printed=False),
    ]


_Followed = tuple[int, MatterHistory]


def _following_columns(now: datetime) -> list[Column[_Followed]]:
    def last(line: _Followed, part: str) -> str:
        answers = line[1].answers
        return str(getattr(answers[-1], part)) if answers else ""

    return [
        Column("place", "序号", 5, lambda e: e[0], "text_center"),
        Column("code", "项目编码", 9, lambda e: e[1].matter.code),
        Column("unit", "实施单位", 10, lambda e: e[1].matter.unit),
        Column("found", "发现的问题", 20, lambda e: e[1].matter.found),
        Column("advice", "整改要求", 16, lambda e: e[1].matter.advice),
        Column("sent", "通知", 9, _tell_notices, "text_center"),
        Column("due", "期限", 9, lambda e: _day(e[1].due), "text_center"),
        Column("measure", "整改措施", 17, lambda e: last(e, "measure")),
        Column("result", "整改结果", 17, _tell_result),
        Column("evidence", "佐证材料", 10, lambda e: last(e, "evidence")),
        Column("answered", "答复", 9, _tell_answers, "text_center"),
        Column("state", "状态", 8, lambda e: tell_state(e[1], now), "text_center"),
        Column("verdict", VERDICT, 8, lambda e: _stands(e, "verdict"), "input_center", whole=True),
        Column("remark", REMARK, 16, lambda e: _stands(e, "remark"), "input", whole=True),
        Column("by", CHECKED_BY, 7, lambda e: _stands(e, "by"), "input_center", whole=True),
        Column("earlier", "已登记的结论", 18, _tell_conclusions, printed=False),
        Column("key", NUMBER, 12, lambda e: f"{e[1].number}-{e[1].mark}", "key", printed=False),
    ]


def _stands(line: _Followed, part: str) -> str:
    found = line[1].standing_conclusion
    return str(getattr(found, part)) if found else ""


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d}" if moment else ""


def _times(count: int, moment: datetime | None) -> str:
    return _day(moment) + (f"\n（第 {count} 次）" if count > 1 else "")


def _tell_notices(line: _Followed) -> str:
    notices = line[1].notices
    return _times(len(notices), notices[-1].at)


def _tell_answers(line: _Followed) -> str:
    answers = line[1].answers
    return _times(len(answers), answers[-1].at) + f"\n{answers[-1].by}" if answers else ""


def _tell_result(line: _Followed) -> str:
    if not (answers := line[1].answers):
        return ""
    term = f"（{answers[-1].term}）" if answers[-1].term else ""
    return answers[-1].result + term


def _tell_conclusions(line: _Followed) -> str:
    told = (f"{_day(one.at)} {one.verdict}（{one.by}）{one.remark}" for one in line[1].conclusions)
    return "\n".join(told)


_UNUSED_COLUMNS: tuple[Column[TypedChoice], ...] = (
    Column("wanted", WANTED, 10, lambda t: t.wanted, "input_center", whole=True),
    Column("advice", ADVICE, 60, lambda t: t.advice, "input", whole=True),
    Column("due", DUE, 16, lambda t: t.due, "input_center", whole=True),
    Column("by", BY, 12, lambda t: t.by, "input_center", whole=True),
    Column("key", NUMBER, 14, lambda t: t.number, "key"),
)

_UnitLine = tuple[str, str, list[MatterLine]]


def _unit_columns(now: datetime) -> list[Column[_UnitLine]]:
    def count(of: str) -> Column[_UnitLine]:
        return Column(of, of, 12, lambda e: sum(line.state == of for line in e[2]) or None, "count", total="sum")

    return [
        Column("department", "主管部门", 24, lambda e: e[0]),
        Column("unit", "实施单位", 26, lambda e: e[1]),
        Column("all", "事项", 10, lambda e: len(e[2]), "count", total="sum"),
        *map(count, (UNDECIDED, LEFT, TO_SEND, *MatterState)),
        Column("over", OVER, 12, lambda e: sum(line.is_over(now) for line in e[2]) or None, "count", total="sum"),
    ]


def _draw_units(table: Table[_UnitLine], lines: Sequence[MatterLine]) -> None:
    groups: dict[tuple[str, str], list[MatterLine]] = {}
    for line in lines:
        groups.setdefault((line.matter.department, line.matter.unit), []).append(line)
    table.add_all([(*key, own) for key, own in groups.items()])
    if groups:
        table.add_total({"department": "合计"}, BLUE_FILL)
    table.finish(keep=2)


# -- reading back -----------------------------------------------------------------------------------------------------


def read_matters(path: Path) -> TypedMatters:
    """What finance has typed into such a workbook; nothing where there is none. Raises SettingsError that names the cell."""
    if not path.is_file():
        return TypedMatters()
    try:
        book = TypedBook(path)
        for sheet in (CHOOSING, FOLLOWING):
            if sheet not in book.sheets:
                raise KeyError(sheet)
        sheets = [sheet for sheet in (UNUSED, CHOOSING) if sheet in book.sheets]
        choices = {one.number: one for sheet in sheets for one in _read_choices(book, sheet)}
        return TypedMatters(choices, {one.number: one for one in _read_verdicts(book)})
    except (UnreadableWorkbook, KeyError) as exc:
        why = exc.message if isinstance(exc, UnreadableWorkbook) else f"找不到工作表或列“{exc.args[0]}”"
        raise SettingsError(f"“{path}”无法读取：{why}。请恢复后再运行，或把它移走（里面填的不再采用）。") from None


def _find_table(book: TypedBook, sheet: str, wanted: Sequence[str]) -> FoundTable:
    table = book.find_table(sheet, wanted)
    if lost := [name for name in wanted if name not in table.columns]:
        raise KeyError(lost[0])
    return table


def _read_choices(book: TypedBook, sheet: str) -> Iterator[TypedChoice]:
    table = _find_table(book, sheet, (WANTED, ADVICE, DUE, BY, NUMBER))
    for row, cells in table.rows:
        wanted, advice, due, by, number = (cell_text(cells[name]) for name in (WANTED, ADVICE, DUE, BY, NUMBER))
        due = due.removesuffix("T00:00:00")  # a cell that a program has made a date of
        if wanted not in ("", YES, NO):
            _refuse(sheet, row, table.columns[WANTED], WANTED, f"应为“{YES}”或“{NO}”，现为“{wanted}”")
        if number:
            yield TypedChoice(number, wanted, advice, due, by, f"{sheet}!{address(row, table.columns[DUE])}")


def _read_verdicts(book: TypedBook) -> Iterator[TypedVerdict]:
    table = _find_table(book, FOLLOWING, (VERDICT, REMARK, CHECKED_BY, NUMBER))
    for row, cells in table.rows:
        verdict, remark, by, key = (cell_text(cells[name]) for name in (VERDICT, REMARK, CHECKED_BY, NUMBER))
        number, _, mark = key.partition("-")
        if not number or not (verdict or remark or by):
            continue
        if verdict not in [*MendingVerdict]:
            told = f"现为“{verdict}”" if verdict else "现在空着"
            _refuse(FOLLOWING, row, table.columns[VERDICT], VERDICT, f"应为“{'”“'.join(MendingVerdict)}”之一，{told}")
        if not by:
            _refuse(FOLLOWING, row, table.columns[CHECKED_BY], CHECKED_BY, "没有填：结论要写明是谁核查的")
        yield TypedVerdict(number, mark, MendingVerdict(verdict), remark, by)


def _refuse(sheet: str, row: int, col: int, heading: str, what: str) -> None:
    raise SettingsError(f"“{sheet}”{address(row, col)} 的{heading}{what}。请改好、保存、关闭后再运行。")
