"""``wbt`` and ``wbt page``: the page in the browser, or how things stand in the terminal."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.journal import LOG_FILE, Journal, log
from workbook_tools.commands.next_step import show_next_step
from workbook_tools.commands.terminal import print_line
from workbook_tools.commands.user_folder import find_user_folder
from workbook_tools.core.errors import SettingsError
from workbook_tools.page.display import has_display, why_unavailable


def page(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="文件夹", help="工作文件夹，默认为所在的；不在工作文件夹里的，从“开始”页选。"),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="不打开浏览器，只写出地址，自己复制到这台电脑的浏览器里。")
    ] = False,
) -> None:
    """Open the page and stay until it is left."""
    if reason := why_unavailable():
        raise SettingsError(reason)
    _serve(folder or find_start(), browse=not no_browser and has_display())


def open_or_tell(*, no_browser: bool) -> None:
    """What ``wbt`` alone does: the page where a browser can be shown, else what comes next."""
    if not no_browser and has_display() and not why_unavailable():
        _serve(find_start(), browse=True)
    else:
        show_next_step()


def find_start() -> Path:
    """Where the page begins to look and proposes to make working folders: where the program was started.

    The unpacked folder of the program is no such place, as it is deleted for a new version: then beside it, or in the user's own folder.
    """
    here = Path.cwd()
    if here != Path(sys.base_prefix).resolve().parent:
        return here
    return here.parent if os.access(here.parent, os.W_OK) else Path.home()


def _serve(start: Path, *, browse: bool) -> None:
    import webbrowser

    from workbook_tools.page.serving import serve

    # Whoever ends the program from outside ends it as Ctrl+C does: what is running stops after its file.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as logs:

        def log_into(root: Path) -> None:
            """What happens is logged where it happens; a command that was typed there has its log open already."""
            if not any(getattr(one, "baseFilename", "") == str(root / LOG_FILE) for one in log.handlers):
                logs.callback(Journal(root / LOG_FILE).close)

        serve(
            start,
            find_user_folder(),
            print_line,
            browse=webbrowser.open if browse else None,
            note_opened=log_into,
        )
