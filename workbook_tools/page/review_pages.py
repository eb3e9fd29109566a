"""审核: all projects by state, errors first; return, accept, download."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from starlette.responses import Response

from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.ledger.accepting import AcceptedProjects, accept_projects
from workbook_tools.campaign.ledger.author import name_command
from workbook_tools.campaign.ledger.records import LedgerError
from workbook_tools.campaign.ledger.standing import Standing
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.campaign.returning import ReturnedFiles, find_newer, return_files
from workbook_tools.campaign.reviewing import refresh_states
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.states import State
from workbook_tools.core.trust import Trust
from workbook_tools.page.jobs import ONWARD, Job, JobLine, Level, Onward
from workbook_tools.page.output_files import list_outputs
from workbook_tools.page.shelves import Same
from workbook_tools.page.visiting import Visit, route
from workbook_tools.reports.acceptance import group_by_project
from workbook_tools.results.facts import final_grade_text, name_level
from workbook_tools.results.folder import StoredResult
from workbook_tools.results.overview import rank_waiting
from workbook_tools.returns.archiving import ARCHIVE, archive_files
from workbook_tools.review.folding import fold_findings

_PAGE = 100
"""Projects of a page."""
_TO_DO = (State.TO_CORRECT, State.TO_EXPLAIN, State.READY, State.ACCEPTED)
"""States of what came, in the order of the work."""
_ASKED = ("state", "trust", "department", "word")
"""What the address of the page may ask for."""
_NAMED = 5
"""Projects that a sentence names; what is said goes through an address, which has an end."""


@dataclass(frozen=True)
class ReviewIndex:
    """A result as its pages ask for it."""

    result: ReviewResult
    ordered: tuple[ProjectRow, ...]
    """Those with most to put right first."""
    counts: Counter[tuple[str, str]]
    """Of each project how many causes there are of a level; one that several have in common counts for each."""

    @cached_property
    def places(self) -> dict[str, int]:
        """Code → place in the order."""
        return {project.code: place for place, project in enumerate(self.ordered)}

    @cached_property
    def findings(self) -> Mapping[str, list[Finding]]:
        """Code → what was found in the project."""
        return group_by_project(self.result.findings)

    @cached_property
    def indicators(self) -> Mapping[str, list[IndicatorRow]]:
        """Code → its indicators."""
        return group_by_project(self.result.indicators)

    def pick(self, project: ProjectRow) -> ReviewResult:
        """The result as if it were of one project alone."""
        own = {"findings": tuple(self.findings[project.code]), "indicators": tuple(self.indicators[project.code])}
        return self.result.model_copy(update={"projects": (project,), "missing": (), **own})


def index_result(visit: Visit, result: ReviewResult) -> ReviewIndex:
    """The index of a result, made once."""
    return visit.folder.keep("index", Same(result), lambda: build_index(result))


def build_index(result: ReviewResult) -> ReviewIndex:
    """Its projects in the order of the work, with what there is to put right in each."""
    folded = fold_findings(result.findings, result.projects, result.missing)
    counts = Counter((code, name_level(one.first)) for one in folded for code in {f.project_code for f in one.findings})
    waiting = rank_waiting(result, counts)
    seen = {project.code for project in waiting}
    rest = sorted((p for p in result.projects if p.code not in seen), key=lambda p: _TO_DO.index(p.state))
    return ReviewIndex(result, (*waiting, *rest), counts)


def choose_projects_shown(visit: Visit, projects: Sequence[ProjectRow]) -> list[ProjectRow]:
    """Those that the address asks for: of a state, of a 来源, of a department, with a word in code or name."""
    state, department, word = visit.asked("state"), visit.asked("department"), visit.asked("word").strip()
    trust = visit.asked("trust")
    return [
        project
        for project in projects
        if (not state or project.state.value == state)
        and (not trust or project.trust.value == trust)
        and (not department or project.department == department)
        and (not word or word in project.name or word in project.code or word in project.unit)
    ]


def need_result(visit: Visit, campaign: Campaign) -> StoredResult:
    """审核结果 as it stands now. Raises SettingsError before the first review."""
    stored = visit.folder.read_result(campaign)
    if stored is None:
        raise SettingsError("还没有审核过。请先在“收表”页收下单位报来的文件，点“审核”。")
    return stored


def count_newer(campaign: Campaign, result: ReviewResult) -> int:
    """Files that have come in since the review: what is made of its result knows nothing of them."""
    inbox = campaign.folder(INBOX)
    return len(find_newer(campaign.result_file, result, inbox)) if inbox.is_dir() else 0


def _show_review(visit: Visit) -> Response:
    campaign = visit.campaign
    stored = visit.folder.read_result(campaign)
    if stored is None:
        return visit.show("review_empty.html")
    result = stored.result
    index = index_result(visit, result)
    chosen = choose_projects_shown(visit, index.ordered)
    number = visit.asked("page", "1")
    page = min(max(int(number) if number.isdecimal() else 1, 1), max(-(-len(chosen) // _PAGE), 1))
    shown = chosen[(page - 1) * _PAGE : page * _PAGE]
    standing, trouble = _find_standing(visit, campaign)
    unneeded = _list_unneeded(campaign, standing)
    returned = [name for name in list_outputs(campaign, "退回") if name not in unneeded]
    open_ones = [project for project in shown if not project.accepted_by]
    return visit.show(
        "review.html",
        result=result,
        projects=shown,
        counts=index.counts,
        found=len(chosen),
        states=Counter(project.state for project in result.projects),
        order=_TO_DO,
        number=page,
        pages_in_all=max(-(-len(chosen) // _PAGE), 1),
        departments=list(dict.fromkeys(project.department for project in result.projects)),
        grade=final_grade_text,
        asked={name: visit.asked(name) for name in _ASKED},
        trusts=_list_trusts(result),
        open_ones=len(open_ones),
        out={row.code for row in standing.rows if row.is_out} if standing else (),
        known=standing is not None,
        doubted=any(not p.trust.is_accepted_in_bulk for p in open_ones),
        faulty=any(p.state is State.TO_CORRECT for p in open_ones),
        problems=(*stored.problems, *trouble),
        newer=count_newer(campaign, result),
        ready=sum(p.state is State.READY and p.trust.is_accepted_in_bulk for p in result.projects),
        returned=returned,
        packets=Counter(path.split("/")[1] for path in returned if path.count("/") > 1),
        unneeded=unneeded,
        by=campaign.settings.return_by,
        said=visit.asked("said"),
    )


def _find_standing(visit: Visit, campaign: Campaign) -> tuple[Standing | None, list[str]]:
    """Where the projects stand, or why the ledger does not say: the result is seen all the same."""
    try:
        return visit.folder.find_progress(campaign).standing, []
    except LedgerError as exc:
        return None, [str(exc)]


def _archive(visit: Visit) -> Response:
    campaign, (standing, _) = visit.campaign, _find_standing(visit, visit.campaign)
    unneeded = _list_unneeded(campaign, standing)
    archive_files(campaign.folder("退回"), [campaign.root / name for name in unneeded])
    return visit.go("review", say=f"{len(unneeded)} 个不用再发的退回副本已移到 {campaign.folder('退回') / ARCHIVE}。")


def _list_unneeded(campaign: Campaign, standing: Standing | None) -> dict[str, str]:
    """The copies in 退回 that no unit is to get any more, and why."""
    return {n: why for n, why in standing.unneeded.items() if (campaign.root / n).is_file()} if standing else {}


def _return(visit: Visit) -> Response:
    return begin_return(visit, "review", onward=Onward("继续：下载要发给单位的文件", "return"))


def begin_return(visit: Visit, back: str, only: Collection[str] = (), onward: Onward = ONWARD) -> Response:
    """Return all, or ``only`` projects of these codes; ``back`` is the page that it is begun on."""
    campaign, by, errors_only = visit.campaign, visit.typed("by"), bool(visit.typed("errors_only"))
    result = need_result(visit, campaign).result

    def work(job: Job) -> Iterator[JobLine]:
        returned = return_files(
            campaign,
            result,
            campaign.folder(INBOX),
            campaign.folder("退回"),
            campaign.known_keys(),
            datetime.now(UTC),
            by=by if by != campaign.settings.return_by else "",
            ask=not errors_only,
            only=only,
            watch=job.watch,
        )
        yield from _tell_returned(returned, campaign.folder("退回"))

    return visit.begin("退回", back, "return", work, onward)


def _tell_returned(returned: ReturnedFiles, folder: Path) -> Iterator[JobLine]:
    if not returned.items:
        yield JobLine("没有需要退回的文件。", Level.GOOD)
    else:
        yield JobLine(
            f"做好 {len(returned.copies)} 个退回副本、{len(returned.notices)} 份退回通知，在 {folder}。"
            + (f"重新报送的期限是 {returned.by.text}。" if returned.by else "没有写期限，通知请单位“尽快”重报。"),
            Level.GOOD,
        )
    for item in returned.without_copy:
        yield JobLine(f"没有退回副本：{item.file}：{item.reason}", Level.WARNING)
    for item in returned.doubtful:
        if item.project:
            told = f"{item.project.code} 的副本取自不是本期下发的文件：{item.project.trust}（{item.project.trust_reason}）。"
            yield JobLine(told, Level.WARNING)
    if returned.hand_made:
        yield JobLine(f"有 {len(returned.hand_made)} 份手工表格没有副本，问题和所在单元格写在退回通知里。")
    if returned.archived:
        yield JobLine(f"以前的 {len(returned.archived)} 个退回文件不再有效，已移到 {folder / ARCHIVE}。")
    if returned.unrecorded:
        yield JobLine(returned.unrecorded, Level.ERROR)


def _accept_all(visit: Visit) -> Response:
    visit.need_quiet()
    name_command("accept")
    campaign = visit.campaign
    done = accept_projects(
        campaign, [], datetime.now(UTC), every=True, who=visit.need_name("who"), reading=visit.folder.reading
    )
    return visit.go("review", say=finish_accepting(visit, done))


def _accept_ticked(visit: Visit) -> Response:
    """Those that are ticked, for one reason where some are not 本期下发."""
    visit.need_quiet()
    name_command("accept")
    campaign, codes, because = visit.campaign, set(visit.typed_all("code")), visit.typed("because")
    rows = [row for row in need_result(visit, campaign).result.projects if row.code in codes]
    if not rows:
        raise SettingsError("请先勾选要接收的项目：在表的第一列。没有接收任何项目。")
    faulty = [row for row in rows if row.state is State.TO_CORRECT]
    if faulty and not visit.typed("sure"):
        raise SettingsError(
            f"勾选的有 {len(faulty)} 个还有错误：{_name_projects(faulty)}。要单位改的不要勾选，去退回；"
            "确要就这样接收的，勾选“有错误也接收”。没有接收任何项目。"
        )
    doubted = [row for row in rows if not row.trust.is_accepted_in_bulk]
    if doubted and not because:
        told = "".join(f"\n{row.code} {row.name} 是{row.trust}（{row.trust_reason}）。" for row in doubted)
        raise SettingsError(
            f"勾选的有 {len(doubted)} 个不是本期下发的，请在“理由”里写明为什么可以接收，记入台账。没有接收任何项目。{told}"
        )
    done = accept_projects(
        campaign,
        [row.code for row in rows],
        datetime.now(UTC),
        who=visit.need_name("who"),
        because=because,
        reading=visit.folder.reading,
    )
    return visit.go("review", say=finish_accepting(visit, done), **{name: visit.asked(name) for name in _ASKED})


def finish_accepting(visit: Visit, done: AcceptedProjects) -> str:
    """Bring 审核结果 up to date, and say what was accepted and what not."""
    stored = refresh_states(visit.campaign, done.accepted_by)
    visit.folder.put_result(stored)
    return describe_accepting(done) + (stored.told_aside if stored else "")


def describe_accepting(done: AcceptedProjects) -> str:
    """What was accepted and what not, in a few sentences however many there are."""
    parts = [f"已接收 {len(done.new)} 个项目。"]
    parts += [f"{row.code} 以前已由{row.accepted_by}接收。" for row in done.before[:3]] if not done.new else []
    if len(done.doubtful) == 1:
        (row,) = done.doubtful
        why = f"是{row.trust}（{row.trust_reason}）" if row.trust else "还没有按来源审核过"
        parts.append(f"没有接收：{row.code} {row.name} {why}。")
    elif done.doubtful:
        parts.append(f"没有接收：{_name_projects(done.doubtful)} 不是本期下发的，各是什么写在表里“状态”一栏。")
    if done.doubtful:
        parts.append("核实以后，在“审核”页勾选，或者在项目的页面，写明理由接收。")
    if done.refused:
        parts.append(f"没有接收：{_name_projects(done.refused)} 还没有审核过报送的文件。")
    return "".join((*parts, done.trouble))


def _name_projects(rows: Sequence[ProjectRow | StatusRow]) -> str:
    named = "、".join(f"{row.code} {row.name}" for row in rows[:_NAMED])
    return named if len(rows) <= _NAMED else f"{named}等 {len(rows)} 个"


def _list_trusts(result: ReviewResult) -> list[Trust]:
    """The 来源 that there are, where there is more than 本期下发 to choose from."""
    found = {project.trust for project in result.projects}
    return [] if found <= {Trust.CURRENT} else [trust for trust in Trust if trust in found]


ROUTES = [
    route("/f/{folder}/review", _show_review),
    route("/f/{folder}/review/return", _return, "POST"),
    route("/f/{folder}/review/archive", _archive, "POST"),
    route("/f/{folder}/review/accept", _accept_all, "POST"),
    route("/f/{folder}/review/ticked", _accept_ticked, "POST"),
]
