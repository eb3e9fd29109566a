"""A workbook file as a zip of parts: what it is, and whether it is safe to read.

Nothing is inflated before the directory has been looked at, and no entry further than the directory
said, so a file that lies about its sizes gains nothing.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_tools.core.codes import CODES
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.faces import LateModule
from workbook_tools.core.recent import remember
from workbook_tools.files.compound import find_flaw, list_streams
from workbook_tools.files.plain_text import holds_text_table
from workbook_tools.files.zip_layout import find_contents, part_name

if TYPE_CHECKING:
    from lxml import etree
else:  # many ask only how large a file may be
    etree = LateModule("lxml.etree")

MAX_BYTES = 200_000_000
"""Of a file, and of all its parts inflated."""
MAX_ENTRIES = 5_000
"""Parts of a file; a workbook of ours has twenty."""
MAX_RATIO, SMALL_ENTRY = 200, 10_000_000
"""An entry may inflate to so many times its size; to less than ``SMALL_ENTRY`` bytes anyway."""
MAX_TREE = 20_000_000
"""Bytes of XML that is made into a tree, which takes up to thirty times as much memory."""
MAX_TAGS = 1_500_000
"""Of such XML; each element of the tree takes some hundred bytes, however short its name."""

_CALAMINE_FAULTS = ("CalamineError", "PanicException")
"""By name: only excel/ knows the library. The second comes from Rust and is no Exception."""

_STRANGE_FLAGS = 0x60
"""An entry is a patch of another one, or its directory is encrypted: no program writes a workbook so."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""How compound files begin (.xls, .doc, and any file with a password), and a stream that only the last have."""
_ZIP, _ZIP_ENTRY = b"PK", b"PK\x01\x02"
_OTHER_FORMATS = ("mimetype", "xl/workbook.bin")
"""Entries by which OpenDocument and .xlsb are known."""
OLE_WORD = "WordDocument".encode("utf-16-le")
"""Stands in documents of Word before 2007."""
_OTHER_FILES = {
    b"%pdf": "PDF 文件",
    b"\x89png": "图片",
    b"\xff\xd8\xff": "图片",
    b"rar!": "rar 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"{\\rtf": "RTF 文档",
    b"<html": "网页",
    b"<!doctype html": "网页",
    b"<table": "网页",
    b"<?xml": "XML 文件",
}
"""How files begin that people rename to .xlsx, in lower case."""

EXCEL_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
"""The namespace by which Excel's XML of 2003 is known."""
_ARCHIVE = re.compile(rb"(?i)(?:[\w-]+:.*\n(?:[ \t].*\n)*){0,20}?mime-version:")
"""How a page saved with its pictures (MHTML) begins."""

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RELATION_BASES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
"""What the types of relationships begin with that we follow, transitional and strict; any other type is known by its whole name."""

_HEAD = 5_000
"""Bytes at the start of a file that tell what it is."""

_LARGE_PART, _WEIGHT = 100_000, 40_000
"""Bytes from which on no part is kept as it was read, and those that one takes."""
_COMMON = ("[Content_Types]", "_rels/", "xl/_rels/", "xl/styles", "xl/theme/")
_COMMON_SIZE = 30_000
"""How the entries begin that workbooks of one round have alike, to the last byte, and of how many bytes they are kept."""
Kept = TypeVar("Kept")

_REASONS = {
    FileNotFoundError: "文件不存在",
    IsADirectoryError: "这是文件夹",
    PermissionError: "没有读取权限，或正被其他程序占用",
}


def unreadable(code: str, message: str = "") -> UnreadableWorkbook:
    """The exception for a FILE code, with the catalogue's title unless there is more to say."""
    return UnreadableWorkbook(code, message or CODES[code].title)


def ambiguous(why: str) -> UnreadableWorkbook:
    """The exception for a file that two programs could read differently."""
    return unreadable("FILE32", f"{CODES['FILE32'].title}：{why}")


def not_a_workbook(kind: str = "") -> UnreadableWorkbook:
    """The exception for a file that is something else (``Word 文档``)."""
    return unreadable("FILE01", kind and f"{CODES['FILE01'].title}，而是{kind}")


DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    LookupError,
    ValueError,
)
"""What zipfile raises over a damaged archive, or one without the member asked for. Over an encrypted one it is RuntimeError."""


