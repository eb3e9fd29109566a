"""What came of a file before is taken again where nothing has changed, and a review gives the same to the last byte."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from builders import KEY, KEYS, MOF, answers, filled, project
from damage import operated, workbook
from damage_cells import CELLS
from damage_files import FILES
from damage_programs import PROGRAMS
from damage_sheets import SHEETS
from drawn_gallery import LAYOUTS, ROADS, draw
from drawn_gallery import workbook as drawn_workbook
from locations import ROOT
from long_run import LONG
from memory_store import MemoryStore
from tampering import TAMPERING

from workbook_tools.core.findings import finding
from workbook_tools.core.names import Aliases
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.form.identity import SigningKey
from workbook_tools.legacy.importing import Importing, schemes_with_usual_first
from workbook_tools.results.json_file import write_json
from workbook_tools.review import kept_results, many_files, workers
from workbook_tools.review.folder import Review, review_folder
from workbook_tools.review.kept_results import KeptResults
from workbook_tools.review.packing import pack_file
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.workbooks.writing import build_workbook

GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(autouse=True)
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, in this process."""
    names: list[str] = []

    def work_here(parts: Iterable[Any], work: Callable[[Any], Any], *_: object, **__: object) -> Iterator[Any]:
        for part in parts:
            names.extend(source.name for source in part)
            yield work(part)

    monkeypatch.setattr(workers, "on_all_cores", work_here)
    return names


def as_bytes(review: Review, place: Path) -> bytes:
    """审核结果.json."""
    write_json(review.result, place / "结果.json")
    return (place / "结果.json").read_bytes()


def corpus() -> Iterator[tuple[str, bytes]]:
    """Issued, filled, damaged, tampered with, drawn by hand, published."""
    good = workbook()
    yield from ((path.name, path.read_bytes()) for path in sorted((GOLDEN / "issued_v1").glob("*.xlsx")))
    for folder in ("legacy", "legacy_more", "formats"):
        yield from ((path.name, path.read_bytes()) for path in sorted((GOLDEN / folder).glob("*.*")))
    for number, kind in enumerate([*CELLS, *SHEETS, *FILES, *PROGRAMS]):
        if not kind.marks:
            yield from ((f"损坏{number}/{name}", data) for name, data in kind.files(good).items())
    yield from ((f"改动{number}.xlsx", operated(kind.change)(good)) for number, kind in enumerate(TAMPERING))
    for number, layout in enumerate(LAYOUTS.values()):
        yield f"手工{number}.xlsx", drawn_workbook([draw(ROADS, layout)], layout)


SHARE = 1 if LONG else 4
"""One file in so many."""


@pytest.mark.slow
def test_the_whole_corpus_gives_the_same_bytes_from_the_store(tmp_path: Path, read: list[str]) -> None:
    inbox, store = tmp_path / "回收", MemoryStore()
    for name, data in islice(corpus(), 0, None, SHARE):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with zipfile.ZipFile(inbox / "一包.zip", "w") as archive:
        archive.writestr("甲.xlsx", workbook(code="P007"))
        archive.write(next(iter((GOLDEN / "legacy").glob("*.docx"))), "乙.docx")
    choices: dict[str, Any] = {"keys": KEYS, "projects": [project()], "year": 2024}
    plain = review_folder(inbox, **choices)
    first = review_folder(inbox, **choices, kept=store)
    read.clear()
    second = review_folder(inbox, **choices, kept=store)
    assert as_bytes(first, tmp_path) == as_bytes(plain, tmp_path)
    assert as_bytes(second, tmp_path) == as_bytes(plain, tmp_path)
    assert second.files == first.files
    assert read == [item.file for item in first.files if item.given_up or item.fault or is_old(item)]
    assert second.unchanged > 250 // SHARE


def is_old(item: ReviewedFile) -> bool:
    return item.file.endswith((".doc", ".wps"))


# -- what is read again, and what is not ------------------------------------------------------------------------------


