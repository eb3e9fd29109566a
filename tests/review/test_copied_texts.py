"""Texts of projects are compared with each other: what is copied, and what may be alike."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import cache

import pytest
from checking import (
    good,
)
from long_run import thin

from workbook_tools.core.review_result import ProjectRow, TextPlace
from workbook_tools.form.fields import Field
from workbook_tools.form.layout import build_layout
from workbook_tools.form.narrative import text_name
from workbook_tools.review.checks import check_together
from workbook_tools.review.checks.passages import normal_form
from workbook_tools.review.checks.similar_sentences import SimilarSentences
from workbook_tools.rules.scheme import load_scheme


@cache
def fields_of(scheme: str) -> Mapping[str, Field]:
    return build_layout(good(), load_scheme(scheme)).fields


def project_row(code: str, scheme: str = "mof-2020", **texts: str) -> ProjectRow:
    fields = fields_of(scheme)
    sections = ((key, fields[text_name(key)]) for key in texts if text_name(key) in fields)
    places = {key: TextPlace(sheet=item.sheet, cell=item.cell, label=item.label) for key, item in sections}
    return ProjectRow(
        code=code,
        name=f"项目{code}",
        department="局",
        unit="单位",
        year=2024,
        scheme=scheme,
        scheme_digest="",
        file=f"{code}.xlsx",
        texts=texts,
        text_places=places,
    )


OWN = "公路段成立养护小组，按月检查路面质量，支出由局机关集中核算、专账管理。"
OTHER = "图书馆全年接待读者六万人次，举办讲座四十场，新购图书五千册。"


def crossed(*rows: ProjectRow) -> list[tuple[str, str, str]]:
    return [(f.code, f.project_code, f"{f.sheet}!{f.cell}") for f in check_together(rows)]


def test_texts_of_their_own_give_nothing():
    rows = (project_row("A", overview=OWN), project_row("B", overview=OTHER))
    assert crossed(*rows) == []


@pytest.mark.parametrize(
    "copied",
    [
        OWN,
        OWN.replace("按月", "逐月"),
        "本项目由段长负责。" + OWN,
        OWN.replace("，支出由", "，发现病害三日内处理，支出由"),
        OWN.replace("，", ",").replace("。", "."),
    ],
    ids=["the same", "one word differs", "among others", "longer by a clause", "other punctuation"],
)
def test_a_copied_sentence_is_reported_on_both_sides_after_own_texts_were_compared(copied):
    test_texts_of_their_own_give_nothing()
    rows = (project_row("A", overview=OWN), project_row("B", suggestions=copied))
    assert crossed(*rows) == [("CROSS02", "A", "基本情况!B12"), ("CROSS02", "B", "绩效分析!B10")]
    test_texts_of_their_own_give_nothing()


def test_a_copy_quotes_both_places():
    rows = (project_row("A", overview=OWN), project_row("B", suggestions="前言。" + OWN))
    first, _ = check_together(rows)
    assert (first.file, first.field, first.found) == ("A.xlsx", "项目概况", OWN.rstrip("。"))
    assert "“项目B”（B，单位）的“下一步改进措施”" in first.message
    assert OWN.rstrip("。") in first.message
    assert first.for_finance == ""


def test_another_departments_project_and_wording_are_for_finance_only():
    other = project_row("B", suggestions="前言。" + OWN.replace("按月", "逐月")).model_copy(
        update={"department": "别局"}
    )
    first, _ = check_together([project_row("A", overview=OWN), other])
    assert "项目B" not in first.message and "逐月" not in str(first.message)
    assert "“项目B”（B，单位）的“下一步改进措施”" in first.for_finance
    assert "逐月" in first.for_finance


def test_one_finding_per_section_and_other_project():
    two = OWN + OTHER
    rows = (project_row("A", overview=two), project_row("B", overview=two), project_row("C", overview=OTHER))
    assert crossed(*rows) == [
        *[("CROSS02", "A", "基本情况!B12")] * 2,
        *[("CROSS02", "B", "基本情况!B12")] * 2,
        *[("CROSS02", "C", "基本情况!B12")] * 2,
    ]


def test_short_sentences_cited_documents_and_approved_goals_may_be_equal():
    short = "资金按制度管理。"
    cited = "依据《关于进一步加强农村公路养护管理工作的实施意见》（交公路〔2021〕15号）立项。"
    rows = [project_row(code, overview=short + cited, goal_annual=OWN) for code in "AB"]
    assert crossed(*(r.model_copy(update={"annual_goal": OWN}) for r in rows)) == []


def test_at_most_three_other_projects_are_named():
    rows = [project_row(f"P{i}", overview=OWN) for i in range(6)]
    assert crossed(*rows) == [("CROSS02", f"P{i}", "基本情况!B12") for i in range(6) for _ in range(3)]
    assert [("另有2个项目相似" in f.message) for f in check_together(rows)[:3]] == [False, False, True]


def test_a_sentence_of_very_many_projects_is_a_stock_phrase():
    rows = [project_row(f"P{i}", overview=OWN) for i in range(21)]
    assert crossed(*rows) == [("CROSS03", f"P{i}", "基本情况!B12") for i in range(21)]
    assert {code for code, *_ in crossed(*rows[:20])} == {"CROSS02"}


def test_no_projects_and_no_texts_give_nothing():
    assert check_together([]) == []
    assert check_together([project_row("A")]) == []


def similar_pairs(texts: list[str]) -> list[tuple[int, int]]:
    """Positions of the texts that are nearly the same."""
    with closing(SimilarSentences()) as sentences:
        for position, text in enumerate(texts):
            sentences.add(position, "", text, text)
        sentences.compare()
        return [
            (one, other - 1) for one in range(len(texts)) for other in sentences.list_alike(one + 1) if other > one + 1
        ]


@pytest.mark.parametrize("position", range(0, 40, 3))
def test_two_sentences_that_differ_in_one_character_are_found(position):
    words = [chr(0x4E00 + 7 * i) for i in range(1000)]
    one, unlike = "".join(words[:40]), "".join(words[100:140])
    other = one[:position] + "龘" + one[position + 1 :]
    assert similar_pairs([one, unlike, other]) == [(0, 2)]
    assert similar_pairs([one, unlike]) == []
    assert similar_pairs(["短", "句"]) == similar_pairs([]) == []


@pytest.mark.slow
def test_a_copy_is_found_among_thousands_of_sentences():
    """Fifteen thousand, or sixty in the long run: more than are compared in one batch, and the two that are alike are not in the same batch."""
    words = [chr(0x4E00 + i) for i in range(3000)]
    count = len(thin(range(1_000), 4))

    def sentence(seed: int) -> str:
        return "".join(words[(seed * 7919 + i * (seed % 97 + 1)) % len(words)] for i in range(24)) + "。"

    rows = [
        project_row(f"P{i}", **{f"k{k}": "".join(sentence(i * 60 + k * 4 + j) for j in range(4)) for k in range(15)})
        for i in range(count)
    ]
    copied = rows[17].texts["k3"]
    rows[-50] = rows[-50].model_copy(update={"texts": {**rows[-50].texts, "k5": copied}})
    found = {(f.code, f.project_code) for f in check_together(rows) if f.found in copied}
    assert {("CROSS02", "P17"), ("CROSS02", f"P{count - 50}")} <= found


def test_normal_form_leaves_letters_digits_and_characters():
    assert normal_form("满意度（１２月）：９５％ Ａb_c。") == "满意度12月95abc"
