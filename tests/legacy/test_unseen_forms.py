"""Forms of words and layouts that nobody has seen: the words are none of the importer's, and what is read wrong is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
import unseen_words as words
from drawn_sheets import read
from unseen_comparison import measure
from unseen_forms import make_workbook

from workbook_tools.core.model import Measure
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.tables.column_evidence import weigh_label
from workbook_tools.legacy.tables.funding_labels import find_measure, find_source
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.legacy.words.vocabulary import default_vocabulary

_TABLES = (words.HEADERS, words.FACTS, words.MONEY)
_LISTS = (
    words.TOTAL_MONEY,
    words.FISCAL_MONEY,
    words.OTHER_MONEY,
    words.EXECUTION_NAMES,
    words.SUM_ROWS,
    words.PART_SUM_ROWS,
    words.DEDUCTION_ROWS,
    words.GOALS,
    words.RESULTS,
    words.BLOCK_OF_INDICATORS,
    words.BLOCK_OF_MONEY,
    words.LESS,
)
# The unit is called 分值, 单位 and 项目 by everybody: a far word has none of the longer entries in it.
_LONGEST_SHARED = 1


def _entries() -> Iterator[str]:
    for lists in default_vocabulary().tables.values():
        for entries in lists.values():
            yield from (label_key(entry.removeprefix("="), keep_brackets=True) for entry in entries)


def _all_words() -> Iterator[str]:
    for table in _TABLES:
        for near, far in table.values():
            yield from (*near, *far)
    for some in _LISTS:
        yield from some
    for wordings, kinds in words.LEVELS.values():
        yield from wordings
        for names in kinds.values():
            yield from names


def test_no_word_of_the_unseen_forms_is_an_entry_of_the_vocabulary() -> None:
    entries = set(_entries())
    known = [word for word in _all_words() if label_key(word, keep_brackets=True) in entries]
    assert not known


@pytest.mark.parametrize(
    ("table", "rooms"),
    [
        (words.HEADERS, ("columns", "column_ends", "column_parts")),
        (words.FACTS, ("head", "texts", "sections")),
        (words.MONEY, ("measures", "sources")),
    ],
)
def test_far_words_have_no_label_of_the_vocabulary_in_them(
    table: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], rooms: tuple[str, ...]
) -> None:
    labels = [
        label_key(entry.removeprefix("="))
        for name in rooms
        for entries in default_vocabulary().tables[name].values()
        for entry in entries
    ]
    long = {label for label in labels if len(label) > _LONGEST_SHARED}
    shared = [(word, label) for _, far in table.values() for word in far for label in long if label in word]
    assert not shared


def test_the_same_seed_gives_the_same_form() -> None:
    assert [form.rows for form in make_workbook(7).forms] == [form.rows for form in make_workbook(7).forms]


# What silent errors were found on the way: each as the smallest form that showed it.

_FORM = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|村道养护|<|<|实施单位|公路站|<
"""


HEADER_AND_ROW = (
    "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|100|100"
)


def _read(*drawings: str) -> HandmadeForm:
    (form,) = read(*drawings).forms
    return form


def _values(form: HandmadeForm, *names: str) -> list[tuple[object, ...]]:
    return [tuple(stated.value if (stated := getattr(e, n)) else None for n in names) for e in form.entries]


def _doubted(form: HandmadeForm) -> set[str]:
    return {remark.where.cell for remark in form.remarks}


def _findings(form: HandmadeForm) -> list[tuple[str, str]]:
    return [(item.code, item.cell) for item in convert_form(form, Importing()).findings]


def test_a_header_that_calls_the_name_a_goal_and_the_target_an_indicator() -> None:
    form = _read(
        _FORM + "一级指标|二级指标|绩效目标|绩效指标|完成值|分值|得分\n"
        "产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n^|质量指标|路面平整率|≥95%|96%|50|50"
    )
    assert _values(form, "name", "target") == [("养护里程", 100), ("路面平整率", 95)]


def test_the_third_level_is_named_in_its_own_column() -> None:
    header = "一级指标|二级指标|三级指标名称|年度指标值|实际完成值|分值|得分"
    form = _read(f"{_FORM}{header}\n产出指标|数量指标|养护里程|≥100公里|102公里|50|50")
    assert _values(form, "name") == [("养护里程",)]