class Inbox:
    """A folder with three workbooks and a form of today, reviewed once."""

    def __init__(self, folder: Path, read: list[str]) -> None:
        self.folder, self.place, self.store, self.read = folder / "回收", folder, MemoryStore(), read
        self.folder.mkdir()
        for code in ("P001", "P002"):
            other = project(code=code, name=f"项目{code}", answers=answers())
            (self.folder / f"{code}.xlsx").write_bytes(build_workbook(other, MOF, KEY))
        layout = next(iter(LAYOUTS.values()))
        (self.folder / "手工.xlsx").write_bytes(drawn_workbook([draw(ROADS, layout)], layout))
        self.choices: dict[str, Any] = {"keys": KEYS, "year": 2024, "importing": Importing()}
        self.again()

    def again(self, **changes: Any) -> list[str]:
        """The names of the files that a further review reads; it gives what one without a store does."""
        self.choices |= changes
        plain = review_folder(self.folder, **self.choices)
        self.read.clear()
        review = review_folder(self.folder, **self.choices, kept=self.store)
        assert as_bytes(review, self.place) == as_bytes(plain, self.place)
        assert review.unchanged == len(find_sources(self.folder)[0]) - len(self.read)
        return sorted(self.read)


ALL = ["P001.xlsx", "P002.xlsx", "手工.xlsx"]


@pytest.fixture
def inbox(tmp_path: Path, read: list[str]) -> Inbox:
    return Inbox(tmp_path, read)


def test_nothing_is_read_twice(inbox: Inbox) -> None:
    assert inbox.again() == []


def test_a_clock_that_was_changed_is_no_change_and_is_told_as_it_is_now(inbox: Inbox) -> None:
    os.utime(inbox.folder / "P001.xlsx", (1_700_000_000,) * 2)
    assert inbox.again() == []
    files = review_folder(inbox.folder, **inbox.choices, kept=inbox.store).files
    assert [item.clock for item in files if item.file == "P001.xlsx"] == [1_700_000_000]


def test_a_changed_file_is_read_although_its_clock_and_size_are_the_same(inbox: Inbox) -> None:
    path = inbox.folder / "P001.xlsx"
    facts, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert inbox.again() == ["P001.xlsx"]


def test_a_renamed_file_is_read_for_its_name_stands_in_what_is_told(inbox: Inbox) -> None:
    (inbox.folder / "P001.xlsx").rename(inbox.folder / "改名.xlsx")
    assert inbox.again() == ["改名.xlsx"]


def test_what_is_not_there_any_more_is_forgotten(inbox: Inbox) -> None:
    before = len(inbox.store.entries)
    (inbox.folder / "P001.xlsx").unlink()
    assert inbox.again() == []
    assert len(inbox.store.entries) == before - 1
    shutil.rmtree(inbox.folder)
    inbox.folder.mkdir()
    assert inbox.again() == []
    assert inbox.store.entries == {}


def test_another_list_scheme_or_choice_of_checks_reads_nothing_and_holds_all_the_same(inbox: Inbox) -> None:
    listed = project(name="项目P001", indicators=project().indicators[:-1])
    assert inbox.again(projects=[project()]) == []
    assert inbox.again(projects=[listed], checks={"FILE17": "off"}, authority="某县财政局") == []
    edited = MOF.model_copy(update={"name": "改过的方案"})
    assert inbox.again(load=lambda _: edited) == []


def test_other_keys_read_all(inbox: Inbox) -> None:
    assert inbox.again(keys={KEY.id: replace(KEY, revoked=True)}) == ALL
    assert inbox.again(keys={KEY.id: replace(KEY, foreign=True)}) == ALL
    assert inbox.again(keys={}) == ALL
    other = SigningKey(b"another office's computer, 32 b.".ljust(32, b"."))
    assert inbox.again(keys={**KEYS, other.id: other}) == ALL


def test_how_forms_of_today_are_read_is_nothing_to_a_workbook_of_ours(inbox: Inbox) -> None:
    for changes in (
        {"year": 2023},
        {"aliases": Aliases({"交通局": "示例县交通运输局"})},
        {"schemes": schemes_with_usual_first("quwo")},
    ):
        assert inbox.again(importing=replace(Importing(), **changes)) == ["手工.xlsx"]  # type: ignore[arg-type]


def test_another_program_reads_all(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_results, "digest_program", lambda: "another")
    assert inbox.again() == ALL


def test_a_member_of_an_archive_is_known_as_long_as_the_archive_is_the_same(inbox: Inbox) -> None:
    path = inbox.folder / "一包.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inbox.folder / "P001.xlsx", "甲.xlsx")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("甲.xlsx", workbook(code="P009"))
    assert inbox.again() == ["一包.zip/甲.xlsx"] * 2
    assert inbox.again() == []
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("乙.xlsx", b"")
    assert inbox.again() == ["一包.zip/乙.xlsx", *["一包.zip/甲.xlsx"] * 2]


