"""Forms as county offices make them: what was read wrongly, or lost, without a word until somebody drew them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
import xlwt
from drawn_reports import read as read_document
from drawn_reports import saved
from drawn_sheets import read, read_bytes, sheet, workbook

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.words.records import Concern, HandmadeForm

TABLE = """
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|改厕户数|≥800户|820户|50|50
效益指标|社会效益|村庄整洁|明显提升|明显提升|30|30
满意度指标|满意度|村民满意度|≥90%|93%|10|10
"""
HEAD = """
项目支出绩效自评表|<|<|<|<|<|<
项目名称|人居环境整治|<|<|<|<|<
"""


def amounts(form: HandmadeForm) -> dict[str, object]:
    """The amounts of the total row in 万元."""
    return {measure.value: stated.value for measure, stated in form.funding[0].amounts.items()}


def doubts(form: HandmadeForm) -> list[tuple[str, str]]:
    return [(one.where.cell, one.taken) for one in form.remarks if one.concern is Concern.AMBIGUOUS]


def left(form: HandmadeForm) -> list[tuple[str, str]]:
    return [(one.where.cell, one.printed) for one in form.remarks if one.concern is Concern.UNKNOWN]


def test_of_two_columns_of_budgets_none_is_lost() -> None:
    money = """
资金（万元）|预算安排|调整后预算|实际支出|执行率||
合计|1236|1286|1260|97.98%||
其中：省级|800|850|840|98.82%||
县级|436|436|420|96.33%||
"""
    (form,) = read(HEAD + money.lstrip() + TABLE.lstrip()).forms
    assert amounts(form) == {"initial_budget": 1236.0, "annual_budget": 1286.0, "executed": 1260.0}
    assert [line.amounts[Measure.INITIAL_BUDGET].value for line in form.funding] == [1236.0, 800.0, 436.0]
    assert doubts(form) == [("C3", "调整后预算一栏，预算安排是年初预算")]


def test_a_column_that_says_the_same_once_more_is_told() -> None:
    money = "资金（万元）|预算数|支出金额|决算数|执行率||\n合计|100|95|96|95%||\n"
    (form,) = read(HEAD + money + TABLE.lstrip()).forms
    assert amounts(form) == {"annual_budget": 100.0, "executed": 95.0}
    assert doubts(form) == [("D3", "支出金额一栏，决算数不采用")]


def test_what_was_spent_beside_the_budget_in_one_row() -> None:
    (form,) = read(HEAD + "预算总额（元）|3250000||支出总额（元）|3250000||\n" + TABLE.lstrip()).forms
    assert amounts(form) == {"annual_budget": 325.0, "executed": 325.0}


def test_the_unit_of_money_stands_in_a_note_below() -> None:
    money = "资金|年初预算数|全年预算数|全年执行数|执行率||\n合计|'1，250，000.00|1250000|1187500|95%||\n"
    (form,) = read(HEAD + money + TABLE.lstrip() + "注：本表金额单位：元|<|<|<|<|<|<").forms
    assert amounts(form) == {"initial_budget": 125.0, "annual_budget": 125.0, "executed": 118.75}
    assert form.amount_unit == "元" and not form.remarks


@pytest.mark.parametrize("below", ["（元）", "（元）||||||\n合计"])
def test_the_unit_of_money_stands_below_its_label(below: str) -> None:
    money = f"资金投入|年初预算|追加|全年预算|全年支出|执行率|\n{below}|900000|-60000|840000|823200|98%|\n"
    (form,) = read(HEAD + money + TABLE.lstrip()).forms
    assert amounts(form) == {"initial_budget": 90.0, "annual_budget": 84.0, "executed": 82.32}
    assert not form.remarks


def test_the_unit_of_money_stands_below_the_last_table_of_a_document() -> None:
    money = "项目名称|人居环境整治|<|<\n资金|全年预算数|全年执行数|执行率\n合计|3200000|3040000|95%\n"
    (form,) = read_document(f"项目支出绩效自评表\n\n{money}\n{TABLE}\n单位：元").forms
    assert amounts(form) == {"annual_budget": 320.0, "executed": 304.0}


def test_a_note_below_is_of_the_last_table_where_others_have_their_own() -> None:
    money = "项目名称|人居环境整治|<|<\n资金（万元）|全年预算数|全年执行数|执行率\n合计|320|304|95%\n单位：万元|||\n"
    (form,) = read_document(f"项目支出绩效自评表\n\n{money}\n{TABLE}\n单位：元").forms
    assert amounts(form) == {"annual_budget": 320.0, "executed": 304.0}


def test_the_table_goes_on_on_the_next_sheet() -> None:
    lines = TABLE.strip().splitlines()
    below = "续表|<|<|<|<|<|<\n" + "\n".join([lines[0], *lines[2:]])
    (form,) = read(HEAD + "\n".join(lines[:2]), below).forms
    assert [(one.name.printed, one.name.where.sheet) for one in form.entries] == [
        ("改厕户数", "表1"),
        ("村庄整洁", "表2"),
        ("村民满意度", "表2"),
    ]
    assert not left(form) and form.cells_understood == form.cells_filled


def test_the_next_sheet_of_another_project_is_another_form() -> None:
    assert len(read(HEAD + TABLE.lstrip(), HEAD.replace("人居环境整治", "路灯维护") + TABLE.lstrip()).forms) == 2


def test_a_year_in_wide_figures() -> None:
    (form,) = read("项目支出绩效自评表|<\n（２０２４年度）|<\n项目名称|路灯维护\n" + TABLE.lstrip()).forms
    assert form.year is not None and form.year.value == 2024.0
    assert not left(form)


def test_a_label_right_of_the_rate_is_no_rate() -> None:
    money = "预算（万元）|支出（万元）|执行率|产出指标分值|||\n68|66.3|97.5%|50分|||\n"
    (form,) = read(HEAD + money + TABLE.lstrip()).forms
    assert form.execution_rate is not None and form.execution_rate.value == 0.975


def test_a_month_beside_a_limit_is_a_number() -> None:
    table = TABLE.replace("≥800户|820户", "≤12月|11月")
    (form,) = read(HEAD + table.lstrip()).forms
    assert form.entries[0].actual is not None and form.entries[0].actual.value == 11.0
    assert ("E4", "按数字 11月") in doubts(form)


def test_a_tick_in_place_of_a_figure_is_told() -> None:
    (form,) = read(HEAD + TABLE.replace("820户", "√").lstrip()).forms
    assert form.entries[0].actual is None
    assert left(form) == [("E4", "√")]


def test_what_a_formula_has_made_of_a_target_is_none() -> None:
    (form,) = read(HEAD + TABLE.replace("≥800户", "'#NAME?").lstrip()).forms
    assert form.entries[0].target is None
    assert doubts(form)[0] == ("D4", "没有目标值，按定性指标")


def test_two_equal_columns_are_points_and_scores_not_points_and_deductions() -> None:
    table = """
