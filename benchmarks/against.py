"""Whether this version is slower than another: the same work by two checkouts in turn, in one and the same run.

    python benchmarks/against.py OTHER_CHECKOUT [--workbooks 1000] [--rounds 3] [--forms FOLDER]

``review`` reads, verifies, checks and scores so many workbooks, as ``wt.review_folder`` does; ``small`` is ``wbt review`` of the
demo's folder, from the start of the command to its end; ``form`` is the reading of forms of today, file by file. Each
checkout works on workbooks that it has made itself, since they differ from version to version.

What is compared is processor time, user and system, of the command and all processes that it starts (Linux): other programs
on the machine slow the clock, not that. Each round is a fresh process of each checkout, in changing order; medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from costs import Cost, measure_command

HERE = Path(__file__).resolve().parent.parent
FORMS = HERE / "tests" / "golden" / "legacy"


# -- in a process of a checkout: names that stand in old and new versions alike -----------------------------------------


def make_workbooks(folder: Path, count: str) -> None:
    """So many filled workbooks in 回收 of a folder."""
    import samples

    samples.make_workbooks(samples.projects(int(count)), folder / "回收")


def review_workbooks(folder: Path) -> None:
    """The workbooks that were made."""
    import workbook_tools as wt
    from workbook_tools.form.identity import SigningKey

    key = SigningKey(bytes(32))
    reviewed = wt.review_folder(folder / "回收", keys={key.id: key})
    assert len(reviewed.result.projects) == len(list((folder / "回收").rglob("*.xlsx")))


def read_forms_of(folder: Path) -> None:
    """Each form of a folder; the processor time of each is printed."""
    from workbook_tools.files.sources import SourceFile
    from workbook_tools.legacy.reading import read_forms

    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".xlsx", ".docx")]
    for path in (*files[:1], *files[-1:]):  # what is loaded with the first is no form's
        read_forms(SourceFile(path, path.name))
    seconds = {}
    for path in files:
        start = time.process_time()
        read_forms(SourceFile(path, path.name))
        seconds[path.name] = time.process_time() - start
    print(json.dumps(seconds))


TASKS: dict[str, Callable[..., None]] = {
    "make": make_workbooks,
    "review": review_workbooks,
    "forms": read_forms_of,
}

# -- in the process that measures -------------------------------------------------------------------------------------


class Checkout:
    """A version of the program, with a folder of its own to work in."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        folder.mkdir()
        others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        own = {"PYTHONPATH": str(root), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        self.environment = others | own

    def do(self, task: str, *arguments: str) -> str:
        """A task of this file, by this checkout; what it prints."""
        command = [sys.executable, __file__, "--do", task, *arguments]
        return subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE).stdout.decode()

    def review_workbooks(self) -> Cost:
        """The workbooks that it has made."""
        command = [sys.executable, __file__, "--do", "review", str(self.folder)]
        return measure_command(command, self.folder, self.environment)

    def make_demo(self) -> Cost:
        """The demo, reviewed."""
        command = [sys.executable, "-m", "workbook_tools", "demo", "demo"]
        return measure_command(command, self.folder, self.environment)

    def review_demo(self) -> Cost:
        """``wbt review``, which has findings."""
        command = [sys.executable, "-m", "workbook_tools", "review", "-q"]
        return measure_command(command, self.folder / "demo", self.environment, findings=True)


T = TypeVar("T")


def take_turns(checkouts: Sequence[Checkout], work: Callable[[Checkout], T], rounds: int) -> tuple[list[T], list[T]]:
    """What came of the work of both, in changing order."""
    found: tuple[list[T], list[T]] = [], []
    for turn in range(rounds):
        for side in (0, 1) if turn % 2 else (1, 0):
            found[side].append(work(checkouts[side]))
    return found


def main() -> None:
    """Make, measure in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small-rounds", type=int, default=9)
    parser.add_argument(
        "--forms", type=Path, action="append", help="a folder of forms of today, beside those of the tests"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        checkouts = [
            Checkout(HERE, Path(temporary) / "this"),
            Checkout(options.other.resolve(), Path(temporary) / "other"),
        ]
        print("| work | seconds, this | other | ratio | by the clock | memory, MB |\n|---|---|---|---|---|---|")
        if options.workbooks:
            for checkout in checkouts:
                checkout.do("make", str(checkout.folder), str(options.workbooks))
            costs = take_turns(checkouts, Checkout.review_workbooks, options.rounds)
            print_row(f"review of {options.workbooks} workbooks", *costs)
        if options.small_rounds:
            for checkout in checkouts:
                checkout.make_demo()
                checkout.review_demo()
            print_row("wbt review of the demo", *take_turns(checkouts, Checkout.review_demo, options.small_rounds))
        for folder in (FORMS, *(options.forms or ())) if options.rounds else ():
            compare_forms(checkouts, folder.resolve(), options.rounds)


def print_row(name: str, own: Sequence[Cost], their: Sequence[Cost]) -> None:
    """Medians of both, and the ratio."""
    used, other = (statistics.median(cost.used for cost in costs) for costs in (own, their))
    clock, their_clock = (statistics.median(cost.passed for cost in costs) for costs in (own, their))
    memory = " / ".join(f"{statistics.median(cost.memory for cost in costs):.0f}" for costs in (own, their))
    by_clock = f"{clock:.2f} / {their_clock:.2f} = {clock / their_clock:.2f}"
    print(f"| {name} | {used:.2f} | {other:.2f} | {used / other:.2f} | {by_clock} | {memory} |", flush=True)


def compare_forms(checkouts: Sequence[Checkout], folder: Path, rounds: int) -> None:
    """The forms of a folder, in turn; all together, and those whose reading has become slower the most."""

    def read(checkout: Checkout) -> dict[str, float]:
        seconds: dict[str, float] = json.loads(checkout.do("forms", str(folder)))
        return seconds

    own, their = (
        {name: statistics.median(each[name] for each in found) for name in found[0]}
        for found in take_turns(checkouts, read, rounds)
    )
    total, other = sum(own.values()), sum(their.values())
    print(f"| {len(own)} forms of {folder.name} | {total:.2f} | {other:.2f} | {total / other:.2f} | | |")
    for name in sorted(own, key=lambda name: own[name] / their[name])[-5:]:
        print(f"|   {name} | {own[name]:.3f} | {their[name]:.3f} | {own[name] / their[name]:.2f} | | |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--do"]:
        task, where, *more = sys.argv[2:]
        TASKS[task](Path(where), *more)
    else:
        main()
