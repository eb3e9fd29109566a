"""What mutants and public files have shown, each as a small file: it is read in one way, or refused for what it is."""

from __future__ import annotations

import pytest
from corpus_files import FAILURES
from oracle import judge

EXPECTED = {
    "far_corner.xlsb": "FILE31",
    "far_corner_that_xlrd_stumbles_over.xls": "FILE31",
    "number_of_one_program.ods": "FILE32",
    "number_of_one_program.xls": "FILE32",
    "paragraph_in_a_paragraph.ods": "FILE32",
    "paragraph_in_something_unknown.ods": "FILE32",
    "row_in_a_row.ods": "FILE32",
    "text_beside_the_paragraph.ods": "FILE32",
    "text_inside_a_text.xlsx": "FILE32",
    "two_texts_of_one_string.xlsx": "FILE32",
    "value_of_an_unknown_kind.ods": "FILE32",
}


def test_every_kept_failure_is_held_to_something():
    assert {path.name for path in FAILURES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_it_fails_no_more(name: str):
    verdict = judge(FAILURES / name)
    assert (verdict.failures, sorted(verdict.codes)) == ([], [EXPECTED[name]])
