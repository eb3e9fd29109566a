"""A unit fills in its workbook in LibreOffice, cell by cell, as a person does; finance reviews what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import KEYS, MOF, project
from filling import Filling, workbook_of, wrong_cells
from office import fill_with_libreoffice, requires_uno

from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form import guide, identity_sheet
from workbook_tools.form.fields import Kind, Layout, Role
from workbook_tools.form.submission import Submission
from workbook_tools.review.scoring import Scored, explain_total, score_all
from workbook_tools.workbooks.reading import read_submission

pytestmark = requires_uno

ANSWERS: Filling = {
    "received_county": 120.0,
    "received_other": 30.0,
    "executed_county": 110.0,
    "executed_other": 25.0,
    "execution_reason": "尾款待验收后支付",
    "indicator_001_actual": 80.0,
    "indicator_001_deviation_reason": "两条乡道因汛期推迟",
    "indicator_002_actual": 0.945,
    "indicator_002_deviation_reason": "一处返工",
    "indicator_003_actual": 1.8,
    "indicator_003_deviation_reason": "沥青涨价",
    "indicator_004_actual": "主要路段平整，投诉减少",
    "indicator_004_tier": "达成",
    "indicator_004_stated": 0.85,
    "indicator_004_deviation_reason": "支线尚未完成",
    "indicator_005_actual": 0.92,
    "leader": "王强",
    "filler": "李敏",
    "phone": "0350-1234567",
    "fill_date": "2025年1月10日",
}
SCORES = {
    "indicator_001_score": 16.0,
    "indicator_002_score": 19.89,  # 94.5÷95＝99.47%，20分×99.47%
    "indicator_003_score": 8.33,  # 1.5÷1.8＝83.33%
    "indicator_004_score": 25.5,
    "indicator_005_score": 10.0,
    "execution_score": 9.0,  # 135÷150＝90%
    "total_score": 88.72,
    "grade": "良",
}


def steps(layout: Layout) -> list[dict[str, Any]]:
    """What is typed, in turn. The % that a program adds while one types into a cell of percent format is left out:
    LibreOffice adds it at the keyboard only, so 94.5% is entered as 0.945.
    """
    cells = {name: layout.fields[name] for name in ANSWERS}
    kinds = {name: "value" if isinstance(value, float) else "text" for name, value in ANSWERS.items()}
    return [
        {"sheet": item.sheet, "cell": item.cell, "type": kinds[name], "content": ANSWERS[name]}
        for name, item in cells.items()
    ]


def forbidden(layout: Layout) -> list[dict[str, Any]]:
    """What a person may try and must not be able to do: one cell of each kind that is locked, and the hidden sheet."""
    names = (
        "indicator_001_weight", "indicator_001_target", "indicator_001_indicator", "indicator_001_score",
        "indicator_001_completion", "total_score", "grade", "execution_rate_total", "annual_budget_county",
        "executed_total", "project_code", "check_indicator_001_actual",
    )  # fmt: skip
    cells = [(layout.fields[name].sheet, layout.fields[name].cell) for name in names]
    cells += [(item.sheet, item.cell) for item in layout.sheets[guide.TITLE].fields[:2]]
    cells.append((identity_sheet.TITLE, "B3"))
    return [{"sheet": sheet, "cell": cell, "type": "value", "content": 99.0} for sheet, cell in cells]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Layout, list[str]]]:
    """The workbook after somebody has worked in it, and the cells that refused."""
    folder = tmp_path_factory.mktemp("uno")
    issued, layout = workbook_of(project(), MOF, folder / "P001.xlsx")
    refused = fill_with_libreoffice(issued, [*steps(layout), *forbidden(layout)], folder / "filled.xlsx")
    yield folder / "filled.xlsx", layout, refused


def review(path: Path) -> tuple[Submission, Scored, list[str]]:
    """What finance reads: the submission, its central figures, and the codes of what was found on the way."""
    reading = read_submission(File(path, path.name), KEYS)
    assert reading.submission is not None
    [scored] = score_all([reading.submission])
    return reading.submission, scored, [finding.code for finding in reading.findings]


def test_inputs_take_what_is_typed_and_nothing_else_can_be_changed(worked: tuple[Path, Layout, list[str]]) -> None:
    _, layout, refused = worked
    assert refused == [f"{step['sheet']}!{step['cell']}" for step in forbidden(layout)]


def test_what_was_typed_is_what_finance_reads(worked: tuple[Path, Layout, list[str]]) -> None:
    path, layout, _ = worked
    submission, _, codes = review(path)
    typed = {item.name: ANSWERS.get(item.name, item.value) for item in layout.role(Role.INPUT)}
    assert {name: answer.raw for name, answer in submission.answers.items()} == typed
    assert codes == []


def test_the_score_is_the_one_worked_out_by_hand(worked: tuple[Path, Layout, list[str]]) -> None:
    _, scored, _ = review(worked[0])
    assert {name: scored.figures[name] for name in SCORES} == SCORES
    assert explain_total(scored).endswith("＝88.72分，良")


def test_the_sheet_showed_the_same_score_while_it_was_filled_in(worked: tuple[Path, Layout, list[str]]) -> None:
    submission, scored, _ = review(worked[0])
    assert wrong_cells(submission, scored.figures) == []


def test_the_sheet_counted_what_was_still_to_be_filled_in(worked: tuple[Path, Layout, list[str]]) -> None:
    """Only texts of the report were left out; nothing that was typed is wrong."""
    path, layout, _ = worked
    submission, _, _ = review(path)
    required = [f for f in layout.fields.values() if f.kind is Kind.PARAGRAPH and f.problem is not None]
    texts = [f for f in required if f.name.startswith("text_")]
    assert submission.shown["count_empty"] == len(texts)
    assert submission.shown["count_wrong"] == 0
