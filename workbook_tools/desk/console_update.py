"""控制台.xlsm made, or brought up to date: as a file, or where it is open in Excel now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign import Campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.desk import excel
from workbook_tools.desk.console import format_grid, write_result
from workbook_tools.desk.console_book import ProjectGrid, draw_console, read_grid, read_kept
from workbook_tools.desk.open_books import find_open
from workbook_tools.desk.program import DeskError, OpenBook
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.paths import replace_file, replace_result

NAME = "控制台"


@dataclass(frozen=True, slots=True)
class ConsoleUpdate:
    """What was done."""

    path: Path
    projects: int
    open_in_excel: bool = False
    """The book was refreshed there; the file was left alone."""
    aside: Path | None = None
    """Where an earlier file was moved that could not be read."""


def update_console(campaign: Campaign, now: datetime, *, macros: bool = True) -> ConsoleUpdate:
    """Make the control workbook of a working folder anew; log and settings of an earlier one are kept.

    Without a usable project list it is made all the same, and says so. Raises LedgerError, OutputError.
    """
    path = campaign.root / f"{NAME}.{'xlsm' if macros else 'xlsx'}"
    grid = _read_grid(campaign, now)
    if macros and (book := _find_open_now(path)):
        _refresh(book, grid)
        return ConsoleUpdate(path, len(grid.rows), open_in_excel=True)
    kept = read_kept(path)
    if kept is not None and not Path(kept.program).is_file():
        kept = replace(kept, program="")  # installed anew, or another computer: this program takes its place
    content = draw_console(campaign, grid, kept, macros=macros)
    if kept is not None:
        replace_file(path, content)
        return ConsoleUpdate(path, len(grid.rows))
    return ConsoleUpdate(path, len(grid.rows), aside=replace_result(path, content))


def _read_grid(campaign: Campaign, now: datetime) -> ProjectGrid:
    try:
        return read_grid(campaign, now)
    except SettingsError as exc:
        return ProjectGrid(str(exc), [])


def _find_open_now(path: Path) -> OpenBook | None:
    """The control workbook as it is open in Excel now, where there is an Excel."""
    if excel.why_unavailable():
        return None
    try:
        with excel.Excel(attach=True) as program:
            return find_open(program, path)
    except DeskError:
        return None


def _refresh(book: OpenBook, grid: ProjectGrid) -> None:
    """Let the book's own macro do it, as after a button."""
    with temporary_folder() as folder:
        result = Path(folder, "wbt-desk.txt")
        write_result(result, format_grid(grid))
        book.run_macro("DeskResult.ShowResult", str(result))
