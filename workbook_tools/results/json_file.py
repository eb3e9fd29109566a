"""审核结果.json: a result for programs, and for whatever comes after a review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workbook_tools.core.errors import SettingsError, WithheldFile, tell_os_error
from workbook_tools.core.review_result import REVIEW_SCHEMA_VERSION, ReviewResult
from workbook_tools.files.paths import replace_file
from workbook_tools.results.spelling import spell_result
from workbook_tools.rules.recorded import restore_schemes


def write_json(result: ReviewResult, path: Path) -> None:
    """Write the result as JSON (UTF-8, schema :func:`json_schema`). Raises OutputError if it cannot be written."""
    replace_file(path, spell_result(result))


def read_json(path: Path) -> ReviewResult:
    """Read what :func:`write_json` wrote. Raises SettingsError if it is missing, damaged or of another version."""
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise SettingsError(f"找不到审核结果“{path}”，请先运行 wbt review 审核报送的工作簿") from None
    except OSError as exc:
        raise WithheldFile(f"无法读取审核结果{tell_os_error(exc, path)}") from None
    except ValueError:
        raise SettingsError(f"审核结果“{path}”已损坏，请重新运行 wbt review") from None
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != REVIEW_SCHEMA_VERSION:
        found = f"第 {version} 版" if version else "没有版本号"
        raise SettingsError(
            f"审核结果“{path}”{found}，本工具只认第 {REVIEW_SCHEMA_VERSION} 版，请用当前工具重新运行 wbt review"
        )
    try:
        result = ReviewResult.model_validate(data)
        schemes = restore_schemes(result)
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"审核结果“{path}”内容有误（{place}），请重新运行 wbt review") from None
    if lost := {project.scheme_digest for project in result.projects} - schemes.keys():
        raise SettingsError(f"审核结果“{path}”内容有误（schemes.{lost.pop()}），请重新运行 wbt review")
    return result


def json_schema() -> dict[str, Any]:
    """The JSON Schema of 审核结果.json."""
    from workbook_tools.core.described_schema import describe_model  # no command asks

    return describe_model(ReviewResult, "serialization") | {"title": "审核结果"}
