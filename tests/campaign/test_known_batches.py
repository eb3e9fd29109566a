"""What a merge or a report came to is known the next time: nothing of a department is read whose outputs stand and were made from the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from result_builder import project, result

from workbook_tools.campaign import Campaign, Settings, report_texts
from workbook_tools.campaign.kept_rooms import open_records
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.reporting import report_result
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.reports.acceptance import FILE_NAME as ACCEPTED_IN
from workbook_tools.reports.acceptance import Acceptance, Acceptances, read_acceptances, write_acceptances
from workbook_tools.results import read_results
from workbook_tools.results.json_file import write_json
from workbook_tools.results.judgement import ReadJudgements
from workbook_tools.results.parts_writing import write_parts
from workbook_tools.results.rulings import ReadRulings
from workbook_tools.results.stored_parts import StoredParts
from workbook_tools.results.typed_reading import ReadWorkbook, keep_untouched
from workbook_tools.review import guarded_reading

NOW = datetime(2024, 3, 1)
FOUND = result([*map(project, range(4))])
DEPARTMENTS = ["公安局", "交通运输局", "市场监督管理局"]
DRAWING = {
    "docx", "jinja2", "lxml", "numpy", "openpyxl", "pandas", "pebble", "python_calamine", "rapidfuzz", "sqlalchemy", "xlrd", "xlsxwriter",
}  # fmt: skip
RUN = """
import json, sys
from workbook_tools.__main__ import main
for command in ("merge", "report"):
    sys.argv = ["wbt", command, "-q"]
    try:
        main()
    except SystemExit as end:
        assert end.code == 0, command
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


class Office:
    """A working folder with a result, and which departments' parts are read of it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.campaign = Campaign.create(root, Settings(year=2021))
        self.campaign.signing_key()
        (root / "wbt.toml").write_text(
            (root / "wbt.toml").read_text("utf-8").replace("one_workbook = 500", "one_workbook = 2"), "utf-8"
        )
        self.campaign = Campaign.open(root)
        self.read: set[str] = set()
        read = StoredParts._list_kept

        def listen(parts: StoredParts, *arguments: object) -> object:
            one = next((name for name, entry in parts.index.departments.items() if entry is arguments[0]), "")
            self.read.add(one)
            return read(parts, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(StoredParts, "_list_kept", listen)
        self.write(FOUND)

    def write(self, found: ReviewResult) -> None:
        """The result of another review."""
        self.campaign.result_file.parent.mkdir(exist_ok=True)
        write_json(found, self.campaign.result_file)
        self.parts = write_parts(HeldParts(found), self.campaign.result_file)

    def merge(self, *, fresh: bool = False) -> dict[str, bytes]:
        """``wbt merge``."""
        self.read.clear()
        merge_result(self.campaign, self.parts, self.campaign.folder("汇总"), workers=1, fresh=fresh)
        return read(self.campaign.folder("汇总"))

    def report(self, *, fresh: bool = False) -> dict[str, bytes]:
        """``wbt report``."""
        self.read.clear()
        place, source = self.campaign.folder("报告"), self.campaign.result_file
        self.told = report_result(self.campaign, self.parts, place, source, NOW, workers=1, fresh=fresh)
        return read(place)


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(tmp_path / "自评", monkeypatch)


def change(found: ReviewResult) -> ReviewResult:
    first, *others = found.projects
    return found.model_copy(update={"projects": (first.model_copy(update={"name": "改了名称的项目"}), *others)})


@pytest.mark.parametrize("command", [Office.merge, Office.report])
def test_nothing_is_read_where_nothing_has_changed_and_else_the_department_that_has(
    office: Office, command: Callable[..., dict[str, bytes]]
) -> None:
    first = command(office)
    assert office.read >= set(DEPARTMENTS)
    assert command(office) == first
    assert office.read == set()
    office.write(change(FOUND))
    changed = command(office)
    assert office.read & {*DEPARTMENTS} == ({"公安局"} if command is Office.merge else {*DEPARTMENTS})
    assert changed != first
    assert command(office, fresh=True) == changed
    assert command(office) == changed
    assert office.read == set()


def test_nothing_that_reads_or_draws_is_loaded_where_nothing_has_changed(office: Office) -> None:
    source = office.campaign.result_file
    book = source.parent / "审核结果_各部门" / "审核结果_公安局.xlsx"
    replace_file(book, b"of which is known that nothing is typed in it")
    with open_records(office.campaign, office.campaign.known_keys(), source.parent) as records:
        keep_untouched(records, book, book.read_bytes(), ReadWorkbook(ReadJudgements(), ReadRulings()))
        office.parts = read_results(source, load=office.campaign.scheme, checks={}, records=records).parts
    office.report()
    office.merge()
    done = subprocess.run([sys.executable, "-c", RUN], cwd=office.campaign.root, capture_output=True, check=True)
    assert set(json.loads(done.stdout.splitlines()[-1])) & DRAWING == set()


def test_an_output_that_is_gone_is_written_again(office: Office) -> None:
    first = office.merge()
    (office.campaign.folder("汇总") / "汇总表_公安局.xlsx").unlink()
    assert office.merge() == first
    assert office.read == {"公安局"}


def test_a_report_that_comes_is_linked_and_one_that_goes_is_not(office: Office) -> None:
    office.report()
    linked = office.merge()
    assert office.merge() == linked
    assert office.read == set()
    next(path for path in office.campaign.folder("报告").rglob("XM0000*.docx")).unlink()
    without = office.merge()
    assert office.read == {"公安局"}
    assert without != linked
    assert office.merge(fresh=True) == without


def test_an_acceptance_changes_the_reports_and_what_is_told_of_them(office: Office) -> None:
    first = office.report()
    waiting = office.told.waiting
    office.report()
    assert office.told.waiting == waiting > 0
    one = Acceptance(year=2021, project_code="公安局", section="summary", text="另一段")
    write_acceptances(Acceptances(accepted=(one,)), office.campaign.result_file)
    accepted = office.report()
    assert office.read >= set(DEPARTMENTS)
    assert office.report(fresh=True) == accepted
    assert {*accepted} == {*first}


def test_texts_of_reports_are_read_where_something_was_typed_and_else_not_whatever_has_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.report()
    book, read_by = office.campaign.folder("报告") / report_texts.FILE_NAME, list[Path]()
    typed_book = guarded_reading.TypedBook
    monkeypatch.setattr(guarded_reading, "TypedBook", lambda path: read_by.append(path) or typed_book(path))
    office.write(change(FOUND))
    changed = office.report()
    assert read_by == []
    assert office.report(fresh=True) == changed
    assert read_by == [book]

    typed = openpyxl.load_workbook(book)
    (header,) = (row for row in typed.worksheets[0].iter_rows() if row[3].value == report_texts.FINAL)
    typed.worksheets[0].cell(header[3].row + 1, 4).value = "改写的文字"
    typed.save(book)
    office.report()
    assert read_by == [book] * 2
    accepted = read_acceptances(office.campaign.result_file)
    assert [text.text for text in accepted.edited] == ["改写的文字"]
    (office.campaign.result_file.parent / ACCEPTED_IN).unlink()  # what was typed stands in the workbook, too
    office.write(FOUND)
    office.report()
    assert read_by == [book] * 3
    assert [text.text for text in read_acceptances(office.campaign.result_file).edited] == ["改写的文字"]