一级指标|轻重|三级指标|年度指标值|实际完成值|自查分|对策
产出指标|50|改厕户数|≥800户|820户|50|
效益指标|30|节水量|≥60吨|66吨|30|
满意度指标|10|村民满意度|≥90%|93%|10|
"""
    (form,) = read(HEAD + table.lstrip()).forms
    assert [one.weight and one.weight.value for one in form.entries] == [50.0, 30.0, 10.0]
    assert [one.score and one.score.value for one in form.entries] == [50.0, 30.0, 10.0]


def test_what_a_form_says_twice_in_two_ways_is_told() -> None:
    again = "实施单位|县水务局|||||\n实施单位|县林业局|||||\n填报单位：县林业局|单位：万元|||||\n单位：元||||||\n"
    money = "资金|全年预算数|全年执行数|执行率|||\n合计|100|95|95%|||\n年度目标|改善环境|||||\n资金|全年预算数|全年执行数|执行率|||\n合计|120|95|79.17%|||\n"
    (form,) = read(HEAD + again + money + TABLE.lstrip()).forms
    assert form.head["unit"].printed == "县水务局"
    assert amounts(form) == {"annual_budget": 100.0, "executed": 95.0}
    assert doubts(form) == [("B4", "县水务局（B3）"), ("A6", "万元"), ("B11", "100（B8）")]


def test_the_line_of_the_total_is_first() -> None:
    money = "资金（万元）|预算数|执行数\n中央资金|200|200\n县级资金|60|52\n合计|260|252\n"
    (form,) = read(HEAD + money + TABLE.lstrip()).forms
    assert form.funding[0].source is FundingSource.TOTAL and amounts(form)["executed"] == 252.0


def test_the_day_on_which_a_form_was_filled_in_is_not_its_year() -> None:
    day = "填报单位：某县文旅局||||填报日期|2025年3月1日|\n"
    assert [read(HEAD + day + TABLE.lstrip()).forms[0].year, read(HEAD + "2025年3月|\n" + TABLE).forms[0].year] == [
        None
    ] * 2
    (form,) = read(HEAD + "|2024年1-12月|\n" + TABLE.lstrip()).forms
    assert form.year and form.year.value == 2024.0


MONEY = "资金总额|预算数|执行数|执行率|||\n合计|560000|548000|97.86%|||\n"


def with_pages(*drawings: str, **texts: str) -> list[HandmadeForm]:
    """The forms of a workbook whose first sheet has these headers and footers."""
    book: Any = openpyxl.load_workbook(io.BytesIO(workbook(*drawings)))
    for name, text in texts.items():
        kind, _, side = name.partition("_")
        getattr(getattr(book.worksheets[0], kind), side).text = text
    stream = io.BytesIO()
    book.save(stream)
    return read_bytes(stream.getvalue()).forms


def test_what_is_printed_above_and_below_each_page_is_read() -> None:
    (form,) = with_pages(
        MONEY + TABLE.lstrip(),
        oddHeader_left="项目名称：人居环境整治",
        oddHeader_center='&"黑体"&16 2024年度项目支出绩效自评表',
        oddFooter_left="金额单位：元",
        oddFooter_right="第 &P 页",
    )
    assert amounts(form) == {"annual_budget": 56.0, "executed": 54.8}
    assert form.head["project"].printed == "人居环境整治" and form.head["project"].where.cell == "页眉"
    assert form.year and form.year.value == 2024.0
    assert left(form) == []


def old_pages() -> bytes:
    """The same in an .xls."""
    book = xlwt.Workbook()
    ws = book.add_sheet("表1")
    for r, row in enumerate(sheet(MONEY + TABLE.lstrip())):
        for c, text in enumerate(row):
            if text:
                ws.write(r, c, float(text) if text.isdigit() else text)
    # Its own properties take bytes alone, which it then cannot write.
    ws._Worksheet__header_str = '&L项目名称：人居环境整治&C&"黑体"&16 2024年度项目支出绩效自评表'
    ws._Worksheet__footer_str = "&L金额单位：元&R第 &P 页"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def open_pages() -> bytes:
    """The same in an .ods."""
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "style")
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{text}"><text:p>{text}</text:p></table:table-cell>'
            if text.isdigit()
            else f"<table:table-cell office:value-type='string'>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in sheet(MONEY + TABLE.lstrip())
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>"
        '<style:style style:name="ta1" style:family="table" style:master-page-name="页"/></office:automatic-styles>'
        '<office:body><office:spreadsheet><table:table table:name="表1" table:style-name="ta1">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    styles = (
        f"<office:document-styles {names}><office:master-styles>"
        '<style:master-page style:name="Default"><style:header><text:p>单位：亿元</text:p></style:header></style:master-page>'
        '<style:master-page style:name="页"><style:header><style:region-left><text:p>项目名称：人居环境整治</text:p>'
        "</style:region-left><style:region-center><text:p><text:span>2024年度</text:span>项目支出绩效自评表</text:p>"
        '</style:region-center></style:header><style:header-first style:display="false"><text:p>旧表</text:p></style:header-first>'
        "<style:footer><text:p>金额单位：元</text:p><text:p>第 <text:page-number>1</text:page-number> 页</text:p>"
        "</style:footer></style:master-page></office:master-styles></office:document-styles>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", styles)
    return stream.getvalue()


@pytest.mark.parametrize(("name", "make"), [("自评表.xls", old_pages), ("自评表.ods", open_pages)])
def test_other_formats_print_the_same(name: str, make: Callable[[], bytes]) -> None:
    (form,) = read_bytes(make(), name).forms
    assert amounts(form) == {"annual_budget": 56.0, "executed": 54.8}
    assert form.head["project"].printed == "人居环境整治" and form.head["project"].where.cell == "页眉"
    assert form.year and form.year.value == 2024.0
    assert left(form) == []


def test_the_next_sheet_has_the_same_header() -> None:
    first, second = TABLE.splitlines(), [TABLE.splitlines()[1], *TABLE.splitlines()[3:]]
    (form,) = with_pages(HEAD + MONEY + "\n".join(first[1:3]), "续表\n" + "\n".join(second), oddHeader_right="单位：元")
    assert amounts(form)["executed"] == 54.8 and len(form.entries) == 3


def test_the_unit_and_the_year_above_several_forms_hold_for_all() -> None:
    other = HEAD.replace("人居环境整治", "垃圾清运").lstrip()
    above = "2024年度项目支出绩效自评表\n单位：元||||||\n"
    forms = read(above + HEAD.lstrip() + MONEY + TABLE.lstrip() + "|\n" + other + MONEY + TABLE.lstrip()).forms
    assert [amounts(form)["executed"] for form in forms] == [54.8, 54.8]
    assert [form.year and form.year.value for form in forms] == [2024.0, 2024.0]


def test_of_two_columns_of_targets_the_adjusted_one_is_asked_for() -> None:
    table = TABLE.replace("年度指标值|", "年初目标|调整后目标|").replace("≥800户|", "≥800户|≥810户|")
    table = table.replace("明显提升|明", "明显提升|明显提升|明").replace("≥90%|", "≥90%|≥90%|")
    (form,) = read(HEAD + table.lstrip()).forms
    assert form.entries[0].target and form.entries[0].target.value == 810.0
    assert doubts(form) == [("E4", "调整后的 ≥810户")]


SENTENCE = "该项目2024年预算安排36万元，其中县级30万元；实际支出35.2万元，执行率97.78%。"


@pytest.mark.parametrize(("label", "lines"), [("资金情况", 2), ("项目概况", 1), ("钱怎么用的", 2)])
def test_money_that_a_cell_tells_in_a_sentence(label: str, lines: int) -> None:
    (form,) = read(HEAD + f"{label}|{SENTENCE}|<|<|<|<|<\n" + TABLE.lstrip()).forms
    assert amounts(form) == {"annual_budget": 36.0, "executed": 35.2}
    assert {stated.where.cell for stated in form.funding[0].amounts.values()} == {"B3"}
    sources = [FundingSource.TOTAL, FundingSource.COUNTY]
    assert [line.source for line in form.funding] == sources[:lines]
    assert form.execution_rate and form.execution_rate.value == 0.9778
    assert [cell for cell, _ in left(form) if cell == "B3"] == []


def test_a_sentence_does_not_stand_beside_amounts_in_cells() -> None:
    (form,) = read(HEAD + f"资金情况|{SENTENCE}|<|<|<|<|<\n" + MONEY + TABLE.lstrip()).forms
    assert amounts(form) == {"annual_budget": 560000.0, "executed": 548000.0}


UNKNOWN = """
河道清淤资金使用效果|<|<|<|<|<|<
做什么|打算做到|做到了|占多少|打几分||
清淤长度|15公里|15公里|50|50||
水质改善|三类|三类|30|30||
百姓评价|90%|96%|20|20||
"""


@pytest.mark.parametrize("is_above", [True, False])
def test_a_form_of_unknown_words_one_row_from_another(is_above: bool) -> None:
    parts = [UNKNOWN.lstrip(), (HEAD + TABLE.lstrip()).lstrip()]
    forms = read("|\n".join(parts if is_above else parts[::-1])).forms
    names = [[entry.name.printed for entry in form.entries] for form in forms]
    assert sorted(names) == [["改厕户数", "村庄整洁", "村民满意度"], ["清淤长度", "水质改善", "百姓评价"]]


def test_a_share_that_is_typed_as_a_text_beside_one_that_is_a_number() -> None:
    rows = "产出指标|质量指标|取证率|0.85|'0.87|10|10\n效益指标|社会效益|就业率|'0.6|0.65|80|80\n"
    (form,) = read(HEAD + TABLE.splitlines()[1] + "\n" + rows).forms
    figures = [(one.target and one.target.value, one.actual and one.actual.value, one.unit) for one in form.entries]
    assert figures == [(85.0, 87.0, "%"), (60.0, 65.0, "%")]


def test_scores_in_words_and_with_what_was_deducted() -> None:
    rows = (
        "产出指标|数量指标|口罩|10万只|9.2万只|20分|18.4分（扣1.6分）\n产出指标|质量指标|合格率|100%|100%|30分|满分\n"
        "效益指标|社会效益|保障|有效|有效|30分|30分\n满意度指标|满意度|群众满意|90%|92%|10分|10分\n"
    )
    (form,) = read(HEAD + TABLE.splitlines()[1] + "\n" + rows).forms
    assert [one.score and one.score.value for one in form.entries] == [18.4, 30.0, 30.0, 10.0]
    assert left(form) == []


def test_a_name_set_apart_character_by_character_is_closed_up() -> None:
    (form,) = read(HEAD.replace("人居环境整治", "人 居 环 境 整 治") + TABLE.lstrip()).forms
    assert convert_form(form, Importing()).project.name == "人居环境整治"


def test_the_points_of_the_execution_rate_may_be_printed_in_the_sum_alone() -> None:
    money = "资金（万元）|预算数|执行数|执行率|得分||\n合计|100|95|95%|9.5||\n"
    for total, told in (("100", 0), ("95", 1)):
        (form,) = read(HEAD + money + TABLE.lstrip() + f"合计|||||{total}|99.5\n").forms
        codes = [finding.code for finding in convert_form(form, Importing()).findings]
        assert codes.count("IMPORT20") == told


def test_projects_side_by_side_each_above_its_own_indicators() -> None:
    forms = read("""
