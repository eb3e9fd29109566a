"""Properties that python-docx has no name for, put where the schema wants them.

Word's own validator refuses properties out of order. python-docx keeps the order of those that it knows; the others
(``w:snapToGrid``, ``w:outlineLvl``, ``w:docGrid`` …) are set here.
"""

from __future__ import annotations

from docx.oxml import OxmlElement
from lxml.etree import _Element as Element

from workbook_tools.word.elements import qn

_ORDER = {
    "w:pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr"
    ),
    "w:rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
        "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
        "lang eastAsianLayout specVanish oMath"
    ),
    "w:trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden",
    "w:tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
        "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "w:sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
        "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid"
    ),
}
"""Children of an element in the order of the schema (ECMA-376 part 1)."""
_PLACES = {
    qn(parent): {qn(f"w:{name}"): place for place, name in enumerate(names.split())} for parent, names in _ORDER.items()
}
ORDERED = tuple(_PLACES)
"""Tags of the elements whose order is known."""


def sort_properties(properties: Element) -> None:
    """Into the order of the schema. Stable; what the schema of today does not know stays behind the rest."""
    places = _PLACES[str(properties.tag)]
    children = list(properties)
    ranks = [places.get(str(child.tag), len(places)) for child in children]
    if ranks != sorted(ranks):
        properties[:] = [child for _, child in sorted(zip(ranks, children, strict=True), key=lambda pair: pair[0])]


def set_property(properties: Element, name: str, **attributes: object) -> Element:
    """The child ``w:name`` of ``properties``, made in its place if it is not there, with these attributes set."""
    child = properties.find(qn(f"w:{name}"))
    if child is None:
        child = OxmlElement(f"w:{name}")
        properties.append(child)
        sort_properties(properties)
    for attribute, value in attributes.items():
        child.set(qn(f"w:{attribute}"), str(value))
    return child
