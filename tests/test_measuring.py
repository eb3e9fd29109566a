"""Every benchmark, and every tool that nothing else runs, goes through once, with as little as it takes.

Programs that they start run here instead, in the process of the test (``started``). ``tools/province.py`` is run by ``.ci/run``.
"""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

import again
import against
import generating
import large_results
import ledger
import legacy
import memory
import page
import prove
import pytest
import reviewing
import separate_hosts
import startup
from costs import Cost
from locations import ROOT
from made_demo import copy_demo
from office import requires_gnumeric, requires_libreoffice
from province import Phase
from result_builder import project, result

from workbook_tools.rules.scheme import builtin_schemes

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the main function of a module with these arguments; what it prints."""

    def run(module: ModuleType, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, arguments)])
        with redirect_stdout(StringIO()) as printed:
            module.main()
        return printed.getvalue()

    return run


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A folder with a form and a report of today."""
    folder = tmp_path / "forms"
    folder.mkdir()
    for ending in (".xlsx", ".docx"):
        shutil.copy(min(path for path in legacy.FORMS.iterdir() if path.suffix == ending), folder)
    return folder


@pytest.fixture
def collector() -> Iterator[None]:
    """What a benchmark sets Python's collector to is set back."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.fixture
def started(wbt: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cost]:
    """Stands in for ``costs.measure_command``: a command of the program, or a task of ``against``, done here."""

    def start(
        command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, *, findings: bool = False
    ) -> Cost:
        if "--do" in command:
            task, place = command[command.index("--do") + 1 :]
            against.TASKS[task](Path(place))
        elif "-m" in command:
            code, told = wbt(*command[command.index("workbook_tools") + 1 :], cwd=folder)
            assert code in ((0, 1) if findings else (0,)), told
        return Cost(1.0, 1.0, 1.0)

    monkeypatch.chdir(Path.cwd())
    return start


def rows(printed: str) -> dict[str, list[float]]:
    """The lines of a table by their first column, with the numbers behind it."""
    lines = [line.strip("|").split("|") for line in printed.splitlines() if line.startswith("|") and "---" not in line]
    return {
        first.strip(): [float(number) for cell in cells for number in re.findall(r"-?\d+\.\d+", cell)]
        for first, *cells in lines
    }


def test_every_benchmark_is_among_these():
    text, stems = Path(__file__).read_text("utf-8"), {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    assert {stem for stem in stems if f"import {stem}\n" not in text} == {"costs", "samples"}


def test_generating(run: Run):
    assert len(rows(run(generating, "--workbooks", 1, "--rounds", 1))["alike"]) == 3


def test_reviewing(run: Run, collector: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reviewing, "resave", lambda paths, folder: paths)  # LibreOffice takes longer than all else
    found = rows(run(reviewing, "--workbooks", 1, "--rounds", 1))
    assert [len(found[name]) for name in ("review", "review, saved by LibreOffice", "calamine+lxml")] == [3, 3, 3]


def test_outputs(run: Run, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("docxtpl")
    import outputs

    monkeypatch.setattr(outputs, "run_demo", lambda *_: SimpleNamespace(result=result([project(1)])))
    found = rows(run(outputs, "--projects", 1, "--rounds", 1))
    assert [len(found[name]) for name in ("审核结果.xlsx", "汇总", "项目报告")] == [4, 4, 4]


def test_large_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    large_results.measure(result([project(1)]), 1, 1, tmp_path)
    assert re.search("第一次.*没有变化.*改了一个.*最大进程", capsys.readouterr().out)


def test_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    ledger.measure(tmp_path / "ledger.sqlite3", ledger.Office(1))
    assert len(rows(capsys.readouterr().out)) == 6


def test_legacy(run: Run, forms: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(legacy, "FORMS", forms)
    printed = run(legacy, "--files", 1, "--rounds", 1)
    assert len(rows(printed)["a report (.docx)"]) == 2 and "memory held" in printed


def test_page(run: Run):
    printed = run(page, "--projects", 20)
    assert len(printed.splitlines()) == 1 + len(page.PAGES)


def test_again(run: Run, started: Callable[..., Cost], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(again, "measure_command", started)
    found = rows(run(again, "--workbooks", 1, "--commands", "review", "generate"))
    assert [len(found[name]) for name in ("review", "generate")] == [7, 7]


def test_against(run: Run, started: Callable[..., Cost], forms: Path, monkeypatch: pytest.MonkeyPatch):
    def do(checkout: against.Checkout, task: str, *arguments: str) -> str:
        with redirect_stdout(StringIO()) as printed:
            against.TASKS[task](Path(arguments[0]), *arguments[1:])
        return printed.getvalue()

    monkeypatch.setattr(against, "measure_command", started)
    monkeypatch.setattr(against.Checkout, "do", do)
    monkeypatch.setattr(against, "FORMS", forms)
    found = rows(run(against, ROOT, "--workbooks", 1, "--rounds", 1, "--small-rounds", 0))
    assert [len(found[name]) for name in ("review of 1 workbooks", "2 forms of forms")] == [6, 3]


def test_startup(run: Run, started: Callable[..., Cost], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(startup, "measure_command", started)
    assert "wbt status" in run(startup, "--runs", 1)


def test_memory(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    took = Phase(processor=2.0, first=3, other=4)
    monkeypatch.setattr(memory, "measure", lambda *_: dict.fromkeys(memory.COMMANDS, took))
    assert len(rows(run(memory, tmp_path, "--workbooks", 10))) == 2


def test_a_command_is_measured_with_all_that_it_starts(tmp_path: Path):
    """In a process of its own, as it waits for all that this one has started."""
    work = "import time\nwhile time.process_time() < 0.2: pass"
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"]
    measure = f"import costs, pathlib; print(costs.measure_command({command}, pathlib.Path()).used)"
    done = subprocess.run(
        [sys.executable, "-c", measure], cwd=ROOT / "benchmarks", check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert float(done.stdout) > 0.19  # what it worked by its own clock, but for a tick of the system's


@requires_libreoffice
@requires_gnumeric
def test_prove():
    tally = prove.prove(1, 10)
    assert set(tally.rows) == set(builtin_schemes()) and not tally.differing
    assert f"| 合计 | {tally.rows.total():,} | {tally.cells.total():,} | 0 |" in prove.record(tally, 1.0)


@requires_libreoffice
def test_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    pytest.importorskip("PIL")
    import pictures

    monkeypatch.setattr(pictures, "IMAGES", tmp_path)
    monkeypatch.setattr(pictures, "run_demo", lambda folder, _: copy_demo(folder))
    assert pictures.main(["填报说明"]) == 0
    assert (tmp_path / "填报说明.png").stat().st_size > 10_000


def test_separate_hosts(tmp_path: Path):
    """Its networks need root; what comes back to its office does not."""
    campaign = separate_hosts.begin_folder(tmp_path / "自评", 2)
    assert len([*campaign.folder("回收").rglob("*.xlsx")]) == 2
