"""抽查名单.json: every sample that was drawn of a year, by which rule and seed; the last is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_tools.core.errors import SettingsError, WithheldFile, tell_os_error
from workbook_tools.core.model import Measure
from workbook_tools.inspection.sampling import SampledProject, SampleRule


class _SampleFacts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleRow(_SampleFacts):
    """A project that could be drawn, as it stood then, and what became of it."""

    code: str
    name: str
    department: str
    unit: str
    amount: float | None = None
    """全年预算资金, 万元."""
    rate: float | None = None
    """预算执行率, a fraction."""
    score: float | None = None
    """分, as it counted."""
    grade: str = ""
    probability: float
    risk: float = 1.0
    reasons: tuple[str, ...] = ()
    drawn: bool = False
    picked: str = ""
    """Why it was picked by hand."""

    @property
    def chosen(self) -> bool:
        """It is in the sample."""
        return self.drawn or bool(self.picked)

    @classmethod
    def of(cls, sampled: SampledProject) -> SampleRow:
        """What is kept of a project."""
        row = sampled.project
        return cls(
            code=row.code,
            name=row.name,
            department=row.department,
            unit=row.unit,
            amount=row.amount(Measure.ANNUAL_BUDGET),
            rate=row.execution_rate,
            score=row.counted_total,
            grade=row.final_grade,
            probability=sampled.probability,
            risk=sampled.risk,
            reasons=sampled.reasons,
            drawn=sampled.drawn,
            picked=sampled.picked,
        )


class Draw(_SampleFacts):
    """A sample."""

    seed: str
    at: str
    """When it was drawn, as 2025-04-10 14:05."""
    by: str = ""
    rule: SampleRule
    rows: tuple[SampleRow, ...]
    missing: int = 0
    """So many projects had not come, and could not be drawn."""
    because: str = ""
    """Why it was drawn in place of the one before."""

    @property
    def chosen(self) -> tuple[SampleRow, ...]:
        """The sample, in the order of the list."""
        return tuple(row for row in self.rows if row.chosen)

    def with_picked(self, picked: Mapping[str, str]) -> Draw:
        """The same sample with more that were picked by hand: code → why. Raises SettingsError: there is no such project."""
        refuse_unknown(picked, (row.code for row in self.rows))
        rows = (row.model_copy(update={"picked": picked.get(row.code, row.picked)}) for row in self.rows)
        return self.model_copy(update={"rows": tuple(rows)})


class Draws(_SampleFacts):
    """All samples of a year, the last in force."""

    version: int = 1
    year: int
    draws: tuple[Draw, ...] = ()

    @property
    def last(self) -> Draw | None:
        """The one in force."""
        return self.draws[-1] if self.draws else None


def read_draws(path: Path, year: int) -> Draws:
    """What :class:`Draws` has written there; none where there is no file. Raises SettingsError."""
    try:
        return Draws.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Draws(year=year)
    except OSError as exc:
        raise WithheldFile(f"无法读取抽查名单{tell_os_error(exc, path)}") from None
    except ValidationError:
        raise SettingsError(f"抽查名单“{path}”已损坏。请从备份恢复；没有备份的把它改名，再抽一次。") from None


def refuse_unknown(picked: Iterable[str], codes: Iterable[str]) -> None:
    """Raises SettingsError where one of ``picked`` is none of ``codes``."""
    if unknown := sorted({*picked} - {*codes}):
        raise SettingsError(f"没有报送过这些项目，不能抽查：{'、'.join(unknown)}。编码见 审核结果.xlsx 的“项目得分”。")
