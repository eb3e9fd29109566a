"""Word reports (报告): one per project in its authority's form, and one per department.

Reads the review result only and decides nothing: scores, totals and grades are printed as the review
gave them, or as finance changed them (核定), which a note then says; the department's report adds up, counts and
averages. What the tags of the forms mean is described for users in docs/报告模板.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import RATE_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import EXECUTION, Decision, IndicatorRow, ProjectRow, ReviewResult
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.files.paths import department_folder, project_file, replace_result
from workbook_tools.reports.acceptance import Acceptances, by_project, project_drafts
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.department_report import department_values
from workbook_tools.reports.drafts import Facts
from workbook_tools.reports.figures import amount, dimension_points, figure, percent
from workbook_tools.reports.forms import DEPARTMENT_FORM, find_form, form_name
from workbook_tools.rules.recorded import recorded_schemes
from workbook_tools.rules.scheme import FundingRow, Scheme
from workbook_tools.word.rendering import open_form
from workbook_tools.word.text import ABOVE, BLANK, Highlighted, Names, drafted, one_line, paragraphs

_NOT_COMPUTABLE = Highlighted("（无法计算）")
NOTHING_ACCEPTED = Acceptances()
_PLAIN_FUNDING_ROWS = tuple(
    FundingRow(source=source, label=source.label)
    for source in (FundingSource.TOTAL, FundingSource.FISCAL_SUBTOTAL, FundingSource.CARRIED_OVER, FundingSource.OTHER)
)


def project_report(
    result: ReviewResult,
    project: ProjectRow,
    form: Path | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> bytes:
    """The report of one project as .docx, in that form or in the package's form for the scheme.

    ``drafts`` says which drafts of blank texts have been accepted; without it there are none in the report. Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    scheme = recorded_schemes(result)[project.scheme_digest]
    rows = [row for row in result.indicators if row.project_code == project.code]
    findings = [row for row in result.findings if row.project_code == project.code]
    path = form if form is not None else find_form(form_name(scheme.report))
    values = _project_values(Facts(project, rows, scheme, findings), drafts)
    return open_form(path).render(values | (look or ReportAppearance()).tags())


def department_report(
    result: ReviewResult,
    department: str,
    form: Path | None = None,
    look: ReportAppearance | None = None,
) -> bytes:
    """The report on all projects of a department as .docx.

    Raises TemplateError if the form is missing or one of its tags is wrong.
    """
    path = form if form is not None else find_form(DEPARTMENT_FORM)
    return open_form(path).render(department_values(result, department) | (look or ReportAppearance()).tags())


def write_reports(
    result: ReviewResult,
    folder: Path,
    *,
    forms: Path | None = None,
    projects: Collection[str] | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
) -> Iterator[Path]:
    """Write 主管部门/编码_名称.docx for each project and 主管部门/部门汇总报告.docx, and yield each file written.

    ``forms`` is the office's folder of forms, ``look`` its choice of cover and red head, ``drafts`` as in
    :func:`project_report`; ``projects`` limits the work to these codes, and then no department's report is written.
    Raises OutputError, TemplateError.
    """
    unknown = set(projects or ()) - {project.code for project in result.projects}
    if unknown:
        raise OutputError(f"审核结果中没有这些项目，无法写报告：{'、'.join(sorted(unknown))}")
    schemes = recorded_schemes(result)
    indicators, findings = by_project(result.indicators), by_project(result.findings)
    for project in result.projects:
        if projects is None or project.code in projects:
            scheme = schemes[project.scheme_digest]
            form = open_form(find_form(form_name(scheme.report), forms))
            path = project_file(folder, project.department, project.code, project.name, ".docx")
            facts = Facts(project, indicators[project.code], scheme, findings[project.code])
            replace_result(path, form.render(_project_values(facts, drafts) | (look or ReportAppearance()).tags()))
            yield path
    if projects is None:
        names = [*(project.department for project in result.projects), *(row.department for row in result.missing)]
        for department in dict.fromkeys(names):
            path = department_folder(folder, department) / DEPARTMENT_FORM
            form_path = find_form(DEPARTMENT_FORM, forms)
            replace_result(path, department_report(result, department, form_path, look))
            yield path


