"""excel/tables.py: columns as data, rules as formulas with their values, Excel's limits per sheet."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from workbook_tools.core.errors import TemplateError
from workbook_tools.excel import tables
from workbook_tools.excel.styles import NAMED, OK_TINT
from workbook_tools.excel.tables import (
    CUT,
    SMALL,
    Column,
    Link,
    Table,
    break_header,
    cut_text,
    cut_to_height,
    cut_to_line,
)
from workbook_tools.excel.text_extent import MAX_HEIGHT, fit_height
from workbook_tools.excel.writing import Book
from workbook_tools.rules.expr import Ref


class Item(NamedTuple):
    name: str
    a: float | None
    b: float | None
    total: float | None


COLUMNS: list[Column[Item]] = [
    Column("name", "名称", 10, lambda i: i.name),
    Column("a", "甲", 8, lambda i: i.a, "decimal", "分项", total="sum"),
    Column("b", "乙", 8, lambda i: i.b, "decimal", "分项", total="mean"),
    Column("c", "合计", 8, lambda i: i.total, "decimal", rule=Ref("a") + Ref("b"), total="rule"),
    Column("link", "链接", 8, lambda i: Link(i.name, "https://example.com/"), printed=False),
]


def table(book: Book) -> Table[Item]:
    return Table(book.sheet("表"), COLUMNS, "标题", "说明")


def xml(book: Book) -> str:
    with zipfile.ZipFile(io.BytesIO(book.bytes())) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def rows(book: Book) -> list[list[object]]:
    found: list[list[object]] = (
        CalamineWorkbook.from_filelike(io.BytesIO(book.bytes())).get_sheet_by_index(0).to_python(False)
    )
    return found


def formulas(book: Book) -> list[tuple[str, str, float]]:
    """Cell, formula and shown value of every formula."""
    found = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>(.*?)</f><v>(.*?)</v>', xml(book))
    return [(cell, formula, float(value)) for cell, formula, value in found]


def test_headings_have_two_rows_where_columns_are_grouped() -> None:
    book = Book()
    table(book).finish()
    assert rows(book)[:5] == [
        ["标题", "", "", "", ""],
        ["说明", "", "", "", ""],
        ["名称", "分项", "", "合计", "链接"],
        ["", "甲", "乙", "", ""],
        ["（无）", "", "", "", ""],
    ]


def test_a_figure_that_follows_is_a_formula_and_one_that_does_not_stays_a_value() -> None:
    book = Book()
    made = table(book)
    made.add_all([Item("合", 1, 2, 3), Item("限", 1, 2, 2.5), Item("空", 1, None, None), Item("缺", 1, None, 1)])
    assert formulas(book) == [("D5", "B5+C5", 3), ("D8", "B8+C8", 1)]
    assert [row[3] for row in rows(book)[4:]] == [3, 2.5, "", 1]


def test_a_total_row_sums_averages_and_applies_the_rule() -> None:
    book = Book()
    made = table(book)
    first = made.add_all([Item("一", 1, 4, 5), Item("二", 2, None, 2)])
    made.add_total({"name": "小计"}, first)
    second = [made.add(Item("三", 3, None, 3), level=1)]
    made.add_total({"name": "小计"}, second)
    made.add_total({"name": "合计"}, first + second)
    assert [f for f in formulas(book) if f[1].startswith("SUBTOTAL") or f[0] in ("D7", "D9", "D10")] == [
        ("B7", "SUBTOTAL(9,B5:B6)", 3),
        ("C7", "SUBTOTAL(1,C5:C6)", 4),
        ("D7", "B7+C7", 7),
        ("B9", "SUBTOTAL(9,B8:B8)", 3),
        ("D9", "B9+C9", 3),
        ("B10", "SUBTOTAL(9,B5:B9)", 6),
        ("C10", "SUBTOTAL(1,C5:C9)", 4),
        ("D10", "B10+C10", 10),
    ]
    assert made.number(6, "a") == 3
    assert made.number(8, "b") is None
    assert made.all("b") == "'表'!$C$5:$C$10"
    assert made.cells("a", 6) == "'表'!$B$7"


def test_filter_freeze_print_and_colours() -> None:
    book = Book()
    made = table(book)
    made.add_all([Item("一", 1, 2, 3)])
    made.finish(keep=1)
    made.tint("name", {'"好"': OK_TINT})
    text = xml(book)
    assert '<autoFilter ref="A4:E5"/>' in text
    assert 'xSplit="1" ySplit="4"' in text
    assert '<formula>"""好"""</formula>' in text
    with zipfile.ZipFile(io.BytesIO(book.bytes())) as package:
        names = package.read("xl/workbook.xml").decode()
    assert "表!$A$1:$D$5<" in names
    assert "表!$3:$4<" in names


def test_rows_that_excel_has_no_room_for_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 8)
    book = Book()
    made = table(book)
    assert made.add_all(Item(str(i), 1, 2, 3) for i in range(5)) == [4, 5]
    with pytest.raises(TemplateError, match="放不下"):
        made.add(Item("x", 1, 2, 3))
    made.finish()
    assert rows(book)[1][0] == "共有 5 行，超出 Excel 一张表的行数，末尾 3 行没有列出"


def test_links_beyond_the_limit_are_plain_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_LINKS", 2)
    book = Book()
    table(book).add_all(Item(str(i), 1, 2, 3) for i in range(3))
    assert re.findall('<hyperlink ref="(.*?)"', xml(book)) == ["E5", "E6"]
    assert rows(book)[6][4] == "2"


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert cut_text("长" * 32767) == "长" * 32767
    assert cut_text("长" * 32768) == "长" * (32767 - len(CUT)) + CUT
    cut = cut_text("a" + "😀" * 20000)
    assert cut.endswith(f"😀{CUT}")
    assert len(cut.encode("utf-16-le")) <= 2 * 32767
    Book().sheet("表").write(0, 0, cut)


@pytest.mark.parametrize(
    ("header", "width", "shown"),
    [
        ("产出指标", 5, "产出\n指标"),
        ("满意度指标", 5, "满意度\n指标"),
        ("预算执行率", 7, "预算\n执行率"),
        ("产出指标", 6, "产出指标"),
        ("自扣分\n（已减去）", 6, "自扣分\n（已减去）"),
        ("偏差原因分析及改进措施", 6, "偏差原因分析及改进措施"),
    ],
)
def test_a_heading_in_a_narrow_column_breaks_where_its_words_do(header: str, width: float, shown: str) -> None:
    assert break_header(header, width, NAMED["header"].but(size=SMALL)) == shown


def test_a_text_that_no_row_is_high_enough_for_ends_where_the_row_does() -> None:
    style, text = NAMED["text"], "为什么没有完成" * 300
    short = cut_to_height(text, 20, style)
    assert short.endswith(CUT)
    assert fit_height(short, 20, style) <= MAX_HEIGHT < fit_height(text, 20, style)
    assert fit_height(text[: len(short)] + CUT, 20, style) > MAX_HEIGHT, "as much of it as there is room for"
    assert cut_to_height("短", 20, style) == "短"


def test_a_text_for_one_line_is_cut_to_it() -> None:
    assert cut_to_line("道路养护", 8, NAMED["text_line"]) == "道路养护"
    assert cut_to_line("农村道路养护", 8, NAMED["text_line"]) == "农村道…"


def test_what_is_typed_or_read_back_is_not_cut() -> None:
    text = "为什么没有完成" * 300
    columns: list[Column[str]] = [
        Column("plain", "说明", 20, lambda t: t),
        Column("whole", "编号", 20, lambda t: t, whole=True),
        Column("typed", "意见", 20, lambda t: t, "input"),
    ]
    with Book() as book:
        Table(book.sheet("表"), columns, "表").add(text)
    [*_, row] = CalamineWorkbook.from_filelike(io.BytesIO(book.bytes())).get_sheet_by_name("表").to_python()
    assert [cell == text for cell in row] == [False, True, True]
