"""Numbers in Chinese numerals: 三万人次, 二十处, 百分之九十五, 九成以上, 壹佰万元.

Only a numeral with a counter behind it is a number: 一般, 一致 and 百姓满意 are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"两": 2, "俩": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = rf"[{''.join([*_DIGITS, *_PLACES])}]+(?:[{''.join(_MYRIADS)}][{''.join([*_DIGITS, *_PLACES])}]+)*"
_SHARE = re.compile(rf"百分之(?P<number>{_NUMERAL})")
_TENTHS = re.compile(r"(?P<tens>[一二三四五六七八九])成(?P<ones>[一二三四五六七八九])?")


def whole_number(numeral: str) -> int:
    """The number that a numeral writes.

    >>> whole_number("一千零五"), whole_number("十二"), whole_number("三万二千"), whole_number("壹佰")
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


def in_digits(text: str, counters: Iterable[str]) -> str:
    """A text with its numeral in digits, or the text as it is where no numeral counts anything.

    >>> in_digits("不少于三万人次", ["人次"]), in_digits("九成以上", []), in_digits("百分之九十五", []), in_digits("一般", ["次"])
    ('不少于3万人次', '90%以上', '95%', '一般')
    """
    if match := _SHARE.search(text):
        return f"{text[: match.start()]}{whole_number(match['number'])}%{text[match.end() :]}"
    if match := _TENTHS.search(text):
        return f"{text[: match.start()]}{match['tens'].translate(_ARABIC)}{(match['ones'] or '〇').translate(_ARABIC)}%{text[match.end() :]}"
    counted = "|".join(re.escape(word) for word in sorted(counters, key=len, reverse=True))
    if counted and (
        match := re.search(rf"({_NUMERAL})(?=[{''.join(_MYRIADS)}]?(?:{counted})(?!\w)|(?:{counted})[及以])", text)
    ):
        return f"{text[: match.start()]}{whole_number(match[1])}{text[match.end() :]}"
    return text


_ARABIC = str.maketrans({char: str(number) for char, number in _DIGITS.items()})
