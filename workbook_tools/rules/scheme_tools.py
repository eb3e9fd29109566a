"""What an office does with schemes: start its own from one that exists, and see in what two differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from workbook_tools.core.errors import SchemeError
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.values import is_number, number_text, percent_text
from workbook_tools.rules.form_settings import (
    ExecutionRow,
    FundingBlock,
    FundingColumn,
    FundingRow,
    GoalsBlock,
    TextLimits,
)
from workbook_tools.rules.setting_base import (
    YES_NO,
    Fraction,
    Setting,
    SettingGroup,
    setting_of,
    value_key,
    words_of,
    write_choice,
)
from workbook_tools.rules.settings import Scheme, StepRule

IDENTITY = ("id", "name", "authority", "sources", "assumptions")
"""Settings that say whose scheme it is; two schemes are not compared by them."""
NOTHING = "（无）"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_WIDE = 90
"""Characters of a list of texts; a longer one takes a line for each."""

_EXAMPLES: dict[str, SettingGroup] = {
    "steps": StepRule(label="每低 5 个百分点扣 1 分", every=5, minus=1),
    "funding": FundingBlock(
        label="项目资金",
        columns=(
            FundingColumn(key=Measure.ANNUAL_BUDGET.value, label="全年预算数"),
            FundingColumn(key=Measure.EXECUTED.value, label="全年执行数"),
        ),
        rows=(FundingRow(source=FundingSource.TOTAL, label="年度资金总额"),),
    ),
    "execution_row": ExecutionRow(dimension="预算执行", category="预算执行", name="预算执行率"),
    "goals": GoalsBlock(expected="goal_annual", actual="goal_actual"),
    "text_limits": TextLimits(actual=2000, deviation_reason=2000, execution_reason=2000, goal_actual=2000),
}
"""What a commented copy shows where its base has no such table."""


# -- a commented copy ---------------------------------------------------------------------------------------------


def new_scheme(scheme_id: str, base: Scheme) -> str:
    """A scheme file to edit: a copy of ``base`` under another id, with a comment in Chinese on every setting.

    Nothing but id and name differs from ``base``. Raises SchemeError for an id that cannot be one.
    """
    if not _ID.fullmatch(scheme_id):
        raise SchemeError(f"方案代号“{scheme_id}”不行：只能用小写英文字母、数字和短横线，以字母或数字开头")
    copy = base.model_copy(update={"id": scheme_id, "name": f"{base.name}（{scheme_id}）"})
    head = (
        f"评分方案 {scheme_id}，由 {base.id} 复制而来。",
        "“# ”开头的行是说明。“#”后面紧跟设置的是没有启用的例子，删去“#”就启用。",
        "百分数写成小数，90% 写作 0.9；文字放在半角双引号中，数字不加引号；是写 true，否写 false。",
        f"改好后用 wbt scheme check {scheme_id} 检查，用 wbt scheme show {scheme_id} 看计分办法。",
    )
    return "\n".join([*(f"# {line}" for line in head), *_table("", copy, "")]).rstrip() + "\n"


def _table(path: str, part: SettingGroup, header: str, *, notes: bool = True) -> Iterator[str]:
    """A part's own settings under its header, then the tables below it."""
    if header:
        yield header
    below = []
    for name in type(part).model_fields:
        if _is_table(part, name):
            below.append(name)
            continue
        if notes:
            yield from _notes(type(part), name)
        yield f"{name} = {_toml(getattr(part, name))}"
    for name in below:
        yield ""
        yield from _notes(type(part), name)
        yield from _below(f"{path}.{name}" if path else name, name, getattr(part, name))


def _below(path: str, name: str, value: Any) -> Iterator[str]:
    """The tables of one setting. Of several alike, only the first has comments."""
    if value is None:
        yield from _commented(_table(path, _EXAMPLES[name], f"[{path}]"))
    elif isinstance(value, SettingGroup):
        yield from _table(path, value, f"[{path}]")
    elif isinstance(value, Mapping):
        for i, (key, rule) in enumerate(value.items()):
            yield from _table(path, rule, f"[{path}.{_toml(key)}]", notes=i == 0)
        if not value:
            yield from _commented(_table(path, _EXAMPLES[name], f'[{path}."例"]'))
    else:
        for i, item in enumerate(value):
            yield from _table(path, item, f"[[{path}]]", notes=i == 0)


def _commented(lines: Iterable[str]) -> Iterator[str]:
    for block in lines:
        yield from (line if line.startswith("# ") else f"#{line.lstrip()}" for line in block.splitlines())


def _notes(part: type[SettingGroup], name: str) -> Iterator[str]:
    """The comment on a setting: its meaning, its choices, and what stands in each item of a list."""
    item = setting_of(part, name)
    yield f"# {explain_setting(item)}"
    if item.values is not YES_NO:
        yield from (
            f"#   {write_choice(value)}" + (f"＝{meaning}" if meaning else "") for value, meaning in item.values.items()
        )
    inner = part_of(part, name)
    if inner and part is not Scheme and get_origin(part.model_fields[name].annotation) is tuple:
        for key in inner.model_fields:
            own = setting_of(inner, key)
            choices = "；".join(f"{write_choice(value)} {meaning}".strip() for value, meaning in own.values.items())
            yield f"#   {key}　{explain_setting(own)}" + (
                f"（{choices}）" if choices and own.values is not YES_NO else ""
            )


