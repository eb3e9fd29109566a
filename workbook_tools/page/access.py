"""Who may use the page: the browser that was given the link, from this computer, and no other page that is open in it.

Every request is refused but those that carry the cookie, name our own address as host, and, where they change something,
come from a page of ours. Whoever starts the program a second time shows the secret that lies in the working folder.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECRET_HEADER = "X-WBT-Secret"  # noqa: S105 - a header's name
MAX_UPLOAD = 500_000_000
"""Bytes of one upload: a county's workbooks with their evidence; the whole of it is written to disk twice."""
_MAX_FORM = 1_000_000
"""Bytes of any other request."""
_SAFE = ("GET", "HEAD")
_ENTER = "/enter"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer. With ``no-referrer`` browsers send ``Origin: null`` with our own forms."""


@dataclass(slots=True)
class Access:
    """The secrets of one run of the page, and the port that it listens on."""

    port: int
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """What the same program shows when it is started once more."""
    _tickets: set[str] = field(default_factory=set)

    @property
    def hosts(self) -> tuple[str, ...]:
        """As what the page may be called; any other name is that of a page which has been led to this address."""
        return f"127.0.0.1:{self.port}", f"[::1]:{self.port}"

    @property
    def cookie_name(self) -> str:
        """Cookies of one computer are shared by all its ports."""
        return f"wbt_{self.port}"

    def make_link(self, to: str = "/") -> str:
        """An address that lets a browser in, once: whoever reads it later in its history or in the list of processes stays outside."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return f"http://{self.hosts[0]}{_ENTER}?{urlencode({'ticket': ticket, 'to': to})}"

    def take_ticket(self, ticket: str) -> bool:
        """The ticket is good; it is none from now on."""
        known = next((one for one in self._tickets if compare_digest(one.encode(), ticket.encode())), None)
        self._tickets.discard(known or "")
        return known is not None


class Guard:
    """Lets in what may come in, and puts the headers on what goes out."""

    def __init__(self, app: ASGIApp, access: Access, uploads: frozenset[str] = frozenset()) -> None:
        """``uploads`` are the endings of the paths to which files may be sent."""
        self._app, self._access, self._uploads = app, access, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or hand it on."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        answer = self._answer(scope)
        if answer is not None:
            await answer(scope, receive, send_guarded)
            return
        await self._app(scope, _count(receive, self._limit(scope)), send_guarded)

    def _limit(self, scope: Scope) -> int:
        return MAX_UPLOAD if scope["path"].rpartition("/")[2] in self._uploads else _MAX_FORM

    def _answer(self, scope: Scope) -> HTMLResponse | None:
        """What is answered in place of the page; nothing where the request is good."""
        headers, method = Headers(scope=scope), scope["method"]
        host = headers.get("host", "")
        if host not in self._access.hosts:
            return refuse(421, "地址不对。请用程序打开的那个网页。")
        if scope["path"] == _ENTER and method in _SAFE:
            return self._enter(scope, headers)
        if compare_digest(headers.get(SECRET_HEADER, "").encode(), self._access.secret.encode()):
            return self._weigh(scope, headers)
        if not self._has_cookie(headers):
            return refuse(403, "请从程序打开的网页进入：关掉本页，再运行一次 wbt（或双击启动图标）。")
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return refuse(403, "这是别的网页发来的，没有理会。")
        if method not in _SAFE and not _comes_from(headers, f"http://{host}"):
            return refuse(403, "这是别的网页发来的，没有理会。")
        return self._weigh(scope, headers)

    def _enter(self, scope: Scope, headers: Headers) -> HTMLResponse:
        """Exchange the ticket for the cookie; the next step is the page's own, so that the cookie goes with it."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        to = query.get("to", ["/"])[0]
        if not (self._has_cookie(headers) or self._access.take_ticket(query.get("ticket", [""])[0])):
            return refuse(403, "这个地址已经用过，或者是以前的。请再运行一次 wbt。")
        to = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
        body = (
            f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(to)}">'
            f'<title>项目支出绩效自评</title><p>正在打开……</p><p><a href="{escape(to)}">没有打开的，点这里</a></p></html>'
        )
        answer = HTMLResponse(body)
        answer.set_cookie(self._access.cookie_name, self._access.cookie, httponly=True, samesite="strict")
        return answer

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._access.cookie_name)
        except CookieError:
            return False
        return found is not None and compare_digest(found.value.encode(), self._access.cookie.encode())

    def _weigh(self, scope: Scope, headers: Headers) -> HTMLResponse | None:
        """Refuse at once what says itself that it is too large."""
        said = headers.get("content-length", "0")
        if not said.isdigit() or int(said) > self._limit(scope):
            return refuse(413, TOO_LARGE)
        return None


TOO_LARGE = f"一次最多送 {MAX_UPLOAD // 1_000_000} MB。请分几次送，或者直接拷进工作文件夹的“回收”。"


class TooLarge(Exception):
    """More has come than may; whoever reads the body answers with :func:`refuse`."""


def _count(receive: Receive, limit: int) -> Receive:
    """Gives up a body that is longer than it may be, whatever was said before."""
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge
        return message

    return receive_counted


def _comes_from(headers: Headers, origin: str) -> bool:
    """Browsers name the page that a form or script was on; what names none is no browser's form."""
    return headers.get("origin") == origin


def refuse(status: int, why: str) -> HTMLResponse:
    """An answer that says why there is no page."""
    body = (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>没有打开</title>'
        f"<h1>没有打开</h1><p>{escape(why)}</p></html>"
    )
    # What is still to come of the request is not read.
    return HTMLResponse(body, status, {"Connection": "close"} if status == 413 else None)