# -- no wrong entry ---------------------------------------------------------------------------------------------------


def test_an_entry_that_was_changed_or_put_in_by_somebody_without_the_keys_is_not_taken(inbox: Inbox) -> None:
    whole = dict(inbox.store.entries)
    for spoil in (
        lambda data: data[:-1],
        lambda data: data.replace(b"0", b"1"),
        lambda data: b"",
        lambda data: b"x" * 32,
    ):
        inbox.store.entries = {name: spoil(data) for name, data in whole.items()}
        assert inbox.again() == ALL
    names = sorted(whole)
    inbox.store.entries = {name: whole[other] for name, other in zip(names, [*names[1:], names[0]], strict=True)}
    assert inbox.again() == ALL


def test_without_its_scheme_an_entry_is_none(inbox: Inbox) -> None:
    inbox.store.entries = {name: data for name, data in inbox.store.entries.items() if not name.startswith("scheme:")}
    assert inbox.again() == ALL
    assert inbox.again() == []


@pytest.mark.parametrize(
    "passing",
    [
        {"given_up": True},
        {"fault": "Traceback"},
        {"findings": [finding("FILE12", file="P001.xlsx")]},
        {"findings": [finding("FILE13", file="P001.xlsx")]},
        {"saved_at": float("nan")},
        {"content": "\ud800"},
    ],
)
def test_what_may_be_otherwise_the_next_time_is_not_kept(tmp_path: Path, passing: dict[str, Any]) -> None:
    filled(tmp_path, name="P001.xlsx")
    [source] = find_sources(tmp_path)[0]
    store = MemoryStore()
    results = KeptResults(store, KEYS, None)
    assert results.locate(source) is None
    results.keep([(source, pack_file([ReviewedFile("P001.xlsx", 0.0, **passing)]))])
    assert store.entries == {}


def test_a_file_that_was_replaced_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    path = filled(tmp_path, name="P001.xlsx")
    [source] = find_sources(tmp_path)[0]
    store = MemoryStore()
    results = KeptResults(store, KEYS, None)
    results.locate(source)
    path.write_bytes(workbook())
    results.keep([(source, pack_file([ReviewedFile("P001.xlsx", 0.0)]))])
    assert store.entries == {}


def test_an_archive_that_was_replaced_between_two_of_its_members_is_not_kept(tmp_path: Path) -> None:
    path, store = tmp_path / "一包.zip", MemoryStore()
    for number in range(2):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("甲.xlsx", b"" * number)
            archive.writestr("乙.xlsx", b"1" * number)
        if not number:
            first, second = find_sources(tmp_path)[0]
            results = KeptResults(store, KEYS, None)
            assert results.locate(first) is None
    assert results.locate(second) is None
    results.keep([(source, pack_file([ReviewedFile(source.name, 0.0)])) for source in (first, second)])
    assert store.entries == {}


def test_an_old_document_is_not_kept_as_it_is_and_not_converted_again(tmp_path: Path, read: list[str]) -> None:
    inbox, store, converted = tmp_path / "回收", MemoryStore(), list[str]()
    inbox.mkdir()
    (inbox / "报告.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
    review_folder(inbox, kept=store)
    assert store.entries == {}
    document = next(iter((GOLDEN / "legacy").glob("*.docx")))

    def convert(sources: Iterable[SourceFile]) -> list[SourceFile]:
        found = list(sources)
        converted.extend(source.name for source in found)
        digest = kept_results._digest_bytes((inbox / "报告.doc").read_bytes())
        return [replace(source, path=document, original=digest, packed=source.clock) for source in found]

    first = review_folder(inbox, prepare=convert, kept=store)
    read.clear()
    second = review_folder(inbox, prepare=convert, kept=store)
    assert (converted, read) == (["报告.doc"], [])
    assert second.result == first.result
    assert first.result.projects


def test_a_review_that_was_interrupted_goes_on_where_it_stopped(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_files, "BATCH", 2)
    for number in range(7):
        filled(tmp_path, name=f"P00{number}.xlsx", code=f"P00{number}")
    store = MemoryStore()

    def stop(done: int, total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        review_folder(tmp_path, keys=KEYS, kept=store, watch=stop)
    assert len(read) == 4
    review = review_folder(tmp_path, keys=KEYS, kept=store)
    assert sorted(read) == [f"P00{number}.xlsx" for number in range(7)]
    assert review.unchanged == 4
    assert review.result == review_folder(tmp_path, keys=KEYS).result
