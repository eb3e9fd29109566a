"""Every kind of Word document that is written, with few, usual, and very long contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from builders import project as listed
from result_builder import finding_row, funding, indicators, pending, project, result, unscored
from two_years import compare

from workbook_tools.core.codes import Severity
from workbook_tools.core.review_result import IndicatorRow, MissingRow, ProjectRow, ReviewResult
from workbook_tools.form.fields import Notice
from workbook_tools.inspection.record import InspectedScore, Inspection, QualityScore
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS, InspectionFacts, InspectionSummary
from workbook_tools.inspection.sample_record import Draw, SampleRow
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.reports.acceptance import Acceptances, find_drafts
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.forms import build_forms
from workbook_tools.reports.found_forms import GROUP_FORMS, RETURN_FORM, find_form, form_name
from workbook_tools.reports.inspection_forms import INSPECTION_FORM, INSPECTION_SUMMARY
from workbook_tools.reports.issue_forms import GUIDE_PAGE, GUIDE_TAGS, ISSUE_NOTICE, ISSUE_TAGS, GuideFacts, IssueFacts
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_groups import make_public_groups
from workbook_tools.reports.public_version import make_public
from workbook_tools.reports.rectify_form import RECTIFY_FORM, RECTIFY_TAGS, RectifyFacts, RequiredMending
from workbook_tools.reports.tags import fill_tags
from workbook_tools.returns.notice import NOTICE_TAGS, NoticeFacts
from workbook_tools.returns.returned import Returned
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.word.rendering import open_form

NAME = "某县" + "很长的名称" * 19 + "项目"
"""97 characters."""
TEXT = "本项目按计划实施，各项指标均按要求完成，资金使用合规、及时、足额，社会效益明显，群众满意。" * 45
"""2,000 characters."""
LOOK = ReportAppearance(contents=False, date="2024年4月20日")
NOTICE = Notice("某县财政局", "2024年3月31日", "绩效管理股 0350-1234567")
Sized = Iterator[tuple[str, bytes]]
"""The name of a size of contents, and the document."""


def _own(number: int, **changes: object) -> ProjectRow:
    return project(number, **{"department": "公安局", **changes})


def long_campaign() -> ReviewResult:
    """Nine departments with names of 100 characters, and everything that can be wrong."""
    rows = [
        project(
            number,
            scheme=("quwo", "mof-2020", "zhangye")[number % 3],
            department="某县" + "很长的名称" * 19 + f"第{number % 9}局",
            name="项目" + "很长的名称" * 19,
            total_score=50.0 + number,
            execution_rate=0.3,
            funding=funding(123456789.12, 98765432.1),
            execution_reason="",
        )
        for number in range(18)
    ]
    rows += [pending(number, department="某县待更正局") for number in range(18, 20)]
    gone = tuple(MissingRow(code=f"M{n}", name="未报" * 40, department="某县水利局", unit="某所") for n in range(20))
    found = tuple(
        finding_row(p, code, Severity.ERROR) for p in rows for code in ("FILL08", "FILL21", "TEXT05", "SCORE02")
    )
    return result(rows, missing=gone, findings=found, authority="某某某某某某某某自治县财政局")


def list_campaigns() -> dict[str, ReviewResult]:
    gone = (MissingRow(code="M", name="未报", department="水利局", unit="某所"),)
    return {
        "usual": result([project(number) for number in range(12)]),
        "long": long_campaign(),
        "one": result([_own(1)], missing=()),
        "nothing": result([], missing=gone, findings=()),
        "two years": compare(result([project(number) for number in range(12)])),
    }


def list_projects(scheme: str) -> dict[str, ReviewResult]:
    """Results of one project: blank, usual, and as long as they come with 30 indicators."""
    usual = project(1, scheme=scheme)
    texts = dict.fromkeys(usual.texts, TEXT)
    long = project(2, scheme=scheme, name=NAME, unit=NAME, department=NAME, texts=texts, execution_reason=TEXT)
    nine = indicators(long)
    rows = [_lengthen(nine[number % 9], number) for number in range(30)]
    return {
        "blank": result([unscored(3, scheme=scheme)], missing=(), findings=()),
        "usual": result([usual], missing=()),
        "long": result([long], missing=(), indicators=tuple(rows)),
    }


def _lengthen(row: IndicatorRow, number: int) -> IndicatorRow:
    return row.model_copy(update={"name": f"{NAME}{number}", "deviation_reason": TEXT[:300]})


def _write_project(form: str) -> Sized:
    scheme = next(
        s
        for s in ("quwo", "zhangye", "mof-2020")
        if form_name({"quwo": "曲沃", "zhangye": "张掖"}.get(s, "财政部")) == form
    )
    for size, found in list_projects(scheme).items():
        yield size, render_project_report(found, found.projects[0], look=LOOK)
        accepted = Acceptances().with_these(find_drafts(found, Acceptances()), "王强", "2024-04-20 10:00")
        facts = ProjectFacts(
            found.projects[0], found.indicators, restore_schemes(found)[found.projects[0].scheme_digest], (), accepted
        )
        yield f"{size}-public", make_public(facts).write_report(find_form(form), LOOK)


def _write_group(form: str) -> Sized:
    for size, found in list_campaigns().items():
        department = next(
            iter([*(row.department for row in found.projects), *(row.department for row in found.missing)]), ""
        )
        whose = department if form == GROUP_FORMS[0] else None
        yield size, render_group_report(found, form, whose, look=LOOK)
        schemes = restore_schemes(found)
        rows = {row.code: [one for one in found.indicators if one.project_code == row.code] for row in found.projects}
        versions = {
            row.code: make_public(ProjectFacts(row, rows[row.code], schemes[row.scheme_digest]))
            for row in found.projects
        }
        for group in make_public_groups(found, versions, schemes, Acceptances(), {form}):
            yield f"{size}-public", group.write(find_form(form), LOOK)
            break


def _write_issue_notice(form: str) -> Sized:
    few, many = [listed()], [listed(code=f"P{number:03}", name=NAME, unit=NAME) for number in range(30)]
    for size, projects in (("one", few), ("long", many)):
        books = [(one, f"{one.code}.xlsx") for one in projects]
        yield (
            size,
            open_form(find_form(form)).render(fill_tags(ISSUE_TAGS, IssueFacts("某县交通运输局", 2024, NOTICE, books))),
        )


def _write_guide(form: str) -> Sized:
    for size, evidence in (("usual", False), ("evidence", True)):
        yield size, open_form(find_form(form)).render(fill_tags(GUIDE_TAGS, GuideFacts(2024, NOTICE, evidence)))


def _write_return(form: str) -> Sized:
    for size in ("usual", "long"):
        found = list_campaigns()[size]
        own = {row.code: tuple(one for one in found.findings if one.project_code == row.code) for row in found.projects}
        items = [
            Returned(row.department, row.file, Path("退回通知.docx"), own[row.code], row, Path("甲.xlsx"))
            for row in found.projects
        ]
        facts = NoticeFacts(found, items, NOTICE.deadline, NOTICE.contact)
        yield size, open_form(find_form(form)).render(fill_tags(NOTICE_TAGS, facts))


def _write_rectify(form: str) -> Sized:
    """A notice of one matter and of many, the second with all that the settings can say."""
    few = [RequiredMending("农村道路养护", "P001", "审核错误", "资金表!E9：执行数大于到位数", "核对后更正。", "")]
    long = RequiredMending(
        "很长的项目名称" * 8, "P002", "失分", "指标没有完成，" * 40, "要求写得很长，" * 30, "2025年6月30日"
    )
    usual = RectifyFacts("某县公路段", "某县公路段", 2024, "某县财政局", "", "", "", "", "", 1, "甲.xlsx", few)
    yield "usual", open_form(find_form(form)).render(fill_tags(RECTIFY_TAGS, usual))
    whole = replace(
        usual,
        department="某县交通运输局",
        contact=NOTICE.contact,
        red_head="某县财政局文件",
        number="某财绩〔2025〕7号",
        date="2025年5月8日",
        due="2025年6月30日",
        round=2,
        matters=[*few, *[long] * 12],
    )
    yield "long", open_form(find_form(form)).render(fill_tags(RECTIFY_TAGS, whole))


def _write_inspection(form: str) -> Sized:
    for size, item in list_inspections().items():
        facts = InspectionFacts(2024, item)
        yield (
            size,
            open_form(find_form(form)).render(fill_tags(INSPECTION_TAGS, facts) | fill_tags(APPEARANCE_TAGS, LOOK)),
        )


def _write_inspection_summary(form: str) -> Sized:
    usual, long = list_inspections().values()
    many = [
        long.model_copy(update={"code": f"P{number:03}", "department": f"{NAME[:40]}{number % 9}"})
        for number in range(12)
    ]
    for size, done, missing in (("one", [usual], 0), ("several", [usual, long], 2), ("long", many, 12)):
        rows = [
            SampleRow(
                code=item.code, name=item.name, department=item.department, unit=item.unit, probability=0.2, drawn=True
            )
            for item in done
        ]
        rows += [
            SampleRow(code=f"M{n}", name=NAME, department="水利局", unit="某所", probability=0.2, picked="群众反映")
            for n in range(missing)
        ]
        draw = Draw(seed="42", at="2024-04-10 14:05", rule=SampleRule(), rows=tuple(rows))
        facts = InspectionSummary(2024, "某县财政局", draw, done)
        yield size, open_form(find_form(form)).render(fill_tags(SAMPLE_TAGS, facts) | fill_tags(APPEARANCE_TAGS, LOOK))


def list_inspections() -> dict[str, Inspection]:
    """One that agrees but for an indicator, and one where all differs, with long texts."""
    one = InspectedScore(
        name="养护里程",
        dimension="产出指标",
        weight=20,
        target_text="≥100公里",
        actual_text="102公里",
        value_text="50公里",
        self_score=20,
        central_score=20,
        score=10,
        difference=-10,
        evidence="验收单、现场丈量记录",
        opinion="验收单只有 50 公里，其余没有验收。",
    )
    same = one.model_copy(update={"name": "群众满意度", "score": 20, "difference": 0, "opinion": "", "evidence": ""})
    usual = Inspection(
        code="P001",
        name="农村道路养护经费",
        department="示例县交通运输局",
        unit="示例县公路段",
        reason="按风险抽中（概率 63%）：执行率 82%",
        self_total=100,
        central_total=100,
        central_grade="优",
        total=90,
        grade="优",
        difference=-10,
        scores=(one, same),
        quality=(
            QualityScore(name="按时报送", points=40, score=40),
            QualityScore(name="数据真实", points=60, score=45, note="一处与凭证不符"),
        ),
        quality_total=85,
        conclusion="自评基本真实，养护里程高估。",
        reviewer="李敏",
        date="2024年4月20日",
    )
    changes = {"name": NAME, "opinion": TEXT[:300], "evidence": TEXT[:200], "value_text": TEXT[:60]}
    rows = tuple(one.model_copy(update=changes | {"difference": 10.0 - number}) for number in range(8))
    long = usual.model_copy(
        update={
            "name": NAME,
            "unit": NAME,
            "department": NAME,
            "scores": rows,
            "quality": (),
            "quality_total": None,
            "self_total": None,
            "difference": None,
            "conclusion": TEXT,
            "reason": "指定：" + TEXT[:120],
        }
    )
    return {"usual": usual, "long": long}


MAKERS: dict[str, Callable[[str], Sized]] = {
    **{form_name(name): _write_project for name in ("曲沃", "张掖", "财政部")},
    **dict.fromkeys(GROUP_FORMS, _write_group),
    ISSUE_NOTICE: _write_issue_notice,
    GUIDE_PAGE: _write_guide,
    RETURN_FORM: _write_return,
    RECTIFY_FORM: _write_rectify,
    INSPECTION_FORM: _write_inspection,
    INSPECTION_SUMMARY: _write_inspection_summary,
}
"""By the form that a document is made in: who makes it in all sizes."""


def write_documents(folder: Path, form: str) -> list[Path]:
    """The documents made in a form, in all sizes; those for the public beside the office's own."""
    paths = []
    for size, data in MAKERS[form](form):
        paths.append(folder / f"{Path(form).stem}-{size}.docx")
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        paths[-1].write_bytes(data)
    return paths


built_forms = cache(build_forms)
"""The forms that come with the package."""
