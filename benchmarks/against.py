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
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
FORMS = HERE / "tests" / "golden" / "legacy"
_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER: what processes leave behind is this one's to wait for, and so to count."""


# -- in a process of a checkout: names that stand in old and new versions alike -----------------------------------------


def make_workbooks(folder: Path, count: int) -> None:
    """So many filled workbooks in 回收 of a folder, and a working folder of the demo beside it."""
    from benchmark import KEY, projects, scheme_of

    from workbook_tools.form.fields import Notice
    from workbook_tools.workbooks.generating import generate

    generate(projects(count), folder / "回收", KEY, Notice(), scheme_of, prefill=True)


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


# -- in the process that measures -------------------------------------------------------------------------------------


@dataclass
class Cost:
    """What runs of a piece of work took: processor time and time by the clock in seconds, memory of the largest process in MB."""

    used: list[float] = field(default_factory=list)
    passed: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Checkout:
    """A version of the program, with a folder of its own to work in."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        folder.mkdir()

    def start(
        self, *command: str, cwd: Path | None = None, output: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        places = os.pathsep.join((str(self.root), str(self.root / "benchmarks")))
        known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        compiled = str(self.folder / "compiled")
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=cwd or self.folder,
            stdout=output,
            env=known | {"PYTHONPATH": places, "PYTHONPYCACHEPREFIX": compiled},
        )

    def do(self, task: str, *arguments: str) -> str:
        """A task of this file, by this checkout; what it prints."""
        made = self.start(__file__, "--do", task, *arguments, output=subprocess.PIPE)
        output = made.communicate()[0]
        if made.returncode:
            raise SystemExit(f"{self.root}: {task} failed")
        return output.decode()

    def measure(self, cost: Cost, *command: str, cwd: Path | None = None) -> None:
        """Run a command; all that it started is waited for, and counted."""
        begun = time.perf_counter()
        started = self.start(*command, cwd=cwd)
        used = memory = 0.0
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            if pid == started.pid:
                cost.passed.append(time.perf_counter() - begun)
                started.returncode = os.waitstatus_to_exitcode(status)
            used += usage.ru_utime + usage.ru_stime
            memory = max(memory, usage.ru_maxrss / 1024)
        if started.returncode not in ((0,) if __file__ in command else (0, 1)):  # wbt has 1 for findings
            raise SystemExit(f"{self.root}: {' '.join(command)} failed")
        cost.used.append(used)
        cost.memory.append(memory)


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
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as temporary:
        checkouts = [
            Checkout(HERE, Path(temporary) / "this"),
            Checkout(options.other.resolve(), Path(temporary) / "other"),
        ]
        rows: dict[str, list[Cost]] = {}
        if options.workbooks:
            for checkout in checkouts:
                checkout.do("make", str(checkout.folder), str(options.workbooks))
            rows[f"review of {options.workbooks} workbooks"] = costs = [Cost(), Cost()]
            for turn in range(options.rounds):
                for side in (0, 1) if turn % 2 else (1, 0):
                    here = checkouts[side]
                    here.measure(costs[side], __file__, "--do", "review", str(here.folder))
        if options.small_rounds:
            rows["wbt review of the demo"] = costs = [Cost(), Cost()]
            for checkout in checkouts:
                checkout.measure(Cost(), "-m", "workbook_tools", "demo", "demo")
                checkout.measure(Cost(), "-m", "workbook_tools", "review", "-q", cwd=checkout.folder / "demo")
            for turn in range(options.small_rounds):
                for side in (0, 1) if turn % 2 else (1, 0):
                    here = checkouts[side]
                    here.measure(costs[side], "-m", "workbook_tools", "review", "-q", cwd=here.folder / "demo")
        print("| work | seconds, this | other | ratio | by the clock | memory, MB |\n|---|---|---|---|---|---|")
        for name, (own, their) in rows.items():
            print_row(name, own, their)
        for folder in (FORMS, *(options.forms or ())) if options.rounds else ():
            compare_forms(checkouts, folder.resolve(), options.rounds)


def print_row(name: str, own: Cost, their: Cost) -> None:
    used, other = statistics.median(own.used), statistics.median(their.used)
    clock, their_clock = statistics.median(own.passed), statistics.median(their.passed)
    print(
        f"| {name} | {used:.2f} | {other:.2f} | {used / other:.2f} | {clock:.2f} / {their_clock:.2f} = {clock / their_clock:.2f} | "
        f"{statistics.median(own.memory):.0f} / {statistics.median(their.memory):.0f} |"
    )


def compare_forms(checkouts: list[Checkout], folder: Path, rounds: int) -> None:
    """The forms of a folder, in turn; all together, and those whose reading has become slower the most."""
    times: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
    for turn in range(rounds):
        for side in (0, 1) if turn % 2 else (1, 0):
            for name, seconds in json.loads(checkouts[side].do("forms", str(folder))).items():
                times[side][name].append(seconds)
    own, their = ({name: statistics.median(found) for name, found in side.items()} for side in times)
    total, other = sum(own.values()), sum(their.values())
    print(f"| {len(own)} forms of {folder.name} | {total:.2f} | {other:.2f} | {total / other:.2f} | | |")
    for name in sorted(own, key=lambda name: own[name] / their[name])[-5:]:
        print(f"|   {name} | {own[name]:.3f} | {their[name]:.3f} | {own[name] / their[name]:.2f} | | |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--do"]:
        task, where, *more = sys.argv[2:]
        if task == "make":
            make_workbooks(Path(where), *map(int, more))
        elif task == "review":
            review_workbooks(Path(where))
        else:
            read_forms_of(Path(where))
    else:
        main()
