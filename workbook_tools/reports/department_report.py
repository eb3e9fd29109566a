"""What the report on all projects of a department says: it adds up, counts, ranks and averages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from workbook_tools.core.codes import CODES, Family, Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult, common_year
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.figures import amount, figure, money, percent
from workbook_tools.reports.losses import Loss, Sums, is_noticeable, losses, lost_by
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.rules.recorded import recorded_schemes
from workbook_tools.rules.scheme import Scheme
from workbook_tools.word.charts import BarChart
from workbook_tools.word.text import Names, one_line

COMMON_FINDINGS = 10
"""So many of the most common findings are listed for a department."""
LARGEST_LOSSES = 10
"""So many of the indicators that lost most are listed, and of the categories."""
RANKED = 5
"""So many projects are listed from the top and from the bottom where there are more than twice as many."""
CHARTED_FROM = 3
"""A chart of fewer projects says no more than the table."""
UNSCORED, NO_RATE = "未得出等级", "无法计算"


def department_values(result: ReviewResult, department: str) -> dict[str, object]:
    """Every tag of the department's form."""
    schemes = recorded_schemes(result)
    projects = [project for project in result.projects if project.department == department]
    missing = [row for row in result.missing if row.department == department]
    lost = list(losses(result, projects, schemes))
    dimensions = lost_by(lost, lambda loss: (loss.dimension,))
    ranks = _ranks(projects)
    return {
        "部门": one_line(department),
        "年度": str(common_year(projects, result.year)),
        "应报数": len(projects) + len(missing),
        "已报数": len(projects),
        "未报数": len(missing),
        **_money_values(projects),
        **_score_values(projects),
        "核定数": sum(project.reviewed for project in projects),
        "等级分布": list(_spread_rows(projects, _by_grade(projects, schemes))),
        "执行率分布": list(_spread_rows(projects, _by_execution(projects))),
        "得分分布": list(_spread_rows(projects, _by_score(projects))),
        "项目表": [_overview_row(number, project, ranks) for number, project in enumerate(projects, 1)],
        "排名": list(_ranking(projects, ranks)),
        "排名数": RANKED,
        "失分表": list(_lost_rows(dimensions)),
        "类别失分": list(_lost_rows(_largest(lost_by(lost, lambda loss: (loss.dimension, loss.category))))),
        "失分最多": [_loss_row(loss) for loss in _most_lost(lost)],
        "共性问题": list(_common_findings(result, {project.code for project in projects})),
        "未报送": [_missing_row(row) for row in missing],
        "图": Names("图", _charts(projects, dimensions)),
    }


