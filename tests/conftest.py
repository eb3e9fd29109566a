"""What all tests share: the command line; what counts as slow; and where everything must be installed, no test is skipped.

``WBT_NO_SKIP=1``, set by ``.ci/run``, says that everything must be installed, and that what fails fails soon and alike each time.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import office
import pytest
import quick_loading
import reading_ahead
from chromium import needs_chromium
from long_run import LONG
from pebble.common import CONSTS

from workbook_tools.campaign.ledger import database
from workbook_tools.campaign.ledger.author import name_command, name_person
from workbook_tools.commands import main as cli
from workbook_tools.commands.screen import console
from workbook_tools.files.program import digest_program

NO_SKIP = os.environ.get("WBT_NO_SKIP") == "1"
if NO_SKIP:
    from hypothesis import Phase, settings

    # The same examples each time, and one that fails is reported as it was found, with the line that repeats it: making it smaller takes up to
    # five minutes a test. Elsewhere examples are random, and are made smaller.
    settings.register_profile(
        "ci",
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=True,
        phases=[Phase.explicit, Phase.generate, Phase.target],
    )
    settings.load_profile("ci")
_OBJECTS = 400_000
"""So many new objects, and unreachable ones are looked for: after 700, as usual, it takes a tenth of the time. A process is some 30 MB larger for it."""
_WAKES = 0.01
"""Seconds that a pool of processes sleeps before it looks for what has come, or whether it is to end: pebble's tenth is longer than most tests take."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks another program is slow; files with many slow tests come first, so that none is waited for.

    What is for the long run is left out of others. Several processes take a file at a time (``--dist=loadfile``): what a file's tests share is made once.
    """
    for item in items:
        if any(mark in (*office.PROGRAMS, needs_chromium.mark) for mark in item.iter_markers("skipif")):
            item.add_marker(pytest.mark.slow)
    if not LONG:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Hardly anything that is loaded to collect tests is let go again: looking for it takes a quarter of the time."""
    gc.disable()
    done = yield
    gc.set_threshold(_OBJECTS)
    gc.enable()
    return done


def pytest_collection_finish(session: pytest.Session) -> None:
    """openpyxl does nothing twice, nor is an empty ledger made twice, and the processes that read files are copies of one that has read forms."""
    if session.config.option.collectonly:
        return
    quick_loading.remember_borders()
    database.make_tables = cache(database.make_tables)
    CONSTS.sleep_unit = _WAKES
    digest_program()  # is worked out once: not while a test keeps files from being read
    if sys.platform != "win32":
        reading_ahead.start()


def pytest_sessionfinish() -> None:
    """A process that is ended from outside runs nothing at its exit."""
    office.end_kept_office()


def pytest_unconfigure() -> None:
    """What nobody holds is looked for once more, and told if it was not closed: pytest does so five times, each a second long among all that was loaded."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into a failure."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: skipped, which WBT_NO_SKIP forbids: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole module into a failure."""
    report = yield
    if NO_SKIP and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: skipped, which WBT_NO_SKIP forbids: {report.longrepr}"
    return report


@pytest.fixture
def china_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The office's clock."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def wbt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Callable[..., tuple[int, str]]]:
    """Run a command where we are, or in the folder ``cwd``; gives exit code and what was printed."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(console, "_width", 200)

    def run(*args: object, cwd: Path | None = None) -> tuple[int, str]:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr("sys.argv", ["wbt", *map(str, args)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out = capsys.readouterr()
        assert "Traceback" not in out.out + out.err
        return int(caught.value.code or 0), out.out + out.err

    yield run
    name_person("")
    name_command("")
