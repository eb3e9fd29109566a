"""What the report on all projects of a department says: it adds up, counts, ranks and averages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from workbook_tools.findings import CODES, Family, Severity
from workbook_tools.model import Measure, Source
from workbook_tools.report_figures import amount, dimension_points, figure, money, percent
from workbook_tools.results import FindingRow, MissingRow, ProjectRow, ReviewResult
from workbook_tools.rules.scheme import Scheme
from workbook_tools.values import number_text, percent_text
from workbook_tools.word.text import Names, one_line

COMMON_FINDINGS = 10
"""So many of the most common findings are listed for a department."""


def department_values(result: ReviewResult, department: str, schemes: Mapping[str, Scheme]) -> dict[str, object]:
    """Every tag of the department's form."""
    projects = [project for project in result.projects if project.department == department]
    missing = [row for row in result.missing if row.department == department]
    return {
        "部门": one_line(department),
        "年度": str(result.year),
        "应报数": len(projects) + len(missing),
        "已报数": len(projects),
        "未报数": len(missing),
        **_money_values(projects, schemes),
        **_score_values(projects),
        "核定数": sum(project.reviewed for project in projects),
        "等级分布": list(_grade_rows(projects, schemes)),
        "项目表": [_overview_row(number, project) for number, project in enumerate(projects, 1)],
        "失分表": list(_lost_rows(projects)),
        "共性问题": list(_common_findings(result, {project.code for project in projects})),
        "未报送": [_missing_row(row) for row in missing],
    }


def _money_values(projects: Sequence[ProjectRow], schemes: Mapping[str, Scheme]) -> dict[str, object]:
    """Sums, and the execution rate of all projects together, which weighs each by its budget."""
    budgets = [money(p, Measure.ANNUAL_BUDGET, Source.TOTAL) for p in projects]
    executed = [money(p, Measure.EXECUTED, Source.TOTAL) for p in projects]
    pairs = [
        (base, spent)
        for project, spent in zip(projects, executed, strict=True)
        if (base := money(project, schemes[project.scheme].execution.base_measure, Source.TOTAL)) is not None
        and spent is not None
    ]
    base = sum(base for base, _ in pairs)
    return {
        "预算合计": number_text(sum(amount or 0 for amount in budgets)),
        "执行合计": number_text(sum(amount or 0 for amount in executed)),
        "平均执行率": percent_text(sum(spent for _, spent in pairs) / base) if base else "",
        "未计入数": len(projects) - len(pairs),
    }


def _score_values(projects: Sequence[ProjectRow]) -> dict[str, object]:
    totals = [project.final_total for project in projects if project.final_total is not None]
    return {
        "有分数": len(totals),
        "无分数": len(projects) - len(totals),
        "平均分": number_text(round(sum(totals) / len(totals), 2)) if totals else "",
        "最高分": number_text(max(totals)) if totals else "",
        "最低分": number_text(min(totals)) if totals else "",
    }


def _grade_rows(projects: Sequence[ProjectRow], schemes: Mapping[str, Scheme]) -> Iterator[Names]:
    """Each grade of the schemes in use, from the best, with the number and share of its projects."""
    counts = Counter(project.final_grade for project in projects)
    used = dict.fromkeys(project.scheme for project in projects)
    names = dict.fromkeys(band.name for scheme in used for band in schemes[scheme].grading.bands)
    for grade in dict.fromkeys((*names, *counts)):
        share = percent_text(counts[grade] / len(projects))
        yield Names("行", {"名称": grade or "未得出等级", "项目数": counts[grade], "占比": share})


def _overview_row(number: int, project: ProjectRow) -> Names:
    return Names(
        "行",
        {
            "序号": number,
            "项目编码": one_line(project.code),
            "项目名称": one_line(project.name),
            "实施单位": one_line(project.unit),
            **{measure.label: amount(project, measure, Source.TOTAL) for measure in Measure},
            "预算执行率": percent(project.execution_rate),
            "总分": figure(project.final_total) or "—",
            "等级": project.final_grade or "—",
        },
    )


def _lost_rows(projects: Sequence[ProjectRow]) -> Iterator[Names]:
    """Points lost per dimension, over the projects that have a total."""
    points: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for project in projects:
        if project.final_total is not None:
            for name, weight, score in dimension_points(project):
                if score is not None:
                    points[name].append((weight, score))
    for name, pairs in points.items():
        weight, score = sum(weight for weight, _ in pairs), sum(score for _, score in pairs)
        yield Names("行", {"名称": name, "项目数": len(pairs), "分值": weight, "得分": score, "失分": weight - score})


def _common_findings(result: ReviewResult, codes: Collection[str]) -> Iterator[Names]:
    """The errors and warnings found most often in these projects."""
    found: defaultdict[str, list[FindingRow]] = defaultdict(list)
    for finding in result.findings:
        own = finding.project_code in codes and not finding.code.startswith(Family.REVIEW)
        if own and finding.severity is not Severity.INFO:
            found[finding.code].append(finding)
    for code, rows in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:COMMON_FINDINGS]:
        yield Names(
            "行",
            {
                "代号": code,
                "名称": CODES[code].title if code in CODES else rows[0].message,
                "性质": rows[0].severity.label,
                "次数": len(rows),
                "项目数": len({row.project_code for row in rows}),
            },
        )


def _missing_row(row: MissingRow) -> Names:
    return Names(
        "行",
        {
            "项目编码": one_line(row.code),
            "项目名称": one_line(row.name),
            "实施单位": one_line(row.unit),
            "原因": one_line(row.reason),
        },
    )
