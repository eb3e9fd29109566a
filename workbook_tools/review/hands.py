"""Who does the work of many batches, processes of this computer or others; how long it may take, and what is known of what was lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from workbook_tools.review.budget import Budget, Excess

Item = TypeVar("Item")
Done = TypeVar("Done")
Made = TypeVar("Made", covariant=True)


@dataclass(frozen=True, slots=True)
class LostItem:
    """Why there is no result: the process that worked on the item ended by itself, or was ended."""

    after: float | None = None
    """Seconds, if it was ended as it did not come to an end."""
    excess: Excess | None = None
    """What it had taken too much of, if it was that."""
    process: int | None = None
    exit_code: int | None = None
    """Of the process; negative is the number of a signal (-9: the system's memory ran out)."""
    said: str = ""
    """What its libraries printed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds a batch may take before it is done again item by item, and then an item before it is given up, both
    by the clock; and the budget of an item, by which it is given up much sooner."""

    batch: float
    item: float
    budget: Budget = field(default_factory=Budget)
    ahead: int = 2
    """So many batches are under way for each process of this computer: what comes of them is held until it is asked for."""
    retires: int = 40
    """Batches (2,000 files in a review), after which another process takes a process's place: what libraries leave in pieces stays little. The next one
    begins with a department's shapes to learn."""


READING = Limits(batch=120, item=600, ahead=4)
"""By the clock. A batch takes a second, one of long reports ten; one that takes longer is done again file by file. A file that
takes longer still, as the drive that it lies on does not answer, is given up. What comes of a batch is small, and who asks for it has
other things to do for a second (:func:`workbook_tools.review.folder.review_meanwhile`)."""


class DoBatches(Protocol):
    """What :func:`workbook_tools.review.workers.on_all_cores` does, by whomever."""

    def __call__(
        self,
        batches: Iterable[Sequence[Item]],
        work: Callable[[Iterable[Item]], list[Done]],
        give_up: Callable[[Item, LostItem], Done],
        *,
        limits: Limits,
        in_order: bool = True,
    ) -> Iterator[list[Done]]:
        """What ``work`` makes of each batch, in their order or as they are done; ``give_up`` stands in for an item that was lost."""


class Work(Protocol[Made]):
    """Something to be done. It is pickled, and done by whichever process."""

    def do(self) -> Made:
        """Do it."""


def do_each(tasks: Iterable[Work[Made]]) -> list[Made]:
    """All of a batch."""
    return [task.do() for task in tasks]


def do_here(task: Work[Made], _: LostItem) -> Made:
    """What a process was lost over."""
    return task.do()


def pair_batches(
    batches: Iterable[Sequence[Item]], do_all: Callable[[Iterable[Sequence[Item]]], Iterator[list[Done]]]
) -> Iterator[tuple[Sequence[Item], list[Done]]]:
    """Each batch with what came of it, in their order; no more batches are asked for, and held, than are under way."""
    sent: deque[Sequence[Item]] = deque()

    def send() -> Iterator[Sequence[Item]]:
        for batch in batches:
            sent.append(batch)
            yield batch

    for done in do_all(send()):
        yield sent.popleft(), done


class Hands(Protocol):
    """Processes elsewhere."""

    @property
    def has_folder(self) -> bool:
        """They see the working folder, with all that is in it."""

    @property
    def do(self) -> DoBatches:
        """They do batches."""


Workers = int | Hands
"""So many processes of this computer (0: one per core), or those."""
