"""A province for real: so many signed, filled workbooks, and what generate, review, merge and report make of them.

    python tools/province.py FOLDER [--workbooks 100000] [--base 1000] [--record province.md] [--nice 10]
    python tools/province.py FOLDER --workbooks 5000 --base 0 --until fill      # makes them and stops

A province is a working folder with a list per department: 40 departments, each with units in up to 64 counties, as a province's finance
office has it for the transfers that its counties spend. Indicators are those of published reports, under nine schemes; names, figures, texts and
mistakes are each project's own and follow from ``--seed`` (:mod:`province_projects`, :mod:`province_answers`). The seals alone differ from run to run:
the key of a working folder is made anew.

The phases run as the office runs them, a command each: *list*, *generate*, *fill* (the units: :mod:`filled_workbook`), *review*, *merge*, *report*
(a sample of projects), *check* (:mod:`province_check`). The same is done before with ``--base`` workbooks, so that it can be said whether time
grows with the number. What is done stands in ``FOLDER/<number>.json``: run it again and it goes on there, the commands with what they have kept.
``--again review`` does a phase and those behind it anew.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import psutil
from filled_workbook import fill_workbook
from measured_run import Took, run_measured
from province_answers import Answers, Return
from province_check import Checked
from province_projects import YEAR, Province, write_lists
from pydantic import TypeAdapter

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.folder import LIST_FOLDER
from workbook_tools.files.paths import project_file, replace_file
from workbook_tools.form.shapes import bind_layout
from workbook_tools.rules.scheme import load_scheme

PHASES = ("list", "generate", "fill", "review", "merge", "report", "check")
_AFRESH = ("review", "merge", "report")
"""What is done again is done as if nothing were known of it."""
_CHUNK, _CHUNKS_SAID = 100, 50
_ROOM = 200_000
"""Bytes of disk that a workbook takes with all that is made of it."""
_HERE = Path(__file__).resolve().parent


@dataclass(slots=True, kw_only=True)
class Phase(Took):
    """What a phase took, and what came of it."""

    unfinished: bool = False
    """It is running, or was broken off."""
    files: int = 0
    """That it wrote, as far as they are counted, and their bytes."""
    bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """How projects have come back, and what is wrong with them."""
    reports: int = 0
    checked: Checked | None = None


_PHASES = TypeAdapter(dict[str, Phase])


def read_phases(file: Path) -> dict[str, Phase]:
    """What was measured of a province so far."""
    return _PHASES.validate_json(file.read_bytes()) if file.is_file() else {}


@dataclass(frozen=True, slots=True)
class Chunk:
    """What has come back of some projects: those from ``first`` on."""

    first: int
    files: int
    bytes: int
    counts: dict[str, int]


_CHUNK_LINE = TypeAdapter(Chunk)


class Run:
    """A province in its working folder, and what was measured of it so far."""

    def __init__(self, root: Path, size: int, options: argparse.Namespace) -> None:
        self.province, self.options = Province(size, options.seed), options
        self.folder, self._file = root / f"{size}", root / f"{size}.json"
        self.measured = read_phases(self._file)
        if options.again:
            for phase in PHASES[PHASES.index(options.again) :]:
                self.measured.pop(phase, None)

    def do_all(self) -> None:
        """All phases that are not done yet."""
        for phase in PHASES[: PHASES.index(self.options.until) + 1]:
            if phase not in self.measured or self.measured[phase].unfinished:
                self._say(phase, "开始")
                getattr(self, f"do_{phase}")()

    def do_list(self) -> None:
        """The working folder and its list."""
        begun = time.perf_counter()
        if not (self.folder / "wbt.toml").is_file():
            Campaign.create(self.folder, Settings(year=YEAR, authority="某省财政厅", ledger=self.options.ledger))
        size = write_lists(self.province, self.folder / LIST_FOLDER)
        self._keep("list", Phase(clock=time.perf_counter() - begun, bytes=size))

    def do_generate(self) -> None:
        """``wbt generate``."""
        took = self._command("generate")
        issued = [path.stat().st_size for path in (self.folder / "下发").rglob("*.xlsx")]
        self._keep("generate", Phase(**asdict(took), files=len(issued), bytes=sum(issued)))

    def do_fill(self) -> None:
        """The units fill in what they were sent, in chunks; those that are done are not done again."""
        begun, before = time.perf_counter(), sum(os.times()[:4])
        done_file = self.folder / ".wbt" / "fill.jsonl"
        lines = done_file.read_bytes().splitlines() if done_file.is_file() else []
        done = [_CHUNK_LINE.validate_json(line) for line in lines]
        chunks = sorted({*range(0, len(self.province), _CHUNK)} - {chunk.first for chunk in done})
        work = partial(_fill_chunk, self.folder, self.province)
        processes = multiprocessing.get_context("spawn").Pool(self.options.workers or os.cpu_count())
        with processes as pool, done_file.open("a", encoding="utf-8") as notes:
            for chunk in pool.imap_unordered(work, chunks):
                notes.write(json.dumps(asdict(chunk), ensure_ascii=False) + "\n")
                notes.flush()
                done.append(chunk)
                if len(done) % _CHUNKS_SAID == 0:
                    self._say("fill", f"{len(done) * _CHUNK} 个，{time.perf_counter() - begun:.0f} 秒")
        self._keep(
            "fill",
            Phase(
                clock=time.perf_counter() - begun,
                processor=sum(os.times()[:4]) - before,
                files=sum(chunk.files for chunk in done),
                bytes=sum(chunk.bytes for chunk in done),
                counts=dict(sum((Counter(chunk.counts) for chunk in done), Counter())),
            ),
        )

    def do_review(self) -> None:
        """``wbt review``: exit code 1 as there are mistakes."""
        self._keep("review", Phase(**asdict(self._command("review"))))

    def do_merge(self) -> None:
        """``wbt merge``."""
        self._keep("merge", Phase(**asdict(self._command("merge"))))

    def do_report(self) -> None:
        """``wbt report`` of so many projects from all over the list."""
        step = max(1, len(self.province) // max(1, self.options.reports))
        numbers = [n for n in range(0, len(self.province), step) if Answers(self.province, n).how is Return.ONCE]
        codes = [self.province.project(number).code for number in numbers]
        took = self._command("report", *(argument for code in codes for argument in ("--project", code)))
        self._keep("report", Phase(**asdict(took), reports=len(codes)))

    def do_check(self) -> None:
        """Is all there, and does all open?"""
        log = self.folder / ".wbt" / "check.log"
        arguments = (str(self.folder.resolve()), str(len(self.province)), str(self.options.seed))
        took = self._run("check", [sys.executable, str(_HERE / "province_check.py"), *arguments], _HERE, log)
        checked = TypeAdapter(Checked).validate_json(log.read_bytes().splitlines()[-1])
        self._keep("check", Phase(**asdict(took), checked=checked))

    @property
    def lacks_something(self) -> bool:
        """Something was lost, does not open, or is a mistake that was made and not found."""
        checked = self.measured["check"].checked if "check" in self.measured else None
        return checked is not None and not checked.is_sound

    def _command(self, phase: str, *arguments: str) -> Took:
        command = [sys.executable, "-m", "workbook_tools", phase, *arguments, "--quiet"]
        if self.options.again and phase in _AFRESH:
            command.append("--fresh")
        if self.options.workers:
            command += ["--workers", str(self.options.workers)]
        if self.options.dask:
            command += ["--dask", self.options.dask]
        log = self.folder / ".wbt" / f"{phase}.log"
        return self._run(phase, command, self.folder, log, findings=True)

    def _run(self, phase: str, command: Sequence[str], folder: Path, log: Path, *, findings: bool = False) -> Took:
        """Run it; what it took goes on from what was taken by runs that were broken off. With ``findings`` 1 is no failure."""
        earlier = self.measured.get(phase)

        def say(took: Took) -> None:
            told = Phase(**asdict(took), unfinished=True)
            if earlier:
                told.add(earlier)
            self.measured[phase] = told
            self._write()
            self._say(phase, f"{told.clock:.0f} 秒，内存 {_mb(told.first)} MB，其余进程 {_mb(told.other)} MB")

        took = run_measured(command, folder, log, say)
        if earlier:
            took.add(earlier)
        if took.code not in ((0, 1) if findings else (0,)):
            said = log.read_text("utf-8", errors="replace").split("\n")
            last = next((line for line in reversed(said) if line.strip()), "")
            raise SystemExit(f"{phase} 没有完成（退出码 {took.code}），见 {log}：{last.strip()}")
        return took

    def _keep(self, phase: str, found: Phase) -> None:
        self.measured[phase] = found
        self._write()
        self._say(phase, f"完成，{found.clock:.1f} 秒，处理器 {found.processor:.1f} 秒，内存 {_mb(found.first)} MB")

    def _write(self) -> None:
        replace_file(self._file, _PHASES.dump_json(self.measured, indent=1))

    def _say(self, phase: str, what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {len(self.province)} {phase}：{what}", flush=True)


def _fill_chunk(folder: Path, province: Province, first: int) -> Chunk:
    """In a process of its own: what comes back of these projects, into 回收."""
    campaign = Campaign.open(folder)
    counts: Counter[str] = Counter()
    written = 0
    files = 0
    for number in range(first, min(first + _CHUNK, len(province))):
        project = province.project(number)
        issued = project_file(campaign.folder("下发"), project.department, project.code, project.name, ".xlsx")
        answers = Answers(province, number)
        counts.update([answers.how, *answers.slips] if answers.how in (Return.ONCE, Return.TWICE) else [answers.how])
        place = campaign.folder("回收") / issued.parent.name / project.unit / issued.name
        for path, data in _return(province, number, campaign, issued.read_bytes(), place):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            files, written = files + 1, written + len(data)
    return Chunk(first, files, written, dict(counts))


def _return(
    province: Province, number: int, campaign: Campaign, issued: bytes, place: Path
) -> Iterator[tuple[Path, bytes]]:
    """The files that come back of a project."""
    answers, project = Answers(province, number), province.project(number)
    if answers.how is Return.MISSING:
        return
    if answers.how is Return.BLANK:
        yield place, issued
        return
    layout = bind_layout(project, load_scheme(project.scheme), campaign.notice)
    fill = partial(fill_workbook, issued, layout)
    data = fill(answers.fill(layout), answers.saved_by, answers.saved_at, answers.find_locked(layout))
    yield place, data[: len(data) // 2] if answers.how is Return.BROKEN else data
    if answers.how is Return.TWICE:
        yield place.with_stem(f"{place.stem}(1)"), data
    if answers.how is Return.LATER:
        yield (
            place.with_stem(f"{place.stem}_重新报送"),
            fill(answers.fill(layout, later=True), answers.saved_by, answers.saved_later),
        )


# -- the record -------------------------------------------------------------------------------------------------------


def write_record(runs: Sequence[Run]) -> str:
    """What was measured, as a section of a page (Markdown)."""
    memory = psutil.virtual_memory().total / 2**30
    lines = [
        f"{time.strftime('%Y年%m月%d日')}，{os.cpu_count()} 个处理器核（{platform.machine()}），内存 {memory:.0f} GB，"
        f"{platform.system()}，Python {platform.python_version()}；种子 {runs[0].options.seed}。",
        "",
        "| 工作簿 | 步骤 | 用时（秒） | 处理器（秒） | 每个（毫秒，处理器） | 第一个进程（MB） | 其余进程最大（MB） | 合计（MB） |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(line for run in runs for line in _tell_phases(run)),
        "",
        *(line for run in runs for line in _tell_counts(run)),
    ]
    if len(runs) > 1:
        lines += ["", "每个工作簿的处理器时间与较少的一次之比：" + "，".join(_tell_ratios(*runs)) + "。"]
    return "\n".join(lines) + "\n"


_TITLES = {
    "list": "造清单",
    "generate": "generate",
    "fill": "单位填报（模拟）",
    "review": "review",
    "merge": "merge",
    "report": "report（抽样）",
    "check": "核对",
}


def _tell_phases(run: Run) -> Iterator[str]:
    for phase, took in run.measured.items():
        if not took.unfinished:
            each = 1000 * took.processor / (took.reports or len(run.province))
            again = f"（分 {took.times} 次）" if took.times > 1 else ""
            memory = " | ".join(str(_mb(size)) if size else "—" for size in (took.first, took.other, took.together))
            yield f"| {len(run.province)} | {_TITLES[phase]}{again} | {took.clock:.1f} | {took.processor:.1f} | {each:.1f} | {memory} |"


def _tell_counts(run: Run) -> Iterator[str]:
    size = len(run.province)
    for phase, what in (("generate", "下发"), ("fill", "回收")):
        if found := run.measured.get(phase):
            yield f"- {size}：{what} {found.files} 个文件，{found.bytes / 1e6:.0f} MB。"
    checked = run.measured["check"].checked if "check" in run.measured else None
    if checked:
        sizes = (f"{name} {files} 个文件 {count / 1e6:.0f} MB" for name, (files, count) in checked.sizes.items())
        opened = (f"{kind} {count}" for kind, count in checked.opened.items())
        slips = (f"{what} {made}/{found}" for what, (made, found) in sorted(checked.slips.items()))
        yield f"- {size}：结果里 " + "，".join(f"{what} {count}" for what, count in checked.counts.items()) + "。"
        yield f"- {size}：{'，'.join(sizes)}；都能打开：{'，'.join(opened)}。"
        yield f"- {size}：造出的差错与查出的：{'，'.join(slips)}。"
        faults = (
            f"**不符**：{'；'.join(checked.faults[:20])}" if checked.faults else "清单与结果逐个部门相符，一个不少。"
        )
        yield f"- {size}：{faults}"


def _tell_ratios(fewer: Run, more: Run) -> Iterator[str]:
    for phase in ("generate", "review", "merge", "report"):
        if phase in fewer.measured and phase in more.measured:
            few, many = fewer.measured[phase], more.measured[phase]
            number = (many.reports or len(more.province)) / (few.reports or len(fewer.province))
            used, clock = many.processor / few.processor / number, many.clock / few.clock / number
            yield f"{phase} {used:.2f}（按钟表 {clock:.2f}）"


def _mb(size: int) -> int:
    return round(size / 1e6)


def main() -> None:
    """Make, run, record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workbooks", type=int, default=100_000)
    parser.add_argument("--base", type=int, default=1_000, help="so many are done before, to compare with; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--dask", default="", help="address of a Dask scheduler, or local")
    parser.add_argument("--ledger", default="", help="address of a PostgreSQL")
    parser.add_argument("--until", choices=PHASES, default=PHASES[-1])
    parser.add_argument("--again", choices=PHASES, default="")
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    os.nice(options.nice)
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_HERE.parent), os.environ.get("PYTHONPATH", "")])
    if shutil.disk_usage(options.folder).free < options.workbooks * _ROOM:
        raise SystemExit(f"磁盘放不下：{options.workbooks} 个约要 {options.workbooks * _ROOM / 1e9:.0f} GB。")
    runs = [Run(options.folder, size, options) for size in (options.base, options.workbooks) if size]
    for run in runs:
        run.do_all()
    record = write_record(runs)
    print(record)
    if options.record:
        options.record.write_text(record, "utf-8")
    if any(run.lacks_something for run in runs):
        raise SystemExit("有项目丢了，或有差错没有查出：见上。")


if __name__ == "__main__":
    main()
