"""What is published tells nothing of its making, and is whole."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
from docx.opc.constants import RELATIONSHIP_TYPE
from office import ooxml_errors_of, requires_ooxml_validator
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

from workbook_tools.files.metadata import strip_metadata
from workbook_tools.word.package import read_entries, write_entries

_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
NAME, SECRET = "王强", "内部意见"


def strip(data: bytes) -> bytes:
    return write_entries(strip_metadata(read_entries(data), "题目<1> & 2"))


def document() -> bytes:
    """With an author, a comment, and the path of a template."""
    made = docx.Document()
    run = made.add_paragraph("正文").add_run("一段")
    made.add_comment(run, SECRET, NAME, "王")
    made.core_properties.author = made.core_properties.last_modified_by = NAME
    made.core_properties.comments = made.core_properties.subject = SECRET
    made.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS).relate_to(
        f"file:///C:/Users/{NAME}/模板.dotx", _TEMPLATE, is_external=True
    )
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def workbook() -> bytes:
    """With an author, a comment, and a property of its own."""
    made = openpyxl.Workbook()
    made.active["A1"] = "正文"
    made.active["A1"].comment = Comment(SECRET, NAME)
    made.properties.creator = made.properties.lastModifiedBy = NAME
    made.custom_doc_props.append(StringProperty(name="审核人", value=NAME))
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def test_authors_comments_and_templates_go_and_the_text_stays() -> None:
    for made in (document(), workbook()):
        entries = read_entries(strip(made))
        texts = {name: data.decode("utf-8", "replace") for name, data in entries.items()}
        assert [name for name, text in texts.items() if NAME in text or SECRET in text or "C:/Users" in text] == []
        assert not [name for name in texts if "omment" in name or "custom" in name or "vml" in name]
        assert any("正文" in text for text in texts.values())
        assert "题目&lt;1&gt; &amp; 2" in texts["docProps/core.xml"]


def test_a_stripped_document_opens_with_its_text() -> None:
    made = docx.Document(io.BytesIO(strip(document())))
    assert [paragraph.text for paragraph in made.paragraphs] == ["正文一段"]


@requires_ooxml_validator
def test_stripping_makes_nothing_wrong(tmp_path: Path) -> None:
    """What the library's own blank document has wrong stays."""
    before, after = tmp_path / "前.docx", tmp_path / "后.docx"
    before.write_bytes(document())
    after.write_bytes(strip(document()))
    found = ooxml_errors_of([before, after])
    assert set(found[after]) <= set(found[before])
