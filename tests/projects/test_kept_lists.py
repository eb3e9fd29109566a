"""A project list that has not changed is not read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from builders import project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.kept_rooms import FILE
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.files import kept_records
from workbook_tools.files.stored_projects import digest_projects, list_names
from workbook_tools.projects import reading


class Office:
    """A working folder whose list is read again and again."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.campaign = Campaign.create(root, Settings(year=2024))
        self.list = root / "项目清单.json"
        self.read_files: list[str] = []
        plain: Callable[..., object] = reading.read_projects

        def read(file: Path, **options: object) -> object:
            self.read_files.append(file.name)
            return plain(file, **options)

        monkeypatch.setattr(reading, "read_projects", read)

    def write(self, *projects: Project, to: Path | None = None) -> None:
        file = to or self.list
        file.parent.mkdir(exist_ok=True)
        file.write_text(ProjectList(year=2024, projects=projects).model_dump_json(), "utf-8")

    def read(self, *, keep: bool = True, fresh: bool = False, scheme: str = "") -> tuple[list[Project], list[Finding]]:
        self.campaign = Campaign.open(self.campaign.root)
        self.read_files.clear()
        listed, findings = read_list(self.campaign, self.campaign.project_list, 0, scheme, keep=keep, fresh=fresh)
        assert [item.code for item in list_names(listed.projects)] == [item.code for item in listed.projects]
        assert digest_projects(listed.projects) == digest_projects([*listed.projects])
        return [*listed.projects], findings


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office(tmp_path / "自评", monkeypatch)
    office.write(project(), project(code="P002", unit=""), project(code="P003", department="", name="无名"))
    return office


def test_a_list_that_is_as_it_was_comes_to_the_same_without_being_read(office: Office) -> None:
    first = office.read()
    assert (office.read_files, len(first[0])) == (["项目清单.json"], 1)
    assert [item.code for item in first[1]].count("LIST02") == 2
    assert office.read() == first
    assert office.read_files == []


def test_a_list_is_read_again_once_it_or_what_it_is_read_by_has_changed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.read()
    root = office.campaign.root

    def change_settings() -> None:
        text = (root / "wbt.toml").read_text("utf-8")
        (root / "wbt.toml").write_text(text.replace('contact = ""', 'contact = "2222"'), "utf-8")

    changes: dict[str, Callable[[], object]] = {
        "the list": lambda: office.write(project(name="另一个项目")),
        "the settings": change_settings,
        "the office's schemes": lambda: (root / "评分方案" / "own.toml").write_text('id = "own"', "utf-8"),
        "the key": lambda: (root / ".wbt" / "signing.key").write_text("ab" * 32),
        "the program": lambda: monkeypatch.setattr(kept_records, "digest_program", lambda: "another"),
    }
    for change in changes.values():
        change()
        office.read()
        assert office.read_files == ["项目清单.json"]
        office.read()
        assert office.read_files == []
    office.read(scheme="sichuan")
    assert office.read_files == ["项目清单.json"]
    office.read(fresh=True, scheme="sichuan")
    assert office.read_files == ["项目清单.json"]


def test_an_entry_that_somebody_has_written_or_damaged_is_not_believed(office: Office) -> None:
    first = office.read()
    with sqlite3.connect(office.campaign.root / FILE) as database:
        [(name, entry)] = database.execute("SELECT name, entry FROM kept WHERE room = 'lists'").fetchall()
        for data in (entry[:-1], entry[:40] + b"\0" + entry[41:], b"", entry[32:]):
            database.execute("UPDATE kept SET entry = ? WHERE name = ?", (data, name))
            database.commit()
            assert (office.read(keep=False), office.read_files) == (first, ["项目清单.json"])


def test_of_several_lists_only_those_that_have_changed_are_read(office: Office) -> None:
    folder = office.list.with_suffix("")
    office.list.unlink()
    for name in ("公安", "交通", "水务"):
        office.write(project(code=name, department=f"清河县{name}局"), to=folder / f"{name}.json")
    first = office.read()
    assert [item.code for item in first[0]] == ["交通", "公安", "水务"]
    assert (office.read(), office.read_files) == (first, [])
    office.write(project(code="K1", department="清河县水务局"), to=folder / "水务.json")
    assert ([item.code for item in office.read()[0]], office.read_files) == (["交通", "公安", "K1"], ["水务.json"])
    (folder / "水务.json").unlink()
    office.read()
    with sqlite3.connect(office.campaign.root / FILE) as database:
        names = [Path(name).name for (name,) in database.execute("SELECT name FROM kept WHERE room = 'lists'")]
    assert sorted(names) == ["交通.json", "公安.json"]


def test_who_only_looks_at_a_list_keeps_nothing(office: Office) -> None:
    office.read(keep=False)
    assert not (office.campaign.root / FILE).exists()
    first = office.read()
    assert (office.read(keep=False), office.read_files) == (first, [])


def test_a_list_without_projects_or_by_a_scheme_named_by_its_file_is_read_each_time(office: Office) -> None:
    own = office.list.parent.parent / "sichuan.toml"
    own.write_bytes((files("workbook_tools.rules") / "schemes" / "sichuan.toml").read_bytes())
    for projects in ([], [project(scheme=str(own))]):
        office.write(*projects)
        for _ in range(2):
            assert (len(office.read()[0]), office.read_files) == (len(projects), ["项目清单.json"])
