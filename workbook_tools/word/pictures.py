"""Pictures for forms: ``{{ 图.得分分布 }}`` prints one.

It travels through the template engine as text between two signs, like all that steers a document; from there
:mod:`workbook_tools.word.finishing` takes it, and :mod:`workbook_tools.word.rendering` puts the file into the package.
"""

from __future__ import annotations

import base64
import hashlib
import re
from xml.sax.saxutils import quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.word.measures import W
from workbook_tools.word.ooxml import NS, PACKAGE, RELATIONS
from workbook_tools.word.text import PICTURE, Sign, one_line

_EMU = 36_000
"""English Metric Units in a millimetre."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_FILE = re.compile(rf"({PICTURE}\d+\|\d+\|)([A-Za-z0-9+/=]+)\|")
_BEFORE_SPACING = {
    W + name
    for name in (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
        "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
        "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
    )
}  # fmt: skip
"""Properties of a paragraph that stand before its spacing."""


def picture(png: bytes, *, width: float, height: float, text: str) -> Sign:
    """A PNG as a tag prints it: its size in mm, and the words for who cannot see it."""
    size = f"{round(width * _EMU)}|{round(height * _EMU)}"
    return Sign(f"{PICTURE}{size}|{base64.b64encode(png).decode()}|{one_line(text)}{PICTURE}")


def taken(text: str) -> tuple[str, list[bytes]]:
    """The files taken out of a part's text, each once; what is left there names them."""
    found: dict[str, bytes] = {}

    def name(match: re.Match[str]) -> str:
        png = base64.b64decode(match[2])
        found[relation(png)] = png
        return f"{match[1]}{relation(png)}|"

    return _FILE.sub(name, text), list(found.values())


def relation(png: bytes) -> str:
    """The id of the relationship to a picture; the same picture has the same."""
    return f"rIdPicture{hashlib.sha256(png).hexdigest()[:12]}"


def drawing(token: str) -> Element:
    """What :func:`taken` left of a picture, as Word's element for a picture in the line."""
    width, height, name, text = token.strip(PICTURE).split("|", 3)
    size = f'cx="{width}" cy="{height}"'
    words = quoteattr(text)
    return etree.fromstring(
        f'<w:drawing xmlns:w="{NS}" xmlns:r="{RELATIONS}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
        f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="1" name={words} descr={words}/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name={words}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def make_room(paragraph: Element) -> None:
    """The line that holds a picture is as high as it, where an exact pitch would cut it off, and has no indent."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    for name, before, settings in (
        ("spacing", _BEFORE_SPACING, {"line": "240", "lineRule": "auto"}),
        ("ind", {*_BEFORE_SPACING, W + "spacing"}, {"firstLineChars": "0", "firstLine": "0"}),
    ):
        element = properties.find(W + name)
        if element is None:
            element = etree.Element(W + name)
            properties.insert(sum(child.tag in before for child in properties), element)
        for setting, value in settings.items():
            element.set(W + setting, value)


# -- the package ------------------------------------------------------------------------------------------------------


def media(png: bytes) -> str:
    """The entry of the package that holds a picture."""
    return f"word/media/{relation(png)}.png"


def relations_of(part: str) -> str:
    """The entry with the relationships of a part."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def related(relations: bytes, pictures: list[bytes]) -> bytes:
    """Relationships of a part with those to its pictures; ``relations`` may be empty."""
    space = f"{PACKAGE}/relationships"
    root = etree.fromstring(relations or f'<Relationships xmlns="{space}"/>')
    for png in pictures:
        facts = {"Id": relation(png), "Type": f"{RELATIONS}/image", "Target": f"/{media(png)}"}
        etree.SubElement(root, f"{{{space}}}Relationship", facts)
    return _written(root)


def knowing_png(content_types: bytes) -> bytes:
    """[Content_Types].xml that knows PNG files."""
    space = f"{PACKAGE}/content-types"
    root = etree.fromstring(content_types)
    if not any(item.get("Extension", "").lower() == "png" for item in root.iter(f"{{{space}}}Default")):
        root.insert(0, etree.Element(f"{{{space}}}Default", {"Extension": "png", "ContentType": "image/png"}))
    return _written(root)


def _written(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
