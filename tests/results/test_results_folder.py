"""审核结果.xlsx and .json, written together by one face and read back by another."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from builders import KEYS, filled
from judging import type_judgement

from workbook_tools.core.errors import SettingsError
from workbook_tools.results import read_results, write_results
from workbook_tools.results.workbook import PROJECTS
from workbook_tools.review import Review, review_folder


@pytest.fixture
def review(tmp_path: Path) -> Review:
    inbox = tmp_path / "回收"
    inbox.mkdir()
    filled(inbox)
    return review_folder(inbox, keys=KEYS)


def test_both_files_are_written_and_say_the_same(review: Review, tmp_path: Path):
    stored = write_results(review, str(tmp_path / "审核"))
    assert sorted(path.name for path in (tmp_path / "审核").iterdir()) == ["审核结果.json", "审核结果.xlsx"]
    assert (stored.data.name, stored.workbook.name, stored.problems, stored.moved_aside) == (
        "审核结果.json",
        "审核结果.xlsx",
        (),
        None,
    )
    assert stored.result == review.result == read_results(tmp_path / "审核").result


def test_files_are_linked_to_the_folder_that_was_reviewed(review: Review, tmp_path: Path):
    stored = write_results(review, tmp_path / "审核")
    sheet = openpyxl.load_workbook(stored.workbook)[PROJECTS]
    links = {unquote(cell.hyperlink.target) for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"../回收/P001.xlsx"}


def test_a_judgement_is_in_force_when_the_result_is_read_and_when_it_is_written_anew(review: Review, tmp_path: Path):
    folder = tmp_path / "审核"
    type_judgement(write_results(review, folder).workbook, 18)
    read = read_results(folder)
    assert (read.projects["final_total"].item(), read.projects["total_score"].item()) == (98.0, 100.0)
    again = write_results(review, folder)
    assert again.indicators.set_index("name").loc["养护里程", "reviewed_score"] == 18
    assert again.moved_aside is not None


def test_what_is_wrong_with_a_judgement_is_told(review: Review, tmp_path: Path):
    folder = tmp_path / "审核"
    type_judgement(write_results(review, folder).workbook, 21)
    read = read_results(folder / "审核结果.json")
    assert [f.code for f in read.problems] == ["REVIEW01"]
    assert read.projects["final_total"].item() == 100.0


def test_where_there_is_no_result_a_sentence_says_so(tmp_path: Path):
    with pytest.raises(SettingsError, match="找不到审核结果"):
        read_results(tmp_path)
