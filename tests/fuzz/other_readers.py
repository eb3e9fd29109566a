"""What programs that are not ours read of a file: openpyxl of an .xlsx, calamine of .xls and .ods, whose cells we read otherwise."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from typing import Any, Final
from zipfile import ZipFile

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.oxml.simpletypes import ST_Merge
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from workbook_tools.excel.binary_extent import check_extent
from workbook_tools.excel.opendocument import is_opendocument


class Unopened(Exception):
    """The second reader does not open the file, as something that we do not read is damaged; or there is no second reader."""


class _Other:
    """A date or another value that each program shows in its own way."""

    def __repr__(self) -> str:
        return "a date"


A_DATE: Final = _Other()
Cells = dict[tuple[str, str], "float | str | bool | _Other"]
"""Sheet and address → value, of the cells that hold something."""


def read_formulas_too(data: bytes) -> Cells:
    """An .xlsx as openpyxl reads it; a formula is its text with ``=``. Raises Unopened."""
    return _read_with_openpyxl(data, values=False)


def read_cells(data: bytes) -> Cells:
    """A workbook's values, of a formula what it showed. Raises Unopened."""
    if data.startswith(b"PK") and b"xl/workbook.xml" in data:
        return _read_with_openpyxl(data, values=True)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"PK")):
        return _read_with_calamine(data)
    raise Unopened


def read_table_texts(data: bytes) -> list[str]:
    """The texts of the cells of a .docx as python-docx reads them, but for those that are merged away. Raises Unopened."""
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        shown = (cell for cell in body.iter(qn("w:tc")) if cell.vMerge != ST_Merge.CONTINUE)
        return [_read_words(cell) for cell in shown]
    except Exception as exc:
        raise Unopened from exc


def _read_words(cell: Any) -> str:
    """All text of a cell but that of tables in it; python-docx itself leaves out what stands in marked or inserted runs."""
    places = qn("w:tc"), qn("w:r")  # a paragraph in a run is not seen
    paragraphs = [p for p in cell.iter(qn("w:p")) if next(p.iterancestors(*places)) is cell]
    return "\n".join(
        "".join(text.text or "" for text in p.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is p)
        for p in paragraphs
    )


def _read_with_openpyxl(data: bytes, *, values: bool) -> Cells:
    try:
        _refuse_names_that_differ_in_case(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
            return {place: _plain(_unescape(value)) for place, value in _list_cells(book) if value not in (None, "")}
    except Exception as exc:  # whatever its libraries stumble over
        raise Unopened from exc


def _refuse_names_that_differ_in_case(data: bytes) -> None:
    """Part names are the same whatever their case (ECMA-376 part 2, 6.2.2.3, and Excel reads them); to openpyxl the part is not
    there, and its sheet has no cells."""
    with ZipFile(io.BytesIO(data)) as package:
        names = {piece for name in package.namelist() for piece in name.split("/")}
        said = "".join(package.read(name).decode() for name in package.namelist() if name.lower().endswith(".rels"))
    targets = {piece for target in re.findall('Target="([^"]*)"', said) for piece in target.split("/")}
    if {piece.lower() for piece in targets - names} & {name.lower() for name in names}:
        raise Unopened


def _unescape(value: Any) -> Any:
    """The underline that is written as ``_x005F_``: openpyxl knows it in the table of texts only."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def _list_cells(book: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # else it goes by what the file says
        for row in sheet.rows:
            for cell in row:
                if cell.value is not None:
                    yield (sheet.title, cell.coordinate), cell.value


def _read_with_calamine(data: bytes) -> Cells:
    cells: Cells = {}
    try:
        if not is_opendocument(data):
            check_extent(data)  # what xlrd does not need to be told, calamine allots
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for title in book.sheet_names:
            for row, values in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False), 1):
                cells |= {
                    (title, f"{get_column_letter(col)}{row}"): _plain(v) for col, v in enumerate(values, 1) if v != ""
                }
    except BaseException as exc:  # a panic of Rust is no Exception
        if isinstance(exc, KeyboardInterrupt):
            raise
        raise Unopened from exc
    return cells


def _plain(value: Any) -> float | str | bool | _Other:
    match value:
        case bool() | str():
            return value
        case int() | float():
            return float(value)
    return A_DATE
