"""What 审核结果.xlsx, the 汇总 workbooks and the reports cost beside plain libraries that write the same: all in one run, in turn.

    python benchmarks/outputs.py [--projects 500] [--rounds 3] [--command 300 1000]

The result is that of the demo, many times over. The peer of a workbook is XlsxWriter, which writes the same cells (values, formulas with
their results, links), each in a format like ours, into sheets whose columns are as wide: nothing else that ours has. The peer of a report
is docxtpl, which renders the same form with the same values. What is counted is processor time of this process, user and system; of each
piece of work the best round.

``--memory 1000 10000`` measures merge and report of so many projects instead, 250 of them in a department, with two processes: the memory
of the largest process and the processor time of all, per project.

``--command 300 1000`` measures ``wbt review``, ``report``, ``merge`` and ``generate`` of so many workbooks instead, with one and with two
processes: by the clock, which is worth something on an idle machine alone (of several rounds the best, in turn), and by the share of the processor time
that is spent in the processes that work beside.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import psutil
import xlsxwriter
from costs import measure_work
from docxtpl import DocxTemplate
from large_results import RepeatedParts
from openpyxl.cell import Cell, MergedCell

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from result_builder import multiply

from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.reporting import report_result
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.acceptance import Acceptances
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.filling import fill_project_form
from workbook_tools.reports.found_forms import find_form, form_name
from workbook_tools.reports.project_tags import PROJECT_TAGS, ProjectFacts
from workbook_tools.reports.tags import fill_tags
from workbook_tools.results.workbook import write_workbook
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.shipped.demo import run_demo
from workbook_tools.summary import write_summaries

NOW = datetime(2024, 3, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlainCell:
    """A cell of a workbook that was read back."""

    row: int
    col: int
    value: object
    result: object
    """Of a formula."""
    link: str
    look: int


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet likewise."""

    title: str
    widths: dict[int, float]
    cells: list[PlainCell]


@dataclass(frozen=True, slots=True)
class PlainBook:
    """A workbook likewise, with the properties of its formats."""

    sheets: list[PlainSheet]
    looks: dict[int, dict[str, object]]

    def write(self) -> bytes:
        """What XlsxWriter needs to write it."""
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            looks = {key: book.add_format(properties) for key, properties in self.looks.items()}
            for sheet in self.sheets:
                drawn = book.add_worksheet(sheet.title)
                for col, width in sheet.widths.items():
                    drawn.set_column(col, col, width)
                for cell in sheet.cells:
                    look = looks[cell.look]
                    if cell.link:
                        drawn.write_url(cell.row, cell.col, cell.link, look, str(cell.value))
                    elif cell.value is None:
                        drawn.write_blank(cell.row, cell.col, None, look)
                    elif isinstance(cell.value, str) and cell.value.startswith("=") and cell.result is not None:
                        drawn.write_formula(cell.row, cell.col, cell.value, look, cell.result)
                    elif isinstance(cell.value, str):
                        drawn.write_string(cell.row, cell.col, cell.value, look)
                    else:
                        drawn.write_number(cell.row, cell.col, cell.value, look)
        return buffer.getvalue()


def read_back(path: Path) -> PlainBook:
    """A workbook of ours as its cells."""
    book, shown = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    looks: dict[int, dict[str, object]] = {}
    sheets = []
    for sheet in book:
        results, cells = shown[sheet.title], []
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, MergedCell) or not cell.has_style:
                    continue
                looks.setdefault(cell.style_id, _describe_look(cell))
                result = results.cell(cell.row, cell.column).value if cell.data_type == "f" else None
                at = cell.row - 1, cell.column - 1
                cells.append(PlainCell(*at, cell.value, result, _describe_link(cell), cell.style_id))
        widths = dict.fromkeys(range(sheet.max_column), 9.0)
        sheets.append(PlainSheet(sheet.title, widths, cells))
    return PlainBook(sheets, looks)


def _describe_look(cell: Cell) -> dict[str, object]:
    look: dict[str, object] = {
        "font_name": cell.font.name,
        "font_size": cell.font.sz,
        "bold": bool(cell.font.b),
        "valign": "vcenter",
        "num_format": cell.number_format,
        "text_wrap": bool(cell.alignment.wrap_text),
        "border": int(bool(cell.border.left.style)),
    }
    if cell.alignment.horizontal:
        look["align"] = cell.alignment.horizontal
    if cell.fill.fill_type:
        look["bg_color"] = f"#{cell.fill.start_color.rgb[-6:]}"
    return look


def _describe_link(cell: Cell) -> str:
    link = cell.hyperlink
    if link is None:
        return ""
    return f"external:{link.target}" if link.target else f"internal:{link.location}"


