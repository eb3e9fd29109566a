"""The command line: the program as a whole, its options, and how faults are told.

Exit codes: 0 all is well; 1 done, but there are findings of severity error; 2 could not be done.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from workbook_tools import __version__
from workbook_tools.commands.chinese import chinese_complaint
from workbook_tools.commands.suggesting import find_wide_dash, straighten_dash, suggest_for
from workbook_tools.commands.table import CommandLine
from workbook_tools.commands.typed_arguments import straighten
from workbook_tools.core.errors import OutputError, WorkbookToolsError, is_usual, tell_os_error

app = typer.Typer(
    name="wbt",
    cls=CommandLine,
    help="项目支出绩效自评：下发锁定的 Excel 模板，收回后集中校验、评分、汇总、出报告。",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

if TYPE_CHECKING:
    from workbook_tools.commands.journal import Journal

log = logging.getLogger(__name__)
_SHOWING = {"--help", "--version"}
"""What only shows something is not worth a line in the log, nor the time to open it."""
INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"workbook-tools {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has dealt with it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="不写命令时：只在这里说明进行到哪一步、接着做什么，不打开网页。")
    ] = False,
) -> None:
    """Runs before every command; without one it opens the page, or says in the terminal what comes next."""
    from workbook_tools.commands.terminal import be_quiet

    if not gc.isenabled():  # as it was loaded (__main__.py); what is there by now is looked through no more
        gc.freeze()
        gc.enable()
    be_quiet(False)  # until the command says otherwise
    if context.invoked_subcommand is None:
        from workbook_tools.commands.page import open_or_tell

        open_or_tell(no_browser=no_browser)


def main() -> NoReturn:
    """Entry point: faults are told in a sentence, never as a traceback."""
    _prepare_output()
    logging.basicConfig(level=logging.ERROR, handlers=[logging.NullHandler()])
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command has begun, or after its end
        code = _interrupted()
    except Exception as exc:
        _tell_fault(exc, None)
        code = 2
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    """The exit code of a command line; what it does is written into the log."""
    if wide := find_wide_dash(arguments):
        _fail(f"命令用法不对：“{wide}”前面的横线不是英文的。请改写成 {straighten_dash(wide)}。")
        return 2
    arguments = straighten(arguments)
    command = partial(typer.main.get_command(app), args=arguments)
    if not arguments or _SHOWING & set(arguments):
        return _guard(command)
    from workbook_tools.commands.journal import journal
    from workbook_tools.files.leftovers import remove_leftovers, remove_temporary_folders

    with journal(arguments) as book:
        remove_temporary_folders()
        if book.folder:
            remove_leftovers(book.folder)
        book.code = _guard(command, book)
    return book.code


def _guard(command: Callable[..., object], book: Journal | None = None) -> int:
    """Run the command and tell its faults; the exit code."""
    try:
        code = command(prog_name=app.info.name, standalone_mode=False)
        # typer turns Ctrl+C into this code.
        return _interrupted() if code == INTERRUPTED else code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _interrupted()
    except typer.Exit as exc:
        return int(exc.exit_code)
    except Exception as exc:
        _tell_fault(exc, book)
    return 2


def _tell_fault(fault: Exception, book: Journal | None) -> None:
    """What went wrong in one Chinese sentence; of what nobody expected the details go into the log."""
    if isinstance(fault, typer.Abort):
        _fail("已取消。")
    elif isinstance(fault, WorkbookToolsError):
        log.error("%s", fault)
        _fail(str(fault))
    elif isinstance(fault, OSError):
        _fail(_explain_io(fault, book))
    elif type(fault).__name__ == "NoArgsIsHelpError":
        typer.echo(fault)
    elif hasattr(fault, "format_message"):  # click's own: a wrong option or argument
        place = getattr(getattr(fault, "ctx", None), "command_path", "wbt")
        complaint = chinese_complaint(fault.format_message())
        _fail(f"命令用法不对：{complaint}。{suggest_for(fault)}用 {place} --help 查看用法。")
    else:
        _fail(f"程序意外出错：{type(fault).__name__}。{_keep_details(book)}")


def _explain_io(fault: OSError, book: Journal | None) -> str:
    """A full disk, a folder that has gone …: what to do; only of what is rare the details are kept."""
    if isinstance(fault, FileNotFoundError) and not _current_folder():
        return "当前所在的文件夹已被移走、改名或删除。请重新进入工作文件夹，再运行一次。"
    told = f"读写文件时出错：{tell_os_error(fault)}"
    return told if is_usual(fault) else f"{told}{_keep_details(book)}"


def _current_folder() -> list[Path]:
    """Where we are; nothing where that has been moved or removed under our feet."""
    try:
        return [Path.cwd()]
    except OSError:
        return []


def _interrupted() -> int:
    log.warning("用户中断")
    _fail("已按 Ctrl+C 停止。已写好的文件都是完整的；要接着做，再运行一次同样的命令。")
    return INTERRUPTED


def _fail(message: str) -> None:
    from workbook_tools.commands.screen import SafeConsole

    SafeConsole(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)


def _keep_details(book: Journal | None) -> str:
    """Keep the details of an unexpected fault where the user can find and send them: in the log, or in a file."""
    import tempfile
    import traceback

    from workbook_tools.core.secret_text import redact
    from workbook_tools.files.paths import replace_file

    log.exception("程序意外出错")
    if book and book.path:
        return f"详情已写入 {book.path}，请把它发给维护人员。"
    for folder in (*_current_folder(), Path(tempfile.gettempdir())):
        path = folder / "wbt-错误日志.txt"
        try:
            replace_file(path, redact(traceback.format_exc()).encode())
        except OutputError:
            continue
        return f"详情已写入 {path}，请把它发给维护人员。"
    return "详情无法写入日志：磁盘已满，或文件夹只读。"


def _prepare_output() -> None:
    """Neither an output that is closed (a task that runs unseen), nor Chinese where the encoding is not known (LANG=C), stops the program."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as we run
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and os.name != "nt":
            stream.reconfigure(encoding="utf-8", errors="replace")
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
