"""评完以后: what is inspected, what follows for the next budget, what the public sees, what goes to another system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from starlette.responses import Response

from workbook_tools.campaign.disclosing import TABLE_FILE, Disclosure, update_disclosure
from workbook_tools.campaign.exchanging import EXCHANGE, export_tables
from workbook_tools.campaign.folder import INSPECTION_FOLDER, MATTER_LIST, RECTIFICATION, SAMPLE_FOLDER
from workbook_tools.campaign.proposing import OUTCOME, write_proposals
from workbook_tools.campaign.publishing import LIST_FILE, Published, publish_projects
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.states import State
from workbook_tools.desk.convert import OptionalPdfs
from workbook_tools.exchange.format import list_formats
from workbook_tools.followup.proposals import propose
from workbook_tools.page.inspection_pages import find_inspected, tell_aside
from workbook_tools.page.jobs import Job, JobLine, Level, Onward
from workbook_tools.page.mending_pages import find_mending
from workbook_tools.page.output_files import list_outputs
from workbook_tools.page.review_pages import need_result
from workbook_tools.page.visiting import Visit, route
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.reports.hiding import NAME, NUMBER

_MOST_TOLD = 20
"""Things of one kind that a step names."""


def _show_after(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign)
    if stored is None:
        return visit.show("review_empty.html")
    result = stored.result
    advice = Counter((one.grade, one.advice) for one in propose(result, campaign.settings.outcome))
    return visit.show(
        "after.html",
        result=result,
        inspected=find_inspected(campaign),
        mending=find_mending(campaign, result.year, datetime.now(UTC)),
        mend_by=campaign.settings.rectify.mend_by,
        matter_list=f"{RECTIFICATION}/{MATTER_LIST}",
        rule=campaign.settings.sample,
        advice=advice.most_common(),
        formats=list_formats(campaign.forms),
        accepted=sum(project.state is State.ACCEPTED for project in result.projects),
        public_lists=[name for name in (LIST_FILE, TABLE_FILE) if (campaign.root / name).is_file()],
        said=visit.asked("said"),
        outputs={
            name: list_outputs(campaign, name)
            for name in (SAMPLE_FOLDER, INSPECTION_FOLDER, RECTIFICATION, OUTCOME, "公开", EXCHANGE)
        },
    )


# -- 结果应用 -------------------------------------------------------------------------------------------------------


def _propose(visit: Visit) -> Response:
    campaign = visit.campaign
    result = need_result(visit, campaign).result

    def work(_: Job) -> Iterator[JobLine]:
        done = write_proposals(campaign, result)
        for advice, times in done.advice.most_common():
            yield JobLine(f"{advice or '没有建议（没有报送、没有填完或没有等级）'}：{times} 个")
        if done.unknown_grades:
            told = f"wbt.toml 的 [outcome] 写了 {'、'.join(done.unknown_grades)}，没有项目是这个等级。"
            yield JobLine(told, Level.WARNING)
        yield from tell_aside(done.workbook, done.moved_aside)
        told = f"建议和依据在 {done.workbook}，已填财政意见的 {done.decided} 个都保留；怎样安排由财政部门决定。"
        yield JobLine(told, Level.GOOD)

    return visit.begin("写建议表", "after", "propose", work, Onward(part="propose"))


# -- 公开 -----------------------------------------------------------------------------------------------------------


def _publish(visit: Visit) -> Response:
    campaign, ready, with_pdfs = visit.campaign, bool(visit.typed("ready")), bool(visit.typed("pdf"))
    result = need_result(visit, campaign).result

    def work(job: Job) -> Iterator[JobLine]:
        pdfs = OptionalPdfs()
        done = publish_projects(
            campaign,
            result,
            campaign.folder("公开"),
            read_acceptances(campaign.result_file),
            datetime.now(UTC),
            pdfs.make if with_pdfs else lambda _: {},
            ready=ready,
            watch=job.watch,
        )
        yield from _tell_published(done)
        if pdfs.unavailable:
            yield JobLine(pdfs.unavailable, Level.WARNING)

    return visit.begin("做公开版", "after", "publish", work, Onward(part="publish"))


def _update_table(visit: Visit) -> Response:
    """The table of departments: what was typed into it is entered in the ledger."""
    campaign = visit.campaign

    def work(_: Job) -> Iterator[JobLine]:
        done = update_disclosure(campaign, datetime.now(UTC))
        yield from _tell_disclosure(done)
        if done.unrecorded:
            yield JobLine(done.unrecorded, Level.ERROR)

    return visit.begin("公开情况", "after", "publish", work, Onward(part="publish"))


def _tell_disclosure(done: Disclosure) -> Iterator[JobLine]:
    """Where the table is, and what is still to be typed into it."""
    if done.moved_aside:
        told = f"原来的“{done.workbook.name}”有手工改动，已另存为“{done.moved_aside.name}”，其中填的已登记。"
        yield JobLine(told)
    for line in done.waiting[:_MOST_TOLD]:
        yield JobLine(f"{line.department}：{line.state}", Level.WARNING)
    asked = f"，{len(done.waiting)} 个部门还有要填的，填好保存，再点“登记公开情况”" if done.waiting else ""
    yield JobLine(f"各部门公开情况在 {done.workbook}{asked}。", Level.GOOD)


def _tell_published(done: Published) -> Iterator[JobLine]:
    """What is published, and what somebody must look at before."""
    public = len(done.public)
    if public:
        told = f"公开版有 {public} 个项目，{sum(len(item.files) for item in done.public)} 个文件，其中 {done.written} 个是新写的。"
        yield JobLine(told, Level.GOOD)
    else:
        yield JobLine("没有可以公开的项目：只公开已接收的；可接收的也要公开，勾选“可接收的也做”。", Level.WARNING)
    if withheld := len(done.items) - public:
        yield JobLine(f"不公开 {withheld} 个，原因见 {LIST_FILE}。")
    if done.waiting:
        told = f"{len(done.waiting)} 份汇总报告没有公开：有草稿没有确认，请在“报告”页确认。"
        yield JobLine(told, Level.WARNING)
    counts = Counter((one.kind, one.struck) for one in done.hidden)
    for kind, what in ((NUMBER, "电话号码"), (NAME, "人的姓名")):
        if struck := counts[kind, True]:
            yield JobLine(f"文字里有 {struck} 处{what}，公开版中已隐去，在哪里见 {LIST_FILE}。", Level.WARNING)
    if doubtful := counts[NAME, False]:
        told = f"另有 {doubtful} 处可能是姓名，没有隐去，公开以前请对照 {LIST_FILE} 看一遍。"
        yield JobLine(told, Level.WARNING)
    for source, trouble in list(done.without_pdf.items())[:_MOST_TOLD]:
        yield JobLine(f"“{source.name}”没有做成 pdf：{trouble}", Level.WARNING)
    for path in done.asides:
        yield JobLine(f"原来的文件有手工改动，已另存为“{path.name}”。")
    for path in done.withdrawn[:_MOST_TOLD]:
        yield JobLine(f"“{path}”以前公开过，现在不公开，请移走；已经上网的请撤下。", Level.ERROR)
    yield from _tell_disclosure(done.disclosure)
    if done.unrecorded:
        yield JobLine(done.unrecorded, Level.ERROR)


# -- 交换 -----------------------------------------------------------------------------------------------------------


def _export(visit: Visit) -> Response:
    campaign, name, strict = visit.campaign, visit.typed("format"), bool(visit.typed("strict"))
    ending = ".xls" if visit.typed("ending") == ".xls" else ".xlsx"
    if name not in list_formats(campaign.forms):
        raise SettingsError("没有这个交换格式。")
    result = need_result(visit, campaign).result

    def work(_: Job) -> Iterator[JobLine]:
        done = export_tables(campaign, result, name, campaign.root / EXCHANGE / f"{name}{ending}", strict=strict)
        for fault in done.faults[:_MOST_TOLD]:
            yield JobLine(fault, Level.WARNING)
        if len(done.faults) > _MOST_TOLD:
            yield JobLine(f"…… 共 {len(done.faults)} 处太长", Level.WARNING)
        yield from tell_aside(done.path, done.moved_aside)
        rows = "，".join(f"{sheet} {rows} 行" for sheet, rows in done.rows.items())
        yield JobLine(f"已写出 {done.path}：{rows}。", Level.GOOD)

    return visit.begin("导出", "after", "export", work, Onward(part="export"))


ROUTES = [
    route("/f/{folder}/after", _show_after),
    route("/f/{folder}/after/propose", _propose, "POST"),
    route("/f/{folder}/after/publish", _publish, "POST"),
    route("/f/{folder}/after/publish/table", _update_table, "POST"),
    route("/f/{folder}/after/export", _export, "POST"),
]
