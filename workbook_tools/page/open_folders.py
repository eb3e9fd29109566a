"""The working folders that are open in this run of the page, and those that were open before.

In the .wbt of an open one lies where its page listens: who starts the program there once more is led to that page.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import time
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from starlette.responses import Response

from workbook_tools.campaign.defaults import read_own_list
from workbook_tools.campaign.folder import (
    INBOX,
    LIST_FILE,
    LIST_FOLDER,
    RECTIFICATION,
    SAMPLE_FOLDER,
    SCHEME_FOLDER,
    SETTINGS_FILE,
    STATE_FOLDER,
    Campaign,
    is_working_folder,
    tell_read_only,
)
from workbook_tools.campaign.ledger.author import MOST_NAME, keep_person, read_person
from workbook_tools.campaign.ledger.standing import FolderReading
from workbook_tools.campaign.next_steps import Progress, find_next_steps
from workbook_tools.campaign.proposing import OUTCOME
from workbook_tools.core.errors import OutputError, SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.files.open_elsewhere import list_open_files
from workbook_tools.files.paths import replace_file
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.page.access import SECRET_HEADER, Access
from workbook_tools.page.jobs import BrokenStep, JobRunner, find_broken_step
from workbook_tools.page.shelves import Shelf, stamp_files, stamp_folder
from workbook_tools.reports.acceptance import FILE_NAME as DRAFTS_FILE
from workbook_tools.results.folder import StoredResult, read_results
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME, list_workbooks

T = TypeVar("T")
_PLACE_FILE = Path(STATE_FOLDER) / "page.json"
_RECENT = 12
"""Working folders that are remembered."""
_OF_THE_LIST = ("listed", "list")
"""What is kept of the list alone."""
_WAIT = 2.0
"""Seconds in which another run answers that is there."""


def name_folder(root: Path) -> str:
    """What stands for a working folder in addresses."""
    return hashlib.sha256(os.fsencode(root)).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """A working folder that is open."""

    id: str
    root: Path
    _shelves: dict[str, Shelf[Any]] = field(default_factory=dict)

    def keep(self, name: str, stamp: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, kept under a name for as long as the files it is made from have that ``stamp``."""
        shelf: Shelf[T] = self._shelves.setdefault(name, Shelf())
        return shelf.find(stamp, make)

    def forget(self, *, but: Collection[str] = ()) -> None:
        """Something was changed here, and may bear the time that it had before."""
        for name, shelf in list(self._shelves.items()):
            if name not in but:
                shelf.forget()

    @property
    def stamp(self) -> Hashable:
        """Tells whether anything was changed that a page shows."""
        return self.list_stamp, self.result_stamp, self.inbox_stamp

    @property
    def sign(self) -> str:
        """The same for a tab, which asks from time to time whether what it shows is still so."""
        return f"{hash(self.stamp) & 0xFFFFFFFFFFFFFFFF:x}"

    @property
    def list_stamp(self) -> Hashable:
        """Tells whether the list, or what it is read by, was changed."""
        names = (LIST_FILE, "项目清单.json")
        return self._rules_stamp, stamp_files(self.root / name for name in names), stamp_folder(self.root / LIST_FOLDER)

    @property
    def result_stamp(self) -> Hashable:
        """Tells whether 审核结果, or what is typed into it, was changed."""
        data = self.root / "审核" / f"{RESULT_NAME}.json"
        files = (data, data.with_name(DRAFTS_FILE), *list_workbooks(data))
        return self._rules_stamp, stamp_files(files), stamp_folder(data.with_name(DATA_FOLDER))

    @property
    def inbox_stamp(self) -> Hashable:
        """Tells whether anything came in."""
        return stamp_folder(self.root / INBOX)

    @property
    def _rules_stamp(self) -> Hashable:
        """Of settings and schemes."""
        return stamp_files([self.root / SETTINGS_FILE, *sorted(self.root.glob("*.toml"))]), stamp_folder(
            self.root / SCHEME_FOLDER
        )

    @property
    def campaign(self) -> Campaign:
        """As its settings stand now. Raises SettingsError."""
        return Campaign.open(self.root)

    @property
    def address(self) -> str:
        """Of its first page."""
        return f"/f/{self.id}/"

    @property
    def open_files(self) -> list[str]:
        """What somebody has open of the files that our steps write or read, by their paths within the folder."""
        folders = [
            self.root,
            *(self.root / name for name in ("审核", "汇总", "报告", SAMPLE_FOLDER, RECTIFICATION, OUTCOME)),
        ]
        return [path.relative_to(self.root).as_posix() for path in list_open_files(folders)]

    @property
    def read_only(self) -> bool:
        """Nothing can be done in it: it lies on a disc, or on a share that can only be read."""
        return bool(tell_read_only(self.root))

    @property
    def broken_step(self) -> BrokenStep | None:
        """A long step that was begun here and never ended: the program was killed, or the power failed."""
        return find_broken_step(self.root)

    def read_result(self, campaign: Campaign) -> StoredResult | None:
        """审核结果 with what finance has typed into its workbook by now; ``None`` before the first review.

        Raises SettingsError where it cannot be read.
        """
        data = campaign.result_file
        if not data.is_file():
            return None

        def read() -> StoredResult:
            return read_results(data, load=campaign.scheme, checks=campaign.settings.checks)

        return self.keep("result", self.result_stamp, read)

    def put_result(self, stored: StoredResult | None) -> None:
        """What was just written here need not be read again; ``None``: nothing was, though the ledger knows more now."""
        self.forget(but=_OF_THE_LIST if stored else (*_OF_THE_LIST, "result", "index"))
        if stored is None:
            return
        self.keep("result", self.result_stamp, lambda: stored)

    def read_list(self, campaign: Campaign) -> tuple[ListedProjects, list[Finding]]:
        """The project list with its mistakes, read once for all pages. Raises SettingsError, SchemeError."""
        return self.keep("listed", self.list_stamp, lambda: read_own_list(campaign))

    def find_progress(self, campaign: Campaign) -> Progress:
        """Where the work stands now, looked at again every hour though nothing was changed. Raises LedgerError."""
        now, ledger = datetime.now(UTC), campaign.ledger_place
        books = [ledger, ledger.with_name(f"{ledger.name}-wal")] if isinstance(ledger, Path) else []
        moment = now.replace(minute=0, second=0, microsecond=0) if books else now
        outputs = [stamp_folder(campaign.folder(name)) for name in ("汇总", "报告", "公开")]
        stamp = (moment, self.stamp, stamp_files(books), *outputs)
        return self.keep("progress", stamp, lambda: find_next_steps(campaign, now, self.reading))

    @property
    def reading(self) -> FolderReading:
        """For the faces: list and result as they are kept here."""
        return FolderReading(self.read_list, self._read_parts)

    def _read_parts(self, campaign: Campaign) -> ResultParts:
        stored = self.read_result(campaign)
        if stored is None:  # it was removed this moment
            raise SettingsError(f"找不到 {campaign.result_file}。")
        return stored.parts


