"""下发: generate the workbooks, see one as it looks, pack them per department."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import Response

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.issuing import (
    choose_projects,
    find_superseded,
    issue_workbooks,
    tell_deadline,
    tell_superseded,
)
from workbook_tools.campaign.ledger.status import count_departments
from workbook_tools.campaign.packing import PackedDepartment, pack_departments
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import OutputError
from workbook_tools.files.paths import project_file
from workbook_tools.files.stored_projects import NamedProject, list_names
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.open_folders import OpenFolder
from workbook_tools.page.pictures import draw_workbook_pictures
from workbook_tools.page.visiting import Visit, route

_NAMED = 5
"""Projects that a sentence names."""


def _show_issue(visit: Visit) -> Response:
    campaign = visit.campaign
    standing = visit.folder.find_progress(campaign).standing
    folder = campaign.folder("下发")
    departments = count_departments(standing.rows) if standing else []
    packed = sorted(folder.glob("*.zip")) if folder.is_dir() else []
    zips = {d.department: [path for path in packed if path.name.startswith(f"{d.department}_")] for d in departments}
    faulty = _find_faulty(visit.folder, campaign) if standing else []
    return visit.show(
        "issue.html",
        rows=standing.rows if standing else [],
        list_name=campaign.project_list.name,
        departments=departments,
        unpacked=[d for d in departments if not d.packed_at or d.to_pack or not zips[d.department]],
        issued=sum(row.issued_at is not None for row in standing.rows) if standing else 0,
        zips=zips,
        notice=campaign.notice,
        doubts=campaign.settings.deadlines.doubts,
        faulty={row.code for row in faulty},
        told_faulty=_tell_faulty(faulty),
    )


def _find_faulty(folder: OpenFolder, campaign: Campaign) -> list[NamedProject]:
    """The projects of the list that get no workbook, for their mistakes."""
    listed, findings = folder.read_list(campaign)
    wrong = {item.project_code for item in findings if item.severity is Severity.ERROR}
    return [row for row in list_names(listed.projects) if row.code in wrong]


def _tell_faulty(rows: Sequence[NamedProject]) -> str:
    """Which those are and where to go, or nothing."""
    named = "、".join(f"{row.code} {row.name}" for row in rows[:_NAMED]) + ("等" if len(rows) > _NAMED else "")
    told = "不生成工作簿，所在的部门也不能打包：先到“清单”页改好。"
    return f"{len(rows)} 个项目在清单里有错误（{named}），{told}" if rows else ""


def _generate(visit: Visit) -> Response:
    campaign, folder, overwrite = visit.campaign, visit.folder, bool(visit.typed("overwrite"))

    def work(job: Job) -> Iterator[JobLine]:
        target = campaign.folder("下发")
        listed, findings = folder.read_list(campaign)
        chosen = choose_projects(listed, findings)
        issued = issue_workbooks(
            campaign,
            chosen,
            target,
            campaign.signing_key(),
            datetime.now(UTC),
            overwrite=overwrite,
            watch=job.watch,
        )
        made, written = len(issued.made), len(issued.written)
        told = f"生成了 {written} 个工作簿{_tell_same(made - written)}，在“下发”文件夹里。"
        yield JobLine(told, Level.GOOD)
        for item in issued.items:
            if item.finding:
                yield JobLine(str(item.finding), Level.ERROR)
            elif item.kept:
                told = (
                    f"没有替换“{item.path.name}”：已有的内容不同，也许已经发出去了。确要替换，勾选“替换已有的”再生成。"
                )
                yield JobLine(told, Level.WARNING)
        if faulty := len(listed.projects) - len(chosen):
            yield JobLine(f"有 {faulty} 个项目因清单有误没有生成，见“清单”页。", Level.ERROR)
        if doubt := tell_deadline(campaign, issued):
            yield JobLine(doubt, Level.WARNING)
        if stale := tell_superseded(target, find_superseded(campaign, issued, listed, target)):
            yield JobLine(stale, Level.WARNING)
        if not listed.projects:
            yield JobLine("清单里还没有项目，请先填写。", Level.WARNING)
        if issued.unrecorded:
            yield JobLine(issued.unrecorded, Level.ERROR)

    return visit.begin("生成工作簿", "issue", "generate", work, Onward("继续：打包", "pack"))


def _tell_same(same: int) -> str:
    return f"，{same} 个没有变化" if same else ""


def _pack(visit: Visit) -> Response:
    campaign, folder = visit.campaign, visit.folder

    def work(job: Job) -> Iterator[JobLine]:
        packed = pack_departments(campaign, datetime.now(UTC), watch=job.watch)
        new = sum(not item.unchanged for item in packed.made)
        told = f"打好 {new} 个压缩包{_tell_same(len(packed.made) - new)}，在“下发”文件夹里，下一页可以下载。"
        yield JobLine(told, Level.GOOD)
        for item in packed.items:
            yield from _tell_packed(item)
        if told := _tell_faulty(_find_faulty(folder, campaign)):
            yield JobLine(told, Level.ERROR)
        for path in packed.superfluous:
            yield JobLine(f"“{path.name}”是清单上已经没有的主管部门的，请移走，不要再发。", Level.WARNING)
        if packed.unrecorded:
            yield JobLine(packed.unrecorded, Level.ERROR)

    return visit.begin("打包", "issue", "pack", work, Onward("继续：下载压缩包，发给各部门", "pack"))


def _tell_packed(item: PackedDepartment) -> Iterator[JobLine]:
    """What an officer must know of a department before its zip is sent."""
    if item.faults:
        stale = f"原来的压缩包“{item.path.name}”不要再发。" if item.path.is_file() else ""
        yield JobLine(f"没有打包：{item.department}。{''.join(item.faults)}{stale}", Level.WARNING)
    for name, fitted in item.renamed.items():
        yield JobLine(f"“{name}”里有老电脑上没有的字，压缩包里写作“{fitted}”，内容不变。")
    for path in item.edited:
        yield JobLine(f"“{path.name}”有手工改动，照改过的样子装入；要按设置和模板重写，请先把它移走。")
    if item.aside:
        yield JobLine(f"原来的压缩包有手工改动，已另存为“{item.aside.name}”。")


def _show_form(visit: Visit) -> Response:
    """The workbook of a project as it looks."""
    campaign, code = visit.campaign, visit.request.path_params["code"]
    standing = visit.folder.find_progress(campaign).standing
    row = next((row for row in standing.rows if row.code == code), None) if standing else None
    path = find_issued(campaign, row.department, row.code, row.name) if row else None
    if row is None or path is None:
        raise OutputError(f"{code} 还没有工作簿，请先生成。")
    pictures = draw_workbook_pictures(path, path.read_bytes(), ())
    return visit.show("form.html", row=row, pictures=pictures, path=path.relative_to(campaign.root).as_posix())


def find_issued(campaign: Campaign, department: str, code: str, name: str) -> Path | None:
    """The workbook of a project in 下发."""
    folder = campaign.folder("下发")
    paths = (project_file(folder, department, code, name, ending) for ending in (".xlsx", ".xlsm"))
    return next(filter(Path.is_file, paths), None)


ROUTES = [
    route("/f/{folder}/issue", _show_issue),
    route("/f/{folder}/issue/generate", _generate, "POST"),
    route("/f/{folder}/issue/pack", _pack, "POST"),
    route("/f/{folder}/issue/form/{code:path}", _show_form),
]
