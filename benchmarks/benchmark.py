"""How long each step takes, beside a named peer in the same run, and how much memory.

    python benchmarks/benchmark.py [--workbooks 1000] [--peers 60]

Every peer does less than our step does: the peer of ``review`` only reads, that of ``generate`` only
loads, fills and saves; those of the summary write the same cells without formulas, colours, charts and links. Peers are slow, so they run on a sample; steps and peers take turns, so that
whatever else the machine does hits both. Times are wall clock on one core unless the line says otherwise;
the ratio is what counts.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import openpyxl
import pandas as pd
import xlsxwriter
from docxtpl import DocxTemplate
from python_calamine import CalamineWorkbook

from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Notice, Role
from workbook_tools.form.identity import SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.reports import write_reports
from workbook_tools.results.facts import grade_tints
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.review.batches import review_files
from workbook_tools.review.many_files import review_batches
from workbook_tools.review.settling import settle_files
from workbook_tools.rules.scheme import Scheme, load_scheme
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.shipped.example import load_example
from workbook_tools.summary.listing_workbook import SHEETS, draw_summary
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.summary.workbooks import write_summaries
from workbook_tools.workbooks.generating import generate

KEY = SigningKey(bytes(32))
T = TypeVar("T")
SLICES = 5
"""Steps and peers take turns in so many slices."""


def projects(count: int) -> list[Project]:
    """Copies of the example's projects that have indicators, with their answers."""
    models = [p for p in load_example().projects if p.indicators]
    return [
        models[i % len(models)].model_copy(
            update={"code": f"B{i:06d}", "department": f"第{i % 20 + 1}局", "year": 2023}
        )
        for i in range(count)
    ]


def scheme_of(project: Project) -> Scheme:
    return load_scheme(project.scheme)


def sources(paths: list[Path]) -> list[SourceFile]:
    return [SourceFile(path, path.name) for path in paths]


class Clock:
    """Sums of time and counts per line of the table."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.count: dict[str, int] = {}

    def run(self, name: str, count: int, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        result = work()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.count[name] = self.count.get(name, 0) + count
        return result

    def each(self, name: str) -> float:
        """ms per item."""
        return 1000 * self.seconds[name] / self.count[name]


def openpyxl_fill(path: Path, project: Project) -> None:
    """The peer of generate: load a finished template, fill its cells, save."""
    book = openpyxl.load_workbook(path)
    for item in build_layout(project, scheme_of(project)).role(Role.INPUT):
        book[item.sheet][item.cell] = item.value
    book.save(BytesIO())


def pandas_read(path: Path) -> None:
    """The peer of review: every sheet into a frame, no check."""
    pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="openpyxl")


def docxtpl_render(form: Path) -> None:
    """The peer of report: a form of like length, a loop of rows, saved."""
    document = DocxTemplate(form)
    rows = [
        {"a": "产出指标", "b": "数量指标", "c": f"指标{i}", "d": 10, "e": "≥100", "f": "100", "g": 10}
        for i in range(14)
    ]
    document.render(
        {"title": "项目支出绩效自评报告", "paragraphs": ["绩效分析文字。" * 20] * 18, "rows": rows}, autoescape=True
    )
    document.save(BytesIO())


def plain_form(folder: Path) -> Path:
    """A docxtpl form of the length of a project report."""
    from docx import Document

    document = Document()
    document.add_heading("{{ title }}")
    for i in range(18):
        document.add_heading(f"第{i + 1}部分", 2)
        document.add_paragraph(f"{{{{ paragraphs[{i}] }}}}")
    for _ in range(3):
        table = document.add_table(4, 7)
        table.rows[1].cells[0].text = "{%tr for row in rows %}"
        for cell, key in zip(table.rows[2].cells, "abcdefg", strict=True):
            cell.text = f"{{{{ row.{key} }}}}"
        table.rows[3].cells[0].text = "{%tr endfor %}"
    path = folder / "plain.docx"
    document.save(str(path))
    return path


def plain_xlsxwriter(sheets: list[list[list[object]]]) -> None:
    """A peer of the summary: the same cells, written without any style."""
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


def plain_openpyxl(sheets: list[list[list[object]]]) -> None:
    """The other peer of the summary."""
    book = openpyxl.Workbook()
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(BytesIO())


def form_peer(form: Path, rows: int) -> None:
    """The peer of 汇总表: load the form, append as many rows of twelve cells, save."""
    book = openpyxl.load_workbook(form)
    for i in range(rows):
        book.active.append([i, "第一局", "办公室", f"项目{i}", 1.5, 2.5, 2.5, 0.9, 88.5, "良", "原因", ""])
    book.save(BytesIO())


def report_memory(result: Path, few: int, folder: Path) -> list[float]:
    """MB that a fresh process holds once it has read the result, after ``few`` of its reports, and after all of them.

    Not the peak: reading the result takes more than any report, and would hide a leak.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_hold, result, few, folder).result()


