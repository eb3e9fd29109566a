"""The generated part of docs/评分方案.md: every setting with its meaning, and the schemes that come with the package."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_tools.core.values import number_text
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.rules.scheme_tools import explain_setting, part_of
from workbook_tools.rules.setting_base import YES_NO, SettingGroup, setting_of, value_key, write_choice
from workbook_tools.rules.settings import Scheme


def generated_part() -> str:
    """All that is generated on the page: the table of settings, then the catalogue of schemes."""
    return f"{settings_reference()}\n{scheme_catalogue()}"


def settings_reference() -> str:
    """Every setting: its name in the file, its meaning, what may be chosen, and its default."""
    return "\n".join(["## 全部设置", *_settings(Scheme, "")]) + "\n"


def _settings(part: type[SettingGroup], path: str) -> Iterator[str]:
    rows, below = [], []
    for name, info in part.model_fields.items():
        item, inner = setting_of(part, name), part_of(part, name)
        if inner:
            below.append((name, inner))
            continue
        choices = [
            f"`{write_choice(value)}` {meaning}".strip()
            for value, meaning in item.values.items()
            if item.values is not YES_NO
        ]
        default = "必须写" if info.is_required() else _default(info.default)
        rows.append(
            f"| `{name}` | {item.label} | {'<br>'.join([item.help, *choices]).removeprefix('<br>')} | {default} |"
        )
    if rows:
        yield f"\n| {f'`{path}` 的设置' if path else '最前面的设置'} | 名称 | 含义和可写的值 | 不写时 |"
        yield "| --- | --- | --- | --- |"
        yield from rows
    for name, inner in below:
        inner_path = f"{path}.{name}" if path else name
        yield f"\n### `{inner_path}`　{explain_setting(setting_of(part, name))}"
        yield from _settings(inner, inner_path)


def _default(value: object) -> str:
    """As the file would write it: 1.3, not 130%."""
    if value in ("", ()):
        return "空"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return f"`{value_key(value)}`"


def scheme_catalogue() -> str:
    """The schemes that come with the package: what each says, where it comes from, and what in it is assumption."""
    lines = ["## 自带的评分方案"]
    for scheme in builtin_schemes().values():
        lines += [f"\n### `{scheme.id}`　{scheme.name}", "\n计分办法：\n"]
        lines += [f"{number}. {sentence}" for number, sentence in enumerate(describe(scheme), 1)]
        lines += ["\n依据：\n", *(f"- {source}" for source in scheme.sources)]
        if scheme.assumptions:
            lines += ["\n假定（依据中没有写明，或没有核实）：\n", *(f"- {line}" for line in scheme.assumptions)]
    return "\n".join(lines) + "\n"
