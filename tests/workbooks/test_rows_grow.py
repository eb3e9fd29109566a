"""A unit sees what it types: rows grow with it, or can be made higher by hand."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from builders import KEY, MOF, project
from filling import workbook_of
from office import fill_with_libreoffice, requires_uno

from workbook_tools.excel.styles import StyleSpec
from workbook_tools.excel.text_extent import exact_height
from workbook_tools.form import evaluation, evidence, funding, narrative
from workbook_tools.form.fields import Field
from workbook_tools.form.layout import build_layout
from workbook_tools.workbooks.writing import build_workbook

LONG = "受汛期连续强降雨影响，部分路段路基沉陷，施工推迟到十月，年底前只完成了路面铺设；"
TYPED = {
    "indicator_001_deviation_reason": LONG * 12,
    "indicator_004_actual": LONG * 3,
    "text_overview": LONG * 20,
    "text_problems": LONG * 25,
}
FILLED_IN = {narrative.BASICS, funding.TITLE, evaluation.TITLE, narrative.ANALYSIS, evidence.TITLE}


def test_units_may_make_the_rows_higher_where_they_type_and_nowhere_else() -> None:
    data = build_workbook(project(), MOF, KEY)
    titles = openpyxl.load_workbook(BytesIO(data)).sheetnames
    with ZipFile(BytesIO(data)) as package:
        sheets = [package.read(f"xl/worksheets/sheet{i}.xml").decode() for i in range(1, len(titles) + 1)]
    locks = [re.search("<sheetProtection [^>]*>", sheet) for sheet in sheets]
    assert {
        title for title, lock in zip(titles, locks, strict=True) if lock and 'formatRows="0"' in lock[0]
    } == FILLED_IN
    assert not [lock for lock in locks if lock is None or "formatColumns" in lock[0]]


def high_enough(sheet: Any, item: Field) -> bool:
    cell = sheet[item.cell]
    style = StyleSpec(size=cell.font.sz, wrap=True, indent=int(cell.alignment.indent or 0))
    width = sheet.column_dimensions[cell.column_letter].width
    return exact_height(TYPED[item.name], width, style) <= sheet.row_dimensions[cell.row].height + 1


@requires_uno
@pytest.mark.slow
def test_rows_grow_in_libreoffice_while_one_types(tmp_path: Path) -> None:
    issued, layout = workbook_of(project(), MOF, tmp_path / "P001.xlsx")
    fields = [layout.fields[name] for name in TYPED]
    steps = [{"sheet": f.sheet, "cell": f.cell, "type": "text", "content": TYPED[f.name]} for f in fields]
    assert fill_with_libreoffice(issued, steps, tmp_path / "typed.xlsx") == []
    before, after = openpyxl.load_workbook(issued), openpyxl.load_workbook(tmp_path / "typed.xlsx")
    assert [f.name for f in fields if high_enough(before[f.sheet], f)] == []
    assert [f.name for f in fields if not high_enough(after[f.sheet], f)] == []


def test_rows_that_grow_do_not_hold_to_their_height() -> None:
    layout = build_layout(project(), MOF)
    held = rows_that_hold(build_workbook(project(), MOF, KEY))
    assert [name for name in TYPED if (layout.fields[name].sheet, layout.fields[name].span.row + 1) in held] == []


def rows_that_hold(data: bytes) -> set[tuple[str, int]]:
    """Sheet and row of the heights that no program changes by itself."""
    titles = openpyxl.load_workbook(BytesIO(data)).sheetnames
    with ZipFile(BytesIO(data)) as package:
        return {
            (title, int(number))
            for i, title in enumerate(titles, 1)
            for number in re.findall(
                r'<row r="(\d+)"[^>]*customHeight="1"', package.read(f"xl/worksheets/sheet{i}.xml").decode()
            )
        }
