"""The entries of a zip, as every reader must find them: the same in the directory and in sequence, each name once.

A reader may go by the directory at the end or from entry to entry; it may take names with or without case, or the last of two
equal ones. Where that makes a difference the file is refused.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from urllib.parse import unquote

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
"""The header before an entry: signature, version, flags, method, time, date, checksum, two sizes, lengths of name and extra field."""
_DESCRIBED = 0x8
"""A flag: sizes and checksum follow the entry, in 12 to 24 bytes."""
_UTF8_NAME = 0x800
_DESCRIPTIONS = (12, 16, 20, 24)


def part_name(entry: str) -> str:
    """The name by which a part is known, whatever its case, slashes and escapes."""
    return unquote(entry.replace("\\", "/")).lower().lstrip("/")


def find_contents(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> tuple[dict[str, int], str]:
    """Where the content of each entry begins, by the name of its part; and why two readers could find different entries, blank if they cannot."""
    starts: dict[str, int] = {}
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        name = part_name(entry.filename)
        if name in starts:
            return starts, f"有两个部件叫“{name}”"
        if not end <= entry.header_offset <= end + (max(_DESCRIPTIONS) if end else 0):
            return starts, f"部件“{name}”前面夹有别的数据"
        starts[name] = start = _find_content(data, entry)
        if start < 0:
            return starts, f"部件“{name}”在压缩包里的名称与目录不符"
        gap = entry.header_offset - end
        if gap and gap not in _DESCRIPTIONS:
            return starts, f"部件“{name}”前面夹有别的数据"
        end = start + entry.compress_size
    return starts, ""


def _find_content(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where an entry's content begins; -1 if its header differs from the directory."""
    header = data[entry.header_offset : entry.header_offset + _LOCAL.size]
    if len(header) < _LOCAL.size:
        return -1
    signature, _, flags, method, *_, size, extra = _LOCAL.unpack(header)
    start = entry.header_offset + _LOCAL.size
    encoding = "utf-8" if flags & _UTF8_NAME else "cp437"
    same = data[start : start + size].decode(encoding, "replace") == entry.orig_filename
    return start + size + extra if signature == b"PK\3\4" and method == entry.compress_type and same else -1
