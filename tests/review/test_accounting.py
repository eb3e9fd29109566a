"""检查清单: “nothing found” is never “could not look”."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from builders import KEY, KEYS, MOF, answers, filled, project

from workbook_tools.core.codes import CODES, Family
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import CheckCount
from workbook_tools.results import write_results
from workbook_tools.results.check_list import shorten_codes
from workbook_tools.review.checks import CHECKS, CROSS_CHECKS, fill
from workbook_tools.review.checks.declaring import codes_of
from workbook_tools.review.folder import Review, review_folder
from workbook_tools.workbooks.writing import build_workbook


def review(folder: Path, projects: list[Project] | None = None, **changes: object) -> Review:
    return review_folder(folder, keys=KEYS, projects=projects, year=2024, **changes)  # type: ignore[arg-type]


def counts(done: Review) -> dict[str, CheckCount]:
    return {count.check: count for count in done.result.checks}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "回收"
    folder.mkdir()
    return folder


def test_a_check_that_found_nothing_passed_and_one_that_found_something_fired(inbox):
    filled(inbox, answers=answers(info={**answers().info, "phone": ""}))
    found = counts(review(inbox))
    contact, reasons = found["fill.contact_given"], found["fill.required_filled"]
    assert (contact.ran, contact.passed, contact.fired, contact.not_run) == (1, 0, 1, {})
    assert (reasons.ran, reasons.passed, reasons.fired) == (1, 1, 0)


def test_a_check_without_what_it_needs_says_why(inbox):
    path = filled(inbox)
    openpyxl.load_workbook(path).save(path)  # which keeps formulas and drops their results
    found = counts(review(inbox))
    assert found["list.missing"].not_run == {"没有项目清单可以核对": 1}
    assert found["cross.texts_are_own"].not_run == {"只有一个项目，无从比较": 1}
    assert found["imported.executed_given"].not_for == {"只查手工表格": 1}
    assert found["fill.proposals_complete"].not_for == {"指标是下发的，没有自拟指标": 1}
    assert found["read.handmade"].not_for == {"只查手工表格": 1}
    assert found["read.answers"].not_for == {"没有单位说明": 1}
    assert found["score.scores_agree"].not_run == {"表中没有算出的数可以比对": 1}


def test_without_the_key_the_seal_was_not_looked_at(inbox):
    filled(inbox)
    assert counts(review_of_unknown_key(inbox))["read.seal"].not_run == {"没有下发时的签名密钥": 1}
    assert counts(review(inbox))["read.seal"].passed == 1


def review_of_unknown_key(inbox: Path) -> Review:
    return review_folder(inbox, keys={}, year=2024)


def test_of_a_workbook_in_which_nothing_was_typed_nothing_else_is_looked_at(inbox):
    (inbox / "空.xlsx").write_bytes(build_workbook(project(), MOF, KEY))
    found = counts(review(inbox))
    assert found["read.file"].fired == 1
    assert {name for name, count in found.items() if count.ran} == {"read.file"}


def test_what_the_office_switched_off_is_counted_as_off(inbox):
    filled(inbox)
    count = counts(review(inbox, checks={"FILL13": "off"}))["fill.contact_given"]
    assert (count.off, count.ran) == (1, 0)
    half = counts(review(inbox, checks={"FILL08": "off"}))["fill.losses_explained"]
    assert (half.off, half.ran) == (0, 1)


def test_every_project_is_accounted_for_in_every_check(inbox):
    listed = [project(), project(code="P002", name="图书采购"), project(code="P003", name="没有报的")]
    filled(inbox)
    done = review(inbox, listed)
    for count in done.result.checks:
        expected = 3 if count.check == "list.missing" else 1
        unseen = sum(count.not_run.values()) + sum(count.not_for.values())
        assert count.ran + count.off + unseen == expected, count.check
    assert counts(done)["list.missing"].fired == 2


def test_every_code_of_a_review_stands_in_the_account(inbox):
    filled(inbox)
    told = {code for count in review(inbox).result.checks for code in count.codes}
    others = {Family.LIST, Family.REVIEW, Family.SCHEME}
    assert {code for code, entry in CODES.items() if entry.family not in others} <= told


@pytest.mark.parametrize("check", (fill.workbook_filled, *CHECKS, *CROSS_CHECKS), ids=lambda c: c.__name__)
def test_a_check_says_what_it_reports(check):
    assert codes_of(check)
    assert set(codes_of(check)) <= CODES.keys()


def test_the_sheet_shows_all_of_it(inbox, tmp_path):
    filled(inbox)
    done = review(inbox)
    stored = write_results(done, tmp_path / "审核")
    rows = list(openpyxl.load_workbook(stored.workbook)["检查清单"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(done.result.checks)
    by_rule = {(row[0], row[1]): row[2:] for row in rows}
    cross = counts(done)["cross.texts_are_own"]
    assert by_rule[cross.rule, "CROSS02 CROSS03"] == (0, 0, None, None, 1, None, "只有一个项目，无从比较")
    overview = openpyxl.load_workbook(stored.workbook)["审核概览"]
    steps = {str(row[0].value)[3:]: row[1].value for row in overview.iter_rows()}
    unseen = [count.check for count in done.result.checks if count.not_run]
    assert steps["看没有查的"] == f"{len(unseen)} 项检查"
    assert not {check for check in unseen if check.startswith("imported.")}, "they are for forms of today"


def test_codes_that_follow_each_other_are_a_span():
    assert shorten_codes(("FILE01", "FILE02", "FILE03", "FILE08", "IMPORT01", "IMPORT02")) == (
        "FILE01-03 FILE08 IMPORT01 IMPORT02"
    )


def test_a_file_that_cannot_be_read_is_counted_where_files_are_read(inbox):
    filled(inbox)
    (inbox / "坏.xlsx").write_bytes(b"PK")
    files = counts(review(inbox))["read.file"]
    assert (files.passed, files.fired) == (1, 1)
