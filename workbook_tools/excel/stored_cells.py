"""The cells of a workbook that openpyxl saved, as Excel would have stored them.

openpyxl writes every text into its cell instead of the table of texts, calls a cell with a look and no content a number,
and stores no result of a formula.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping

from lxml import etree

from workbook_tools.excel.direct_sheet import number_text
from workbook_tools.excel.repeated_rows import RepeatedRow
from workbook_tools.excel.writing import Scalar

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _VALUE, _FORMULA, _INLINE = (f"{_MAIN}{tag}" for tag in ("row", "c", "v", "f", "is"))
TEXTS = "xl/sharedStrings.xml"
"""The part of the texts."""
_LINKS, _TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_NEW_TEXTS = {
    TEXTS: f'<sst xmlns="{_MAIN[1:-1]}"/>',
    _LINKS: '<Relationship Id="wbtTexts" Target="/xl/sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>',
    _TYPES: '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>',
}
"""The table of texts, and what announces it in the package: openpyxl 3.2 writes none, 3.1 an empty one."""

_AT_ONCE = 1_000
"""So many texts stand as a tree, those before them as they are written."""


def sheet_part(number: int) -> str:
    """The part that openpyxl writes a sheet to, from 1."""
    return f"xl/worksheets/sheet{number}.xml"


class StoredCells:
    """The cells of a package, sheet by sheet in the order of the book: texts are numbered as they come."""

    def __init__(self, parts: MutableMapping[str, bytes], shown: Mapping[tuple[str, str], Scalar]) -> None:
        """``shown`` are the results of formulas by title and cell."""
        if TEXTS not in parts:
            _add_texts(parts)
        self._parts, self._shown = parts, shown
        self._texts = etree.fromstring(parts[TEXTS])
        self._count = len(self._texts)
        self._packed: list[bytes] = []
        """Texts that are written already."""
        self.complete = True
        """No formula is left without a result."""

    def store(self, name: str, title: str, repeated: RepeatedRow | None) -> Iterator[bytes]:
        """The part of a sheet; ``repeated`` has rows that openpyxl did not have any more when it was saved."""
        sheet = etree.fromstring(self._parts[name])
        if repeated is not None and repeated.written:
            begin = b'<row r="%d"' % repeated.last
            above = [row for row in sheet.iter(_ROW) if int(row.get("r", "0")) < repeated.last]
            below = [row for row in sheet.iter(_ROW) if int(row.get("r", "0")) >= repeated.last]
            self._store(above, title)
            yield _serialise(sheet).partition(begin)[0]
            for piece in repeated.pieces():
                rows = etree.fromstring(piece)
                self._store(rows, title)
                yield _split(rows)[1]
            self._store(below, title)
            yield begin + _serialise(sheet).partition(begin)[2]
        else:
            self._store(sheet.iter(_ROW), title)
            yield _serialise(sheet)

    def texts(self) -> Iterator[bytes]:
        """The table of texts, once all sheets are stored."""
        self._texts.set("count", str(self._count))
        self._texts.set("uniqueCount", str(self._count))
        if not self._packed:
            yield _serialise(self._texts)
            return
        head, content, end = _split(self._texts)
        yield head
        yield from map(zlib.decompress, self._packed)
        yield content
        yield end

    def _store(self, rows: Iterable[etree._Element], title: str) -> None:
        for cell in (cell for row in rows for cell in row.iter(_CELL)):
            if cell.find(_FORMULA) is not None:
                place = (title, cell.get("r", ""))
                self.complete &= place in self._shown
                if place in self._shown:
                    _store_result(cell, self._shown[place])
            elif (text := cell.find(_INLINE)) is not None:
                self._share_text(cell, text)
            elif cell.find(_VALUE) is None:
                _forget_kind(cell)

    def _share_text(self, cell: etree._Element, text: etree._Element) -> None:
        """Move a text, formatted parts included, into the table of texts."""
        if len(self._texts) >= _AT_ONCE:
            self._packed.append(zlib.compress(_split(self._texts)[1], 1))
            del self._texts[:]
        item = etree.SubElement(self._texts, f"{_MAIN}si")
        item.extend(list(text))
        cell.remove(text)
        cell.set("t", "s")
        etree.SubElement(cell, _VALUE).text = str(self._count)
        self._count += 1


def _add_texts(parts: MutableMapping[str, bytes]) -> None:
    parts[TEXTS] = _NEW_TEXTS[TEXTS].encode()
    for name in (_LINKS, _TYPES):
        root = etree.fromstring(parts[name])
        entry = etree.fromstring(_NEW_TEXTS[name])
        entry.tag = f"{{{etree.QName(root).namespace}}}{entry.tag}"
        root.append(entry)
        parts[name] = _serialise(root)


def _store_result(cell: etree._Element, value: Scalar) -> None:
    for old in cell.findall(_VALUE):
        cell.remove(old)
    _forget_kind(cell)
    stored = etree.SubElement(cell, _VALUE)
    if isinstance(value, int | float):
        stored.text = number_text(value)
    else:
        cell.set("t", "str")
        stored.text = value


def _forget_kind(cell: etree._Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


def _serialise(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _split(root: etree._Element) -> tuple[bytes, bytes, bytes]:
    """The part up to what the root holds, that, and the end; there is something in it."""
    part = _serialise(root)
    begin, end = part.index(b">", part.index(b"?>") + 2) + 1, part.rindex(b"<")
    return part[:begin], part[begin:end], part[end:]
