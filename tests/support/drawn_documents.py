"""Report forms drawn for a test: blocks of the house, and XML as Word and its users may have left it."""

from __future__ import annotations

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from workbook_tools.word.drawing import Block, SectionEnd, draw_document, paragraph

_PLACE = "\ue000"
W = qn("w:p").removesuffix("p")


def drawn_form(*body: Block | str, title: str = "无") -> bytes:
    """A form of these blocks; a text is XML (paragraphs, tables) to stand there as it is."""
    blocks = [paragraph(f"{_PLACE}{n}") if isinstance(block, str) else block for n, block in enumerate(body)]
    if not (blocks and isinstance(blocks[-1], SectionEnd)):
        blocks.append(SectionEnd())
    data = draw_document(blocks, title=title)
    document = docx.Document(io.BytesIO(data))
    for place in document.paragraphs:
        if place.text.startswith(_PLACE):
            raw = parse_xml(f"<w:body {nsdecls('w', 'r')}>{body[int(place.text.removeprefix(_PLACE))]}</w:body>")
            for element in raw:
                place._p.addprevious(element)
            parent = place._p.getparent()
            assert parent is not None
            parent.remove(place._p)
    changed = io.BytesIO()
    document.save(changed)
    return changed.getvalue()
