"""The matters that a review's result gives: what has not come, errors, and points lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import EXECUTION, MissingRow, ProjectRow, ReviewResult, SecondLook
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.followup.matters import Matter, MatterOrigin
from workbook_tools.reports.lost_points import Loss, is_noticeable, list_losses
from workbook_tools.rules.recorded import restore_schemes

_OF_LOSSES = "查明没有达到目标的原因，提出改进措施；目标定得不合适的，下年申报时调整。"
_OF_EXECUTION = "查明预算执行慢的原因，加快支出进度；确实用不完的，按规定调整预算。"
_OF_SECOND_LOOK = "按复核的结果核实，说明自评与复核不同的原因，改进自评工作。"
_OF_MISSING = "补报绩效自评材料，说明没有按期报送的原因。"


def find_matters(result: ReviewResult, lost_share: float) -> list[Matter]:
    """All that may need mending, project by project in the list's order: what has not come, errors, losses,
    then what somebody found who looked again.

    An error is listed until a version without it has come; a loss where it is ``lost_share`` of the weight or more, 核定 in force.
    """
    projects = {row.code: row for row in result.projects}
    found: defaultdict[str, list[Matter]] = defaultdict(list)
    for item in result.findings:
        if item.project_code in projects and _is_to_mend(item):
            found[item.project_code].append(_describe_error(item, projects[item.project_code]))
    for loss in list_losses(result.indicators, result.projects, restore_schemes(result)):
        if is_noticeable(loss.lost) and not NOISE.below(loss.lost / loss.weight, lost_share):
            found[loss.project.code].append(_describe_loss(loss))
    for row in result.projects:
        if row.second_look and _is_otherwise(row.second_look):
            found[row.code].append(_describe_second_look(row, row.second_look))
    for gone in result.missing:
        found[gone.code].append(_describe_missing(gone))
    listed: list[ProjectRow | MissingRow] = [*result.projects, *result.missing]
    places = {row.code: (row.place, at) for at, row in enumerate(listed)}
    ordered = sorted(found, key=lambda code: places.get(code, (0, len(places))))
    return [matter for code in ordered for matter in _tell_apart(found[code])]


def _is_to_mend(row: Finding) -> bool:
    """An error of what the unit has sent; what follows from another goes with it."""
    mine = not (row.of_the_list or row.is_about_judgement or row.is_in_the_list or row.follows_from)
    return row.severity is Severity.ERROR and mine


def _describe_error(row: Finding, project: ProjectRow) -> Matter:
    place = "，".join(filter(None, ("!".join(filter(None, (row.sheet, row.cell))), row.field)))
    figures = [f"{word}“{value}”" for word, value in (("现为", row.found), ("应为", row.expected)) if value]
    said = "；".join((row.message, *figures))
    return _of_project(
        project,
        MatterOrigin.ERROR,
        f"{row.code}|{row.sheet}|{row.cell}|{row.field}",
        f"{place}：{said}" if place else said,
        row.advice,
    )


def _describe_loss(loss: Loss) -> Matter:
    named = f"指标“{loss.indicator}”" if loss.dimension != EXECUTION else "预算执行率"
    reason = f"填报的原因：{loss.reason}" if loss.reason.strip() else "没有写明原因"
    figures = (
        f"目标 {loss.target or '—'}，完成 {loss.actual or '—'}" if loss.dimension != EXECUTION else f"为 {loss.actual}"
    )
    points = (
        f"满分 {number_text(loss.weight)} 分，得 {number_text(loss.score)} 分，"
        f"失 {number_text(round(loss.lost, 2))} 分（{percent_text(round(loss.lost / loss.weight, 4))}）"
    )
    key = f"{loss.dimension}|{loss.category}|{loss.indicator}"
    advice = _OF_EXECUTION if loss.dimension == EXECUTION else _OF_LOSSES
    return _of_project(loss.project, MatterOrigin.LOSS, key, f"{named}{figures}；{points}；{reason}", advice)


def _is_otherwise(look: SecondLook) -> bool:
    """Whoever looked at the project again found other points than the unit, or had something to say."""
    return bool(look.differing or look.conclusion.strip())


def _describe_second_look(row: ProjectRow, look: SecondLook) -> Matter:
    points = (
        ""
        if look.self_total is None or look.total is None
        else f"自评 {number_text(look.self_total)} 分，复核 {number_text(look.total)} 分"
    )
    told = (points, f"{look.differing} 处得分不同" if look.differing else "", look.conclusion.strip())
    return _of_project(row, MatterOrigin.SECOND_LOOK, "", "；".join(filter(None, told)), _OF_SECOND_LOOK)


def _describe_missing(row: MissingRow) -> Matter:
    return _of_project(row, MatterOrigin.MISSING, "", f"没有可以采用的自评材料（{row.reason}）", _OF_MISSING)


def _of_project(row: ProjectRow | MissingRow, origin: MatterOrigin, key: str, found: str, advice: str) -> Matter:
    return Matter(
        code=row.code,
        name=row.name,
        department=row.department,
        unit=row.unit,
        origin=origin.value,
        key=key,
        found=found,
        advice=advice,
    )


def _tell_apart(matters: Iterable[Matter]) -> Iterator[Matter]:
    """The same, those that are alike in all that tells them apart counted."""
    seen: defaultdict[str, int] = defaultdict(int)
    for matter in matters:
        seen[matter.number] += 1
        count = seen[matter.number]
        yield matter if count == 1 else replace(matter, key=f"{matter.key}#{count}")
