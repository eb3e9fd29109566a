"""旧表导入: forms of today become the list; what of them is doubtful is answered one by one, with the original beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from starlette.responses import Response

from workbook_tools.campaign.answering import FILE, answer_doubt, list_doubts
from workbook_tools.campaign.doubt_workbook import AskedDoubt
from workbook_tools.campaign.exchanging import EXCHANGE, RECEIVED
from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.importing import OLD_FORMS
from workbook_tools.campaign.keeping_import import (
    ImportedList,
    ImportedTables,
    import_exchange,
    import_list,
    list_old_forms,
)
from workbook_tools.campaign.kept_readings import read_memory
from workbook_tools.campaign.receiving import take_file
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import finding
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.exchange.format import list_formats
from workbook_tools.files.sources import find_sources, list_files
from workbook_tools.page.inbox_pages import take_files
from workbook_tools.page.jobs import Job, JobLine, Level
from workbook_tools.page.pictures import SheetPicture, draw_original
from workbook_tools.page.visiting import Visit, bare_path, route
from workbook_tools.results.finding_tables import errors_first

_MOST_TOLD = 40
"""Findings of an import that are told at once."""


def _show_import(visit: Visit) -> Response:
    campaign = visit.campaign
    asked, kept = list_doubts(campaign)
    memory, own = read_memory(campaign), campaign.root / OLD_FORMS
    forms, passed = (list_old_forms(campaign), find_sources(own)[1]) if own.is_dir() else ([], [])
    named = [one for one in (visit.asked("place"), *memory.places) if one not in ("", OLD_FORMS)]
    return visit.show(
        "import.html",
        asked=asked,
        kept=kept,
        folder_name=OLD_FORMS,
        place=own,
        doubts_name=FILE,
        year=campaign.settings.year,
        forms=[form.name for form in forms if form.path.is_relative_to(own)],
        elsewhere=[one for one in dict.fromkeys(named) if (campaign.root / one).exists()],
        inbox=_count_arrived(visit),
        passed=passed,
        again=memory.answered and bool(memory.lists),
        list_name=campaign.project_list.name,
        formats=list_formats(campaign.forms),
        received=f"{EXCHANGE}/{RECEIVED}",
        said=visit.asked("said"),
    )


def _count_arrived(visit: Visit) -> int:
    """Files in 回收: hand-made forms may have been dropped there."""
    inbox = visit.campaign.folder(INBOX)
    return visit.folder.keep(
        "arrived files", visit.folder.inbox_stamp, lambda: len(list_files(inbox)) if inbox.is_dir() else 0
    )


def _upload(visit: Visit) -> Response:
    """Keep the forms in the working folder: they are read once more when doubts were answered."""
    told = take_files(visit, visit.campaign.root / OLD_FORMS)
    return visit.go("import", say=told)


def _import(visit: Visit) -> Response:
    campaign, next_year, folder = visit.campaign, visit.typed("of") != "this", visit.folder
    places = [campaign.root / place for place in dict.fromkeys(map(bare_path, visit.typed_all("from"))) if place]
    if not places and not (campaign.root / OLD_FORMS).is_dir():
        raise SettingsError("还没有旧表。请先放进旧表，或者写明它们在哪里。")

    def work(job: Job) -> Iterator[JobLine]:
        with OldDocuments() as old:
            done = import_list(
                campaign, datetime.now(), next_year=next_year, places=places, prepare=old.convert, watch=job.watch
            )
        folder.forget()
        yield from _tell_imported(done)

    return visit.begin("导入旧表", "import", "import", work)


def _import_tables(visit: Visit) -> Response:
    """What another system has given becomes the list; the file stays in the working folder."""
    campaign, name, folder = visit.campaign, visit.typed("format"), visit.folder
    visit.need_quiet()
    sent = next(visit.files(), None)
    if sent is None:
        raise SettingsError("没有选文件。请先选从别的系统导出的表。")
    if name not in list_formats(campaign.forms):
        raise SettingsError("没有这个交换格式。")
    path = take_file(campaign.root / EXCHANGE / RECEIVED, sent.filename or "", sent.file).path

    def work(_: Job) -> Iterator[JobLine]:
        done = import_exchange(campaign, path, name)
        folder.forget()
        yield from _tell_tables(done, path.name)

    return visit.begin("读别的系统的表", "import", "import", work)


def _tell_tables(done: ImportedTables, name: str) -> Iterator[JobLine]:
    if done.files:
        indicators = sum(len(project.indicators) for project in done.listed.projects)
        names = "、".join(path.name for path in done.files)
        told = f"读到 {len(done.listed.projects)} 个项目、{indicators} 个指标，已写成 {names}。请在“清单”页核对。"
        yield JobLine(told, Level.GOOD)
    else:
        yield JobLine(f"“{name}”里没有项目，清单没有改动。", Level.WARNING)
    for aside in done.asides:
        yield JobLine(f"原来的清单另存为“{aside.name}”。")
    for fault in done.faults[:_MOST_TOLD]:
        yield JobLine(f"{name}，{fault}", Level.WARNING)
    if len(done.faults) > _MOST_TOLD:
        yield JobLine(f"还有 {len(done.faults) - _MOST_TOLD} 处没有列出。")


def _tell_imported(done: ImportedList) -> Iterator[JobLine]:
    kept = done.kept
    if kept.files:
        indicators = sum(len(project.indicators) for project in kept.listed)
        names = "、".join(path.name for path in kept.files)
        yield JobLine(
            f"读到 {len(kept.listed)} 个项目、{indicators} 个指标，已写成 {names}。请在“清单”页核对。", Level.GOOD
        )
    else:
        yield JobLine("没有认出自评表，清单没有改动。", Level.WARNING)
    for aside in done.asides:
        yield JobLine(f"原来的清单另存为“{aside.name}”。")
    if kept.doubts:
        yield JobLine(f"有 {kept.doubts} 处可以有两种读法，请对着原表选一种；不选的按现在读的算。", Level.WARNING)
    for fault in done.taken.faults:
        yield JobLine(f"{FILE} 的 {fault}。", Level.WARNING)
    if kept.doubts_aside:
        yield JobLine(f"填得不对的一份另存为“{kept.doubts_aside.name}”。")
    worth = [item for item in errors_first(done.findings) if item.severity is not Severity.INFO]
    for item in worth[:_MOST_TOLD]:
        yield JobLine(str(item), Level.ERROR if item.severity is Severity.ERROR else Level.WARNING)
    if len(worth) > _MOST_TOLD:
        yield JobLine(f"还有 {len(worth) - _MOST_TOLD} 处没有列出，审核时逐条列出。")


# -- one by one -------------------------------------------------------------------------------------------------------


def _show_doubt(visit: Visit) -> Response:
    """A doubt, the readings to choose from, and the place in the original."""
    campaign = visit.campaign
    asked, kept = list_doubts(campaign)
    number = visit.request.path_params["number"]
    at = next((i for i, one in enumerate(asked) if one.number == number), -1)
    doubt = asked[at] if at >= 0 else next((one for one in kept if one.number == number), None)
    if doubt is None:
        raise SettingsError("没有这一处疑问了：它已经撤回，或者又导入过一次。")
    pictures, cell, trouble = _draw(campaign, doubt)
    return visit.show(
        "doubt.html",
        doubt=doubt,
        at=at,
        total=len(asked),
        before=asked[at - 1] if at > 0 else None,
        after=asked[at + 1] if 0 <= at < len(asked) - 1 else None,
        pictures=pictures,
        cell=cell,
        trouble=trouble,
        said=visit.asked("said"),
    )


def _draw(campaign: Campaign, doubt: AskedDoubt) -> tuple[list[SheetPicture], str, str]:
    """The original at its place, where a link to the place leads, and why there is no picture."""
    source = next((one for one in list_old_forms(campaign) if one.name == doubt.file), None)
    if source is None or not doubt.place:
        where = f"，看 {doubt.place}" if doubt.place else ""
        return [], "", f"原表“{doubt.file}”已经不在原来的地方，画不出来；请打开它{where}。"
    if source.is_old_document:
        return [], "", f"“{doubt.file}”是老格式的 Word 文件，画不出来；请打开它，看 {doubt.place}。"
    sheet, _, place = doubt.place.rpartition("!")
    message = f"{doubt.doubt.key}：现在读作“{doubt.taken}”"
    try:
        pictures, cell = draw_original(source, finding("IMPORT02", message, file=doubt.file, sheet=sheet, cell=place))
    except UnreadableWorkbook as exc:
        return [], "", f"原表画不出来：{exc.message}"
    if not pictures:
        return [], "", f"原表里找不到 {doubt.place} 了：导入以后它改过。"
    if any(one.level for picture in pictures for _, cells in picture.lines for one in cells):
        return pictures, cell, ""
    return pictures, "", f"{doubt.place} 在隐藏的行、列里，或者太靠后，没有画出来；请打开原表看。"


def _answer(visit: Visit) -> Response:
    """Keep the answer, and show what is asked next."""
    visit.need_quiet()
    campaign, number, withdrawn = visit.campaign, visit.request.path_params["number"], visit.typed("do") == "withdraw"
    reading = "" if withdrawn else visit.typed("reading")
    if not (reading or withdrawn):
        raise SettingsError("还没有选读法。请先选一种。")
    before, _ = list_doubts(campaign)
    answer_doubt(campaign, number, reading, visit.take_name("by"), datetime.now())
    if withdrawn:
        return visit.go("import", say="答复已撤回，再导入时照样问。")
    left, _ = list_doubts(campaign)
    if following := _find_next([one.number for one in before], [one.number for one in left], number):
        return visit.go("import", following, say="已记下。")
    told = "已记下。" if left else "都答完了。再点一次“读成清单”，就按答复读。"
    return visit.go("import", say=told)


def _find_next(before: Sequence[str], left: Sequence[str], number: str) -> str:
    """Of the doubts that are ``left`` the one behind ``number`` as they stood ``before``, or the first; none after an answer was changed."""
    if number not in before:
        return ""
    at = before.index(number)
    return next((one for one in (*before[at + 1 :], *before[:at]) if one in left), "")


ROUTES = [
    route("/f/{folder}/import", _show_import),
    route("/f/{folder}/import/upload", _upload, "POST"),
    route("/f/{folder}/import/read", _import, "POST"),
    route("/f/{folder}/import/tables/upload", _import_tables, "POST"),
    route("/f/{folder}/import/{number}", _show_doubt),
    route("/f/{folder}/import/{number}/answer", _answer, "POST"),
]
