"""More forms of today than tests/golden/legacy: published figures in other layouts, and what clerks draw themselves.

Every expected value was written from the source before the form was read; ``source`` says where it is from.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import locations
import pytest
from drawn_forms import drawn
from published_forms import comparisons, read

from workbook_tools.core.model import Measure
from workbook_tools.core.units import unit_ratio
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import LegacyReading, read_forms
from workbook_tools.legacy.words.numerals import read_numeral, write_in_digits
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm
from workbook_tools.legacy.words.vocabulary import default_vocabulary

GOLDEN = locations.GOLDEN / "legacy_more"
FILES = sorted(path for path in GOLDEN.iterdir() if path.is_file())

LIST = """
沙坪镇2024年项目支出绩效自评汇总表|<|<|<|<|<|<|<|<|<|<
金额单位：元|<|<|<|<|<|<|<|<|<|<
序号|项目名称|实施单位|预算数|执行数|一级指标|三级指标|目标值|完成值|分值|自评得分
1|道路硬化|村建所|'500,000|'480,000|产出|硬化里程|≥3公里|3.2公里|60|60
|||||效益|村民满意度|≥90%|95%|40|38
2|饮水工程|水管站|'1,200,000|'1,200,000|产出|铺设管网|≥10公里|9公里|60|54
|||||效益|水质达标率|100%|100%|40|40
合计|<|<|'1,700,000|'1,680,000||||||
"""
CARDS = """
2023年项目绩效自评
项目名称|村医补助
主管部门|卫健局
实施单位|乡镇卫生院
年初预算（万元）|60
全年执行（万元）|57.5
指标名称|补助村医人数
指标值|≥120人
完成值|118人
分值|50
得分|49.2分
未完成原因|两人辞职
指标名称|补助发放及时率
指标值|100%
完成值|100%
分值|50分
得分|50分
合计得分|99.2
"""
FORM = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|村道养护|<|<|实施单位|公路站|<
{header}
{row}
"""
HEADER = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"


def reading(folder: Path, text: str) -> LegacyReading:
    path = folder / "甲.xlsx"
    path.write_bytes(drawn(text))
    return read_forms(SourceFile(path, path.name))


def entry(folder: Path, row: str, header: str = HEADER) -> tuple[HandmadeForm, FormIndicator]:
    """The only indicator of a form with this row, and its form."""
    (form,) = reading(folder, FORM.format(header=header, row=row)).forms
    (found,) = form.entries
    return form, found


def value(found: object) -> object:
    return getattr(found, "value", None)


def unknown(form: HandmadeForm) -> list[str]:
    return [remark.printed for remark in form.remarks if remark.concern is Concern.UNKNOWN]


def ambiguous(form: HandmadeForm) -> list[tuple[str, str, str]]:
    return [(r.printed, r.taken, r.other) for r in form.remarks if r.concern is Concern.AMBIGUOUS]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_form_is_read_exactly(path: Path):
    facts = json.loads((GOLDEN / "expected" / f"{path.stem}.json").read_text("utf-8"))
    facts = facts if isinstance(facts, list) else [facts]
    forms = read(path).forms
    assert len(forms) == len(facts)
    for form, expected in zip(forms, facts, strict=True):
        assert [c for c in comparisons(form, expected) if c[1] != c[2]] == []
        assert unknown(form) == []


def test_fifteen_forms_are_kept_with_their_sources():
    sources = [
        facts["source"]
        for path in FILES
        for loaded in [json.loads((GOLDEN / "expected" / f"{path.stem}.json").read_text("utf-8"))]
        for facts in (loaded if isinstance(loaded, list) else [loaded])
    ]
    assert len(FILES) == 15
    assert all(source.startswith(("http", "ours")) for source in sources)


# -- lists of several projects


