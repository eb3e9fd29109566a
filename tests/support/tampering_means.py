"""What a tamperer does to the looks of a workbook: styles, frames of sheets, drawings. Each returns a mutation of a patient."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree
from surgery import LINKS, MAIN, Patient

Mutation = Callable[[Patient], None]
STYLES, BOOK = "xl/styles.xml", "xl/workbook.xml"
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet as the schema wants them."""
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_ART = "http://schemas.openxmlformats.org/drawingml/2006/main"


def all_of(*changes: Mutation) -> Mutation:
    """One after the other."""

    def change(patient: Patient) -> None:
        for one in changes:
            one(patient)

    return change


def element(xml: str) -> etree._Element:
    """An element of a spreadsheet, from its text."""
    root = etree.fromstring(f'<x xmlns="{MAIN}" xmlns:r="{LINKS}">{xml}</x>')
    return root[0]


def find_or_make(patient: Patient, title: str, name: str) -> etree._Element:
    """A child of a worksheet, made at its place where there is none."""
    root = patient.sheet(title)
    found = root.find(f"{{{MAIN}}}{name}")
    return add_child(patient, title, etree.Element(f"{{{MAIN}}}{name}")) if found is None else found


def add_child(patient: Patient, title: str, child: etree._Element) -> etree._Element:
    """A further child of a worksheet, where the schema wants it."""
    root, rank = patient.sheet(title), _ORDER.index(etree.QName(child).localname)
    before = (at for at, one in enumerate(root) if _ORDER.index(etree.QName(one).localname) > rank)
    root.insert(next(before, len(root)), child)
    return child


# -- styles -----------------------------------------------------------------------------------------------------------


def styled(
    title: str,
    *cells: str,
    font: str = "",
    fill: str = "",
    code: str = "",
    built_in: int = 0,
    alignment: str = "",
    protection: str = "",
    border: str = "",
) -> Mutation:
    """Other looks of cells: the XML of what a font or fill is made of, a format's code or number, attributes of the rest."""

    def change(patient: Patient) -> None:
        styles = patient.tree(STYLES)
        formats = _table(styles, "cellXfs")
        for cell in cells:
            target = patient.cell(title, cell)
            new = copy.deepcopy(formats[int(target.get("s", "0"))])
            if font:
                new.set("fontId", _append(_table(styles, "fonts"), f"<font>{font}</font>"))
            if fill:
                new.set("fillId", _append(_table(styles, "fills"), f"<fill>{fill}</fill>"))
            if border:
                new.set("borderId", _append(_table(styles, "borders"), border))
            if code:
                number = 900 + len(_table(styles, "numFmts"))
                item = etree.SubElement(_table(styles, "numFmts"), f"{{{MAIN}}}numFmt", numFmtId=str(number))
                item.set("formatCode", code)
                new.set("numFmtId", str(number))
            if built_in:
                new.set("numFmtId", str(built_in))
            for name, attributes in (("alignment", alignment), ("protection", protection)):
                if attributes:
                    for old in new.findall(f"{{{MAIN}}}{name}"):
                        new.remove(old)
                    new.insert(0 if name == "alignment" else len(new), element(f"<{name} {attributes}/>"))
            formats.append(new)
            target.set("s", str(len(formats) - 1))

    return change


def rich(title: str, cell: str, *parts: tuple[str, str], above: str = "", inline: bool = False) -> Mutation:
    """A text of several formats: each part with the XML of its own format, if it has one; ``above`` it how it is spoken."""
    runs = "".join(f"<r>{f'<rPr>{how}</rPr>' if how else ''}<t>{said}</t></r>" for said, how in parts)
    runs += f'<rPh sb="0" eb="1"><t>{above}</t></rPh>' if above else ""

    def change(patient: Patient) -> None:
        target = patient.cell(title, cell)
        for old in list(target):
            target.remove(old)
        if inline:
            target.set("t", "inlineStr")
            target.append(element(f"<is>{runs}</is>"))
            return
        texts = patient.tree("xl/sharedStrings.xml")
        texts.append(element(f"<si>{runs}</si>"))
        target.set("t", "s")
        target.append(element(f"<v>{len(texts) - 1}</v>"))

    return change


def _table(styles: etree._Element, name: str) -> etree._Element:
    found = styles.find(f"{{{MAIN}}}{name}")
    assert found is not None
    return found


def _append(table: etree._Element, xml: str) -> str:
    table.append(element(xml))
    return str(len(table) - 1)


