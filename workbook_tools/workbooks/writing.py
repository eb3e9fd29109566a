"""Project + layout → one locked workbook, signed. It only draws what the layout says.

The same drawing makes the copy that goes back to a unit (:class:`Return`): the form whole again, as issued,
with what the unit typed, and marks on what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from workbook_tools.core.cells import Span, address
from workbook_tools.core.model import Project, Value
from workbook_tools.core.visible_text import cut_units
from workbook_tools.excel import styles
from workbook_tools.excel.framed_book import FramedBook
from workbook_tools.excel.framed_sheet import Unusual
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.styles import NAMED, StyleSpec, Tint
from workbook_tools.excel.writing import Book, Sheet, sheet_link
from workbook_tools.form import guide, identity_sheet, status
from workbook_tools.form.asking import Question, draw_record
from workbook_tools.form.fields import Evaluation, Field, FieldStyle, FormBlock, Kind, Layout, Notice, Role, SheetPlan
from workbook_tools.form.identity import NO_ISSUE, Issue, Seal, SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.form.return_mark import ReturnMark
from workbook_tools.form.text_limits import describe_limit, write_limit
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.buttons import add_macros
from workbook_tools.workbooks.row_fitting import (
    PageDivision,
    ShownField,
    divide_into_pages,
    find_growing_rows,
    fit_rows,
    keep_off_page_ends,
    shrink_to_cell,
    widen_columns,
)

EMPTY_TINT = Tint(styles.INK, "#FFE48A", edge=styles.DASHED)
WRONG_TINT = replace(styles.ERROR_TINT, bold=True)
REASON_TINT = replace(styles.WARNING_TINT, italic=True, edge=styles.DASH_DOTTED)
"""Colours of the live checks, each with a mark for an eye or a print without colours."""
_TABS = {Role.INPUT: "#F2C94C", Role.FORMULA: "#9AA5B1"}
_PROMPT_TITLE = 32
_PROMPT_TEXT = 255
_STYLES_KEPT = 500
"""Looks of fields that are remembered; a form has some forty."""


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
    project: Project, scheme: Scheme, key: SigningKey, notice: Notice | None = None, *, issue: Issue = NO_ISSUE,
    macros: bool = False,
) -> bytes:  # fmt: skip
    """The project's workbook as bytes, a .xlsm with ``macros``; answers of the project, if any, are prefilled.

    Raises TemplateError if the content does not fit Excel's limits.
    """
    layout = build_layout(project, scheme, notice)
    return draw_workbook(layout, Seal.on(layout, key, issue), macros=macros)


SheetDrawing = Callable[[Book, Sheet, SheetPlan, Evaluation, "Return"], None]
"""Draws a sheet of a form, with the figures of the form, as issued or returned."""


def draw_workbook(
    layout: Layout, seal: Seal, given: Return = ISSUED, *, macros: bool = False, draw: SheetDrawing | None = None
) -> bytes:
    """The workbook of a layout under that seal as bytes, as issued or as a returned copy; a .xlsm with ``macros``.

    ``draw`` draws its sheets, by default :func:`draw_sheet`.

    Raises TemplateError if the content does not fit Excel's limits.
    """
    title, subject = name_book(layout)
    if not macros and not given.marks and given.cover is None:
        with suppress(Unusual):
            return _draw_into(FramedBook(title, subject=subject), layout, seal, given, draw or draw_sheet)
    return _draw_into(Book(title, subject=subject), layout, seal, given, draw_sheet, macros=macros)


def _draw_into(
    book: Book, layout: Layout, seal: Seal, given: Return, draw: SheetDrawing, *, macros: bool = False
) -> bytes:
    project = layout.project
    password = seal.key.password(project)
    typed = {item.name: given.answers.get(item.name, item.value) for item in layout.role(Role.INPUT)}
    figures = Evaluation(layout, typed)
    if given.cover is not None:
        given.cover(book).protect(password, autofilter=True, format_rows=True)
    sheets: dict[str, Sheet] = {}
    for plan in layout.sheets.values():
        sheet = sheets[plan.title] = book.sheet(plan.title)
        draw(book, sheet, plan, figures, given)
        sheet.protect(password, format_rows=any(item.role is Role.INPUT for item in plan.fields))
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
            lambda sheet, item: _draw_field(sheet, item, figures, ISSUED, _style_of(item)),
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
            sheet=identity_sheet.TITLE, span=Span.cell(row + i, 1), role=Role.FIXED, name=sent_name(item.name),
            label="报送时的内容", value=given.answers.get(item.name, item.value),
        )
        for i, item in enumerate(marked)
    ]  # fmt: skip


def draw_sheet(book: Book, sheet: Sheet, plan: SheetPlan, figures: Evaluation, given: Return) -> None:
    """Draw all that a sheet has of its own."""
    plan, shown = _show_sheet(plan, figures, given)
    heights, growing = fit_rows(plan, shown), find_growing_rows(plan, shown)
    pages = divide_into_pages(plan, heights)
    sheet.columns(plan.widths)
    for row, height in heights.items():
        sheet.row_height(row, height, grows=row in growing)
    for one in keep_off_page_ends(shown, pages):
        item = one.field
        _draw_field(sheet, item, figures, given, one.style)
        if item.name:
            book.define_name(item.name, sheet, item.span.row, item.span.col)
        if item.name in given.marks:
            sheet.note(item.span.row, item.span.col, given.marks[item.name].note)
    if plan.title == status.TITLE:
        _colour_status(sheet, plan)
    has_inputs = any(item.role is Role.INPUT for item in plan.fields)
    first = plan.title == next(iter(figures.layout.sheets)) and given.cover is None
    sheet.view(gridlines=False, tab=_TABS[Role.INPUT] if has_inputs else _TABS[Role.FORMULA], active=first)
    if plan.freeze:
        sheet.freeze(*plan.freeze)
    _set_up_print(sheet, plan, pages)


def _set_up_print(sheet: Sheet, plan: SheetPlan, pages: PageDivision) -> None:
    area = (0, 0, *plan.print_last) if plan.print_last else None
    sheet.print_setup(
        landscape=plan.landscape, fit_height=int(pages.single), scale=pages.scale, repeat_rows=plan.repeat_rows, area=area, colours=False
    )  # fmt: skip
    if pages.starts:
        sheet.break_before(*pages.starts)


def _show_sheet(plan: SheetPlan, figures: Evaluation, given: Return) -> tuple[SheetPlan, list[ShownField]]:
    """What the cells of a sheet show, and the plan with columns wide enough for it."""
    shown = [show_field(item, plan, figures, given) for item in plan.fields]
    wider = replace(plan, widths=widen_columns(plan.widths, shown))
    if wider.widths == plan.widths:
        return plan, shown
    return wider, [show_field(item, wider, figures, given) for item in plan.fields]


def show_field(item: Field, plan: SheetPlan, figures: Evaluation, given: Return) -> ShownField:
    """What the cell of a field shows when it is drawn, or may come to show."""
    value: Value = item.value
    if item.role is Role.FORMULA:
        value = figures[item.name]
    elif item.role is Role.INPUT:
        value = given.answers.get(item.name, item.value)
    if (value is None or value == "") and not item.choices:
        return ShownField(item, "", _style_of(item))
    text = value if isinstance(value, str) else format_value(value, item.number_format)
    if "@" in item.number_format and isinstance(value, str):
        text = item.number_format.replace('"', "").replace("@", value)
    if not text and not figures.layout.open:  # of open rows many stay blank
        text = max(item.choices, key=len, default="")
    return ShownField(item, text, shrink_to_cell(item, text, _style_of(item), plan.widths))


def _draw_field(sheet: Sheet, item: Field, figures: Evaluation, given: Return, style: StyleSpec) -> None:
    """Draw a field, whichever its sheet: content, format, validation, highlights."""
    _draw_cell(sheet, item, figures, given, style)
    if item.role is Role.LABEL:
        return
    if item.role in (Role.INPUT, Role.FORMULA) and (options := validate_field(item, figures.layout)):
        sheet.validate(item.span.row, item.span.col, item.span.row, item.span.col, options)
    fills = figures.layout.fillers.get(item.name, ())
    mark = given.marks.get(item.name) if given.marks else None
    if mark or fills or item.problem is not None or item.pending:
        _add_highlights(sheet, item, mark, fills)


def _draw_cell(sheet: Sheet, item: Field, figures: Evaluation, given: Return, style: StyleSpec) -> None:
    span = item.span
    if item.name in given.marks:
        style = style.but(fill=given.marks[item.name].tint.fill)
    if item.role is Role.FORMULA:
        formula, shown = "=" + figures.layout.formula(item), figures[item.name]
        sheet.merge(span.row, span.col, span.last_row, span.last_col, shown, style, formula=formula)
    elif item.link:
        target = figures.layout.fields[item.link]
        sheet.link(span.row, span.col, sheet_link(target.sheet, target.cell), str(item.value), style)
    else:
        value = given.answers.get(item.name, item.value) if item.role is Role.INPUT else item.value
        sheet.merge(span.row, span.col, span.last_row, span.last_col, value, style)


def _style_of(item: Field) -> StyleSpec:
    """The look of a field: by what it is for labels, by who writes it for the others."""
    part, linked = (item.part, bool(item.link)) if item.role is Role.LABEL else ("", False)
    on_guide = item.sheet == guide.TITLE
    return _find_style(
        item.role, item.kind, item.look, part, linked, on_guide, item.align, item.number_format, item.bold
    )


@lru_cache(_STYLES_KEPT)
def _find_style(
    role: Role, kind: Kind, look: FieldStyle, part: str, linked: bool, on_guide: bool, align: str, number_format: str, bold: bool
) -> StyleSpec:  # fmt: skip
    """The style of a field that has these; the forms of a list have few that differ."""
    if role is Role.LABEL:
        spec = _label_style(look, part, linked=linked, on_guide=on_guide)
    else:
        spec = _content_style(role, kind, look, bool(align), bool(number_format))
    changes: dict[str, Any] = {"align": align} if align else {}
    if number_format:
        changes["number_format"] = number_format
    if bold:
        changes["bold"] = True
    if align == "left":
        changes["indent"] = 1
    return spec.but(**changes) if changes else spec


def _content_style(role: Role, kind: Kind, look: FieldStyle, aligned: bool, formatted: bool) -> StyleSpec:
    long_text = kind is Kind.PARAGRAPH
    base = {Role.INPUT: NAMED["input"], Role.FIXED: NAMED["computed_text"], Role.FORMULA: NAMED["computed_text"]}[role]
    spec = base.but(valign="top" if long_text and role is not Role.FIXED else "vcenter")
    if look is FieldStyle.NOTE:
        spec = NAMED["note"].but(valign="vcenter", colour=styles.RED)
    elif look is FieldStyle.PLAIN:
        spec = NAMED["plain"].but(wrap=role is Role.FORMULA and kind is Kind.TEXT and not formatted)
    elif look is FieldStyle.HEADER:
        spec = NAMED["header"]
    if kind in (Kind.AMOUNT, Kind.PERCENT, Kind.SCORE, Kind.NUMBER) and not aligned:
        spec = spec.but(align="right", wrap=False)
    if role is Role.INPUT and kind is Kind.TEXT and not formatted:
        spec = spec.but(number_format=styles.TEXT)
    return spec


def _label_style(look: FieldStyle, part: str, *, linked: bool, on_guide: bool) -> StyleSpec:
    if part:
        return _LEGEND[part]
    if linked:
        return NAMED["link"]
    return {
        FieldStyle.TITLE: NAMED["title"],
        FieldStyle.CAPTION: NAMED["subtitle"],
        FieldStyle.SUBTITLE: NAMED["heading"],
        FieldStyle.HEADER: NAMED["header"],
        FieldStyle.LABEL: NAMED["label"].but(align="center"),
        FieldStyle.NOTE: NAMED["note"].but(valign="vcenter"),
        FieldStyle.PLAIN: NAMED["plain"].but(wrap=True, indent=1) if on_guide else NAMED["text"],
        FieldStyle.CELL: NAMED["text"],
        FieldStyle.SIGNATURE: NAMED["plain"].but(indent=1),
    }[look]


_SWATCH = NAMED["text"]
_LEGEND = {
    "input": NAMED["input"].but(locked=True),
    "filled": NAMED["computed_text"],
    "empty": _SWATCH.but(fill=EMPTY_TINT.fill, border=EMPTY_TINT.edge, border_colour=EMPTY_TINT.colour),
    "wrong": _SWATCH.but(fill=WRONG_TINT.fill, colour=WRONG_TINT.colour, bold=True, align="center"),
    "reason": _SWATCH.but(
        fill=REASON_TINT.fill,
        border=REASON_TINT.edge,
        border_colour=REASON_TINT.colour,
        colour=REASON_TINT.colour,
        italic=True,
        align="center",
    ),
}


def validate_field(item: Field, layout: Layout) -> dict[str, Any]:
    """The options of a field's validation; none where it has no use for one."""
    if not item.prompt and not item.limit and not item.guarded:
        return {}
    prompt, limits = item.prompt, layout.scheme.form.text_limits
    options: dict[str, Any] = {"validate": "any"}
    if item.choices:
        options = {"validate": "list", "source": list(item.choices), "error_message": "请从下拉列表中选择。"}
    elif item.most_bytes and limits:
        prompt = describe_limit(limits, item) + prompt
        options = {
            "validate": "custom", "value": f"={write_limit(limits, item.cell, item.most_bytes)}",
            "error_message": f"文字太长：最多 {item.most_bytes} 个字节，一个汉字算 {limits.wide} 个，字母、数字算 1 个。请缩短后再填。",
        }  # fmt: skip
    elif item.guarded and item.role is Role.INPUT:
        options = {
            "validate": "decimal", "criteria": "between", "minimum": item.low, "maximum": item.high,
            "error_message": "这里只能填数字，不写单位和文字。" + _range_text(item),
        }  # fmt: skip
    if item.limit:
        most = layout.reference(item.limit, item.sheet)
        options |= {
            "maximum": f"={most}",
            "error_message": cut_units(
                f"这里只能填数字，从 0 到“{layout.fields[item.limit].label}”的分数。", _PROMPT_TEXT
            ),
        }
    if prompt:
        options |= {
            "input_title": cut_units(item.label, _PROMPT_TITLE),
            "input_message": cut_units(prompt, _PROMPT_TEXT),
        }
    return {"error_title": "填写有误", "ignore_blank": True, **options} if len(options) > 1 else {}


