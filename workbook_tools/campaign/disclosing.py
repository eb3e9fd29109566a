"""公开情况 of a working folder: how much of each department is public, with when and where as finance has typed it, in the ledger and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.disclosure_lines import DisclosureLine, list_departments
from workbook_tools.campaign.disclosure_sheet import (
    KIND,
    draw_disclosure,
    read_disclosure,
)
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.author import find_person
from workbook_tools.campaign.ledger.keeping import note_disclosure
from workbook_tools.campaign.ledger.records import DisclosedFacts, PublicCount, PublishedFile
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.campaign.public_list import PublicItem
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.paths import replace_result

TABLE_FILE = f"{KIND}.xlsx"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The table, and what is still to be typed."""

    workbook: Path
    lines: tuple[DisclosureLine, ...]
    moved_aside: Path | None = None
    """Where the workbook that somebody had saved was moved; what was typed into it is in the new one."""
    unrecorded: str = ""
    """Why the ledger does not know of it, as a sentence for the user; empty where it does."""

    @property
    def waiting(self) -> list[DisclosureLine]:
        """The departments of which something is still to be typed."""
        return [line for line in self.lines if line.is_waiting]


def read_typed_disclosure(campaign: Campaign) -> list[DisclosedFacts]:
    """What finance has typed into 公开情况表.xlsx. Raises SettingsError that names the cell."""
    return read_disclosure(campaign.root / TABLE_FILE, campaign.settings.year, find_person())


def update_disclosure(
    campaign: Campaign,
    now: datetime,
    *,
    items: Sequence[PublicItem] | None = None,
    typed: Iterable[DisclosedFacts] | None = None,
) -> Disclosure:
    """Enter what was typed into 公开情况表.xlsx and how much is public in the ledger, and write the table anew.

    ``items`` are the projects of the list as they have just been published; without them the last counts stay. ``typed`` is what was read
    before, by default it is read here. Raises SettingsError (a wrong cell; nothing was ever published; no usable list), LedgerError, OutputError.
    """
    given = read_typed_disclosure(campaign) if typed is None else list(typed)
    year = campaign.settings.year
    unrecorded = note_disclosure(campaign, count_departments(items or (), year), given, now)
    with campaign.open_ledger() as ledger:
        counts, entered = ledger.find_disclosure(year)
        files = ledger.find_published()
    listed = (
        [item.department for item in items] if items is not None else [p.department for p in read_expected(campaign)]
    )
    lines = list_departments(counts, entered, listed)
    if not counts:
        raise SettingsError("还没有做过公开版，没有可以统计的。请先运行 wbt publish。")
    title = f"{campaign.settings.authority}{year}年度项目支出绩效自评公开情况表"
    path = campaign.root / TABLE_FILE
    aside = replace_result(path, draw_disclosure(lines, _list_files(campaign, files), title))
    return Disclosure(path, tuple(lines), aside, unrecorded)


def count_departments(items: Iterable[PublicItem], year: int) -> list[PublicCount]:
    """How much of each department is public, in the list's order."""
    groups: dict[str, list[PublicItem]] = {}
    for item in items:
        groups.setdefault(item.department, []).append(item)
    return [
        PublicCount(
            year,
            name,
            len(own),
            sum(bool(item.files) for item in own),
            round(sum(item.budget or 0.0 for item in own), 6),
            round(sum(item.budget or 0.0 for item in own if item.files), 6),
        )
        for name, own in groups.items()
    ]


def _list_files(campaign: Campaign, files: Iterable[PublishedFile]) -> list[tuple[PublishedFile, str]]:
    """Each file as it was written last, and whether it is still there."""
    last = {item.file: item for item in files}
    return [(item, "在" if (campaign.root / name).is_file() else "已移走或改名") for name, item in last.items()]
