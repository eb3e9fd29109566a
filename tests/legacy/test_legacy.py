"""The published forms of tests/golden/legacy: every expected value, exactly. Rows marked ambiguous need their remark."""

from __future__ import annotations

from pathlib import Path

import pytest
from published_forms import (
    FILES,
    comparisons,
    coverage,
    expected,
    read,
)

from workbook_tools.legacy.words.records import Concern


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_published_form_is_read_exactly(path: Path):
    forms = read(path).forms
    assert len(forms) == len(expected(path))
    for form, facts in zip(forms, expected(path), strict=True):
        assert [c for c in comparisons(form, facts) if c[1] != c[2]] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".xlsx"], ids=lambda path: path.stem)
def test_nothing_of_a_published_workbook_is_passed_over(path: Path):
    for form in read(path).forms:
        assert [remark.printed for remark in form.remarks if remark.concern is Concern.UNKNOWN] == []
        assert form.cells_understood == form.cells_filled > 0


def test_every_published_field_is_compared():
    assert len(FILES) == 26
    assert all(right == of for _, right, of in coverage())
    assert sum(of for _, _, of in coverage()) > 2900
