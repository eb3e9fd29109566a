"""A changed copy is what ``dataclasses.replace`` makes."""

from dataclasses import fields, replace

import pytest

from workbook_tools.core.cells import Span
from workbook_tools.core.copying import make_copier
from workbook_tools.core.findings import finding
from workbook_tools.core.labels import USUAL_LABELS
from workbook_tools.form.fields import Field, Role, SheetPlan

INPUT = Field(
    sheet="自评表", span=Span(3, 2, 3, 4), role=Role.INPUT, name="r1_actual", label="完成值", low=0.0, choices=("是",)
)


@pytest.mark.parametrize(
    ("record", "change"),
    [
        (INPUT, {"label": "别的", "value": 3.0}),
        (SheetPlan("自评表", (3.0, 4.0), heights={1: 20.0}), {"fields": [INPUT]}),
        (finding("FUND01", found=3), {"file": "甲.xlsx", "message": "别的"}),
    ],
)
def test_copy_is_replace(record, change):
    made, wanted = make_copier(type(record), *change)(record, *change.values()), replace(record, **change)
    assert [getattr(made, item.name) for item in fields(record)] == [
        getattr(wanted, item.name) for item in fields(record)
    ]
    assert type(made) is type(record) and made is not record


def test_what_was_drawn_for_a_field_is_not_its_copys():
    drawn = replace(INPUT)
    drawn.is_model, drawn.drawing, drawn.formula = True, object(), "A1"
    made = make_copier(Field, "label")(drawn, "别的")
    assert (made.like, made.drawing, made.formula) == (None, None, "")


def test_placed_finding():
    one = finding("FUND01", found=3)
    assert one.placed("甲.xlsx", "X1", USUAL_LABELS) == replace(one, file="甲.xlsx", project_code="X1")
    assert one.file == ""
