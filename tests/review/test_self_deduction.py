"""自扣分: a unit may score itself below the rule, with a reason, where its scheme lets it; above the rule never."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from builders import INDICATORS, KEYS, MOF
from checking import found, good, proposing, row, variant
from docx import Document
from drawn_forms import drawn
from engines import ENGINES, Recalculate
from filling import fill, inputs, submission, workbook_of, wrong_cells
from result_builder import result

from workbook_tools.core.model import Project
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.legacy.conversion.submission import ConvertedForm, convert
from workbook_tools.legacy.reading import read_forms
from workbook_tools.legacy.words.vocabulary import default_vocabulary
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM
from workbook_tools.results.workbook import write_workbook
from workbook_tools.review.checks import check
from workbook_tools.review.result_rows import build_indicator_rows, build_project_row
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.describe import describe
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.rules.scheme_check import check_scheme
from workbook_tools.rules.scheme_tools import new_scheme
from workbook_tools.workbooks.reading import read_submission

OWN = variant(MOF, total={"self_deduction": True})
AT_THE_END = variant(OWN, rounding={"stage": "end", "mode": "truncate", "decimals": 1})
WHY = "有两个月没有开展培训，网络有时中断。"
OFF = {"self_deduction": 1.5, "deviation_reason": WHY}


def reviewed(project: Project, scheme: Scheme = OWN) -> tuple[ProjectRow, list[IndicatorRow], Evaluation]:
    """The rows of a review, and what the cells of the form say."""
    layout = build_layout(project, scheme)
    typed = {item.name: item.value for item in inputs(layout)}
    [central] = score_all([submission(layout, typed)])
    return build_project_row(central), build_indicator_rows(central), Evaluation(layout, typed)


# -- the rule ---------------------------------------------------------------------------------------------------------


def test_the_score_is_that_of_the_rule_less_what_the_unit_takes_off() -> None:
    project, rows, form = reviewed(row(1, **OFF))
    assert (form["indicator_001_rule_score"], form["indicator_001_score"], form["total_score"]) == (20.0, 18.5, 98.5)
    assert (rows[0].score, rows[0].self_deduction, rows[0].deviation_reason) == (18.5, 1.5, WHY)
    assert rows[0].explanation == "102公里÷100公里＝102%，20分×100%＝20分，自扣1.5分，20分－1.5分＝18.5分"
    assert (project.total_score, project.self_deduction, project.grade, project.scores["产出指标"]) == (
        98.5,
        1.5,
        "优",
        48.5,
    )
    assert [r.self_deduction for r in rows[1:]] == [None] * 4
    assert any("自扣分" in sentence for sentence in describe(OWN))


@pytest.mark.parametrize(
    ("typed", "score"),
    [(None, 20.0), (0.0, 20.0), (20.0, 0.0), (20.01, 0.0), (-3.0, 20.0), ("2分", 20.0), (0.005, 20.0), (0.015, 19.99)],
)
def test_nothing_brings_a_score_above_the_rule_or_below_nothing(typed: float | str | None, score: float) -> None:
    layout = build_layout(good(), OWN)
    filling = {item.name: item.value for item in inputs(layout)} | {"indicator_001_self_deduction": typed}
    [central] = score_all([submission(layout, filling)])
    figures = (central.figures["indicator_001_score"], Evaluation(layout, filling)["indicator_001_score"])
    assert figures == (score, score)


@pytest.mark.parametrize("scheme", [OWN, AT_THE_END], ids=["by row", "at the end"])
@pytest.mark.parametrize("indicators", [INDICATORS, ()], ids=["approved", "proposed"])
def test_cells_and_columns_agree_under_any_rounding(scheme: Scheme, indicators: Sequence[object]) -> None:
    base = good() if indicators else proposing(*INDICATORS)
    project, _, form = reviewed(row(2, base, actual=88.0, self_deduction=1.26, deviation_reason=WHY), scheme)
    assert project.total_score == form["total_score"] and project.self_deduction == pytest.approx(1.26, abs=0.01)


def test_without_the_setting_the_form_has_no_such_cells() -> None:
    for scheme in builtin_schemes().values():
        assert not scheme.total.self_deduction
        names = build_layout(good(), scheme).fields
        assert not [name for name in names if "deduction" in name or "rule_score" in name]


def test_the_column_needs_the_setting() -> None:
    columns = [c.model_dump() for c in MOF.form.columns]
    columns.insert(-1, {"key": "self_deduction", "label": "自扣分", "width": 9})
    wrong = MOF.model_dump(mode="json") | {"form": {**MOF.form.model_dump(mode="json"), "columns": columns}}
    with pytest.raises(ValueError, match="self_deduction = true"):
        Scheme.model_validate(wrong)
    right = Scheme.model_validate({**wrong, "total": {**wrong["total"], "self_deduction": True}})
    fields = build_layout(good(), right).fields
    cells = [fields[f"indicator_001_{column.key}"] for column in right.form.columns[-3:]]
    assert [cell.part for cell in cells] == ["score", "self_deduction", "deviation_reason"]
    assert [cell.span.col - cells[0].span.col for cell in cells] == [0, 1, 2]
    assert check_scheme(new_scheme("own", right), "own.toml") == []


def test_the_cell_takes_no_more_than_the_rule_gives(tmp_path: Path) -> None:
    path, layout = workbook_of(good(), OWN, tmp_path / "P001.xlsx")
    cell, limit = (layout.fields[f"indicator_001_{part}"].cell for part in ("self_deduction", "rule_score"))
    sheet = openpyxl.load_workbook(path)["自评表"]
    [rule] = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    assert (rule.type, rule.operator or "between", rule.formula1, rule.formula2) == ("decimal", "between", "0.0", limit)
    assert sheet[cell].protection.locked is False and sheet[limit].protection.locked is True


# -- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        (row(1, **OFF), []),
        (row(1, self_deduction=1.5), [("FILL08", "deviation_reason")]),
        (row(1, self_deduction=-1.0), [("FILL31", "self_deduction")]),
        (row(1, self_deduction=20.5, deviation_reason=WHY), [("FILL31", "self_deduction")]),
        (row(1, actual=50.0, self_deduction=10.5, deviation_reason=WHY), [("FILL31", "self_deduction")]),
        (row(1, actual=50.0, self_deduction=10.0, deviation_reason=WHY), []),
        (row(4, actual="有效改善", completion=1.0, **OFF), [("SCORE07", "actual")]),
    ],
    ids=["right", "no reason", "negative", "above the weight", "above the points", "all of them", "a quality"],
)
def test_what_is_wrong_with_a_deduction_is_found_at_its_cell(
    project: Project, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    reading, findings = found(project, tmp_path, OWN)
    number = 4 if expected and expected[0][0] == "SCORE07" else 1
    fields = build_layout(project, OWN).fields
    wanted = [(code, fields[f"indicator_{number:03d}_{part}"].cell) for code, part in expected]
    assert [(item.code, item.cell) for item in (*reading.findings, *findings)] == wanted


def test_a_text_in_its_cell_is_told_and_takes_nothing_off(tmp_path: Path) -> None:
    path, layout = workbook_of(good(), OWN, tmp_path / "P001.xlsx")
    fill(path, layout, {"indicator_001_self_deduction": "酌情"})
    reading = read_submission(SourceFile(path, path.name), KEYS)
    assert [(f.code, f.cell) for f in reading.findings] == [
        ("FILL02", layout.fields["indicator_001_self_deduction"].cell)
    ]
    assert reading.submission is not None
    [central] = score_all([reading.submission])
    assert central.figures["total_score"] == 100.0


@pytest.mark.slow
@pytest.mark.parametrize("recalculate", ENGINES)
def test_other_programs_compute_the_same(recalculate: Recalculate, tmp_path: Path) -> None:
    projects = (
        row(2, row(1, **OFF), self_deduction=0.07, deviation_reason=WHY),
        row(3, self_deduction=99.0),
        proposing(*INDICATORS),
    )
    issued = []
    for number, given in enumerate(projects):
        layout = build_layout(given, OWN)
        issued.append(workbook_of(given, OWN, tmp_path / f"{number}.xlsx")[0])
        assert {item.role for item in layout.fields.values() if item.name.endswith("_rule_score")} == {Role.FORMULA}
    for path in recalculate(issued, tmp_path / "done"):
        reading = read_submission(SourceFile(path, path.name), KEYS)
        assert reading.submission is not None
        [central] = score_all([reading.submission])
        assert wrong_cells(reading.submission, central.figures) == []


# -- how it is shown --------------------------------------------------------------------------------------------------


def test_it_is_shown_and_summed_apart(tmp_path: Path) -> None:
    project, rows, _ = reviewed(row(2, row(1, **OFF), self_deduction=0.5, deviation_reason=WHY))
    content = result([project], OWN, indicators=tuple(rows), findings=(), missing=())
    write_workbook(content, tmp_path / "审核结果.xlsx")
    book = openpyxl.load_workbook(tmp_path / "审核结果.xlsx", data_only=True)
    for sheet, heading, shown in (
        ("项目得分", "自扣分（已减去）", [2.0]),
        ("指标得分", "其中：自扣分", [None, 1.5, 0.5, None, None, None]),
    ):
        lines = list(book[sheet].iter_rows(values_only=True))
        headings = [[str(cell).replace("\n", "") for cell in line] for line in lines]
        top = next(i for i, line in enumerate(headings) if heading in line)
        at, first = headings[top].index(heading), next(i for i, line in enumerate(lines) if "P001" in line)
        assert [line[at] for line in lines[first : first + len(shown)]] == shown
    said = "得分中已减去单位自扣的2分：养护里程1.5分、验收合格率0.5分。"
    assert said in [p.text for p in Document(io.BytesIO(render_project_report(content, project))).paragraphs]
    whole = Document(io.BytesIO(render_group_report(content, DEPARTMENT_FORM, project.department)))
    assert any("得分中已减去各单位自扣的2分。" in p.text for p in whole.paragraphs)


# -- forms of today ---------------------------------------------------------------------------------------------------

TABLE = """
项目支出绩效自评表（2023年度）|<|<|<|<|<|<|<
项目名称|护林员补助经费|<|<|<|<|<|<
主管部门|平坝县林业局|<|<|实施单位|平坝县林业站|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
|年度资金总额|120|120|120|10|100%|10
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标|数量指标|护林员人数|≥210人|210人|25|25|
产出指标|质量指标|补助兑现率|≥98%|99.2%|25|24|有两个月兑现较晚
效益指标|社会效益指标|增收|带动增收|带动增收|30|28|个别村因网络中断信息滞后
满意度指标|服务对象满意度指标|护林员满意度|≥90%|95%|10|9.5|
总分|||||100|96.5|
"""


def word_table(text: str) -> bytes:
    """The same table in a Word document."""
    lines = [line.split("|") for line in text.strip().split("\n")]
    document = docx.Document()
    table = document.add_table(len(lines), max(map(len, lines)))
    for at, line in enumerate(lines):
        for col, content in enumerate(line):
            if content == "<":
                table.cell(at, col - 1).merge(table.cell(at, col))
            else:
                table.cell(at, col).text = content
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def imported(
    name: str, folder: Path, scheme: Scheme
) -> tuple[ConvertedForm, ProjectRow, list[IndicatorRow], list[str]]:
    (folder / name).write_bytes(word_table(TABLE) if name.endswith(".docx") else drawn(TABLE))
    [form] = read_forms(SourceFile(folder / name, name), default_vocabulary()).forms
    made = convert(form, scheme)
    [central] = score_all([made.submission])
    codes = [f.code for f in (*made.findings, *check(central)) if f.code.startswith(("SCORE0", "IMPORT41", "FILL"))]
    return made, build_project_row(central), build_indicator_rows(central), codes


@pytest.mark.parametrize("name", ["自评表.xlsx", "自评报告.docx"])
def test_points_off_with_a_plain_reason_come_in_as_the_unit_s_own(name: str, tmp_path: Path) -> None:
    made, project, rows, codes = imported(name, tmp_path, OWN)
    assert [(r.score, r.self_deduction) for r in rows] == [(25.0, None), (24.0, 1.0), (28.0, 2.0), (10.0, None)]
    assert (project.total_score, project.self_deduction) == (97.0, 3.0)
    assert codes.count("IMPORT41") == 2
    assert codes.count("SCORE01") == 1, "points off without a reason are none of the unit's own: 9.5 of 10"
    assert "SCORE03" not in codes
    assert made.project.answers is not None
    assert [a.self_deduction for a in made.project.answers.indicators] == [None, 1.0, 2.0, None]


@pytest.mark.parametrize("name", ["自评表.xlsx", "自评报告.docx"])
def test_under_a_scheme_that_allows_none_the_printed_points_differ(name: str, tmp_path: Path) -> None:
    _, project, _, codes = imported(name, tmp_path, MOF)
    assert (project.total_score, project.self_deduction) == (98.0, None)
    assert codes.count("SCORE01") == 2 and "IMPORT41" not in codes


def test_what_was_read_as_deducted_stands_in_a_workbook_made_of_it(tmp_path: Path) -> None:
    made, project, _, _ = imported("自评表.xlsx", tmp_path, OWN)
    again, _, _ = reviewed(made.project)
    assert (again.total_score, again.self_deduction) == (project.total_score, project.self_deduction)
