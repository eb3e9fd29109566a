"""How much work it is to generate workbooks, beside its peers, in one run: medians of rounds, in processor time.

    python benchmarks/generating.py [--workbooks 24] [--rounds 7]

``other`` is a list in which every project has other indicators, as in life; ``alike`` one in which projects differ in names and
figures alone. No project is drawn in two rounds, and one round is drawn before the clock runs. The peers do less: *fill* loads the same workbook with openpyxl, fills its inputs and saves it; *copy* takes the
parts of its zip out and packs them again; *plain* is the same drawing by XlsxWriter alone. Everything is drawn and packed in memory, in one process.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

import openpyxl
from costs import measure_work
from plain_writing import by_xlsxwriter_alone
from samples import KEY, projects

from workbook_tools.core.model import Project, Value
from workbook_tools.form.fields import Notice, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.workbooks.generating import Drawing, Order, load_own_scheme
from workbook_tools.workbooks.writing import build_workbook

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


def fill(data: bytes, inputs: Sequence[tuple[str, str, Value]]) -> None:
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


Row = TypeVar("Row")


def measure(work: Callable[[Row], object], rows: Sequence[Row]) -> float:
    """ms of processor time for each of them."""

    def do_all() -> None:
        for row in rows:
            work(row)

    return 1000 * measure_work(do_all) / len(rows)


def compare(kind: str, list_projects: Callable[[int], list[Project]], rounds: int) -> None:
    """Print what the lists of the rounds take, and how much of their peers that is."""
    notice = Notice("某县财政局", "2025年3月15日", "0350-1234567")
    drawing = Drawing(Path("下发"), KEY, notice, prefill=False, macros=False)

    def order(number: int) -> list[Order]:
        return [Order(project, load_own_scheme(project), None) for project in list_projects(number)]

    first = order(0)
    made = [drawing(one).data for one in first][:PEERS]
    layouts = [build_layout(one.project, one.scheme) for one in first[:PEERS]]
    inputs = [[(item.sheet, item.cell, item.value) for item in layout.role(Role.INPUT)] for layout in layouts]
    times: dict[str, list[float]] = {"ours": [], "fill": [], "copy": [], "plain": []}
    for number in range(1, rounds + 1):
        fresh = order(number)
        times["ours"].append(measure(drawing, fresh))
        times["fill"].append(measure(lambda pair: fill(*pair), [*zip(made, inputs, strict=True)]))
        times["copy"].append(measure(copy, made))
        with by_xlsxwriter_alone():
            plain = [(one.project, one.scheme) for one in first[:PEERS]]
            times["plain"].append(measure(lambda pair: build_workbook(*pair, KEY, notice), plain))
    ours = statistics.median(times["ours"])
    for peer in ("fill", "copy", "plain"):
        theirs = statistics.median(times[peer])
        print(f"| {kind} | {ours:.1f} | {peer} | {theirs:.1f} | {ours / theirs:.2f} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbooks", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
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
