"""Who works on batches (processes of this computer or of others), the limits of the work, and what is known about lost items."""

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
    """An item without a result: the process that worked on it ended, or was ended."""

    after: float | None = None
    """Seconds after which it was ended because it did not finish."""
    excess: Excess | None = None
    """Which limit of its budget it exceeded, if any."""
    process: int | None = None
    exit_code: int | None = None
    """Of the process; negative is the number of a signal (-9: the system's memory ran out)."""
    said: str = ""
    """What its libraries printed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many seconds of clock time a batch may take before it is done again item by item, and then an item before it is given up;
    and the budget of an item, which usually ends it much sooner."""

    batch: float
    item: float
    budget: Budget = field(default_factory=Budget)
    ahead: int = 2
    """So many batches are under way for each process of this computer; their results are held until they are asked for."""
    retires: int = 40
    """A process is replaced after so many batches (2,000 files in a review), so that memory fragmented by libraries stays small. Its
    successor has to learn the shapes of a department again."""
    modules: Sequence[str] = ()
    """What the work needs, if that is not what reads files; loaded once for all processes where they are forked from one that has it."""


READING = Limits(batch=120, item=600, ahead=4)
"""For reading files. A batch takes a second, one of long reports ten; one that takes far longer is done again file by file. A file that
takes longer still, because its drive does not answer, is given up. Results of a batch are small, and their reader may be
busy with other things for a second (:func:`workbook_tools.review.folder.review_meanwhile`)."""


class DoBatches(Protocol):
    """A way to work on batches; :func:`workbook_tools.review.workers.on_all_cores` is the usual one."""

    def __call__(
        self,
        batches: Iterable[Sequence[Item]],
        work: Callable[[Iterable[Item]], list[Done]],
        give_up: Callable[[Item, LostItem], Done],
        *,
        limits: Limits,
        in_order: bool = True,
    ) -> Iterator[list[Done]]:
        """The results of ``work`` for each batch, in order or as they are finished; ``give_up`` makes the result of a lost item."""


class Work(Protocol[Made]):
    """A task that can be pickled and done by any process."""

    def do(self) -> Made:
        """Do it."""


def do_each(tasks: Iterable[Work[Made]]) -> list[Made]:
    """Do all tasks of a batch."""
    return [task.do() for task in tasks]


def do_here(task: Work[Made], _: LostItem) -> Made:
    """Do a task here after a process was lost over it."""
    return task.do()


def pair_batches(
    batches: Iterable[Sequence[Item]], do_all: Callable[[Iterable[Sequence[Item]]], Iterator[list[Done]]]
) -> Iterator[tuple[Sequence[Item], list[Done]]]:
    """Each batch with its results, in order; only batches under way are asked for and held."""
    sent: deque[Sequence[Item]] = deque()

    def send() -> Iterator[Sequence[Item]]:
        for batch in batches:
            sent.append(batch)
            yield batch

    for done in do_all(send()):
        yield sent.popleft(), done


class OtherComputers(Protocol):
    """Processes of other computers."""

    @property
    def has_folder(self) -> bool:
        """They see the working folder and all that is in it."""

    @property
    def do(self) -> DoBatches:
        """How they work on batches."""


Workers = int | OtherComputers
"""A number of processes of this computer (0: one per core), or those of other computers."""
