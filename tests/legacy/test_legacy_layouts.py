"""Layouts beyond the published files, drawn as text in golden/legacy_layouts.txt with what must be understood of them."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from drawn_layouts import layouts, shown, told
from drawn_sheets import read, read_bytes, sheet, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from workbook_tools.excel.handmade import open_sheets
from workbook_tools.legacy.other_sheets import find_kind
from workbook_tools.legacy.tables.grid_forms import find_forms
from workbook_tools.legacy.tables.joining import join_sheets, join_tables, say_what_is_missing
from workbook_tools.legacy.words.grid import Grid, GridCell, build_grid
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Where
from workbook_tools.legacy.words.vocabulary import default_vocabulary

PLAIN = """
项目支出绩效自评表|<|<|<|<|<|<
项目名称|甲项目|||实施单位|乙单位|
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|培训|≥10次|12次|50|50
效益指标|社会效益指标|知晓率|≥90%|91%|40|40
总分|<|<|<|<|90|90
"""
START = pytest.mark.parametrize("start", [(0, 0), (6, 3)])


def remarks(form: HandmadeForm, concern: Concern) -> list[tuple[str, str]]:
    return [(remark.where.cell, remark.printed) for remark in form.remarks if remark.concern is concern]


@START
@pytest.mark.parametrize("name", layouts())
def test_layout_is_understood_wherever_it_starts(name: str, start: tuple[int, int]):
    drawing, said = layouts()[name]
    forms = read(drawing, start=start).forms
    assert [line.strip() for form in forms for line in told(form)] == said.splitlines()
    assert [remark for form in forms for remark in remarks(form, Concern.UNKNOWN)] == []


def test_what_is_not_understood_is_listed_with_its_cell():
    [form] = read(PLAIN.replace("总分|<|<|<|<|90|90", "经办科室印章|||||已核|")).forms
    assert remarks(form, Concern.UNKNOWN) == [("F6", "已核")]
    assert [row.printed for row in form.template_rows] == ["经办科室印章"]


@pytest.mark.parametrize(
    ("target", "actual", "cell", "taken", "other"),
    [
        ("290%", "95%", "D4", "290%", "≥90%"),
        ("工90%", "95%", "D4", "工90%", "≥90%"),
        ("9月前", "8月", "D4", "按文字（定性指标）", "按其中的数字（定量指标）"),
        ("", "完成", "C4", "没有目标值，按定性指标", "目标写在指标名称里"),
        ("0", "0", "D4", "未写符号，按 ≤（目标值为0，任何完成值都不低于它）", "按 ≥"),
    ],
)
def test_an_ambiguous_target_is_told_with_both_readings(target: str, actual: str, cell: str, taken: str, other: str):
    [form] = read(PLAIN.replace("≥10次|12次", f"{target}|{actual}")).forms
    found = [r for r in form.remarks if r.concern is Concern.AMBIGUOUS]
    assert [(r.where.cell, r.taken, r.other) for r in found] == [(cell, taken, other)]


@pytest.mark.parametrize(
    ("drawing", "missing"),
    [
        ("|", "指标表头及其下的指标、项目名称或单位名称、资金执行情况"),
        ("姓名|单位|电话\n张三|甲局|123", "指标表头及其下的指标、项目名称或单位名称、资金执行情况"),
        (
            "项目名称|甲\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|培训|≥5",
            "完成值或得分的列（这是绩效目标表）、资金执行情况",
        ),
        ("2023年部门预算表\n科目|年初预算数|全年执行数\n工资|100|90", "指标表头及其下的指标、项目名称或单位名称"),
    ],
)
def test_what_is_no_form_is_refused_with_what_was_looked_for(drawing: str, missing: str):
    reading = read(drawing)
    assert reading.forms == []
    assert reading.looked_for.endswith(f"没有找到：{missing}。")


def test_forms_on_several_sheets_and_instructions_between_them():
    guide = "填报说明\n一、三级指标、指标值须与批复一致。\n二、得分低于分值的说明原因。"
    forms = read(guide, PLAIN, PLAIN.replace("甲项目", "丙项目")).forms
    assert [(form.sheet, shown(form.head["project"])) for form in forms] == [("表2", "甲项目"), ("表3", "丙项目")]


def test_a_sheet_of_instructions_adds_what_it_labels_and_no_doubts():
    guide = "填报说明\n请于3月底前报送，逾期不候。\n联系人：张三"
    [form] = read(guide, PLAIN).forms
    assert shown(form.head["contact"]) == "张三"
    assert remarks(form, Concern.UNKNOWN) == []


def test_money_on_a_sheet_of_its_own_belongs_to_the_only_form():
    [form] = read("资金情况（元）|年初预算数|全年执行数\n年度资金总额|200000|100000", PLAIN).forms
    assert [(line.label, {str(m): a.value for m, a in line.amounts.items()}) for line in form.funding] == [
        ("年度资金总额", {"initial_budget": 20.0, "executed": 10.0})
    ]
    assert form.amount_unit == "元"


def test_an_empty_form_beside_a_filled_one_is_no_form_of_its_own():
    empty = "项目支出绩效自评表\n项目名称|\n一级指标|二级指标|三级指标|指标值|完成值|得分\n产出指标|数量指标|指标1：|||\n||……|||"
    assert [form.sheet for form in read(empty, PLAIN).forms] == ["表2"]


def test_hidden_sheets_and_examples_count_only_where_there_is_nothing_else():
    book = load_workbook(
        io.BytesIO(workbook(PLAIN, PLAIN.replace("甲项目", "乙项目"), PLAIN.replace("甲项目", "丙项目")))
    )
    book["表1"].sheet_state, book["表2"].title = "hidden", "填写样例"
    assert [shown(form.head["project"]) for form in read_bytes(saved(book)).forms] == ["丙项目"]
    del book["表3"]
    assert [shown(form.head["project"]) for form in read_bytes(saved(book)).forms] == ["甲项目", "乙项目"]


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_word_table_that_goes_on_below_without_its_header_is_one_table():
    rows = sheet(PLAIN.replace("<", ""))
    document = docx.Document()
    for part in (rows[1:4], rows[4:]):
        table = document.add_table(len(part), 7)
        for r, row in enumerate(part):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
    stream = io.BytesIO()
    document.save(stream)
    [form] = read_bytes(stream.getvalue(), "自评报告.docx").forms
    assert [(e.name.value, e.name.where.sheet, e.name.where.cell) for e in form.entries] == [
        ("培训", "表格1", "第3行第3格"),
        ("知晓率", "表格2", "第1行第3格"),
    ]
    assert shown(form.total) == "90"


def test_a_list_of_thousands_of_rows_is_passed_over():
    rows = "\n".join(f"产出|数量|名称{i}|预算数|执行数" for i in range(400))
    assert read(rows).forms == []


def test_what_lies_far_below_is_cut_off_and_said():
    rows = "\n".join("产出指标|数量指标|培训|≥10次|12次|1|1" for _ in range(5100))
    [form] = read("\n".join(PLAIN.strip().splitlines()[:3]) + "\n" + rows).forms
    assert (len(form.entries), form.remarks[-1].field) == (4997, "工作表过大")


WORDS = [
    word.removeprefix("=") for lists in default_vocabulary().tables.values() for ws in lists.values() for word in ws
]
ODD = [
    "≥95%",
    "290%",
    "/",
    "……",
    "指标2:",
    "9月前",
    "100以上",
    "10分",
    "5万元",
    "合计",
    "总分",
    "其中:甲",
    "注：无",
    "预算数：5万元；执行数：3",
    "a" * 300,
    "\n",
]
VALUES = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(ODD), st.floats(-10, 1e7, allow_nan=False), st.text(max_size=6)
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Any words of the vocabulary anywhere, some cells merged."""
    places = draw(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 9)), min_size=8, max_size=70))
    cells = []
    for row, col in sorted(places):
        value = draw(VALUES)
        rows, cols = draw(st.sampled_from([(1, 1)] * 6 + [(2, 1), (1, 3), (4, 2)]))
        cells.append(GridCell(row, col, rows, cols, value, str(value), Where("表", f"{row},{col}")))
    return build_grid("表", cells)


