"""``wbt bundle``: the program for a computer without internet, as a folder that runs, or to be installed into a Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.options import Quiet
from workbook_tools.commands.terminal import print_line, show_progress
from workbook_tools.core.errors import SettingsError
from workbook_tools.offline.bundle import build_bundle, choose_versions
from workbook_tools.offline.portable import build_portable, choose_target


def bundle(
    out: Annotated[
        Path, typer.Option("--out", metavar="文件或文件夹", help="压缩包的文件名（.zip），或放它的文件夹。")
    ] = Path(),
    python: Annotated[
        list[str] | None,
        typer.Option("--python", metavar="版本", help="只为这个 Python 版本做，可写多次；默认 3.11 至 3.13。"),
    ] = None,
    target: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="电脑",
            show_default=False,
            help="做成解压就能用、自带 Python 的文件夹：windows-x64、linux-x64 或 linux-arm64；要同时写 --python-archive。",
        ),
    ] = "",
    archive: Annotated[
        Path | None,
        typer.Option(
            "--python-archive",
            metavar="文件",
            help="自带的 Python：python-build-standalone 的 install_only 包，Windows 也可以用 embeddable package。",
        ),
    ] = None,
    sha256: Annotated[
        str,
        typer.Option(
            "--python-sha256",
            metavar="值",
            show_default=False,
            help="下载页公布的 SHA-256；旁边有 SHA256SUMS 的不用写。",
        ),
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Print what is in the bundle."""
    if bool(target) != bool(archive):
        raise SettingsError("--for 和 --python-archive 要一起写：为哪种电脑做，和那种电脑用的 Python 压缩包。")
    if archive is None:
        _bundle_for_installing(out, choose_versions(python or ()), quiet)
        return
    if python:
        raise SettingsError("写了 --python-archive 就不写 --python：版本由压缩包决定。")
    chosen = choose_target(target)
    with show_progress("下载、核对、装入组件", quiet) as watch:
        made = build_portable(out, chosen, archive, sha256, watch)
    print_line(
        f"已写好 {made.path}：{chosen.title}用，Python {made.python}，{len(made.wheels)} 个组件，{_size(made.path)}。"
    )
    print_line("把它拷到那台电脑解压，打开其中的 怎样装.html，照着做。")


def _bundle_for_installing(out: Path, versions: list[str], quiet: bool) -> None:
    """The zip that is installed into a Python that is there."""
    with show_progress("下载并核对组件", quiet) as watch:
        made = build_bundle(out, versions, watch)
    print_line(f"离线安装包已写入 {made.path}：{len(made.wheels)} 个组件，{_size(made.path)}。")
    print_line(f"Python {'、'.join(versions)} 所需的组件都已核对齐全。把它拷到内网电脑，解压后双击 安装.bat。")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 2**20:.0f} MB"
