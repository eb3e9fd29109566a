"""The deadline as people write it → a moment."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, time, timedelta, tzinfo

_DEADLINE = re.compile(
    r"""(?:请?[于在]|截[止至](?:[时日]期)?[到至为于:]?)?
    (?P<year>\d{4})[年/.-](?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})[日号]?
    (?:\(?(?:星期|周)[一二三四五六日天]\)?)?
    (?:T?(?P<part>凌晨|早上|上午|中午|下午|晚上)?(?P<hour>\d{1,2})[:点时](?:(?P<minute>\d{1,2}|半)(?::00|分)?|整)?)?
    (?:下班)?(?:[之以]?前|[为截]?止)?[。.]?""",
    re.VERBOSE,
)
_FROM_NOON = {"中午": 10, "下午": 11, "晚上": 12}
"""Up to this hour such a part of the day counts from noon: 中午1点 is 13:00, 中午11点 is not 23:00."""


def parse_deadline(text: str, zone: tzinfo | None = None) -> datetime | None:
    """The last moment in time, in UTC; ``None`` where the text is not exactly one date with a year.

    Takes 2024年3月31日, 2024-03-31, 2024/3/31, 2024.3.31, with or without an hour (下午5点, 17:30) and 前.
    A day without an hour counts to its end, also with 前: an office's “31日前” includes the 31st.
    ``zone`` is where the office is, by default this computer's zone.
    """
    found = _DEADLINE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if found is None:
        return None
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=zone)
        moment = datetime.combine(day, time.max, zone) if found["hour"] is None else day + _since_midnight(found)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _since_midnight(found: re.Match[str]) -> timedelta:
    """Time of day. Raises ValueError for 25点 or 61分."""
    hour = int(found["hour"])
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    if hour <= _FROM_NOON.get(found["part"], -1):
        hour += 12
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute)
