"""What is printed, in LibreOffice: signatures and totals are never alone on a page, and no page is empty."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from office import convert_with_libreoffice, pdf_text, requires_libreoffice, requires_pdftotext
from result_builder import project, result

from workbook_tools.excel.printed_pages import PAGE_HEIGHT, find_last_page
from workbook_tools.shipped.blanks import draw_blank_summary_form
from workbook_tools.summary import write_form_tables, write_summaries

_NARROW = 800
"""Pixels: such columns are printed as they are."""


def test_the_last_page_begins_early_where_the_end_might_be_alone_on_it() -> None:
    row = PAGE_HEIGHT / 50
    assert find_last_page([row] * 40, 0, _NARROW, 1) == 0, "all on one page"
    assert find_last_page([row] * 46, 0, _NARROW, 1) == 42, "in a program that leaves much room below"
    assert find_last_page([row] * 51, 0, _NARROW, 1) == 47, "the end alone on the second"
    assert find_last_page([row] * 64, 0, _NARROW, 1) == 60, "in a program with wide digits"
    assert find_last_page([row] * 76, 0, _NARROW, 1) == 0, "there are rows of the list with it everywhere"
    assert find_last_page([row] * 101, row, _NARROW, 2) == 96
    assert find_last_page([row] * 51, 0, _NARROW, 0) == 0, "nothing is below the list"


@pytest.mark.slow
@requires_libreoffice
@requires_pdftotext
def test_no_signature_stands_alone_and_no_page_is_empty(tmp_path: Path) -> None:
    """With so many projects that the end of some of the tables would come on a page of its own."""
    form, books = tmp_path / "模板.xlsx", []
    form.write_bytes(draw_blank_summary_form())
    for count in (*range(13, 19), 30, 31):
        found = result(
            [project(n, place=n, department="甲局", unit="局机关") for n in range(1, count + 1)],
            missing=(),
            findings=(),
        )
        for kind, path in (
            ("汇总", write_summaries(found, tmp_path / f"a{count}")[0]),
            ("汇总表", write_form_tables(found, tmp_path / f"b{count}", form)[0][0]),
        ):
            books.append(path.rename(tmp_path / f"{kind}{count}.xlsx"))
    for pdf in convert_with_libreoffice(books, tmp_path / "pdf"):
        pages = pdf_text(pdf).split("\f")[:-1]
        assert [number for number, page in enumerate(pages, 1) if len(page.split()) < 4] == [], (
            f"{pdf.stem}: empty pages"
        )
        signed = [page for page in pages if "填表人" in page]
        assert len(signed) == 1, pdf.stem
        assert re.search(r"公共服务运行维护项目|部门小计", signed[0]), f"{pdf.stem}: the signature is alone"
