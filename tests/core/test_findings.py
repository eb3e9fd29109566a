"""A finding is one record: in memory as in 审核结果.json."""

import json
from dataclasses import fields, replace

import pytest
from pydantic import ValidationError

from workbook_tools.core import codes
from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.findings import Finding, apply_choices, finding
from workbook_tools.core.review_result import ReviewResult

FOUND = finding("FUND01", file="a.xlsx", sheet="预算执行", cell="C9", field="全年执行资金", found=12.0, expected="≤ 10")


def test_a_finding_stands_in_the_result_as_it_is():
    result = ReviewResult(scheme="norm2020", year=2024, findings=(FOUND,))
    assert result.findings[0] is FOUND
    assert ReviewResult.model_validate_json(result.model_dump_json()).findings == (FOUND,)


def test_the_json_names_the_fields_of_the_record_in_their_order():
    text = ReviewResult(scheme="norm2020", year=2024, findings=(FOUND,)).model_dump_json()
    (written,) = json.loads(text)["findings"]
    assert list(written) == [item.name for item in fields(Finding)]
    assert written["severity"] == "warning" and written["found"] == "12"


def test_the_json_may_hold_nothing_else():
    text = ReviewResult(scheme="norm2020", year=2024, findings=(FOUND,)).model_dump_json()
    with pytest.raises(ValidationError):
        ReviewResult.model_validate_json(text.replace('"found":', '"fuond":'))


@pytest.fixture
def on_trial(monkeypatch):
    """FUND01 as a check that is new in the campaign of 2024."""
    monkeypatch.setitem(codes.CODES, "FUND01", replace(CODES["FUND01"], trial_since=2024))
    codes.code_entry.cache_clear()
    yield
    codes.code_entry.cache_clear()


def chosen(year: int, **checks: str) -> list[tuple[Severity, bool]]:
    """Severity of the finding in a campaign of that year, and whether its message says 试行."""
    return [(f.severity, f.message.startswith("（试行）")) for f in apply_choices([FOUND], checks, year)]


def test_a_check_without_a_trial_has_its_severity_in_any_year():
    assert chosen(0) == chosen(2024) == [(Severity.WARNING, False)]


def test_a_new_check_is_for_the_record_in_its_first_year_and_says_so(on_trial):
    assert chosen(2024) == [(Severity.INFO, True)]
    assert chosen(2023) == [(Severity.INFO, True)], "an older year that is reviewed again is no stricter"
    assert chosen(2025) == [(Severity.WARNING, False)]


def test_what_the_office_chooses_overrides_the_trial(on_trial):
    assert chosen(2024, FUND01="error") == [(Severity.ERROR, False)]
    assert chosen(2024, FUND01="warning") == [(Severity.WARNING, False)]
    assert chosen(2024, FUND01="off") == []
