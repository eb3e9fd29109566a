"""Years as forms and reports write them: 2023年度, （2023）, 二〇二三年, 2023-2025年."""

from __future__ import annotations

import re

# 二〇二三年, 二○二三年, 二O二三年: a year in Chinese figures, whatever stands for the nought.
_NOUGHTS = "〇○零Oo0"
_IN_CHINESE = re.compile(rf"二[{_NOUGHTS}][{_NOUGHTS}一二三四五六七八九]{{2}}(?=年)")
_ARABIC = str.maketrans(dict.fromkeys(_NOUGHTS, "0") | {c: str(i) for i, c in enumerate("一二三四五六七八九", 1)})
# 2023年度, （2023）: a year, and not four figures of a longer number or an amount.
_NAMED = re.compile(r"(?<!\d)(20\d{2})(?:年度?|(?=[)）]))")
# （2023年度） on a line of its own below a title.
_LINE = re.compile(r"[(（]?(20\d{2})年度?[)）]?")
# 2023-2025年, 2023年至2025年: more than the year of the report.
YEAR_SPAN = r"20\d\d年?[-—–~至到]+20\d\d(?=年)"
# 2023 of 2023年, in a sentence.
YEAR = r"20\d\d(?=年)"


# ２０２４年度: figures as wide as signs.
_NARROW = {ord("０") + digit: str(digit) for digit in range(10)}


def in_arabic(text: str) -> str:
    """With years in figures: 二〇二三年, ２０２３年 → 2023年."""
    text = text.translate(_NARROW)
    return _IN_CHINESE.sub(lambda match: match[0].translate(_ARABIC), text)


def find_year(text: str) -> int | None:
    """The year that a title names.

    >>> find_year("２０２２年度自评表"), find_year("（2022）"), find_year("二〇二二年度"), find_year("金额20221元")
    (2022, 2022, 2022, None)
    """
    match = _NAMED.search(in_arabic(text))
    return int(match[1]) if match else None


def year_of_line(text: str) -> int | None:
    """The year of a line that holds nothing else."""
    match = _LINE.fullmatch(in_arabic(text))
    return int(match[1]) if match else None
