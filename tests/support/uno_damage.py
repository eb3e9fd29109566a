"""What people do to a workbook in LibreOffice; run by :func:`office.run_uno`, with uno's Python.

uno_damage.py WORKBOOK FOLDER PASSWORD → one file per deed in FOLDER

PASSWORD is that of the sheets; whoever deletes rows must have found it.
"""

import os
import sys
from pathlib import Path

import uno
from com.sun.star.beans import NamedValue
from uno_fill import connect, properties

TABLE, TEXTS = "自评表", "绩效分析"
XLSX, XLS, ODS = "Calc MS Excel 2007 XML", "MS Excel 97", "calc8"


class Desk:
    """Opens the workbook for each deed and saves the outcome."""

    def __init__(self, desktop, workbook: Path, folder: Path, password: str):
        self.desktop, self.workbook, self.folder, self.password = desktop, workbook, folder, password

    def open(self, path: Path):
        return self.desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, properties(Hidden=True))

    def save(self, document, name: str, kind: str = XLSX, **options) -> Path:
        path = self.folder / name
        document.calculateAll()
        document.storeToURL(path.resolve().as_uri(), properties(FilterName=kind, **options))
        document.close(True)
        return path

    def do(self, name: str, deed, *titles: str) -> None:
        """One deed on the sheets ``titles``, which are unprotected for it."""
        document = self.open(self.workbook)
        for title in titles:
            document.Sheets.getByName(title).unprotect(self.password)
        deed(document)
        self.save(document, f"{name}.xlsx")


def area(document, title: str, cells: str):
    return document.Sheets.getByName(title).getCellRangeByName(cells).RangeAddress


def insert_rows(document) -> None:
    document.Sheets.getByName(TABLE).Rows.insertByIndex(4, 2)


def insert_column(document) -> None:
    document.Sheets.getByName(TABLE).Columns.insertByIndex(0, 1)


def delete_row(document) -> None:
    document.Sheets.getByName(TABLE).Rows.removeByIndex(12, 1)


def delete_sheet(document) -> None:
    document.Sheets.removeByName(TEXTS)


def rename_sheet(document) -> None:
    document.Sheets.getByName(TABLE).Name = "自评表 (2)"


def copy_sheet(document) -> None:
    document.Sheets.copyByName(TABLE, "自评表_2", 7)


def cut_and_paste(document) -> None:
    target = document.Sheets.getByName(TABLE).getCellRangeByName("E14").CellAddress
    document.Sheets.getByName(TABLE).moveRange(target, area(document, TABLE, "E13"))


def copy_and_paste(document) -> None:
    target = document.Sheets.getByName(TABLE).getCellRangeByName("E15").CellAddress
    document.Sheets.getByName(TABLE).copyRange(target, area(document, TABLE, "C15"))


def encryption(password: str):
    """What the dialog for a password makes of it."""
    facts = (NamedValue("OOXPassword", password), NamedValue("CryptoType", "Standard"))
    return uno.Any("[]com.sun.star.beans.NamedValue", facts)


def main(workbook: str, folder: str, password: str) -> None:
    desktop, _ = connect(os.environ["UNO_URL"])
    desk = Desk(desktop, Path(workbook), Path(folder), password)
    desk.save(desk.open(desk.workbook), "saved.xlsx")
    desk.save(desk.open(desk.workbook), "encrypted.xlsx", EncryptionData=encryption("2024"))
    old = desk.save(desk.open(desk.workbook), "old.xls", XLS)
    ods = desk.save(desk.open(desk.workbook), "open.ods", ODS)
    desk.save(desk.open(old), "via_old.xlsx")
    desk.save(desk.open(ods), "via_open.xlsx")
    for deed in (insert_rows, insert_column, delete_row, cut_and_paste, copy_and_paste):
        desk.do(deed.__name__, deed, TABLE)
    for deed in (delete_sheet, rename_sheet, copy_sheet):
        desk.do(deed.__name__, deed)


if __name__ == "__main__":
    main(*sys.argv[1:])