def test_columns_of_unknown_labels_are_read_by_their_contents_and_told() -> None:
    form = _read(
        _FORM + "门类|细类|看什么|年头定的|年终落地|份量|拿到\n产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n"
        "^|质量指标|路面平整率|≥95%|93%|30|28\n效益指标|社会效益|投诉办结率|≥90%|96%|20|20"
    )
    assert _values(form, "name", "target", "actual", "weight", "score")[1] == ("路面平整率", 95, 93, 30, 28)
    assert {"D3", "E3", "F3", "G3"} <= _doubted(form)


def test_a_planned_number_to_be_completed_is_the_target() -> None:
    # 完成数 is a word for the actual, which stands within 拟完成数量
    form = _read(
        _FORM + "一级指标|二级指标|三级指标|拟完成数量|已实现数|分值|得分\n产出指标|数量指标|养护里程|100|102|50|50\n"
        "^|质量指标|平整|平整|平整|50|50"
    )
    assert _values(form, "target", "actual") == [(100, 102), ("平整", "平整")]


def test_a_row_that_sums_the_points_above_it_is_no_indicator_whatever_it_is_called() -> None:
    form = _read(
        _FORM
        + "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n"
        "^|质量指标|路面平整率|≥95%|93%|40|38\n||统统加起来|||90|88"
    )
    assert _values(form, "name") == [("养护里程",), ("路面平整率",)]
    assert "C6" in _doubted(form)


def test_points_of_a_level_2_are_divided_among_its_rows_and_told() -> None:
    form = _read(
        _FORM
        + "一级指标|二级指标|分值|三级指标|年度指标值|实际完成值|得分\n产出指标|数量指标|60|养护里程|≥100公里|102公里|30\n"
        "^|^|^|养护桥梁|≥3座|3座|30\n^|质量指标|40|路面平整率|≥95%|96%|40"
    )
    assert _values(form, "weight") == [(30,), (30,), (40,)]
    assert "C4" in _doubted(form)


def test_the_printed_sum_of_points_is_held_against_the_rows_that_were_read() -> None:
    header = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
    rows = "产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n^|质量指标|路面平整率|≥95%|93%|30|28"
    form = _read(f"{_FORM}{header}\n{rows}\n合计|<|<|<|<|100|98")
    assert ("IMPORT20", "F6") in _findings(form)
    whole = _read(f"{_FORM}{header}\n{rows}\n合计|<|<|<|<|80|78")
    assert "IMPORT20" not in {code for code, _ in _findings(whole)}


def test_points_behind_a_level_are_held_against_its_rows() -> None:
    header = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
    form = _read(f"{_FORM}{header}\n产出指标（60分）|数量指标|养护里程|≥100公里|102公里|50|50")
    assert ("IMPORT20", "A4") in _findings(form)


def test_the_execution_rate_as_a_row_is_named_with_its_points() -> None:
    header = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
    rows = "产出指标|数量指标|养护里程|≥100公里|102公里|90|90\n|预算执行|预算资金支出率|100%|95%|10|9.5"
    form = _read(f"{_FORM}{header}\n{rows}")
    assert [entry.is_execution_rate for entry in form.entries] == [False, True]
    assert ("IMPORT21", "C5") in _findings(form)


def test_a_form_that_gives_all_points_to_its_indicators_has_none_for_the_execution_rate() -> None:
    header = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
    form = _read(f"{_FORM}{header}\n产出指标|数量指标|养护里程|≥100公里|102公里|100|100")
    assert ("IMPORT09", "F4") in _findings(form)