def _hold(result: Path, few: int, folder: Path) -> list[float]:
    reviewed = ReviewResult.model_validate_json(result.read_bytes())
    held = [resident()]
    codes = [project.code for project in reviewed.projects]
    for part in (codes[:few], codes[few:]):
        write_reports(reviewed, folder, projects=part)
        held.append(resident())
    return held


def resident() -> float:
    """MB that this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_048_576


def slices(items: list, parts: int) -> Iterator[list]:
    size = -(-len(items) // parts)
    return (items[i : i + size] for i in range(0, len(items), size))


def peak_memory() -> float:
    """MB, this process and its finished children."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def summaries(clock: Clock, result: ReviewResult, root: Path) -> None:
    """The summary over all projects beside plain writes of its cells, and the office's form beside a plain fill."""
    count = len(result.projects)
    clock.run("merge", count, lambda: write_summaries(result, root / "sum"))
    tints = grade_tints(result)
    whole = root / "sum" / "汇总_全部.xlsx"
    cells = [CalamineWorkbook.from_path(whole).get_sheet_by_name(name).to_python() for name in SHEETS]
    form = root / "汇总表.xlsx"
    form.write_bytes(draw_blank_summary_form())
    own = SummaryForm.open(form, result)
    for _ in range(2):
        clock.run(
            "汇总_全部.xlsx",
            count,
            lambda: draw_summary(result, "汇总", OutputLinks(root), tints, by_department=True),
        )
        clock.run("the same cells by xlsxwriter", count, lambda: plain_xlsxwriter(cells))
        clock.run("the same cells by openpyxl", count, lambda: plain_openpyxl(cells))
        clock.run("汇总表_全部.xlsx", count, lambda: own.fill(result, "某县财政局"))
        clock.run("openpyxl load-append-save", count, lambda: form_peer(form, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument("--peers", type=int, default=60)
    options = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        everything = projects(options.workbooks)
        sample = everything[: options.peers]
        made: list[Path] = []
        for ours, theirs in zip(slices(everything, SLICES), slices(sample, SLICES), strict=True):
            made += clock.run(
                "generate",
                len(ours),
                lambda ours=ours: [g.path for g in generate(ours, root / "in", KEY, Notice(), scheme_of, prefill=True)],
            )
            for path, project in list(zip(made[-len(ours) :], ours, strict=True))[: len(theirs)]:
                clock.run("openpyxl load-fill-save", 1, lambda path=path, p=project: openpyxl_fill(path, p))
        before = peak_memory()
        reviewed = []
        for ours, theirs in zip(slices(made, SLICES), slices(made[: options.peers], SLICES), strict=True):
            reviewed += clock.run("review", len(ours), lambda ours=ours: review_files(sources(ours), {KEY.id: KEY}))
            for path in theirs:
                clock.run("pandas+openpyxl read", 1, lambda path=path: pandas_read(path))
        review_memory = peak_memory() - before
        clock.run(
            "review, all cores", len(made), lambda: [len(b) for b in review_batches(sources(made), {KEY.id: KEY})]
        )
        result = clock.run(
            "assemble", len(made), lambda: settle_files(reviewed, (), everything, year=2023, scheme="quwo")
        )
        form = plain_form(root)
        codes = [project.code for project in result.projects]
        for ours, theirs in zip(slices(codes, SLICES), slices(codes[: options.peers], SLICES), strict=True):
            clock.run(
                "report",
                len(ours),
                lambda ours=ours: len(write_reports(result, root / "rep", projects=ours)),
            )
            for _ in theirs:
                clock.run("docxtpl render", 1, lambda: docxtpl_render(form))
        stored = root / "result.json"
        stored.write_text(result.model_dump_json(), "utf-8")
        few = max(1, len(codes) // 10)
        held = report_memory(stored, few, root / "mem")
        summaries(clock, result, root)
    print(f"{options.workbooks} workbooks, Python {sys.version.split()[0]}\n")
    print("| step | ms each | peer | ms each | ratio |\n|---|---|---|---|---|")
    for step, peer in (
        ("generate", "openpyxl load-fill-save"),
        ("review", "pandas+openpyxl read"),
        ("review, all cores", "pandas+openpyxl read"),
        ("assemble", ""),
        ("report", "docxtpl render"),
        ("merge", ""),
        ("汇总_全部.xlsx", "the same cells by xlsxwriter"),
        ("汇总_全部.xlsx", "the same cells by openpyxl"),
        ("汇总表_全部.xlsx", "openpyxl load-append-save"),
    ):
        other = f"{peer} | {clock.each(peer):.1f} | {clock.each(step) / clock.each(peer):.2f}" if peer else "| |"
        print(f"| {step} | {clock.each(step):.1f} | {other} |")
    print(f"\nmemory held: {held[0]:.0f} MB with the result, {held[1]:.0f} MB after {few} reports, ", end="")
    print(f"{held[2]:.0f} MB after {len(codes)}: ratio {held[2] / held[1]:.2f}")
    print(f"peak memory {peak_memory():.0f} MB; review added {review_memory:.0f} MB over generate")


if __name__ == "__main__":
    main()
