"""A form that came as .csv, or as text under the name .xls, is read like the workbook that it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from published_forms import FILES

from workbook_tools.core.model import Measure
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.legacy.reading import read_forms
from workbook_tools.legacy.words.records import HandmadeForm, Stated
from workbook_tools.review.folder import review_folder

PER_MILLE_AS_PER_CENT = ("梁平区林业局2022年度部门整体绩效自评表",)
"""A workbook holds 0.4 beside the unit ‰ and shows 40%; as text only 40% is left."""
WORKBOOKS = [path for path in FILES if path.suffix == ".xlsx" and path.stem not in PER_MILLE_AS_PER_CENT]


def as_text(path: Path, title: str, delimiter: str) -> str:
    sheet = next(sheet for sheet in open_sheets(path, path.read_bytes()) if sheet.title == title)
    shown = {(cell.row, cell.col): cell.shown for cell in sheet.cells}
    rows, cols = (max(place[n] for place in shown) + 1 for n in (0, 1))
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(
        [[shown.get((r, c), "") for c in range(cols)] for r in range(rows)]
    )
    return target.getvalue()


def facts(form: HandmadeForm) -> object:
    def value(stated: Stated | None) -> object:
        return stated.value if stated else None

    entries = [(e.name.printed, *map(value, (e.target, e.actual, e.weight))) for e in form.entries]
    return entries, [(line.source, {m: value(line.amounts.get(m)) for m in Measure}) for line in form.funding]


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_a_published_form_as_text(path: Path, tmp_path: Path) -> None:
    [original, *_] = read_forms(SourceFile(path, path.name)).forms
    for name, delimiter, encoding in (("表.csv", ",", "gb18030"), ("表.xls", "\t", "utf-16")):
        place = tmp_path / name
        place.write_bytes(as_text(path, original.sheet, delimiter).encode(encoding))
        [form] = read_forms(SourceFile(place, name)).forms
        assert facts(form) == facts(original)


def test_tables_are_found_in_a_folder_and_other_texts_are_passed_over(tmp_path: Path) -> None:
    path = next(path for path in WORKBOOKS if "禁毒" in path.stem)
    text = as_text(path, "自评表", "\t")
    for name in ("甲.csv", "乙.txt", "丙.tsv"):
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    (tmp_path / "说明.txt").write_text("请于三月底前报送。", "utf-8")
    sources, passed_over = find_sources(tmp_path)
    assert [source.name for source in sources] == ["丙.tsv", "乙.txt", "甲.csv"]
    assert [(item.code, item.file) for item in passed_over] == [("FILE09", "说明.txt")]
    assert {row.imported for row in review_folder(tmp_path, workers=1).result.projects} == {True}


_TWO_ROWS = """项目支出绩效自评表（2024年度）
项目名称,道路养护,,,,,实施单位,公路站
一级指标,二级指标,三级指标,年度指标值,,,实际完成值,分值,得分
,,,符号,指标值,单位,,,
产出指标,数量指标,养护里程,≥,100,公里,102,60,60
效益指标,社会效益指标,群众出行,≥,90,%,95,40,40
"""


def test_a_header_of_two_rows_without_merged_cells_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    path.write_text(_TWO_ROWS, "utf-8")
    [form] = read_forms(SourceFile(path, path.name)).forms
    assert [
        (e.direction.symbol, e.target and e.target.value, e.unit, e.actual and e.actual.value) for e in form.entries
    ] == [
        ("≥", 100, "公里", 102),
        ("≥", 90, "%", 95),
    ]
    assert [e.name.printed for e in form.entries] == ["养护里程", "群众出行"]


def test_a_row_of_indicators_below_one_row_of_labels_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "甲.csv"
    lines = _TWO_ROWS.splitlines()
    lines[2:4] = ["一级指标,二级指标,三级指标,年度指标值,,,实际完成值,分值,得分"]
    path.write_text("\n".join(lines).replace("≥,100,公里", "≥100公里,,").replace("≥,90,%", "≥90%,,"), "utf-8")
    [form] = read_forms(SourceFile(path, path.name)).forms
    assert [e.target and e.target.value for e in form.entries] == [100, 90]
