"""Reports without tables: figures from sentences of many offices, each with its paragraph."""

from __future__ import annotations

import io

import docx
import pytest
from drawn_sheets import read_bytes

from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.legacy.prose.report import fill_from_report, read_report
from workbook_tools.legacy.words.doubts import KeptLayout, KeptReading, ReadingBook
from workbook_tools.legacy.words.records import Concern, FundingLine, HandmadeForm, Stated, Where
from workbook_tools.legacy.words.vocabulary import default_vocabulary
from workbook_tools.word.reading import Document, Paragraph

TITLE = "临江县水务局2024年度农村饮水安全项目支出绩效自评报告"
SHORT = {"i": Measure.INITIAL_BUDGET, "a": Measure.ANNUAL_BUDGET, "r": Measure.RECEIVED, "e": Measure.EXECUTED}


def document(*paragraphs: str) -> Document:
    return Document(tuple(Paragraph(number, text) for number, text in enumerate(paragraphs, 1)))


def read(*paragraphs: str) -> HandmadeForm:
    form = read_report(document(*paragraphs), default_vocabulary())
    assert form is not None
    return form


def amounts(form: HandmadeForm, source: FundingSource = FundingSource.TOTAL) -> dict[str, float]:
    """The amounts of a line by the letters of ``SHORT``; ``%`` is the rate."""
    line = next((line for line in form.funding if line.source is source), None)
    if line is None:
        return {}
    found = {key: line.amounts[measure].value for key, measure in SHORT.items() if measure in line.amounts}
    return {key: float(value or 0) for key, value in found.items()} | (
        {"%": float(line.rate.value or 0)} if line.rate else {}
    )


