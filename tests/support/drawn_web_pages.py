"""Drawn forms as the web pages and XML files that county systems export."""

from __future__ import annotations

from html import escape

from drawn_sheets import _merges as merges
from drawn_sheets import _typed as typed
from drawn_sheets import sheet

from workbook_tools.excel.number_formats import format_value

EXCEL = 'xmlns:x="urn:schemas-microsoft-com:office:excel"'


SHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"


HEAD = f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SHEET_XML}" xmlns:ss="{SHEET_XML}">'


def cells_of(drawing: str) -> list[tuple[int, int, int, int, float | str, str]]:
    """Row, column, rows and columns covered, value, number format of the cells of a drawing."""
    rows = sheet(drawing)
    spans = {(r, c): (bottom - r + 1, right - c + 1) for r, c, bottom, right in merges(rows)}
    return [
        (r, c, *spans.get((r, c), (1, 1)), *typed(text))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text not in ("<", "^")
    ]


def web_page(drawing: str) -> bytes:
    """The drawing as a system exports it: numbers as text, and no word about the encoding, which is GBK."""
    lines: dict[int, str] = {}
    for r, _, rows, cols, value, code in cells_of(drawing):
        text = format_value(value, code) if isinstance(value, float) else value
        text = escape(text).replace(" ", "&nbsp;").replace("\n", '<br style="mso-data-placement:same-cell">')
        lines[r] = lines.get(r, "") + f"<td rowspan='{rows}' colspan={cols}>\n {text}&nbsp;</TD>"
    body = "".join(f"<tr>{lines.get(r, '')}</tr>" for r in range(max(lines) + 1))
    return f"<html {EXCEL}><body><table border=1>{body}</table></body></html>".encode("gb18030")


def spreadsheet_xml(drawing: str) -> bytes:
    """The drawing as Excel 2003 saved it."""
    lines: dict[int, str] = {}
    for r, c, rows, cols, value, code in cells_of(drawing):
        if value == "" and rows == cols == 1:
            continue
        kind, style = ("Number", "p" if "%" in code else "d") if isinstance(value, float) else ("String", "d")
        lines[r] = lines.get(r, "") + (
            f'<Cell ss:Index="{c + 1}" ss:MergeAcross="{cols - 1}" ss:MergeDown="{rows - 1}" ss:StyleID="{style}">'
            f'<Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'
        )
    styles = '<Style ss:ID="d"/><Style ss:ID="p"><NumberFormat ss:Format="0.##%"/></Style>'
    body = "".join(f'<Row ss:Index="{r + 1}">{cells}</Row>' for r, cells in lines.items())
    return (
        f'{HEAD}<Styles>{styles}</Styles><Worksheet ss:Name="表1"><Table>{body}</Table></Worksheet></Workbook>'.encode()
    )
