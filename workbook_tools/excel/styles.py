"""Fonts, fills and number formats shared by all workbooks.

A style is data (:class:`StyleSpec`); :meth:`workbook_tools.excel.writing.Book.style` makes the
format from it. The named ones are the office's common look; a sheet that needs another one takes a
named style and changes it: ``NAMED["input"].but(number_format=MONEY)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from workbook_tools.core.values import AMOUNT_FORMAT, RATE_FORMAT

BODY_FONT = "宋体"
TITLE_FONT = "黑体"

MONEY, PERCENT = AMOUNT_FORMAT, RATE_FORMAT
TWO_DECIMALS = "0.00"
COUNT = "0"
PLAIN_NUMBER = "General"
TEXT = "@"

INK = "#1F1F1F"
GREY = "#595959"
LINE = "#8C8C8C"
LINK = "#0563C1"
INPUT_FILL = "#FFF9DB"
COMPUTED_FILL = "#F2F2F2"
HEADER_FILL = "#DCE6F1"
SUBTOTAL_FILL = "#EEF3FA"
TITLE_INK = "#1F3864"
RED, RED_FILL = "#C00000", "#FDE3E1"
ORANGE, ORANGE_FILL = "#9C5700", "#FFEFD6"
GREEN, GREEN_FILL = "#226B3A", "#E2F0DA"
BLUE, BLUE_FILL = "#1F4E79", "#DDEBF7"

Align = Literal["", "left", "center", "right", "fill", "justify", "center_across", "distributed"]
VerticalAlign = Literal["", "top", "vcenter", "bottom", "vjustify", "vdistributed"]


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """The look of a cell.

    Colours are ``#RRGGBB`` or empty; ``border`` is Excel's line style (0 none, 1 thin, 2 medium).
    """

    font: str = BODY_FONT
    size: float = 11
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = INK
    fill: str = ""
    border: int = 0
    border_colour: str = LINE
    align: Align = ""
    valign: VerticalAlign = "vcenter"
    wrap: bool = False
    shrink: bool = False
    number_format: str = PLAIN_NUMBER
    indent: int = 0
    rotation: int = 0
    locked: bool = True
    hidden: bool = False
    _hash: int = field(init=False, repr=False, compare=False, default=0)
    """It is asked for with every cell that is drawn."""

    def __post_init__(self) -> None:
        values = (getattr(self, item.name) for item in fields(self) if item.compare)
        object.__setattr__(self, "_hash", hash(tuple(values)))

    def __hash__(self) -> int:
        return self._hash

    def but(self, **changes: Any) -> StyleSpec:
        """The same style with some of its fields changed."""
        return replace(self, **changes)

    def properties(self) -> dict[str, Any]:
        """The style in XlsxWriter's terms."""
        wanted = {
            "bold": self.bold,
            "italic": self.italic,
            "underline": int(self.underline),
            "bg_color": self.fill,
            "border": self.border,
            "border_color": self.border_colour if self.border else "",
            "align": self.align,
            "text_wrap": self.wrap,
            "shrink": self.shrink,
            "indent": self.indent,
            "rotation": self.rotation,
            "hidden": self.hidden,
        }
        return {
            **font(self.font, self.size),
            "font_color": self.colour,
            "valign": self.valign or "bottom",
            "num_format": self.number_format,
            "locked": self.locked,
            **{key: value for key, value in wanted.items() if value},
        }


def font(name: str, size: float) -> dict[str, Any]:
    """A Chinese font by its own name: not the theme's, or Excel would show the theme's Latin font instead.

    A size is written in one way, 11 and not 11.0: looks that are equal give the same bytes.
    """
    return {
        "font_name": name,
        "font_size": int(size) if size == int(size) else size,
        "font_family": 3,
        "font_charset": 134,
        "font_scheme": "none",
    }


_BOXED = StyleSpec(border=1, wrap=True)
_NUMBER = StyleSpec(border=1, align="right")
_INPUT = _BOXED.but(fill=INPUT_FILL, locked=False)

NAMED: dict[str, StyleSpec] = {
    "plain": StyleSpec(),
    "title": StyleSpec(font=TITLE_FONT, size=18, align="center", colour=TITLE_INK),
    "subtitle": StyleSpec(align="center", colour=GREY),
    "heading": StyleSpec(font=TITLE_FONT, size=12, colour=TITLE_INK),
    "note": StyleSpec(size=10, colour=GREY, wrap=True, valign="top"),
    "note_line": StyleSpec(size=10, colour=GREY),
    "header": _BOXED.but(font=TITLE_FONT, fill=HEADER_FILL, align="center"),
    "label": _BOXED.but(fill=HEADER_FILL),
    "label_line": _BOXED.but(fill=HEADER_FILL, wrap=False, shrink=True),
    "text": _BOXED,
    "text_center": _BOXED.but(align="center"),
    "text_line": _BOXED.but(wrap=False),
    "key": _BOXED.but(size=8, colour=GREY),
    "number": _NUMBER,
    "count": _NUMBER.but(number_format=COUNT),
    "money": _NUMBER.but(number_format=MONEY),
    "percent": _NUMBER.but(number_format=PERCENT),
    "percent_center": _NUMBER.but(number_format=PERCENT, align="center"),
    "decimal": _NUMBER.but(number_format=TWO_DECIMALS),
    "decimal_center": _NUMBER.but(number_format=TWO_DECIMALS, align="center"),
    "link": _BOXED.but(colour=LINK, underline=True),
    "input": _INPUT,
    "input_top": _INPUT.but(valign="top"),
    "input_center": _INPUT.but(align="center"),
    "input_number": _INPUT.but(align="right", wrap=False),
    "computed_text": _BOXED.but(fill=COMPUTED_FILL),
}
"""The common styles by name."""


@dataclass(frozen=True, slots=True)
class Tint:
    """What a conditional format changes: colours, weight, slant and edges, as Excel allows.

    ``edge`` is Excel's line style; one that the other tints do not have tells them apart where colours are not seen.
    """

    colour: str = ""
    fill: str = ""
    bold: bool = False
    italic: bool = False
    edge: int = 0

    def properties(self) -> dict[str, Any]:
        """The tint in XlsxWriter's terms."""
        wanted = {"font_color": self.colour, "bg_color": self.fill, "bold": self.bold, "italic": self.italic}
        wanted |= {"border": self.edge, "border_color": self.colour} if self.edge else {}
        return {key: value for key, value in wanted.items() if value}


DASHED, DASH_DOTTED = 3, 9
ERROR_TINT = Tint(RED, RED_FILL)
WARNING_TINT = Tint(ORANGE, ORANGE_FILL)
OK_TINT = Tint(GREEN, GREEN_FILL)
INFO_TINT = Tint(BLUE, BLUE_FILL)
NOTICE_TINT = Tint("#7F6000", "#FFF7CC")