def test_a_list_gives_a_form_of_each_project_with_its_own_money_and_indicators(tmp_path):
    forms = reading(tmp_path, LIST).forms
    assert [
        (
            value(form.head["project"]),
            value(form.head["unit"]),
            [value(form.total_line.amounts[m]) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED)],
            [(e.dimension, e.name.printed, value(e.score)) for e in form.entries],
        )
        for form in forms
        if form.total_line is not None
    ] == [
        ("道路硬化", "村建所", [50, 48], [("产出", "硬化里程", 60), ("效益", "村民满意度", 38)]),
        ("饮水工程", "水管站", [120, 120], [("产出", "铺设管网", 54), ("效益", "水质达标率", 40)]),
    ]


def test_a_value_of_a_list_keeps_its_place(tmp_path):
    first, second = reading(tmp_path, LIST).forms
    assert first.head["project"].where.cell == "B4"
    assert [e.score.where.cell for e in second.entries if e.score] == ["K6", "K7"]


def test_a_second_unit_of_one_project_is_listed(tmp_path):
    text = """
    2024年项目绩效自评一览表|<|<|<|<
    项目名称|实施单位|三级指标|完成值|得分
    动物防疫|畜牧站|免疫头数|5200头|60
    ^|疫控中心|免疫合格率|85%|40
    """
    (form,) = reading(tmp_path, text).forms
    assert (value(form.head["unit"]), len(form.entries), unknown(form)) == ("畜牧站", 2, ["疫控中心"])


def test_the_sum_of_a_list_belongs_to_no_project_and_is_listed(tmp_path):
    first, second = reading(tmp_path, LIST).forms
    assert (value(first.total), value(second.total)) == (None, None)
    assert unknown(first) == []
    assert unknown(second) == ["合计", "1,700,000", "1,680,000"]


@pytest.mark.parametrize("seed", range(12))
def test_the_columns_of_a_list_may_stand_in_any_order(tmp_path, seed):
    original = [
        "项目名称",
        "实施单位",
        "全年预算数",
        "全年执行数",
        "三级指标",
        "指标值",
        "完成值",
        "分值",
        "得分",
        "偏差原因",
    ]
    labels = random.Random(seed).sample(original, len(original))
    rows = [
        ["造林1", "林场", "100", "90", "造林面积", "≥50亩", "48亩", "60", "57", "干旱"],
        ["^", "^", "^", "^", "成活率", "≥85%", "90%", "40", "40", ""],
        ["造林2", "苗圃", "20", "20", "育苗数", "≥3万株", "3万株", "100", "100", ""],
    ]
    text = "\n".join(
        ["2024年项目绩效自评一览表" + "|<" * (len(labels) - 1), "|".join(labels)]
        + ["|".join(row[original.index(label)] for label in labels) for row in rows]
    )
    forms = reading(tmp_path, text).forms
    assert [
        (
            value(form.head["project"]),
            value(form.head["unit"]),
            value(form.total_line.amounts[Measure.ANNUAL_BUDGET]) if form.total_line else None,
            [
                (e.name.printed, value(e.target), e.unit, value(e.actual), value(e.score), value(e.reason))
                for e in form.entries
            ],
            unknown(form),
        )
        for form in forms
    ] == [
        (
            "造林1",
            "林场",
            100.0,
            [("造林面积", 50.0, "亩", 48.0, 57.0, "干旱"), ("成活率", 85.0, "%", 90.0, 40.0, None)],
            [],
        ),
        ("造林2", "苗圃", 20.0, [("育苗数", 3.0, "万株", 3.0, 100.0, None)], []),
    ]


def test_the_sum_may_stand_above_the_projects_and_columns_may_be_counted(tmp_path):
    text = """
    2024年项目绩效自评一览表|<|<|<|<
    项目名称|三级指标|指标值|完成值|得分
    1|2|3|4|5
    合计||||190
    送戏下乡|演出场次|≥60场|62场|100
    非遗保护|普查项目数|≥10项|8项|90
    """
    forms = reading(tmp_path, text).forms
    assert [(value(f.head["project"]), len(f.entries), value(f.total)) for f in forms] == [
        ("送戏下乡", 1, None),
        ("非遗保护", 1, None),
    ]
    assert unknown(forms[-1]) == ["合计", "190"]


