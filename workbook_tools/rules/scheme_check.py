"""Every mistake in a scheme's TOML at once, in plain Chinese, each with its line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from workbook_tools.core.values import number_text
from workbook_tools.rules.setting_base import CONTRADICTION, Fraction, Setting, SettingGroup, write_choice
from workbook_tools.rules.settings import Scheme, contradictions_between
from workbook_tools.rules.toml_faults import explain_fault
from workbook_tools.rules.toml_lines import Path, setting_lines

WHOLE = "全文"
"""The place of what concerns no single setting."""


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """A mistake in a scheme file: its line (from 1), the setting, and what is wrong."""

    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行 {self.where}：{self.message}"


def check_scheme(text: str, name: str = "") -> list[SchemeProblem]:
    """Every mistake in the TOML text of a scheme, by line; none means that it loads.

    ``name`` is the file's name: a scheme is found by it, so its stem must be the scheme's id.
    """
    text = text.removeprefix("\ufeff")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        fault = explain_fault(text, exc)
        return [SchemeProblem(fault.line, WHOLE, fault.message)]
    lines = setting_lines(text)
    found = list(_mistakes(data))
    if not found and name.endswith(".toml") and name != f"{data['id']}.toml":
        found.append((("id",), f"与文件名“{name}”不一致：文件名应为“{data['id']}.toml”"))
    problems = {SchemeProblem(_line(lines, path), _where(path), message) for path, message in found}
    return sorted(problems, key=lambda p: (p.line, p.where, p.message))


def _mistakes(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    try:
        # JSON in strict mode: a number in quotes or a 1 for true is a mistake, a list for a tuple is not.
        Scheme.model_validate_json(_json(data), strict=True)
        return
    except ValidationError as exc:
        errors = [error for error in exc.errors(include_url=False) if not _follows(error, exc)]
    wrong = set()
    for error in errors:
        path: Path = tuple(error["loc"])
        wrong.add(path[0] if path else "")
        if error["type"] == CONTRADICTION:
            yield from (((*path, *at), message) for at, message in error["ctx"]["found"])
        else:
            yield path, _message(error, path)
    if "" not in wrong:
        yield from contradictions_between(_right_parts(data, wrong))


def _follows(error: Mapping[str, Any], errors: ValidationError) -> bool:
    """A list counts as too short where its items are wrong: that is no mistake of its own."""
    path = error["loc"]
    return error["type"] == "too_short" and any(
        other["loc"][: len(path)] == path and len(other["loc"]) > len(path) for other in errors.errors()
    )


def _json(data: Any) -> str:
    return json.dumps(data, default=str)


def _right_parts(data: Mapping[str, Any], wrong: set[str | int]) -> dict[str, Any]:
    """The parts of a wrong scheme that are right by themselves, as far as the file or a default gives them."""
    parts = {}
    for name, info in Scheme.model_fields.items():
        if name in data and name not in wrong:
            parts[name] = TypeAdapter[Any](info.rebuild_annotation()).validate_json(_json(data[name]))
        elif name not in data and not info.is_required():
            parts[name] = info.get_default(call_default_factory=True)
    return parts


def _line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a setting, or of the table in which it is missing."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _where(path: Path) -> str:
    """``form.columns 第3项 width``."""
    text = ""
    for step in path:
        text += (
            f" 第{step + 1}项"
            if isinstance(step, int)
            else (" " if text.endswith("项") else "." if text else "") + step
        )
    return text or WHOLE


# -- plain Chinese ------------------------------------------------------------------------------------------------

_TYPES = {
    "float": "应为数字，不加引号",
    "int": "应为整数，不加引号",
    "bool": "应为 true 或 false，不加引号",
    "string": "应为文字，放在双引号中",
    "tuple": "应为一个列表，放在方括号中",
    "dict": "应为一组设置",
    "model": "应为一组设置",
}


def _message(error: Mapping[str, Any], path: Path) -> str:
    kind = str(error["type"])
    if kind == "extra_forbidden":
        return _unknown(path)
    if kind == "missing":
        return "缺少这个设置"
    if kind in ("literal_error", "enum"):
        return _choices(path)
    if kind == "int_from_float":
        return _TYPES["int"]
    if kind.startswith(("greater_than", "less_than", "finite_number")):
        return _range(path)
    if kind in ("string_too_short", "too_short"):
        return "不能为空"
    if kind == "string_pattern_mismatch":
        return "只能用小写英文字母、数字和" + ("短横线" if path == ("id",) else "下划线，以字母开头")
    return next((text for start, text in _TYPES.items() if kind.startswith(f"{start}_")), f"写法不对（{kind}）")


def _unknown(path: Path) -> str:
    *parents, name = path
    part = _part_at(parents)
    known = list(part.model_fields) if part else []
    close = get_close_matches(str(name), known, n=1)
    if close:
        return f"没有这个设置，是不是“{close[0]}”？"
    return "没有这个设置；可用的有：" + "、".join(known)


def _choices(path: Path) -> str:
    values = _setting_at(path).values
    choices = ((write_choice(value), meaning) for value, meaning in values.items())
    return "只能写 " + "、".join(f"{value}（{meaning}）" if meaning else value for value, meaning in choices)


def _range(path: Path) -> str:
    limits = _metadata(path)
    bounds = [
        f"{word} {number_text(getattr(item, limit))}"
        for limit, word in (("ge", "不小于"), ("gt", "大于"), ("le", "不大于"))
        for item in limits
        if hasattr(item, limit)
    ]
    hint = "；百分数写成小数，90% 写作 0.9" if any(isinstance(item, Fraction) for item in limits) else ""
    return "应" + "、".join(bounds) + hint


def _setting_at(path: Path) -> Setting:
    return next(item for item in _metadata(path) if isinstance(item, Setting))


def _metadata(path: Path) -> list[Any]:
    """What is said of the setting at a place: its name, meaning and limits."""
    *parents, name = path
    part = _part_at(parents)
    return part.model_fields[str(name)].metadata if part else []


def _part_at(path: Sequence[str | int]) -> type[SettingGroup] | None:
    """The part that stands at a place, following the annotations of the settings."""
    at: Any = Scheme
    for step in path:
        if isinstance(at, type) and issubclass(at, SettingGroup):
            at = at.model_fields[str(step)].annotation if step in at.model_fields else None
        else:  # a list of parts, or parts by name
            at = _inner(at)
        at = _without_none(at)
    return at if isinstance(at, type) and issubclass(at, SettingGroup) else None


def _inner(annotation: Any) -> Any:
    arguments = get_args(annotation)
    return arguments[1] if get_origin(annotation) is dict else arguments[0] if arguments else None


def _without_none(annotation: Any) -> Any:
    arguments = [a for a in get_args(annotation) if a is not type(None)]
    return arguments[0] if get_origin(annotation) not in (tuple, dict) and len(arguments) == 1 else annotation
