"""A request as the handlers see it, and the frame of every page."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from workbook_tools import __version__
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.author import name_person
from workbook_tools.campaign.ledger.status import format_local_time
from workbook_tools.core.errors import OutputError, SettingsError, WorkbookToolsError, tell_os_error
from workbook_tools.core.states import State
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.page.access import TOO_LARGE, TooLarge, refuse
from workbook_tools.page.display import has_display
from workbook_tools.page.jobs import ONWARD, Job, JobState, Onward, Work
from workbook_tools.page.open_folders import FrontDesk, OpenElsewhere, OpenFolder
from workbook_tools.page.wording import name_command_in_words, speak_of_buttons

log = logging.getLogger(__name__)
PAGES = (
    ("", "开始"),
    ("list", "清单"),
    ("issue", "下发"),
    ("inbox", "收表"),
    ("review", "审核"),
    ("summary", "汇总"),
    ("report", "报告"),
    ("after", "评完以后"),
)
"""The pages of a working folder in the order of the work: address and name."""
_BELONGS_TO = {
    "project": "review",
    "import": "list",
    "scheme": "",
    "settings": "",
    "ledger": "",
    "years": "summary",
    "forms": "",
}
"""Pages that have no place of their own in that row → under which they stand."""
_PATIENCE = 0.1
"""Seconds after which a page that is still being read is answered with one that says so."""
_MOMENT = 1.5
"""Seconds after which a step that is mostly done in a moment is shown as it goes on."""
_ABANDONED = 5.0
"""Seconds after which nobody waits for such a page any more: whoever comes later gets it as it is then."""
_MOST_FILES = 5_000
"""Files of one upload."""


@dataclass(slots=True)
class Visit:
    """A request: who asks for what, with what was typed."""

    desk: FrontDesk
    request: Request
    form: FormData
    sign: str = ""
    """Of the working folder's files before anything of them was read."""

    @property
    def folder(self) -> OpenFolder:
        """The working folder of the address. Raises SettingsError, OpenElsewhere."""
        return self.desk.find(self.request.path_params["folder"])

    @property
    def campaign(self) -> Campaign:
        """The same with its settings as they stand now. Raises SettingsError."""
        return self.folder.campaign

    def typed(self, name: str) -> str:
        """What was typed into a field, without blanks around it."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def typed_path(self, name: str) -> str:
        """The same of a place on this computer: Windows copies it with quotation marks around."""
        return bare_path(self.typed(name))

    def typed_all(self, name: str) -> list[str]:
        """What was typed into the fields of that name; nothing where there were none."""
        return [value.strip() for value in self.form.getlist(name) if isinstance(value, str)]

    def asked(self, name: str, default: str = "") -> str:
        """What the address asks for."""
        return self.request.query_params.get(name, default)

    def files(self) -> Iterator[UploadFile]:
        """The files that were sent."""
        return (item for item in self.form.getlist("files") if isinstance(item, UploadFile) and item.filename)

    def take_name(self, field: str) -> str:
        """Who does it: what was typed there, and from then on proposed everywhere; else who has said so before."""
        if (name := self.typed(field)) and name != self.desk.who:
            self.desk.know_person(name)
        name_person(self.desk.who)
        return self.desk.who

    def need_name(self, field: str) -> str:
        """The same. Raises SettingsError where nobody has said who it is: whose computer it is does not tell."""
        if name := self.take_name(field):
            return name
        raise SettingsError("请写您的姓名：这是谁做的，要登记进台账。没有改动。")

    def need_quiet(self) -> None:
        """Raises SettingsError while a long step runs: both would write the same files."""
        if job := self.desk.jobs.current:
            raise SettingsError(f"正在办“{job.title}”，等它办完再改。没有改动。")

    def show(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page."""
        folder = self.desk.folders.get(self.request.path_params.get("folder", ""))
        if folder:
            here = self.request.url.path.removeprefix(folder.address).partition("/")[0]
            facts |= {"folder": folder, "here": _BELONGS_TO.get(here, here)}
        facts |= {
            "desk": self.desk,
            "who": self.desk.who,
            "pages": PAGES,
            "version": __version__,
            "can_show": has_display(),
            "job": facts.get("job"),
        }
        facts["sign"] = self.sign
        facts["back"] = self.request.url.path if self.request.method == "GET" else ""
        return HTMLResponse(_TEMPLATES.get_template(template).render(facts), status)

    def go(self, *parts: str, say: str = "", **asked: str) -> Response:
        """To a page of the working folder, which says something and shows what is ``asked``."""
        address = self.folder.address + "/".join(quote(part, safe="") for part in parts)
        query = urlencode({name: value for name, value in {**asked, "said": say}.items() if value}, quote_via=quote)
        return RedirectResponse(f"{address}?{query}" if query else address, 303)

    def begin(self, title: str, page: str, command: str, work: Work, onward: Onward = ONWARD) -> Response:
        """Begin a long step, and show how far it is. Raises SettingsError where another one is running."""
        return self._show_step(self._start(title, page, command, work, onward))

    def begin_soon(self, title: str, page: str, command: str, work: Work) -> Response:
        """The same of a step that is mostly done in a moment: then its page says at once what came of it. Raises as :meth:`begin`."""
        job = self._start(title, page, command, work, ONWARD)
        self.desk.jobs.wait(job, _MOMENT)
        told = "".join(line.text for line in job.lines)
        if job.state is JobState.FAILED:
            return self.show("trouble.html", 409, message=told)
        return self.go(page, say=told) if job.state is JobState.DONE else self._show_step(job)

    def _start(self, title: str, page: str, command: str, work: Work, onward: Onward) -> Job:
        folder = self.folder
        job = self.desk.jobs.start(title, folder.root, folder.address + page, command, work, self.desk.who, onward)
        if (job.title, job.folder) != (title, folder.root):
            raise SettingsError(f"正在办“{job.title}”，等它办完，或者先把它停下。")
        return job

    def _show_step(self, job: Job) -> Response:
        return self.go("job", str(job.number))


