"""Binary workbooks changed record by record (.xls: BIFF8, .xlsb: BIFF12), and the compound file around an .xls."""

from __future__ import annotations

import io
import struct
from random import Random

import olefile
from interesting import choose_bytes
from mutate_package import read_parts, write_parts
from mutate_text import change_bytes
from old_workbooks import SECTOR, ole_file

_ODD_KINDS = (
    0x0A,
    0x06,
    0x18,
    0x1C,
    0x2F,
    0x3C,
    0x42,
    0x55,
    0x7D,
    0x85,
    0xBD,
    0xBE,
    0xD7,
    0xE0,
    0xE5,
    0xEC,
    0xFC,
    0xFD,
    0xFF,
    0x203,
    0x204,
    0x208,
    0x221,
    0x236,
    0x293,
    0x31,
    0x41E,
    0x4BC,
    0x809,
    0x1B0,
)
"""Records of BIFF8 that xlrd looks into: formulas, names, notes, encryption, code pages, texts, merged cells, formats."""
_ODD_BINARY_KINDS = (
    0x00,
    0x01,
    0x02,
    0x04,
    0x05,
    0x06,
    0x07,
    0x08,
    0x13,
    0x27,
    0x81,
    0x83,
    0x8F,
    0x90,
    0x91,
    0x92,
    0x94,
    0x9C,
    0x9F,
    0xB0,
    0xE9,
)
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
Record = tuple[int, bytes]


def change_old_workbook(data: bytes, random: Random) -> bytes:
    """Records of the workbook in an .xls, put into a new compound file."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        name = "Workbook" if ole.exists("Workbook") else "Book"
        stream = ole.openstream(name).read()
    records = _split_records(stream)
    for _ in range(random.choice((1, 1, 2, 4))):
        change_records(records, random, _ODD_KINDS)
    changed = b"".join(struct.pack("<HH", kind & 0xFFFF, len(content) & 0xFFFF) + content for kind, content in records)
    return ole_file({name: changed})


def _split_records(stream: bytes) -> list[Record]:
    records, place = [], 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        records.append((kind, stream[place + 4 : place + 4 + length]))
        place += 4 + length
        if not kind and not length:
            break
    return records


def change_records(records: list[Record], random: Random, odd_kinds: tuple[int, ...]) -> None:
    """One change among the records."""
    at, other = random.randrange(len(records)), random.randrange(len(records))
    kind, content = records[at]
    match random.randrange(11):
        case 0:
            del records[at]
        case 1:
            records.insert(other, records[at])
        case 2:
            records[at], records[other] = records[other], records[at]
        case 3:
            records[at:at] = [records[at]] * random.choice((2, 100, 5000))
        case 4:
            records[at] = kind, content[: random.randrange(len(content) + 1)]
        case 5:
            records[at] = kind, content + choose_bytes(random) * random.choice((1, 100, 2000))
        case 6:
            records[at] = random.choice(odd_kinds), content
        case 7:
            records.insert(at, (random.choice(odd_kinds), random.randbytes(random.randrange(40))))
        case _:
            records[at] = kind, _change_content(content, random)


def _change_content(content: bytes, random: Random) -> bytes:
    """A number in a record, or any of its bytes."""
    if len(content) >= 4 and random.random() < 0.6:
        size, form = random.choice(((1, "<B"), (2, "<H"), (4, "<I")))
        place = random.randrange(len(content) - size + 1)
        number = random.choice(_NUMBERS) & (1 << 8 * size) - 1
        return content[:place] + struct.pack(form, number) + content[place + size :]
    return change_bytes(content, random) if content else choose_bytes(random)


# -- the compound file ------------------------------------------------------------------------------------------------


def change_compound(data: bytes, random: Random) -> bytes:
    """The header, the table of followers, a folder's entries, or any number at a sector's beginning."""
    sectors = max(1, len(data) // SECTOR - 1)
    numbers = (*range(sectors), 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0x7FFFFFFF, sectors)
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        folder: int = struct.unpack_from("<I", data, 48)[0]
        table: int = struct.unpack_from("<I", data, 76)[0]
        start = {
            0: 24,
            1: SECTOR * ((table % sectors) + 1),
            2: SECTOR * ((folder % sectors) + 1),
            3: SECTOR * random.randrange(1, sectors + 1),
        }[random.randrange(4)]
        place = start + 2 * random.randrange(0, SECTOR // 2 - 24)
        value = struct.pack("<I", random.choice(numbers)) if random.random() < 0.7 else choose_bytes(random)
        changed[place : place + len(value)] = value
    return bytes(changed)


# -- .xlsb ------------------------------------------------------------------------------------------------------------


def change_binary_workbook(data: bytes, random: Random) -> bytes:
    """Records of a part of an .xlsb."""
    parts = read_parts(data)
    name = random.choice(sorted(name for name in parts if name.endswith(".bin")))
    records = _split_binary(parts[name])
    for _ in range(random.choice((1, 1, 2, 4))):
        change_records(records, random, _ODD_BINARY_KINDS)
    parts[name] = b"".join(_join_binary(kind, content) for kind, content in records)
    return write_parts(parts)


def _split_binary(stream: bytes) -> list[Record]:
    """The records; kind and length are of seven bits a byte."""
    records, place = [], 0
    while place < len(stream):
        kind, place = stream[place], place + 1
        if kind & 0x80:
            kind, place = kind | stream[place] << 8, place + 1
        length = shift = 0
        more = True
        while more:
            length |= (stream[place] & 0x7F) << shift
            more, shift, place = bool(stream[place] & 0x80), shift + 7, place + 1
        records.append((kind, stream[place : place + length]))
        place += length
    return records


def _join_binary(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else struct.pack("<H", kind | 0x80 if kind > 0xFF else kind | 0x100)
    length = len(content)
    while length > 0x7F:
        head, length = head + bytes([length & 0x7F | 0x80]), length >> 7
    return head + bytes([length]) + content
