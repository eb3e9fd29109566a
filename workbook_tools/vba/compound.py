"""A compound file (MS-CFB version 3): streams in folders, as Office keeps a VBA project.

Written here without time stamps, so that the same streams give the same bytes; read through olefile.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SECTOR, _MINI_SECTOR, _MINI_LIMIT = 512, 64, 4096
_PER_SECTOR = _SECTOR // 4
_FAT_SECTOR, _END, _FREE, _NONE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_MAX_FAT_SECTORS = 109
"""So many fit the header; that is 7 MB of content."""

Folder = Mapping[str, "bytes | Folder"]
"""Names of at most 31 characters → the content of a stream, or a folder."""


@dataclass(slots=True)
class _DirectoryEntry:
    """A directory entry; the numbers are those of other entries, or of sectors."""

    name: str
    kind: int
    data: bytes = b""
    colour: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        length = len(name) + 2 if name else 0
        links = (self.kind, self.colour, self.left, self.right, self.child)
        return struct.pack("<64sHBBIII16xI16xIQ", name, length, *links, 0, self.start, self.size)


@dataclass(slots=True)
class _Allocation:
    """Chains of sectors of one size, and what they hold."""

    sector: int
    chain: list[int] = field(default_factory=list)
    content: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> int:
        """Append a stream; the number of its first sector."""
        if not data:
            return _END
        first, count = len(self.chain), -(-len(data) // self.sector)
        self.chain += [*range(first + 1, first + count), _END]
        self.content += data.ljust(count * self.sector, b"\0")
        return first


def build_compound_file(root: Folder) -> bytes:
    """The file's bytes. Raises ValueError for more than 7 MB."""
    entries = [_DirectoryEntry("Root Entry", _ROOT)]
    entries[0].child = _add_folder(root, entries)
    big, small = _Allocation(_SECTOR), _Allocation(_MINI_SECTOR)
    for entry in entries[1:]:
        if entry.kind == _STREAM:
            entry.size = len(entry.data)
            entry.start = (small if entry.size < _MINI_LIMIT else big).add(entry.data)
    entries[0].start, entries[0].size = big.add(bytes(small.content)), len(small.content)
    mini_start = big.add(_pack_numbers(small.chain))
    directory = b"".join(entry.packed() for entry in entries)
    unused = _DirectoryEntry("", 0, colour=_RED).packed()[:-12] + bytes(12)  # as Excel writes them
    directory_start = big.add(directory + unused * (-len(entries) % (_SECTOR // 128)))
    fat_start, fat_count = len(big.chain), 1
    while fat_start + fat_count > fat_count * _PER_SECTOR:
        fat_count += 1
    if fat_count > _MAX_FAT_SECTORS:
        raise ValueError("too much for a compound file without a double indirect table")
    mini_count = -(-len(small.chain) // _PER_SECTOR)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_count,
        directory_start,
        0,
        _MINI_LIMIT,
        mini_start,
        mini_count,
        _END,
        0,
    )
    fat_sectors = list(range(fat_start, fat_start + fat_count))
    table = fat_sectors + [_FREE] * (_MAX_FAT_SECTORS - fat_count)
    fat = _pack_numbers([*big.chain, *[_FAT_SECTOR] * fat_count])
    return header + struct.pack(f"<{_MAX_FAT_SECTORS}I", *table) + bytes(big.content) + fat


def _pack_numbers(chain: Sequence[int]) -> bytes:
    """A table of sector numbers, whole sectors of it."""
    full = [*chain, *[_FREE] * (-len(chain) % _PER_SECTOR)]
    return struct.pack(f"<{len(full)}I", *full)


def _add_folder(folder: Folder, entries: list[_DirectoryEntry]) -> int:
    """Add what is in a folder; the number of the entry from which its tree branches."""
    numbers = []
    for name in sorted(folder, key=lambda name: (len(name.encode("utf-16-le")), name.upper())):
        content = folder[name]
        numbers.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_DirectoryEntry(name, _STREAM, content))
        else:
            entries.append(storage := _DirectoryEntry(name, _STORAGE, start=0))
            storage.child = _add_folder(content, entries)
    return _link_tree(numbers, entries, _count_full_levels(len(numbers)))


def _count_full_levels(count: int) -> int:
    """Full levels of a balanced tree: what is below them is red."""
    return (count + 1).bit_length() - 1


def _link_tree(numbers: Sequence[int], entries: list[_DirectoryEntry], full: int) -> int:
    """Link sorted entries to a balanced red-black tree; the number of its root."""
    if not numbers:
        return _NONE
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry.colour = _BLACK if full > 0 else _RED
    entry.left = _link_tree(numbers[:middle], entries, full - 1)
    entry.right = _link_tree(numbers[middle + 1 :], entries, full - 1)
    return numbers[middle]
