"""Many files are written side by side, and it looks as if they were written one after another."""

import threading
import time
from collections.abc import Iterator

import pytest

from workbook_tools.files.side_by_side import write_side_by_side


def test_what_comes_of_the_items_is_in_their_order_though_the_last_are_done_first() -> None:
    def write(number: int) -> int:
        time.sleep(0.002 * (number % 4 == 0))
        return number

    assert list(write_side_by_side(write, range(60))) == list(range(60))


def test_of_many_some_are_written_at_once_and_few_are_not() -> None:
    meeting = threading.Barrier(2, timeout=10)  # is passed only by two at once
    list(write_side_by_side(lambda number: meeting.wait() if number >= 16 else 0, range(32)))

    here = threading.current_thread()
    assert set(write_side_by_side(lambda number: threading.current_thread(), range(16))) == {here}


def test_one_that_fails_is_raised_at_its_turn_and_no_more_are_taken_than_are_being_written() -> None:
    taken, written = [], []

    def give() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    def write(number: int) -> int:
        if number == 30:
            raise OSError(number)
        written.append(number)
        return number

    done = []
    with pytest.raises(OSError, match="30"):
        for number in write_side_by_side(write, give()):
            done.append(number)

    assert done == list(range(30))
    assert sorted(written) == [number for number in taken if number != 30]
    assert len(taken) <= 30 + 8