def explain_setting(item: Setting) -> str:
    """A setting's name and meaning: ``分值：预算执行率占多少分``."""
    return item.label + (f"：{item.help}" if item.help else "")


def _is_table(part: SettingGroup, name: str) -> bool:
    """The setting is written as tables of its own, not in place."""
    value = getattr(part, name)
    if isinstance(value, SettingGroup | Mapping) or value is None:
        return True
    return isinstance(part, Scheme) and part_of(Scheme, name) is not None


def part_of(part: type[SettingGroup], name: str) -> type[SettingGroup] | None:
    """The kind of part that a setting holds, one or many; ``None`` if it holds none."""
    annotation: Any = part.model_fields[name].annotation
    while get_origin(annotation) is not None:
        arguments = get_args(annotation)
        annotation = arguments[1] if get_origin(annotation) is dict else arguments[0]
    return annotation if isinstance(annotation, type) and issubclass(annotation, SettingGroup) else None


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return value_key(value)
    if is_number(value):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, SettingGroup):
        return "{ " + ", ".join(f"{name} = {_toml(getattr(value, name))}" for name in type(value).model_fields) + " }"
    items = [_toml(item) for item in value]
    if any(isinstance(item, SettingGroup) for item in value) or len("".join(items)) > _WIDE:
        return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    return "[" + ", ".join(items) + "]"


# -- what differs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting in which two schemes differ: its place in the file, its name, and its value in each, in words."""

    setting: str
    label: str
    a: str
    b: str

    def __str__(self) -> str:
        return f"{self.label}：{self.a} → {self.b}"


def differences(a: Scheme, b: Scheme) -> list[Difference]:
    """In what two schemes differ, in the order of the file; their names and sources are not compared."""
    return [found for name in Scheme.model_fields if name not in IDENTITY for found in _setting(a, b, name, (), ())]


Names = tuple[str, ...]


def _setting(a: SettingGroup, b: SettingGroup, name: str, path: Names, labels: Names) -> Iterator[Difference]:
    left, right = getattr(a, name), getattr(b, name)
    path, labels = (*path, name), (*labels, setting_of(type(a), name).label)
    if left == right:
        return
    if isinstance(left, SettingGroup) and isinstance(right, SettingGroup):
        yield from _parts(left, right, path, labels)
    elif isinstance(left, Mapping):
        yield from _named(left, right, path, labels)
    elif _is_named_list(left) and _is_named_list(right):
        yield from _named({_key(i): i for i in left}, {_key(i): i for i in right}, path, labels)
    else:
        yield _difference(path, labels, _shown(a, name), _shown(b, name))


def _difference(path: Names, labels: Names, a: str, b: str) -> Difference:
    return Difference(".".join(path), "－".join(labels), a, b)


def _parts(a: SettingGroup, b: SettingGroup, path: Names, labels: Names) -> Iterator[Difference]:
    for name in type(a).model_fields:
        yield from _setting(a, b, name, path, labels)


def _named(
    a: Mapping[str, SettingGroup], b: Mapping[str, SettingGroup], path: Names, labels: Names
) -> Iterator[Difference]:
    """Parts of the same name are compared; the others are missing in one scheme."""
    for key in dict.fromkeys([*a, *b]):
        left, right = a.get(key), b.get(key)
        inner = (*path, key), (*labels, f"“{_title(left or right) or key}”")
        if left is not None and right is not None:
            yield from _parts(left, right, *inner)
        else:
            yield _difference(*inner, _part_text(left), _part_text(right))
    if [key for key in a if key in b] != [key for key in b if key in a]:
        titles = ("、".join(_title(part) or key for key, part in side.items()) for side in (a, b))
        yield _difference(path, (*labels, "次序"), *titles)


_KEYS = ("key", "source", "name")
"""What tells the parts of a list apart, where they have it."""


def _is_named_list(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and any(hasattr(value[0], name) for name in _KEYS)


def _key(part: SettingGroup) -> str:
    return str(next(getattr(part, name) for name in _KEYS if hasattr(part, name)))


def _title(part: SettingGroup | None) -> str:
    return _one_line(getattr(part, "name", "") or getattr(part, "label", ""))


def _part_text(part: SettingGroup | None) -> str:
    if part is None:
        return NOTHING
    return "，".join(f"{setting_of(type(part), name).label} {_shown(part, name)}" for name in type(part).model_fields)


def _shown(part: SettingGroup, name: str) -> str:
    """A setting's value as people say it."""
    value = getattr(part, name)
    if setting_of(type(part), name).values:
        return words_of(part, name)
    if is_number(value):
        is_share = any(isinstance(item, Fraction) for item in type(part).model_fields[name].metadata)
        return percent_text(value) if is_share else number_text(value)
    if isinstance(value, SettingGroup):
        return _part_text(value)
    if isinstance(value, tuple):
        return "；".join(_part_text(i) if isinstance(i, SettingGroup) else str(i) for i in value) or NOTHING
    return _one_line(str(value or "")) or NOTHING


def _one_line(text: str) -> str:
    return "".join(text.splitlines())
