"""清单: the project list as it is, its mistakes at their cells, and another one in its place."""

from __future__ import annotations

from starlette.responses import Response

from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.receiving import replace_list
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ProjectList
from workbook_tools.page.pictures import SheetPicture, cell_id, draw_workbook_pictures
from workbook_tools.page.visiting import Visit, route
from workbook_tools.results.finding_tables import errors_first


def _show_list(visit: Visit) -> Response:
    campaign = visit.campaign
    path = campaign.project_list
    there = path.is_file()
    listed, findings, pictures = visit.folder.keep("list", visit.folder.stamp, lambda: _read(campaign))
    return visit.show(
        "list.html", name=path.name, there=there, listed=listed, findings=errors_first(findings), cell_id=cell_id,
        errors=sum(item.severity is Severity.ERROR for item in findings), pictures=pictures,
        said=visit.asked("said"),
    )  # fmt: skip


def _read(campaign: Campaign) -> tuple[ProjectList, list[Finding], list[SheetPicture]]:
    """The list, what is wrong with it, and how it looks."""
    if not campaign.project_list.is_file():
        return ProjectList(year=campaign.settings.year), [], []
    listed, findings = read_list(campaign, campaign.project_list, 0, "")
    return listed, findings, _draw(campaign, findings)


def _draw(campaign: Campaign, findings: list[Finding]) -> list[SheetPicture]:
    path = campaign.project_list
    if path.suffix != ".xlsx":
        return []
    try:
        return draw_workbook_pictures(path, path.read_bytes(), findings)
    except UnreadableWorkbook:  # the findings say what is wrong with it
        return []


def _upload(visit: Visit) -> Response:
    visit.need_quiet()
    sent = next(visit.files(), None)
    if sent is None:
        raise SettingsError("没有选文件。请先选填好的项目清单。")
    listed, aside = replace_list(visit.campaign, sent.filename or "", sent.file.read())
    told = f"已换上“{sent.filename}”，有 {len(listed.projects)} 个项目。"
    return visit.go("list", say=told + (f"原来的清单另存为“{aside.name}”。" if aside else ""))


ROUTES = [
    route("/f/{folder}/list", _show_list),
    route("/f/{folder}/list/upload", _upload, "POST"),
]
