"""The .zip archives that people send: how much of one is read, and the names in it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.package import DAMAGED_ZIP, unreadable

MAX_MEMBERS = 5000
"""Files in one archive."""
MAX_RATIO = 300
"""A member may unpack to so many times its size; workbooks, which are packed already, hardly grow."""
MAX_TOTAL = 4 * 2**30
"""Bytes of all members of an archive together."""
_MAX_MEMBER = 64 * 2**20
"""Bytes of one unpacked member; a workbook of ours is a hundredth of it."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
"""Flags of a member: its name is UTF-8; it is locked with a password."""


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """It is locked with a password."""
    return bool(entry.flag_bits & _ENCRYPTED)


def open_archive(file: Path | io.BytesIO) -> zipfile.ZipFile:
    """An opened archive; of a file on disk only the directory is read."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnreadableWorkbook("FILE14", "压缩包已损坏或不是 zip 格式") from None
    except OSError as exc:
        raise unreadable("FILE12") from exc


def decode_name(entry: zipfile.ZipInfo) -> str:
    """A member's name, without steps out of the archive and without control characters.

    Where the archive does not say UTF-8, zipfile has read the name's bytes as code page 437.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    visible = "".join(c for c in name.replace("\\", "/") if unicodedata.category(c) != "Cc")
    return "/".join(part for part in visible.split("/") if part.strip(" .")) or "未命名"


def read_time(entry: zipfile.ZipInfo) -> float:
    """Archives keep the local time of where they were packed; 1980, where counting begins, stands for none."""
    try:
        return 0.0 if entry.date_time[0] <= 1980 else datetime(*entry.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def read_member(archive: zipfile.ZipFile, position: int) -> bytes:
    """A member's bytes, without trusting what the archive says of its size."""
    try:
        entry = archive.infolist()[position]
        return _inflate(archive, entry)
    except (*DAMAGED_ZIP, RuntimeError):
        raise UnreadableWorkbook("FILE03", "压缩包中的文件已损坏") from None


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MAX_MEMBER or entry.file_size > MAX_RATIO * max(entry.compress_size, 1024):
        raise UnreadableWorkbook("FILE11")
    with archive.open(entry) as stream:
        data = stream.read(_MAX_MEMBER + 1)
    if len(data) > _MAX_MEMBER:
        raise UnreadableWorkbook("FILE11")
    return data
