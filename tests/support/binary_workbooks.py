"""Binary workbooks of Excel 2007 (.xlsb) made by hand, record by record: no program at hand writes them."""

from __future__ import annotations

import struct

from raw_workbooks import zipped


def binary_workbook(sheets: dict[str, list[tuple[int, int, float | str]]]) -> bytes:
    """An .xlsb of these cells (row, column, content), with its texts in the cells."""
    listed = b"".join(
        _record(0x9C, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(title))
        for number, title in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        f'Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    return zipped(
        {
            "xl/workbook.bin": _record(0x83) + _record(0x8F) + listed + _record(0x90) + _record(0x84),
            "xl/_rels/workbook.bin.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
            **{f"xl/worksheets/sheet{n}.bin": _binary_sheet(cells) for n, cells in enumerate(sheets.values(), 1)},
        }
    )


def _binary_sheet(cells: list[tuple[int, int, float | str]]) -> bytes:
    last_row, last_col = max(row for row, *_ in cells), max(col for _, col, _ in cells)
    parts = [_record(0x81), _record(0x94, struct.pack("<4I", 0, last_row, 0, last_col)), _record(0x91)]
    at = -1
    for row, col, content in sorted(cells, key=lambda cell: cell[:2]):
        if row != at:
            parts.append(_record(0x00, struct.pack("<IIHBBI", row, 0, 300, 0, 0, 0)))
            at = row
        place = struct.pack("<II", col, 0)
        parts.append(
            _record(0x05, place + struct.pack("<d", content))
            if isinstance(content, float)
            else _record(0x06, place + _wide(content))
        )
    return b"".join([*parts, _record(0x92), _record(0x82)])


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record of BIFF12: its kind and its length are of seven bits a byte."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
