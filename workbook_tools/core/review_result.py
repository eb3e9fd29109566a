"""审核结果: the result of a review, as people's tables and as JSON.

This is the only thing that merging and reporting read. Its JSON Schema is docs/schema/review.schema.json.
Rates, completions are fractions (0.95); scores are 分; money is 万元; ``null`` means not known or blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction, FundingSource, Measure, Value
from workbook_tools.core.questions import is_question
from workbook_tools.core.states import State
from workbook_tools.core.trust import Trust

REVIEW_SCHEMA_VERSION = "2"


class Result(BaseModel):
    """A frozen part of the result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, context: Any, /) -> None:
        """Nobody asks which fields were given: a set of their names for each row takes more memory than what it holds."""
        object.__setattr__(self, "__pydantic_fields_set__", _NAMED)


_NAMED: set[str] = set()


class FindingCounts(Result):
    """How many findings of each severity; those of the project list, which are finance's, apart."""

    error: int = 0
    warning: int = 0
    info: int = 0
    to_answer: int = 0
    """Of the warnings, those that the unit has still to explain."""
    answered: int = 0
    """Of the warnings, those that are explained (单位说明), or that finance has accepted."""
    of_the_list: int = 0
    """Errors and warnings of the project list; they are in none of the other counts."""

    @property
    def unanswered(self) -> int:
        """The warnings but for those that are explained or accepted."""
        return self.warning - self.answered


class Decision(Result):
    """What finance decided about a computed score (核定). Without a score there is no decision in force."""

    reviewed_score: float | None = None
    """核定得分; it counts in place of the computed score."""
    review_reason: str = ""
    """核定理由."""
    reviewed_by: str = ""
    """核定人."""
    reviewed_at: str = ""
    """When it was found in 审核结果.xlsx, as 2025-03-10 14:05."""
    reviewed_from: float | None = None
    """The computed score that stood beside it when it was given."""


class LastYearIndicator(Result):
    """What an indicator came to the year before, with 核定 in force."""

    target_text: str = ""
    """The target as the form printed it (≥95%)."""
    actual_text: str = ""
    weight: float | None = None
    score: float | None = None
    """Where it counted."""


class IndicatorRow(Decision):
    """One scored indicator."""

    project_code: str
    dimension: str
    category: str
    name: str
    direction: Direction
    rule: str = ""
    """Name of the scheme's own step rule that it is scored by, or blank for the usual rule."""
    target: float | str | None = None
    """In ``unit`` (95 with unit %), or the text of a qualitative target."""
    unit: str = ""
    weight: float | None = None
    actual: float | str | None = None
    """In ``unit``, or a text."""
    tier: str = ""
    completion: float | None = None
    score: float | None = None
    self_deduction: float | None = None
    """自扣分: the points of the rule that the unit took off; ``score`` is what is left."""
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
    applicable: bool = True
    """False where the unit marked it 不适用."""
    last_year: LastYearIndicator | None = None
    """The year before, where its project has one and had this indicator."""

    @property
    def final_score(self) -> float | None:
        """The reviewed score where there is one, else the computed one."""
        return self.score if self.reviewed_score is None else self.reviewed_score


class EvidenceState(StrEnum):
    """What became of a material (佐证材料)."""

    FOUND = "已收到"
    ABSENT = "未收到"
    UNCHECKED = "没有核对"
    EMPTY = "空文件"
    ON_PAPER = "纸质"
    UNCLEAR = "没有写明"
    UNLISTED = "没有列出"


class EvidenceRow(Result):
    """A material that a unit has listed, or a file that it has sent and not listed. No file was opened."""

    project_code: str
    state: EvidenceState
    indicator: str = ""
    """Which indicator it is for, or several; as typed where that is not known."""
    name: str = ""
    """材料名称."""
    pages: str = ""
    """页数, as typed."""
    file: str = ""
    """文件名, as typed."""
    path: str = ""
    """Where the file lies, from the folder that was reviewed; within an archive, after the archive's name."""
    on_disk: str = ""
    """What can be opened to see it: the file itself, or the archive that it is in."""
    sheet: str = ""
    cell: str = ""
    """Where it is listed."""