def ambiguous(form: HandmadeForm) -> list[str]:
    return [remark.field for remark in form.remarks if remark.concern is Concern.AMBIGUOUS]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("全年预算数为120万元，实际支出118.5万元，预算执行率98.75%。", {"a": 120, "e": 118.5, "%": 0.9875}),
        ("年初预算数200万元，调整后预算数180万元，全年执行数150万元。", {"i": 200, "a": 180, "e": 150}),
        ("年初预算100万元，年中调整为130万元，支出130万元。", {"i": 100, "a": 130, "e": 130}),
        ("2024年县财政下达我单位项目资金85万元，截至12月底已支付76.5万元。", {"a": 85, "e": 76.5}),
        ("项目预算资金1.2亿元，到位资金1.2亿元，支出11,000万元。", {"a": 12000, "r": 12000, "e": 11000}),
        ("项目资金共计1,234,500元，其中：设备购置费800,000元，培训费434,500元。", {"a": 123.45}),
        ("项目总资金 50 万元，全部到位，实际使用 48.6 万元。", {"a": 50, "e": 48.6}),
        ("当年预算安排60万元已全部支出。", {"a": 60, "e": 60}),
        ("共收到上级补助经费３０万元，支出３０万元，执行率达到１００％。", {"r": 30, "e": 30, "%": 1.0}),
        ("全年预算数和执行数分别为120万元和118万元。", {"a": 120, "e": 118}),
        ("资金到位情况：预算批复70万元，实际到位65万元，到位率92.86%。", {"a": 70, "r": 65}),
        ("2024年预算安排40万元，2023年预算安排35万元。", {"a": 40}),
        ("上年度支出88万元，本年预算90万元，实际支出81万元。", {"a": 90, "e": 81}),
        ("项目为2023-2025年三年规划，预算资金900万元。2024年度预算安排300万元，支付290万元。", {"a": 300, "e": 290}),
        ("年度预算50万元，合同金额48万元，实际支出45万元。", {"a": 50, "e": 45}),
        ("申请资金80万元，财政批复60万元，支出60万元。", {"a": 60, "e": 60}),
        ("预算资金100万元，人均补助0.5万元，支出98万元。", {"a": 100, "e": 98}),
        ("预算资金100万元，实际支出80万元，结余20万元，预算执行率为80%。", {"a": 100, "e": 80, "%": 0.8}),
        ("全年预算数20万，实际支出20万，支出进度100%。", {"a": 20, "e": 20, "%": 1.0}),
        ("本项目经费15万元。", {"a": 15}),
        ("实际支出占预算120万元的98%。", {"a": 120}),
        ("2024年预算为45.5万元，资金已足额到位，执行数为45.5万元。", {"a": 45.5, "e": 45.5}),
        ("投入资金200万元，其中预算安排资金200万元，实际支出200万元。", {"a": 200, "r": 200, "e": 200}),
        ("项目支出预算为33万元，累计支出31.2万元，执行进度94.55%。", {"a": 33, "e": 31.2, "%": 0.9455}),
        ("预算资金25万元全部到位，发放补贴25万元。", {"a": 25, "r": 25, "e": 25}),
        ("年初批复预算10万元，执行中追加5万元，全年预算15万元，支出14万元。", {"i": 10, "a": 15, "e": 14}),
        ("全县种植120万亩，惠及30万人，安排资金66万元。", {"a": 66}),
    ],
)
def test_amounts_of_a_sentence(sentence: str, expected: dict[str, float]) -> None:
    form = read(TITLE, sentence)
    assert amounts(form) == expected
    assert ambiguous(form) == []
    assert form.funding_from == "prose"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目预算资金100万元，其中，培训支出14.3万元。预算执行率100%。", {"a": 100, "e": 100, "%": 1.0}),
        ("预算资金100万元。培训支出14.3万元，预算执行率100%。", {"a": 100, "e": 100, "%": 1.0}),
        ("预算资金100万元。其中用于培训支出14.3万元，设备支出85.7万元。", {"a": 100, "e": 100}),
        ("预算资金100万元。培训支出14.3万元。设备购置支出85.7万元。", {"a": 100, "e": 100}),
        ("本年预算100万元，截至年底支出14.3万元用于培训，其余85.7万元用于设备购置。", {"a": 100, "e": 100}),
        ("预算100万元，已使用14.3万元，剩余85.7万元已于年底前全部支付。", {"a": 100, "e": 100}),
        ("预算资金100万元。一是支付工程款60万元；二是支付监理费5万元；三是支付设计费35万元。", {"a": 100, "e": 100}),
        ("预算资金100万元，全部用于支付工程款60万元、监理费5万元、设计费35万元。", {"a": 100, "e": 100}),
        ("预算100万元。上半年支出14.3万元，下半年支出80万元。", {"a": 100, "e": 94.3}),
        ("收到财政资金100万元，支出培训费14.3万元，支付设备款85.7万元。", {"r": 100, "e": 100}),
        ("预算资金100万元，剩余资金10万元结转下年。", {"a": 100, "e": 90}),
        ("全年预算100万元，其中人员经费14.3万元、设备85.7万元，已全部支出。", {"a": 100, "e": 100}),
        ("预算资金100万元，培训支出14.3万元。", {"a": 100, "e": 14.3}),
        ("预算资金100万元，实际支出80万元，预算执行率100%。", {"a": 100, "e": 80, "%": 1.0}),
        ("年初预算100万元，年中追加20万元，支出118万元。", {"i": 100, "a": 120, "e": 118}),
        ("年初预算100万元，调减10万元，支出90万元。", {"i": 100, "a": 90, "e": 90}),
        ("第一批下达资金30万元，第二批下达资金70万元，支出100万元。", {"a": 100, "e": 100}),
        ("项目总预算300万元，其中2024年100万元，2024年支出98万元。", {"a": 100, "e": 98}),
    ],
)
def test_a_whole_that_is_told_in_parts_or_by_its_rest_is_put_together_and_told(text: str, expected: dict[str, float]):
    form = read(TITLE, text)
    assert amounts(form) == expected
    assert [field.split("－")[0] for field in ambiguous(form)] == ["资金"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年执行100万元，其中人员支出14.3万元。预算执行率100%。预算100万元。", {"a": 100, "e": 100, "%": 1.0}),
        ("2024年度安排100万元，当年支出60万元，其余40万元结转下年使用。", {"a": 100, "e": 60}),
        ("农村饮水安全项目支出98万元，预算100万元。", {"a": 100, "e": 98}),
        ("上年结转资金20万元，本年预算80万元，合计100万元。实际支出100万元。", {"a": 100, "e": 100}),
    ],
)
def test_a_whole_beside_its_parts_is_no_doubt(text: str, expected: dict[str, float]) -> None:
    form = read(TITLE, text)
    assert amounts(form) == expected
    assert ambiguous(form) == []


def test_money_carried_over_beside_the_years_own() -> None:
    form = read(TITLE, "2024年预算安排80万元，上年结转20万元，共计100万元，支出95万元。")
    assert amounts(form) == {"a": 100, "e": 95}
    assert amounts(form, FundingSource.CARRIED_OVER) == {"a": 20}


