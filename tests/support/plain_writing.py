"""The same workbook by XlsxWriter alone: everything that writes directly is taken away for a while."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

from workbook_tools.core.cells import MAX_HEIGHT
from workbook_tools.core.tolerances import STORED
from workbook_tools.core.values import is_number
from workbook_tools.excel import packed_rows
from workbook_tools.excel.columns import Formatted, Link, choose_text_style
from workbook_tools.excel.cut_texts import cut_text, cut_to_height
from workbook_tools.excel.direct_parts import DirectPackager
from workbook_tools.excel.direct_sheet import DirectBook, DirectSheet
from workbook_tools.excel.styles import NAMED, StyleSpec
from workbook_tools.excel.tables import Table
from workbook_tools.excel.text_extent import fit_height, row_height
from workbook_tools.excel.writing import Book, Scalar, Sheet
from workbook_tools.workbooks import writing

_PACKING = "_get_packager", "_create_package"
"""What does not write a part, but gives them to our own zip."""


@contextmanager
def by_xlsxwriter_alone() -> Iterator[None]:
    """Inside the block no method of ours that writes stands before one of XlsxWriter's."""
    with pytest.MonkeyPatch.context() as patch:
        for ours, theirs in ((DirectSheet, Worksheet), (DirectBook, xlsxwriter.Workbook), (DirectPackager, Packager)):
            for name in [name for name in vars(ours) if not name.startswith("__")]:
                if hasattr(theirs, name) and name not in _PACKING:
                    patch.delattr(ours, name)
        patch.setattr(DirectBook, "add_known_format", lambda self, _, properties: self.add_format(properties))
        patch.setattr(Sheet, "write_cells", _write_one_by_one)
        patch.setattr(packed_rows, "LIVE", sys.maxsize)
        patch.setattr(writing, "FramedBook", Book)
        yield


def _write_one_by_one(sheet: Sheet, row: int, col: int, cells: Sequence[tuple[Scalar, Any]]) -> None:
    for at, (value, look) in enumerate(cells, col):
        sheet._write(row, at, value, look)


@contextmanager
def by_plain_tables() -> Iterator[None]:
    """Inside the block every row of a table is drawn cell by cell, its height found text by text, and nothing is remembered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "add", _add_plainly)
        patch.setattr(Sheet, "write_cells", _write_one_by_one)
        yield


def _add_plainly(table: Table[Any], record: object, lines: int = 1) -> int:
    row = table.next
    values = [_shorten(table, i, column.value(record)) for i, column in enumerate(table.columns)]
    numbers = {c.key: v for c, v in zip(table.columns, values, strict=True) if is_number(v)}
    for i, (column, value) in enumerate(zip(table.columns, values, strict=True)):
        style = table._styles[i]
        if column.rule is not None and is_number(value) and table._follows(column.rule, numbers, value):
            table.sheet.formula(row, i, table._formula(column.rule, row), style, value)
        elif column.adds and is_number(value) and STORED.same(sum(numbers.get(k, 0) for k in column.adds), value):
            area = f"{table.address(column.adds[0], row)}:{table.address(column.adds[-1], row)}"
            table.sheet.formula(row, i, f"=SUM({area})", style, value)
        else:
            _write_value(table, row, i, value, style)
    texts = [v if isinstance(v, str) else v.text if isinstance(v, Link) else "" for v in values]
    looks = map(choose_text_style, table._styles)
    needed = max(fit_height(text, c.width, look) for text, c, look in zip(texts, table.columns, looks, strict=True))
    table._set_height(row, max(min(needed, MAX_HEIGHT), row_height(lines)))
    table._numbers[row] = numbers
    table.last = row
    table.next += 1
    return row


def _shorten(table: Table[Any], col: int, value: Any) -> Any:
    style = table._styles[col]
    if table.columns[col].whole or not style.locked or not isinstance(value, str | Link):
        return value
    text = value if isinstance(value, str) else value.text
    text = cut_to_height(text, table.columns[col].width, choose_text_style(style), table._drawings[col].cut)
    return replace(value, text=text) if isinstance(value, Link) else text


def _write_value(table: Table[Any], row: int, col: int, value: Any, style: StyleSpec) -> None:
    if isinstance(value, Formatted):
        look = style.but(number_format=value.number_format, align="right")
        table.sheet.write(row, col, value.value, look)
    elif isinstance(value, Link) and value.target and table._links > 0:
        table._links -= 1
        look = NAMED["link"].but(wrap=style.wrap, align=style.align, size=style.size)
        table.sheet.link(row, col, value.target, cut_text(value.text), look)
    elif isinstance(value, str | Link):
        table.sheet.write(row, col, cut_text(value if isinstance(value, str) else value.text), choose_text_style(style))
    else:
        table.sheet.write(row, col, value, style)


def list_different_parts(draw: Callable[[], bytes]) -> list[str]:
    """The parts in which a workbook differs that is drawn twice, by us and by XlsxWriter alone; "" where the packages do."""
    ours = draw()
    with by_xlsxwriter_alone():
        theirs = draw()
    found = [
        name
        for name in {*read_parts(ours), *read_parts(theirs)}
        if read_parts(ours).get(name) != read_parts(theirs).get(name)
    ]
    return sorted(found) or ([""] if ours != theirs else [])


def read_parts(data: bytes) -> dict[str, bytes]:
    """Name → content of each part of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}
