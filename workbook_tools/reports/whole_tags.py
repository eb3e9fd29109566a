"""The tags of the report on all projects (全部项目汇总报告) and of the one-page brief (一页简报)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbook_tools.reports.department_tags import DEPARTMENT_TAGS
from workbook_tools.reports.formatting import format_percent
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, WHOLE_FORM
from workbook_tools.reports.group_drafts import BRIEF_SECTIONS, WHOLE_SECTIONS
from workbook_tools.reports.group_facts import GroupFacts, spread_by_grade
from workbook_tools.reports.group_tags import GROUP_TAGS, departments_tag, text_tags
from workbook_tools.reports.tags import FormTag
from workbook_tools.word.text import one_line

LISTED_PROJECTS = 500
"""Of so many projects each has its row in the report; of more the summary workbook has them."""
BRIEF_DEPARTMENTS = 4
"""So many departments stand in the brief, the best and the last."""
_FINANCE = "财政局"


def _name_region(facts: GroupFacts) -> str:
    """曲沃县财政局 → 曲沃县; blank where the office is no finance office of a place."""
    authority = one_line(facts.campaign.parts.head.authority)
    return authority.removesuffix(_FINANCE) if authority.endswith(_FINANCE) else ""


def _name_scope(facts: GroupFacts) -> str:
    """全县, 全市 …: what the departments are of, by the last character of the place."""
    region = _name_region(facts)
    return f"全{region[-1]}" if region.endswith(("省", "市", "县", "区", "旗", "州", "镇", "乡")) else ""


def _list_ends(facts: GroupFacts) -> list[GroupFacts]:
    """The departments of the brief: all of a few, else the best and the last by their means."""
    departments = facts.campaign.departments
    if len(departments) < 2:
        return []
    if len(departments) <= BRIEF_DEPARTMENTS:
        return departments
    scored = sorted((one for one in departments if one.mean is not None), key=lambda one: -(one.mean or 0))
    half = BRIEF_DEPARTMENTS // 2
    return [*scored[:half], *scored[half:][-half:]]


def _say_grades(facts: GroupFacts) -> str:
    """优秀3个、良好1个; grades that nobody has are left out."""
    counts = {name: sums.count for name, sums in spread_by_grade(facts).items()}
    return "、".join(f"{name}{count}个" for name, count in counts.items() if count)


_SHARED: tuple[FormTag[GroupFacts], ...] = (
    FormTag("地区", "组织单位是财政局的，去掉“财政局”三字；否则为空", _name_region),
    FormTag("范围", "全县、全市等，由地区的末字得出；没有地区时为空", _name_scope),
    FormTag("部门数", "主管部门的个数", lambda f: len(f.campaign.departments)),
    *GROUP_TAGS,
)

WHOLE_TAGS: tuple[FormTag[GroupFacts], ...] = (
    *_SHARED,
    text_tags(WHOLE_SECTIONS),
    departments_tag("部门表", "各主管部门，最后一行是全部项目", lambda f: [*f.campaign.departments, f]),
    FormTag("逐个列出", f"项目不超过 {LISTED_PROJECTS} 个，用在条件里", lambda f: f.listed <= LISTED_PROJECTS),
)
"""Every tag of the form of the report on all projects."""

_BRIEF_PARTS = ("报送情况",)
"""The brief has room for no more."""

BRIEF_TAGS: tuple[FormTag[GroupFacts], ...] = (
    *(tag if tag.part in _BRIEF_PARTS else replace(tag, part="") for tag in _SHARED),
    text_tags(BRIEF_SECTIONS),
    FormTag("等级情况", "各等级的项目数，用在句子里；没有的等级不列", _say_grades),
    FormTag("报送率", "已报数占应报数，百分比", lambda f: format_percent(f.count / f.listed if f.listed else None)),
    departments_tag("部门表", f"各主管部门；超过 {BRIEF_DEPARTMENTS} 个的，只列平均得分最高和最低的", _list_ends),
)
"""Every tag of the form of the brief."""

GROUP_FORM_TAGS: Mapping[str, tuple[FormTag[GroupFacts], ...]] = {
    DEPARTMENT_FORM: DEPARTMENT_TAGS,
    WHOLE_FORM: WHOLE_TAGS,
    BRIEF_FORM: BRIEF_TAGS,
}
"""What fills each of the forms of reports on several projects."""
