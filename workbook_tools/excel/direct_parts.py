"""The parts of a workbook as XlsxWriter assembles them, each compressed as it is written: none is ever held whole, and of a large
workbook not all of them stand beside each other."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from io import BytesIO, StringIO
from itertools import chain, starmap

from xlsxwriter.packager import Packager
from xlsxwriter.relationships import DOCUMENT_SCHEMA, Relationships
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable

from workbook_tools.files.spooled_bytes import Place, SpooledBytes
from workbook_tools.files.zip_writing import PartPacker, ZipEntry, compress_part

_AT_ONCE = 1 << 16
"""Characters that are compressed together."""
_TOGETHER = 1 << 10
"""Shared strings that are written together."""
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


class PackedPart(StringIO):
    """A part while it is written; XlsxWriter takes it for the text that it would hold."""

    def __init__(self, name: str, spool: SpooledBytes) -> None:
        """A large part waits in ``spool`` until it is asked for."""
        super().__init__()
        self._name = name
        self._spool = spool
        self._place: Place | None = None
        self._packer = PartPacker()
        self._texts: list[str] = []
        self._length = 0
        self._entry: ZipEntry | None = None

    def write(self, text: str) -> int:
        """Take the next piece."""
        self._texts.append(text)
        self._length += len(text)
        if self._length > _AT_ONCE:
            self._pack()
        return len(text)

    def _pack(self) -> None:
        self._packer.add("".join(self._texts).encode())
        self._texts, self._length = [], 0

    def finish(self) -> None:
        """Nothing more is written."""
        entry = self._pack_up()
        if len(entry.data) > _AT_ONCE:
            self._place = self._spool.lay(entry.data)
            entry = replace(entry, data=b"")
        self._entry = entry

    def _pack_up(self) -> ZipEntry:
        self._pack()
        packer = self._packer
        del self._packer  # a quarter of a megabyte
        return packer.finish(self._name)

    def take(self) -> ZipEntry:
        """The part as it stands in the package, which is then let go of: a sheet knows this object for as long as it lives."""
        entry = self._entry or self._pack_up()
        self._entry = None
        return replace(entry, data=self._spool.read(self._place)) if self._place else entry


class PackedText:
    """A text that is written before its place in a part has come: packed as it grows, given back piece by piece."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._texts: list[str] = []
        self._length = 0

    def write(self, text: str) -> None:
        """Take the next piece."""
        self._texts.append(text)
        self._length += len(text)
        if self._length > _AT_ONCE:
            self._packed.append(zlib.compress("".join(self._texts).encode(), 1))
            self._texts, self._length = [], 0

    def __bool__(self) -> bool:
        return bool(self._packed or self._texts)

    def __iter__(self) -> Iterator[str]:
        yield from (zlib.decompress(piece).decode() for piece in self._packed)
        yield "".join(self._texts)


class DirectPackager(Packager):  # type: ignore[misc]  # XlsxWriter has no types
    """XlsxWriter's list of parts; afterwards they are entries of a zip."""

    def __init__(self) -> None:
        super().__init__()
        self._spool = SpooledBytes()

    def _filename(self, xml_filename: str) -> StringIO:
        """The part that is begun; the one before it is written by now."""
        if self.filenames and isinstance(before := self.filenames[-1][0], PackedPart):
            before.finish()
        part = StringIO() if xml_filename == _STYLES else PackedPart(xml_filename, self._spool)
        self.filenames.append((part, xml_filename, False))
        return part

    def _create_package(self) -> list[tuple[StringIO | BytesIO, str, bool]]:
        """Nothing is left for XlsxWriter to put into its zip."""
        self._parts = deque(super()._create_package())
        self.filenames: list[tuple[StringIO | BytesIO, str, bool]] = []
        return []

    def take_entries(self) -> Iterator[ZipEntry]:
        """The parts as they stand in the zip, each of which is then let go of."""
        while self._parts:
            part, name, _ = self._parts.popleft()
            yield _finish(part, name)

    def _write_shared_strings_file(self) -> None:
        strings = _DirectStrings()
        strings.string_table = self.workbook.str_table
        if strings.string_table.count:
            strings._set_xml_writer(self._filename(_STRINGS))
            strings._assemble_xml_file()

    def _write_worksheet_rels_files(self) -> None:
        """XlsxWriter makes texts of all links of a sheet before it writes the first one."""
        sheets = [sheet for sheet in self.workbook.worksheets() if not sheet.is_chartsheet]
        for number, sheet in enumerate(sheets, 1):
            kinds = (
                sheet.external_hyper_links,
                sheet.external_drawing_links,
                sheet.external_vml_links,
                sheet.external_background_links,
                sheet.external_table_links,
                sheet.external_comment_links,
            )
            if any(kinds):
                rels = Relationships()
                rels.relationships = starmap(_relate, chain.from_iterable(kinds))
                rels._set_xml_writer(self._filename(f"xl/worksheets/_rels/sheet{number}.xml.rels"))
                rels._assemble_xml_file()

    def _write_styles_file(self) -> None:
        book = self.workbook
        if book.known_styles is not None:
            self._filename(_STYLES).write(book.known_styles)
        else:
            super()._write_styles_file()
            book.keep_styles(self.filenames[-1][0].getvalue())


def _relate(kind: str, target: str, mode: str | None = None) -> tuple[str, str, str | None]:
    return DOCUMENT_SCHEMA + kind, target, mode


def _finish(part: StringIO | BytesIO, name: str) -> ZipEntry:
    if isinstance(part, PackedPart):
        return part.take()
    content = part.getvalue()
    return compress_part(name, content.encode() if isinstance(content, str) else content)


def _may_be_escaped(text: str) -> bool:
    """XlsxWriter may write it in another way. One sign after the other: a pattern takes a hundred times as long for the texts of the seal."""
    return (
        '"' in text or "&" in text or "<" in text or ">" in text or "_" in text or text[:1] == " " or text[-1:] == " "
    )


def _write_shared_string(text: str) -> str:
    """The text as the table of shared strings has it."""
    if text.isprintable() and not _may_be_escaped(text):
        return f"<si><t>{text}</t></si>"
    strings = SharedStrings()
    strings.fh = StringIO()
    strings._write_si(text)
    return str(strings.fh.getvalue())


_MOST_REMEMBERED = 1 << 12
_remember_shared_string = lru_cache(_MOST_REMEMBERED)(_write_shared_string)
"""Forms have most of their texts alike."""


class _DirectStrings(SharedStrings):  # type: ignore[misc]  # XlsxWriter has no types
    """Most texts have nothing to be written in any other way, and most stand in every form."""

    def _write_sst_strings(self) -> None:
        texts = self.string_table.string_array
        write = _remember_shared_string if len(texts) <= _MOST_REMEMBERED else _write_shared_string
        for first in range(0, len(texts), _TOGETHER):
            self.fh.write("".join(map(write, texts[first : first + _TOGETHER])))


def write_strings(numbers: Mapping[str, object], count: int) -> str:
    """The part of the shared strings: texts in the order of their numbers, and how many cells have them."""
    strings = _DirectStrings()
    strings.string_table = SharedStringTable()
    strings.string_table.count, strings.string_table.unique_count = count, len(numbers)
    strings.string_table.string_array = list(numbers)
    written = StringIO()
    strings._set_xml_writer(written)
    strings._assemble_xml_file()
    return written.getvalue()
