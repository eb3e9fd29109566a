"""复核结果.json: which 复核表 were issued, and what each that has come back says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_tools.core.errors import SettingsError, WithheldFile, tell_os_error
from workbook_tools.core.review_result import SecondLook
from workbook_tools.form.identity import NO_ISSUE, Issue


class _Recorded(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InspectedScore(_Recorded):
    """What a reviewer found of an indicator, or of 预算执行率 (which has no dimension)."""

    dimension: str = ""
    name: str
    weight: float | None = None
    target_text: str = ""
    """目标值, as printed."""
    actual_text: str = ""
    """自评完成值, as printed."""
    value_text: str = ""
    """复核值, as printed."""
    self_score: float | None = None
    central_score: float | None = None
    score: float | None = None
    """复核得分."""
    difference: float | None = None
    """复核得分 less 自评得分, where there are both."""
    evidence: str = ""
    opinion: str = ""


class QualityScore(_Recorded):
    """An item of the quality sheet."""

    name: str
    points: float
    score: float
    note: str = ""


class Inspection(_Recorded):
    """A 复核表 that came back and was taken. Scores are 分."""

    code: str
    name: str
    department: str
    unit: str
    reason: str
    """Why the project was inspected."""
    self_total: float | None = None
    central_total: float | None = None
    central_grade: str = ""
    total: float | None = None
    grade: str = ""
    difference: float | None = None
    """复核总分 less 自评总分."""
    scores: tuple[InspectedScore, ...] = ()
    quality: tuple[QualityScore, ...] = ()
    quality_total: float | None = None
    conclusion: str = ""
    reviewer: str = ""
    date: str = ""
    file: str = ""
    """Where it lay, from 复核/回收."""
    issue: str = ""
    """Id of the issue that was filled in."""

    @property
    def differing(self) -> tuple[InspectedScore, ...]:
        """What came out otherwise than the unit had it."""
        return tuple(item for item in self.scores if item.difference)

    @property
    def quality_points(self) -> float | None:
        """The most that the quality could get."""
        return sum(item.points for item in self.quality) if self.quality else None

    @property
    def look(self) -> SecondLook:
        """What the result of the review carries of it."""
        return SecondLook(
            self_total=self.self_total,
            central_total=self.central_total,
            total=self.total,
            grade=self.grade,
            difference=self.difference,
            differing=len(self.differing),
            quality=self.quality_total,
            quality_points=self.quality_points,
            conclusion=self.conclusion,
            by=self.reviewer,
            at=self.date,
            reason=self.reason,
        )


class KeptIssue(_Recorded):
    """Which 复核表 a project was issued last."""

    id: str
    round: int
    digest: str

    @classmethod
    def of(cls, issue: Issue) -> KeptIssue:
        """As it is kept."""
        return cls(id=issue.id, round=issue.round, digest=issue.digest)

    @property
    def issue(self) -> Issue:
        """As it is signed."""
        return Issue(self.id, self.round, self.digest)


class Inspections(_Recorded):
    """All of a year."""

    version: int = 1
    year: int
    issued: dict[str, KeptIssue] = {}
    """By the project's code."""
    done: dict[str, Inspection] = {}
    """By the project's code, in the order of the sample."""

    def last_issue(self, code: str) -> Issue:
        """Which 复核表 a project was issued last, if any."""
        return self.issued[code].issue if code in self.issued else NO_ISSUE

    def list_done(self, codes: Iterable[str]) -> list[Inspection]:
        """Those of these projects that are done, in their order."""
        return [self.done[code] for code in codes if code in self.done]

    def write(self) -> bytes:
        """As the file holds it."""
        return (self.model_dump_json(indent=1, exclude_defaults=True) + "\n").encode()


def read_inspections(path: Path, year: int) -> Inspections:
    """What :class:`Inspections` has written there; none where there is no file. Raises SettingsError."""
    try:
        return Inspections.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Inspections(year=year)
    except OSError as exc:
        raise WithheldFile(f"无法读取复核结果{tell_os_error(exc, path)}") from None
    except ValidationError:
        raise SettingsError(
            f"复核结果“{path}”已损坏。请从备份恢复；没有备份的把它改名，再运行 wbt inspect --read，从收回的复核表重新读取。"
        ) from None
