"""Workbooks made by hand, part by part, for what no library writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple

from workbook_tools.core.cells import Place
from workbook_tools.excel.reading import RawWorkbook, open_workbook

NOWHERE = Path("收到的.xlsx")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def links(*items: tuple[str, str, str]) -> str:
    """A relationships part: (id, kind, target)."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="{key}" Type="{LINKS}/{kind}" Target="{target}"/>' for key, kind, target in items)
        + "</Relationships>"
    )


def parts(sheet: str, *, strings: str = "", styles: str = "", names: str = "") -> dict[str, str]:
    """The parts of a workbook with one sheet, 表, from what stands inside their root elements."""
    return {
        "_rels/.rels": links(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="表" sheetId="1" r:id="s"/>'
        f"</sheets><definedNames>{names}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": links(
            ("s", "worksheet", "worksheets/sheet1.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
            ("u", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }


def rows(*contents: str) -> str:
    """Sheet data of these rows' cells."""
    return (
        "<sheetData>"
        + "".join(f'<row r="{number}">{content}</row>' for number, content in enumerate(contents, 1))
        + "</sheetData>"
    )


def opened(files: Mapping[str, bytes | str]) -> RawWorkbook:
    """A workbook of these parts."""
    return open_workbook(NOWHERE, data=zipped(files))


def place(cell: str, sheet: str = "表") -> Place:
    """B7 → its place on the sheet."""
    row, col = coordinate_to_tuple(cell)
    return Place(sheet, row - 1, col - 1)


def at(workbook: RawWorkbook, cell: str, sheet: str = "表") -> float | str | bool | None:
    """The value of a cell."""
    return workbook.value(place(cell, sheet))


def ask_everything(data: bytes) -> None:
    """Open a file and ask all there is to ask."""
    workbook = open_workbook(NOWHERE, data=data)
    assert workbook.has_controls in (True, False)
    assert isinstance(workbook.vba_projects(), list)
    assert len(workbook.names) >= 0
    for sheet in workbook.sheets:
        workbook.value(Place(sheet, 0, 0))
        workbook.sheet_formulas(sheet)
        workbook.protected(sheet)
        workbook.hidden(sheet)
        workbook.locked(Place(sheet, 0, 0))