def test_a_list_with_a_project_a_row_and_a_group_of_columns_an_indicator() -> None:
    drawing = """
    2024年度项目支出绩效自评一览表|<|<|<|<|<|<|<|<|<|<
    项目名称|实施单位|预算数|执行数|指标一|<|<|<|指标二|<|<|<
    ^|^|^|^|指标名称|指标值|完成值|得分|指标名称|指标值|完成值|得分
    村道养护|公路站|100|98|养护里程|≥9公里|9公里|50|平整率|≥95%|96%|50
    水渠清淤|水管站|60|60|清淤长度|≥5公里|4公里|40|满意度|≥90%|92%|50
    """
    forms = read(drawing).forms
    assert [form.head["project"].value for form in forms] == ["村道养护", "水渠清淤"]
    assert [_values(form, "name", "actual") for form in forms] == [
        [("养护里程", 9), ("平整率", 96)],
        [("清淤长度", 4), ("满意度", 92)],
    ]


def test_forms_on_both_sides_of_a_blank_column() -> None:
    left = "门类|看什么|年头定的|年终落地|份量|拿到\n产出指标|养护里程|≥100公里|102公里|60|60\n效益指标|投诉办结率|≥90%|96%|40|40"
    one = ["项目名称|村道养护|<|<|<|<", *left.splitlines()]
    other = ["项目名称|水渠清淤|<|<|<|<", *left.replace("养护里程", "清淤长度").splitlines()]
    forms = read("\n".join(f"{a}||{b}" for a, b in zip(one, other, strict=True))).forms
    assert [form.head["project"].value for form in forms] == ["村道养护", "水渠清淤"]
    assert [form.entries[0].name.value for form in forms] == ["养护里程", "清淤长度"]


_UNSEEN = "门类|看什么|年头定的|年终落地|份量|拿到\n产出指标|养护里程|≥100公里|102公里|60|60\n效益指标|投诉办结率|≥90%|96%|40|40"


def test_forms_side_by_side_without_a_blank_column_and_in_rows_of_their_own() -> None:
    # the one on the right has a row less above its table, so that no row holds both headers
    left = ["项目名称|村道养护|<|<|<|<", "经办单位|公路站|<|<|<|<", *_UNSEEN.splitlines()]
    right = ["经办单位|水管站|<|项目名称|水渠清淤|<", *_UNSEEN.replace("养护里程", "清淤长度").splitlines(), "|||||"]
    forms = read("\n".join(f"{a}|{b}" for a, b in zip(left, right, strict=True))).forms
    assert [form.head["project"].value for form in forms] == ["村道养护", "水渠清淤"]
    assert [[entry.name.value for entry in form.entries] for form in forms] == [
        ["养护里程", "投诉办结率"],
        ["清淤长度", "投诉办结率"],
    ]


def test_of_forms_below_each_other_one_has_labels_that_nobody_knows() -> None:
    known = "一级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|养护里程|≥100公里|102公里|100|100"
    second = f"年度项目办理成效评议表|<|<|<|<|<\n所报项目|水渠清淤|<|<|<|<\n{_UNSEEN}"
    forms = read(f"项目名称|村道养护|<|<|<|<\n{known}\n\n\n{second}").forms
    assert [form.head["project"].value for form in forms] == ["村道养护", "水渠清淤"]
    assert [len(form.entries) for form in forms] == [1, 2]


def test_a_project_called_after_a_monitoring_station_is_no_monitoring_sheet() -> None:
    form = _read(
        _FORM.replace("项目支出绩效自评表（2024年度）", "项目资金使用效果表").replace("村道养护", "水质监测点维修")
        + HEADER_AND_ROW
    )
    assert form.head["project"].value == "水质监测点维修"


def test_a_monitoring_sheet_is_no_self_evaluation_and_is_named() -> None:
    own = (
        _FORM
        + "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|数量指标|养护里程|≥100公里|102公里|100|100"
    )
    other = own.replace("绩效自评表", "绩效运行监控表").replace("102公里", "50公里")
    form = _read(own, other)
    assert _values(form, "actual") == [(102,)]
    assert [r.where.sheet for r in form.remarks if r.field == "其他工作表"] == ["表2"]
    assert not read(other).forms


def test_the_amount_of_some_months_is_not_the_years() -> None:
    assert find_measure("1-7月执行数", default_vocabulary()) == "other_money"
    assert find_measure("1-12月执行数", default_vocabulary()) == "executed"


