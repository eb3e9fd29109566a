"""Hand-made review results for the tests of what is written from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import LEAF_SOURCES, Direction, FundingSource, Measure
from workbook_tools.core.review_result import FindingCounts, IndicatorRow, MissingRow, ProjectRow, ReviewResult
from workbook_tools.core.trust import Trust
from workbook_tools.rules.scheme import Scheme, builtin_schemes

DIMENSIONS = {"产出指标": 50.0, "效益指标": 30.0, "满意度指标": 10.0}
GRADES = (("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0))
HOSTILE = (
    "=1+1",
    "+A1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://example.com","x")',
    "<r>R&D \"甲\" & '乙'</r>",
    "表情😀与生僻字𠮷",
    "控制\x01字符\x1f\ufffe",
    "很长" * 100,
    "多行\r\n文字\t制表",
    "_x0041_",
    "http://example.com/a?b=c#d",
    "*?~",
)


def funding(annual: float | None, executed: float | None) -> dict[Measure, dict[FundingSource, float | None]]:
    """A funding table whose money all comes from the county."""
    rows: dict[Measure, dict[FundingSource, float | None]] = {}
    for measure, amount in (
        (Measure.INITIAL_BUDGET, annual),
        (Measure.ANNUAL_BUDGET, annual),
        (Measure.RECEIVED, executed),
        (Measure.EXECUTED, executed),
    ):
        leaves: dict[FundingSource, float | None] = dict.fromkeys(LEAF_SOURCES)
        rows[measure] = {
            **leaves,
            FundingSource.COUNTY: amount,
            FundingSource.FISCAL_SUBTOTAL: amount,
            FundingSource.TOTAL: amount,
        }
    return rows


def project(number: int, **changes: Any) -> ProjectRow:
    """A scored project; figures vary with its number."""
    annual = 100.0 + 7.35 * number
    executed = round(annual * (1 - (number % 7) / 20), 2)
    rate = executed / annual
    execution_score = round(10 * rate, 2)
    scores = {
        "产出指标": 50 - number % 11 * 2.5,
        "效益指标": 30 - number % 5 * 3.1,
        "满意度指标": 10 - number % 3 * 1.0,
    }
    total = round(execution_score + sum(scores.values()), 2)
    facts: dict[str, Any] = {
        "code": f"XM{number:04d}",
        "name": f"第{number}号公共服务运行维护项目",
        "department": ("公安局", "交通运输局", "市场监督管理局")[number % 3],
        "unit": ("局机关", "信息中心", "执法大队", "公路服务中心")[number % 4],
        "year": 2021,
        "scheme": "quwo",
        "file": f"单位{number % 4}/XM{number:04d}.xlsx",
        "funding": funding(annual, executed),
        "execution_rate": rate,
        "execution_score": execution_score,
        "execution_weight": 10,
        "execution_reason": "" if rate == 1 else "部分合同跨年度支付。",
        "execution_explanation": f"10分×{rate:.2%}＝{execution_score}分",
        "scores": scores,
        "weights": DIMENSIONS,
        "total_score": total,
        "grade": next(name for name, low in GRADES if total >= low),
        "findings": FindingCounts(error=number % 4, warning=number % 3, info=number % 2),
        "trust": Trust.CURRENT,
        "trust_reason": "",
    }
    facts |= changes
    return ProjectRow(**{"scheme_digest": builtin_schemes()[facts["scheme"]].digest, **facts})


def under(scheme: Scheme, row: ProjectRow) -> ProjectRow:
    """The project as scored under that scheme."""
    return row.model_copy(update={"scheme": scheme.id, "scheme_digest": scheme.digest})


def unscored(number: int, **changes: Any) -> ProjectRow:
    """A project that has money but no indicators, so no total."""
    nothing: dict[str, Any] = {"scores": {}, "weights": {}, "total_score": None, "grade": "", "execution_score": None}
    return project(number, **{**nothing, **changes})


def indicators(row: ProjectRow) -> list[IndicatorRow]:
    """Three indicators per dimension of the project, their scores adding up to the dimension's."""
    rows: list[IndicatorRow] = []
    for name, weight in row.weights.items():
        for i in range(3):
            share = weight / 4 * (2 if i == 0 else 1)
            lost = (weight - (row.scores[name] or 0)) if i == 0 else 0
            rows.append(
                IndicatorRow(
                    project_code=row.code,
                    dimension=name,
                    category={"产出指标": "数量指标", "效益指标": "社会效益"}.get(name, "服务对象满意度指标"),
                    name=f"{name.removesuffix('指标')}之{i + 1}",
                    direction=Direction.AT_LEAST,
                    target=95.0,
                    unit="%",
                    weight=share,
                    actual=95.0 if not lost else 80.0,
                    completion=1 - lost / share,
                    score=share - lost,
                    deviation_reason="受疫情影响，部分培训推迟到下年度举办；已列入下年度一季度计划。" if lost else "",
                    explanation=f"{share:g}分×{1 - lost / share:.2%}＝{share - lost:g}分",
                    target_text="≥95%",
                    actual_text="95%" if not lost else "80%",
                    sheet="自评表",
                    cell=f"H{10 + len(rows)}",
                )
            )
    return rows


