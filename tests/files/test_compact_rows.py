"""Rows that are packed are those that were given, in their order."""

from __future__ import annotations

from result_builder import indicators, project

from workbook_tools.files.compact_rows import CompactRows, pack_many

ROWS = [
    row.model_copy(update={"name": f"指标{number}"}) for number in range(40) for row in indicators(project(number))
] * 3


def test_packed_rows_are_asked_for_like_those_of_a_tuple() -> None:
    packed = CompactRows(iter(ROWS))
    assert len(packed) == len(ROWS) > 300
    assert [*packed] == ROWS == [packed[place] for place in range(len(ROWS))]
    assert packed[-1] == ROWS[-1]
    assert packed[250:310:7] == tuple(ROWS[250:310:7])
    assert not CompactRows(())


def test_only_many_rows_that_are_not_in_memory_are_packed() -> None:
    many = tuple(range(5_000))
    assert pack_many(many) is many
    assert pack_many(iter(many[:100])) == many[:100]
    packed = pack_many(iter(many))
    assert isinstance(packed, CompactRows)
    assert (*packed,) == many
