"""What the review of a workbook costs beside plain readers that check nothing: all in one run, in turn.

    python benchmarks/reviewing.py [--workbooks 60] [--rounds 5]

``review`` reads, verifies, compares, checks and scores, as a process of the review does. The peers only read: ``pandas+openpyxl``
every sheet into a frame, ``calamine+lxml`` every sheet's values by calamine and every part's XML by lxml. Besides the workbooks as
they were issued: a list in which every project has indicators and texts of its own, each read for the first time, so that nothing
of it is known from another one; and (with LibreOffice) the workbooks as that saves them.

What is counted is processor time of this process, user and system; of each piece of work the best round.
"""

from __future__ import annotations

import argparse
import gc
import random
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
from lxml import etree
from python_calamine import CalamineWorkbook
from samples import KEY, make_workbooks, projects

from workbook_tools.core.model import NO_ANSWERS, Project
from workbook_tools.files.sources import SourceFile
from workbook_tools.review.batches import review_files
from workbook_tools.review.workers import NEW_OBJECTS


def vary(project: Project, chance: random.Random) -> Project:
    """The project with indicators of its own (other ones, in another number, with other names, weights and targets) and texts."""
    kept = chance.sample(range(len(project.indicators)), chance.randint(3, len(project.indicators)))
    indicators = []
    for number in sorted(kept):
        row = project.indicators[number]
        target = chance.randint(1, 5000) * 1.0 if isinstance(row.target, float) and row.unit != "%" else row.target
        update = {
            "name": f"{row.name}{chance.randint(1, 999)}",
            "weight": chance.randint(2, 20) * 1.0,
            "target": target,
        }
        indicators.append(row.model_copy(update=update))
    given = project.answers or NO_ANSWERS
    told = {key: f"{text}另有{chance.randint(1, 9999)}件已办结。" for key, text in given.texts.items()}
    answered = tuple(given.indicators[number] for number in sorted(kept))
    answers = given.model_copy(update={"indicators": answered, "texts": told})
    return project.model_copy(update={"indicators": tuple(indicators), "answers": answers})


def pandas_read(path: Path) -> None:
    """The usual peer of review: every sheet into a frame."""
    pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="openpyxl")


def calamine_read(path: Path) -> None:
    """The faster peer of review: the values of every sheet, and the XML of every part."""
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def each(work: Callable[[Path], object]) -> Callable[[list[Path]], None]:
    """The work of one file done to files."""

    def run(paths: list[Path]) -> None:
        for path in paths:
            work(path)

    return run


def review(paths: list[Path]) -> None:
    """What a process of the review does."""
    sources = [SourceFile(path, path.name) for path in paths]
    assert all(item.project for item in review_files(sources, {KEY.id: KEY}))


def resave(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them; none without it."""
    office = shutil.which("soffice")
    if not office:
        return []
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder / "saved", *paths], check=True, capture_output=True)
    return sorted((folder / "saved").glob("*.xlsx"))


def main() -> None:
    """Make, measure in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbooks", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root, chance = Path(temporary), random.Random(1)
        listed = projects(options.workbooks)
        alike = make_workbooks(listed, root / "alike")
        own = [vary(project, chance) for project in projects(options.workbooks * (options.rounds + 1))]
        varied = make_workbooks(own, root / "varied")
        fresh = [varied[i : i + options.workbooks] for i in range(0, len(varied), options.workbooks)]
        saved = resave(alike[:20], root)
        works: dict[str, tuple[Callable[[list[Path]], None], Sequence[list[Path]]]] = {
            "review": (review, [alike]),
            "review, all of it their own": (review, fresh),
            "review, saved by LibreOffice": (review, [saved]),
            "pandas+openpyxl": (each(pandas_read), [alike[:15]]),
            "calamine+lxml": (each(calamine_read), [alike]),
        }
        for work, slices in works.values():
            work(slices[0])
        gc.collect()
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS)
        best: dict[str, float] = {}
        for turn in range(1, options.rounds + 1):
            for name, (work, slices) in works.items():
                paths = slices[turn % len(slices)]
                begun = time.process_time()
                work(paths)
                used = 1000 * (time.process_time() - begun) / max(1, len(paths))
                best[name] = min(used, best.get(name, used))
    print("| work | ms each | of pandas+openpyxl | of calamine+lxml |\n|---|---|---|---|")
    for name, used in best.items():
        if works[name][1][0]:
            print(
                f"| {name} | {used:.2f} | {used / best['pandas+openpyxl']:.2f} | {used / best['calamine+lxml']:.2f} |"
            )


if __name__ == "__main__":
    main()
