"""The reports on several projects, and their texts: drafted, edited by an officer, accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.reports.acceptance import Acceptances, Draft, print_draft
from workbook_tools.reports.formatting import BLANK
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, WHOLE_FORM
from workbook_tools.reports.group_drafts import BRIEF_SECTIONS, DEPARTMENT_SECTIONS, WHOLE_SECTIONS, GroupSection
from workbook_tools.reports.group_facts import CampaignFacts, GroupFacts
from workbook_tools.rules.recorded import restore_schemes


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A report on several projects."""

    form: str
    """File name of its form, and its own."""
    facts: GroupFacts
    sections: Sequence[GroupSection]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.form.removesuffix(".docx")


def list_group_reports(campaign: CampaignFacts) -> list[GroupReport]:
    """One for each department, one on all where there are several departments, and the brief."""
    reports = [GroupReport(DEPARTMENT_FORM, one, DEPARTMENT_SECTIONS) for one in campaign.departments]
    if len(campaign.departments) > 1:
        reports.append(GroupReport(WHOLE_FORM, campaign.whole, WHOLE_SECTIONS))
    if campaign.departments:
        reports.append(GroupReport(BRIEF_FORM, campaign.whole, BRIEF_SECTIONS))
    return reports


def find_group_drafts(found: ReviewResult | CampaignFacts, accepted: Acceptances) -> Iterator[Draft]:
    """Every draft of the reports on several projects."""
    campaign = CampaignFacts(found, restore_schemes(found)) if isinstance(found, ReviewResult) else found
    for report in list_group_reports(campaign):
        for section in report.sections:
            if draft := find_draft(report.facts, section, accepted):
                yield replace(draft, project_name=report.name)


def find_draft(facts: GroupFacts, section: GroupSection, accepted: Acceptances) -> Draft | None:
    """The draft of a section, with what an officer wrote in its place; none where there is neither."""
    text, edited = "\n".join(section.write(facts)), accepted.find_edited((facts.year, facts.name, section.key))
    if not text and not edited:
        return None
    return Draft(facts.year, facts.name, "", section.key, section.label, text, edited)


def print_text(facts: GroupFacts, section: GroupSection) -> str:
    """A section as the report prints it, marked as a draft unless somebody has accepted it."""
    accepted = facts.campaign.accepted
    draft = find_draft(facts, section, accepted or Acceptances())
    if draft is None:
        return ""
    if facts.campaign.public:
        return draft.shown
    return BLANK if accepted is None else print_draft(draft, accepted)
