"""A workbook that somebody else made, loaded to be filled in and saved again, with everything that openpyxl can carry over.

What it cannot is found in the package (``list_losses``), so that it can be told.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.exceptions import InvalidFileException

from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.cut_texts import cut_text
from workbook_tools.excel.repeated_rows import RepeatedRow
from workbook_tools.excel.row_insertion import Loaded
from workbook_tools.excel.stored_cells import TEXTS, StoredCells, sheet_part
from workbook_tools.excel.writing import Scalar
from workbook_tools.files.leftovers import gather_temporary_files
from workbook_tools.files.paths import AUTHOR, output_mark
from workbook_tools.files.zip_writing import compress_part, join_entries, pack_part

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LOST = {
    "图形、文本框": re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ >]"),
    "迷你图": re.compile(rb"<x14:sparklineGroup[ >]"),
    "数据条、图标集等新式条件格式": re.compile(rb"<x14:conditionalFormatting[ >]"),
    "引用其他工作表的数据验证": re.compile(rb"<x14:dataValidation[ >]"),
    "页眉页脚里的图片": re.compile(rb"<legacyDrawingHF[ >]"),
    "工作表背景": re.compile(rb"<picture[ >]"),
}
"""What openpyxl does not carry over, by its mark in the XML."""
_LOST_PARTS = {
    "xl/ctrlProps/": "按钮等窗体控件",
    "xl/slicers/": "切片器",
    "xl/activeX/": "ActiveX 控件",
    "xl/threadedComments/": "会话式批注",
    "xl/connections.xml": "数据连接",
}


def load_book(data: bytes) -> Loaded:
    """A workbook as openpyxl has it. Raises ValueError where it is none, or has a password."""
    with warnings.catch_warnings():
        # What it cannot carry over is told by list_losses, in the user's language.
        warnings.simplefilter("ignore", UserWarning)
        try:
            return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        except (zipfile.BadZipFile, InvalidFileException, KeyError) as exc:
            raise ValueError(str(exc)) from exc


def save_book(
    book: Loaded, kind: str, shown: Mapping[tuple[str, str], Scalar], repeated: Mapping[str, RepeatedRow]
) -> bytes:
    """The workbook as the Open XML SDK wants it, and the same bytes on every day; it is calculated when it is opened.

    ``kind`` says in its properties what of ours it is. ``shown`` are the results of formulas by title and cell, for whoever
    looks at it without a calculation; those of other formulas are stored where formualizer is installed.
    ``repeated`` has by title the rows that are written already.
    openpyxl writes the parts of a font in an order of its own, and the time of day into the properties.
    """
    buffer = io.BytesIO()
    book.properties.lastModifiedBy = AUTHOR
    book.properties.category = output_mark(kind)
    book.calculation.fullCalcOnLoad = True
    with gather_temporary_files():
        book.save(buffer)
    with zipfile.ZipFile(buffer) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/styles.xml"] = _FONT.sub(_order_parts, parts["xl/styles.xml"])
    parts["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z", parts["docProps/core.xml"])
    stored = StoredCells(parts, shown)
    packed = {}
    for number, sheet in enumerate(book.worksheets, 1):
        name = sheet_part(number)
        packed[name] = pack_part(name, stored.store(name, sheet.title, repeated.get(sheet.title)))
    packed[TEXTS] = pack_part(TEXTS, stored.texts())
    data = join_entries(packed.get(name) or compress_part(name, part) for name, part in parts.items())
    return data if stored.complete else _calculate(data)


def _calculate(data: bytes) -> bytes:
    """With the results of the formulas that somebody else wrote, as far as formualizer is there and knows them."""
    try:
        import formualizer
    except ImportError:
        return data
    try:
        return bytes(formualizer.recalculate_xlsx_bytes(data)["bytes"])
    except (OSError, RuntimeError, ValueError):
        return data  # they are calculated when it is opened


_FONT = re.compile(rb"(<font>)(.*?)(</font>)", re.DOTALL)
_FONT_PART = re.compile(rb"<(\w+)(?:\s[^>]*)?/>")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign", b"sz", b"color", b"name",
    b"family", b"charset", b"scheme",
)  # fmt: skip
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def _order_parts(font: re.Match[bytes]) -> bytes:
    parts = {part[1]: part[0] for part in _FONT_PART.finditer(font[2])}
    return font[1] + b"".join(parts[name] for name in _FONT_ORDER if name in parts) + font[3]


def list_losses(data: bytes) -> Iterator[str]:
    """What stands in the workbook and openpyxl does not carry over, in Chinese."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        parts = [package.read(name) for name in names if re.match(r"xl/(worksheets|drawings)/[^/]+\.xml", name)]
    for what, mark in _LOST.items():
        if any(mark.search(part) for part in parts):
            yield what
    yield from (what for folder, what in _LOST_PARTS.items() if any(name.startswith(folder) for name in names))
    if any(name.startswith("xl/media/") for name in names) and not _can_read_pictures():
        yield "图片（要保留图片，请安装 pillow）"
    elif any(name.lower().endswith((".emf", ".wmf")) for name in names):
        yield "EMF、WMF 格式的图片"


def _can_read_pictures() -> bool:
    from openpyxl.drawing.image import PILImage

    return bool(PILImage)


def find_texts(book: Loaded, pattern: re.Pattern[str]) -> Iterator[Any]:
    """The cells whose text holds the pattern, sheet by sheet, row by row."""
    for sheet in book.worksheets:
        for place in sorted(sheet._cells):
            cell = sheet._cells[place]
            if isinstance(cell.value, str | CellRichText) and pattern.search(str(cell.value)):
                yield cell


def write_value(cell: Any, value: Scalar) -> None:
    """A value; a text is never taken for a formula, nor a part of it for one of Excel's escapes."""
    if isinstance(value, str):
        text = _ESCAPE.sub("_x005F_", cut_text(clean_cell_text(value)))
        if text:
            cell.value, cell.data_type = text, "s"
            return
        value = None
    cell.value = value
