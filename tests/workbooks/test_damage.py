"""What people really send: every kind of damage gives exactly its findings, and no other file notices."""

from __future__ import annotations

import logging
import re
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import KEYS
from damage import Kind, found, project, reissued, save, workbook
from damage_cells import CELLS
from damage_files import FILES
from damage_hostile import HOSTILE
from damage_programs import PROGRAMS
from damage_sheets import SHEETS
from openpyxl.utils import get_column_letter
from settling_here import settle_items
from surgery import zipped

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.sources import find_sources
from workbook_tools.review.batches import review_files
from workbook_tools.review.folder import review_folder
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.summary.listing_workbook import SUMMARY
from workbook_tools.summary.workbooks import write_summaries

KINDS = (*CELLS, *SHEETS, *FILES, *PROGRAMS)
AFTER = "之后.xlsx"
"""The good file that is read after the damaged one, and scored with it."""
QUIET = {"CROSS02": "off", "CROSS03": "off"}
"""The good texts stand in every file here."""


def outcome(item: ReviewedFile) -> tuple[Any, ...]:
    """All that came of a file."""
    return item.findings, item.project, item.indicators


@pytest.fixture(scope="module")
def good() -> bytes:
    return workbook()


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    """What comes of the good neighbour when it is alone."""
    folder = tmp_path_factory.mktemp("good")
    save(folder, {AFTER: workbook(code="P002")})
    reviewed = review_files(find_sources(folder)[0], KEYS)
    assert [(item.findings, item.project and item.project.total_score) for item in reviewed] == [([], 100.0)]
    return {item.file: outcome(item) for item in reviewed}


def test_the_good_workbook_has_nothing_to_find(good: bytes, tmp_path: Path) -> None:
    save(tmp_path, {"P001.xlsx": good})
    assert review_folder(tmp_path, keys=KEYS, projects=[project()]).result.findings == ()


def test_the_gallery_is_large_and_no_kind_stands_in_it_twice() -> None:
    names = [kind.name for kind in (*KINDS, *HOSTILE)]
    assert len(set(names)) == len(names) >= 50


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name, marks=kind.marks) for kind in KINDS])
def test_each_kind_gives_exactly_its_findings_and_none_to_the_good_file_after_it(
    kind: Kind, good: bytes, neighbour: dict[str, tuple[Any, ...]], tmp_path: Path
) -> None:
    save(tmp_path, {**kind.files(good), AFTER: workbook(code="P002")})
    sources, passed_over = find_sources(tmp_path)
    reviewed = review_files(sources, KEYS)
    assert {item.file: outcome(item) for item in reviewed if item.file in neighbour} == neighbour
    damaged = [item for item in reviewed if item.file not in neighbour]
    result = settle_items(damaged, passed_over, [project()], year=2024, scheme="mof-2020")
    assert found(result) == Counter(kind.findings)
    assert [row.total_score for row in result.projects] == ([] if kind.total is None else [kind.total])


# -- a whole folder ---------------------------------------------------------------------------------------------------

FOLDERS = ("回收 2024 年/交通局", "回收 2024 年/ 教育局 ", "第二批（补报）/县 医院", "第二批（补报）/Dept of　Water")
GOOD_DEPARTMENTS = ("示例县教育局", "示例县水利局")
DAMAGED_DEPARTMENT = "示例县交通运输局"
GOOD_FILES = 50
_ROW_NUMBER = re.compile(r"(?<=[A-Z])[0-9]+")


def good_files(count: int) -> dict[str, bytes]:
    """Good workbooks in folders, and some in archives."""
    files: dict[str, bytes] = {}
    for number, folder in enumerate(islice(cycle(FOLDERS), count)):
        name, data = f"{folder}/G{number:03} 自评表.xlsx", reissued(f"G{number:03}", GOOD_DEPARTMENTS[number % 2])
        archived = number % 25 == 0
        files[f"{name}.zip" if archived else name] = zipped({"自评表 .xlsx": data}) if archived else data
    return files


def damaged_files() -> dict[str, tuple[Kind, dict[str, bytes]]]:
    """Folder → a kind of damage and its files; every kind that needs no other program."""
    kinds = [kind for kind in (*CELLS, *SHEETS, *FILES) if kind.name != "another_project"]
    return {
        f"{FOLDERS[number % 4]}/{number:03} {kind.name}": (
            kind,
            kind.files(reissued(f"D{number:03}", DAMAGED_DEPARTMENT)),
        )
        for number, kind in enumerate(kinds)
    }


