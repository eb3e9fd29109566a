"""What the user sees: lines, warnings, findings and progress on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from workbook_tools.core.codes import Severity
from workbook_tools.core.faces import Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.secret_text import redact
from workbook_tools.core.visible_text import show_on_one_line, show_steering


class SafeConsole(Console):
    """A console on which no text from outside moves the cursor or clears the screen, and no password of an address is seen."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Every text that is printed, in tables too."""
        return super().render_str(show_steering(redact(text)), **options)


console = SafeConsole(highlight=False, emoji=False)
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_SHOWN = 30
"""Findings printed at most; all are in the result."""


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
        console.print(message, markup=False, soft_wrap=True)


def print_warning(trouble: str) -> None:
    """What went wrong beside the work, if anything did."""
    if trouble:
        console.print(trouble, style="yellow", markup=False, soft_wrap=True)


def print_findings(findings: Iterable[Finding], rest: str = "见审核结果") -> int:
    """Print findings, worst first (errors only where the command is quiet); the number of errors. ``rest`` says where those are that are not printed."""
    rank = list(Severity)
    items = sorted(findings, key=lambda f: rank.index(f.severity))
    if _Volume.quiet:
        items = [item for item in items if item.severity is Severity.ERROR]
    for item in items[:_SHOWN]:
        style = _COLOURS[item.severity]
        line = show_on_one_line(f"{item.severity.label} {item.code}  {item}")
        console.print(line, style=style, markup=False, soft_wrap=True)
    if len(items) > _SHOWN:
        print_warning(f"……还有 {len(items) - _SHOWN} 条，{rest}。")
    return sum(1 for item in items if item.severity is Severity.ERROR)


@contextmanager
def show_progress(what: str, quiet: bool) -> Iterator[Watch]:
    """A bar with count and time left for the length of the block; tell it how many of how many are done.

    Nothing is drawn where nobody watches (a file, a pipe, ``-q``).
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
