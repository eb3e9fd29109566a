"""上年: the result that this year's projects are compared with, wherever the settings say it lies."""

from __future__ import annotations

from workbook_tools.campaign.folder import Campaign, is_working_folder
from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.results import read_results
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.review.folder import review_folder
from workbook_tools.review.last_year import LastYear


def open_last_year(campaign: Campaign | None) -> LastYear | None:
    """Last year's result with what finance has decided by now in force; ``None`` where the settings name none.

    A folder of forms that is no working folder and holds no result is read anew each time. Raises SettingsError: what is named is not there,
    cannot be read, or is of no earlier year.
    """
    if campaign is None or not campaign.settings.last_year:
        return None
    last = LastYear(_open(campaign))
    if last.year >= campaign.settings.year:
        raise SettingsError(
            f"wbt.toml 中的 last_year 指向的是 {last.year} 年度的结果，应是 {campaign.settings.year} 年度以前的。请改正，或者留空。"
        )
    return last


def _open(campaign: Campaign) -> ResultParts:
    place = campaign.root / campaign.settings.last_year
    if is_working_folder(place):
        result = Campaign.open(place).result_file
        if not result.is_file():
            raise SettingsError(
                f"上年的工作文件夹“{place}”还没有审核结果。请先在那里运行 wbt review，或者把 wbt.toml 中的 last_year 留空。"
            )
        return read_results(result).parts
    if place.is_file() or (place / f"{RESULT_NAME}.json").is_file():
        return read_results(place).parts
    if place.is_dir():
        return review_folder(
            place, importing=choose_importing(campaign, "", campaign.settings.year - 1), load=campaign.scheme
        ).parts
    raise SettingsError(f"找不到上年的结果“{place}”。请改正 wbt.toml 中的 last_year，或者留空。")
