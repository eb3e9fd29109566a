"""Report forms (报告模板) that ask for gigabytes or never end: each is a message."""

from __future__ import annotations

import io
import time

import docx
import pytest

from workbook_tools.core.errors import TemplateError
from workbook_tools.word.rendering import ReportForm

HOSTILE = {
    "multiplied": "{{ 'x' * 3000000000 }}",
    "multiplied_by_a_float": "{{ 'x' * 3e9 }}",
    "list_multiplied": "{{ [1] * 3000000000 }}",
    "filter_format": "{{ '%999999999d'|format(1) }}",
    "percent": "{{ '%999999999d' % 1 }}",
    "method": "{{ 'x'.ljust(3000000000) }}",
    "format_method": "{{ '{:>3000000000}'.format(1) }}",
    "center": "{{ 'x'|center(3000000000) }}",
    "replaced_by_more": "{{ 文|replace('', 文)|replace('', 文)|replace('', 文) }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "loops": "{% for a in 行 %}{% for b in 行 %}{% for c in 行 %}{% for d in 行 %}{{ 文 }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
    "brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "signs": "{{ " + "-" * 5000 + "1 }}",
    "nots": "{% if " + "not " * 5000 + "文 %}{% endif %}",
    "macro_of_itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}  # fmt: skip


def printed(source: str) -> str:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(source)
    document.save(file)
    made = ReportForm(file.getvalue(), "报告.docx").render({"文": "项目" * 500, "行": [1.0] * 60})
    return docx.Document(io.BytesIO(made)).paragraphs[0].text


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_form_that_asks_for_too_much_is_told(source: str):
    started = time.process_time()
    with pytest.raises(TemplateError, match=r"报告\.docx"):
        printed(source)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("source", "text"),
    [("{{ 3 * 2 }}", "6"), ("{{ 7 % 4 }}", "3"), ("{{ 行|length / 2 }}", "30"), ("{{ (行|first)|round }}", "1")],
)
def test_figures_may_be_computed(source: str, text: str):
    assert printed(source) == text
