"""Units of counts and measures: which can be compared, and how they convert."""

from __future__ import annotations

_MULTIPLES = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "百万": 1_000_000.0, "千万": 10_000_000.0, "亿": 100_000_000.0}
_LONGEST_FIRST = sorted(_MULTIPLES, key=len, reverse=True)
_DAY, _MONTH = "天", "个月"
_BASE_UNITS = {
    "公里": (1000.0, "米"),
    "千米": (1000.0, "米"),
    "km": (1000.0, "米"),
    "里": (500.0, "米"),
    "华里": (500.0, "米"),
    "m": (1.0, "米"),
    "厘米": (1 / 100, "米"),
    "吨": (1000.0, "公斤"),
    "千克": (1.0, "公斤"),
    "kg": (1.0, "公斤"),
    "斤": (0.5, "公斤"),
    "市斤": (0.5, "公斤"),
    "克": (1 / 1000, "公斤"),
    "公顷": (15.0, "亩"),
    "平方公里": (1500.0, "亩"),
    "平方米": (3 / 2000, "亩"),
    "m²": (3 / 2000, "亩"),
    "m³": (1.0, "立方米"),
    "升": (1 / 1000, "立方米"),
    "‰": (0.1, "%"),
    "成": (10.0, "%"),
    "日": (1.0, _DAY),
    "小时": (1 / 24, _DAY),
    "个小时": (1 / 24, _DAY),
    "分钟": (1 / 1440, _DAY),
    "周": (7.0, _DAY),
    "星期": (7.0, _DAY),
    "个星期": (7.0, _DAY),
    "月": (1.0, _MONTH),
    "季度": (3.0, _MONTH),
    "个季度": (3.0, _MONTH),
    "年": (12.0, _MONTH),
}


def unit_ratio(unit: str, wanted: str) -> float | None:
    """How many ``wanted`` one ``unit`` is (人 in 万人: 0.0001; 公里 in 米: 1000); ``None`` if they do not compare."""
    factor, base = _take_apart(unit)
    wanted_factor, wanted_base = _take_apart(wanted)
    return factor / wanted_factor if base and base == wanted_base else None


def multiple_ratio(unit: str, wanted: str) -> float:
    """How many times larger the multiple at the start of ``unit`` is, for units that differ only in how they are written.

    >>> multiple_ratio("万人次", "人"), multiple_ratio("万", "人"), multiple_ratio("千瓦", "台")
    (10000.0, 10000.0, 1.0)
    """
    (factor, bare), (wanted_factor, wanted_bare) = _cut_multiple(unit), _cut_multiple(wanted)
    alike = bool(wanted_bare) and (bare in wanted_bare or wanted_bare in bare)
    return factor / wanted_factor if alike else 1.0


def is_share(unit: str) -> bool:
    """It is a share of a hundred or a thousand, which converts into no count."""
    return _take_apart(unit)[1] == "%"


def are_days_and_months(unit: str, wanted: str) -> bool:
    """One is a number of days and the other of months: neither converts into the other, as months differ in length."""
    return {_take_apart(unit)[1], _take_apart(wanted)[1]} == {_DAY, _MONTH}


def _take_apart(unit: str) -> tuple[float, str]:
    """A unit as a multiple of its base unit: 万人 → 10000, 人."""
    if unit in _BASE_UNITS:
        return _BASE_UNITS[unit]
    multiple, bare = _cut_multiple(unit)
    factor, base = _BASE_UNITS.get(bare, (1.0, bare))
    return (factor * multiple, base) if bare else (1.0, unit)


def _cut_multiple(unit: str) -> tuple[float, str]:
    """A unit without the multiple that it begins with: 万人 → 10000, 人."""
    prefix = next((one for one in _LONGEST_FIRST if unit.startswith(one)), "")
    return _MULTIPLES.get(prefix, 1.0), unit.removeprefix(prefix)
