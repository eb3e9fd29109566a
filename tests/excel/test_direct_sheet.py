"""excel/direct_sheet.py: what is written directly is what XlsxWriter writes, byte for byte, and what is not is XlsxWriter's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_writing import list_different_parts

from workbook_tools.excel.packed_rows import BATCH, LIVE, PackedRows
from workbook_tools.excel.references import file_link, sheet_link
from workbook_tools.excel.styles import ERROR_TINT, NAMED, OK_TINT, StyleSpec
from workbook_tools.excel.writing import Book, Sheet, strict

LAST = LIVE + 3 * BATCH
TEXTS = ("普通", "a & b < c > \"d\" 'e'", "_x0041_", "<r>甲</r>", " 空格 ", "甲\n乙", "😀", "=1+1", "0012")


def draw_cells(sheet: Sheet) -> None:
    for row, text in enumerate(TEXTS):
        sheet.write(row, 0, text)
        sheet.formula(row, 1, f'=IF(A{row + 1}="甲 & <乙>","_x0041_",1)', "text", text)
    for row, value in enumerate((1.5, -0.1 + 0.3, 1e-7, 1e20, 100.0, True, False, None, "")):
        sheet.write(row, 2, value, "decimal")
        sheet.formula(row, 3, "=1+1", "number", value)
    sheet.formula(9, 3, "=1/0", "number", "#DIV/0!")
    sheet.write(40, 900, "远处")
    sheet.write(41, 9000, "更远")


def draw_ranges(sheet: Sheet) -> None:
    sheet.merge(0, 0, 3, 3, "合并", "title")
    sheet.merge(4, 0, 4, 3, 1.5, "money", formula="=1.5")
    sheet.merge(5, 0, 5, 0, "单个")
    for row, text in enumerate(TEXTS):
        prompt = {"validate": "any", "input_title": text, "input_message": text * 3}
        sheet.validate(row, 5, row, 5, {"ignore_blank": True, **prompt})
    choices = {"validate": "list", "source": ["是", "否", "a&b"], "error_title": "错", "error_message": '只能选"是"'}
    for number, options in enumerate(
        (
            choices,
            {**choices, "ignore_blank": True},
            {"validate": "list", "source": "=甲!$A$1:$A$3", "ignore_blank": True},
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 99.5, "ignore_blank": True},
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -1e-7,
                "maximum": "=A1<&B2",
                "ignore_blank": True,
            },
            {"validate": "decimal", "criteria": ">=", "value": 3},
            {"validate": "integer", "criteria": "!=", "value": 3},
            {"validate": "custom", "value": "=A1>1", "ignore_blank": False, "error_type": "warning"},
        )
    ):
        sheet.validate(number, 6, number + 2, 7, options)
    for formula in ('=check_甲="需说明"', '=A1<>""', "=TRUE", "=1", '=A1="_x0041_&"'):
        sheet.highlight(
            0, 0, 4, 4, {"type": "formula", "criteria": formula, "format": ERROR_TINT, "stop_if_true": True}
        )
        sheet.highlight(1, 1, 1, 1, {"type": "formula", "criteria": formula, "format": OK_TINT})
    sheet.highlight(0, 9, 4, 9, {"type": "cell", "criteria": "==", "value": '"未填"', "format": ERROR_TINT})
    sheet.highlight(0, 10, 4, 10, {"type": "data_bar", "bar_color": "#63C384"})
    sheet.highlight(0, 11, 4, 11, {"type": "3_color_scale"})


def draw_the_sheet(sheet: Sheet) -> None:
    sheet.columns((10, 0, 30.5, 12))
    for row, height in ((0, 30), (1, None), (17, 15.75), (40, 0), (100, 13.5)):
        sheet.row_height(row, height)
    sheet.row_height(5, 20, hidden=True)
    sheet.write(16, 2, "行")
    sheet.link(0, 0, sheet_link("另一张", "B2"), "去")
    sheet.link(1, 0, file_link("../回收/甲 #1.xlsx", "表"), "文件")
    sheet.link(2, 0, "https://example.com/?a=1&b=2", "网址")
    sheet.note(3, 3, "批注 <甲>")
    sheet.note(60, 8, "只有批注的行")
    sheet.autofilter(0, 0, 9, 3)
    sheet.numbers_as_text(0, 0, 9, 0)
    sheet.freeze(2, 1)
    sheet.view(gridlines=False, tab="#F2C94C", active=True)
    sheet.protect("密码", autofilter=True)
    sheet.print_setup(landscape=True, repeat_rows=(0, 1), area=(0, 0, 20, 3))
    sheet.break_before(10, 20)


def draw_a_chart(sheet: Sheet) -> None:
    for row in range(5):
        sheet.write(row, 0, f"第{row}局")
        sheet.write(row, 1, float(row))
    chart = sheet.book.chart("column")
    with strict("图表"):
        chart.add_series({"categories": ["表", 0, 0, 4, 0], "values": ["表", 0, 1, 4, 1], "name": "得分"})
    sheet.chart(6, 0, chart, 400, 300, "各局得分")


def draw_many_rows(sheet: Sheet) -> None:
    """More than stay as they are; then the first ones are gone back to."""
    for row in range(LIVE + BATCH):
        sheet.write(row, 1, f"第{row}行", "text")
        sheet.write(row, 2, row / 7, "money")
        sheet.formula(row, 3, f"=C{row + 1}*2", "money", row / 7 * 2)
        sheet.write(row, 4, None, "input")
        sheet.link(row, 0, sheet_link("另一张 表", "B2") if row % 3 else file_link(f"甲 {row // 2}.xlsx", "表"), "去")
        sheet.row_height(row, 18 + row % 4)
    sheet.write(2, 5, True)
    sheet.write(BATCH + 1, 5, "<r>甲</r>")
    sheet.formula(1, 0, "=1+1", "number", 2.0)
    sheet.note(BATCH, 2, "批注")
    sheet.write(LIVE + BATCH, 1, "末行")
    chart = sheet.book.chart("column")
    with strict("图表"):
        chart.add_series({"categories": ["表", 0, 1, 9, 1], "values": ["表", 0, 3, 2 * BATCH, 3], "name": "得分"})
    sheet.chart(6, 7, chart, 400, 300, "各行")


@pytest.mark.parametrize(
    "fill", [draw_cells, draw_ranges, draw_the_sheet, draw_a_chart, draw_many_rows, lambda sheet: None]
)
def test_the_same_bytes_as_xlsxwriter_alone(fill: Callable[[Sheet], None]) -> None:
    def draw() -> bytes:
        with Book(title="示例 & <乙>", kind="汇总") as book:
            fill(book.sheet("表"))
            other = book.sheet("另一张 表", very_hidden=True)
            for number, style in enumerate(NAMED):
                other.write(number, 0, style, style)
                book.define_name(f"name_{number}", other, number, 0)
            book.sheet("第三张", hidden=True).formula(0, 0, "=名称", "text", "甲")
            book.lock_structure("密码")
        return book.bytes()

    assert list_different_parts(draw) == []
    assert list_different_parts(draw) == []  # with the styles and names known from before


def test_styles_that_were_known_are_not_those_of_another_workbook() -> None:
    def draw(*styles: str) -> bytes:
        with Book() as book:
            sheet = book.sheet("表")
            for row, style in enumerate(styles):
                sheet.write(row, 0, "x", style)
            sheet.highlight(0, 0, 1, 0, {"type": "formula", "criteria": "=1", "format": ERROR_TINT})
        return book.bytes()

    for styles in (("title", "note"), ("note", "title"), ("title",), ("title", "note", "input")):
        assert list_different_parts(lambda styles=styles: draw(*styles)) == [], styles


def test_equal_looks_are_written_alike_whichever_came_first() -> None:
    def draw(*sizes: float) -> bytes:
        with Book() as book:
            sheet = book.sheet("表")
            for row, size in enumerate(sizes):
                sheet.write(row, 0, "x", StyleSpec(size=size, bold=bool(row)))
        return book.bytes()

    assert draw(17.0, 17) == draw(17, 17.0)
    assert list_different_parts(lambda: draw(17, 17.0, 9.5)) == []


def test_rows_that_were_packed_are_there_when_they_are_asked_for() -> None:
    rows = PackedRows(pack=lambda cells: None if "rare" in cells.values() else [*cells.items()], unpack=dict)
    for row in range(LAST):
        rows[row][3] = "rare" if row == 7 else row
    assert dict.__len__(rows) <= LIVE
    assert sorted(rows) == [*range(LAST)] == sorted(rows.keys())
    rows[1][4] = "later"
    rows[LAST][3] = LAST
    assert len(rows) == LAST + 1
    assert 3 in rows
    assert -1 not in rows
    assert rows.take(1) == {3: 1, 4: "later"}
    assert 1 not in rows
    assert [rows.take(row) for row in (0, 2, 7, 8, -1)] == [{3: 0}, {3: 2}, {3: "rare"}, {3: 8}, {}]
