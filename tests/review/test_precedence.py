"""Which of several files of one project counts: round, then what changed, then when it was saved; never a clock unseen."""

from __future__ import annotations

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import KEYS, answers, filled, project
from surgery import save_as_on

from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.trust import Trust
from workbook_tools.review import review_folder
from workbook_tools.review.precedence import Candidate, choose_files


def candidate(file: str, saved: int | None = None, **facts: Any) -> Candidate:
    usual = {
        "project": "P001",
        "code": "P001",
        "name": "甲",
        "trust": Trust.CURRENT,
        "round": 0,
        "content": file,
        "sha256": file,
    }
    return Candidate(file=file, saved_at=saved, **{**usual, "clock": 0.0, **facts})


def choose(*files: Candidate) -> tuple[str, list[tuple[str, str]]]:
    chosen = choose_files(files)
    (kept,) = chosen.kept
    return files[kept].file, [(f.code, f.file) for f in chosen.findings]


# -- the order --------------------------------------------------------------------------------------------------------


def test_a_later_return_counts_before_an_earlier_one_and_the_form_as_issued() -> None:
    files = candidate("下发的表", 1), candidate("第二次", 3, round=2), candidate("第一次", 2, round=1)
    assert choose(*files) == ("第二次", [("FILE08", "下发的表"), ("FILE08", "第一次")])


def test_copies_of_what_was_issued_before_go_for_what_was_issued() -> None:
    """The content is that of the last issue again: a copy that was returned before is not newer than what was issued since."""
    anew, copy = candidate("重新下发的", 5, issue=3), candidate("退回的", 3, round=1, issue=1)
    assert choose(copy, anew) == ("重新下发的", [("FILE08", "退回的")])
    assert choose(anew, candidate("退回的", 9, round=1, issue=1)) == ("退回的", [("FILE08", "重新下发的")])
    assert choose(copy, anew, candidate("再退回的", 4, round=2, issue=3))[0] == "再退回的"
    forged = candidate("伪造的", 9, issue=9, trust=Trust.UNVERIFIED)
    assert choose(copy, forged, candidate("下发的", 9, issue=1))[0] == "退回的"


def test_what_is_more_trusted_counts_whatever_round_content_and_clock_say() -> None:
    """The less trusted one would be newer by each of them; where it is older, that is for the record only."""
    good = candidate("好", 5)
    for trust in list(Trust)[1:]:
        code = "IMPORT16" if trust is Trust.HAND_MADE else "FILE22"
        assert choose(good, candidate("坏", 9, trust=trust, round=3)) == ("好", [(code, "坏")])
        code = "IMPORT16" if trust is Trust.HAND_MADE else "FILE23"
        assert choose(good, candidate("坏", 1, trust=trust)) == ("好", [(code, "坏")])


def test_each_state_of_trust_counts_before_those_after_it() -> None:
    files = [candidate(trust.value, number, trust=trust) for number, trust in enumerate(Trust)]
    for number, first in enumerate(files):
        assert choose(*reversed(files[number:]))[0] == first.file


def test_a_form_saved_after_the_later_return_is_set_aside_and_told() -> None:
    assert choose(candidate("下发的表", 9), candidate("退回的", 2, round=1)) == ("退回的", [("FILE21", "下发的表")])


def test_an_old_version_that_was_saved_again_is_not_newer_than_one_with_changes() -> None:
    files = candidate("初稿", 1, content="甲"), candidate("改好的", 2), candidate("又存了一次的初稿", 3, content="甲")
    assert choose(*files) == ("改好的", [("FILE08", "初稿"), ("FILE08", "又存了一次的初稿")])


def test_what_came_in_an_earlier_round_is_not_newer_for_being_saved_again() -> None:
    """The file that came then is not there any more; the ledger remembers what it said."""
    again, changed = candidate("又存了一次的初稿", 9, first_said="初稿的摘要"), candidate("改好的", 2)
    assert choose(again, changed) == ("改好的", [("FILE08", "又存了一次的初稿")])
    assert choose(again) == ("又存了一次的初稿", [])
    assert choose(candidate("初稿", 1, first_said="初稿"), candidate("改好的", 2)) == ("改好的", [("FILE08", "初稿")])


def test_of_two_files_with_changes_the_one_saved_last_counts_whatever_the_clocks_say() -> None:
    assert choose(candidate("旧", 1, clock=9), candidate("新", 2, clock=5)) == ("新", [("FILE08", "旧")])


@pytest.mark.parametrize("saved", [None, 5])
def test_where_only_the_clock_decides_somebody_has_to_look(saved: int | None) -> None:
    old, new = candidate("旧", saved, clock=1), candidate("新", 5, clock=2)
    assert choose(old, new) == ("新", [("FILE21", "旧")])


