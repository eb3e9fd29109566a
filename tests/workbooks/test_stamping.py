"""A workbook made by a stencil is the one that is drawn, byte for byte: whatever the scheme, the form, the names and the figures."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from alike_projects import vary
from builders import KEY
from filling import compact_project
from hypothesis import given, settings
from hypothesis import strategies as st
from long_run import thin
from plain_writing import read_parts
from random_projects import names, projects
from random_schemes import random_schemes
from raw_workbooks import zipped

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.model import Project
from workbook_tools.excel.writing import Book
from workbook_tools.form.fields import Layout, Notice
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.form.shapes import Shapes
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.workbooks import stamping, writing
from workbook_tools.workbooks.generating import generate
from workbook_tools.workbooks.writing import draw_workbook

NOTICE = Notice("某县财政局", "2025年3月15日", "0350-1234567 <综合股> & “预算股”")
SCHEMES = thin(builtin_schemes().values())


class Comparison:
    """Makes workbooks both ways, and counts the drawings that a stencil takes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.shapes = Shapes()
        self.drawn = 0
        self.plainly = False
        """What is compared with is drawn cell by cell."""
        patch.setattr(stamping, "draw_workbook", self._draw)

    def _draw(self, layout: Layout, seal: Seal, **how: Any) -> bytes:
        self.drawn += 1
        return draw_workbook(layout, seal, **how)

    def compare(self, project: Project, scheme: Scheme) -> None:
        layout, plain = self.shapes.bind(project, scheme, NOTICE), build_layout(project, scheme, NOTICE)
        seal = Seal.on(plain, KEY)
        try:
            with pytest.MonkeyPatch.context() as patch:
                if self.plainly:
                    patch.setattr(writing, "FramedBook", Book)
                drawn = draw_workbook(plain, seal)
        except TemplateError as refused:
            with pytest.raises(TemplateError, match=re.escape(str(refused))):
                stamping.stamp_workbook(layout, seal)
            return
        stamped = stamping.stamp_workbook(layout, seal)
        theirs = read_parts(drawn)
        assert [name for name, part in read_parts(stamped).items() if theirs[name] != part] == []
        assert stamped == drawn


@pytest.fixture
def comparison(monkeypatch: pytest.MonkeyPatch) -> Comparison:
    return Comparison(monkeypatch)


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "open"])
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_projects_of_one_shape(comparison: Comparison, scheme: Scheme, approved: bool) -> None:
    chance, model = random.Random(scheme.name), compact_project(scheme, approved=approved)
    for number in range(5):
        comparison.compare(
            model.model_copy(update={"code": f"A{number}", "name": f"项目{number}" * (1 + number)}), scheme
        )
    assert comparison.drawn == 4, "two before the shape is known, its stand-ins, and one to cut the stencil from"
    for _ in range(3 if approved else 1):
        comparison.compare(vary(model, chance, units=False), scheme)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_projects_with_indicators_of_their_own(comparison: Comparison, scheme: Scheme) -> None:
    """Each has its own order of indicators: their lines are known from others, on other rows and beside other ones."""
    comparison.plainly = True
    model, chance = compact_project(scheme), random.Random(scheme.name)
    names = "甲", "乙", "丙 & <丁>", "<r>戊</r>", "己" * 300, "😀", ""
    for number, name in enumerate(names):
        rows = [row.model_copy(update={"name": f"{name}{row.name}"}) for row in model.indicators]
        chance.shuffle(rows)
        rows = rows[: len(rows) - number % 3]
        facts = {"name": name or model.name, "code": f"A{number}", "indicators": tuple(rows)}
        comparison.compare(model.model_copy(update=facts), scheme)
    assert comparison.drawn == len(names)


@pytest.mark.parametrize("evidence", ["none", "optional", "required"])
def test_forms_with_and_without_a_list_of_evidence(comparison: Comparison, evidence: str) -> None:
    [scheme, *_] = SCHEMES
    scheme = scheme.model_copy(update={"form": scheme.form.model_copy(update={"evidence": evidence})})
    model = compact_project(scheme)
    for number in range(5):
        comparison.compare(model.model_copy(update={"code": f"A{number}"}), scheme)
    assert comparison.drawn == 4


