"""结果应用 of a working folder: proposals from the grades, with what finance has decided kept from one run to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import replace_result
from workbook_tools.followup.proposal_sheet import draw_proposals, read_decisions
from workbook_tools.followup.proposals import propose

OUTCOME = "结果应用"
"""The folder of the proposals."""


@dataclass(frozen=True, slots=True)
class WrittenProposals:
    """What was written."""

    workbook: Path
    advice: Counter[str]
    """How often each advice is given; blank for projects without one."""
    decided: int
    """Projects of which finance has typed a decision."""
    unknown_grades: tuple[str, ...]
    """Grades that wbt.toml names and no project has."""
    moved_aside: Path | None
    """Where the workbook that somebody had saved was moved; what was typed into it is in the new one."""


def write_proposals(campaign: Campaign, result: ReviewResult) -> WrittenProposals:
    """Write 结果应用/结果应用建议.xlsx of a result, keeping what was typed into it. Raises SettingsError, OutputError."""
    outcomes = campaign.settings.outcome
    proposals = list(propose(result, outcomes))
    path = campaign.root / OUTCOME / f"{OUTCOME}建议.xlsx"
    typed = read_decisions(path)
    title = f"{campaign.settings.authority}{result.year}年度绩效评价结果应用建议表"
    aside = replace_result(path, draw_proposals(proposals, typed, title))
    known = {proposal.grade for proposal in proposals}
    return WrittenProposals(
        path,
        Counter(proposal.advice for proposal in proposals),
        sum(one.code in typed for one in proposals),
        tuple(grade for grade in outcomes if grade not in known),
        aside,
    )
