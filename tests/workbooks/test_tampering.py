"""What was issued cannot be changed unnoticed: each change is a finding with its cell, the old and the new content.

The same is found after LibreOffice or Gnumeric has saved the workbook again, and never in an untouched one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import KEYS, MOF, project
from filling import workbook_of
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from surgery import Content, Patient

from workbook_tools.core.findings import Finding
from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form import evaluation, evidence, funding, identity_sheet, narrative, status
from workbook_tools.form.layout import TABS, build_layout
from workbook_tools.workbooks.reading import read_submission, was_ours

TABLE, FUNDS, BASICS, HIDDEN = evaluation.TITLE, funding.TITLE, narrative.BASICS, identity_sheet.TITLE
LAYOUT = build_layout(project(), MOF)
CELL = {name: item.cell for name, item in LAYOUT.fields.items()}
Found = tuple[str, str, str, str, str]
"""Code, sheet, cell, what was found, what was issued."""


@dataclass(frozen=True)
class Case:
    """A change that somebody makes to a workbook, and all that must be found."""

    what: str
    change: Callable[[Patient], None]
    found: list[Found] = field(default_factory=list)


def typed(sheet: str, cell: str, content: Content, formula: str = "") -> Callable[[Patient], None]:
    """Another content in a cell."""
    return lambda patient: patient.put(sheet, cell, content, formula=formula)


def both_weights(patient: Patient) -> None:
    """Points moved from one indicator to another."""
    patient.put(TABLE, CELL["indicator_001_weight"], 25.0)
    patient.put(TABLE, CELL["indicator_003_weight"], 5.0)


def fixed(name: str, content: Content, new: str, old: str) -> Case:
    """Another content in a locked cell."""
    sheet, cell = LAYOUT.fields[name].sheet, CELL[name]
    return Case(name, typed(sheet, cell, content), [("TAMPER02", sheet, cell, new, old)])


def formula(name: str, content: Content, new: str, formula: str = "") -> Case:
    """Another formula, or no formula, in a cell that is computed."""
    sheet, cell = LAYOUT.fields[name].sheet, CELL[name]
    old = "=" + LAYOUT.formula(LAYOUT.fields[name])
    return Case(f"{name} {new}", typed(sheet, cell, content, formula), [("TAMPER03", sheet, cell, new, old)])


def identity(row: int, content: str, code: str, *facts: str) -> Case:
    """Another content on the hidden sheet."""
    found, expected = facts or ("", "")
    cell = f"B{row}"
    return Case(f"identity {row}", typed(HIDDEN, cell, content), [(code, HIDDEN, cell, found, expected)])


CASES = [
    Case("nothing", lambda patient: None),
    fixed("indicator_001_weight", 30.0, "30", "20"),
    fixed("indicator_001_weight", 20.01, "20.01", "20"),
    fixed("indicator_001_target", 80.0, "80", "100"),
    fixed("indicator_002_target", 0.9, "90%", "95%"),
    fixed("indicator_004_target", "改善", "改善", "有效改善"),
    fixed("indicator_001_indicator", "养护里程（含村道）", "养护里程（含村道）", "养护里程"),
    fixed("annual_budget_county", 100.0, "100", "120"),
    fixed("project_code", "P002", "P002", "P001"),
    fixed("project_name", "别的项目", "别的项目", "农村道路养护经费"),
    fixed("execution_weight", 20.0, "20", "10"),
    formula("indicator_001_score", 20.0, "20"),
    formula("indicator_001_score", None, "空白"),
    formula("indicator_001_score", 20.0, "=F13", "F13"),
    formula("total_score", 100.0, "100"),
    formula("grade", "优", "优"),
    formula("execution_rate_total", 1.0, "=1", "1"),
    identity(3, "P002", "TAMPER02", "P002", "P001"),
    identity(4, "quwo", "TAMPER02", "quwo", "mof-2020"),
    identity(5, "00000000:00", "TAMPER08"),
    Case(
        "a sheet is renamed",
        lambda patient: patient.rename(TABLE, "自评表（改）"),
        [("TAMPER05", TABLE, "", "自评表（改）", TABLE)],
    ),
    Case(
        "two changes are two findings",
        both_weights,
        [
            ("TAMPER02", TABLE, CELL["indicator_001_weight"], "25", "20"),
            ("TAMPER02", TABLE, CELL["indicator_003_weight"], "5", "10"),
        ],
    ),
]  # fmt: skip
"""The first is the untouched workbook: it is read after all the others as well."""
every_case = pytest.mark.parametrize("case", [*CASES, CASES[0]], ids=lambda case: case.what)


def tampered(path: Path) -> list[Found]:
    """What was found to be changed."""
    return [_found(f) for f in read_submission(File(path, path.name), KEYS).findings if f.code.startswith("TAMPER")]


def _found(finding: Finding) -> Found:
    return finding.code, finding.sheet, finding.cell, finding.found, finding.expected


def changed(case: Case, path: Path) -> Path:
    """A workbook with the case's change in it."""
    issued, _ = workbook_of(project(), MOF, path)
    patient = Patient(issued.read_bytes())
    case.change(patient)
    path.write_bytes(patient.bytes())
    return path


