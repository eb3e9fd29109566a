"""How much work it is to generate workbooks, beside its peers, in one run: medians of rounds, in processor time.

    python benchmarks/generating.py [--workbooks 24] [--rounds 7] [--command 300 1000]

``other`` is a list in which every project has other indicators, as in life; ``alike`` one in which projects differ in names and
figures alone. No project is drawn in two rounds, and one round is drawn before the clock runs. The peers do less: *fill* loads the same workbook with openpyxl, fills its inputs and saves it; *copy* takes the
parts of its zip out and packs them again; *plain* is the same drawing by XlsxWriter alone. Everything is drawn and packed in memory, in one process.

``--command N …`` measures ``wbt generate`` of N workbooks with one and with two processes, and nothing else: by the clock, which is worth something
on an idle machine alone, and by how much of the processor time the first process takes.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
from benchmark import KEY, projects, scheme_of

from workbook_tools.core.model import Project, ProjectList
from workbook_tools.form.fields import Notice, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.workbooks.generating import Drawing, Order
from workbook_tools.workbooks.writing import build_workbook

HERE = Path(__file__).resolve().parent.parent
PEERS = 6
"""Workbooks that a peer gets in a round: openpyxl is slow."""


def vary(project: Project, number: int) -> Project:
    """The project with its indicators in another order, with names and targets of their own: another shape of form."""
    chance = random.Random(number)
    kept = chance.sample(project.indicators, len(project.indicators))
    rows = tuple(
        row.model_copy(
            update={"name": f"{row.name}{number}{place}", "target": row.target * chance.choice([1, 2, 0.5])}
            if isinstance(row.target, float) and row.unit != "%"
            else {"name": f"{row.name}{number}{place}"}
        )
        for place, row in enumerate(kept)
    )
    return project.model_copy(update={"indicators": rows, "name": f"{project.name}{number}"})


def fill(data: bytes, inputs: Sequence[tuple[str, str, object]]) -> None:
    """What openpyxl does to fill a form."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet, cell, value in inputs:
        book[sheet][cell] = value
    book.save(io.BytesIO())


def copy(data: bytes) -> None:
    """The parts of a package, packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def measure(work: Callable[[], object], count: int) -> float:
    """ms of processor time for each of so many."""
    gc.collect()
    begun = time.process_time()
    work()
    return 1000 * (time.process_time() - begun) / count


def compare(kind: str, list_projects: Callable[[int], list[Project]], rounds: int) -> None:
    """Print what the lists of the rounds take, and how much of their peers that is."""
    sys.path.insert(0, str(HERE / "tests" / "support"))
    from plain_writing import by_xlsxwriter_alone

    drawing = Drawing(
        Path("下发"), KEY, Notice("某县财政局", "2025年3月15日", "0350-1234567"), prefill=False, macros=False
    )
    orders = [Order(project, scheme_of(project), None) for project in list_projects(0)]
    made = [drawing(order).data for order in orders][:PEERS]
    layouts = [build_layout(order.project, order.scheme) for order in orders[:PEERS]]
    inputs = [[(item.sheet, item.cell, item.value) for item in layout.role(Role.INPUT)] for layout in layouts]
    times: dict[str, list[float]] = {"ours": [], "fill": [], "copy": [], "plain": []}
    for number in range(1, rounds + 1):
        fresh = [Order(project, scheme_of(project), None) for project in list_projects(number)]
        times["ours"].append(measure(lambda fresh=fresh: [drawing(order) for order in fresh], len(fresh)))
        times["fill"].append(measure(lambda: [fill(*pair) for pair in zip(made, inputs, strict=True)], PEERS))
        times["copy"].append(measure(lambda: [copy(data) for data in made], PEERS))
        with by_xlsxwriter_alone():
            plain = [(order.project, order.scheme, KEY, drawing.notice) for order in orders[:PEERS]]
            times["plain"].append(measure(lambda plain=plain: [build_workbook(*one) for one in plain], PEERS))
    ours = statistics.median(times["ours"])
    for peer in ("fill", "copy", "plain"):
        theirs = statistics.median(times[peer])
        print(f"| {kind} | {ours:.1f} | {peer} | {theirs:.1f} | {ours / theirs:.2f} |")


_TIMED = """
import atexit, os, pathlib, runpy, sys, time
first, told = os.getpid(), pathlib.Path(sys.argv.pop(1))
atexit.register(lambda: os.getpid() == first and told.write_text(str(time.process_time())))
runpy.run_module("workbook_tools", run_name="__main__", alter_sys=True)
"""
"""The program, which says at its end how much processor time its first process took."""


def measure_command(count: int) -> None:
    """``wbt generate`` with one process and with two, on lists in which every project has other indicators."""
    with tempfile.TemporaryDirectory() as temporary:
        root, told = Path(temporary, "自评"), Path(temporary, "told")
        environment = os.environ | {"PYTHONPATH": str(HERE)}
        wbt = [sys.executable, "-m", "workbook_tools"]
        subprocess.run(
            [*wbt, "init", str(root), "--year", "2023"], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        listed = ProjectList(year=2023, projects=tuple(vary(p, n) for n, p in enumerate(projects(count))))
        (root / "清单.json").write_text(listed.model_dump_json(exclude={"projects": {"__all__": {"answers"}}}), "utf-8")
        clock, spent, first = {}, {}, {}
        for workers in (1, 2):
            command = [sys.executable, "-c", _TIMED, str(told), "generate", "清单.json", "--out", f"下发{workers}"]
            command += ["--workers", str(workers), "-q", "--key", ".wbt/signing.key"]
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
            clock[workers], after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
            spent[workers] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            first[workers] = float(told.read_text())
    print(
        f"\nwbt generate of {count}: by the clock {clock[1]:.1f} s with one process, {clock[2]:.1f} s with two: {clock[1] / clock[2]:.2f}"
    )
    print(
        f"processor time {spent[1]:.1f} s with one, {spent[2]:.1f} s with two, of which {first[2]:.1f} s in the first process"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbooks", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--command", type=int, nargs="+", default=())
    options = parser.parse_args()
    for count in options.command:
        measure_command(count)
    if options.command:
        return
    models = [project.model_copy(update={"answers": None}) for project in projects(options.workbooks)]

    def list_other(number: int) -> list[Project]:
        return [vary(project, number * len(models) + place) for place, project in enumerate(models)]

    def list_alike(number: int) -> list[Project]:
        return [project.model_copy(update={"name": f"{project.name}{number}"}) for project in models]

    print("| list | ms each | peer | ms each | ratio |\n|---|---|---|---|---|")
    compare("other", list_other, options.rounds)
    compare("alike", list_alike, options.rounds)


if __name__ == "__main__":
    main()
