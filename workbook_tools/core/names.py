"""Names of departments and units: which of them may be one office written in two ways, and what an office's aliases say.

What is summed up, put into one folder or addressed by a name must be written in one way. 县农业农村局, 清河县农业农村局 and
农业农村局机关 are probably one; 县第一中学 and 县第二中学, 教育局 and 体育局, 杭州市教育局 and 苏州市教育局 are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# The end of a name that means the office itself: 教育局机关, 教育局（本级）, 教育局局机关; not that of 县直机关.
_ITSELF = re.compile(r"([局委办院厅会部处所站队校馆府社])\1?(?:机关本级|机关|本级)$")
# A place before a name: 清河县, 邢台市清河县, or 县 alone; 郑州市 is one.
_PLACE = re.compile(r"([^省市县区旗州盟]{0,6}(?:[州旗盟](?=[省市县区]))?)([省市县区旗州盟])")
# 区 that is no place of the administration: 社区卫生服务中心, 园区管委会.
_NO_DISTRICT = frozenset("社发园校景小库山城地矿郊厂牧灌片辖新")
_SHORTEST = 2
"""So many characters at least remain without the place: 县医院 has one, 山区 none."""


def fold_name(name: str) -> str:
    """A name in narrow characters, without blanks and punctuation: what may differ and still be the same word."""
    narrow = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in narrow if unicodedata.category(c)[0] in "LN")


@dataclass(frozen=True, slots=True)
class _PlacedName:
    """A name taken apart: 邢台市清河县 + 教育局."""

    places: tuple[tuple[str, str], ...]
    """Name and level of each place, the largest first; the name is blank for 县 alone."""
    core: str


def _take_apart(folded: str) -> _PlacedName:
    rest, places = _ITSELF.sub(r"\1", folded), []
    while (found := _PLACE.match(rest)) and len(rest) - found.end() >= _SHORTEST:
        if found[2] == "区" and found[1][-1:] in _NO_DISTRICT:
            break
        places.append((found[1], found[2]))
        rest = rest[found.end() :]
    return _PlacedName(tuple(places), rest)


def _may_be_one_place(one: _PlacedName, other: _PlacedName) -> bool:
    """No place of one contradicts that of the other; they are compared from the smallest."""
    pairs = zip(reversed(one.places), reversed(other.places), strict=False)
    return all(a[1] == b[1] and (a[0] == b[0] or not a[0] or not b[0]) for a, b in pairs)


def are_alike(one: str, other: str) -> bool:
    """Two names, not written equally, may be those of one office."""
    return one != other and _are_one(_take_apart(fold_name(one)), _take_apart(fold_name(other)))


def _are_one(one: _PlacedName, other: _PlacedName) -> bool:
    """A core as short as 医院 says too little where one of them names no place."""
    placed = bool(one.places and other.places) or one.places == other.places
    return one.core == other.core and (placed or len(one.core) > _SHORTEST) and _may_be_one_place(one, other)


def find_variants(names: Iterable[str]) -> dict[str, str]:
    """Of names as they stand in a list, each that may be another way to write a more usual one → that one.

    The more frequent is the more usual; of two equally frequent the longer, which says more, and then the first.
    """
    times = Counter(names)
    ranked = sorted(times, key=lambda name: (-times[name], -len(name)))
    usual: dict[str, list[tuple[str, _PlacedName]]] = {}
    found = {}
    for name in ranked:
        apart = _take_apart(fold_name(name))
        known = usual.setdefault(apart.core, [])
        if other := next((other for other, placed in known if _are_one(apart, placed)), None):
            found[name] = other
        known.append((name, apart))
    return found


# -- aliases ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Aliases:
    """Other names of offices, as wbt.toml has them: the name that is used instead by each."""

    entries: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, name: str) -> str:
        """The name to use for this one; width, blanks and punctuation of an alias do not matter."""
        return {fold_name(alias): wanted for alias, wanted in self.entries.items()}.get(fold_name(name), name)


NO_ALIASES = Aliases()


def find_alias_fault(entries: Mapping[str, str]) -> str:
    """What is wrong with a table of aliases, as a sentence; empty where nothing is."""
    folded: dict[str, str] = {}
    for alias, wanted in entries.items():
        if not fold_name(alias) or not fold_name(wanted):
            return f"“{alias}”＝“{wanted}”缺少名称"
        if alias == wanted:
            return f"“{alias}”写成了它自己"
        if fold_name(alias) in folded:
            return f"“{alias}”写了两次"
        folded[fold_name(alias)] = fold_name(wanted)
    for alias, wanted in entries.items():
        target = fold_name(wanted)
        if target in folded and target != fold_name(alias):
            back = folded[target] == fold_name(alias)
            return (
                f"“{alias}”和“{wanted}”互为别名，不知道用哪一个"
                if back
                else f"“{alias}”的“{wanted}”本身又是别名，请直接写最后的名称"
            )
    return ""
