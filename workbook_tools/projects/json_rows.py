"""From a JSON list to rows, as those of a workbook (:mod:`workbook_tools.projects.rows`); JSON that is not the model's is told here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbook_tools.core.errors import WithheldFile, tell_os_error
from workbook_tools.core.model import PROJECTS_SCHEMA_VERSION, Indicator, Project, ProjectList, Value
from workbook_tools.projects.columns import BUDGETS, INDICATOR_COLUMNS, PROJECT_COLUMNS, amount_key
from workbook_tools.projects.rows import Listing, ListRow, Notes, code_text


def read_json(path: Path, notes: Notes, known: Container[str] | None = None) -> Listing | None:
    """The rows of a JSON file, their places in words (第1个项目“道路养护”第2个指标); ``None`` if unusable.

    A project that does not follow the model is left out, with a finding for each of its mistakes, whose places are paths
    (``projects[0].unit``). Where some are ``known`` by their keys, each project has its key, and of the known ones there is no more than their places and names.
    """
    data = _load_json(path, notes)
    if data is None:
        return None
    version = data.get("schema_version", PROJECTS_SCHEMA_VERSION)
    if version != PROJECTS_SCHEMA_VERSION:
        advice = "请用当前版本重新导出，或升级本工具。"
        place = {"cell": "schema_version", "found": version, "expected": PROJECTS_SCHEMA_VERSION}
        notes.add("LIST15", "JSON 的版本不认识", advice=advice, **place)
        return None
    listed = data.get("projects", [])
    items = dict(enumerate(listed)) if isinstance(listed, list) else {}
    keys = {} if known is None else {index: _name_item(data, item) for index, item in items.items()}
    new = {index: item for index, item in items.items() if known is None or keys[index] not in known}
    try:
        parsed = ProjectList.model_validate({**data, "projects": [*new.values()]} if isinstance(listed, list) else data)
    except ValidationError as exc:
        wrong = _note_mistakes(exc, new, notes)
        if None in wrong:
            return None
        items = {index: item for index, item in items.items() if index not in wrong}
        new = {index: item for index, item in new.items() if index not in wrong}
        parsed = ProjectList.model_validate({**data, "projects": [*new.values()]})
    listing = Listing(authority=parsed.authority, scheme=parsed.scheme, year=parsed.year)
    projects = dict(zip(new, parsed.projects, strict=True))
    for index, item in items.items():
        listing.keys.append(keys.get(index, ""))
        if project := projects.get(index):
            named = _name_place(index, project.name)
            listing.projects.append(_row_of_project(project, named))
            listing.indicators += [
                _row_of_indicator(indicator, project.code, named, f"{named}第{number}个指标")
                for number, indicator in enumerate(project.indicators, 1)
            ]
        else:
            named = _name_place(index, item["name"])
            listing.projects.append(ListRow("", named, {key: item[key] for key in _NAMES}, dict.fromkeys(_KEYS, named)))
            listing.indicators += [
                ListRow("", named, {}, dict.fromkeys(_LINE_KEYS, f"{named}第{number}个指标"))
                for number, _ in enumerate(item.get("indicators", ()), 1)
            ]
    return listing


def _name_item(data: Mapping[str, Any], item: object) -> str:
    """The key of a project: it is what it depends on how it is read, but for the program and the settings."""
    return hashlib.sha256(json.dumps([data.get("scheme"), item]).encode()).hexdigest()


def _name_place(index: int, name: str) -> str:
    return f"第{index + 1}个项目“{name[:_LONGEST_NAME]}”"


def _load_json(path: Path, notes: Notes) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        notes.add("LIST15", "没有这个文件", advice="请核对路径。")
    except OSError as exc:
        raise WithheldFile(f"无法读取项目清单{tell_os_error(exc, path)}") from None
    except UnicodeDecodeError:
        notes.add("LIST15", "JSON 文件的编码不是 UTF-8", advice="请用记事本等另存为 UTF-8 编码后重试。")
    except json.JSONDecodeError as exc:
        notes.add(
            "LIST15", f"第 {exc.lineno} 行第 {exc.colno} 个字符处不是有效的 JSON", advice="请核对引号、逗号和括号。"
        )
    except RecursionError:
        notes.add("LIST15", "JSON 的括号嵌套过深", advice="请核对括号。")
    else:
        if isinstance(data, dict):
            return data
        notes.add("LIST15", "JSON 的最外层应为 { }", advice="请参照 projects.schema.json 的格式。")
    return None


_KEYS, _LINE_KEYS = [column.key for column in PROJECT_COLUMNS], [column.key for column in INDICATOR_COLUMNS]
_LINE_FIELDS = [key for key in _LINE_KEYS if key != "code"]
_NAMES = ("code", "name", "department", "unit")
"""What is asked of a project that is known."""
_LONGEST_NAME = 20
"""Characters of a project's name in a place."""
_NUMBER_TYPES = {"float_type", "float_parsing", "int_type", "int_parsing", "int_from_float", "finite_number"}
_UNION_BRANCHES = {"float", "str", "[key]"}
_REQUIRED_KEYS = {c.key for c in (*PROJECT_COLUMNS, *INDICATOR_COLUMNS) if c.required}
_LABELS = {"projects": PROJECT_COLUMNS, "indicators": INDICATOR_COLUMNS}


