"""The example's second year, begun from the first: its figures and texts are thought up, and say so wherever they stand.

Of the first year's projects most go on, two are finished, one does not come, and one is new; what lost points loses some again. A sample is drawn,
one unit is told what to mend, and what is accepted is published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger.accepting import accept_projects
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.next_year import begin_next_year
from workbook_tools.campaign.publishing import publish_projects
from workbook_tools.campaign.rectifying import SentNotice, rectify
from workbook_tools.campaign.reporting import report_result
from workbook_tools.campaign.reviewing import refresh_states, review_inbox
from workbook_tools.campaign.sampling import draw_list
from workbook_tools.core.model import Answers, IndicatorAnswer, Project, ProjectList
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.followup.matter_sheet import TypedChoice, draw_matters
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.projects import project_list_workbook
from workbook_tools.reports.acceptance import read_acceptances
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.year_drafts import write_change
from workbook_tools.results import read_results
from workbook_tools.results.two_years import list_repeated_losses
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.shipped.demo import Demo
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

_WHO = "演示"
_SEED = "20250420"
"""Of the sample: so that every demo draws the same."""
_SHARE = 0.3
_DAYS_TO_MEND = 30


@dataclass(frozen=True, slots=True)
class SecondYear:
    """What was made."""

    campaign: Campaign
    result: ReviewResult
    sampled: tuple[str, ...]
    """The names of the projects that were drawn."""
    notice: SentNotice | None
    """Which unit was told what to mend."""
    published: int
    """Projects of which a public version was made."""


def run_second_year(first: Demo, folder: Path, now: datetime) -> SecondYear:
    """Begin the year after in ``folder`` and run it to its end. Raises SettingsError, OutputError as the steps do."""
    data = _load()
    begun = begin_next_year(
        first.campaign, folder, year=data["year"], without=data["without"], changes={"deadline": data["deadline"]}
    )
    campaign, key = begun.campaign, begun.campaign.signing_key()
    projects = _fill_list(campaign, begun.projects, data)
    issued = issue_workbooks(campaign, projects, campaign.folder("下发"), key, now)
    issues = {(item.year, item.code): item.issue for item in issued.items}
    answered = [_answer(project, data) for project in projects if project.code not in data["missing"]]
    inbox = campaign.folder("回收")
    generate(answered, inbox, key, campaign.notice, lambda p: campaign.scheme(p.scheme), issues, prefill=True)
    review_inbox(campaign, inbox, campaign.known_keys(), now, out=campaign.folder("审核"))
    refresh_states(campaign, accept_projects(campaign, (), now, every=True, who=_WHO).accepted_by)
    result = read_results(campaign.result_file).result
    report_result(campaign, result, campaign.folder("报告"), campaign.result_file, now)
    merge_result(campaign, result, campaign.folder("汇总"))
    sample = draw_list(campaign, result, now, rule=SampleRule(share=_SHARE, by_risk=True), seed=_SEED)
    accepted = read_acceptances(campaign.result_file)
    public = publish_projects(campaign, result, campaign.folder("公开"), accepted, now, lambda _: {})
    names = tuple(row.name for row in sample.draw.chosen)
    return SecondYear(campaign, result, names, _tell_to_mend(campaign, result, now), len(public.public))


def describe_change(result: ReviewResult) -> list[str]:
    """What changed since the year before, as the report on all projects says it."""
    return [*write_change(CampaignFacts(result, restore_schemes(result)).whole)]


def _load() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((resources.files(__package__) / "second_year.json").read_text("utf-8"))
    return data


# -- the list, and what the units fill in -------------------------------------------------------------------------------


def _fill_list(campaign: Campaign, going: tuple[Project, ...], data: Mapping[str, Any]) -> tuple[Project, ...]:
    """Type this year's budgets, goals and targets into the list that was begun; what is read of it then."""
    new = Project.model_validate(data["new"])
    projects = (*(_approve(project, data["projects"][project.code]) for project in going), new)
    marked = (
        row.model_copy(update={"annual_goal": data["mark"] + row.annual_goal, "remark": data["note"]})
        for row in projects
    )
    settings = campaign.settings
    listed = ProjectList(
        year=settings.year, authority=settings.authority, scheme=settings.scheme, projects=tuple(marked)
    )
    replace_file(campaign.project_list, project_list_workbook(listed, campaign.scheme()))
    read, _ = read_list(campaign, campaign.project_list, 0, "")
    return tuple(read.projects)


def _approve(project: Project, facts: Mapping[str, Any]) -> Project:
    """Last year's project with this year's budget, goal and targets."""
    targets = facts["targets"]
    indicators = [one.model_dump() | {"target": targets.get(one.name, one.target)} for one in project.indicators]
    budget = {"initial_budget": facts["budget"], "annual_budget": facts["budget"], "annual_goal": facts["goal"]}
    return Project.model_validate(project.model_dump() | budget | {"indicators": indicators})


def _answer(project: Project, data: Mapping[str, Any]) -> Project:
    """The project with what its unit fills in."""
    facts = data["new_answers"] if project.code == data["new"]["code"] else data["projects"][project.code]
    texts = facts.get("texts") or _say_again(project.code, data["year"], kept=facts.get("keep_texts", False))
    answers = Answers(
        received=facts["received"],
        executed=facts["executed"],
        execution_reason=facts["execution_reason"],
        info=facts.get("info", {}),
        indicators=tuple(IndicatorAnswer.model_validate(row) for row in facts["actuals"]),
        texts={key: data["mark"] + text for key, text in texts.items() if text},
    )
    return project.model_copy(update={"answers": answers})


def _say_again(code: str, year: int, *, kept: bool) -> dict[str, str]:
    """Last year's texts with the year changed in them, or ``kept`` as they are: one unit has forgotten to."""
    [before] = [project.answers for project in load_example().projects if project.code == code]
    texts = before.texts if before else {}
    return texts if kept else {key: _change_year(text, year) for key, text in texts.items()}


def _change_year(text: str, year: int) -> str:
    for old in range(year - 3, year):
        text = text.replace(f"{old}年", f"{year}年")
    return text


# -- what follows -------------------------------------------------------------------------------------------------------


def _tell_to_mend(campaign: Campaign, result: ReviewResult, now: datetime) -> SentNotice | None:
    """Choose on the sheet, as finance would, what the unit has to mend that lost most points twice, and write its notice."""
    listed, twice = rectify(campaign, result, now), list_repeated_losses(result)
    if not twice:
        return None
    whose = twice[0].project.code
    lines = [
        replace(line, typed=TypedChoice(line.matter.number, "是", "", "", _WHO)) if line.matter.code == whose else line
        for line in listed.lines
    ]
    replace_file(listed.workbook, draw_matters(lines, (), (), listed.workbook.stem, now))
    end = now + timedelta(days=_DAYS_TO_MEND)
    sent = rectify(campaign, result, now, send=True, by=f"{end.year}年{end.month}月{end.day}日").sent
    return sent[0] if sent else None
