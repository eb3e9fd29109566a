"""What a number format does to what the eye sees: whether it shows the value that is in the cell.

``"100%"`` shows 100% whatever the value is, ``;;;`` shows nothing, ``0,`` a thousandth of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.tolerances import SHOWN

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<bracket>\[[^\]]*\])|(?P<room>[_*].)|(?P<general>general|g/通用格式)'
    r"|(?P<digits>[#0?][#0?,.]*|\.[#0?]+)|(?P<percent>%)|(?P<text>@)|(?P<date>[ymdhs]+|am/pm|上午/下午)"
    r"|(?P<power>e[+-])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
"""``[$¥-804]``: a sign and a language, or a language alone."""
_USUAL_SIGNS = str.maketrans("", "", " +-(),¥￥$:/")
"""What stands around numbers and changes nothing."""
_WHITE_INK = ("[white]", "[color2]", "[color 2]", "[白色]")

Token = tuple[str, str]
"""Kind and text."""


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four sections of a format: what it writes besides the value, and how it writes that."""

    tokens: tuple[Token, ...]
    """Neighbouring literals are one; what only says the language is not among them."""

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.tokens)

    @property
    def literals(self) -> str:
        """The texts that it writes, without blanks and the signs that stand around numbers."""
        return "".join(text for kind, text in self.tokens if kind == "literal").translate(_USUAL_SIGNS)


@lru_cache(maxsize=1024)
def read_sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format: for positive numbers, negative ones, zero and texts; General is one of one word.

    >>> read_sections('0"公里"') == read_sections("0公里")
    True
    """
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = str(match.lastgroup)
        text = match[kind]
        if kind == "other" and text == ";":
            sections.append([])
            continue
        if kind == "room" and text[0] == "*" and text[1:].strip(" -"):
            kind, text = "literal", text[1:] * 2  # it fills what is left of the cell
        if kind == "bracket" and (currency := _CURRENCY.fullmatch(text)):
            kind, text = "literal", currency[1]
        elif kind in ("quoted", "escaped", "other"):
            kind = "literal"
        if kind == "literal" and sections[-1] and sections[-1][-1][0] == "literal":
            text = sections[-1].pop()[1] + text
        if text or kind != "literal":
            sections[-1].append((kind, text if kind == "literal" else "general" if kind == "general" else text.lower()))
    if sections == [[]]:
        sections = [[("general", "general")]]
    return tuple(_Section(tuple(tokens)) for tokens in sections)


def is_same_format(one: str, other: str) -> bool:
    """Two codes say the same, in whatever spelling."""
    return one == other or read_sections(one) == read_sections(other)


def shows_value(value: float | str, code: str, usual: str) -> bool:
    """A cell with this format shows the value, perhaps rounded; the texts beside it are those of the ``usual`` format or none."""
    section = _choose(code, value)
    if section.literals not in ("", _literals_of(usual)):
        return False
    if any(kind == "bracket" and (text[1] in "<>=" or text in _WHITE_INK) for kind, text in section.tokens):
        return False
    if isinstance(value, str):
        return section.has("text", "general")
    if section.has("digits") and not section.has("power", "date"):
        return _shows_number(value, section)
    return section.has("general", "text", "date", "digits")


def _literals_of(code: str) -> str:
    return read_sections(code)[0].literals


def _choose(code: str, value: float | str) -> _Section:
    """The section that a value is written by; a text that none is for stands as it is."""
    sections = read_sections(code)
    if isinstance(value, str):
        if len(sections) > 3:
            return sections[3]
        return next((one for one in sections if one.has("text")), _Section((("general", "general"),)))
    if len(sections) > 2 and value == 0:
        return sections[2]
    if len(sections) > 1 and value < 0:
        return sections[1]
    return sections[0]


def _shows_number(value: float, section: _Section) -> bool:
    digits = "".join(text for kind, text in section.tokens if kind == "digits")
    if digits.endswith(",") or sum(kind == "digits" for kind, _ in section.tokens) > 1:
        return False
    percents = sum(kind == "percent" for kind, _ in section.tokens)
    number = abs(value) * 100.0**percents
    return SHOWN.same(round(number, min(15, len(digits.partition(".")[2]))), number)


@lru_cache(maxsize=1024)
def may_hide(code: str) -> bool:
    """There are values of which a cell with this format shows nothing."""
    return any(hides_value(value, code) for value in (1.0, -1.0, 0.0, "文字"))


def hides_value(value: float | str, code: str) -> bool:
    """A cell with this format shows nothing of the value, and nothing else either."""
    section = _choose(code, value)
    return not section.has("digits", "general", "text", "date") and not section.literals


def name_format(code: str) -> str:
    """A format as a message names it."""
    return "常规" if is_same_format(code, "") else code
