"""Workbooks of Excel 97 (.xls) made by hand, record by record, for what no program writes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Cell = tuple[int, int, float | str]
"""Row, column, content."""


def record(code: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def old_workbook(sheets: Mapping[str, Sequence[Cell]], *, extra: bytes = b"") -> bytes:
    """A workbook of these cells; ``extra`` are records among those of the workbook (a NAME)."""
    return ole_file({"Workbook": workbook_stream(sheets, extra)})


def workbook_stream(sheets: Mapping[str, Sequence[Cell]], extra: bytes = b"") -> bytes:
    """The records of a workbook."""
    fonts = record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05\x00Arial") * 4
    formats = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0)) * 15
    formats += record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1000, 0x7CC, 0, 6)) + record(0x42, b"\xb0\x04")
    bodies = [_sheet(cells) for cells in sheets.values()]
    titles = [title.encode("utf-16-le") for title in sheets]
    size = len(head + fonts + formats + extra) + sum(4 + 8 + len(title) for title in titles) + 4
    bounds = b""
    for title, body in zip(titles, bodies, strict=True):
        bounds += record(0x85, struct.pack("<IBBBB", size, 0, 0, len(title) // 2, 1) + title)
        size += len(body)
    return head + fonts + formats + bounds + extra + record(0x0A) + b"".join(bodies)


def _sheet(cells: Sequence[Cell]) -> bytes:
    return (
        record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1000, 0x7CC, 0, 6))
        + b"".join(map(_cell, cells))
        + record(0x0A)
    )


def _cell(cell: Cell) -> bytes:
    row, col, content = cell
    place = struct.pack("<HHH", row, col, 15)
    if isinstance(content, float):
        return record(0x203, place + struct.pack("<d", content))
    return record(0x204, place + struct.pack("<HB", len(content), 1) + content.encode("utf-16-le"))


def ole_file(streams: Mapping[str, bytes], chain: Mapping[int, int] | None = None) -> bytes:
    """A compound file; ``chain`` changes which sector follows which."""
    contents = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sizes = [-(-len(data) // SECTOR) for data in contents.values()]
    folders = -(-(len(streams) + 1) // 4)
    tables = next(n for n in range(1, 100) if n * 128 >= n + folders + sum(sizes))
    following = [FAT] * tables + [*range(tables + 1, tables + folders), END]
    starts = []
    for size in sizes:
        starts.append(len(following))
        following += [*range(len(following) + 1, len(following) + size), END]
    for sector, after in (chain or {}).items():
        following[sector] = after
    table = struct.pack(f"<{tables * 128}I", *following, *[FREE] * (tables * 128 - len(following)))
    entries = _entry("Root Entry", 5, END, 0, child=1 if streams else -1)
    for number, (name, data) in enumerate(contents.items(), 1):
        right = number + 1 if number < len(contents) else -1
        entries += _entry(name, 2, starts[number - 1], len(data), right=right)
    entries = entries.ljust(folders * SECTOR, b"\0")
    body = b"".join(data.ljust(-(-len(data) // SECTOR) * SECTOR, b"\0") for data in contents.values())
    return _header(tables, tables) + table + entries + body


def _header(tables: int, folder: int) -> bytes:
    places = struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIII", 0, tables, folder, 0, 4096, END, 0, END, 0)
        + places
    )


def _entry(name: str, kind: int, start: int, size: int, *, right: int = -1, child: int = -1) -> bytes:
    title = name.encode("utf-16-le")
    return (
        title.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(title) + 2, kind, 1, -1, right, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
