"""What goes out comes back: generated, filled in, saved by other programs, read, and computed alike everywhere.

What is compared where:

* random projects (of every second scheme, the others are filled below): generated, filled with openpyxl, read back: every input exactly as typed, nothing found tampered;
* the built-in example, and random fillings of whole workbooks (every second scheme; approved and proposed indicators, the
  blank form): the same after LibreOffice or Gnumeric has opened, recalculated and saved them, and every formula cell
  shows the central figure. Few of each kind: they hold that each formula reads its own cells and that each input
  comes back, which every filling shows; what the formulas make of all sorts of figures is held by:
* hundreds of random fillings in a few large sheets, a filling in each row with all formulas of its form: every formula
  cell of both programs is the scalar figure, and what ``score_all`` computes by columns is the same.

Not the same, and left so: Gnumeric drops blanks at the ends of a text; LibreOffice spoils a tab in a text that a formula
copies (the text itself is whole); openpyxl takes ``_x0041_`` in a text for an ``A``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import KEY, KEYS, MOF
from filling import (
    BLANK_PROJECT,
    Filler,
    Filling,
    FormTable,
    compact_project,
    fill,
    inputs,
    submission,
    workbook_of,
    wrong_cells,
    wrong_inputs,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from long_run import LONG
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from proof import compare, summary, workbook
from random_projects import projects
from result_builder import HOSTILE

from workbook_tools.core.model import Project
from workbook_tools.excel.reading import open_workbook
from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form.fields import Evaluation, Layout
from workbook_tools.form.layout import build_layout
from workbook_tools.form.submission import Submission
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook

SCHEMES = list(builtin_schemes().values())
FILLED_SCHEMES = SCHEMES if LONG else SCHEMES[1::2]
"""Of whole workbooks; ``test_stored_values`` has the others recalculated."""
OPEN_SCHEMES = 3
"""Of so many of these schemes whole workbooks with indicators that the unit proposes, and the blank form; with approved ones of all."""
PACKED_APPROVED, PACKED_PROPOSED = (25, 8) if LONG else (18, 6)
"""Fillings of each scheme that share a sheet."""
Recalculate = Callable[[Sequence[Path], Path], list[Path]]
both_programs = pytest.mark.parametrize(
    "recalculate",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
every_scheme = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)


@dataclass(frozen=True)
class Filled:
    """A filled workbook, and what was typed into it."""

    path: Path
    layout: Layout
    filling: Filling


def read(path: Path) -> tuple[Submission, list[tuple[str, str, str]]]:
    """What is read, and what was found to be tampered with or wrong with the file."""
    reading = read_submission(File(path, path.name), KEYS)
    assert reading.submission is not None, reading.findings
    return reading.submission, [
        (f.code, f.sheet, f.cell) for f in reading.findings if f.code.startswith(("TAMPER", "FILE"))
    ]


def assert_comes_back(filled: Filled, path: Path) -> Submission:
    """All inputs exactly as typed, and nothing tampered."""
    found, tampered = read(path)
    assert wrong_inputs(found, filled.filling) == []
    assert tampered == []
    return found


def assert_agrees(filled: Filled, path: Path) -> None:
    """As above, and every formula cell shows what is computed centrally from what was typed."""
    found = assert_comes_back(filled, path)
    assert wrong_cells(found, Evaluation(filled.layout, filled.filling)) == []
    if all(answer.value == answer.raw for answer in found.answers.values()):
        [scored] = score_all([found])
        assert wrong_cells(found, scored.figures) == []


# -- generated, filled, read ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES if LONG else SCHEMES[::2], ids=lambda scheme: scheme.id)
@settings(max_examples=4 if LONG else 2, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.data(), st.integers(0, 2**20))
def test_what_is_typed_is_what_is_read(scheme: Scheme, data: st.DataObject, seed: int) -> None:
    project = data.draw(projects(scheme))
    with TemporaryDirectory() as folder:
        path, layout = workbook_of(project, scheme, Path(folder, "form.xlsx"))
        filling = Filler(layout, seed).filling()
        assert_comes_back(Filled(fill(path, layout, filling), layout, filling), path)


@every_scheme
@pytest.mark.parametrize("approved", [True, False], ids=["approved", "proposed"])
def test_an_issued_workbook_reads_as_empty(scheme: Scheme, approved: bool, tmp_path: Path) -> None:
    path, layout = workbook_of(compact_project(scheme, approved=approved), scheme, tmp_path / "form.xlsx")
    preset = {item.name: item.value for item in inputs(layout)}
    assert_comes_back(Filled(path, layout, preset), path)


def test_a_computed_weight_is_the_same_number_in_cell_formula_and_score(tmp_path: Path) -> None:
    """90 ÷ 7 has more digits than a formula can hold: the sheet would compute with another weight than we."""
    project = compact_project(MOF)
    weighed = [{**indicator.model_dump(), "weight": 90 / 7} for indicator in project.indicators]
    project = Project.model_validate({**project.model_dump(), "indicators": weighed})
    path, layout = workbook_of(project, MOF, tmp_path / "form.xlsx")
    assert layout.fields["indicator_001_weight"].value == 12.8571428571429
    raw = open_workbook(path)
    assert raw.value(raw.names["indicator_001_weight"]) == 12.8571428571429


@both_programs
def test_names_of_any_kind_survive_other_programs(recalculate: Recalculate, tmp_path: Path) -> None:
    """Formulas, mark-up, emoji, control characters, escapes: in the name of a project or unit, and of indicators."""
    issued, texts = [], cycle(HOSTILE)
    for name, unit in zip(HOSTILE[::2], (*HOSTILE[1::2], HOSTILE[0]), strict=True):
        project = compact_project(MOF)
        indicators = tuple(indicator.model_copy(update={"name": next(texts)}) for indicator in project.indicators)
        project = project.model_copy(update={"name": name, "unit": unit, "indicators": indicators})
        issued.append(workbook_of(project, MOF, tmp_path / f"{len(issued)}.xlsx")[0])
    done = recalculate(issued, tmp_path / "done")
    assert [tampered for path in done if (tampered := read(path)[1])] == []


# -- the built-in example ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[False, True], ids=["xlsx", "xlsm"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """The eight workbooks, filled as the units did; two of them with macros as well, which nothing may depend on."""
    folder = tmp_path_factory.mktemp("example")
    made = []
    for project in load_example().projects[: 2 if request.param else None]:
        scheme = load_scheme(project.scheme)
        filling = {item.name: item.value for item in inputs(build_layout(project, scheme))}
        layout = build_layout(project.model_copy(update={"answers": None}), scheme)
        if request.param:  # openpyxl would not keep them
            path = folder / f"{project.code}.xlsm"
            path.write_bytes(build_workbook(project, scheme, KEY, macros=True))
        else:
            path, _ = workbook_of(layout.project, scheme, folder / f"{project.code}.xlsx")
            fill(path, layout, filling)
        made.append(Filled(path, layout, filling))
    return made


def test_the_example_reads_as_it_was_filled(example: list[Filled]) -> None:
    for filled in example:
        assert_comes_back(filled, filled.path)


@both_programs
def test_the_example_agrees_in_other_programs(example: list[Filled], recalculate: Recalculate, tmp_path: Path) -> None:
    for filled, path in zip(example, recalculate([filled.path for filled in example], tmp_path), strict=True):
        assert_agrees(filled, path)


# -- random fillings of whole workbooks -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fillings(tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """Random fillings of whole workbooks: each scheme's form is generated once of each kind, and copies of it filled."""
    folder = tmp_path_factory.mktemp("fillings")
    made = []
    for number, scheme in enumerate(FILLED_SCHEMES):
        kinds = {"approved": compact_project(scheme)}
        if number < OPEN_SCHEMES:
            kinds |= {"proposed": compact_project(scheme, approved=False), "blank": BLANK_PROJECT}
        for kind, project in kinds.items():
            name = f"{scheme.id}-{kind}"
            issued, layout = workbook_of(project, scheme, folder / f"{name}.xlsx")
            filling = Filler(layout, seed=1).filling()
            made.append(Filled(fill(issued, layout, filling, folder / f"{name}-filled.xlsx"), layout, filling))
    return made


