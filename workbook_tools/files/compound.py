"""Compound files (MS-CFB: .xls, .et, .doc): whether their chains of sectors end, checked before a library follows them.

A table (the FAT) says which sector follows each one. If some follow each other in a ring, a reader that does not check reads
for ever, and keeps all that it reads.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

_HEADER = 512
_ENTRY = 128
"""Bytes of a directory entry: its name, its left and right siblings, its first child, its first sector."""
_LISTED = 109
"""So many sectors of the FAT are listed in the header; the others are in a chain of their own."""
_LAST = 0xFFFFFFFA
"""Numbers above this are marks: the end of a chain, a free sector, a sector of the FAT."""


class EndlessChain(ValueError):
    """Sectors follow each other in a ring."""


def find_flaw(data: bytes) -> str:
    """What is wrong with the chains of a compound file; blank where a library can follow them."""
    if len(data) < _HEADER:
        return "文件头不完整"
    shift: int = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return f"扇区大小是 2 的 {shift} 次方"
    tables, _, _, _, small, smalls, more, mores = struct.unpack_from("<8I", data, 44)
    size = 1 << shift
    count = -(-(len(data) - _HEADER) // size)
    if max(tables, smalls, mores) > count:
        return f"文件头声称有 {max(tables, smalls, mores)} 个扇区，文件里只有 {count} 个"
    try:
        following = _read_numbers(data, size, _list_tables(data, size, more))
        _find_ring(following)
        _find_ring(_read_numbers(data, size, _follow(small, following)))
    except EndlessChain:
        return "文件的扇区首尾相接，没有尽头"
    return ""


def list_streams(data: bytes) -> frozenset[str]:
    """The names in the root folder of a compound file without flaws; those of embedded objects lie deeper."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    _, folder, *_, more, _ = struct.unpack_from("<8I", data, 44)
    following = _read_numbers(data, size, _list_tables(data, size, more))
    content = b"".join(data[_HEADER + s * size : _HEADER + (s + 1) * size] for s in _follow(folder, following))
    entries = [content[start : start + _ENTRY] for start in range(0, len(content) - _ENTRY + 1, _ENTRY)]
    found: dict[int, str] = {}
    waiting = [struct.unpack_from("<I", entries[0], 76)[0]] if entries else []
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in found:
            entry = entries[number]
            found[number] = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
            waiting += struct.unpack_from("<II", entry, 68)
    return frozenset(found.values())


def _list_tables(data: bytes, size: int, more: int) -> list[int]:
    """The sectors of the FAT."""
    listed = [*struct.unpack_from(f"<{_LISTED}I", data, 76)]
    seen: set[int] = set()
    while more <= _LAST and _HEADER + more * size < len(data):
        if more in seen:
            raise EndlessChain
        seen.add(more)
        *numbers, more = _read_sector(data, size, more)
        listed += numbers
    tables = [number for number in listed if number <= _LAST]
    if len(tables) * size > len(data):  # the same ones again and again
        raise EndlessChain
    return tables


def _read_numbers(data: bytes, size: int, sectors: Iterable[int]) -> list[int]:
    return [number for sector in sectors for number in _read_sector(data, size, sector)]


def _read_sector(data: bytes, size: int, sector: int) -> tuple[int, ...]:
    """The numbers in a sector; beyond the end of the file sectors count as free."""
    start = _HEADER + sector * size
    return struct.unpack(f"<{size // 4}I", data[start : start + size].ljust(size, b"\xff"))


def _follow(start: int, following: Sequence[int]) -> Iterator[int]:
    """The sectors of a chain that has an end."""
    while start < len(following):
        yield start
        start = following[start]


def _find_ring(following: Sequence[int]) -> None:
    """Raises EndlessChain if some sectors follow each other in a ring. Visits each sector once."""
    seen = [0] * len(following)
    for walk, first in enumerate(range(len(following)), 1):
        sector = first
        while sector < len(following) and not seen[sector]:
            seen[sector] = walk
            sector = following[sector]
        if sector < len(following) and seen[sector] == walk:
            raise EndlessChain
