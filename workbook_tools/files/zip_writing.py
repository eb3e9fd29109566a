"""A zip that every program in a Chinese office shows with the right names: Windows of any version, 麒麟, a phone.

A name is written as Chinese Windows writes it, in GBK without a flag, which is how old programs read any name, and again
in UTF-8 (Info-ZIP's Unicode Path, 0x7075), which unzip, 7-Zip and the archivers of Linux prefer. With the UTF-8 flag
instead, Windows 7 shows gibberish (decision 0031). Files are stored uncompressed: workbooks and documents are zips
themselves. The parts of these are compressed here, all in the same way.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from workbook_tools.core.errors import OutputError

MISSING_CHARACTER = "□"
"""Replaces a character in a name that GBK does not have."""
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_UNICODE_PATH = struct.Struct("<2HBI")
_UNICODE_PATH_ID, _VERSION = 0x7075, 20
_UNIX, _OWN_FILE, _DEFLATED, _FIRST_DAY = 3 << 8, 0o600 << 16, 8, (0, 1 << 5 | 1)
"""A system and the rights of a file as Python states them; a method of compression; midnight on 1 January 1980."""
LEVEL = 3
"""Level of compression for the parts of all we write: half the time of the usual 6, for files that are 7 % larger."""
_MAX_FILES, _MAX_BYTES = 0xFFFE, 0xFFFF_FFFE
"""More would need ZIP64, which old programs cannot read."""


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """A file in a zip; its ``name`` fits GBK (:func:`fit_gbk`), ``saved_at`` is local time."""

    name: str
    data: bytes
    saved_at: datetime


def fit_gbk(name: str) -> str:
    """A name without characters that GBK lacks: each is replaced by its usual form, else by □."""
    return "".join(map(_fit_character, unicodedata.normalize("NFC", name)))


def _fit_character(character: str) -> str:
    if _has_gbk(character):
        return character
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # variation selectors and joiners are invisible
        return ""
    usual = unicodedata.normalize("NFKC", character)
    return usual if _has_gbk(usual) else MISSING_CHARACTER


def _has_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def write_zip(files: Iterable[ZippedFile]) -> bytes:
    """The zip; the same files give the same bytes. Raises OutputError: they are too many or too large for one zip."""
    return b"".join(stream_zip(files))


def stream_zip(files: Iterable[ZippedFile]) -> Iterator[bytes]:
    """The same, piece by piece: no more than one file is held at a time. Raises OutputError likewise, in the midst of it."""
    return stream_entries(
        ZipEntry(
            file.name.encode("gbk"),
            file.data,
            zlib.crc32(file.data),
            len(file.data),
            saved_at=_write_time(file.saved_at),
            extra=_write_unicode_path(file.name),
        )
        for file in files
    )


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """An entry of a zip: its ``data`` as they stand there, the checksum and the size of what they are of."""

    name: bytes
    data: bytes
    checksum: int
    size: int
    method: int = 0
    saved_at: tuple[int, int] = _FIRST_DAY
    extra: bytes = b""
    made_by: int = _VERSION
    attributes: int = 0


class PartPacker:
    """Compresses a part of a package as it comes. The same content gives the same bytes, in whatever pieces it comes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed: list[bytes] = []
        self._checksum = self._size = 0

    def add(self, content: bytes) -> None:
        """What comes next."""
        self._packed.append(self._packer.compress(content))
        self._checksum = zlib.crc32(content, self._checksum)
        self._size += len(content)

    def finish(self, name: str) -> ZipEntry:
        """The part; nothing can be added any more."""
        packed = b"".join((*self._packed, self._packer.flush()))
        facts = name.encode("ascii"), packed, self._checksum, self._size, _DEFLATED
        return ZipEntry(*facts, made_by=_UNIX | _VERSION, attributes=_OWN_FILE)


def pack_part(name: str, pieces: Iterable[bytes]) -> ZipEntry:
    """A part whose content comes in pieces, none of which is held, likewise."""
    packer = PartPacker()
    for piece in pieces:
        packer.add(piece)
    return packer.finish(name)


def compress_part(name: str, content: bytes) -> ZipEntry:
    """A part that is there whole, likewise."""
    return pack_part(name, (content,))


def join_entries(entries: Iterable[ZipEntry]) -> bytes:
    """The zip of these entries in their order; what comes from an iterator is held once. Raises OutputError: they are too many or too large for one zip."""
    joined = BytesIO()
    joined.writelines(stream_entries(entries))
    return joined.getvalue()


def stream_entries(entries: Iterable[ZipEntry]) -> Iterator[bytes]:
    """The same, piece by piece: no more than one entry is held at a time. Raises OutputError likewise, in the midst of it."""
    directory: list[bytes] = []
    offset = 0
    for one in entries:
        if offset + len(one.data) > _MAX_BYTES or len(directory) >= _MAX_FILES:
            raise OutputError("一个压缩包装不下这么多文件（最多 4 GB、65,534 个），请把这个部门的项目分开打包。")
        lengths = len(one.name), len(one.extra)
        facts = (_VERSION, 0, one.method, *one.saved_at, one.checksum, len(one.data), one.size, *lengths)
        local = _LOCAL.pack(b"PK\3\4", *facts) + one.name + one.extra
        central = _CENTRAL.pack(b"PK\1\2", one.made_by, *facts, 0, 0, 0, one.attributes, offset)
        directory.append(central + one.name + one.extra)
        yield local
        yield one.data
        offset += len(local) + len(one.data)
    listed = b"".join(directory)
    yield listed
    yield _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), len(listed), offset, 0)


def _write_unicode_path(name: str) -> bytes:
    """The name in UTF-8 with the checksum of the name that it stands for; nothing where that is ASCII."""
    if name.isascii():
        return b""
    text = name.encode()
    size = _UNICODE_PATH.size - 4 + len(text)
    return _UNICODE_PATH.pack(_UNICODE_PATH_ID, size, 1, zlib.crc32(name.encode("gbk"))) + text


def _write_time(moment: datetime) -> tuple[int, int]:
    """Time and day as MS-DOS wrote them, which begin in 1980."""
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return time, max(moment.year - 1980, 0) << 9 | moment.month << 5 | moment.day