# -- one project ------------------------------------------------------------------------------------------------------


def _project_values(facts: Facts, drafts: Acceptances | None) -> dict[str, object]:
    """Every tag of a project's form."""
    project, indicators, scheme = facts.project, facts.indicators, facts.scheme
    rows = _indicator_rows(project, indicators, scheme)
    execution = _execution_rows(project, scheme)
    assessed = [row for group in rows.values() for row in group]
    texts = dict(_texts(project, scheme)) | _drafted(facts, drafts)
    return {
        "项目名称": one_line(project.name),
        "项目编码": one_line(project.code),
        "主管部门": one_line(project.department),
        "实施单位": one_line(project.unit),
        "年度": str(project.year),
        "总分": figure(project.final_total),
        "总分值": number_text(scheme.weights.total),
        "等级": project.final_grade,
        "核定说明": _review_note(project, indicators),
        "预算执行率": percent(project.execution_rate),
        "执行得分": figure(project.final_execution_score),
        "执行分值": number_text(project.execution_weight),
        "自评表名称": scheme.form.title,
        "列名": Names("列名", {column.key: column.label for column in scheme.form.columns}),
        "正文": Names("正文", dict(texts)),
        "章节": _sections(texts, scheme),
        "预期目标": texts.get("goal_annual") or paragraphs(project.annual_goal),
        "目标完成": texts.get("goal_actual", ""),
        "资金": [_funding_row(project, measure) for measure in Measure],
        "合计": Names("合计", {measure.label: _total(project, measure) for measure in Measure}),
        "资金简表": list(_brief_funding(project, scheme)),
        "指标": Names("指标", {d.key: rows[d.name] for d in scheme.dimensions}),
        "执行指标": execution,
        "绩效指标": assessed,
        "自评指标": [*execution, *assessed] if assessed else [],
        "得分表": list(_points(project, scheme)),
    }


def _total(project: ProjectRow, measure: Measure) -> str:
    """A total for a sentence, where a blank would leave a hole."""
    return amount(project, measure, FundingSource.TOTAL) or (_NOT_COMPUTABLE if measure in RATE_MEASURES else BLANK)


def _funding_row(project: ProjectRow, measure: Measure) -> Names:
    amounts: dict[str, object] = {source.label: amount(project, measure, source) for source in FundingSource}
    return Names("行", {"项目": measure.label, "行次": measure.line, **amounts})


def _brief_funding(project: ProjectRow, scheme: Scheme) -> Iterator[Names]:
    """The funding block of 自评表; points stand in its first row only."""
    block = scheme.form.funding
    for place, row in enumerate(block.rows if block else _PLAIN_FUNDING_ROWS):
        values: dict[str, object] = {measure.label: amount(project, measure, row.source) for measure in Measure}
        values["名称"] = row.label
        values["分值"] = "—" if place else number_text(project.execution_weight)
        values["得分"] = "—" if place else figure(project.final_execution_score)
        yield Names("行", values)


