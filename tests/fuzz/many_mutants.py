"""Many mutants made, read and judged, in processes that are held to the bounds of the product.

Many are read in one process; one that kills its process, or takes too much, is a failure like a wrong reading. Mutant number n of
a seed is always the same.
"""

from __future__ import annotations

import math
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from corpus_files import Seed, load_seeds  # first: it finds the modules that tests share
from mutants import make_mutant
from oracle import Verdict, judge

from workbook_tools.review.batch_work import Limits, LostItem
from workbook_tools.review.budget import Excess
from workbook_tools.review.workers import on_all_cores

_BATCH = 100
_PATIENCE = 600
"""Seconds by the clock for a batch, and for a mutant: a machine may be busy."""


@dataclass(frozen=True, slots=True)
class MutantNumber:
    """Which mutant."""

    seed: int
    number: int


@dataclass
class Tally:
    """What came of many mutants."""

    count: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: dict[MutantNumber, list[str]] = field(default_factory=dict)

    def add(self, item: MutantNumber, verdict: Verdict) -> None:
        self.count += 1
        self.accepted[verdict.accepted or "refused"] += 1
        self.compared += verdict.compared
        self.kinds[choose_seed(item)[0].name] += 1
        self.codes.update(verdict.codes)
        self.slowest = max(self.slowest, verdict.seconds)
        if verdict.failures:
            self.failures[item] = verdict.failures


@cache
def _seeds() -> list[Seed]:
    return load_seeds()


def choose_seed(item: MutantNumber) -> tuple[Seed, Random]:
    random = Random(f"{item.seed}:{item.number}")
    return random.choices(_seeds(), [seed.share for seed in _seeds()])[0], random


def make(item: MutantNumber) -> tuple[str, bytes]:
    """The mutant: the name of the file that it was made of, and its bytes."""
    seed, random = choose_seed(item)
    return seed.name, make_mutant(seed.data, random)


def judge_mutants(items: Iterable[MutantNumber]) -> list[Verdict]:
    """In the process that reads."""
    with tempfile.TemporaryDirectory(prefix="wbt-fuzz-") as folder:
        return [_judge_mutant(item, Path(folder)) for item in items]


def _judge_mutant(item: MutantNumber, folder: Path) -> Verdict:
    name, data = make(item)
    path = folder / name
    path.write_bytes(data)
    try:
        return judge(path)
    except Exception:  # out of a reader that was asked again, where the review had caught it
        return Verdict([f"fault {traceback.format_exc()}"])


def _give_up(item: MutantNumber, lost: LostItem) -> Verdict:
    if lost.excess in (Excess.TIME, Excess.MEMORY) or lost.after:
        return Verdict([f"over {lost.excess or lost.after}"])
    return Verdict([f"fault: the process ended with {lost.exit_code} {lost.said}"])


def run_mutants(
    numbers: Iterable[int],
    seed: int,
    cores: int,
    watch: Callable[[Tally], object] = lambda tally: None,
    seconds: float = math.inf,
) -> Tally:
    """Read the mutants of these numbers, or as many as are begun in so many seconds by the clock; ``watch`` hears of each batch."""
    items = [MutantNumber(seed, number) for number in numbers]
    begun: list[list[MutantNumber]] = []
    end = time.monotonic() + seconds

    def list_batches() -> Iterator[Sequence[MutantNumber]]:
        for start in range(0, len(items), _BATCH):
            if time.monotonic() > end:
                return
            begun.append(items[start : start + _BATCH])
            yield begun[-1]

    tally = Tally()
    done = on_all_cores(list_batches(), judge_mutants, _give_up, cores, Limits(_PATIENCE, _PATIENCE))
    for number, verdicts in enumerate(done):
        for item, verdict in zip(begun[number], verdicts, strict=True):
            tally.add(item, verdict)
        watch(tally)
    return tally
