"""XlsxWriter's workbook and sheet, with what takes its time written directly: the same parts, byte for byte, in a fraction of it.

XlsxWriter asks of every cell, rule and name whatever could be asked, and puts each tag together from a list of attributes. A form
has some thousand cells, two hundred rules and three hundred names. Here the usual ones are written as texts; for anything else the
method that is overridden does it. So nothing is here that XlsxWriter does not do as well, and
``tests/excel/test_direct_sheet.py`` takes all of it away again and compares the workbooks.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import UrlTypes
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, RowInfo, Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from workbook_tools.core.cells import MAX_COLUMNS, MAX_ROWS, address, column_letters
from workbook_tools.excel.direct_parts import DirectPackager, PackedText
from workbook_tools.excel.packed_rows import AlikeRows, CellPacker, PackedRows, make_cell
from workbook_tools.files.zip_writing import join_entries, stream_entries

BLOCK = 16
"""Rows that XlsxWriter gives one statement of their first and last column."""
_MOST_KNOWN = 20_000
"""Names that are remembered to be such as Excel takes."""
_MOST_STYLES = 100
"""Parts of styles that are kept, some 12 KB each."""
LETTERS = tuple(column_letters(col) for col in range(MAX_COLUMNS // 16))
_RULE_OPTIONS = {"type", "criteria", "value", "format", "stop_if_true"}
_VALIDATION_OPTIONS = {
    "validate",
    "criteria",
    "source",
    "value",
    "minimum",
    "maximum",
    "ignore_blank",
    "error_title",
    "error_message",
    "input_title",
    "input_message",
}
TITLE_UNITS = 32
_MESSAGES = {
    "error_title": ("errorTitle", TITLE_UNITS),
    "error_message": ("error", 255),
    "input_title": ("promptTitle", TITLE_UNITS),
    "input_message": ("prompt", 255),
}
"""Option of a validation → its attribute, in their order in the tag, and the UTF-16 units that Excel takes."""
_MOST_LISTED, _MOST_LINKS = 255, 65_530
_XML = XMLwriter()
_AS_ERROR = ("error", None, UserWarning, None, 0)
"""What Python writes into its list of filters for such a block."""


@contextmanager
def warnings_as_errors() -> Iterator[None]:
    """XlsxWriter warns and goes on; inside the block it raises UserWarning instead. Within such a block another costs nothing."""
    if warnings.filters and warnings.filters[0] == _AS_ERROR:
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


@lru_cache(1 << 13)
def escape_attribute(text: str) -> str:
    """A text in quotation marks within a tag."""
    return str(_XML._escape_attributes(text))


@lru_cache(1 << 13)
def escape_content(text: str) -> str:
    """A text between tags, as XlsxWriter writes most of them."""
    return str(_XML._escape_control_characters(_XML._escape_data(text)))


@lru_cache(1 << 13)
def escape_text(text: str) -> str:
    """A formula or its result between tags."""
    return str(_XML._escape_data(text))


def _escape_formula(text: str) -> str:
    """A formula of a table names cells of its own row: none comes again."""
    return text if not ("&" in text or "<" in text or ">" in text) else escape_text.__wrapped__(text)


def number_text(value: float) -> str:
    """A number as a cell stores it: the shortest text that is this number again.

    >>> number_text(85.82), number_text(100.0), number_text(1e-7)
    ('85.82', '100', '1E-07')
    """
    return repr(float(value)).removesuffix(".0").upper()


def write_range(first_row: int, first_col: int, last_row: int, last_col: int) -> str:
    """B9:C12; B9 for a single cell."""
    first, last = address(first_row, first_col), address(last_row, last_col)
    return first if first == last else f"{first}:{last}"


def _is_area(first_row: int, first_col: int, last_row: int, last_col: int) -> bool:
    return 0 <= first_row <= last_row < MAX_ROWS and 0 <= first_col <= last_col < MAX_COLUMNS


def fits_units(text: str, units: int) -> bool:
    """Of the length in UTF-16; one of rare signs may be refused that has it."""
    return len(text) <= units and (not text or max(text) <= "\uffff")


def write_validation(options: Mapping[str, Any], place: str) -> str | None:
    """The tag of a list, a range of numbers or a prompt within Excel's limits; ``None`` for whatever else there is."""
    plain = options.keys() <= _VALIDATION_OPTIONS and options.get("ignore_blank")
    formulas = _write_limits(options) if plain else None
    if formulas is None:
        return None
    kind = f' type="{options["validate"]}"' if formulas else ""
    messages = "".join(
        f' {name}="{escape_attribute(options[key])}"' for key, (name, _) in _MESSAGES.items() if key in options
    )
    tag = f'<dataValidation{kind} allowBlank="1" showInputMessage="1" showErrorMessage="1"{messages} sqref="{place}"'
    return f"{tag}>{formulas}</dataValidation>" if formulas else f"{tag}/>"


