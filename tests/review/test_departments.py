"""A review is settled and read department by department, and comes to the same as one that is held whole."""

from __future__ import annotations

import os
import pickle
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import KEY, KEYS, MOF, answers, project
from result_builder import project as scored_project
from result_builder import result

from workbook_tools.core.errors import OutputError
from workbook_tools.core.findings import finding
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.form.identity import Issue
from workbook_tools.results.spelling import spell_result
from workbook_tools.review import (
    Review,
    comparing_texts,
    departments,
    division,
    processes,
    review_folder,
    shelf,
    workers,
)
from workbook_tools.review.comparing_texts import Comparing
from workbook_tools.review.departments import settle_departments
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.packing import pack_file
from workbook_tools.review.pieces import Settling
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.review_parts import ReviewParts, list_errors
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.trust import IssueBook
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.workbooks.writing import build_workbook

ROADS, POLICE = "示例县交通运输局", "示例县公安局"
DEPARTMENTS = {"P002": POLICE, "P001": ROADS, "P009": POLICE, "P003": ROADS}
LIST = [project(code=code, name=f"项目{code}", department=department) for code, department in DEPARTMENTS.items()]


def fill_inbox(folder: Path) -> None:
    """Two departments, a copy, a stranger, a damaged file, evidence of one and of nobody; P009 has not come."""
    folder.mkdir(exist_ok=True)
    for one in (*LIST[:2], LIST[3], project(code="P777", name="别的项目", department=POLICE)):
        (folder / f"{one.code}.xlsx").write_bytes(
            build_workbook(one.model_copy(update={"answers": answers()}), MOF, KEY)
        )
    (folder / "又一份.xlsx").write_bytes((folder / "P001.xlsx").read_bytes())
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04")
    for place in ("P003佐证材料", "谁的佐证材料"):
        (folder / place).mkdir()
        (folder / place / "合同.pdf").write_bytes(b"x")


def same_parts(review: Review) -> None:
    """The parts are those of the whole."""
    parts, whole = review.parts, HeldParts(review.result)
    assert isinstance(parts, ReviewParts)
    assert list(parts.sizes.items()) == list(whole.sizes.items())
    assert parts.head == whole.head
    assert parts.read_rest() == whole.read_rest()
    for department in parts.sizes:
        assert parts.read(department) == whole.read(department)


@pytest.mark.parametrize("projects", [LIST, None], ids=["with a list", "without a list"])
def test_the_parts_of_a_review_are_those_of_the_whole_result(tmp_path: Path, projects: Any) -> None:
    fill_inbox(tmp_path)
    extra = [finding("LIST15", file="项目清单.xlsx"), finding("LIST15", project_code="P002", file="项目清单.xlsx")]
    review = review_folder(tmp_path, keys=KEYS, projects=projects, findings=extra, year=2024)
    same_parts(review)
    assert list(review.parts.sizes) == ([POLICE, ROADS] if projects else [ROADS, POLICE])


def test_the_parts_are_read_elsewhere_by_where_they_lie(tmp_path: Path) -> None:
    fill_inbox(tmp_path)
    parts = review_folder(tmp_path, keys=KEYS, projects=LIST, year=2024).parts
    data = pickle.dumps(parts)
    assert len(data) < 100_000
    again = pickle.loads(data)  # noqa: S301 - just made
    assert again.read(ROADS) == parts.read(ROADS)
    assert again.read_rest() == parts.read_rest()


def scored(number: int, **facts: Any) -> ReviewedFile:
    """What came of a file, as far as settling looks at it."""
    row = scored_project(number, **facts)
    return ReviewedFile(row.file, 1.0, sha256=f"{number}", clock=1.0, project=row, scheme=builtin_schemes()["quwo"])


def settle(items: list[ReviewedFile]) -> ReviewParts:
    files = ReviewFiles(None)
    for item in items:
        files.add(pack_file([item]), item.modified, item.clock)
    return settle_departments(files, KnownBefore(year=2021), OfficeChoices(scheme="quwo"))


def test_without_a_list_a_project_is_of_the_department_that_the_file_that_counts_names() -> None:
    older = scored(1, department="甲局", file="旧.xlsx")
    newer = scored(1, department="乙局", file="新.xlsx")
    older.saved_at, newer.saved_at = 1.0, 2.0
    newer.sha256, newer.content = "新", "另有所说"
    parts = settle([older, newer, scored(2, department="甲局")])
    assert {name: [row.file for row in parts.read(name).projects] for name in parts.sizes} == {
        "乙局": ["新.xlsx"],
        "甲局": [scored(2).file],
    }


