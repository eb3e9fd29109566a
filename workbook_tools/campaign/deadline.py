"""Until when workbooks are to come. One source, wbt.toml; one reader: what status, 催报, notices and the review say agrees.

There are two dates: 报送截止 (``deadline``), until when the workbooks are to come in, and 重报期限 (``return_by``), until
when those that were returned are to come again. ``wbt return --by`` writes the second into wbt.toml.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from workbook_tools.core.errors import SettingsError

_DEADLINE = re.compile(
    r"""(?:请?[于在]|截[止至](?:[时日]期)?[到至为于:]?)?
    (?:(?P<year>\d{4}|\d{2}(?=年))[年/.-])?(?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})[日号]?
    (?:\(?(?:星期|周)[一二三四五六日天]\)?)?
    (?:T?(?P<part>凌晨|早上|上午|中午|下午|晚上)?(?P<hour>\d{1,2})[:点时](?:(?P<minute>\d{1,2}|半)(?::00|分)?|整)?)?
    (?:下班)?(?:[之以]?前|[为截]?止)?[。.]?""",
    re.VERBOSE,
)
"""2025-03-31, 截至2025年3月31日17:30前, 3月31日(星期一)下班前."""
_FROM_NOON = {"中午": 10, "下午": 11, "晚上": 12}
"""Up to this hour such a part of the day counts from noon: 中午1点 is 13:00, 中午11点 is not 23:00."""
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
"""20240331."""
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日号点时分])")
"""In 二〇二五年三月三十一日, but not in 星期一."""
_LONGEST = timedelta(days=366)
"""Nobody asks for a workbook to be sent again in more than a year: 2052 is a slip for 2025."""
_LATEST_YEARS = 9
"""A campaign about a year comes to its end within so many years after it."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which something is to come."""

    moment: datetime
    """The last moment in time, in UTC."""

    def over(self, now: datetime) -> bool:
        """It has passed."""
        return now > self.moment

    @property
    def text(self) -> str:
        """As notices print it, without 前: 2025年3月31日, 2025年3月31日17时30分."""
        local = self.moment.astimezone()
        if local.time() == time.max:
            return _say_day(local)
        if local.time() == time.min:
            return f"{_say_day(local - timedelta(days=1))}24时"
        return f"{_say_day(local)}{local.hour}时" + (f"{local.minute}分" if local.minute else "")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The two dates of a campaign, where they are written; and what is written there and is no date."""

    send: Deadline | None = None
    """报送截止."""
    resend: Deadline | None = None
    """重报期限."""
    unclear: tuple[str, ...] = ()
    """A sentence each."""
    year: int = 0
    """Which is evaluated; 0: nobody has said."""

    @property
    def early(self) -> str:
        """That 报送截止 lies within the year itself, which is mostly a slip for the year after; blank where it does not."""
        if self.send and self.year and self.send.moment.astimezone().year <= self.year:
            return f"报送截止日期 {self.send.text} 在 {self.year} 年度结束以前，请核对年份。"
        return ""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is to be looked at before anything is sent out that names them: sentences."""
        return (*(f"{sentence}。" for sentence in self.unclear), *filter(None, [self.early]))

    def passed(self, now: datetime) -> str:
        """That 报送截止 is over already, for who begins ``now`` and not of that year itself; blank where it is not."""
        if self.send and self.send.over(now) and not self.early:
            return f"报送截止日期 {self.send.text} 已经过去了，请核对。"
        return ""

    def due_again(self, returned_at: datetime) -> Deadline | None:
        """Until when what was returned is to come again: 重报期限, else 报送截止 where that was still ahead then."""
        return self.resend or (self.send if self.send and not self.send.over(returned_at) else None)

    def still_open(self, now: datetime) -> Deadline | None:
        """What a notice of today may name: the first of the two that has not passed."""
        return next((d for d in (self.resend, self.send) if d and not d.over(now)), None)


NO_DEADLINES = Deadlines()


def read_deadlines(deadline: str, return_by: str, year: int) -> Deadlines:
    """The dates as they stand in wbt.toml of a campaign about ``year``; one without its own year is of the year after."""
    dates = {"报送截止日期": deadline, "重报期限": return_by}
    moments, unclear = [], []
    for label, text in dates.items():
        moment = parse_deadline(text, near=datetime(year + 1, 7, 1, tzinfo=UTC))
        if text and (wrong := _find_wrong(moment, year)):
            unclear.append(f"wbt.toml 中的{label}“{text}”{wrong}（请写成 {year + 1}年3月31日 这样）")
            moment = None
        moments.append(moment)
    send, resend = (Deadline(moment) if moment else None for moment in moments)
    return Deadlines(send, resend, tuple(unclear), year)


