"""A project's page: its form as it looks with what is wrong at its cells, how each score came about, texts beside what they copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.responses import Response

from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.judging import judge_score, rule_answers
from workbook_tools.campaign.ledger.accepting import accept_projects, withdraw_acceptance
from workbook_tools.campaign.ledger.author import name_command
from workbook_tools.campaign.ledger.keeping import find_versions
from workbook_tools.campaign.reviewing import refresh_states
from workbook_tools.campaign.versions import compare_last_version
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.states import State
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.page.pictures import SheetPicture, cell_id, draw_workbook_pictures
from workbook_tools.page.review_pages import ReviewIndex, begin_return, finish_accepting, index_result, need_result
from workbook_tools.page.visiting import Visit, route
from workbook_tools.results.answer_sheet import list_questions
from workbook_tools.results.facts import final_grade_text, indicator_entries, name_level
from workbook_tools.results.finding_tables import describe_whole, say_answer
from workbook_tools.returns.writing import name_notice
from workbook_tools.review.folding import fold_findings


@dataclass(frozen=True, slots=True)
class TextBeside:
    """A text of the project, and the one that it resembles."""

    label: str
    told: str
    cell: str
    """Where a link to it leads."""
    own: str
    other: str
    other_name: str
    other_code: str


def _find_project(visit: Visit, index: ReviewIndex) -> tuple[ProjectRow, ProjectRow | None, ProjectRow | None]:
    """The project of the address, and the ones before and after it in the order of the work."""
    ordered, code = index.ordered, visit.request.path_params["code"]
    at = index.places.get(code)
    if at is None:
        raise SettingsError(
            f"审核结果里没有 {code}：还没有报来，或者清单里已经没有它。报来的项目都在“审核”页，没有报的在“收表”页。"
        )
    return ordered[at], ordered[at - 1] if at else None, ordered[at + 1] if at + 1 < len(ordered) else None


def _show_project(visit: Visit) -> Response:
    campaign = visit.campaign
    index = index_result(visit, need_result(visit, campaign).result)
    project, before, after = _find_project(visit, index)
    alone = index.pick(project)
    own = alone.findings
    sources = _find_sources(visit, campaign)
    pictures, trouble = _draw_form(campaign, sources, project, own)
    return visit.show(
        "project.html",
        project=project,
        before=before,
        after=after,
        grade=final_grade_text(project),
        pictures=pictures,
        trouble=trouble,
        causes=fold_findings(own, [project]),
        describe=describe_whole,
        level=name_level,
        cell_id=cell_id,
        say_answer=say_answer,
        entries=indicator_entries(alone),
        compared=compare_last_version(campaign, project, sources, index.ordered),
        texts=list(_compare_texts(index, project, own)),
        questions=list_questions(alone, {}),
        returnable=project.state in (State.TO_CORRECT, State.TO_EXPLAIN),
        sent_back=_find_sent_back(visit, campaign, project),
        by=campaign.settings.return_by,
        said=visit.asked("said"),
        downloadable=project.file in sources,
    )


def _find_sent_back(visit: Visit, campaign: Campaign, project: ProjectRow) -> list[str]:
    """What the unit is to get, or has got, where its project was returned and has not come again: the copy and the notice."""
    standing = visit.folder.find_progress(campaign).standing
    if standing is None or not any(row.code == project.code and row.is_out for row in standing.rows):
        return []
    key = project.year, project.code
    versions = find_versions(campaign, [key], []).get(key, [])
    copy = next((campaign.root / one.returned_file for one in reversed(versions) if one.returned_file), None)
    if copy is None:
        return []
    own, whole = name_notice(copy.parent, project.code), name_notice(copy.parent)
    notice = own if own.is_file() else whole
    return [path.relative_to(campaign.root).as_posix() for path in (copy, notice) if path.is_file()]


def _find_sources(visit: Visit, campaign: Campaign) -> Mapping[str, SourceFile]:
    """The files in 回收 by name."""
    inbox = campaign.folder(INBOX)

    def find() -> Mapping[str, SourceFile]:
        return {source.name: source for source in find_sources(inbox)[0]} if inbox.is_dir() else {}

    return visit.folder.keep("sources", visit.folder.inbox_stamp, find)


def _draw_form(
    campaign: Campaign, sources: Mapping[str, SourceFile], project: ProjectRow, findings: Sequence[Finding]
) -> tuple[list[SheetPicture], str]:
    """The form that counts, and why there is no picture of it."""
    source = sources.get(project.file)
    if source is None:
        return [], f"“{project.file}”已经不在“{INBOX}”里了。"
    changed = (
        "审核以后这个文件又有改动，画出来的是现在的样子，请再审核一次。"
        if source.modified > campaign.result_file.stat().st_mtime
        else ""
    )
    if source.is_document or source.is_old_document:
        return [], "这是 Word 文件，请下载看。"
    try:
        return draw_workbook_pictures(source.path, source.read(), findings), changed
    except UnreadableWorkbook as exc:
        return [], f"画不出来：{exc.message}"


def _compare_texts(index: ReviewIndex, project: ProjectRow, findings: Sequence[Finding]) -> Iterator[TextBeside]:
    """Each text of which a finding says that it resembles another one."""
    for item in findings:
        key = next(
            (k for k, place in project.text_places.items() if (place.sheet, place.cell) == (item.sheet, item.cell)), ""
        )
        place = index.places.get(item.shares_with)
        other = None if place is None else index.ordered[place]
        if key and other and other.texts.get(key):
            yield TextBeside(
                project.text_places[key].label,
                item.message,
                cell_id(item.sheet, item.cell),
                project.texts[key],
                other.texts[key],
                other.name,
                other.code,
            )


def _download_form(visit: Visit) -> Response:
    """The file that counts as it was sent, out of its archive where it came in one."""
    campaign = visit.campaign
    project, _, _ = _find_project(visit, index_result(visit, need_result(visit, campaign).result))
    source = _find_sources(visit, campaign).get(project.file)
    if source is None:
        raise SettingsError(f"“{project.file}”已经不在“{INBOX}”里了。")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(PurePosixPath(source.name).name)}"}
    return Response(source.read(), media_type="application/octet-stream", headers=headers)


def _judge(visit: Visit) -> Response:
    visit.need_quiet()
    campaign = visit.campaign
    code, key = visit.request.path_params["code"], (*visit.typed("key").split("\x1f"),)
    if len(key) != 5 or not key[4].isdecimal():
        raise SettingsError("没有这个指标。")
    score = visit.typed("score")
    stored = judge_score(
        campaign,
        (key[0], key[1], key[2], key[3], int(key[4])),
        score,
        visit.typed("reason"),
        visit.take_name("by"),
        datetime.now(UTC),
    )
    visit.folder.put_result(stored)
    told = f"“{key[3]}”核定为 {score} 分。" if score else f"“{key[3]}”的核定已撤回。"
    return visit.go("project", code, say=told + stored.told_aside)


def _rule(visit: Visit) -> Response:
    """One 提醒, or all that are ticked."""
    visit.need_quiet()
    code, numbers = visit.request.path_params["code"], visit.typed_all("number")
    stored, unrecorded = rule_answers(
        visit.campaign,
        code,
        numbers,
        visit.typed("ruling"),
        visit.typed("reason"),
        visit.take_name("by"),
        datetime.now(UTC),
    )
    visit.folder.put_result(stored)
    told = f"{len(numbers)} 条提醒的接受说明已记下。" if len(numbers) > 1 else "接受说明已记下。"
    return visit.go("project", code, say=told + unrecorded + stored.told_aside)


def _accept(visit: Visit) -> Response:
    visit.need_quiet()
    name_command("accept")
    campaign, code = visit.campaign, visit.request.path_params["code"]
    row, _, _ = _find_project(visit, index_result(visit, need_result(visit, campaign).result))
    if row.state is State.TO_CORRECT and not visit.typed("sure"):
        raise SettingsError(
            "这个项目还有错误，没有接收。要单位改的，点“退回这个项目”；确要就这样接收的，先勾选“有错误也接收”。"
        )
    done = accept_projects(
        campaign,
        [code],
        datetime.now(UTC),
        who=visit.need_name("who"),
        because=visit.typed("because"),
        reading=visit.folder.reading,
    )
    return visit.go("project", code, say=finish_accepting(visit, done))


def _withdraw(visit: Visit) -> Response:
    """An acceptance is taken back."""
    visit.need_quiet()
    name_command("accept")
    campaign, code = visit.campaign, visit.request.path_params["code"]
    who = visit.need_name("who")
    done = withdraw_acceptance(
        campaign, [code], datetime.now(UTC), who=who, because=visit.typed("because"), reading=visit.folder.reading
    )
    stored = refresh_states(campaign, done.accepted_by)
    visit.folder.put_result(stored)
    told = "接收已撤回，项目回到接收以前的状态。" if done.done else "这个项目没有接收过，什么也没有撤回。"
    return visit.go("project", code, say=told + done.trouble + (stored.told_aside if stored else ""))


def _return(visit: Visit) -> Response:
    code = visit.request.path_params["code"]
    return begin_return(visit, f"project/{quote(code, safe='')}", [code])


ROUTES = [
    route("/f/{folder}/project/{code:path}/return", _return, "POST"),
    route("/f/{folder}/project/{code:path}/judge", _judge, "POST"),
    route("/f/{folder}/project/{code:path}/rule", _rule, "POST"),
    route("/f/{folder}/project/{code:path}/accept", _accept, "POST"),
    route("/f/{folder}/project/{code:path}/withdraw", _withdraw, "POST"),
    route("/f/{folder}/project/{code:path}/form", _download_form, whole=True),
    route("/f/{folder}/project/{code:path}", _show_project),
]
