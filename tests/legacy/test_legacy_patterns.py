"""Patterns and thresholds of the importer, each with the text it was made for and one that it must not take."""

from __future__ import annotations

import pytest
from drawn_reports import read as read_document
from drawn_sheets import read

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.legacy.prose.report import read_report
from workbook_tools.legacy.prose.text import compact, split_sentences
from workbook_tools.legacy.tables.funding_labels import (
    find_measure,
    find_source,
    heading_of_statements,
    split_statements,
)
from workbook_tools.legacy.tables.labels import Label, find_label
from workbook_tools.legacy.tables.levels import is_dimension, is_numbered_level, split_level1
from workbook_tools.legacy.tables.titles_and_notes import is_counting_row, is_note, is_title
from workbook_tools.legacy.words import numbering, years
from workbook_tools.legacy.words.figures import find_money_unit, parse_amount, read_points, read_rate
from workbook_tools.legacy.words.grid import GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_points
from workbook_tools.legacy.words.quantities import is_per_cent, says_nothing, ticked_words
from workbook_tools.legacy.words.records import Concern, HandmadeForm, Where
from workbook_tools.legacy.words.vocabulary import default_vocabulary
from workbook_tools.word.reading import Document, Paragraph

WORDS = default_vocabulary()


def cell(text: str, col: int = 0) -> GridCell:
    return GridCell(0, col, 1, 1, text, text, Where("表", "A1"))


# -- words


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("一、产出指标", "产出指标"),
        ("第三、质量", "质量"),
        ("（十二）数量指标", "数量指标"),
        ("(3)培训", "培训"),
        ("3.培训", "培训"),
        ("12、培训", "培训"),
        ("④培训", "培训"),
        ("2.5公里", "2.5公里"),
        ("一般公共预算", "一般公共预算"),
        ("十分满意", "十分满意"),
    ],
)
def test_a_serial_number_is_no_part_of_a_name(text: str, rest: str):
    assert numbering.without_serial(text) == rest
    assert numbering.has_serial(text) is (text != rest)


@pytest.mark.parametrize(
    ("text", "rest", "begins"),
    [
        ("指标1：培训", "培训", True),
        ("三级指标2、培训", "培训", True),
        ("指标：", "", True),
        ("指标3", "", True),
        ("指标", "", False),
        ("指标完成率", "指标完成率", False),
        ("指标1.5倍", "指标1.5倍", False),
    ],
)
def test_a_placeholder_of_the_empty_form_is_no_name(text: str, rest: str, begins: bool):
    assert (numbering.without_placeholder(text), numbering.has_placeholder(text)) == (rest, begins)


@pytest.mark.parametrize(
    ("text", "alone"), [("1", True), ("2.", True), ("指标1：", True), ("3、培训", False), ("100", False)]
)
def test_an_ordinal_in_a_cell_of_its_own(text: str, alone: bool):
    assert numbering.is_ordinal(text) is alone


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年度自评表", 2022),
        ("自评表（2023）", 2023),
        ("二〇二三年度自评表", 2023),
        ("二○二O年自评表", 2020),
        ("文号20231115", None),
        ("二三年级校舍", None),
    ],
)
def test_a_title_names_its_year(text: str, year: int | None):
    assert years.find_year(text) == year


@pytest.mark.parametrize(("text", "year"), [("（2023年度）", 2023), ("2023年", 2023), ("2023年度自评表", None)])
def test_a_year_on_a_line_of_its_own(text: str, year: int | None):
    assert years.year_of_line(text) == year


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("预算执行率（B/A", "预算执行率"),
        ("（必填）目标值", "目标值"),
        ("目标值【必填】〔注〕", "目标值"),
        ("2023年度绩效目标", "绩效目标"),
        ("2023年度", "2023年度"),
        ("年度绩效目标2", "年度绩效目标"),
        ("▲分\u3000值：", "分值"),
        ("产出指标12.5分", "产出指标"),
        ("（二）（万元）", "万元"),
    ],
)
def test_what_varies_in_a_label_says_nothing(label: str, key: str):
    assert label_key(label) == key


@pytest.mark.parametrize(
    ("text", "points"),
    [("产出指标50分)", 50), ("权重10分值", None), ("第2分局", None), ("10分之一", None), ("得分(20分*执行率)", 20)],
)
def test_points_are_not_any_word_with_that_character(text: str, points: float | None):
    assert stated_points(text) == points