def _find_wrong(moment: datetime | None, year: int) -> str:
    """Why that cannot be until when a campaign about the year lasts."""
    if moment is None:
        return "看不出是哪一天"
    named = moment.astimezone().year
    if year and named < year:
        return f"在 {year} 年以前，年份不对"
    return f"比 {year} 年晚了 {named - year} 年，年份不对" if year and named > year + _LATEST_YEARS else ""


def read_given_date(text: str, option: str, now: datetime) -> Deadline:
    """A date as it is given to a command; without a year it is the one nearest to ``now``.

    Raises SettingsError, which shows the form to type: it is no date, has passed, or lies more than a year ahead.
    """
    moment = parse_deadline(text, near=now)
    coming = now.astimezone() + timedelta(days=14)
    form = f"请写成 {_say_day(coming)}、{coming:%Y-%m-%d} 或 {coming.month}月{coming.day}日 这样。"
    if moment is None:
        raise SettingsError(f"{option} 后面的“{text}”看不出是哪一天。{form}")
    given, today = Deadline(moment), _say_day(now.astimezone())
    if given.over(now):
        raise SettingsError(f"{option} 后面的“{text}”是 {given.text}，已经过去了（今天是 {today}）。{form}")
    if moment - now > _LONGEST:
        raise SettingsError(f"{option} 后面的“{text}”是 {given.text}，离今天（{today}）一年以上，请核对年份。{form}")
    return given


def parse_deadline(text: str, zone: tzinfo | None = None, *, near: datetime | None = None) -> datetime | None:
    """The last moment in time, in UTC; ``None`` where the text is not exactly one date.

    Takes 2024年3月31日, 2024-03-31, 2024/3/31, 2024.3.31, 20240331, 二〇二四年三月三十一日, with or without an hour (下午5点,
    17:30) and 前. A day without an hour counts to its end, also with 前: an office's “31日前” includes the 31st.
    A date without a year (3月31日) is the one nearest to ``near``; without ``near`` it is none.
    ``zone`` is where the office is, by default this computer's zone.
    """
    found = _DEADLINE.fullmatch(_spell_plainly(text))
    if found is None or (found["year"] is None and near is None):
        return None
    try:
        day = _find_day(found, near, zone)
        moment = datetime.combine(day, time.max, zone) if found["hour"] is None else day + _since_midnight(found)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _spell_plainly(text: str) -> str:
    """Without blanks, in narrow characters and Arabic figures, 20240331 as 2024-03-31."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = _CHINESE_NUMBER.sub(lambda found: _read_chinese(found[0]), plain)
    return _COMPACT.sub(r"\1-\2-\3", plain) if _COMPACT.fullmatch(plain) else plain


def _read_chinese(number: str) -> str:
    """二〇二五 → 2025, 三十一 → 31, 十 → 10."""
    tens, ten, ones = number.partition("十")
    if not ten:
        return number.translate(_DIGITS)
    return f"{(tens or '一').translate(_DIGITS)}{(ones or '〇').translate(_DIGITS)}"


def _find_day(found: re.Match[str], near: datetime | None, zone: tzinfo | None) -> datetime:
    """Midnight at its beginning. Raises ValueError for 2月30日."""
    month, day = int(found["month"]), int(found["day"])
    if found["year"] is not None or near is None:
        year = int(found["year"])
        return datetime(year + 2000 if year < 100 and len(found["year"]) == 2 else year, month, day, tzinfo=zone)
    around = near.astimezone(zone)
    days = []
    for year in (around.year - 1, around.year, around.year + 1):
        try:
            days.append(datetime(year, month, day, tzinfo=zone or around.tzinfo))
        except ValueError:  # 2月29日 is in few years
            continue
    return min(days, key=lambda one: abs(one - around)).replace(tzinfo=zone)


def _since_midnight(found: re.Match[str]) -> timedelta:
    """Time of day. Raises ValueError for 25点 or 61分."""
    hour = int(found["hour"])
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    if hour <= _FROM_NOON.get(found["part"], -1):
        hour += 12
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute)


def _say_day(day: datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