@settings(max_examples=150, deadline=None)
@given(grids())
def test_no_grid_breaks_the_recogniser_and_no_cell_is_dropped(grid: Grid):
    parts = find_forms("f", grid, default_vocabulary())
    for form in parts:
        listed = sum(remark.concern is Concern.UNKNOWN for remark in form.remarks)
        assert form.cells_filled - form.cells_understood <= listed
    assert sum(form.cells_filled for form in parts) == len([*grid.filled_between(0, 100)])
    assert say_what_is_missing(parts)
    join_sheets(parts)
    join_tables(parts)


def test_a_merged_cell_as_large_as_the_sheet_takes_no_memory():
    data = workbook("|".join(["甲"] + ["<"] * 500))
    [sheet] = open_sheets(Path("x.xlsx"), data)
    assert [(cell.rows, cell.cols) for cell in sheet.cells] == [(1, 200)]


def test_a_name_that_goes_on_in_the_next_row_is_told_with_both_readings():
    [form] = read(layouts()["a name that goes on in the next row"][0]).forms
    [remark] = [r for r in form.remarks if r.concern is Concern.AMBIGUOUS]
    assert (remark.where.cell, remark.taken, remark.other) == (
        "C5",
        "接在上一行后面：新建和改造村级卫生室数量",
        "另一个指标，没有填写",
    )


