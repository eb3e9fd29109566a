"""Project + layout → one locked workbook, signed. It only draws what the layout says.

The same drawing makes the copy that goes back to a unit (:class:`Return`): the form whole again, as issued,
with what the unit typed, and marks on what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from workbook_tools.core.cells import Span, address
from workbook_tools.core.model import Project, Value
from workbook_tools.excel import styles
from workbook_tools.excel.framed_book import FramedBook
from workbook_tools.excel.framed_pieces import Unusual
from workbook_tools.excel.framed_sheet import FramedSheet
from workbook_tools.excel.styles import StyleSpec, Tint
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.form import identity_sheet, status
from workbook_tools.form.asking import Question, draw_record
from workbook_tools.form.fields import Evaluation, Field, Layout, Notice, Role, SheetPlan
from workbook_tools.form.identity import NO_ISSUE, Issue, Seal, SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.form.return_mark import ReturnMark
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.buttons import add_macros
from workbook_tools.workbooks.field_frames import EMPTY_TINT, REASON_TINT, WRONG_TINT, draw_field, find_frame
from workbook_tools.workbooks.field_lines import ShownLine, show_lines
from workbook_tools.workbooks.row_fitting import (
    PageDivision,
    ShownField,
    divide_into_pages,
    find_held_rows,
    fit_rows,
    keep_off_page_end,
    widen_columns,
)

_TABS = {Role.INPUT: "#F2C94C", Role.FORMULA: "#9AA5B1"}


@dataclass(frozen=True, slots=True)
class CellMark:
    """What draws the eye to a cell of a returned copy: a colour, and a comment."""

    tint: Tint
    note: str


@dataclass(frozen=True, slots=True)
class Return:
    """What a returned copy has besides the issued form."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    """Field name → what the unit typed, exactly; a field that is missing here keeps what was issued."""
    marks: Mapping[str, CellMark] = field(default_factory=dict)
    """By field name."""
    cover: Callable[[Book], Sheet] | None = None
    """Draws the first sheet, on which the workbook opens."""
    mark: ReturnMark | None = None
    """Which return it is; signed when it is drawn."""
    questions: Sequence[Question] = ()
    """What is asked on that sheet."""


ISSUED = Return()
_TO_LOOK_AT = (library.REASON_NEEDED, library.OVER_RECEIVED, library.OVER_BUDGET)
"""Words of 校验 that are no mistakes."""


def build_workbook(
    project: Project,
    scheme: Scheme,
    key: SigningKey,
    notice: Notice | None = None,
    *,
    issue: Issue = NO_ISSUE,
    macros: bool = False,
) -> bytes:
    """The project's workbook as bytes, a .xlsm with ``macros``; answers of the project, if any, are prefilled.

    Raises TemplateError if the content does not fit Excel's limits.
    """
    layout = build_layout(project, scheme, notice)
    return draw_workbook(layout, Seal.on(layout, key, issue), macros=macros)


def draw_workbook(layout: Layout, seal: Seal, given: Return = ISSUED, *, macros: bool = False) -> bytes:
    """The workbook of a layout under that seal as bytes, as issued or as a returned copy; a .xlsm with ``macros``.

    Raises TemplateError if the content does not fit Excel's limits.
    """
    title, subject = name_book(layout)
    if not macros and not given.marks and given.cover is None:
        with suppress(Unusual):
            return _draw_into(FramedBook(title, subject=subject), layout, seal, given)
    return _draw_into(Book(title, subject=subject), layout, seal, given, macros=macros)


def _draw_into(book: Book, layout: Layout, seal: Seal, given: Return, *, macros: bool = False) -> bytes:
    project = layout.project
    password = seal.key.password(project)
    answers = given.answers
    typed = {item.name: answers.get(item.name, item.value) for item in layout.role(Role.INPUT)} if answers else None
    figures = Evaluation(layout, typed)
    if given.cover is not None:
        given.cover(book).protect(password, autofilter=True, format_rows=True)
    sheets: dict[str, Sheet] = {}
    for plan in layout.sheets.values():
        sheet = sheets[plan.title] = book.sheet(plan.title)
        _draw_sheet(book, sheet, plan, figures, given, password)
    hidden = identity_sheet.identity_fields(seal.content, seal.signature, layout)
    hidden += _sent_fields(layout, given, len(hidden))
    hidden += draw_record(given.questions, project, seal.key, len(hidden))
    hidden += [identity_sheet.return_field(given.mark.sign(seal))] if given.mark else []
    _draw_identity(book, hidden, password)
    book.lock_structure(password)
    if macros:
        add_macros(
            book,
            sheets[status.TITLE],
            layout,
            password,
            lambda sheet, item: _draw_sample(sheet, item, figures),
        )
    return book.bytes()


def name_book(layout: Layout) -> tuple[str, str]:
    """Title and subject in the workbook's properties."""
    return f"{layout.project.name} {layout.version.called}", layout.project.code


def sent_name(field_name: str) -> str:
    """Defined name of the hidden cell that keeps what the unit had typed into a marked field."""
    return f"sent_{field_name}"


