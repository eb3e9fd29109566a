"""A document of python-docx put together from its parts, and saved as bytes that say nothing of when they were made."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.styles import StylesPart

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def assemble(document: Any, styles: Any) -> Document:
    """A document of these two parts, as python-docx parses them, and nothing else."""
    package = Package()
    main = DocumentPart(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, document, package)
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    looks = StylesPart(PackURI("/word/styles.xml"), CONTENT_TYPE.WML_STYLES, styles, package)
    main.relate_to(looks, RELATIONSHIP_TYPE.STYLES)
    return Document(document, main)


def document_bytes(document: Document) -> bytes:
    """The .docx; the same document gives the same bytes."""
    # python-docx stamps every entry with the time of saving.
    saved, target = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as dated, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as undated:
        for name in dated.namelist():
            undated.writestr(zipfile.ZipInfo(name, _FIXED_DATE), dated.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
