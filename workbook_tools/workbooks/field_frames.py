"""The look of a field, the colours that it takes, and what may be typed into it: all of its drawing but the content.

Fields that are equal in what decides on this (:data:`_DECIDING`) share a :class:`FieldFrame`, whatever they hold and are called. On a sheet of a
framed book it is drawn once: its piece is cut from a sheet with nothing else on it, and put wherever the field stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from workbook_tools.core.visible_text import cut_units
from workbook_tools.excel import styles
from workbook_tools.excel.framed_book import FramedBook
from workbook_tools.excel.framed_pieces import OWN, Piece
from workbook_tools.excel.references import sheet_link
from workbook_tools.excel.styles import NAMED, StyleSpec, Tint
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.form import guide, status
from workbook_tools.form.fields import NO_RULE, Field, FieldStyle, FormBlock, Kind, Layout, Role
from workbook_tools.form.text_limits import describe_limit, write_limit
from workbook_tools.rules import library
from workbook_tools.rules.form_settings import TextLimits

EMPTY_TINT = Tint(styles.INK, "#FFE48A", edge=styles.DASHED)
WRONG_TINT = replace(styles.ERROR_TINT, bold=True)
REASON_TINT = replace(styles.WARNING_TINT, italic=True, edge=styles.DASH_DOTTED)
"""Colours of the live checks, each with a mark for an eye or a print without colours."""
_PROMPT_TITLE = 32
_PROMPT_TEXT = 255
_KEPT = 1 << 12
"""Frames of fields that are remembered, some 2 KB each with their pieces; a form has some 650."""
_DECIDING = (
    "sheet", "span", "role", "kind", "name", "block", "part", "look", "align", "bold", "number_format", "low", "high", "choices", "most_bytes",
    "prompt", "pending",
)  # fmt: skip
"""What of a field decides how it is drawn, besides what it holds and is called, and what other fields do."""
_read_deciding = attrgetter(*_DECIDING)
Colour = tuple[str, Tint]
"""A formula, and the tint of a cell while it is true; of several the first counts."""


class Bounds(NamedTuple):
    """What a field's validation takes from elsewhere."""

    texts: TextLimits | None = None
    most: str = ""
    """The cell whose number is the most that may be typed."""
    most_called: str = ""


_NO_BOUNDS = Bounds()


def _find_bounds(item: Field, layout: Layout) -> Bounds:
    texts = layout.scheme.form.text_limits if item.most_bytes else None
    if not item.limit:
        return Bounds(texts) if texts else _NO_BOUNDS
    return Bounds(texts, layout.reference(item.limit, item.sheet), layout.fields[item.limit].label)


@dataclass(slots=True, eq=False)
class FieldFrame:
    """All that the drawing of a field has besides its content."""

    field: Field
    """It holds nothing, and is called ``OWN``."""
    bounds: Bounds
    target: str
    """Where its text leads to."""
    style: StyleSpec
    colours: Sequence[Colour]
    _piece: Piece | None = None

    @property
    def piece(self) -> Piece:
        """What it has on a sheet. Raises Unusual."""
        if self._piece is None:
            book, item = FramedBook(), self.field
            sheet = book.sheet(item.sheet)
            draw_field(sheet, item, self, self.style, OWN if self.target else None)
            if item.name:
                book.define_name(item.name, sheet, item.span.row, item.span.col)
            self._piece = sheet.cut_piece()
        return self._piece


def find_frame(item: Field, layout: Layout) -> FieldFrame:
    """The frame of a field of the layout."""
    model, fills = item.like, layout.fillers.get(item.name, ())
    if model is not None and isinstance(model.drawing, FieldFrame) and not fills:
        return model.drawing
    target = ""
    if item.link and item.role is not Role.FORMULA:
        leads_to = layout.fields[item.link]
        target = sheet_link(leads_to.sheet, leads_to.cell)
    bounds = _find_bounds(item, layout) if item.limit or item.most_bytes else _NO_BOUNDS
    frame = _make_frame(bounds, target, item.problem is not None, fills, *_read_deciding(item))
    if model is not None and not fills:
        model.drawing = frame
    return frame


@lru_cache(_KEPT)
def _keep_style(style: StyleSpec) -> StyleSpec:
    """The same object for equal styles: books know them by their place in memory."""
    return style


@lru_cache(_KEPT, typed=True)  # 100 and 100.0 are equal, and are written differently
def _make_frame(bounds: Bounds, target: str, checked: bool, fills: tuple[str, ...], *deciding: Any) -> FieldFrame:
    facts = dict(zip(_DECIDING, deciding, strict=True))
    item = Field(label=OWN, link=target, problem=NO_RULE if checked else None, **facts)
    return FieldFrame(item, bounds, target, _keep_style(_find_style(item)), _list_colours(item, fills))


