"""A project list that another process reads comes to what it comes to here."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from builders import project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.defaults import read_list, read_list_elsewhere
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.projects import list_folder
from workbook_tools.projects.kept_lists import ReadList
from workbook_tools.projects.writing import project_list_workbook
from workbook_tools.review import processes, workers
from workbook_tools.review.lists_elsewhere import ListSample, ListTerms, Meanwhile
from workbook_tools.rules.scheme import load_scheme

MISTAKES = (
    project(),
    project(code="P002", unit="", name="没有单位"),
    project(name="编码重复"),
    project(code="P003", scheme="没有这个方案"),
    project(code="P005", indicators=project().indicators[:2]),
)
MANY = tuple(project(code=f"P{number:03}") for number in range(30))


def write(path: Path, *projects: Project) -> None:
    path.parent.mkdir(exist_ok=True)
    listed = ProjectList(year=2024, projects=projects)
    if path.suffix == ".xlsx":
        path.write_bytes(project_list_workbook(listed, load_scheme("mof-2020")))
    else:
        path.write_text(listed.model_dump_json(), "utf-8")


def write_several(root: Path) -> None:
    for number, name in enumerate(("公安", "交通", "水务")):
        write(root / "项目清单" / f"{name}.json", project(code="P001" if number else "P0", department=f"{name}局"))
    (root / "项目清单" / "说明.docx").write_bytes(b"no list")


LISTS: dict[str, Callable[[Path], object]] = {
    "with mistakes": lambda root: write(root / "项目清单.json", *MISTAKES),
    "a workbook": lambda root: write(root / "项目清单.xlsx", *MANY),
    "no list": lambda root: (root / "项目清单.json").write_text("{", "utf-8"),
    "no workbook": lambda root: (root / "项目清单.xlsx").write_bytes(b"PK"),
    "several": write_several,
}


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "自评", Settings(year=2024))


def read(campaign: Campaign, *, elsewhere: bool) -> tuple[list[Project], list[Finding], list[ListSample | None]]:
    """The list, and what was done meanwhile: ``None`` for loading, and the sample that was learned from."""
    samples: list[ListSample | None] = []
    if elsewhere:
        meanwhile = Meanwhile(lambda: samples.append(None), lambda sample: iter([samples.append(sample)]))
        listed, found = read_list_elsewhere(campaign, campaign.project_list, 0, "", meanwhile)
    else:
        listed, found = read_list(campaign, campaign.project_list, 0, "")
    return [*listed.projects], found, samples


@pytest.mark.parametrize("kind", LISTS)
def test_it_is_the_same_projects_and_findings(campaign: Campaign, kind: str) -> None:
    LISTS[kind](campaign.root)
    projects, found, _ = read(campaign, elsewhere=False)
    first = read(campaign, elsewhere=True)
    assert (first[0], first[1], len(first[2])) == (projects, found, 1 if kind == "several" else 2)
    again = read(campaign, elsewhere=True)
    assert again[:2] == (projects, found)
    assert bool(again[2]) == (not projects)  # of what is no list nothing is kept


@pytest.mark.parametrize(("ending", "asked"), [("json", 0), ("xlsx", 1)])
def test_of_a_changed_list_no_sample_is_asked_for_and_a_short_json_one_is_read_here(
    campaign: Campaign, ending: str, asked: int
) -> None:
    file = campaign.root / f"项目清单.{ending}"
    for projects in (MISTAKES, (*MISTAKES, *MANY)[::-1]):
        write(file, *projects)
        first = read(campaign, elsewhere=True)
    assert len(first[2]) == asked
    assert read(campaign, elsewhere=True) == (*first[:2], [])
    write(file, *projects)
    listed, found = read_list(campaign, file, 0, "", fresh=True)
    assert first[:2] == ([*listed.projects], found)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that read are copies of this one, and begin at once; it may hold more than a file may take."""
    if sys.platform != "linux":
        pytest.skip("elsewhere no process is a copy of another")
    monkeypatch.setattr(processes, "_is_light", lambda: True)
    monkeypatch.setattr(workers, "bind_process", lambda *_: None)


@pytest.mark.usefixtures("copies")
def test_what_somebody_saves_meanwhile_is_read_the_next_time(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, mark, plain = campaign.root / "项目清单.json", tmp_path / "read", ListTerms.read_sample
    write(file, *MANY)
    monkeypatch.setattr(ListTerms, "read_sample", lambda *given: (plain(*given), mark.touch())[0])

    def save_another() -> None:
        until = time.monotonic() + 20
        while not mark.exists() and time.monotonic() < until:
            time.sleep(0.01)
        write(file, *MANY[:3])

    read_list_elsewhere(campaign, file, 0, "", Meanwhile(save_another, lambda _: iter(())))
    assert len(read(campaign, elsewhere=True)[0]) == 3


@pytest.mark.usefixtures("copies")
def test_forms_are_learned_until_the_list_is_there(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, mark, plain = campaign.root / "项目清单.json", tmp_path / "learned", ListTerms.read

    def wait_and_read(*given: Any) -> ReadList:
        until = time.monotonic() + 20
        while not mark.exists() and time.monotonic() < until:
            time.sleep(0.01)
        return plain(*given)

    def learn(_: ListSample) -> Iterator[int]:
        for step in count():
            if step == 3:
                mark.touch()
            time.sleep(0.01)
            steps.append(step)
            yield step

    steps: list[int] = []
    monkeypatch.setattr(ListTerms, "read", wait_and_read)
    write(file, *MANY)
    read_list_elsewhere(campaign, file, 0, "", Meanwhile(lambda: None, learn))
    assert len(steps) > 3


def test_lists_that_come_and_go_meanwhile_are_taken_for_no_other(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_several(campaign.root)
    folder, plain = campaign.root / "项目清单", list_folder.list_lists

    def list_and_change(where: Path) -> list[Path]:
        found = plain(where)
        write(folder / "一.json", project(code="P9", department="体育局"))
        (folder / "公安.json").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(list_folder, "list_lists", list_and_change)
    listed, _ = read_list_elsewhere(campaign, folder, 0, "", Meanwhile(lambda: None, lambda _sample: iter(())))
    assert [one.department for one in listed.projects] == ["体育局", "交通局", "水务局"]


def test_a_sample_is_the_first_projects_as_they_will_be(campaign: Campaign) -> None:
    write(campaign.root / "项目清单.json", *MANY)
    projects, _, [_loaded, sample] = read(campaign, elsewhere=True)
    assert sample == ListSample(30, tuple(projects[:24]))


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize(("method", "known"), [("read_sample", 1), ("read", 2)])
@pytest.mark.parametrize("fault", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: [][0]])
def test_a_list_that_brings_its_reader_down_is_looked_at_as_ever(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], object], method: str, known: int
) -> None:
    monkeypatch.setattr(ListTerms, method, lambda *_: fault())
    write(campaign.root / "项目清单.json", *MANY)
    projects, found, samples = read(campaign, elsewhere=True)
    assert len(samples) == known
    assert (projects, found) == read(campaign, elsewhere=False)[:2]
    assert len(projects) == len(MANY)
