"""A department whose part and whose typed cells are as they were is not read when a result is written again; the files are the same to the last byte."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from memory_store import MemoryStore
from result_builder import project, result

from workbook_tools.campaign.output_drawing import choose_output_drawing
from workbook_tools.core.findings import finding
from workbook_tools.files.earlier_outputs import (
    DrawBatch,
    DrawBatches,
    DrawnBatch,
    EarlierOutputs,
    ListBatch,
    OutputBatch,
    ask_batch,
    draw_here,
)
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.sealed_store import SealedStore
from workbook_tools.results import (
    StoredResult,
    department_parts,
    folder,
    opened_parts,
    read_results,
    typed_reading,
    write_results,
)
from workbook_tools.results.folder import EarlierTyped
from workbook_tools.results.names import DATA_FOLDER, list_department_books
from workbook_tools.results.opened_parts import open_parts
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.results.typed_reading import TooMuch, read_little
from workbook_tools.review.departments import settle_departments
from workbook_tools.review.folder import Review
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.packing import pack_file
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.rules.scheme import builtin_schemes

FIRST, SECOND = "甲局", "乙局"
TYPED = {"核定得分": 3, "核定理由": "凭证不全", "核定人": "王强"}


class Office:
    """Two departments with two projects each, written once."""

    def __init__(self, folder: Path, written: list[str], books: list[str]) -> None:
        rows = [project(number, department=FIRST if number < 2 else SECOND) for number in range(4)]
        content = result(rows, missing=())
        self.items = [
            ReviewedFile(
                row.file,
                1.0,
                sha256=row.code,
                clock=1.0,
                project=row,
                scheme=builtin_schemes()["quwo"],
                indicators=[one for one in content.indicators if one.project_code == row.code],
                findings=[finding("FILL01", project_code=row.code, file=row.file)],
            )
            for row in rows
        ]
        self.folder, self.inbox, self.written, self.books = folder / "审核", folder / "回收", written, books
        self.write_all: DrawBatches = draw_here
        """By whom the departments are written once more, to compare with."""
        self.opened: list[str] = []
        """Workbooks that were opened last."""
        for row in rows:
            (self.inbox / row.file).parent.mkdir(parents=True, exist_ok=True)
            (self.inbox / row.file).touch()
        self.results, self.outputs = MemoryStore(), MemoryStore()
        assert self.again() == [FIRST, SECOND]

    def again(self) -> list[str]:
        """The departments whose parts are read when the result is written once more; nothing would be otherwise if all were."""
        self.written.clear()
        self.books.clear()
        entries, outputs = SealedStore(self.results), EarlierOutputs(self.outputs, self.folder)
        records = KeptRecords(entries)
        stored = self._write(records, outputs)
        outputs.close()
        records.drop_others()
        done, files = [*self.written], self._read_files()
        self.opened = [*self.books]
        times = {path: path.stat().st_mtime for path in list_department_books(self.folder)}
        plain = self._write(None, EarlierOutputs(), self.write_all)
        for path, moment in times.items():
            os.utime(path, (moment, moment))
        assert self._read_files() == files
        assert (stored.result, stored.problems) == (plain.result, plain.problems)
        return done

    def _write(
        self, records: KeptRecords | None, outputs: EarlierOutputs, write_all: DrawBatches = draw_here
    ) -> StoredResult:
        files = ReviewFiles(None)
        for item in self.items:
            files.add(pack_file([item]), item.modified, item.clock)
        parts = settle_departments(files, KnownBefore(year=2021), OfficeChoices(scheme="quwo"), kept=records)
        return write_results(
            Review(parts, self.inbox), self.folder, outputs, most=3, records=records, write_all=write_all
        )

    def read_books(self) -> dict[str, bytes]:
        """The workbooks by name; without what was changed by hand and moved aside."""
        return {path.name: path.read_bytes() for path in self.folder.rglob("*.xlsx") if "手工修改稿" not in path.name}

    def _read_files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.folder.rglob("*.*") if path.is_file()}

    @property
    def book(self) -> Path:
        """The workbook of the second department."""
        return next(path for path in list_department_books(self.folder) if SECOND in path.name)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    written: list[str] = []
    opened: list[str] = []
    write, read = department_parts.PartOrder.write, typed_reading.read_judgements

    def note(self: department_parts.PartOrder) -> object:
        written.append(self.department)
        return write(self)

    def note_book(path: Path, at: str = "") -> object:
        opened.append(path.name)
        return read(path, at)

    monkeypatch.setattr(department_parts.PartOrder, "write", note)
    monkeypatch.setattr(typed_reading, "read_judgements", note_book)
    return Office(tmp_path, written, opened)


def test_other_processes_write_the_same(office: Office) -> None:
    office.write_all = choose_output_drawing(1000, 2)
    assert office.again() == []
    assert office.written == [], "another process reads the parts"


def change(office: Office) -> None:
    office.items[0].findings = [finding("FILL02", project_code=office.items[0].project.code, file="x.xlsx")]  # type: ignore[union-attr]


def judge(office: Office) -> None:
    """Finance types a score into the first row of a project."""
    book = openpyxl.load_workbook(office.book)
    rows = [*book["指标得分"].iter_rows()]
    heads = next(row for row in rows if "核定得分" in {cell.value for cell in row})
    row = next(row for row in rows if row[0].value == office.items[2].project.code)  # type: ignore[union-attr]
    for head, cell in zip(heads, row, strict=True):
        if head.value in TYPED:
            cell.value = TYPED[head.value]
    book.properties.lastModifiedBy = "王强"
    book.save(office.book)


def remove_data(office: Office) -> None:
    next((office.folder / DATA_FOLDER).rglob(f"*{SECOND}/指标.jsonl")).unlink()


CHANGES: dict[str, tuple[Callable[[Office], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "a part": (change, [FIRST]),
    "核定": (judge, [SECOND]),
    "a file of 审核数据": (remove_data, [SECOND]),
    "a workbook": (lambda office: office.book.unlink(), []),
    "a link": (lambda office: (office.inbox / office.items[2].file).unlink(), []),
    "审核结果.json": (lambda office: (office.folder / "审核结果.json").write_bytes(b"{}"), []),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_change_does_not_concern_is_not_read_again(office: Office, kind: str) -> None:
    """A workbook that was drawn anew is opened by the next run only where something is typed in it."""
    make, written = CHANGES[kind]
    make(office)
    assert office.again() == written
    assert (office.again(), office.opened) == ([], [office.book.name] if kind == "核定" else [])
    assert (office.again(), office.opened) == ([], [])


def test_what_was_typed_stays_in_force_and_its_workbook_is_not_opened_again(office: Office) -> None:
    judge(office)
    office.again()
    office.again()
    change(office)
    assert office.again() == [FIRST]
    shown = {
        row[0].value
        for row in openpyxl.load_workbook(office.book)["指标得分"].iter_rows()
        if "王强" in {c.value for c in row}
    }
    assert shown == {office.items[2].project.code}  # type: ignore[union-attr]


def test_what_was_in_force_is_known_of_what_a_review_has_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("a part was read")

    judge(office)
    office.again()
    parts = open_parts(office.folder)
    plain = typed_reading.read_typed([office.book], parts)
    monkeypatch.setattr(StoredParts, "read", refuse)
    assert typed_reading.read_typed([office.book], parts, KeptRecords(SealedStore(office.results))) == plain


def test_what_others_read_of_workbooks_and_parts_is_what_is_read_here(office: Office) -> None:
    """In whatever order they are done; what is worth several processes is not read where there happens to be time."""
    judge(office)
    office.again()
    judge(office)
    with pytest.raises(TooMuch):
        read_little(ask_batch, [_Heavy()])
    typed = EarlierTyped(office.folder, None, _read_elsewhere)
    assert typed.read() == EarlierTyped(office.folder).read()
    assert typed.read().codes == {office.items[2].project.code}  # type: ignore[union-attr]


def test_a_large_result_is_not_held_where_its_workbooks_are_gone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has removed 审核结果_各部门 merges and reports all the same, in the memory that it takes with them."""
    judge(office)
    office.again()
    before = read_results(office.folder).result
    for book in list_department_books(office.folder):
        book.unlink()
    monkeypatch.setattr(opened_parts, "LARGE", 0)
    monkeypatch.setattr(folder, "HeldParts", pytest.fail)
    assert read_results(office.folder).result == before


class _Heavy:
    weight = 1000.0

    def __call__(self) -> OutputBatch:
        raise AssertionError("it was read")


def _read_elsewhere(read: DrawBatch, batches: Iterable[ListBatch]) -> Iterable[DrawnBatch]:
    """As other processes would, the last one first."""
    for batch in reversed([*batches]):
        yield _send(read(_send(batch)))


def _send(one: Any) -> Any:
    return ForkingPickler.loads(ForkingPickler.dumps(one))


def test_who_reads_a_result_does_not_open_workbooks_that_a_review_knows(office: Office) -> None:
    judge(office)
    office.again()
    office.again()
    office.books.clear()
    stored = read_results(office.folder, records=KeptRecords(SealedStore(office.results)))
    assert office.books == []
    assert (stored.result, stored.problems) == ((plain := read_results(office.folder)).result, plain.problems)
