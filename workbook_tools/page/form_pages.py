"""模板: the forms of reports and notices, and the tables that a superior prescribes: what lies there, tried out, and what of it cannot be filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import FileResponse, Response

from workbook_tools.campaign.folder import FORM_FOLDER, Campaign
from workbook_tools.campaign.receiving import list_form_names, take_form
from workbook_tools.core.errors import SettingsError, TemplateError
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import is_hidden, templates_folder
from workbook_tools.page.jobs import Job, JobLine, Level
from workbook_tools.page.shelves import Same, stamp_folder
from workbook_tools.page.visiting import Visit, inside, route
from workbook_tools.reports.found_forms import is_report_form, weigh_form
from workbook_tools.shipped.preview import name_preview, write_preview
from workbook_tools.summary.names import PREVIEW_MARK, SUPERIOR_FOLDER
from workbook_tools.summary.superior_forms import list_superior_forms, open_superior_form


@dataclass(frozen=True, slots=True)
class FormOnPage:
    """A form that lies in the working folder, or one that comes with the program."""

    name: str
    path: str
    """Within the working folder; blank where the one of the program is used."""
    preview: str
    """The same of what it was tried out as; blank where it was not."""
    fault: str = ""
    """Why it cannot be filled."""
    notes: Sequence[str] = ()
    """What of it stays empty, or is lost."""


def _show_forms(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign) if campaign.result_file.is_file() else None
    result = stored.result if stored else None
    superior = visit.folder.keep(
        "superior forms", (Same(result), stamp_folder(campaign.forms)), lambda: list(_list_superior(campaign, result))
    )
    own = [path for path in _list_own(campaign) if path.name not in list_form_names() and not is_report_form(path.name)]
    return visit.show(
        "forms.html",
        superior=superior,
        forms=list(_list_forms(campaign)),
        strangers=[path.name for path in own],
        place=f"{FORM_FOLDER}/{SUPERIOR_FOLDER}",
        checked=result is not None,
        said=visit.asked("said"),
    )


def _list_superior(campaign: Campaign, result: ReviewResult | None) -> Iterator[FormOnPage]:
    """Each with what cannot be filled of it, as far as a result tells."""
    for path in list_superior_forms(campaign.forms):
        fault, notes = "", []
        if result is not None:
            try:
                form = open_superior_form(path, result, weigh_form)
                notes = [f"{'、'.join(form.losses)}带不到表里"] if form.losses else []
                notes += form.find_strangers(result)
            except TemplateError as exc:
                fault = str(exc)
        yield FormOnPage(path.name, _relative(campaign, path), _find_preview(campaign, path), fault, notes)


def _list_own(campaign: Campaign) -> list[Path]:
    """The office's forms of reports, notices and 汇总表, whatever they are called."""
    files = sorted(campaign.forms.iterdir()) if campaign.forms.is_dir() else []
    return [
        path
        for path in files
        if path.suffix.lower() in (".docx", ".xlsx")
        and path.is_file()
        and not is_hidden(path.name)
        and not path.stem.endswith(PREVIEW_MARK)
    ]


def _list_forms(campaign: Campaign) -> Iterator[FormOnPage]:
    """Those of the program, each with the office's own in its place, and the office's reports of its own schemes."""
    own = {path.name: path for path in _list_own(campaign)}
    for name in (*list_form_names(), *(name for name in own if is_report_form(name) and name not in list_form_names())):
        path = own.get(name)
        yield FormOnPage(name, _relative(campaign, path) if path else "", _find_preview(campaign, path) if path else "")


def _relative(campaign: Campaign, path: Path) -> str:
    return path.relative_to(campaign.root).as_posix()


def _find_preview(campaign: Campaign, path: Path) -> str:
    """What it was tried out as, if that is not older."""
    made = name_preview(path)
    return _relative(campaign, made) if made.is_file() and made.stat().st_mtime >= path.stat().st_mtime else ""


def _download_shipped(visit: Visit) -> Response:
    """The program's own form, to be changed."""
    name = visit.request.path_params["name"]
    if name not in list_form_names():
        raise SettingsError(f"没有“{name}”这个模板。")
    return FileResponse(templates_folder() / name, filename=name, media_type="application/octet-stream")


def _upload(visit: Visit) -> Response:
    visit.need_quiet()
    sent = list(visit.files())
    if not sent:
        raise SettingsError("没有选文件。请先选要放进去的表样、模板。")
    told = []
    for item in sent:
        path, aside = take_form(visit.campaign, item.filename or "", item.file, superior=bool(visit.typed("superior")))
        told.append(f"“{path.name}”放好了" + (f"，原来的移到了“{aside.parent.name}/{aside.name}”" if aside else ""))
    return visit.go("forms", say=f"{'；'.join(told)}。点“试一试”看填出来是什么样子。")


def _preview(visit: Visit) -> Response:
    campaign = visit.campaign
    path = inside(visit.folder.root, visit.typed("form"), [FORM_FOLDER])

    def work(_: Job) -> Iterator[JobLine]:
        made = write_preview(campaign, path)
        for warning in made.warnings:
            yield JobLine(warning, Level.WARNING)
        yield JobLine(f"标签都能用。用内置的例子填好了，在 {made.path}；回到“模板”页可以下载看。", Level.GOOD)

    return visit.begin("试模板", "forms", "preview", work)


ROUTES = [
    route("/f/{folder}/forms", _show_forms),
    route("/f/{folder}/forms/upload", _upload, "POST"),
    route("/f/{folder}/forms/preview", _preview, "POST"),
    route("/f/{folder}/forms/shipped/{name}", _download_shipped, whole=True),
]
