"""Facts on the disk are those that were put there."""

from __future__ import annotations

from workbook_tools.files.stored_facts import StoredFacts


def test_facts_are_found_by_year_and_code_in_their_order() -> None:
    rows = [(2024, "P2", "甲"), (2023, "P2", "乙"), (2024, "半\udcff字", "丙"), (2024, "P2", "丁")]
    facts = StoredFacts(rows, list)
    assert [*facts.items()] == [((2024, "P2"), ["甲", "丁"]), ((2023, "P2"), ["乙"]), ((2024, "半\udcff字"), ["丙"])]
    assert facts == {(2024, "P2"): ["甲", "丁"], (2023, "P2"): ["乙"], (2024, "半\udcff字"): ["丙"]}
    assert (2023, "P1") not in facts
    assert not StoredFacts((), list)
