"""``wbt preview``: try a form of a report or a table that somebody has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.working_folder import find_campaign
from workbook_tools.shipped.preview import write_preview


def preview_command(
    form: Annotated[
        Path,
        typer.Argument(
            metavar="模板",
            help="改过的报告模板（.docx），如 模板/报告-财政部.docx；或带标签的表（.xlsx），如 模板/汇总表.xlsx、上级规定的表。",
        ),
    ],
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme",
            metavar="代号",
            help="评分方案，默认为工作文件夹的方案，它不用这个模板的，为用这个模板的自带方案。",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="预览存到哪里，默认在模板旁边，名字加“_预览”。")
    ] = None,
) -> None:
    """Print what the form leaves out, and where the preview is."""
    made = write_preview(find_campaign(), form, scheme, out)
    for warning in made.warnings:
        print_warning(warning)
    program = "Word" if made.path.suffix == ".docx" else "Excel"
    print_line(f"标签都能用。预览在 {made.path}，请用 {program} 或 WPS 打开看一看。")