def font(colour: str = 'rgb="FF1F1F1F"', size: float = 11, name: str = "宋体", more: str = "") -> str:
    """What a font is made of."""
    return f'{more}<sz val="{size:g}"/><color {colour}/><name val="{name}"/>'


def solid(colour: str) -> str:
    """A fill of one colour."""
    return f'<patternFill patternType="solid"><fgColor {colour}/><bgColor indexed="64"/></patternFill>'


# -- frames -----------------------------------------------------------------------------------------------------------


def row(title: str, *numbers: int, **attributes: str) -> Mutation:
    """Attributes of rows."""

    def change(patient: Patient) -> None:
        for item in patient.sheet(title).iter(f"{{{MAIN}}}row"):
            if int(item.get("r", "0")) in numbers:
                item.attrib.update([*attributes.items()])

    return change


def column(title: str, number: int, **attributes: str) -> Mutation:
    """Attributes of one column (from 1), which is split off from its neighbours."""

    def change(patient: Patient) -> None:
        cols = find_or_make(patient, title, "cols")
        for item in list(cols):
            first, last = int(item.get("min", "0")), int(item.get("max", "0"))
            if first <= number <= last:
                for low, high in ((first, number - 1), (number, number), (number + 1, last)):
                    if low <= high:
                        part = copy.deepcopy(item)
                        extra = attributes if low == number else {}
                        part.attrib.update([("min", str(low)), ("max", str(high)), *extra.items()])
                        item.addprevious(part)
                cols.remove(item)
                return

    return change


def frame(title: str, name: str, **attributes: str) -> Mutation:
    """Attributes of a child of the worksheet."""
    return lambda patient: find_or_make(patient, title, name).attrib.update([*attributes.items()])


def child(title: str, xml: str) -> Mutation:
    """A further child of the worksheet."""

    def change(patient: Patient) -> None:
        add_child(patient, title, element(xml))

    return change


def child_text(title: str, name: str, text: str) -> Mutation:
    """What the headers or footers of a sheet say (``oddHeader``)."""

    def change(patient: Patient) -> None:
        parent = find_or_make(patient, title, "headerFooter")
        found = parent.find(f"{{{MAIN}}}{name}")
        if found is None:
            found = etree.Element(f"{{{MAIN}}}{name}")
            parent.insert(0 if name.endswith("Header") else len(parent), found)
        found.text = text

    return change


def view(title: str, xml: str = "", **attributes: str) -> Mutation:
    """Attributes of the sheet's view, and what is in it."""

    def change(patient: Patient) -> None:
        found = find_or_make(patient, title, "sheetViews")[0]
        found.attrib.update([*attributes.items()])
        if xml:
            found.append(element(xml))

    return change


def merged(title: str, span: str) -> Mutation:
    """A further merge."""

    def change(patient: Patient) -> None:
        find_or_make(patient, title, "mergeCells").append(element(f'<mergeCell ref="{span}"/>'))

    return change


def tinted(title: str, cells: str, dxf: str = "", rule: str = "", more: str = "") -> Mutation:
    """A conditional format before all others, always true unless ``rule`` says otherwise."""

    def change(patient: Patient) -> None:
        number = ""
        if dxf:
            number = f' dxfId="{_append(_table(patient.tree(STYLES), "dxfs"), f"<dxf>{dxf}</dxf>")}"'
        inside = rule or f'<cfRule type="expression" priority="1"{number}{more}><formula>TRUE</formula></cfRule>'
        add_child(patient, title, element(f'<conditionalFormatting sqref="{cells}">{inside}</conditionalFormatting>'))

    return change


def typing_check(title: str, cell: str, formula1: str = "", formula2: str = "", **attributes: str) -> Mutation:
    """Another list, or other limits, for a cell."""

    def change(patient: Patient) -> None:
        for item in patient.sheet(title).iter(f"{{{MAIN}}}dataValidation"):
            if item.get("sqref") == cell:
                item.attrib.update([*attributes.items()])
                for name, text in (("formula1", formula1), ("formula2", formula2)):
                    found = item.find(f"{{{MAIN}}}{name}")
                    if found is not None and text:
                        found.text = text

    return change


# -- the workbook -------------------------------------------------------------------------------------------------------


def book(name: str, **attributes: str) -> Mutation:
    """Attributes of a child of the workbook's root; ``None`` of an attribute takes it away."""

    def change(patient: Patient) -> None:
        found = patient.tree(BOOK).find(f"{{{MAIN}}}{name}")
        assert found is not None, name
        found.attrib.update([*attributes.items()])

    return change


