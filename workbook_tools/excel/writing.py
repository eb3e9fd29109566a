"""The only door to XlsxWriter, and a strict one.

XlsxWriter drops what Excel would refuse (a prompt of 256 characters, a text of 32,768) with a warning
or a negative return value, or silently. Here each of these is a :class:`TemplateError`, so that a workbook
that was built is the workbook that was meant. Rows and columns count from 0. The same content
gives the same bytes on every day: document dates and the zip's timestamps are fixed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

from workbook_tools.core.cells import Span, address
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.faces import LateModule
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.references import name_cell
from workbook_tools.excel.styles import BODY_FONT, NAMED, StyleSpec, Tint, font
from workbook_tools.files.paths import AUTHOR, output_mark

if TYPE_CHECKING:
    from xlsxwriter import exceptions, utility
    from xlsxwriter import url as links

    from workbook_tools.excel import direct_sheet, strict_book
else:  # a table says what it would look like long before there is a workbook
    exceptions, links = LateModule("xlsxwriter.exceptions"), LateModule("xlsxwriter.url")
    utility = LateModule("xlsxwriter.utility")
    direct_sheet = LateModule("workbook_tools.excel.direct_sheet")
    strict_book = LateModule("workbook_tools.excel.strict_book")

Scalar = float | str | bool | None
Style = str | StyleSpec
Chart = Any
"""A chart of XlsxWriter; fill it inside :func:`strict`."""

CREATED = datetime(2020, 1, 1)
"""A fixed day: the same content gives the same bytes."""
A4 = 9
"""Excel's number of the paper."""
_MARGINS = (0.5, 0.5, 0.6, 0.6)
"""Of a page, in inches: left, right, top, bottom."""
_FOOTER = "&C第 &P 页，共 &N 页"
_NOTE_WIDTH = 260
"""Pixels of a comment's box."""
MAX_TEXT = 32767
MAX_FORMULA = 8192
MAX_LITERAL = 255
"""Characters that Excel allows in a cell, in a formula, and in a text within a formula."""

_REFUSED_TITLES = ("", "history")
"""XlsxWriter takes an empty title for none given; Excel keeps History for itself."""
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
"""A text in a formula: ``"未填"``; a quotation mark in it stands twice."""


@contextmanager
def strict(place: str) -> Iterator[None]:
    """Every warning and error of XlsxWriter inside the block becomes a TemplateError that names ``place``."""
    try:
        with direct_sheet.warnings_as_errors():
            yield
    except Exception as exc:
        if _is_refusal(exc):
            raise _refuse(place, exc) from exc
        raise


def _is_refusal(fault: BaseException | None) -> bool:
    """How XlsxWriter says that it, or Excel, cannot have it so."""
    return isinstance(fault, UserWarning | ValueError | TypeError | exceptions.XlsxWriterException)


def _refuse(place: str, reason: BaseException) -> TemplateError:
    return TemplateError(f"无法生成工作簿（{place}）：{reason}")


class _Refusing:
    """As :func:`strict`, for what ``direct_sheet`` answers, which raises and does not warn: to set up the warnings takes longer than
    the work."""

    __slots__ = ("_place",)

    def __init__(self, place: Callable[[], str]) -> None:
        self._place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, reason: BaseException | None, *_: object) -> None:
        if reason and _is_refusal(reason):
            raise _refuse(self._place(), reason) from reason


