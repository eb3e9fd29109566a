"""Drafts: what the figures say and nothing else, marked until accepted, never in place of the unit's own words."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from hypothesis import given, settings
from hypothesis import strategies as st
from result_builder import finding_row, indicators, project, result
from typer.testing import CliRunner

from workbook_tools.commands.main import app
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Direction, FundingSource, Measure, Project
from workbook_tools.core.review_result import IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.form.fields import Notice
from workbook_tools.form.layout import build_layout
from workbook_tools.reports import drafts as module
from workbook_tools.reports.acceptance import FILE_NAME, Acceptances, find_drafts, read_acceptances
from workbook_tools.reports.drafts import WRITERS, Facts, write_drafts
from workbook_tools.reports.filling import render_project_report
from workbook_tools.reports.formatting import DRAFT, OUTDATED
from workbook_tools.reports.phrases import Outcome, find_cause, find_measures, judge_outcome
from workbook_tools.results.json_file import write_json
from workbook_tools.rules.form_settings import Draft
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.rules.scheme_check import check_scheme

QUWO, ZHANGYE, SICHUAN = (builtin_schemes()[name] for name in ("quwo", "zhangye", "sichuan"))


def row(name: str, dimension: str = "产出指标", category: str = "数量指标", **facts: Any) -> IndicatorRow:
    given_facts: dict[str, Any] = {
        "project_code": "XM0001",
        "direction": Direction.AT_LEAST,
        "unit": "人次",
        "target": 50.0,
        "actual": 50.0,
        "target_text": "≥50人次",
        "actual_text": "50人次",
        "weight": 10.0,
        "score": 10.0,
        "completion": 1.0,
    } | facts
    return IndicatorRow(dimension=dimension, category=category, name=name, **given_facts)


def money(**amounts: float) -> dict[Measure, dict[FundingSource, float | None]]:
    return {Measure(name): {FundingSource.TOTAL: amount} for name, amount in amounts.items()}


def drafted(rows: list[IndicatorRow], scheme: Scheme = QUWO, **facts: Any) -> dict[str, str]:
    return write_drafts(Facts(project(1, **{"execution_reason": "", **facts}), rows, scheme))


MISSED = row(
    "培训人次",
    actual=30.0,
    actual_text="30人次",
    score=6.0,
    completion=0.6,
    deviation_reason="受疫情影响，部分培训推迟。改进措施：列入下年度一季度计划。",
)


# -- what is written --------------------------------------------------------------------------------------------------


def test_each_indicator_is_set_against_its_target() -> None:
    rows = [
        MISSED,
        row("设备台数", actual=53.0, actual_text="53人次"),
        row("合格率", category="质量指标", unit="%", target=95.0, actual=90.5, target_text="≥95%", actual_text="90.5%",
            score=9.53),
        row("成本", category="成本指标", direction=Direction.AT_MOST, target=10.0, actual=26.0, unit="万元",
            target_text="≤10万元", actual_text="26万元", score=0.0),
        row("验收", category="质量指标", direction=Direction.QUALITATIVE, target="合格", actual=None, tier="部分达成",
            target_text="合格", actual_text="", completion=0.7, score=7.0),
        row("没填", actual=None, actual_text="", score=None, completion=None),
        row("不做了", applicable=False),
    ]  # fmt: skip
    assert drafted(rows)["analysis_output"].split("\n") == [
        "产出指标共6项。达到目标1项，未达到目标4项，不能判断是否达到目标1项。",
        "数量指标。培训人次：目标值≥50人次，完成值30人次，未达到目标，相差20人次；分值10分，得6分，失4分。"
        "原因：受疫情影响，部分培训推迟。改进措施：列入下年度一季度计划。"
        "设备台数：目标值≥50人次，完成值53人次，超过目标3人次；分值10分，得10分。"
        "没填：目标值≥50人次，完成值未填报；未得出得分。",
        "质量指标。合格率：目标值≥95%，完成值90.5%，未达到目标，相差4.5个百分点；分值10分，得9.53分，失0.47分。"
        "验收：目标值合格，完成值部分达成，未达到目标，完成率70%；分值10分，得7分，失3分。",
        "成本指标。成本：目标值≤10万元，完成值26万元，未达到目标，超出目标值16万元；分值10分，得0分，失10分。",
    ]


def test_without_a_unit_the_distance_is_the_completion() -> None:
    rows = [MISSED.model_copy(update={"unit": "", "deviation_reason": ""}), row("乙", unit="", actual=53.0)]
    assert "培训人次：目标值≥50人次，完成值30人次，未达到目标，完成率60%；" in drafted(rows)["analysis_output"]
    assert "超过目标；" in drafted(rows)["analysis_output"]


def test_a_single_indicator_needs_no_summary() -> None:
    assert drafted([row("甲")])["analysis_output"] == "甲：目标值≥50人次，完成值50人次，达到目标；分值10分，得10分。"


def test_money_is_told_with_its_sources_and_what_it_earned() -> None:
    facts = money(annual_budget=30, received=30, executed=26.005, balance=3.995, arrival_rate=1)
    facts[Measure.ANNUAL_BUDGET] |= {FundingSource.PROVINCIAL: 20.0, FundingSource.COUNTY: 10.0}
    text = drafted(
        [], funding=facts, execution_rate=26 / 30, execution_score=8.67, execution_reason="原因：年初预算偏大。"
    )["analysis_execution"]
    assert text.split("\n") == [
        "全年预算资金30万元（省级20万元、县区级10万元），实际到位资金30万元，预算到位率100%。",
        "全年执行资金26万元，预算执行率86.67%，资金结余4万元。预算执行率分值10分，得8.67分，失1.33分。原因：年初预算偏大。",
    ]


def test_a_budget_of_zero_has_no_rate() -> None:
    facts = money(annual_budget=0, executed=0)
    text = drafted([], funding=facts, execution_rate=None, execution_score=None)["analysis_execution"]
    assert text == "全年预算资金0万元，全年执行资金0万元，全年预算资金为0，不计算预算执行率。"


@pytest.mark.parametrize(
    ("annual", "told"), [(40.0, "年中调增10万元"), (25.5, "年中调减4.5万元"), (30.0, "年中没有增减")]
)
def test_the_change_of_the_budget(annual: float, told: str) -> None:
    text = drafted([], SICHUAN, funding=money(initial_budget=30, annual_budget=annual))["budget_change"]
    assert text.endswith(f"，{told}。")


def test_problems_are_what_was_lost_with_the_cause_and_measures_are_quoted() -> None:
    written = drafted([MISSED, row("甲")], execution_reason="年初预算偏大，今后合理编制预算。")
    assert written["problems"].split("\n") == [
        "1. 预算执行率95%，失0.5分。原因：年初预算偏大。",
        "2. 培训人次：目标值≥50人次，完成值30人次，未达到目标，相差20人次，失4分。原因：受疫情影响，部分培训推迟。",
    ]
    assert written["suggestions"].split("\n") == [
        "1. 针对预算执行率：今后合理编制预算。",
        "2. 针对培训人次：列入下年度一季度计划。",
    ]


def test_without_announced_measures_there_are_no_suggestions() -> None:
    assert "suggestions" not in drafted([MISSED.model_copy(update={"deviation_reason": "设备维修后继续使用。"})])


@pytest.mark.parametrize(
    ("reason", "why", "how"),
    [
        ("年初批复数偏小，今后合理编制预算", "年初批复数偏小", "今后合理编制预算"),
        ("原因：雨天多；改进措施：提前施工。", "雨天多", "提前施工"),
        ("雨天多。\n下一步改进措施是早开工", "雨天多", "早开工"),
        ("措施不力", "措施不力", ""),
        ("工期紧，后续资金未到位，后续将争取资金", "工期紧，后续资金未到位", "后续将争取资金"),
        ("今后继续降低事故", "", "今后继续降低事故"),
    ],
)
def test_cause_and_measures_are_told_apart_where_measures_are_announced(reason: str, why: str, how: str) -> None:
    assert (find_cause(reason), find_measures(reason)) == (why, how)


def test_nothing_lost_is_said_only_where_all_is_known() -> None:
    full = {"execution_rate": 1.0, "execution_score": 10.0}
    assert drafted([row("甲")], **full)["problems"] == "各项绩效指标均达到目标，没有失分。"
    assert "problems" not in drafted([row("甲")], **full, total_score=None)
    assert "problems" not in drafted([], **full)
    unspent = drafted([row("甲")], execution_rate=None, execution_score=0.0)["problems"]
    assert unspent == "预算执行率无法计算，失10分。填报时没有说明原因。"


def test_findings_about_money_are_problems_and_those_about_the_form_are_not() -> None:
    own = project(1, execution_score=10.0, execution_rate=1.0)
    found = [finding_row(own, "FUND04"), finding_row(own, "FUND04"), finding_row(own, "FILL08")]
    written = write_drafts(Facts(own, [], QUWO, found))
    assert written["problems"] == f"审核时发现的问题：{module.CODES['FUND04'].title}（2处）。"


def test_reviewed_points_count_and_are_called_so() -> None:
    reviewed = row("甲").model_copy(update={"reviewed_score": 8.0})
    assert drafted([reviewed])["analysis_output"].endswith("分值10分，经核定得8分，失2分。")


def test_the_conclusion_adds_up_the_parts() -> None:
    own = {"scores": {"产出指标": 45.5}, "weights": {"产出指标": 90.0}, "total_score": 55.0, "grade": "差"}
    assert drafted([], SICHUAN, **own, execution_score=9.5)["conclusion"].split("\n") == [
        "本项目自评总得分55分（满分100分），评价等级为“差”。",
        "其中：预算执行9.5分（分值10分），产出指标45.5分（分值90分）。",
    ]


def test_the_overall_draft_names_what_was_missed() -> None:
    assert drafted([MISSED, row("甲")], ZHANGYE)["overall_completion"].split("\n") == [
        "本项目共设绩效指标2项，达到目标1项，未达到目标1项。",
        "未达到目标的是：培训人次（目标值≥50人次，完成值30人次，相差20人次）。",
    ]


# -- what is not written ----------------------------------------------------------------------------------------------


def test_every_kind_of_draft_that_a_scheme_may_ask_for_can_be_written() -> None:
    assert set(get_args(Draft)) - {"none"} == set(WRITERS)


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
def test_without_figures_there_is_no_draft(scheme: Scheme) -> None:
    empty = ProjectRow(
        code="1", name="甲", department="乙", unit="丙", year=2024, scheme=scheme.id, scheme_digest="", file="a.xlsx"
    )
    blank = row("甲", actual=None, actual_text="", score=None, completion=None)
    assert write_drafts(Facts(empty, [], scheme)) == write_drafts(Facts(empty, [blank], scheme)) == {}


_AMOUNTS = st.none() | st.floats(0, 1e5).map(lambda x: round(x, 4))
_TEXTS = st.sampled_from(["", "预算偏大", "雨天多；改进措施：早开工。", "今后加强管理\n第2条"])


@st.composite
def _rows(draw: st.DrawFn) -> IndicatorRow:
    target, actual = draw(_AMOUNTS), draw(_AMOUNTS)
    weight = draw(st.floats(0, 30).map(lambda x: round(x, 2)))
    score = draw(st.none() | st.floats(0, 1).map(lambda share: round(weight * share, 2)))
    unit = draw(st.sampled_from(["", "%", "万元", "处"]))
    dimension, category = draw(
        st.sampled_from([("产出指标", "数量指标"), ("效益", "社会效益"), ("满意度指标", "满意")])
    )
    return row(
        "指标",
        dimension,
        category,
        direction=draw(st.sampled_from(Direction)),
        target=target,
        actual=actual,
        unit=unit,
        target_text="" if target is None else f"{target}{unit}",
        actual_text="" if actual is None else f"{actual}{unit}",
        weight=weight,
        score=score,
        completion=draw(st.none() | st.floats(0, 3)),
        deviation_reason=draw(_TEXTS),
        applicable=draw(st.booleans()),
        tier=draw(st.sampled_from(["", "达成", "未达成"])),
    )


@st.composite
def _facts(draw: st.DrawFn) -> Facts:
    scheme = draw(st.sampled_from(list(builtin_schemes().values())))
    measures_of = st.fixed_dictionaries(
        dict.fromkeys((FundingSource.TOTAL, FundingSource.COUNTY, FundingSource.OTHER), _AMOUNTS)
    )
    own = project(
        1,
        code="甲",
        name="乙",
        scheme=scheme.id,
        funding=draw(st.dictionaries(st.sampled_from(Measure), measures_of)),
        execution_rate=draw(st.none() | st.floats(0, 2)),
        execution_reason=draw(_TEXTS),
        execution_score=draw(st.none() | st.floats(0, 10).map(lambda x: round(x, 2))),
        total_score=draw(st.none() | st.floats(0, 100).map(lambda x: round(x, 2))),
        texts=draw(
            st.dictionaries(st.sampled_from([t.key for t in scheme.texts]), st.sampled_from(["", " \n", "自己写的"]))
        ),
    )
    return Facts(own, draw(st.lists(_rows(), max_size=4)), scheme)


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _plain(value: float) -> set[str]:
    """A figure with two decimals at most, and as it is."""
    return {f"{value:.2f}".rstrip("0").rstrip("."), f"{float(f'{value:.12g}'):.10f}".rstrip("0").rstrip(".")}


def _numbers(facts: Facts) -> Iterator[str]:
    """Every number that the figures hold, or that follows from them by one subtraction or sum."""
    own, rows = facts.project, [r for r in facts.indicators if r.applicable]
    texts = [own.execution_reason, *(t for r in rows for t in (r.deviation_reason, r.target_text, r.actual_text))]
    yield from (number for text in texts for number in _NUMBER.findall(text))
    yield from map(str, range(len(rows) + 2))  # how many, and the number of a line
    amounts = [a for measure in own.funding.values() for a in measure.values() if a is not None]
    points = [
        own.execution_weight,
        own.execution_score,
        own.total_score,
        facts.scheme.weights.total,
        *own.weights.values(),
        *own.scores.values(),
        *(r.weight for r in rows),
        *(r.score for r in rows),
    ]
    figures = [*amounts, *(p for p in points if p is not None)]
    figures += [r.weight - r.score for r in rows if r.weight is not None and r.score is not None]
    figures += [abs(r.target - r.actual) for r in rows if isinstance(r.target, float) and isinstance(r.actual, float)]
    if own.execution_score is not None:
        figures.append(own.execution_weight - own.execution_score)
    initial, annual = (
        own.funding.get(m, {}).get(FundingSource.TOTAL) for m in (Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET)
    )
    figures.append(abs((annual or 0) - (initial or 0)))
    for groups in ([r for r in rows if r.dimension == d] for d in {r.dimension for r in rows}):
        figures += [sum(r.weight or 0 for r in groups), sum(r.score or 0 for r in groups)]
    shares = [own.execution_rate, *(own.funding.get(Measure.ARRIVAL_RATE, {}).values()), *(r.completion for r in rows)]
    figures += [share * 100 for share in shares if share is not None]
    yield from (text for figure in figures for text in _plain(figure))


@settings(max_examples=150, deadline=None)
@given(_facts())
def test_every_number_of_a_draft_occurs_in_the_figures_and_own_words_stay(facts: Facts) -> None:
    known = set(_numbers(facts))
    for key, text in write_drafts(facts).items():
        assert not facts.project.texts.get(key, "").strip()
        assert {number for number in _NUMBER.findall(text) if number not in known} == set(), text
        assert not re.search(r"nan|None|inf|[，；。：]{2}|。$\n\n", text), text


# -- what a scheme says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('draft = "indicators"', "要写明是哪些指标"),
        ('draft = "overall"\ndraft_of = ["产出指标"]', "要写明是哪些指标"),
        ('draft = "indicators"\ndraft_of = ["没有的指标"]', "不是本方案的一级或二级指标"),
        ('draft = "诗"', "draft"),
    ],
)
def test_a_wrong_wish_for_a_draft_is_told_with_its_line(setting: str, told: str) -> None:
    text = (resources.files("workbook_tools.rules") / "schemes" / "hubei.toml").read_text("utf-8")
    wrong = text.replace('draft = "overall"', setting)
    problems = [str(problem) for problem in check_scheme(wrong, "hubei.toml")]
    assert len(problems) == 1 and told in problems[0] and re.match("第1[123][0-9]行 ", problems[0])


def test_what_is_drafted_changes_nothing_that_a_unit_sees() -> None:
    """The scheme is signed whole, wishes for drafts included; the sheets are the same."""
    own = Project(code="1", name="甲", department="乙", unit="丙", year=2024)
    bare = tuple(section.model_copy(update={"draft": "none", "draft_of": ()}) for section in QUWO.texts)
    without = QUWO.model_copy(update={"texts": bare})
    wished, plain = (build_layout(own, scheme, Notice()) for scheme in (QUWO, without))
    assert list(wished.fields.values()) == list(plain.fields.values())
    assert wished.sheets == plain.sheets


# -- in the report ----------------------------------------------------------------------------------------------------


def report(found: ReviewResult, accepted: Acceptances | None) -> tuple[list[str], list[str]]:
    """The lines of the first project's report, and what is highlighted in them."""
    own = found.projects[0]
    document = Document(io.BytesIO(render_project_report(found, own, drafts=accepted)))
    marked = [
        run.text for p in document.paragraphs for run in p.runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    return [p.text for p in document.paragraphs], marked


def one_result(**facts: Any) -> ReviewResult:
    own = project(1, **facts)
    return result([own], indicators=tuple(indicators(own)), findings=())


def test_a_draft_is_marked_until_it_is_accepted_and_again_when_the_figures_change() -> None:
    found = one_result(texts={"problems": "自己写的问题"})
    own = {draft.section: draft for draft in find_drafts(found, Acceptances())}
    text = own["analysis_satisfaction"].text.split("\n")[0]
    lines, marked = report(found, Acceptances())
    assert lines[lines.index(text) - 1] == DRAFT and "自己写的问题" in lines
    assert marked.count(DRAFT) == len(own) == 4
    accepted = Acceptances().with_these([own["analysis_satisfaction"]], "王某", "2025-03-10 14:05")
    lines, marked = report(found, accepted)
    assert text in lines and marked.count(DRAFT) == 3
    rows = [r.model_copy(update={"score": 1.0}) if r.dimension == "满意度指标" else r for r in found.indicators]
    marks = report(found.model_copy(update={"indicators": tuple(rows)}), accepted)[1]
    assert (marks.count(DRAFT), marks.count(OUTDATED)) == (3, 1)
    assert accepted.without([own["analysis_satisfaction"]]) == Acceptances()


def test_without_drafts_the_report_says_that_the_text_is_missing() -> None:
    lines, marked = report(one_result(), None)
    assert not any(DRAFT in line for line in lines) and "（未填写）" in marked


def test_the_command_accepts_lists_and_takes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "审核结果.json"
    write_json(one_result(), source)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["draft", *words, "--result", str(source)], catch_exceptions=True)
        return done.output if done.exception is None else str(done.exception)

    assert "共 5 段，待确认 5 段。" in run("list", "XM0001")
    assert "草稿　全部项目　一页简报" in run("list")
    assert "已确认 2 段草稿" in run("accept", "XM0001", "problems", "产出情况及分析", "--by", "王某")
    assert "已确认　XM0001" in run("list", "XM0001") and "待确认 3 段" in run("list", "XM0001")
    stored = json.loads((tmp_path / FILE_NAME).read_text("utf-8"))["accepted"]
    assert [(item["section"], item["by"]) for item in stored] == [("analysis_output", "王某"), ("problems", "王某")]
    assert "已撤回 1 段" in run("withdraw", "XM0001", "problems")
    assert "待确认 0 段" in run("accept", "--all") + run("list")
    assert "没有这些章节的草稿：overview" in run("accept", "XM0001", "overview")
    assert "XM9 没有草稿" in run("accept", "XM9")
    assert "二者写其一" in run("accept")


def test_a_damaged_file_of_acceptances_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("{", "utf-8")
    with pytest.raises(SettingsError, match="已损坏"):
        read_acceptances(tmp_path / "审核结果.json")


@pytest.mark.parametrize(
    ("direction", "actual", "outcome"),
    [
        (Direction.AT_LEAST, 50.0, Outcome.MET),
        (Direction.AT_LEAST, 50.1, Outcome.OVER),
        (Direction.AT_LEAST, 49.9, Outcome.SHORT),
        (Direction.AT_MOST, 50.0, Outcome.MET),
        (Direction.AT_MOST, 49.9, Outcome.MET),
        (Direction.AT_MOST, 50.1, Outcome.SHORT),
        (Direction.EQUAL, 50.0, Outcome.MET),
        (Direction.EQUAL, 49.9, Outcome.SHORT),
        (Direction.EQUAL, 50.1, Outcome.SHORT),
    ],
)
def test_an_outcome_is_judged_by_its_direction(direction: Direction, actual: float, outcome: Outcome) -> None:
    assert judge_outcome(row("费用", direction=direction, actual=actual)) is outcome