def test_a_sentence_that_differs_from_the_table_is_told_and_does_not_overrule_it() -> None:
    def stated(value: float, printed: str) -> Stated:
        return Stated(value, printed, Where("表格1", "第2行第3格"))

    line = FundingLine(
        label="年度资金总额",
        source=FundingSource.TOTAL,
        amounts={Measure.ANNUAL_BUDGET: stated(120, "120"), Measure.EXECUTED: stated(118.46, "118.46")},
    )
    form = HandmadeForm(file="f", sheet="表格1", funding=[line], total=stated(96, "96"))
    fill_from_report(form, read(TITLE, "全年预算数100万元，实际支出118.5万元。自评得分98分。"))
    assert amounts(form) == {"a": 120, "e": 118.46}
    assert form.total is not None
    assert form.total.value == 96
    found = [(r.field, r.where.cell) for r in form.remarks if r.concern is Concern.AMBIGUOUS]
    assert found == [("总分", "第2段"), ("资金－全年预算资金", "第2段")]


def test_parts_of_a_sum_by_whose_money_it_is() -> None:
    form = read(
        TITLE,
        "项目资金共计120万元，其中：中央资金80万元、省级资金30万元、县级配套10万元，实际支出118万元。",
    )
    assert amounts(form) == {"a": 120, "e": 118}
    assert [amounts(form, s) for s in (FundingSource.CENTRAL, FundingSource.PROVINCIAL, FundingSource.COUNTY)] == [
        {"a": 80},
        {"a": 30},
        {"a": 10},
    ]


def test_a_list_of_sources_and_its_sum() -> None:
    form = read(TITLE, "中央财政补助50万元，自筹资金30万元，预算资金合计80万元。")
    assert amounts(form) == {"a": 80}
    assert [amounts(form, s) for s in (FundingSource.CENTRAL, FundingSource.OTHER)] == [{"a": 50}, {"a": 30}]


def test_one_source_without_a_sum_is_the_whole() -> None:
    form = read(TITLE, "市级财政下达专项资金30万元，支出30万元。")
    assert amounts(form) == {"a": 30, "e": 30}
    assert [line.source for line in form.funding] == [FundingSource.TOTAL]


def test_projects_that_add_up_to_the_sum() -> None:
    form = read(TITLE, "共安排预算50万元。一是安排管护经费预算20万元；二是安排维修经费预算30万元。")
    assert amounts(form) == {"a": 50}
    assert ambiguous(form) == []


def test_two_budgets_are_a_doubt_with_both_readings() -> None:
    form = read(TITLE, "甲项目预算资金20万元。", "乙项目预算资金30万元。")
    [remark] = form.remarks
    assert amounts(form) == {"a": 20}
    assert (remark.where, remark.taken) == (Where("正文", "第2段"), "第2段“20万元”")
    assert "30万元" in remark.other
    assert "第3段" in remark.other


def test_money_handed_on_is_a_doubt() -> None:
    form = read(TITLE, "预算资金100万元，已拨付90万元。")
    assert amounts(form) == {"a": 100, "e": 90}
    assert len(ambiguous(form)) == 1


def test_money_of_something_else_is_listed_not_taken() -> None:
    form = read(TITLE, "预算资金100万元。总投资估算3000万元，合同价95万元。")
    assert amounts(form) == {"a": 100}
    assert [r.printed for r in form.remarks if r.concern is Concern.UNKNOWN] == ["总投资估算3000万元", "合同价95万元"]


def test_what_is_left_out_is_listed_with_its_year_or_owner() -> None:
    form = read(TITLE, "上级下达资金600万元，县级配套资金50万元。", "2023-2025年，预算资金900万元。年末结余5万元。")
    assert amounts(form) == {"a": 600}
    assert [(r.where.cell, r.printed) for r in form.remarks] == [
        ("第2段", "县级配套资金50万元"),
        ("第3段", "2023-2025年,预算资金900万元"),
        ("第3段", "年末结余5万元"),
    ]


def test_goals_are_no_facts() -> None:
    form = read(TITLE, "一、项目绩效目标", "完成投资200万元，支出180万元。", "二、资金执行情况", "支出150万元。")
    assert amounts(form) == {"e": 150}


def test_figures_about_work_done_are_no_budget() -> None:
    form = read(
        TITLE,
        "一、资金投入情况",
        "预算资金100万元。",
        "二、绩效目标完成情况",
        "投入养护资金4230万元，完成公路投资12.5亿元。",
    )
    assert amounts(form) == {"a": 100}


