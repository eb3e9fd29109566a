"""汇总 and 报告: written, read and accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from starlette.responses import Response

from workbook_tools.campaign.drafting import DraftKey, accept_drafts, list_drafts, settle_draft
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.report_texts import FILE_NAME
from workbook_tools.campaign.reporting import report_result
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.former_outputs import tell_former
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.output_files import is_behind, list_outputs
from workbook_tools.page.review_pages import count_newer, need_result
from workbook_tools.page.shelves import Same
from workbook_tools.page.visiting import Visit, route
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.results.facts import final_grade_text, grade_tints

_DRAFTS = 50
"""Drafts of a page."""


def _show_summary(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign)
    if stored is None:
        return visit.show("review_empty.html")
    result = stored.result
    counts = Counter(map(final_grade_text, result.projects))
    grades = [(name, counts[name]) for name in dict.fromkeys((*grade_tints(result), *counts)) if counts[name]]
    return visit.show(
        "summary.html",
        result=result,
        grades=grades,
        most=max((count for _, count in grades), default=1),
        departments=visit.folder.keep("averages", Same(result), lambda: _average_departments(result)),
        files=list_outputs(campaign, "汇总"),
        behind=is_behind(campaign, "汇总"),
        grade=final_grade_text,
        newer=count_newer(campaign, result),
    )


def _average_departments(result: ReviewResult) -> list[tuple[str, float, int]]:
    """Each department with the mean of the totals that count and how many these are, the lowest first."""
    totals: dict[str, list[float]] = {}
    for project in result.projects:
        if project.counted_total is not None:
            totals.setdefault(project.department or NO_DEPARTMENT, []).append(project.counted_total)
    means = [(name, round(sum(own) / len(own), 2), len(own)) for name, own in totals.items()]
    return sorted(means, key=lambda one: one[1])


def _merge(visit: Visit) -> Response:
    campaign = visit.campaign
    result = need_result(visit, campaign).result

    def work(job: Job) -> Iterator[JobLine]:
        done = merge_result(campaign, result, campaign.folder("汇总"), watch=job.watch)
        superior = f"、{len(done.superior.tables)} 个上级规定的表" if done.superior.tables else ""
        same = f"，其中 {done.unchanged} 个没有变化" if done.unchanged else ""
        yield JobLine(
            f"写好 {len(done.workbooks)} 个汇总工作簿和 {len(done.tables)} 个汇总表{superior}{same}，在“汇总”文件夹里，下一页可以下载。",
            Level.GOOD,
        )
        if former := tell_former(campaign.folder("汇总"), done.former):
            yield JobLine(former, Level.WARNING)
        for note in done.superior.notes:
            yield JobLine(f"{note}。", Level.WARNING)
        for fault in done.superior.faults:
            yield JobLine(f"这个表没有填，其余的照常：{fault}。", Level.ERROR)
        if done.losses:
            yield JobLine(f"模板 {done.form.name} 中的{'、'.join(done.losses)}带不到汇总表里。", Level.WARNING)

    return visit.begin("汇总", "summary", "merge", work, Onward("继续：看汇总，下载"))


def _show_report(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign)
    if stored is None:
        return visit.show("review_empty.html")
    accepted = read_acceptances(campaign.result_file)
    drafts = visit.folder.keep("drafts", visit.folder.stamp, lambda: list_drafts(stored.result, accepted))
    waiting = [draft for draft in drafts if not accepted.holds(draft)]
    everything = bool(visit.asked("all"))
    shown = drafts if everything else waiting
    number = visit.asked("page", "1")
    last = max(-(-len(shown) // _DRAFTS), 1)
    page = min(max(int(number) if number.isdecimal() else 1, 1), last)
    codes = {project.code for project in stored.result.projects}
    return visit.show(
        "report.html",
        files=list_outputs(campaign, "报告"),
        behind=is_behind(campaign, "报告"),
        drafts=shown[(page - 1) * _DRAFTS : page * _DRAFTS],
        total=len(drafts),
        waiting=len(waiting),
        accepted=accepted,
        codes=codes,
        number=page,
        last=last,
        everything=everything,
        texts=FILE_NAME,
        newer=count_newer(campaign, stored.result),
        said=visit.asked("said"),
    )


def _report(visit: Visit) -> Response:
    campaign = visit.campaign
    result = need_result(visit, campaign).result

    def work(job: Job) -> Iterator[JobLine]:
        done = report_result(
            campaign, result, campaign.folder("报告"), campaign.result_file, datetime.now(), watch=job.watch
        )
        same = f"，其中 {done.unchanged} 份没有变化" if done.unchanged else ""
        yield JobLine(f"写好 {len(done.files)} 份报告{same}，在“报告”文件夹里，下一页可以下载。", Level.GOOD)
        former = tell_former(campaign.folder("报告"), done.former)
        for told in filter(None, (former, *done.form_warnings, *done.text_faults, *done.word_faults)):
            yield JobLine(told, Level.WARNING)
        if done.word_edits:
            yield JobLine(f"收回了在 Word 里改的 {len(done.word_edits)} 段文字，请在“报告”页核对、确认。")
        for path in done.asides:
            yield JobLine(f"有一份报告手工保存过，原样另存为“{path.name}”。")
        if done.waiting:
            yield JobLine(f"其中 {done.waiting} 段文字是起草的，已标为草稿。请在“报告”页看过、确认，再出一次报告。")

    return visit.begin("出报告", "report", "report", work, Onward("继续：下载，核对起草的文字"))


def _settle(visit: Visit) -> Response:
    visit.need_quiet()
    campaign = visit.campaign
    by = visit.take_name("by") if visit.typed("do") == "accept" else ""
    if visit.typed("do") == "accept" and not by:
        raise SettingsError("请写明确认人。")
    text = visit.typed("text").replace("\r\n", "\n")
    key, _ = _take_key(visit.typed("key") + "\x1f")
    draft = settle_draft(campaign, need_result(visit, campaign).result, key, text, by, datetime.now(UTC))
    return visit.go("report", say=f"“{draft.label}”{'已确认' if by else '已撤回确认'}。再出一次报告，报告里就变了。")


def _settle_ticked(visit: Visit) -> Response:
    """All that are ticked are accepted as they were read."""
    visit.need_quiet()
    campaign = visit.campaign
    read = dict(map(_take_key, visit.typed_all("ticked")))
    if not read:
        raise SettingsError("请先勾选看过的草稿。没有确认。")
    drafts = accept_drafts(
        campaign, need_result(visit, campaign).result, read, visit.need_name("by"), datetime.now(UTC)
    )
    return visit.go("report", say=f"{len(drafts)} 段已确认。再出一次报告，报告里就变了。")


def _take_key(text: str) -> tuple[DraftKey, str]:
    """Which draft it is, and the digest of the text that was read. Raises SettingsError."""
    parts = text.split("\x1f")
    if len(parts) != 4 or not parts[0].isdecimal():
        raise SettingsError("没有这段草稿。")
    return (int(parts[0]), parts[1], parts[2]), parts[3]


ROUTES = [
    route("/f/{folder}/summary", _show_summary),
    route("/f/{folder}/summary/merge", _merge, "POST"),
    route("/f/{folder}/report", _show_report),
    route("/f/{folder}/report/write", _report, "POST"),
    route("/f/{folder}/report/settle", _settle, "POST"),
    route("/f/{folder}/report/ticked", _settle_ticked, "POST"),
]
