"""A result as pandas frames: the documented columns, in their order, with their dtypes, whatever is in the result."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from builders import KEYS, answers, filled
from builders import project as listed
from result_builder import HOSTILE, funding, hostile, project, result, unscored

from workbook_tools.core.model import FundingSource, IndicatorAnswer
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.review import Review, review_folder
from workbook_tools.review.frames import FRAMES

RESULTS = {
    "usual": result([project(i) for i in range(5)]),
    "none": result([], missing=(), findings=()),
    "unscored": result([unscored(1), unscored(2, funding={}, execution_rate=None)]),
    "hostile": result([hostile(text, i) for i, text in enumerate(HOSTILE)]),
    "no money": result([project(1, funding=funding(0, None), execution_rate=None)]),
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("content", RESULTS.values(), ids=RESULTS)
def test_a_frame_has_the_documented_columns_with_their_dtypes(content, name):
    frame = getattr(Review(HeldParts(content)), name)
    _, columns = FRAMES[name]
    assert [(column.name, column.dtype) for column in columns] == [(n, str(dtype)) for n, dtype in frame.dtypes.items()]
    assert not frame.select_dtypes("string").isna().any().any()


def test_every_column_says_what_it_is_and_numbers_their_unit():
    for _, columns in FRAMES.values():
        assert len({column.name for column in columns}) == len(columns)
        for column in columns:
            assert column.meaning
            assert bool(column.unit) == (column.dtype == "float64") or column.unit == "个", column.name


def test_frames_hold_one_row_per_record():
    review = Review(HeldParts(RESULTS["usual"]))
    lengths = {name: len(getattr(review, name)) for name in FRAMES}
    content = review.result
    assert lengths == {
        "projects": 5,
        "dimensions": 5 * 3,
        "indicators": len(content.indicators),
        "funding": 5 * len(FundingSource),
        "findings": len(content.findings),
        "missing": 2,
        "evidence": 0,
    }


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """One project as a unit sent it: 71.3 of 100 km, the other targets met."""
    given = list(answers().indicators)
    given[0] = IndicatorAnswer(actual=71.3)
    filled(tmp_path, answers=answers(indicators=tuple(given)))
    return review_folder(tmp_path, keys=KEYS, projects=[listed(), listed(code="P002")])


def test_figures_come_in_the_units_that_are_documented(review: Review):
    (row,) = review.projects.to_dict("records")
    assert (row["project_code"], row["annual_budget"], row["execution_rate"], row["execution_score"]) == (
        "P001",
        150.0,
        1.0,
        10.0,
    )
    assert (row["total_score"], row["grade"], row["final_total"], row["reviewed"]) == (94.26, "优", 94.26, False)
    first = review.indicators.iloc[0]
    assert (first["target"], first["actual"], first["completion"], first["score"]) == (100.0, 71.3, 0.713, 14.26)
    percent = review.indicators.set_index("name").loc["验收合格率"]
    assert (percent["actual"], percent["unit"], percent["actual_text"]) == (96.0, "%", "96%")
    worded = review.indicators.set_index("name").loc["通行条件"]
    assert math.isnan(worded["target"]) and worded["target_text"] == "有效改善"
    county = review.funding.set_index("source").loc["county"]
    assert (county["annual_budget"], county["execution_rate"]) == (120.0, 1.0)
    assert list(review.missing["project_code"]) == ["P002"]
    assert review.findings.query("severity == 'error'")["code"].tolist() == ["CROSS01", "FILL08"]


def test_frames_join_on_the_project_code(review: Review):
    joined = review.indicators.merge(review.projects, on="project_code", suffixes=("", "_project"))
    assert len(joined) == 5
    lost = (review.dimensions["weight"] - review.dimensions["score"]).sum()
    assert lost == pytest.approx(100 - review.projects["total_score"].item())