@pytest.mark.parametrize(
    ("sentence", "total", "grade"),
    [
        ("自评得分96分，等级为优。", 96, "优"),
        ("经综合评价，本项目总得分为92.5分，评价等级为“优秀”。", 92.5, "优秀"),
        ("满分100分，自评总分88.6分，属于良好等级。", 88.6, "良好"),
        ("上年自评得分85分。今年自评得分90分，评定为优秀等次。", 90, "优秀"),
        ("产出指标得分48分，效益指标得分28分，综合得分86分，评价结果为良。", 86, "良"),
        ("自评得分：95.00分，自评等级：优", 95, "优"),
        ("对照指标逐项打分，最终得分为79分，评为中等次。", 79, "中"),
        ("项目自评总得分９８分，绩效等级为优。", 98, "优"),
    ],
)
def test_score_and_grade_of_a_sentence(sentence: str, total: float, grade: str) -> None:
    form = read(TITLE, sentence)
    assert form.total is not None
    assert form.grade is not None
    assert (form.total.value, form.grade.value) == (total, grade)
    assert form.total.where == Where("正文", "第2段")
    assert ambiguous(form) == []


@pytest.mark.parametrize(
    "sentence", ["优化了流程，良好的社会效益得到体现，得到群众好评。", "群众满意度98%，评价良好。"]
)
def test_praise_is_no_grade(sentence: str) -> None:
    assert read(TITLE, "预算资金10万元。" + sentence).grade is None


def test_two_totals_are_a_doubt() -> None:
    form = read(TITLE, "自评得分96分。", "五、自评结论", "自评得分94分。")
    assert form.total is not None
    assert form.total.value == 96
    assert ambiguous(form) == ["总分"]


@pytest.mark.parametrize(
    ("paragraphs", "unit", "project", "year"),
    [
        ((TITLE,), "临江县水务局", "农村饮水安全", 2024),
        (("临江县水务局", "2024年度农村饮水安全项目", "支出绩效自评报告"), "临江县水务局", "农村饮水安全", 2024),
        (("临江县第一中学 2023年校舍维修专项资金绩效自评情况报告",), "临江县第一中学", "校舍维修", 2023),
        (
            ("关于2022年度疫苗采购经费项目绩效自我评价的报告", "实施单位：临江县疾病预防控制中心"),
            "临江县疾病预防控制中心",
            "疫苗采购经费",
            2022,
        ),
        (("2024年度绩效自评报告", "项目名称：河道清淤工程", "主管部门：临江县水务局"), None, "河道清淤工程", 2024),
        (("临江县水务局", "饮水安全项目绩效自评报告", "（2024年度）"), "临江县水务局", "饮水安全", 2024),
        (("临江县第二医院", "二〇二三年度设备购置项目绩效自评报告"), "临江县第二医院", "设备购置", 2023),
        (("关于饮水安全项目2023年度绩效自评情况的报告",), None, "饮水安全", 2023),
        (("临江县城管局2023年“智慧停车”建设项目绩效自评报告",), "临江县城管局", "“智慧停车”建设", 2023),
        (("临江县水务局2023年度部门整体支出绩效自评报告",), "临江县水务局", "部门整体支出", 2023),
        (("2023年度临江县水务局部门整体支出绩效评价报告",), "临江县水务局", "部门整体支出", 2023),
        (
            ("2024年老旧小区改造项目支出绩效自评报告", "临江县住建局", "2025年3月1日"),
            "临江县住建局",
            "老旧小区改造",
            2024,
        ),
    ],
)
def test_title_and_signature(paragraphs: tuple[str, ...], unit: str | None, project: str, year: int) -> None:
    form = read(*paragraphs, "预算资金10万元。")
    assert (form.head["unit"].value if "unit" in form.head else None) == unit
    assert form.head["project"].value == project
    assert form.year is not None
    assert form.year.value == year


def test_texts_stand_under_their_headings_whatever_the_numbering() -> None:
    form = read(
        TITLE,
        "一、项目基本情况",
        "（一）项目概况。解决三个村饮水问题。预算资金10万元。",
        "（二）项目绩效目标",
        "1. 新建水厂1座。",
        "2. 受益500户。",
        "二、存在问题",
        "管护力量不足。",
        "三、以前没有见过的标题",
        "不知归处的话。",
        "四、下一步改进措施：加强管护。",
    )
    assert {key: text.value for key, text in form.texts.items()} == {
        "overview": "解决三个村饮水问题。预算资金10万元。",
        "goal_annual": "1. 新建水厂1座。\n2. 受益500户。",
        "problems": "管护力量不足。",
        "suggestions": "加强管护。",
    }
    assert form.texts["goal_annual"].where == Where("正文", "第5段")


