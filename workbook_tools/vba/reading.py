"""vbaProject.bin → the sources in it, whoever wrote it; and which of them are not ours.

What is compared is the source text. Compiled code that Office keeps beside it is not looked at, and nothing is run.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

import olefile

from workbook_tools.files.paths import macros_folder
from workbook_tools.vba.compression import decompress
from workbook_tools.vba.packaged import STAFF
from workbook_tools.vba.records import RecordKind, read_records
from workbook_tools.vba.sources import ENCODING

ISSUED = "issued.txt"
"""Beside the sources: names and digests of each module of each version ever issued. A line is never taken out."""
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
_TEXT_OR_COMMENT = re.compile(r"\"[^\"\n]*\"|'[^\n]*")
_LOST = re.compile(r"[^\x00-\x7f]+|\?+")
"""What a system without Chinese makes of Chinese: other letters, or question marks."""
_OFFICE_ENCODINGS = {
    0: ENCODING,  # that of the system, which some programs do not name
    10000: "mac_roman", 10001: "shift_jis", 10002: "big5", 10003: "euc_kr", 10004: "mac_arabic", 10006: "mac_greek",
    10007: "mac_cyrillic", 10008: "gb2312", 10010: "mac_romanian", 10029: "mac_latin2", 10079: "mac_iceland",
    10081: "mac_turkish", 10082: "mac_croatian", 54936: "gb18030",
}  # fmt: skip
"""Code pages that Python knows by another name: those of Excel for Mac, mostly."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A module as it lies in the project: the bytes of its source, and how they are to be read."""

    name: str
    packed: bytes
    encoding: str

    @property
    def source(self) -> str:
        return self.packed.decode(self.encoding, "replace")


def read_sources(data: bytes) -> list[tuple[str, str]]:
    """Name and source of every module, attribute lines included. Raises ValueError if the project is damaged or huge."""
    return [(module.name, module.source) for module in _read_modules(data)]


def _read_modules(data: bytes) -> list[_Found]:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            encoding, modules = _list_modules(decompress(file.openstream([_FOLDER, "dir"]).read(), _MAX_SOURCES))
            streams = {path[1] for path in file.listdir() if len(path) == 2 and path[0] == _FOLDER}
            found, left = [], _MAX_SOURCES
            for name, stream, offset in modules:
                packed = file.openstream([_FOLDER, stream]).read()[offset:]
                found.append(_Found(name, decompress(packed, left), encoding))
                left -= len(found[-1].packed)
    except Exception as exc:  # olefile raises whatever its bytes lead to
        raise ValueError("damaged VBA project") from exc
    unlisted = {stream for stream in streams if not stream.startswith("_")} - {"dir", *(s for _, s, _ in modules)}
    if unlisted:
        raise ValueError(f"streams that no module has: {unlisted}")
    return found


class Likeness(Enum):
    """How a module that was found stands to those that were issued."""

    SAME = "same"
    """As issued, or empty."""
    GARBLED = "garbled"
    """As issued, but saved by a system without Chinese, which lost the Chinese of texts and comments."""
    STRANGE = "strange"


def compare_modules(data: bytes, known: frozenset[str] | None = None) -> list[tuple[str, Likeness]]:
    """Each module and how it stands to the ``known`` ones, by default those of all workbooks ever issued.

    A project that can't be read is one strange module called :data:`UNREADABLE`.
    """
    lines = _read_issued_lines() if known is None else known
    try:
        modules = _read_modules(data[:_MAX_BYTES])
    except ValueError:
        return [(UNREADABLE, Likeness.STRANGE)]
    return [(module.name, _compare(module, lines)) for module in modules]


def find_strange_modules(data: bytes) -> tuple[str, ...]:
    """The modules that we never issued, apart from empty ones; :data:`UNREADABLE` for a project that can't be read."""
    return tuple(name for name, likeness in compare_modules(data) if likeness is Likeness.STRANGE)


def _compare(module: _Found, known: frozenset[str]) -> Likeness:
    """A garbled source is read in the code page that the project names, and as it was issued."""
    if _normalise(module.source) in _EMPTY or _write_whole_line(module.name, module.source) in known:
        return Likeness.SAME
    sources = (module.source, module.packed.decode(ENCODING, "replace"))
    if any(_write_garbled_line(module.name, source) in known for source in sources):
        return Likeness.GARBLED
    return Likeness.STRANGE


def write_issued_lines(name: str, source: str) -> tuple[str, str]:
    """How a module is recorded in :data:`ISSUED`: as it is, and as a system without Chinese leaves it."""
    return _write_whole_line(name, source), _write_garbled_line(name, source)


def _write_whole_line(name: str, source: str) -> str:
    return f"{name} {_digest(source)}"


def _write_garbled_line(name: str, source: str) -> str:
    """Chinese stands in texts and comments only, and only there it is left out: Office reads wide letters as code."""
    without = _TEXT_OR_COMMENT.sub(lambda found: _LOST.sub("", found[0]), source.replace("\r", "\n"))
    return f"{name} garbled {_digest(without)}"


def _digest(source: str) -> str:
    return hashlib.sha256(_normalise(source).encode("utf-8", "replace")).hexdigest()


@cache
def _read_issued_lines() -> frozenset[str]:
    return frozenset((macros_folder() / STAFF / ISSUED).read_text("utf-8").splitlines())


def _normalise(source: str) -> str:
    """Without what programs change when they save: attribute lines, blanks and line ends, upper and lower case."""
    return re.sub(r"\s+", "", _ATTRIBUTE.sub("", source.replace("\r", "\n"))).casefold()


def _list_modules(directory: bytes) -> tuple[str, list[tuple[str, str, int]]]:
    """The encoding; and of each module its name, its stream, and where in it the source begins (MS-OVBA 2.3.4.2).

    Raises ValueError where a name is told in two ways that differ: programs disagree on which one counts.
    """
    encoding, is_sure, names = "cp1252", True, {int(kind): "" for kind in _NAMES}
    modules: list[tuple[str, str, int]] = []
    for kind, content in read_records(directory):
        if kind == RecordKind.CODE_PAGE:
            encoding, is_sure = _find_encoding(int.from_bytes(content, "little"))
        elif kind in names:
            names[kind] = content.decode(encoding, "strict" if is_sure else "replace")
        elif kind in _UNICODE_OF:
            told, again = names[_UNICODE_OF[kind]], content.decode("utf-16-le")
            if told != again and (is_sure or told.isascii() or again.isascii()):
                raise ValueError("two names")
            names[_UNICODE_OF[kind]] = again
        elif kind == RecordKind.SOURCE_OFFSET:
            name, stream = names.values()
            modules.append((name, stream, int.from_bytes(content, "little")))
    return encoding, modules


def _find_encoding(code_page: int) -> tuple[str, bool]:
    """How to read a code page, and whether that is sure: 0 is the system's, whichever that was, and some nobody knows."""
    encoding = _OFFICE_ENCODINGS.get(code_page, f"cp{code_page}")
    try:
        codecs.lookup(encoding)
    except LookupError:
        return ENCODING, False
    return encoding, code_page != 0
