"""Numbers in Chinese numerals: 三万人次, 二十处, 百分之九十五, 九成以上, 壹佰万元.

Only a numeral with a counter behind it is a number: 一般, 一致 and 百姓满意 are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_IN_ARABIC = str.maketrans({char: str(value) for char, value in _DIGITS.items()})

# 十二, 一千零五, 三万二千: digits and places, and more of them behind 万 and 亿; 万 at the end is left to the unit (万人次).
_SECTION = f"[{''.join([*_DIGITS, *_PLACES])}]+"
_NUMERAL = rf"{_SECTION}(?:[{''.join(_MYRIADS)}]{_SECTION})*"
# 百分之九十五.
_SHARE = re.compile(rf"百分之({_NUMERAL})")
# 九成以上, 九成五: tenths, and hundredths behind them.
_TENTHS = re.compile(r"([一二三四五六七八九])成([一二三四五六七八九])?")

# 十, ≥十二: nothing but the numeral and its sign, as where the unit has a column of its own.
_ALONE = re.compile(rf"([≥≤＝=<>＜＞]*)({_NUMERAL})")


def read_numeral(numeral: str) -> int:
    """The number that a numeral writes.

    >>> read_numeral("一千零五"), read_numeral("十二"), read_numeral("三万二千"), read_numeral("壹佰")
    (1005, 12, 32000, 100)
    """
    total = section = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = digit * 10 + _DIGITS[char]
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            total += (section + digit) * _MYRIADS[char]
            section = digit = 0
    return total + section + digit


def write_in_digits(text: str, counters: Iterable[str]) -> str:
    """A text with its numeral in digits, or the text as it is where no numeral counts anything.

    >>> [write_in_digits(text, ["人次"]) for text in ("不少于三万人次", "九成以上", "百分之九十五", "一般")]
    ['不少于3万人次', '90%以上', '95%', '一般']
    """
    if match := _SHARE.search(text):
        return _replaced(match, f"{read_numeral(match[1])}%")
    if match := _TENTHS.search(text):
        return _replaced(match, f"{(match[1] + (match[2] or '〇')).translate(_IN_ARABIC)}%")
    if match := _ALONE.fullmatch(text):
        return f"{match[1]}{read_numeral(match[2])}"
    counted = "|".join(re.escape(word) for word in sorted(counters, key=len, reverse=True))
    if counted and (match := _counted_numeral(counted).search(text)):
        return _replaced(match, str(read_numeral(match[0])))
    return text


def _counted_numeral(counters: str) -> re.Pattern[str]:
    """三次, 三万人次, 三次以上: a counter ends the text or stands before 及 or 以; 一次性 and 两年 count nothing."""
    return re.compile(rf"{_NUMERAL}(?=[{''.join(_MYRIADS)}]?(?:{counters})(?!\w)|(?:{counters})[及以])")


def _replaced(match: re.Match[str], figure: str) -> str:
    return match.string[: match.start()] + figure + match.string[match.end() :]
