"""``wbt bundle``: the offline installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import print_line, progress_bar
from workbook_tools.core.errors import SettingsError
from workbook_tools.offline.bundle import VERSIONS, build_bundle


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
    """做离线安装包：把程序和全部组件装进一个压缩包，供不能上网的 Windows 电脑安装。"""
    if unknown := set(python or ()) - set(VERSIONS):
        raise SettingsError(f"不支持 Python {'、'.join(sorted(unknown))}，只能是 {'、'.join(VERSIONS)}。")
    versions = [version for version in VERSIONS if not python or version in python]
    with progress_bar(quiet) as progress:
        task = progress.add_task("下载并核对组件", total=len(versions))
        made = build_bundle(out, versions, lambda _: progress.advance(task))
    size = made.path.stat().st_size / 2**20
    print_line(f"离线安装包已写入 {made.path}：{len(made.wheels)} 个组件，{size:.0f} MB。")
    print_line(f"Python {'、'.join(versions)} 所需的组件都已核对齐全。把它拷到内网电脑，解压后双击 安装.bat。")
