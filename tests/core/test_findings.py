"""A finding is one record: in memory as in 审核结果.json."""

import json
from dataclasses import fields

import pytest
from pydantic import ValidationError

from workbook_tools.core.findings import Finding, finding
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
