"""The result of reviewing one file, before it is compared with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ListedMaterial
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.core.trust import Verdict
from workbook_tools.form.identity import NO_ISSUE, Issue, SealState
from workbook_tools.review.checks import CheckRun
from workbook_tools.review.recognising import UntouchedForm
from workbook_tools.rules.scheme import Scheme


@dataclass(slots=True)
class ReviewedFile:
    """The result of reviewing one file."""

    file: str
    modified: float
    sha256: str = ""
    clock: float = 0.0
    """When it was last changed by its folder or archive, in seconds."""
    saved_at: float | None = None
    """When it was last saved by its own properties, in seconds."""
    round: int = 0
    """Which return it is a copy of."""
    content: str = ""
    """Digest of its content as read."""
    untouched: UntouchedForm | None = None
    """Set if it is our own form in which nobody has typed anything: no submission."""
    issued: str = ""
    """Digest of the project as it was issued."""
    issued_project: str = ""
    """The project as it was issued, packed."""
    issue: Issue = NO_ISSUE
    """The issue of its project that it claims to be."""
    seal: SealState = SealState.NONE
    """What its seal proves."""
    verdict: Verdict | None = None
    """How far it can be trusted, once judged; ``None`` if it holds no project."""
    findings: list[Finding] = field(default_factory=list)
    scheme: Scheme | None = None
    """What it was scored under."""
    project: ProjectRow | None = None
    indicators: list[IndicatorRow] = field(default_factory=list)
    answers: list[UnitAnswer] = field(default_factory=list)
    """What the unit answered to 提醒 in it."""
    materials: list[ListedMaterial] = field(default_factory=list)
    """佐证材料 that it lists."""
    namesakes: Sequence[str] = ()
    """Codes of listed projects with the name of this form of today, but another unit."""
    runs: list[CheckRun] = field(default_factory=list)
    """The outcome of every check."""
    fault: str = ""
    """Traceback of an exception while it was processed."""
    given_up: bool = False
    """It was not read completely: it exceeded its budget, or crashed its reader."""

    @property
    def own_issue(self) -> Issue:
        """The issue of its project, if our seal proves it."""
        is_ours = self.seal is SealState.OWN and self.project is not None and not self.project.imported
        return self.issue if is_ours else NO_ISSUE