def test_other_documents_are_no_reports() -> None:
    for paragraphs in (
        (),
        ("关于召开工作会议的通知", "请携带材料。"),
        ("采购合同", "合同金额50万元，预算资金60万元。"),
    ):
        assert read_report(document(*paragraphs), default_vocabulary()) is None


def test_sentences_fill_what_tables_leave_out() -> None:
    place = Where("表格1", "第2行")
    form = HandmadeForm(file="a.docx", sheet="表格1", head={"project": Stated("饮水工程", "饮水工程", place)})
    fill_from_report(form, read(TITLE, "预算资金10万元，支出8万元。自评得分96分。"))
    assert form.head["project"].value == "饮水工程"
    assert form.head["unit"].value == "临江县水务局"
    assert amounts(form) == {"a": 10, "e": 8}
    assert form.funding_from == "prose"
    assert form.total is not None
    assert form.total.value == 96


def test_a_report_whose_only_table_is_the_money() -> None:
    report = docx.Document()
    for text in (TITLE, "一、资金情况"):
        report.add_paragraph(text)
    table = report.add_table(2, 3)
    rows = (("资金（元）", "全年预算数", "全年执行数"), ("年度资金总额", "1200000", "1180000"))
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            table.cell(row, col).text = text
    report.add_paragraph("二、自评结论：自评得分96分，等级为优。")
    file = io.BytesIO()
    report.save(file)
    [form] = read_bytes(file.getvalue(), "报告.docx").forms
    assert amounts(form) == {"a": 120, "e": 118}
    assert form.funding[0].amounts[Measure.EXECUTED].where.cell == "第2行第3格"
    assert form.total is not None
    assert (form.total.value, form.head["project"].value) == (96, "农村饮水安全")


def test_a_funding_table_outranks_sentences() -> None:
    table = [
        FundingLine(label="总额", source=FundingSource.TOTAL, amounts={Measure.EXECUTED: Stated(7.0, "7", Where())})
    ]
    form = HandmadeForm(file="a.docx", sheet="表格1", funding=table)
    fill_from_report(form, read(TITLE, "预算资金10万元，支出8万元，支出9万元。"))
    assert amounts(form) == {"e": 7}
    assert ambiguous(form) == ["资金－全年执行资金"]


# -- what the office has answered

_PARTS = (
    TITLE,
    "一、项目概况",
    "预算资金{budget}万元。",
    "二、资金使用情况",
    "培训支出{one}万元。设备购置支出{two}万元。",
)


def _report(book: ReadingBook | None = None, *, headings: str = "二、资金使用情况", **amounts: str) -> HandmadeForm:
    texts = [text.format(**{"budget": "200", "one": "14.3", "two": "85.7", **amounts}) for text in _PARTS]
    texts[3] = headings
    form = read_report(document(*texts), default_vocabulary(), "甲.docx", book)
    assert form is not None
    return form


def _answered(form: HandmadeForm, reading: str) -> ReadingBook:
    [doubt] = [r.doubt for r in form.remarks if r.doubt is not None and r.doubt.key == "全年执行资金按哪一处"]
    assert reading in doubt.readings
    kept = KeptReading(reading, "张三", "2024-12-01", "甲.docx", doubt.readings)
    return ReadingBook({doubt.layout.digest: KeptLayout(doubt.layout, {doubt.key: kept})})


def test_which_sentences_are_the_whole_is_answered_for_reports_with_the_same_headings() -> None:
    first = _report()
    assert amounts(first)["e"] == 100
    book = _answered(first, "培训支出")
    again = _report(book, one="20", two="30")
    assert amounts(again)["e"] == 20
    assert [r.taken for r in again.remarks if r.concern is Concern.ANSWERED] == ["培训支出（20万元）"]
    other = _report(book, headings="二、资金管理和使用情况")
    assert amounts(other)["e"] == 100
    assert any(r.doubt is not None and r.concern is Concern.AMBIGUOUS for r in other.remarks)


def test_one_of_two_budgets_is_answered() -> None:
    def report(book: ReadingBook | None = None) -> HandmadeForm:
        form = read_report(
            document(TITLE, "甲项目预算资金20万元。", "乙项目预算资金30万元。"), default_vocabulary(), "", book
        )
        assert form is not None
        return form

    [doubt] = [r.doubt for r in report().remarks if r.doubt is not None]
    assert doubt.readings[:2] == ("甲项目预算资金", "乙项目预算资金")
    kept = {doubt.key: KeptReading("乙项目预算资金", "张三", "2024-12-01")}
    assert amounts(report(ReadingBook({doubt.layout.digest: KeptLayout(doubt.layout, kept)}))) == {"a": 30}
