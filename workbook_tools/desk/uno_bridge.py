"""The other side of :mod:`workbook_tools.desk.libreoffice`: a script, run by a Python that has LibreOffice's ``uno``.

``uno_bridge.py ADDRESS SECONDS`` connects to the LibreOffice that listens at ADDRESS, then answers requests, each
one line of JSON on standard input, with one line on standard output:
``{"do": "values", "book": 1, "sheet": "自评表", "area": "A1:B2"}`` → ``{"ok": [[1.0, "甲"], [null, null]]}`` or
``{"refused": "no_sheet", "detail": "…"}``.

That Python may be older than ours (LibreOffice for Windows brings 3.8): only its standard library and ``uno`` here.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uno

ERRORS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""
NEVER_EXECUTE, ALWAYS_EXECUTE = 0, 4
"""com.sun.star.document.MacroExecMode"""
NO_UPDATE = 0
"""com.sun.star.document.UpdateDocMode"""
CALC, WRITER = "com.sun.star.sheet.SpreadsheetDocument", "com.sun.star.text.TextDocument"
FORMATS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".docx": "MS Word 2007 XML",
    ".odt": "writer8",
}
PDF = {CALC: "calc_pdf_Export", WRITER: "writer_pdf_Export"}


class Refused(Exception):
    """LibreOffice would not; the code is one that libreoffice.py has a sentence for."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def properties(**values: Any) -> tuple[Any, ...]:
    """Named arguments as LibreOffice takes them."""
    found = []
    for name, value in values.items():
        item = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        item.Name, item.Value = name, value
        found.append(item)
    return tuple(found)


