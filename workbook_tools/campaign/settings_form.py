"""The settings as a form: every one of wbt.toml with its name, its meaning, its value now and the usual one; and what was typed.

The form is made from the settings' model, and knows none of them by name: a new setting has its field at once. What was typed is
judged by the model too; each fault stands at its field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from workbook_tools.campaign.defaults import choose_scheme
from workbook_tools.campaign.folder import SETTINGS_FILE, Campaign
from workbook_tools.campaign.settings import Settings, get_setting, say_fault, with_changes, write_settings
from workbook_tools.core.errors import SchemeError
from workbook_tools.core.secret_text import HIDDEN, redact
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.rules.setting_base import Fraction, Setting, value_key

_DATE = re.compile(r"^\d{4}年(?=\d+月)")
"""2025年 of 2025年3月31日."""
_BLANK_ROWS = 3
"""Rows of a table that are there to be filled."""
_DIGITS = 8
"""Of a percentage: it is read back as it is shown."""
_MOST_ROWS = 500
"""Rows of a table that are read."""


class InputKind(StrEnum):
    """How a value is put in."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    NUMBERS = "numbers"
    CHOICE = "choice"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class SettingInput:
    """A field of the form."""

    name: str
    """Of the setting, within its tables: ``sample.risk.amount``; of a table's cell with row and column (``aliases.0.1``)."""
    label: str
    help: str
    kind: InputKind
    value: str | tuple[str, ...] = ""
    """As it is shown; several for :attr:`InputKind.SEVERAL`."""
    usual: str = ""
    """The value of a blank wbt.toml, in words."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Value → what it means."""
    example: str = ""
    fault: str = ""
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class SettingTable:
    """A table of the form whose keys are the office's own: one row each, and some blank ones."""

    name: str
    columns: tuple[SettingInput, ...]
    rows: tuple[tuple[SettingInput, ...], ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SettingSection:
    """Settings that belong together."""

    name: str
    label: str
    help: str
    inputs: tuple[SettingInput, ...] = ()
    table: SettingTable | None = None
    differs: bool = False
    """Something in it is not as usual."""

    @property
    def is_faulty(self) -> bool:
        """Something in it was typed wrong."""
        return any(one.fault for one in self.inputs) or bool(self.table and self.table.fault)


@dataclass(frozen=True, slots=True)
class TypedSettings:
    """What was typed into the form: the values that are to be others, and what is wrong."""

    changes: Mapping[str, object]
    faults: Mapping[str, str]
    """Name of a setting → sentence."""


def list_sections(
    settings: Settings,
    typed: Callable[[str], Sequence[str]] | None = None,
    faults: Mapping[str, str] | None = None,
    offered: Mapping[str, Sequence[str]] | None = None,
) -> list[SettingSection]:
    """The whole form. What was ``typed`` stands in it again, with its ``faults``; ``offered`` are keys to begin a table's blank rows with."""
    blank = Settings(year=settings.year)
    sections = [_date_examples(_draw_section(settings, blank, "", Setting("基本")), settings.year + 1)]
    for path, item, annotation in _walk_tables(Settings, ""):
        if get_origin(annotation) is dict:
            table = _draw_table(path, annotation, get_setting(settings, path), (offered or {}).get(path, ()))
            sections.append(
                SettingSection(path, item.label, item.help, table=table, differs=bool(get_setting(settings, path)))
            )
        else:
            sections.append(_draw_section(settings, blank, path, item))
    return [_with_typed(section, typed, faults or {}) for section in sections] if typed else sections


def read_typed(
    settings: Settings, typed: Callable[[str], Sequence[str]], offered: Mapping[str, Sequence[str]] | None = None
) -> TypedSettings:
    """What was typed: ``typed`` gives the texts of a field by its name, nothing where the form had no such field."""
    changes: dict[str, object] = {}
    faults: dict[str, str] = {}
    for section in list_sections(settings):
        for one in section.inputs:
            texts = typed(one.name)
            if texts and not _is_as_shown(one, texts):
                try:
                    changes[one.name] = _read_value(one, texts)
                except ValueError as exc:
                    faults[one.name] = str(exc)
        if section.table and typed(f"{section.table.name}.0.0"):
            entries = _read_table(section.table, typed, (offered or {}).get(section.table.name, ()), faults)
            if entries != _dump(get_setting(settings, section.table.name)):
                changes[section.table.name] = entries
            _check_value(settings, section.table.name, changes, faults)
        for one in section.inputs:
            _check_value(settings, one.name, changes, faults, is_share=one.kind is InputKind.PERCENT)
    return TypedSettings(changes, faults)


def save_typed(
    campaign: Campaign, typed: Callable[[str], Sequence[str]], offered: Mapping[str, Sequence[str]] | None = None
) -> TypedSettings:
    """Write what was typed into wbt.toml, all else in which stays; nothing where something is wrong. Raises SettingsError, OutputError."""
    found = read_typed(campaign.settings, typed, offered)
    faults = dict(found.faults)
    if "scheme" in found.changes:
        try:
            choose_scheme(campaign, str(found.changes["scheme"]))
        except SchemeError as exc:
            faults["scheme"] = str(exc)
    for name in {"deadline", "return_by"} & set(found.changes) - set(faults):
        year = found.changes.get("year", campaign.settings.year)
        texts = {"deadline": "", "return_by": "", "year": year, name: found.changes[name]}
        if unclear := with_changes(campaign.settings, texts).deadlines.unclear:
            faults[name] = unclear[0].removeprefix(f"{SETTINGS_FILE} 中的")
    if found.changes and not faults:
        write_settings(campaign.root / SETTINGS_FILE, found.changes)
    return replace(found, faults=faults)


# -- the form ---------------------------------------------------------------------------------------------------------


def _walk_tables(part: type[BaseModel], path: str) -> Iterator[tuple[str, Setting, Any]]:
    """Name, meaning and type of each table, those within tables too."""
    for name, info in part.model_fields.items():
        if get_origin(info.annotation) is dict:
            yield f"{path}{name}", _find_setting(info.metadata), info.annotation
        elif _is_group(info.annotation):
            yield f"{path}{name}", _find_setting(info.metadata), info.annotation
            yield from _walk_tables(info.annotation, f"{path}{name}.")  # type: ignore[arg-type]


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _find_setting(metadata: Sequence[Any]) -> Setting:
    return next(item for item in metadata if isinstance(item, Setting))


def _date_examples(section: SettingSection, year: int) -> SettingSection:
    """With examples of dates in the year in which the work is done: who follows one is not a year too early."""
    inputs = (replace(one, example=_DATE.sub(f"{year}年", one.example)) for one in section.inputs)
    return replace(section, inputs=tuple(inputs))


def _draw_section(settings: Settings, blank: Settings, path: str, item: Setting) -> SettingSection:
    part = get_setting(settings, path) if path else settings
    usual = get_setting(blank, path) if path else blank
    inputs = tuple(
        _draw_input(
            f"{path}.{name}" if path else name,
            info.annotation,
            info.metadata,
            getattr(part, name),
            usual=getattr(usual, name),
        )
        for name, info in type(part).model_fields.items()  # type: ignore[attr-defined]
        if not _is_group(info.annotation) and get_origin(info.annotation) is not dict
    )
    differs = any(
        getattr(part, one.name.rpartition(".")[2]) != getattr(usual, one.name.rpartition(".")[2]) for one in inputs
    )
    return SettingSection(path, item.label, item.help, inputs, differs=differs)


def _draw_input(
    name: str, annotation: Any, metadata: Sequence[Any], value: object, usual: object = None
) -> SettingInput:
    item = _find_setting(metadata)
    types = (
        [one for one in get_args(annotation) if one is not NoneType]
        if NoneType in get_args(annotation)
        else [annotation]
    )
    kind = _choose_kind(types[0], item, any(isinstance(one, Fraction) for one in metadata))
    example = item.example.strip("[]").replace(", ", "、") if kind is InputKind.NUMBERS else item.example
    one = SettingInput(
        name, item.label, item.help, kind, choices=item.values, example=example, may_be_blank=types != [annotation]
    )
    return replace(one, value=_show(kind, value), usual=_name_value(one, _show(kind, usual)))


def _choose_kind(kind: Any, item: Setting, is_share: bool) -> InputKind:
    if get_origin(kind) is tuple:
        return InputKind.SEVERAL if item.values else InputKind.NUMBERS
    if item.values or get_origin(kind) is Literal:
        return InputKind.CHOICE
    if kind in (int, float):
        return InputKind.PERCENT if is_share else InputKind.NUMBER
    return InputKind.TEXT


def _show(kind: InputKind, value: object) -> str | tuple[str, ...]:
    """The value as it stands in its field."""
    if isinstance(value, tuple):
        return tuple(map(str, value)) if kind is InputKind.SEVERAL else "、".join(map(number_text, value))
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return percent_text(value, _DIGITS) if kind is InputKind.PERCENT else number_text(value)
    return redact(value_key(value))


def _name_value(one: SettingInput, shown: str | tuple[str, ...]) -> str:
    return "、".join(one.choices.get(text) or text for text in _as_texts(shown) if text)


def _as_texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_as_shown(one: SettingInput, texts: Sequence[str]) -> bool:
    """Of several a form always sends a blank text too, so that none at all is told from no such field."""
    sent = tuple(filter(None, texts)) if one.kind is InputKind.SEVERAL else tuple(texts)
    return sent == _as_texts(one.value)


def _draw_table(path: str, annotation: Any, entries: Any, offered: Sequence[str]) -> SettingTable:
    columns = tuple(_list_columns(path, annotation))
    rows = [(key, *_split_entry(value)) for key, value in entries.items()]
    rows += [(key, *[None] * (len(columns) - 1)) for key in offered if key not in entries]
    rows += [(None,) * len(columns)] * _BLANK_ROWS
    cells = tuple(
        tuple(
            replace(column, name=f"{path}.{number}.{at}", value=_show(column.kind, value))
            for at, (column, value) in enumerate(zip(columns, row, strict=True))
        )
        for number, row in enumerate(rows)
    )
    return SettingTable(path, columns, cells)


def _list_columns(path: str, annotation: Any) -> Iterator[SettingInput]:
    """The key's, and those of what stands under it; blank, and named after the column."""
    key, value = get_args(annotation)
    yield _draw_annotated("", key)
    if _is_group(value):
        for name, info in value.model_fields.items():
            yield _draw_input(name, info.annotation, info.metadata, None)
    else:
        yield _draw_annotated(path, value)


def _draw_annotated(name: str, annotation: Any) -> SettingInput:
    kind, *metadata = get_args(annotation)
    return _draw_input(name, kind, metadata, None)


def _split_entry(value: Any) -> tuple[Any, ...]:
    return (
        tuple(getattr(value, name) for name in type(value).model_fields) if isinstance(value, BaseModel) else (value,)
    )


# -- what was typed ---------------------------------------------------------------------------------------------------


def _with_typed(
    section: SettingSection, typed: Callable[[str], Sequence[str]], faults: Mapping[str, str]
) -> SettingSection:
    """The section with what was typed in place of what stands in the file."""
    inputs = tuple(_put_typed(one, typed, faults) for one in section.inputs)
    table = section.table
    if table:
        count = _count_rows(table, typed)
        rows = [
            tuple(replace(one, name=f"{table.name}.{number}.{at}") for at, one in enumerate(table.columns))
            for number in range(max(count, len(table.rows)))
        ]
        cells = tuple(tuple(_put_typed(cell, typed, faults) for cell in row) for row in rows)
        table = replace(table, rows=cells, fault=faults.get(table.name, ""))
    return replace(section, inputs=inputs, table=table)


def _put_typed(one: SettingInput, typed: Callable[[str], Sequence[str]], faults: Mapping[str, str]) -> SettingInput:
    texts = typed(one.name)
    if not texts:
        return one
    value = tuple(filter(None, texts)) if one.kind is InputKind.SEVERAL else texts[0]
    return replace(one, value=value, fault=faults.get(one.name, ""))


def _count_rows(table: SettingTable, typed: Callable[[str], Sequence[str]]) -> int:
    return next((number for number in range(_MOST_ROWS) if not typed(f"{table.name}.{number}.0")), _MOST_ROWS)


def _read_table(
    table: SettingTable, typed: Callable[[str], Sequence[str]], offered: Sequence[str], faults: dict[str, str]
) -> dict[str, object]:
    """The rows that are not blank; a row whose key was only offered is. What is wrong is told of the table."""
    entries: dict[str, object] = {}
    for number in range(_count_rows(table, typed)):
        names = [f"{table.name}.{number}.{at}" for at in range(len(table.columns))]
        texts = [next(iter(typed(name)), "") for name in names]
        if not any(texts[1:]) and (not texts[0] or texts[0] in offered):
            continue
        try:
            values = [_read_value(one, [text]) for one, text in zip(table.columns, texts, strict=True)]
            key = str(values[0])
            if not key or not texts[1]:
                raise ValueError(f"“{table.columns[1 if key else 0].label}”空着；不要这一行的，把它全部清空")
            if key in entries:
                raise ValueError(f"“{key}”写了两次")
        except ValueError as exc:
            faults[table.name] = f"第 {number + 1} 行：{exc}"
            continue
        rest = dict(zip((one.name for one in table.columns[1:]), values[1:], strict=True))
        entries[key] = values[1] if table.columns[1].name == table.name else rest
    return entries


def _dump(entries: Any) -> dict[str, object]:
    return {key: value.model_dump() if isinstance(value, BaseModel) else value for key, value in entries.items()}


def _read_value(one: SettingInput, texts: Sequence[str]) -> object:
    """The value that was typed. Raises ValueError with what is wrong."""
    if one.kind is InputKind.SEVERAL:
        return tuple(filter(None, texts))
    text = texts[0].strip()
    if HIDDEN in text and HIDDEN in one.value:
        raise ValueError(f"密码没有显示出来，改这一项要连同密码重新写，不能写 {HIDDEN}")
    if one.kind is InputKind.NUMBERS:
        return tuple(
            _read_number(part) for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()
        )
    if one.kind in (InputKind.NUMBER, InputKind.PERCENT):
        if not text and one.may_be_blank:
            return None
        return _read_share(text) if one.kind is InputKind.PERCENT else _read_number(text)
    if one.kind is InputKind.CHOICE and {"true", "false"} == set(one.choices):
        return text == "true"
    return text


def _read_number(text: str) -> float | int:
    if not text.strip():
        raise ValueError("不能空着，请写一个数字")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"“{text}”不是数字")
    return int(number) if number.is_integer() else number


def _read_share(text: str) -> float:
    """15% and 0.15 are the same; what else may be meant by 15 is asked."""
    plain = text.replace("％", "%")
    if plain.endswith("%"):
        return round(float(_read_number(plain[:-1])) / 100, 10)
    number = float(_read_number(plain))
    if number > 10:  # more than any share that may be
        raise ValueError(f"“{text}”是比例还是百分数？请写成 {number_text(number)}% 或 {number_text(number / 100)}")
    return number


def _check_value(
    settings: Settings, name: str, changes: Mapping[str, object], faults: dict[str, str], *, is_share: bool = False
) -> None:
    """Note what the model says of one value, in words."""
    if name not in changes or name in faults:
        return
    try:
        with_changes(settings, {name: changes[name]})
    except ValidationError as exc:
        error = exc.errors()[0]
        entry = [f"“{part}”" for part in error["loc"][name.count(".") + 1 :] if isinstance(part, str)]
        faults[name] = "：".join([*entry[:1], say_fault(error, percent_text if is_share else number_text)])
