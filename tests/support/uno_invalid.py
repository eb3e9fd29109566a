"""Ask LibreOffice in which sheets of a workbook a cell holds what its validation does not allow; run by :func:`office.run_uno`, with uno's Python.

uno_invalid.py WORKBOOK → standard output: {"invalid": ["表1", …]}
"""

# ruff: noqa: T201 - its answer is what it prints

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from uno_fill import connect


def main(workbook: str) -> None:
    desktop, _ = connect(os.environ["UNO_URL"])
    document = desktop.loadComponentFromURL(Path(workbook).resolve().as_uri(), "_blank", 0, ())
    sheets = document.Sheets
    invalid = [sheet.Name for sheet in (sheets.getByIndex(i) for i in range(sheets.Count)) if sheet.showInvalid()]
    document.close(True)
    print(json.dumps({"invalid": invalid}))


if __name__ == "__main__":
    main(*sys.argv[1:])
