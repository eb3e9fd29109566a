"""What a cell shows for the number it holds: 0.95 with ``0.00%`` is 95.00%, a date with ``m"月"`` is 7月.

Enough of Excel's format language for forms that people make by hand; what it does not know is shown as General.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from workbook_tools.core.values import number_text

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: "yyyy年m月",
    28: "m月d日",
    29: "m月d日",
    30: "m-d-yy",
    31: "yyyy年m月d日",
    32: "h时mm分",
    33: "h时mm分ss秒",
    36: "yyyy年m月",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: "yyyy年m月",
    51: "m月d日",
    52: "yyyy年m月",
    53: "m月d日",
    54: "m月d日",
    57: "yyyy年m月",
    58: "m月d日",
}
"""Formats that a file names by number only (ECMA-376 part 1, 18.8.30, with those of Chinese Excel)."""

_MAX_DECIMALS = 15
"""A number has no more significant digits."""
_SECTION_MARKS = re.compile(r"\[[^\]]*\]|_.|\*.")
"""``[Red]``, ``[$-804]``: colours and languages; ``_)`` and ``* ``: room for a character, blanks up to the edge."""
_PLACES = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?|\.[#0?]+")
"""``0.00``, ``#,##0.##``, ``.0``, ``0,`` (in thousands): where the digits go."""
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
"""``"万元"``, ``\\元``, ``!元``: texts beside the digits."""
_NO_DIGITS = re.compile(r"[eE][+-]|/|general")
"""Scientific notation and fractions, which forms do not use."""
_PRIVATE = 0xE000
"""Characters from here on, which no text uses, stand for the texts while digits are looked for."""
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
"""``[$-804]yyyy"年"``: the language of a date."""
_DATE_LETTER = re.compile(r"[ymdhs]", re.IGNORECASE)
_DATE_TOKEN = re.compile(r'"[^"]*"|\\.|yyyy|yy|mmm+|mm?|dd?|hh?|ss?|[^ymdhs"\\]+', re.IGNORECASE)
"""``yyyy"年"m"月"`` in pieces: the year, a text, the month, a text."""


def format_value(value: Any, code: str = "") -> str:
    """The text that a cell shows; ``code`` is its number format, blank for General."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _format_number(float(value), code)
        case datetime() | date() | time():
            return _format_date(value, code)
        case timedelta():
            minutes = round(value.total_seconds()) // 60
            return f"{minutes // 60}:{minutes % 60:02}"
    return str(value)


@lru_cache(1 << 12)
def _format_number(value: float, code: str) -> str:
    pattern = _choose_pattern(code, value < 0, value == 0)
    if pattern is None:
        return number_text(value)
    prefix, places, suffix, own_sign = pattern
    if not places:  # "≥"General shows the number as it is behind the sign
        return (prefix + suffix).replace("General", number_text(value))
    percents = prefix.count("%") + suffix.count("%")
    number = value * 100**percents / 1000 ** (len(places) - len(places.rstrip(",")))
    decimals = min(len(places.rstrip(",").partition(".")[2]), _MAX_DECIMALS)
    text = f"{abs(number) if own_sign else number:{',' if ',' in places.rstrip(',') else ''}.{decimals}f}"
    if "#" in places.partition(".")[2] and "." in text:
        text = text.rstrip("0").rstrip(".")
    return (prefix + text + suffix).strip()


@lru_cache(maxsize=512)
def _choose_pattern(code: str, negative: bool, zero: bool) -> tuple[str, str, str, bool] | None:
    """Prefix, digit places, suffix, and whether the section writes the sign of a negative number itself."""
    sections = code.split(";")
    index = 1 if negative and len(sections) > 1 else 2 if zero and len(sections) > 2 else 0
    section = _SECTION_MARKS.sub("", sections[index])
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] if match[1] is not None else match[2])
        return chr(_PRIVATE + len(literals) - 1)

    section = _LITERAL.sub(keep, section)
    if section.strip().lower() in ("", "general", "@", "g/通用格式") or _NO_DIGITS.search(section):
        return None
    found = _PLACES.search(section)
    before, places, after = (section[: found.start()], found[0], section[found.end() :]) if found else (section, "", "")
    places += after[: len(after) - len(after.lstrip(","))]
    if _PLACES.search(after):
        return None

    def text(part: str) -> str:
        return "".join(
            literals[ord(c) - _PRIVATE] if _PRIVATE <= ord(c) < _PRIVATE + len(literals) else c for c in part
        )

    return text(before), places, text(after.lstrip(",")), index == 1


def _format_date(value: date | datetime | time, code: str) -> str:
    section = _IN_BRACKETS.sub("", code.split(";")[0])
    if not _DATE_LETTER.search(section):
        midnight = isinstance(value, datetime) and value.time() == time()
        return value.date().isoformat() if midnight and isinstance(value, datetime) else value.isoformat()
    parts: list[str] = []
    last = ""
    for token in _DATE_TOKEN.findall(section):
        piece = token.lower()
        if token[0] in '"\\':
            parts.append(token.strip('"').lstrip("\\"))
            continue
        parts.append(_format_date_part(value, piece, last))
        if piece[0] in "ymdhs":
            last = piece[0]
    return "".join(parts).replace("@", "").strip()


def _format_date_part(value: Any, token: str, last: str) -> str:
    name = {"y": "year", "m": "minute" if last == "h" else "month", "d": "day", "h": "hour", "s": "second"}.get(
        token[0]
    )
    if name is None:
        return token
    number = getattr(value, name, None)
    if number is None:
        return ""
    if name == "year":
        return f"{number % 100:02}" if len(token) < 3 else str(number)
    return f"{number:02}" if len(token) == 2 else str(number)
