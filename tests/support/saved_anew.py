"""A workbook as other programs save it that change nothing in it: openpyxl does so; what Excel and WPS change by themselves is done to the parts."""

from __future__ import annotations

import io
import re

import openpyxl
from surgery import Patient
from tampering_means import BOOK, STYLES

_AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"


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


def _as_excel(xml: str) -> str:
    """``x14ac:dyDescent``, widths with many digits, a selection."""
    xml = xml.replace("<worksheet ", f'<worksheet xmlns:x14ac="{_AC}" ', 1)
    xml = re.sub(r'(<row r="[0-9]+")', r'\1 x14ac:dyDescent="0.15"', xml)
    xml = re.sub(r'width="([0-9]+)\.625"', r'width="\1.62890625"', xml)
    return re.sub(r"(<sheetView [^>]*)/>", r'\1><selection activeCell="B3" sqref="B3"/></sheetView>', xml)
