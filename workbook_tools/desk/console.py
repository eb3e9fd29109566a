"""What the buttons of 控制台.xlsm do: run a command of the command line, and tell the macro what to show.

The macro waits for a file of lines, ASCII only, so that any Office in any language reads it alike; what the lines
mean is said in macros/控制台/DeskResult.bas, which reads them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from workbook_tools.campaign import Campaign
from workbook_tools.core.errors import WorkbookToolsError
from workbook_tools.desk.console_book import LinkTo, ProjectGrid, read_grid
from workbook_tools.desk.installed import no_window
from workbook_tools.excel.writing import Scalar
from workbook_tools.files.paths import replace_file

STARTED = ".started"
"""After the result's name: the file that says that the program has started."""
_OUTCOMES = {0: "完成", 1: "有问题"}
_FAILED = "没有完成"
OWN_FOLDER, NEXT_FOLDER = "<本文件夹>", "<下一年的文件夹>"
"""Stand in a command for the working folder, and for that of the next year beside it."""
_FRAMES = frozenset("━─│┃┏┓┗┛┡┩┳┻╇┴┬┼├┤└┘╞╪╡═╔╗╚╝║")
"""Tables are drawn with these; what they show is in the files and in the grid."""


class Action(StrEnum):
    """A button; the value is what the macro calls it."""

    ISSUE = "issue"
    PACK = "pack"
    REVIEW = "review"
    RETURN = "return"
    MERGE = "merge"
    REPORT = "report"
    PUBLISH = "publish"
    SAMPLE = "sample"
    INSPECT = "inspect"
    READ_INSPECTIONS = "read-inspections"
    RECTIFY = "rectify"
    SEND_NOTICES = "send-notices"
    PROPOSE = "propose"
    EXPORT = "export"
    NEXT_YEAR = "next-year"
    REFRESH = "refresh"

    @property
    def label(self) -> str:
        """What stands on the button."""
        return _BUTTONS[self][0]

    @property
    def command(self) -> tuple[str, ...]:
        """Of the command line; none for 刷新, which only looks."""
        return _BUTTONS[self][1]


_BUTTONS: dict[Action, tuple[str, tuple[str, ...]]] = {
    Action.ISSUE: ("生成", ("generate",)),
    Action.PACK: ("打包", ("pack",)),
    Action.REVIEW: ("收表审核", ("review",)),
    Action.RETURN: ("退回", ("return",)),
    Action.MERGE: ("汇总", ("merge",)),
    Action.REPORT: ("出报告", ("report",)),
    Action.PUBLISH: ("公开版", ("publish",)),
    Action.SAMPLE: ("抽查", ("sample",)),
    Action.INSPECT: ("复核表", ("inspect",)),
    Action.READ_INSPECTIONS: ("收复核表", ("inspect", "--read")),
    Action.RECTIFY: ("整改", ("rectify",)),
    Action.SEND_NOTICES: ("整改通知", ("rectify", "--send")),
    Action.PROPOSE: ("结果应用", ("propose",)),
    Action.EXPORT: ("一体化", ("export",)),
    Action.NEXT_YEAR: ("下一年", ("init", NEXT_FOLDER, "--from", OWN_FOLDER)),
    Action.REFRESH: ("刷新", ()),
}


def press(action: str, folder: str, result: str) -> None:
    """What a button does in the working folder; ``result`` is the file that the macro waits for.

    It is written whatever happens: what went wrong stands in it, in Chinese. Raises OutputError where it cannot be.
    """
    target = Path(result)
    replace_file(target.with_name(target.name + STARTED), b"")
    button = Action(action)
    lines: list[str] = []
    try:
        campaign = Campaign.open(Path(folder))
        lines += _run_command(button, campaign)
        lines += format_grid(read_grid(campaign, datetime.now(UTC)))
    except WorkbookToolsError as exc:
        lines.append(_format_line("log", button.label, _FAILED, str(exc)))
    except Exception as exc:  # the macro is waiting
        lines.append(_format_line("log", button.label, _FAILED, f"程序意外出错：{type(exc).__name__}：{exc}"))
    write_result(target, lines)


def write_result(target: Path, lines: Iterable[str]) -> None:
    """The file, in one move. Raises OutputError."""
    replace_file(target, "".join(f"{line}\r\n" for line in lines).encode("ascii"))


def format_grid(grid: ProjectGrid) -> Iterator[str]:
    """The lines that make the macro show the projects."""
    yield _format_line("note", grid.note)
    yield _format_line("grid", str(len(grid.rows)))
    for row in grid.rows:
        yield _format_line("row", *map(_format_field, row))


def _run_command(button: Action, campaign: Campaign) -> Iterator[str]:
    """The command in its own process, as if typed in the working folder; what it says, and how it ended."""
    if not button.command:
        yield _format_line("log", button.label, _OUTCOMES[0], "已读取台账。")
        return
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "workbook_tools", *_name_folders(button.command, campaign)],
        cwd=campaign.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8", "COLUMNS": "400"},
        creationflags=no_window(),
    )
    for line in done.stdout.splitlines():
        if line.strip() and not _FRAMES & set(line):
            yield _format_line("log", button.label, "", line.strip())
    hint = "有需要处理的问题，见上面的提示和结果文件。" if done.returncode == 1 else ""
    outcome = _OUTCOMES.get(done.returncode, _FAILED)
    yield _format_line("log", button.label, outcome, f"用时 {time.monotonic() - began:.0f} 秒。{hint}")


def _name_folders(command: Iterable[str], campaign: Campaign) -> Iterator[str]:
    """The command with the folders that it is about; the next year's is called as this one, with its year where a year stands in the name."""
    root, year = campaign.root.resolve(), campaign.settings.year
    name = root.name.replace(str(year), str(year + 1)) if str(year) in root.name else f"{root.name}－{year + 1}年"
    folders = {OWN_FOLDER: str(root), NEXT_FOLDER: str(root.with_name(name))}
    return (folders.get(word, word) for word in command)


def _format_field(value: Scalar | LinkTo) -> str:
    if isinstance(value, LinkTo):
        return f">{value.path}"
    if isinstance(value, int | float):
        return f"#{value!r}"
    return f"'{value or ''}"


def _format_line(*fields: str) -> str:
    return "\t".join(map(_escape, fields))


def _escape(text: str) -> str:
    r"""Everything but plain ASCII, and the backslash itself, as ``\uXXXX``, by UTF-16 units as VBA counts."""
    units = text.encode("utf-16-be", "surrogatepass")
    codes = (int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2))
    return "".join(chr(code) if 32 <= code < 127 and code != 92 else f"\\u{code:04X}" for code in codes)
