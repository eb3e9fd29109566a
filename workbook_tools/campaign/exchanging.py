"""What goes to another system and comes from it: 交换 of a working folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.defaults import choose_forms, choose_scheme, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.plain_tables import write_old_tables, write_tables
from workbook_tools.exchange import fill_tables, read_exchange
from workbook_tools.exchange.format import load_format
from workbook_tools.exchange.limits import write_text_limits
from workbook_tools.exchange.reading import ReadExchange
from workbook_tools.files.paths import replace_result

EXCHANGE, RECEIVED = "交换", "收到"
"""The folder of what goes out; in it that of what another system has given."""


@dataclass(frozen=True, slots=True)
class ExportedTables:
    """What was written."""

    path: Path
    rows: Counter[str]
    """How many rows each sheet has."""
    faults: tuple[str, ...]
    """Texts that are longer than the system takes; their cells are red in an .xlsx."""
    moved_aside: Path | None


def export_tables(
    campaign: Campaign | None, result: ReviewResult, name: str, out: Path | None = None, *, strict: bool = False
) -> ExportedTables:
    """Write the tables of that format, by default 交换/<name>.xlsx; ``out`` may be an .xls.

    ``strict`` leaves out the columns that the other system does not know. Raises SettingsError, TemplateError, OutputError.
    """
    wanted = load_format(name, choose_forms(campaign, None))
    path = out or (campaign.root if campaign else Path.cwd()) / EXCHANGE / f"{name}.xlsx"
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".xls"):
        raise SettingsError(f"交换的表应写成 .xlsx 或 .xls，不能写成 {path.name}。")
    filled = fill_tables(result, wanted, strict=strict)
    title = f"{result.authority}{result.year}年度{wanted.name}"
    data = write_old_tables(filled.tables) if ending == ".xls" else write_tables(filled.tables, title)
    aside = replace_result(path, data)
    rows = Counter({table.title: len(table.rows) for table in filled.tables})
    return ExportedTables(path, rows, tuple(filled.faults), aside)


def describe_limits(campaign: Campaign | None, name: str) -> str:
    """The lengths of that format as the settings of a scheme, in TOML. Raises SettingsError."""
    return write_text_limits(load_format(name, choose_forms(campaign, None)))


def import_tables(
    campaign: Campaign | None, path: Path, name: str, year: int, scheme: str
) -> tuple[ProjectList, ReadExchange]:
    """The project list in such tables. Raises SettingsError, SchemeError."""
    usual, year = choose_scheme(campaign, scheme), year or settings_of(campaign).year
    if not year:
        raise SettingsError("不在工作文件夹里时，请用 --year 写明评价年度。")
    read = read_exchange(path, load_format(name, choose_forms(campaign, None)), year, usual)
    listed = ProjectList(
        year=year, authority=settings_of(campaign).authority, scheme=usual.id, projects=tuple(read.projects)
    )
    return listed, read
