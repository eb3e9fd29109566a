"""汇总_全部 of more projects than one workbook lists: it says of all of them what the list of all projects says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from result_builder import pending, project, result, unscored

from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.results.facts import final_grade_text
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary import write_form_tables, write_summaries

FOUND = result([*map(project, range(30)), pending(31), unscored(32), project(33, department="")])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both: ``多`` as above the number of projects, ``少`` as below it."""
    made = tmp_path_factory.mktemp("汇总")
    for name, most in (("多", 10), ("少", 100)):
        write_summaries(FOUND, made / name, most=most)
    return made


def rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))


def find(table: list[tuple[object, ...]], first: str) -> list[object]:
    """The rest of the row that begins so, or the cell behind it."""
    row = next(row for row in table if first in row)
    return [value for value in row[row.index(first) + 1 :] if value is not None]


def test_it_lists_departments_and_units_and_no_project(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "多" / "汇总_全部.xlsx")
    assert book.sheetnames == ["概览", "各部门", "各单位", "分档"]
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not texts & {row.name for row in FOUND.projects}
    names = [row[0].value for row in book["各部门"].iter_rows(min_row=5, max_row=9)]
    assert names == ["公安局", "交通运输局", "市场监督管理局", "（未填主管部门）", "文化和旅游局"]


def test_every_department_leads_to_its_workbook(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "多" / "汇总_全部.xlsx")["各部门"]
    links = [cell.hyperlink.target for (cell,) in sheet.iter_rows(min_row=5, max_row=9, max_col=1)]
    assert len(links) == 5
    assert all((folder / "多" / link).is_file() for link in links)


def test_every_unit_has_the_grades_of_its_projects(folder: Path) -> None:
    table = rows(folder / "多" / "汇总_全部.xlsx", "各单位")
    grades = {name: col for col, name in enumerate(table[3]) if name in ("优秀", "良好", "合格", "待更正", "未评分")}
    assert len(grades) == 5
    shown = {row[:2]: {name: row[col] for name, col in grades.items() if row[col]} for row in table[4:] if row[1]}
    own = Counter((row.department or NO_DEPARTMENT, row.unit, final_grade_text(row)) for row in FOUND.projects)
    for (department, unit, grade), count in own.items():
        assert shown[department, unit].pop(grade) == count
    assert not any(shown.values())


@pytest.mark.parametrize("name", ["应报项目", "全年预算（万元）", "预算执行率", "校验提醒（条）"])
def test_the_key_figures_are_those_of_the_list(folder: Path, name: str) -> None:
    many, few = (find(rows(folder / one / "汇总_全部.xlsx", "概览"), name) for one in ("多", "少"))
    assert [round(v, 6) if isinstance(v, float) else v for v in many] == [
        round(v, 6) if isinstance(v, float) else v for v in few
    ]


@pytest.mark.parametrize("name", ["优秀", "合格", "待更正", "未评分", "90%～100%", "80～90分", "没有得分"])
def test_grades_and_bands_are_those_of_the_list(folder: Path, name: str) -> None:
    many, few = (find(rows(folder / one / "汇总_全部.xlsx", "概览"), name) for one in ("多", "少"))
    assert many == pytest.approx(few)


def test_departments_are_written_as_ever(folder: Path) -> None:
    for path in (folder / "少").glob("汇总_*.xlsx"):
        if path.name != "汇总_全部.xlsx":
            assert (folder / "多" / path.name).read_bytes() == path.read_bytes()


def test_the_table_of_the_office_is_of_departments_alone(tmp_path: Path) -> None:
    form = tmp_path / "汇总表.xlsx"
    form.write_bytes(draw_blank_summary_form())
    written, _ = write_form_tables(result([project(0), project(1)], missing=()), tmp_path / "汇总", form, most=1)
    assert [path.name for path in written] == ["汇总表_公安局.xlsx", "汇总表_交通运输局.xlsx"]
    assert all(path.is_file() for path in written)
