"""The only door to workbooks that come back (.xlsx, .xlsm): values, formulas, names, protection.

Made for folders of a hundred thousand files: a sheet is parsed when it is first asked for, its formulas and
locks only if they are. All is read from the XML in one pass; values that are written in an unusual way are left to calamine.

A file that cannot be read raises :class:`UnreadableWorkbook` with a FILE code. As reading is lazy, any question can
raise it, not only :func:`open_workbook`: keep the whole of reading one file in one ``try``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from workbook_tools.core.cells import Place, address
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.recent import remember
from workbook_tools.excel import sheetxml
from workbook_tools.excel.bare_copy import write_bare_copy
from workbook_tools.excel.cell_looks import CellLook, Looks, Tinting, find_plain_styles, read_looks
from workbook_tools.excel.cell_notes import read_comments, read_text_boxes
from workbook_tools.excel.defined_names import NamedCells, find_named, read_target
from workbook_tools.excel.drawn_objects import DrawnObject, read_objects
from workbook_tools.excel.print_areas import PrintArea, find_print_areas
from workbook_tools.excel.rich_runs import RichParts, RichTexts
from workbook_tools.excel.sheet_frame import LowRows, SheetFrame
from workbook_tools.excel.sheet_grammar import PlainSheet, read_plainly
from workbook_tools.excel.sheet_pass import Skeleton, build_grid, find_skeleton, list_contents
from workbook_tools.excel.string_grammar import read_strings_plainly, read_texts
from workbook_tools.excel.workbook_grammar import BookSettings, check_types, read_outline
from workbook_tools.excel.written_cells import ERROR, ODD, SHARED
from workbook_tools.files.package import MAX_BYTES, Package, damage, not_a_workbook, read_file, unreadable
from workbook_tools.files.properties import FileProperties, read_package_properties

CellValue = float | str | bool | None
"""What :meth:`RawWorkbook.value` says of a cell."""

_PARTS = ("sharedStrings", "styles", "theme")
"""Parts of which a workbook has one each."""
_OTHER_DOCUMENTS = {"document": "Word 文档", "presentation": "演示文稿"}
_ACTIVE = ("xl/macrosheets/", "xl/activex/")
_EMBEDDED = {
    "xl/embeddings/": "嵌入的对象（OLE）",
    "customui/": "自定义功能区（customUI）",
    "xl/webextensions/": "网页加载项",
    "xl/model/": "数据模型",
    "xl/richdata/": "单元格里的图片或联网数据",
}
"""Folders of parts that are not of the cells, and how they are called to a reader."""
_OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_SERVER = re.compile(r"(?i)(?:file:)?[/\\]{2,}")
"""A file on a server, whose address alone makes Windows send the user's sign-on there; also ``file:///C:/…``."""
_BYTES_OF_CELL = 200
"""Of a file that may be larger than others: for so many more bytes a sheet may have one more cell."""
MAX_AREA, MAX_CELLS = 4_000_000, 600_000
"""Of all sheets of a file that are read: cells from A1 to the last filled one, which calamine allots; and cells in the file,
those without content too."""
_KNOWN_LOOKS = 5_000
"""Cells of a sheet whose look is kept."""
_CELL = b"<c "
"""What each cell has."""


def open_workbook(
    path: Path, *, data: bytes | None = None, max_sheet: int = MAX_BYTES, most: int = MAX_BYTES, alike: bool = False
) -> RawWorkbook:
    """Open a workbook; ``data`` is the file's content where it is at hand already (a member of a zip).

    A sheet of more than ``max_sheet`` bytes of XML is refused when it is asked for, a file of more than ``most`` at once. What one of many
    that are ``alike`` has in common with those before it is not read again; a single one is read faster without that.

    Raises UnreadableWorkbook: FILE01 no workbook, FILE02 empty, FILE03 damaged, FILE04 encrypted,
    FILE10 an older or other format, FILE11 too large, FILE12 cannot be opened.
    """
    book = RawWorkbook(Package(read_file(path) if data is None else data, most), max_sheet, alike=alike)
    book.most_cells += max(0, most - MAX_BYTES) // _BYTES_OF_CELL
    return book


