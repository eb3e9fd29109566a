"""Departments hand in a list each: they lie in the folder 项目清单 and are one list."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest

import workbook_tools as wt
from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import choose_projects, issue_workbooks
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.core.names import Aliases
from workbook_tools.files.stored_projects import StoredProjects
from workbook_tools.projects import project_list_workbook
from workbook_tools.rules.scheme import DEFAULT_SCHEME, load_scheme
from workbook_tools.shipped.example import load_example

ROADS, POLICE, WATER = "清河县交通运输局", "清河县公安局", "清河县水务局"
NOW = datetime(2024, 3, 1, tzinfo=UTC)


def listed_project(code: str, department: str, *, unit: str | None = None) -> Project:
    return Project(
        code=code, name=f"{code}专项经费", department=department, unit=department if unit is None else unit, year=2024
    )


def write(path: Path, *projects: Project) -> None:
    path.parent.mkdir(exist_ok=True)
    listed = ProjectList(year=2024, projects=projects)
    if path.suffix == ".json":
        path.write_text(listed.model_dump_json(), "utf-8")
    else:
        path.write_bytes(project_list_workbook(listed, load_scheme(DEFAULT_SCHEME)))


def read(folder: Path, **options: object) -> tuple[list[str], list[Finding]]:
    listed, found = wt.read_projects(folder, year=2024, **options)  # type: ignore[arg-type]
    return [project.code for project in listed.projects], found


def places(found: list[Finding], code: str) -> list[tuple[str, str, str]]:
    return [(item.file, item.sheet, item.cell) for item in found if item.code == code]


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "项目清单"
    write(folder / "交通.xlsx", listed_project("J1", ROADS), listed_project("J2", ROADS))
    write(folder / "公安.json", listed_project("G1", POLICE))
    return folder


def test_several_lists_are_read_as_one_file_after_file(lists: Path) -> None:
    write(lists.parent / "项目清单.xlsx", listed_project("S1", WATER))
    (lists / "~$交通.xlsx").write_bytes(b"open in Excel")
    codes, found = read(lists)
    assert codes == ["S1", "J1", "J2", "G1"]
    assert not [item for item in found if item.severity == "error"]


def test_a_mistake_is_told_with_the_list_that_it_is_in(lists: Path) -> None:
    write(lists / "水务.xlsx", listed_project("S1", WATER, unit=""))
    codes, found = read(lists)
    assert codes == ["J1", "J2", "G1"]
    assert places(found, "LIST02") == [("项目清单/水务.xlsx", "项目", "D2")]


def test_a_code_that_another_list_has_is_told_at_its_cell(lists: Path) -> None:
    write(lists / "水务.xlsx", listed_project("S1", WATER), listed_project("J2", WATER))
    [item] = [item for item in read(lists)[1] if item.code == "LIST03"]
    assert (item.file, item.sheet, item.cell) == ("项目清单/水务.xlsx", "项目", "A3")
    assert (item.project_code, "项目清单/交通.xlsx" in item.message) == ("J2", True)


def test_an_office_that_two_lists_spell_differently_is_told_at_its_cell(lists: Path) -> None:
    write(lists / "水务.xlsx", listed_project("S1", WATER), listed_project("S2", "交通运输局", unit=WATER))
    assert places(read(lists)[1], "LIST21") == [("项目清单/水务.xlsx", "项目", "C3")]


def test_what_is_no_list_is_named_and_the_others_are_read(lists: Path) -> None:
    (lists / "说明.docx").write_bytes(b"PK")
    (lists / "坏.xlsx").write_bytes(b"no workbook")
    codes, found = read(lists)
    assert codes == ["J1", "J2", "G1"]
    assert {file for file, *_ in places(found, "LIST15")} == {"项目清单/说明.docx", "项目清单/坏.xlsx"}


def test_an_alias_is_unused_only_where_no_list_has_the_name(lists: Path) -> None:
    _, found = read(lists, aliases=Aliases({"县公安": POLICE, "县林业": "清河县林业局"}))
    assert [item.field.split()[-1] for item in found if item.code == "LIST22"] == ["县林业"]


def test_the_whole_year_is_the_same_with_one_list_and_with_many(tmp_path: Path) -> None:
    example = sorted(load_example().projects, key=lambda project: project.department)
    seen = []
    for name in ("一个清单", "几个清单"):
        campaign = Campaign.create(tmp_path / name, Settings(year=2023, scheme="quwo"))
        if name == "一个清单":
            write(campaign.root / "项目清单.json", *example)
        for department, projects in groupby(example, key=lambda project: project.department):
            if name == "几个清单":
                write(campaign.root / "项目清单" / f"{department}.json", *projects)
        listed, found = wt.read_projects(campaign.project_list, year=2023, load=campaign.scheme)
        issued = issue_workbooks(
            campaign,
            choose_projects(listed, found),
            campaign.folder("回收"),
            campaign.signing_key(),
            NOW,
            prefill=True,
            overwrite=True,
        )
        review = wt.review_folder(campaign.folder("回收"), projects=listed.projects, year=2023, load=campaign.scheme)
        standing = find_standing(campaign, NOW)
        seen.append(
            (
                [item.path.name for item in issued.made],
                issued.unrecorded,
                [(row.code, row.total_score) for row in review.result.projects],
                [(item.code, item.cell) for item in review.result.findings],
                [(row.code, row.issued_at) for row in standing.rows],
            )
        )
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == len(example) and not seen[0][1]


def test_of_stored_projects_next_to_nothing_is_held() -> None:
    project = load_example().projects[0]
    tracemalloc.start()
    try:
        stored = StoredProjects(project.model_copy(update={"code": f"P{n}"}) for n in range(2_100))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held / len(stored) < 40
    assert stored[1_999] == project.model_copy(update={"code": "P1999"})
    assert [named.code for named in stored.names] == [f"P{n}" for n in range(2_100)]
    places = [2_099, 3, 1_900, 250, 749, 1_000, 2_000, 4]
    assert [named.code for named in stored.take(places).names] == [f"P{n}" for n in places]
    assert (
        [named.code for named in stored[::-700].names]
        == [one.code for one in stored[::-700]]
        == ["P2099", "P1399", "P699"]
    )
    with pytest.raises(IndexError):
        stored.names[2_100]