def _write_limits(options: Mapping[str, Any]) -> str | None:
    """The formulas of a validation, ``""`` where it has none; ``None`` if it is not one of the usual ones."""
    if not all(fits_units(options[key], units) for key, (_, units) in _MESSAGES.items() if key in options):
        return None
    kind, source = options.get("validate"), options.get("source")
    if kind == "any":
        return "" if options.keys() & {"input_title", "input_message"} else None
    if kind == "list" and isinstance(source, list):
        listed = ",".join(map(str, source))
        quoted = escape_content('"' + listed + '"')
        return f"<formula1>{quoted}</formula1>" if fits_units(listed, _MOST_LISTED) else None
    if kind == "custom" and isinstance(options.get("value"), str):
        return f"<formula1>{escape_content(options['value'].removeprefix('='))}</formula1>"
    limits = options.get("minimum"), options.get("maximum")
    if kind == "decimal" and options.get("criteria") == "between" and None not in limits:
        least, most = (escape_content(limit.removeprefix("=")) if isinstance(limit, str) else limit for limit in limits)
        return f"<formula1>{least}</formula1><formula2>{most}</formula2>"
    return None


class Rule(NamedTuple):
    """A conditional format of the usual kind, but for its number and its look."""

    kind: str
    stop: str
    operator: str
    formula: str

    @property
    def tag(self) -> str:
        """The tag with holes for the number of its format and for its priority."""
        return self._replace(formula=self.formula.replace("%", "%%")).write("%d", "%d")

    def write(self, look: int | str, priority: int | str) -> str:
        """The tag; ``look`` is the number of its format."""
        return (
            f'<cfRule type="{self.kind}" dxfId="{look}" priority="{priority}"{self.stop}{self.operator}>'
            f"<formula>{self.formula}</formula></cfRule>"
        )


def find_rule(options: Mapping[str, Any]) -> Rule | None:
    """The rule with a format by a formula, or for a content that a cell equals; ``None`` for whatever else there is."""
    if not options.keys() <= _RULE_OPTIONS:
        return None
    stop = ' stopIfTrue="1"' if options.get("stop_if_true") else ""
    kind, criteria, value = options.get("type"), options.get("criteria"), options.get("value")
    if kind == "formula" and value is None:
        return Rule("expression", stop, "", escape_content(str(criteria).removeprefix("=")))
    if kind == "cell" and criteria == "==" and isinstance(value, str) and value.startswith('"'):
        return Rule("cellIs", stop, ' operator="equal"', escape_content(value))
    return None


TEXT_CELL = ' t="s"><v>'
"""How that begins for a text, and nothing else: between tags there is no ``>``."""


@lru_cache(1 << 12)
def write_string(index: int) -> str:
    """What stands in the tag of a cell behind its style, for a text of the table of shared strings."""
    return f"{TEXT_CELL}{index}</v></c>"


def write_number(value: float) -> str:
    """The same for a number."""
    return f"><v>{value:.16G}</v></c>"


def write_result(formula: str, value: Any) -> str | None:
    """The same for a formula (escaped) and its result; ``None`` if that is neither a number nor a text, or an error."""
    if isinstance(value, float):
        return f"><f>{formula}</f><v>{number_text(value)}</v></c>"
    if isinstance(value, str) and not value.startswith("#"):
        return f' t="str"><f>{formula}</f><v>{escape_text(value)}</v></c>'
    return None


class DirectSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A sheet in rows, columns and formats; its methods take no addresses like B9. What they do not write themselves raises where XlsxWriter warns."""

    fh: Any

    def __init__(self) -> None:
        super().__init__()
        packer = CellPacker()
        self.table = PackedRows(packer.pack, packer.unpack)
        self.hyperlinks = PackedRows()
        self.link_tags = PackedText()
        """The links of the rows that are written."""
        self.known_links: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self.row_info, self.row_sizes = AlikeRows(), AlikeRows()
        self.known_rows: dict[Hashable, tuple[RowInfo, list[Any]]] = {}
        """What is said of rows, once for all that are alike."""

    write_blank = Worksheet._write_blank
    write_number = Worksheet._write_number
    write_string = Worksheet._write_string

    def write_cells(self, row: int, col: int, cells: Sequence[tuple[str | float | None, Format]]) -> int:
        """Texts, numbers and empty cells beside each other, each with its format, as the three methods above write them one by one."""
        if self._check_dimensions(row, col) or self._check_dimensions(row, col + len(cells) - 1):
            return -1
        line, find_number = self.table[row], self.str_table._get_shared_string_index
        for at, (value, look) in enumerate(cells, col):
            if value is None:
                line[at] = make_cell(CellBlankTuple, (look,))
            elif not isinstance(value, str):
                line[at] = make_cell(CellNumberTuple, (value, look))
            elif len(value) <= self.xls_strmax // 2:
                line[at] = make_cell(CellStringTuple, (find_number(value), look))
            elif refused := self.write_string(row, at, value, look):
                return int(refused)
        return 0

    def write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> int:
        """XlsxWriter looks for functions of Excel 365 that fill several cells; no formula of ours has one."""
        if formula.startswith(("{", "={")):
            return int(super().write_formula(row, col, formula, cell_format, value))
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(self._prepare_formula(formula), cell_format, value)
        return 0

    def write_url(self, row: int, col: int, url: Any, cell_format: Any = None) -> int:
        """XlsxWriter warns of too many links."""
        with warnings_as_errors() if self.hlink_count >= _MOST_LINKS else nullcontext():
            return int(self._write_url(row, col, url, cell_format))

    def set_row_pixels(
        self, row: int, height: float | None = None, cell_format: Any = None, options: dict[str, Any] | None = None
    ) -> int:
        """Rows that are alike share what is said of them."""
        if self._check_dimensions(row, self.dim_colmin or 0):
            return -1
        told = options or {}
        size = self.default_row_height if height is None else height
        hidden, level, collapsed = told.get("hidden", False), told.get("level", 0), told.get("collapsed", False)
        if size == 0:
            size, hidden = self.default_row_height, True
        level = min(max(level, 0), 7)
        self.outline_row_level: int = max(self.outline_row_level, level)
        key = size, cell_format, hidden, level, collapsed
        if key not in self.known_rows:
            self.known_rows[key] = RowInfo(size, cell_format, hidden, level, collapsed), [size, hidden]
        self.row_info[row], self.row_sizes[row] = self.known_rows[key]
        return 0

    # -- ranges: as they are given they become the texts of their tags ------------------------------------------------------

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, data: Any, cell_format: Any = None
    ) -> int:
        """Empty cells of one format; what overlaps another range XlsxWriter refuses."""
        fitting = _is_area(first_row, first_col, last_row, last_col) and data is None and cell_format is not None
        area = (
            [(row, col) for row in range(first_row, last_row + 1) for col in range(first_col, last_col + 1)]
            if fitting
            else []
        )
        taken = not (self.merged_cells.keys().isdisjoint(area) and self.table_cells.keys().isdisjoint(area))
        if len(area) < 2 or taken:
            with warnings_as_errors():
                return int(super().merge_range(first_row, first_col, last_row, last_col, data, cell_format))
        self._check_dimensions(first_row, first_col)
        self._check_dimensions(last_row, last_col)
        blank = CellBlankTuple(cell_format)
        for row, col in area:
            self.table[row][col] = blank
        self.merged_cells |= dict.fromkeys(area, write_range(first_row, first_col, last_row, last_col))
        self.merge.append([first_row, first_col, last_row, last_col])
        return 0

    def _write_merge_cell(self, merged_range: tuple[int, int, int, int]) -> None:
        self.fh.write(f'<mergeCell ref="{write_range(*merged_range)}"/>')

    def conditional_format(
        self, first_row: int, first_col: int, last_row: int, last_col: int, options: Mapping[str, Any]
    ) -> int:
        """A rule by a formula, or for one content; other kinds XlsxWriter takes."""
        rule = find_rule(options) if options.get("format") else None
        if rule is None or not _is_area(first_row, first_col, last_row, last_col):
            with warnings_as_errors():
                return int(super().conditional_format(first_row, first_col, last_row, last_col, options))
        place = write_range(first_row, first_col, last_row, last_col)
        tag = rule.write(options["format"]._get_dxf_index(), self.dxf_priority)
        self.dxf_priority += 1
        self.cond_formats.setdefault(place, []).append(tag)
        return 0

    def _write_cf_rule(self, params: str | dict[str, Any]) -> None:
        if isinstance(params, str):
            self.fh.write(params)
        else:
            super()._write_cf_rule(params)

    def data_validation(
        self, first_row: int, first_col: int, last_row: int, last_col: int, options: Mapping[str, Any]
    ) -> int:
        """A list, a range of numbers or a prompt within Excel's limits; whatever else XlsxWriter takes or refuses."""
        fitting = _is_area(first_row, first_col, last_row, last_col)
        tag = write_validation(options, write_range(first_row, first_col, last_row, last_col)) if fitting else None
        if tag is None:
            with warnings_as_errors():
                return int(super().data_validation(first_row, first_col, last_row, last_col, dict(options)))
        self.validations.append(tag)
        return 0

    def _write_data_validation(self, options: str | dict[str, Any]) -> None:
        if isinstance(options, str):
            self.fh.write(options)
        else:
            super()._write_data_validation(options)

    # -- the sheet as it is written -----------------------------------------------------------------------------------------

    def _write_rows(self) -> None:
        """Each block of rows with its first and last column, counted from 1; a row that is written is let go of, and its links are written beside."""
        rows = sorted({*self.table, *self.row_info, *self.comments})
        for _, block in groupby(rows, lambda row: row // BLOCK):
            taken = {row: self.table.take(row) for row in block}
            cols = [col for row, cells in taken.items() for col in (*cells, *self.comments.get(row, ()))]
            span = f"{min(cols) + 1}:{max(cols) + 1}" if cols else None
            for row, cells in taken.items():
                self._write_links(row, cells)
                if cells:
                    self._write_row(row, span, self.row_info.get(row))
                    self._write_cells(row, cells)
                    self.fh.write("</row>")
                elif row in self.row_info or row in self.comments:
                    self._write_empty_row(row, span, self.row_info.get(row))

    def _write_links(self, row: int, cells: Mapping[int, Any]) -> None:
        """XlsxWriter asks of each link once more what stands in its cell."""
        sheet, self.fh = self.fh, self.link_tags
        for col, url in sorted(self.hyperlinks.take(row).items()):
            url._is_object_link = not isinstance(cells.get(col), CellStringTuple)
            if url._link_type is UrlTypes.INTERNAL:
                self._write_hyperlink_internal(row, col, url)
            else:
                self.rel_count += 1
                self._write_hyperlink_external(row, col, self.rel_count, url)
                link = "/hyperlink", url._target(), "External"
                self.external_hyper_links.append(self.known_links.setdefault(link, link))
        self.fh = sheet

    def _write_hyperlinks(self) -> None:
        if self.link_tags:
            self.fh.write("<hyperlinks>")
            for tags in self.link_tags:
                self.fh.write(tags)
            self.fh.write("</hyperlinks>")

    def _write_cells(self, row: int, cells: Mapping[int, Any]) -> None:
        """The cells of a row; those without a format of their own and the rare kinds XlsxWriter writes."""
        pieces: list[str] = []
        write, number = pieces.append, row + 1
        for col in sorted(cells):
            cell = cells[col]
            kind, look = type(cell), cell.format
            if not look or col >= len(LETTERS):
                self._write_rare(row, col, cell, pieces)
                continue
            style = look.xf_index
            head = f'<c r="{LETTERS[col]}{number}" s="{look._get_xf_index() if style is None else style}"'
            if kind is CellBlankTuple:
                write(f"{head}/>")
            elif kind is CellStringTuple:
                write(head + write_string(cell.string))
            elif kind is CellNumberTuple:
                write(head + write_number(cell.number))
            elif kind is CellFormulaTuple and (content := write_result(_escape_formula(cell.formula), cell.value)):
                write(head + content)
            else:
                self._write_rare(row, col, cell, pieces)
        self.fh.write("".join(pieces))

    def _write_rare(self, row: int, col: int, cell: Any, before: list[str]) -> None:
        """By XlsxWriter, behind what stands before it in its row."""
        self.fh.write("".join(before))
        before.clear()
        self._write_cell(row, col, cell)


def is_known_name(name: str) -> bool:
    """Excel has taken the name before."""
    return name in _NAMES


class DirectBook(xlsxwriter.Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook of such sheets. What looks alike in many workbooks is told once: formats, and the part of the styles."""

    known_styles: str | None = None
    """The part of the styles, if a workbook with these formats was written before."""

    def add_known_format(self, look: Hashable, properties: Mapping[str, Any]) -> Format:
        """The format of these properties. ``look`` stands for them: the same one always for the same."""
        if look not in _FORMATS:
            made = Format({**self.default_format_properties, **properties})
            made._get_format_key()
            made.look = look
            _FORMATS[look] = made
        copied = Format.__new__(Format)
        copied.__dict__.update(_FORMATS[look].__dict__)
        copied.xf_format_indices, copied.dxf_format_indices = self.xf_format_indices, self.dxf_format_indices
        self.formats.append(copied)
        return copied

    def define_name(self, name: str, formula: str) -> int:
        """A name that Excel has taken once it takes again."""
        if name in _NAMES:
            self.defined_names.append([name, -1, formula.lstrip("="), False])
            return 0
        with warnings_as_errors():
            refused = int(super().define_name(name, formula))
        if not refused and "!" not in name and len(_NAMES) < _MOST_KNOWN:
            _NAMES.add(name)
        return refused

    def _write_defined_name(self, defined_name: tuple[str, int, str, bool]) -> None:
        name, sheet, area, hidden = defined_name
        if sheet != -1 or hidden:
            super()._write_defined_name(defined_name)
        else:
            self.fh.write(f'<definedName name="{escape_attribute(name)}">{escape_content(area)}</definedName>')

    def _prepare_format_properties(self) -> None:
        self.styles_key = self._name_styles()
        self.known_styles = _STYLES.get(self.styles_key)
        if self.known_styles is None:
            super()._prepare_format_properties()

    def _name_styles(self) -> Hashable:
        """What the part of the styles follows from; ``None`` where there is a format that is not known."""
        used = [made for made in self.formats if made.xf_index or made.dxf_index is not None]
        if self.custom_colors or not all(hasattr(made, "look") for made in used):
            return None
        looks = tuple((made.look, made.xf_index, made.dxf_index) for made in used)
        return self.has_comments, tuple(sorted(self.default_format_properties.items())), looks

    def _get_packager(self) -> DirectPackager:
        self.packager = DirectPackager()
        return self.packager

    def pack(self) -> bytes:
        """The finished workbook, as all packages of ours are packed."""
        self.close()
        return join_entries(self.packager.take_entries())

    def pack_pieces(self) -> Iterator[bytes]:
        """The same, piece by piece, none of which is held."""
        self.close()
        return stream_entries(self.packager.take_entries())

    def keep_styles(self, part: str) -> None:
        """The part of the styles, drawn for the first time."""
        if self.styles_key is not None and len(_STYLES) < _MOST_STYLES:
            _STYLES[self.styles_key] = part


_FORMATS: dict[Hashable, Format] = {}
_NAMES: set[str] = set()
_STYLES: dict[Hashable, str] = {}
