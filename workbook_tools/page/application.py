"""The page as one ASGI application: its addresses, and the guard before them."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from workbook_tools.core.errors import WorkbookToolsError
from workbook_tools.page import (
    after_pages,
    form_pages,
    import_pages,
    inbox_pages,
    inspection_pages,
    issue_pages,
    job_pages,
    ledger_pages,
    list_pages,
    mending_pages,
    output_files,
    present_pages,
    project_pages,
    review_pages,
    start_pages,
    year_pages,
)
from workbook_tools.page.access import Guard
from workbook_tools.page.open_folders import FrontDesk, OpenElsewhere
from workbook_tools.page.visiting import Visit, route

_STATIC = Path(__file__).with_name("static")
_ICON = "/static/icon.svg"


def make_application(desk: FrontDesk) -> Guard:
    """The application of one run, guarded."""
    app = Starlette(
        routes=[
            *start_pages.ROUTES,
            *issue_pages.ROUTES,
            *inbox_pages.ROUTES,
            *review_pages.ROUTES,
            *project_pages.ROUTES,
            *list_pages.ROUTES,
            *import_pages.ROUTES,
            *present_pages.ROUTES,
            *after_pages.ROUTES,
            *inspection_pages.ROUTES,
            *mending_pages.ROUTES,
            *ledger_pages.ROUTES,
            *year_pages.ROUTES,
            *form_pages.ROUTES,
            *output_files.ROUTES,
            *job_pages.ROUTES,
            route("/quit", _quit, "POST"),
            Route("/alive", _say_alive, methods=["POST"]),
            Route("/taking", _tell_taking, methods=["POST"]),
            Route("/link", _make_link, methods=["POST"]),
            Route("/favicon.ico", lambda _: RedirectResponse(_ICON)),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={404: _say_missing},
    )
    app.state.desk = desk
    return Guard(_Seen(app, desk), desk.access, uploads=frozenset({"upload"}))


class _Seen:
    """Notes that somebody is there."""

    def __init__(self, app: Starlette, desk: FrontDesk) -> None:
        self._app, self._desk = app, desk

    async def __call__(
        self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        self._desk.last_seen = time.monotonic()
        await self._app(scope, receive, send)


async def _say_alive(request: Request) -> Response:
    """What an open tab sends from time to time: whether the files of its working folder are as it shows them is told by their sign."""
    desk: FrontDesk = request.app.state.desk
    folder = desk.folders.get((await request.body()).decode("ascii", "replace"))
    if folder is None:
        return Response(status_code=204)
    return PlainTextResponse(await run_in_threadpool(lambda: folder.sign))


async def _tell_taking(request: Request) -> Response:
    """For the tab that has sent files: how many are put away, and of how many; nothing where none is being taken in."""
    done, total = request.app.state.desk.taking
    return JSONResponse({"done": done, "total": total})


async def _make_link(request: Request) -> Response:
    """For the same program, started once more: a link that lets a browser in."""
    desk: FrontDesk = request.app.state.desk
    try:
        folder = desk.open(Path(json.loads(await request.body())["folder"]))
    except (WorkbookToolsError, OpenElsewhere, ValueError, KeyError, TypeError):
        return Response(status_code=409)
    return JSONResponse({"link": desk.access.make_link(folder.address)})


def _quit(visit: Visit) -> Response:
    visit.desk.leaving = True
    return visit.show("left.html")


async def _say_missing(request: Request, _: Exception) -> Response:
    return Visit(request.app.state.desk, request, await request.form()).show(
        "trouble.html", 404, message="没有这一页。"
    )
