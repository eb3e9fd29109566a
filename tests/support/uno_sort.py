"""Sorts and filters the lists of a workbook in LibreOffice; run by :func:`office.run_uno`, with uno's Python.

uno_sort.py LISTS.json WORKBOOK… → standard output: what a sort or a filter has torn, {"汇总.xlsx": ["汇总 sorted by 3: 概览!B5 …", …]}

LISTS.json has of each workbook its lists as [sheet, first column, heading's row, last column, last row], from 0. Every list is sorted by
each of its columns, downwards and upwards in turn, and filtered by what stands in its first record. What must hold: the records stay
whole, and every other cell shows what it showed; a filter may change totals of the list (SUBTOTAL) and nothing else.
"""

# ruff: noqa: T201 - its answer is what it prints

import json
import os
import sys
from pathlib import Path

import uno
from com.sun.star.sheet import TableFilterField
from com.sun.star.sheet.FilterOperator import EQUAL
from com.sun.star.table import TableSortField
from uno_fill import connect, properties


def read(document):
    """All that the sheets show, as rounded numbers and texts."""
    return {name: read_sheet(document.Sheets.getByName(name)) for name in document.Sheets.ElementNames}


def read_sheet(sheet):
    """The cells in use, row by row."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    address = cursor.RangeAddress
    area = sheet.getCellRangeByPosition(0, 0, address.EndColumn, address.EndRow)
    return [[round(v, 9) if isinstance(v, float) else v for v in row] for row in area.DataArray]


def split(rows, area):
    """The records of a list in an order of their own, and what stands elsewhere on its sheet."""
    left, top, right, bottom = area
    records = sorted(json.dumps(row[left : right + 1]) for row in rows[top + 1 : bottom + 1])
    return records, [
        [v for c, v in enumerate(row) if not (top < r <= bottom and left <= c <= right)] for r, row in enumerate(rows)
    ]


def tell_differences(before, now, name, area, *, totals=False):
    """Where the sheets show something else; ``totals`` may."""
    for sheet, rows in before.items():
        if sheet != name:
            yield from (f"{sheet} row {r + 1}" for r, row in enumerate(rows) if row != now[sheet][r])
            continue
        (records, rest), (moved, others) = split(rows, area), split(now[sheet], area)
        if records != moved:
            yield f"{sheet}: a record is torn"
        total = {r for r, row in enumerate(rows) if "合计" in row} if totals else set()
        yield from (f"{sheet} row {r + 1}" for r, row in enumerate(rest) if row != others[r] and r not in total)


def sort(cells, column, ascending):
    """As the arrow of a heading does."""
    field = TableSortField()
    field.Field, field.IsAscending = column, ascending
    cells.sort(
        properties(
            SortFields=uno.Any("[]com.sun.star.table.TableSortField", (field,)),
            ContainsHeader=True,
            IsSortColumns=False,
        )
    )


def keep_equal(cells, column, value):
    """Show only the records with that value; without a value all."""
    descriptor = cells.createFilterDescriptor(True)
    descriptor.ContainsHeader = True
    if value is not None:
        field = TableFilterField()
        field.Field, field.Operator = column, EQUAL
        field.IsNumeric = isinstance(value, float)
        field.NumericValue, field.StringValue = (value, "") if field.IsNumeric else (0, value)
        descriptor.FilterFields = (field,)
    cells.filter(descriptor)


def try_list(document, name, area):
    """What sorts and filters of one list do."""
    left, top, right, bottom = area
    cells = document.Sheets.getByName(name).getCellRangeByPosition(left, top, right, bottom)
    before = read(document)
    keep_equal(cells, 1, before[name][top + 1][left + 1])
    document.calculateAll()
    yield from (
        f"{name} filtered: {told}" for told in tell_differences(before, read(document), name, area, totals=True)
    )
    keep_equal(cells, 1, None)
    for column in range(right - left + 1):
        sort(cells, column, column % 2 == 1)
        document.calculateAll()
        yield from (
            f"{name} sorted by {column + 1}: {told}" for told in tell_differences(before, read(document), name, area)
        )


def main(lists: str, *workbooks: str) -> None:
    desktop, _ = connect(os.environ["UNO_URL"])
    known = json.loads(Path(lists).read_text("utf-8"))
    told = {}
    for workbook in workbooks:
        document = desktop.loadComponentFromURL(Path(workbook).resolve().as_uri(), "_blank", 0, properties(Hidden=True))
        name = Path(workbook).name
        told[name] = [line for sheet, *area in known[name] for line in try_list(document, sheet, area)]
        document.close(True)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
