"""How large a document's paragraphs are: the styles of a form, resolved, and the text of a line.

Only what decides where lines and pages end is looked at. All lengths are in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import east_asian_width

from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.core.tolerances import LINE_END

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIP = 1 / 20
_NATURAL_LINE = 1.3
"""Height of a line that no style fixes, in its font size."""
_SEAM = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u3400-\u9fff])")
_SEAM_WIDTH = 0.25
"""Every program sets so much air, in font sizes, between a Chinese character and a Latin one."""
_AIR = "\u200a"
_OPENING, _CLOSING = "“‘（《【〔「『", "，。、；：！？”’）》】〕」』…"
_UNITS = re.compile(f"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*", re.DOTALL)
"""What no line break parts: a Latin word or number, or a Chinese character, with the punctuation that clings to it."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a paragraph's style, or its own settings, say of its size."""

    level: int | None = None
    """Outline level from 0; None: body text."""
    size: float = 10.5
    spacing: float = 0
    """Added to each character."""
    line: float = 0
    """Exact pitch; 0: by the font."""
    multiple: float = 1
    before: float = 0
    after: float = 0
    left: float = 0
    right: float = 0
    first: float = 0
    keep: bool = False
    whole: bool = False
    new_page: bool = False

    @property
    def pitch(self) -> float:
        """Points from line to line."""
        return self.line or self.size * _NATURAL_LINE * self.multiple

    def lines(self, text: str, width: float) -> int:
        """How many lines ``text`` takes, of which the first may be indented."""
        room = max(width - self.left - self.right, self.size)
        if self.first + len(text) * (self.size * (1 + _SEAM_WIDTH) + abs(self.spacing)) < room:
            return 1
        count, used = 1, self.first
        for unit in _UNITS.findall(_SEAM.sub(_AIR, text)):
            need = sum(self._width(c) for c in unit)
            # One closing mark may hang over the edge.
            hanging = self._width(unit[-1]) if unit[-1] in _CLOSING else 0
            if used + need - hanging > room + LINE_END.value and used:
                count, used = count + 1, 0.0
            while need - hanging > room:
                count, need = count + 1, need - room
            used += need
        return count

    def _width(self, character: str) -> float:
        if character == _AIR:
            return self.size * _SEAM_WIDTH
        wide = east_asian_width(character) in "WFA"
        return self.size * (1 if wide else 0.5) + self.spacing


class ParagraphStyles:
    """The paragraph styles of word/styles.xml, each with what it inherits."""

    def __init__(self, root: Element | None) -> None:
        self._metrics: dict[str, Metrics] = {}
        self._own: dict[bytes, Metrics] = {}
        self._ids: dict[str, str] = {}
        self.default = ""
        if root is None:
            self._base = Metrics()
            return
        defaults = root.find(f"{W}docDefaults")
        self._base = Metrics() if defaults is None else changed(
            Metrics(), defaults.find(f"{W}pPrDefault/{W}pPr"), defaults.find(f"{W}rPrDefault/{W}rPr")
        )  # fmt: skip
        self._elements = {
            style.get(f"{W}styleId", ""): style
            for style in root.iter(f"{W}style")
            if style.get(f"{W}type") == "paragraph"
        }
        for name, style in self._elements.items():
            if style.get(f"{W}default") in ("1", "true", "on"):
                self.default = name
            label = style.find(f"{W}name")
            if label is not None:
                self._ids[label.get(f"{W}val", "").lower()] = name

    def id_of(self, name: str) -> str:
        """The id of the style of that name ("toc 1"); blank if the form has none."""
        return self._ids.get(name, "")

    def metrics(self, paragraph: Element) -> Metrics:
        """The size of a paragraph: its style's, and what it changes itself."""
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        base = self._metrics_of(self.default if style is None else style.get(f"{W}val", ""))
        if properties is None or len(properties) == (style is not None):
            return base
        said = etree.tostring(properties)
        if said not in self._own:
            self._own[said] = changed(base, properties, None)
        return self._own[said]

    def _metrics_of(self, name: str, seen: frozenset[str] = frozenset()) -> Metrics:
        if name in self._metrics:
            return self._metrics[name]
        style = self._elements.get(name) if self._ids else None
        if style is None or name in seen:
            return self._base
        parent = style.find(f"{W}basedOn")
        base = self._base if parent is None else self._metrics_of(parent.get(f"{W}val", ""), seen | {name})
        self._metrics[name] = changed(base, style.find(f"{W}pPr"), style.find(f"{W}rPr"))
        return self._metrics[name]


def changed(metrics: Metrics, paragraph: Element | None, run: Element | None) -> Metrics:
    """``metrics`` with what these properties say."""
    said: dict[str, Any] = {**dict(_from_run(run)), **dict(_from_paragraph(paragraph, metrics, run))}
    return replace(metrics, **said)


def _from_run(properties: Element | None) -> Iterator[tuple[str, float]]:
    for name, key, unit in (("sz", "size", 0.5), ("spacing", "spacing", TWIP)):
        value = None if properties is None else properties.find(W + name)
        if value is not None:
            yield key, number(value, "val") * unit


def _from_paragraph(properties: Element | None, metrics: Metrics, run: Element | None) -> Iterator[tuple[str, object]]:
    if properties is None:
        return
    for element in properties:
        match element.tag.removeprefix(W):
            case "keepNext":
                yield "keep", switched(element)
            case "keepLines":
                yield "whole", switched(element)
            case "pageBreakBefore":
                yield "new_page", switched(element)
            case "outlineLvl":
                level = int(number(element, "val"))
                yield "level", level if level < 9 else None
            case "spacing":
                yield from _spacing(element)
            case "ind":
                size = dict(_from_run(run)).get("size", metrics.size)
                yield from _indents(element, size)


def _spacing(element: Element) -> Iterator[tuple[str, float]]:
    for key in ("before", "after"):
        if element.get(W + key) is not None:
            yield key, number(element, key) * TWIP
    if element.get(f"{W}line") is not None:
        exact = element.get(f"{W}lineRule") == "exact"
        yield "line", number(element, "line") * TWIP if exact else 0
        yield "multiple", 1 if exact else number(element, "line") / 240


def _indents(element: Element, size: float) -> Iterator[tuple[str, float]]:
    for key, names in (("left", ("left", "start")), ("right", ("right", "end"))):
        for name in names:
            if element.get(W + name) is not None:
                yield key, number(element, name) * TWIP
    characters = number(element, "firstLineChars")
    if characters:
        yield "first", characters / 100 * size
    elif element.get(f"{W}firstLine") is not None:
        yield "first", number(element, "firstLine") * TWIP
    elif element.get(f"{W}hanging") is not None:
        yield "first", -number(element, "hanging") * TWIP


def number(element: Element, attribute: str) -> float:
    """An attribute as a number; 0 where it is missing or no number."""
    try:
        return float(element.get(W + attribute, "0"))
    except ValueError:
        return 0


def switched(element: Element) -> bool:
    """Whether an on-off property is on."""
    return element.get(f"{W}val", "1") not in ("0", "false", "off")
