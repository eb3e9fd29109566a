"""The tags of a department's report that no other has."""

from __future__ import annotations

from workbook_tools.reports.group_drafts import DEPARTMENT_SECTIONS
from workbook_tools.reports.group_facts import GroupFacts
from workbook_tools.reports.group_tags import GROUP_TAGS, departments_tag, text_tags
from workbook_tools.reports.tags import FormTag


def _list_beside(facts: GroupFacts) -> list[GroupFacts]:
    """The department and all projects together, where there are other departments."""
    return [facts, facts.campaign.whole] if len(facts.campaign.departments) > 1 and facts.count else []


DEPARTMENT_TAGS: tuple[FormTag[GroupFacts], ...] = (
    FormTag("部门", "主管部门", lambda f: f.name),
    *GROUP_TAGS,
    text_tags(DEPARTMENT_SECTIONS),
    departments_tag("比较", "两行：本部门，全部项目；只有一个部门时为空", _list_beside),
)
"""Every tag of a department's form."""
