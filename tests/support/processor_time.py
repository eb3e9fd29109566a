"""What each test costs: processor time, that of the programs it starts included, which a clock does not show on a busy machine.

``pytest -p processor_time`` (with ``tests/support`` on PYTHONPATH) ends with the dearest files and tests, and works with ``-n``.
A program that is kept for several tests counts for none of them until it ends (``office``: LibreOffice and the validator).
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator

import pytest

_FILES, _TESTS = 30, 20
"""So many are shown."""


def _used() -> float:
    return sum(os.times()[:4])


class _Clock:
    """In a process that runs tests: what a phase has used goes with its report."""

    def __init__(self) -> None:
        self.last = _used()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        self.last = _used()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = _used()
        report.user_properties.append(("processor time", now - self.last))
        self.last = now
        return report


class _Sum:
    """In the process that hears of all tests."""

    def __init__(self) -> None:
        self.tests: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tests[report.nodeid] += float(str(report.user_properties[-1][1]))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        files: defaultdict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            files[test.partition("::")[0]] += seconds
        terminalreporter.section(f"processor time: {sum(self.tests.values()):.0f} s")
        for counted, most in ((files, _FILES), (self.tests, _TESTS)):
            for name, seconds in sorted(counted.items(), key=lambda item: -item[1])[:most]:
                terminalreporter.line(f"{seconds:7.1f} {name}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Clock())
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Sum())
