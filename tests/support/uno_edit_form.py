"""Changes a report form in LibreOffice Writer as an office would; run by :func:`office.run_uno`, with uno's Python.

uno_edit_form.py FORM RESULT: another wording and font, two sections in another order, one section with its table gone.
"""

import os
import sys
from pathlib import Path

import uno
from uno_fill import connect, properties

PARAGRAPH = "com.sun.star.text.Paragraph"


def blocks(text):
    """Paragraphs and tables in their order."""
    found, elements = [], text.createEnumeration()
    while elements.hasMoreElements():
        found.append(elements.nextElement())
    return found


def said(block):
    return block.String if block.supportsService(PARAGRAPH) else ""


def edit(document):
    text = document.Text
    by_text = {said(block): block for block in blocks(text)}

    by_text["四、项目主要经验做法"].String = "五、好的做法"
    by_text["五、项目管理中存在问题及原因分析"].String = "四、存在的问题"
    by_text["{{ 正文.experience }}"].String = "{{ 正文.problems }}（按单位自述）"
    by_text["{{ 正文.problems }}"].String = "{{ 正文.experience }}"
    heading, problems = by_text["四、项目主要经验做法"], by_text["五、项目管理中存在问题及原因分析"]
    heading.String, problems.String = problems.String, heading.String

    styles = document.StyleFamilies.getByName("ParagraphStyles")
    style = styles.getByName("Heading 1")
    style.CharFontNameAsian = "微软雅黑"
    style.CharHeight = style.CharHeightAsian = 18

    listed = blocks(text)
    start = next(n for n, block in enumerate(listed) if said(block) == "（四）项目满意度情况")
    end = next(n for n, block in enumerate(listed) if said(block) == "三、项目绩效分析")
    for block in listed[start:end]:
        text.removeTextContent(block)


def main(form, result):
    desktop, _ = connect(os.environ["UNO_URL"])
    document = desktop.loadComponentFromURL(Path(form).resolve().as_uri(), "_blank", 0, properties(Hidden=True))
    try:
        edit(document)
        target = uno.systemPathToFileUrl(str(Path(result).resolve()))
        document.storeToURL(target, properties(FilterName="MS Word 2007 XML"))
    finally:
        document.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