def test_points_without_the_character_stand_in_brackets():
    assert [without_points(text) for text in ("产出指标(50)", "产出指标（50", "100分钟到场率")] == [
        "产出指标",
        "产出指标",
        "100分钟到场率",
    ]


@pytest.mark.parametrize(
    ("text", "nothing"), [("/", True), ("……", True), ("—", True), ("%", False), ("℃", False), ("无", False)]
)
def test_a_stroke_says_nothing_and_a_unit_does(text: str, nothing: bool):
    assert says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("☑优 □良", "优"),
        ("□优 ■良、☑中", "良、中"),
        ("□优 □良", "□优 □良"),
        ("优☑ 良□", "优☑ 良□"),
        ("√达成 √完成", "√达成 √完成"),
    ],
)
def test_of_words_behind_boxes_the_ticked_ones_count(text: str, words: str):
    assert ticked_words(text) == words


@pytest.mark.parametrize(
    ("unit", "share"), [("％", True), ("百分比", True), ("百分点", True), ("百人", False), ("‰", False)]
)
def test_units_that_say_per_cent(unit: str, share: bool):
    assert is_per_cent(unit) is share


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("（百万元）", "百万元"),
        ("单位：千元", "千元"),
        ("资金(万)", "万"),
        ("培训10万人", ""),
        ("亿元", "亿元"),
        ("百元", "百元"),
    ],
)
def test_a_label_names_a_money_unit(label: str, unit: str):
    assert find_money_unit(label) == unit


@pytest.mark.parametrize(
    ("text", "value", "doubtful"),
    [
        ("￥1,200.50", 1200.5, False),
        ("5,200,000.00?", 5_200_000.0, True),
        ("壹拾万元", 10.0, False),
        ("1.2亿", 12_000.0, False),
        ("≥5", None, False),
        ("5人", None, False),
    ],
)
def test_an_amount_typed_as_a_text(text: str, value: float | None, doubtful: bool):
    found = parse_amount(text, "万元")
    assert (found.value if found else None, bool(found and found.doubt)) == (value, doubtful)


@pytest.mark.parametrize(
    ("text", "rate"), [("1", 1.0), ("1.0259", 1.0259), ("1.6", 0.016), ("98", 0.98), ("98%", 0.98), ("5人", None)]
)
def test_a_rate_without_a_sign_is_a_fraction_up_to_one_and_a_half(text: str, rate: float | None):
    assert read_rate(cell(text)) == rate


@pytest.mark.parametrize(
    ("text", "points"), [("8.62分", 8.62), ("10", 10.0), ("10%", 10.0), ("≥10", None), ("10次", None)]
)
def test_points_of_a_cell(text: str, points: float | None):
    assert read_points(cell(text)) == points


# -- labels, titles, notes


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("项目实施单位及代码", Label("head", "unit")),
        ("县级业务主管部门", Label("head", "department")),
        ("预算执行情况", Label("sections", "funding")),
        ("完成各项重点工作并按要求提交自评结果说明", None),
        ("", None),
    ],
)
def test_what_a_text_is_the_label_of(text: str, label: Label | None):
    assert find_label(text, WORDS) == label


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2020年省级自然资源卫片执法补助经费支出绩效自评表", True),
        ("自评表", False),
        ("按要求开展绩效自评。", False),
        ("自评总分：95", False),
        ("部门预算表", False),
    ],
)
def test_a_title_names_a_form(text: str, title: bool):
    assert is_title(cell(text), WORDS) is title


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("附件2：", True),
        ("附表", True),
        ("（续表）", True),
        ("续", False),
        ("公开09表", True),
        ("（2023年度）", True),
        ("注：1.定性指标按等级计分", True),
        ("（2）满意度取调查结果", True),
        ("二．填表说明", True),
        ("1.5公里", False),
        ("产出指标", False),
    ],
)
def test_a_note_is_none_of_the_table(text: str, note: bool):
    assert is_note(cell(text), WORDS) is note


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ("1 2 3", True),
        ("（1） （2） （3）", True),
        ("行次 1 2 3 4", True),
        ("栏次 2 3 4", True),
        ("A B C D", True),
        ("A B C", False),
        ("1 2", False),
        ("3 4 5", False),
        ("1 2 4", False),
        ("100 101 102", False),
    ],
)
def test_a_row_that_counts_columns(row: str, counts: bool):
    assert is_counting_row([cell(text, col) for col, text in enumerate(row.split())], WORDS) is counts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("产出-数量", ("产出", "数量")),
        ("产出指标——数量指标", ("产出指标", "数量指标")),
        ("效益：社会效益", ("效益", "社会效益")),
        ("产出指标数量指标", ("产出指标", "数量指标")),
        ("产出质量", None),
        ("产出/效益", None),
        ("产出-产出", ("产出", "产出")),
    ],
)
def test_two_levels_in_one_cell(text: str, parts: tuple[str, str] | None):
    assert split_level1(text, WORDS) == parts


