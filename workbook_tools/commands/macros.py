"""``wbt macros``: compile the VBA sources without Excel, and compare a workbook's macros with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.terminal import print_line
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.desk.console_book import MACROS
from workbook_tools.desk.excel import Excel, available
from workbook_tools.excel.reading import open_workbook
from workbook_tools.files.paths import replace_file
from workbook_tools.form.layout import TABS
from workbook_tools.vba.packaged import list_packaged_projects, read_packaged_modules
from workbook_tools.vba.project import build_vba_project
from workbook_tools.vba.reading import UNREADABLE, find_strange_modules, read_sources, write_issued_line
from workbook_tools.vba.sources import ENCODING, Module, ModuleKind, read_modules

app = typer.Typer(no_args_is_help=True, help="宏：不用 Excel 编译随附的 VBA 源代码，核对工作簿里的宏。")
_PROJECT = "vbaProject.bin"
_KNOWN = ("与下发的一致", "与控制台的一致")


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
    if workbook and (trouble := available()):
        raise SettingsError(f"不能用 Excel 编译：{trouble}")
    projects = (
        {sources.name: read_modules(sources)}
        if sources
        else {n: read_packaged_modules(n) for n in list_packaged_projects()}
    )
    for name, modules in projects.items():
        replace_file(folder / name / _PROJECT, build_vba_project(modules, sheets))
        for module in modules:
            replace_file(_source(folder / name, module), module.source.encode(ENCODING))
        print_line(f"已编译 {name}：{len(modules)} 个模块，在 {folder / name}。")
        if workbook:
            print_line(f"Excel 已编译 {_built_by_excel(workbook, folder / name, modules)}。")


def _source(folder: Path, module: Module) -> Path:
    return folder / f"{module.name}.{module.kind.ending}"


def _built_by_excel(workbook: Path, folder: Path, modules: Sequence[Module]) -> Path:
    """The workbook with the modules, as Excel compiles and saves it; code of document modules can't be imported."""
    target = (folder / workbook.name).with_suffix(".xlsm")
    if target.exists():
        raise SettingsError(f"{target} 已存在，没有覆盖。请先移走它，或换一个 --out 文件夹。")
    with Excel() as excel:
        book = excel.open(workbook)
        try:
            book.import_modules([_source(folder, m) for m in modules if m.kind is not ModuleKind.DOCUMENT])
            book.save_as(target)
        finally:
            book.close()
    return target


@app.command()
def check(
    workbook: Annotated[Path, typer.Argument(metavar="工作簿", help="要核对的 .xlsm 或 .xlsx 工作簿。")],
) -> None:
    """列出一个工作簿里的宏模块，逐个与下发的源代码比对。只读取，不运行。"""
    try:
        raw = open_workbook(workbook)
        projects, controls = raw.vba_projects(), raw.has_controls
    except UnreadableWorkbook as exc:
        raise SettingsError(f"“{workbook}”不能核对：{exc.message}。") from None
    desk = {write_issued_line(module.name, module.source) for module in read_packaged_modules(MACROS)}
    strange = 0
    for project in projects:
        names = find_strange_modules(project)
        for name, source in [(UNREADABLE, "")] if UNREADABLE in names else read_sources(project):
            known = name not in names or write_issued_line(name, source) in desk
            strange += not known
            print_line(f"{name}　{_KNOWN[name in names] if known else '不是下发的'}")
    if controls:
        strange += 1
        print_line("宏表或控件　不是下发的")
    if not projects and not strange:
        print_line("这个工作簿里没有宏。")
    raise typer.Exit(1 if strange else 0)
