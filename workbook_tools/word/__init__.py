"""The only door to Word documents, through python-docx: forms drawn, forms printed as reports, documents read.

It knows no project, no score, no finding: what goes in are blocks and values, what comes out are paragraphs and tables.

* :func:`draw_document`: blocks → a .docx in the style of official documents.
* :func:`open_form`: a .docx with tags → a form, which prints values as a report (``form.render(values)``).
* :func:`open_document`: a .docx from outside → its paragraphs and tables, in the order of the page.

>>> from pathlib import Path
>>> from workbook_tools.word.drawing import SectionEnd, draw_document, paragraph
>>> from workbook_tools.word.reading import open_document
>>> from workbook_tools.word.rendering import ReportForm
>>> form = ReportForm(draw_document([paragraph("{{ 项目 }}得{{ 总分 }}分。"), SectionEnd()], title="报告"), "报告.docx")
>>> open_document(Path("报告.docx"), data=form.render({"项目": "甲<&", "总分": 92.5})).paragraphs
(Paragraph(number=1, text='甲<&得92.5分。', level=None),)
"""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.word.drawing import draw_document as draw_document
    from workbook_tools.word.reading import open_document as open_document
    from workbook_tools.word.rendering import open_form as open_form
else:
    __getattr__ = load_when_asked(
        __name__, {"draw_document": "drawing", "open_document": "reading", "open_form": "rendering"}
    )