def connect(address: str, seconds: float) -> Any:
    """The desktop of a LibreOffice that may still be starting."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + seconds
    while True:
        try:
            remote = resolver.resolve("uno:" + address + "StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Bridge:
    """The requests; each public method is one, its parameters are the request's."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop
        self._books: dict[int, Any] = {}
        self._next = 1

    # -- books ----------------------------------------------------------------------------------------

    def open(self, url: str, password: str, macros: bool) -> int:
        """A workbook or document; its number."""
        wanted: dict[str, Any] = {
            "Hidden": True,
            "MacroExecutionMode": ALWAYS_EXECUTE if macros else NEVER_EXECUTE,
            "UpdateDocMode": NO_UPDATE,
        }
        if password:
            wanted["Password"] = password
        try:
            document = self._desktop.loadComponentFromURL(url, "_blank", 0, properties(**wanted))
        except Exception as exc:
            raise Refused("unreadable", str(exc)) from exc
        if document is None or not any(document.supportsService(kind) for kind in PDF):
            if document is not None:
                document.close(True)
            raise Refused("unreadable")
        return self._number(document)

    def books(self) -> list[int]:
        """Number of every workbook that is open."""
        found = []
        for document in self._desktop.Components:
            if hasattr(document, "supportsService") and document.supportsService(CALC):
                found.append(self._number(document))
        return found

    def _number(self, document: Any) -> int:
        for number, known in self._books.items():
            if known == document:
                return number
        number = self._next
        self._next += 1
        self._books[number] = document
        return number

    def path(self, book: int) -> str:
        """Where it lies; empty for a new one."""
        url = self._books[book].URL
        return uno.fileUrlToSystemPath(url) if url else ""

    def close(self, book: int) -> None:
        """Without saving."""
        self._books.pop(book).close(True)

    # -- cells ----------------------------------------------------------------------------------------

    def sheets(self, book: int) -> list[str]:
        """Names in their order."""
        return list(self._books[book].Sheets.ElementNames)

    def recalculate(self, book: int) -> None:
        """All formulas."""
        if self._books[book].supportsService(CALC):
            self._books[book].calculateAll()

    def update_fields(self, book: int) -> None:
        """Tables of contents, as 更新所有索引 does it: once for the entries, once for the pages that these have moved."""
        document = self._books[book]
        for _ in range(2):
            for index in document.DocumentIndexes:
                index.update()
        document.TextFields.refresh()

    def refresh(self, book: int) -> None:
        """Links, queries, pivot tables."""
        document = self._books[book]
        for name in document.SheetLinks.ElementNames:
            document.SheetLinks.getByName(name).refresh()
        for links in (document.AreaLinks, document.DatabaseRanges):
            for item in links:
                item.refresh()
        for sheet in document.Sheets:
            for pivot in sheet.DataPilotTables:
                pivot.refresh()
        document.calculateAll()

    def values(self, book: int, sheet: str, area: str) -> list[list[Any]]:
        """Row by row; errors by their names."""
        cells = self._area(book, sheet, area)
        rows = [[None if value == "" else value for value in row] for row in cells.DataArray]
        start = cells.RangeAddress
        for wrong in cells.queryFormulaCells(ERRORS).RangeAddresses:
            for row in range(wrong.StartRow, wrong.EndRow + 1):
                for column in range(wrong.StartColumn, wrong.EndColumn + 1):
                    place = column - start.StartColumn, row - start.StartRow
                    rows[place[1]][place[0]] = cells.getCellByPosition(*place).String
        return rows

    def write(self, book: int, sheet: str, cell: str, rows: list[list[Any]]) -> None:
        """Values from a cell on."""
        start = self._area(book, sheet, cell).RangeAddress
        whole = self._sheet(book, sheet)
        end = start.StartColumn + len(rows[0]) - 1, start.StartRow + len(rows) - 1
        try:
            target = whole.getCellRangeByPosition(start.StartColumn, start.StartRow, *end)
            target.setDataArray(tuple(tuple("" if v is None else v for v in row) for row in rows))
        except Exception as exc:
            raise Refused("locked" if whole.isProtected() else "failed", str(exc)) from exc

    def _sheet(self, book: int, name: str) -> Any:
        sheets = self._books[book].Sheets
        if not sheets.hasByName(name):
            raise Refused("no_sheet", name)
        return sheets.getByName(name)

    def _area(self, book: int, sheet: str, area: str) -> Any:
        try:
            return self._sheet(book, sheet).getCellRangeByName(area)
        except Refused:
            raise
        except Exception as exc:
            raise Refused("no_area", area) from exc

    # -- protection -----------------------------------------------------------------------------------

    def is_protected(self, book: int, sheet: str) -> bool:
        """Whether it is locked."""
        return bool(self._sheet(book, sheet).isProtected())

    def protect(self, book: int, sheet: str, password: str) -> None:
        """Lock it."""
        self._sheet(book, sheet).protect(password)

    def unprotect(self, book: int, sheet: str, password: str) -> None:
        """Unlock it."""
        found = self._sheet(book, sheet)
        try:
            found.unprotect(password)
        except Exception as exc:
            raise Refused("wrong_password", sheet) from exc
        if found.isProtected():
            raise Refused("wrong_password", sheet)

    # -- macros ---------------------------------------------------------------------------------------

    def run_macro(self, book: int, name: str, arguments: list[Any]) -> Any:
        """Module.Sub of any library of the book."""
        document = self._books[book]
        if not document.AllowMacroExecution:  # LibreOffice would run one that it is told to run, even so
            raise Refused("macros_off", name)
        module, _, procedure = name.rpartition(".")
        libraries = document.BasicLibraries
        for library in libraries.ElementNames:
            libraries.loadLibrary(library)
            if libraries.getByName(library).hasByName(module):
                place = f"{library}.{module}.{procedure}"
                break
        else:
            raise Refused("no_macro", name)
        uri = f"vnd.sun.star.script:{place}?language=Basic&location=document"
        try:
            result = document.ScriptProvider.getScript(uri).invoke(tuple(arguments), (), ())[0]
        except Exception as exc:
            raise Refused("macro_failed", str(exc)) from exc
        return result if isinstance(result, (int, float, str)) and result != "" else None

    # -- files ----------------------------------------------------------------------------------------

    def export_pdf(self, book: int, url: str) -> None:
        """All that prints."""
        document = self._books[book]
        kind = next(kind for kind in PDF if document.supportsService(kind))
        self._store(document.storeToURL, url, PDF[kind])

    def save(self, book: int) -> None:
        """In place, in its own format."""
        self.save_as(book, self._books[book].URL)

    def save_as(self, book: int, url: str) -> None:
        """From now on it is that file."""
        self._store(self._books[book].storeAsURL, url, self._format(url))

    def save_copy(self, book: int, url: str) -> None:
        """It stays what it is."""
        self._store(self._books[book].storeToURL, url, self._format(url))

    def _format(self, url: str) -> str:
        ending = "." + url.rpartition(".")[2].lower()
        if ending not in FORMATS:
            raise Refused("no_format", ending)
        return FORMATS[ending]

    def _store(self, store: Callable[..., None], url: str, filter_name: str) -> None:
        try:
            store(url, properties(FilterName=filter_name, Overwrite=True))
        except Exception as exc:
            raise Refused("not_saved", str(exc)) from exc

    def end(self) -> None:
        """LibreOffice ends; an answer may never come."""
        for document in list(self._books.values()):
            with suppress(Exception):  # it may be closed already
                document.close(True)
        self._desktop.terminate()


def answer(bridge: Bridge, request: dict[str, Any]) -> dict[str, Any]:
    """One request."""
    action = getattr(bridge, request.pop("do"))
    try:
        return {"ok": action(**request)}
    except Refused as exc:
        return {"refused": exc.code, "detail": exc.detail}
    except Exception as exc:
        return {"refused": "failed", "detail": f"{type(exc).__name__}: {exc}"}


def main(address: str, seconds: str) -> None:
    """Until standard input ends."""
    replies = sys.stdout
    sys.stdout = sys.stderr  # whatever else prints must not mix with the answers
    bridge = Bridge(connect(address, float(seconds)))
    replies.write('{"ok": "ready"}\n')
    replies.flush()
    for line in sys.stdin:
        replies.write(json.dumps(answer(bridge, json.loads(line))) + "\n")
        replies.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
