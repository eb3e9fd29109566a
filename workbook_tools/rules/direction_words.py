"""The words that say whether more or less is better, and targets with a sign in words: ``不超过5%``, ``3起以内``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources

from workbook_tools.core.model import Direction
from workbook_tools.core.values import TypedQuantity, parse_quantity, plain
from workbook_tools.core.years import WRITTEN_YEARS

_FILE = "directions.toml"

SignWords = Mapping[str, Sequence[str]]
"""Words that are signs, by key of [signs]."""

WORDS_BEFORE = {"at_least": Direction.AT_LEAST, "at_most": Direction.AT_MOST, "equal": Direction.EQUAL}
WORDS_BEHIND = {"behind_at_least": Direction.AT_LEAST, "behind_at_most": Direction.AT_MOST}
"""Key of [signs] → direction, of words before a number and behind it."""


@cache
def direction_words() -> Mapping[str, Mapping[str, list[str]]]:
    """The tables of directions.toml: ``signs`` and ``names``."""
    return tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text("utf-8"))


# Behind a duration, 内 alone is a limit (30天内); behind another unit it is part of the word (3处室内).
_DURATION = re.compile("[天日时月年周秒钟]$")
# What of a text that is typed with a sign is the sign: all before the number.
_SIGN_AS_PRINTED = re.compile(r"[^\d.．０-９+\-−－–]+")
_LOOK_ALIKES = str.maketrans("〉〈", "><")
# ≥90%（含）, ≤5（含5）: the bound itself counts, which it does anyway.
_INCLUDED = re.compile(r"\(含[^()]{0,2}\)$")
# ≥3（个）: a unit in brackets; (≥5) and (2023) are none.
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([^()\d≥≤<>=]{1,6})\)$")
# 5000m2, 20km2, 30m3: raised figures that are typed plain.
_PLAIN_POWER = re.compile(r"(?<=\d)(k?m)([23])$")
_POWERS = {"2": "²", "3": "³"}
# 12月, 12月底前, 9月中旬完成, 15号, 2022年底: parts of a date; 12个月 has another unit, and 3年 another number.
_DATE_UNITS = re.compile(r"(?:月|号|年[末底度内前初中]?)(?:份|底|初|末|中旬|上旬|下旬)?(?:前|之前|底前)?(?:完成)?")


def parse_signed(text: str, words: SignWords | None = None) -> tuple[TypedQuantity | None, str]:
    """A typed quantity with the sign as printed; ``None`` for a text, a date (9月前) or a range.

    ``words`` are the signs in words; by default those of directions.toml.

    >>> parse_signed("控制在5%以内")
    (TypedQuantity(number=5.0, unit='%', direction=<Direction.AT_MOST: 'at_most'>), '控制在')
    """
    words = direction_words()["signs"] if words is None else words
    bare = _tidy(text)
    typed = parse_quantity(bare)
    if typed is not None and typed.direction is not None:
        match = _SIGN_AS_PRINTED.match(re.sub(r"\s+", "", text))
        return typed, match[0] if match else ""
    if typed is not None and _is_date(typed):
        return None, ""
    ahead = _find_sign_word(bare, WORDS_BEFORE, words, str.startswith)
    rest = bare.removeprefix(ahead[0]) if ahead else bare
    behind = _find_sign_word(rest, WORDS_BEHIND, words, str.endswith)
    if behind and ahead and behind[1] is not ahead[1]:
        return None, ""
    found = parse_quantity(rest.removesuffix(behind[0])) if behind else parse_quantity(rest)
    if behind and found and len(behind[0]) == 1 and not _DURATION.search(found.unit):
        behind, found = None, typed
    if found is None or found.direction is not None or (_is_date(found) and not ahead):
        return None, ""
    word, direction = ahead or behind or ("", None)
    return TypedQuantity(found.number, found.unit, direction), word


def _find_sign_word(
    text: str, lists: Mapping[str, Direction], words: SignWords, stands: Callable[[str, str], bool]
) -> tuple[str, Direction] | None:
    """The longest word before or behind a number that says how a target counts, and what it says."""
    known = [(word, direction) for name, direction in lists.items() for word in words[name]]
    return next((pair for pair in sorted(known, key=lambda pair: -len(pair[0])) if stands(text, pair[0])), None)


def _tidy(text: str) -> str:
    """Without blanks, brackets round the unit (≥3（个）) or （含）, and with the raised figures of m2 and m3."""
    bare = _INCLUDED.sub("", plain(text).translate(_LOOK_ALIKES))
    bare = _UNIT_IN_BRACKETS.sub(r"\1", bare)
    return _PLAIN_POWER.sub(lambda match: match[1] + _POWERS[match[2]], bare)


def _is_date(typed: TypedQuantity) -> bool:
    """A month or a year, not a duration: 7月, 2022年 (12个月 and 3年 are durations)."""
    if not _DATE_UNITS.fullmatch(typed.unit):
        return False
    return not typed.unit.startswith("年") or typed.number in WRITTEN_YEARS
