"""The reports on several projects: what they say of the demo, and that they say nothing empty of any campaign."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document
from group_report_texts import GOLDEN, LOOK, list_lines, write_demo_texts
from hypothesis import given, settings
from hypothesis import strategies as st
from made_demo import show_demo
from office import (
    convert_with_libreoffice,
    pdf_text,
    requires_libreoffice,
    requires_pdftotext,
)
from result_builder import DIMENSIONS, finding_row, funding, indicators, pending, project, result, unscored
from written_documents import list_campaigns, long_campaign

from workbook_tools.campaign.report_texts import BRIEF_ROOM
from workbook_tools.core.codes import Severity
from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult
from workbook_tools.reports.acceptance import Acceptances, EditedText
from workbook_tools.reports.filling import render_group_report
from workbook_tools.reports.found_forms import BRIEF_FORM, DEPARTMENT_FORM, WHOLE_FORM
from workbook_tools.reports.group_drafts import BRIEF_SECTIONS, DEPARTMENT_SECTIONS
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_texts import find_group_drafts, list_group_reports
from workbook_tools.reports.part_sums import is_about_filling
from workbook_tools.reports.reason_kinds import KINDS, OTHER, find_kind
from workbook_tools.reports.writing import write_reports
from workbook_tools.rules.recorded import restore_schemes


def own(number: int, **changes: object) -> ProjectRow:
    return project(number, **{"department": "公安局", **changes})


def lines_of(found: ReviewResult, form: str, department: str | None = None) -> list[str]:
    return list_lines(render_group_report(found, form, department, look=LOOK))


def drafts_of(found: ReviewResult, department: str = "公安局") -> dict[str, str]:
    campaign = CampaignFacts(found, restore_schemes(found))
    facts = campaign.find_department(department)
    return {section.key: "\n".join(section.write(facts)) for section in DEPARTMENT_SECTIONS}


def test_the_reports_of_the_demo_say_what_they_have_always_said() -> None:
    assert write_demo_texts(show_demo().result) == GOLDEN.read_text("utf-8")


# -- any campaign -----------------------------------------------------------------------------------------------------

MONEY = st.one_of(st.none(), st.sampled_from([0.0, 0.1, 33.333333, 100.0, 12345.678901]))
HOLES = re.compile(
    r"None|nan|\{\{|[，、：；（“]。|，，|：；|（）|“”|合计万元|资金万元|率[，。]|(?:平均|最高|最低|得分)分[，。]|共个|\D个项目"
)


@st.composite
def campaigns(draw: st.DrawFn) -> ReviewResult:
    """A few departments with any number of projects, of which some are not complete, not scored, without money or absent."""
    rows, gone = [], []
    for number in range(draw(st.integers(0, 6))):
        department = draw(st.sampled_from(["公安局", "教育局", "某县" + "长" * 90 + "局", ""]))
        make = draw(st.sampled_from([project, project, pending, unscored]))
        budget, spent = draw(MONEY), draw(MONEY)
        rate = spent / budget if budget and spent is not None else None
        rows.append(make(number, department=department, funding=funding(budget, spent), execution_rate=rate))
    for number in range(draw(st.integers(0, 3))):
        department = draw(st.sampled_from(["公安局", "水利局"]))
        gone.append(MissingRow(code=f"M{number}", name=f"未报{number}", department=department, unit="某所"))
    reasons = st.sampled_from(["", "雨天多。", "今后加强", "资金未到位；改进措施：加快支付。", "原因：" + "很" * 300])
    listed = [row.model_copy(update={"deviation_reason": draw(reasons)}) for p in rows for row in indicators(p)]
    found = [finding_row(p, draw(st.sampled_from(["FILL08", "TEXT01", "CROSS02", "FILE21"]))) for p in rows]
    authority = draw(st.sampled_from(["曲沃县财政局", "张掖市财政局", "某局", ""]))
    return result(rows, indicators=tuple(listed), missing=tuple(gone), findings=tuple(found), authority=authority)


@settings(max_examples=20, deadline=None)
@given(campaigns())
def test_no_sentence_has_a_hole_and_no_table_is_empty(found: ReviewResult) -> None:
    campaign = CampaignFacts(found, restore_schemes(found), Acceptances())
    for report in list_group_reports(campaign):
        document = render_group_report(found, report.form, report.facts.department, look=LOOK)
        text = "\n".join(list_lines(document))
        assert not HOLES.search(text), (report.form, HOLES.search(text), text)
        assert all(len(table.rows) > 1 for table in Document(io.BytesIO(document)).tables)
        if len(report.facts.totals) < 2:
            assert "最高" not in text.replace("失分率最高", "").replace("平均得分最高", "")


@settings(max_examples=40, deadline=None)
@given(campaigns())
def test_every_figure_of_money_and_points_is_that_of_the_projects(found: ReviewResult) -> None:
    """Added up here once more, as the formulas of 汇总 do it."""
    for facts in CampaignFacts(found, restore_schemes(found)).departments:
        rows = [p for p in found.projects if p.department == facts.department]
        totals = [p.total_score for p in rows if p.total_score is not None and p.grade]
        assert facts.totals == totals
        budget, spent = (
            sum((p.funding[m] or {}).get("total") or 0 for p in rows)  # type: ignore[call-overload]
            for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED)
        )
        assert facts.add_up(Measure.ANNUAL_BUDGET) == pytest.approx(budget)
        assert facts.execution_rate == (pytest.approx(spent / budget) if budget else None)


# -- what the drafts say ----------------------------------------------------------------------------------------------


def test_reasons_are_added_up_by_their_kind_and_nothing_is_lost() -> None:
    rows = [own(1), own(2), own(3)]
    stated = iter(
        [
            "施工图审批推迟。",
            "上级资金下达较晚；改进措施：加快支付。",
            "",
            "无合适单位",
            "征地未完成",
            "今后加强",
            *[""] * 9,
        ]
    )
    listed = [
        row.model_copy(update={"deviation_reason": next(stated) if row.deviation_reason else ""})
        for p in rows
        for row in indicators(p)
    ]
    found = result(rows, indicators=tuple(listed), missing=())
    text = drafts_of(found)["reasons"].split("\n")
    facts = CampaignFacts(found, restore_schemes(found)).find_department("公安局")
    sums = [float(one[1]) for line in text[1:] if (one := re.search(r"项，失([\d.]+)分", line))]
    assert sum(sums) == pytest.approx(facts.sums.lost.lost, abs=0.02)
    assert any("资金下达和支付方面" in line and "原因是上级资金下达较晚" in line for line in text)
    assert sum("没有说明原因的" in line for line in text) == 1


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("受疫情影响，资金支付滞后", "不可抗力和自然条件方面"),
        ("部分合同跨年度支付", "资金下达和支付方面"),
        ("年初目标值设定偏高", "目标设定和预算编制方面"),
        ("招标流标两次", "招标采购方面"),
        ("工期延误", "实施进度方面"),
        ("无", OTHER),
    ],
)
def test_the_kind_of_a_reason(reason: str, kind: str) -> None:
    assert find_kind(reason) == kind
    assert kind in {*(one.name for one in KINDS), OTHER}


def test_what_is_the_offices_business_is_no_problem_of_the_units() -> None:
    rows = [own(1), own(2)]
    found = result(
        rows,
        missing=(),
        findings=tuple(
            finding_row(p, code, Severity.WARNING)
            for p in rows
            for code in ("CROSS02", "FILE21", "TAMPER08", "IMPORT05", "TEXT01")
        ),
    )
    assert [f.code for f in found.findings if is_about_filling(f)] == ["TEXT01", "TEXT01"]
    text = "\n".join(lines_of(found, DEPARTMENT_FORM, "公安局"))
    assert "雷同" not in text and "报送了多份" not in text
    assert "“章节空白”（2个项目）" in text


def test_what_one_project_of_several_has_is_not_common() -> None:
    rows = [own(1), own(2)]
    found = result(rows, missing=(), findings=(finding_row(rows[0], "TEXT01"),))
    assert "章节空白" not in drafts_of(found)["main_problems"]
    alone = result(rows[:1], missing=(), findings=(finding_row(rows[0], "TEXT01"),))
    assert "“章节空白”（1处）" in drafts_of(alone)["main_problems"]


def test_a_department_is_compared_only_where_there_are_others_and_names_none() -> None:
    single = result([own(1), own(2)], missing=())
    assert drafts_of(single)["comparison"] == ""
    both = result(
        [own(1, total_score=90.0), own(2, total_score=80.0), own(3, department="教育局", total_score=95.0)], missing=()
    )
    assert drafts_of(both)["comparison"].startswith(
        "平均得分在有总分的2个主管部门中居第2位，比全部项目的平均分低3.33分；"
    )
    assert "教育局" not in "\n".join(lines_of(both, DEPARTMENT_FORM, "公安局"))


def test_one_project_is_not_ranked_and_has_no_highest() -> None:
    text = "\n".join(lines_of(result([own(1)], missing=()), DEPARTMENT_FORM, "公安局"))
    assert not re.search("最高|最低|平均|名次并列|分布|两个以上", text.replace("失分率最高", ""))
    assert "第1号公共服务运行维护项目自评总得分" in text


def test_departments_and_projects_stand_as_in_the_list(tmp_path: Path) -> None:
    rows = [own(1, place=3), own(2, place=4), own(3, department="教育局", place=5)]
    gone = (MissingRow(code="M", name="未报", department="水利局", unit="某所", place=1),)
    found = result(rows, missing=gone)
    written = [path.relative_to(tmp_path).as_posix() for path in write_reports(found, tmp_path, projects=())]
    assert written == [
        "水利局/部门汇总报告.docx",
        "公安局/部门汇总报告.docx",
        "教育局/部门汇总报告.docx",
        WHOLE_FORM,
        BRIEF_FORM,
    ]
    listed = [line.split("｜")[2] for line in lines_of(found, WHOLE_FORM) if re.match(r"\d+｜XM", line)]
    assert listed == [p.name for p in rows]


def test_a_single_department_gets_no_report_on_all(tmp_path: Path) -> None:
    written = [path.name for path in write_reports(result([own(1)], missing=()), tmp_path)]
    assert written == ["XM0001_第1号公共服务运行维护项目.docx", DEPARTMENT_FORM, BRIEF_FORM]


# -- on paper ---------------------------------------------------------------------------------------------------------


def write_for_paper(folder: Path, form: str) -> list[Path]:
    paths = []
    for name, found in list_campaigns().items():
        department = None
        if form == DEPARTMENT_FORM:
            department = (found.projects or found.missing)[0].department
        path = folder / f"{name}.docx"
        path.write_bytes(render_group_report(found, form, department, look=LOOK))
        paths.append(path)
    return paths


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
def test_the_brief_is_one_page_whatever_it_says(tmp_path: Path) -> None:
    paths = write_for_paper(tmp_path, BRIEF_FORM)
    edited = [
        EditedText(year=2021, project_code="全部项目", section=section.key, text="长" * BRIEF_ROOM)
        for section in BRIEF_SECTIONS
    ]
    paths.append(tmp_path / "edited.docx")
    drafts = Acceptances().with_edited(edited)
    paths[-1].write_bytes(render_group_report(long_campaign(), BRIEF_FORM, look=LOOK, drafts=drafts))
    for pdf in convert_with_libreoffice(paths, tmp_path / "pdf", "pdf"):
        assert pdf_text(pdf).count("\f") == 1, pdf.name


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
@pytest.mark.parametrize("form", [DEPARTMENT_FORM, WHOLE_FORM])
def test_the_signature_is_never_alone_on_a_page(tmp_path: Path, form: str) -> None:
    for pdf in convert_with_libreoffice(write_for_paper(tmp_path, form), tmp_path / "pdf", "pdf"):
        (page,) = (page for page in pdf_text(pdf).split("\f") if "2024年4月20日" in "".join(page.split()))
        above = "".join(page.split()).partition("财政局2024年4月20日")[0]
        assert len(above) > 20, (pdf.name, page)


def test_a_text_that_was_written_by_hand_is_kept_when_the_figures_say_nothing_any_more() -> None:
    written = EditedText(year=2021, project_code="公安局", section="reasons", text="原因已查明。")
    kept = Acceptances().with_edited([written])
    full = own(1, scores=DIMENSIONS, total_score=100.0, execution_rate=1.0, execution_score=10.0)
    (draft,) = (draft for draft in find_group_drafts(result([full], missing=()), kept) if draft.section == "reasons")
    assert (draft.text, draft.shown) == ("", "原因已查明。")
