"""退回通知: what a department reads of the files that go back to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.word.text import Names, one_line

OTHER_FILES = "其他文件"
"""Folder of the note on files of which nobody knows whose they are."""
_EVERYBODY = "各有关单位"
_MOST_MESSAGES = 15
"""So many kinds of errors are told in the note; the copy has them all."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What is sent back for one submitted file."""

    department: str
    file: str
    """The submitted file, as the review names it."""
    note: Path
    """The covering note that tells of it."""
    findings: tuple[Finding, ...]
    """Its errors, then its warnings."""
    project: ProjectRow | None = None
    """None where no project of the review came of the file."""
    path: Path | None = None
    """The marked copy."""
    reason: str = ""
    """Why there is no copy."""

    @property
    def errors(self) -> int:
        """How many errors it has."""
        return sum(f.severity is Severity.ERROR for f in self.findings)


def _note_values(result: ReviewResult, items: Sequence[Returned], by: str, contact: str) -> dict[str, object]:
    """Every tag of 退回通知."""
    departments = dict.fromkeys(one_line(item.department) for item in items)
    known = [item for item in items if item.project]
    others = [item for item in items if not item.project]
    return {
        "部门": _EVERYBODY if OTHER_FILES in departments else "、".join(departments),
        "年度": str(result.year),
        "组织单位": one_line(result.authority),
        "期限": one_line(by),
        "联系": one_line(contact),
        "手工表数": sum(item.project is not None and item.project.imported for item in known),
        "项目表": [_project_line(number, item) for number, item in enumerate(known, 1)],
        "文件表": [_file_line(number, item) for number, item in enumerate(others, 1)],
    }


def _project_line(number: int, item: Returned) -> Names:
    project = item.project
    return Names(
        "行",
        {
            "序号": number,
            "项目": one_line(f"{project.name}（{project.code}）") if project else "",
            "单位": one_line(project.unit) if project else "",
            "文件": one_line(item.file),
            "错误数": item.errors,
            "问题": _messages(item),
            "退回": one_line(item.path.name) if item.path else item.reason,
        },
    )


def _messages(item: Returned) -> str:
    """The errors, each kind once with how often it occurs."""
    imported = item.project is not None and item.project.imported
    errors = [row for row in item.findings if row.severity is Severity.ERROR]
    counts = Counter(one_line(_placed(row) if imported else row.message) for row in errors)
    lines = [text + (f"（{count}处）" if count > 1 else "") for text, count in counts.items()]
    more = [f"……共{len(lines)}类，详见退回的文件"] if len(lines) > _MOST_MESSAGES else []
    return "\n".join([*lines[:_MOST_MESSAGES], *more])


def _placed(row: Finding) -> str:
    """An error with its place, where no marked copy shows it."""
    place = "!".join(part for part in (row.sheet, row.cell) if part)
    return "，".join(part for part in (place, row.field) if part) + f"：{row.message}"


def _file_line(number: int, item: Returned) -> Names:
    """A file that does not count: why not, rather than what else is wrong in it."""
    about_file = tuple(row for row in item.findings if row.code.startswith(Family.FILE)) or item.findings
    item = replace(item, findings=about_file)
    advice = dict.fromkeys(one_line(row.advice) for row in about_file if row.severity is Severity.ERROR)
    return Names(
        "行", {"序号": number, "文件": one_line(item.file), "问题": _messages(item), "办法": "\n".join(advice)}
    )
