"""Work on all cores: items that kill their process or never end, between others that do not."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path

import pytest
import trapped_files
from builders import KEYS, filled
from trapped_files import StillbornProcess, double, double_unbound

from workbook_tools.core.errors import SettingsError
from workbook_tools.review import batches, many_files, workers
from workbook_tools.review.batch_work import Limits, LostItem
from workbook_tools.review.budget import Budget, Excess
from workbook_tools.review.folder import review_folder
from workbook_tools.review.workers import on_all_cores

LIMITS = Limits(batch=600, item=600)
"""By the clock: a machine may be busy."""


def worked(items: list[list[int | str]], limits: Limits = LIMITS) -> list[list[object]]:
    lost: list[LostItem] = []

    def give_up(item: int | str, why: LostItem) -> str:
        lost.append(why)
        return f"{item}：{why.excess.value if why.excess else '超时' if why.after else why.exit_code}"

    done = [list(batch) for batch in on_all_cores(items, double, give_up, 2, limits)]
    assert all(why.after == limits.item or why.process or why.excess for why in lost)
    return done


def test_batches_come_back_in_their_order():
    items: list[list[int | str]] = [[n, n + 1] for n in range(20)]
    assert worked(items) == [[2 * n, 2 * n + 2] for n in range(20)]


def test_an_item_that_kills_its_process_costs_nobody_else_anything():
    items: list[list[int | str]] = [[1, 2], [3, "致命", 4], [5], ["致命"], [6, 7]]
    assert worked(items) == [[2, 4], [6, "致命：9", 8], [10], ["致命：9"], [12, 14]]


def test_a_process_that_takes_anothers_place_begins_with_the_modules_of_its_work():
    """Its memory would else be a tenth more than that of the first: what it loads lies between what it works with."""
    script = (
        "from trapped_files import list_loaded; from workbook_tools.review.workers import on_all_cores;"
        "from workbook_tools.review.batch_work import Limits; import tabnanny;"
        "limits = Limits(600, 600, retires=1, modules=['tabnanny']);"
        "print([*on_all_cores([['tabnanny']] * 3, list_loaded, None, 1, limits)])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert told.stdout.strip() == str([[True]] * 3)


def test_an_item_that_never_ends_is_given_up_and_the_others_are_done():
    started = time.monotonic()
    items: list[list[int | str]] = [[1], [2, "不返回", 3], [4], [5]]
    assert worked(items, Limits(batch=3, item=2)) == [[2], [4, "不返回：超时", 6], [8], [10]]
    assert time.monotonic() - started < 600


def test_an_item_that_takes_too_much_processor_time_is_given_up_at_once():
    """Long before the clock says so; those before and behind it in the batch are done, and so is the next such one."""
    limits = replace(LIMITS, budget=Budget(seconds=0.5))
    started = time.monotonic()
    items: list[list[int | str]] = [[1, "空转", 3, "空转", 5], [6]]
    assert worked(items, limits) == [[2, "空转：time", 6, "空转：time", 10], [12]]
    assert time.monotonic() - started < 300


def test_an_item_that_takes_too_much_memory_is_given_up():
    assert worked([[1, "巨大", 3], ["巨大"], [5]]) == [[2, "巨大：memory", 6], ["巨大：memory"], [10]]


def test_memory_that_earlier_items_hold_is_not_the_fault_of_a_later_one():
    assert worked([[1, "攒着", "要用", 4]]) == [[2, "攒着攒着", "要用要用", 8]]


def test_where_the_system_sets_no_bound_to_memory_the_overseer_does():
    lost: list[LostItem] = []
    done = on_all_cores([[1, "巨大", 3]], double_unbound, lambda item, why: lost.append(why) or f"{item}", 1, LIMITS)
    assert [*done] == [[2, "巨大", 6]]
    assert [why.excess for why in lost] == [Excess.MEMORY]


def test_an_item_may_ask_for_more_time():
    """A file with many forms."""
    limits = replace(LIMITS, budget=Budget(seconds=0.5))
    assert worked([[1, "费时", 3]], limits) == [[2, "费时费时", 6]]


def test_a_fault_of_the_program_is_raised_as_it_is():
    with pytest.raises(ValueError, match="故障"):
        worked([[1], ["故障"]])


def test_what_is_not_asked_for_is_not_done():
    """Whoever stops listening ends the processes."""
    asked: list[int] = []
    batches = (asked.append(n) or [n] for n in range(1000))
    done = on_all_cores(batches, double, lambda item, _: item, 2, LIMITS)
    assert next(done) == [0]
    done.close()
    assert len(asked) < 20


class NoMemory(SpawnContext):
    """Processes of a system that starts none."""

    class Process(SpawnProcess):
        def start(self) -> None:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")


class Stillborn(SpawnContext):
    """Processes that end before they have taken any work."""

    Process = StillbornProcess


def test_where_no_process_lives_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "choose_context", lambda _: NoMemory())
    with pytest.raises(SettingsError, match="--workers 1"):
        worked([[1], [2]])


def test_where_every_process_dies_at_birth_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "choose_context", lambda _: Stillborn())
    with pytest.raises(SettingsError, match="--workers 1"):
        worked([[number] for number in range(20)])


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight good files, and between them one that kills its reader and one that keeps it for ever."""
    folder = tmp_path / "回收"
    folder.mkdir()
    data = filled(folder, name="P000.xlsx").read_bytes()
    for name in ("P001", "P002-致命", "P003", "P004", "P005-不返回", "P006", "P007", "P008", "P009"):
        (folder / f"{name}.xlsx").write_bytes(data)
    monkeypatch.setattr(many_files, "BATCH", 3)
    monkeypatch.setattr(many_files, "READING", Limits(batch=6, item=6))
    monkeypatch.setattr(many_files, "_SINGLE_PROCESS", 0)
    monkeypatch.setattr(batches, "review_each", trapped_files.review_trapped_files)
    return folder


def test_files_that_do_harm_have_a_finding_and_the_others_are_reviewed(inbox: Path, caplog: pytest.LogCaptureFixture):
    review = review_folder(inbox, keys=KEYS, workers=2)
    assert [item.file for item in review.files] == sorted(path.name for path in inbox.iterdir())
    bad = [item for item in review.files if item.project is None]
    assert [(item.file, [f.code for f in item.findings]) for item in bad] == [
        ("P002-致命.xlsx", ["FILE13"]),
        ("P005-不返回.xlsx", ["FILE13"]),
    ]
    assert "意外终止" in bad[0].findings[0].message
    assert "分钟还没有完" in bad[1].findings[0].message
    assert len([item for item in review.files if item.project]) == 8
    assert "退出码 9" in caplog.text
