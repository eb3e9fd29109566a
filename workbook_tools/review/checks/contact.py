"""FILL: can the telephone number be right, and the day on which a form was filled in? Only what hardly anybody means is asked about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from workbook_tools.core.findings import Finding
from workbook_tools.review.checks.declaring import reports
from workbook_tools.review.checks.filled_form import Check, FilledForm

_YEARS_UNTIL_FILLED = 2
"""A form is filled in in its year, or in one of the two that follow."""
_LEAST_DIGITS, _MOST_DIGITS = 7, 13
"""A telephone of a town without its prefix has 7, a mobile one with 86 before it 13."""
_BETWEEN_NUMBERS = re.compile(r"[、,;/\n]|或|转|分机")
"""What stands between two numbers, or before an extension."""
_MOBILE = re.compile(r"(?:0086|86)?1[3-9](\d*)")
_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?(?:[T ].*)?")


@reports("FILL33")
def contact_plausible(form: FilledForm) -> Iterator[Finding]:
    """联系电话应打得通，填报日期应是这次填报的日子。"""
    said = {name: unicodedata.normalize("NFKC", form.text(name)) for name in ("phone", "fill_date")}
    doubts = {
        "phone": _doubt_phone(said["phone"]),
        "fill_date": _doubt_day(said["fill_date"], form.submission.project.year),
    }
    for name, doubt in doubts.items() if not form.submission.partial else ():
        if doubt:
            yield form.finding(name, "FILL33", doubt, found=form.text(name))


def _doubt_phone(text: str) -> str:
    """Why none of the numbers in it can be dialled; blank where one can, or where there is none at all."""
    numbers = [digits for part in _BETWEEN_NUMBERS.split(text) if (digits := re.sub(r"\D", "", part))]
    doubts = list(map(_doubt_number, numbers))
    return doubts[0] if doubts and all(doubts) else ""


def _doubt_number(digits: str) -> str:
    if len(digits) < _LEAST_DIGITS:
        return f"联系电话只有{len(digits)}位数字，别处打不通"
    mobile = _MOBILE.fullmatch(digits)
    if mobile and len(digits) >= 10 and len(mobile[1]) != 9 and not digits.startswith("0"):
        return f"手机号码应是11位，这里是{len(mobile[1]) + 2}位"
    return f"联系电话有{len(digits)}位数字，多了" if len(digits) > _MOST_DIGITS and not mobile else ""


def _doubt_day(text: str, year: int) -> str:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return ""
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        return "填报日期没有这一天"
    if not year <= day.year <= year + _YEARS_UNTIL_FILLED:
        return f"填报日期是{day.year}年，评的是{year}年度"
    return ""


CHECKS: tuple[Check, ...] = (contact_plausible,)
