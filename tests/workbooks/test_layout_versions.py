"""A second layout version, rehearsed: what version 1 has sent out is read, verified and scored as it was issued.

Version 2 exists in this test alone. It has a row more on one sheet, calls a cell otherwise, writes a rule otherwise into
the cells, and gives whole points for an indicator, so that whatever took the wrong version would show.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import issued_v1
import pytest
from builders import KEY, KEYS, MOF, project
from settling_here import settle_items
from surgery import save_as_on

from workbook_tools.core.cells import Span
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import Judgement, ReviewResult
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.form import layout, narrative
from workbook_tools.form.fields import Field, FieldStyle, Layout, LayoutVersion, Role
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.results.facts import indicator_entries
from workbook_tools.results.judgement import apply_judgements
from workbook_tools.review.batches import review_files
from workbook_tools.review.folder import review_folder
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import If, IsNumber, both
from workbook_tools.rules.scheme import Rounding, Scheme
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import draw_workbook

EXPECTED = json.loads(issued_v1.EXPECTED.read_text("utf-8"))
FILLED = [file for file in issued_v1.FILES if "filled" in file]


# -- version 2 --------------------------------------------------------------------------------------------------------


def _basics(built: Layout) -> None:
    """基本情况 with one line more at its head, and another label for the project's leader."""
    narrative.build_basics(built)
    plan = built.sheets[narrative.BASICS]
    moved = [replace(item, span=item.span.moved(item.span.row + 1, item.span.col)) for item in plan.fields]
    plan.heights = {row + 1: height for row, height in plan.heights.items()}
    plan.fields = [replace(item, label="负责人") if item.name == "leader" else item for item in moved]
    built.fields |= {item.name: item for item in plan.fields if item.name}
    line = Span.across(0, 0, 3)
    built.add(
        Field(sheet=narrative.BASICS, span=line, role=Role.LABEL, value="填写前请看填报说明", look=FieldStyle.NOTE)
    )


def _rate(part: str, whole: str) -> Expr:
    """The same rate, asked for in another order."""
    top, base = Ref(part), Ref(whole)
    return If(IsNumber(base), If(both(IsNumber(top), base > 0), top / base, Const(NOTHING)), Const(NOTHING))


def _whole(scheme: Scheme, rule: str, unit: str) -> Expr:
    """Whole points, whatever the scheme says."""
    return library.score(scheme.model_copy(update={"rounding": Rounding(decimals=0)}), rule, unit)


_1 = layout.VERSIONS["1"]
VERSION_2 = LayoutVersion(
    "2",
    builders={**_1.builders, narrative.BASICS: _basics},
    of_facts=_1.of_facts,
    tabs=_1.tabs,
    rules=replace(_1.rules, rate=_rate, score=_whole),
)


@pytest.fixture
def second(monkeypatch):
    """A later program, which sends out version 2."""
    monkeypatch.setitem(layout.VERSIONS, "2", VERSION_2)
    monkeypatch.setattr(layout, "CURRENT_VERSION", "2")


def second_workbook() -> bytes:
    """A filled workbook of version 2."""
    built = build_layout(issued_v1.answered(project(), MOF), MOF, issued_v1.NOTICE, "2")
    return draw_workbook(built, Seal.on(built, KEY))


# -- version 1 under it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", issued_v1.FILES)
def test_what_version_1_sent_out_is_read_verified_and_scored(file):
    assert issued_v1.outcome(issued_v1.read(file)) == EXPECTED[file]


@pytest.mark.parametrize("file", issued_v1.FILES)
@pytest.mark.usefixtures("second")
def test_it_is_so_when_a_second_version_is_about(file):
    assert issued_v1.outcome(issued_v1.read(file)) == EXPECTED[file]


@pytest.mark.usefixtures("second")
def test_the_versions_differ_so_that_a_mistaken_one_would_show(monkeypatch):
    monkeypatch.setitem(layout.VERSIONS, "1", VERSION_2)
    mistaken = issued_v1.outcome(issued_v1.read("mof-2020-approved-filled.xlsx"))
    codes = {code for code, _ in mistaken["findings"]}
    assert {"TAMPER03", "TAMPER09"} <= codes
    assert mistaken["scores"] != EXPECTED["mof-2020-approved-filled.xlsx"]["scores"]


@pytest.mark.usefixtures("second")
def test_version_2_is_read_verified_and_scored_by_its_own_rules(tmp_path):
    path = tmp_path / "P001.xlsx"
    path.write_bytes(second_workbook())
    reading = read_submission(SourceFile(path, path.name), KEYS)
    assert reading.submission is not None
    assert reading.submission.layout.version is VERSION_2
    assert issued_v1.outcome(reading)["findings"] == []
    assert issued_v1.outcome(reading)["scores"] == [18.0, 20.0, 8.0, 30.0, 10.0]
    rate, first = (reading.submission.layout.fields[name] for name in ("execution_rate_total", "text_overview"))
    issued = build_layout(project(), MOF, version="1")
    assert reading.submission.layout.formula(rate) != issued.formula(issued.fields[rate.name])
    assert first.span.row == issued.fields[first.name].span.row + 1


