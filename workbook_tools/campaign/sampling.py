"""抽查名单 of a working folder: drawn once, kept with its seed; drawn again only for a reason, which is kept too."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook_tools.campaign.folder import SAMPLE_FOLDER, Campaign
from workbook_tools.campaign.ledger.author import find_person
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_result
from workbook_tools.inspection.sample_list import draw_sample_list
from workbook_tools.inspection.sample_record import Draw, Draws, SampleRow, read_draws, refuse_unknown
from workbook_tools.inspection.sampling import SampleRule, draw_sample

INSPECTION = SAMPLE_FOLDER
"""The folder of what is inspected."""
_NAME = "抽查名单"


@dataclass(frozen=True, slots=True)
class SampleList:
    """The sample in force, and where it is written."""

    draw: Draw
    workbook: Path
    moved_aside: Path | None = None
    """Where a workbook that somebody had saved by hand was moved."""


def draw_list(
    campaign: Campaign,
    result: ReviewResult,
    now: datetime,
    *,
    rule: SampleRule | None = None,
    seed: str = "",
    picked: Mapping[str, str] | None = None,
    again: str = "",
) -> SampleList:
    """Draw the year's sample and write 抽查/抽查名单.xlsx and .json.

    ``rule`` is by default that of wbt.toml, ``seed`` a number that nobody knows before. Where there is a sample already it
    stays: ``picked`` (code → why) are added to it, or with ``again``, the reason, another is drawn in its place.
    Raises SettingsError (there is one already; nothing has come; no such project; the file is damaged), OutputError.
    """
    folder, before = campaign.root / INSPECTION, _read(campaign)
    if before.last and not again:
        if not picked:
            raise SettingsError(
                f"已经抽过了：{before.last.at}，种子 {before.last.seed}，抽中 {len(before.last.chosen)} 个，名单在 {folder / _NAME}.xlsx。"
                "要加上指定的项目，写 --pick 编码 --because 原因；确要重抽，写 --again 原因，原来的名单和原因都会留在“怎样抽的”里。"
            )
        draw = before.last.with_picked(picked)
        return _write(folder, Draws(year=before.year, draws=(*before.draws[:-1], draw)), campaign)
    if not result.projects:
        raise SettingsError("还没有审核过的项目，没有可抽的。请先运行 wbt review。")
    refuse_unknown(picked or (), (project.code for project in result.projects))
    rule, seed = rule or campaign.settings.sample, seed.strip() or str(secrets.randbelow(10**8)).zfill(8)
    sampled = draw_sample(result.projects, rule, seed, picked=picked)
    draw = Draw(
        seed=seed,
        at=f"{now.astimezone():%Y-%m-%d %H:%M}",
        by=find_person(),
        rule=rule,
        rows=tuple(map(SampleRow.of, sampled)),
        missing=len(result.missing),
        because=again,
    )
    return _write(folder, Draws(year=before.year, draws=(*before.draws, draw)), campaign)


def read_sample(campaign: Campaign) -> Draw | None:
    """The sample in force; none where none was drawn. Raises SettingsError: the file is damaged."""
    return _read(campaign).last


def _read(campaign: Campaign) -> Draws:
    return read_draws(campaign.root / INSPECTION / f"{_NAME}.json", campaign.settings.year)


def _write(folder: Path, draws: Draws, campaign: Campaign) -> SampleList:
    title = f"{campaign.settings.authority}{draws.year}年度项目支出绩效自评抽查名单"
    record = (draws.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode()
    workbook = folder / f"{_NAME}.xlsx"
    aside = replace_result(workbook, draw_sample_list(draws, title), beside={workbook.with_suffix(".json"): record})
    return SampleList(draws.draws[-1], workbook, aside)
