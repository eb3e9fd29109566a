"""A run that is killed while it writes 审核结果: the next one ends in the state of a run that was not disturbed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from builders import KEYS, answers, filled
from judging import type_judgement

from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.files import atomic
from workbook_tools.files.leftovers import remove_leftovers
from workbook_tools.results import read_results, write_results
from workbook_tools.review import Review, guarded_reading, review_folder

TYPED_AT = datetime(2025, 3, 1, 9)
STEPS = ("_write", "copy_aside", "_sync_folder", "_rename")
KILLED = 9


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> tuple[Review, Review]:
    """Of a project with 20 points for 养护里程, and of what it sent again: 16."""
    first, second = tmp_path_factory.mktemp("回收"), tmp_path_factory.mktemp("又报")
    filled(first)
    given = (IndicatorAnswer(actual=80.0, deviation_reason="汛期停工；已复工。"), *answers().indicators[1:])
    filled(second, answers=answers(indicators=given))
    return review_folder(first, keys=KEYS), review_folder(second, keys=KEYS)


@pytest.fixture
def folder(reviews: tuple[Review, Review], tmp_path: Path) -> Path:
    """审核 with a result that finance has judged since."""
    type_judgement(write_results(reviews[0], tmp_path / "审核").workbook, 12, at=TYPED_AT)
    return tmp_path / "审核"


def state(folder: Path) -> tuple[Any, ...]:
    """What must not be lost: the judgement, when and from which score, the finding about it, and the file saved by hand."""
    stored = read_results(folder)
    (row,) = (row for row in stored.result.indicators if row.name == "养护里程")
    decision = (row.score, row.reviewed_score, row.reviewed_by, row.reviewed_at, row.reviewed_from)
    return *decision, [item.code for item in stored.problems], sorted(path.name for path in folder.iterdir())


UNDISTURBED = (
    16,
    12,
    "王强",
    "2025-03-01 09:00",
    20,
    ["REVIEW05"],
    ["审核结果.json", "审核结果.xlsx", "审核结果（手工修改稿1）.xlsx"],
)


def kill_at(step: int, work: Callable[[], object]) -> bool:
    """Run something in a process that is gone before its step of that number; whether it got so far."""
    child = os.fork()
    if child == 0:
        count = 0

        def counted(function: Callable[..., object]) -> Callable[..., object]:
            def run(*args: Any, **options: Any) -> object:
                nonlocal count
                count += 1
                if count == step:
                    os._exit(KILLED)
                return function(*args, **options)

            return run

        for name in STEPS:
            setattr(atomic, name, counted(getattr(atomic, name)))
        Path.replace = counted(Path.replace)  # type: ignore[assignment,method-assign]
        os.fsync = counted(os.fsync)
        os.link = counted(os.link)
        guarded_reading.try_reading = lambda *_: None  # the processes that read files first belong to the parent
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def test_a_run_that_is_not_disturbed_keeps_the_judgement(folder: Path, reviews: tuple[Review, Review]) -> None:
    write_results(reviews[1], folder)
    assert state(folder) == UNDISTURBED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_after_a_crash_before_any_step_the_next_run_loses_nothing(
    reviews: tuple[Review, Review], tmp_path: Path
) -> None:
    steps = 0
    while True:
        steps += 1
        place = tmp_path / str(steps)
        type_judgement(write_results(reviews[0], place).workbook, 12, at=TYPED_AT)
        if not kill_at(steps, lambda place=place: write_results(reviews[1], place)):  # type: ignore[misc]
            break
        assert read_results(place).result.indicators, "what was there can be read between the two runs"
        remove_leftovers(place)
        write_results(reviews[1], place)
        assert state(place) == UNDISTURBED, steps
    assert steps > 15


@pytest.mark.parametrize("failing", ["审核结果.json", "审核结果.xlsx"])
def test_if_one_of_the_two_cannot_be_replaced_neither_is(
    folder: Path, reviews: tuple[Review, Review], failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == failing and "审核结果" not in self.name and not refused:
            refused.append(failing)
            raise PermissionError(13, "in use")
        return replace(self, target)

    refused: list[str] = []
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=failing):
        write_results(reviews[1], folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