def test_quantitative_says_no_direction_and_a_printed_hint_is_no_text() -> None:
    form = _read(
        _FORM
        + "年度目标|（请填写全年工作任务，200字以内）|<|<|<|<|<\n一级指标|三级指标|指标性质|年度指标值|实际完成值|分值|得分\n"
        "产出指标|养护里程|定量|≥100公里|102公里|50|50\n^|路面平整|定性|平整|平整|50|50"
    )
    assert form.texts == {}
    assert [entry.sign for entry in form.entries] == ["≥", "定性"]
    assert not [remark for remark in form.remarks if remark.field == "指标性质"]


def test_money_that_is_not_fiscal_is_no_fiscal_money() -> None:
    assert find_source("非财政性资金", default_vocabulary()) == "other"


def _money(form: HandmadeForm) -> list[tuple[object, ...]]:
    kinds = ("initial_budget", "annual_budget", "executed")
    return [
        tuple(stated.value if (stated := line.amounts.get(kind)) else None for kind in map(Measure, kinds))
        for line in form.funding
    ]


def test_money_below_labels_that_nobody_knows_is_known_by_its_rate_and_told() -> None:
    money = "钱从哪来|起初安排|盘子（元）|用出去的|花了几成|轻重|拿到\n全部资金|2000000|2000000|1500000|75%|10|7.5\n其余来源资金|500000|500000|500000|100%|—|—"
    form = _read(f"{_FORM}{money}\n{HEADER_AND_ROW}")
    assert _money(form) == [(200, 200, 150), (50, 50, 50)]
    assert (form.execution_rate.value, form.execution_weight.value, form.execution_score.value) == (0.75, 10, 7.5)
    assert {"B3", "C3", "D3", "E3", "F3", "G3"} <= _doubted(form)


def test_money_in_pairs_of_labels_that_nobody_knows() -> None:
    form = _read(f"{_FORM}单位：元|<|<|<|<|<|<\n盘子|2000000|用出去的|1500000|花了几成|75%|\n{HEADER_AND_ROW}")
    assert _money(form) == [(None, 200, 150)]
    assert {"A4", "C4", "E4"} <= _doubted(form)


def test_figures_of_indicators_are_no_money_whatever_they_come_to() -> None:
    header = "门类|看什么|年头定的|年终落地|兑现程度|份量|拿到"
    form = _read(
        f"{_FORM}单位：元|<|<|<|<|<|<\n{header}\n产出指标|财政资金拨付|200|150|75%|60|45\n^|养护里程|≥9公里|9公里|100%|20|20\n效益指标|投诉办结率|≥90%|96%|100%|20|20"
    )
    assert _values(form, "target", "actual", "weight", "score") == [
        (200, 150, 60, 45),
        (9, 9, 20, 20),
        (90, 96, 20, 20),
    ]
    assert not form.funding


def test_a_missed_target_of_what_should_be_little_tells_target_from_actual() -> None:
    # in both rows the larger figure lost points: the costs were exceeded, it is no target that was missed
    form = _read(
        f"{_FORM}门类|看什么|截至年末|年头定的|份量|拿到|\n产出指标|改造单价|45.5万元|40万元|60|55|\n效益指标|投诉次数|3次|2次|40|35|"
    )
    assert _values(form, "target", "actual") == [(40, 45.5), (2, 3)]


def test_a_label_that_begins_with_a_plan_is_a_target_though_it_ends_as_an_actual() -> None:
    assert "target" in weigh_label("拟完成数量", default_vocabulary())
    assert "actual" in weigh_label("计划完成情况", default_vocabulary())


def test_what_is_deducted_is_less_than_what_is_kept() -> None:
    form = _read(
        f"{_FORM}门类|看什么|年头定的|年终落地|份量|减去|拿到\n产出指标|养护里程|≥100公里|102公里|60|0|60\n效益指标|投诉办结率|≥90%|86%|40|2|38"
    )
    assert _values(form, "weight", "score") == [(60, 60), (40, 38)]


def test_a_remark_between_the_indicators_does_not_end_their_table() -> None:
    header = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
    rows = "产出指标|数量指标|养护里程|≥100公里|102公里|50|50\n注：数据取自年报|<|<|<|<|<|<\n^|质量指标|路面平整率|≥95%|96%|50|50"
    form = _read(f"{_FORM}{header}\n{rows.replace('^', '')}")
    assert _values(form, "name") == [("养护里程",), ("路面平整率",)]


