"""Strips a workbook or document of all that tells how it was made: by whom, when, with which comments, from which template."""

from __future__ import annotations

import posixpath

from lxml import etree

from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.files.package import parse_xml

Entries = dict[str, bytes]
"""The parts of a package by name."""
_KINDS = (
    "custom-properties", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "attachedTemplate",
    "thumbnail", "customXml", "vbaProject", "keyMapCustomizations", "printerSettings", "threadedComment", "person", "vmlDrawing",
)  # fmt: skip
"""Ends of the types of relationships to parts that are removed."""
_ELEMENTS = (
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "attachedTemplate",
    "docVars",
    "rsids",
    "legacyDrawing",
    "proofErr",
)
"""Elements that point to such parts, or tell of editing."""
_TYPES, _CORE, _APP = "[Content_Types].xml", "docProps/core.xml", "docProps/app.xml"
_BLANK_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title/></cp:coreProperties>'
)
_BLANK_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


def strip_metadata(entries: Entries, title: str) -> Entries:
    """The parts of a .xlsx or .docx without comments, properties, macros, and marks of editing; only ``title`` is said of it.

    Parts that nothing refers to any more are removed too.
    """
    kept = {name: _drop_relations(data) if name.endswith(".rels") else data for name, data in entries.items()}
    kept = {name: kept[name] for name in kept if name in {_TYPES, *_find_reached(kept)}}
    for name in [name for name in kept if name.endswith(".xml") and name.startswith(("word/", "xl/worksheets/"))]:
        kept[name] = _drop_elements(kept[name])
    if _CORE in kept:
        kept[_CORE] = _write_core(title)
    if _APP in kept:
        kept[_APP] = _BLANK_APP
    kept[_TYPES] = _drop_types(kept)
    return kept


def _drop_relations(data: bytes) -> bytes:
    """A relationships part without those to removed parts."""
    root = parse_xml(data)
    for relation in list(root):
        if relation.get("Type", "").rpartition("/")[2] in _KINDS:
            root.remove(relation)
    return _write(root)


def _find_reached(entries: Entries) -> set[str]:
    """The parts that the package refers to, by way of others too, with their relationships."""
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        part = waiting.pop()
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        reached |= {part, relations}
        for relation in parse_xml(entries[relations]) if relations in entries else ():
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode") != "External" and target not in reached:
                waiting.append(target)
    return reached


def _drop_elements(data: bytes) -> bytes:
    root = parse_xml(data)
    found = [item for item in root.iter() if isinstance(item.tag, str) and etree.QName(item).localname in _ELEMENTS]
    ids = [(item, key) for item in root.iter() for key in item.attrib if etree.QName(key).localname.startswith("rsid")]
    if not found and not ids:
        return data
    for item, key in ids:
        del item.attrib[key]
    for item in found:
        whole = (
            item.getparent() if etree.QName(item).localname == "commentReference" else item
        )  # its run has nothing else
        if whole is not None and (parent := whole.getparent()) is not None:
            parent.remove(whole)
    return _write(root)


def _drop_types(entries: Entries) -> bytes:
    """[Content_Types].xml without the removed parts."""
    root = parse_xml(entries[_TYPES])
    for item in list(root):
        if (part := item.get("PartName")) and part.lstrip("/") not in entries:
            root.remove(item)
    return _write(root)


def _write_core(title: str) -> bytes:
    root = parse_xml(_BLANK_CORE)
    root[0].text = clean_cell_text(title)
    return _write(root)


def _write(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