class Book:
    """A workbook being written, in memory; :meth:`bytes` ends it.

    >>> with Book(title="示例") as book:
    ...     sheet = book.sheet("表")
    ...     sheet.write(0, 0, "=1+1", "text")
    >>> book.bytes()[:2]
    b'PK'
    """

    def __init__(self, title: str = "", *, subject: str = "", kind: str = "") -> None:
        self._data: bytes | None = None
        self._formats: dict[StyleSpec | Tint, Any] = {}
        self._names: set[str] = set()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": {**font(BODY_FONT, 11)},
            "default_row_height": 18,
            "default_column_width": 72,
        }
        self.raw = strict_book.StrictBook(BytesIO(), options)
        facts = {"title": title, "subject": subject, "author": AUTHOR, "comments": ""}
        facts |= {"category": output_mark(kind)} if kind else {}
        self.raw.set_properties({**{k: clean_cell_text(v) for k, v in facts.items()}, "created": CREATED})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.bytes()

    def sheet(self, title: str, hidden: bool = False, very_hidden: bool = False) -> Sheet:
        """A new worksheet at the end; a very hidden one is not in the list of sheets that people can show again.

        Raises TemplateError if Excel refuses the title.
        """
        if title.casefold() in _REFUSED_TITLES:
            raise TemplateError(f"“{title}”不能作工作表的名称")
        with strict(f"工作表“{title}”"):
            raw = self.raw.add_worksheet(title, strict_book.StrictSheet)
        if hidden:
            raw.hide()
        if very_hidden:
            raw.very_hidden()
        return Sheet(self, raw)

    def lock_structure(self, password: str) -> None:
        """No sheet can be added, deleted, renamed, moved, hidden or shown without the password."""
        self.raw.structure_password = password

    @property
    def sheet_count(self) -> int:
        """How many sheets there are so far."""
        return len(self.raw.worksheets())

    def macros(self, project: bytes) -> None:
        """Put a vbaProject.bin in, whose modules of documents are ThisWorkbook and Sheet1, Sheet2 … in order.

        The file is then a .xlsm; it must be called so.
        """
        with strict("宏"):
            _accept(self.raw.add_vba_project(BytesIO(project), is_stream=True))

    def style(self, style: Style) -> Any:
        """The format for a named style or a StyleSpec; equal styles share one."""
        if isinstance(style, str):
            if style not in NAMED:
                raise TemplateError(f"没有名为“{style}”的单元格样式")
            style = NAMED[style]
        return self.find_format(style)

    def find_format(self, look: StyleSpec | Tint) -> Any:
        """The format of a cell, or of a conditional format."""
        if look not in self._formats:
            with _Refusing(lambda: "单元格样式"):
                if isinstance(look, Tint):
                    # A differential format must not carry the workbook's default font.
                    bare = {"font_name": BODY_FONT, "font_scheme": "none"}
                    self._formats[look] = self.raw.add_known_format(look, {**bare, **look.properties()})
                else:
                    self._formats[look] = self.raw.add_known_format(look, look.properties())
        return self._formats[look]

    def define_name(self, name: str, sheet: Sheet, row: int, col: int) -> None:
        """Name a cell. Raises TemplateError if the name is taken or Excel refuses it."""
        if name.lower() in self._names:
            raise TemplateError(f"单元格名称“{name}”重复")
        self._names.add(name.lower())
        with _Refusing(lambda: f"单元格名称“{name}”"):
            _accept(self.raw.define_name(name, "=" + name_cell(sheet.title, row, col)))

    def chart(self, kind: str, subtype: str = "") -> Chart:
        """A new chart (column, bar, line, pie …), to be filled inside :func:`strict` and placed by a sheet."""
        with strict(f"图表 {kind}"):
            chart = self.raw.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
            if chart is None:
                raise ValueError(kind)
        return chart

    def pieces(self) -> Iterator[bytes]:
        """The finished workbook, piece by piece, in place of :meth:`bytes`. It is put together when the first one is asked for: whoever drew it has let go of
        what was drawn with by then."""
        with strict("保存"):
            pieces = self.raw.pack_pieces()
        yield from pieces

    def bytes(self) -> bytes:
        """The finished workbook; from then on nothing can be added."""
        if self._data is None:
            with strict("保存"):
                self._data = self.raw.pack()
        return self._data


