"""What was sent back before goes to 归档 once it is not what goes back now; nothing is deleted, nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from builders import KEYS, answers, filled, layout_of, project

from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.returns import write_returns
from workbook_tools.returns.archiving import ARCHIVE
from workbook_tools.review import review_folder

DEPARTMENT = project().department
ACTUAL = layout_of(project()).fields["indicator_001_actual"].cell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "退回"


def send(inbox: Path, actual: object, code: str = "P001") -> Path:
    given = answers(indicators=(IndicatorAnswer(actual=actual), *answers().indicators[1:]))
    return filled(inbox, name=f"{code}.xlsx", code=code, answers=given)


def run(inbox: Path, folder: Path, by: str = "") -> dict[str, bytes]:
    """Return what is wrong; what lies in the folder then."""
    alike = {"CROSS02": "off"}  # the projects of these tests share their texts
    write_returns(review_folder(inbox, keys=KEYS, checks=alike).result, inbox, folder, KEYS, by=by)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_copy_of_a_version_that_was_superseded_is_archived(inbox: Path, folder: Path) -> None:
    send(inbox, "很多")
    first = run(inbox, folder)
    send(inbox, "更多")
    second = run(inbox, folder)
    assert set(second) == {*first, *(f"{ARCHIVE}/{name}" for name in first if second[name] != first[name])}
    assert second[f"{ARCHIVE}/{DEPARTMENT}/P001.xlsx"] == first[f"{DEPARTMENT}/P001.xlsx"]
    send(inbox, "最多")
    third = run(inbox, folder)
    assert third[f"{ARCHIVE}/{DEPARTMENT}/P001（2）.xlsx"] == second[f"{DEPARTMENT}/P001.xlsx"]
    assert third[f"{ARCHIVE}/{DEPARTMENT}/P001.xlsx"] == first[f"{DEPARTMENT}/P001.xlsx"]


def test_what_is_put_right_leaves_nothing_but_the_archive(inbox: Path, folder: Path) -> None:
    send(inbox, "很多")
    first = run(inbox, folder)
    send(inbox, 102.0)
    assert run(inbox, folder) == {f"{ARCHIVE}/{name}": data for name, data in first.items()}
    assert not (folder / DEPARTMENT).exists()


def test_what_goes_back_again_as_it_was_stays(inbox: Path, folder: Path) -> None:
    send(inbox, "很多")
    send(inbox, "很多", "P002")
    first = run(inbox, folder)
    assert run(inbox, folder) == first
    send(inbox, 102.0, "P002")
    again = run(inbox, folder)
    assert again[f"{DEPARTMENT}/P001.xlsx"] == first[f"{DEPARTMENT}/P001.xlsx"]
    assert set(again) == {
        f"{DEPARTMENT}/P001.xlsx",
        f"{DEPARTMENT}/退回通知.docx",
        f"{ARCHIVE}/{DEPARTMENT}/P002.xlsx",
        f"{ARCHIVE}/{DEPARTMENT}/退回通知.docx",
    }


def test_what_people_put_there_or_saved_is_not_lost(inbox: Path, folder: Path) -> None:
    send(inbox, "很多")
    run(inbox, folder)
    book = openpyxl.load_workbook(folder / DEPARTMENT / "P001.xlsx")
    book.properties.lastModifiedBy = "王强"
    book.save(folder / DEPARTMENT / "P001.xlsx")
    saved = (folder / DEPARTMENT / "P001.xlsx").read_bytes()
    own = folder / DEPARTMENT / "电话记录.xlsx"
    openpyxl.Workbook().save(own)
    (folder / "说明.txt").write_text("x")
    send(inbox, 102.0)
    found = run(inbox, folder)
    assert found[f"{ARCHIVE}/{DEPARTMENT}/P001.xlsx"] == saved
    assert set(found) == {
        f"{DEPARTMENT}/电话记录.xlsx",
        "说明.txt",
        f"{ARCHIVE}/{DEPARTMENT}/P001.xlsx",
        f"{ARCHIVE}/{DEPARTMENT}/退回通知.docx",
    }