@dataclass(slots=True)
class FrontDesk:
    """What one run of the page knows, whatever browser asks."""

    access: Access
    config: Path
    """The user's own folder, where the recent ones are listed."""
    start: Path
    """Where the program was started."""
    note_opened: Callable[[Path], object] | None = None
    """Hears of each working folder that is opened."""
    jobs: JobRunner = field(default_factory=JobRunner)
    folders: dict[str, OpenFolder] = field(default_factory=dict)
    who: str = ""
    """Who sits here: what was typed last, also in an earlier run; blank where nobody has said so."""
    taking: tuple[int, int] = (0, 0)
    """Of the files that were sent last, how many are put away, and how many there are; none while none is being taken in."""
    leaving: bool = False
    """Somebody has pressed 退出."""
    readers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "wbt page"))
    """Read what pages show."""
    waiting: dict[str, tuple[Future[Response], float]] = field(default_factory=dict)
    """Pages that are still being read, by address, each with when somebody last asked for it."""
    last_seen: float = field(default_factory=time.monotonic)
    """When a browser last asked for something."""
    last_look: float = field(default_factory=time.monotonic)
    """When somebody last looked at a page."""

    def __post_init__(self) -> None:
        self.who = self.who or read_person(self.config)

    def know_person(self, name: str) -> None:
        """Who sits here, kept for the next run. Raises SettingsError: that is no name."""
        if len(name) > MOST_NAME or not name.isprintable():
            raise SettingsError(f"姓名太长了，最多 {MOST_NAME} 个字，或者里面有看不见的字符。没有改动。")
        self.who = name
        keep_person(self.config, name)

    def open(self, root: Path) -> OpenFolder:
        """Open a working folder. Raises SettingsError (it is none, its settings are wrong) and :class:`OpenElsewhere`."""
        root = root.resolve()
        key = name_folder(root)
        if key not in self.folders:
            Campaign.open(root)
            if link := find_running(root):
                raise OpenElsewhere(link)
            self._claim(root)
            self.folders[key] = OpenFolder(key, root)
            if self.note_opened:
                self.note_opened(root)
        self._remember(root)
        return self.folders[key]

    def find(self, key: str) -> OpenFolder:
        """An open one by what stands for it; one that was open in an earlier run is opened again. Raises SettingsError."""
        if key in self.folders:
            return self.folders[key]
        for root in self.recent():
            if name_folder(root) == key:
                return self.open(root)
        raise SettingsError("这个工作文件夹没有打开，请从“开始”页打开它。")

    def recent(self) -> list[Path]:
        """The working folders that were open before and are still there, the last one first."""
        with suppress(OSError, ValueError, TypeError):
            known = [Path(text) for text in json.loads(self._recent_file.read_text("utf-8"))]
            return [root for root in known if is_working_folder(root)]
        return []

    def close(self) -> None:
        """Let go of the open ones, and of what is still being read."""
        self.readers.shutdown(wait=False, cancel_futures=True)
        for folder in self.folders.values():
            place = folder.root / _PLACE_FILE
            if _read_place(place).get("secret") == self.access.secret:
                with suppress(OSError):
                    place.unlink()

    @property
    def _recent_file(self) -> Path:
        return self.config / "recent.json"

    def _remember(self, root: Path) -> None:
        rest = [other for other in self.recent() if other != root]
        with suppress(OSError, OutputError):  # without the list everything else works
            self.config.mkdir(parents=True, exist_ok=True)
            data = json.dumps([str(path) for path in [root, *rest][:_RECENT]], ensure_ascii=False)
            replace_file(self._recent_file, data.encode("utf-8", "surrogatepass"))

    def _claim(self, root: Path) -> None:
        if tell_read_only(root):  # it can be looked at; two pages of it do no harm
            return
        (root / STATE_FOLDER).mkdir(exist_ok=True)
        place = {"port": self.access.port, "secret": self.access.secret}
        replace_file(root / _PLACE_FILE, json.dumps(place).encode(), private=True)


class OpenElsewhere(Exception):
    """Another run of the page has the working folder open; ``link`` leads there."""

    def __init__(self, link: str) -> None:
        super().__init__(link)
        self.link = link


def find_running(root: Path, connect: Callable[[int], http.client.HTTPConnection] | None = None) -> str:
    """A link into the page that has this working folder open; nothing where none has."""
    place = _read_place(root / _PLACE_FILE)
    port, secret = place.get("port"), place.get("secret")
    if not isinstance(port, int) or not isinstance(secret, str):
        return ""
    # A plain connection: no proxy that is set for the rest of the world comes between.
    connection = (connect or _connect)(port)
    try:
        body = json.dumps({"folder": str(root)}).encode("utf-8", "surrogatepass")
        connection.request("POST", "/link", body, {SECRET_HEADER: secret, "Content-Type": "application/json"})
        answer = connection.getresponse()
        return str(json.loads(answer.read(10_000))["link"]) if answer.status == 200 else ""
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return ""
    finally:
        connection.close()


def _connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_WAIT)


def _read_place(file: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(file.read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {}