def _texts(project: ProjectRow, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Each narrative section, by its key: as written, or marked as missing if it is required."""
    # The approved goals stand in for a goal that nobody typed again.
    approved = {"goal_annual": project.annual_goal, "goal_period": project.period_goal}
    for section in scheme.texts:
        text = paragraphs(project.texts.get(section.key, "")) or paragraphs(approved.get(section.key, ""))
        yield section.key, text or (BLANK if section.required else "")


def _drafted(facts: Facts, accepted: Acceptances | None) -> dict[str, str]:
    """The drafts for sections that were left blank, marked as such unless somebody has accepted them."""
    if accepted is None:
        return {}
    return {
        draft.section: draft.text if accepted.holds(draft) else drafted(draft.text) for draft in project_drafts(facts)
    }


def _sections(texts: Mapping[str, str], scheme: Scheme) -> Names:
    """All sections for forms that fit any scheme: sheet → groups → sections."""
    sheets: dict[str, dict[str, list[Names]]] = {"基本情况": {}, "绩效分析": {}}
    for section in scheme.texts:
        entry = Names("节", {"标题": section.label, "内容": texts[section.key]})
        sheets[section.sheet].setdefault(section.group or section.label, []).append(entry)
    return Names(
        "章节",
        {
            sheet: [Names("组", {"标题": title, "各节": entries}) for title, entries in groups.items()]
            for sheet, groups in sheets.items()
        },
    )


def _execution_rows(project: ProjectRow, scheme: Scheme) -> list[Names]:
    """The execution rate as a row of the indicator table; none if the scheme gives it no points."""
    if not project.execution_weight:
        return []
    row = scheme.form.execution_row
    rate = percent(project.execution_rate)
    return [
        Names(
            "行",
            {
                "一级指标": row.dimension if row else EXECUTION,
                "一级权重": number_text(project.execution_weight),
                "二级指标": row.category if row else EXECUTION,
                "三级指标": row.name if row else Measure.EXECUTION_RATE.label,
                "指标性质": "",
                "计量单位": "",
                "权重": number_text(project.execution_weight),
                "目标值": percent_text(1),
                "业绩值": rate,
                "完成率": rate,
                "得分": figure(project.final_execution_score),
                "原因": paragraphs(project.execution_reason),
            },
        )
    ]


def _indicator_rows(
    project: ProjectRow, indicators: Sequence[IndicatorRow], scheme: Scheme
) -> defaultdict[str, list[Names]]:
    """Rows of the indicator table by dimension, in the scheme's order; unknown dimensions come last."""
    groups: defaultdict[str, list[Names]] = defaultdict(list, {d.name: [] for d in scheme.dimensions})
    category = dict.fromkeys(groups, "")
    for indicator in indicators:
        known = scheme.dimension(indicator.dimension)
        dimension = known.name if known else indicator.dimension
        group = groups[dimension]
        repeated = bool(group) and indicator.category == category[dimension] != ""
        category[dimension] = indicator.category
        group.append(
            Names(
                "行",
                {
                    "一级指标": ABOVE if group else one_line(dimension),
                    "一级权重": figure(project.weights.get(dimension)),
                    "二级指标": ABOVE if repeated else one_line(indicator.category),
                    "三级指标": one_line(indicator.name),
                    "指标性质": indicator.direction.symbol,
                    "计量单位": one_line(indicator.unit),
                    "权重": figure(indicator.weight),
                    "目标值": indicator.target_text,
                    "业绩值": indicator.actual_text or indicator.tier,
                    "完成率": percent(indicator.completion),
                    "得分": figure(indicator.final_score),
                    "原因": paragraphs(indicator.deviation_reason),
                },
            )
        )
    return groups


def _points(project: ProjectRow, scheme: Scheme) -> Iterator[Names]:
    """Points per dimension and in total."""
    for name, weight, score in dimension_points(project):
        yield Names("行", {"名称": name, "分值": number_text(weight), "得分": figure(score)})
    total = {"名称": "合计", "分值": number_text(scheme.weights.total), "得分": figure(project.final_total)}
    yield Names("行", dict(total))


def _review_note(project: ProjectRow, indicators: Sequence[IndicatorRow]) -> str:
    """Which points finance has changed, and why; nothing where it changed none."""
    if not project.reviewed:
        return ""
    named: list[tuple[str, float | None, Decision]] = [(row.name, row.score, row) for row in indicators]
    if project.execution_weight:
        named.insert(0, (Measure.EXECUTION_RATE.label, project.execution_score, project.execution_review))
    changes = [
        f"{one_line(name)}{_computed(score)}，核定{figure(decision.reviewed_score)}分（{one_line(decision.review_reason)}）"
        for name, score, decision in named
        if decision.reviewed_score is not None
    ]
    total = f"总分{_computed(project.total_score)}，核定后{figure(project.final_total)}分"
    return f"注：本报告的得分经财政部门核定。{'；'.join(changes)}；{total}。"


def _computed(score: float | None) -> str:
    return "原没有得分" if score is None else f"原计{figure(score)}分"
