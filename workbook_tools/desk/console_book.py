"""控制台.xlsm: the control workbook of a working folder, with its projects, its log and its settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.folder import INSPECTION_FOLDER, RECTIFICATION, SAMPLE_FOLDER
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.ledger.status import LATE, StatusRow, format_local_time
from workbook_tools.core.cells import Place
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.columns import SMALL, Column, Formatted, Link
from workbook_tools.excel.styles import ERROR_TINT, NAMED, OK_TINT, WARNING_TINT, StyleSpec
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.files.paths import project_file
from workbook_tools.results.facts import STATE_TINTS
from workbook_tools.review.guarded_reading import open_guarded
from workbook_tools.summary.names import ALL
from workbook_tools.vba.packaged import build_packaged_project

PROJECTS, LOG, SETTINGS = "项目", "日志", "设置"
MACROS = "控制台"
"""The folder of the VBA sources."""
BUTTONS = (
    ("生成", "DeskButtons.Issue", 0, 0, 4, 88),
    ("打包", "DeskButtons.Pack", 0, 1, 8, 70),
    ("收表审核", "DeskButtons.Review", 0, 1, 90, 100),
    ("退回", "DeskButtons.SendBack", 0, 2, 4, 64),
    ("汇总", "DeskButtons.Merge", 0, 2, 74, 64),
    ("出报告", "DeskButtons.WriteReports", 0, 3, 4, 64),
    ("公开版", "DeskButtons.Publish", 0, 3, 74, 64),
    ("抽查", "DeskButtons.DrawSample", 1, 0, 4, 88),
    ("复核表", "DeskButtons.HandOutInspections", 1, 1, 8, 70),
    ("收复核表", "DeskButtons.ReadInspections", 1, 1, 90, 100),
    ("整改", "DeskButtons.Rectify", 1, 2, 4, 54),
    ("整改通知", "DeskButtons.SendNotices", 1, 2, 62, 76),
    ("结果应用", "DeskButtons.Propose", 1, 3, 4, 70),
    ("一体化", "DeskButtons.ExportTables", 1, 3, 80, 58),
    ("下一年", "DeskButtons.BeginNextYear", 1, 4, 4, 64),
    ("刷新", "DeskButtons.Refresh", 0, 4, 4, 64),
)
"""Caption, macro, row of buttons, column, and in pixels: how far into it, how wide. A button ends in the column where it begins: programs
differ on widths. In the second row stands what is done once the scores are there."""
GRID, NOTE, LOG_START, COLUMNS = "desk_grid", "desk_note", "desk_log", "desk_columns"
PROGRAM, FOLDER, ROOT = "desk_program", "desk_folder", "desk_root"
"""Defined names; macros/控制台/DeskSheets.bas knows them."""
OPEN = "打开"
_SMALL_LINK = NAMED["link"].but(size=SMALL)
_BUTTON_HEIGHT, _BUTTON_TOP, _BUTTON_STEP = 18, 19, 19
"""Pixels."""
_NOTE_HEIGHT = 43.0
"""Points of the row with the note and two rows of buttons: what is frozen leaves two thirds of a small screen."""
_WITHOUT_MACROS = "本文件没有按钮：在命令行或网页里办，再用 wbt desk --no-macros 更新。"


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A file of the working folder, relative to it."""

    path: str