@contextmanager
def damage() -> Iterator[None]:
    """Whatever zip, XML or calamine stumble over in the block makes the file a damaged one (FILE03)."""
    try:
        yield
    except (*DAMAGED_ZIP, struct.error, etree.XMLSyntaxError, etree.ParserError) as exc:
        raise unreadable("FILE03") from exc
    except BaseException as exc:
        if any(parent.__name__ in _CALAMINE_FAULTS for parent in type(exc).__mro__):
            raise unreadable("FILE03") from exc
        raise


def parse_xml(xml: bytes, parser: etree.XMLParser | None = None) -> etree._Element:
    """The root element. No entity is expanded, nothing is fetched; a document type is damage (OPC forbids it).

    A ``parser`` of another library must keep to that too.
    """
    if len(xml) > MAX_TREE:
        raise unreadable("FILE11")
    if xml.count(b"<") > MAX_TAGS:
        raise unreadable("FILE31", f"文件的一个部分有 {xml.count(b'<')} 个标记，超过 {MAX_TAGS}")
    root = etree.fromstring(xml, parser or _parser_of(get_ident()))
    document: Any = root.getroottree().docinfo
    if document.doctype:  # in another encoding
        raise unreadable("FILE03")
    return root


@lru_cache(maxsize=64)
def _parser_of(_thread: int) -> etree.XMLParser:
    """To make a parser takes as long as to parse a small part."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableWorkbook: FILE11 far too large, FILE12 not readable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise unreadable("FILE11")
        return path.read_bytes()
    except OSError as exc:
        reason = next((text for kind, text in _REASONS.items() if isinstance(exc, kind)), "")
        raise unreadable("FILE12", reason and f"{CODES['FILE12'].title}（{reason}）") from exc


def keep_small(read: Callable[[bytes, str], Kept]) -> Callable[[bytes, str], Kept]:
    """Keeps what is read of the last parts: workbooks of one round share many, to the last byte. A large part is read anew."""
    kept = remember(_WEIGHT)(read)

    @wraps(read)
    def read_or_find(xml: bytes, name: str) -> Kept:
        return kept(xml, name) if len(xml) <= _LARGE_PART else read(xml, name)

    return read_or_find


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its id, its kind (the type's last word), and the part or outside address it points to."""

    id: str
    kind: str
    part: str
    outside: bool = False


class Package:
    """The parts of a workbook file.

    Raises UnreadableWorkbook: FILE01 no zip, FILE02 empty, FILE03 damaged, FILE04 encrypted,
    FILE10 an older or other format, FILE11 too large or a bomb.
    """

    def __init__(self, data: bytes, most: int = MAX_BYTES) -> None:
        """``most``: bytes of all parts inflated; one that is more than ``MAX_BYTES`` is read in pieces only."""
        _check_format(data)
        self._data = data
        with damage():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        _check_entries(entries, most)
        self._starts, why = find_contents(data, entries)
        if why:
            raise ambiguous(why)
        self._entries = {part_name(entry.filename): entry for entry in entries}
        if any(name in self._entries for name in _OTHER_FORMATS):
            raise unreadable("FILE10")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries

    def __iter__(self) -> Iterator[str]:
        """The names of the parts, in lower case."""
        return iter(self._entries)

    def read(self, part: str) -> bytes:
        """The bytes of a part, which is XML. Raises FILE03 if it is missing or damaged."""
        with damage():
            name = part.lower()
            entry = self._entries[name]
            if entry.file_size > MAX_BYTES:
                raise unreadable("FILE11")
            xml = self._inflate(entry, self._starts[name])
        if b"<!DOCTYPE" in xml:
            raise unreadable("FILE03")
        return xml

    def _inflate(self, entry: zipfile.ZipInfo, start: int) -> bytes:
        """The content of an entry, which begins there, no more of it than the directory says. Raises BadZipFile, zlib.error, NotImplementedError."""
        if entry.flag_bits & _STRANGE_FLAGS:
            raise NotImplementedError(entry.flag_bits)
        packed = self._data[start : start + entry.compress_size]
        inflate = (
            _inflate_common if entry.filename.startswith(_COMMON) and entry.file_size <= _COMMON_SIZE else _inflate
        )
        return inflate(packed, entry.compress_type, entry.file_size, entry.CRC)

    def read_pieces(self, part: str, size: int) -> Iterator[bytes]:
        """The bytes of a part, ``size`` at a time; whoever asks for them sees to it that there is no document type. Raises FILE03."""
        with damage(), self._zip.open(self._entries[part.lower()]) as stream:
            while piece := stream.read(size):
                yield piece

    def tree(self, part: str) -> etree._Element:
        """A part's root element. Raises FILE03 like :meth:`read`, FILE11 if it is too large for a tree."""
        xml = self.read(part)
        with damage():
            return parse_xml(xml)

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part; those of the package itself for ``""``."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return []
        xml = self.read(rels)
        with damage():
            return [*_read_relations(xml, rels)]

    def only_part(self, relations: Sequence[Relation], kind: str) -> str:
        """The part of a kind, blank where there is none. Raises FILE32 for several."""
        parts = [relation.part for relation in relations if relation.kind == kind]
        if len(parts) > 1:
            raise ambiguous(f"有 {len(parts)} 个部件都称为 {kind}")
        return parts[0] if parts else ""


