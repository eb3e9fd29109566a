"""wbt.toml as a text: written with what each setting means, and changed with all else in it as it stands.

Names and meanings come from the :class:`Setting` beside each setting of the model, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from workbook_tools.rules.setting_base import Setting, setting_of
from workbook_tools.rules.toml_lines import find_places

_HEAD = "# 一次绩效自评的设置。改完保存即可，下次运行命令时生效；也可以在网页的“开始”页改。\n\n"
_PLAIN_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


# -- writing ----------------------------------------------------------------------------------------------------------


def draw_settings(settings: BaseModel) -> str:
    """The settings as the commented file."""
    return _HEAD + "\n".join(_draw_table(settings, "")).lstrip("\n") + "\n"


def _draw_table(part: BaseModel, table: str) -> Iterator[str]:
    """Plain settings first: in TOML they would belong to a table that stands above them."""
    inner: list[tuple[str, Any]] = []
    for name, value in part:
        if isinstance(value, (BaseModel, dict)):
            inner.append((name, value))
            continue
        yield from _explain(setting_of(type(part), name), is_list=isinstance(value, tuple))
        yield f"{name} = {write_value(value)}"
    for name, value in inner:
        item = setting_of(type(part), name)
        yield ""
        yield from _explain(item)
        yield f"[{table}{name}]"
        if isinstance(value, BaseModel):
            yield from _draw_table(value, f"{table}{name}.")
            continue
        yield from (f"{write_key(key)} = {write_value(entry)}" for key, entry in value.items())
        if not value and item.example:
            yield f"# {item.example}"


def _explain(item: Setting, *, is_list: bool = False) -> Iterator[str]:
    """What it is, what may be written, and how."""
    told = [item.help] if item.help else []
    told += [f"{value}：{words}" if words else value for value, words in item.values.items()]
    told += [f"如 {item.example}"] if item.example and "=" not in item.example else []
    told += ["没有的写 []"] if is_list else []
    yield f"# {item.label}{'：' if told else ''}{'；'.join(told)}"


def write_key(name: str) -> str:
    """A key as TOML wants it: in quotation marks where it is not plain."""
    return name if name and set(name) <= _PLAIN_KEY else _quote(name)


def write_value(value: object) -> str:
    """A value as TOML writes it; what is ``None`` within a table is left out."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{write_key(key)} = {write_value(one)}" for key, one in value.items() if one is not None)
        return f"{{ {pairs} }}"
    return _quote(value) if isinstance(value, str) else str(value)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else " " for char in escaped) + '"'


# -- changing ---------------------------------------------------------------------------------------------------------


def put_setting(text: str, path: tuple[str, ...], value: object | None) -> str:
    """The text with this value of a setting; without the setting where it is ``None``. A remark behind it stays, as does all else.

    The text must be valid TOML. Whether it says what was wanted is for the caller to see: it may be written in ways
    that are not known here.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    changed = _put(text.replace("\r\n", "\n"), path, value)
    return changed if line_end == "\n" else changed.replace("\n", "\r\n")


def _put(text: str, path: tuple[str, ...], value: object | None) -> str:
    places, headings = find_places(text)
    if place := places.get(path):
        if value is not None:
            return text[: place.start] + write_value(value) + text[place.end :]
        return text[: place.key] + text[_find_line_end(text, place.end) + 1 :]
    if value is None:
        return text
    line, table = f"{write_key(path[-1])} = {write_value(value)}", path[:-1]
    if not table:  # above the first table
        return _insert_line(text, max((one.end for name, one in places.items() if len(name) == 1), default=0), line)
    if table in headings:
        own = [one.end for name, one in places.items() if name[:-1] == table]
        return _insert_line(text, max(own, default=headings[table]), line)
    return f"{text.rstrip()}\n\n[{'.'.join(map(write_key, table))}]\n{line}\n"


def _insert_line(text: str, after: int, line: str) -> str:
    """On the line below the one of that character; at the very top for 0."""
    at = _find_line_end(text, after) + 1 if after else 0
    return f"{text[:at]}{'' if not at or text[at - 1 : at] == chr(10) else chr(10)}{line}\n{text[at:]}"


def _find_line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