2024年度项目支出绩效自评汇总表|<|<
项目名称|道路养护|路灯维护
实施单位|市政所|照明所
预算数（万元）|120|35
执行数（万元）|118|35
三级指标|养护里程|维护盏数
年度指标值|≥30公里|≥500盏
实际完成值|31公里|510盏
分值|90|90
得分|90|88
""").forms
    assert [(form.head["project"].printed, form.head["unit"].printed) for form in forms] == [
        ("道路养护", "市政所"),
        ("路灯维护", "照明所"),
    ]
    assert [amounts(form)["executed"] for form in forms] == [118.0, 35.0]
    assert [[one.name.printed for one in form.entries] for form in forms] == [["养护里程"], ["维护盏数"]]
    assert [left(form) for form in forms] == [[], []]


def test_the_execution_rate_by_how_it_is_computed() -> None:
    row = "预算执行（10分）|预算执行率|执行数/预算数|100%|93.5%|10|9.35\n"
    header, *rows = TABLE.lstrip().splitlines(keepends=True)
    (form,) = read(HEAD + header + row + "".join(rows)).forms
    assert [one.name.printed for one in form.entries if one.is_execution_rate] == ["执行数/预算数"]
    assert form.execution_weight and form.execution_weight.value == 10.0
    assert ("C4", "预算执行率，按方案计分，不算指标") in doubts(form)


@pytest.mark.parametrize(("label", "executed"), [("资金总额", 54.8), ("资金总额（万元）", 548000.0)])
def test_the_unit_in_the_header_of_a_document(label: str, executed: float) -> None:
    report = docx.Document()
    report.sections[0].header.paragraphs[0].text = "单位：元"
    rows = sheet(HEAD + MONEY.replace("资金总额", label) + TABLE.lstrip())
    table = report.add_table(len(rows), 7)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text.replace("<", "")
    (form,) = read_bytes(saved(report), "自评表.docx").forms
    assert amounts(form)["executed"] == executed
