"""Who may use the page: only the browser that came in by the link, and no other page that is open in it."""

from pathlib import Path

import httpx2 as httpx
import pytest
from page_visitor import HOST, ORIGIN, PORT, PageVisitor, text_of
from starlette.testclient import TestClient

from workbook_tools.page import access
from workbook_tools.page.access import SECRET_HEADER
from workbook_tools.page.application import make_application


@pytest.fixture
def visitor(tmp_path: Path) -> PageVisitor:
    return PageVisitor(tmp_path)


def stranger(visitor: PageVisitor) -> TestClient:
    """Another browser, without the cookie."""
    return TestClient(make_application(visitor.desk), base_url=ORIGIN, follow_redirects=False)


@pytest.mark.parametrize("path", ["/", "/browse", "/static/page.css", "/favicon.ico", "/alive", "/f/abc/", "/nothing"])
def test_without_the_cookie_nothing_is_shown(visitor: PageVisitor, path: str) -> None:
    assert stranger(visitor).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/open", "/make", "/quit", "/alive", "/link"])
def test_without_the_cookie_nothing_is_done(visitor: PageVisitor, path: str) -> None:
    answer = stranger(visitor).post(path, headers={"Origin": ORIGIN})
    assert (answer.status_code, visitor.desk.leaving) == (403, False)


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"localhost:{PORT}", "", f"{HOST}.x"]
)
def test_another_name_for_this_computer_is_refused(visitor: PageVisitor, host: str) -> None:
    """A page whose name was led to 127.0.0.1 (DNS rebinding) has the browser's connection, but not our name."""
    assert visitor.get("/", Host=host).status_code == 421
    link = visitor.desk.access.make_link().removeprefix(ORIGIN)
    assert visitor.get(link, Host=host).status_code == 421


def test_both_addresses_of_this_computer_are_good(visitor: PageVisitor) -> None:
    assert visitor.get("/", Host=f"[::1]:{PORT}").status_code == 200
    answer = visitor.post("/alive", headers={"Host": f"[::1]:{PORT}", "Origin": f"http://[::1]:{PORT}"})
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", f"https://{HOST}", f"http://[::1]:{PORT}"]
)
def test_a_form_on_another_page_does_nothing(visitor: PageVisitor, origin: str) -> None:
    assert visitor.post("/quit", headers={"Origin": origin}).status_code == 403
    assert not visitor.desk.leaving


def test_a_form_that_does_not_say_where_it_is_from_does_nothing(visitor: PageVisitor) -> None:
    assert visitor.client.post("/quit").status_code == 403
    assert not visitor.desk.leaving


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_may_not_even_ask(visitor: PageVisitor, site: str) -> None:
    """A page on another port of this computer is the same site to the browser: the cookie comes with what it asks."""
    assert visitor.get("/", **{"Sec-Fetch-Site": site}).status_code == 403
    assert visitor.post("/quit", headers={"Sec-Fetch-Site": site}).status_code == 403


def test_every_answer_forbids_frames_foreign_scripts_and_keeping(visitor: PageVisitor) -> None:
    answers = [visitor.get("/"), visitor.get("/static/page.js"), visitor.get("/nothing"), stranger(visitor).get("/")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


def test_pages_have_no_scripts_and_styles_of_their_own_and_name_no_other_place(visitor: PageVisitor) -> None:
    body = visitor.get("/").text
    assert "<script>" not in body and " style=" not in body and "<style" not in body and " onclick" not in body
    assert "http://" not in body and "https://" not in body


def test_the_link_lets_in_once(visitor: PageVisitor) -> None:
    link = visitor.desk.access.make_link("/browse")
    first, second = stranger(visitor), stranger(visitor)
    answer = first.get(link)
    assert answer.status_code == 200 and 'url=/browse"' in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert first.get("/").status_code == 200
    assert second.get(link).status_code == 403
    assert first.get(link).status_code == 200  # whoever is in already may come again


@pytest.mark.parametrize("to", ["http://evil.example", "//evil.example", "/\\evil.example", 'x"><script>'])
def test_the_link_leads_nowhere_else(visitor: PageVisitor, to: str) -> None:
    answer = visitor.get(visitor.desk.access.make_link(to).removeprefix(ORIGIN))
    assert "evil" not in answer.text and "<script" not in answer.text


def test_a_wrong_ticket_lets_nobody_in(visitor: PageVisitor) -> None:
    answer = stranger(visitor).get("/enter?ticket=abc")
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_the_secret_of_the_folder_gives_a_link_and_a_wrong_one_none(visitor: PageVisitor, tmp_path: Path) -> None:
    visitor.post("/make", {"path": str(tmp_path / "2024年自评")})
    body = {"folder": str(tmp_path / "2024年自评")}
    other = stranger(visitor)
    assert other.post("/link", json=body, headers={SECRET_HEADER: "wrong"}).status_code == 403
    answer = other.post("/link", json=body, headers={SECRET_HEADER: visitor.desk.access.secret})
    assert other.get(answer.json()["link"]).status_code == 200
    assert other.get("/").status_code == 200


def test_a_form_that_is_too_large_is_refused_before_it_is_read(visitor: PageVisitor) -> None:
    def body() -> bytes:
        raise AssertionError("it was read")

    request = httpx.Request("POST", f"{ORIGIN}/open", headers={"Origin": ORIGIN, "Content-Length": "1000000001"})
    request.stream = httpx.ByteStream(b"")
    request.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in visitor.client.cookies.items())
    assert visitor.client.send(request).status_code == 413


def test_a_form_that_says_nothing_of_its_size_is_cut_off(visitor: PageVisitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_MAX_FORM", 1000)
    sent = 0

    def pieces():
        nonlocal sent
        yield b"path="
        while sent < 100_000_000:
            sent += 500
            yield b"x" * 500

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = visitor.post("/open", content=pieces(), headers=headers)
    assert (answer.status_code, "一次最多送" in text_of(answer)) == (413, True)
