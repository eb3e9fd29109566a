"""Scheme (评分方案): the rules of one authority, as a TOML file.

Wherever two authorities differ, the difference is a setting here, never a branch on a region's name.
The settings and their meaning are described for users in docs/评分方案.md.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workbook_tools.errors import SchemeError
from workbook_tools.model import Measure, Source

Share = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    """A frozen part of a scheme; unknown settings are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimension(Part):
    """一级指标: its name on the form, its normal weight, and its 二级指标."""

    key: Key
    name: str
    weight: Points
    categories: tuple[str, ...]
    cost_like: tuple[str, ...] = ()
    """Categories whose targets are usually ≤ (成本指标); only presets the direction of open rows."""


class Weights(Part):
    """What the weights must add up to, and how strictly the norm per dimension holds."""

    total: Points = 100
    norm: Literal["exact", "principle", "none"] = "principle"
    """exact: a deviation is an error; principle: a warning; none: not looked at."""


class Band(Part):
    """From this share on (inclusive), the result is ``share`` of the weight."""

    at_least: float
    share: Share


class Execution(Part):
    """预算执行率 and its points."""

    weight: Points = 10
    base: Literal["annual_budget", "initial_budget"] = "annual_budget"
    capped: bool = True
    zero_budget: Literal["zero", "full", "blank"] = "zero"
    """Points when the budget is 0: none, all, or no score at all."""
    bands: tuple[Band, ...] = ()
    """Steps, highest first; empty = in proportion to the rate."""
    explain_below: Share = 0
    """Below this rate a reason must be given; 0 = never."""

    @property
    def base_measure(self) -> Measure:
        """The funding row that is the denominator."""
        return Measure(self.base)


class AtLeast(Part):
    """≥: reached → full; below → in proportion."""

    zero_target: Literal["met_if_reached", "no_score"] = "met_if_reached"


class AtMost(Part):
    """≤: not exceeded → full; exceeded → ``exceeded``."""

    exceeded: Literal["inverse", "linear", "zero"] = "inverse"
    """inverse: target÷actual; linear: 1−(actual−target)÷target; zero: no points."""
    completion: Literal["achieved", "actual_over_target"] = "achieved"
    """What 完成率 shows: the achieved share, or actual÷target as some forms print it."""
    zero_target: Literal["met_if_reached", "no_score"] = "met_if_reached"


class Equal(Part):
    """＝: like ≥, only when equal, or falling with the deviation to either side."""

    rule: Literal["as_at_least", "only_equal", "symmetric"] = "as_at_least"


class OverCompletion(Part):
    """What happens when the actual is far above a ≥ target."""

    effect: Literal["none", "flag", "reason", "deduct", "reduce"] = "flag"
    """flag: a finding; reason: one must be given; deduct: ``points`` off; reduce: by the part above the threshold."""
    threshold: Annotated[float, Field(ge=1)] = 1.3
    """Completion from which it applies (1.3 = 130%)."""
    points: Points = 0


class QualitativeTier(Part):
    """完成程度: its name and the range of completion it allows, both ends as fractions."""

    name: str
    lower: Share
    upper: Share
    upper_included: bool = False


class Rounding(Part):
    """How scores are rounded."""

    mode: Literal["half_up", "truncate"] = "half_up"
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    stage: Literal["row", "end"] = "row"
    """row: each score is rounded, and the total of the rounded; end: only the total."""


class Cap(Part):
    """If the execution rate is below ``below``, the total is at most ``at_most``."""

    below: Share
    at_most: Points


class Total(Part):
    """Rules on the total."""

    caps: tuple[Cap, ...] = ()
    rebase: bool = False
    """An indicator that does not apply is left out, and the rest are re-based to the full weight."""


class Grade(Part):
    """评价等级: the lower edge (inclusive) of its band."""

    name: str
    at_least: float


class Grading(Part):
    """How the total becomes a grade."""

    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    """The total is rounded to so many decimals before it is compared (0 for bands of whole numbers)."""
    bands: tuple[Grade, ...]


class StepBand(Part):
    """Deviation up to ``within`` (inclusive) → ``share`` of the weight."""

    within: Share
    share: Share


class StepRule(Part):
    """A rule for single indicators: so many points off per step, or shares by deviation."""

    label: str
    every: Share = 0
    """Size of a step of shortfall: in the target's own unit, or as share of the target (``relative``)."""
    minus: Points = 0
    relative: bool = False
    count: Literal["full", "begun"] = "full"
    """Only full steps count, or every begun one."""
    symmetric: bool = False
    """Deviation to either side counts, not only the bad one."""
    bands: tuple[StepBand, ...] = ()
    """Instead of steps: shares by relative deviation; beyond the last, none."""

    @model_validator(mode="after")
    def _steps_or_bands(self) -> Self:
        if bool(self.every) == bool(self.bands):
            raise ValueError("计分规则应写 every（每档幅度）或 bands（分档），二者只写其一")
        return self


Column = Literal[
    "dimension", "category", "indicator", "direction", "target", "unit", "actual", "completion", "weight", "score",
    "deviation_reason",
]  # fmt: skip


class FormColumn(Part):
    """A column of the indicator table on 自评表."""

    key: Column
    label: str
    width: Annotated[float, Field(gt=2, le=80)]


class FundingColumn(Part):
    """A column of the funding block on 自评表: a row of the funding table, or points."""

    key: Literal[
        "initial_budget", "annual_budget", "received", "executed", "balance", "arrival_rate", "execution_rate",
        "weight", "score", "execution_reason",
    ]  # fmt: skip
    label: str


class FundingRow(Part):
    """A row of the funding block on 自评表: a column of the funding table."""

    source: Source
    label: str


