"""The records of a VBA project's stream ``dir`` (MS-OVBA 2.3.4.2): a number for the kind, the size, the content."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum


class RecordKind(IntEnum):
    """What a record holds; ``…_UNICODE`` follows the same text in the code page."""

    SYSTEM = 0x0001
    """For which Windows: of 16, 32 or 64 bits, or a Mac."""
    LOCALE = 0x0002
    CODE_PAGE = 0x0003
    NAME = 0x0004
    DESCRIPTION = 0x0005
    DESCRIPTION_UNICODE = 0x0040
    HELP_FILE = 0x0006
    HELP_FILE_AGAIN = 0x003D
    HELP_CONTEXT = 0x0007
    LIBRARY_FLAGS = 0x0008
    VERSION = 0x0009
    CONSTANTS = 0x000C
    CONSTANTS_UNICODE = 0x003C
    MODULES = 0x000F
    """How many follow."""
    END = 0x0010
    COOKIE = 0x0013
    LOCALE_INVOKED = 0x0014
    MODULE_NAME = 0x0019
    MODULE_NAME_UNICODE = 0x0047
    STREAM_NAME = 0x001A
    STREAM_NAME_UNICODE = 0x0032
    MODULE_DESCRIPTION = 0x001C
    MODULE_DESCRIPTION_UNICODE = 0x0048
    MODULE_HELP_CONTEXT = 0x001E
    PROCEDURAL_MODULE = 0x0021
    OTHER_MODULE = 0x0022
    """A class, or the code of the workbook or of a sheet."""
    PRIVATE_MODULE = 0x0028
    """A class that only its own project may use (2.3.4.2.3.2.10)."""
    MODULE_END = 0x002B
    MODULE_COOKIE = 0x002C
    SOURCE_OFFSET = 0x0031
    """Where in its stream the source begins, behind compiled code."""


_MINOR_VERSION = 2
"""Bytes that the size of a VERSION record does not count."""


def pack_record(kind: RecordKind, content: bytes = b"") -> bytes:
    """One record."""
    return struct.pack("<HI", kind, len(content)) + content


def pack_version(major: int, minor: int) -> bytes:
    """The record VERSION, whose size is a lie."""
    return struct.pack("<HIIH", RecordKind.VERSION, 4, major, minor)


def read_records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind (which may be none of :class:`RecordKind`) and content of each record of a stream that is unpacked."""
    at = 0
    while at + 6 <= len(directory):
        kind, size = struct.unpack_from("<HI", directory, at)
        size += _MINOR_VERSION if kind == RecordKind.VERSION else 0
        yield kind, directory[at + 6 : at + 6 + size]
        at += 6 + size