def _inflate(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """What was packed by that method, if it has the checksum."""
    content = packed
    if method == zipfile.ZIP_DEFLATED and size:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size)
    content = content[:size]
    if zlib.crc32(content) != checksum:
        raise zipfile.BadZipFile
    return content


_inflate_common = remember(_COMMON_SIZE)(_inflate)


@keep_small
def _read_relations(xml: bytes, rels: str) -> tuple[Relation, ...]:
    """The relationships in the part of that name."""
    folder = posixpath.dirname(posixpath.dirname(rels))
    found = tuple(_read_relation(folder, item) for item in parse_xml(xml))
    if len({relation.id for relation in found}) < len(found):
        raise ambiguous(f"“{rels}”里有两条同名的关系")
    return found


def _read_relation(folder: str, item: etree._Element) -> Relation:
    if item.tag != _RELATION:
        raise ambiguous(f"关系表里夹有 {etree.QName(item).localname}")
    outside, target = item.get("TargetMode") == "External", item.get("Target", "")
    part = target if outside else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    base, _, kind = item.get("Type", "").rpartition("/")
    return Relation(item.get("Id", ""), kind if base in _RELATION_BASES else f"{base}/{kind}", part, outside)


def _check_format(data: bytes) -> None:
    if not data:
        raise unreadable("FILE02")
    if data.startswith(_OLE):
        if _holds_stream(data, OLE_WORD):
            raise not_a_workbook("Word 文档")
        raise unreadable("FILE04" if _holds_stream(data, _ENCRYPTED) else "FILE10")
    if not data.startswith(_ZIP):
        if holds_table(data) or holds_text_table(data):
            raise unreadable("FILE10")
        head = data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        raise not_a_workbook(next((kind for start, kind in _OTHER_FILES.items() if head.startswith(start)), ""))
    if len(data) > MAX_BYTES or data.count(_ZIP_ENTRY) > MAX_ENTRIES:
        raise unreadable("FILE11")


def _holds_stream(data: bytes, name: bytes) -> bool:
    """A compound file holds a stream of this name, not in what is embedded in it; where it is damaged, anywhere."""
    return name in data and (bool(find_flaw(data)) or name.decode("utf-16-le") in list_streams(data))


def holds_pictures(data: bytes) -> bool:
    """There are pictures in a document or workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any("/media/" in name for name in package.namelist())
    except DAMAGED_ZIP:
        return False


def holds_table(data: bytes) -> bool:
    """The file is what programs export under the name of a workbook: a web page with a table, or Excel's XML of 2003."""
    start = _without_zeros(data[:_HEAD]).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not start.startswith(b"<"):
        return _ARCHIVE.match(start) is not None
    return is_excel_xml_2003(data) or b"<table" in _without_zeros(data[:MAX_TREE]).lower()


def is_excel_xml_2003(data: bytes) -> bool:
    """Near its start the file names the namespace of Excel's XML of 2003."""
    return EXCEL_XML_2003 in _without_zeros(data[:_HEAD])


def _without_zeros(data: bytes) -> bytes:
    """The bytes, without those that UTF-16 puts between the letters."""
    return data.replace(b"\0", b"")


def _check_entries(entries: list[zipfile.ZipInfo], most: int) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable("FILE04")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise unreadable("FILE03")
    exploding = any(e.file_size > max(SMALL_ENTRY, MAX_RATIO * e.compress_size) for e in entries)
    if exploding or sum(entry.file_size for entry in entries) > most:
        raise unreadable("FILE11")
