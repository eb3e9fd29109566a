"""What the drawing of fields has in common is known by what decides it: nothing of a field that was drawn before is taken for another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from filling import BLANK_PROJECT, compact_project

from workbook_tools.core.cells import Span
from workbook_tools.core.visible_text import cut_units
from workbook_tools.excel.framed_pieces import OWN
from workbook_tools.form.fields import Evaluation, Field, Kind, Notice, Role, SheetPlan
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.workbooks import field_frames
from workbook_tools.workbooks.field_frames import find_frame, validate_field
from workbook_tools.workbooks.field_lines import show_lines

SCHEMES = list(builtin_schemes().values())


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_a_frame_says_of_every_field_what_the_field_says_itself(scheme: Scheme) -> None:
    for project in (compact_project(scheme), compact_project(scheme, approved=False), BLANK_PROJECT):
        layout = build_layout(project, scheme, Notice())
        for item in (item for plan in layout.sheets.values() for item in plan.fields):
            frame = find_frame(item, layout)
            assert frame.style == field_frames._find_style(item)
            assert frame.colours == field_frames._list_colours(item, layout.fillers.get(item.name, ()))
            own = {"input_title": cut_units(item.label, 32)}
            theirs = field_frames._write_options(frame.field, frame.bounds)
            assert validate_field(item, layout) == theirs | (own if "input_title" in theirs else {})
            assert theirs.get("input_title", OWN) == OWN


def test_numbers_that_are_equal_and_written_differently_have_frames_of_their_own() -> None:
    layout = build_layout(BLANK_PROJECT, SCHEMES[0], Notice())

    def find(high: float) -> field_frames.FieldFrame:
        item = Field(sheet="表", span=Span.cell(0, 0), role=Role.INPUT, kind=Kind.NUMBER, low=0, high=high)
        return find_frame(item, layout)

    assert find(100) is not find(100.0)
    assert find(100) is find(100)


def test_a_changed_copy_is_like_none() -> None:
    item = Field(sheet="表", span=Span.cell(0, 0), role=Role.LABEL, value="甲").share()
    assert item.like is item
    assert replace(item, span=Span.cell(1, 0)).like is None
    assert item.but_holding("乙").like is item


def test_a_field_that_holds_something_is_not_taken_for_the_one_that_it_is_like() -> None:
    blank = Field(sheet="表", span=Span.cell(0, 0), role=Role.INPUT, name="甲").share()
    filled = blank.but_holding("乙")
    layout = build_layout(BLANK_PROJECT, SCHEMES[0], Notice())
    for item, value in ((blank, None), (filled, "乙"), (blank, None)):
        [line] = show_lines(SheetPlan("表", (10.0,), fields=[item]), Evaluation(layout, {}))
        assert line.values == [value]