def _range_text(item: Field) -> str:
    if item.kind is Kind.PERCENT:
        return f"范围：{item.low or 0:.0%}～{item.high or 0:.0%}。"
    return f"范围：{item.low:,.0f}～{item.high:,.0f}。" if item.kind is Kind.AMOUNT else ""


def _add_highlights(sheet: Sheet, item: Field, mark: CellMark | None, fills: Sequence[str]) -> None:
    """Colours by the word on 校验. The rule names that cell: a name is allowed where a sheet reference is not.

    ``fills``: the formulas that lack what may be typed here. A marked input keeps its mark's colour until it is changed; from then on it looks as in any other form.
    """
    rules: list[tuple[str, Tint]] = []
    if mark is not None and item.role is Role.INPUT:
        cell = address(item.span.row, item.span.col, absolute=True)
        rules.append((f"=EXACT({cell},{sent_name(item.name)})", mark.tint))
    if item.problem is not None:
        rules += _list_words(item.name, item.role, item.block)
    rules += [(f'={status.check_name(lacking)}="{library.EMPTY}"', EMPTY_TINT) for lacking in fills]
    if item.pending:
        rules.append((f'=grade="{library.PENDING}"', REASON_TINT))
    if mark is not None and rules:
        rules.append(("=TRUE", Tint(styles.INK, _style_of(item).fill)))
    for formula, tint in rules:
        sheet.colour(item.span, formula, tint)


