"""执行数 > 到位数 and 到位数 > 预算数: said live on 校验, under the same conditions as FUND01 and FUND02."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import MOF
from checking import answered, good, places
from filling import Filler, compact_project, inputs, submission, workbook_of
from office import recalculate_with_libreoffice, requires_libreoffice

from workbook_tools.core.model import Amounts, FundingSource
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.layout import build_layout
from workbook_tools.review.checks import check
from workbook_tools.review.checks.filled_form import FilledForm
from workbook_tools.review.checks.scale import find_form_slips, find_oversized
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.library import OVER_BUDGET, OVER_RECEIVED
from workbook_tools.workbooks.reading import read_submission

COUNTY, OTHER, CENTRAL = FundingSource.COUNTY, FundingSource.OTHER, FundingSource.CENTRAL
CODES = {OVER_RECEIVED: "FUND01", OVER_BUDGET: "FUND02"}


@pytest.mark.parametrize(
    ("received", "executed", "expected"),
    [
        ({COUNTY: 120.0, OTHER: 30.0}, {COUNTY: 120.0, OTHER: 30.0}, {}),
        ({COUNTY: 120.0, OTHER: 30.0}, {COUNTY: 121.0, OTHER: 29.0}, {"executed_county": OVER_RECEIVED}),
        ({COUNTY: 125.0, OTHER: 30.0}, {COUNTY: 110.0, OTHER: 30.0}, {"received_county": OVER_BUDGET}),
        ({COUNTY: 120.0, OTHER: 30.0, CENTRAL: 5.0}, {COUNTY: 120.0, OTHER: 30.0}, {"received_central": OVER_BUDGET}),
        ({COUNTY: 120.0, OTHER: 30.0}, {COUNTY: 120.0, OTHER: 30.0, CENTRAL: 5.0}, {"executed_central": OVER_RECEIVED}),
        ({COUNTY: 0.0, OTHER: 0.0}, {COUNTY: 9.0, OTHER: 0.0}, {}),
        ({COUNTY: 120.0000004, OTHER: 30.0}, {COUNTY: 120.0, OTHER: 30.0}, {}),
        ({COUNTY: 120.00001, OTHER: 30.0}, {COUNTY: 120.0, OTHER: 30.0}, {"received_county": OVER_BUDGET}),
    ],
    ids=[
        "right",
        "executed",
        "received",
        "a source without budget",
        "nothing received",
        "no row above",
        "noise",
        "10 分",
    ],
)
def test_the_sheet_says_what_the_review_says(received: Amounts, executed: Amounts, expected: dict[str, str]) -> None:
    project = answered(good(), received=received, executed=executed)
    layout = build_layout(project, MOF)
    form = Evaluation(layout, {item.name: item.value for item in inputs(layout)})
    words = {
        name: form.problem(layout.fields[name]) for name in layout.fields if name.startswith(("received_", "executed_"))
    }
    assert {name: word for name, word in words.items() if word in CODES} == expected
    if expected:
        assert form["count_wrong"] == 0, "it may be right: the unit looks at it and need not change it"
    [central] = score_all([submission(layout, {item.name: item.value for item in inputs(layout)})])
    found = [item for item in check(central) if item.code in ("FUND01", "FUND02")]
    assert places(found) == [(CODES[word], f"预算执行!{layout.fields[name].cell}") for name, word in expected.items()]


def test_random_amounts_are_judged_alike_but_for_slips_of_the_scale() -> None:
    layout = build_layout(compact_project(MOF), MOF)
    filler = Filler(layout, seed=9)
    fillings = [filler.filling() for _ in range(60)]
    told = 0
    for central in score_all([submission(layout, filling) for filling in fillings]):
        form = FilledForm(central)
        slips = {name for name, *_ in find_oversized(form)} | {slip.name for slip in find_form_slips(form)}
        live = {(CODES[word], item.cell) for item, word in form.problems if word in CODES}
        found = {(item.code, item.cell) for item in check(central) if item.code in CODES.values()}
        assert found <= live
        if not slips:
            assert found == live
        told += len(found)
    assert told > 10


@pytest.mark.slow
@requires_libreoffice
def test_libreoffice_says_the_same(tmp_path: Path) -> None:
    project = answered(good(), received={COUNTY: 125.0, OTHER: 30.0}, executed={COUNTY: 126.0, OTHER: 30.0})
    path, layout = workbook_of(project, MOF, tmp_path / "P001.xlsx")
    [done] = recalculate_with_libreoffice([path], tmp_path / "done")
    reading = read_submission(SourceFile(done, done.name), {})
    assert reading.submission is not None
    shown = reading.submission.shown
    assert (shown["check_received_county"], shown["check_executed_county"]) == (OVER_BUDGET, OVER_RECEIVED)
    assert shown["count_wrong"] == 0
    assert layout.fields["check_received_county"].sheet == "校验"
