"""summary.py: 汇总 workbooks; every sum is a formula that shows what LibreOffice and Gnumeric compute."""

from __future__ import annotations

import itertools
import math
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from checking import variant
from office import (
    ooxml_errors_of,
    recalculate_with_gnumeric,
    recalculate_with_libreoffice,
    requires_gnumeric,
    requires_libreoffice,
    requires_ooxml_validator,
)
from recalculated import differences, formula_cells
from result_builder import HOSTILE, funding, hostile, pending, project, result, under, unscored
from two_years import compare

from workbook_tools.core.errors import OutputError
from workbook_tools.core.model import INPUT_MEASURES, FundingSource, Measure
from workbook_tools.core.review_result import MissingRow, ReviewResult
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.styles import ERROR_TINT, INFO_TINT, OK_TINT, WARNING_TINT
from workbook_tools.results.bands import EXECUTION_BANDS, EXECUTION_DECIMALS, SCORE_BANDS, SCORE_DECIMALS, Band
from workbook_tools.results.facts import grade_tints
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.summary.workbooks import write_summaries

USUAL = [*(project(i) for i in range(14)), unscored(14), project(15, total_score=59.0, grade="不合格")]
MOF = {"scores": {"产出指标": 40.0, "成本指标": 9.0}, "weights": {"产出指标": 60.0, "成本指标": 10.0}}
RESULTS: dict[str, ReviewResult] = {
    "usual": result(USUAL),
    "none": result([], missing=()),
    "unscored": result([unscored(1), unscored(2, funding={}, execution_rate=None), unscored(3, execution_weight=0)]),
    "hostile": result([hostile(text, i) for i, text in enumerate(HOSTILE)]),
    "a hundred": result([project(i, unit=f"第{i // 4}单位", department=f"第{i // 20}局") for i in range(100)]),
    "one department": result([project(i, unit=f"第{i // 2}单位", department="教育局") for i in range(60)]),
    "two schemes": result([project(0), project(3, scheme="mof-2020", grade="良", **MOF)]),
    "incomplete": result([project(0), pending(1), project(2, department="公安局"), pending(4)]),
    "two years": compare(result([*USUAL, pending(16), hostile(HOSTILE[-1], 1)])),
    "no money": result([project(1, funding=funding(0, 0), execution_rate=None, execution_score=0.0), project(4)]),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The workbooks of each result."""
    folder = tmp_path_factory.mktemp("汇总")
    return {name: write_summaries(content, folder / name.replace(" ", "_")) for name, content in RESULTS.items()}


def cells(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


# -- files ------------------------------------------------------------------------------------------------------------


def test_one_workbook_over_all_and_one_per_department(written: dict[str, list[Path]]) -> None:
    names = [path.name for path in written["usual"]]
    assert names == [
        "汇总_全部.xlsx",
        *(f"汇总_{n}.xlsx" for n in ("公安局", "交通运输局", "市场监督管理局", "文化和旅游局")),
    ]
    assert [path.name for path in written["none"]] == ["汇总_全部.xlsx"]
    for path in written["usual"]:
        names = ["概览", "汇总", "资金来源", "指标明细", "问题清单", "未报清单", "图表"]
        assert openpyxl.load_workbook(path).sheetnames == names


def test_departments_never_share_a_file(tmp_path: Path) -> None:
    names = ["全部", "a/b局", "a／b局", "A／B局", "CON", "", "局" * 200]
    paths = write_summaries(result([project(i, department=name) for i, name in enumerate(names)], missing=()), tmp_path)
    assert [path.name for path in paths[:7]] == [
        "汇总_全部.xlsx",
        "汇总_全部（2）.xlsx",
        "汇总_a／b局.xlsx",
        "汇总_a／b局（2）.xlsx",
        "汇总_A／B局（3）.xlsx",
        "汇总__CON.xlsx",
        "汇总_（未填主管部门）.xlsx",
    ]
    assert len({path.name.casefold() for path in paths}) == 8
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)


def test_a_department_sees_only_its_own(written: dict[str, list[Path]]) -> None:
    path = next(p for p in written["usual"] if "交通运输局" in p.name)
    summary = cells(path, "汇总")
    assert {row[1] for row in summary[4:] if row[2]} == {"交通运输局"}
    assert summary[0][0] == "交通运输局2021年度项目支出绩效自评汇总表"
    codes = {row[3] for row in summary[4:] if row[0] and row[3]}
    assert {row[0] for row in cells(path, "指标明细")[3:]} == codes
    assert {row[3] for row in cells(path, "问题清单")[3:]} == codes
    assert [row[2] for row in cells(path, "未报清单")[3:]] == ["XM9001"]
    whole = cells(written["usual"][0], "问题清单")
    severities = [row[0] for row in whole[3:]]
    assert severities == sorted(severities, key=["错误", "提醒", "说明"].index)
    assert "坏文件.xlsx" in {row[13] for row in whole}, "a finding without a project stands in the workbook over all"


def test_a_department_with_nothing_but_missing_projects(written: dict[str, list[Path]]) -> None:
    path = next(p for p in written["usual"] if "文化" in p.name)
    assert cells(path, "汇总")[4][0] == "（无）"
    assert cells(path, "图表")[2][0] == "没有可供统计的项目。"


def test_the_same_result_gives_the_same_bytes(written: dict[str, list[Path]], tmp_path: Path) -> None:
    again = write_summaries(RESULTS["usual"], tmp_path)
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in written["usual"]]


def test_an_unwritable_folder_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "汇总").write_text("a file")
    with pytest.raises(OutputError, match="汇总"):
        write_summaries(RESULTS["none"], tmp_path / "汇总")


# -- 汇总 -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two departments: units with two, one and one projects; a capped total; a project without a total."""
    first = {"department": "甲局", "funding": funding(100.0, 80.0), "execution_rate": 0.8}
    projects = [
        project(1, **first, unit="一处", code="A1"),
        project(2, **first, unit="一处", code="A2", total_score=59.0, grade="不合格"),
        unscored(3, **first, unit="二处", code="A3"),
        project(4, department="乙局", unit="三处", code="B1", funding=funding(50.0, 50.0), execution_rate=1.0),
    ]
    return write_summaries(result(projects), tmp_path)[0]


def test_projects_in_order_and_below_them_what_departments_and_units_come_to(small: Path) -> None:
    rows = cells(small, "汇总")
    assert [(row[0], row[1], row[2], row[3], row[4]) for row in rows[4:15]] == [
        (1, "甲局", "一处", "A1", "第1号公共服务运行维护项目"),
        (2, "甲局", "一处", "A2", "第2号公共服务运行维护项目"),
        (3, "甲局", "二处", "A3", "第3号公共服务运行维护项目"),
        (4, "乙局", "三处", "B1", "第4号公共服务运行维护项目"),
        (None, None, None, None, None),
        (None, None, None, None, "合计"),
        (None, None, None, None, None),
        (None, "甲局", None, None, "部门小计"),
        (None, "甲局", "一处", None, "单位小计"),
        (None, "甲局", "二处", None, "单位小计"),
        (None, "乙局", "三处", None, "部门小计"),
    ]
    assert [(row[6], row[8], row[9]) for row in (*rows[4:8], rows[9], *rows[11:15])] == [
        (100, 80, 0.8),
        (100, 80, 0.8),
        (100, 80, 0.8),
        (50, 50, 1),
        (350, 290, 290 / 350),
        (300, 240, 0.8),
        (200, 160, 0.8),
        (100, 80, 0.8),
        (50, 50, 1),
    ]


def test_sums_means_and_rates_are_formulas(small: Path) -> None:
    formulas = {cell: text for (sheet, cell), text in formula_cells(small).items() if sheet == "汇总"}
    rate = '=IF(AND(ISNUMBER(I{0}),ISNUMBER(G{0})),IF(G{0}>0,I{0}/G{0},""),"")'
    assert formulas["J5"] == rate.format(5)
    assert formulas["J10"] == rate.format(10)
    assert formulas["G10"] == "=SUBTOTAL(9,G5:G8)"
    assert formulas["O10"] == "=SUBTOTAL(1,O5:O8)"
    assert formulas["Q10"] == "=SUBTOTAL(9,Q5:Q8)"
    assert formulas["G12"] == '=SUMIFS($G$5:$G$8,$V$5:$V$8,">=1",$V$5:$V$8,"<=2")', "a department: units 1 and 2"
    assert formulas["G13"] == '=SUMIFS($G$5:$G$8,$V$5:$V$8,">=1",$V$5:$V$8,"<=1")'
    same = '$V$5:$V$8,">=1",$V$5:$V$8,"<=2"'
    count = f'COUNTIFS({same},$O$5:$O$8,">=0")'
    assert formulas["O12"] == f'=IF({count}=0,"",SUMIFS($O$5:$O$8,{same})/{count})'
    assert [row[21] for row in cells(small, "汇总")[4:8]] == [1, 1, 2, 3]
    assert formulas["O5"] == "=K5+L5+M5+N5"
    assert "O6" not in formulas, "a total that is not the sum of the points is a value"
    assert "O7" not in formulas


def test_filter_freeze_and_print(small: Path) -> None:
    sheet = openpyxl.load_workbook(small)["汇总"]
    assert sheet.auto_filter.ref == "A4:V8", "the projects alone: they can be sorted"
    assert sheet.freeze_panes == "F5"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.print_area == "'汇总'!$A$1:$S$19", "the meaning of the colours and the place to sign are printed too"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )


