"""For each code of a check a workbook that triggers it, with the codes and fields of all its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from builders import INDICATORS, MOF
from checking import (
    ANSWERS,
    PROPOSED,
    TEXTS,
    answered,
    good,
    indicator,
    proposing,
    row,
    variant,
    written,
)

from workbook_tools.core.model import FundingSource, IndicatorAnswer, Project
from workbook_tools.rules.scheme import Scheme

CONTACT = {"leader": "王强", "filler": "李敏"}


@dataclass(frozen=True)
class Case:
    """A workbook, and the codes with the fields where they must appear: those, and no others."""

    name: str
    project: Project
    expected: list[tuple[str, str]]
    scheme: Scheme = MOF
    cells: Mapping[str, float | str] = field(default_factory=dict)


REASON = {"over_completion": {"effect": "reason", "threshold": 1.2}}
QUALITY = "indicator_004_"

FILL = (
    Case(
        "the unit takes off more than the rule gives",
        row(1, self_deduction=20.5, deviation_reason="因汛期停工，有十公里没有按月养护。"),
        [("FILL31", "indicator_001_self_deduction")],
        variant(MOF, total={"self_deduction": True}),
    ),
    Case(
        "a text is longer than the system takes to which it goes",
        row(4, actual="长" * 31),
        [("FILL23", "indicator_004_actual")],
        variant(MOF, form={"text_limits": {"actual": 60}}),
    ),
    Case(
        "contact details are missing",
        answered(info={"leader": "王强"}),
        [("FILL13", "filler")],
    ),
    Case(
        "contact details say nothing",
        answered(info={"leader": "王强", "filler": "／", "phone": "无", "fill_date": "2025年1月10日"}),
        [("FILL13", "filler")],
    ),
    *(
        Case(f"the contact is {phone}, {day}", answered(info=CONTACT | {"phone": phone, "fill_date": day}), wanted)
        for phone, day, wanted in (
            ("12345", "2025年1月10日", [("FILL33", "phone")]),
            ("1381234567", "2032年1月10日", [("FILL33", "phone"), ("FILL33", "fill_date")]),
            ("138123456789", "2025-02-30", [("FILL33", "phone"), ("FILL33", "fill_date")]),
            ("01234567890123", "2023.12.31", [("FILL33", "phone"), ("FILL33", "fill_date")]),
            ("短号 61234，0350-1234567转801", "2024年12月20日", []),
            ("+86 138 1234 5678", "20250110", []),
            ("（010）12345678", "元月十日", []),
            ("4008108888", "2025/1/10", []),
        )
    ),
    Case("an actual is missing", row(1, actual=None), [("FILL01", "indicator_001_actual")]),
    Case(
        "a qualitative row is wholly blank: once, not per cell",
        row(4, actual=None, tier="", completion=None),
        [("FILL01", f"{QUALITY}actual")],
    ),
    Case(
        "a completion is given for nothing",
        row(4, actual=None),
        [("FILL01", f"{QUALITY}actual")],
    ),
    Case(
        "a qualitative row is answered without completion, and loses its points without a reason",
        row(4, completion=None),
        [("FILL10", f"{QUALITY}stated"), ("FILL08", f"{QUALITY}deviation_reason"), ("TEXT20", "text_problems")],
    ),
    Case("a qualitative row has a completion without tier", row(4, tier=""), [("FILL10", f"{QUALITY}tier")]),
    Case(
        "a completion lies outside its tier",
        row(4, tier="部分达成"),
        [("FILL07", f"{QUALITY}stated")],
    ),
    Case(
        "points are lost without a reason",
        written(row(1, actual=90.0), problems="养护里程没有达到目标，原因是养护机械不足。"),
        [("FILL08", "indicator_001_deviation_reason")],
    ),
    Case(
        "a reason tells only what will be done",
        written(
            row(1, actual=90.0, deviation_reason="今后进一步加强养护"),
            problems="养护里程没有达到目标，原因是养护机械不足。",
        ),
        [("FILL14", "indicator_001_deviation_reason")],
    ),
    Case(
        "a full score is no loss though it has fewer decimals than its weight",
        indicator(3, indicator(4, row(4, actual="有效改善", deviation_reason="无"), weight=30.3333), weight=9.6667),
        [("SCORE07", "indicator_004_actual")],
        variant(weights={"norm": "none"}),
    ),
    Case(
        "over-completion must be explained under this scheme",
        row(1, actual=130.0),
        [("FILL11", "indicator_001_deviation_reason")],
        variant(**REASON),
    ),
    Case(
        "over-completion is no loss though a score has fewer decimals than its weight",
        indicator(1, indicator(2, row(1, actual=130.0), weight=23.6667), weight=16.3333),
        [("FILL11", "indicator_001_deviation_reason")],
        variant(**REASON),
    ),
    Case(
        "a proposed indicator lacks its weight",
        proposing(*PROPOSED[:4], PROPOSED[4].model_copy(update={"weight": None})),
        [("FILL09", "indicator_021_weight")],
    ),
    Case(
        "a proposed indicator lacks its name, and counts as a row all the same",
        proposing(*PROPOSED[:4], PROPOSED[4].model_copy(update={"name": ""})),
        [("FILL09", "indicator_021_indicator")],
    ),
    Case(
        "a proposed qualitative indicator lacks its completion",
        proposing(
            *PROPOSED,
            indicators=(*ANSWERS.indicators[:3], IndicatorAnswer(actual="平整"), ANSWERS.indicators[4]),
        ),
        [
            ("FILL10", "indicator_013_stated"),
            ("FILL08", "indicator_013_deviation_reason"),
            ("TEXT20", "text_problems"),
        ],
    ),
    Case(
        "no indicator is proposed: one finding, not one per row",
        proposing(),
        [("FILL09", "indicator_001_indicator"), ("SCORE02", "total_score")],
    ),
    Case(
        "a proposed weight is out of range",
        proposing(*PROPOSED[:4], PROPOSED[4].model_copy(update={"weight": 110.0})),
        [
            ("FILL03", "indicator_021_weight"),
            ("WEIGHT01", "total_weight"),
            ("WEIGHT02", "total_weight"),
        ],
    ),
    Case(
        "an actual is typed as a share beside a target without unit",
        row(5, indicator(5, unit=""), actual=0.92, deviation_reason="两个村没有调查"),
        [("FILL22", "indicator_005_actual")],
    ),
    Case(
        "an amount is negative",
        answered(executed={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0, FundingSource.CENTRAL: -1.0}),
        [("FILL03", "executed_central")],
    ),
    Case("nothing is filled in: one finding", good(answers=None), [("FILL15", "")]),
)
FUND = (
    Case(
        "more is executed than was received",
        answered(
            received={FundingSource.COUNTY: 110.0, FundingSource.OTHER: 30.0},
            executed={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0},
        ),
        [("FUND01", "executed_county")],
    ),
    Case(
        "more is received than was budgeted",
        answered(received={FundingSource.COUNTY: 125.0, FundingSource.OTHER: 30.0}),
        [("FUND02", "received_county")],
    ),
    Case(
        "money was received from a source that had no budget",
        answered(received={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0, FundingSource.CENTRAL: 5.0}),
        [("FUND02", "received_central")],
    ),
    Case(
        "the unit gives no budget",
        good(annual_budget={}),
        [("FUND03", "annual_budget_total")],
    ),
    Case(
        "the budget was issued as zero",
        written(
            answered(good(annual_budget={FundingSource.COUNTY: 0.0}), received={}, executed={}),
            analysis_execution="2024年没有安排预算，执行率为0%，用上年库存的沥青养护。",
        ),
        [("FUND11", "annual_budget_total"), ("FUND06", "received_total"), ("FUND05", "executed_total")],
    ),
    Case(
        "a low rate is not explained",
        written(
            answered(executed={FundingSource.COUNTY: 90.0, FundingSource.OTHER: 30.0}),
            analysis_execution="2024年执行率为80%，因雨季推后。",
        ),
        [("FUND04", "execution_reason")],
    ),
    Case(
        "nothing is said of what was executed",
        written(answered(executed={}), analysis_execution="资金到位率为100%，按制度管理。"),
        [("FUND05", "executed_county")],
    ),
    Case(
        "nothing is said of what was received",
        answered(received={}),
        [("FUND06", "received_county")],
    ),
    Case(
        "one of two sources is left blank",
        answered(
            received={FundingSource.COUNTY: 120.0}, executed={FundingSource.COUNTY: 120.0, FundingSource.OTHER: 30.0}
        ),
        [("FILL01", "received_other"), ("FUND01", "executed_other")],
    ),
    Case("there was no initial budget", good(initial_budget={}), [("FUND07", "initial_budget_total")]),
    Case(
        "an amount is in yuan",
        answered(received={FundingSource.COUNTY: 1_200_000.0, FundingSource.OTHER: 30.0}),
        [("FUND08", "received_county")],
    ),
    Case(
        "one amount is ten thousand times too small",
        written(
            answered(
                executed={FundingSource.COUNTY: 0.012, FundingSource.OTHER: 30.0},
                execution_reason="年底结算较晚，资金未付清",
            ),
            analysis_execution="全年预算150万元，实际到位150万元，实际支出150万元，预算执行率100%。",
        ),
        [("FUND12", "executed_county")],
    ),
    Case(
        "the issued budget is ten thousand times too large",
        good(annual_budget={FundingSource.COUNTY: 1_200_000.0, FundingSource.OTHER: 30.0}, initial_budget={}),
        [("FUND04", "execution_reason"), ("FUND07", "initial_budget_total"), ("FUND13", "annual_budget_county")],
    ),
    Case(
        "the sheet shows another sum",
        good(),
        [("FUND09", "executed_total")],
        cells={"executed_total": 140.0, "executed_fiscal_subtotal": 110.0, "received_total": 150.0},
    ),
    Case(
        "the sheet shows another rate",
        good(),
        [("FUND09", "execution_rate_county")],
        cells={"execution_rate_county": 0.5, "execution_rate_total": 1.0},
    ),
    Case(
        "project money makes up for office expenses",
        written(organization="公路段按制度管理资金，其中五万元弥补公用经费不足。"),
        [("FUND10", "text_organization")],
    ),
)
EQUAL = tuple(i.model_copy(update={"weight": 18.0}) for i in INDICATORS)
ANY_WEIGHTS = variant(weights={"norm": "none"})


def weighing(weight: float, *numbers: int) -> Project:
    """The good project with some of its indicators (from 0), all of that weight."""
    indicators = tuple(INDICATORS[i].model_copy(update={"weight": weight}) for i in numbers)
    return answered(good(indicators=indicators), indicators=tuple(ANSWERS.indicators[i] for i in numbers))


WEIGHT = (
    Case(
        "weights do not add up",
        proposing(PROPOSED[0].model_copy(update={"weight": 15.0}), *PROPOSED[1:]),
        [("WEIGHT01", "total_weight"), ("WEIGHT02", "total_weight")],
    ),
    Case(
        "dimensions are off the norm",
        indicator(4, indicator(1, weight=25.0), weight=25.0),
        [("WEIGHT02", "total_weight")],
    ),
    Case(
        "dimensions are off a norm that is exact",
        indicator(4, indicator(1, weight=25.0), weight=25.0),
        [("WEIGHT04", "total_weight")],
        variant(weights={"norm": "exact"}),
    ),
    Case(
        "dimensions are off a norm that nobody asks for",
        indicator(4, indicator(1, weight=25.0), weight=25.0),
        [],
        variant(weights={"norm": "none"}),
    ),
    Case(
        "all weights are equal",
        good(indicators=EQUAL),
        [("WEIGHT02", "total_weight"), ("WEIGHT03", "total_weight")],
    ),
    Case("three weights are equal", weighing(30.0, 0, 3, 4), [("WEIGHT03", "total_weight")], ANY_WEIGHTS),
    Case("two weights are equal, as two may well be", weighing(45.0, 0, 3), [], ANY_WEIGHTS),
    Case(
        "a dimension has no indicator",
        answered(
            good(indicators=(INDICATORS[0].model_copy(update={"weight": 30.0}), *INDICATORS[1:4])),
            indicators=ANSWERS.indicators[:4],
        ),
        [("WEIGHT02", "total_weight"), ("WEIGHT05", "total_weight")],
    ),
)
MET = {"actual": "有效改善"}
EXACT = (IndicatorAnswer(actual=100.0), IndicatorAnswer(actual=95.0), IndicatorAnswer(actual=1.5))
SCORE = (
    Case(
        "the sheet shows another score",
        good(),
        [("SCORE01", "indicator_001_score"), ("SCORE01", "execution_score")],
        cells={"indicator_001_score": 19.0, "indicator_002_score": 20.0, "execution_score": 9.0},
    ),
    Case(
        "a formula that was never calculated shows 0 beside nothing",
        row(1, actual=None),
        [("FILL01", "indicator_001_actual")],
        cells={"indicator_001_score": 0.0},
    ),
    Case("the sheet shows another total", good(), [("SCORE05", "total_score")], cells={"total_score": 99.0}),
    Case(
        "a met target has a blank score",
        row(4, completion=None, **MET),
        [
            ("FILL10", f"{QUALITY}stated"),
            ("FILL08", f"{QUALITY}deviation_reason"),
            ("SCORE03", f"{QUALITY}score"),
            ("SCORE12", "total_score"),
            ("SCORE07", f"{QUALITY}actual"),
            ("TEXT20", "text_problems"),
        ],
    ),
    Case(
        "a met target loses points",
        written(
            row(4, completion=0.9, deviation_reason="因塌方两次中断", **MET),
            problems="通行条件受塌方影响，没有得满分。",
        ),
        [("SCORE03", f"{QUALITY}score"), ("SCORE07", f"{QUALITY}actual")],
    ),
    Case(
        "a cost is in yuan",
        row(3, actual=14500.0),
        [
            ("FILL08", "indicator_003_deviation_reason"),
            ("SCORE13", "indicator_003_actual"),
            ("TEXT20", "text_problems"),
        ],
    ),
    Case("nothing was spent on what was paid for", row(3, actual=0.0), [("SCORE13", "indicator_003_actual")]),
    Case(
        "no money was spent at all",
        written(
            answered(row(3, actual=0.0), executed={FundingSource.COUNTY: 0.0, FundingSource.OTHER: 0.0}),
            analysis_execution="资金到位率为100%，年底前没有支付。",
        ),
        [("FUND04", "execution_reason")],
    ),
    Case("a cost overrun is nought", indicator(3, row(3, actual=0.0), name="超出概算金额"), []),
    Case("harm that costs money did none", indicator(3, row(3, actual=0.0), category="社会成本指标"), []),
    Case("a cost in per cent is nought", indicator(3, row(3, actual=0.0), name="成本超支率", unit="%", target=5.0), []),
    Case("the issued target of a cost is in yuan", indicator(3, target=15000.0), [("SCORE14", "indicator_003_target")]),
    Case("an actual is far above its target", row(1, actual=130.0), [("SCORE04", "indicator_001_actual")]),
    Case("an actual is just below the threshold", row(1, actual=129.9), []),
    Case(
        "an actual is far above its target, under a scheme that does not mind",
        row(1, actual=300.0),
        [],
        variant(over_completion={"effect": "none"}),
    ),
    Case("a cost is below nought", row(3, actual=-3.0), [("SCORE15", "indicator_003_actual")]),
    Case("a rate that may fall is below nought", indicator(3, row(3, actual=-3.0), name="成本增长率", unit="个"), []),
    Case("more than all were content", row(5, actual=112.0), [("SCORE15", "indicator_005_actual")]),
    Case("more than all was done", indicator(2, row(2, actual=110.0), name="任务完成率"), []),
    Case("a number answers a qualitative target", row(4, actual="100%"), [("SCORE06", f"{QUALITY}actual")]),
    Case("dots answer a qualitative target", row(4, actual="……"), [("SCORE06", f"{QUALITY}actual")]),
    Case("an actual repeats a qualitative target", row(4, **MET), [("SCORE07", f"{QUALITY}actual")]),
    *(
        Case(f"a qualitative actual is “{said}”", row(4, actual=said), wanted)
        for said, wanted in (
            *((said, [("SCORE07", f"{QUALITY}actual")]) for said in ("好", "完成", "已完成。", "达成预期指标")),
            *((said, []) for said in ("优", "达标", "按时完成", "完成招标", "有所改善")),
        )
    ),
    Case(
        "a percentage and the completion differ",
        row(4, actual="90%"),
        [("SCORE06", f"{QUALITY}actual"), ("SCORE08", f"{QUALITY}stated")],
    ),
    Case(
        "all targets are met to the digit",
        answered(indicators=(*EXACT, ANSWERS.indicators[3], IndicatorAnswer(actual=90.0))),
        [("SCORE09", "total_score")],
    ),
    Case(
        "a cost target is still the initial budget",
        written(
            row(3, indicator(3, target=100.0), actual=140.0, deviation_reason="年中追加了里程"),
            problems="每公里成本没有控制住，原因是年中追加了里程。",
            analysis_output="养护里程比目标多两公里；验收合格率为96%；每公里成本高于目标。",
        ),
        [("SCORE10", "indicator_003_target")],
    ),
    Case(
        "a completion above 100% is an excess",
        written(
            row(3, actual=1.8, deviation_reason="因材料涨价"),
            problems="每公里成本没有控制住，原因是材料涨价。",
            analysis_output="养护里程比目标多两公里；验收合格率为96%；每公里成本高于目标。",
        ),
        [("SCORE11", "indicator_003_completion")],
        variant(at_most={"completion": "actual_over_target"}),
    ),
)
GRADE = (
    Case("the sheet shows another grade", good(), [("GRADE01", "grade")], cells={"grade": "良"}),
    Case("the sheet shows the same grade", good(), [], cells={"grade": "优", "total_score": 100.0}),
)


def text(name: str, key: str, words: str, *codes: str) -> Case:
    """One section written otherwise, and the codes that must appear there."""
    return Case(name, written(**{key: words}), [(code, f"text_{key}") for code in codes])


LONG = "公路段成立养护小组，逐月检查县道乡道的路面质量、排水设施和安全标志，发现问题三日内处理并做好记录备查。"
LOST = written(
    row(1, actual=90.0, deviation_reason="因机械不足"),
    problems="养护里程没有达到目标，原因是养护机械不足。",
    analysis_output="养护里程九十公里；验收合格率为96%；每公里成本1.45万元。",
)
DEAR = written(
    row(3, actual=1.8, deviation_reason="因材料涨价"),
    problems="每公里成本没有控制住，原因是材料涨价。",
    analysis_output="养护里程比目标多两公里；验收合格率为96%；每公里成本高于目标。",
)
TEXT = (
    text("a section is blank", "overview", "", "TEXT01"),
    text(
        "a prompt is left standing", "goal_actual", "对照年度总体目标写全年实际完成情况。", "TEXT02"
    ),
    text(
        "another section's prompt is left standing before the text",
        "overview",
        "针对问题提出具体措施、责任和期限。县公路段承担全县农村公路的日常养护，资金由县财政解决。",
        "TEXT02",
    ),
    Case(
        "the prompt of the reason is left standing",
        written(
            row(1, actual=90.0, deviation_reason="得分低于分值的指标，须写明原因和改进措施；其他的不用写。"),
            problems="养护里程没有达到目标，原因是养护机械不足。",
        ),
        [("TEXT02", "indicator_001_deviation_reason")],
    ),
    text("the year is last year's", "goal_actual", "截至2023年12月31日，养护任务已经做完，路面平整达标，完成较好。", "TEXT03"),
    text(
        "the year is last year's in every sentence: one finding", "goal_actual",
        "截至2023年12月31日，养护任务已经完成。截至2023年12月31日，资金全部支付。", "TEXT03",
    ),
    text("the year of a plan is another", "suggestions", "计划到2025年12月31日前完成两条乡道的塌方治理，由公路段负责。"),
    text("the year of money carried over is another", "analysis_execution", "截至2023年12月31日结转资金零元；2024年执行率100%。"),
    text("the year of comparison is another", "analysis_benefit", "与截至2023年底的完成数相比，通行条件好转，投诉减少三成。"),
    text(
        "an amount is not in the table",
        "analysis_execution",
        "全年预算160万元，预算执行率100%，按进度拨付。",
        "TEXT04",
    ),
    text(
        "an amount in yuan is called 万元",
        "analysis_execution",
        "全年预算1500000万元，实际到位150万元，实际支出150万元，预算执行率100%。",
        "TEXT21",
    ),
    text("an amount is given in yuan", "analysis_execution", "全年预算1500000元，执行率100%，按进度拨付。"),
    text("an amount is given in 亿元", "analysis_execution", "全年预算0.015亿元，执行率100%，按进度拨付。"),
    text("an amount is a part of the spending", "analysis_execution", "执行率100%，其中实际支出沥青款66万元，人工款84万元。"),
    text("an amount was added in the year", "analysis_execution", "年初预算100万元，年中追加50万元，执行率100%。"),
    text("a need is above all amounts", "overview", "县公路段承担农村公路养护，2024年所需养护经费为300万元。", "TEXT04"),
    text(
        "a total of several years is above the year's",
        "overview",
        "项目周期为2023年至2025年三年，预算共500万元，用于农村公路养护。",
        "TEXT06",
    ),
    text("a contract is below the budget", "overview", "县公路段承担农村公路养护，2024年合同金额为96万元。"),
    Case(
        "two sections are the same",
        written(organization=LONG, suggestions=LONG),
        [("TEXT05", "text_suggestions")],
    ),
    Case(
        "two sections are nearly the same",
        written(organization=LONG, suggestions=LONG.replace("逐月", "按月")),
        [("TEXT05", "text_suggestions")],
    ),
    Case(
        "a sentence stands in two sections",
        written(organization=LONG + "支出专账管理。", suggestions=LONG + "由公路段在三月底前增租一台装载机，专人管护。"),
        [("TEXT08", "text_suggestions")],
    ),
    text("a rate is cut off, not rounded", "analysis_execution", "执行率为99.99%，按进度拨付资金。", "TEXT07"),
    text("a rate is a threshold", "analysis_execution", "执行率高于95%，实际为100%，按进度拨付资金。"),
    text("a rate is last year's", "analysis_execution", "去年执行率为97%，今年为100%，按进度拨付资金。"),
    text("a text ends with a comma", "suggestions", "由公路段在三月底前增租一台装载机，专人管护，", "TEXT09"),
    text("a sentence has only a purpose", "suggestions", "为了让雨后清理更快。由公路段在三月底前增租一台装载机。", "TEXT09"),
    text("a sentence has only a rule", "organization", "支出按照专项资金管理办法的有关规定。由局机关集中核算。", "TEXT09"),
    text("a picture is announced", "analysis_benefit", "通行条件见下图，路况投诉由去年的四十件降到二十八件。", "TEXT10"),
    text("a section says 略", "organization", "略", "TEXT11"),
    text("a section is too short", "suggestions", "加强养护。", "TEXT11"),
    text("a section has nine characters", "suggestions", "公路段增租两台铲车。", "TEXT11"),
    text("a section has ten characters", "suggestions", "公路段增租一台装载机。"),
    text("nothing is a fair answer where the prompt allows it", "problems", "无"),
    text("a total is not the central one", "use_and_disclosure", "自评总分98分，结果用于安排资金，在县政府网站公开。", "TEXT12"),
    text("a total is the central one", "use_and_disclosure", "自评满分100分，总分100分，结果用于安排资金，在县政府网站公开。"),
    text("a grade is not the central one", "use_and_disclosure", "评价等级为良，结果用于安排资金，在县政府网站公开。", "TEXT12"),
    text("a word is no grade", "use_and_disclosure", "自评结果为优化养护资金安排提供参考，在县政府网站公开。"),
    text("the points of a dimension are not the computed ones", "use_and_disclosure", "产出指标得分45分，结果用于安排资金，在县政府网站公开。", "TEXT22"),
    text("a section is silent on its question", "use_and_disclosure", "本次自评由公路段组织，局财务科汇总上报。", "TEXT23"),
    text("months have no year", "overview", "县公路段于3-11月承担农村公路的日常养护，资金由县财政解决。", "TEXT13"),
    Case(
        "the year is never named",
        written(**{key: words.replace("2024年", "") for key, words in TEXTS.items()}),
        [("TEXT13", "text_overview")],
    ),
    text("the problems name no problem", "problems", "做好乡道雨后塌方清理，把机械用好管好。", "TEXT14"),
    text("satisfaction has no data", "analysis_satisfaction", "沿线群众都说路好走了，对养护满意。", "TEXT15"),
    text("a rate is said to fall without a figure", "analysis_benefit", "通行条件改善，事故率大幅下降，沿线群众受益。", "TEXT15"),
    Case(
        "the text says that all is done",
        written(LOST, goal_actual="2024年各项绩效目标已全部完成，路面平整达标。"),
        [("TEXT16", "text_goal_actual")],
    ),
    Case(
        "the text says that the rest is done",
        written(LOST, goal_actual="2024年除养护里程外，各项绩效目标已全部完成，路面平整达标。"),
        [],
    ),
    Case(
        "the text says that all will be done",
        written(LOST, suggestions="下一步由公路段增租机械，确保年度目标全部完成，并把成本控制在预算以内。"),
        [],
    ),
    Case(
        "the text says that costs were saved",
        written(DEAR, analysis_output="养护里程比目标多两公里；验收合格率为96%；每公里成本低于目标。"),
        [("TEXT16", "text_analysis_output")],
    ),
    Case(
        "a delay is admitted in one place and denied in another",
        written(analysis_output=TEXTS["analysis_output"] + "两条乡道推迟到十二月开工。", goal_actual="2024年养护任务按时完成，合格率96%。"),
        [("TEXT17", "text_analysis_output")],
    ),
    text("a delay is denied", "analysis_benefit", "没有出现工期延期，通行条件按时完成改善，投诉减少三成。"),
    Case(
        "one place says unfinished, another all finished",
        written(analysis_output=TEXTS["analysis_output"] + "一条乡道尚未验收。", goal_actual="2024年年度目标已全部完成，合格率96%。"),
        [("TEXT17", "text_analysis_output")],
    ),
    Case(
        "the text hedges where the marks are full",
        written(analysis_satisfaction="十二月在六个乡镇发放问卷300份，满意度92%，群众基本满意。"),
        [("TEXT17", "text_analysis_satisfaction")],
    ),
    text("a name is misspelt", "organization", "依据中国人民共和国公路法，公路段按月检查路面质量，专账核算。", "TEXT18"),
    text("quotation marks are reversed", "organization", "公路段开展”四好农村路“检查，按月评定路面质量。", "TEXT18"),
    text("numbering changes its form", "organization", "一是按月检查；二是专账核算，集中支付；三、及时公开养护记录。", "TEXT18"),
    text("words of the application are kept", "overview", "2024年拟购置装载机一台，养护范围为十二个乡镇的县道和乡道。", "TEXT19"),
    text("an indicator is not spoken of", "analysis_benefit", "路况投诉由去年的四十件降到二十八件。", "TEXT20"),
)  # fmt: skip
CASES = (*FILL, *FUND, *WEIGHT, *SCORE, *GRADE, *TEXT)
