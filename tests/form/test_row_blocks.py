"""A row that was made of a block is the one that is drawn, and a formula that was cut from another is the one that is written."""

from __future__ import annotations

import random

import pytest
from alike_projects import vary

from workbook_tools.core import recent
from workbook_tools.core.model import Project
from workbook_tools.form import evaluation, fields, row_blocks
from workbook_tools.form.fields import Layout, Role
from workbook_tools.form.indicator_rows import add_indicator
from workbook_tools.form.layout import build_layout
from workbook_tools.form.shapes import is_same_drawing
from workbook_tools.rules.scheme import builtin_schemes, load_scheme
from workbook_tools.shipped.example import load_example


def draw(projects: list[Project], scheme: str) -> list[tuple[Layout, list[str]]]:
    layouts = [build_layout(project, load_scheme(scheme)) for project in projects]
    return [(layout, [layout.formula(item) for item in layout.role(Role.FORMULA)]) for layout in layouts]


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_rows_and_formulas_are_those_of_a_drawing(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, projects = random.Random(scheme), list[Project]()
    for model in load_example().projects:
        rows = [row for row in model.indicators for _ in range(2)]
        for answers in (None, None, model.answers):
            kept = tuple(chance.sample(rows, chance.randint(0, len(rows))))
            projects.append(vary(model.model_copy(update={"indicators": kept, "answers": answers}), chance))
    recent.forget_all()
    made = draw(projects, scheme)
    assert any(isinstance(block, row_blocks._RowBlock) for block in row_blocks._BLOCKS)
    monkeypatch.setattr(evaluation, "place_indicator", add_indicator)
    monkeypatch.setattr(fields, "_write_formula", lambda rule, refs: rule.excel(refs))
    for (ours, our_formulas), (plain, formulas) in zip(made, draw(projects, scheme), strict=True):
        assert is_same_drawing(ours, plain)
        assert our_formulas == formulas
