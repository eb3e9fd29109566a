"""What the user sees: lines, warnings, findings and progress on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from workbook_tools.core.codes import Severity
from workbook_tools.core.faces import LateModule, Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.secret_text import redact
from workbook_tools.core.visible_text import show_on_one_line, show_steering

if TYPE_CHECKING:
    from workbook_tools.commands import screen
else:  # a command that has done its work says a plain line
    screen = LateModule("workbook_tools.commands.screen")

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_SHOWN = 30
"""So many findings are printed as they are; of more, only the first few of each code."""
_OF_A_CODE = 3
_PLACES = 12
"""Where the others of a code are: so many are named."""


class _Volume:
    """Whether the running command was told to be quiet."""

    quiet = False


def be_quiet(quiet: bool) -> bool:
    """From now on print errors only, or everything again."""
    _Volume.quiet = quiet
    return quiet


def print_line(message: str) -> None:
    """A line for the user, as it is; nothing where only errors are wanted."""
    if not _Volume.quiet:
        typer.echo(show_steering(redact(message)))


def print_warning(trouble: str) -> None:
    """What went wrong beside the work, if anything did."""
    if trouble:
        screen.console.print(trouble, style="yellow", markup=False, soft_wrap=True)


def print_findings(findings: Iterable[Finding], rest: str = "见审核结果") -> int:
    """Print findings, worst first (errors only where the command is quiet); the number of errors.

    Where there are many, the rare ones come first and the first few of each code speak for it: a lone slip is not
    lost among fifty alike. ``rest`` says where those are that are not named.
    """
    items = [item for item in findings if item.severity is Severity.ERROR or not _Volume.quiet]
    many = len(items) > _SHOWN
    for alike in _group_alike(items, many):
        shown = alike[:_OF_A_CODE] if many else alike
        for item in shown:
            _print_colored(item.severity, f"{item.severity.label} {item.code}  {item}")
        if others := alike[len(shown) :]:
            places = _name_places(others, rest)
            _print_colored(others[0].severity, f"　　{others[0].code} 同样的还有 {len(others)} 条：{places}")
    return sum(item.severity is Severity.ERROR for item in items)


def _group_alike(items: Iterable[Finding], many: bool) -> list[list[Finding]]:
    """By severity and, where there are ``many``, by code: worst first, then the rare ones; else in their order."""
    rank = list(Severity)
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for item in items:
        groups.setdefault((item.severity, item.code if many else ""), []).append(item)
    return sorted(groups.values(), key=lambda alike: (rank.index(alike[0].severity), len(alike)))


def _print_colored(severity: Severity, line: str) -> None:
    screen.console.print(show_on_one_line(line), style=_COLOURS[severity], markup=False, soft_wrap=True)


def _name_places(findings: Sequence[Finding], rest: str) -> str:
    """The files of the first of them; their cells (projects, where there is none) where all are of one file."""
    several = len({f.file for f in findings}) > 1
    places = [f.file if several else f.address if f.cell else f.project_code or f.file for f in findings]
    named = "、".join(dict.fromkeys(filter(None, places[:_PLACES])))
    return f"{named} 等，{rest}。" if len(places) > _PLACES or not named else f"{named}。"


@contextmanager
def show_progress(what: str, quiet: bool) -> Iterator[Watch]:
    """A bar with count and time left for the length of the block; tell it how many of how many are done.

    Nothing is drawn where nobody watches (a file, a pipe, ``-q``).
    """
    if quiet or not sys.stdout.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # It draws itself without a thread: a process with threads is not copied to read files.
    with Progress(*columns, console=screen.console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(what, total=None)
        bar.refresh()
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)
