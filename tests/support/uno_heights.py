"""Row heights that LibreOffice would give itself; run by :func:`office.run_uno`, with uno's Python.

uno_heights.py WORKBOOK → standard output: {"问题清单": [[height, fitted], …], …} in points, row by row from the first
"""

# ruff: noqa: T201 - its answer is what it prints

import json
import os
import sys
from pathlib import Path

from uno_fill import connect

_POINT = 2540 / 72
"""Hundredths of a millimetre."""


def measure(sheet):
    """Of each row in use the height that it has, and the one that its texts need."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    rows = [sheet.Rows.getByIndex(i) for i in range(cursor.RangeAddress.EndRow + 1)]
    given = [row.Height / _POINT for row in rows]
    for row in rows:
        row.OptimalHeight = True
    return [[round(height, 1), round(row.Height / _POINT, 1)] for height, row in zip(given, rows, strict=True)]


def main(workbook: str) -> None:
    desktop, _ = connect(os.environ["UNO_URL"])
    document = desktop.loadComponentFromURL(Path(workbook).resolve().as_uri(), "_blank", 0, ())
    print(json.dumps({name: measure(document.Sheets.getByName(name)) for name in document.Sheets.ElementNames}))
    document.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