def test_execution_rates_are_coloured_by_band_and_the_colours_are_explained(small: Path) -> None:
    sheet = openpyxl.load_workbook(small)["汇总"]
    ((rules, area),) = (
        (item.rules, str(item.sqref)) for item in sheet.conditional_formatting if str(item.sqref).startswith("J")
    )
    edges = ["J5>=0.99995", "J5>=0.89995", "J5>=0.79995", "J5>=0.59995"]
    assert area == "J5:J15"
    assert [rule.formula[0] for rule in rules] == [*(f"AND(ISNUMBER(J5),{e})" for e in edges), "AND(ISNUMBER(J5))"]
    legend = [sheet.cell(17, column) for column in (2, *range(6, 11))]
    assert [cell.value for cell in legend] == ["颜色说明　预算执行率", *(band.label for band in EXECUTION_BANDS)]
    assert [cell.fill.fgColor.rgb for cell in legend[1:]] == [rule.dxf.fill.bgColor.rgb for rule in rules]
    assert str(sheet["A19"].value).startswith("填表人：")


def test_the_note_tells_how_many_are_missing(small: Path) -> None:
    note = str(cells(small, "汇总")[1][0])
    assert note.startswith("已审核项目 4 个；未报 2 个，见“未报清单”。")


def test_dimensions_of_all_schemes_stand_side_by_side(written: dict[str, list[Path]]) -> None:
    rows = cells(written["two schemes"][0], "汇总")
    assert rows[3][10:15] == ["预算\n执行", "产出\n指标", "效益\n指标", "满意度\n指标", "成本\n指标"]
    grades = [row[0] for row in table(written["two schemes"][0], "概览", "评价等级")]
    assert grades[:10] == ["优秀", "良好", "合格", "不合格", "优", "良", "中", "差", "待更正", "未评分"]


