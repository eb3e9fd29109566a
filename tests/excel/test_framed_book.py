"""A book that is put together from a frame and its content is the one that XlsxWriter writes; what is unusual is left to a plain one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from plain_writing import by_xlsxwriter_alone, read_parts

from workbook_tools.core.cells import Span
from workbook_tools.excel.framed_book import FramedBook
from workbook_tools.excel.framed_pieces import OWN, KnownPiece, Piece, Unusual
from workbook_tools.excel.framed_sheet import FramedSheet
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import ERROR_TINT, NAMED, WARNING_TINT
from workbook_tools.excel.usual_tags import write_usual_validation
from workbook_tools.excel.writing import Book, Sheet

RULE = {"type": "formula", "criteria": '=first<>"<&>"', "format": ERROR_TINT, "stop_if_true": True}
CONTENT = {"type": "cell", "criteria": "==", "value": '"未填"', "format": WARNING_TINT}
LIST = {
    "validate": "list",
    "source": ["是 & <否>", "不适用"],
    "error_message": "请选择",
    "error_title": "有误",
    "ignore_blank": True,
}


def draw(book: Book, names: str = "甲 & <乙>", unit: str = '公里 & "里"') -> bytes:
    """Some of everything that forms have."""
    first, second = book.sheet("一 & 二"), book.sheet("标识", hidden=True)
    first.columns((10, 20, 0, 8.5))
    for row, height in ((0, 30.0), (1, 22.5), (40, 18.0)):
        first.row_height(row, height, grows=row == 1)
    first.merge(0, 0, 0, 3, names, "title")
    first.merge(1, 0, 3, 0, 12.5, NAMED["number"].but(number_format=f'"≥"General"{unit}"'))
    first.merge(1, 1, 1, 1, None, "input")
    first.write(2, 1, "", "input")
    first.write(17, 3, " 前后有空格 \n第二行", "text")
    first.formula(3, 1, '=IF(A2>1,"<大>","")', "computed_text", "<大>")
    first.merge(4, 0, 4, 1, 100.0, NAMED["number"].but(number_format='General"项"'), formula="=A2*8")
    first.link(5, 1, sheet_link("标识", "A1"), names, "link")
    first.link(5, 0, sheet_link("标识", "B2"), "同一行的前一个", "link")
    first.validate(1, 1, 1, 1, LIST)
    first.validate(2, 1, 2, 1, {"validate": "any", "input_title": "填", "input_message": names, "ignore_blank": True})
    first.highlight(1, 1, 1, 1, RULE)
    first.highlight(1, 0, 3, 0, CONTENT)
    first.highlight(1, 1, 1, 1, CONTENT)
    book.define_name("first", first, 1, 1)
    book.define_name("Zweiter", second, 0, 0)
    second.write(0, 0, names, "plain")
    first.view(gridlines=False, tab="#F2C94C", active=True)
    first.freeze(1, 1)
    first.print_setup(landscape=True, fit_height=1, repeat_rows=(0, 1), area=(0, 0, 6, 3), colours=False)
    first.break_before(3)
    for sheet in (first, second):
        sheet.protect("密码", format_rows=True)
    book.lock_structure("密码")
    return book.bytes()


@pytest.mark.parametrize("title", ["", "甲 & <乙>"])
def test_the_same_package(title: str) -> None:
    facts = title, "B01 & <1>"
    with by_xlsxwriter_alone():
        plain = draw(Book(facts[0], subject=facts[1]))
    draw(Book())  # Excel takes the names
    for _ in range(2):
        framed = draw(FramedBook(facts[0], subject=facts[1]))
        theirs = read_parts(plain)
        assert [name for name, part in read_parts(framed).items() if part != theirs[name]] == []
        assert framed == plain


def test_a_frame_holds_nothing_of_the_book_that_it_was_drawn_for() -> None:
    draw(Book())
    draw(FramedBook("别的项目", subject="B02"), "别的名称", "户")
    assert draw(FramedBook("这个项目", subject="B01")) == draw(Book("这个项目", subject="B01"))


UNUSUAL: dict[str, Callable[[Book, Sheet], object]] = {
    "markup": lambda book, sheet: sheet.write(1, 0, "<r>甲</r>"),
    "too long": lambda book, sheet: sheet.write(1, 0, "长" * 32_768),
    "long of two units": lambda book, sheet: sheet.write(1, 0, "😀" * 17_000),
    "truth": lambda book, sheet: sheet.write(1, 0, True),
    "no number": lambda book, sheet: sheet.write(1, 0, float("nan")),
    "an error": lambda book, sheet: sheet.formula(1, 0, "=1/0", "text", "#DIV/0!"),
    "a truth that is computed": lambda book, sheet: sheet.formula(1, 0, "=1=1", "text", True),
    "no formula": lambda book, sheet: sheet.formula(1, 0, "=", "text", 1.0),
    "a long literal": lambda book, sheet: sheet.formula(1, 0, f'="{"长" * 256}"', "text", "长"),
    "an array": lambda book, sheet: sheet.formula(1, 0, "{=1}", "text", 1.0),
    "a list with commas": lambda book, sheet: sheet.validate(1, 0, 1, 0, {**LIST, "source": ["a,b"]}),
    "a long prompt": lambda book, sheet: sheet.validate(1, 0, 1, 0, {**LIST, "input_message": "长" * 256}),
    "a rule of another kind": lambda book, sheet: sheet.highlight(1, 0, 1, 0, {"type": "data_bar"}),
    "a note": lambda book, sheet: sheet.note(1, 0, "批注"),
    "a filter": lambda book, sheet: sheet.autofilter(0, 0, 1, 1),
    "a file": lambda book, sheet: sheet.link(1, 0, "external:a.xlsx", "甲"),
    "a hidden row": lambda book, sheet: sheet.row_height(1, 20, hidden=True),
    "a new name": lambda book, sheet: book.define_name("never_seen_before", sheet, 0, 0),
    "another password": lambda book, sheet: (sheet.protect("一"), book.sheet("二").protect("二")),
    "macros": lambda book, sheet: book.macros(b""),
    "a chart": lambda book, sheet: book.chart("column"),
    "no name": lambda book, sheet: book.bytes(),
    "a cell drawn twice": lambda book, sheet: (sheet.merge(0, 0, 1, 1, "甲"), book.bytes()),
    "nothing at all": lambda book, sheet: (book.sheet("空"), book.bytes()),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNUSUAL)
def test_what_is_unusual_is_left_to_a_plain_book(kind: str) -> None:
    book = FramedBook("甲")
    sheet = book.sheet("表")
    sheet.write(0, 0, "甲")
    with pytest.raises(Unusual):
        UNUSUAL[kind](book, sheet)


def draw_parts(sheet: Sheet, book: Book, name: str, number: float) -> list[Callable[[], None]]:
    """What draws a merged range with a validation and colours, a formula with a name, and a link."""

    def draw_input() -> None:
        sheet.merge(0, 1, 1, 2, number, "input")
        sheet.validate(0, 1, 0, 1, {**LIST, "input_title": name, "input_message": "选一个"})
        sheet.colour(Span(0, 1, 1, 2), '=first<>""', ERROR_TINT)

    def draw_formula() -> None:
        sheet.formula(0, 0, f"=B1*{number}", "number", 2 * number)
        book.define_name("first", sheet, 0, 0)

    return [draw_input, draw_formula, lambda: sheet.link(1, 0, sheet_link("表", "B1"), name, "link")]


def cut_pieces() -> Piece:
    """The pieces of these, each cut from a sheet on which nothing else is drawn."""
    pieces = []
    for number in range(3):
        book = FramedBook()
        sheet = book.sheet("表")
        draw_parts(sheet, book, OWN, 1.0)[number]()
        pieces.append(sheet.cut_piece())
    return Piece.join(pieces)


def place_parts(sheet: FramedSheet, name: str, number: float) -> None:
    looks = [NAMED["input"], NAMED["number"], NAMED["link"]]
    sheet.place(cut_pieces(), looks, [number, None, name], [(1, f"=B1*{number}", 2 * number)], [name])


def test_pieces_that_are_placed_are_what_would_have_been_drawn() -> None:
    plain, framed = Book("丙"), FramedBook("丙")
    for book in (plain, framed):
        sheet = book.sheet("表")
        sheet.write(5, 0, "乙 & <丙>", "text")
        if isinstance(sheet, FramedSheet):
            place_parts(sheet, "乙 & <丙>", 2.5)
        else:
            for draw_part in draw_parts(sheet, book, "乙 & <丙>", 2.5):
                draw_part()
    assert framed.bytes() == plain.bytes()


@pytest.mark.parametrize("others", [False, True])
def test_what_is_known_of_a_piece_is_written_as_it_would_have_been_drawn(others: bool) -> None:
    plain, framed = Book("丙"), FramedBook("丙")
    drawn, placed = plain.sheet("表"), framed.sheet("表")
    for draw_part in draw_parts(drawn, plain, "乙", 2.5):
        draw_part()
    looks = [NAMED["input"], NAMED["number"], NAMED["link"]]
    known = KnownPiece(cut_pieces(), [NAMED["text"], *looks[1:]] if others else looks, {0: 2.5}, {0: "乙"}, [1])
    placed.place_known(known, looks if others else known.looks, [2.5, None, "乙"], [("B1*2.5", 5.0)], [])
    assert known.others == [2]
    assert framed.bytes() == plain.bytes()


@pytest.mark.parametrize("name", ["", "长" * 33, "😀"])
def test_what_cannot_be_the_title_of_a_piece_is_unusual(name: str) -> None:
    with pytest.raises(Unusual):
        place_parts(FramedBook().sheet("表"), name, 2.5)


def test_a_piece_does_not_take_what_would_be_mistaken_for_its_own() -> None:
    sheet = FramedBook().sheet("表")
    sheet.merge(0, 0, 0, 0, None, "input")
    sheet.validate(0, 0, 0, 0, {**LIST, "input_title": OWN, "input_message": f"甲{OWN}"})
    with pytest.raises(Unusual):
        sheet.cut_piece()


def test_a_limit_is_written_as_the_number_it_is_whichever_came_before() -> None:
    usual = {"validate": "decimal", "criteria": "between", "minimum": 0, "error_title": "有误", "ignore_blank": True}
    for most, written in ((100, "100"), (100.0, "100.0"), (100, "100")):
        tag = write_usual_validation({**usual, "maximum": most}, "A1")
        assert tag is not None and f"<formula2>{written}</formula2>" in tag
