"""Every Word document that leaves the office is sound, whatever it holds, and looks right on paper; public versions too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document
from long_run import LONG
from office import (
    convert_with_libreoffice,
    ooxml_errors_of,
    pdf_text,
    requires_libreoffice,
    requires_ooxml_validator,
    requires_pdftotext,
)
from written_documents import MAKERS, built_forms, write_documents

from workbook_tools.reports.issue_forms import GUIDE_PAGE

SIGNED = re.compile(r"(?:2024年4月20日|年月日)$")
"""How a page ends that ends with 落款."""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """By form, in one folder."""
    folder = tmp_path_factory.mktemp("documents")
    return {form: list(write_documents(folder, form)) for form in MAKERS}


def test_a_document_is_made_in_every_form_of_the_package() -> None:
    assert set(built_forms()) == set(MAKERS)


@requires_ooxml_validator
@pytest.mark.parametrize("form", MAKERS)
def test_two_validators_find_nothing_in_any_document(documents: dict[str, list[Path]], form: str) -> None:
    """What is for the public is made in the same way with other texts: of it the longest."""
    chosen = [path for path in documents[form] if LONG or "-public" not in path.stem or "long" in path.stem]
    errors = ooxml_errors_of(chosen)
    assert {path.name: found for path, found in errors.items() if found} == {}


@requires_libreoffice
@requires_pdftotext
def test_no_page_is_blank_and_no_signature_is_alone_on_its_page(
    documents: dict[str, list[Path]], tmp_path: Path
) -> None:
    written = [path for made in documents.values() for path in made if "-long" not in path.stem]
    for pdf in convert_with_libreoffice(written, tmp_path / "pdf"):
        pages = [re.sub(r"\s|—\d+—", "", page) for page in pdf_text(pdf).split("\f")[:-1]]
        assert all(pages), (pdf.name, [number for number, page in enumerate(pages, 1) if not page])
        for page in pages:
            if SIGNED.search(page):
                assert len(page) > 30, (pdf.name, page)
        if pdf.stem.startswith(Path(GUIDE_PAGE).stem):
            assert len(pages) == 1


def test_nothing_public_can_be_told_from_what_is_the_offices_own(documents: dict[str, list[Path]]) -> None:
    """No mark of a draft, no place of a text, no code of a project or a finding."""
    for made in documents.values():
        for path in made:
            if "-public" in path.stem:
                document = Document(str(path))
                cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
                text = "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
                assert not re.search(r"【草稿|XM\d{4}|[A-Z]{4,6}\d{2}", text), path.name
                assert "_wbt_" not in document.element.xml
