"""Work on several computers (Dask): the same results as here, whoever is lost on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import KEY
from dask_workers import Office, open_office
from trapped_files import double

from workbook_tools.core.errors import SettingsError
from workbook_tools.review import cluster, many_files
from workbook_tools.review.batch_work import Limits, LostItem
from workbook_tools.review.budget import Budget
from workbook_tools.review.cluster import Cluster, open_cluster
from workbook_tools.review.folder import review_folder
from workbook_tools.review.workers import on_all_cores
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

pytestmark = pytest.mark.slow
LIMITS = Limits(batch=600, item=600, budget=Budget(seconds=1))
"""By the clock: a machine may be busy."""
KEYS = {KEY.id: KEY}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("各处"), 2) as hired:
        yield hired


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's workbooks, and what is none."""
    folder = tmp_path_factory.mktemp("自评") / "回收"
    generate(load_example().projects, folder, KEY, prefill=True)
    (folder / "坏的.xlsx").write_bytes(b"PK\3\4")
    (folder / "说明.docx").write_bytes(b"")
    return folder


def name_loss(item: int | str, why: LostItem) -> str:
    return f"{item}：{why.excess.value if why.excess else why.exit_code}"


def test_items_that_kill_their_process_or_take_too_much_are_told_as_here(office: Office, tmp_path: Path):
    items: list[list[int | str]] = [[1, 2], [3, "致命", 4], [5, "空转"], ["致命"], [6, 7]]
    with open_cluster(office.address, tmp_path) as hands:
        done = list(hands.do(items, double, name_loss, LIMITS))
    assert done == list(on_all_cores(items, double, name_loss, 1, LIMITS))
    assert done == [[2, 4], [6, "致命：9", 8], [10, "空转：time"], ["致命：9"], [12, 14]]


def test_workers_without_the_folder_review_it_as_here_though_one_is_lost(
    office: Office, inbox: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(many_files, "BATCH", 1)
    here = review_folder(inbox, keys=KEYS, workers=1)
    lost = []

    def lose_one(done: int, _: int) -> None:
        if done == 2:
            office.lose(0)
            lost.append(done)

    with open_cluster(office.address, inbox.parent) as hands:
        there = review_folder(inbox, keys=KEYS, workers=hands, watch=lose_one)
    assert lost and len(there.result.projects) == 8
    assert there.result == here.result
    assert there.files == here.files


def test_a_batch_that_several_workers_are_lost_over_is_done_item_by_item(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    from distributed import KilledWorker

    class Answer:
        def __init__(self, work: Callable[[Sequence[Any]], list[Any]], batch: Sequence[Any]) -> None:
            self.work, self.batch = work, batch

        def result(self) -> list[Any]:
            if "致命" in self.batch:
                raise KilledWorker("task", None, 3)
            return self.work(self.batch)

    class Client:
        def cancel(self, futures: object) -> None: ...

        def nthreads(self) -> dict[str, int]:
            return {}

    hands = Cluster(Client(), tmp_path, "")  # type: ignore[arg-type]
    monkeypatch.setattr(hands, "_send", lambda work, batch, _: Answer(work, batch))
    monkeypatch.setattr(hands, "_take_next", lambda waiting, in_order: waiting.popleft())
    monkeypatch.setattr(hands._carrier, "open", lambda answer: answer)
    items: list[list[int | str]] = [[1], [2, "致命", 3]]
    assert list(hands.do(items, double, name_loss, LIMITS)) == [[2], [4, "致命：None", 6]]


def test_a_scheduler_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from distributed.comm.core import CommClosedError

    class Client:
        def cancel(self, futures: object) -> None:
            raise CommClosedError

        def nthreads(self) -> dict[str, int]:
            raise CommClosedError

    hands = Cluster(Client(), tmp_path, "")  # type: ignore[arg-type]
    monkeypatch.setattr(hands, "_send", lambda *_: None)
    with pytest.raises(SettingsError, match="与 Dask 调度器的连接断了"):
        list(hands.do([[1], [2]], double, name_loss, LIMITS))


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(cluster, "_WAIT", 0.2)
    begun = time.monotonic()
    with pytest.raises(SettingsError, match="连不上 Dask 调度器 tcp://"), open_cluster("tcp://127.0.0.1:9", tmp_path):
        pass
    assert time.monotonic() - begun < 20


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"workbook-tools\[cluster\]"), open_cluster("tcp://127.0.0.1:9", tmp_path):
        pass
