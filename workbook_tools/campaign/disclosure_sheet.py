"""公开情况表.xlsx: of each department how many of its projects are public, when and where they were put, and why not all.

The program counts; when, where and why is typed by finance into the yellow cells, and stays from one run to the next. The office's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbook_tools.campaign.disclosure_lines import ADDRESS, DONE, OPENED_ON, REASON, DisclosureLine
from workbook_tools.campaign.ledger.records import DisclosedFacts, PublishedFile
from workbook_tools.core.cells import address
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.values import number_text, parse_quantity
from workbook_tools.excel.columns import SMALL, Column
from workbook_tools.excel.headings import cell_text
from workbook_tools.excel.reading import CellValue
from workbook_tools.excel.styles import BLUE_FILL, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.review.guarded_reading import TypedBook
from workbook_tools.rules.expr import Ref

KIND, FILES = "公开情况表", "公开的文件"
DEPARTMENT = "部门"
APPROVED, APPROVED_ON, SHOWN = "批复预算资金\n（万元）", "批复时间", "公开预算金额\n（万元）"
PICTURE, REMARK = "公开截图", "备注"
_TYPED = (APPROVED, APPROVED_ON, SHOWN, OPENED_ON, ADDRESS, PICTURE, REMARK, REASON)
_NUMBERS = (APPROVED, SHOWN)
_TOTAL = "合计"
_NOTE = (
    "预算、个数由程序按最近一次公开版统计，公开率是公式。公开以后，在黄色的格里填公开时间和网址，没有全部公开的填不公开原因；再运行 wbt publish --table "
    "登记进台账，记下是谁填的，填的内容再生成时都保留。\n公开截图写文件的名称。本表供内部使用。"
)


def draw_disclosure(lines: Sequence[DisclosureLine], files: Sequence[tuple[PublishedFile, str]], title: str) -> bytes:
    """The workbook; ``files`` are those that were published last, each with what became of it."""
    with Book(title=title, kind=KIND) as book:
        sheet, listed = book.sheet(KIND), book.sheet(FILES)
        table = Table(sheet, _columns(), title, _NOTE, size=SMALL)
        table.add_all(lines)
        if lines:
            table.add_total({"department": _TOTAL}, BLUE_FILL)
        table.finish(keep=2)
        for key, what in (("approved", APPROVED), ("shown", SHOWN)):
            label = what.split("\n", maxsplit=1)[0]
            limits = {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True}
            table.validate(
                key, {**limits, "error_title": "填写有误", "error_message": f"{label}只填数字（万元），不能为负。"}
            )
        table.tint("state", {DONE: OK_TINT, **{line.state: WARNING_TINT for line in lines if line.state != DONE}})
        names = Table(listed, _FILE_COLUMNS, FILES, "为公开写出的文件，每个最近的一次")
        names.add_all(files)
        names.finish(keep=1)
    return book.bytes()


def _columns() -> list[Column[DisclosureLine]]:
    def typed(name: str, width: float, key: str, header: str, style: str = "input") -> Column[DisclosureLine]:
        return Column(key, header, width, lambda e: getattr(e.typed, name) if e.typed else "", style, whole=True)

    def amount(name: str, width: float, key: str, header: str) -> Column[DisclosureLine]:
        return Column(
            key,
            header,
            width,
            lambda e: _number(getattr(e.typed, name)) if e.typed else None,
            "input_number",
            total="sum",
        )

    return [
        Column("place", "序号", 5, lambda e: e.place, "text_center"),
        Column("department", DEPARTMENT, 15, lambda e: e.department, whole=True),
        Column("budget", "预算资金\n（万元）", 10, lambda e: e.count.budget if e.count else None, "money", total="sum"),
        amount("approved", 10, "approved", APPROVED),
        Column(
            "approved_rate", "批复率", 8, _divide_approved, "percent", rule=Ref("approved") / Ref("budget")
        ),
        typed("approved_on", 10, "approved_on", APPROVED_ON, "input_center"),
        amount("shown_budget", 10, "shown", SHOWN),
        Column(
            "open", "公开项目资金\n（万元）", 10, lambda e: e.count.published_budget if e.count else None, "money", total="sum"
        ),
        Column("projects", "参评项目\n个数", 8, lambda e: e.count.projects if e.count else None, "count", total="sum"),
        Column("published", "公开项目\n个数", 8, lambda e: e.count.published if e.count else None, "count", total="sum"),
        Column(
            "rate", "公开率", 8, lambda e: e.count.published / e.count.projects if e.count else None, "percent",
            rule=Ref("published") / Ref("projects"), total="rule",
        ),
        typed("opened_on", 10, "opened_on", OPENED_ON, "input_center"),
        typed("address", 18, "address", ADDRESS),
        typed("picture", 10, "picture", PICTURE),
        typed("remark", 10, "remark", REMARK),
        typed("reason", 14, "reason", REASON),
        Column("state", "状态", 10, lambda e: e.state, "text_center", printed=False),
        Column("who", "登记", 14, _tell_who, "text_center", printed=False),
    ]  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None


def _divide_approved(line: DisclosureLine) -> float | None:
    approved = _number(line.typed.approved) if line.typed else None
    return approved / line.count.budget if approved is not None and line.count and line.count.budget else None


def _tell_who(line: DisclosureLine) -> str:
    return f"{line.typed.who}\n{line.typed.at.astimezone():%Y-%m-%d}" if line.typed and line.typed.at else ""


_FILE_COLUMNS: tuple[Column[tuple[PublishedFile, str]], ...] = (
    Column("code", "项目编码，或哪一份报告", 26, lambda e: e[0].code),
    Column("file", "文件", 70, lambda e: e[0].file),
    Column(
        "at", "写出的时间", 18, lambda e: f"{e[0].at.astimezone():%Y-%m-%d %H:%M}" if e[0].at else "", "text_center"
    ),
    Column("state", "现在", 14, lambda e: e[1], "text_center"),
)


# -- reading back -----------------------------------------------------------------------------------------------------


def read_disclosure(path: Path, year: int, who: str) -> list[DisclosedFacts]:
    """What finance has typed into such a workbook, each department as entered by ``who``; nothing where there is none.

    Raises SettingsError that names the cell.
    """
    if not path.is_file():
        return []
    try:
        book = TypedBook(path)
        if KIND not in book.sheets:
            raise KeyError(KIND)
        table = book.find_table(KIND, (DEPARTMENT, *_TYPED))
        if lost := [name for name in (DEPARTMENT, *_TYPED) if name not in table.columns]:
            raise KeyError(lost[0].split("\n", maxsplit=1)[0])
        return [
            _read_row(DisclosedFacts(year, name, who), row, cells, table.columns)
            for row, cells in table.rows
            if (name := cell_text(cells[DEPARTMENT])) and name != _TOTAL
        ]
    except (UnreadableWorkbook, KeyError) as exc:
        why = exc.message if isinstance(exc, UnreadableWorkbook) else f"找不到工作表或列“{exc.args[0]}”"
        raise SettingsError(f"“{path}”无法读取：{why}。请恢复后再运行，或把它移走（台账里登记过的仍在）。") from None


def _read_row(
    empty: DisclosedFacts, row: int, cells: Mapping[str, CellValue], columns: Mapping[str, int]
) -> DisclosedFacts:
    def read(name: str) -> str:
        return _read_cell(name, cell_text(cells[name]), address(row, columns[name]))

    return replace(
        empty,
        approved=read(APPROVED),
        approved_on=read(APPROVED_ON),
        shown_budget=read(SHOWN),
        opened_on=read(OPENED_ON),
        address=read(ADDRESS),
        picture=read(PICTURE),
        remark=read(REMARK),
        reason=read(REASON),
    )


def _read_cell(name: str, text: str, cell: str) -> str:
    """What was typed, an amount as a plain number, a date without a time. Raises SettingsError."""
    if name in (OPENED_ON, APPROVED_ON):
        return text.removesuffix("T00:00:00")
    if name not in _NUMBERS or not text:
        return text
    found = parse_quantity(text)
    if found is None or found.number < 0 or found.direction is not None or found.unit not in ("", "万元"):
        label = re.split(r"\n", name)[0]
        raise SettingsError(
            f"“{KIND}”{cell} 的{label}应为不小于 0 的数字（万元），现为“{text}”。请改好、保存、关闭后再运行。"
        )
    return number_text(found.number)
