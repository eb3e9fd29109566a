"""The long steps: each runs in a thread of its own, tells how far it is, and can be stopped between two of its files.

A step is stopped as Ctrl+C stops a command: what is written is whole, and the same step once more goes on from there. It
belongs to the program, not to a tab: whoever loads the page again finds it.
"""

from __future__ import annotations

import itertools
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from workbook_tools.campaign.folder import STATE_FOLDER
from workbook_tools.campaign.ledger.author import name_command, name_person
from workbook_tools.core.errors import OutputError, WorkbookToolsError, tell_os_error
from workbook_tools.files.paths import replace_file

log = logging.getLogger(__name__)
_KEPT = 50
"""Steps that are remembered."""
_STEP_FILE = Path(STATE_FOLDER) / "step.json"
"""Lies in a working folder while a step runs."""


class JobState(StrEnum):
    """What has become of a step."""

    RUNNING = "正在办"
    DONE = "办好了"
    STOPPED = "停下了"
    FAILED = "没有办成"


class Level(StrEnum):
    """How a line is shown."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class JobLine:
    """Something that a step has to say."""

    text: str
    level: Level = Level.PLAIN


class _Stopped(KeyboardInterrupt):
    """The user has stopped the step: passes through the faces as Ctrl+C does."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What is done after a step, on the page that it was begun on."""

    words: str = "继续"
    part: str = ""
    """Where on that page; blank: at its top."""


ONWARD, BACK = Onward(), Onward("返回")


@dataclass(slots=True)
class Job:
    """A step that was begun."""

    number: int
    title: str
    folder: Path
    back: str
    """The page that it belongs to, as ``/f/<folder>/<page>``."""
    onward: Onward = ONWARD
    state: JobState = JobState.RUNNING
    doing: str = ""
    """What is being done at this moment, where there is nothing to count."""
    done: int = 0
    total: int = 0
    lines: list[JobLine] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    stopping: bool = False

    @property
    def running(self) -> bool:
        """It is not at its end."""
        return self.state is JobState.RUNNING

    @property
    def address(self) -> str:
        """Of its own page."""
        return f"{'/'.join(self.back.split('/')[:3])}/job/{self.number}"

    @property
    def leads_to(self) -> Onward:
        """What is done now that it is over; after one that was not done, nothing but to go back."""
        if self.state is JobState.DONE:
            return self.onward
        return BACK if self.state is JobState.FAILED else ONWARD

    @property
    def seconds(self) -> int:
        """How long it has taken so far."""
        return int((self.ended or time.monotonic()) - self.started)

    @property
    def time_left(self) -> str:
        """As a clock in a train says it: 大约还要 3 分钟; nothing where that cannot be told yet."""
        gone = time.monotonic() - self.started
        if not self.running or not self.done or self.done >= self.total or gone < 2:
            return ""
        left = gone / self.done * (self.total - self.done)
        return f"大约还要 {round(left)} 秒" if left < 90 else f"大约还要 {round(left / 60)} 分钟"

    def watch(self, done: int, total: int) -> None:
        """What the faces call. Raises what Ctrl+C would, where the step is to be stopped."""
        self.done, self.total = done, total
        if self.stopping:
            raise _Stopped


@dataclass(frozen=True, slots=True)
class BrokenStep:
    """A step of a run that did not live to its end."""

    title: str
    page: str
    """The page of the working folder that it belongs to."""
    started: datetime


def find_broken_step(folder: Path) -> BrokenStep | None:
    """What was begun in a working folder and never ended; while a step runs there, that one."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((folder / _STEP_FILE).read_text("utf-8"))
        return BrokenStep(str(found["title"]), str(found["page"]), datetime.fromisoformat(found["started"]))
    return None


@contextmanager
def _note_step(job: Job) -> Iterator[None]:
    """While the step runs, a file in the working folder says so; where the program is killed, it stays and tells of it."""
    file = job.folder / _STEP_FILE
    told = {"title": job.title, "page": "/".join(job.back.split("/")[3:]), "started": datetime.now(UTC).isoformat()}
    with suppress(OSError, OutputError):  # a full disk is told by the step itself
        if file.parent.is_dir():
            replace_file(file, json.dumps(told, ensure_ascii=False).encode())
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


Work = Callable[[Job], Iterable[JobLine]]
"""Does a step, and says what came of it."""


class JobRunner:
    """Runs one step at a time: all of them write into the same folders, and use all cores."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def current(self) -> Job | None:
        """The step that is running."""
        return next((job for job in self._jobs.values() if job.running), None)

    def find(self, number: int) -> Job | None:
        """A step by its number; ``None`` where the program does not know it (any more)."""
        return self._jobs.get(number)

    def start(
        self, title: str, folder: Path, back: str, command: str, work: Work, who: str = "", onward: Onward = ONWARD
    ) -> Job:
        """Begin a step; where one is running already that one is given back, and nothing is begun.

        ``command`` and ``who`` are what the ledger notes as the author of what is recorded.
        """
        with self._lock:
            if self.current is not None:
                return self.current
            job = Job(next(self._numbers), title, folder, back, onward)
            self._jobs[job.number] = job
            for old in list(self._jobs)[:-_KEPT]:
                del self._jobs[old]
            self._thread = threading.Thread(target=self._run, args=(job, command, who, work), name=f"wbt {title}")
            self._thread.start()
        return job

    def stop(self, job: Job) -> None:
        """Ask a step to end after the file that it is at."""
        job.stopping = True

    def wait(self, job: Job, seconds: float) -> None:
        """Wait for the end of the step that was begun last, that long."""
        if job.running and self._thread:
            self._thread.join(seconds)

    def end(self, seconds: float) -> None:
        """Stop what is running, and wait for it that long."""
        if self.current and self._thread:
            self.stop(self.current)
            self._thread.join(seconds)

    def _run(self, job: Job, command: str, who: str, work: Work) -> None:
        name_command(command)
        name_person(who)
        log.info("网页：开始%s", job.title)
        try:
            with _note_step(job):
                job.lines += work(job)
            end = JobState.DONE
        except KeyboardInterrupt:
            end = JobState.STOPPED
            job.lines.append(JobLine("已停下。写好的文件都是完整的；要接着做，再点一次。", Level.WARNING))
        except WorkbookToolsError as exc:
            end = JobState.FAILED
            log.error("%s", exc)
            job.lines.append(JobLine(str(exc), Level.ERROR))
        except OSError as exc:
            end = JobState.FAILED
            log.error("%s", exc)
            job.lines.append(JobLine(f"读写文件时出错：{tell_os_error(exc)}", Level.ERROR))
        except Exception as exc:
            end = JobState.FAILED
            log.exception("程序意外出错")
            job.lines.append(
                JobLine(
                    f"程序意外出错：{type(exc).__name__}。详情在 日志 文件夹的 wbt.log，请把它发给维护人员。",
                    Level.ERROR,
                )
            )
        job.ended = time.monotonic()
        job.state = end
        log.info("网页：%s，%s，用时 %d 秒", job.title, end, job.seconds)