def finding_row(
    row: ProjectRow, code: str = "FUND04", severity: Severity = Severity.WARNING, **changes: Any
) -> Finding:
    """A finding about a project."""
    facts: dict[str, Any] = {
        "code": code,
        "severity": severity,
        "project_code": row.code,
        "file": row.file,
        "sheet": "预算执行",
        "cell": "C9",
        "field": "全年执行资金·年度总金额",
        "message": "预算执行率偏低",
        "found": "85%",
        "expected": "不低于90%",
        "advice": "请说明原因。",
    }
    return Finding(**{**facts, **changes})


def result(projects: list[ProjectRow], *own: Scheme, **changes: Any) -> ReviewResult:
    """A whole result: the projects, their indicators, one finding each, two projects missing.

    Their schemes are those that come with the program, and the office's ``own``.
    """
    known = {scheme.digest: scheme for scheme in (*builtin_schemes().values(), *own)}
    facts: dict[str, Any] = {
        "schemes": {p.scheme_digest: known[p.scheme_digest].content() for p in projects},
        "scheme": "quwo",
        "year": 2021,
        "authority": "曲沃县财政局",
        "reviewed_files": len(projects),
        "projects": tuple(projects),
        "indicators": tuple(row for p in projects for row in indicators(p)),
        "findings": tuple(_findings(projects)),
        "missing": (
            MissingRow(code="XM9001", name="乡村道路养护", department="交通运输局", unit="公路服务中心"),
            MissingRow(
                code="XM9002",
                name="公共图书馆免费开放",
                department="文化和旅游局",
                unit="县图书馆",
                reason="文件打不开",
            ),
        ),
    }
    return ReviewResult(**{**facts, **changes})


def _findings(projects: list[ProjectRow]) -> list[Finding]:
    kinds = (("FUND04", Severity.WARNING), ("FILL08", Severity.ERROR), ("FILL05", Severity.INFO))
    rows = [finding_row(p, *kinds[i % 3]) for i, p in enumerate(projects)]
    if projects:
        rows.append(
            Finding(
                code="FILE03",
                severity=Severity.ERROR,
                file="坏文件.xlsx",
                message="文件已损坏或不完整",
                advice="请重新发送。",
            )
        )
    return rows


def multiply(content: ReviewResult, times: int, departments: int = 8) -> ReviewResult:
    """The result so many times over, each time with codes and names of its own, spread over so many times the departments."""
    rows = copy_rows(content, range(times), lambda name, number: f"{name}{number % departments or ''}")
    return content.model_copy(update={**rows, "reviewed_files": content.reviewed_files * times})


def copy_rows(
    content: ReviewResult, numbers: Iterable[int], name_department: Callable[[str, int], str], prefix: str = ""
) -> dict[str, tuple[Any, ...]]:
    """The rows of a result once for each number, which is a part of their codes and names; codes also begin with ``prefix``.

    Findings about no project are left out.
    """

    def copy(row: Any, number: int) -> Any:
        key = "code" if isinstance(row, ProjectRow) else "project_code"
        changes: dict[str, Any] = {key: f"{prefix}{getattr(row, key)}-{number}"}
        if isinstance(row, ProjectRow):
            changes |= {"name": f"{row.name}（{number}）", "department": name_department(row.department, number)}
        return replace(row, **changes) if isinstance(row, Finding) else row.model_copy(update=changes)

    kinds = {
        "projects": content.projects,
        "indicators": content.indicators,
        "findings": [row for row in content.findings if row.project_code],
        "evidence": content.evidence,
    }
    return {kind: tuple(copy(row, number) for number in numbers for row in rows) for kind, rows in kinds.items()}


def hostile(text: str, number: int = 1) -> ProjectRow:
    """A project all of whose texts are ``text``."""
    return project(
        number,
        code=text,
        name=text,
        department=text,
        unit=text,
        file=text,
        execution_reason=text,
        execution_explanation=text,
    )


def pending(number: int, **changes: Any) -> ProjectRow:
    """A project whose form is not complete: it has a sum so far and no grade."""
    facts = {"grade": "", "complete": False, "pending_reason": "有指标没有填业绩值"}
    return project(number, **{**facts, **changes})
