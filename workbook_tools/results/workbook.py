"""审核结果.xlsx for people, 审核结果.json for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from workbook_tools.core.cells import address
from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.errors import SettingsError, os_reason
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import REVIEW_SCHEMA_VERSION, Judgement, ReviewResult
from workbook_tools.excel.styles import NAMED
from workbook_tools.excel.tables import ROW_HEIGHT, Table, write_rows
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.files.paths import replace_file, replace_result
from workbook_tools.results.facts import ResultEntry, grade_text, grade_tints, is_reviewed
from workbook_tools.results.judging_cells import (
    INDICATORS,
    JUDGING_NOTE,
    UNUSED,
    draw_unused,
    find_unused,
    guard_judging_cells,
    judging_columns,
)
from workbook_tools.results.tables import OutputLinks, draw_findings, draw_indicators, draw_missing, project_columns
from workbook_tools.rules.recorded import recorded_schemes

OVERVIEW, PROJECTS, FINDINGS, MISSING = "审核概览", "项目得分", "问题清单", "未报清单"


# -- JSON -------------------------------------------------------------------------------------------------------------


def write_json(result: ReviewResult, path: Path) -> None:
    """Write the result as JSON (UTF-8, schema :func:`json_schema`). Raises OutputError if it cannot be written."""
    try:
        data = result.model_dump_json(indent=1).encode()
    except PydanticSerializationError:
        # A damaged file name holds half a surrogate pair: it has no UTF-8, only JSON's own escape \udXXX.
        text = json.dumps(result.model_dump(), ensure_ascii=False, indent=1)
        data = text.encode("utf-8", "backslashreplace")
    replace_file(path, data + b"\n")


def read_json(path: Path) -> ReviewResult:
    """Read what :func:`write_json` wrote. Raises SettingsError if it is missing, damaged or of another version."""
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise SettingsError(f"找不到审核结果“{path}”，请先运行 wbt review 审核报送的工作簿") from None
    except OSError as exc:
        raise SettingsError(f"无法读取审核结果“{path}”：{os_reason(exc)}") from None
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
        schemes = recorded_schemes(result)
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"审核结果“{path}”内容有误（{place}），请重新运行 wbt review") from None
    if lost := {project.scheme_digest for project in result.projects} - schemes.keys():
        raise SettingsError(f"审核结果“{path}”内容有误（schemes.{lost.pop()}），请重新运行 wbt review")
    return result


def json_schema() -> dict[str, Any]:
    """The JSON Schema of 审核结果.json."""
    schema = ReviewResult.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "审核结果"}


# -- workbook ---------------------------------------------------------------------------------------------------------


def write_workbook(
    result: ReviewResult, path: Path, *, inbox: Path | None = None,
    judgements: Iterable[Judgement] = (),
) -> Path | None:  # fmt: skip
    """Write 审核结果.xlsx; with ``inbox`` (the folder that was reviewed) files and cells become links.

    ``judgements`` stand in the cells for 核定 as they were typed, also those that are not in force. Returns where
    the workbook that somebody had saved there before was moved. Raises OutputError if it cannot be written.
    """
    places = OutputLinks(path.parent, inbox)
    title = f"{result.authority}{result.year}年度项目支出绩效自评审核结果"
    with Book(title=title) as book:
        given = {judgement.key: judgement for judgement in judgements}
        rest = find_unused(result, given.values())
        names = (OVERVIEW, PROJECTS, INDICATORS, FINDINGS, MISSING, *([UNUSED] if rest else []))
        sheets = {name: book.sheet(name) for name in names}
        tints = grade_tints(result)
        projects = Table(sheets[PROJECTS], project_columns(result, places), PROJECTS, "资金单位：万元；得分单位：分")
        projects.add_all(ResultEntry(number, project) for number, project in enumerate(result.projects, 1))
        projects.finish(keep=5)
        projects.tint("grade", tints)
        if is_reviewed(result):
            projects.tint("final_grade", tints)
        indicators, _ = draw_indicators(sheets[INDICATORS], result, places, judging_columns(given), JUDGING_NOTE)
        guard_judging_cells(indicators)
        findings = draw_findings(sheets[FINDINGS], result, places)
        draw_missing(sheets[MISSING], result)
        if rest:
            draw_unused(sheets[UNUSED], rest)
        _draw_overview(sheets[OVERVIEW], result, title, list(tints), projects, findings)
    return replace_result(path, book.bytes())


AVERAGE = NAMED["decimal_center"]


def _draw_overview(
    sheet: Sheet, result: ReviewResult, title: str, grades: Sequence[str], projects: Table[ResultEntry],
    findings: Table[Finding],
) -> None:  # fmt: skip
    sheet.columns([24, 14, 12, 44])
    sheet.merge(0, 0, 0, 3, title, "title")
    sheet.row_height(0, 32)
    scored = [p.total_score for p in result.projects if p.total_score is not None]
    facts: list[Sequence[Scalar]] = [
        ("审核的文件", result.reviewed_files),
        ("有审核结果的项目", len(result.projects)),
        ("其中：已评分", len(scored)),
        ("未报项目", len(result.missing)),
    ]
    row = _draw_heading(sheet, 2, "总体情况", ("事项", "个数"))
    row = write_rows(sheet, row, 0, facts, ("label", "text_center"))
    if scored:
        sheet.write(row, 0, "平均得分（分）", "label")
        average = sum(scored) / len(scored)
        sheet.formula(row, 1, f"=AVERAGE({projects.all('total_score')})", AVERAGE, average)
        row += 1
    row = _draw_heading(sheet, row + 1, "校验问题", ("性质", "个数"))
    labels = Counter(f.severity.label for f in result.findings)
    row = _draw_counts(sheet, row, [s.label for s in Severity], findings.all("severity"), labels)
    row = _draw_heading(sheet, row + 1, "评价等级", ("等级", "项目数"))
    counts = Counter(map(grade_text, result.projects))
    row = _draw_counts(sheet, row, grades, projects.all("grade"), counts)
    if result.findings:
        row = _draw_common_problems(sheet, row + 1, result, findings)
    for i in range(1, row):
        sheet.row_height(i, ROW_HEIGHT)
    sheet.print_setup()


def _draw_heading(sheet: Sheet, row: int, heading: str, headers: Sequence[str]) -> int:
    sheet.write(row, 0, heading, "heading")
    return write_rows(sheet, row + 1, 0, [headers], ("header",) * len(headers))


def _draw_counts(sheet: Sheet, row: int, names: Sequence[str], area: str, counts: Counter[str]) -> int:
    """One row per name: how often it stands in the range of another sheet."""
    for name in names:
        sheet.write(row, 0, name, "label")
        sheet.formula(row, 1, f"=COUNTIF({area},{address(row, 0)})", "text_center", counts[name])
        row += 1
    return row


def _draw_common_problems(sheet: Sheet, row: int, result: ReviewResult, findings: Table[Finding]) -> int:
    counts = Counter(f.code for f in result.findings)
    row = _draw_heading(sheet, row, "常见问题", ("问题代码", "性质", "个数", "问题"))
    area = findings.all("code")
    for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        known = CODES.get(code)
        label, title = (known.severity.label, known.title) if known else ("", "")
        write_rows(sheet, row, 0, [(code, label, None, title)], ("label", "text_center", "text_center", "text"))
        sheet.formula(row, 2, f"=COUNTIF({area},{address(row, 0)})", "text_center", count)
        row += 1
    return row
