"""审核结果: the result of a review, as people's tables and as JSON.

This is the only thing that merging and reporting read. Its JSON Schema is docs/schema/review.schema.json.
Rates, completions are fractions (0.95); scores are 分; money is 万元; ``null`` means not known or blank.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from workbook_tools.findings import Severity
from workbook_tools.model import Direction, Measure, Source

REVIEW_SCHEMA_VERSION = "1"


class Result(BaseModel):
    """A frozen part of the result."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FindingCounts(Result):
    """How many findings of each severity."""

    error: int = 0
    warning: int = 0
    info: int = 0


class FindingRow(Result):
    """One finding; see docs/校验规则.md for the codes."""

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


class IndicatorRow(Result):
    """One scored indicator."""

    project_code: str
    dimension: str
    category: str
    name: str
    direction: Direction
    target: float | str | None = None
    """In ``unit`` (95 with unit %), or the text of a qualitative target."""
    unit: str = ""
    weight: float | None = None
    actual: float | str | None = None
    """In ``unit``, or a text."""
    tier: str = ""
    completion: float | None = None
    score: float | None = None
    deviation_reason: str = ""
    explanation: str = ""
    """The sentence that derives the score from the figures."""
    target_text: str = ""
    """The target as the form prints it (≥95%)."""
    actual_text: str = ""
    """The actual as the form prints it (96%)."""
    sheet: str = ""
    cell: str = ""
    """Cell of the score in the submitted workbook."""


class ProjectRow(Result):
    """One reviewed project."""

    code: str
    name: str
    department: str
    unit: str
    year: int
    scheme: str
    """Id of the scheme it was scored under."""
    file: str
    """Path of the submitted workbook, relative to the folder that was reviewed."""
    annual_goal: str = ""
    period_goal: str = ""
    funding: dict[Measure, dict[Source, float | None]] = {}
    """Every cell of the funding table: seven rows by eight columns."""
    execution_rate: float | None = None
    execution_score: float | None = None
    execution_weight: float = 0
    execution_reason: str = ""
    execution_explanation: str = ""
    scores: dict[str, float | None] = {}
    """Points per dimension, by the scheme's dimension name (产出指标); without the execution rate."""
    weights: dict[str, float] = {}
    """Weight per dimension, likewise."""
    total_score: float | None = None
    grade: str = ""
    total_explanation: str = ""
    findings: FindingCounts = FindingCounts()
    texts: dict[str, str] = {}
    """Narrative sections by the scheme's section key, as the unit wrote them."""
    info: dict[str, str] = {}
    """填报人, 联系电话 … by field name."""


class MissingRow(Result):
    """A project on the list for which nothing usable came back."""

    code: str
    name: str
    department: str
    unit: str
    reason: str = "未报送"


class ReviewResult(Result):
    """审核结果.json."""

    schema_version: str = REVIEW_SCHEMA_VERSION
    scheme: str
    """Id of the campaign's scheme."""
    year: int
    authority: str = ""
    reviewed_files: int = 0
    projects: tuple[ProjectRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    missing: tuple[MissingRow, ...] = ()
