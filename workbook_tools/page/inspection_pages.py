"""抽查 and 复核 on the page 评完以后: the sample, the 复核表 for the reviewers, and what they found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import Response

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.inspecting import HandedState, hand_out_forms, read_forms
from workbook_tools.campaign.inspection_record import ISSUED, RETURNED, find_inspection_folder, read_record
from workbook_tools.campaign.sampling import draw_list, read_sample
from workbook_tools.campaign.settings import change_rule
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.values import parse_quantity
from workbook_tools.files.sources import list_files
from workbook_tools.inspection.record import Inspection
from workbook_tools.inspection.sample_record import Draw, SampleRow
from workbook_tools.page.inbox_pages import take_files
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.review_pages import need_result
from workbook_tools.page.visiting import Visit, route

_MOST_LISTED = 500
"""Projects of a sample that the page lists."""
_MOST_TOLD = 20
"""Things of one kind that a step names."""
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class InspectedSample:
    """The sample, and how far it has been looked at."""

    draw: Draw | None
    done: dict[str, Inspection]
    """What reviewers found, by the project's code."""
    issued: int
    """How many of the sample have a 复核表."""
    arrived: int
    """Files that lie in 复核/回收."""

    @property
    def rows(self) -> tuple[SampleRow, ...]:
        """The projects that are listed."""
        return self.draw.chosen[:_MOST_LISTED] if self.draw else ()

    @property
    def chosen(self) -> int:
        """How many projects the sample has."""
        return len(self.draw.chosen) if self.draw else 0


def find_inspected(campaign: Campaign) -> InspectedSample:
    """Where 抽查 and 复核 stand. Raises SettingsError: a file is damaged."""
    draw, record = read_sample(campaign), read_record(campaign)
    codes = [row.code for row in draw.chosen] if draw else []
    returned = find_inspection_folder(campaign, RETURNED)
    return InspectedSample(
        draw,
        {one.code: one for one in record.list_done(codes)},
        sum(code in record.issued for code in codes),
        len(list_files(returned)) if returned.is_dir() else 0,
    )


# -- 抽查 -----------------------------------------------------------------------------------------------------------


def _sample(visit: Visit) -> Response:
    """Draw; or pick some, or draw again, where there is a sample already."""
    campaign = visit.campaign
    result = need_result(visit, campaign).result
    picked, because = [code for code in _BETWEEN.split(visit.typed("pick")) if code], visit.typed("because")
    if bool(picked) != bool(because):
        raise SettingsError("指定哪个项目和指定的原因要一起写。")
    rule = change_rule(campaign.settings.sample, **_read_size(visit), by_risk=bool(visit.typed("by_risk")))
    seed, again = visit.typed("seed"), visit.typed("again")

    def work(_: Job) -> Iterator[JobLine]:
        done = draw_list(
            campaign,
            result,
            datetime.now(UTC),
            rule=rule,
            seed=seed,
            picked=dict.fromkeys(picked, because),
            again=again,
        )
        drawn, by_hand = sum(row.drawn for row in done.draw.rows), sum(bool(row.picked) for row in done.draw.rows)
        told = f"已报送的 {len(done.draw.rows)} 个项目中抽中 {drawn} 个，指定 {by_hand} 个，种子 {done.draw.seed}。"
        yield JobLine(told, Level.GOOD)
        if done.draw.missing:
            yield JobLine(f"没有报送的 {done.draw.missing} 个不在内。")
        yield from tell_aside(done.workbook, done.moved_aside)
        yield JobLine(f"名单、每个项目的概率和抽法在 {done.workbook}。")

    return visit.begin("抽查", "after", "sample", work, Onward(part="sample"))


def _read_size(visit: Visit) -> dict[str, float | int]:
    """How many are drawn, where something was typed: 15% is a share, 15 a number."""
    typed = visit.typed("size")
    if not typed:
        return {}
    found = parse_quantity(typed)
    if found is None or found.direction is not None or found.unit not in ("", "个", "%"):
        raise SettingsError(f"抽多少写得不对：“{typed}”。请写比例，如 15%；或者个数，如 12。")
    if found.unit == "%" or 0 < found.number < 1:
        return {"share": found.number / 100 if found.unit else found.number}
    if found.number < 1 or found.number != int(found.number):
        raise SettingsError(f"抽多少写得不对：“{typed}”。个数是整数；写比例的加上 %，如 15%。")
    return {"count": int(found.number)}


# -- 复核 -----------------------------------------------------------------------------------------------------------


def _hand_out(visit: Visit) -> Response:
    campaign, overwrite = visit.campaign, bool(visit.typed("overwrite"))
    result = need_result(visit, campaign).result

    def work(_: Job) -> Iterator[JobLine]:
        done = hand_out_forms(campaign, result, overwrite=overwrite)
        counts = {state: sum(item.state is state for item in done) for state in HandedState}
        told = f"抽中的 {len(done)} 个项目：写出复核表 {counts[HandedState.NEW]} 个，没有变化 {counts[HandedState.SAME]} 个，在 {find_inspection_folder(campaign, ISSUED)}。"
        yield JobLine(told, Level.GOOD)
        for item in done:
            if item.state is HandedState.KEPT:
                told = "得分或评分项变了，原来的复核表没有改写；要改写，勾选“改写已有的”再点一次。"
                yield JobLine(f"{item.row.code} {item.row.name}：{told}", Level.WARNING)
            elif item.state is HandedState.GONE:
                yield JobLine(f"{item.row.code} {item.row.name}：审核结果里没有这个项目了，没有写。", Level.WARNING)

    return visit.begin("写复核表", "after", "inspect", work, Onward(part="inspect"))


def _take_in(visit: Visit) -> Response:
    return visit.go("after", say=take_files(visit, find_inspection_folder(visit.campaign, RETURNED)))


def _read_back(visit: Visit) -> Response:
    campaign, folder = visit.campaign, visit.folder

    def work(_: Job) -> Iterator[JobLine]:
        found = read_forms(campaign)
        folder.forget()
        told = f"抽中的 {len(found.codes)} 个项目：已复核 {len(found.done)} 个，还没有的 {len(found.missing)} 个。"
        yield JobLine(told, Level.GOOD)
        for item in found.findings:
            yield JobLine(str(item), Level.WARNING)
        if found.reports.files:
            yield JobLine(f"复核报告 {len(found.reports.files)} 份在 {found.reports.files[0].parent}。")
        for aside in found.reports.asides:
            yield JobLine(f"原来的复核报告有手工改动，已另存为“{aside.name}”。")
        if refused := sum(form.inspection is None for form in found.forms):
            yield JobLine(f"没有采用的 {refused} 份，原因见上；改好再读一次，其余的不受影响。", Level.WARNING)
        if found.told_aside:
            yield JobLine(found.told_aside, Level.WARNING)

    return visit.begin("读回复核表", "after", "inspect", work, Onward(part="inspect"))


def tell_aside(path: Path, aside: Path | None) -> Iterator[JobLine]:
    """Where a workbook that somebody had saved lies now."""
    if aside:
        yield JobLine(f"原来的“{path.name}”有手工改动，已另存为“{aside.name}”。", Level.WARNING)


ROUTES = [
    route("/f/{folder}/after/sample", _sample, "POST"),
    route("/f/{folder}/after/inspect", _hand_out, "POST"),
    route("/f/{folder}/after/inspect/upload", _take_in, "POST"),
    route("/f/{folder}/after/inspect/read", _read_back, "POST"),
]
