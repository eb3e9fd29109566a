"""A working folder and a browser on it, for all tests of the page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign_story import WRONG, Story
from page_visitor import PageVisitor

from workbook_tools.page import visiting


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a moment is done in one, however busy the computer is."""
    monkeypatch.setattr(visiting, "_MOMENT", 60)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Twelve projects issued, two forms in 回收: one met, one with an error."""
    story = Story.begin(tmp_path_factory.mktemp("page") / "2024年自评")
    story.send("甲.xlsx", "P01", 3)
    story.send("乙/表 二.xlsx", "P02", 3, WRONG)
    return story


@pytest.fixture(scope="session")
def finished(office: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, reviewed on the page."""
    place = tmp_path_factory.mktemp("reviewed")
    root = Path(shutil.copytree(office.campaign.root, place / "2024年自评"))
    visitor = PageVisitor(place, root)
    assert "审核了 2 个文件" in visitor.do("inbox/review")
    visitor.leave()
    return root


@pytest.fixture
def root(office: Story, tmp_path: Path) -> Path:
    """A copy of that working folder."""
    return Path(shutil.copytree(office.campaign.root, tmp_path / "2024年自评"))


@pytest.fixture
def visitor(root: Path, tmp_path: Path) -> Iterator[PageVisitor]:
    visitor = PageVisitor(tmp_path, root)
    yield visitor
    visitor.leave()


@pytest.fixture
def reviewed(finished: Path, root: Path, tmp_path: Path) -> Iterator[PageVisitor]:
    """A page on a copy of the working folder that is reviewed."""
    shutil.copytree(finished, root, dirs_exist_ok=True)
    visitor = PageVisitor(tmp_path, root)
    yield visitor
    visitor.leave()
