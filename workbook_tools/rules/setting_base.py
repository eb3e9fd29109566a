"""What every part of a scheme is made of: settings that say in Chinese what they are and mean.

A scheme (评分方案) is a TOML file; its tables are :class:`SettingGroup`. The Chinese name and meaning of each
setting stand beside the setting itself, once: the commented copies, the comparison of two schemes, the
sentences on 填报说明 and the guide docs/评分方案.md are all made from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_tools.rules.toml_lines import Path

CONTRADICTION = "contradiction"
"""Type of the pydantic error that carries :data:`Contradiction` under ``found``."""

LONGEST_LIST = 255
"""Characters that Excel allows in a drop-down list, separators included."""

Contradiction = tuple[Path, str]
"""A place, seen from the part, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as people know it: its name, what it means, and what each value that may be chosen means."""

    label: str
    help: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    example: str = ""
    """As it may be written."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """Marks a number that stands for a percentage: 0.9 is 90%."""


Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Points = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Fraction()]
Multiple = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False), Fraction()]
"""A share that may exceed 100%."""
Decimals = Annotated[int, Field(ge=0, le=6)]
YES_NO = {"true": "是", "false": "否"}


class SettingGroup(BaseModel):
    """A frozen part of a scheme; unknown settings are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def contradictions(self) -> Iterator[Contradiction]:
        """What is wrong with settings that are each right by themselves."""
        yield from ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = tuple(self.contradictions())
        if found:
            text = "；".join(message for _, message in found)
            raise PydanticCustomError(CONTRADICTION, "{text}", {"text": text, "found": found})
        return self


def setting_of(part: type[BaseModel], name: str) -> Setting:
    """What people call a part's setting, and what it means."""
    return next(item for item in part.model_fields[name].metadata if isinstance(item, Setting))


def value_key(value: Any) -> str:
    """A chosen value as :attr:`Setting.values` and TOML write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_choice(value: str) -> str:
    """A key of :attr:`Setting.values` as a message or a comment shows it: the empty text as its two quotation marks."""
    return value or '""'


def words_of(part: SettingGroup, name: str) -> str:
    """The chosen value of a setting, as the phrase that its :class:`Setting` gives it."""
    value = value_key(getattr(part, name))
    return setting_of(type(part), name).values[value] or value


def find_repeated(where: str, values: Iterable[str], key: str = "") -> Iterator[Contradiction]:
    """A contradiction for each value of a list that stands there already; ``key`` is its setting in each part."""
    seen: Counter[str] = Counter()
    for i, value in enumerate(values):
        if seen[value]:
            yield (where, i, key) if key else (where, i), f"“{value}”重复"
        seen[value] += 1


def find_out_of_order(
    where: str, key: str, values: Sequence[float], order: str = "从高到低"
) -> Iterator[Contradiction]:
    """A contradiction for each number of a list that is not below the one before it."""
    for i, (upper, lower) in enumerate(pairwise(values), 1):
        if lower >= upper:
            yield (where, i, key), f"应{order}排列，不重复"


def find_list_faults(where: str, names: Sequence[str]) -> Iterator[Contradiction]:
    """What a drop-down list of Excel cannot hold."""
    for i, name in enumerate(names):
        if "," in name:
            yield (where, i), "名称中不能有半角逗号：下拉列表用它分隔"
    if len(",".join(names)) > LONGEST_LIST:
        yield (where,), f"名称太长：下拉列表合计至多 {LONGEST_LIST} 个字"
