"""Saves files in other formats in LibreOffice; run by :func:`office.run_uno`, with uno's Python.

uno_convert.py ENDING FOLDER FILE… → FOLDER/name.ENDING of each
"""

import os
import sys
from pathlib import Path

from uno_fill import connect, properties

FILTERS = {
    "com.sun.star.sheet.SpreadsheetDocument": {
        "xlsx": "Calc MS Excel 2007 XML",
        "xls": "MS Excel 97",
        "ods": "calc8",
        "pdf": "calc_pdf_Export",
    },
    "com.sun.star.text.TextDocument": {"docx": "MS Word 2007 XML", "doc": "MS Word 97", "pdf": "writer_pdf_Export"},
}
"""LibreOffice's words for the formats."""
MACROS_AS_SET = 3


def main(ending: str, folder: str, *files: str) -> None:
    desktop, _ = connect(os.environ["UNO_URL"])
    for file in map(Path, files):
        loading = properties(Hidden=True, MacroExecutionMode=MACROS_AS_SET)
        document = desktop.loadComponentFromURL(file.resolve().as_uri(), "_blank", 0, loading)
        filters = next(filters for service, filters in FILTERS.items() if document.supportsService(service))
        result = Path(folder).resolve() / f"{file.stem}.{ending}"
        document.storeToURL(result.as_uri(), properties(FilterName=filters[ending]))
        document.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
