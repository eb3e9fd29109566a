"""``wbt pdf`` and ``wbt recalc``: files through LibreOffice, or Excel and Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import print_line, print_warning, show_progress
from workbook_tools.desk.convert import (
    ConvertedFile,
    Office,
    plan_pdfs,
    plan_recalculation,
    print_all,
    recalculate_all,
)
from workbook_tools.desk.installed import lacks_chinese_fonts

Password = Annotated[
    str, typer.Option("--password", metavar="密码", help="文件的打开密码（不是工作表保护密码），没有就不写。")
]
With = Annotated[
    Office,
    typer.Option(
        "--with",
        help="用哪个程序：libreoffice，或 office（Windows 上的 Excel 和 Word）；auto 为先找 LibreOffice。",
    ),
]


def pdf(
    places: Annotated[list[Path], typer.Argument(metavar="文件或文件夹", help="要转的文件或文件夹，可写多个。")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="放 PDF 的文件夹，默认放在原文件旁边。")
    ] = None,
    password: Password = "",
    office: With = Office.AUTO,
    quiet: Quiet = False,
) -> None:
    """Print each failure and how many PDFs were made; exit code 1 where one failed."""
    raise typer.Exit(1 if print_pdfs(places, out, password, office, quiet) else 0)


def recalc(
    files: Annotated[list[Path], typer.Argument(metavar="工作簿", help="要重算的 .xlsx 或 .xlsm，可写多个。")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="放重算后副本的文件夹，默认为原文件旁的“重算”。")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="直接替换原文件，不另存副本。")] = False,
    office: With = Office.AUTO,
    quiet: Quiet = False,
) -> None:
    """Print each failure and how many were recalculated; exit code 1 where one failed."""
    jobs = plan_recalculation(files, out, in_place=in_place)
    done, failed = _convert(recalculate_all(jobs, office), len(jobs), "重算", quiet)
    place = "已替换原文件" if in_place else f"在 {out}" if out else "在原文件旁的“重算”文件夹"
    print_line(f"已重算 {len(done)} 个工作簿{f'，{place}' if done else ''}。")
    raise typer.Exit(1 if failed else 0)


def print_pdfs(
    places: Sequence[Path],
    out: Path | None = None,
    password: str = "",
    office: Office = Office.AUTO,
    quiet: bool = False,
) -> int:
    """Print files, and those in folders, into PDFs with a bar, and say what was made; the number of those that failed."""
    jobs = plan_pdfs(places, out)
    if not jobs:
        print_line("没有找到可以转成 PDF 的文件（表格 xlsx、xlsm、xls、ods，文档 docx、doc、odt）。")
        return 0
    if lacks_chinese_fonts():
        print_warning("这台电脑上没有中文字体，PDF 中的汉字会显示为方块。请先安装一种，如 fonts-noto-cjk。")
    done, failed = _convert(print_all(jobs, password, office), len(jobs), "转 PDF", quiet)
    folders = {item.target.parent for item in done}
    where = f"，在 {folders.pop()}" if len(folders) == 1 else ""
    print_line(f"已生成 {len(done)} 个 PDF{where}。")
    return len(failed)


def _convert(
    results: Iterator[ConvertedFile], total: int, label: str, quiet: bool
) -> tuple[list[ConvertedFile], list[ConvertedFile]]:
    """What was done and what failed; each failure is told when it occurs."""
    done: list[ConvertedFile] = []
    failed: list[ConvertedFile] = []
    with show_progress(label, quiet) as watch:
        for number, item in enumerate(results, 1):
            (failed if item.trouble else done).append(item)
            if item.trouble:
                print_warning(item.trouble if str(item.source) in item.trouble else f"“{item.source}”：{item.trouble}")
            watch(number, total)
    return done, failed
