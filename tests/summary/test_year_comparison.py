"""与上年比较 in 汇总: like with like, from what stands in both years' results."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from result_builder import pending, project, result, unscored
from two_years import CLOSED, compare

from workbook_tools.core.model import Measure
from workbook_tools.core.review_result import LastYearFigures
from workbook_tools.results.two_years import Presence, list_pairs, list_repeated_losses, sum_pairs
from workbook_tools.summary import write_summaries

FOUND = compare(result([*map(project, range(12)), pending(12), unscored(13)]))
SHEETS = ["与上年比较", "两年对照", "连续失分"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both: ``多`` as above the number of projects of one workbook, ``少`` as below it."""
    made = tmp_path_factory.mktemp("汇总")
    for name, most in (("多", 1), ("少", 100)):
        write_summaries(FOUND, made / name, most=most)
    return made


def rows(path: Path, sheet: str) -> list[list[object]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [[v for v in row if v is not None] for row in book[sheet].iter_rows(values_only=True)]


def find(table: list[list[object]], first: str) -> list[object]:
    return next(row[1:] for row in table if row and row[0] == first)


def near(*figures: object) -> object:
    return pytest.approx(list(figures), abs=1e-9)


def amounts(ones: list[LastYearFigures | None], key: str) -> float:
    return sum(getattr(one, key) or 0.0 for one in ones if one)


def test_the_sheets_are_there_where_last_year_was_named_and_only_there(folder: Path, tmp_path: Path) -> None:
    for path in (folder / "少").iterdir():
        assert openpyxl.load_workbook(path).sheetnames[6:9] == SHEETS, path.name
    for path in write_summaries(result([project(1)]), tmp_path):
        assert not set(openpyxl.load_workbook(path).sheetnames) & set(SHEETS)


def test_money_and_scores_are_compared_for_projects_that_have_them_in_both_years(folder: Path) -> None:
    table = rows(folder / "少" / "汇总_全部.xlsx", "与上年比较")
    both = [row for row in FOUND.projects if row.last_year]
    then, now = (
        amounts([row.last_year for row in both], "budget"),
        sum(row.amount(Measure.ANNUAL_BUDGET) or 0 for row in both),
    )
    assert find(table, "全年预算（万元）") == near(len(both), then, now, now - then, now / then - 1)
    scored = [
        (row.last_year.score, row.counted_total)
        for row in both
        if row.last_year and row.last_year.score is not None and row.counted_total is not None
    ]
    assert 0 < len(scored) < len(both)
    last, this = (sum(values) / len(scored) for values in zip(*scored, strict=True))
    assert find(table, "平均得分（分）") == near(len(scored), last, this, this - last, this / last - 1)


def test_the_standings_add_up_to_all_projects_of_both_years(folder: Path) -> None:
    path = folder / "少" / "汇总_全部.xlsx"
    count, *money = find(rows(path, "与上年比较"), "合计")
    before = [row.last_year for row in FOUND.projects] + [row.figures for row in FOUND.gone]
    assert count == len(FOUND.projects) + len(FOUND.gone)
    assert money[:2] == near(amounts(before, "budget"), amounts(before, "executed"))
    this = [sum(row.amount(m) or 0 for row in FOUND.projects) for m in (Measure.ANNUAL_BUDGET, Measure.EXECUTED)]
    assert money[2:] == near(*this)


def test_every_figure_of_the_page_is_a_formula(folder: Path) -> None:
    for path in (folder / "少").iterdir():
        for row in openpyxl.load_workbook(path)["与上年比较"].iter_rows(min_row=5):
            for cell in row:
                assert cell.data_type in ("s", "n" if cell.value is None else "f"), cell.coordinate


def test_a_department_has_its_own_projects_and_the_whole_those_of_closed_ones_too(folder: Path) -> None:
    def codes(name: str) -> set[object]:
        book = openpyxl.load_workbook(folder / "少" / f"汇总_{name}.xlsx", data_only=True)
        return {row[3] for row in book["两年对照"].iter_rows(min_row=5, values_only=True) if row[3]}

    mine = {row.code for row in FOUND.projects if row.department == "公安局"}
    assert codes("公安局") == {*mine, "G01"}
    assert codes("全部") == {row.code for row in FOUND.projects} | {"G01", "G02"}


def test_what_lost_points_in_one_year_only_is_not_listed(folder: Path) -> None:
    listed = list_repeated_losses(FOUND)
    assert listed and all(one.last.lost > 0 and one.now.lost > 0 for one in listed)
    assert [one.now.lost for one in listed] == sorted((one.now.lost for one in listed), reverse=True)
    assert {one.dimension for one in listed} >= {"预算执行", "产出指标"}
    shown = rows(folder / "少" / "汇总_全部.xlsx", "连续失分")
    assert [row[0] for row in shown[4:] if len(row) > 3] == [*(one.project.code for one in listed)]


def test_of_many_projects_the_departments_come_to_the_same(folder: Path) -> None:
    few = rows(folder / "少" / "汇总_全部.xlsx", "与上年比较")
    book = openpyxl.load_workbook(folder / "多" / "汇总_全部.xlsx", data_only=True)
    assert book.sheetnames[-1] == "与上年比较"
    table = list(book["与上年比较"].iter_rows(values_only=True))
    total = next(row for row in table if row[0] == "合计")
    assert list(total[6:9]) == near(*find(few, "全年预算（万元）")[1:4])
    assert list(total[12:14]) == near(*find(few, "预算执行率")[1:3])
    assert list(total[15:17]) == near(*find(few, "平均得分（分）")[1:3])
    assert total[17] == len(list_repeated_losses(FOUND))
    assert CLOSED in {row[0] for row in table}


def test_a_blank_amount_is_compared_with_nothing() -> None:
    blank = project(1, funding={}).model_copy(
        update={"last_year": LastYearFigures(year=2020, budget=5.0, executed=4.0)}
    )
    sums = sum_pairs(list_pairs(result([blank]).model_copy(update={"compared_with": 2020})))
    assert (sums.money, sums.last.budget, sums.presences[Presence.BOTH]) == (0, 0.0, 1)