def test_a_project_whose_rows_are_apart_gives_one_form(tmp_path):
    text = """
    县文化馆2024年度项目绩效自评情况表|<|<|<|<
    项目名称|三级指标|指标值|完成值|得分
    送戏下乡|演出场次|≥60场|62场|60
    非遗保护|普查项目数|≥10项|8项|80
    送戏下乡|群众满意度|≥90%|92%|40
    """
    forms = reading(tmp_path, text).forms
    assert [(value(f.head["project"]), len(f.entries)) for f in forms] == [("送戏下乡", 2), ("非遗保护", 1)]


@pytest.mark.parametrize("level", ["产出指标", "产出", "项目决策"])
def test_a_column_called_project_that_holds_levels_makes_no_list(tmp_path, level):
    rows = f"{level}|数量指标|养护里程|≥100公里|102公里|20|20\n产出2|数量指标|桥梁|≥2座|2座|20|20"
    (form,) = reading(tmp_path, FORM.format(header=HEADER.replace("一级指标", "项目"), row=rows)).forms
    assert (value(form.head["project"]), [e.name.printed for e in form.entries]) == ("村道养护", ["养护里程", "桥梁"])


def test_a_list_below_two_rows_of_labels_with_the_department_merged_over_its_projects(tmp_path):
    text = """
    2024年项目绩效自评一览表|<|<|<|<|<|<|<|<|<|<
    主管部门|项目名称|预算执行情况（万元）|<|<|总体目标|绩效指标|<|<|<|<
    ^|^|全年预算数|全年执行数|执行率|^|三级指标|指标值|完成值|分值|得分
    农业局|动物防疫|30|30|100%|做好防疫|免疫头数|≥5000头|5200头|60|60
    ^|^|^|^|^|^|免疫合格率|≥80%|85%|40|40
    ^|秸秆禁烧|12|9|75%|全域禁烧|巡查次数|≥100次|90次|100|90
    """
    forms = reading(tmp_path, text).forms
    assert [
        (
            value(form.head["project"]),
            value(form.head["department"]),
            value(form.execution_rate),
            value(form.texts["goal_annual"]),
            [e.name.printed for e in form.entries],
        )
        for form in forms
    ] == [
        ("动物防疫", "农业局", 1.0, "做好防疫", ["免疫头数", "免疫合格率"]),
        ("秸秆禁烧", "农业局", 0.75, "全域禁烧", ["巡查次数"]),
    ]
    assert [unknown(form) for form in forms] == [[], []]


def test_a_unit_that_stands_once_holds_for_the_projects_below_it(tmp_path):
    text = """
    2024年项目绩效自评一览表|<|<|<|<|<
    单位|项目名称|三级指标|指标值|完成值|得分
    农业局|动物防疫|免疫头数|≥5000头|5200头|60
    |秸秆禁烧|巡查次数|≥100次|90次|90
    林业局|造林|造林面积|≥50亩|50亩|100
    """
    forms = reading(tmp_path, text).forms
    assert [(value(f.head["project"]), value(f.head["unit"])) for f in forms] == [
        ("动物防疫", "农业局"),
        ("秸秆禁烧", "农业局"),
        ("造林", "林业局"),
    ]
    assert [f.entries[0].unit for f in forms] == ["头", "次", "亩"]


@pytest.mark.parametrize("first", ["项目名称：动物防疫项目", "一、动物防疫项目", "（一）动物防疫项目"])
def test_projects_in_rows_of_their_own(tmp_path, first):
    text = f"""
    农业局2024年项目绩效自评一览表|<|<|<|<
    三级指标|指标值|完成值|分值|得分
    {first}|<|<|<|<
    免疫头数|≥5000头|5200头|60|60
    免疫合格率|≥80%|85%|40|40
    {first.replace("一、", "二、").replace("（一）", "（二）").replace("动物防疫", "秸秆禁烧")}|<|<|<|<
    巡查次数|≥100次|90次|100|90
    """
    forms = reading(tmp_path, text).forms
    assert [(value(f.head["project"]), len(f.entries)) for f in forms] == [("动物防疫项目", 2), ("秸秆禁烧项目", 1)]


