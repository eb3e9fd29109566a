"""What a field is called is what the authority's form calls it."""

import pytest
from builders import INDICATORS, project
from filling import compact_project
from label_words import foreign_labels, labels_of

from workbook_tools.form import evaluation
from workbook_tools.form.fields import FieldStyle, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import builtin_schemes


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
@pytest.mark.parametrize("indicators", [INDICATORS, ()], ids=["approved", "proposed"])
def test_every_part_of_a_row_is_called_as_its_column_is(scheme, indicators):
    layout = build_layout(project(indicators=indicators), scheme)
    headings: dict[int, str] = {}
    for item in layout.sheets[evaluation.TITLE].fields:
        if item.role is Role.LABEL and item.look is FieldStyle.HEADER:
            headings.setdefault(item.span.col, str(item.value).replace("\n", ""))  # the line of totals comes last
    rows = [f for f in layout.fields.values() if f.name.startswith("indicator_") and not f.name.endswith("_hint")]
    wrong = {f.label: headings[f.span.col] for f in rows if f.label.split("－")[-1] not in headings[f.span.col]}
    assert wrong == {}


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
def test_how_a_score_comes_about_is_told_in_the_words_of_the_form(scheme):
    own = labels_of(scheme)
    layout = build_layout(compact_project(scheme), scheme)
    prompts = [item.prompt for item in layout.fields.values() if item.name.startswith("indicator_")]
    assert [foreign_labels(text, own) for text in (*describe(scheme), *prompts) if foreign_labels(text, own)] == []