def expected_projects(damaged: int, good: int) -> list[Any]:
    listed = [(f"D{n:03}", DAMAGED_DEPARTMENT) for n in range(damaged)]
    listed += [(f"G{n:03}", GOOD_DEPARTMENTS[n % 2]) for n in range(good)]
    return [project().model_copy(update={"code": code, "department": name, "answers": None}) for code, name in listed]


_OF_OTHERS = "待更正的原因"
"""A column that is there only where some project is not complete."""
_UNIT_NUMBER = "单位编号"
"""The column of numbers that count the units of all projects; the subtotals find theirs by them."""


def rows_of(path: Path, departments: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """The rows of these departments on the first sheet of a summary, without running numbers of projects and units and numbers of rows."""
    rows = list(openpyxl.load_workbook(path)[SUMMARY].iter_rows(values_only=True))
    [unit] = {at for row in rows for at, cell in enumerate(row) if str(cell).replace("\n", "") == _UNIT_NUMBER}
    counted = re.compile(rf'\$({get_column_letter(unit + 1)})\$|(?<="[<>]=)\d+(?=")')
    others = {unit, *(row.index(_OF_OTHERS) for row in rows if _OF_OTHERS in row)}
    rows = [tuple(cell for at, cell in enumerate(row) if at not in others) for row in rows]
    wanted = (row for row in rows if set(departments) & set(row))
    return [
        tuple(
            re.sub(r"\$\d+", "", _ROW_NUMBER.sub("", counted.sub("$", c))) if str(c).startswith("=") else c
            for c in row[1:]
        )
        for row in wanted
    ]


@pytest.mark.slow
def test_a_folder_of_200_is_reviewed_to_the_end_and_the_summary_of_the_others_is_unaffected(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every kind of damage at once, in several processes, beside good files in the same folders."""
    damaged, good = damaged_files(), good_files(GOOD_FILES)
    assert len(damaged) + len(good) >= 200
    inbox, alone = tmp_path / "收 件", tmp_path / "只有好的"
    save(
        inbox,
        good | {f"{folder}/{name}": data for folder, (_, files) in damaged.items() for name, data in files.items()},
    )
    save(alone, good)
    expected = expected_projects(len(damaged), len(good))

    with caplog.at_level(logging.WARNING):
        result, reviewed = whole_review(inbox, expected)
    assert caplog.records == []
    assert all((item.project is not None) != is_refused(item) for item in reviewed)
    for folder, (kind, _) in damaged.items():
        mine = result.model_copy(
            update={"findings": tuple(f for f in result.findings if f.file.startswith(f"{folder}/"))}
        )
        assert found(mine) == Counter(kind.findings), kind.name
    assert {row.code for row in result.projects} | {row.code for row in result.missing} == {p.code for p in expected}

    undisturbed, _ = whole_review(alone, [p for p in expected if p.code.startswith("G")])
    places = {row.code: row.place for row in undisturbed.projects}  # the other list is shorter
    good_rows = [row for row in result.projects if row.code.startswith("G")]
    assert [row.model_copy(update={"place": places[row.code]}) for row in good_rows] == list(undisturbed.projects)
    first, second = (write_summaries(each, tmp_path / name) for each, name in ((result, "全"), (undisturbed, "好")))
    assert len(rows_of(second[0], GOOD_DEPARTMENTS)) >= len(good)
    assert rows_of(first[0], GOOD_DEPARTMENTS) == rows_of(second[0], GOOD_DEPARTMENTS)
    for name in GOOD_DEPARTMENTS:
        assert rows_of(tmp_path / "全" / f"汇总_{name}.xlsx", (name,)) == rows_of(
            tmp_path / "好" / f"汇总_{name}.xlsx", (name,)
        )


def whole_review(folder: Path, expected: list[Any]) -> tuple[ReviewResult, list[ReviewedFile]]:
    """A review as the command does it, with several processes."""
    review = review_folder(folder, keys=KEYS, projects=expected, year=2024, checks=QUIET, workers=2)
    return review.result, list(review.files)


def is_refused(item: ReviewedFile) -> bool:
    """There is one finding, and it is about the file as a whole."""
    return len(item.findings) == 1 and item.findings[0].code.startswith(("FILE", "TAMPER01")) and item.project is None
