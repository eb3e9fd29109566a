"""What real reports write, and what is no mistake of theirs; beside it the mistake that is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from checking import ANSWERS, INDICATORS, MOF, TEXTS, answered, at, found, good, indicator, places, row, written
from test_copied_texts import project_row

from workbook_tools.core.model import Direction, FundingSource, Indicator, IndicatorAnswer, Project
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.review.checks import check_together
from workbook_tools.review.checks.reasons import names_cause
from workbook_tools.rules.scheme import Scheme, load_scheme

ZHANGYE = load_scheme("zhangye")


@pytest.fixture
def codes(tmp_path) -> Callable[..., list[tuple[str, str]]]:
    """Which of some codes are found in a project, with the fields."""

    def find(project: Project, *wanted: str, scheme: Scheme = MOF) -> list[tuple[str, str]]:
        reading, findings = found(project, tmp_path, scheme)
        assert reading.submission is not None
        names = dict(zip(places(findings), [(f.code, f.cell) for f in findings], strict=True))
        fields = {
            at(reading, [(code, name)])[0]: name for code, _ in names for name in reading.submission.layout.fields
        }
        return [
            (f.code, fields[place]) for f, place in zip(findings, places(findings), strict=True) if f.code in wanted
        ]

    return find


# -- TEXT01, TEXT11: sections -----------------------------------------------------------------------------------------

SECTIONS = {
    "overview": "执法专项经费由市财政安排，用于治超站的日常开支，由市交通运输局主管。",
    "goals": "2024年全市治超站正常运转，违法超限运输的车辆明显减少。",
    "funding_arrival": "2024年预算150万元，到位150万元，到位率100%。",
    "funding_execution": "2024年支出150万元，执行率100%，用于治超站的日常开支。",
    "funding_management": "按局机关财务制度报销，每季度由纪检组抽查一次凭证。",
    "overall_completion": "截至2024年12月底，治超站全年值守，超限率下降到千分之三。",
    "deviation": "无偏离。",
    "use_and_disclosure": "自评结果用于安排下一年度治超经费，四月底前在局网站公开。",
    "other": "无。",
}
QUANTITY = Indicator(dimension="产出指标", category="数量指标", name="值守天数", weight=50, target=300.0, unit="天")
BENEFIT = Indicator(
    dimension="效益指标",
    category="社会效益",
    name="超限率",
    weight=40,
    target=0.5,
    unit="%",
    direction=Direction.AT_MOST,
)


def zhangye(**texts: str) -> Project:
    """A project of the scheme with sections per category: two of them have an indicator."""
    answers = ANSWERS.model_copy(
        update={
            "indicators": (IndicatorAnswer(actual=366.0), IndicatorAnswer(actual=0.3)),
            "texts": {**SECTIONS, **texts},
        }
    )
    return good(scheme="zhangye", indicators=(QUANTITY, BENEFIT), answers=answers)


def test_a_section_about_indicators_of_which_there_are_none_need_not_be_written(codes):
    told = {"output_quantity": "全年值守366天，比目标多66天。", "benefit_social": "超限率由千分之五降到千分之三。"}
    assert codes(zhangye(**told), "TEXT01", scheme=ZHANGYE) == []
    assert codes(zhangye(), "TEXT01", scheme=ZHANGYE) == [
        ("TEXT01", "text_output_quantity"),
        ("TEXT01", "text_benefit_social"),
    ]


@pytest.mark.parametrize(
    "pointer", ["各项指标的完成情况见下表。", "指标完成情况如附件1所示，详见附件1。", "产出指标完成情况，如下图："]
)
def test_a_section_whose_content_stands_in_the_table_need_not_be_written(codes, pointer):
    assert codes(zhangye(completion_intro=pointer), "TEXT01", scheme=ZHANGYE) == []


@pytest.mark.parametrize("words", ["如期完成图书馆改造，治超站全年值守。", "群众的意见反映表示满意，治超站全年值守。"])
def test_what_points_nowhere_stands_for_no_section(codes, words):
    assert len(codes(zhangye(completion_intro=words), "TEXT01", scheme=ZHANGYE)) == 2


def test_a_table_that_is_not_filled_stands_for_no_section(codes):
    blank = answered(zhangye(completion_intro="见下表。"), indicators=(IndicatorAnswer(), IndicatorAnswer(actual=0.3)))
    assert codes(blank, "TEXT01", scheme=ZHANGYE) == [("TEXT01", "text_output_quantity")]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("suggestions", "无"),
        ("problems", "不存在问题。"),
        ("organization", "无"),
        ("analysis_output", "见下表。"),
        ("analysis_satisfaction", "满意度92%。"),
    ],
)
def test_none_a_figure_or_a_pointer_to_the_filled_table_is_an_answer(codes, key, words):
    assert codes(written(**{key: words}), "TEXT11", "TEXT20") == []


@pytest.mark.parametrize(
    ("key", "words"),
    [("overview", "无"), ("analysis_output", "没有。"), ("suggestions", "略"), ("goal_actual", "已完成。")],
)
def test_where_there_is_always_something_to_write_none_is_no_answer(codes, key, words):
    assert codes(written(**{key: words}), "TEXT11") == [("TEXT11", f"text_{key}")]


# -- TEXT05, TEXT08: a result resembles its goal ----------------------------------------------------------------------

GOAL = "2024年完成县乡道路日常养护一百公里，路面病害处理合格率达到95%"


@pytest.mark.parametrize(
    "result",
    [
        "2024年完成县乡道路日常养护一百零二公里，路面病害处理合格率达到96%。",
        "2024年已完成县乡道路日常养护一百公里，路面病害处理合格率达到95%。",
    ],
)
@pytest.mark.parametrize("key", ["goal_actual", "analysis_output"])
def test_a_result_may_resemble_its_goal(codes, key, result):
    result += "每公里成本1.45万元。" if key == "analysis_output" else ""
    assert codes(written(goal_annual=GOAL + "。", **{key: result}), "TEXT05", "TEXT08") == []


def test_a_goal_that_is_copied_as_its_result_is_found(codes):
    copied = GOAL + "。"
    assert codes(written(goal_annual=copied, goal_actual=copied), "TEXT05") == [("TEXT05", "text_goal_actual")]
    inside = copied + "养护里程、合格率和每公里成本见上。"
    assert codes(written(goal_annual=copied, analysis_output=inside), "TEXT08") == [("TEXT08", "text_analysis_output")]


# -- TEXT13: the year -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["二〇二四年", "二零二四年", "２０２４年", "2 0 2 4年", "24年", "本年度", "今年"])
def test_a_year_may_be_written_in_many_ways(codes, year):
    assert codes(written(**{key: words.replace("2024年", year) for key, words in TEXTS.items()}), "TEXT13") == []


def test_the_words_of_an_indicator_name_no_year(codes):
    """A qualitative target that a text repeats, in a text that was taken over from the year before."""
    taken_over = {key: words.replace("2024年", "2023年") for key, words in TEXTS.items()}
    taken_over["analysis_benefit"] += "采购期以当年为主。"
    project = indicator(1, name="采购期", target="采购期以当年为主", direction=Direction.QUALITATIVE, unit="")
    assert codes(written(project, **taken_over), "TEXT13") == [("TEXT13", "text_overview")]
    taken_over["analysis_benefit"] += "当年完工。"
    assert codes(written(project, **taken_over), "TEXT13") == []


@pytest.mark.parametrize(
    "words", ["2024.3-11月承担全县农村公路的日常养护工作", "自评期为2024/3-11月，承担农村公路养护"]
)
def test_months_behind_a_year_have_a_year(codes, words):
    assert codes(written(overview=words), "TEXT13") == []


# -- TEXT20: what the text or the table says --------------------------------------------------------------------------

LOST = written(row(1, actual=90.0), problems="雨后塌方清理较慢，原因是机械不足。")


def test_a_reason_that_stands_in_the_table_need_not_be_repeated(codes):
    assert codes(row(1, LOST, deviation_reason="两个乡镇塌方断路"), "TEXT20") == []
    assert codes(row(1, LOST, deviation_reason="今后加强养护"), "TEXT20") == [("TEXT20", "text_problems")]
    assert codes(LOST, "TEXT20") == [("TEXT20", "text_problems")]


def test_an_indicator_is_spoken_of_by_its_figure(codes):
    said = "全年共养路102公里；验收合格率96%；每公里成本1.45万元。"
    assert codes(written(analysis_output=said.replace("养路", "完成")), "TEXT20") == []
    assert codes(written(analysis_output=said.replace("102公里", "许多")), "TEXT20") == [
        ("TEXT20", "text_analysis_output")
    ]


# -- TEXT15, SCORE09, FUND07 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["当年预算150万元，实到150万元，按进度拨付。", "2024年资金150万元已全部到位。"])
def test_a_rate_that_follows_from_what_is_said_need_not_be_said(codes, words):
    assert codes(zhangye(funding_arrival=words), "TEXT15", scheme=ZHANGYE) == []
    assert codes(zhangye(funding_arrival="资金由市财政分两次拨付到账。"), "TEXT15", scheme=ZHANGYE) == [
        ("TEXT15", "text_funding_arrival")
    ]


def test_figures_that_could_not_differ_are_no_wonder(codes):
    exact = tuple(IndicatorAnswer(actual=i.target) for i in INDICATORS[:3])
    rows = (*exact, ANSWERS.indicators[3], IndicatorAnswer(actual=90.0))
    project = answered(indicators=rows)
    assert codes(project, "SCORE09") == [("SCORE09", "total_score")]
    assert codes(indicator(1, row(1, project, actual=2.0), target=2.0, unit="套"), "SCORE09") == []
    assert codes(indicator(2, row(2, project, actual=100.0), target=100.0), "SCORE09") == []


def test_a_unit_that_has_answered_0_is_not_asked_for_its_initial_budget_again(codes):
    blank = good(initial_budget={})
    assert codes(blank, "FUND07") == [("FUND07", "initial_budget_total")]
    assert codes(good(initial_budget={FundingSource.COUNTY: 0.0}), "FUND07") == []


# -- FILL14: reasons --------------------------------------------------------------------------------------------------

CAUSES = """\
部分路段塌方，今后加强巡查
因雨季施工停工两个月
群众参与不够
年初批复数偏小，今后合理编制预算
为节约开支，部分旧设备维修后继续使用；缺口设备结合资产报废情况更新配备。
预算编制不够精细，加强编制管理
管理水平有待提高
加大宣传的力度不够，继续加强
受疫情影响，进度推迟
两家供应商流标，将重新招标
资金年底下达
物价上涨
施工单位停工，确保明年完成
项目取消
任务数减少，下年合理确定目标
进一步推进中，资金未到位
资金支付审批流程较长
培训未按月开展，网络时有中断
中标价低于预算价
质保金按合同约定下年支付
落实整改措施后仍有两户不满意
工期紧张
1.前期手续办理时间长；2.加快办理
绩效目标设置不合理，今后合理设置
"""
NO_CAUSES = """\
今后进一步加强养护
进一步降低道路交通事故指标
加强与乡镇对接，提高效率
已完成
已按计划完成
无
严格按要求执行
我单位将进一步加强预算管理
详见报告
按比例得分
提高资金使用效率，减少浪费
一是加强培训；二是完善制度
工作人员进一步加强学习
继续推进项目实施，确保如期完工
加强未成年人保护
明年加强管理
得9分
"""


@pytest.mark.parametrize("reason", CAUSES.splitlines())
def test_a_reason_that_gives_a_cause_is_one(reason):
    assert names_cause(reason)


@pytest.mark.parametrize("reason", NO_CAUSES.splitlines())
def test_a_reason_that_gives_no_cause_is_none(reason):
    assert not names_cause(reason)


def test_a_reason_is_looked_at_where_points_are_lost(codes):
    assert codes(row(1, LOST, deviation_reason="无"), "FILL14") == [("FILL14", "indicator_001_deviation_reason")]
    assert codes(row(1, deviation_reason="今后继续加强养护"), "FILL14") == []
    low = {FundingSource.COUNTY: 90.0, FundingSource.OTHER: 30.0}
    assert codes(answered(executed=low, execution_reason="今后加快支出进度"), "FILL14") == [
        ("FILL14", "execution_reason")
    ]
    assert codes(answered(executed=low, execution_reason="年底结算较晚"), "FILL14") == []


# -- CROSS02: what is the same in every report ------------------------------------------------------------------------

DONE = "全年改造供水管网四十公里，解决两个乡镇一万二千人的饮水困难，群众反映良好"
STANDING = [
    ("organization", "公路段成立养护小组，按月检查路面质量，支出由局机关集中核算、专账管理"),
    ("use_and_disclosure", "本次结果经局党组会研究后，与下一年度各科室的经费安排相结合"),
    ("overview", "以习近平新时代中国特色社会主义思想为指导，全面落实各项决策部署，统筹发展和安全"),
    ("goal_actual", "根据县财政局关于做好项目支出绩效工作的通知要求，我局组织各科室开展了自评"),
    ("suggestions", "评价结果将作为安排下一年度预算和改进管理的重要依据，并与科室考核挂钩"),
]


def crossed(*rows: ProjectRow) -> list[tuple[str, str]]:
    return [(f.code, f.project_code) for f in check_together(rows)]


@pytest.mark.parametrize(("key", "words"), STANDING, ids=[key for key, _ in STANDING])
def test_what_every_report_of_an_office_says_alike_is_no_copy(key, words):
    assert crossed(*(project_row(code, **{key: words + "。"}) for code in "AB")) == []
    copied = words + "。" + DONE + "。" if key == "goal_actual" else DONE + "。"
    other = key if key in ("overview", "goal_actual", "suggestions") else "goal_actual"
    assert crossed(*(project_row(code, **{other: copied}) for code in "AB")) == [("CROSS02", "A"), ("CROSS02", "B")]


def test_a_copy_names_the_project_of_the_department_that_it_is_shared_with():
    rows = [project_row(code, overview=DONE + "。") for code in "ABC"]
    rows[2] = rows[2].model_copy(update={"department": "别局"})
    partners = [(f.project_code, f.shares_with) for f in check_together(rows)]
    assert partners == [("A", "B"), ("A", ""), ("B", "A"), ("B", ""), ("C", ""), ("C", "")]


# -- what the published reports showed --------------------------------------------------------------------------------


def test_an_indicator_is_spoken_of_by_what_its_category_measures(codes):
    said = "全年养护一百零二公里；各路段全部通过检测，合格；支出控制得好。"
    named = indicator(2, indicator(3, written(analysis_output=said), name="单位造价"), name="路面抽检通过率")
    assert codes(named, "TEXT20") == []
    assert codes(written(named, analysis_output="全年养护一百零二公里。"), "TEXT20") == [
        ("TEXT20", "text_analysis_output")
    ]


def test_a_long_name_is_never_repeated_whole(codes):
    named = indicator(
        1, written(analysis_output="智慧平台建成；合格率96%；成本1.45万元。"), name="新建（购）应用系统与平台的数量"
    )
    assert codes(named, "TEXT20") == []


def test_a_section_about_deviations_may_point_to_the_table(codes):
    assert codes(written(problems="如下表所示："), "TEXT11") == []


def test_efficiency_is_no_rate(codes):
    benefit = "通行条件改善，运输{}大大提升，路况投诉由四十件降到二十八件。"
    assert codes(written(analysis_benefit=benefit.format("效率")), "TEXT15") == []
    assert codes(written(analysis_benefit=benefit.format("周转率")), "TEXT15") == [("TEXT15", "text_analysis_benefit")]
