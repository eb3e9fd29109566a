"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.terminal import be_quiet
from workbook_tools.commands.typed_arguments import check_year
from workbook_tools.results.names import RESULT_NAME

_RESULT = f"{RESULT_NAME}.json，默认用工作文件夹里的。"

Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=be_quiet, help="只显示错误。")]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="文件", help="签名密钥文件，默认用工作文件夹里的。")]
SchemeOption = Annotated[str, typer.Option("--scheme", metavar="代号", help="评分方案，默认用 wbt.toml 中的。")]
WorkersOption = Annotated[int, typer.Option("--workers", metavar="个数", help="同时使用的处理器核数，0 为全部。")]
DaskOption = Annotated[
    str,
    typer.Option(
        "--dask",
        metavar="地址",
        help="由 Dask 的几台电脑一起做：调度器的地址，如 tcp://10.0.0.5:8786，或 local（只用本机）；默认用 wbt.toml 中的。",
    ),
]
YearOption = Annotated[
    int,
    typer.Option(
        "--year", metavar="年度", show_default=False, callback=check_year, help="评价年度；在工作文件夹里不用写。"
    ),
]
ResultArgument = Annotated[Path | None, typer.Argument(metavar="审核结果", help=_RESULT)]
ResultOption = Annotated[Path | None, typer.Option("--result", metavar="文件", help=_RESULT)]
PdfToo = Annotated[
    bool, typer.Option("--pdf", help="同时转成 PDF，放在原文件旁边（需要 LibreOffice，或 Windows 上的 Office）。")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="全部重新做一遍，没有变化的也不沿用上次的。")]
