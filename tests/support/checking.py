"""A project in which nothing at all is to be found, and the way from a project to its findings.

A test changes one thing of :func:`good` and names the codes and the fields where they must appear.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builders import INDICATORS, KEY, KEYS, MOF, answers, project
from filling import inputs, submission

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Indicator, Project
from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form.fields import Layout
from workbook_tools.form.layout import build_layout
from workbook_tools.review.checks import CHECKS, run_checks
from workbook_tools.review.checks.declaring import codes_of, name_of
from workbook_tools.review.scoring import Scored, score_all
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.reading import Reading, read_submission
from workbook_tools.workbooks.writing import build_workbook

TEXTS = {
    "overview": "县公路段承担全县农村公路的日常养护，2024年养护范围为十二个乡镇的县道和乡道，资金由县财政和自筹解决。",
    "organization": "公路段成立养护小组，按月检查路面质量，支出由局机关集中核算、专账管理。",
    "goal_annual": "2024年完成县乡道路养护一百公里，路面病害处理合格率达到95%，群众满意度达到90%。",
    "goal_actual": "截至2024年12月31日，养护里程一百零二公里，合格率96%，群众反映良好。",
    "analysis_execution": "全年预算150万元，实际到位150万元，实际支出150万元，预算执行率100%。",
    "analysis_output": "养护里程比目标多两公里；验收合格率为96%；每公里成本1.45万元，比目标少五百元。",
    "analysis_benefit": "通行条件改善后，主要路段平整度达标，路况投诉由去年的四十件降到二十八件。",
    "analysis_satisfaction": "十二月在六个乡镇发放问卷300份，收回286份，群众满意度为92%。",
    "problems": "山区两条乡道雨后塌方清理较慢，原因是养护机械不足。",
    "suggestions": "由公路段在下一年度三月底前增租一台装载机，并与乡镇约定雨后两日内上路清理。",
    "use_and_disclosure": "自评结果用于安排下一年度养护资金，四月底前在县政府网站公开。",
}
"""What a unit might write under the mof-2020 scheme."""


def good(**changes: Any) -> Project:
    """A correct project with its answers; ``changes`` are fields of the project."""
    return project(**{"answers": ANSWERS, **changes})


ANSWERS = answers(texts=TEXTS)
PROPOSED = tuple(i.model_copy(update={"unit": i.unit.replace("%", "分")}) for i in INDICATORS)
"""The same indicators as a unit proposes them in open rows."""


def answered(project: Project | None = None, **changes: Any) -> Project:
    """The project with other answers: fields of Answers."""
    base = project or good()
    assert base.answers is not None
    return base.model_copy(update={"answers": base.answers.model_copy(update=changes)})


def written(project: Project | None = None, /, **texts: str) -> Project:
    """The project with other texts."""
    base = project or good()
    assert base.answers is not None
    return answered(base, texts={**base.answers.texts, **texts})


def row(number: int, project: Project | None = None, /, **changes: Any) -> Project:
    """The project with another answer in one row of the indicator table (from 1)."""
    base = project or good()
    assert base.answers is not None
    rows = list(base.answers.indicators)
    rows[number - 1] = rows[number - 1].model_copy(update=changes)
    return answered(base, indicators=tuple(rows))


def indicator(number: int, project: Project | None = None, **changes: Any) -> Project:
    """The project with another indicator in one row (from 1)."""
    base = project or good()
    rows = list(base.indicators)
    rows[number - 1] = rows[number - 1].model_copy(update=changes)
    return base.model_copy(update={"indicators": tuple(rows)})


def proposing(*rows: Indicator, **changes: Any) -> Project:
    """The good project without approved indicators; the unit proposes ``rows``."""
    return answered(good(indicators=()), proposed=rows, **changes)


def variant(scheme: Scheme = MOF, /, **parts: Mapping[str, Any]) -> Scheme:
    """A scheme with other settings: ``variant(weights={"norm": "exact"})``."""
    data = scheme.model_dump()
    for part, settings in parts.items():
        data[part] = {**data[part], **settings}
    return Scheme.model_validate(data)


def read(
    project: Project, folder: Path, scheme: Scheme = MOF, cells: Mapping[str, float | str] | None = None
) -> Reading:
    """Build the project's workbook and read it back; ``cells`` are shown results of formula fields, by name."""
    data = build_workbook(project, scheme, KEY)
    if cells:
        data = _with_results(data, build_layout(project, scheme), cells)
    path = folder / "P001.xlsx"
    path.write_bytes(data)
    return read_file(path)


def read_file(path: Path) -> Reading:
    """Read a workbook that lies there."""
    return read_submission(File(path, path.name), KEYS)


def scored(reading: Reading) -> Scored:
    """The submission with its central figures."""
    assert reading.submission is not None
    (result,) = score_all([reading.submission])
    return result


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    """Code and cell of each finding."""
    return [(item.code, f"{item.sheet}!{item.cell}" if item.cell else "") for item in findings]


def at(reading: Reading, expected: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Code and cell for code and field name."""
    assert reading.submission is not None
    fields = reading.submission.layout.fields
    return [(code, f"{fields[name].sheet}!{fields[name].cell}" if name else "") for code, name in expected]


def found(
    project: Project, folder: Path, scheme: Scheme = MOF, cells: Mapping[str, float | str] | None = None
) -> tuple[Reading, list[Finding]]:
    """What reading and checking find. A check reports only what it has declared."""
    reading = read(project, folder, scheme, cells)
    findings, runs = run_checks(scored(reading))
    declared = {name_of(one): set(codes_of(one)) for one in CHECKS}
    assert [run for run in runs if not set(run.codes) <= declared.get(run.check, {"FILL15"})] == []
    return reading, findings


def find_in_figures(
    project: Project, scheme: Scheme = MOF, printed: Mapping[str, float | str] | None = None
) -> list[tuple[str, str]]:
    """Code and cell of what the checks find, without making a workbook of the project.

    With ``printed`` figures, by field name, it is a form of today.
    """
    layout = build_layout(project.model_copy(update={"answers": None}), scheme)
    typed = {item.name: item.value for item in inputs(build_layout(project, scheme))}
    given = submission(layout, typed)
    given.partial, given.shown = printed is not None, dict(printed or {})
    (result,) = score_all([given])
    return [(f.code, f.cell) for f in run_checks(result)[0]]


def _with_results(data: bytes, layout: Layout, cells: Mapping[str, float | str]) -> bytes:
    """The workbook as a spreadsheet program would save it with these results."""
    parts = {title: f"xl/worksheets/sheet{i}.xml" for i, title in enumerate(layout.sheets, 1)}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            xml = source.read(name).decode("utf-8")
            for field, result in cells.items():
                item = layout.fields[field]
                if parts[item.sheet] == name:
                    xml = _with_result(xml, item.cell, result)
            copy.writestr(name, xml)
    return target.getvalue()


def _with_result(xml: str, cell: str, result: float | str) -> str:
    kind = ' t="str"' if isinstance(result, str) else ""
    pattern = rf'<c r="{cell}"([^>]*?)(?: t="\w+")?>(<f>[^<]*</f>)<v>[^<]*</v></c>'
    changed, count = re.subn(pattern, rf'<c r="{cell}"\1{kind}>\2<v>{result}</v></c>', xml)
    assert count == 1, cell
    return changed