def test_rows_of_level_names_are_no_projects(tmp_path):
    text = """
    项目支出绩效自评表（2024年度）|<|<|<|<
    项目名称|动物防疫|<|<|<
    三级指标|指标值|完成值|分值|得分
    一、产出指标（60分）|<|<|<|<
    免疫头数|≥5000头|5200头|60|60
    二、效益指标（40分）|<|<|<|<
    发病率|≤1%|0.5%|40|40
    """
    (form,) = reading(tmp_path, text).forms
    assert [(e.dimension, e.name.printed) for e in form.entries] == [("产出指标", "免疫头数"), ("效益指标", "发病率")]


def test_a_total_row_of_each_project_is_its_own(tmp_path):
    text = """
    县级专项资金绩效自评表（2024年度）|<|<|<|<|<
    专项资金名称|三级指标|年度指标值|全年完成值|分值|得分
    动物防疫|免疫头数|≥5000头|5200头|100|100
    ^|总分|<|<|100|100
    秸秆禁烧|巡查次数|≥100次|90次|100|90
    ^|总分|<|<|100|90
    """
    assert [(value(f.total), len(f.entries)) for f in reading(tmp_path, text).forms] == [(100.0, 1), (90.0, 1)]


# -- cards


def test_cards_are_read_one_below_the_other(tmp_path):
    (form,) = reading(tmp_path, CARDS).forms
    assert [
        (e.name.printed, value(e.target), e.unit, value(e.actual), value(e.weight), value(e.score), value(e.reason))
        for e in form.entries
    ] == [
        ("补助村医人数", 120.0, "人", 118.0, 50.0, 49.2, "两人辞职"),
        ("补助发放及时率", 100.0, "%", 100.0, 50.0, 50.0, None),
    ]
    assert (value(form.total), unknown(form)) == (99.2, [])
    assert form.entries[1].score is not None
    assert form.entries[1].score.where.cell == "B17"


def test_one_card_alone_is_no_table(tmp_path):
    text = "\n".join(line for line in CARDS.splitlines()[:13])
    assert reading(tmp_path, text).forms == []


def test_indicators_in_columns_are_read_like_rows(tmp_path):
    text = """
    项目支出绩效自评表（2024年度）|<|<|<|<
    项目名称|河道清淤|<|主管部门|水利局
    一级指标|产出指标|<|效益指标|满意度指标
    二级指标|数量指标|质量指标|生态效益指标|服务对象满意度指标
    三级指标|清淤长度|验收合格率|水质改善|群众满意度
    年度指标值|≥5公里|100%|改善|≥90%
    实际完成值|5.5公里|100%|改善|91%
    分值|30|20|30|10
    得分|30|20|28|10
    """
    (form,) = reading(tmp_path, text).forms
    assert [(e.dimension, e.category, e.name.printed, value(e.target), value(e.score)) for e in form.entries] == [
        ("产出指标", "数量指标", "清淤长度", 5.0, 30.0),
        ("产出指标", "质量指标", "验收合格率", 100.0, 20.0),
        ("效益指标", "生态效益指标", "水质改善", "改善", 28.0),
        ("满意度指标", "服务对象满意度指标", "群众满意度", 90.0, 10.0),
    ]
    assert (value(form.head["project"]), unknown(form)) == ("河道清淤", [])


# -- headers, money, names