class Sheet:
    """One worksheet. A text is written as text, whatever it begins with."""

    def __init__(self, book: Book, raw: Any) -> None:
        self.book = book
        self.raw = raw
        self.title: str = raw.get_name()

    # -- cells ----------------------------------------------------------------------------------------

    def write(self, row: int, col: int, value: Scalar = None, style: Style = "plain") -> None:
        """A number, text or truth value; ``None`` and an empty text give an empty cell with its style."""
        self._write(row, col, value, self.book.style(style))

    def _write(self, row: int, col: int, value: Scalar, look: Any) -> None:
        if isinstance(value, str):
            text = clean_cell_text(value)
            done = self._text(row, col, text, look) if text else self.raw.write_blank(row, col, None, look)
        elif value is None:
            done = self.raw.write_blank(row, col, None, look)
        elif isinstance(value, bool):
            done = self.raw.write_boolean(row, col, value, look)
        elif math.isfinite(value):
            done = self.raw.write_number(row, col, value, look)
        else:
            raise TemplateError(f"{self._place(row, col)}：{value} 不是有效的数字")
        self._check(done, row, col)

    def write_cells(self, row: int, col: int, cells: Sequence[tuple[Scalar, Any]]) -> None:
        """As :meth:`write`, cells beside each other; each value comes with its format (:meth:`Book.style`)."""
        prepared: list[tuple[str | float | None, Any]] = []
        usual = True
        for value, look in cells:
            if isinstance(value, str):
                text = value if value.isprintable() else clean_cell_text(value)
                usual = usual and not is_markup(text)
                prepared.append((text or None, look))
            else:
                usual = usual and (value is None or (type(value) is not bool and math.isfinite(value)))
                prepared.append((value, look))
        if usual and cells:
            self._check(self.raw.write_cells(row, col, prepared), row, col)
            return
        for at, (value, look) in enumerate(cells, col):
            self._write(row, at, value, look)

    def formula(self, row: int, col: int, formula: str, style: Style = "plain", value: Scalar = "") -> None:
        """A formula; ``value`` is what a program shows that does not calculate (an empty text unless known)."""
        self._write_formula(row, col, formula, value, self.book.style(style))

    def _write_formula(self, row: int, col: int, formula: str, value: Scalar, look: Any) -> None:
        if not _has_length(formula):
            raise TemplateError(f"{self._place(row, col)}：公式为空，或超过 {MAX_FORMULA} 个字符")
        if _has_long_literal(formula):
            raise TemplateError(f"{self._place(row, col)}：公式中的文字超过 {MAX_LITERAL} 个字符")
        shown = clean_cell_text(value) if isinstance(value, str) else "" if value is None else value
        self._check(self.raw.write_formula(row, col, clean_cell_text(formula), look, shown), row, col)

    def merge(
        self,
        row: int,
        col: int,
        last_row: int,
        last_col: int,
        value: Scalar = None,
        style: Style = "plain",
        *,
        formula: str = "",
    ) -> None:
        """A merged range with a value, or with a formula whose shown value is ``value``. One cell is not merged."""
        look = self.book.style(style)
        if (row, col) != (last_row, last_col):
            with _Refusing(lambda: self._place(row, col)):
                done = self.raw.merge_range(row, col, last_row, last_col, None, look)
            self._check(done, last_row, last_col)
        if formula:
            self._write_formula(row, col, formula, value, look)
        else:
            self._write(row, col, value, look)

    def link(self, row: int, col: int, target: str, text: str, style: Style = "link") -> None:
        """A text that leads to ``target``: see :mod:`references`, or a web address."""
        with _Refusing(lambda: self._place(row, col)):
            url = links.Url(clean_cell_text(target))
            url.text = clean_cell_text(text)
            # Excel takes either slash in a relative address, other programs only this one.
            url._relationship_link = url._relationship_link.replace("\\", "/")
            done = self.raw.write_url(row, col, url, self.book.style(style))
        self._check(done, row, col)

    def note(self, row: int, col: int, text: str) -> None:
        """A comment on the cell; its box grows with the text."""
        text = clean_cell_text(text)
        lines = sum(1 + len(line) * 12 // _NOTE_WIDTH for line in text.split("\n"))
        options = {"x_scale": _NOTE_WIDTH / 128, "y_scale": (20 + 17 * lines) / 74, "font_name": BODY_FONT}
        options |= {"author": "", "font_size": 9}
        with strict(self._place(row, col)):
            done = self.raw.write_comment(row, col, text, options)
        self._check(done, row, col)

    # -- ranges ---------------------------------------------------------------------------------------

    def validate(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """A data validation. Raises TemplateError where Excel's limits (title 32, message 255, list 255) are passed."""
        if not is_listable(options):
            raise TemplateError(f"{self._place(row, col)}：下拉列表的选项不能含有半角逗号或引号")
        with _Refusing(lambda: self._place(row, col)):
            done = self.raw.data_validation(row, col, last_row, last_col, clean_options(options))
        self._check(done, row, col)

    def highlight(self, row: int, col: int, last_row: int, last_col: int, options: Mapping[str, Any]) -> None:
        """A conditional format; its ``format`` is a Tint."""
        tint = options.get("format")
        settings = {**options, "format": self.book.find_format(tint)} if isinstance(tint, Tint) else dict(options)
        with _Refusing(lambda: self._place(row, col)):
            done = self.raw.conditional_format(row, col, last_row, last_col, settings)
        self._check(done, row, col)

    def colour(self, span: Span, formula: str, tint: Tint) -> None:
        """Cells look so while the formula is true; of several the first that is true counts."""
        options = {**write_colour(formula), "format": tint}
        self.highlight(span.row, span.col, span.last_row, span.last_col, options)

    def autofilter(self, row: int, col: int, last_row: int, last_col: int) -> None:
        """Filter buttons on the first row of the range."""
        with strict(self._place(row, col)):
            done = self.raw.autofilter(row, col, last_row, last_col)
        self._check(done, row, col)

    def numbers_as_text(self, row: int, col: int, last_row: int, last_col: int) -> None:
        """No green corners on texts that look like numbers (project codes); once per sheet."""
        with strict(self._place(row, col)):
            done = self.raw.ignore_errors({"number_stored_as_text": utility.xl_range(row, col, last_row, last_col)})
        self._check(done, row, col)

    def chart(self, row: int, col: int, chart: Chart, width: int, height: int, alt: str = "") -> None:
        """Place a chart with its upper left corner in the cell; size in pixels."""
        options = {"object_position": 2, "description": clean_cell_text(alt)}
        with strict(self._place(row, col)):
            chart.set_size({"width": width, "height": height})
            done = self.raw.insert_chart(row, col, chart, options)
        self._check(done, row, col)

    def button(
        self, row: int, col: int, caption: str, macro: str, width: int, height: int, *, left: int = 0, top: int = 0
    ) -> None:
        """A button that runs a macro (``Module.Sub``), ``left`` and ``top`` pixels into the cell; size in pixels. It is not printed."""
        options = {"caption": clean_cell_text(caption), "macro": macro, "width": width, "height": height}
        options |= {"x_offset": left, "y_offset": top}
        with strict(self._place(row, col)):
            done = self.raw.insert_button(row, col, options)
        self._check(done, row, col)

    # -- the sheet ------------------------------------------------------------------------------------

    def extend(self, row: int, col: int) -> None:
        """The sheet is said to reach as far as that cell, with or without content."""
        self._check(self.raw._check_dimensions(row, col), row, col)

    def columns(self, widths: Sequence[float]) -> None:
        """Widths of the first columns in characters; 0 hides a column."""
        for col, width in enumerate(widths):
            done = self.raw.set_column(col, col, width, None, {} if width else {"hidden": True})
            self._check(done, 0, col)

    def row_height(self, row: int, height: float | None, *, hidden: bool = False, grows: bool = False) -> None:
        """Height of a row in points (``None`` = automatic).

        A row that ``grows`` has this height until a program fits it to what is typed into it; the others keep theirs.
        """
        if grows:
            self.raw.growing_rows.add(row + 1)
        with _Refusing(lambda: self._place(row, 0)):
            done = self.raw.set_row(row, height, None, {"hidden": hidden})
        self._check(done, row, 0)

    def row_heights(self, heights: Mapping[int, float], growing: Container[int]) -> None:
        """Heights of rows in points, and which of the rows grow."""
        for row, height in heights.items():
            self.row_height(row, height, grows=row in growing)

    def freeze(self, rows: int, cols: int = 0) -> None:
        """Keep the first rows and columns in sight."""
        self.raw.freeze_panes(rows, cols)

    def view(self, *, gridlines: bool = True, tab: str = "", active: bool = False) -> None:
        """Grid lines, the colour of the tab, and whether the workbook opens on this sheet."""
        with strict(f"工作表“{self.title}”"):
            self.raw.hide_gridlines(1 if gridlines else 2)
            if tab:
                self.raw.set_tab_color(tab)
            if active:
                self.raw.activate()

    def protect(self, password: str = "", **allow: bool) -> None:
        """Lock the sheet; ``allow`` as XlsxWriter names it. Only selecting stays allowed by itself: who may change a height may hide the row."""
        with strict(f"工作表“{self.title}”的保护"):
            self.raw.protect(password, allow)

    def print_setup(
        self,
        *,
        landscape: bool = False,
        fit_height: int = 0,
        scale: int = 0,
        colours: bool = True,
        repeat_rows: tuple[int, int] | None = None,
        area: tuple[int, int, int, int] | None = None,
        centre: bool = True,
    ) -> None:
        """A4, one page wide and ``fit_height`` pages high (0 = as many as it takes); or at a ``scale`` in %, where page breaks count.

        Without ``colours`` cells are printed in black on white, whatever they show on the screen.
        """
        with strict(f"工作表“{self.title}”的打印设置"):
            self.raw.set_paper(A4)
            (self.raw.set_landscape if landscape else self.raw.set_portrait)()
            if scale:
                self.raw.set_print_scale(scale)
            else:
                self.raw.fit_to_pages(1, fit_height)
            if not colours:
                self.raw.print_black_and_white()
            self.raw.set_margins(*_MARGINS)
            self.raw.set_footer(_FOOTER)
            if centre:
                self.raw.center_horizontally()
            if repeat_rows:
                self.raw.repeat_rows(*repeat_rows)
            if area:
                _accept(self.raw.print_area(*area) or 0)

    def break_before(self, *rows: int) -> None:
        """Begin a new printed page at each of these rows."""
        with strict(f"工作表“{self.title}”的分页"):
            self.raw.set_h_pagebreaks(list(rows))

    # -- inside ---------------------------------------------------------------------------------------

    def _text(self, row: int, col: int, text: str, look: Any) -> int:
        if is_markup(text):
            # XlsxWriter would put such a text into the file as markup; as a text of three runs it stays whole.
            with strict(self._place(row, col)):
                return int(self.raw.write_rich_string(row, col, look, "<", look, text[1:-1], look, ">", look))
        return int(self.raw.write_string(row, col, text, look))

    def _check(self, code: int | None, row: int, col: int) -> None:
        if code:
            raise TemplateError(f"{self._place(row, col)}：{_REASONS.get(code, '内容超出 Excel 的限制')}")

    def _place(self, row: int, col: int) -> str:
        cell = address(row, col) if row >= 0 and col >= 0 else f"第 {row} 行第 {col} 列"
        return f"工作表“{self.title}”{cell}"


def is_writable_formula(formula: str) -> bool:
    """Excel takes a formula of that length, with texts of that length."""
    return _has_length(formula) and not _has_long_literal(formula)


def _has_length(formula: str) -> bool:
    return 0 < len(formula.lstrip("=")) <= MAX_FORMULA


def _has_long_literal(formula: str) -> bool:
    return len(formula) > MAX_LITERAL and any(len(m[1]) > MAX_LITERAL for m in _LITERAL.finditer(formula))


def is_listable(options: Mapping[str, Any]) -> bool:
    """A validation is none by a list, or the texts of its list can stand in one."""
    source = options.get("source", options.get("value"))
    return not isinstance(source, (list, tuple)) or not any('"' in str(item) or "," in str(item) for item in source)


def write_colour(formula: str) -> dict[str, Any]:
    """The options of a conditional format by a formula, but for its look."""
    return {"type": "formula", "criteria": formula, "stop_if_true": True}


def clean_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a validation with texts as a workbook can hold them."""
    return {key: clean_cell_text(value) if isinstance(value, str) else value for key, value in options.items()}


def is_markup(text: str) -> bool:
    """XlsxWriter takes the text for runs of letters that look different."""
    return text.startswith("<r>") and text.endswith("</r>")


_REASONS = {-1: "行或列超出工作表的范围", -2: f"文字超过 {MAX_TEXT} 个字符，或选项有误"}


def _accept(code: int) -> None:
    if code:
        raise ValueError("选项有误")