def take_best(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Of each piece of work its best round; they take turns."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = min(measure_work(work), best.get(name, float("inf")))
    return best


def print_row(kind: str, best: dict[str, float], count: int, peer: str, goal: float) -> None:
    """A row of the table: ours, the peer, the ratio, and what it should be."""
    ours, theirs = (1000 * best[name] / count for name in ("ours", "peer"))
    print(f"| {kind} | {ours:.2f} | {peer} | {theirs:.2f} | {ours / theirs:.2f} | {goal} |", flush=True)


def compare_workbooks(result: ReviewResult, folder: Path, rounds: int) -> None:
    """审核结果.xlsx, and all 汇总 workbooks."""
    inbox = folder / "回收"
    for project in result.projects:
        (inbox / project.file).parent.mkdir(parents=True, exist_ok=True)
        (inbox / project.file).touch()

    def review() -> None:
        write_workbook(result, folder / "审核结果.xlsx", inbox=inbox)

    def merge() -> list[Path]:
        return write_summaries(result, folder / "汇总", inbox=inbox)

    count = len(result.projects)
    review()
    plain = read_back(folder / "审核结果.xlsx")
    print_row("审核结果.xlsx", take_best({"ours": review, "peer": plain.write}, rounds), count, "XlsxWriter", 1.5)
    del plain
    books = [read_back(path) for path in merge()]
    works = {"ours": merge, "peer": lambda: [book.write() for book in books]}
    print_row("汇总", take_best(works, rounds), count, "XlsxWriter", 1.5)


def compare_reports(result: ReviewResult, rounds: int) -> None:
    """The report of a project."""
    schemes = restore_schemes(result)
    chosen = []
    for project in result.projects[:10]:
        rows = [row for row in result.indicators if row.project_code == project.code]
        scheme = schemes[project.scheme_digest]
        found = [row for row in result.findings if row.project_code == project.code]
        facts = ProjectFacts(project, rows, scheme, found, Acceptances())
        form = find_form(form_name(scheme.report))
        values = fill_tags(PROJECT_TAGS, facts) | fill_tags(APPEARANCE_TAGS, ReportAppearance())
        chosen.append((form, facts, values))

    def ours() -> None:
        for form, facts, _ in chosen:
            fill_project_form(form, facts, None)

    def theirs() -> None:
        from workbook_tools.word.rendering import _ENVIRONMENT

        for form, _, values in chosen:
            template = DocxTemplate(form)
            template.render(dict(values), jinja_env=_ENVIRONMENT)
            template.save(io.BytesIO())

    ours()
    best = take_best({"ours": ours, "peer": theirs}, rounds)
    print_row("项目报告", best, len(chosen), "docxtpl", 0.3)


_WATCHED = """
import atexit, sys, time
atexit.register(lambda: print(time.process_time(), file=sys.stderr))
from workbook_tools.__main__ import main
main()
"""
"""The command line, which says at its end what processor time its first process took."""


def measure_commands(count: int, folder: Path, rounds: int) -> None:
    """``wbt review``, ``report``, ``merge`` and ``generate`` with one process and with two.

    Two cores are so much faster: at least as if the others waited while the first process works, at best as if they never did.
    """
    from again import COMMANDS, Office

    office = Office(folder / f"{count}" / "自评2023", count)
    print(f"\n{count} 个工作簿：")
    print(
        "\n| 命令 | 全部（秒） | 其中第一个进程（秒） | 用在其余进程里 | 两个核快（倍） | 按钟表（倍） |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name in COMMANDS:
        alone, clock = 0.0, {1: float("inf"), 2: float("inf")}
        for workers in (1, 2) * rounds:
            command = [sys.executable, "-c", _WATCHED, name, "-q", "--fresh", "--workers", str(workers)]
            begun = time.perf_counter()
            done = subprocess.run(
                command, cwd=office.root, check=False, capture_output=True, encoding="utf-8", env=office.environment
            )
            clock[workers] = min(clock[workers], time.perf_counter() - begun)
            first = float(done.stderr.split()[-1])
            alone = first if workers == 2 else alone
        total = office.wbt(name, "-q", "--fresh", "--workers", "2")
        least, most = total / (alone + (total - alone) / 2), total / max(total / 2, alone)
        bounds = f"{least:.2f}～{most:.2f}"
        row = [f"{total:.1f}", f"{alone:.1f}", f"{1 - alone / total:.0%}", bounds, f"{clock[1] / clock[2]:.2f}"]
        print(f"| {name} | {' | '.join(row)} |", flush=True)


_IN_A_DEPARTMENT = 250


def write_outputs(kind: str, content: ReviewResult, count: int, folder: Path) -> None:
    """汇总 or the reports of so many projects, with two processes."""
    parts = RepeatedParts(content, _IN_A_DEPARTMENT // len(content.projects), -(-count // _IN_A_DEPARTMENT))
    if kind == "merge":
        merge_result(None, parts, folder, workers=2)
    else:
        report_result(None, parts, folder, folder / "审核结果.json", NOW, workers=2)


def measure_memory(counts: Sequence[int], content: ReviewResult, root: Path) -> None:
    """Each in a process of its own, which is watched with all that it starts."""
    print("| 输出 | 项目 | 最大的进程（MB） | 处理器（每个项目毫秒） |\n| --- | --- | --- | --- |")
    for kind in ("merge", "report"):
        for count in counts:
            folder = root / f"{kind}{count}"
            work = multiprocessing.get_context("spawn").Process(
                target=write_outputs, args=(kind, content, count, folder)
            )
            before = _used_by_children()
            work.start()
            peak = 0
            while work.is_alive():
                with suppress(psutil.Error):
                    watched = psutil.Process(work.pid)
                    for one in (watched, *watched.children(recursive=True)):
                        with suppress(psutil.Error):
                            peak = max(peak, one.memory_info().rss)
                time.sleep(0.05)
            work.join()
            used = 1000 * (_used_by_children() - before) / count
            print(f"| {kind} | {count:,} | {peak / 1e6:.0f} | {used:.1f} |", flush=True)
            shutil.rmtree(folder)


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Make, measure in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--command", type=int, nargs="+")
    parser.add_argument("--memory", type=int, nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        if options.command:
            for count in options.command:
                measure_commands(count, root, options.rounds)
            return
        demo = run_demo(root / "示例", NOW).result
        if options.memory:
            measure_memory(options.memory, demo, root)
            return
        print("| 输出 | 每个项目（毫秒） | 对照 | 对照用时 | 比值 | 目标 |\n| --- | --- | --- | --- | --- | --- |")
        compare_workbooks(multiply(demo, options.projects // len(demo.projects)), root, options.rounds)
        compare_reports(demo, options.rounds)


if __name__ == "__main__":
    main()