class EvidencePlaces(Result):
    """What a project's evidence comes to."""

    listed: int = 0
    """Materials that are listed."""
    found: int = 0
    """Those of them whose file has come."""
    absent: int = 0
    """Those of them that are files and have not come."""
    unlisted: int = 0
    """Files that are not listed."""
    places: tuple[str, ...] = ()
    """Its folders and archives, from the folder that was reviewed."""
    on_disk: tuple[str, ...] = ()
    """Of each what can be opened to see it: itself, or the archive that it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where a narrative section stands in the submitted workbook, and what it is called."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # A dataclass: a third of the memory of a model

    sheet: str
    cell: str
    label: str


class LastYearFigures(Result):
    """What a project came to the year before, with 核定 in force."""

    year: int
    score: float | None = None
    """Where it counted."""
    grade: str = ""
    rate: float | None = None
    """执行率, a fraction."""
    budget: float | None = None
    """全年预算资金, 万元."""
    executed: float | None = None
    """全年执行资金, 万元."""
    execution_weight: float | None = None
    execution_score: float | None = None
    """Points for the execution rate, where they counted."""


class SecondLook(Result):
    """What somebody found who looked at a project again and scored it anew. It changes no score of the review."""

    reason: str = ""
    """Why it was looked at again."""
    self_total: float | None = None
    """总分 of the unit that stood beside it."""
    central_total: float | None = None
    """总分 that counted then."""
    total: float | None = None
    """总分 of this look, and below its grade."""
    grade: str = ""
    difference: float | None = None
    """``total`` less ``self_total``, where there are both."""
    differing: int = 0
    """So many scores are other than those of the unit."""
    quality: float | None = None
    """分 for how well the unit has evaluated itself; none where that is not marked."""
    quality_points: float | None = None
    """The most that this could be."""
    conclusion: str = ""
    by: str = ""
    at: str = ""
    """When, as it was typed."""


class ProjectRow(Result):
    """One reviewed project."""

    code: str
    name: str
    """As the project list has it now, where it is listed."""
    signed_name: str = ""
    """Under which name the unit has filled it in and signed it, where that is another."""
    department: str
    unit: str
    year: int
    scheme: str
    """Id of the scheme it was scored under."""
    scheme_digest: str
    """Which of the result's ``schemes`` that is; a scheme that was edited between two issues is there twice."""
    layout_version: str = ""
    """Version of the workbook's layout, whose rules the scheme was applied by; the present one where none is named."""
    file: str
    """Path of the submitted workbook, relative to the folder that was reviewed."""
    annual_goal: str = ""
    period_goal: str = ""
    funding: dict[Measure, dict[FundingSource, float | None]] = {}
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
    self_deduction: float | None = None
    """自扣分 of all indicators; none where the scheme does not allow any."""
    total_score: float | None = None
    grade: str = ""
    """Blank where there is no total, or where the form is not complete."""
    complete: bool = True
    """Every row in use has an actual, the points come to the scheme's total, and the execution is known. If not, the
    total is a sum so far: the project counts as submitted, but in no average, ranking or grade."""
    pending_reason: str = ""
    """Why it is not complete."""
    total_explanation: str = ""
    findings: FindingCounts = FindingCounts()
    texts: dict[str, str] = {}
    """Narrative sections by the scheme's section key, as the unit wrote them."""
    text_places: dict[str, TextPlace] = {}
    """Where each of ``texts`` stands."""
    info: dict[str, str] = {}
    """填报人, 联系电话 … by field name."""
    execution_review: Decision = Decision()
    """What finance decided about the points for the execution rate."""
    reviewed_scores: dict[str, float | None] = {}
    """Points per dimension with the reviewed scores; empty where nothing was reviewed."""
    reviewed_total: float | None = None
    """总分 with the reviewed scores; none where nothing was reviewed."""
    reviewed_grade: str = ""
    """评价等级 of the reviewed total; blank while a row has neither an actual nor a reviewed score."""
    imported: bool = False
    """Read from a form of today, not from a workbook that was issued."""
    state: State = State.READY
    """Where it stands in the order of work, as its findings and the ledger stood at the review."""
    first_step: str = ""
    """The first thing to do, as a sentence with its cell."""
    accepted_by: str = ""
    """Who has accepted it (接收人); empty where nobody has."""
    accepted_because: str = ""
    """Why it was accepted although it is not what was issued last."""
    trust: Trust = Trust.UNVERIFIED
    """来源: how far the file that counts can be trusted."""
    trust_reason: str = "没有核实过"
    """Why no further; empty for 本期下发."""
    place: int = 0
    """Its place among all projects of the list, departments together, from 1; 0 where there is no list."""
    evidence: EvidencePlaces = EvidencePlaces()
    """佐证材料: how much is listed and has come, and where it lies."""
    last_year: LastYearFigures | None = None
    """The year before, where its result is named and has the project."""
    second_look: SecondLook | None = None
    """What came of looking at it again, where that was done."""

    def amount(self, measure: Measure, source: FundingSource = FundingSource.TOTAL) -> float | None:
        """A cell of the funding table: 万元, or of a rate a fraction; of all sources where none is named."""
        return self.funding.get(measure, {}).get(source)

    @property
    def reviewed(self) -> bool:
        """Finance has changed a score."""
        return bool(self.reviewed_scores) or self.execution_review.reviewed_score is not None

    @property
    def final_execution_score(self) -> float | None:
        """Points for the execution rate, as reviewed where that was done."""
        reviewed = self.execution_review.reviewed_score
        return self.execution_score if reviewed is None else reviewed

    @property
    def final_scores(self) -> dict[str, float | None]:
        """Points per dimension, as reviewed where that was done."""
        return self.reviewed_scores if self.reviewed else self.scores

    @property
    def final_total(self) -> float | None:
        """总分, as reviewed where that was done."""
        return self.reviewed_total if self.reviewed else self.total_score

    @property
    def final_grade(self) -> str:
        """评价等级, as reviewed where that was done."""
        return self.reviewed_grade if self.reviewed else self.grade

    @property
    def pending(self) -> bool:
        """The final total is no more than a sum so far: of a form that is not complete, and that finance has not completed."""
        return self.final_total is not None and not self.final_grade

    @property
    def counted_total(self) -> float | None:
        """The final total where it counts in averages and rankings."""
        return None if self.pending else self.final_total


