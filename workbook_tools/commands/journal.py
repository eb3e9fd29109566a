"""日志/wbt.log in the working folder: which command ran when, on how many files, what was wrong with which.

The log is for whoever helps the office: it can be sent away, which the folder .wbt with its key must not be. The
work never depends on it: where it cannot be written, a sentence says so and the work goes on.
"""

from __future__ import annotations

import logging
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import LOG_FOLDER, find_working_folder, tell_read_only
from workbook_tools.core.errors import os_reason
from workbook_tools.core.secret_text import redact
from workbook_tools.core.visible_text import show_steering

if TYPE_CHECKING:
    from workbook_tools.core.result_parts import ResultParts

LOG_FILE = Path(LOG_FOLDER) / "wbt.log"
_SIZE, _KEPT = 1_000_000, 5
"""Bytes of one log, and how many older ones stay beside it."""
_LEVELS = {"INFO": "信息", "WARNING": "提醒", "ERROR": "错误", "CRITICAL": "错误"}

log = logging.getLogger("workbook_tools")


class Journal:
    """The log of one run; without a working folder there is none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        """The file; none where there is none or it cannot be written."""
        self.folder: Path | None = None
        """The working folder; none where we are in none."""
        self.code = 0
        """The exit code, once it is known."""
        self._handler: _Handler | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(exist_ok=True)
            self._handler = _Handler(path, self._fail)
        except OSError as exc:
            self._fail(exc)
            return
        self._handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(self._handler)
        log.setLevel(logging.INFO)

    def close(self) -> None:
        """Write what is left and let go of the file."""
        if self._handler is not None:
            log.removeHandler(self._handler)
            with suppress(OSError):  # the disk is full: that has been told, and what was not written is lost
                self._handler.close()

    def _fail(self, fault: BaseException | None) -> None:
        if self.path is not None:
            reason = os_reason(fault) if isinstance(fault, OSError) else fault
            from workbook_tools.commands.terminal import print_warning

            told = tell_read_only(self.path.parent.parent)
            print_warning(
                told or f"日志写不进 {self.path}（{reason}），不影响本次工作。请看看磁盘是否已满、文件夹是否只读。"
            )
            self.path = None


class _Handler(RotatingFileHandler):
    def __init__(self, path: Path, fail: Callable[[BaseException | None], None]) -> None:
        super().__init__(path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")
        self.fail = fail

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A full disk must not stop the work, nor print a traceback for each line."""
        log.removeHandler(self)
        self.fail(sys.exc_info()[1])


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.levelname = _LEVELS.get(record.levelname, record.levelname)
        # Lines that follow are set in: a name with a line end in it can't pass for a line of the log.
        return show_steering(redact(super().format(record))).replace("\n", "\n    ")


@contextmanager
def journal(arguments: Sequence[str]) -> Iterator[Journal]:
    """The log of a command line, from its beginning to its end."""
    try:
        folder = find_working_folder(Path.cwd())
    except OSError:  # the current folder has gone, or must not be read: the command itself will say so
        folder = None
    book = Journal(folder / LOG_FILE if folder else None)
    book.folder = folder
    started = time.monotonic()
    log.info("开始：wbt %s", shlex.join(arguments))
    try:
        yield book
    finally:
        log.info("结束：退出码 %d，用时 %.1f 秒", book.code, time.monotonic() - started)
        book.close()


def log_review(parts: ResultParts) -> None:
    """How many files were reviewed, and a line for each file in which something is wrong."""
    from workbook_tools.core.result_parts import count_all_projects  # by now they are loaded
    from workbook_tools.review.review_parts import list_errors

    missing = sum(size.missing for size in parts.sizes.values())
    log.info(
        "审核了 %d 个文件，采用 %d 个项目，未报 %d 个", parts.head.reviewed_files, count_all_projects(parts), missing
    )
    for errors in list_errors(parts):
        for file, codes in errors.items():
            if file:
                told = "、".join(code if count == 1 else f"{code}×{count}" for code, count in codes.items())
                log.warning("%s：错误 %d 个：%s", file, sum(codes.values()), told)
