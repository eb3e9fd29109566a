"""What a unit types into an issued workbook, put in as Excel would save it, in a few milliseconds: the XML of its sheets is edited, nothing is drawn.

Inputs are numbers and shared texts, formulas have the results that follow from them, and the file says who has saved it and when. All else is
as it was issued, byte for byte. A sample is compared with workbooks filled by openpyxl (``tests/campaign/test_province.py``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from workbook_tools.core.model import Value
from workbook_tools.excel.direct_sheet import write_number, write_result, write_string
from workbook_tools.files.zip_writing import ZipEntry, compress_part, join_entries
from workbook_tools.form.fields import Evaluation, Layout, Role

_CELL = re.compile(r'(<c r="([A-Z]+\d+)" s="\d+")(?:/>|(?: t="[a-z]+")?>(?:<f>([^<]*)</f>)?<v>[^<]*</v></c>)')
"""A cell as the program writes it: its start, its address, its formula."""
_SAVED = re.compile(r"<cp:lastModifiedBy>[^<]*(.*<dcterms:modified [^>]*>)[^<]*", re.DOTALL)
_COUNTS = re.compile(r' count="\d+" uniqueCount="(\d+)"')
_STRINGS, _PROPERTIES = "xl/sharedStrings.xml", "docProps/core.xml"
_LOCAL_HEADER = 30


def fill_workbook(
    issued: bytes,
    layout: Layout,
    typed: Mapping[str, Value],
    saved_by: str,
    saved_at: datetime,
    fixed: Mapping[str, Value] = {},
) -> bytes:
    """The workbook of ``layout`` with these contents of its inputs, by name; blank ones stay blank.

    ``fixed`` are cells that somebody changed although they are locked, by name: the mistake of a unit that has taken the protection off.
    """
    package = zipfile.ZipFile(io.BytesIO(issued))
    strings = _Strings(package.read(_STRINGS).decode())
    figures = Evaluation(layout, typed, known=fixed)
    written = {_STRINGS: ""}
    for number, plan in enumerate(layout.sheets.values(), 1):
        contents: dict[str, Value] = {}
        for item in plan.fields:
            changed = item.role is Role.INPUT or item.name in fixed
            value = figures[item.name] if item.name and (changed or item.role is Role.FORMULA) else None
            if item.role is Role.FORMULA or (changed and value not in (None, "")):
                contents[item.cell] = value
        part = f"xl/worksheets/sheet{number}.xml"
        written[part] = _fill_sheet(package.read(part).decode(), contents, strings)
    written[_STRINGS] = strings.write()
    saved = f"<cp:lastModifiedBy>{escape(saved_by)}\\g<1>{saved_at:%Y-%m-%dT%H:%M:%SZ}"
    written[_PROPERTIES] = _SAVED.sub(saved, package.read(_PROPERTIES).decode())
    return join_entries(
        compress_part(entry.filename, written[entry.filename].encode())
        if entry.filename in written
        else _copy_entry(issued, entry)
        for entry in package.infolist()
    )


def _fill_sheet(xml: str, contents: Mapping[str, Value], strings: _Strings) -> str:
    def write(found: re.Match[str]) -> str:
        start, cell, formula = found[1], found[2], found[3]
        if cell not in contents:
            return found[0]
        value = contents[cell]
        if formula is not None:
            return start + (write_result(formula, "" if value is None else value) or found[0][len(start) :])
        return start + (
            write_string(strings.number(value)) if isinstance(value, str) else write_number(float(value or 0))
        )

    return _CELL.sub(write, xml)


class _Strings:
    """The texts that the cells of a workbook share, with those that were typed behind them."""

    def __init__(self, xml: str) -> None:
        self._xml = xml
        counts = _COUNTS.search(xml)
        if counts is None:
            raise ValueError("no shared strings of ours")
        self._first = int(counts[1])
        self._typed: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._typed.setdefault(text, self._first + len(self._typed))

    def write(self) -> str:
        total = self._first + len(self._typed)
        added = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self._typed)
        counted = _COUNTS.sub(f' count="{total}" uniqueCount="{total}"', self._xml, count=1)
        return counted.removesuffix("</sst>") + added + "</sst>"


def _copy_entry(package: bytes, entry: zipfile.ZipInfo) -> ZipEntry:
    """A part that stays as it is, without packing it anew."""
    names = package[entry.header_offset + _LOCAL_HEADER - 4 : entry.header_offset + _LOCAL_HEADER]
    first = (
        entry.header_offset + _LOCAL_HEADER + int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    )
    data = package[first : first + entry.compress_size]
    return ZipEntry(entry.filename.encode("ascii"), data, entry.CRC, entry.file_size, entry.compress_type)