# -- a project answers in either --------------------------------------------------------------------------------------


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    """What a review says of versions and integrity."""
    return sorted((f.code, f.file) for f in findings if f.code.startswith(("FILE", "TAMPER")))


def review(folder: Path, listed: list[Project]) -> ReviewResult:
    """Read in this process, which alone knows the second version."""
    files = review_files(find_sources(folder)[0], KEYS)
    return settle_items(files, [], listed, year=2024, scheme="mof-2020")


@pytest.mark.usefixtures("second")
def test_of_a_campaign_one_unit_may_answer_in_version_1_and_another_in_version_2(tmp_path):
    listed = [issued_v1.project_of(file) for file in ("mof-2020-approved-filled.xlsx", "mof-2020-open-filled.xlsx")]
    (tmp_path / "one.xlsx").write_bytes((issued_v1.FOLDER / "mof-2020-open-filled.xlsx").read_bytes())
    (tmp_path / "two.xlsx").write_bytes(second_workbook())
    result = review(tmp_path, listed)
    assert codes(list(result.findings)) == []
    assert {(row.code, row.total_score) for row in result.projects} == {("P001", 96.0), ("P002", 96.33)}
    assert result.missing == ()


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize("newer", ["one.xlsx", "two.xlsx"])
def test_of_two_files_of_a_project_the_newer_counts_whatever_its_version(tmp_path, newer):
    listed = issued_v1.project_of("mof-2020-approved-filled.xlsx")
    (tmp_path / "one.xlsx").write_bytes((issued_v1.FOLDER / "mof-2020-approved-filled.xlsx").read_bytes())
    (tmp_path / "two.xlsx").write_bytes(second_workbook())
    for name in ("one.xlsx", "two.xlsx"):
        save_as_on(tmp_path / name, datetime(2025, 2, 2 if name == newer else 1, tzinfo=UTC))
    result = review(tmp_path, [listed])
    [older] = {"one.xlsx", "two.xlsx"} - {newer}
    assert codes(list(result.findings)) == [("FILE08", older)]
    assert [(row.file, row.total_score) for row in result.projects] == [(newer, 96.33 if newer == "one.xlsx" else 96.0)]


@pytest.mark.usefixtures("second")
def test_a_returned_copy_is_drawn_in_the_version_it_came_in(tmp_path):
    reading = issued_v1.read("mof-2020-approved-filled.xlsx")
    assert reading.submission is not None
    assert reading.seal is not None
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(draw_workbook(reading.submission.layout, reading.seal))
    again = read_submission(SourceFile(copy, copy.name), KEYS)
    assert again.findings == []
    assert again.submission is not None
    assert again.submission.layout.version is _1


@pytest.mark.usefixtures("second")
def test_a_judged_score_is_added_up_by_the_rules_that_the_project_was_scored_by(tmp_path, monkeypatch):
    doubled = replace(VERSION_2.rules, total_score=lambda scheme: library.total_score(scheme) * 2)
    monkeypatch.setitem(layout.VERSIONS, "2", replace(VERSION_2, rules=doubled))
    (tmp_path / "one.xlsx").write_bytes((issued_v1.FOLDER / "mof-2020-approved-filled.xlsx").read_bytes())
    result = review_folder(tmp_path, keys=KEYS, year=2024, workers=1).result
    first = next(entry for entry in indicator_entries(result) if entry.row.name == "养护里程")
    judgement = Judgement(key=first.key, score=8.0, reason="没有记录", by="王股长", computed=first.row.score)
    judged, findings = apply_judgements(result, [judgement])
    assert findings == []
    assert [row.reviewed_total for row in judged.projects] == [86.33]


# -- unknown versions -------------------------------------------------------------------------------------------------


def test_an_unknown_version_is_refused_with_advice(tmp_path, monkeypatch):
    with monkeypatch.context() as later:
        later.setitem(layout.VERSIONS, "2", VERSION_2)
        (tmp_path / "P001.xlsx").write_bytes(second_workbook())
    [item] = review_files([SourceFile(tmp_path / "P001.xlsx", "P001.xlsx")], KEYS)
    assert [(f.code, f.sheet, f.cell, f.found, f.expected) for f in item.findings] == [
        ("FILE06", "标识", "B2", "2", "1")
    ]
    [found] = item.findings
    assert found.advice
    assert found.advice.count("。") == 1
    assert item.project is None


def test_a_version_that_only_the_signed_content_names_is_refused_too(tmp_path, monkeypatch):
    with monkeypatch.context() as later:
        later.setitem(layout.VERSIONS, "2", replace(VERSION_2, name="9"))
        built = build_layout(project(), MOF, version="2")
        seal = Seal.on(built, KEY)
        built.version = replace(VERSION_2, name="1")
        (tmp_path / "P001.xlsx").write_bytes(draw_workbook(built, seal))
    reading = read_submission(SourceFile(tmp_path / "P001.xlsx", "P001.xlsx"), KEYS)
    assert [(f.code, f.found) for f in reading.findings] == [("FILE06", "9")]
    assert reading.submission is None