class FundingBlock(Part):
    """The funding block at the head of 自评表."""

    label: str
    columns: tuple[FundingColumn, ...]
    rows: tuple[FundingRow, ...]


class ExecutionRow(Part):
    """The execution rate as the first row of the indicator table."""

    dimension: str
    category: str
    name: str


class GoalsBlock(Part):
    """The block 年度总体目标: which of the texts stand under 预期目标 and 实际完成情况."""

    label: str = "年度总体目标"
    expected: Key
    actual: Key


class Form(Part):
    """自评表 as the authority's own form has it."""

    title: str
    number: str = ""
    """报表编号 or 附件 number, printed above the title."""
    columns: tuple[FormColumn, ...]
    funding: FundingBlock | None = None
    execution_row: ExecutionRow | None = None
    goals: GoalsBlock | None = None
    total_label: str = "总分"

    @model_validator(mode="after")
    def _needed_columns(self) -> Self:
        keys = [column.key for column in self.columns]
        missing = {
            "dimension",
            "category",
            "indicator",
            "target",
            "actual",
            "weight",
            "score",
            "deviation_reason",
        } - set(keys)
        if missing or len(keys) != len(set(keys)):
            raise ValueError(f"form.columns 缺少 {sorted(missing)} 或有重复")
        return self


class TextSection(Part):
    """A narrative section of the report, filled by the unit."""

    key: Key
    label: str
    prompt: str
    sheet: Literal["基本情况", "绩效分析"] = "绩效分析"
    group: str = ""
    """Heading above it on the sheet."""
    required: bool = True
    lines: Annotated[int, Field(ge=1, le=20)] = 4
    """Height of the cell, in lines."""


class Scheme(Part):
    """One authority's rules. Load with :func:`load_scheme`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str
    authority: str = ""
    sources: tuple[str, ...]
    """Documents the rules come from."""
    assumptions: tuple[str, ...] = ()
    """What no source says, or a source says but was not verified."""
    dimensions: tuple[Dimension, ...]
    weights: Weights = Weights()
    execution: Execution = Execution()
    at_least: AtLeast = AtLeast()
    at_most: AtMost = AtMost()
    equal: Equal = Equal()
    over_completion: OverCompletion = OverCompletion()
    tiers: tuple[QualitativeTier, ...]
    rounding: Rounding = Rounding()
    total: Total = Total()
    grading: Grading
    steps: dict[str, StepRule] = {}
    form: Form
    texts: tuple[TextSection, ...]
    report: str
    """Name of the report form (templates/报告-….docx)."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        lows = [grade.at_least for grade in self.grading.bands]
        if not lows or lows != sorted(lows, reverse=True) or len(set(lows)) != len(lows):
            raise ValueError("grading.bands 应从高到低排列，下限不重复")
        if sum(d.weight for d in self.dimensions) + self.execution.weight != self.weights.total:
            raise ValueError("各一级指标权重与预算执行率分值之和应等于 weights.total")
        for what, names in (
            ("dimensions 的 key", [d.key for d in self.dimensions]),
            ("dimensions 的 name", [d.name for d in self.dimensions]),
            ("tiers 的 name", [t.name for t in self.tiers]),
            ("texts 的 key", [t.key for t in self.texts]),
        ):
            if len(names) != len(set(names)):
                raise ValueError(f"{what} 有重复")
        goals = self.form.goals
        if goals and {goals.expected, goals.actual} - {text.key for text in self.texts}:
            raise ValueError("form.goals 指的文字不在 texts 中")
        caps = [cap.below for cap in self.total.caps]
        if caps != sorted(caps):
            raise ValueError("total.caps 应按 below 从低到高排列")
        bands = [band.at_least for band in self.execution.bands]
        if bands != sorted(bands, reverse=True):
            raise ValueError("execution.bands 应按 at_least 从高到低排列")
        return self

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """Identifies the scheme's exact content; two schemes of one digest score alike."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def indicator_weight(self) -> float:
        """What the indicators' weights must add up to."""
        return self.weights.total - self.execution.weight

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that name; 产出 and 产出指标 are the same."""
        wanted = name.removesuffix("指标")
        return next((d for d in self.dimensions if d.name.removesuffix("指标") == wanted), None)

    def tier(self, name: str) -> QualitativeTier | None:
        """The tier of that name."""
        return next((t for t in self.tiers if t.name == name), None)


def _read(text: str, where: str) -> Scheme:
    try:
        return Scheme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise SchemeError(f"评分方案 {where} 不是有效的 TOML：{exc}") from None
    except ValidationError as exc:
        lines = "；".join(f"{'.'.join(map(str, e['loc'])) or '全文'}：{e['msg']}" for e in exc.errors())
        raise SchemeError(f"评分方案 {where} 有误：{lines}") from None


@cache
def builtin_schemes() -> dict[str, Scheme]:
    """The schemes that come with the package, by id."""
    folder = resources.files("workbook_tools.rules") / "schemes"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {s.id: s for s in (_read(f.read_text("utf-8"), f.name) for f in files)}


def load_scheme(name: str, folders: Iterable[Path] = ()) -> Scheme:
    """The scheme of that id, from the user's folders first; or from a TOML file named by its path.

    Raises SchemeError if there is none, or if the file is wrong.
    """
    path = Path(name)
    for candidate in (path if path.suffix == ".toml" else None, *(folder / f"{name}.toml" for folder in folders)):
        if candidate is not None and candidate.is_file():
            try:
                return _read(candidate.read_text("utf-8"), candidate.name)
            except (OSError, UnicodeDecodeError) as exc:
                raise SchemeError(f"评分方案文件 {candidate.name} 无法读取：{exc}") from None
    if name in builtin_schemes():
        return builtin_schemes()[name]
    raise SchemeError(f"没有名为“{name}”的评分方案；已有：{'、'.join(builtin_schemes())}")
