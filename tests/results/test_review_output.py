"""review.py: 审核结果.json and .xlsx, for any text and any number of projects."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from office import (
    ooxml_errors_of,
    recalculate_with_libreoffice,
    requires_libreoffice,
    requires_ooxml_validator,
)
from recalculated import differences, formula_cells
from result_builder import HOSTILE, finding_row, hostile, project, result, unscored

from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.review_result import MissingRow, ReviewResult
from workbook_tools.core.states import Acceptor, State
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.results.facts import LEVEL_TINTS
from workbook_tools.results.json_file import json_schema, read_json, write_json
from workbook_tools.results.judgement import read_judgements
from workbook_tools.results.overview import count_work, list_steps
from workbook_tools.results.rulings import read_rulings
from workbook_tools.results.typed_cells import TypedCells, judge
from workbook_tools.results.typed_reading import ReadWorkbook, foresee_untouched
from workbook_tools.results.workbook import write_workbook
from workbook_tools.review.states import mark_states

RESULTS: dict[str, ReviewResult] = {
    "usual": mark_states(
        result([*(project(i) for i in range(14)), unscored(14), project(15, total_score=59.0, grade="不合格")]),
        {"XM0011": Acceptor("王强")},
    ),
    "none": result([], missing=(), reviewed_files=0),
    "unscored": result([unscored(1), unscored(2, funding={}, execution_rate=None)]),
    "hostile": result([hostile(text, i) for i, text in enumerate(HOSTILE)]),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbook of each result."""
    folder = tmp_path_factory.mktemp("审核")
    paths = {name: folder / f"{name}.xlsx" for name in RESULTS}
    for name, path in paths.items():
        write_workbook(RESULTS[name], path)
    return paths


# -- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RESULTS)
def test_json_reads_back_the_same_and_follows_its_schema(name: str, tmp_path: Path) -> None:
    path = tmp_path / "审核 结果.json"
    write_json(RESULTS[name], path)
    assert read_json(path) == RESULTS[name]
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(path.read_text("utf-8")))


def test_a_damaged_file_name_survives(tmp_path: Path) -> None:
    damaged = result([project(1, file="\udcb9\udca4.xlsx")])
    write_json(damaged, tmp_path / "r.json")
    assert read_json(tmp_path / "r.json") == damaged
    write_workbook(damaged, tmp_path / "r.xlsx", inbox=tmp_path)


def test_json_is_readable_utf_8_and_replaced_in_place(tmp_path: Path) -> None:
    path = tmp_path / "new" / "审核结果.json"
    write_json(RESULTS["none"], path)
    write_json(RESULTS["usual"], path)
    assert "公共服务运行维护项目" in path.read_text("utf-8")
    assert [p.name for p in path.parent.iterdir()] == ["审核结果.json"]