def window(**attributes: str) -> Mutation:
    """Attributes of the workbook's window."""

    def change(patient: Patient) -> None:
        next(patient.tree(BOOK).iter(f"{{{MAIN}}}workbookView")).attrib.update([*attributes.items()])

    return change


def sheet_state(title: str, state: str) -> Mutation:
    """Hide a sheet, or show it."""

    def change(patient: Patient) -> None:
        for sheet in patient.tree(BOOK).iter(f"{{{MAIN}}}sheet"):
            if sheet.get("name") == title:
                sheet.set("state", state)

    return change


def local_name(name: str, sheet_number: int, target: str) -> Mutation:
    """A name of a single sheet."""

    def change(patient: Patient) -> None:
        names = patient.tree(BOOK).find(f"{{{MAIN}}}definedNames")
        assert names is not None
        item = etree.SubElement(names, f"{{{MAIN}}}definedName", name=name, localSheetId=str(sheet_number))
        item.text = target

    return change


def print_area(title: str, area: str, *, sheet: bool = True) -> Mutation:
    """Another print area of a sheet (``$A$1:$B$7,$A$9``); none where it is blank. ``sheet``: the title is set before each part."""

    def change(patient: Patient) -> None:
        root = patient.tree(BOOK)
        names = root.find(f"{{{MAIN}}}definedNames")
        assert names is not None
        titles = [item.get("name") for item in root.iter(f"{{{MAIN}}}sheet")]
        number = str(titles.index(title))
        for item in list(names):
            if (item.get("name"), item.get("localSheetId")) == ("_xlnm.Print_Area", number):
                names.remove(item)
        if area:
            item = etree.SubElement(names, f"{{{MAIN}}}definedName", name="_xlnm.Print_Area", localSheetId=number)
            item.text = ",".join(f"{title}!{part}" for part in area.split(",")) if sheet else area

    return change


# -- drawings -----------------------------------------------------------------------------------------------------------

SHAPE = '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="文本框 1"{hidden}/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
PICTURE = '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill/><xdr:spPr/></xdr:pic>'
CHART = '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图表 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr></xdr:graphicFrame>'
LINE = '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="2" name="线 1"/><xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr/></xdr:cxnSp>'
GROUP = f'<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="3" name="组合 1"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr><xdr:grpSpPr/>{SHAPE.format(hidden="")}</xdr:grpSp>'


def two_corners(what: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """An anchor between two cells: column and row, from 0; it ends within the last one."""
    corners = "".join(
        f"<xdr:{name}><xdr:col>{col}</xdr:col><xdr:colOff>{into}</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{into}</xdr:rowOff></xdr:{name}>"
        for name, (col, row), into in (("from", first, 9525), ("to", last, 90000))
    )
    return f"<xdr:twoCellAnchor>{corners}{what}<xdr:clientData/></xdr:twoCellAnchor>"


def drawn(title: str, anchors: str) -> Mutation:
    """A drawing on a sheet."""

    def change(patient: Patient) -> None:
        part = patient.part(title)
        rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        patient.link(rels, "rIdDrawn", "drawing", "../drawings/drawing1.xml")
        patient.declare("/xl/drawings/drawing1.xml", "application/vnd.openxmlformats-officedocument.drawing+xml")
        patient.parts["xl/drawings/drawing1.xml"] = (
            f'<xdr:wsDr xmlns:xdr="{_DRAWN}" xmlns:a="{_ART}">{anchors}</xdr:wsDr>'.encode()
        )
        add_child(patient, title, element('<drawing r:id="rIdDrawn"/>'))

    return change


def older_shape(title: str, kind: str, anchor: str, inside: str = "", style: str = "") -> Mutation:
    """A shape of the older kind: a comment (Note), a control."""

    def change(patient: Patient) -> None:
        rels = patient.part(title).replace("worksheets/", "worksheets/_rels/") + ".rels"
        patient.link(rels, "rIdShape", "vmlDrawing", "../drawings/vmlDrawing1.vml")
        data = f'<x:ClientData ObjectType="{kind}"><x:Anchor>{anchor}</x:Anchor>{inside}</x:ClientData>'
        patient.parts["xl/drawings/vmlDrawing1.vml"] = (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
            f'<v:shape style="position:absolute;{style}">{data}</v:shape></xml>'
        ).encode()
        add_child(patient, title, element('<legacyDrawing r:id="rIdShape"/>'))

    return change