@pytest.mark.slow
@both_programs
def test_random_fillings_agree_in_other_programs(
    fillings: list[Filled], recalculate: Recalculate, tmp_path: Path
) -> None:
    for filled, path in zip(fillings, recalculate([filled.path for filled in fillings], tmp_path), strict=True):
        assert_agrees(filled, path)


# -- many fillings ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[FormTable]]]:
    """Hundreds of fillings: per scheme a file with a sheet of approved and a sheet of proposed indicators."""
    folder = tmp_path_factory.mktemp("packed")
    made = []
    for scheme in SCHEMES:
        sheets = []
        for approved, count in ((True, PACKED_APPROVED), (False, PACKED_PROPOSED)):
            layout = build_layout(compact_project(scheme, approved=approved), scheme)
            filler = Filler(layout, seed=2)
            sheets.append(FormTable.of(str(approved), layout, [filler.filling() for _ in range(count)]))
        path = folder / f"{scheme.id}.xlsx"
        path.write_bytes(workbook(sheets))
        made.append((path, sheets))
    assert sum(len(sheet.rows) for _, sheets in made for sheet in sheets) >= 200
    complete = Counter(one["pending"] == "" for _, sheets in made for sheet in sheets for one in sheet.expected)
    assert complete[True] >= 10 and complete[False] >= 10
    return made


@pytest.mark.slow
@both_programs
def test_every_cell_of_hundreds_of_fillings_agrees(
    packed: list[tuple[Path, list[FormTable]]], recalculate: Recalculate, tmp_path: Path
) -> None:
    done = recalculate([path for path, _ in packed], tmp_path)
    found = [
        difference
        for (_, sheets), path in zip(packed, done, strict=True)
        for difference in compare(sheets, path, recalculate.__name__)
    ]
    assert not found, summary(found)


@pytest.mark.slow
def test_hundreds_of_fillings_score_alike_in_columns_and_one_by_one(
    packed: list[tuple[Path, list[FormTable]]],
) -> None:
    """``score_all`` puts all fillings of a scheme into one frame."""
    differences: Counter[str] = Counter()
    for _, sheets in packed:
        rows = [
            (submission(sheet.layout, filling), expected)
            for sheet in sheets
            for filling, expected in zip(sheet.fillings, sheet.expected, strict=True)
        ]
        for scored, (_, expected) in zip(score_all([row for row, _ in rows]), rows, strict=True):
            differences.update(name for name, value in expected.items() if scored.figures[name] != value)
    assert differences == {}
