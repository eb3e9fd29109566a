"""Long steps on the page: one at a time, told in words, and what hinders them."""

import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from page_judging import judged
from page_visitor import ORIGIN, PageVisitor, contents, text_of

from workbook_tools.core.model import ProjectList
from workbook_tools.page import inbox_pages, open_folders
from workbook_tools.page.jobs import JobRunner, JobState


def slow_review(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """A review that waits after its first file: the events say that it is there, and let it go on."""
    there, go = threading.Event(), threading.Event()

    def review(*_: object, watch, **__: object) -> None:
        for number in range(1, 4):
            watch(number, 3)
            there.set()
            go.wait(20)

    monkeypatch.setattr(inbox_pages, "review_inbox", review)
    return there, go


def test_two_tabs_find_the_same_step_and_another_one_has_to_wait(
    visitor: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, go = slow_review(monkeypatch)
    first = visitor.post("inbox/review").headers["location"]
    there.wait(20)
    assert visitor.post("inbox/review").headers["location"] == first  # the other tab, or a second click
    assert "1 / 3" in text_of(visitor.get(first)) and "1 / 3" in text_of(visitor.get(first))  # a reload
    assert "正在办：审核" in text_of(visitor.get("issue"))
    for path in ("issue/pack", "project/P01/accept"):
        answer = visitor.post(path, {"who": "王强"})
        assert (answer.status_code, "正在办“审核”" in text_of(answer)) == (409, True)
    visitor.post(first.removeprefix(visitor.base) + "/stop")
    go.set()
    assert "停下了" in visitor.wait(first)
    assert visitor.client.get(first, headers={"HX-Request": "true"}).headers["hx-refresh"] == "true"


def test_a_step_that_another_run_began_is_told_to_be_over(visitor: PageVisitor) -> None:
    """The server was killed in between: what it had written is whole, and the page says what to do."""
    answer = visitor.get("job/7")
    assert answer.status_code == 404 and "再点一次就接着做" in text_of(answer)


def test_what_goes_wrong_in_a_step_is_told_in_words(visitor: PageVisitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "审核结果.xlsx")

    monkeypatch.setattr(inbox_pages, "review_inbox", locked)
    told = visitor.do("inbox/review")
    assert "没有办成" in told and "是否正被 Excel、Word 或 WPS 打开" in told

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(inbox_pages, "review_inbox", broken)
    told = visitor.do("inbox/review")
    assert "程序意外出错" in told and "Traceback" not in told


def test_a_locked_result_is_told_and_nothing_is_lost(
    reviewed: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(root / "审核")

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("workbook_tools.files.atomic.os.replace", locked)
    answer = judged(reviewed, root, "15")
    assert answer.status_code == 409 and "它是否正被 Excel" in text_of(answer)
    monkeypatch.undo()
    assert contents(root / "审核") == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open workbook be written")
@pytest.mark.parametrize("sign", [".~lock.审核结果.xlsx#", ".~审核结果.xlsx"])
def test_nothing_is_judged_that_another_program_would_put_back(reviewed: PageVisitor, root: Path, sign: str) -> None:
    (root / "审核" / sign).write_bytes(b"")
    before = contents(root / "审核")
    answer = judged(reviewed, root, "15")
    assert answer.status_code == 409 and "请先在那里保存、关掉" in text_of(answer)
    assert contents(root / "审核") == before
    (root / "审核" / sign).unlink()
    assert judged(reviewed, root, "15").status_code == 303


def test_a_step_that_finds_the_disk_full_says_so_and_leaves_nothing_half(
    reviewed: PageVisitor, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(root)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbook_tools.files.atomic.os.fsync", full)
    told = reviewed.do("summary/merge")
    assert "没有办成" in told and "磁盘已满" in told
    monkeypatch.undo()
    after = contents(root)
    assert {name for name in after if name not in before and not name.startswith(".wbt/")} == set()
    assert "办好了" in reviewed.do("summary/merge")
    assert "没有办完" not in text_of(reviewed.get())


@pytest.mark.parametrize("sign", ["~$审核结果.xlsx", ".~lock.审核结果.xlsx#", ".~审核结果.xlsx"])
def test_what_is_open_elsewhere_is_told_on_every_page(reviewed: PageVisitor, root: Path, sign: str) -> None:
    (root / "审核" / sign).write_bytes(b"")
    for page in ("", "review", "project/P01", "summary"):
        assert "开着：审核/审核结果.xlsx" in text_of(reviewed.get(page))
    (root / "审核" / sign).unlink()
    assert "开着：" not in text_of(reviewed.get("review"))


def test_a_page_that_takes_long_is_answered_at_once_and_comes_by_itself(
    reviewed: PageVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(open_folders, "read_own_list", lambda _: go.wait(20) and (ProjectList(year=2024), []))
    answer = reviewed.client.get(reviewed.base + "list")
    assert (answer.status_code, "正在读取" in text_of(answer)) == (202, True)
    assert '<noscript><meta http-equiv="refresh" content="1"></noscript>' in answer.text  # else page.js asks again
    go.set()
    assert "还没有项目" in text_of(reviewed.get("list"))
    assert reviewed.desk.waiting == {}


def test_a_page_that_nobody_waited_for_is_read_anew(reviewed: PageVisitor) -> None:
    stale: Future[object] = Future()
    stale.set_result(None)
    address = f"{ORIGIN}{reviewed.base}list"
    reviewed.desk.waiting[address] = stale, time.monotonic() - 60
    assert "12 个项目" in text_of(reviewed.get("list"))


def test_time_left_is_told_from_what_is_done() -> None:
    runner = JobRunner()

    def work(job) -> list:
        job.watch(10, 100)
        job.started -= 9
        assert job.time_left == "大约还要 81 秒"
        job.watch(10, 1000)
        assert job.time_left == "大约还要 15 分钟"
        return []

    job = runner.start("试", Path(), "", "", work)
    runner._thread.join(20)
    assert job.state is JobState.DONE, job.lines
