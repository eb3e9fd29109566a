"""归并: one row per cause and project. What follows from another finding is listed under that one; nothing is dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.questions import is_settled
from workbook_tools.core.review_result import MissingRow, ProjectRow

_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_STOCK = "CROSS03"
"""The code for a passage that stands in very many reports."""
_NOT_SENT = "CROSS01"


class Near(Enum):
    """How close to its cause a finding must stand to follow from it."""

    CELL = auto()
    ROW = auto()
    PROJECT = auto()


_CAUSES: tuple[tuple[str, str, Near], ...] = (
    # A formula that was overwritten shows another figure in that cell.
    ("SCORE01", "TAMPER03", Near.CELL),
    ("SCORE05", "TAMPER03", Near.CELL),
    ("GRADE01", "TAMPER03", Near.CELL),
    ("FUND09", "TAMPER03", Near.CELL),
    # What the form's formulas do not know makes its points and total differ; that it was read is no more to say.
    ("SCORE01", "FILL21", Near.ROW),
    ("SCORE05", "FILL21", Near.PROJECT),
    ("GRADE01", "FILL21", Near.PROJECT),
    ("FILL05", "FILL21", Near.CELL),
    ("FILL06", "FILL21", Near.CELL),
    ("FILL20", "FILL21", Near.CELL),
    # A score that differs makes the total differ, and that the grade.
    ("SCORE05", "SCORE01", Near.PROJECT),
    ("GRADE01", "SCORE01", Near.PROJECT),
    ("GRADE01", "SCORE05", Near.PROJECT),
    # A form that is not complete has no grade.
    ("GRADE01", "FILL01", Near.PROJECT),
    ("GRADE01", "FUND05", Near.PROJECT),
    ("GRADE01", "WEIGHT01", Near.PROJECT),
    # A text repeats the total that the form itself shows.
    ("TEXT12", "FILL21", Near.PROJECT),
    ("TEXT12", "SCORE05", Near.PROJECT),
    # A completion that is blank earns no points, and the total is too low.
    ("FILL08", "FILL10", Near.ROW),
    ("SCORE03", "FILL10", Near.ROW),
    ("SCORE12", "FILL10", Near.PROJECT),
    # A section that names no problem, or says too little, speaks of no indicator and has no figures.
    ("TEXT20", "TEXT14", Near.CELL),
    ("TEXT15", "TEXT11", Near.CELL),
    ("TEXT11", "TEXT23", Near.CELL),
    # Without indicators there is no total.
    ("SCORE02", "FILL09", Near.PROJECT),
    # 元 for 万元 spoils every comparison with that figure.
    ("FUND01", "FUND08", Near.PROJECT),
    ("FUND02", "FUND08", Near.PROJECT),
    ("FUND04", "FUND08", Near.PROJECT),
    ("TEXT04", "FUND08", Near.PROJECT),
    ("TEXT06", "FUND08", Near.PROJECT),
    ("TEXT07", "FUND08", Near.PROJECT),
    ("FUND12", "FUND08", Near.PROJECT),
    # So does any other slip of scale.
    ("FUND04", "FUND12", Near.PROJECT),
    ("FUND04", "FUND13", Near.PROJECT),
    ("SCORE10", "FUND13", Near.PROJECT),
    # More than all are content: far above the target, too.
    ("SCORE04", "SCORE15", Near.CELL),
    # What cost more than a target that was not revised.
    ("SCORE11", "SCORE10", Near.ROW),
    # Weights that do not add up are off the norm.
    ("WEIGHT02", "WEIGHT01", Near.PROJECT),
    ("WEIGHT04", "WEIGHT01", Near.PROJECT),
    # A form of today whose points do not add up prints sums that differ from what was read.
    ("IMPORT20", "WEIGHT01", Near.PROJECT),
    # Equal weights are what makes the shares of the dimensions.
    ("WEIGHT03", "WEIGHT02", Near.PROJECT),
    ("WEIGHT03", "WEIGHT04", Near.PROJECT),
)
"""(finding, what it follows from, how near); causes come before what follows from them."""


def mark_consequences(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order; one that follows from another of its file and project names that cause.

    A less severe finding is never the cause: no error may be hidden under a 说明.
    """
    rows = list(findings)
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if row.project_code:
            groups.setdefault((row.file, row.project_code), []).append(at)
    for places in groups.values():
        present = {rows[at].code for at in places}
        for code, cause, near in _CAUSES:
            if code in present and cause in present:
                _mark(rows, places, code, cause, near)
    return rows


