"""``wbt bundle``: the offline installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import print_line, show_progress
from workbook_tools.offline.bundle import build_bundle, choose_versions


def bundle(
    out: Annotated[
        Path, typer.Option("--out", metavar="文件或文件夹", help="压缩包的文件名（.zip），或放它的文件夹。")
    ] = Path(),
    python: Annotated[
        list[str] | None,
        typer.Option("--python", metavar="版本", help="只为这个 Python 版本做，可写多次；默认 3.11 至 3.13。"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Print what is in the bundle."""
    versions = choose_versions(python or ())
    with show_progress("下载并核对组件", quiet) as watch:
        made = build_bundle(out, versions, watch)
    size = made.path.stat().st_size / 2**20
    print_line(f"离线安装包已写入 {made.path}：{len(made.wheels)} 个组件，{size:.0f} MB。")
    print_line(f"Python {'、'.join(versions)} 所需的组件都已核对齐全。把它拷到内网电脑，解压后双击 安装.bat。")
