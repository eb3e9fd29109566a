"""What stands before a name without being part of it: serial numbers (一、 （二） 3.), and 指标1： of the empty form."""

from __future__ import annotations

import re

_CHINESE = "一二三四五六七八九十"

# 一、 第三， （二） (12)、 3. ④ ⑶ ⒌ ㈡ ❻ Ⅳ. B、 第2项： : the place among others. 2.5公里 is a number, and 一般 a word.
_SERIAL = re.compile(
    rf"第?[{_CHINESE}]{{1,3}}[、.．,)）]|[(（][{_CHINESE}\d]{{1,3}}[)）][、.]?|\d{{1,2}}[、.．)）](?!\d)"
    rf"|[①-⑳⑴-⒛㈠-㈩㊀-㊉❶-❿➀-➓][、.．]?|[Ⅰ-Ⅻ][、.．)）]|[A-Za-z][、.．)）](?=[一-鿿])|第[{_CHINESE}\d]{{1,3}}[项个][:：、]"
)
# 一、 （二）: names of levels are numbered in Chinese, names of indicators in figures.
_CHINESE_SERIAL = re.compile(rf"[(（]?[{_CHINESE}]{{1,3}}[)）、.．]")
# 指标1： 三级指标2、 指标: what the empty form of the ministry has in place of a name, and people leave before theirs.
_PLACEHOLDER = re.compile(r"(?:三级)?指标\s*(?:\d+(?!\.?\d)\s*[:：.、]?|[:：.、]|$)\s*")
# 1 2. 3、 in a cell of its own before the name.
_NUMBER_ALONE = re.compile(r"\d{1,2}[.、]?")


def without_serial(text: str) -> str:
    """Without a serial number at the beginning.

    >>> [without_serial(text) for text in ("一、产出指标", "（二）数量指标", "3.培训", "2.5公里", "一般")]
    ['产出指标', '数量指标', '培训', '2.5公里', '一般']
    """
    match = _SERIAL.match(text)
    return text[match.end() :] if match else text


def has_serial(text: str) -> bool:
    """It begins with a serial number."""
    return bool(_SERIAL.match(text))


def has_chinese_serial(text: str) -> bool:
    """It begins with a serial number in Chinese: 一、 （二）."""
    return bool(_CHINESE_SERIAL.match(text))


def without_chinese_serial(text: str) -> str:
    """Without it."""
    match = _CHINESE_SERIAL.match(text)
    return text[match.end() :] if match else text


def has_placeholder(text: str) -> bool:
    """It begins with 指标1： (指标 alone may be the rest of a name that is broken over rows)."""
    match = _PLACEHOLDER.match(text)
    return bool(match and match[0] not in ("指标", "三级指标"))


def without_placeholder(text: str) -> str:
    """Without 指标1： before a name.

    >>> [without_placeholder(text) for text in ("指标1：培训人数", "三级指标2", "指标完成率")]
    ['培训人数', '', '指标完成率']
    """
    match = _PLACEHOLDER.match(text)
    return text[match.end() :] if match else text


def is_ordinal(text: str) -> bool:
    """Nothing but 指标1： or 1. 2、."""
    return bool(_PLACEHOLDER.fullmatch(text) or _NUMBER_ALONE.fullmatch(text))