def test_a_heading_of_the_table_may_be_the_label_of_a_text_or_a_sum_elsewhere() -> None:
    # 分项 sums a part, and 未完成原因分析 is a paragraph, where they are no labels of columns
    form = _read(
        f"{_FORM}类别|分项|考核点|年头定的|年终落地|份量|未完成原因分析\n产出指标|数量指标|养护里程|≥100公里|102公里|60|\n"
        "效益指标|社会效益|投诉办结率|≥90%|86%|40|人手不足，下年补上。"
    )
    assert _values(form, "name", "target", "actual", "weight") == [
        ("养护里程", 100, 102, 60),
        ("投诉办结率", 90, 86, 40),
    ]


def test_a_list_of_purchases_beside_a_form_is_no_table_of_indicators() -> None:
    bought = "序号|名称|数量|单价|金额\n1|桌椅|5|100|500\n2|电脑|6|100|600\n3|打印机|5|100|500"
    form = _read(f"{_FORM}{HEADER_AND_ROW}", bought)
    assert _values(form, "name") == [("养护里程",)]
    assert not read(bought).forms


def test_a_label_says_the_same_with_its_english_beside_it() -> None:
    form = _read(_FORM + HEADER_AND_ROW.replace("得分", "Score 得分").replace("年度指标值", "Target 年度指标值"))
    assert _values(form, "target", "score") == [(100, 100)]


def test_cells_of_two_figures_are_read_where_no_column_is_of_results_alone() -> None:
    form = _read(
        f"{_FORM}一级指标|具体指标|分值（得分）|目标值/完成值|||\n产出指标|养护里程|60/58|≥9公里/8公里|||\n^|平整率|40/40|≥95%/96%|||"
    )
    assert _values(form, "weight", "score", "target", "actual") == [(60, 58, 9, 8), (40, 40, 95, 96)]


@pytest.mark.parametrize(("typed", "number"), [("≥十", 10), ("≤三天", 3), ("二十", 20), ("十五", 15)])
def test_a_chinese_numeral_alone_or_of_days_is_a_number(typed: str, number: int) -> None:
    form = _read(_FORM + HEADER_AND_ROW.replace("≥100公里", typed))
    assert _values(form, "target") == [(number,)]


def test_names_stand_right_of_their_levels_and_left_of_levels_that_say_what_they_are() -> None:
    plain = "门类|小类|看什么|年头定的|年终落地|份量|拿到\n产出组|办理时间|养护里程|≥100公里|102公里|60|60\n成效组|群众方面|投诉办结率|≥90%|86%|40|38"
    assert _values(_read(_FORM + plain), "name") == [("养护里程",), ("投诉办结率",)]
    first = "看什么|门类|小类|年头定的|年终落地|份量|拿到\n养护里程|产出指标|数量指标|≥100公里|102公里|60|60\n投诉办结率|效益指标|社会效益指标|≥90%|86%|40|38"
    form = _read(_FORM + first)
    assert [(e.dimension, e.category, e.name.value) for e in form.entries] == [
        ("产出指标", "数量指标", "养护里程"),
        ("效益指标", "社会效益指标", "投诉办结率"),
    ]


def test_unseen_forms_are_read_right_or_told() -> None:
    figures = measure(range(5001, 5061))
    assert figures.right_share > 0.985
    assert figures.told_share > 0.95
    assert figures.doubts_per_right_form < 3.5


@pytest.mark.long
@pytest.mark.slow
def test_hundreds_of_unseen_forms_are_read_right_or_told() -> None:
    """Two projects below each other wholly in unknown words (seed 7182) are read as one form: that the sums do not come out is
    told (IMPORT12, IMPORT20), but not at each of its 67 fields. All others of the wrong fields but one are told at their cells.
    """
    figures = measure(range(7001, 7301))
    assert figures.right_share > 0.98
    silent = Counter(item.seed for item in figures.wrong if not item.told)
    assert silent.pop(7182, 0) <= 67
    assert silent.total() <= 0.0002 * figures.fields