class MissingRow(Result):
    """A project on the list for which nothing usable came back."""

    code: str
    name: str
    department: str
    unit: str
    reason: str = "未报送"
    state: State = State.MISSING
    first_step: str = ""
    """The first thing to do."""
    due: str = ""
    """Until when it may still come (2025年3月31日); empty where that is over, or nobody knows."""
    place: int = 0
    """Its place among all projects of the list, departments together, from 1."""
    last_year: LastYearFigures | None = None
    """The year before, where its result is named and has the project."""
    unread_file: str = ""
    """A file that came, seems by its name to be this project's, and cannot be used."""
    unread_step: str = ""
    """What is to be done about that file; the reason says what it has."""


class GoneRow(Result):
    """A project that was there the year before, and is not on this year's list."""

    code: str
    name: str
    department: str
    unit: str
    figures: LastYearFigures
    """What it came to."""


class CheckCount(Result):
    """What came of one check over all projects: 检查清单."""

    check: str
    """Its name in the program: fill.contact_given."""
    rule: str
    """What it looks at, as an official would say it."""
    codes: tuple[str, ...]
    """The codes that it reports."""
    passed: int = 0
    """Projects in which it looked and found nothing."""
    fired: int = 0
    """Projects in which it found something."""
    off: int = 0
    """Projects for which all its codes are switched off in wbt.toml."""
    not_run: dict[str, int] = {}
    """Why it could not look: what was missing → in how many projects."""
    not_for: dict[str, int] = {}
    """Why there was nothing for it to look at: of what kind the forms are → how many projects."""

    @property
    def ran(self) -> int:
        """In how many projects it looked."""
        return self.passed + self.fired


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
    findings: tuple[Finding, ...] = ()
    missing: tuple[MissingRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    """佐证材料, project by project: what is listed, then what is not."""
    gone: tuple[GoneRow, ...] = ()
    """Projects of the year before that this year's list has no more; where there is no list none are known."""
    compared_with: int = 0
    """The year whose result the projects were compared with; 0 where none was named."""
    checks: tuple[CheckCount, ...] = ()
    """Every check: how often it ran, passed, fired, was switched off, or could not run and why."""
    schemes: dict[str, dict[str, Any]] = {}
    """Every scheme that a project was scored under, with all its settings as its file would say them, by digest."""


def common_year(projects: Iterable[ProjectRow], otherwise: int) -> int:
    """The year that all these projects share; ``otherwise`` where they share none (a list may give a project its own)."""
    years = {project.year for project in projects}
    return years.pop() if len(years) == 1 else otherwise


EXECUTION = "预算执行"
"""What stands for a dimension where the points of the execution rate are listed beside the indicators'."""


JudgementKey = tuple[str, str, str, str, int]
"""Project code, dimension, category and name of an indicator, and which of several equal ones, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What stands in the cells for 核定 beside a score: typed by a finance officer, not yet checked."""

    key: JudgementKey
    score: Value
    """A number, or whatever text stands in its place."""
    reason: str = ""
    by: str = ""
    at: str = ""
    """When it was found there, as 2025-03-10 14:05."""
    computed: float | None = None
    """The computed score beside it."""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    """Where the score stands: a cell of 审核结果.xlsx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What stands in the cells beside a unit's answer: typed by a finance officer, not yet checked."""

    project_code: str
    number: str
    """编号 of the question."""
    answer: str
    """The answer beside it; blank where there was none."""
    ruling: str
    """接受, 不接受, or whatever text stands in its place."""
    reason: str = ""
    by: str = ""
    at: str = ""
    """When it was found there, as 2025-03-10 14:05."""
    question: str = ""
    """The question in words."""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    """Where it stands: a cell of 审核结果.xlsx."""

    @property
    def key(self) -> tuple[str, str]:
        """Project and question."""
        return self.project_code, self.number


def count_by_severity(findings: Iterable[Finding]) -> FindingCounts:
    """How many findings of each severity, and how many of them wait for an answer."""
    rows = list(findings)
    own = [row for row in rows if not row.of_the_list]
    counted = Counter(row.severity for row in own)
    asked = [row for row in own if is_question(row)]
    answered = sum(row.is_answered for row in asked)
    listed = sum(row.of_the_list and row.severity is not Severity.INFO for row in rows)
    return FindingCounts(
        error=counted[Severity.ERROR],
        warning=counted[Severity.WARNING],
        info=counted[Severity.INFO],
        to_answer=len(asked) - answered,
        answered=answered,
        of_the_list=listed,
    )
