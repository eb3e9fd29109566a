"""A small campaign, the commands that change it, and what is left of it after one was disturbed.

Every command runs in a forked process of its own, with the clock standing still: what it leaves is compared byte for byte.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import pickle
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest
from builders import MOF, answers, project
from drawn_gallery import LAYOUTS, ROADS, draw, workbook
from judging import type_judgement
from watched_disk import Watcher, watch_disk

from workbook_tools.campaign import Campaign, form_files
from workbook_tools.campaign.kept_rooms import FILE as KEPT_FILE
from workbook_tools.campaign.key_ring import RING_FILE, KeyState, read_ring
from workbook_tools.commands import main as cli
from workbook_tools.commands.screen import console
from workbook_tools.commands.table import COMMANDS as COMMANDS_OF_ALL
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.files import leftovers
from workbook_tools.form.identity import Issue, SigningKey
from workbook_tools.results import typed_reading
from workbook_tools.results.judgement import find_save_time
from workbook_tools.review import guarded_reading, processes, workers
from workbook_tools.workbooks.writing import build_workbook

CODES = ("P001", "P002", "P003")
LISTED = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边巡逻", department="示例县公安局", unit="示例县公安局"),
)
OTHER_KEY = SigningKey(b"another office's computer, 32 b.".ljust(32, b"."))
ROOT, TEMPORARY = "自评2024", "临时"
_LOG, _DATABASES, _COPIES = "日志", (".wbt/ledger", ".wbt/kept"), ".wbt/台账备份"
_AT_WORK = (KeyState.SIGNING, KeyState.VERIFYING)
_KEYS = ("signing.key", RING_FILE)
_TEMPORARY_NAME = re.compile(r"\.wbt-[0-9a-f]+-\d+-[0-9a-f]+\.tmp")
FAULT = 99
"""Instead of an exit code, where a command did not end as it should."""


@dataclass(frozen=True)
class Command:
    """A command, and what must have been done before."""

    args: tuple[str, ...]
    after: str
    """Which of the prepared states it runs in."""
    outside: bool = False
    """It runs beside the working folder, not in it."""


COMMANDS = {
    "init": Command(("init", ROOT, "--authority", "示例县财政局"), "nothing", outside=True),
    "templates": Command(("templates", "模板"), "begun"),
    "scheme new": Command(("scheme", "new", "own"), "begun"),
    "generate": Command(("generate",), "begun"),
    "generate again": Command(("generate", "--overwrite"), "list changed"),
    "pack": Command(("pack",), "received"),
    "import": Command(("import", "手工", "--out", "导入.xlsx", "--html", "网页"), "begun"),
    "review": Command(("review",), "received"),
    "review again": Command(("review",), "received again"),
    "return": Command(("return", "--by", "2025年4月10日"), "judged"),
    "return again": Command(("return",), "reviewed again"),
    "accept": Command(("accept", "P001", "P003", "--who", "王强"), "judged"),
    "merge": Command(("merge",), "judged"),
    "report": Command(("report",), "reported"),
    "publish": Command(("publish", "--ready", "--no-pdf"), "judged"),
    "rectify": Command(("rectify",), "judged"),
    "draft accept": Command(("draft", "accept", "--all", "--by", "王强"), "judged"),
    "status": Command(("status", "--xlsx", "情况.xlsx", "--remind"), "returned"),
    "run": Command(("run", "--by", "2025年4月10日"), "received again"),
    "key new": Command(("key", "new"), "received"),
    "key add": Command(("key", "add", "别处.key"), "received"),
    "key sign": Command(("key", "add", "别处.key", "--sign"), "key known"),
    "key revoke": Command(("key", "revoke", OTHER_KEY.id[:8]), "key known"),
}


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    """Exit code; that of a signal, negative, if it was killed."""
    said: str = ""
    seconds: float = 0.0
    """Processor time that it took."""


@dataclass(frozen=True)
class State:
    """What lies in the working folder, and what the ledger says."""

    files: dict[str, str]
    """Name → digest; without log and ledger."""
    keys: dict[str, str]
    """Id → state; the one that was made since is called new."""
    ledger: list[dict[str, Any]]
    """The rows of its status."""
    kept: dict[str, str] = field(default_factory=dict, compare=False)
    """What is kept for the next run: name → digest. Nothing depends on how much it is, only on that it is true."""


class Office:
    """A folder with a working folder in it, and the states in which commands find it."""

    def __init__(self, base: Path, patch: pytest.MonkeyPatch, ledger: str = "") -> None:
        self.home = base / "office"
        self.root, self.temporary = self.home / ROOT, self.home / TEMPORARY
        self._states, self._report, self._ledger = base / "states", base / "report", ledger
        self._known: set[str] = set()
        self.temporary.mkdir(parents=True)
        for entry in COMMANDS_OF_ALL.values():
            import_module(f"workbook_tools.commands.{entry.place.partition('.')[0]}")
        read_in_this_process(patch)
        stop_the_clock(patch)
        patch.setattr(Issue, "new", classmethod(_name_issue))
        patch.setattr(tempfile, "tempdir", str(self.temporary))
        patch.setattr(console, "_width", 200)
        self._keep("nothing")
        self._prepare()
        gc.collect()
        gc.freeze()

    # -- running ------------------------------------------------------------------------------------------------------

    def run(self, command: Command, *watchers: Watcher) -> Outcome:
        """Run a command in a process of its own, ``watchers`` hear before and after each of its calls to the disk; how it ended."""
        outcome: Outcome = self.wait(self.start(command, *watchers))
        return outcome

    def start(self, command: Command, *watchers: Watcher) -> int:
        """Begin to do that; the number of the process."""
        child = os.fork()
        if child == 0:
            if watchers:
                watch_disk(self.home, *watchers)
            self.end(self.call(command))
        return child

    def wait(self, child: int) -> Any:
        """Wait for the end of that process; its report, an :class:`Outcome` where it was killed."""
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            return Outcome(code)
        report = pickle.loads(self._report.read_bytes())  # noqa: S301 - our own
        self._report.unlink()
        return report

    def end(self, report: object) -> NoReturn:
        """End this forked process, with a report for whoever waits."""
        try:
            self._report.write_bytes(pickle.dumps(report))
        finally:
            os._exit(0)

    def call(self, command: Command) -> Outcome:
        """Run a command in this process."""
        leftovers.remove_leftovers_here.cache_clear()
        printed, place, argv, begun = io.StringIO(), Path.cwd(), sys.argv, time.process_time()
        os.chdir(self.home if command.outside else self.root)
        sys.argv = ["wbt", *command.args]
        try:
            with redirect_stdout(printed), redirect_stderr(printed):
                cli.main()
        except SystemExit as exc:
            return Outcome(int(exc.code or 0), printed.getvalue(), time.process_time() - begun)
        except BaseException as exc:
            return Outcome(FAULT, f"{printed.getvalue()}\nTraceback: {exc!r}")
        finally:
            os.chdir(place)
            sys.argv = argv

    # -- states -------------------------------------------------------------------------------------------------------

    def restore(self, state: str) -> None:
        """The folder as it was in a prepared state."""
        self.restore_from(self._states / state)

    def restore_from(self, folder: Path) -> None:
        """The folder with the content of another one."""
        shutil.rmtree(self.home)
        shutil.copytree(folder, self.home)

    def keep_in(self, folder: Path) -> None:
        """Make a copy of the folder."""
        shutil.copytree(self.home, folder)

    def _keep(self, state: str) -> None:
        self.keep_in(self._states / state)

    def _do(self, *args: str, outside: bool = False) -> None:
        done = self.call(Command(args, "", outside))
        assert done.code in (0, 1), (args, done.said)

    def _prepare(self) -> None:
        """The states, one after the other, as an office comes through them."""
        self._do("init", ROOT, "--authority", "示例县财政局", "--deadline", "2025年3月31日", outside=True)
        settings = self.root / "wbt.toml"
        text = settings.read_text("utf-8").replace("[checks]\n", '[checks]\nCROSS02 = "off"\nCROSS03 = "off"\n')
        settings.write_text(text.replace('ledger = ""', f'ledger = "{self._ledger}"'), "utf-8")
        (self.root / "项目清单.xlsx").unlink()
        self._write_list(LISTED)
        (self.root / "别处.key").write_text(OTHER_KEY.text, "ascii")
        self._known |= {OTHER_KEY.id, Campaign.open(self.root).signing_key().id}
        (self.root / "手工").mkdir()
        layout = next(iter(LAYOUTS.values()))
        (self.root / "手工" / "甲.xlsx").write_bytes(workbook([draw(ROADS, layout)], layout))
        self._keep("begun")
        self._do("generate")
        self._keep("issued")
        self._write_list((LISTED[0].model_copy(update={"contact": "", "name": "农村道路养护"}), *LISTED[1:]))
        self._keep("list changed")
        self._write_list(LISTED)
        self._send("P001")
        self._send("P002", indicators=(IndicatorAnswer(actual=80.0), *answers().indicators[1:]))
        self._keep("received")
        self._do("key", "add", "别处.key")
        self._keep("key known")
        self.restore("received")
        self._do("review")
        type_judgement(self.root / "审核" / "审核结果.xlsx", 12, at=datetime(2025, 3, 9))
        self._keep("judged")
        self._do("report")
        report = next((self.root / "报告").rglob("P001*.docx"))
        report.write_bytes(
            report.read_bytes().replace(b"docProps/core.xml", b"docProps/cora.xml")
        )  # as if saved by hand
        self._keep("reported")
        self._do("return", "--by", "2025年4月10日")
        self._keep("returned")
        given = (IndicatorAnswer(actual=85.0, deviation_reason="汛期停工；已复工。"), *answers().indicators[1:])
        self._send("P002", "再报.xlsx", day=12, indicators=given)
        self._send("P003")
        self._keep("received again")
        self._do("review")
        self._keep("reviewed again")

    def _write_list(self, projects: Sequence[Any]) -> None:
        listed = ProjectList(year=2024, projects=tuple(projects))
        (self.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")

    def _send(self, code: str, name: str = "", day: int = 8, **changes: Any) -> None:
        campaign = Campaign.open(self.root)
        listed = next(p for p in LISTED if p.code == code).model_copy(update={"answers": answers(MOF, **changes)})
        path = campaign.folder("回收") / (name or f"{code}.xlsx")
        path.write_bytes(build_workbook(listed, MOF, campaign.signing_key(), campaign.notice))
        os.utime(path, (datetime(2025, 3, day).timestamp(),) * 2)

    # -- looking ------------------------------------------------------------------------------------------------------

    def list_files(self, *, whole: bool = False) -> dict[str, str]:
        """Name → digest of every file, without the log.

        Only the ``whole`` has the ledger and what is kept, whose rows count, and what is in its copies and the keys.
        """
        found = {}
        for path in self.home.rglob("*"):
            name = path.relative_to(self.home).as_posix()
            inside = name.removeprefix(f"{ROOT}/")
            if not inside.startswith(_LOG) and (whole or not inside.startswith(_DATABASES)):
                unlike = path.name in _KEYS or inside.startswith(_COPIES)
                hidden = path.is_dir() or (unlike and not whole)
                digest = "" if hidden else hashlib.sha256(path.read_bytes()).hexdigest()
                found[_TEMPORARY_NAME.sub(".wbt-x.tmp", name)] = digest
        return found

    @cache  # noqa: B019 - there is one office
    def undisturbed(self, name: str) -> tuple[State, Outcome]:
        """What comes of a command that nothing disturbs. It runs in this process: all it needs is loaded then."""
        self.restore(COMMANDS[name].after)
        outcome = self.call(COMMANDS[name])
        return self.look(), outcome

    @cache  # noqa: B019 - there is one office
    def undisturbed_twice(self, name: str) -> State:
        """What comes of it, run once more: more is kept then, as the ledger knows more."""
        self.restore(COMMANDS[name].after)
        for _ in range(2):
            self.call(COMMANDS[name])
        return self.look()

    def look(self) -> State:
        """What there is now."""
        files = self.list_files()
        if not (self.root / "wbt.toml").is_file():
            return State(files, {}, [])
        campaign = Campaign.open(self.root)
        with campaign.open_ledger() as book:
            ledger = [asdict(row) for row in book.status(LISTED, datetime(2025, 3, 15, tzinfo=UTC))]
        keys = read_ring(campaign.key_file).keys
        old = {item.key.id: item.state.value for item in keys if item.key.id in self._known}
        new = [item.state.value for item in keys if item.key.id not in old and item.state in _AT_WORK]
        return State(files, old | dict(zip(("new", "another"), new, strict=False)), ledger, self.read_kept())

    def read_kept(self) -> dict[str, str]:
        """What is kept for the next run: name → digest."""
        file = self.root / KEPT_FILE
        if not file.is_file():
            return {}
        with closing(sqlite3.connect(file)) as database:
            begun = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept'").fetchone()
            rows = database.execute("SELECT room, name, entry FROM kept").fetchall() if begun else []
        return {f"{room} {name}": hashlib.sha256(entry).hexdigest() for room, name, entry in rows}


def _name_issue(cls: type[Issue], round_: int, digest: str) -> Issue:
    """An issue whose id is no random one: the same again has the same bytes."""
    return cls(f"{digest[:12]}{round_:04}", round_, digest)


# -- how commands run here --------------------------------------------------------------------------------------------


def read_in_this_process(patch: pytest.MonkeyPatch) -> None:
    """Files are read here and not in other processes, so that their reading is seen, and quick."""

    def work_here(batches: Iterable[Any], work: Callable[[Any], Any], *_: object, **__: object) -> Iterator[Any]:
        yield from map(work, batches)

    for module in (workers, form_files):
        patch.setattr(module, "on_all_cores", work_here)
    patch.setattr(guarded_reading, "try_reading_all", lambda *_: {})
    patch.setattr(processes, "start_ahead", lambda: None)


class _AnyTime(type):
    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)


class _Stopped(datetime, metaclass=_AnyTime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime(2025, 3, 15, 4, tzinfo=UTC).astimezone(tz)


class _StoppedDay(date):
    @classmethod
    def today(cls) -> Any:
        return date(2025, 3, 15)


def stop_the_clock(patch: pytest.MonkeyPatch) -> None:
    """For the commands it is noon of 15 March 2025."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("workbook_tools.commands.", "workbook_tools.campaign.")):
            for word, real, stopped in (("datetime", datetime, _Stopped), ("date", date, _StoppedDay)):
                if getattr(module, word, None) is real:
                    patch.setattr(module, word, stopped)
    noon = f"{_Stopped.now():%Y-%m-%d %H:%M}"
    patch.setattr(
        typed_reading, "find_save_time", lambda path: min(find_save_time(path), noon)
    )  # the disk's own clock goes on
