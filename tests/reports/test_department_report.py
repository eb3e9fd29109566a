"""The department's report: counts, money, ranks, losses, charts; the same numbers as 汇总."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from docx.table import Table
from drawn_documents import drawn_form
from locations import ROOT
from office import (
    convert_with_libreoffice,
    ooxml_errors_of,
    pdf_text,
    requires_libreoffice,
    requires_ooxml_validator,
    requires_pdftotext,
)
from result_builder import finding_row, indicators, project, result, unscored
from written_documents import built_forms

from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.core.review_result import MissingRow, ProjectRow, ReviewResult, common_year
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM
from workbook_tools.reports.group_form import GROUP_TITLE
from workbook_tools.summary.workbooks import write_summaries
from workbook_tools.word.drawing import Block, paragraph

NO_CONTENTS = ReportAppearance(contents=False)
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def written(found: ReviewResult, form: Path | None = None) -> bytes:
    return render_group_report(found, DEPARTMENT_FORM, "公安局", form, look=NO_CONTENTS)


def department(found: ReviewResult) -> Docx:
    return Document(io.BytesIO(written(found)))


def own(number: int, **changes: object) -> ProjectRow:
    return project(number, department="公安局", **changes)


def lines(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs if p.text]


def cells(table: Table) -> list[list[str]]:
    return [[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows]


def tables(document: Docx) -> dict[str, list[list[str]]]:
    """Rows of each table, by the line above it."""
    named, above = {}, ""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            named[above] = cells(part)[1:]
        elif part.text:
            above = part.text
    return named


def pictures(document: Docx) -> list[str]:
    return [item.get("descr", "") for item in document.element.iter(PICTURE)]


def three_projects() -> list[ProjectRow]:
    """Two with a total (90.5 and 74.3 points), one without; 100, 300 and 50 万元 of budget."""

    def money(budget: float | None, executed: float | None) -> dict[Measure, dict[FundingSource, float | None]]:
        return {Measure.ANNUAL_BUDGET: {FundingSource.TOTAL: budget}, Measure.EXECUTED: {FundingSource.TOTAL: executed}}

    weights = {"产出指标": 50.0, "效益指标": 40.0}
    return [
        own(1, weights=weights, funding=money(100, 50), execution_rate=0.5, execution_score=5.0,
            scores={"产出指标": 45.5, "效益指标": 40.0}, total_score=90.5, grade="优秀"),
        own(2, weights=weights, funding=money(300, 300), execution_rate=1.0, execution_score=10.0,
            scores={"产出指标": 50.0, "效益指标": 14.3}, total_score=74.3, grade="合格"),
        unscored(3, department="公安局", funding=money(50, None), execution_rate=None),
        project(4, department="教育局"),
    ]  # fmt: skip


def test_it_counts_its_projects_and_divides_the_sums() -> None:
    text = lines(department(result(three_projects())))
    assert text[3] == "2021年度，公安局应开展绩效自评的项目共3个，已全部报送。"
    assert text[5] == (
        "已报送项目全年预算资金合计450万元，全年执行资金合计350万元，总预算执行率77.78%。"
        "其中1个项目没有填写执行数，按0计算。"
    )
    assert "已得出总分的项目2个，平均82.4分，最高90.5分，最低74.3分。另有1个项目未得出总分。" in text


def test_its_tables() -> None:
    rows = three_projects()
    findings = [
        finding_row(rows[0], "FILL08", Severity.ERROR),
        finding_row(rows[0], "TEXT01"),
        finding_row(rows[0], "TEXT01"),
        finding_row(rows[1], "TEXT01"),
        finding_row(rows[1], "FILL05", Severity.INFO),
        finding_row(rows[3], "FILL08", Severity.ERROR),
    ]
    missing = MissingRow(code="XM9", name="未报的项目", department="公安局", unit="交警队", reason="文件打不开")
    found = tables(department(result(rows, findings=tuple(findings), missing=(missing,))))
    assert found["（一）评价等级"] == [
        ["优秀", "1", "33.33%", "100", "50"],
        ["良好", "0", "0%", "0", "0"],
        ["合格", "1", "33.33%", "300", "300"],
        ["不合格", "0", "0%", "0", "0"],
        ["未评分", "1", "33.33%", "50", "0"],
    ]
    assert [row[:2] for row in found["（二）得分分布"]] == [
        ["90分及以上", "1"],
        ["80～90分", "0"],
        ["70～80分", "1"],
        ["60～70分", "0"],
        ["低于60分", "0"],
        ["没有得分", "1"],
    ]
    assert [row[:2] for row in found["各项目的预算执行率分布如下表所示："]] == [
        ["100%及以上", "1"],
        ["90%～100%", "0"],
        ["80%～90%", "0"],
        ["60%～80%", "0"],
        ["低于60%", "1"],
        ["无法计算", "1"],
    ]
    assert found["（一）各一级指标的失分"] == [
        ["预算执行", "2", "20", "15", "5", "25%"],
        ["产出指标", "2", "100", "95.5", "4.5", "4.5%"],
        ["效益指标", "2", "80", "54.3", "25.7", "32.13%"],
    ]
    assert [(row[1], row[4]) for row in found["（二）失分较多的二级指标"]] == [
        ("社会效益", "25.7"),
        ("预算执行", "5"),
        ("数量指标", "4.5"),
    ]
    assert [row[1:] for row in found["失分最多的指标如下表所示："]] == [
        ["效益之1", "≥95%", "80%", "25.7", "受疫情影响，部分培训推迟到下年度举办；已列入下年度一季度计划。"],
        ["预算执行率", "100%", "50%", "5", "部分合同跨年度支付。"],
        ["产出之1", "≥95%", "80%", "4.5", "受疫情影响，部分培训推迟到下年度举办；已列入下年度一季度计划。"],
    ]
    assert found["审核中两个以上项目都有的问题如下表所示："] == [[CODES["TEXT01"].title, "提醒", "3", "2"]]
    assert found["附件2　2021年度公安局未报送的项目"] == [["XM9", "未报的项目", "交警队", "文件打不开"]]
    overview = found["附件1　2021年度公安局项目自评结果一览表"]
    assert overview[0] == [
        "1",
        "XM0001",
        "第1号公共服务运行维护项目",
        "信息中心",
        "",
        "100",
        "50",
        "50%",
        "90.5",
        "优秀",
        "1",
    ]
    assert overview[2][-4:] == ["", "—", "—", "—"]


def test_equal_totals_share_a_rank_and_of_many_the_ends_are_listed() -> None:
    totals = [80.0, 95.0, 80.0, 70.0]
    few = [own(i, total_score=total) for i, total in enumerate(totals)]
    ranked = tables(department(result(few)))["项目按总分排名如下表所示，总分相同的名次并列。"]
    assert [(row[0], row[3]) for row in ranked] == [("1", "95"), ("2", "80"), ("2", "80"), ("4", "70")]
    many = [own(i, total_score=i / 3) for i in range(11)]
    for count in (7, 10):
        ranked = tables(department(result(many[:count])))["项目按总分排名如下表所示，总分相同的名次并列。"]
        assert [row[0] for row in ranked] == [str(rank) for rank in range(1, count + 1)]
    ranked = tables(department(result(many)))["得分最高和最低的各5个项目如下表所示，总分相同的名次并列。"]
    assert [row[0] for row in ranked] == ["1", "2", "3", "4", "5", "7", "8", "9", "10", "11"]


def test_all_projects_stand_on_a_page_turned_sideways_at_the_end() -> None:
    document = department(result([own(1)]))
    assert [s.orientation for s in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert (
        department(result([own(1)], missing=()))
        .tables[-1]
        .rows[0]
        ._tr.trPr.find("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader")
        is not None
    )


def test_a_department_from_which_nothing_came_still_gets_its_report() -> None:
    missing = (MissingRow(code="XM9002", name="甲", department="公安局", unit="乙"),)
    document = department(result([], missing=missing))
    assert "2021年度，公安局应开展绩效自评的项目1个，未报送。" in lines(document)
    assert [cells(table)[1][0] for table in document.tables] == ["XM9002"]
    assert [s.orientation for s in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT]
    assert pictures(document) == []


# -- charts -----------------------------------------------------------------------------------------------------------


def test_the_charts_say_in_words_what_they_show_and_fit_the_page() -> None:
    rows = [
        own(i, total_score=total, execution_rate=rate)
        for i, (total, rate) in enumerate([(95, 1), (85, 0.97), (50, 0.5)])
    ]
    document = department(result(rows, indicators=()))
    assert pictures(document) == [
        "各预算执行率段的项目数：100%及以上 1，90%～100% 1，80%～90% 0，60%～80% 0，低于60% 1",
        "各得分段的项目数：90分及以上 1，80～90分 1，70～80分 0，60～70分 0，低于60分 1",
        "各一级指标的失分率：预算执行 5%",
    ]
    assert all(Mm(149) < shape.width < Mm(151) for shape in document.inline_shapes)


def test_the_same_figures_give_the_same_bytes() -> None:
    found = result([own(i) for i in range(4)])
    assert written(found) == written(found)


def test_too_few_projects_are_not_drawn() -> None:
    assert pictures(department(result([own(1), own(2)]))) == []


def form_of(tmp_path: Path, *body: Block) -> Path:
    path = tmp_path / DEPARTMENT_FORM
    path.write_bytes(drawn_form(*body, title=GROUP_TITLE))
    return path


def test_a_form_may_show_a_chart_anywhere_or_not_at_all(tmp_path: Path) -> None:
    found = result([own(i) for i in range(3)])
    twice = form_of(tmp_path, paragraph("见{{ 图.失分 }}图"), paragraph("{{ 图.失分 }}"))
    document = Document(io.BytesIO(written(found, twice)))
    first, second = (p for p in document.paragraphs if p.text or p._p.xpath(".//w:drawing"))
    assert [r.text for r in first.runs if r.text] == ["见", "图"]
    assert [p.paragraph_format.line_spacing for p in (first, second)] == [1.0, 1.0]
    assert [item.get("id") for item in document.element.iter(PICTURE)] == ["1", "2"]
    with zipfile.ZipFile(io.BytesIO(written(found, twice))) as parts:
        assert [n for n in parts.namelist() if n.startswith("word/charts/chart")] == [
            "word/charts/chart1.xml",
            "word/charts/chart2.xml",
        ]
    assert pictures(Document(io.BytesIO(written(found, form_of(tmp_path, paragraph("没有图")))))) == []


@requires_ooxml_validator
def test_reports_with_charts_are_valid_open_xml(tmp_path: Path) -> None:
    for name, rows in (
        ("many", [own(i) for i in range(12)]),
        ("one", [own(1)]),
        ("none", []),
        ("unscored", [unscored(i, department="公安局") for i in range(4)]),
    ):
        (tmp_path / f"{name}.docx").write_bytes(written(result(rows)))
    assert list(ooxml_errors_of(sorted(tmp_path.iterdir())).values()) == [[]] * 4


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
def test_the_charts_are_printed_sharp_with_names_and_numbers(tmp_path: Path) -> None:
    """As lines and letters: what is drawn as a picture of dots has no text in a PDF."""
    path = tmp_path / "报告.docx"
    path.write_bytes(written(result([own(i) for i in range(4)], indicators=())))
    (pdf,) = convert_with_libreoffice([path], tmp_path / "pdf", "pdf")
    text = "".join(pdf_text(pdf).split())
    table_and_chart = ("90分及以上", "低于60分", "100%及以上", "低于60%")
    assert {name: text.count(name) for name in table_and_chart} == dict.fromkeys(table_and_chart, 2)
    assert b"/Subtype/Image" not in pdf.read_bytes()


# -- beside 汇总 ------------------------------------------------------------------------------------------------------


def summary_figures(path: Path) -> Iterator[tuple[str, list[object]]]:
    """Name in the first column and what stands right of it, of the sheets that add up."""
    book = openpyxl.load_workbook(path, data_only=True)
    for title in ("概览", "图表"):
        for row in book[title].iter_rows(values_only=True):
            if isinstance(row[0], str):
                yield row[0], list(row[1:])


def test_the_numbers_are_those_of_the_summary_workbook(tmp_path: Path) -> None:
    rows = [own(i) for i in range(12)]
    found = result(rows, missing=(MissingRow(code="a", name="甲", department="公安局", unit="乙"),))
    path = next(p for p in write_summaries(found, tmp_path) if "公安局" in p.name)
    summary: dict[str, list[object]] = {}
    for name, figures in summary_figures(path):
        summary.setdefault(name, figures)
    document = department(found)
    named = tables(document)
    for heading in ("（一）评价等级", "（二）得分分布", "各项目的预算执行率分布如下表所示："):
        for name, count, share, budget, executed in named[heading]:
            assert summary[name][0] == int(count)
            assert summary[name][1] == pytest.approx(float(share[:-1]) / 100, abs=5.1e-5)
            assert [summary[name][2], summary[name][4]] == pytest.approx([float(budget), float(executed)])
    for name, count, weight, _earned, lost, share in named["（一）各一级指标的失分"]:
        assert summary[name][:3] == pytest.approx([int(count), float(weight), float(lost)])
        assert summary[name][4] == pytest.approx(float(share[:-1]) / 100, abs=5.1e-5)
    text = "".join(lines(document))
    total = re.search(r"预算资金合计(.+?)万元.*?，全年执行资金合计(.+?)万元，总预算执行率(.+?)%", text)
    mean = re.search(r"平均([\d.]+)分，最高([\d.]+)分，最低([\d.]+)分", text)
    assert total and mean
    assert [summary["合计"][2], summary["合计"][4]] == pytest.approx([float(total[1]), float(total[2])])
    assert summary["合计"][5] == pytest.approx(float(total[3]) / 100, abs=5.1e-5)
    assert summary["预算执行率"][2] == pytest.approx(float(mean[1]), abs=0.0051)
    assert [summary["预算执行率"][4], summary["预算执行率"][6]] == pytest.approx([float(mean[2]), float(mean[3])])


def test_every_tag_of_the_form_is_described() -> None:
    text = re.sub(r"<[^>]+>", "", Document(io.BytesIO(built_forms()[DEPARTMENT_FORM])).element.xml)
    described = (ROOT / "docs" / "报告模板.md").read_text("utf-8")
    tags = set(re.findall(r"(?:图|行)\.\w+", text)) | set(re.findall(r"\{\{ (\w+) \}\}", text))
    assert sorted(tag for tag in tags if f"`{tag}`" not in described) == []


def test_the_builder_gives_indicators_that_add_up() -> None:
    """What the comparison with 汇总 rests on."""
    row = own(3)
    for name, score in row.scores.items():
        assert sum(i.score or 0 for i in indicators(row) if i.dimension == name) == pytest.approx(score)


@pytest.mark.parametrize(("years", "said"), [((2021, 2021), 2021), ((2021, 2022), 2024), ((), 2024)])
def test_the_year_is_the_projects_own_where_they_share_one(years: tuple[int, ...], said: int) -> None:
    assert common_year([own(number, year=year) for number, year in enumerate(years, 1)], 2024) == said


def test_a_rate_between_two_hundredths_is_rounded_as_the_summary_shows_it() -> None:
    assert percent_text(210 / 320) == "65.63%"
    assert percent_text(-0.00125) == "-0.13%"
    assert (number_text(1.005, 2), number_text(0.125, 2), number_text(2e30, 2)) == ("1.01", "0.13", f"{2e30:.2f}")


def test_what_is_not_complete_is_counted_as_submitted_and_nowhere_else() -> None:
    first, second, third, _ = three_projects()
    left_out = second.model_copy(update={"grade": "", "complete": False, "pending_reason": "权重合计不是100分"})
    text = lines(document := department(result([first, left_out, third])))
    assert text[3] == "2021年度，公安局应开展绩效自评的项目共3个，已全部报送。"
    assert (
        "得出总分的项目1个，90.5分，评价等级为“优秀”。另有1个项目未得出总分。"
        f"有1个项目填报不完整，总分和等级待更正，不参加平均、排名、等级和失分的统计：{second.name}（权重合计不是100分）。"
    ) in text
    found = tables(document)
    assert [row[:2] for row in found["（一）评价等级"]] == [
        ["优秀", "1"],
        ["良好", "0"],
        ["合格", "0"],
        ["不合格", "0"],
        ["待更正", "1"],
        ["未评分", "1"],
    ]
    assert "（二）得分分布" not in found
    assert found["（一）各一级指标的失分"][0] == ["预算执行", "1", "10", "5", "5", "50%"]
    overview = found["附件　2021年度公安局项目自评结果一览表"]
    assert overview[1][-3:] == ["74.3（待更正）", "待更正", "—"]
