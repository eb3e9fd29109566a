"""A working folder is begun: its settings are checked, and the list that is to be filled in lies in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.rules.scheme import DEFAULT_SCHEME, load_scheme

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
"""The year in a folder's name: 2024年自评; not in 20241231备份."""


def find_named_year(folder: Path) -> int:
    """The year that the folder's name says; 0 where it says none."""
    found = _YEAR.search(folder.resolve().name)
    return int(found[0]) if found else 0


def refuse_unclear(deadline: str, year: int) -> None:
    """Raises SettingsError where nobody can tell which day that is."""
    if unclear := Settings(year=year or date.today().year, deadline=deadline).deadlines.unclear:
        raise SettingsError(f"{unclear[0].removeprefix('wbt.toml 中的')}。没有建立文件夹。")


def begin_campaign(folder: Path, *, year: int, authority: str, scheme: str, deadline: str, contact: str) -> Campaign:
    """Make a working folder with a blank 项目清单.xlsx; a blank ``scheme`` is the usual one.

    Raises SettingsError (there is one, ``deadline`` is no date), SchemeError, OutputError.
    """
    refuse_unclear(deadline, year)
    chosen = load_scheme(scheme or DEFAULT_SCHEME)
    settings = Settings(year=year, authority=authority, scheme=chosen.id, deadline=deadline, contact=contact)
    from workbook_tools.projects import project_list_workbook  # wbt generate, beside it, begins none

    return Campaign.create(folder, settings, project_list_workbook(None, chosen))
