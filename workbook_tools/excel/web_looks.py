"""How the texts of a web page look, as far as it says whether they count and whether anybody sees them: struck out, hidden, in the
colour of their ground.

Styles stand in the attributes of an element, or under the name of its class in the head of the page, where Excel puts all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from workbook_tools.excel.cell_looks import BLACK, WHITE

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
"""``.xl65, .xl66 {color:white;}``: of the selectors those count that name a class alone, or one of an element (``td.xl65``)."""
_CLASS = re.compile(r"[a-z]*\.([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|mso-hide\s*:\s*all")
"""``style="display: none"``, and how Office writes it: ``mso-hide:all``."""
_UNSEEN = re.compile(r"(?i)visibility\s*:\s*hidden")
_LINE = re.compile(r"(?i)text-decoration(?:-line)?\s*:\s*([^;]*)")
_AS_TEXT = re.compile(r"""(?i)mso-number-format\s*:\s*["']?\\+@""")
"""``mso-number-format:"\\@"``: the format of texts, by which systems keep codes from becoming numbers."""
_INK = re.compile(r"(?i)(?<![\w-])color\s*:\s*([^;]*)")
_GROUND = re.compile(r"(?i)(?<![\w-])background(?:-color)?\s*:\s*([^;]*)")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", re.IGNORECASE)
_NAMED = {"white": WHITE, "window": WHITE, "transparent": "", "none": "", "auto": "", "inherit": ""}
_OTHER = "808080"
"""A colour by any other name can be told from black and from white."""
_STRIKING = frozenset({"s", "strike", "del"})


@dataclass(frozen=True, slots=True)
class WebLook:
    """How a text looks; colours are ``RRGGBB``."""

    struck: bool = False
    hidden: bool = False
    """It takes no place on the page."""
    unseen: bool = False
    """It takes its place, and is not shown."""
    as_text: bool = False
    """Its format is that of texts."""
    ink: str = BLACK
    ground: str = WHITE


PLAIN = WebLook()
"""That of a page that says nothing of it."""


@dataclass(slots=True)
class WebStyles:
    """The styles of a page by the names of their classes."""

    classes: dict[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, WebLook], WebLook] = field(default_factory=dict)

    def look(self, element: Any, above: WebLook) -> WebLook:
        """The look of an element that stands in one with the look ``above``."""
        tag, names, own = str(element.tag).lower(), element.get("class") or "", element.get("style") or ""
        ink = element.get("color") if tag == "font" else None
        said = [self.classes.get(name.lower(), "") for name in names.split()]
        said += [f"background:{ground}" for ground in [element.get("bgcolor")] if ground]
        said += [f"color:{ink}" if ink else "", own, "text-decoration:line-through" if tag in _STRIKING else ""]
        text = ";".join(one for one in said if one)
        return self._change(text, above) if text else above

    def _change(self, declared: str, above: WebLook) -> WebLook:
        key = declared, above
        if key not in self._known:
            lines = [*_LINE.findall(declared)]
            self._known[key] = replace(
                above,
                struck="line-through" in lines[-1].lower() if lines else above.struck,
                hidden=above.hidden or bool(_HIDDEN.search(declared)),
                unseen=above.unseen or bool(_UNSEEN.search(declared)),
                as_text=above.as_text or bool(_AS_TEXT.search(declared)),
                ink=_find_colour(_INK, declared) or above.ink,
                ground=_find_colour(_GROUND, declared) or above.ground,
            )
        return self._known[key]


def read_web_styles(root: Any) -> WebStyles:
    """The styles that stand in the head of a page."""
    return WebStyles(dict(_list_classes("".join(item.text or "" for item in root.iter("style")))))


def _list_classes(sheet: str) -> Iterator[tuple[str, str]]:
    for selectors, declared in _RULE.findall(sheet):
        for selector in selectors.split(","):
            if match := _CLASS.fullmatch(selector.strip().removeprefix("<!--").strip()):
                yield match[1].lower(), declared


def _find_colour(kind: re.Pattern[str], declared: str) -> str:
    """The colour that is said last; blank where none is."""
    found = kind.findall(declared)
    if not found:
        return ""
    text = found[-1].strip().lower()
    if match := _HEX.search(text):
        return (match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])).upper()
    if match := _RGB.search(text):
        return "".join(f"{min(int(part), 255):02X}" for part in match.groups())
    name = text.split(" ")[0].removesuffix("!important")
    return BLACK if name in ("black", "windowtext") else _NAMED.get(name, _OTHER)