def test_names_of_levels():
    assert [is_dimension(text, WORDS) for text in ("一、产出指标（50分）", "产出", "数量指标")] == [True, True, False]
    assert [is_numbered_level(text) for text in ("（一）数量指标", "1.数量指标", "一、培训")] == [True, False, False]


# -- labels of money


@pytest.mark.parametrize(
    ("label", "measure"),
    [
        ("预算执行率（B/A×100%）", "rate"),
        ("到位率(D÷C)", "arrival_rate"),
        ("完成比例（全年执行数/全年预算数）", "rate"),
        ("金额（元/亩）", "rate"),
        ("全年执行数（B）", "executed"),
        ("本项目资金由县财政全额安排并于年内全部拨付到用款单位", None),
    ],
)
def test_a_quotient_in_brackets_makes_a_rate(label: str, measure: str | None):
    assert find_measure(label, WORDS) == measure


@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("省市补助", "none"),
        ("市县资金", "none"),
        ("中央省补助", "none"),
        ("省级资金", "provincial"),
        ("自治区补助", "provincial"),
    ],
)
def test_money_of_several_levels_has_no_single_place(label: str, source: str):
    assert find_source(label, WORDS) == source


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("预算数：1,000元；执行数：900元", [("预算数", "1,000元"), ("执行数", "900元")]),
        ("预算数：1.2亿元，执行数：1亿元", [("预算数", "1.2亿元"), ("执行数", "1亿元")]),
        ("预算数：100万  执行率：95％", [("预算数", "100万"), ("执行率", "95％")]),
        ("其中：基本支出：1768.16万元", [("基本支出", "1768.16万元")]),
        ("资金情况：年初预算数：50万元", [("年初预算数", "50万元")]),
        ("项目支出：", [("项目支出", None)]),
        ("预算数：100万元，按季拨付", []),
        ("预算数100万元", []),
    ],
)
def test_amounts_stated_in_a_cell(text: str, statements: list[tuple[str, str | None]]):
    assert [(match["label"], match["amount"]) for match in split_statements(cell(text))] == statements


@pytest.mark.parametrize(
    ("text", "heading"), [("按支出性质分：", "按支出性质分"), ("按收入分", "按收入分"), ("按季分配", ""), ("按分", "")]
)
def test_a_heading_over_statements(text: str, heading: str):
    assert heading_of_statements(cell(text)) == heading


# -- tables

