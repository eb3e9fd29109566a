"""excel/tables.py: columns as data, rules as formulas with their values, Excel's limits per sheet."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from workbook_tools.core.cells import MAX_HEIGHT
from workbook_tools.core.errors import TemplateError
from workbook_tools.excel import tables
from workbook_tools.excel.columns import SMALL, Column, Link, fit_screen, is_too_long, widen
from workbook_tools.excel.cut_texts import CUT, break_header, cut_text, cut_to_height, cut_to_line
from workbook_tools.excel.styles import NAMED, OK_TINT, SUBTOTAL_FILL
from workbook_tools.excel.tables import Table
from workbook_tools.excel.text_extent import SCREEN, column_pixels, fit_height
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
    made.add_all([Item("一", 1, 4, 5), Item("二", 2, None, 2), Item("三", 3, None, 3)])
    total = made.add_total({"name": "合计"})
    assert [f for f in formulas(book) if f[0].endswith("9")] == [
        ("B9", "SUBTOTAL(9,B5:B7)", 6),
        ("C9", "SUBTOTAL(1,C5:C7)", 4),
        ("D9", "B9+C9", 10),
    ]
    assert made.number(total, "a") == 6
    assert made.all("b") == "'表'!$C$5:$C$7", "the records alone"
    assert made.cells("a", total) == "'表'!$B$9"


def test_a_total_of_a_group_finds_its_records_by_number_wherever_they_stand() -> None:
    book = Book()
    made = table(book)
    first, _, third = made.add_all([Item("甲", 1, 4, 5), Item("乙", 2, None, 2), Item("甲", 3, None, 3)])
    total = made.add_group_total({"name": "甲"}, "a", (1, 3), [first, third], SUBTOTAL_FILL)
    same = '$B$5:$B$7,"&gt;=1",$B$5:$B$7,"&lt;=3"'
    count = f'COUNTIFS({same},$C$5:$C$7,"&gt;=0")'
    assert [f for f in formulas(book) if f[0].endswith("8")] == [
        ("B8", f"SUMIFS($B$5:$B$7,{same})", 4),
        ("C8", f'IF({count}=0,"",SUMIFS($C$5:$C$7,{same})/{count})', 4),
        ("D8", "B8+C8", 8),
    ]
    assert made.number(total, "b") == 4
    assert made.count_group(total) == """=COUNTIFS('表'!$B$5:$B$7,">=1",'表'!$B$5:$B$7,"<=3")"""
    jump = made.jump("a", "B5", 'ein "Wort"')
    assert jump == "=HYPERLINK(\"#'表'!A\"&4+MATCH(B5,'表'!$B$5:$B$7,0)," + '"ein ""Wort""")'


def test_the_filter_holds_the_records_alone_and_a_gap_keeps_the_total_out_of_it() -> None:
    book = Book()
    made = table(book)
    made.add_all([Item("一", 1, 2, 3), Item("二", 1, 2, 3)])
    made.add_total({"name": "合计"})
    made.finish()
    assert '<autoFilter ref="A4:E6"/>' in xml(book)
    assert rows(book)[6] == ["", "", "", "", ""]
    assert rows(book)[7][0] == "合计"


def test_texts_give_up_room_where_a_table_is_wider_than_a_screen() -> None:
    columns: list[Column[str]] = [
        Column("a", "甲", 100, str),
        Column("b", "乙", 60, str),
        Column("n", "数", 20, len, "number"),
        Column("c", "丙", 12, str, least=12),
        Column("link", "链接", 30, str, printed=False),
    ]
    fitted = fit_screen(columns)
    assert SCREEN - 8 <= sum(column_pixels(c.width) for c in fitted if c.printed) <= SCREEN
    assert [c.width for c in fitted[2:]] == [20, 12, 30], (
        "neither figures, nor what needs its room, nor what is not printed"
    )
    assert fit_screen(columns[2:]) == columns[2:]


def test_a_column_grows_until_its_longest_text_stands_whole() -> None:
    style = NAMED["text"].but(size=SMALL)
    narrow: Column[str] = Column("a", "甲", 14, str)
    [column] = widen([narrow], ["短", "说明" * 250], "a")
    assert (
        fit_height("说明" * 250, column.width, style) <= MAX_HEIGHT < fit_height("说明" * 250, column.width - 1, style)
    )
    assert column.least == column.width
    assert widen([column], ["短"], "a") == [column]
    assert [is_too_long("说明" * n) for n in (250, 1000)] == [False, True]


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
