"""Keys of scored rows: equal ones of a project are numbered, also where two projects have one code."""

from __future__ import annotations

from result_builder import project, result

from workbook_tools.results.facts import RowKeys, indicator_entries


def test_keys_are_those_that_all_rows_together_would_have() -> None:
    first, second = project(1), project(2)
    again = second.model_copy(update={"code": f" {first.code}  "})
    entries = indicator_entries(result([first, second, again]))
    numbers = RowKeys()
    expected = [numbers.key(e.project.code, e.row.dimension, e.row.category, e.row.name) for e in entries]
    assert [entry.key for entry in entries] == expected
    assert {key[-1] for key in expected} == {1, 2}
