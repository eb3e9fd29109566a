"""What the tables of another system look like: sheets, headings, order, sizes, units and decimals, from a TOML file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from workbook_tools.core.errors import SettingsError, tell_os_error
from workbook_tools.core.values import MONEY_UNITS, count_bytes
from workbook_tools.rules.toml_faults import MiswrittenToml, read_toml

RowKind = Literal["project", "indicator", "source"]
FIELDS: dict[RowKind, tuple[str, ...]] = {
    "project": (
        "year",
        "region_code",
        "region_name",
        "department_code",
        "department",
        "unit_code",
        "unit",
        "code",
        "name",
        "scheme",
        "deviation",
        "score",
        "accepted",
        "annual_goal",
        "goal_actual",
    ),
    "indicator": (
        "code",
        "dimension_code",
        "dimension",
        "category_code",
        "category",
        "indicator",
        "target_text",
        "actual_text",
        "direction",
        "measure",
        "tier",
        "completion",
        "weight",
        "indicator_score",
        "deviation_reason",
    ),
    "source": (
        "code",
        "source_code",
        "source",
        "initial",
        "adjustment",
        "annual",
        "received",
        "executed",
        "rate",
        "execution_score",
    ),
}
"""What a row of each kind of table can say; ``docs/评完以后.md`` says what each is."""


class _FormatPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExchangeColumn(_FormatPart):
    """A column of a table."""

    heading: Annotated[str, Field(min_length=1)]
    field: str = ""
    """What stands in it; blank: nothing, it is only there."""
    bytes: Annotated[int, Field(ge=0)] = 0
    """At most so many bytes; 0 where that does not matter."""
    decimals: Annotated[int | None, Field(ge=0, le=10)] = None
    unit: str = ""
    """Of an amount of money: 元, 万元."""
    own: bool = False
    """It is ours, for what the other system has no column for and we read back; ``--strict`` leaves it out."""


class ExchangeTable(_FormatPart):
    """A sheet."""

    sheet: Annotated[str, Field(min_length=1, max_length=31)]
    rows: RowKind
    columns: Annotated[tuple[ExchangeColumn, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> ExchangeTable:
        for column in self.columns:
            if column.field and column.field not in FIELDS[self.rows]:
                known = "、".join(FIELDS[self.rows])
                raise _fault(f"表“{self.sheet}”的列“{column.heading}”的 field 不能是“{column.field}”，可以写 {known}")
            if column.unit and column.unit not in MONEY_UNITS:
                raise _fault(f"表“{self.sheet}”的列“{column.heading}”的单位“{column.unit}”不是金额的单位，如 元、万元")
        headings = [column.heading for column in self.columns]
        if repeated := {heading for heading in headings if headings.count(heading) > 1}:
            raise _fault(f"表“{self.sheet}”有重复的列：{'、'.join(sorted(repeated))}")
        return self


class Region(_FormatPart):
    """The district of the office."""

    code: str = ""
    name: str = ""


class ExchangeFormat(_FormatPart):
    """The tables of a system."""

    name: str
    encoding: Literal["gbk", "utf-8"] = "gbk"
    """By which bytes are counted."""
    region: Region = Region()
    codes: dict[str, str] = {}
    """Code of a department, unit, dimension or category by its name."""
    tables: Annotated[tuple[ExchangeTable, ...], Field(min_length=1)]

    @cached_property
    def names(self) -> dict[str, str]:
        """The other way round."""
        return {code: name for name, code in self.codes.items()}

    @property
    def wide(self) -> Literal[2, 3]:
        """Bytes of a Chinese character."""
        return 2 if self.encoding == "gbk" else 3

    def count_bytes(self, text: str) -> int:
        """How long a text is for the system; what GBK has no sign for takes four, as in GB 18030.

        >>> ExchangeFormat(name="x", tables=[{"sheet": "表", "rows": "project", "columns": [{"heading": "a"}]}]).count_bytes("道路A")
        5
        """
        return count_bytes(text, self.wide)


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("bad_format", "{fault}", {"fault": message})


def load_format(name: str, folder: Path | None) -> ExchangeFormat:
    """The format of that name: the office's own in ``folder`` (<name>.toml), else the package's.

    Raises SettingsError: there is none, or a setting in it is wrong.
    """
    own = folder / f"{name}.toml" if folder else None
    path = own if own and own.is_file() else Path(__file__).with_name(f"{name}.toml")
    try:
        return ExchangeFormat.model_validate(read_toml(path))
    except FileNotFoundError:
        known = "、".join(list_formats(None))
        raise SettingsError(f"没有叫“{name}”的交换格式。自带的有：{known}；自己的写成 模板/{name}.toml。") from None
    except OSError as exc:
        raise SettingsError(f"无法读取交换格式{tell_os_error(exc, path)}") from None
    except MiswrittenToml as exc:
        raise SettingsError(f"{path} 格式有误，{exc}。") from None
    except ValidationError as exc:
        lines = "；".join(_tell(error["loc"], error["msg"]) for error in exc.errors())
        raise SettingsError(f"{path} 设置有误：{lines}。") from None


def list_formats(folder: Path | None) -> list[str]:
    """The names of all formats that there are: the package's, and the office's own in ``folder``."""
    own = sorted(path.stem for path in folder.glob("*.toml")) if folder and folder.is_dir() else []
    return list(dict.fromkeys((*sorted(file.stem for file in Path(__file__).parent.glob("*.toml")), *own)))


def _tell(place: tuple[int | str, ...], message: str) -> str:
    return message if "列" in message else f"{'.'.join(map(str, place))}：{message}"
