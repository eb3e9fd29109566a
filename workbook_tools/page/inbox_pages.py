"""收表: files are taken in, each is told what it is and what became of it, who is missing, and a reminder to send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import Response

from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.ledger.reminder import REMINDER_FILE, compose_reminders, remind_departments
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.campaign.receiving import TakenFile, take_file
from workbook_tools.campaign.returning import tell_newer
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.desk.old_documents import OldDocuments
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.visiting import Visit, route
from workbook_tools.results.finding_tables import errors_first
from workbook_tools.review.states import find_unused_files

_PAGE = 500
"""Files of a page."""


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file in 回收, and what became of it."""

    name: str
    modified: datetime | None
    code: str = ""
    """The project that it counts for."""
    told: str = ""
    state: State | None = None
    level: str = ""


def _show_inbox(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign)
    progress = visit.folder.find_progress(campaign)
    standing = progress.standing
    rows = standing.rows if standing else []
    files = visit.folder.keep(
        "arrived", visit.folder.stamp, lambda: list(_list_arrived(campaign, stored.result if stored else None))
    )
    missing = [row for row in rows if row.state is State.MISSING]
    judged = find_unused_files(stored.result) if stored else set()
    told = {row.unread_file for row in missing}
    reminder, stale = _read_reminder(campaign, rows)
    last = max(-(-len(files) // _PAGE), 1)
    typed = visit.asked("page", "1")
    number = min(max(int(typed) if typed.isdecimal() else 1, 1), last)
    return visit.show(
        "inbox.html",
        files=files[(number - 1) * _PAGE : number * _PAGE],
        number=number,
        last=last,
        found=len(files),
        fresh=sum(file.level == "new" for file in files),
        said=visit.asked("said"),
        missing=missing,
        unlisted="" if standing else progress.steps[0].reason,
        nameless=[file.name for file in files if file.name in judged and file.name not in told],
        out=[row for row in rows if row.is_out],
        note=standing.note if standing else "",
        reminder=reminder,
        stale=stale,
        reminder_name=REMINDER_FILE,
        inbox=campaign.folder(INBOX),
        reviewed=stored is not None,
    )


def _read_reminder(campaign: Campaign, rows: Sequence[StatusRow]) -> tuple[str, bool]:
    """催报文字 as it was written, if it still says who owes what; else nothing, and that there is one which does not."""
    path = campaign.root / REMINDER_FILE
    if not path.is_file():
        return "", False
    text, written = path.read_text("utf-8-sig"), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (text, False) if text == compose_reminders(campaign, rows, written) else ("", True)


def _list_arrived(campaign: Campaign, result: ReviewResult | None) -> Iterator[ArrivedFile]:
    """Every file as the review calls it, those that were not reviewed first."""
    inbox = campaign.folder(INBOX)
    if not inbox.is_dir():
        return
    sources, passed = find_sources(inbox)
    is_newer = tell_newer(campaign.result_file, result) if result else _is_anything
    counted = {project.file: project for project in result.projects} if result else {}
    unused = find_unused_files(result) if result else set()
    told: dict[str, list[Finding]] = {}
    for item in result.findings if result else ():
        if item.code.startswith("FILE"):
            told.setdefault(item.file, []).append(item)
    for source in sorted(sources, key=lambda one: (not is_newer(one), one.name)):
        when, project = datetime.fromtimestamp(source.modified, UTC), counted.get(source.name)
        said = errors_first(told.get(source.name, ()))
        if is_newer(source):
            yield ArrivedFile(source.name, when, told="还没有审核", level="new")
        elif project:
            yield ArrivedFile(source.name, when, project.code, f"{project.code} {project.name}", project.state)
        else:
            why = f"{said[0].message}。{said[0].advice}" if said else "没有计入：重复的、较旧的，或者没有填写"
            yield ArrivedFile(source.name, when, told=why, level="error" if source.name in unused else "info")
    for item in passed:
        yield ArrivedFile(item.file, None, told=f"{item.message}。{item.advice}", level=item.severity.value)


def _is_anything(_: SourceFile) -> bool:
    """Nothing was reviewed yet."""
    return True


def _upload(visit: Visit) -> Response:
    return visit.go("inbox", say=take_files(visit, visit.campaign.folder(INBOX)))


def take_files(visit: Visit, place: Path) -> str:
    """Take in what was sent, whole or not at all, file by file; what is to be said of it. Raises SettingsError, OutputError."""
    sent, taken = list(visit.files()), list[TakenFile]()
    if not sent:
        raise SettingsError("没有选文件。请先选文件或者文件夹，也可以直接把它们拖到框里。")
    try:
        for number, item in enumerate(sent):
            visit.desk.taking = number, len(sent)
            taken.append(take_file(place, _read_name(item), item.file))
    finally:
        visit.desk.taking = 0, 0
    known, renamed = sum(one.known for one in taken), sum(one.renamed for one in taken)
    parts = [f"收下 {len(taken) - known} 个文件"]
    parts += [f"{known} 个原来就有，没有再收"] if known else []
    parts += [f"{renamed} 个与已有的同名而内容不同，名称后面加了编号"] if renamed else []
    return "，".join(parts) + "。"


def _read_name(item: UploadFile) -> str:
    """Where the file lay, as its user sees it: browsers write a quotation mark in a name as %22."""
    return (item.filename or "").replace("%22", '"')


def _review(visit: Visit) -> Response:
    campaign, fresh, folder = visit.campaign, bool(visit.typed("fresh")), visit.folder

    def work(job: Job) -> Iterator[JobLine]:
        with OldDocuments() as old:
            done = review_inbox(
                campaign,
                campaign.folder(INBOX),
                campaign.known_keys(),
                datetime.now(UTC),
                out=campaign.folder("审核"),
                prepare=old.convert,
                fresh=fresh,
                watch=job.watch,
            )
        result = done.result
        if not result.reviewed_files:
            yield JobLine(f"“{INBOX}”里没有工作簿。请先把单位报来的文件放进去。", Level.WARNING)
            return
        yield JobLine(
            f"审核了 {result.reviewed_files} 个文件，{len(result.projects)} 个项目；还缺 {len(result.missing)} 个项目。",
            Level.GOOD,
        )
        if unused := sorted(find_unused_files(result)):
            told = "、".join(f"“{name}”" for name in unused[:5]) + (" 等" if len(unused) > 5 else "")
            yield JobLine(
                f"有 {len(unused)} 个文件没有采用：{told}。为什么、怎么办，见“收表”页；单位已经重新报来的不用管。",
                Level.WARNING,
            )
        if done.review.unchanged:
            yield JobLine(f"其中 {done.review.unchanged} 个文件没有变化，沿用上次的审核。")
        if done.stored:
            for problem in done.stored.problems:
                yield JobLine(str(problem), Level.WARNING)
            if done.stored.told_aside:
                yield JobLine(done.stored.told_aside, Level.WARNING)
        if done.unrecorded:
            yield JobLine(done.unrecorded, Level.ERROR)
        folder.read_result(campaign)  # so that the next page is there at once

    return visit.begin("审核", "review", "review", work, Onward("继续：看审核结果"))


def _remind(visit: Visit) -> Response:
    campaign, now = visit.campaign, datetime.now(UTC)
    remind_departments(campaign, find_standing(campaign, now, visit.folder.reading).rows, now)
    return visit.go("inbox", say="催报文字写好了，在本页下面，可以复制。")


ROUTES = [
    route("/f/{folder}/inbox", _show_inbox),
    route("/f/{folder}/inbox/upload", _upload, "POST"),
    route("/f/{folder}/inbox/review", _review, "POST"),
    route("/f/{folder}/inbox/remind", _remind, "POST"),
]
