"""What a field belongs to, and what it leads to, are attributes of it."""

import pytest
from builders import INDICATORS, project

from workbook_tools.form import evaluation, status
from workbook_tools.form.fields import FormBlock, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.form.narrative import INFO, text_name
from workbook_tools.form.rows import indicator_name
from workbook_tools.rules.scheme import builtin_schemes

EVERY_SCHEME = pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
EVERY_FORM = pytest.mark.parametrize("indicators", [INDICATORS, ()], ids=["approved", "proposed"])


@EVERY_SCHEME
@EVERY_FORM
def test_a_cell_of_the_table_knows_its_row_and_part(scheme, indicators):
    layout = build_layout(project(indicators=indicators), scheme)
    cells = [item for item in layout.fields.values() if item.block is FormBlock.INDICATORS]
    assert {item.row for item in cells} == {row.number for row in layout.rows}
    assert all(item.name == indicator_name(item.row, item.part) for item in cells)
    assert all(item.sheet == evaluation.TITLE for item in cells)


@EVERY_SCHEME
def test_texts_and_contacts_know_what_they_are(scheme):
    layout = build_layout(project(), scheme)
    texts = {item.part: item.name for item in layout.fields.values() if item.block is FormBlock.TEXTS}
    assert texts == {section.key: text_name(section.key) for section in scheme.texts}
    contacts = [item.part for item in layout.fields.values() if item.block is FormBlock.CONTACT]
    assert contacts == [name for name, *_ in INFO]


@EVERY_SCHEME
@EVERY_FORM
def test_every_check_leads_to_the_field_that_it_speaks_of(scheme, indicators):
    layout = build_layout(project(indicators=indicators), scheme)
    fields = layout.sheets[status.TITLE].fields
    asked = {name for name, item in layout.fields.items() if item.problem is not None}
    asked |= {"total_weight"} if not indicators else set()
    assert {item.link for item in fields if item.name.startswith("check_")} == asked
    listed = [layout.fields[name] for name in asked if indicators or not layout.fields[name].row]
    targets = {item.filled_by[0] if item.filled_by else item.name for item in listed}
    assert {item.link for item in fields if item.role is Role.LABEL and item.link} == targets