class RawWorkbook:
    """An opened workbook.

    Every question raises UnreadableWorkbook where the file turns out to be damaged, and KeyError for
    a sheet that the workbook does not have.
    """

    def __init__(self, package: Package, max_sheet: int = MAX_BYTES, *, alike: bool = False) -> None:
        main = package.only_part(package.relations(""), "officeDocument")
        if main not in package:
            raise not_a_workbook()
        self._package, xml = package, package.read(main)
        with damage():
            self._outline = read_outline(xml)
        if self._outline.kind != "workbook":
            raise not_a_workbook(_OTHER_DOCUMENTS.get(self._outline.kind, ""))
        relations = package.relations(main)
        self._part_of_kind = {kind: package.only_part(relations, kind) for kind in _PARTS}
        check_types(package, main, self._part_of_kind["sharedStrings"])
        self._max_sheet, self._alike = max_sheet, alike
        self.most_cells = MAX_CELLS
        """Cells of a sheet that is read piece by piece."""
        self._hidden: set[str] = set()
        self._parts: dict[str, str] = {}
        targets = {r.id: r.part if r.kind == "worksheet" else "" for r in relations}
        taken: set[str] = set()
        for title, relation, seen in self._outline.sheets:
            part = targets.get(relation, "")
            if part in taken:
                raise unreadable("FILE03")  # one part read as a thousand sheets takes a thousand times its memory
            taken |= {part} - {""}
            self._parts[title] = part
            if not seen:
                self._hidden.add(title)
        self._area = self._bytes = self._cell_count = 0
        self._uncounted: list[bytes] = []
        """Sheets of which the cells were not counted."""
        self._rich = RichParts()
        """Those of which it was not asked yet which texts have several formats."""
        self._plain: dict[str, PlainSheet] = {}
        self._skeletons: dict[str, Skeleton] = {}
        self._formulas: dict[str, sheetxml.Formulas] = {}
        self._contents: dict[str, list[CellValue] | None] = {}
        self._values: dict[str, Mapping[tuple[int, int], CellValue] | None] = {}
        self._grids: dict[str, list[list[Any]]] = {}
        self._looks_of: dict[str, Callable[[int, int], CellLook]] = {}
        self._errors: dict[str, Mapping[tuple[int, int], str]] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        """Titles in order, hidden sheets included."""
        return tuple(self._parts)

    @property
    def has_controls(self) -> bool:
        """Macro sheets of Excel 4, or controls that run code, are inside."""
        return any(part.startswith(_ACTIVE) for part in self._package)

    def vba_projects(self) -> list[bytes]:
        """Every VBA project inside; an empty one stands for one that can't be taken out."""
        projects = []
        for part in self._package:
            if part.endswith("vbaproject.bin"):
                try:
                    projects.append(self._package.read(part))
                except UnreadableWorkbook:
                    projects.append(b"")
        return projects

    def links_outside(self) -> bool:
        """Links to other workbooks or programs, data connections, or hyperlinks to files on a server are inside."""
        return any(part.startswith(_OUTSIDE) for part in self._package) or any(
            relation.outside and _SERVER.match(relation.part)
            for part in self._parts.values()
            for relation in self._package.relations(part)
        )

    def list_embedded(self) -> list[str]:
        """What is inside that belongs to no cell and may do something by itself, or is fetched from elsewhere."""
        found = [name for folder, name in _EMBEDDED.items() if any(part.startswith(folder) for part in self._package)]
        drawings = [part for part in self._package if part.startswith("xl/drawings/") and part.endswith(".xml")]
        pictures = (r for part in drawings for r in self._package.relations(part) if r.outside and r.kind == "image")
        return [*found, *(["外部图片"] if any(pictures) else [])]

    @property
    def names(self) -> Mapping[str, Place]:
        """Defined names that point to one cell, or to merged cells: then to the first of them.

        A name of a single sheet counts only where the workbook's own is broken: a copied sheet brings such names along.
        """
        return self.named.places

    @cached_property
    def named(self) -> NamedCells:
        """The defined names; workbooks that are alike in them, and in the merges they point to, mostly share them."""
        return find_named(self._outline, self._merged_cells)

    def shadowing_names(self, sheets: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Names of one of these sheets that the workbook has too, for another cell: name, sheet, where the sheet's own points."""
        for name, target, number in self._outline.names:
            if number is None:
                continue
            sheet = self.sheets[int(number)] if number.isdecimal() and int(number) < len(self.sheets) else ""
            pointed = read_target(target)
            if name in self.names and sheet in sheets and (pointed is None or pointed[0] != self.names[name]):
                yield name, sheet, target

    @property
    def print_areas(self) -> Mapping[str, PrintArea]:
        """What is printed of the sheets of which not all is."""
        titles, areas = list(self.sheets), find_print_areas(self._outline.names)
        return {titles[number]: area for number, area in areas.items() if number < len(titles)}

    @property
    def broken_names(self) -> frozenset[str]:
        """Defined names whose cell was deleted."""
        return self.named.broken

    def value(self, place: Place) -> CellValue:
        """What the cell holds; for a formula, what it showed when the file was saved.

        Numbers are floats; dates and times are ISO texts; blank cells, empty texts, error values (#N/A) and cells
        outside the used range are None.
        """
        known = self._known_values(place.sheet)
        if known is not None:
            return None if (found := known.get((place.row, place.col))) == "" else found
        try:
            found = self._cells(place.sheet)[place.row][place.col]
            return found or None if type(found) is str else _convert_value(found)
        except IndexError:
            return None

    def _known_values(self, sheet: str) -> Mapping[tuple[int, int], CellValue] | None:
        """The values of a sheet by row and column; ``None`` where they are to be found in its grid."""
        if sheet not in self._values:
            contents = self.contents(sheet) if self._parts[sheet] else None
            places = self.skeleton(sheet).places if contents is not None else ()
            self._values[sheet] = None if contents is None else dict(zip(places, contents, strict=True))
        return self._values[sheet]

    def error(self, place: Place) -> str | None:
        """The error value (#N/A) that the cell shows, if it shows one."""
        return self.errors(place.sheet).get((place.row, place.col))

    def row_count(self, sheet: str) -> int:
        """How many rows of a sheet are in use, from the first one on."""
        return len(self._cells(sheet))

    def column_count(self, sheet: str) -> int:
        """How many columns of a sheet are in use, from the first one on."""
        return max(map(len, self._cells(sheet)), default=0)

    def _cells(self, sheet: str) -> list[list[Any]]:
        grid = self._grids.get(sheet)
        if grid is None:
            grid = self._grids[sheet] = self._grid(sheet)
        return grid

    def rows(self, sheet: str) -> Sequence[Sequence[Any]]:
        """A sheet's values as they are, from A1 on: numbers, texts, truth values, dates; ``""`` where there is none."""
        return self._cells(sheet)

    def errors(self, sheet: str) -> Mapping[tuple[int, int], str]:
        """The error values (#N/A) of a sheet, by row and column."""
        if sheet not in self._errors:
            plain = self._plain_sheet(sheet)
            none = plain.lines is not None and ERROR not in plain.kinds
            with damage():
                self._errors[sheet] = {} if none else sheetxml.read_errors(plain.xml)
        return self._errors[sheet]

    def merges(self, sheet: str) -> tuple[tuple[int, int, int, int], ...]:
        """The merged cells of a sheet: first row and column, last row and column."""
        spans = sorted(self._merged_cells(sheet))
        with damage():
            return sheetxml.Areas.of(" ".join(spans)).spans

    def number_formats(self, sheet: str) -> Callable[[int, int], str]:
        """Row and column → the cell's number format (``0.00%``), blank for General."""
        look_at = self.looks_of(sheet)
        return lambda row, col: look_at(row, col).number_format

    def looks_of(self, sheet: str) -> Callable[[int, int], CellLook]:
        """Row and column → how the cell looks."""
        if sheet not in self._looks_of:
            self._looks_of[sheet] = _look_at(self.styles_of(sheet), self.looks)
        return self._looks_of[sheet]

    @cached_property
    def looks(self) -> Looks:
        """How cells look, by the number of their style."""
        part = self._part_of_kind["styles"]
        theme = self._part_of_kind["theme"]
        xml = [self._package.read(one) if one in self._package else b"" for one in (part, theme)]
        with damage():
            return read_looks(*xml)

    @property
    def rich_texts(self) -> RichTexts:
        """The texts that have several formats in cells of the sheets that were read; mostly none has."""
        with damage():
            return self._rich_parts.find(self.looks.colours)

    @property
    def has_faint_texts(self) -> bool:
        """Part of one may be in a format that is not read on a light ground, or strikes it out."""
        with damage():
            return bool(self._rich_parts) and self._rich_parts.may_be_faint(self.looks.colours)

    @property
    def _rich_parts(self) -> RichParts:
        _ = self._strings
        return self._rich

    def look(self, place: Place) -> CellLook:
        """How a cell looks."""
        return self.looks_of(place.sheet)(place.row, place.col)

    def frame(self, sheet: str, is_known: Callable[[Tinting], bool]) -> SheetFrame:
        """What lies around the cells of a sheet: columns, merges, conditional formats, checks of what is typed.

        Where all conditional formats change only what ``is_known`` they are not listed.
        """
        skeleton = self.skeleton(sheet)
        with damage():
            return skeleton.frame(plain_rules=all(map(is_known, self.looks.tints)))

    def low_rows(self, sheet: str) -> LowRows:
        """The rows of a sheet that are hidden, or too low to be read."""
        return self.skeleton(sheet).low_rows

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """The columns of a sheet that are hidden, or too narrow to be read."""
        return self.skeleton(sheet).hidden_columns

    def comments(self, sheet: str) -> dict[tuple[int, int], str]:
        """The comments (批注) of a sheet, by row and column."""
        return read_comments(self._package, self._parts[sheet])

    def text_boxes(self, sheet: str) -> dict[tuple[int, int], str]:
        """The texts of boxes over a sheet, by row and column of the cell in which each begins."""
        return read_text_boxes(self._package, self._parts[sheet])

    def draws(self, sheet: str) -> bool:
        """Something is drawn on a sheet, be it seen or not."""
        return any("drawing" in relation.kind.lower() for relation in self._package.relations(self._parts[sheet]))

    def objects(self, sheet: str, frame: SheetFrame) -> list[DrawnObject]:
        """What is drawn over the cells of a sheet with that frame, and seen."""
        with damage():
            return read_objects(self._package, self._parts[sheet], frame)

    @property
    def properties(self) -> FileProperties:
        """What the file says of itself."""
        return read_package_properties(self._package)

    @property
    def settings(self) -> BookSettings:
        """How the workbook is calculated and shown."""
        return self._outline.settings

    def formula(self, place: Place) -> str | None:
        """The cell's formula without ``=``, a shared formula as it reads in this cell; None if the cell has none."""
        return self.sheet_formulas(place.sheet).get((place.row, place.col))

    def filling_formula(self, place: Place) -> str | None:
        """The formula that the cell's value comes of: its own, or one of another cell that fills this one too (array formulas, data tables)."""
        return self.formula(place) or self.sheet_formulas(place.sheet).find_spread((place.row, place.col))

    def sheet_formulas(self, sheet: str) -> sheetxml.Formulas:
        """All formulas of a sheet, by row and column."""
        formulas = self._formulas.get(sheet)
        if formulas is None:
            skeleton = self.skeleton(sheet)
            with damage():
                formulas = self._formulas[sheet] = skeleton.formulas
        return formulas

    def uncomputed(self, sheet: str) -> dict[tuple[int, int], str]:
        """The formulas of a sheet that no program has computed, by row and column, with ``=``: nothing is stored of what they come to."""
        places = sheetxml.find_uncomputed(self._sheet_xml(sheet))
        formulas = self.sheet_formulas(sheet) if places else {}
        return {place: f"={formulas[place]}" for place in places if place in formulas}

    def hidden(self, sheet: str) -> bool:
        """The sheet is hidden, or very hidden."""
        if sheet not in self._parts:
            raise KeyError(sheet)
        return sheet in self._hidden

    def protected(self, sheet: str) -> bool:
        """The sheet's protection is switched on."""
        return self.skeleton(sheet).protected

    def locked(self, place: Place) -> bool:
        """The cell is locked, which counts while its sheet is protected."""
        return self.look(place).locked

    def styles_of(self, sheet: str) -> sheetxml.CellStyles:
        """Which number of a style stands where."""
        skeleton = self.skeleton(sheet)
        with damage():
            return skeleton.styles

    def validated(self, place: Place) -> bool:
        """The cell checks what is typed into it (a list, a number); a prompt alone does not count."""
        skeleton = self.skeleton(place.sheet)
        with damage():
            return (place.row, place.col) in skeleton.validated

    def skeleton(self, sheet: str) -> Skeleton:
        """All of a sheet but what its cells hold; sheets that are alike in it mostly share it."""
        skeleton = self._skeletons.get(sheet)
        if skeleton is None:
            skeleton = self._skeletons[sheet] = find_skeleton(self._plain_sheet(sheet))
        return skeleton

    def _merged_cells(self, sheet: str) -> frozenset[str]:
        return self.skeleton(sheet).merged

    def _sheet_xml(self, sheet: str) -> bytes:
        """The sheet's XML in plain form."""
        return self._plain_sheet(sheet).xml

    def _plain_sheet(self, sheet: str) -> PlainSheet:
        """The sheet in plain form; nothing for a chart that is a sheet of its own."""
        if sheet not in self._plain:
            part = self._parts[sheet]
            xml = self._package.read(part) if part else b""
            if len(xml) > self._max_sheet:
                raise unreadable("FILE11", f"工作表“{sheet}”的内容过多")
            plain = self._plain[sheet] = self._read_plainly(xml, sheet) if part else PlainSheet(xml)
            if plain.xml != xml:  # the plain form has lost the formats of parts of a text
                self._rich.add(xml)
        return self._plain[sheet]

    def _read_plainly(self, xml: bytes, sheet: str) -> PlainSheet:
        """The XML in the one spelling that all read alike; what would be too much for the whole file is refused."""
        read = self._bytes + len(xml)
        cells = self._count_cells() + xml.count(_CELL) if read > MAX_CELLS * len(_CELL) else 0
        if cells > MAX_CELLS:
            raise unreadable("FILE31", f"连同工作表“{sheet}”有 {cells} 个单元格，超过 {MAX_CELLS}")
        with damage():
            plain = read_plainly(xml, sheet, alike=self._alike)
        area = self._area + plain.rows * plain.columns
        if area > MAX_AREA:
            last = address(plain.rows - 1, plain.columns - 1)
            raise unreadable("FILE31", f"工作表“{sheet}”的内容一直延伸到 {last}，范围过大")
        self._area, self._bytes = area, read
        if cells:
            self._cell_count = cells
        else:
            self._uncounted.append(xml)
        return plain

    def _count_cells(self) -> int:
        """The cells of the sheets that were read. While these are so short that there cannot be too many, nobody asks."""
        self._cell_count += sum(xml.count(_CELL) for xml in self._uncounted)
        self._uncounted.clear()
        return self._cell_count

    def _grid(self, sheet: str) -> list[list[Any]]:
        """The sheet's values, from A1 on."""
        if not self._parts[sheet]:
            return []
        contents = self.contents(sheet)  # says what is wrong with this sheet, if the copy had to leave it out
        if contents is not None:
            return build_grid(self.skeleton(sheet).places, contents)
        number = self.sheets.index(sheet)
        with damage():
            return self._calamine.get_sheet_by_name(str(number)).to_python(skip_empty_area=False)

    def sheet_pieces(self, sheet: str, size: int) -> Iterator[bytes]:
        """A sheet's XML as it stands in the file, ``size`` bytes at a time; nothing for a chart."""
        return self._package.read_pieces(part, size) if (part := self._parts[sheet]) else iter(())

    def string_pieces(self, size: int) -> Iterator[bytes]:
        """The XML of the shared strings likewise; nothing where there are none."""
        part = self._part_of_kind["sharedStrings"]
        return self._package.read_pieces(part, size) if part else iter(())

    def read_cells(self, sheet: bytes, strings: bytes) -> tuple[tuple[int, int], list[list[CellValue]]]:
        """What cells in plain form hold in this workbook, as :meth:`value` says it: the first one's row and column, and the values from there on."""
        part = self._part_of_kind["styles"]
        others = {"sharedStrings": strings, **({"styles": self._package.read(part)} if part in self._package else {})}
        copy = write_bare_copy({"0": sheetxml.without_errors(sheet)}, others, self.settings.from_1904)
        with damage():
            read = CalamineWorkbook.from_filelike(copy).get_sheet_by_name("0")
            grid = read.to_python(skip_empty_area=True)
        return read.start or (0, 0), [[_convert_value(found) for found in row] for row in grid]

    def contents(self, sheet: str) -> list[CellValue] | None:
        """What is in each cell of a sheet, in the order of ``skeleton(sheet).places``; ``None`` where calamine must read it."""
        if sheet not in self._contents:
            self._contents[sheet] = self._list_contents(sheet)
        return self._contents[sheet]

    def _list_contents(self, sheet: str) -> list[CellValue] | None:
        plain = self._plain_sheet(sheet)
        lines, kinds = plain.lines, plain.kinds
        if lines is None or ODD in kinds:
            return None
        numbers = frozenset[int]().union(*[line.number_styles for line in lines])
        with suppress(UnreadableWorkbook):
            if not numbers or numbers <= find_plain_styles(self.looks):
                texts = self._texts if SHARED in kinds else []
                return list_contents(lines, texts) if texts is not None else None
        return None

    @cached_property
    def _texts(self) -> list[str] | None:
        """The shared texts; ``None`` where calamine must read them."""
        xml = self._strings
        return [] if xml is None else read_texts(xml)

    @cached_property
    def _strings(self) -> bytes | None:
        """The XML of the shared strings; ``None`` where there are none."""
        part = self._part_of_kind["sharedStrings"]
        xml = self._package.read(part) if part in self._package else None
        self._rich.add(xml or b"")
        return xml

    @cached_property
    def _calamine(self) -> CalamineWorkbook:
        """Calamine on a bare copy without compression: it inflates nothing itself, and meets no odd path or spelling.

        A sheet that cannot be read is left out: it may be one that nobody asks for.
        """
        sheets: dict[str, bytes] = {}
        for number, sheet in enumerate(self.sheets):
            if self._parts[sheet]:
                with suppress(UnreadableWorkbook):
                    sheets[str(number)] = sheetxml.without_errors(self._sheet_xml(sheet))
        others = {
            kind: self._package.read(part)
            for kind in ("sharedStrings", "styles")
            if (part := self._part_of_kind.get(kind, "")) in self._package
        }
        if "sharedStrings" in others:
            with damage():
                others["sharedStrings"] = read_strings_plainly(others["sharedStrings"])
        with damage():
            return CalamineWorkbook.from_filelike(write_bare_copy(sheets, others, self.settings.from_1904))


@remember(30_000)
def _look_at(styles: sheetxml.CellStyles, looks: Looks) -> Callable[[int, int], CellLook]:
    known: dict[tuple[int, int], CellLook] = {}

    def look_at(row: int, col: int) -> CellLook:
        place = row, col
        look = known.get(place)
        if look is None:
            look = looks.at(styles.at(row, col))
            if len(known) < _KNOWN_LOOKS:
                known[place] = look
        return look

    return look_at


def _convert_value(found: Any) -> CellValue:
    match found:
        case bool():
            return found
        case float() | int():
            return float(found) if math.isfinite(found) else str(found)
        case str():
            return found or None
        case datetime() | date() | clock():
            return found.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(found.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return None
