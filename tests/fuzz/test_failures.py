"""What mutants and public files have shown, each as a small file: it is read in one way, or refused for what it is."""

from __future__ import annotations

import pytest
from corpus_files import FAILURES
from oracle import judge

EXPECTED = {
    "begins_behind_its_end.xls": "FILE03",
    "begins_behind_its_end_in_the_old_way.xls": "FILE03",
    "cell_that_is_blank_further_on.xls": "FILE32",
    "cell_without_its_end.xlsb": "FILE03",
    "covered_by_nothing.ods": "FILE32",
    "far_corner.xlsb": "FILE31",
    "far_corner_that_xlrd_stumbles_over.xls": "FILE31",
    "merged_backwards.xls": "FILE32",
    "name_of_one_program.xls": "FILE32",
    "name_with_a_sign_for_fonts.xls": "FILE32",
    "no_number.xlsb": "FILE32",
    "no_times.ods": "FILE32",
    "number_of_one_program.ods": "FILE32",
    "number_of_one_program.xls": "FILE32",
    "one_sheet_thousands_of_times.xlsb": "FILE32",
    "page_of_nothing.xls": "FILE03",
    "paragraph_in_a_paragraph.ods": "FILE32",
    "paragraph_in_a_run.docx": "FILE32",
    "paragraph_in_something_unknown.ods": "FILE32",
    "paragraph_of_another_language.ods": "FILE32",
    "part_between_cells.xls": "FILE32",
    "row_in_a_row.ods": "FILE32",
    "sheet_that_is_elsewhere.xls": "FILE03",
    "text_before_the_first.xls": "FILE32",
    "text_beside_the_paragraph.ods": "FILE32",
    "text_in_a_setting.docx": "FILE32",
    "text_inside_a_text.xlsx": "FILE32",
    "text_with_a_number.ods": "FILE32",
    "text_of_no_formula.xls": "FILE32",
    "text_without_its_kind.ods": "FILE32",
    "two_bodies.docx": "FILE32",
    "two_texts_of_one_string.xlsx": "FILE32",
    "value_of_an_unknown_kind.ods": "FILE32",
    "value_without_its_kind.ods": "FILE32",
    "version_for_nobody.docx": "FILE32",
}

"""Refused, with this code."""
READ = ("name_in_another_case.xlsx", "escaped_escape.xlsx")
"""Forms as the standard says, which the second program reads otherwise: what is held is the comparison."""


def test_every_kept_failure_is_held_to_something():
    assert {path.name for path in FAILURES.iterdir()} == {*EXPECTED, *READ}


@pytest.mark.parametrize("name", EXPECTED)
def test_it_fails_no_more(name: str):
    verdict = judge(FAILURES / name)
    assert (verdict.failures, sorted(verdict.codes)) == ([], [EXPECTED[name]])


@pytest.mark.parametrize("name", READ)
def test_it_is_read_as_the_standard_says(name: str):
    verdict = judge(FAILURES / name)
    assert (verdict.failures, verdict.accepted) == ([], "form")