def _sent_fields(layout: Layout, given: Return, row: int) -> list[Field]:
    """What stood in the marked inputs when the copy was made, so that their colour goes when they change."""
    marked = [item for item in layout.role(Role.INPUT) if item.name in given.marks]
    return [
        Field(
            sheet=identity_sheet.TITLE,
            span=Span.cell(row + i, 1),
            role=Role.FIXED,
            name=sent_name(item.name),
            label="报送时的内容",
            value=given.answers.get(item.name, item.value),
        )
        for i, item in enumerate(marked)
    ]


def _draw_sheet(book: Book, sheet: Sheet, plan: SheetPlan, figures: Evaluation, given: Return, password: str) -> None:
    """Draw all that a sheet has of its own."""
    framed = isinstance(sheet, FramedSheet)
    lines = show_lines(plan, figures, given.answers, all_shown=not framed)
    widths = widen_columns(plan.widths, _list_shown(lines))
    if widths != plan.widths:
        plan = replace(plan, widths=widths)
        lines = show_lines(plan, figures, given.answers, all_shown=not framed)
    shown = _list_shown(lines)
    heights = fit_rows(plan, shown)
    growing = {row for line in lines for row in line.growing} - find_held_rows(shown)
    pages = divide_into_pages(plan, heights)
    sheet.columns(plan.widths)
    sheet.row_heights(heights, growing)
    for line in lines:
        if isinstance(sheet, FramedSheet):
            line.draw(sheet, figures.layout, pages)
        else:
            for one in line.shown.values():
                _draw_plainly(book, sheet, one, keep_off_page_end(one, pages), figures, given)
    if plan.title == status.TITLE:
        _colour_status(sheet, plan)
    has_inputs = any(line.has_inputs for line in lines)
    first = plan.title == next(iter(figures.layout.sheets)) and given.cover is None
    sheet.view(gridlines=False, tab=_TABS[Role.INPUT] if has_inputs else _TABS[Role.FORMULA], active=first)
    if plan.freeze:
        sheet.freeze(*plan.freeze)
    _set_up_print(sheet, plan, pages)
    sheet.protect(password, format_rows=has_inputs)


def _list_shown(lines: Sequence[ShownLine]) -> list[ShownField]:
    return [one for line in lines for one in line.shown.values()]


def _set_up_print(sheet: Sheet, plan: SheetPlan, pages: PageDivision) -> None:
    area = (0, 0, *plan.print_last) if plan.print_last else None
    sheet.print_setup(
        landscape=plan.landscape,
        fit_height=int(pages.single),
        scale=pages.scale,
        repeat_rows=plan.repeat_rows,
        area=area,
        colours=False,
    )
    if pages.starts:
        sheet.break_before(*pages.starts)


def _write_formula(item: Field, figures: Evaluation) -> str:
    return "=" + figures.layout.formula(item) if item.role is Role.FORMULA else ""


def _draw_plainly(
    book: Book, sheet: Sheet, one: ShownField, style: StyleSpec, figures: Evaluation, given: Return
) -> None:
    """A field on any sheet. A marked input keeps its mark's colour until it is changed; from then on it looks as in any other form."""
    item, colours = one.field, [*one.frame.colours]
    row, col = item.span.row, item.span.col
    if mark := given.marks.get(item.name):
        if item.role is Role.INPUT:
            unchanged = f"=EXACT({address(row, col, absolute=True)},{sent_name(item.name)})"
            colours.insert(0, (unchanged, mark.tint))
        if colours:
            colours.append(("=TRUE", Tint(styles.INK, style.fill)))
        style = style.but(fill=mark.tint.fill)
        sheet.note(row, col, mark.note)
    draw_field(sheet, item, one.frame, style, one.value, _write_formula(item, figures), colours)
    if item.name:
        book.define_name(item.name, sheet, row, col)


def _colour_status(sheet: Sheet, plan: SheetPlan) -> None:
    """The words of the checks, in the list and beside it, in the colours of their cells."""
    results = [f.span for f in plan.fields if f.link and f.role is Role.FORMULA]
    for col in sorted({span.col for span in results}):
        rows = [span.row for span in results if span.col == col]
        area = (min(rows), col, max(rows), col)
        for word, tint in ((library.EMPTY, EMPTY_TINT), *((word, REASON_TINT) for word in _TO_LOOK_AT)):
            options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": tint, "stop_if_true": True}
            sheet.highlight(*area, options)
        options = {"type": "formula", "criteria": f'={address(area[0], col)}<>""', "format": WRONG_TINT}
        sheet.highlight(*area, options)


def _draw_sample(sheet: Sheet, item: Field, figures: Evaluation) -> None:
    frame = find_frame(item, figures.layout)
    draw_field(sheet, item, frame, frame.style, item.value, _write_formula(item, figures))


def _draw_identity(book: Book, fields: list[Field], password: str) -> None:
    sheet = book.sheet(identity_sheet.TITLE, hidden=True)
    sheet.columns((14, 60))
    for item in fields:
        sheet.write(item.span.row, 0, item.label, "plain")
        sheet.write(item.span.row, item.span.col, item.value, "plain")
        book.define_name(item.name, sheet, item.span.row, item.span.col)
    sheet.protect(password)