def test_files_that_differ_in_nothing_but_content_are_told() -> None:
    assert choose(candidate("一"), candidate("二")) == ("一", [("FILE21", "二")])


def test_a_copy_is_never_preferred_however_new_its_clock() -> None:
    first, second = candidate("正本", sha256="甲", clock=1), candidate("复制件", sha256="甲", clock=9)
    assert choose(second, first) == ("正本", [("FILE20", "复制件")])


def test_a_file_of_another_kind_or_round_that_says_no_time_leaves_the_others_theirs() -> None:
    silent = candidate("手工表", trust=Trust.HAND_MADE, clock=9), candidate("下发的表", clock=9)
    old, new = candidate("旧", 1, round=1, clock=8), candidate("新", 2, round=1, clock=5)
    assert choose(*silent, old, new) == ("新", [("IMPORT16", "手工表"), ("FILE08", "下发的表"), ("FILE08", "旧")])


def test_a_workbook_counts_before_a_form_of_today() -> None:
    assert choose(candidate("手工表", 9, trust=Trust.HAND_MADE), candidate("工作簿", 1)) == (
        "工作簿",
        [("IMPORT16", "手工表")],
    )


def test_projects_do_not_compete() -> None:
    chosen = choose_files([candidate("甲"), candidate("乙", project="P002")])
    assert (chosen.kept, chosen.findings) == ({0, 1}, [])


# -- the files --------------------------------------------------------------------------------------------------------


def day(number: int) -> datetime:
    return datetime(2025, 3, number, 4, tzinfo=UTC)


def sent(folder: Path, name: str, on: int, rate: float = 92.0, **given: Any) -> Path:
    path = filled(
        folder,
        name=name,
        answers=answers(indicators=(*answers().indicators[:4], IndicatorAnswer(actual=rate)), **given),
    )
    save_as_on(path, day(on))
    return path


def review(folder: Path) -> ReviewResult:
    return review_folder(folder, keys=KEYS, projects=[project()], year=2024).result


def told(result: ReviewResult) -> list[tuple[str, str]]:
    return [(f.code, f.file) for f in result.findings if f.code.startswith("FILE")]


def test_what_a_workbook_says_of_itself_beats_the_clock_of_a_copied_file(tmp_path: Path) -> None:
    old, new = sent(tmp_path, "旧.xlsx", 1, 91.0), sent(tmp_path, "新.xlsx", 2)
    os.utime(old, (day(20).timestamp(),) * 2)
    os.utime(new, (day(3).timestamp(),) * 2)
    result = review(tmp_path)
    assert ([p.file for p in result.projects], told(result)) == (["新.xlsx"], [("FILE08", "旧.xlsx")])


def test_of_archives_the_time_of_the_member_counts_not_that_of_the_archive(tmp_path: Path) -> None:
    for name, member, packed in (("先打包的.zip", 91.0, (2025, 3, 9)), ("后打包的.zip", 92.0, (2025, 3, 8))):
        data = filled(
            tmp_path, answers=answers(indicators=(*answers().indicators[:4], IndicatorAnswer(actual=member)))
        ).read_bytes()
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(zipfile.ZipInfo("P001.xlsx", (*packed, 8, 0, 0)), data)
    (tmp_path / "P001.xlsx").unlink()
    result = review(tmp_path)
    assert [p.file for p in result.projects] == ["先打包的.zip/P001.xlsx"]
    assert told(result) == [("FILE21", "后打包的.zip/P001.xlsx")]


def test_nothing_that_was_found_in_the_older_file_is_told_or_counted(tmp_path: Path) -> None:
    """It has no phone, a rate that is no number, and a macro warning would be one more: all of that is history."""
    path = sent(tmp_path, "旧.xlsx", 1, info={})
    book = openpyxl.load_workbook(path)
    book["自评表"].protection.sheet = False
    book.save(path)
    save_as_on(path, day(1))
    sent(tmp_path, "新.xlsx", 2)
    result = review(tmp_path)
    assert {f.code for f in result.findings if f.file == "旧.xlsx"} == {"FILE08"}
    (row,) = result.projects
    assert (row.findings.error, row.findings.warning) == (0, 0)


def test_only_a_repaired_lock_is_a_change_too(tmp_path: Path) -> None:
    """The same answers, but the changed weight is right again: that is the file to go by."""
    path = sent(tmp_path, "旧.xlsx", 1)
    book = openpyxl.load_workbook(path)
    book["自评表"].protection.sheet = False
    book.save(path)
    save_as_on(path, day(1))
    sent(tmp_path, "新.xlsx", 2)
    assert [p.file for p in review(tmp_path).projects] == ["新.xlsx"]