def test_links_to_file_cell_and_report(tmp_path: Path) -> None:
    inbox, reports, folder = tmp_path / "回收", tmp_path / "报告", tmp_path / "汇总"
    there, gone = project(1, file="甲.xlsx", unit="一", department="甲局", name="甲 #1"), project(2, unit="二")
    report = reports / "甲局" / "XM0001_甲 #1.docx"
    report.parent.mkdir(parents=True)
    report.write_bytes(b"")
    inbox.mkdir()
    (inbox / "甲.xlsx").write_bytes(b"")
    path = write_summaries(result([there, gone]), folder, inbox=inbox, reports=reports)[0]
    book = openpyxl.load_workbook(path)
    links = {
        (sheet, cell.coordinate): (cell.hyperlink.target, cell.hyperlink.location)
        for sheet in ("汇总", "问题清单")
        for row in book[sheet].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == {
        ("汇总", "T5"): ("../回收/甲.xlsx", None),
        ("汇总", "U5"): ("../报告/甲局/XM0001_甲%20%231.docx", None),
        ("问题清单", "F6"): ("../回收/甲.xlsx", "'预算执行'!C9"),
        ("问题清单", "N6"): ("../回收/甲.xlsx", None),
    }


def test_hostile_texts_stay_texts(written: dict[str, list[Path]]) -> None:
    """In 汇总: department, unit, code, name and file of the project, and its department's subtotal, which names its only unit."""
    whole = written["hostile"][0]
    formulas = formula_cells(whole)
    book = openpyxl.load_workbook(whole, data_only=True)
    for text in map(clean_cell_text, HOSTILE):
        places = [cell for line in book["汇总"].iter_rows(min_row=5) for cell in line if _plain(cell.value) == text]
        assert len(places) == 7, text
        assert not [cell.coordinate for cell in places if ("汇总", cell.coordinate) in formulas or cell.hyperlink], text


def _plain(value: object) -> str:
    """openpyxl leaves Excel's escape of what looks like an escape as it is."""
    return str(value).replace("_x005F_", "_")


# -- 概览 -------------------------------------------------------------------------------------------------------------


def table(path: Path, sheet: str, heading: str) -> list[list[object]]:
    """The rows below the header row that begins with ``heading``, up to the next blank row."""
    rows = cells(path, sheet)
    start = next(i for i, row in enumerate(rows) if row[0] == heading and isinstance(row[1], str)) + 1
    return list(itertools.takewhile(lambda row: row[0] is not None, rows[start:]))


def test_the_overview_counts_projects_and_money_by_grade_and_band(small: Path) -> None:
    assert [row[:7] for row in table(small, "概览", "评价等级")] == [
        ["优秀", 1, 0.25, 100, 100 / 350, 80, 0.8],
        ["良好", 0, 0, 0, 0, 0, None],
        ["合格", 1, 0.25, 50, 50 / 350, 50, 1],
        ["不合格", 1, 0.25, 100, 100 / 350, 80, 0.8],
        ["待更正", 0, 0, 0, 0, 0, None],
        ["未评分", 1, 0.25, 100, 100 / 350, 80, 0.8],
        ["合计", 4, 1, 350, 1, 290, 290 / 350],
    ]
    assert [row[:2] for row in table(small, "概览", "预算执行率")] == [
        ["100%及以上", 1],
        ["90%～100%", 0],
        ["80%～90%", 3],
        ["60%～80%", 0],
        ["低于60%", 0],
        ["无法计算", 0],
        ["合计", 4],
    ]
    assert [row[:2] for row in table(small, "概览", "总分")] == [
        ["90分及以上", 1],
        ["80～90分", 0],
        ["70～80分", 1],
        ["60～70分", 0],
        ["低于60分", 1],
        ["待更正", 0],
        ["没有得分", 1],
        ["合计", 4],
    ]
    assert [row[:6] for row in table(small, "概览", "主管部门")] == [
        ["甲局", 3, 3, 0, 300, 240],
        ["乙局", 1, 1, 0, 50, 50],
        ["交通运输局", 1, 0, 1, None, None],
        ["文化和旅游局", 1, 0, 1, None, None],
    ]


def test_the_key_figures_are_what_pandas_adds_up(written: dict[str, list[Path]]) -> None:
    rows = cells(written["a hundred"][0], "概览")
    start = next(i for i, row in enumerate(rows) if row[0] == "应报项目")
    shown = {row[i]: row[i + 1] for row in rows[start : start + 4] for i in (0, 2, 4, 6)}
    projects = RESULTS["a hundred"].projects
    frame = pd.DataFrame(
        {
            "total": p.total_score,
            "errors": p.findings.error,
            **{measure: p.funding[measure][FundingSource.TOTAL] for measure in INPUT_MEASURES},
        }
        for p in projects
    )
    assert [shown[k] for k in ("应报项目", "已审核", "未报", "有错误的项目")] == [102, 100, 2, (frame.errors > 0).sum()]
    money = [shown[f"{m.label.removesuffix('资金')}（万元）"] for m in INPUT_MEASURES]
    assert money == pytest.approx(frame[list(INPUT_MEASURES)].sum().tolist())
    assert shown["预算执行率"] == pytest.approx(frame[Measure.EXECUTED].sum() / frame[Measure.ANNUAL_BUDGET].sum())
    scores = [shown["平均得分"], shown["最高分"], shown["最低分"]]
    assert scores == pytest.approx([frame.total.mean(), frame.total.max(), frame.total.min()])


def test_a_band_begins_where_the_printed_figure_reaches_it() -> None:
    names = [Band.of(v, EXECUTION_BANDS, EXECUTION_DECIMALS).label for v in (1.2, 0.99995, 0.99994, 0.9, 0.6, 0.0)]
    assert names == ["100%及以上", "100%及以上", "90%～100%", "90%～100%", "60%～80%", "低于60%"]
    assert Band.of(None, SCORE_BANDS, SCORE_DECIMALS) is None
    assert Band.of(89.995, SCORE_BANDS, SCORE_DECIMALS) is SCORE_BANDS[0]


def test_sources_of_money_stand_side_by_side_with_sums(tmp_path: Path) -> None:
    mixed = funding(100.0, 80.0)
    mixed[Measure.ANNUAL_BUDGET] |= {FundingSource.CENTRAL: 30.0, FundingSource.COUNTY: 70.0}
    path = write_summaries(result([project(1, funding=mixed), project(4)]), tmp_path)[0]
    rows = cells(path, "资金来源")
    assert rows[3][5:11] == ["中央级", "县区级", "合计", "中央级", "县区级", "合计"]
    assert rows[4][5:11] == [30, 70, 100, None, 80, 80]
    assert formula_cells(path)["资金来源", "H5"] == "=SUM(F5:G5)"


# -- 图表 -------------------------------------------------------------------------------------------------------------


def chart_titles(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        parts = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [re.findall("<a:t>(.*?)</a:t>", package.read(name).decode())[0] for name in parts]


def test_four_native_charts(written: dict[str, list[Path]]) -> None:
    assert chart_titles(written["usual"][0]) == [
        "评价等级分布（项目数）",
        "得分分布（项目数）",
        "各主管部门预算执行率",
        "平均每个项目失分（分）",
    ]
    assert chart_titles(written["one department"][0])[2] == "预算执行率最低的20个实施单位"
    assert chart_titles(written["usual"][1])[2] == "各实施单位预算执行率"
    assert chart_titles(written["none"][0]) == []


def test_the_charts_tables_count_compare_and_add_up(small: Path) -> None:
    rows = [row[:6] for row in cells(small, "图表")]
    start = next(i for i, row in enumerate(rows) if row[0] == "主管部门")
    assert [row[:3] for row in rows[start + 1 : start + 3]] == [["甲局", 3, 0.8], ["乙局", 1, 1]]
    start = next(i for i, row in enumerate(rows) if row[0] == "一级指标")
    assert rows[start + 1][:3] == ["预算执行", 3, 30]
    assert rows[start + 2][:3] == ["产出指标", 3, 150]
    lost = 150 - sum(50 - number % 11 * 2.5 for number in (1, 2, 4))
    assert rows[start + 2][3:] == pytest.approx([lost, lost / 3, lost / 150])


def test_the_lowest_execution_rate_comes_first(written: dict[str, list[Path]]) -> None:
    rows = cells(written["one department"][0], "图表")
    start = next(i for i, row in enumerate(rows) if row[0] == "实施单位") + 1
    rates = [row[2] for row in rows[start : start + 30]]
    assert rates == sorted(rates)  # type: ignore[type-var]
    assert len(rates) == 30


def test_every_scheme_has_a_colour_for_each_grade() -> None:
    for scheme in builtin_schemes().values():
        tints = grade_tints(result([project(1, scheme=scheme.id, grade="")]))
        assert list(tints) == [*(band.name for band in scheme.grading.bands), "待更正", "未评分"]
        assert len(set(tints.values())) >= 4


def test_a_grade_that_no_scheme_has_is_listed_too() -> None:
    projects = [project(1, grade="乙等", total_score=70.0), project(2, grade="甲等", total_score=95.0)]
    assert list(grade_tints(result(projects)))[-4:] == ["甲等", "乙等", "待更正", "未评分"]


def test_two_versions_of_one_scheme_are_counted_each_under_its_own_grades() -> None:
    before, after = (
        variant(builtin_schemes()["quwo"], grading={"bands": [{"name": n, "at_least": a} for n, a in bands]})
        for bands in ((("优", 90), ("良", 0)), (("优", 95), ("中", 60), ("差", 0)))
    )
    rows = [under(before, project(1, grade="良")), under(after, project(2, grade="差"))]
    tints = grade_tints(result(rows, before, after))
    assert list(tints) == ["优", "良", "中", "差", "待更正", "未评分"]
    assert tints["良"] == tints["差"] == ERROR_TINT


@pytest.mark.parametrize("count", [4, 5])
def test_grades_go_from_green_to_red_the_lowest_is_red_and_what_is_between_yellow(count: int) -> None:
    bands = [{"name": f"第{i}等", "at_least": 90 - 10 * i} for i in range(count)]
    scheme = variant(builtin_schemes()["quwo"], grading={"bands": bands})
    tints = [*grade_tints(result([under(scheme, project(1, grade="第1等"))], scheme)).values()][:count]
    assert tints == [OK_TINT, INFO_TINT, *[WARNING_TINT] * (count - 3), ERROR_TINT]


@pytest.mark.parametrize(("units", "title"), [(20, "各实施单位预算执行率"), (21, "预算执行率最低的20个实施单位")])
def test_up_to_twenty_units_are_all_in_the_chart(units: int, title: str, tmp_path: Path) -> None:
    rows = [project(i, unit=f"第{i}单位", department="教育局") for i in range(units)]
    assert chart_titles(write_summaries(result(rows), tmp_path)[0])[2] == title


def test_a_band_counts_from_its_lower_edge_on_up_to_the_next(written: dict[str, list[Path]]) -> None:
    formulas = " ".join(formula_cells(written["usual"][0]).values())
    for bands, decimals in ((SCORE_BANDS, SCORE_DECIMALS), (EXECUTION_BANDS, EXECUTION_DECIMALS)):
        edges = [band.at_least - 0.5 * 10**-decimals for band in bands if math.isfinite(band.at_least)]
        for edge in edges:
            assert f'">={edge:.15g}"' in formulas and f'"<{edge:.15g}"' in formulas


# -- other programs ---------------------------------------------------------------------------------------------------


def all_over(written: dict[str, list[Path]], folder: Path) -> list[Path]:
    """The workbook over all of each result, under names that differ."""
    folder.mkdir()
    copies = []
    for number, paths in enumerate(written.values()):
        copies.append(folder / f"{number}.xlsx")
        copies[-1].write_bytes(paths[0].read_bytes())
    return copies


@pytest.mark.slow
@requires_libreoffice
def test_formulas_show_what_libreoffice_computes(written: dict[str, list[Path]], tmp_path: Path) -> None:
    paths = all_over(written, tmp_path / "ours")
    for path, other in zip(paths, recalculate_with_libreoffice(paths, tmp_path / "theirs"), strict=True):
        assert differences(path, other) == []
    assert len(formula_cells(paths[0])) > 150


@pytest.mark.slow
@requires_gnumeric
def test_formulas_show_what_gnumeric_computes(written: dict[str, list[Path]], tmp_path: Path) -> None:
    paths = all_over(written, tmp_path / "ours")
    for path, other in zip(paths, recalculate_with_gnumeric(paths, tmp_path / "theirs"), strict=True):
        assert differences(path, other) == []


@pytest.mark.slow
@requires_ooxml_validator
def test_the_workbooks_are_valid_open_xml(written: dict[str, list[Path]]) -> None:
    chosen = [written[name][0] for name in ("usual", "none", "hostile", "two schemes", "two years")]
    assert {path: errors for path, errors in ooxml_errors_of(chosen).items() if errors} == {}


def test_missing_rows_are_hostile_too(tmp_path: Path) -> None:
    rows = tuple(MissingRow(code=t, name=t, department=t, unit=t, reason=t) for t in HOSTILE)
    path = write_summaries(result([], missing=rows), tmp_path)[0]
    assert {sheet for sheet, _ in formula_cells(path)} == {"概览"}
    assert [_plain(row[3]) for row in cells(path, "未报清单")[3:]] == [clean_cell_text(t) for t in HOSTILE]


def test_what_is_not_complete_is_shown_with_its_sum_so_far_and_counted_nowhere(
    written: dict[str, list[Path]],
) -> None:
    path, content = written["incomplete"][0], RESULTS["incomplete"]
    complete = [p for p in content.projects if p.complete]
    rows = {row[3]: row for row in cells(path, "汇总")}
    total, grade = 14, 15
    assert rows["XM0001"][10:16] == [
        "9.50",
        "47.50",
        "26.90",
        "9.00",
        f"{content.projects[1].total_score:.2f}\n待更正",
        "待更正",
    ]
    assert rows["XM0001"][-2] == "有指标没有填业绩值"
    assert rows["XM0000"][total:16] == [content.projects[0].total_score, "优秀"]
    last = next(row for row in cells(path, "汇总") if row[4] == "合计")
    assert last[total] == pytest.approx(sum(p.total_score or 0 for p in complete) / 2)
    assert last[grade] is None
    found = {row[0]: row[1] for kind in ("评价等级", "总分") for row in table(path, "概览", kind)}
    assert (found["待更正"], found["没有得分"], found["未评分"], found["合计"]) == (2, 0, 0, 4)
    facts = {
        name: row[i + 1]
        for row in cells(path, "概览")
        for i, name in enumerate(row[:-1])
        if name in ("平均得分", "最低分")
    }
    totals = [p.total_score for p in complete]
    assert facts == {"平均得分": pytest.approx(sum(totals) / 2), "最低分": min(totals)}
    assert "待更正的 2 个项目填报不完整，不计入平均" in cells(path, "概览")[1][0]
    lost = {row[0]: row[1:4] for row in cells(path, "图表") if row[0] == "产出指标"}
    assert lost["产出指标"][:2] == [2, 100]
