"""Opening the page: two sockets of this computer alone, a browser, and an end when nobody is there."""

from __future__ import annotations

import asyncio
import socket
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from workbook_tools.campaign.folder import find_working_folder
from workbook_tools.core.errors import OutputError, SettingsError, os_reason
from workbook_tools.page.access import Access
from workbook_tools.page.application import make_application
from workbook_tools.page.interpreter import Sweeper, share_interpreter
from workbook_tools.page.open_folders import FrontDesk, OpenElsewhere, find_running

_UNSEEN = 15 * 60
"""Seconds without a sign of any browser after which the program ends: tabs in the background speak up once a minute."""
_LOOK = 1.0
"""Seconds between two looks at whether to end."""
_PATIENCE = 30
"""Seconds in which a step that is running ends after the file that it is at."""


def serve(
    start: Path,
    config: Path,
    say: Callable[[str], None],
    *,
    browse: Callable[[str], object] | None = webbrowser.open,
    note_opened: Callable[[Path], object] | None = None,
    unseen: float = _UNSEEN,
) -> None:
    """Open the page for the working folder that ``start`` lies in, or its first page, and stay until it is left.

    Where the page is open there already, that one is shown. ``config`` is the user's own folder; ``say`` tells the user a
    line; without ``browse`` the address is told and nothing opened; ``note_opened`` hears of each working folder that is opened. Raises OutputError where no port is free.
    """
    root = find_working_folder(start)
    if root and (link := find_running(root.resolve())):
        _show(link, "这个工作文件夹的网页已经打开。", say, browse)
        return
    sockets = _listen()
    access = Access(sockets[0].getsockname()[1])
    desk = FrontDesk(access, config, start.resolve(), note_opened)
    try:
        to = desk.open(root).address if root else "/"
    except OpenElsewhere as exc:  # another start was quicker
        for one in sockets:
            one.close()
        _show(exc.link, "这个工作文件夹的网页已经打开。", say, browse)
        return
    except SettingsError as exc:  # a wrong wbt.toml: the first page is there all the same
        say(str(exc))
        to = "/"
    try:
        _run(desk, sockets, lambda: _show(access.make_link(to), "网页已经准备好。", say, browse), unseen)
    finally:
        desk.jobs.end(_PATIENCE)
        desk.close()
        say("网页已经退出。")


def _show(link: str, told: str, say: Callable[[str], None], browse: Callable[[str], object] | None) -> None:
    how = "没有自己出来的，把这个地址复制到浏览器里" if browse else "在这台电脑的浏览器里打开这个地址"
    say(f"{told}{how}（只能用一次）：")
    say(link)
    if browse:
        browse(link)


def _listen() -> list[socket.socket]:
    """A free port on 127.0.0.1, and the same on ::1 where there is one. They listen before anybody is told of them."""
    try:
        first = socket.create_server(("127.0.0.1", 0))
    except OSError as exc:
        raise OutputError(f"打不开网页：这台电脑上没有可用的端口（{os_reason(exc)}）。") from None
    sockets = [first]
    with suppress(OSError):
        sockets.append(socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6))
    return sockets


def _run(desk: FrontDesk, sockets: list[socket.socket], shown: Callable[[], None], unseen: float) -> None:
    config = uvicorn.Config(
        make_application(desk),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)

    async def run(sweeper: Sweeper) -> None:
        watching = asyncio.create_task(_watch(desk, server, sweeper, unseen))
        opening = asyncio.create_task(asyncio.to_thread(shown))
        await server.serve(sockets)
        watching.cancel()
        await asyncio.gather(watching, opening, return_exceptions=True)

    with share_interpreter() as sweeper:
        asyncio.run(run(sweeper))


async def _watch(desk: FrontDesk, server: uvicorn.Server, sweeper: Sweeper, unseen: float) -> None:
    """End the server when somebody leaves, or nobody has been there for long and nothing is running; sweep when nobody looks."""
    while True:
        await asyncio.sleep(_LOOK)
        if desk.jobs.current:
            desk.last_seen = time.monotonic()
        if desk.leaving or time.monotonic() - desk.last_seen > unseen:
            server.should_exit = True
            return
        sweeper.sweep(desk.last_look, busy=desk.jobs.current is not None)
