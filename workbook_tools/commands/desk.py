"""``wbt desk``: the control workbook 控制台.xlsm, and what its buttons run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.working_folder import need_campaign
from workbook_tools.desk.console import Action, press
from workbook_tools.desk.console_update import update_console

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def desk(
    context: typer.Context,
    no_macros: Annotated[
        bool, typer.Option("--no-macros", help="不许用宏的电脑：做成没有按钮的 控制台.xlsx。")
    ] = False,
) -> None:
    """Make it anew, unless one of the commands below is called, and say where it is."""
    if context.invoked_subcommand:
        return
    made = update_console(need_campaign("工作文件夹"), datetime.now(UTC), macros=not no_macros)
    if made.open_in_excel:
        print_line(f"{made.path.name} 正在 Excel 中打开，已更新其中的“项目”表。")
        return
    if made.aside:
        print_line(f"原来的 {made.path.name} 读不出日志和设置，已另存为 {made.aside.name}。")
    print_line(f"已写好 {made.path}：{made.projects} 个项目。" + ("" if no_macros else "打开后请允许运行宏。"))


@app.command()
def run(
    action: Annotated[
        Action,
        typer.Argument(
            metavar="操作", help="按钮：issue 生成，review 收表审核，sample 抽查，next-year 下一年，refresh 刷新等。"
        ),
    ],
    folder: Annotated[Path, typer.Option("--folder", metavar="文件夹", help="工作文件夹。")],
    result: Annotated[Path, typer.Option("--result", metavar="文件", help="结果写到这个文件，供宏读取。")],
) -> None:
    """供控制台的按钮调用：运行一个操作，把要显示的内容写进结果文件。"""
    press(action, str(folder), str(result))
