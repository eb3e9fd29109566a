"""Fields that come out the same in the first two forms of a kind are shared by all others; where the second has others, each form is drawn."""

from __future__ import annotations

from builders import project

from workbook_tools.core.cells import Span
from workbook_tools.form.fields import Field, Layout, Notice, Role, SheetPlan
from workbook_tools.form.known_fields import place_known
from workbook_tools.form.layout import CURRENT_VERSION, VERSIONS
from workbook_tools.rules.scheme import DEFAULT_SCHEME, load_scheme

NAMED, SUM = "project_name", "copy"


class Forms:
    """Forms of one kind, each with a text and a formula that copies it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.drawn = 0

    def add(self, text: str, height: float = 20, col: int = 0) -> list[Field]:
        layout = Layout(VERSIONS[CURRENT_VERSION], project(), load_scheme(DEFAULT_SCHEME), Notice())
        plan = layout.add_sheet(SheetPlan("表", (10.0, 10.0)))
        layout.add(Field(sheet="表", span=Span.cell(9, col), role=Role.INPUT, name=NAMED))

        def place() -> int:
            self.drawn += 1
            layout.add(Field(sheet="表", span=Span.cell(0, 0), role=Role.LABEL, value=text))
            rule = layout.rules.copied(True)
            layout.add(
                Field(
                    sheet="表", span=Span.cell(1, 0), role=Role.FORMULA, name=SUM, rule=rule, variables={"cell": NAMED}
                )
            )
            plan.heights[0] = height
            return 2

        assert place_known(layout, plan, self.kind, place) == 2
        assert plan.heights == {0: height}
        assert layout.formula(layout.fields[SUM]).count("A10" if col == 0 else "B10") > 0
        return plan.fields[1:]


def test_the_third_form_has_the_fields_of_the_first() -> None:
    forms = Forms("the same")
    first, _, third, fourth = (forms.add("甲") for _ in range(4))
    assert forms.drawn == 2
    assert [*map(id, third)] == [*map(id, fourth)] == [*map(id, first)]


def test_a_kind_that_decides_too_little_is_drawn_in_each_form() -> None:
    for number, other in enumerate(({"text": "乙"}, {"height": 30.0}, {"col": 1})):
        forms = Forms(f"too little {number}")
        for facts in ({}, other, {}, other):
            forms.add(**{"text": "甲", **facts})  # type: ignore[arg-type]
        assert forms.drawn == 4