@dataclass(frozen=True, slots=True)
class ProjectGrid:
    """What the sheet 项目 shows: a line of explanation, and a row per project in the order of the columns."""

    note: str
    rows: list[list[Scalar | LinkTo]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier control workbook held that no other file knows."""

    program: str = ""
    folder: str = ""
    log: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """A project with its files."""

    row: StatusRow
    issued: str
    received: str
    report: str


def read_grid(campaign: Campaign, now: datetime) -> ProjectGrid:
    """The projects as the ledger has them. Raises SettingsError where there is no usable list, LedgerError."""
    found = find_standing(campaign, now)
    columns = _project_columns()
    rows = []
    for row in found.rows:
        files = _find_files(campaign, row)
        rows.append([_link_or_value(column, files) for column in columns])
    return ProjectGrid(found.note, rows)


def draw_console(campaign: Campaign, grid: ProjectGrid, kept: Kept | None, *, macros: bool = True) -> bytes:
    """The workbook, with buttons or without."""
    with Book(title=f"{campaign.settings.authority}控制台", kind="控制台") as book:
        sheets = {name: book.sheet(name) for name in (PROJECTS, LOG, SETTINGS)}
        _draw_projects(book, sheets[PROJECTS], campaign, grid, macros)
        kept = kept or Kept()
        _draw_log(book, sheets[LOG], kept.log)
        _draw_settings(book, sheets[SETTINGS], campaign, kept)
        if macros:
            book.macros(build_packaged_project(MACROS, book.sheet_count))
    return book.bytes()


def read_kept(path: Path) -> Kept | None:
    """What to carry over from an earlier control workbook; ``None`` if it is there and cannot be read."""
    if not path.exists():
        return Kept()
    try:
        raw = open_guarded(path)
        names = raw.names

        def text(name: str, down: int = 0, right: int = 0) -> str:
            place = names[name]
            value = raw.value(Place(place.sheet, place.row + down, place.col + right))
            return "" if value is None else str(value)

        log: list[tuple[str, ...]] = []
        while text(LOG_START, len(log)):
            log.append(tuple(text(LOG_START, len(log), right) for right in range(len(_LOG_COLUMNS))))
        return Kept(text(PROGRAM), text(FOLDER), tuple(log))
    except (UnreadableWorkbook, KeyError):
        return None


def find_own_program() -> str:
    """The program that the buttons start: wbt beside our Python, or that Python itself."""
    python = Path(sys.executable)
    beside = python.with_name("wbt.exe" if os.name == "nt" else "wbt")
    return str(beside if beside.is_file() else python)


# -- 项目 -------------------------------------------------------------------------------------------------------------


def _project_columns() -> list[Column[_Shown]]:
    group = "问题"

    def found(severity: str) -> Callable[[_Shown], Scalar]:
        return lambda p: getattr(p.row.findings, severity) if p.row.findings else None

    return [
        Column("code", "项目编码", 11.5, lambda p: p.row.code),
        Column("name", "项目名称", 24.5, lambda p: p.row.name),
        Column("department", "主管部门", 17.5, lambda p: p.row.department),
        Column("unit", "实施单位", 17.5, lambda p: p.row.unit),
        Column("state", "状态", 8.5, lambda p: p.row.state.value, "text_center"),
        Column("late", "是否逾期", 5.5, lambda p: LATE[p.row.late], "text_center"),
        Column("received", "首次报送", 8.5, lambda p: format_local_time(p.row.received_at), "text_center"),
        Column("errors", Severity.ERROR.label, 4.5, found("error"), "count", group),
        Column("warnings", Severity.WARNING.label, 4.5, found("warning"), "count", group),
        Column("total", "总分", 6, lambda p: p.row.total, "decimal"),
        Column("grade", "评价等级", 5.5, lambda p: p.row.grade, "text_center"),
        Column("first_step", "先做什么", 24, lambda p: p.row.first_step),
        Column("issued_file", "下发的表", 5.5, lambda p: Link(OPEN, p.issued), "link", printed=False),
        Column("received_file", "报送的表", 5.5, lambda p: Link(OPEN, p.received), "link", printed=False),
        Column("report_file", "报告", 5.5, lambda p: Link(OPEN, p.report), "link", printed=False),
    ]


def _link_or_value(column: Column[_Shown], files: _Shown) -> Scalar | LinkTo:
    value = column.value(files)
    if isinstance(value, Link):
        return LinkTo(value.target) if value.target else None
    return value.value if isinstance(value, Formatted) else value


def _find_files(campaign: Campaign, row: StatusRow) -> _Shown:
    """Only files that are there are linked."""

    def one(folder: str, *endings: str) -> str:
        paths = (project_file(Path(folder), row.department, row.code, row.name, ending) for ending in endings)
        return next((str(path) for path in paths if (campaign.root / path).is_file()), "")

    received = Path("回收") / row.file
    there = bool(row.file) and (campaign.root / received).is_file()
    return _Shown(row, one("下发", ".xlsx", ".xlsm"), str(received) if there else "", one("报告", ".docx"))


def _draw_projects(book: Book, sheet: Sheet, campaign: Campaign, grid: ProjectGrid, macros: bool) -> None:
    title = f"{campaign.settings.authority}{campaign.settings.year}年度项目支出绩效自评控制台"
    columns: list[Column[Sequence[Scalar | LinkTo]]] = [
        Column(c.key, c.header, c.width, _value_at(i), c.style, c.group, printed=c.printed)
        for i, c in enumerate(_project_columns())
    ]
    table = Table(
        sheet, columns, title, f"{grid.note}\n\n" if macros else f"{grid.note}\n{_WITHOUT_MACROS}", size=SMALL
    )
    rows = table.add_all(grid.rows or [[None] * len(columns)])
    for number, row in zip(rows, grid.rows, strict=False):
        for col, value in enumerate(row):
            if isinstance(value, LinkTo):
                _write_link(sheet, number, col, value.path, look=_SMALL_LINK)
    table.finish(keep=2)
    if macros:
        sheet.row_height(1, _NOTE_HEIGHT)
    table.tint("state", STATE_TINTS)
    table.tint("late", {LATE[True]: ERROR_TINT})
    for caption, macro, line, col, left, width in BUTTONS if macros else ():
        top = _BUTTON_TOP + line * _BUTTON_STEP
        sheet.button(1, col, caption, macro, width, _BUTTON_HEIGHT, left=left, top=top)
    book.define_name(NOTE, sheet, 1, 0)
    book.define_name(GRID, sheet, table.first, 0)


def _value_at(col: int) -> Callable[[Sequence[Scalar | LinkTo]], Scalar]:
    """What a cell holds but for links, which are formulas and written over it."""

    def value(row: Sequence[Scalar | LinkTo]) -> Scalar:
        found = row[col]
        return None if isinstance(found, LinkTo) else found

    return value


def _write_link(sheet: Sheet, row: int, col: int, path: str, text: str = OPEN, look: StyleSpec = NAMED["link"]) -> None:
    """A formula, as the macro writes it too: it leaves the cell's format alone, and follows the folder."""
    escaped = path.replace('"', '""')
    sheet.formula(row, col, f'=HYPERLINK({ROOT}&"{escaped}","{text}")', look, text)


# -- 日志, 设置 --------------------------------------------------------------------------------------------------------

_LOG_COLUMNS: tuple[tuple[str, str, float, str], ...] = (
    ("time", "时间", 20, "text_center"),
    ("action", "操作", 12, "text_center"),
    ("outcome", "结果", 12, "text_center"),
    ("text", "内容", 110, "text"),
)


def _draw_log(book: Book, sheet: Sheet, entries: Sequence[Sequence[str]]) -> None:
    columns: list[Column[Sequence[str]]] = [
        Column(key, header, width, _text_at(i), style) for i, (key, header, width, style) in enumerate(_LOG_COLUMNS)
    ]
    table = Table(
        sheet, columns, "日志", "每次点按钮，命令说的话和结果都记在这里；最新的在最下面。不需要的行可以删除。"
    )
    table.add_all(entries or [("",) * len(columns)])
    table.finish()
    last_row = 10_000
    for text, tint in (("完成", OK_TINT), ("有问题", WARNING_TINT), ("没有完成", ERROR_TINT)):
        options = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": tint}
        sheet.highlight(table.first, 2, last_row, 2, options)
    book.define_name(LOG_START, sheet, table.first, 0)


def _text_at(col: int) -> Callable[[Sequence[str]], Scalar]:
    return lambda entry: entry[col]


def _draw_settings(book: Book, sheet: Sheet, campaign: Campaign, kept: Kept) -> None:
    sheet.columns([18, 70, 60])
    sheet.merge(0, 0, 0, 2, "设置", "title")
    sheet.row_height(0, 34)
    rows: tuple[tuple[str, str, Scalar, str, str], ...] = (
        (PROGRAM, "程序位置", kept.program or find_own_program(), "input",
         "wbt.exe 的完整路径；也可以填装有 workbook-tools 的 python.exe。装有 xlwings 加载项时先用它。"),
        (FOLDER, "工作文件夹", kept.folder, "input", "空着就是本工作簿所在的文件夹。填别的文件夹时写完整路径。"),
        (ROOT, "链接的起点", f"{campaign.root.resolve()}{os.sep}", "computed_text", "由程序填写，点任何一个按钮后更新。"),
        (COLUMNS, "项目表的列数", float(len(_project_columns())), "computed_text", "由程序填写。"),
    )  # fmt: skip
    for row, (name, label, value, style, explanation) in enumerate(rows, 2):
        sheet.write(row, 0, label, "label")
        sheet.write(row, 1, value, style)
        sheet.write(row, 2, explanation, NAMED["note"].but(valign="vcenter"))
        sheet.row_height(row, 34, hidden=name == COLUMNS)
        book.define_name(name, sheet, row, 1)
    start = 2 + len(rows) + 1
    sheet.write(start, 0, "文件", "heading")
    places = (
        ("项目清单", campaign.project_list.name),
        ("下发的表", "下发"),
        ("收回的表", "回收"),
        ("退回的表", "退回"),
        ("审核结果", str(campaign.result_file.relative_to(campaign.root).with_suffix(".xlsx"))),
        ("汇总表", str(Path("汇总") / f"汇总_{ALL}.xlsx")),
        ("报告", "报告"),
        ("抽查", SAMPLE_FOLDER),
        ("复核", INSPECTION_FOLDER),
        ("整改", RECTIFICATION),
        ("运行日志", "日志"),
    )
    for row, (label, path) in enumerate(places, start + 1):
        sheet.write(row, 0, label, "label")
        sheet.row_height(row, 20)
        _write_link(sheet, row, 1, path, path.replace(os.sep, "/"))
    sheet.print_setup(landscape=True)