def _money_values(projects: Sequence[ProjectRow]) -> dict[str, object]:
    """Sums, and the execution rate of all projects together: the quotient of the two sums, as in 汇总."""
    budgets = [money(p, Measure.ANNUAL_BUDGET, FundingSource.TOTAL) for p in projects]
    executed = [money(p, Measure.EXECUTED, FundingSource.TOTAL) for p in projects]
    budget, spent = (sum(amount or 0 for amount in amounts) for amounts in (budgets, executed))
    return {
        "预算合计": number_text(budget),
        "执行合计": number_text(spent),
        "总执行率": percent_text(spent / budget) if budget else "",
        "未填执行数": executed.count(None),
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


# -- how the projects spread ------------------------------------------------------------------------------------------

Spread = dict[str, list[ProjectRow]]
"""Projects by the grade or band that they are in, in the order of the table."""


def _by_grade(projects: Sequence[ProjectRow], schemes: Mapping[str, Scheme]) -> Spread:
    """Each grade of the schemes in use, from the best."""
    used = dict.fromkeys(project.scheme_digest for project in projects)
    spread: Spread = {band.name: [] for digest in used for band in schemes[digest].grading.bands}
    for project in projects:
        spread.setdefault(project.final_grade or UNSCORED, []).append(project)
    return spread


def _by_execution(projects: Iterable[ProjectRow]) -> Spread:
    return _banded(projects, lambda project: project.execution_rate, EXECUTION_BANDS, EXECUTION_DECIMALS, NO_RATE)


def _by_score(projects: Iterable[ProjectRow]) -> Spread:
    return _banded(projects, lambda project: project.final_total, SCORE_BANDS, SCORE_DECIMALS, "没有得分")


def _banded(
    projects: Iterable[ProjectRow],
    value: Callable[[ProjectRow], float | None],
    bands: tuple[Band, ...],
    decimals: int,
    without: str,
) -> Spread:
    """Every band, and those without a value where there are any."""
    spread: Spread = {band.label: [] for band in bands}
    for project in projects:
        band = Band.of(value(project), bands, decimals)
        spread.setdefault(band.label if band else without, []).append(project)
    return spread


def _spread_rows(projects: Sequence[ProjectRow], spread: Spread) -> Iterator[Names]:
    """Number, share and money of the projects in each part."""
    for name, members in spread.items():
        amounts = {
            measure.label: number_text(sum(money(p, measure, FundingSource.TOTAL) or 0 for p in members))
            for measure in (Measure.ANNUAL_BUDGET, Measure.EXECUTED)
        }
        share = percent_text(len(members) / len(projects)) if projects else ""
        yield Names("行", {"名称": name, "项目数": len(members), "占比": share, **amounts})


# -- ranking ----------------------------------------------------------------------------------------------------------


def _ranks(projects: Iterable[ProjectRow]) -> dict[str, int]:
    """Rank of each project that has a total; equal totals share a rank, and the next ones follow after them all."""
    totals = {p.code: round(p.final_total, SCORE_DECIMALS) for p in projects if p.final_total is not None}
    above = Counter(totals.values())
    first: dict[float, int] = {}
    place = 1
    for total in sorted(above, reverse=True):
        first[total] = place
        place += above[total]
    return {code: first[total] for code, total in totals.items()}


def _ranking(projects: Sequence[ProjectRow], ranks: Mapping[str, int]) -> Iterator[Names]:
    """The ranked projects from the best; of many only the first and the last."""
    ranked = sorted((p for p in projects if p.code in ranks), key=lambda project: ranks[project.code])
    if len(ranked) > 2 * RANKED:
        ranked = [*ranked[:RANKED], *ranked[-RANKED:]]
    for number, project in enumerate(ranked, 1):
        yield _overview_row(number, project, ranks)


def _overview_row(number: int, project: ProjectRow, ranks: Mapping[str, int]) -> Names:
    return Names(
        "行",
        {
            "序号": number,
            "名次": ranks.get(project.code, "—"),
            "项目编码": one_line(project.code),
            "项目名称": one_line(project.name),
            "实施单位": one_line(project.unit),
            **{measure.label: amount(project, measure, FundingSource.TOTAL) for measure in Measure},
            "预算执行率": percent(project.execution_rate),
            "总分": figure(project.final_total) or "—",
            "等级": project.final_grade or "—",
            "错误数": project.findings.error,
            "提醒数": project.findings.warning,
        },
    )


# -- what was lost where ----------------------------------------------------------------------------------------------


def _lost_rows(groups: Mapping[tuple[str, ...], Sums]) -> Iterator[Names]:
    """Points lost in each group; the last of its names is its own."""
    for names, sums in groups.items():
        values: dict[str, object] = {
            "一级指标": one_line(names[0]),
            "名称": one_line(names[-1]),
            "项目数": len(sums.projects),
            "指标数": sums.indicators,
            "分值": sums.weight,
            "得分": sums.weight - sums.lost,
            "失分": sums.lost,
            "失分率": percent_text(sums.share),
        }
        yield Names("行", values)


def _largest(groups: Mapping[tuple[str, ...], Sums]) -> dict[tuple[str, ...], Sums]:
    """The groups that lost most, without those that lost nothing."""
    ordered = sorted(groups.items(), key=lambda item: -item[1].lost)
    return {names: sums for names, sums in ordered[:LARGEST_LOSSES] if is_noticeable(sums.lost)}


def _most_lost(lost: Iterable[Loss]) -> list[Loss]:
    """The single indicators that lost most."""
    return sorted((loss for loss in lost if is_noticeable(loss.lost)), key=lambda loss: -loss.lost)[:LARGEST_LOSSES]


def _loss_row(loss: Loss) -> Names:
    return Names(
        "行",
        {
            "项目名称": one_line(loss.project.name),
            "指标": one_line(loss.indicator),
            "目标值": loss.target,
            "业绩值": loss.actual,
            "分值": loss.weight,
            "失分": loss.lost,
            "原因": one_line(loss.reason) or "未说明",
        },
    )


# -- charts -----------------------------------------------------------------------------------------------------------


def _charts(projects: Sequence[ProjectRow], dimensions: Mapping[tuple[str, ...], Sums]) -> dict[str, object]:
    """The charts, blank where there is too little to draw."""
    scored = [project for project in projects if project.final_total is not None]
    rated = [project for project in projects if project.execution_rate is not None]
    shares = BarChart(
        "各一级指标的失分率", [(names[0], sums.share) for names, sums in dimensions.items()], percent=True, lying=True
    )
    return {
        "得分分布": _counted("各得分段的项目数", _by_score(scored), len(scored)),
        "执行率分布": _counted("各预算执行率段的项目数", _by_execution(rated), len(rated)),
        "失分": shares.sign() if dimensions and len(projects) >= CHARTED_FROM else "",
    }


def _counted(title: str, spread: Spread, number: int) -> str:
    """A chart of how many of so many projects are in each part."""
    if number < CHARTED_FROM:
        return ""
    return BarChart(title, [(name, len(members)) for name, members in spread.items()]).sign()


# -- problems and missing projects ------------------------------------------------------------------------------------


def _common_findings(result: ReviewResult, codes: Collection[str]) -> Iterator[Names]:
    """The errors and warnings found most often in these projects."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
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
