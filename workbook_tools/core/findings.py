"""Findings (校验问题): what is wrong with somebody's data, as data.

A finding says which file, sheet, cell and field, what is wrong, what was found and expected, and
what to do, always in that order. ``CODES`` is the one table of codes; a code is never used again
for another meaning. ``docs/校验规则.md`` is generated from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from workbook_tools.core.codes import Family, Severity, code_entry
from workbook_tools.core.copying import make_copier
from workbook_tools.core.labels import FormLabels

OF_THE_LIST = "是下发内容的问题，请财政部门核对项目清单；不退回单位。"
"""What to do about a slip of the project list."""
TRIAL = "（试行）"
"""Before the message of a check that is on trial."""

ACCEPTED, REFUSED = "接受", "不接受"
"""What finance says of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding; see docs/校验规则.md for the codes.

    Build it with :func:`finding`, which takes severity and advice from the catalogue. It stands in 审核结果.json as it
    is in memory; the order of the fields is the order there.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # A dataclass: a third faster than a model

    code: str
    severity: Severity
    project_code: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    field: str = ""
    message: str
    found: str = ""
    expected: str = ""
    advice: str = ""
    found_number: float | None = None
    """``found`` as a number, where two figures differ: in the unit of the cell, a share as a fraction."""
    expected_number: float | None = None
    """``expected`` likewise; there are both or neither."""
    for_finance: str = ""
    """What is not for the unit's eyes: another department's project, and its wording."""
    follows_from: str = ""
    """Code of the finding about the same project that this one follows from, and is listed under."""

    shares_with: str = ""
    """Code of the project of the same department in whose report the passage stands too; both are one row to read."""
    of_the_list: bool = False
    """The project list is to blame, which is finance's: told in the review, never to the unit."""
    answer: str = ""
    """单位说明: what the unit answered to it, as these facts stand; a 提醒 that has one is not asked again."""
    earlier_answer: str = ""
    """What the unit answered when the facts were others."""
    ruling: str = ""
    """接受 or 不接受: what finance said of the answer; accepted without one, finance has seen for itself."""
    ruling_reason: str = ""
    ruled_by: str = ""
    ruled_at: str = ""
    """When it was found in 审核结果.xlsx, as 2025-03-10 14:05."""

    @property
    def is_answered(self) -> bool:
        """Nothing more is asked: it is explained and finance has not refused that, or finance has accepted it."""
        return self.ruling == ACCEPTED if self.ruling else bool(self.answer)

    @property
    def is_about_judgement(self) -> bool:
        """It is about what finance typed for 核定, or about an edited scheme: finance's own, not the unit's."""
        return self.code.startswith((Family.REVIEW, Family.SCHEME))

    @property
    def is_in_the_list(self) -> bool:
        """It is about the project list's own file, whose cell it names."""
        return self.code.startswith(Family.LIST)

    @property
    def difference(self) -> float | None:
        """差额: found − expected, where two figures differ."""
        if self.found_number is None or self.expected_number is None:
            return None
        return self.found_number - self.expected_number

    def with_figures(self, found: float | None, expected: float | None) -> Finding:
        """The finding with both figures as numbers; as it is, where one of them is missing."""
        if found is None or expected is None:
            return self
        return replace(self, found_number=found, expected_number=expected)

    def blaming_the_list(self) -> Finding:
        """The finding as one that finance puts right in the project list; no unit can."""
        blaming: Finding = _blame(self, True, OF_THE_LIST)
        return blaming

    @property
    def address(self) -> str:
        """工作表!单元格 - as much of it as is known: a list in JSON has no sheets."""
        return "!".join(filter(None, (self.sheet, self.cell)))

    @property
    def place(self) -> str:
        """文件，工作表!单元格，字段 - as much of it as is known."""
        return "，".join(part for part in (self.file, self.address, self.field) if part)

    def placed(self, file: str, project_code: str, labels: FormLabels) -> Finding:
        """The finding as one about a project's file; the catalogue's advice is put in the words of its form.

        A project that the finding names already stays.
        """
        usual = self.advice == code_entry(self.code).advice
        advice = code_entry(self.code, labels).advice if usual else self.advice
        placed: Finding = _place(self, file, self.project_code or project_code, advice)
        return placed

    def __str__(self) -> str:
        """The finding as one sentence, in the fixed order: place, what is wrong, found, expected, advice."""
        parts = [f"{self.place}：{self.message}" if self.place else self.message]
        if self.for_finance:
            parts.append(self.for_finance)
        if self.found:
            parts.append(f"现为“{self.found}”")
        if self.expected:
            parts.append(f"应为“{self.expected}”")
        return "；".join(parts) + (f"。{self.advice}" if self.advice else "。")


_place = make_copier(Finding, "file", "project_code", "advice")
_blame = make_copier(Finding, "of_the_list", "advice")


def finding(
    code: str,
    message: str = "",
    *,
    project_code: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: object = "",
    expected: object = "",
    advice: str = "",
    for_finance: str = "",
) -> Finding:
    """A finding of the catalogue; message and advice default to the catalogue's, in the usual words."""
    entry = code_entry(code)
    return Finding(
        code=code,
        severity=entry.severity,
        message=message or entry.title,
        project_code=project_code,
        file=file,
        sheet=sheet,
        cell=cell,
        field=field,
        found=quote(found),
        expected=quote(expected),
        advice=advice or entry.advice,
        for_finance=for_finance,
    )


def apply_choices(findings: Iterable[Finding], checks: Mapping[str, str], year: int) -> Iterator[Finding]:
    """The findings as an office wants them: ``checks`` says of a code ``off``, or another severity (wbt.toml).

    Of the other codes those that are on trial in the campaign's ``year`` (自评年度) are for the record, and say so.
    """
    for item in findings:
        wanted = checks.get(item.code)
        if wanted is None:
            on_trial = code_entry(item.code).is_on_trial(year)
            yield replace(item, severity=Severity.INFO, message=TRIAL + item.message) if on_trial else item
        elif wanted != "off":
            yield replace(item, severity=Severity(wanted))


def quote(value: object) -> str:
    """A value as a finding quotes it: numbers without superfluous zeros, long texts shortened."""
    if value is None:
        return ""
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