def test_the_schema_describes_itself_and_refuses_other_data() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = RESULTS["usual"].model_dump(mode="json")
    data["projects"][0]["colour"] = "red"
    assert not jsonschema.Draft202012Validator(schema).is_valid(data)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "找不到"),
        (b"", "已损坏"),
        (b"\xff\xfe", "已损坏"),
        (b"[]", "没有版本号"),
        (b"{}", "没有版本号"),
        (b'{"schema_version": "99"}', "第 99 版"),
        (b'{"schema_version": "2", "scheme": "quwo", "year": "abc"}', "内容有误（year）"),
        (b'{"schema_version": "2", "scheme": "quwo", "year": 2021, "x": 1}', "内容有误（x）"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(content: bytes | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "审核结果.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=words) as caught:
        read_json(path)
    assert "wbt review" in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_result_that_has_lost_a_scheme_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "审核结果.json"
    write_json(RESULTS["usual"].model_copy(update={"schemes": {}}), path)
    with pytest.raises(SettingsError, match="内容有误（schemes"):
        read_json(path)


def test_a_scheme_in_the_result_with_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    whole = RESULTS["usual"]
    damaged = {digest: {**content, "surprise": 1} for digest, content in whole.schemes.items()}
    path = tmp_path / "审核结果.json"
    write_json(whole.model_copy(update={"schemes": damaged}), path)
    with pytest.raises(SettingsError, match="内容有误（surprise）"):
        read_json(path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="无法读取"):
        read_json(tmp_path)


# -- workbook ---------------------------------------------------------------------------------------------------------


def cells(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def test_sheets_and_overview(written: dict[str, Path]) -> None:
    assert openpyxl.load_workbook(written["usual"]).sheetnames == [
        "审核概览",
        "问题清单",
        "提醒说明",
        "项目得分",
        "指标得分",
        "未报清单",
        "说明",
        "问题明细",
        "检查清单",
    ]
    rows = cells(written["usual"], "审核概览")
    facts = {row[0]: row[1] for row in reversed(rows) if row[0]}
    expected: dict[str, object] = {"审核的文件": 16, "已评分的项目": 15}
    expected |= {"缺报": 2, "待更正": 5, "待说明": 6, "可接收": 4, "已接收": 1}
    expected |= {"优秀": 3, "良好": 5, "合格": 6, "不合格": 1, "未评分": 1}
    assert {name: facts[name] for name in expected} == expected
    start = next(at for at, row in enumerate(rows) if row[4] == "校验问题") + 2
    assert [row[4:7] for row in rows[start : start + 3]] == [["错误", 6, 6], ["提醒", 6, 6], ["说明", 5, 5]]
    formulas = formula_cells(written["usual"])
    assert formulas["审核概览", f"F{start + 1}"] == f"=COUNTIF('问题清单'!$A$4:$A$15,E{start + 1})"
    assert formulas["审核概览", f"G{start + 3}"] == f"=COUNTIF('问题明细'!$A$4:$A$20,E{start + 3})"
    assert formulas["审核概览", "B15"] == "=COUNTIF('项目得分'!$F$5:$F$20,A15)"


def test_the_first_sheet_says_what_to_do_and_leads_there(written: dict[str, Path]) -> None:
    rows = cells(written["usual"], "审核概览")
    assert [row[:3] for row in rows[3:10]] == [
        ["1. 退回更正", "5 个项目", "问题清单"],
        ["2. 查看没有采用的文件", "1 个文件", "问题清单"],
        ["3. 核实提醒", "6 件", "问题清单"],
        ["4. 催报", "2 个项目", "未报清单"],
        ["5. 接收", "4 个项目", "项目得分"],
        ["6. 看没有查的", "没有", "检查清单"],
        ["7. 核定得分", "16 个项目", "指标得分"],
    ]
    sheet = openpyxl.load_workbook(written["usual"])["审核概览"]
    assert [sheet[f"C{row}"].hyperlink.location for row in range(4, 11)] == [
        f"'{name}'!A1" for name in ("问题清单", "问题清单", "问题清单", "未报清单", "项目得分", "检查清单", "指标得分")
    ]


def test_before_the_deadline_what_has_not_come_is_awaited() -> None:
    waiting = result([], missing=(MissingRow(code="P9", name="甲", department="乙", unit="丙", due="2025年3月31日"),))
    step = next(step for step in list_steps(count_work(waiting, 0, 0)) if step.sheet == "未报清单")
    assert (step.what, step.count) == ("等待报送", 1)
    assert "2025年3月31日" in step.how


def test_slips_of_the_list_are_counted_by_rows_as_everything_that_question_list_has() -> None:
    (step,) = (step for step in list_steps(count_work(result([]), 0, 2)) if step.what == "更正项目清单")
    assert (step.count, step.unit) == (2, "件")


def test_the_first_sheet_names_the_projects_to_begin_with(written: dict[str, Path]) -> None:
    """Those to be corrected, then those to be explained; the rest has nothing for the unit to do."""
    book = openpyxl.load_workbook(written["usual"])
    sheet, findings = book["审核概览"], book["问题清单"]
    assert [cell.value for cell in sheet[13][4:9]] == ["项目", "状态", "错误", "提醒", "最先要改或核实的"]
    shown = [[cell.value for cell in sheet[row][4:9]] for row in range(14, 24)]
    assert [row[1:4] for row in shown] == [["待更正", 1, 0]] * 5 + [["待说明", 0, 1]] * 5
    steps = {row.name: row.first_step for row in RESULTS["usual"].projects}
    for row in range(14, 24):
        jump = re.fullmatch(
            r"""=HYPERLINK\("#'问题清单'!A"&3\+MATCH\((\d+),.*\),"(.*)"\)""", str(sheet.cell(row, 9).value)
        )
        assert jump and jump[2].startswith("预算执行!C9 ")
        (cause,) = (line for line in findings.iter_rows(min_row=4, values_only=True) if line[11] == int(jump[1]))
        assert str(cause[1]).startswith(f"{sheet.cell(row, 5).value}（")
        assert "预算执行!C9" in steps[str(sheet.cell(row, 5).value)]
    assert sheet["E24"].value == "……共 11 个项目，其余见“项目得分”"


def test_the_first_sheet_is_printed_on_one_page_and_the_common_findings_on_the_next(written: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(written["usual"])["审核概览"]
    (page_break,) = sheet.row_breaks.brk
    assert str(sheet.cell(page_break.id + 1, 1).value).startswith("常见问题")
    assert page_break.id <= 34, "rows that an A4 sheet holds"


def test_the_most_common_errors_come_first_then_warnings(written: dict[str, Path]) -> None:
    rows = [row for row in cells(written["usual"], "审核概览") if row[0] in CODES]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("FILL08", "错误", 5),
        ("FILE03", "错误", 1),
        ("FUND04", "提醒", 6),
    ]


def test_a_row_per_project(written: dict[str, Path]) -> None:
    rows = cells(written["usual"], "项目得分")
    assert rows[3][6:16] == [
        None,
        None,
        "预算\n执行",
        "产出\n指标",
        "效益\n指标",
        "满意度\n指标",
        "总分",
        None,
        "错误",
        "提醒",
    ]
    second = RESULTS["usual"].projects[1]
    assert rows[5][:7] == [2, "交通运输局", "信息中心", "XM0001", second.name, "待更正", "本期下发"]
    assert rows[5][7:14] == [pytest.approx(second.execution_rate), 9.5, 47.5, 26.9, 9, 92.9, "优秀"]
    assert rows[5][14:19] == [1, 0, 0, second.first_step, second.file]
    assert rows[18][8:14] == [None, None, None, None, None, "未评分"]
    formulas = formula_cells(written["usual"])
    assert formulas["项目得分", "M6"] == "=I6+J6+K6+L6"
    assert ("项目得分", "M20") not in formulas, "a total that is not the sum of the points is a value"


def test_every_scored_row_explains_itself(written: dict[str, Path]) -> None:
    rows = cells(written["usual"], "指标得分")
    first = RESULTS["usual"].projects[1]
    mine = [row for row in rows[3:] if row[0] == first.code]
    assert [row[2] for row in mine] == ["预算执行", *["产出指标"] * 3, *["效益指标"] * 3, *["满意度指标"] * 3]
    assert mine[0][3:16] == [
        "预算执行率",
        "预算执行率",
        None,
        "100%",
        "95%",
        None,
        pytest.approx(0.95, abs=1e-4),
        10,
        9.5,
        0.5,
        first.execution_reason,
        first.execution_explanation,
        None,
    ]
    assert sum(row[11] for row in mine) == pytest.approx(first.total_score)  # type: ignore[misc]


def test_findings_with_place_and_advice(written: dict[str, Path]) -> None:
    rows = cells(written["usual"], "问题清单")
    assert rows[2] == [
        "性质", "项目", "问题", "位置", "处数", "现为", "应为", "差额", "处理建议", "代码", "文件", "编号",
    ]  # fmt: skip
    assert [row[0] for row in rows[3:]] == ["错误"] * 6 + ["提醒"] * 6
    assert rows[9] == [
        "提醒", "第0号公共服务运行维护项目（XM0000）", "预算执行率偏低：全年执行资金·年度总金额", "预算执行!C9", "1", "85%", "不低于90%",
        None, "请说明原因。", "FUND04", "XM0000.xlsx", 7,
    ]  # fmt: skip
    sheet = openpyxl.load_workbook(written["usual"])["问题清单"]
    assert sheet.auto_filter.ref == "A3:L15"
    assert sheet.freeze_panes == "C4"
    assert sheet.print_title_rows == "$3:$3"


def test_missing_projects_with_reason(written: dict[str, Path]) -> None:
    assert cells(written["usual"], "未报清单")[3:] == [
        ["交通运输局", "公路服务中心", "XM9001", "乡村道路养护", "未报送"],
        ["文化和旅游局", "县图书馆", "XM9002", "公共图书馆免费开放", "文件打不开"],
    ]
    assert cells(written["none"], "未报清单")[3][0] == "（无）"


def test_only_files_that_are_there_become_links_relative_to_the_workbook(tmp_path: Path) -> None:
    there, gone = project(1, file="子夹/甲 #1 100%.xlsx"), project(2)
    inbox = tmp_path / "回收"
    (inbox / "子夹").mkdir(parents=True)
    (inbox / there.file).write_bytes(b"")
    findings = (finding_row(there), finding_row(there, sheet="", cell=""), finding_row(gone))
    path = tmp_path / "审核" / "审核结果.xlsx"
    write_workbook(result([there, gone], findings=findings), path, inbox=inbox)
    sheet = openpyxl.load_workbook(path)["问题清单"]
    links = {cell.coordinate: cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {place: (link.target, link.location) for place, link in links.items()} == {
        "D4": ("../回收/子夹/甲%20%231%20100%25.xlsx", "'预算执行'!C9"),
        "K4": ("../回收/子夹/甲%20%231%20100%25.xlsx", None),
    }


def test_hostile_texts_stay_texts(written: dict[str, Path]) -> None:
    formulas = formula_cells(written["hostile"])
    sheet = openpyxl.load_workbook(written["hostile"], data_only=True)["项目得分"]
    for row, text in enumerate(map(clean_cell_text, HOSTILE)):
        for column in "BCDES":
            place = f"{column}{5 + row}"
            assert ("项目得分", place) not in formulas
            assert unescaped(sheet[place].value) == text
            assert sheet[place].hyperlink is None


def unescaped(text: object) -> str:
    """openpyxl leaves Excel's escape of what looks like an escape as it is."""
    return str(text).replace("_x005F_", "_")


def test_severities_and_grades_are_coloured(written: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(written["usual"])
    for sheet, expected in (
        ("问题清单", [f'"{level}"' for level in LEVEL_TINTS]),
        ("项目得分", ['"优秀"', '"良好"', '"合格"', '"不合格"', '"待更正"', '"未评分"', *(f'"{s}"' for s in State)]),
    ):
        rules = [rule.formula[0] for area in book[sheet].conditional_formatting for rule in area.rules]
        assert rules == expected


@pytest.mark.slow
@requires_libreoffice
def test_formulas_show_what_libreoffice_computes(written: dict[str, Path], tmp_path: Path) -> None:
    paths = list(written.values())
    for path, other in zip(paths, recalculate_with_libreoffice(paths, tmp_path), strict=True):
        assert formula_cells(path)
        assert differences(path, other) == []


@pytest.mark.slow
@requires_ooxml_validator
def test_the_workbooks_are_valid_open_xml(written: dict[str, Path]) -> None:
    assert [errors for errors in ooxml_errors_of(written.values()).values() if errors] == []


# -- read back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*RESULTS, "asked"])
def test_what_is_read_of_a_workbook_in_which_nothing_is_typed_is_known_when_it_is_written(
    name: str, tmp_path: Path
) -> None:
    rows = [project(1), project(2, execution_weight=0.0)]
    asked = [finding_row(row, severity=Severity.WARNING, answer=answer) for row in rows for answer in ("", "次年到账")]
    judged = judge(RESULTS.get(name) or result(rows, findings=tuple(asked)), TypedCells())
    path = tmp_path / "审核结果.xlsx"
    write_workbook(judged.result, path)
    foreseen = foresee_untouched(judged)
    assert foreseen in (None, ReadWorkbook(read_judgements(path), read_rulings(path, "")))
    assert (foreseen is None) == (name == "hostile")
