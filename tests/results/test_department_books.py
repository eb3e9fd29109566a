"""Beyond a number of projects 审核结果.xlsx is an overview, and each department has a workbook; what is typed is never lost on the way."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from memory_store import MemoryStore
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from result_builder import finding_row, multiply, project, result

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import ACCEPTED
from workbook_tools.core.result_parts import (
    NO_ROWS,
    HeldParts,
    PartsByProject,
    PartSize,
    ResultParts,
    read_held,
    read_projects,
)
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import DrawBatch, DrawnBatch, EarlierOutputs, ListBatch
from workbook_tools.files.packed_records import adapter, pack_record
from workbook_tools.results import StoredResult, read_results, write_results
from workbook_tools.results.answer_sheet import ANSWERS
from workbook_tools.results.check_list import CHECK_LIST
from workbook_tools.results.department_overview import DEPARTMENTS
from workbook_tools.results.folder import EarlierTyped
from workbook_tools.results.json_file import read_json, write_json
from workbook_tools.results.judging_cells import INDICATORS, UNUSED
from workbook_tools.results.names import DEPARTMENTS_FOLDER, list_department_books
from workbook_tools.results.opened_parts import open_parts
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.results.typed_cells import JudgedParts, TypedCells
from workbook_tools.results.workbook import OVERVIEW
from workbook_tools.review.folder import Review
from workbook_tools.review.review_parts import PieceEntry, ReviewParts
from workbook_tools.review.shelf import ReviewShelf
from workbook_tools.review.states import mark_states

SMALL, LARGE = 5, 1_000
"""How many projects stand in one workbook: fewer than there are, and more."""


@pytest.fixture(scope="module")
def content() -> ReviewResult:
    """Three departments with four projects each, and two that miss one."""
    rows = [project(i, department="卫生健康局") for i in range(4)]
    asked = [finding_row(row, severity=Severity.WARNING, answer="次年到账") for row in rows]
    return mark_states(multiply(result(rows, findings=tuple(asked)), 3, departments=3))


def write(content: ReviewResult, folder: Path, most: int, **more: Any) -> StoredResult:
    return write_results(Review(HeldParts(content)), folder, most=most, **more)


def books(folder: Path) -> dict[str, Path]:
    return {path.stem.removeprefix("审核结果_"): path for path in list_department_books(folder)}


def type_in(sheet: Worksheet, code: str, cells: dict[str, object]) -> None:
    """Type into the first row of a project, as a person does."""
    rows = list(sheet.iter_rows())
    columns = next(found for row in rows if "项目编码" in (found := {cell.value: cell.column - 1 for cell in row}))
    line = next(row for row in rows if row[columns["项目编码"]].value == code)
    for name, value in cells.items():
        line[columns[name]].value = value


def judge(book: Workbook, code: str, score: float = 3) -> None:
    type_in(book[INDICATORS], code, {"核定得分": score, "核定理由": "凭证不全", "核定人": "王强"})


def accept(book: Workbook, code: str) -> None:
    type_in(book[ANSWERS], code, {"接受说明": ACCEPTED, "接受人": "王强"})


def save(book: Workbook, path: Path) -> None:
    book.properties.lastModifiedBy = "王强"
    book.save(path)


def judge_in(path: Path, code: str, score: float = 3) -> None:
    book = openpyxl.load_workbook(path)
    judge(book, code, score)
    save(book, path)


def accept_in(path: Path, code: str) -> None:
    book = openpyxl.load_workbook(path)
    accept(book, code)
    save(book, path)


def judged(stored: StoredResult) -> dict[str, tuple[str, str]]:
    """Of each project that finance has judged, or whose answer it has accepted, by whom."""
    found: dict[str, tuple[str, str]] = {}
    for name in stored.parts.sizes:
        part = stored.parts.read(name)
        ruled = {row.project_code: row.ruled_by for row in part.findings if row.ruling}
        for row in part.projects:
            by = row.execution_review.reviewed_by
            if by or row.code in ruled:
                found[row.code] = (by, ruled.get(row.code, ""))
    return found


def test_each_department_has_a_workbook_and_the_overview_leads_to_it(content: ReviewResult, tmp_path: Path) -> None:
    stored = write(content, tmp_path, SMALL)
    assert isinstance(stored.parts, StoredParts)
    assert set(books(tmp_path)) == set(stored.parts.sizes)
    overview = openpyxl.load_workbook(stored.workbook)
    assert {OVERVIEW, DEPARTMENTS, CHECK_LIST} <= set(overview.sheetnames)
    links = {cell.hyperlink.target for row in overview[DEPARTMENTS].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"{DEPARTMENTS_FOLDER}/{path.name}" for path in books(tmp_path).values()}
    for name, path in books(tmp_path).items():
        sheet = openpyxl.load_workbook(path)[INDICATORS]
        codes = {row[0].value for row in sheet.iter_rows(min_row=4) if row[0].value}
        assert codes == {row.code for row in stored.parts.read(name).projects} or codes == {"（无）"}


def test_a_department_that_lies_in_pieces_is_written_volume_by_volume_as_if_it_were_held(tmp_path: Path) -> None:
    name = "卫生健康局"
    rows = [project(i, department=name, file=f"{i % 3}/{9 - i}.xlsx") for i in range(8)]
    said = [finding_row(row, message=f"第{n}处") for row in rows for n in range(2)]
    strays = [
        dataclasses.replace(said[0], project_code=code, file=file) for code, file in (("", "0/9.xlsx"), ("XM0099", ""))
    ]
    whole = mark_states(result(rows, findings=(*said, *strays)))
    shelf, entries = ReviewShelf(), []
    for number in range(1, 5):
        own = {row.code for row in rows[2 * number - 2 : 2 * number]}
        piece = whole.model_copy(
            update={
                "projects": tuple(row for row in whole.projects if row.code in own),
                "indicators": tuple(row for row in whole.indicators if row.project_code in own),
                "findings": tuple(
                    row for row in whole.findings if row.project_code in own or (number == 3 and row in strays)
                ),
                "missing": whole.missing if number == 2 else (),
            }
        )
        shelf.add_rows(number, pack_record(adapter(ReviewResult), piece))
        entries.append(PieceEntry(number, PartSize(2), ""))
    shelf.add_rows(0, pack_record(adapter(ReviewResult), whole.model_copy(update=NO_ROWS)))
    parts = ReviewParts(shelf, whole.model_copy(update=NO_ROWS), {name: entries})
    written = []
    for each in (parts, HeldWhole(parts)):
        folder = tmp_path / type(each).__name__
        write_results(Review(each), folder, most=3, data=True)
        written.append({p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert len(books(folder)) == 3
    assert written[0] == written[1]
    assert [row.message for row in parts.read_range(name, 0, 2).findings if row.project_code == rows[1].code] == [
        "第0处",
        "第1处",
    ]


class HeldWhole:
    """Parts of which a department can only be read whole."""

    def __init__(self, parts: ResultParts) -> None:
        self.head, self.sizes, self.read, self.read_rest = parts.head, parts.sizes, parts.read, parts.read_rest


def test_the_json_holds_what_it_holds_of_one_workbook(content: ReviewResult, tmp_path: Path) -> None:
    large, small = write(content, tmp_path / "大", SMALL), write(content, tmp_path / "小", LARGE)
    for one, other in ((large, small), (small, large)):
        assert HeldParts(read_json(one.data)).sizes == HeldParts(other.result).sizes
    assert read_json(large.data) == large.result == read_results(tmp_path / "大").result
    assert sorted(large.result.indicators, key=repr) == sorted(small.result.indicators, key=repr)


@pytest.mark.parametrize("sizes", [(SMALL, LARGE), (LARGE, SMALL), (SMALL, SMALL), (SMALL, 2), (2, SMALL)])
def test_what_was_typed_is_in_force_after_the_next_run_however_the_workbooks_are_cut(
    content: ReviewResult, tmp_path: Path, sizes: tuple[int, int]
) -> None:
    before, after = sizes
    write(content, tmp_path, before)
    codes = [content.projects[0].code, content.projects[5].code, content.projects[11].code]
    for path in list_department_books(tmp_path) or [tmp_path / "审核结果.xlsx"]:
        book = openpyxl.load_workbook(path)
        for code in {*codes} & {cell.value for row in book[INDICATORS].iter_rows() for cell in row}:
            judge(book, code)
            accept(book, code)
            save(book, path)
    expected = dict.fromkeys(codes, ("王强", "王强"))
    assert judged(read_results(tmp_path)) == expected
    stored = write(content, tmp_path, after)
    assert stored.moved and judged(stored) == judged(read_results(tmp_path)) == expected
    assert judged(write(content, tmp_path, after)) == expected, "and after the one after that"
    assert bool(books(tmp_path)) == (after != LARGE)


def test_some_projects_are_read_alone_with_what_is_typed_of_them(content: ReviewResult, tmp_path: Path) -> None:
    write(content, tmp_path, SMALL)
    codes = {name: [row.code for row in HeldParts(content).read(name).projects] for name in books(tmp_path)}
    judged, accepted, *_ = [name for name in codes if codes[name]]
    judge_in(books(tmp_path)[judged], codes[judged][0])
    accept_in(books(tmp_path)[accepted], codes[accepted][1])
    parts = read_results(tmp_path).parts
    assert isinstance(parts, PartsByProject)
    for name in parts.sizes:
        whole = parts.read(name)
        held = HeldParts(whole)
        assert tuple(parts.list_projects(name)) == whole.projects
        assert read_held(parts, name, lambda _, rows: tuple(rows)) == whole
        assert {*parts.find_codes(name)} == {row.code for row in (*whole.projects, *whole.missing)}
        for chosen in (None, codes[name][:1], codes[name][1:], ["没有"]):
            for first, end in ((0, None), (1, 2)):
                asked = name, chosen, first, end
                assert read_projects(parts, *asked) == read_projects(held, *asked)


def test_a_decision_that_is_typed_no_more_is_in_force_no_more_whichever_way_its_rows_are_read(
    content: ReviewResult, tmp_path: Path
) -> None:
    write(content, tmp_path, SMALL)
    first = content.projects[0]
    judge_in(books(tmp_path)[first.department], first.code)
    write(content, tmp_path, SMALL)
    stored = open_parts(tmp_path)
    assert any(row.reviewed for row in stored.read(first.department).projects)
    parts = JudgedParts(stored, TypedCells())
    held = read_held(parts, first.department, lambda _, rows: tuple(rows))
    assert held == parts.read(first.department)
    assert tuple(parts.list_projects(first.department)) == held.projects
    assert not any(row.reviewed for row in held.projects)


def test_only_the_department_that_changed_is_drawn_again(content: ReviewResult, tmp_path: Path) -> None:
    outputs = EarlierOutputs(MemoryStore(), tmp_path)
    write(content, tmp_path, SMALL, outputs=outputs)
    outputs.close()
    before = {name: path.stat().st_ino for name, path in books(tmp_path).items()}
    assert write(content, tmp_path, SMALL, outputs=outputs).unchanged
    first = content.projects[0]
    judge_in(books(tmp_path)[first.department], first.code)
    stored = write(content, tmp_path, SMALL, outputs=outputs)
    outputs.close()
    after = {name: path.stat().st_ino for name, path in books(tmp_path).items()}
    assert {name for name in before if before[name] != after[name]} == {first.department}
    assert [path.name for path in stored.moved] == [f"审核结果_{first.department}.xlsx"]
    assert judged(read_results(tmp_path)) == {first.code: ("王强", "")}


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"PK")])
def test_of_a_workbook_that_is_gone_or_damaged_what_was_in_force_stays(
    content: ReviewResult, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    write(content, tmp_path, SMALL)
    first = content.projects[0]
    judge_in(books(tmp_path)[first.department], first.code)
    write(content, tmp_path, SMALL)
    harm(books(tmp_path)[first.department])
    assert judged(read_results(tmp_path)) == {first.code: ("王强", "")}
    assert judged(write(content, tmp_path, SMALL)) == {first.code: ("王强", "")}


def test_what_is_typed_follows_a_project_to_another_department_and_waits_while_it_is_gone(
    content: ReviewResult, tmp_path: Path
) -> None:
    write(content, tmp_path, SMALL)
    first = content.projects[0]
    judge_in(books(tmp_path)[first.department], first.code)
    gone = content.model_copy(
        update={
            "projects": content.projects[1:],
            "indicators": tuple(row for row in content.indicators if row.project_code != first.code),
            "findings": tuple(row for row in content.findings if row.project_code != first.code),
        }
    )
    stored = write(gone, tmp_path, SMALL)
    assert [row.code for row in stored.problems] == ["REVIEW06"] * 1
    assert UNUSED in openpyxl.load_workbook(stored.workbook).sheetnames
    moved = first.model_copy(update={"department": content.projects[-1].department})
    back = content.model_copy(update={"projects": (*content.projects[1:], moved)})
    assert judged(write(back, tmp_path, SMALL)) == {first.code: ("王强", "")}
    assert UNUSED not in openpyxl.load_workbook(stored.workbook).sheetnames


def test_a_department_that_is_gone_leaves_no_workbook_behind(content: ReviewResult, tmp_path: Path) -> None:
    write(content, tmp_path, SMALL)
    first, *_ = HeldParts(content).sizes
    kept = [row for row in content.projects if row.department != first]
    codes = {row.code for row in kept}
    less = content.model_copy(
        update={
            "projects": tuple(kept),
            "missing": (),
            "indicators": tuple(row for row in content.indicators if row.project_code in codes),
            "findings": tuple(row for row in content.findings if row.project_code in codes),
        }
    )
    own = tmp_path / DEPARTMENTS_FOLDER / "说明.txt"
    own.write_text("留着", "utf-8")
    write(less, tmp_path, SMALL)
    assert set(books(tmp_path)) == {row.department for row in kept}
    assert own.exists()


def test_a_workbook_that_cannot_be_replaced_leaves_all_as_it_was(
    content: ReviewResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(content, tmp_path, SMALL)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")} | {
        tmp_path / "审核结果.json": (tmp_path / "审核结果.json").read_bytes()
    }
    last = sorted(books(tmp_path).values())[-1]
    lock = last.with_name(f".~lock.{last.name}#")
    lock.write_text("")
    changed = content.model_copy(update={"authority": "别的局"})
    with pytest.raises(Exception, match="LibreOffice"):
        write(changed, tmp_path, SMALL)
    lock.unlink()
    assert {path: path.read_bytes() for path in before} == before
    assert read_results(tmp_path).result.authority == content.authority


def test_answers_of_a_large_result_are_told_with_the_cell_of_the_departments_workbook(
    content: ReviewResult, tmp_path: Path
) -> None:
    write(content, tmp_path, SMALL)
    first = content.projects[0]
    judge_in(books(tmp_path)[first.department], first.code, score=99)
    (fault,) = read_results(tmp_path).problems
    assert (fault.code, fault.file, fault.sheet) == ("REVIEW01", f"审核结果_{first.department}.xlsx", INDICATORS)
    (fault,) = write(content, tmp_path, SMALL).problems
    sheet = openpyxl.load_workbook(books(tmp_path)[first.department])[INDICATORS]
    assert (fault.code, sheet[fault.cell].value) == ("REVIEW01", 99)


def test_a_result_by_department_costs_no_whole_one(content: ReviewResult, tmp_path: Path) -> None:
    stored = write(content, tmp_path, SMALL)
    assert "result" not in stored.__dict__
    assert dataclasses.replace(stored).result == stored.result
    write_json(stored.result, tmp_path / "整个.json")
    assert (tmp_path / "整个.json").read_bytes() == stored.data.read_bytes()


def test_the_workbooks_may_be_drawn_elsewhere_and_come_in_any_order(content: ReviewResult, tmp_path: Path) -> None:
    def draw_elsewhere(draw: DrawBatch, batches: Iterable[ListBatch]) -> Iterable[DrawnBatch]:
        sent = [pickle.dumps((draw, batch)) for batch in batches]
        assert max(map(len, sent)) < 10_000, "a process reads its part by itself"
        for data in reversed(sent):
            work, batch = pickle.loads(data)  # noqa: S301 - our own
            yield work(batch)

    write(content, tmp_path / "一", SMALL)
    write(content, tmp_path / "二", SMALL, draw_all=draw_elsewhere)
    for one, other in zip(list_department_books(tmp_path / "一"), list_department_books(tmp_path / "二"), strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_what_was_typed_since_it_was_read_ahead_is_read(content: ReviewResult, tmp_path: Path):
    """An officer saves a workbook while the files of a review are read."""
    write(content, tmp_path, SMALL)
    typed = EarlierTyped(tmp_path)
    typed.read_ahead()
    assert not typed.read().judgements
    judge_in(
        books(tmp_path)["卫生健康局1"], next(row.code for row in content.projects if row.department == "卫生健康局1")
    )
    assert [item.reason for item in typed.read().judgements] == ["凭证不全"]