Handler = Callable[[Visit], Response]


def route(path: str, handler: Handler, *methods: str, whole: bool = False) -> Route:
    """A page or an action; what goes wrong in it is told in a page.

    A page that takes long to read is answered at once with one that asks again; ``whole`` is what must not be (a download).
    """

    async def answer(request: Request) -> Response:
        desk: FrontDesk = request.app.state.desk
        if request.method == "GET" and not whole and "hx-request" not in request.headers:
            return await _answer_soon(handler, Visit(desk, request, FormData()))
        try:
            async with request.form(max_files=_MOST_FILES) as form:
                return await run_in_threadpool(_handle, handler, Visit(desk, request, form))
        except TooLarge:
            return refuse(413, TOO_LARGE)
        except MultiPartException:
            return refuse(400, f"送来的东西读不懂，或者一次超过 {_MOST_FILES} 个文件。请分几次送，或者压缩成 zip。")
        except OSError as exc:  # no room for what is being sent
            return refuse(507, f"放不下送来的文件：{tell_os_error(exc)}")

    return Route(path, answer, methods=list(methods or ("GET",)))


async def _answer_soon(handler: Handler, visit: Visit) -> Response:
    """The page, or after a moment a page that asks for it again: whoever does gets what has been read meanwhile."""
    waiting, address, now = visit.desk.waiting, str(visit.request.url), time.monotonic()
    visit.desk.last_look = now
    reading, asked = waiting.get(address, (None, now))
    if reading is None or (reading.done() and now - asked > _ABANDONED):
        reading = visit.desk.readers.submit(_handle, handler, visit)
    waiting[address] = reading, now
    await asyncio.wait({asyncio.wrap_future(reading)}, timeout=_PATIENCE)
    if not reading.done():
        return visit.show("waiting.html", 202)
    waiting.pop(address, None)
    return reading.result()


def _handle(handler: Handler, visit: Visit) -> Response:
    name_person(visit.desk.who)
    folder = visit.desk.folders.get(visit.request.path_params.get("folder", ""))
    if folder and visit.request.method == "GET":
        visit.sign = folder.sign
    try:
        return handler(visit)
    except OpenElsewhere as exc:
        return RedirectResponse(exc.link, 303)
    except WorkbookToolsError as exc:
        return visit.show("trouble.html", 409, message=str(exc))
    except OSError as exc:
        return visit.show("trouble.html", 409, message=f"读写文件时出错：{tell_os_error(exc)}")
    except Exception as exc:
        log.exception("程序意外出错")
        message = f"程序意外出错：{type(exc).__name__}。详情在工作文件夹的 日志\\wbt.log，请把它发给维护人员。"
        return visit.show("trouble.html", 500, message=message)


def bare_path(text: str) -> str:
    """A place on this computer without the quotation marks around it."""
    quoted = len(text) > 1 and text[0] in '"“' and text[-1] in '"”'
    return text[1:-1].strip() if quoted else text


def inside(root: Path, text: str, allowed: Sequence[str]) -> Path:
    """A file below one of these folders of a working folder. Raises OutputError for any other, and where there is none."""
    path = (root / text).resolve()
    if not any(path.is_relative_to(root / name) for name in allowed) or not path.is_file():
        raise OutputError(f"没有这个文件：{text}。它可能已被移走或改名，请回到上一页刷新再看。")
    return path


_STATE_TINTS = {
    State.MISSING: "error",
    State.TO_CORRECT: "error",
    State.TO_EXPLAIN: "warning",
    State.READY: "good",
    State.ACCEPTED: "good",
}
"""The look of each state."""


def _make_templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "buttons": speak_of_buttons,
        "command_name": name_command_in_words,
        "moment": format_local_time,
        "tint": lambda state: _STATE_TINTS.get(state, ""),
        "number": lambda value: "—" if value is None else number_text(value),
        "percent": lambda value: "—" if value is None else percent_text(value),
        "part": lambda text: quote(str(text), safe=""),
        "path": lambda text: quote(str(text), safe="/"),
    }
    return templates


_TEMPLATES = _make_templates()