FORM = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
{head}
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
{rows}
"""
HEAD = "项目名称|村道养护|<|<|实施单位|公路站|<"
ROW = "产出指标|数量指标|养护里程|≥100公里|102公里|50|50"


def only(drawing: str) -> HandmadeForm:
    [form] = read(drawing).forms
    return form


def test_labels_in_lines_of_one_cell():
    form = only(FORM.format(head="项目名称：村道养护\\n实施单位：公路站|<|<|<|联系人：张三 电话：123|<|<", rows=ROW))
    assert [form.head[name].value for name in ("project", "unit", "contact", "phone")] == [
        "村道养护",
        "公路站",
        "张三",
        "123",
    ]


def test_a_unit_of_money_written_short():
    form = only(
        FORM.format(head=HEAD + "\n单位|万|||||\n资金|<|年初预算数|全年执行数|||\n年度资金总额|<|50|40|||", rows=ROW)
    )
    assert form.amount_unit == "万元"
    assert form.total_line is not None
    assert form.total_line.amounts[Measure.EXECUTED].value == 40


def test_an_ordinal_before_a_name_is_none():
    rows = "产出指标|1|养护里程|≥100公里|102公里|50|50\n^|2|养护桥梁|≥2座|2座|40|40"
    form = only(FORM.format(head=HEAD, rows=rows).replace("二级指标|三级指标", "三级指标|<"))
    assert [entry.name.value for entry in form.entries] == ["养护里程", "养护桥梁"]


def test_points_below_the_name_of_a_level_are_no_level():
    rows = "产出|数量指标|养护里程|≥100公里|102公里|30|30\n（50.5分）|质量指标|合格率|≥95%|96%|20.5|20"
    form = only(FORM.format(head=HEAD, rows=rows))
    assert [entry.dimension for entry in form.entries] == ["产出", "产出"]


def test_a_sentence_across_the_table_is_no_level():
    note = "本年度各项产出和效益情况详见附后材料及有关指标"
    form = only(FORM.format(head=HEAD, rows=f"{ROW}\n{note}|<|<|<|<|<|<\n|质量指标|合格率|≥95%|96%|40|40"))
    assert [entry.dimension for entry in form.entries] == ["产出指标", "产出指标"]
    assert [r.printed for r in form.remarks if r.concern is Concern.UNKNOWN] == [note]


def test_a_row_across_the_table_is_a_level_only_if_it_is_short():
    rows = f"服务对象满意度指标（10分）|<|<|<|<|<|<\n{ROW}"
    drawing = FORM.format(head=HEAD, rows=rows).replace("一级指标|二级指标|三级指标", "二级指标|三级指标|指标解释")
    assert [entry.dimension for entry in only(drawing).entries] == ["服务对象满意度指标"]
    long = drawing.replace("服务对象满意度指标", "县乡两级服务对象和社会公众满意度指标")
    assert [entry.dimension for entry in only(long).entries] == [""]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("养护里程（公里）", "公里"),
        ("合格率（％）", "%"),
        ("培训（含线上）", ""),
        ("补助（2022年）", ""),
        ("氨氮（mg/L）", "mg/L"),
    ],
)
def test_a_unit_in_brackets_behind_a_name(name: str, unit: str):
    form = only(FORM.format(head=HEAD, rows=f"产出指标|数量指标|{name}|100|102|50|50"))
    assert form.entries[0].unit == unit


@pytest.mark.parametrize("caption", ["指标{}", "绩效指标（{}）", "第{}项"])
def test_cards_with_captions_and_every_label(caption: str):
    card = "三级指标|{}||指标值|95\n指标性质|≥||度量单位|%\n完成值|96||完成率|101%\n分值|50||得分|50\n评分标准|比例||备注|{}"
    drawing = "\n".join(
        [
            "项目支出绩效自评表（2024年度）",
            "项目名称|甲",
            caption.format(1),
            card.format("合格率", "好"),
            caption.format(2),
            card.format("及时率", "快"),
        ]
    )
    form = only(drawing)
    assert [
        (e.name.value, e.sign, e.unit, e.completion and e.completion.value, e.reason and e.reason.value, e.remark)
        for e in form.entries
    ] == [
        ("合格率", "≥", "%", 1.01, "好", "比例"),
        ("及时率", "≥", "%", 1.01, "快", "比例"),
    ]
    assert [remark for remark in form.remarks if remark.concern is Concern.UNKNOWN] == []


def test_an_amount_without_a_unit_that_is_more_likely_yuan():
    head = HEAD + "\n资金|<|年初预算数|全年执行数|||\n年度资金总额|<|500000|80000|||"
    form = only(FORM.format(head=head, rows=ROW))
    assert [(r.printed, r.other) for r in form.remarks if r.concern is Concern.AMBIGUOUS] == [("500000", "500000元")]


def test_a_table_ends_where_many_rows_are_blank():
    names = []
    for rows in (6, 7):
        blank = "\n".join(["||||||"] * rows)
        form = only(FORM.format(head=HEAD, rows=f"{ROW}\n{blank}\n甲|乙|丙|||1|1"))
        names.append([entry.name.value for entry in form.entries])
    assert names == [["养护里程", "丙"], ["养护里程"]]


# -- reports

TITLE = "临江县水务局2024年度农村饮水安全项目支出绩效自评报告"


def report(*paragraphs: str) -> HandmadeForm:
    texts = enumerate(paragraphs, 1)
    form = read_report(Document(tuple(Paragraph(number, text) for number, text in texts)), WORDS)
    assert form is not None
    return form


def total(form: HandmadeForm) -> dict[str, object]:
    line = next(line for line in form.funding if line.source is FundingSource.TOTAL)
    return {measure.value: stated.value for measure, stated in line.amounts.items()}


def test_sentences_end_at_stops_and_lines():
    assert split_sentences(compact("预算 100 万元。支出９０万元！结余\n很少")) == [
        "预算100万元",
        "支出90万元",
        "结余",
        "很少",
    ]


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        ("预算资金1,234.5万元，惠及30万人。", {"annual_budget": 1234.5}),
        ("预算资金20万，支出18万。", {"annual_budget": 20, "executed": 18}),
        ("预算资金2亿，支出1.5亿元。", {"annual_budget": 20_000, "executed": 15_000}),
        ("预算资金5百万元。", {"annual_budget": 500}),
        ("年度预算80万元，补助标准5000元以内，每亩200元/亩。", {"annual_budget": 80}),
        ("三年共安排预算900万元，2024年预算300万元。", {"annual_budget": 300}),
        ("2022至2024年预算900万元，本年预算300万元。", {"annual_budget": 300}),
        ("公共服务预算30万元。", {"annual_budget": 30}),
        ("预算45万元，均已支出。", {"annual_budget": 45}),
        ("预算45万元均已支出。", {"annual_budget": 45, "executed": 45}),
    ],
)
def test_signs_around_an_amount(sentence: str, amounts: dict[str, float]):
    assert total(report(TITLE, sentence)) == amounts


def test_the_plan_names_the_year_that_documents_and_spans_do_not():
    form = report(
        "农村饮水安全项目支出绩效自评报告",
        "一、项目概况",
        "预算资金10万元。",
        "二、项目实施计划",
        "按《2021年工作要点》〔2022年〕和2021-2025年规划，2023年6月开工。",
    )
    assert form.year is not None
    assert form.year.value == 2023


@pytest.mark.parametrize("number", ["第二部分", "二、", "（二）", "2.", "（2）"])
def test_headings_are_numbered_as_in_official_documents(number: str):
    form = report(TITLE, "预算资金10万元。", f"{number}项目绩效目标", "建水厂1座。")
    assert form.texts["goal_annual"].value == "建水厂1座。"


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("（二）2023年度项目绩效目标及完成情况", True),
        ("对照项目绩效目标开展工作取得的新成效", False),
        ("存在的问题及原因", True),
    ],
)
def test_a_heading_without_a_number_must_say_little_else(heading: str, known: bool):
    assert bool(report(TITLE, "预算资金10万元。", heading, "文字。").texts) is known


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("①培训人数：目标值为≥200人，完成数：210人，得分是10分", True),
        ("（1）培训人数：目标≥200人，实际完成210人", True),
        ("培训人数：共培训210人", False),
        (
            "为进一步提高村级卫生服务能力和基层医务人员业务水平而组织的各类线上线下业务培训的人数：目标200人，实际完成210人",
            False,
        ),
    ],
)
def test_an_indicator_told_in_a_paragraph(text: str, told: bool):
    others = "新建卫生室：目标≥12个，实际完成11个，得分40分。\n受益群众：目标≥5000人，实际完成5200人，得分30分。"
    drawing = f"{TITLE}\n\n一、资金情况\n\n预算30万元，支出30万元。\n\n{text}\n{others}"
    [form] = read_document(drawing).forms
    assert ("培训人数" in [entry.name.value for entry in form.entries]) is told


@pytest.mark.parametrize(
    ("sentence", "score"),
    [
        ("产出指标得分48分。", None),
        ("全市平均得分86分，本项目自评得分90分。", 90.0),
        ("自评总分为“96.5”分。", 96.5),
        ("总分100分，自评得分95分。", 95.0),
        ("自评得分率为98%。", None),
        ("本项目得96分，综合评价为优。", 96.0),
        ("本季度得96分。", None),
    ],
)
def test_which_score_is_the_total(sentence: str, score: float | None):
    form = report(TITLE, "预算资金10万元。", sentence)
    assert (form.total.value if form.total else None) == score
