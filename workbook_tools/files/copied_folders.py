"""A folder or .zip that somebody copied beside its original (“甲局 - 副本”): files that are the same in both are neither read twice nor
reported one by one."""

from __future__ import annotations

import filecmp
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from workbook_tools.core.findings import Finding, finding

_COPY = re.compile(
    r"(?P<before>复件 (?:\([0-9]+\) )?)?(?P<name>.+?)"
    r"(?P<after> ?-? ?(?:副本|复件|copy)(?: ?[0-9]+| ?[(（][0-9]+[)）])?| ?[(（](?:副本|复件|[0-9]+)[)）])?"
    r"(?P<ending>\.zip)?",
    re.IGNORECASE,
)
"""复件 甲局 (Windows XP); 甲局 - 副本, 甲局 - 副本 (2), 甲局 - Copy; 甲局 副本 2, 甲局 copy (Mac); 甲局(副本) (UOS); 甲局(1), 甲局（1） (WeChat, QQ)."""


def find_copied(folder: Path, names: Sequence[str]) -> tuple[Collection[str], list[Finding]]:
    """Which files of copied folders their originals hold at the same place, byte for byte; and one finding for each
    such folder. ``names`` are all files, relative to ``folder``."""
    places = {*_list_places(names)}
    copies = {place: original for place in places if (original := _name_original(place)) in places}
    found: dict[str, list[str]] = {}
    same: dict[str, bool] = {}
    for name in names if copies else ():
        if copy := next((place for place in _list_ways(name) if place in copies), ""):
            found.setdefault(copy, []).append(name)
            same[name] = _is_same(folder / (copies[copy] + name[len(copy) :]), folder / name)
    told = [_tell(copy, copies[copy], [same[name] for name in inside]) for copy, inside in found.items()]
    return {name for name, is_same in same.items() if is_same}, [one for one in told if one]


def _list_places(names: Sequence[str]) -> Iterator[str]:
    """The folders of files, and the archives."""
    for parent in {name.rpartition("/")[0] for name in names}:
        yield from _list_ways(parent)
    yield from (name for name in names if name.lower().endswith(".zip"))


def _list_ways(name: str) -> Iterator[str]:
    """A path and its parents, the topmost first."""
    parts = name.split("/")
    yield from ("/".join(parts[: depth + 1]) for depth in range(len(parts)))


def _name_original(place: str) -> str:
    """Of what a folder or archive is a copy, by its name; blank where the name does not say so."""
    parent, slash, name = place.rpartition("/")
    match = _COPY.fullmatch(name)
    return (
        f"{parent}{slash}{match['name']}{match['ending'] or ''}"
        if match and (match["before"] or match["after"])
        else ""
    )


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.is_file() and filecmp.cmp(first, second, shallow=False)
    except OSError:  # reported when it is read
        return False


def _tell(copy: str, original: str, same: Sequence[bool]) -> Finding | None:
    count, other = sum(same), len(same) - sum(same)
    if not count:
        return None
    rest = f"；另外 {other} 个不同的照常读取" if other else ""
    keep = "里面改过的先放进原来的文件夹，" if other else ""
    return finding(
        "FILE45",
        f"与“{original}”里的 {count} 个文件完全相同，没有再读{rest}",
        file=copy,
        advice=f"请核对是不是多复制了一份；是的，{keep}再把“{copy}”移出 回收。",
    )
