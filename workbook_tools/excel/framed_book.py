"""A book that writes the usual contents of a form itself, and has all else from XlsxWriter, once for all books that are alike.

It is drawn into as any :class:`Book`. Cells, merged ranges, validations, rules, links and names become the texts of their tags at once, by
what writes them in ``direct_sheet``. Whatever else is set (widths, views, print, protection) is kept as the calls that set it: books of
the same calls have the same frame, the parts that a plain book of these sheets has without any content. Its parts are those that
XlsxWriter would have written, byte for byte. What is not of the usual kind raises :class:`Unusual`; then a plain book is drawn.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NoReturn

from workbook_tools.core.recent import Recent, remember
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_parts import write_strings
from workbook_tools.excel.direct_sheet import TEXT_CELL, escape_attribute, escape_content, is_known_name
from workbook_tools.excel.framed_pieces import Unusual, WrittenName
from workbook_tools.excel.framed_sheet import Calls, FramedSheet, Settings, Shared
from workbook_tools.excel.references import name_cell
from workbook_tools.excel.styles import StyleSpec, Tint
from workbook_tools.excel.usual_tags import encode_password
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.files.zip_writing import ZipEntry, compress_part, join_entries

_WEIGHT = 35_000
"""Bytes of a frame, of the styles of a book, of a part that is the same in many."""
_STRINGS, _STYLES, _APP = "xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_HOLE = re.compile("\0(.*?)\0")
_CUTS = (
    (re.compile(r'(?<=assword=")[0-9A-F]+'), "\0code\0"),
    (re.compile(r"(?<=<dc:title>)[^<]*"), "\0title\0"),
    (re.compile(r"(?<=<dc:subject>)[^<]*"), "\0subject\0"),
    (re.compile("(?<=<sheetData>)"), "\0rows\0"),
    (re.compile("(?<=</sheetData>)(<sheetProtection [^>]*/>)?"), "\\1\0ranges\0"),
    (re.compile(r"<definedNames>.*</definedNames>"), "<definedNames>\0names\0</definedNames>"),
    (re.compile(r"(?<=<vt:i4>)\d+(?=</vt:i4></vt:variant></vt:vector></HeadingPairs>)"), "\0name count\0"),
    (re.compile(r'(?<=<TitlesOfParts><vt:vector size=")\d+'), "\0part count\0"),
    (re.compile(r"(<vt:lpstr>[^<]*</vt:lpstr>)+(?=</vt:vector></TitlesOfParts>)"), "\0parts\0"),
)
"""Where a part has what is a book's own."""
_STAND_IN = "stands_in"


class FramedBook(Book):
    """Any of its methods may raise Unusual."""

    def __init__(self, title: str = "", *, subject: str = "") -> None:
        self._facts = {"title": clean_cell_text(title), "subject": clean_cell_text(subject)}
        self._sheets: list[FramedSheet] = []
        self._shared = Shared()
        self._locked = False

    def __getattr__(self, name: str) -> NoReturn:
        """There is no workbook of XlsxWriter behind it."""
        raise Unusual(name) if name == "raw" else AttributeError(name)

    def sheet(self, title: str, hidden: bool = False, very_hidden: bool = False) -> FramedSheet:
        """As in any book."""
        self._sheets.append(FramedSheet(self._shared, title, (("hidden", hidden), ("very_hidden", very_hidden))))
        return self._sheets[-1]

    def lock_structure(self, password: str) -> None:
        """As in any book."""
        self._locked = True
        self._shared.set_password(password)

    def define_name(self, name: str, sheet: Sheet, row: int, col: int) -> None:
        """As in any book, where Excel is known to take the name."""
        if not isinstance(sheet, FramedSheet):
            raise Unusual
        sheet.names.append(_write_name(name, sheet.title, row, col))

    def bytes(self) -> bytes:
        """The finished workbook."""
        contents = [{"rows": sheet.write_rows(), "ranges": sheet.write_ranges()} for sheet in self._sheets]
        frame = self._find_frame()
        own = self._list_own(frame)
        return join_entries(self._write_part(name, frame.parts[name], own, contents) for name in frame.parts)

    def _list_own(self, frame: _Frame) -> dict[str, str]:
        """Hole → what this book has in it, on whichever part."""
        names = sorted((*frame.names, *chain.from_iterable([sheet.names for sheet in self._sheets])))
        _, tags, parts, folded = zip(*names, strict=True) if names else ((), (), (), ())
        if not names or len({*folded}) != len(names):
            raise Unusual
        return {
            **{fact: escape_content(text) for fact, text in self._facts.items()},
            "code": encode_password(self._shared.password),
            "names": "".join(tags),
            "name count": str(len(names)),
            "part count": str(len(frame.titles) + len(names)),
            "parts": "".join((*frame.titles, *parts)),
        }

    def _write_part(
        self, name: str, part: _Holed | ZipEntry, own: Mapping[str, str], contents: Sequence[Mapping[str, str]]
    ) -> ZipEntry:
        if name == _STRINGS:
            text_count = sum(content["rows"].count(TEXT_CELL) for content in contents)
            return compress_part(name, write_strings(self._shared.texts, text_count).encode())
        if name == _STYLES:
            return _compress_known(name, _write_styles(self._shared.looks.first, self._shared.tints.first))
        if isinstance(part, ZipEntry):
            return part
        if number := _SHEET.fullmatch(name):
            own = {**own, **contents[int(number[1]) - 1]}
        text = "".join([own[piece] if hole else piece for hole, piece in part])
        return _compress_known(name, text) if name == _APP else compress_part(name, text.encode())

    def _find_frame(self) -> _Frame:
        sheets = tuple((sheet.title, *sheet.list_calls()) for sheet in self._sheets)
        key = tuple(map(bool, self._facts.values())), self._locked, sheets
        return _FRAMES.find(key) or _FRAMES.keep(
            key, _draw_frame(self._facts, self._shared.password if self._locked else "", sheets)
        )