@lru_cache(1 << 12)
def _list_words(name: str, role: Role, block: FormBlock) -> tuple[tuple[str, Tint], ...]:
    """The words that the check of a field may say, as formulas, and the colours that go with them."""
    check = status.check_name(name)
    empty = ((f'={check}="{library.EMPTY}"', EMPTY_TINT),) if role is Role.INPUT else ()
    own = (library.OVER_RECEIVED, library.OVER_BUDGET) if block is FormBlock.FUNDING else ()
    reasons = [(f'={check}="{word}"', REASON_TINT) for word in (library.REASON_NEEDED, *own)]
    return *empty, *reasons, (f'={check}<>""', WRONG_TINT)


def _colour_status(sheet: Sheet, plan: SheetPlan) -> None:
    """The words of the checks, in the list and beside it, in the colours of their cells."""
    results = [f.span for f in plan.fields if f.role is Role.FORMULA and f.link]
    for col in sorted({span.col for span in results}):
        rows = [span.row for span in results if span.col == col]
        area = (min(rows), col, max(rows), col)
        for word, tint in ((library.EMPTY, EMPTY_TINT), *((word, REASON_TINT) for word in _TO_LOOK_AT)):
            options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": tint, "stop_if_true": True}
            sheet.highlight(*area, options)
        options = {"type": "formula", "criteria": f'={address(area[0], col)}<>""', "format": WRONG_TINT}
        sheet.highlight(*area, options)


def _draw_identity(book: Book, fields: list[Field], password: str) -> None:
    sheet = book.sheet(identity_sheet.TITLE, hidden=True)
    sheet.columns((14, 60))
    for item in fields:
        sheet.write(item.span.row, 0, item.label, "plain")
        sheet.write(item.span.row, item.span.col, item.value, "plain")
        book.define_name(item.name, sheet, item.span.row, item.span.col)
    sheet.protect(password)
