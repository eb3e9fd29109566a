"""What is sent back (退回) for one submitted file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.questions import is_question, is_settled
from workbook_tools.core.review_result import ProjectRow

OTHER_FILES = "其他文件"
"""Folder of the notice on files of which nobody knows whose they are."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What is sent back for one submitted file."""

    department: str
    file: str
    """The submitted file, as the review names it."""
    notice: Path
    """The covering notice that tells of it."""
    findings: tuple[Finding, ...]
    """Its errors, the 提醒 that are to be explained, other 提醒, then those that are explained."""
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

    @property
    def to_answer(self) -> int:
        """How many 提醒 the unit has to explain."""
        return sum(is_question(f) and not f.is_answered for f in self.findings)

    @property
    def answered(self) -> int:
        """How many 提醒 are explained."""
        return sum(map(is_settled, self.findings))

    @property
    def imported(self) -> bool:
        """It is a form of today, which has no copy."""
        return self.project is not None and self.project.imported
