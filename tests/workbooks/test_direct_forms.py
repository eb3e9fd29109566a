"""Every kind of form, written directly and by XlsxWriter alone: the same bytes."""

from __future__ import annotations

import pytest
from builders import KEY
from filling import BLANK_PROJECT, Filler, compact_project
from plain_writing import list_different_parts

from workbook_tools.excel.styles import ERROR_TINT, WARNING_TINT
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import BLANK_KEY, Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks import writing
from workbook_tools.workbooks.writing import CellMark, Return, build_workbook, draw_workbook

SCHEMES = list(builtin_schemes().values())
NOTICE = Notice("某县财政局", "2025年3月15日", "0350-1234567 <综合股> & “预算股”")


def draw_cover(book: Book) -> Sheet:
    """A first sheet, as a returned copy has one."""
    sheet = book.sheet("退回意见")
    sheet.merge(0, 0, 0, 3, "请改正", "title")
    sheet.autofilter(1, 0, 4, 3)
    sheet.view(active=True)
    return sheet


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "open"])
@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_a_form_of_every_scheme_issued_filled_and_returned(scheme: Scheme, approved: bool) -> None:
    given = compact_project(scheme, approved=approved)
    layout = build_layout(given, scheme, NOTICE)
    seal, answers = Seal.on(layout, KEY), Filler(layout).filling()
    marks = {
        name: CellMark(tint, "第一行\n<第二行>")
        for name, tint in zip(answers, (ERROR_TINT, WARNING_TINT) * 3, strict=False)
    }
    assert list_different_parts(lambda: draw_workbook(layout, seal)) == []
    returned = Return(answers) if approved else Return(answers, marks, draw_cover)
    assert list_different_parts(lambda: draw_workbook(layout, seal, returned)) == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_no_form_that_is_issued_needs_a_plain_book(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    for approved in (True, False):
        project = compact_project(scheme, approved=approved)
        drawn = build_workbook(project, scheme, KEY, NOTICE)  # Excel takes its names
        with monkeypatch.context() as patch:
            patch.delattr(writing, "Book")
            assert build_workbook(project, scheme, KEY, NOTICE) == drawn


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_the_blank_form(scheme: Scheme) -> None:
    assert list_different_parts(lambda: build_workbook(BLANK_PROJECT, scheme, BLANK_KEY)) == []


def test_a_form_with_buttons() -> None:
    project = load_example().projects[0]
    scheme = builtin_schemes()[project.scheme]
    assert list_different_parts(lambda: build_workbook(project, scheme, KEY, NOTICE, macros=True)) == []


def test_names_of_the_strangest_kind() -> None:
    [scheme, *_] = SCHEMES
    for name in (
        "<r>甲</r>",
        "a & b < c > d",
        '说"好"',
        "_x0041_乙",
        " 前后有空格 ",
        "😀",
        "指标" * 40,
        "'=1+1",
        "甲\n乙",
    ):
        given = compact_project(scheme)
        rows = tuple(
            row.model_copy(update={"name": f"{name}{i}", "unit": "个 & 项"}) for i, row in enumerate(given.indicators)
        )
        given = given.model_copy(update={"name": name, "unit": name, "indicators": rows})
        assert list_different_parts(lambda given=given: build_workbook(given, scheme, KEY)) == [], name
