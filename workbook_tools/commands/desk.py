"""``wbt desk``: the control workbook 控制台.xlsm, and what its buttons run."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import need_campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.desk import excel
from workbook_tools.desk.console import Action, press, shown, write_result
from workbook_tools.desk.console_book import ProjectGrid, console_workbook, grid_of, kept_of
from workbook_tools.desk.open_now import find_open
from workbook_tools.desk.program import DeskError, OpenBook
from workbook_tools.files.paths import replace_file, replace_result

NAME = "控制台"

app = typer.Typer(
    invoke_without_command=True,
    help="建立或更新 控制台.xlsm：在 Excel 里看项目进度，点按钮生成、审核、退回、汇总、出报告。",
)


@app.callback()
def desk(
    context: typer.Context,
    no_macros: Annotated[
        bool, typer.Option("--no-macros", help="不许用宏的电脑：做成没有按钮的 控制台.xlsx。")
    ] = False,
) -> None:
    """建立或更新 控制台.xlsm：在 Excel 里看项目进度，点按钮生成、审核、退回、汇总、出报告。"""
    if context.invoked_subcommand:
        return
    macros = not no_macros
    campaign = need_campaign("工作文件夹")
    path = campaign.root / f"{NAME}.{'xlsm' if macros else 'xlsx'}"
    grid = _grid(campaign)
    if macros and (book := _open_now(path)):
        _show(book, grid)
        print_line(f"{path.name} 正在 Excel 中打开，已更新其中的“项目”表。")
        return
    kept = kept_of(path)
    if kept is not None and not Path(kept.program).is_file():
        kept = replace(kept, program="")  # installed anew, or another computer: this program takes its place
    content = console_workbook(campaign, grid, kept, macros=macros)
    if kept is None:
        if aside := replace_result(path, content):
            print_line(f"原来的 {path.name} 读不出日志和设置，已另存为 {aside.name}。")
    else:
        replace_file(path, content)
    print_line(f"已写好 {path}：{len(grid.rows)} 个项目。" + ("打开后请允许运行宏。" if macros else ""))


@app.command()
def run(
    action: Annotated[Action, typer.Argument(metavar="操作", help="按钮：issue 生成，review 收表审核，return 退回，merge 汇总，report 出报告，refresh 刷新。")],
    folder: Annotated[Path, typer.Option("--folder", metavar="文件夹", help="工作文件夹。")],
    result: Annotated[Path, typer.Option("--result", metavar="文件", help="结果写到这个文件，供宏读取。")],
) -> None:  # fmt: skip
    """供控制台的按钮调用：运行一个操作，把要显示的内容写进结果文件。"""
    press(action, str(folder), str(result))


def _grid(campaign: Campaign) -> ProjectGrid:
    """Without a usable list the workbook is made all the same, and says so."""
    try:
        return grid_of(campaign, datetime.now(UTC))
    except SettingsError as exc:
        return ProjectGrid(str(exc), [])


def _open_now(path: Path) -> OpenBook | None:
    """The control workbook as it is open in Excel now, where there is an Excel."""
    if excel.available():
        return None
    try:
        with excel.Excel(attach=True) as program:
            return find_open(program, path)
    except DeskError:
        return None


def _show(book: OpenBook, grid: ProjectGrid) -> None:
    """Let the book's own macro do it, as after a button."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "wbt-desk.txt")
        write_result(result, shown(grid))
        book.run_macro("DeskResult.ShowResult", str(result))
