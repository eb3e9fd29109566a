"""What came of one file, before it is put beside the others."""

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
    """What came of one file."""

    file: str
    modified: float
    sha256: str = ""
    clock: float = 0.0
    """When it was last changed as far as its folder or archive says, in seconds."""
    saved_at: float | None = None
    """When it was last saved, as it says itself."""
    round: int = 0
    """Which return it is a copy of."""
    content: str = ""
    """Digest of what was read of it."""
    untouched: UntouchedForm | None = None
    """It is our own form, with nothing in it that a unit has typed: no submission."""
    issued: str = ""
    """Digest of the project as it was issued."""
    issued_project: str = ""
    """The project as it was issued, packed."""
    issue: Issue = NO_ISSUE
    """Which issue of its project it says it is."""
    seal: SealState = SealState.NONE
    """What its seal proves."""
    verdict: Verdict | None = None
    """How far it can be trusted, once that is judged; ``None`` where it holds no project."""
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
    """Codes of listed projects that have the name of this form of today, and other units."""
    runs: list[CheckRun] = field(default_factory=list)
    """What came of every check of it."""
    fault: str = ""
    """Traceback of a fault of the program while it was busy with the file."""
    given_up: bool = False
    """It was not read to its end: it took too much, or brought its reader down."""

    @property
    def own_issue(self) -> Issue:
        """Which issue of its project it is, where our seal proves it."""
        is_ours = self.seal is SealState.OWN and self.project is not None and not self.project.imported
        return self.issue if is_ours else NO_ISSUE