def _note_mistakes(exc: ValidationError, items: Mapping[int, Any], notes: Notes) -> set[int | None]:
    """A finding per mistake; returns which of these projects are wrong, ``None`` standing for the file around them."""
    places, wrong = [*items], set[int | None]()
    seen = set()
    for error in exc.errors(include_url=False):
        steps = [step for step in error["loc"] if step not in _UNION_BRANCHES]
        index = None
        if steps[0:1] == ["projects"] and len(steps) > 1 and isinstance(steps[1], int):
            steps[1] = index = places[steps[1]]
        wrong.add(index)
        cell = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
        if cell in seen:
            continue
        seen.add(cell)
        code, message = _code_mistake(error["type"], steps)
        item = items.get(index) if index is not None else None
        given = error["input"]
        notes.add(
            code,
            message,
            cell=cell,
            field=_label_path(steps),
            project_code=code_text(item["code"])
            if isinstance(item, dict) and isinstance(item.get("code"), str)
            else "",
            found=given if isinstance(given, (str, int, float)) else "",
            advice="请按 projects.schema.json 的格式更正。" if code == "LIST15" else "",
        )
    return wrong


def _code_mistake(kind: str, steps: Sequence[int | str]) -> tuple[str, str]:
    """Code and message for one of pydantic's error types."""
    last = steps[-1] if steps else ""
    if kind == "missing":
        return ("LIST02" if last in _REQUIRED_KEYS else "LIST15"), f"缺少“{last}”"
    if kind in _NUMBER_TYPES:
        return "LIST04", ""
    if last == "direction":
        return "LIST07", ""
    if kind == "extra_forbidden":
        return "LIST15", f"不认识的字段“{last}”"
    if kind == "enum":
        return "LIST15", f"不认识的资金来源“{last}”"
    if kind == "string_type":
        return "LIST15", "应为文字（写在引号里）"
    return "LIST15", "内容的类型不对"


def _label_path(steps: Sequence[int | str]) -> str:
    """The heading of the column that a JSON path belongs to, or its last key."""
    names = [step for step in steps if isinstance(step, str)]
    columns = next((_LABELS[name] for name in reversed(names) if name in _LABELS), ())
    key = ".".join(names[-2:]) if len(names) > 1 and "budget" in names[-2] else names[-1] if names else ""
    return next((column.label for column in columns if column.key == key), key)


def _row_of_project(project: Project, place: str) -> ListRow:
    values: dict[str, Value] = {
        column.key: getattr(project, column.key) for column in PROJECT_COLUMNS if column.kind != "amount"
    }
    for budget in BUDGETS:
        amounts = getattr(project, budget.value)
        values |= {amount_key(budget, source): amount for source, amount in amounts.items()}
    return ListRow(
        "", place, values, dict.fromkeys(_KEYS, place), typed=False, answers=project.answers, year=project.year
    )


def _row_of_indicator(indicator: Indicator, code: str, owner: str, place: str) -> ListRow:
    values: dict[str, Value] = {"code": code} | {key: getattr(indicator, key) for key in _LINE_FIELDS}
    values["direction"] = indicator.direction.symbol
    return ListRow("", owner, values, dict.fromkeys(_LINE_KEYS, place), typed=False)
