"""Word's fields (a page number, a table of contents), which python-docx has no words for."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.text.run import CT_R

from workbook_tools.word.elements import make_element, qn


def make_field_runs(code: str, result: str) -> list[CT_R]:
    """The runs of a field: what it asks for, and the text that is shown until a program fills it in."""
    asked, shown = _run("instrText"), _run()
    asked[0].text = f" {code} "
    asked[0].set(qn("xml:space"), "preserve")
    shown.add_t(result)
    return [_mark("begin"), asked, _mark("separate"), *([shown] if result else []), _mark("end")]


def _mark(kind: str) -> CT_R:
    run = _run("fldChar")
    run[0].set(qn("w:fldCharType"), kind)
    return run


def _run(content: str = "") -> CT_R:
    run = make_element("w:r", CT_R)
    if content:
        run.append(OxmlElement(f"w:{content}"))
    return run