def test_an_unusual_project_gives_no_stencil(comparison: Comparison) -> None:
    [scheme, *_] = SCHEMES
    model = compact_project(scheme)
    names = "甲", "乙", "<r>丙</r>", "丁", "戊", "<r>己</r>", "庚"
    for name in names:
        comparison.compare(model.model_copy(update={"name": name}), scheme)
    assert comparison.drawn == 4 + 2, "the two that are unusual are drawn besides"


def test_a_list_in_another_order_writes_nothing_anew(tmp_path: Path) -> None:
    [scheme, *_] = SCHEMES
    model = compact_project(scheme)
    listed = [model.model_copy(update={"code": f"R{number}", "name": f"重复的项目{number}"}) for number in range(6)]
    issued = generate(listed, tmp_path, KEY, NOTICE, lambda _: scheme)
    issues = {(one.year, one.code): one.issue for one in issued}
    again = generate(listed[::-1], tmp_path, KEY, NOTICE, lambda _: scheme, issues)
    assert [one.unchanged for one in issued] == [False] * 6
    assert [one.unchanged for one in again] == [True] * 6


def test_a_workbook_that_was_packed_otherwise_stands_as_it_is(tmp_path: Path) -> None:
    """As earlier versions of the program did. One that somebody has changed is not replaced either, but that is said."""
    [scheme, *_] = SCHEMES
    listed = [compact_project(scheme).model_copy(update={"code": f"R{number}"}) for number in range(3)]
    issued = generate(listed, tmp_path, KEY, NOTICE, lambda _: scheme)
    packed, changed, damaged = (one.path for one in issued)
    parts = read_parts(packed.read_bytes())
    packed.write_bytes(before := zipped(parts, zipfile.ZIP_STORED))
    changed.write_bytes(zipped(read_parts(changed.read_bytes()) | {"xl/theme/theme1.xml": b"<a/>"}))
    damaged.write_bytes(damaged.read_bytes()[:-100])
    issues = {(one.year, one.code): one.issue for one in issued}
    again = generate(listed, tmp_path, KEY, NOTICE, lambda _: scheme, issues)
    assert [(one.unchanged, one.kept) for one in again] == [(True, False), (False, True), (False, True)]
    assert packed.read_bytes() == before


def test_what_is_filled_in_beforehand_is_drawn(comparison: Comparison) -> None:
    [scheme, *_] = SCHEMES
    filled = compact_project(scheme).model_copy(update={"answers": {}})
    for _ in range(4):
        comparison.compare(filled, scheme)
    assert comparison.drawn == 4


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_any_project_under_any_scheme(data: st.DataObject) -> None:
    scheme = data.draw(random_schemes())
    project = data.draw(projects(scheme))
    with pytest.MonkeyPatch.context() as patch:
        comparison = Comparison(patch)
        comparison.plainly = True
        chance = random.Random(data.draw(st.integers(0, 999)))
        for units in (True, False) * 4:
            comparison.compare(vary(project, chance, units=units), scheme)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.one_of(names, st.text(max_size=60), names.map(lambda name: name * 400)), min_size=6, max_size=6),
    st.floats(0.001, 99999, allow_nan=False).map(lambda x: round(x, 2)),
)
def test_any_names_and_figures(texts: list[str], amount: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        comparison = Comparison(patch)
        [scheme, *_] = SCHEMES
        model = compact_project(scheme)
        for _ in range(3):
            comparison.compare(model, scheme)
        facts = dict(zip(("name", "department", "unit", "annual_goal"), (text or "甲" for text in texts), strict=False))
        facts["annual_goal"] = facts["annual_goal"] if model.annual_goal else ""
        rows = tuple(
            row.model_copy(update={"name": texts[number % 6] or "乙", "weight": amount})
            for number, row in enumerate(model.indicators)
        )
        comparison.compare(model.model_copy(update=facts | {"indicators": rows}), scheme)