@every_case
def test_a_change_is_found_with_cell_old_and_new(case: Case, tmp_path: Path) -> None:
    assert tampered(changed(case, tmp_path / "P001.xlsx")) == case.found


def test_a_changed_letter_of_the_signed_content_breaks_the_signature(tmp_path: Path) -> None:
    issued, _ = workbook_of(project(), MOF, tmp_path / "P001.xlsx")
    other, _ = workbook_of(project(year=2023), MOF, tmp_path / "other.xlsx")
    patient, stranger = Patient(issued.read_bytes()), Patient(other.read_bytes())
    shared = stranger.tree("xl/sharedStrings.xml")
    content = next(t.text for t in shared.iter() if t.text and len(t.text) > 1000)
    patient.put(HIDDEN, "B7", content)
    issued.write_bytes(patient.bytes())
    assert ("TAMPER01", HIDDEN, "B5") in [found[:3] for found in tampered(issued)]


@pytest.mark.parametrize("title", [BASICS, FUNDS, TABLE, narrative.ANALYSIS, evidence.TITLE, status.TITLE])
def test_a_deleted_sheet_is_found_and_the_rest_is_still_read(title: str, tmp_path: Path) -> None:
    path = changed(Case("", lambda patient: patient.delete(title)), tmp_path / "P001.xlsx")
    reading = read_submission(File(path, path.name), KEYS)
    assert ("TAMPER04", title, "", "", title) in [_found(f) for f in reading.findings]
    assert reading.submission is not None
    assert {answer.sheet for answer in reading.submission.answers.values()} == {
        BASICS,
        FUNDS,
        TABLE,
        narrative.ANALYSIS,
        evidence.TITLE,
    } - {title}


def test_without_the_hidden_sheet_nothing_can_be_scored(tmp_path: Path) -> None:
    path = changed(Case("", lambda patient: patient.delete(HIDDEN)), tmp_path / "P001.xlsx")
    reading = read_submission(File(path, path.name), KEYS)
    assert (reading.submission, [f.code for f in reading.findings]) == (None, ["FILE05"])


@pytest.mark.parametrize(
    ("titles", "names", "ours"),
    [
        (TABS[:4], (), True),
        (TABS[:3], (), False),
        (("标识",), (), True),
        (("Sheet1",), ("total_score",), True),
        (("Sheet1", "自评表"), ("别的名称",), False),
    ],
)
def test_what_is_left_of_a_workbook_of_ours_tells_it(titles: Sequence[str], names: Sequence[str], ours: bool) -> None:
    assert was_ours(titles, names) is ours


@pytest.mark.slow
@pytest.mark.parametrize(
    "recalculate",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
def test_saving_it_in_another_program_hides_no_change(
    recalculate: Callable[[Sequence[Path], Path], list[Path]], tmp_path: Path
) -> None:
    paths = [changed(case, tmp_path / f"{i}.xlsx") for i, case in enumerate(CASES)]
    done = recalculate(paths, tmp_path / "done")
    found = {case.what: [f[:3] for f in tampered(path)] for case, path in zip(CASES, done, strict=True)}
    assert found == {case.what: [f[:3] for f in case.found] for case in CASES}
