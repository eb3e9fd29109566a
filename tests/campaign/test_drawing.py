"""campaign/drawing.py: a long list is drawn by several processes, and comes out as it does by one."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import cast

import pytest
from builders import KEY, answers, project

from workbook_tools.campaign import Campaign, Settings, drawing
from workbook_tools.campaign.drawing import choose_drawing, learn_forms
from workbook_tools.campaign.issuing import issue_workbooks, learn_list
from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import Project
from workbook_tools.files import stored_projects
from workbook_tools.files.stored_projects import StoredProjects, pack_projects
from workbook_tools.form.layout import build_layout
from workbook_tools.form.printed_texts import digest_sheets
from workbook_tools.review.lists_elsewhere import ListSample
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks import generating
from workbook_tools.workbooks.generating import Drawing, Order, generate
from workbook_tools.workbooks.writing import draw_workbook


def listed(count: int) -> list[Project]:
    """Projects of three departments, the fifth of which fits into no workbook."""
    made = [project(code=f"P{number:03}", department=f"第{number % 3}局") for number in range(count)]
    if count > 4:
        made[4] = made[4].model_copy(update={"name": "长" * 40_000})
    return made


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, for lists that one would draw."""
    monkeypatch.setattr(drawing, "SINGLE_PROCESS", 1)
    monkeypatch.setattr(drawing, "_BATCH", 3)


def test_few_workbooks_take_one_process() -> None:
    assert choose_drawing(60, 8) is map
    assert choose_drawing(1000, 1) is map
    assert choose_drawing(1000, 2) is not map


@pytest.mark.usefixtures("several")
def test_the_same_results_and_files_in_the_same_order(tmp_path: Path) -> None:
    heard: dict[str, list[int]] = {"one": [], "two": []}
    found = {}
    own = Drawing(Path(), KEY, generating.NO_NOTICE, prefill=False, macros=False)
    learned = learn_forms(own, [Order(item, generating.load_own_scheme(item), None) for item in listed(6)], 1000, 2)
    assert len([*learned]) == (6 if sys.platform == "linux" else 0)
    for name, draw_all in (("one", map), ("two", choose_drawing(10, 2))):
        done = generate(
            listed(10), tmp_path / name, KEY, draw_all=draw_all, watch=lambda n, _, name=name: heard[name].append(n)
        )
        found[name] = [
            (
                item.code,
                item.path.relative_to(tmp_path / name),
                item.finding,
                item.kept,
                item.unchanged,
                item.issue.digest,
            )
            for item in done
        ]
    assert found["one"] == found["two"]
    assert [code for code, _, refused, *_ in found["two"] if refused] == ["P004"]
    assert heard["one"] == heard["two"] == list(range(1, 11))
    files = [
        sorted(path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob("*")) for name in ("one", "two")
    ]
    assert files[0] == files[1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is a copy of another")
def test_forms_are_learned_one_by_one_where_others_are_to_draw_them() -> None:
    drawn: list[str] = []
    draw = cast("Drawing", lambda order: drawn.append(order.project.code))
    orders = [Order(item, generating.load_own_scheme(item), None) for item in listed(3)]
    for count, workers in ((60, 2), (1000, 1), (1000, 2)):
        [*islice(learn_forms(draw, orders, count, workers), 2)]
    assert drawn == ["P000", "P001"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is a copy of another")
def test_what_was_learned_of_forms_is_what_they_are_under_the_office_s_key(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024, contact="学表的样子"))
    assert len([*learn_list(campaign, campaign.signing_key, ListSample(50_000, listed(12)[5:]))]) == 7
    order = Order(listed(1)[0], generating.load_own_scheme(project()), None)
    own = Drawing(tmp_path, campaign.signing_key(), campaign.notice, prefill=False, macros=False)
    layout = build_layout(order.project, order.scheme, campaign.notice)
    sealed = own.seal(order, digest_sheets(layout))
    assert own(replace(order, sealed=sealed)).data == draw_workbook(layout, sealed.seal)


def test_few_new_ones_of_a_long_list_take_one_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(drawing, "SINGLE_PROCESS", 2)
    orders = [Order(item, generating.load_own_scheme(item), None) for item in listed(3)]
    draw_all, own = choose_drawing(1000, 2), Drawing(tmp_path, KEY, generating.NO_NOTICE, prefill=False, macros=False)
    processes: list[int] = []
    draw = Drawing.__call__
    monkeypatch.setattr(Drawing, "__call__", lambda self, order: processes.append(os.getpid()) or draw(self, order))
    assert [drawn.code for drawn in draw_all(own, orders[:2])] == ["P000", "P001"]
    assert processes == [os.getpid()] * 2
    assert [drawn.code for drawn in draw_all(own, orders)] == ["P000", "P001", "P002"]
    assert processes == [os.getpid()] * 2


@pytest.mark.usefixtures("several")
def test_a_second_run_finds_every_workbook_as_it_is(tmp_path: Path) -> None:
    first = generate(listed(7), tmp_path, KEY, draw_all=choose_drawing(7, 2))
    again = generate(listed(7), tmp_path, KEY, draw_all=choose_drawing(7, 2))
    assert [item.unchanged for item in again] == [item.finding is None for item in first]
    assert [item.issue for item in again] == [item.issue for item in first]


class _Deadly:
    """A scheme that ends the process which draws by it, as a system without memory does."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        raise AssertionError


@pytest.mark.slow
@pytest.mark.usefixtures("several")
def test_a_process_that_is_ended_costs_its_own_workbook_alone(tmp_path: Path) -> None:
    orders = [Order(item, generating.load_own_scheme(item), None) for item in listed(4)]
    orders[2] = Order(orders[2].project, cast(Scheme, _Deadly()), None)
    done = list(choose_drawing(4, 2)(Drawing(tmp_path, KEY, generating.NO_NOTICE, prefill=False, macros=False), orders))
    assert [(item.code, bool(item.data), item.finding and item.finding.code) for item in done] == [
        ("P000", True, None),
        ("P001", True, None),
        ("P002", False, "LIST18"),
        ("P003", True, None),
    ]


@pytest.mark.usefixtures("several")
def test_a_full_disk_is_told_by_the_process_that_writes_and_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OutputError(f"{path}：磁盘已满")

    monkeypatch.setattr(generating, "replace_file", refuse)
    with pytest.raises(OutputError, match="磁盘已满"):
        generate(listed(8), tmp_path, KEY, draw_all=choose_drawing(8, 2))
    assert not list(tmp_path.rglob("*.xlsx"))


def test_what_stands_is_known_without_opening_its_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    folder, key = campaign.folder("下发"), campaign.signing_key()
    packed = pack_projects([project(answers=answers()), project(code="P002")])
    assert packed
    stored = StoredProjects.restore(*packed)
    unpack = stored_projects.unpack_project

    def issue(*, prefill: bool = False) -> list[bool]:
        now = datetime(2025, 1, 10, tzinfo=UTC)
        issued = issue_workbooks(campaign, stored, folder, key, now, prefill=prefill, overwrite=True)
        return [item.unchanged for item in issued.items]

    assert issue() == [False, False]
    opened: list[bytes] = []
    monkeypatch.setattr(stored_projects, "unpack_project", lambda data: (opened.append(data), unpack(data))[1])
    assert (issue(), opened) == ([True, True], [])
    assert issue(prefill=True) == [False, True]
    assert issue(prefill=True) == [True, True]