def test_groups_within_groups_of_a_header(tmp_path):
    text = """
    项目支出绩效自评表（2023年度）|<|<|<|<|<|<|<|<
    项目名称|村道养护|<|<|<|<|实施单位|公路站|<
    绩效指标|<|<|指标完成情况|<|<|<|评分|<
    一级指标|二级指标|三级指标|年度指标|<|<|全年完成|满分|自评
    ^|^|^|符号|值|单位|^|^|^
    产出指标|数量指标|养护里程|≥|60|公里|58|40|38.7
    """
    (form,) = reading(tmp_path, text).forms
    (found,) = form.entries
    assert (found.dimension, found.category, found.name.printed) == ("产出指标", "数量指标", "养护里程")
    assert (found.sign, value(found.target), found.unit, value(found.actual)) == ("≥", 60.0, "公里", 58.0)
    assert (value(found.weight), value(found.score), unknown(form)) == (40.0, 38.7, [])


def test_a_project_that_is_called_like_a_form_keeps_its_name(tmp_path):
    text = FORM.format(header=HEADER, row="产出指标|数量指标|养护里程|≥1公里|1公里|20|20")
    (form,) = reading(tmp_path, text.replace("村道养护", "村道养护支出绩效自评表")).forms
    assert value(form.head["project"]) == "村道养护支出绩效自评表"


@pytest.mark.parametrize(
    ("labels", "measure"),
    [
        (("下达金额", "实际支出金额"), Measure.ANNUAL_BUDGET),
        (("预算下达", "实际支付"), Measure.ANNUAL_BUDGET),
        (("到位", "实际支出"), Measure.RECEIVED),
    ],
)
def test_words_of_money(tmp_path, labels, measure):
    row = f"资金（万元）|<|{labels[0]}|<|{labels[1]}|支出率|<\n合计|<|100|<|95|95%|<\n"
    text = FORM.format(header=row + HEADER, row="产出指标|数量指标|养护里程|≥1公里|1公里|20|20")
    (form,) = reading(tmp_path, text).forms
    assert form.total_line is not None
    assert {m: value(a) for m, a in form.total_line.amounts.items()} == {measure: 100.0, Measure.EXECUTED: 95.0}
    assert (value(form.execution_rate), unknown(form)) == (0.95, [])


def test_an_amount_alone_beside_its_label(tmp_path):
    text = FORM.format(
        header="全年预算数（万元）|30|<||||\n" + HEADER, row="产出指标|数量指标|养护里程|≥1公里|1公里|20|20"
    )
    (form,) = reading(tmp_path, text).forms
    assert form.total_line is not None
    assert {m: value(a) for m, a in form.total_line.amounts.items()} == {Measure.ANNUAL_BUDGET: 30.0}
    assert unknown(form) == []


def test_projects_that_differ_in_a_number_stay_apart(tmp_path):
    text = """
    2024年项目绩效自评一览表|<|<|<|<
    项目名称|预算数（万元）|三级指标|指标值|得分
    道路工程1|10|里程|≥2公里|100
    道路工程2|20|里程|≥3公里|90
    质量提升工程|5|抽检批次|≥30批次|100
    """
    forms = reading(tmp_path, text).forms
    assert [
        (value(f.head["project"]), value(f.total_line.amounts[Measure.ANNUAL_BUDGET])) for f in forms if f.total_line
    ] == [
        ("道路工程1", 10.0),
        ("道路工程2", 20.0),
        ("质量提升工程", 5.0),
    ]


def test_budgets_below_the_names_of_sources_are_a_doubt(tmp_path):
    row = "资金来源|中央|省级|县级|合计|执行数|执行率\n^|60|30|10|100|95|95%\n"
    text = FORM.format(header=row + HEADER, row="产出指标|数量指标|养护里程|≥1公里|1公里|20|20")
    (form,) = reading(tmp_path, text).forms
    assert form.total_line is not None
    assert {m: value(a) for m, a in form.total_line.amounts.items()} == {
        Measure.ANNUAL_BUDGET: 100.0,
        Measure.EXECUTED: 95.0,
    }
    assert ("100", Measure.ANNUAL_BUDGET.label, Measure.RECEIVED.label) in ambiguous(form)


