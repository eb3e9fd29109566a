"""vbaProject.bin → the sources in it, whoever wrote it; and which of them are not ours.

What is compared is the source text. Compiled code that Office keeps beside it is not looked at, and nothing is run.
"""

from __future__ import annotations

import hashlib
import io
import re
from functools import cache

import olefile

from workbook_tools.files.paths import macros_folder
from workbook_tools.vba.compression import decompress
from workbook_tools.vba.packaged import STAFF
from workbook_tools.vba.records import RecordKind, read_records

ISSUED = "issued.txt"
"""Beside the sources: name and digest of each module of each version ever issued. A line is never taken out."""
UNREADABLE = "（无法读取）"
_MAX_BYTES, _MAX_SOURCES = 5_000_000, 1_000_000
"""Of a project, and of its sources unpacked. Ours have 14 KB and 10 KB; what is larger counts as unreadable."""
_FOLDER = "VBA"
_NAMES = (RecordKind.MODULE_NAME, RecordKind.STREAM_NAME)
_UNICODE_OF: dict[int, int] = {
    RecordKind.MODULE_NAME_UNICODE: RecordKind.MODULE_NAME,
    RecordKind.STREAM_NAME_UNICODE: RecordKind.STREAM_NAME,
}
_ATTRIBUTE = re.compile(r"(?im)^[ \t]*(?:rem[ \t]+)?attribute[ \t].*$")
"""``Attribute VB_Name = "StaffCheck"``; LibreOffice writes ``Rem Attribute VBA_ModuleType=VBAModule`` beside it."""
_EMPTY = ("", "optionexplicit")
"""A module of a sheet that nobody has written into."""


def read_sources(data: bytes) -> list[tuple[str, str]]:
    """Name and source of every module, attribute lines included. Raises ValueError if the project is damaged or huge."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            encoding, modules = _list_modules(decompress(file.openstream([_FOLDER, "dir"]).read(), _MAX_SOURCES))
            streams = {path[1] for path in file.listdir() if len(path) == 2 and path[0] == _FOLDER}
            sources, left = [], _MAX_SOURCES
            for name, stream, offset in modules:
                packed = file.openstream([_FOLDER, stream]).read()[offset:]
                sources.append((name, decompress(packed, left).decode(encoding, "replace")))
                left -= len(sources[-1][1])
    except Exception as exc:  # olefile raises whatever its bytes lead to
        raise ValueError("damaged VBA project") from exc
    unlisted = {stream for stream in streams if not stream.startswith("_")} - {"dir", *(s for _, s, _ in modules)}
    if unlisted:
        raise ValueError(f"streams that no module has: {unlisted}")
    return sources


def find_strange_modules(data: bytes) -> tuple[str, ...]:
    """The modules that we never issued, apart from empty ones; :data:`UNREADABLE` for a project that can't be read."""
    try:
        sources = read_sources(data[:_MAX_BYTES])
    except ValueError:
        return (UNREADABLE,)
    return tuple(name for name, source in sources if not _is_harmless(name, source))


def _is_harmless(name: str, source: str) -> bool:
    return _normalise(source) in _EMPTY or write_issued_line(name, source) in _read_issued_lines()


def write_issued_line(name: str, source: str) -> str:
    """How a module is recorded in :data:`ISSUED`."""
    return f"{name} {hashlib.sha256(_normalise(source).encode()).hexdigest()}"


@cache
def _read_issued_lines() -> frozenset[str]:
    return frozenset((macros_folder() / STAFF / ISSUED).read_text("utf-8").splitlines())


def _normalise(source: str) -> str:
    """Without what programs change when they save: attribute lines, blanks and line ends, upper and lower case."""
    return re.sub(r"\s+", "", _ATTRIBUTE.sub("", source.replace("\r", "\n"))).casefold()


def _list_modules(directory: bytes) -> tuple[str, list[tuple[str, str, int]]]:
    """The code page; and of each module its name, its stream, and where in it the source begins (MS-OVBA 2.3.4.2).

    Raises ValueError where a name is told in two ways that differ: programs disagree on which one counts.
    """
    encoding, names = "cp1252", {int(kind): b"" for kind in _NAMES}
    modules: list[tuple[str, str, int]] = []
    for kind, content in read_records(directory):
        if kind == RecordKind.CODE_PAGE:
            encoding = f"cp{int.from_bytes(content, 'little')}"
        elif kind in names:
            names[kind] = content
        elif kind in _UNICODE_OF and content.decode("utf-16-le") != names[_UNICODE_OF[kind]].decode(encoding):
            raise ValueError("two names")
        elif kind == RecordKind.SOURCE_OFFSET:
            name, stream = (text.decode(encoding) for text in names.values())
            modules.append((name, stream, int.from_bytes(content, "little")))
    return encoding, modules
