"""The cells of a workbook that openpyxl saved, as Excel would have stored them.

openpyxl writes every text into its cell instead of the table of texts, calls a cell with a look and no content a number,
and stores no result of a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

from lxml import etree

from workbook_tools.excel.direct_sheet import number_text
from workbook_tools.excel.writing import Scalar

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL, _VALUE, _FORMULA, _INLINE = (f"{_MAIN}{tag}" for tag in ("c", "v", "f", "is"))
_TEXTS, _LINKS, _TYPES = "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_NEW_TEXTS = {
    _TEXTS: f'<sst xmlns="{_MAIN[1:-1]}"/>',
    _LINKS: '<Relationship Id="wbtTexts" Target="/xl/sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>',
    _TYPES: '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>',
}
"""The table of texts, and what announces it in the package: openpyxl 3.2 writes none, 3.1 an empty one."""


def store_cells(
    parts: MutableMapping[str, bytes], titles: Sequence[str], shown: Mapping[tuple[str, str], Scalar]
) -> bool:
    """Rewrite the sheets among the package's parts; False where a formula is left without a result.

    ``titles`` are those of the worksheets in their order; ``shown`` are the results of formulas by title and cell.
    """
    if _TEXTS not in parts:
        _add_texts(parts)
    texts = etree.fromstring(parts[_TEXTS])
    complete = True
    for number, title in enumerate(titles, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        sheet = etree.fromstring(parts[name])
        for cell in sheet.iter(_CELL):
            if cell.find(_FORMULA) is not None:
                place = (title, cell.get("r", ""))
                complete &= place in shown
                if place in shown:
                    _store_result(cell, shown[place])
            elif (text := cell.find(_INLINE)) is not None:
                _share_text(cell, text, texts)
            elif cell.find(_VALUE) is None:
                _forget_kind(cell)
        parts[name] = _serialise(sheet)
    texts.set("count", str(len(texts)))
    texts.set("uniqueCount", str(len(texts)))
    parts[_TEXTS] = _serialise(texts)
    return complete


def _add_texts(parts: MutableMapping[str, bytes]) -> None:
    parts[_TEXTS] = _NEW_TEXTS[_TEXTS].encode()
    for name in (_LINKS, _TYPES):
        root = etree.fromstring(parts[name])
        entry = etree.fromstring(_NEW_TEXTS[name])
        entry.tag = f"{{{etree.QName(root).namespace}}}{entry.tag}"
        root.append(entry)
        parts[name] = _serialise(root)


def _store_result(cell: etree._Element, value: Scalar) -> None:
    for old in cell.findall(_VALUE):
        cell.remove(old)
    _forget_kind(cell)
    stored = etree.SubElement(cell, _VALUE)
    if isinstance(value, int | float):
        stored.text = number_text(value)
    else:
        cell.set("t", "str")
        stored.text = value


def _forget_kind(cell: etree._Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


def _share_text(cell: etree._Element, text: etree._Element, texts: etree._Element) -> None:
    """Move a text, formatted parts included, into the table of texts."""
    item = etree.SubElement(texts, f"{_MAIN}si")
    item.extend(list(text))
    cell.remove(text)
    cell.set("t", "s")
    etree.SubElement(cell, _VALUE).text = str(len(texts) - 1)


def _serialise(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
