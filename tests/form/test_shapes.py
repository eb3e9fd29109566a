"""A layout that was made of a shape is the one that is drawn: whatever the scheme, whatever the names and figures."""

from __future__ import annotations

import gc
import random
from functools import cache

import pytest
from alike_projects import vary
from hypothesis import given, settings
from hypothesis import strategies as st
from long_run import LONG
from random_projects import projects
from random_schemes import random_schemes

from workbook_tools.core.model import Project
from workbook_tools.core.recent import forget_all
from workbook_tools.form.fields import Evaluation, Field, Kind, Notice, Role
from workbook_tools.form.identity import Seal, SigningKey
from workbook_tools.form.layout import CURRENT_VERSION, build_layout
from workbook_tools.form.shapes import Shapes, is_same_drawing
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.writing import draw_workbook


@cache
def list_examples() -> list[Project]:
    """The projects of the example, as they are issued."""
    return [project.model_copy(update={"answers": None}) for project in load_example().projects]


def choose_examples(scheme: str) -> list[Project]:
    """Under each scheme every second of them, the others under the next one."""
    return list_examples() if LONG else list_examples()[[*builtin_schemes()].index(scheme) % 2 :: 2]


def assert_alike(shapes: Shapes, project: Project, scheme: Scheme) -> None:
    notice = Notice("示例县财政局", "3月31日", "")
    bound = shapes.bind(project, scheme, notice, CURRENT_VERSION)
    drawn = build_layout(project, scheme, notice, CURRENT_VERSION)
    assert is_same_drawing(bound, drawn)
    assert [bound.formula(f) for f in bound.role(Role.FORMULA)] == [drawn.formula(f) for f in drawn.role(Role.FORMULA)]
    assert bound.rows == drawn.rows


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_projects_of_one_shape_are_drawn_once(scheme: str) -> None:
    shapes, chance, issued = Shapes(), random.Random(7), choose_examples(scheme)
    for project in issued:
        for number in range(4):
            assert_alike(shapes, vary(project, chance) if number else project, load_scheme(scheme))
    assert shapes.bound > 0.3 * 4 * len(issued)


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_sheets_without_indicators_are_drawn_once_for_projects_with_indicators_of_their_own(scheme: str) -> None:
    shapes, chance = Shapes(), random.Random(8)
    for issued in choose_examples(scheme):
        for _ in range(4):
            kept = chance.sample(issued.indicators, chance.randint(0, len(issued.indicators)))
            project = vary(issued.model_copy(update={"indicators": tuple(kept)}), chance)
            assert_alike(shapes, project, load_scheme(scheme))
    assert any(shape.usable for shape in shapes._of_facts)


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_figures_of_a_shape_are_those_of_a_drawing(scheme: str) -> None:
    chance, texts, numbers = random.Random(9), (None, "文字", ""), (None, 0.0, 0.85, 7.3, 120.0, "文字")
    for issued in choose_examples(scheme)[::2]:
        shapes = Shapes()
        *_, bound = (shapes.bind(issued, load_scheme(scheme), Notice(), CURRENT_VERSION) for _ in range(3))
        drawn = build_layout(issued, load_scheme(scheme), Notice(), CURRENT_VERSION)
        assert bound.shape is not None
        for _ in range(5):
            typed = {
                item.name: chance.choice(texts if item.kind in (Kind.TEXT, Kind.PARAGRAPH) else item.choices or numbers)
                for item in drawn.role(Role.INPUT)
            }
            ours, plain = Evaluation(bound, typed), Evaluation(drawn, typed)
            assert {name: ours[name] for name in bound.fields} == {name: plain[name] for name in drawn.fields}
            assert [*map(ours.problem, bound.fields.values())] == [*map(plain.problem, drawn.fields.values())]


@pytest.mark.parametrize("scheme", builtin_schemes())
def test_a_long_goal_has_its_room_whatever_was_drawn_before(scheme: str) -> None:
    shapes, [issued, *_] = Shapes(), list_examples()
    for length in (20, 30, 600, 20, 900):
        assert_alike(shapes, issued.model_copy(update={"annual_goal": "目" * length}), load_scheme(scheme))
    assert shapes.bound == 1


@given(st.data())
@settings(max_examples=8, deadline=None)
def test_any_project_under_any_scheme(data: st.DataObject) -> None:
    scheme = data.draw(random_schemes())
    project = data.draw(projects(scheme))
    shapes, chance = Shapes(), random.Random(data.draw(st.integers(0, 999)))
    for varied in (project, *(vary(project, chance) for _ in range(4))):
        assert_alike(shapes, varied, scheme)


def test_a_workbook_is_drawn_with_the_heights_that_its_texts_need() -> None:
    shapes, [issued, *_] = Shapes(), list_examples()
    scheme, key = load_scheme(issued.scheme), SigningKey(bytes(32))
    first, _, bound = (shapes.bind(issued, scheme, Notice(), CURRENT_VERSION) for _ in range(3))
    assert shapes.bound == 1
    seal = Seal.on(first, key)
    assert draw_workbook(bound, seal) == draw_workbook(first, seal)


def test_a_shape_that_is_let_go_of_is_gone_at_once() -> None:
    """Without anybody looking for rings: a process that reads thousands of workbooks lets go of many shapes, and looks seldom."""
    shapes, [issued, *_] = Shapes(), list_examples()
    gc.collect()
    before = gc.get_debug(), len(gc.garbage)
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for _ in range(3):
            shapes.bind(issued, load_scheme("quwo"), Notice(), CURRENT_VERSION)
        assert shapes.bound == 1
        del shapes
        forget_all()
        gc.collect()
        assert not [item for item in gc.garbage[before[1] :] if isinstance(item, Field)]
    finally:
        gc.set_debug(before[0])
        del gc.garbage[before[1] :]
