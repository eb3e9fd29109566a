"""Documents of python-docx: opened within the limits of files/package, put together from parts, saved without dates."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TARGET_MODE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, PartFactory, XmlPart
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml import parse_xml as parse_element
from docx.oxml.coreprops import CT_CoreProperties
from docx.oxml.ns import nsmap
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.parts.numbering import NumberingPart
from docx.parts.settings import SettingsPart
from docx.parts.story import StoryPart
from docx.parts.styles import StylesPart
from lxml import etree

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.package import Package as SafePackage
from workbook_tools.files.package import damage, parse_xml, unreadable
from workbook_tools.files.paths import AUTHOR, output_mark
from workbook_tools.files.zip_writing import LEVEL

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
"""How the "Strict" variant of the format calls what python-docx knows as …"""
TRANSITIONAL = nsmap["w"].encode()

_SETTINGS = RELATIONSHIP_TYPE.SETTINGS
_OWN_PARTS: dict[str, type[XmlPart]] = {
    RELATIONSHIP_TYPE.STYLES: StylesPart,
    RELATIONSHIP_TYPE.SETTINGS: SettingsPart,
    RELATIONSHIP_TYPE.NUMBERING: NumberingPart,
    RELATIONSHIP_TYPE.HEADER: HeaderPart,
    RELATIONSHIP_TYPE.FOOTER: FooterPart,
    RELATIONSHIP_TYPE.CORE_PROPERTIES: CorePropertiesPart,
}
"""Parts without which a document is none, and what python-docx makes of them."""

# python-docx takes notes for bytes; they are text like headers and footers.
PartFactory.part_type_for[CONTENT_TYPE.WML_FOOTNOTES] = StoryPart
PartFactory.part_type_for[CONTENT_TYPE.WML_ENDNOTES] = StoryPart


class StrictDocument(UnreadableWorkbook):
    """A document in the "Strict" variant of the format, which python-docx does not know."""


def open_package(data: bytes) -> Document:
    """python-docx's document of a file. Raises UnreadableWorkbook for what is none, StrictDocument."""
    package = SafePackage(data)
    main = next((r.part for r in package.relations("") if r.kind == "officeDocument"), "")
    if main in package and STRICT in package.read(main)[:4000]:
        raise StrictDocument("FILE03", "Strict")
    with damage():
        try:
            document = docx.Document(io.BytesIO(_without_lost_parts(data)))
        except AttributeError as exc:  # python-docx, of a part that is not what it is called
            raise unreadable("FILE03") from exc
        for relation in (*document.part.rels.values(), *document.part.package.rels.values()):
            if (kind := _OWN_PARTS.get(relation.reltype)) and not _is_kind(kind, relation.target_part):
                raise unreadable("FILE03")
    return document


def _is_kind(kind: type[XmlPart], part: Part) -> bool:
    """A part is what its relationship calls it, and has the root of such a part."""
    return isinstance(part, kind) and isinstance(part.element, BaseOxmlElement)


def _without_lost_parts(data: bytes) -> bytes:
    """The file with references to what is not there (NULL, a lost picture) made outside ones.

    Word opens such files, python-docx does not.
    """
    entries = read_entries(data)
    lost = False
    for name in [name for name in entries if name.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        relations = parse_xml(entries[name])
        for relation in relations:
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            here = relation.get("TargetMode") != RELATIONSHIP_TARGET_MODE.EXTERNAL
            if here and target not in entries and relation.get("Type") not in _OWN_PARTS:
                relation.set("TargetMode", RELATIONSHIP_TARGET_MODE.EXTERNAL)
                lost = True
        entries[name] = etree.tostring(relations)
    return write_entries(entries) if lost else data


def assemble_document(document: Any, styles: Any) -> Document:
    """A document of these two parts, as python-docx parses them, and nothing else."""
    package = Package()
    main = DocumentPart(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, document, package)
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    looks = StylesPart(PackURI("/word/styles.xml"), CONTENT_TYPE.WML_STYLES, styles, package)
    main.relate_to(looks, RELATIONSHIP_TYPE.STYLES)
    return Document(document, main)


def sign_document(document: Document, kind: str = "") -> None:
    """Say in the properties who saved it: who saved a form is not who saved the report (see paths.replace_result).

    ``kind`` says what of our output it is.
    """
    package = document.part.package
    if all(relation.reltype != RELATIONSHIP_TYPE.CORE_PROPERTIES for relation in package.rels.values()):
        # python-docx would make some of its own, with its name and the time.
        place, kind = PackURI("/docProps/core.xml"), CONTENT_TYPE.OPC_CORE_PROPERTIES
        properties = CorePropertiesPart(place, kind, CT_CoreProperties.new(), package)
        package.relate_to(properties, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    document.core_properties.last_modified_by = AUTHOR
    if kind:
        document.core_properties.category = output_mark(kind)


def write_document(document: Document) -> bytes:
    """The .docx; the same document gives the same bytes."""
    # python-docx stamps every entry with the time of saving.
    saved = io.BytesIO()
    document.save(saved)
    return write_entries(read_entries(saved.getvalue()))


class ReusedDocument:
    """A document of which always the same parts are filled anew: the others are opened and written out once."""

    def __init__(self, data: bytes) -> None:
        self._entries = read_entries(data)
        self._document: Document | None = None
        self._parts: dict[str, XmlPart] = {}
        self._filled: set[str] = set()
        self._relations = 0

    def open(self, texts: Mapping[str, bytes]) -> Document:
        """The document as it was first, with these parts in place of its own: name → XML. It is one object, opened again and again.

        Raises lxml's XMLSyntaxError.
        """
        main = self._open_first().part
        self._filled = {*texts}
        for name, xml in texts.items():
            self._parts[name]._element = parse_element(xml)
        for relation in main.rels.values():
            if relation.reltype == _SETTINGS:  # its part keeps its root at hand
                name = relation.target_part.partname.membername
                own = self._parts[name].element
                for child in [*own]:
                    own.remove(child)
                own.extend([*parse_element(self._entries[name])])
                self._filled.add(name)
        return Document(main.element, main)

    def list_parts(self, names: Iterable[str]) -> list[XmlPart]:
        """Parts by their names."""
        return [self._parts[name] for name in names]

    def write(self) -> bytes:
        """The .docx of what was opened last, as :func:`write_document` writes it."""
        if self._document is not None and self._has_grown():
            return write_document(self._document)
        filled = {name: self._parts[name].blob for name in self._filled}
        return write_entries({name: filled.get(name, content) for name, content in self._entries.items()})

    def _open_first(self) -> Document:
        if self._document is None or self._has_grown():
            self._document = docx.Document(io.BytesIO(write_entries(self._entries, zipfile.ZIP_STORED)))
            parts = self._document.part.package.iter_parts()
            self._parts = {part.partname.membername: part for part in parts if isinstance(part, XmlPart)}
            self._relations = self._count_relations()
        return self._document

    def _has_grown(self) -> bool:
        """A chart has come into it, which must not stand in the next one."""
        return self._count_relations() != self._relations

    def _count_relations(self) -> int:
        return sum(len(part.rels) for part in self._parts.values())


def read_entries(data: bytes) -> dict[str, bytes]:
    """The entries of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_entries(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these entries, without a date."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_DATE), content, compression, LEVEL)
    return target.getvalue()
