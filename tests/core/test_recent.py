"""What a process keeps of what it has seen: how much, and what goes first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbook_tools.core import recent
from workbook_tools.core.recent import Recent, forget_all, remember


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget_all()
    monkeypatch.setattr(recent, "ROOM", 100)
    yield
    forget_all()


def test_what_was_not_asked_for_longest_goes_first_of_whichever_kind_it_is() -> None:
    light, heavy = Recent[str](weight=10), Recent[str](weight=40)
    heavy.keep("a", "甲")
    heavy.keep("b", "乙")
    light.keep("c", "丙")
    assert heavy.find("a") == "甲"
    heavy.keep("d", "丁")
    assert ([*heavy], [*light]) == (["甲", "丁"], ["丙"])


def test_a_thing_that_is_kept_again_takes_no_more_room() -> None:
    counts = Recent[int](weight=30)
    for _ in range(10):
        counts.keep("a", (counts.find("a") or 0) + 1)
    counts.keep("b", 1)
    counts.keep("c", 1)
    assert [*counts] == [10, 1, 1]


def test_kinds_with_the_same_keys_have_things_of_their_own() -> None:
    one, other = Recent[int](weight=1), Recent[int](weight=1)
    one.keep("a", 1)
    assert other.find("a") is None


def test_a_thing_for_which_there_is_no_room_is_given_all_the_same() -> None:
    large = Recent[str](weight=101)
    assert large.keep("a", "甲") == "甲"
    assert [*large] == []


def test_a_function_is_asked_once_for_the_same_arguments_while_there_is_room() -> None:
    asked: list[int] = []

    @remember(weight=50)
    def double(number: int, times: int = 2) -> int:
        asked.append(number)
        return number * times

    assert [double(1), double(1), double(1, times=3), double(2), double(1)] == [2, 2, 3, 4, 2]
    assert asked == [1, 1, 2, 1]
