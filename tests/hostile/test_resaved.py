"""A workbook that another program has only opened and saved has no finding.

LibreOffice, Gnumeric and openpyxl really save it. Excel and WPS are not at hand: what they change by themselves is done to the
parts, as it is known of them.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from builders import KEYS
from damage import operated, workbook
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from surgery import Patient
from tampering_means import BOOK, STYLES

from workbook_tools.workbooks.reading import read_submission

_AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"


def found(path: Path) -> list[str]:
    """All that is found."""
    return [item.code for item in read_submission(path, KEYS).findings]


def saved_by_openpyxl(data: bytes) -> bytes:
    """Loaded and saved, nothing else."""
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(buffer)
    return buffer.getvalue()


def saved_by_excel(patient: Patient) -> None:
    """Styles with names and theme colours, heights and widths in its own steps, a chain of calculation, names of the active view."""
    patient.rewrite(
        BOOK, lambda xml: xml.replace('lowestEdited="4"', 'lowestEdited="7"').replace(' fullCalcOnLoad="1"', "")
    )
    patient.rewrite(
        STYLES,
        lambda xml: xml.replace('<color theme="1"/>', '<color theme="1" tint="0"/>').replace(
            'formatCode="@"', 'formatCode="@"'
        ),
    )
    patient.parts["xl/calcChain.xml"] = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    )
    patient.link("xl/_rels/workbook.xml.rels", "rIdChain", "calcChain", "calcChain.xml")
    for title in patient.titles:
        patient.rewrite(patient.part(title), _as_excel)


def _as_excel(xml: str) -> str:
    """``x14ac:dyDescent``, widths with many digits, a selection."""
    xml = xml.replace("<worksheet ", f'<worksheet xmlns:x14ac="{_AC}" ', 1)
    xml = re.sub(r'(<row r="[0-9]+")', r'\1 x14ac:dyDescent="0.15"', xml)
    xml = re.sub(r'width="([0-9]+)\.625"', r'width="\1.62890625"', xml)
    return re.sub(r"(<sheetView [^>]*)/>", r'\1><selection activeCell="B3" sqref="B3"/></sheetView>', xml)


def saved_by_wps(patient: Patient) -> None:
    """Its own extension with settings, a default width for all columns, heights to a tenth of a point."""
    patient.rewrite("docProps/app.xml", lambda xml: xml.replace("Microsoft Excel", "WPS 表格"))
    extension = '<extLst><ext uri="{2D2AEF94-3FB9-4FFC-B7D1-1D2D1D2D1D2D}" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:settings/></ext></extLst>'
    for title in patient.titles:
        patient.rewrite(
            patient.part(title),
            lambda xml: re.sub(
                r"<sheetFormatPr [^>]*/>", '<sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5"/>', xml
            ).replace("</worksheet>", f"{extension}</worksheet>"),
        )


@pytest.mark.parametrize(
    "save", [operated(saved_by_excel), operated(saved_by_wps), saved_by_openpyxl], ids=["Excel", "WPS", "openpyxl"]
)
def test_what_a_program_changes_when_it_saves_is_no_finding(save, tmp_path: Path) -> None:
    path = tmp_path / "P001.xlsx"
    path.write_bytes(save(workbook()))
    assert found(path) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "save",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
def test_what_a_program_really_saves_is_no_finding(save, tmp_path: Path) -> None:
    path = tmp_path / "P001.xlsx"
    path.write_bytes(workbook())
    [saved] = save([path], tmp_path / "saved")
    assert found(saved) == []
