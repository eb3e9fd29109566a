"""Reading for pages: each file once for all of them, and nobody is kept waiting by Python's own looks through what is kept."""

import gc
import time
import weakref
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from page_visitor import PageVisitor, text_of

from workbook_tools.page import open_folders
from workbook_tools.page.interpreter import share_interpreter


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often list and result were read."""
    counts: Counter[str] = Counter()

    def count(name: str) -> None:
        face = getattr(open_folders, name)
        monkeypatch.setattr(open_folders, name, lambda *given, **more: counts.update([name]) or face(*given, **more))

    count("read_own_list")
    count("read_results")
    return counts


def test_list_and_result_are_read_once_for_all_pages(reviewed: PageVisitor, root: Path, read: Counter[str]) -> None:
    pages = ("", "list", "issue", "inbox", "review", "project/P01", "summary", "report", "after")
    for page in pages * 2:
        assert reviewed.get(page).status_code == 200
    assert read == {"read_own_list": 1, "read_results": 1}
    (root / "回收/新来的.xlsx").write_bytes(b"1")
    assert "有 1 个文件还没有审核" in text_of(reviewed.get("inbox"))
    reviewed.get("list")
    assert read == {"read_own_list": 1, "read_results": 1}
    reviewed.post("project/P01/accept", {"who": "王强"})
    for page in pages:
        reviewed.get(page)
    assert read == {"read_own_list": 1, "read_results": 1}  # what was written is not read back


def test_what_is_changed_outside_is_read_again(reviewed: PageVisitor, root: Path, read: Counter[str]) -> None:
    reviewed.get("list")
    listed = root / "项目清单.json"
    listed.write_text(listed.read_text("utf-8").replace("P01号项目", "改了名的项目"), "utf-8")
    assert "改了名的项目" in text_of(reviewed.get("issue")) and "改了名的项目" in reviewed.get("list").text
    assert read == {"read_own_list": 2, "read_results": 1}  # which says what came of projects that are missing


class Ring:
    """Refers to itself: it goes only when the collector looks."""

    def __init__(self) -> None:
        self.own = self


def test_the_long_look_comes_when_nobody_waits() -> None:
    def make() -> weakref.ref[Ring]:
        return weakref.ref(Ring())

    before = gc.get_threshold()
    with share_interpreter() as sweeper:
        full = gc.get_stats()[2]["collections"]
        kept = [[number] for number in range(200_000)]
        assert gc.get_stats()[2]["collections"] == full and len(kept) == 200_000
        now = time.monotonic()
        ring = make()
        gc.collect(1)  # the young ones are looked at as ever
        assert ring() is None
        ring, now = make(), time.monotonic()
        gc.freeze()  # what stays of one look is left alone by the next
        sweeper.sweep(now, busy=True)
        assert ring() is not None
        sweeper.sweep(now - 60, busy=False)
        assert ring() is None
    assert gc.get_threshold() == before and gc.get_freeze_count() == 0


def test_an_open_tab_hears_that_files_have_changed(reviewed: PageVisitor, root: Path) -> None:
    def ask() -> str:
        return reviewed.post("/alive", content=reviewed.base.split("/")[2]).text

    def find_sign(page: str) -> str:
        return page.partition('data-sign="')[2].partition('"')[0]

    page = reviewed.get("project/P01").text
    assert find_sign(page) == ask() and 'id="changed"' in page
    (root / "回收/新来的.xlsx").write_bytes(b"1")
    assert ask() != find_sign(page) and find_sign(reviewed.get("inbox").text) == ask()
    assert reviewed.post("/alive").status_code == 204 and reviewed.post("/alive", content="没有").status_code == 204


def test_a_large_workbook_makes_no_large_page(reviewed: PageVisitor, root: Path) -> None:
    book = openpyxl.load_workbook(root / "回收/甲.xlsx")
    for number in range(5):
        sheet = book.create_sheet(f"附表{number}")
        for row in range(1, 301):
            sheet.append([f"第{row}行的内容"] * 20)
    book.save(root / "回收/甲.xlsx")
    page = reviewed.get("project/P01")
    assert len(page.content) < 1_000_000 and "只画出前一部分" in page.text and "附表4" in page.text