@pytest.mark.parametrize("name", ["指标2：", "1、新建", "（2）新建", "其中：新建"])
def test_a_row_that_begins_a_name_is_an_indicator_of_its_own(name: str):
    drawing = layouts()["a name that goes on in the next row"][0].replace("||卫生室数量||||", f"||{name}||||")
    [form] = read(drawing).forms
    assert form.entries[0].name.printed == "新建和改造村级"


def test_a_row_of_level_1_whose_points_are_not_those_below_stays():
    drawing = layouts()["rows of level 1 with their points"][0].replace("一|产出指标|||50|50", "一|产出指标|||45|45")
    [form] = read(drawing).forms
    assert [entry.name.printed for entry in form.entries] == ["产出指标", "培训人数", "合格率", "知晓率"]


# -- deductions, and lists of sheets

_HEAD = "项目支出绩效自评表（2024年度）|<|<|<|<|<|<|<\n项目名称|道路|<|<|实施单位|公路站|<|<\n一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|"
_ROWS = (
    "\n产出指标|数量指标|养护里程|≥100公里|95公里|50|2.5|{0}\n^|质量指标|平整率|≥95%|96%|40|0|{1}\n扣分合计||||||2.5|"
)


def _places_of_doubt(form: HandmadeForm) -> list[tuple[str, str]]:
    return [(remark.concern.value, remark.where.cell) for remark in form.remarks]


def test_a_column_of_deductions_beside_the_scores_is_understood():
    [form] = read(f"{_HEAD}扣分|得分" + _ROWS.format("47.5", "40")).forms
    assert [entry.score and entry.score.value for entry in form.entries] == [47.5, 40]
    assert (_places_of_doubt(form), form.cells_understood) == ([], form.cells_filled)


def test_a_deduction_that_does_not_agree_with_the_score_is_told():
    [form] = read(f"{_HEAD}扣分|得分" + _ROWS.format("49", "40")).forms
    assert ("ambiguous", "G4") in _places_of_doubt(form)


def test_scores_follow_from_deductions_where_there_is_no_column_of_scores():
    [form] = read(f"{_HEAD}扣分|扣分原因" + _ROWS.format("雨季", "")).forms
    assert [entry.score and entry.score.value for entry in form.entries] == [47.5, 40]
    assert {("ambiguous", "G4"), ("ambiguous", "G5")} <= {*_places_of_doubt(form)}


def test_a_list_of_sheets_is_not_called_by_one_of_them():
    data = workbook("序号|表名\n1|绩效目标申报表\n2|绩效运行监控表", "绩效目标申报表\n项目名称|道路")
    kinds = [find_kind(sheet, default_vocabulary()) for sheet in open_sheets(Path("x.xlsx"), data)]
    assert kinds == ["", "申报表"]
