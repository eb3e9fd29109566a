"""A form as it was saved, made into a form as it was meant: what Word, WPS, LibreOffice and their users leave behind.

* Changes that were tracked are accepted, comments are dropped: a report shows neither.
* What LibreOffice writes against the schema is put right: properties out of order, switches and numbers that Word's own
  validator refuses.

None of it is anything that python-docx has words for.
"""

from __future__ import annotations

from docx.document import Document
from docx.opc.part import XmlPart
from lxml.etree import _Element as Element

from workbook_tools.word.elements import qn, remove
from workbook_tools.word.revisions import accept_changes
from workbook_tools.word.schema_order import ORDERED, sort_properties

_COMMENTS = tuple(
    qn(f"w:{name}") for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
)
_ABOUT_COMMENTS = ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
"""Relationships to parts with comments and their authors, by the last word of their kind."""
_STRICT_SWITCHES = (qn("w:cantSplit"), qn("w:tblHeader"))
"""Switches of a table row: the validator wants them without "true"."""
_OFF = ("0", "false", "off")
_INT32_DIGITS = 9


def mend(document: Document) -> None:
    """Everything above, in place."""
    relations = document.part.rels
    for key in [key for key, relation in relations.items() if relation.reltype.rpartition("/")[2] in _ABOUT_COMMENTS]:
        del relations[key]
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart):
            _mend_part(part.element)


def _mend_part(root: Element) -> None:
    accept_changes(root)
    for element in list(root.iter(*_COMMENTS)):
        remove(element)
    for properties in list(root.iter(*ORDERED)):
        sort_properties(properties)
    for switch in list(root.iter(*_STRICT_SWITCHES)):
        if switch.attrib.pop(qn("w:val"), "1") in _OFF:
            remove(switch)
    # LibreOffice writes a negative distance of characters as a number beyond 32 bits.
    for grid in root.iter(qn("w:docGrid")):
        if len(grid.get(qn("w:charSpace"), "")) > _INT32_DIGITS:
            del grid.attrib[qn("w:charSpace")]
