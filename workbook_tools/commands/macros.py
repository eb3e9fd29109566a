"""``wbt macros``: compile the VBA sources without Excel, and compare a workbook's macros with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.terminal import print_line
from workbook_tools.core.errors import SettingsError
from workbook_tools.desk.excel import why_unavailable
from workbook_tools.desk.macros import Origin, compile_in_excel, list_macros, read_projects, write_project
from workbook_tools.form.layout import TABS

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def build(
    folder: Annotated[Path, typer.Option("--out", metavar="文件夹", help="放编译结果的文件夹。")],
    sources: Annotated[
        Path | None,
        typer.Option(
            "--sources", metavar="文件夹", help="自己的 VBA 源代码（UTF-8 的 .bas、.cls），默认为随附的各组。"
        ),
    ] = None,
    sheets: Annotated[
        int, typer.Option("--sheets", metavar="个数", min=1, help="要放入的工作簿有几张工作表，含隐藏的。")
    ] = len(TABS) + 2,
    workbook: Annotated[
        Path | None,
        typer.Option(
            "--excel", metavar="工作簿", help="另外用本机的 Excel（Windows）把模块编译进这个工作簿，存为 .xlsm。"
        ),
    ] = None,
) -> None:
    """把 VBA 源代码编译成 vbaProject.bin，并写出可以导入 VBA 编辑器的源代码（GBK 编码）。"""
    if workbook and (trouble := why_unavailable()):
        raise SettingsError(f"不能用 Excel 编译：{trouble}")
    for name, modules in read_projects(sources).items():
        place = folder / name
        write_project(place, modules, sheets)
        print_line(f"已编译 {name}：{len(modules)} 个模块，在 {place}。")
        if workbook:
            print_line(f"Excel 已编译 {compile_in_excel(workbook, place, modules)}。")


@app.command()
def check(
    workbook: Annotated[Path, typer.Argument(metavar="工作簿", help="要核对的 .xlsm 或 .xlsx 工作簿。")],
) -> None:
    """列出一个工作簿里的宏模块，逐个与下发的源代码比对。只读取，不运行。"""
    found = list_macros(workbook)
    for macro in found:
        print_line(f"{macro.name}　{macro.origin.value}")
    if not found:
        print_line("这个工作簿里没有宏。")
    raise typer.Exit(1 if any(macro.origin is Origin.STRANGE for macro in found) else 0)