@pytest.mark.parametrize(
    ("label", "kind"), [("预算部门", "department"), ("预算主管部门", "department"), ("资金使用单位", "unit")]
)
def test_words_of_the_head(tmp_path, label, kind):
    text = FORM.format(header=HEADER, row="产出指标|数量指标|养护里程|≥1公里|1公里|20|20")
    (form,) = reading(tmp_path, text.replace("实施单位", label)).forms
    assert value(form.head[kind]) == "公路站"


# -- figures


@pytest.mark.parametrize(
    ("target", "number", "unit"),
    [("三万人次", 3.0, "万人次"), ("不少于二十处", 20.0, "处"), ("九成以上", 90.0, "%"), ("百分之九十五", 95.0, "%")],
)
def test_a_target_in_numerals_is_a_number_and_a_doubt(tmp_path, target, number, unit):
    form, found = entry(tmp_path, f"产出指标|数量指标|任务|{target}|完成|20|20")
    assert (value(found.target), found.unit) == (number, unit)
    assert (target, f"按数字 {number:g}{unit}", "按文字（定性指标）") in ambiguous(form)


@pytest.mark.parametrize(
    "target", ["一般", "一致", "百姓满意", "十分满意", "一次性完成", "万无一失", "每月一次", "两年"]
)
def test_words_with_numerals_in_them_stay_words(tmp_path, target):
    _, found = entry(tmp_path, f"产出指标|数量指标|任务|{target}|完成|20|20")
    assert value(found.target) == target


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("1.5万人", "15 000人", 1.5),
        ("≥2公里", "2500米", 2.5),
        ("≤3万元", "29000元", 2.9),
        ("≥30公顷", "600亩", 40.0),
        ("≥3000人", "0.31万人次", 3100.0),
    ],
)
def test_an_actual_in_another_unit_is_converted_and_told(tmp_path, target, actual, expected):
    form, found = entry(tmp_path, f"产出指标|数量指标|任务|{target}|{actual}|20|20")
    assert value(found.actual) == expected
    assert (actual, f"换算为 {expected:g}{found.unit}", actual) in ambiguous(form)


def test_a_month_is_not_read_as_a_day(tmp_path):
    """3个月 was read as 3天: within 30 days, with full marks and without a word."""
    _, found = entry(tmp_path, "产出指标|时效指标|完成时限|≤30天|3个月|20|20")
    assert value(found.actual) == "3个月"


def test_a_typed_share_beside_a_percentage(tmp_path):
    form, found = entry(tmp_path, "产出指标|质量指标|水质达标率|'95|'0.96|20|20")
    assert (value(found.target), value(found.actual)) == (95.0, 96.0)
    assert ("0.96", "96%", "0.96") in ambiguous(form)


def test_a_small_typed_percentage_stays_small(tmp_path):
    _, found = entry(tmp_path, "效益指标|社会效益指标|失业率|≤'0.9%|'0.8|20|20".replace("≤'", "≤"))
    assert (value(found.target), value(found.actual)) == (0.9, 0.8)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一千二百", 1200),
        ("三万二千", 32000),
        ("壹佰贰拾", 120),
        ("二〇二四", 2024),
        ("三亿五千万", 350_000_000),
    ],
)
def test_numerals(numeral, number):
    assert read_numeral(numeral) == number


def test_a_numeral_counts_only_before_a_counter():
    counters = default_vocabulary().words("marks", "counters")
    assert [write_in_digits(text, counters) for text in ("三次以上", "一次性", "五千元", "三门峡")] == [
        "3次以上",
        "一次性",
        "5000元",
        "三门峡",
    ]


@pytest.mark.parametrize(
    ("unit", "wanted", "ratio"),
    [("人", "万人", 0.0001), ("万元", "元", 10000.0), ("公里", "米", 1000.0), ("吨", "公里", None), ("个", "", None)],
)
def test_units_that_compare(unit, wanted, ratio):
    assert unit_ratio(unit, wanted) == ratio