@remember(_WEIGHT)
def _compress_known(name: str, text: str) -> ZipEntry:
    """A part that may be the same in the next book."""
    return compress_part(name, text.encode())


@lru_cache(1 << 13)
def _write_name(name: str, title: str, row: int, col: int) -> WrittenName:
    if not is_known_name(name):
        raise Unusual
    area = name_cell(title, row, col)
    tag = f'<definedName name="{escape_attribute(name)}">{escape_content(area)}</definedName>'
    part = _write_part_name(name)
    return WrittenName(_sort_key(name, area), tag, part, part.lower())


def _sort_key(name: str, area: str) -> str:
    """XlsxWriter's."""
    return name.replace("_xlnm.", "").lower() + "::" + area.lstrip("'").lower()


_Holed = Sequence[tuple[bool, str]]
"""Texts and names of holes in turn, with whether it is a hole."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The parts of a book without content: texts with holes, and what all such books have as it is."""

    parts: Mapping[str, _Holed | ZipEntry]
    titles: Sequence[str]
    """Tags of the sheets in the list of parts."""
    names: Sequence[WrittenName]
    """What is printed of the sheets, and repeated on each page."""


_FRAMES = Recent[_Frame](_WEIGHT)


def _draw_frame(facts: Mapping[str, str], password: str, sheets: Sequence[tuple[str, Settings, Calls]]) -> _Frame:
    book = Book(facts["title"], subject=facts["subject"])
    for title, made, calls in sheets:
        sheet = book.sheet(title, **dict(made))
        for method, given, named in calls:
            getattr(sheet, method)(*given, **dict(named))
    book.define_name(_STAND_IN, sheet, 0, 0)
    book.raw.str_table._get_shared_string_index(_STAND_IN)
    if password:
        book.lock_structure(password)
    parts: dict[str, _Holed | ZipEntry] = {}
    with zipfile.ZipFile(io.BytesIO(book.bytes())) as package:
        for name in package.namelist():
            cut = package.read(name).decode()
            for pattern, hole in _CUTS:
                cut = pattern.sub(hole, cut)
            pieces = [(bool(at % 2), piece) for at, piece in enumerate(cut.split("\0"))]
            parts[name] = pieces if len(pieces) > 1 else compress_part(name, cut.encode())
    names = [_describe_name(book, one) for one in book.raw.defined_names if one[0] != _STAND_IN]
    titles = [_write_part_name(sheet.name) for sheet in book.raw.worksheets() if sheet.hidden != 2]
    return _Frame(parts, titles, names)


def _describe_name(book: Book, defined: Any) -> WrittenName:
    written = io.StringIO()
    book.raw._set_filehandle(written)
    book.raw._write_defined_name(defined)
    [part] = book.raw._extract_named_ranges([defined])
    listed = _write_part_name(part)
    return WrittenName(_sort_key(defined[0], defined[2]), written.getvalue(), listed, listed.lower())


def _write_part_name(name: str) -> str:
    return f"<vt:lpstr>{escape_content(name)}</vt:lpstr>"


def _write_styles(looks: Sequence[StyleSpec], tints: Sequence[Tint]) -> str:
    """The part of the styles. A format with a text of its own, a unit say, stands in it as it is and decides nothing else."""
    own: dict[str, int] = {}
    key = (
        tuple(
            _hide_format(look, own.setdefault(look.number_format, len(own))) if '"' in look.number_format else look
            for look in looks
        ),
        tuple(tints),
    )
    part = _STYLE_PARTS.find(key) or _STYLE_PARTS.keep(key, _draw_styles(*key))
    formats = [escape_attribute(text) for text in own]
    return _HOLE.sub(lambda hole: formats[int(hole[1])], part)


_STYLE_PARTS = Recent[str](_WEIGHT)


@lru_cache(1 << 10)
def _hide_format(look: StyleSpec, number: int) -> StyleSpec:
    return look.but(number_format=f"\0{number}\0")


def _draw_styles(looks: Sequence[StyleSpec], tints: Sequence[Tint]) -> str:
    book = Book()
    for look in looks:
        book.find_format(look)._get_xf_index()
    for tint in tints:
        book.find_format(tint)._get_dxf_index()
    with zipfile.ZipFile(io.BytesIO(book.bytes())) as package:
        return package.read(_STYLES).decode()
