"""vbaProject.bin → the sources in it, whoever wrote it; and which of them are not ours.

What is compared is the source text. Compiled code that Office keeps beside it is not looked at, and nothing is run.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from functools import cache

import olefile

from workbook_tools.files.paths import macros_folder
from workbook_tools.vba.compression import decompress
from workbook_tools.vba.packaged import STAFF

ISSUED = "issued.txt"
"""Beside the sources: name and digest of each module of each version ever issued. A line is never taken out."""
UNREADABLE = "（无法读取）"
_MAX_BYTES, _MAX_SOURCES = 5_000_000, 1_000_000
_FOLDER = "VBA"
_UNICODE_OF = {0x0047: 0x0019, 0x0032: 0x001A}
"""Records of a module's name and stream in Unicode, and those in the code page."""
_ATTRIBUTE = re.compile(r"(?im)^[ \t]*(?:rem[ \t]+)?attribute[ \t].*$")
_EMPTY = ("", "optionexplicit")
"""A module of a sheet that nobody has written into."""


def read_sources(data: bytes) -> list[tuple[str, str]]:
    """Name and source of every module, attribute lines included. Raises ValueError if the project is damaged or huge."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            encoding, modules = _listed_modules(decompress(file.openstream([_FOLDER, "dir"]).read(), _MAX_SOURCES))
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


def strange_modules(data: bytes) -> tuple[str, ...]:
    """The modules that we never issued, apart from empty ones; :data:`UNREADABLE` for a project that can't be read."""
    try:
        sources = read_sources(data[:_MAX_BYTES])
    except ValueError:
        return (UNREADABLE,)
    return tuple(name for name, source in sources if not _harmless(name, source))


def _harmless(name: str, source: str) -> bool:
    return _normal(source) in _EMPTY or issued_line(name, source) in _issued()


def issued_line(name: str, source: str) -> str:
    """How a module is recorded in :data:`ISSUED`."""
    return f"{name} {hashlib.sha256(_normal(source).encode()).hexdigest()}"


@cache
def _issued() -> frozenset[str]:
    return frozenset((macros_folder() / STAFF / ISSUED).read_text("utf-8").splitlines())


def _normal(source: str) -> str:
    """Without what programs change when they save: attribute lines, blanks and line ends, upper and lower case."""
    return re.sub(r"\s+", "", _ATTRIBUTE.sub("", source.replace("\r", "\n"))).casefold()


def _listed_modules(directory: bytes) -> tuple[str, list[tuple[str, str, int]]]:
    """The code page; and of each module its name, its stream, and where in it the source begins (MS-OVBA 2.3.4.2).

    Raises ValueError where a name is told in two ways that differ: programs disagree on which one counts.
    """
    encoding, names = "cp1252", {0x0019: b"", 0x001A: b""}
    modules: list[tuple[str, str, int]] = []
    for kind, content in _records(directory):
        if kind == 0x0003:
            encoding = f"cp{int.from_bytes(content, 'little')}"
        elif kind in names:
            names[kind] = content
        elif kind in _UNICODE_OF and content.decode("utf-16-le") != names[_UNICODE_OF[kind]].decode(encoding):
            raise ValueError("two names")
        elif kind == 0x0031:
            name, stream = (text.decode(encoding) for text in names.values())
            modules.append((name, stream, int.from_bytes(content, "little")))
    return encoding, modules


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 6 <= len(directory):
        kind = int.from_bytes(directory[at : at + 2], "little")
        size = int.from_bytes(directory[at + 2 : at + 6], "little") + (2 if kind == 0x0009 else 0)
        yield kind, directory[at + 6 : at + 6 + size]
        at += 6 + size
