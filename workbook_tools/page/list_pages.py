"""清单: the project list as it is, its mistakes at their cells, and another one in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from workbook_tools.campaign.answering import list_doubts
from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.folder import LIST_FILE, LIST_FOLDER, Campaign
from workbook_tools.campaign.importing import OLD_FORMS
from workbook_tools.campaign.receiving import is_project_list, replace_list
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ProjectList
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.page.inbox_pages import take_files
from workbook_tools.page.jobs import Job, JobLine, Level
from workbook_tools.page.open_folders import OpenFolder
from workbook_tools.page.pictures import SheetPicture, cell_id, draw_workbook_pictures
from workbook_tools.page.visiting import Visit, route
from workbook_tools.projects import project_list_workbook
from workbook_tools.projects.columns import INDICATOR_SHEET, PROJECT_SHEET
from workbook_tools.projects.json_places import list_json_lines, say_json_place
from workbook_tools.projects.list_folder import list_lists
from workbook_tools.results.finding_tables import errors_first

_MOST_REFUSED = 5
"""Lists of which it is said why they are not used: it goes through an address."""
_MOST_DRAWN = 60
"""Projects of a list that are drawn where it is no workbook."""


def _show_list(visit: Visit) -> Response:
    campaign = visit.campaign
    path = campaign.project_list
    files = [one.relative_to(campaign.root).as_posix() for one in list_lists(path)] if path.is_dir() else []
    listed, findings, pictures, lines = visit.folder.keep(
        "list", visit.folder.list_stamp, lambda: _read(visit.folder, campaign)
    )
    return visit.show(
        "list.html",
        say_place=lambda cell: say_json_place(cell, lines),
        name=path.name,
        there=path.is_file(),
        files=files,
        listed=listed,
        findings=errors_first(findings),
        cell_id=cell_id,
        errors=sum(item.severity is Severity.ERROR for item in findings),
        pictures=pictures,
        carried=visit.folder.keep("carried", visit.folder.list_stamp, lambda: _is_carried_over(listed)),
        doubts=len(list_doubts(campaign)[0]),
        said=visit.asked("said"),
    )


def _is_carried_over(listed: ListedProjects) -> bool:
    """It is the list of the year before, of which nobody has typed this year's budgets yet."""
    if not listed.projects or not (listed.projects[0].last_rate or listed.projects[0].last_score is not None):
        return False
    return not any(project.initial_budget or project.annual_budget for project in listed.projects)


def _read(
    folder: OpenFolder, campaign: Campaign
) -> tuple[ListedProjects, list[Finding], list[SheetPicture], Mapping[str, int]]:
    """The list, what is wrong with it, how it looks, and on which lines of a .json its entries stand."""
    if not campaign.project_list.exists():
        return ListedProjects(campaign.settings.year), [], [], {}
    listed, findings = folder.read_list(campaign)
    path = campaign.project_list
    if path.suffix != ".xlsx":
        lines = list_json_lines(path.read_bytes().decode("utf-8-sig", "replace")) if path.is_file() else {}
        return listed, findings, _draw_as_workbook(campaign, listed), lines
    try:
        return listed, findings, draw_workbook_pictures(path, path.read_bytes(), findings), {}
    except UnreadableWorkbook:  # the findings say what is wrong with it
        return listed, findings, [], {}


def _draw_as_workbook(campaign: Campaign, listed: ListedProjects) -> list[SheetPicture]:
    """The first projects of a list that is no workbook, as they would look in one, with what is wrong at its cells."""
    if not listed.projects:
        return []
    shown = ProjectList(
        year=listed.year,
        authority=listed.authority,
        scheme=listed.scheme,
        projects=tuple(listed.projects[:_MOST_DRAWN]),
    )
    data = project_list_workbook(shown, campaign.scheme())
    with temporary_folder() as place:
        path = Path(place, LIST_FILE)
        path.write_bytes(data)
        _, findings = read_list(campaign, path, 0, "")
    return draw_workbook_pictures(path, data, findings, (PROJECT_SHEET, INDICATOR_SHEET))


def _upload(visit: Visit) -> Response:
    """A project list takes the place of the one there is; anything else is taken for forms of today, which are to be imported."""
    visit.need_quiet()
    sent = list(visit.files())
    if not sent:
        raise SettingsError("没有选文件。请先选填好的项目清单，或者手工做的旧表。")
    if not all(map(_is_list, sent)):
        told = take_files(visit, visit.campaign.root / OLD_FORMS)
        return visit.go("import", say=f"{told}不是项目清单，当作手工做的旧表放进了“{OLD_FORMS}”。")
    campaign, folder = visit.campaign, visit.folder
    lists = [(item.filename or "", item.file.read()) for item in sent]  # what was sent is gone when it is answered

    def work(job: Job) -> Iterator[JobLine]:
        told = (
            _put_in_place(folder, campaign, job, *lists[0]) if len(lists) == 1 else _put_together(campaign, job, lists)
        )
        yield JobLine(told, Level.GOOD)

    return visit.begin_soon("换上项目清单", "list", "list", work)


def _is_list(item: UploadFile) -> bool:
    content = item.file.read()
    item.file.seek(0)
    return is_project_list(item.filename or "", content)


def _put_in_place(folder: OpenFolder, campaign: Campaign, job: Job, name: str, content: bytes) -> str:
    """Raises SettingsError where it is not used."""
    job.doing = f"正在读“{name}”，逐个项目、逐个指标核对"
    put = replace_list(campaign, name, content)
    if put.path == campaign.project_list:  # it need not be read once more
        folder.keep("listed", folder.list_stamp, lambda: (put.listed, put.findings))
    told = f"已换上“{name}”，有 {len(put.listed.projects)} 个项目。"
    return told + (f"原来的清单另存为“{put.aside.name}”。" if put.aside else "")


def _put_together(campaign: Campaign, job: Job, lists: Sequence[tuple[str, bytes]]) -> str:
    """Several at once are departments', each its own. Raises SettingsError where none is used."""
    placed, refused = [], []
    for number, (name, content) in enumerate(lists):
        job.watch(number, len(lists))
        try:
            placed.append(len(replace_list(campaign, name, content, of_department=True).listed.projects))
        except SettingsError as exc:
            refused.append(str(exc))
    if not placed:
        raise SettingsError("".join(refused[:_MOST_REFUSED]))
    told = f"收下 {len(placed)} 份清单，{sum(placed)} 个项目，一份作一个部门的，放进了“{LIST_FOLDER}”文件夹，和旁边的 {LIST_FILE} 一起读。"
    return told + "".join(refused[:_MOST_REFUSED])


ROUTES = [
    route("/f/{folder}/list", _show_list),
    route("/f/{folder}/list/upload", _upload, "POST"),
]
