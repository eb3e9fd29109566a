"""The parts of a workbook as XlsxWriter assembles them, each compressed as it is written: none is ever held whole, and of a large
workbook not all of them stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO, StringIO

from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable

from workbook_tools.files.zip_writing import PartPacker, ZipEntry, compress_part

_AT_ONCE = 1 << 16
"""Characters that are compressed together."""
_TOGETHER = 1 << 10
"""Shared strings that are written together."""
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


class PackedPart(StringIO):
    """A part while it is written; XlsxWriter takes it for the text that it would hold."""

    def __init__(self) -> None:
        super().__init__()
        self._packer: PartPacker | None = None
        self._texts: list[str] = []
        self._length = 0

    def write(self, text: str) -> int:
        """Take the next piece."""
        self._texts.append(text)
        self._length += len(text)
        if self._length > _AT_ONCE:
            self._pack()
        return len(text)

    def _pack(self) -> None:
        self._packer = self._packer or PartPacker()
        self._packer.add("".join(self._texts).encode())
        self._texts, self._length = [], 0

    def finish(self, name: str) -> ZipEntry:
        """The part as it stands in the package."""
        if self._packer is None:
            return compress_part(name, "".join(self._texts).encode())
        self._pack()
        return self._packer.finish(name)


class DirectPackager(Packager):  # type: ignore[misc]  # XlsxWriter has no types
    """XlsxWriter's list of parts; afterwards they are ``entries`` of a zip."""

    def _filename(self, xml_filename: str) -> StringIO:
        part = StringIO() if xml_filename == _STYLES else PackedPart()
        self.filenames.append((part, xml_filename, False))
        return part

    def _create_package(self) -> list[tuple[StringIO | BytesIO, str, bool]]:
        """Nothing is left for XlsxWriter to put into its zip."""
        parts = super()._create_package()
        self.entries = [_finish(part, name) for part, name, _ in parts]
        return []

    def _write_shared_strings_file(self) -> None:
        strings = _DirectStrings()
        strings.string_table = self.workbook.str_table
        if strings.string_table.count:
            strings._set_xml_writer(self._filename(_STRINGS))
            strings._assemble_xml_file()

    def _write_styles_file(self) -> None:
        book = self.workbook
        if book.known_styles is not None:
            self._filename(_STYLES).write(book.known_styles)
        else:
            super()._write_styles_file()
            book.keep_styles(self.filenames[-1][0].getvalue())


def _finish(part: StringIO | BytesIO, name: str) -> ZipEntry:
    if isinstance(part, PackedPart):
        return part.finish(name)
    content = part.getvalue()
    return compress_part(name, content.encode() if isinstance(content, str) else content)


def _may_be_escaped(text: str) -> bool:
    """XlsxWriter may write it in another way. One sign after the other: a pattern takes a hundred times as long for the texts of the seal."""
    return (
        '"' in text or "&" in text or "<" in text or ">" in text or "_" in text or text[:1] == " " or text[-1:] == " "
    )


@lru_cache(1 << 12)
def _shared_string(text: str) -> str:
    """The text as the table of shared strings has it."""
    if text.isprintable() and not _may_be_escaped(text):
        return f"<si><t>{text}</t></si>"
    strings = SharedStrings()
    strings.fh = StringIO()
    strings._write_si(text)
    return str(strings.fh.getvalue())


class _DirectStrings(SharedStrings):  # type: ignore[misc]  # XlsxWriter has no types
    """Most texts have nothing to be written in any other way, and most stand in every form."""

    def _write_sst_strings(self) -> None:
        texts = self.string_table.string_array
        for first in range(0, len(texts), _TOGETHER):
            self.fh.write("".join(map(_shared_string, texts[first : first + _TOGETHER])))


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
