"""A result read department by department is the same result."""

from collections import Counter

import pytest
from written_documents import list_campaigns

from workbook_tools.core.result_parts import HeldParts, join_parts
from workbook_tools.core.review_result import ReviewResult

CAMPAIGNS = list_campaigns()


@pytest.fixture(params=CAMPAIGNS.values(), ids=CAMPAIGNS)
def result(request: pytest.FixtureRequest) -> ReviewResult:
    found: ReviewResult = request.param
    return found


def test_every_row_stands_in_one_part(result: ReviewResult) -> None:
    joined = join_parts(HeldParts(result))
    for kind in ("projects", "indicators", "findings", "missing", "evidence"):
        assert Counter(map(repr, getattr(joined, kind))) == Counter(map(repr, getattr(result, kind)))


def test_a_part_holds_what_concerns_its_department_and_no_other(result: ReviewResult) -> None:
    parts = HeldParts(result)
    for name, size in parts.sizes.items():
        part = parts.read(name)
        own = {row.code for row in (*part.projects, *part.missing)}
        assert {row.department for row in (*part.projects, *part.missing)} == {name}
        assert {row.project_code for row in (*part.indicators, *part.findings, *part.evidence)} <= own
        assert (size.projects, size.missing) == (len(part.projects), len(part.missing))


def test_a_part_is_a_result_of_its_own(result: ReviewResult) -> None:
    parts = HeldParts(result)
    for name in parts.sizes:
        part = parts.read(name)
        assert (part.scheme, part.year, part.schemes, part.checks) == (
            result.scheme,
            result.year,
            result.schemes,
            result.checks,
        )
