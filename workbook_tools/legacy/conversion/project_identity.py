"""Whose form it is and of which year, as a project has it; what the form does not say is made up, and told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from workbook_tools.core.findings import Finding
from workbook_tools.core.labels import NO_DEPARTMENT, NO_UNIT
from workbook_tools.core.names import NO_ALIASES, Aliases
from workbook_tools.core.values import plain
from workbook_tools.legacy.conversion.stated_values import make_finding, stated_number, understood_text
from workbook_tools.legacy.words.label_text import close_up
from workbook_tools.legacy.words.records import HandmadeForm


@dataclass(frozen=True, slots=True)
class ProjectIdentity:
    """What tells a project from others."""

    code: str
    name: str
    department: str
    unit: str
    year: int


def identify_project(
    form: HandmadeForm, campaign_year: int, aliases: Aliases = NO_ALIASES
) -> tuple[ProjectIdentity, list[Finding]]:
    """The project of a form, and what was made up; ``campaign_year`` is 0 if there is no campaign.

    ``aliases`` are other names of departments and units.
    """
    findings: list[Finding] = []
    head = {key: close_up(understood_text(stated)) for key, stated in form.head.items()}
    name, department, unit = (head.get(key, "") for key in ("project", "department", "unit"))
    facts = (("项目名称", name), ("主管部门", department), ("实施单位", unit))
    missing = [label for label, fact in facts if not fact]
    if missing:
        findings.append(make_finding("IMPORT05", f"没有写{'、'.join(missing)}", None, form.sheet, "表头"))
    stem = PurePath(form.file).stem
    name = name or form.title or stem
    unit, department = (aliases.resolve(office) for office in (unit or department, department or unit))
    code = head.get("code", "")
    if not code:
        code = make_project_code(unit or stem, name)
        message = f"没有项目编码，编为 {code}"
        findings.append(make_finding("IMPORT06", message, form.head.get("project"), form.sheet, "项目编码", found=name))
    year, doubts = _choose_year(form, campaign_year)
    identity = ProjectIdentity(code, name, department or NO_DEPARTMENT, unit or NO_UNIT, year)
    return identity, [*findings, *doubts]


def make_project_code(unit: str, name: str) -> str:
    """A code for a project that has none: the same for the same unit and name, in every year."""
    return "M" + hashlib.sha256(f"{plain(unit)}\n{plain(name)}".encode()).hexdigest()[:8].upper()


# 2023 in the name of a file (2023年自评表.xlsx, 自评表2023.xlsx), and not in 20231115.
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def _choose_year(form: HandmadeForm, campaign_year: int) -> tuple[int, Sequence[Finding]]:
    """The campaign's year where the form or its file's name has it, or has none; else what the form says."""
    on_form = int(stated_number(form.year) or 0)
    in_name = {int(text) for text in _YEAR_IN_NAME.findall(PurePath(form.file).name)}
    if not on_form:
        chosen = campaign_year or max(in_name, default=0)
        message = f"没有写评价年度，按 {chosen} 年度计" if chosen else "没有写评价年度"
        return chosen, [make_finding("IMPORT04", message, None, form.sheet, "评价年度")]
    chosen = campaign_year if campaign_year in in_name else on_form
    doubted = bool(in_name) and on_form not in in_name and on_form != campaign_year
    if not doubted and campaign_year in (0, chosen):
        return chosen, ()
    others = sorted(({on_form, campaign_year, *in_name} - {0}) - {chosen})
    named = f"文件名中是 {'、'.join(map(str, sorted(in_name)))}，" if in_name else ""
    asked = f"本次自评是 {campaign_year} 年度，" if campaign_year else ""
    message = f"表上写 {on_form} 年度，{named}{asked}按 {chosen} 年度计"
    expected = "、".join(map(str, others))
    return chosen, [
        make_finding("IMPORT04", message, form.year, form.sheet, "评价年度", found=on_form, expected=expected)
    ]
