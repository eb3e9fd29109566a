"""How the workbooks of the office look: nothing is cut off, and what is worked with fits a screen of 1366×768 at 100%."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from by_department import write_by_department
from long_run import LONG
from quick_loading import load_quickly
from result_builder import finding_row, indicators, pending, project, result, under, unscored
from text_fit import COLUMNS_ON_SCREEN, GRID_HEIGHT, column_pixels, head_pixels, list_misfits

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.doubt_workbook import AskedDoubt, draw_doubts
from workbook_tools.campaign.ledger.status import LATE, StatusRow
from workbook_tools.campaign.ledger.workbook import draw_status
from workbook_tools.campaign.public_list import PublicItem, PublicReport, draw_public_list
from workbook_tools.campaign.report_texts import TextRow, draw_texts
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.codes import Severity
from workbook_tools.core.model import INPUT_MEASURES, Direction, FundingSource, Indicator, Measure, Project, ProjectList
from workbook_tools.core.review_result import (
    Decision,
    FindingCounts,
    IndicatorRow,
    MissingRow,
    ProjectRow,
    ReviewResult,
)
from workbook_tools.core.states import State
from workbook_tools.core.trust import Trust
from workbook_tools.desk.console_book import Kept, LinkTo, ProjectGrid, draw_console
from workbook_tools.legacy.words.doubts import Doubt, FormLayout, KeptReading, LayoutCell
from workbook_tools.projects import project_list_workbook
from workbook_tools.reports.acceptance import Acceptances
from workbook_tools.reports.group_texts import find_group_drafts
from workbook_tools.results.workbook import write_workbook
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary import write_form_tables, write_summaries

NAME = ("曲沃县城区道路及附属设施日常养护维修和改造提升工程项目" * 4)[:100]
TEXT = ("受疫情和连续降雨影响，部分路段施工推迟；已与施工单位签订补充协议，列入下年度一季度计划，由专人督办。" * 42)[
    :2000
]
SIZES = ("empty", "short", "usual", "long")


def judged(row: ProjectRow) -> ProjectRow:
    """With a score that finance has changed."""
    changed = {
        "reviewed_score": 5.0,
        "review_reason": "凭证不全",
        "reviewed_by": "李敏",
        "reviewed_at": "2024-03-02 10:00",
    }
    facts = {
        "execution_review": Decision(**changed),
        "reviewed_total": 80.0,
        "reviewed_grade": "良好",
        "reviewed_scores": row.scores,
    }
    return row.model_copy(update=facts)


def long_project(number: int) -> ProjectRow:
    """Everything as long as it comes."""
    return judged(
        project(
            number,
            name=NAME,
            department=NAME,
            unit=NAME,
            code=f"1410212100000000{number:04}",
            execution_reason=TEXT,
            execution_explanation=TEXT,
            first_step=TEXT,
            trust=Trust.SUPERSEDED,
            trust_reason=TEXT[:300],
            accepted_because=TEXT[:300],
            annual_goal=TEXT,
            state=State.TO_CORRECT,
            file=f"{NAME}/{NAME}.xlsx",
        )
    )


def long_indicators(row: ProjectRow) -> list[IndicatorRow]:
    """Thirty, each with a long name, and a reason of 2,000 characters."""
    nine = indicators(row)
    return [
        nine[i % 9].model_copy(
            update={
                "name": f"{NAME[:96]}{i}",
                "deviation_reason": TEXT,
                "explanation": TEXT[:500],
                "direction": Direction.QUALITATIVE,
                "target_text": NAME,
                "actual_text": NAME,
                "reviewed_score": None,
                "reviewed_by": "李敏",
            }
        )
        for i in range(30)
    ]


def result_of(size: str) -> ReviewResult:
    """A whole result, judged where there is something to judge."""
    if size == "empty":
        return result([], missing=(), findings=(), reviewed_files=0)
    if size == "short":
        return result([project(1, name="甲", unit="乙")], missing=(), findings=())
    if size == "usual":
        rows = [*map(project, range(1, 7)), judged(project(7)), pending(8), unscored(9)]
        return result(rows)
    rows = [long_project(n) for n in (1, 2)]
    found = [
        finding_row(
            row,
            severity=severity,
            message=TEXT,
            field=NAME,
            found=NAME,
            expected=NAME,
            advice=TEXT[:300],
            answer=TEXT[:500],
            project_code=row.code,
        )
        for row in rows
        for severity in Severity
    ]
    gone = [MissingRow(code="1410212100000000009", name=NAME, department=NAME, unit=NAME, reason=TEXT[:100])]
    return result(
        rows,
        missing=tuple(gone),
        findings=tuple(found),
        indicators=tuple(i for row in rows for i in long_indicators(row)),
    )


def status_rows(size: str) -> list[StatusRow]:
    count = {"empty": 0, "short": 1, "usual": 8, "long": 3}[size]
    name, text = (NAME, TEXT[:300]) if size == "long" else ("道路养护", "请单位更正“自评表”H10。")
    day = datetime(2024, 3, 1, 4, tzinfo=UTC)
    return [
        StatusRow(
            2024,
            f"P{n:03}",
            name,
            name,
            name,
            list(State)[n % 5],
            n % 2 == 0,
            text,
            issued_at=day,
            packed_at=day,
            received_at=day,
            file=f"{name}/{name}.xlsx",
            versions=n,
            findings=FindingCounts(error=n, warning=2, info=30),
            total=98.5,
            grade="优",
            returned_at=day,
            accepted_at=day,
            accepted_by="王强",
            accepted_because=text,
            trust=Trust.CURRENT,
        )
        for n in range(count)
    ]


def doubts(size: str) -> tuple[list[AskedDoubt], list[AskedDoubt]]:
    if size == "empty":
        return [], []
    long = size == "long"
    layout = FormLayout((LayoutCell("标题", NAME if long else "项目支出绩效自评表"),))
    doubt = Doubt(f"这一列是什么：{NAME if long else '年末落实数'}", ("全年预算", "全年执行"), layout)
    file = f"{NAME if long else '卫健局'}/老表.xls"
    asked = AskedDoubt(doubt, file, "Sheet1!E5", TEXT if long else "年末落实数", "全年预算", "全年执行", forms=3)
    return [asked], [AskedDoubt(doubt, file, kept=KeptReading("全年执行", "李敏", "2024-03-01", file, doubt.readings))]


def project_list(size: str) -> ProjectList | None:
    if size == "empty":
        return None
    long = size == "long"
    name = NAME if long else "道路养护"
    rows = [
        Indicator(
            dimension="产出指标", category="数量指标", name=name, weight=3.0, target=NAME if long else 12.0, unit="个"
        )
        for _ in range(30 if long else 3)
    ]
    one = Project(
        code="1410212100000000001",
        name=name,
        department=name,
        unit=name,
        year=2024,
        annual_goal=TEXT if long else "完成养护。",
        annual_budget={FundingSource.COUNTY: 1234567.89},
        indicators=tuple(rows),
    )
    return ProjectList(year=2024, authority="某县财政局", scheme="mof-2020", projects=(one,))


def _read_all(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in paths]


def _draw_results(size: str, folder: Path) -> list[tuple[str, bytes]]:
    write_workbook(result_of(size), folder / "审核结果.xlsx")
    return _read_all([folder / "审核结果.xlsx"])


def _draw_console(size: str, folder: Path) -> list[tuple[str, bytes]]:
    columns, links = 15, LinkTo("下发/甲.xlsx")
    rows: list[list[Any]] = [
        [
            r.code,
            r.name,
            r.department,
            r.unit,
            r.state.value,
            LATE[r.late],
            "2024-03-01 12:00",
            12,
            8,
            r.total,
            r.grade,
            r.first_step,
            links,
            links,
            links,
        ]
        for r in status_rows(size)
    ]
    assert all(len(row) == columns for row in rows)
    log = (("2024-03-01 12:00:00", "收表审核", "有问题", TEXT[:300]),) if size == "long" else ()
    authority = NAME if size == "long" else "某县财政局"
    campaign = Campaign.create(folder / "自评", Settings(year=2024, authority=authority, scheme="mof-2020"))
    return [
        (
            "控制台",
            draw_console(campaign, ProjectGrid("截至 2024年3月1日", rows), Kept(log=log), macros=size != "short"),
        )
    ]


def _draw_tables(size: str, folder: Path) -> list[tuple[str, bytes]]:
    (folder / "模板.xlsx").write_bytes(draw_blank_summary_form())
    return _read_all(write_form_tables(result_of(size), folder / "表", folder / "模板.xlsx")[0])


def result_under(scheme: Scheme) -> ReviewResult:
    """Everything that a scheme can show at once: money of every source, a review, self-deductions, explained 提醒, slips of the list, evidence."""
    weights = {dimension.name: dimension.weight for dimension in scheme.dimensions}
    facts: dict[str, Any] = {
        "weights": weights,
        "scores": weights,
        "total_score": 96.5,
        "grade": scheme.grading.bands[0].name,
        "findings": FindingCounts(error=12, warning=8, answered=3, info=10, of_the_list=2),
        "funding": _funds(),
        "self_deduction": 3.5 if scheme.total.self_deduction else None,
        "name": NAME[:40],
        "department": NAME[:15],
        "unit": NAME[:20],
    }
    rows = [judged(under(scheme, project(n, code=f"1410212100000000{n:04}", **facts))) for n in (1, 2)]
    short = under(scheme, pending(3, **facts | {"grade": ""}))
    deducted = {"self_deduction": 0.5} if scheme.total.self_deduction else {}
    return result(
        [*rows, short],
        scheme,
        scheme=scheme.id,
        indicators=tuple(
            row.model_copy(
                update={"reviewed_score": 5.0, "review_reason": TEXT[:60], "reviewed_by": "李敏", **deducted}
            )
            for one in rows
            for row in indicators(one)
        ),
    )


def _funds() -> dict[Measure, dict[FundingSource, float | None]]:
    amounts = dict.fromkeys(FundingSource, 1234567.89)
    return {measure: dict(amounts) for measure in INPUT_MEASURES}


def _draw_office(kind: str, size: str, folder: Path) -> list[tuple[str, bytes]]:
    """What the office itself works with, of a campaign that has everything in it."""
    if kind == "公开清单":
        items = [
            PublicItem(r.code, r.name, r.department, r.unit, 120.5, reasons=(r.first_step,)) for r in status_rows(size)
        ]
        reports = [
            PublicReport("部门汇总报告", r.department, r.name, 1, 2, reason=r.first_step) for r in status_rows(size)
        ]
        return [(kind, draw_public_list(items, reports, "2024年度公开清单", "供内部使用"))]
    drafts = find_group_drafts(result_of(size), Acceptances())
    return [(kind, draw_texts([TextRow(draft, "", "草稿") for draft in drafts]))]


KINDS: dict[str, Callable[[str, Path], list[tuple[str, bytes]]]] = {
    "审核结果": _draw_results,
    "审核结果_各部门": lambda size, folder: _read_all(write_by_department(result_of(size), folder)),
    "汇总": lambda size, folder: _read_all(write_summaries(result_of(size), folder)),
    "汇总表": _draw_tables,
    "报送情况": lambda size, _: [
        ("报送情况", draw_status(status_rows(size), "报送情况", "截至 2024年3月1日；没有截止日期"))
    ],
    "导入疑问": lambda size, _: [("导入疑问", draw_doubts(*doubts(size)))],
    "公开清单": lambda size, folder: _draw_office("公开清单", size, folder),
    "报告文字": lambda size, folder: _draw_office("报告文字", size, folder),
    "控制台": _draw_console,
    "项目清单": lambda size, _: [
        ("项目清单", project_list_workbook(project_list(size), builtin_schemes()["mof-2020"]))
    ],
}


def _draw_under(scheme: str, folder: Path) -> list[tuple[str, bytes]]:
    found = result_under(builtin_schemes()[scheme])
    write_workbook(found, folder / "审核结果.xlsx")
    large = write_by_department(found, folder / "大")
    return _read_all([folder / "审核结果.xlsx", *large, *write_summaries(found, folder / "汇总")])


_CASES = [
    *((kind, size) for kind in KINDS for size in (SIZES if LONG else SIZES[::3])),
    *(("方案", scheme) for scheme in builtin_schemes()),
]


@pytest.fixture(scope="module", params=_CASES, ids="-".join)
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    kind, case = request.param
    folder = tmp_path_factory.mktemp("drawn")
    return _draw_under(case, folder) if kind == "方案" else KINDS[kind](case, folder)


def visible_sheets(drawn: list[tuple[str, bytes]]) -> Iterator[tuple[str, Any]]:
    for name, data in drawn:
        book = load_quickly(data)
        yield from ((f"{name} {sheet.title}", sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")


def test_no_text_is_wider_or_higher_than_its_cell(drawn):
    found = {name: list_misfits(data) for name, data in drawn}
    assert {name: misfits for name, misfits in found.items() if misfits} == {}


def test_what_is_printed_fits_the_screen_and_the_frozen_heads_leave_two_thirds_of_it(drawn):
    for name, sheet in visible_sheets(drawn):
        printed = last_printed(sheet)
        frozen = openpyxl.utils.cell.coordinate_from_string(sheet.freeze_panes or "A1")[0]
        side = column_pixels(sheet, openpyxl.utils.column_index_from_string(frozen) - 1)
        assert head_pixels(sheet) <= GRID_HEIGHT / 3, name
        assert side <= COLUMNS_ON_SCREEN / 2, name
        if name.endswith("项目清单 项目"):  # all is printed; what is to the right of the goal is seldom filled in
            printed = next(cell.column for cell in sheet[1] if cell.value == "年度总体目标")
            if (
                column_pixels(sheet, printed) > COLUMNS_ON_SCREEN
            ):  # a long goal has a wide column, in sight for the most part
                printed -= 1
        assert column_pixels(sheet, printed) <= COLUMNS_ON_SCREEN, (name, column_pixels(sheet, printed))


def last_printed(sheet: Any) -> int:
    area = str(sheet.print_area or "").rpartition("!")[2]
    return int(openpyxl.utils.cell.range_boundaries(area)[2]) if area else int(sheet.max_column)


def test_every_sheet_prints_one_page_wide_with_its_heading_on_each_page_and_page_numbers(drawn):
    for name, sheet in visible_sheets(drawn):
        setup = sheet.page_setup
        assert (int(setup.paperSize or 0), sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True), name
        assert setup.fitToWidth in (1, None), name
        assert "&P" in f"{sheet.oddFooter.center.text}".replace("&[Page]", "&P"), name
        if sheet.auto_filter.ref:
            assert sheet.print_title_rows, name


def test_lists_are_filtered_and_sorted_without_unprotecting(drawn):
    """No sheet of results is protected: Excel sorts locked cells nowhere, whatever the protection allows."""
    for name, sheet in visible_sheets(drawn):
        assert not sheet.protection.sheet, name
        if sheet.auto_filter.ref:
            first, last = (
                int(openpyxl.utils.cell.coordinate_from_string(c)[1]) for c in sheet.auto_filter.ref.split(":")
            )
            across = [
                a
                for a in sheet.merged_cells.ranges
                if first < a.min_row <= last and a.size["columns"] < sheet.max_column - 3
            ]
            assert across == [], name