def draw_field(
    sheet: Sheet,
    item: Field,
    frame: FieldFrame,
    style: StyleSpec,
    value: Scalar,
    formula: str = "",
    colours: Sequence[Colour] | None = None,
) -> None:
    """Draw a field: its content in that style, what may be typed, the colours of its frame or others."""
    span = item.span
    if frame.target:
        sheet.link(span.row, span.col, frame.target, str(value), style)
    else:
        sheet.merge(span.row, span.col, span.last_row, span.last_col, value, style, formula=formula)
    if options := _write_options(item, frame.bounds):
        sheet.validate(span.row, span.col, span.row, span.col, options)
    for criterion, tint in frame.colours if colours is None else colours:
        sheet.colour(span, criterion, tint)


def _list_colours(item: Field, fills: Sequence[str]) -> list[Colour]:
    """Colours by the word on 校验. The rule names that cell: a name is allowed where a sheet reference is not.

    ``fills``: the formulas that lack what may be typed here.
    """
    if item.role is Role.LABEL:
        return []
    colours: list[Colour] = []
    if item.problem is not None:
        check = status.check_name(item.name)
        colours += [(f'={check}="{library.EMPTY}"', EMPTY_TINT)] if item.role is Role.INPUT else []
        own = (library.OVER_RECEIVED, library.OVER_BUDGET) if item.block is FormBlock.FUNDING else ()
        colours += [(f'={check}="{word}"', REASON_TINT) for word in (library.REASON_NEEDED, *own)]
        colours.append((f'={check}<>""', WRONG_TINT))
    colours += [(f'={status.check_name(lacking)}="{library.EMPTY}"', EMPTY_TINT) for lacking in fills]
    if item.pending:
        colours.append((f'=grade="{library.PENDING}"', REASON_TINT))
    return colours


def _find_style(item: Field) -> StyleSpec:
    """The look of a field: by what it is for labels, by who writes it for the others."""
    if item.role is Role.LABEL:
        spec = _label_style(item.look, item.part, linked=bool(item.link), on_guide=item.sheet == guide.TITLE)
    else:
        spec = _content_style(item.role, item.kind, item.look, bool(item.align), bool(item.number_format))
    changes: dict[str, Any] = {"align": item.align} if item.align else {}
    if item.number_format:
        changes["number_format"] = item.number_format
    if item.bold:
        changes["bold"] = True
    if item.align == "left":
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
    return _write_options(item, _find_bounds(item, layout))


def _write_options(item: Field, bounds: Bounds) -> dict[str, Any]:
    typed = item.role in (Role.INPUT, Role.FORMULA)
    if not typed or (not item.prompt and not bounds.most and not item.guarded):
        return {}
    prompt, limits = item.prompt, bounds.texts
    options: dict[str, Any] = {"validate": "any"}
    if item.choices:
        options = {"validate": "list", "source": list(item.choices), "error_message": "请从下拉列表中选择。"}
    elif item.most_bytes and limits:
        prompt = describe_limit(limits, item) + prompt
        options = {
            "validate": "custom",
            "value": f"={write_limit(limits, item.cell, item.most_bytes)}",
            "error_message": f"文字太长：最多 {item.most_bytes} 个字节，一个汉字算 {limits.wide} 个，字母、数字算 1 个。请缩短后再填。",
        }
    elif item.guarded and item.role is Role.INPUT:
        options = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": item.low,
            "maximum": item.high,
            "error_message": "这里只能填数字，不写单位和文字。" + _range_text(item),
        }
    if bounds.most:
        refused = f"这里只能填数字，从 0 到“{bounds.most_called}”的分数。"
        options |= {"maximum": f"={bounds.most}", "error_message": cut_units(refused, _PROMPT_TEXT)}
    if prompt:
        options |= {
            "input_title": cut_title(item),
            "input_message": cut_units(prompt, _PROMPT_TEXT),
        }
    return {"error_title": "填写有误", "ignore_blank": True, **options} if len(options) > 1 else {}


def cut_title(item: Field) -> str:
    """What a field is called above its prompt."""
    return cut_units(item.label, _PROMPT_TITLE)


def _range_text(item: Field) -> str:
    if item.kind is Kind.PERCENT:
        return f"范围：{item.low or 0:.0%}～{item.high or 0:.0%}。"
    return f"范围：{item.low:,.0f}～{item.high:,.0f}。" if item.kind is Kind.AMOUNT else ""