def test_of_two_years_of_a_project_in_two_departments_each_has_its_own() -> None:
    parts = settle([scored(1, department="甲局"), scored(1, department="乙局", year=2020, file="去年.xlsx")])
    assert {name: [row.year for row in parts.read(name).projects] for name in parts.sizes} == {
        "甲局": [2021],
        "乙局": [2020],
    }


def settle_listed(inbox: Path, workers: int) -> Review:
    """A list, what came of it, evidence, the year before, and what the ledger knows."""
    year_before = HeldParts(result([scored_project(1, code="P001", department=ROADS, year=2023)]))
    issued = IssueBook({(2024, "P001"): [Issue("x", 1)]}, _read_nothing, {})
    return review_folder(
        inbox,
        keys=KEYS,
        projects=LIST,
        year=2024,
        due="3月10日",
        issued=issued,
        last_year=LastYear(year_before),
        findings=[finding("LIST15", project_code="P002", file="项目清单.xlsx")],
        workers=workers,
    )


def _read_nothing(_: Any) -> dict[str, Any]:
    return {}


def test_pieces_of_departments_come_to_the_same_by_whomever_they_are_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who settle are copies of this process, in which the shelf lies open, and what is laid on it goes to the disk at once."""
    monkeypatch.setattr(processes, "_is_light", lambda: True)
    monkeypatch.setattr(
        workers, "bind_process", lambda *_: None
    )  # a copy of this process, which ran other tests, may hold more than a file may take
    monkeypatch.setattr(shelf, "_TABLES", f"PRAGMA cache_size = 1; {shelf._TABLES}")
    fill_inbox(tmp_path)
    whole = settle_listed(tmp_path, 1)
    monkeypatch.setattr(division, "AT_ONCE", 1)
    pieces = settle_listed(tmp_path, 1)
    monkeypatch.setattr(departments, "_WORTH_COUNTING", 0)
    monkeypatch.setattr(departments, "_WORTH_SETTLING", 0)
    monkeypatch.setattr(comparing_texts, "_MANY", 0)
    here = os.getpid()

    def is_done_elsewhere(do: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def do_elsewhere(self: Any) -> Any:
            assert os.getpid() != here
            return do(self)

        return do_elsewhere

    for task in (Settling, Comparing):
        monkeypatch.setattr(task, "do", is_done_elsewhere(task.do))
    others = settle_listed(tmp_path, 2)
    assert spell(others) == spell(pieces) == spell(whole)
    assert [*list_errors(others.parts)] == [*list_errors(pieces.parts)]
    same_parts(others)


def spell(review: Review) -> bytes:
    return b"".join(spell_result(review.result))


@pytest.mark.parametrize("odd", [{"saved_at": float("inf")}, {"content": "\ud800"}, {"file": "半\udcff字.xlsx"}])
def test_what_is_no_json_comes_back_from_the_shelf_as_it_was(odd: dict[str, Any]) -> None:
    item = scored(1)
    for name, value in odd.items():
        setattr(item, name, value)
    files = ReviewFiles(None)
    files.add(pack_file([item]), item.modified, item.clock)
    [again] = files.shelf.read_items([1])
    assert again == item
    assert not pack_file([item]).lasting


def test_a_review_leaves_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "临时"))
    (tmp_path / "临时").mkdir()
    fill_inbox(tmp_path / "回收")
    review = review_folder(tmp_path / "回收", keys=KEYS)
    assert list((tmp_path / "临时").iterdir())
    assert review.parts.sizes
    del review
    assert list((tmp_path / "临时").iterdir()) == []


def test_a_full_disk_is_told_in_words() -> None:
    files = ReviewFiles(None)
    files.shelf._database.execute("PRAGMA max_page_count = 20")
    with pytest.raises(OutputError, match="临时文件读写出错"):
        for number in range(400):
            item = scored(number)
            files.add(pack_file([item]), item.modified, item.clock)


def measure(departments: int) -> int:
    """Bytes that settling holds at most, of fifty projects in each department."""
    files = ReviewFiles(None)
    for number in range(50 * departments):
        item = scored(number, department=f"第{number // 50}局")
        files.add(pack_file([item]), item.modified, item.clock)
    tracemalloc.start()
    try:
        parts = settle_departments(files, KnownBefore(year=2021), OfficeChoices(scheme="quwo"))
        assert sum(len(part.projects) for part in map(parts.read, parts.sizes)) == 50 * departments
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_settling_holds_one_department_however_many_there_are() -> None:
    measure(1)  # what is loaded and known by then is no memory of a department
    few, many = measure(4), measure(24)
    assert many - few < 50 * 20 * 100, "a project of another department leaves less than a hundred bytes"


def test_rows_that_are_read_are_records() -> None:
    assert isinstance(settle([scored(1, department="甲局")]).read("甲局").projects[0], ProjectRow)