def _mark(rows: list[Finding], places: Sequence[int], code: str, cause: str, near: Near) -> None:
    causes = [rows[at] for at in places if rows[at].code == cause]
    for at in places:
        row = rows[at]
        if row.code == code and not row.follows_from:
            found = next(
                (c for c in causes if _RANK[c.severity] <= _RANK[row.severity] and _is_near(c, row, near)), None
            )
            if found:
                rows[at] = replace(row, follows_from=found.follows_from or found.code)


def _is_near(cause: Finding, row: Finding, near: Near) -> bool:
    if near is Near.PROJECT:
        return True
    if cause.sheet != row.sheet or not row.cell:
        return False
    return cause.cell == row.cell or (near is Near.ROW and _row_of(cause.cell) == _row_of(row.cell))


def _row_of(cell: str) -> str:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class FoldedFindings:
    """Findings with one cause: of one project (or file), or of a whole department."""

    findings: tuple[Finding, ...]
    """They share code and severity."""
    consequences: tuple[Finding, ...] = ()
    """What follows from them."""
    department: str = ""
    """The department, where it is about several of its projects."""

    @property
    def first(self) -> Finding:
        """The first of them, which speaks for all."""
        return self.findings[0]

    @property
    def project_code(self) -> str:
        """The one project that it is about; empty where it is about several of a department, or about none."""
        return "" if self.department else self.first.project_code

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding that stands in the row."""
        return (*self.findings, *self.consequences)


_Key = tuple[str, str, str, Severity, bool, str]


def fold_findings(
    findings: Iterable[Finding], projects: Collection[ProjectRow], missing: Collection[MissingRow] = ()
) -> list[FoldedFindings]:
    """The findings by cause: errors, then warnings (explained ones last), then the rest; otherwise in the order in which they came.

    Projects of a department that share equal or similar passages are one row; so are missing projects with the same message.
    """
    rows = list(findings)
    departments = {project.code: project.department for project in projects}
    departments |= {row.code: row.department for row in missing}
    groups = _group_sharing(rows, departments)
    own: dict[_Key, list[Finding]] = {}
    following: dict[tuple[str, str, str], list[Finding]] = {}
    causes = {(row.file, row.project_code, row.code) for row in rows if not row.follows_from}
    # A finding about a project but no file comes after those about its file.
    files = {(code, cause): file for file, code, cause in causes}
    for row in rows:
        department = departments.get(row.project_code, "")
        file = row.file or files.get((row.project_code, row.follows_from), "")
        if (file, row.project_code, row.follows_from) in causes:
            following.setdefault((file, row.project_code, row.follows_from), []).append(row)
            continue
        whose = (row.file, row.project_code)
        if row.shares_with and row.project_code in groups:
            whose = ("", groups[row.project_code])
        elif department and row.code in (_STOCK, _NOT_SENT):
            whose = ("", department)
        told = row.message if row.code == _NOT_SENT else ""
        own.setdefault((*whose, row.code, row.severity, is_settled(row), told), []).append(row)
    folded = []
    for (file, owner, code, *_), members in own.items():
        together = len({member.project_code for member in members}) > 1
        consequences = following.pop((file, owner, code), ())
        department = departments.get(members[0].project_code, "") if together else ""
        folded.append(FoldedFindings(tuple(members), tuple(consequences), department))
    return sorted(folded, key=lambda one: (_RANK[one.first.severity], is_settled(one.first)))


def _group_sharing(rows: Iterable[Finding], departments: Mapping[str, str]) -> dict[str, str]:
    """Project → the first of all projects with which it shares passages, directly or through others."""
    first: dict[str, str] = {}

    def find(code: str) -> str:
        while first.setdefault(code, code) != code:
            code = first[code]
        return code

    for row in rows:
        if row.shares_with in departments:
            one, other = sorted((find(row.project_code), find(row.shares_with)))
            first[other] = one
    return {code: find(code) for code in first}
