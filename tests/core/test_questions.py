"""提醒 as questions: what is asked, what an answer is, and by what it finds its question again."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding, finding
from workbook_tools.core.questions import find_key, is_answer, is_question
from workbook_tools.core.review_result import count_by_severity

WARNING = finding(
    "FUND01",
    "执行资金大于到位资金",
    project_code="P001",
    file="P001.xlsx",
    sheet="预算执行",
    cell="F9",
    field="执行",
    found=26.0,
    expected="不大于20",
)
TEXTS = st.text(max_size=12)


def test_a_warning_about_what_was_filled_in_is_a_question_and_nothing_else_is() -> None:
    assert is_question(WARNING)
    others = (
        replace(WARNING, severity=Severity.ERROR),
        replace(WARNING, severity=Severity.INFO),
        replace(WARNING, file=""),
        replace(WARNING, project_code=""),
        replace(WARNING, follows_from="FUND08"),
        WARNING.blaming_the_list(),
        *(replace(WARNING, code=code) for code in ("LIST09", "FILE17", "TAMPER05", "REVIEW04", "SCHEME01")),
    )
    assert [row.code for row in others if is_question(row)] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u3000",
        "\u200b\ufeff\u00ad",
        "\u3164\u115f\u2800",
        "无",
        "无。",
        " 暂 无 ",
        "没有",
        "——",
        "。。。",
        "/",
    ],
)
def test_what_says_nothing_is_no_answer(text: str) -> None:
    assert not is_answer(text)


@pytest.mark.parametrize("text", ["无预算调整文件，年末追加", "已核对", "是", "见附件1", "26", "没有超支，到账在次年"])
def test_what_says_something_is_an_answer(text: str) -> None:
    assert is_answer(text)


@given(st.tuples(TEXTS, TEXTS, TEXTS), st.tuples(TEXTS, TEXTS, TEXTS))
def test_the_place_says_which_question_and_the_facts_whether_it_is_the_same(
    place: tuple[str, str, str], facts: tuple[str, str, str]
) -> None:
    """No two texts can change places or run into each other; what says nothing of the question changes no key."""
    names = ("sheet", "cell", "field", "message", "found", "expected")
    row = replace(WARNING, **dict(zip(names, (*place, *facts), strict=True)))
    key = find_key(row)
    same = replace(row, file="别处/另存.xlsx", advice="请核对。", answer="是", ruling=ACCEPTED, for_finance="对方")
    assert find_key(same) == key
    assert find_key(row).number == key.number and key.number.startswith("FUND01-")
    for index, name in enumerate(names):
        other = find_key(replace(row, **{name: getattr(row, name) + "1"}))
        assert (other.place == key.place, other.facts == key.facts) == (index > 2, index < 3)
        assert other.number != key.number
    for one, two in combinations(names, 2):
        if getattr(row, one) != getattr(row, two):
            swapped = replace(row, **{one: getattr(row, two), two: getattr(row, one)})
            assert find_key(swapped) != key


def test_what_others_wrote_is_no_fact_of_a_project() -> None:
    row = replace(WARNING, code="CROSS02", message="有1句话与其他部门的项目相同或相近", expected="")
    assert find_key(replace(row, message="有3句话与其他部门的项目相同或相近")) == find_key(row)
    assert find_key(replace(row, found="另一句")) != find_key(row)


def test_the_counts_say_what_waits_for_an_answer_and_leave_the_list_out() -> None:
    rows: list[Finding] = [
        WARNING,
        replace(WARNING, cell="F10", answer="次年到账"),
        replace(WARNING, cell="F11", answer="次年到账", ruling=REFUSED),
        replace(WARNING, cell="F12", ruling=ACCEPTED),
        replace(WARNING, code="TAMPER05"),
        WARNING.blaming_the_list(),
        replace(WARNING, severity=Severity.ERROR).blaming_the_list(),
    ]
    counts = count_by_severity(rows)
    assert (counts.error, counts.warning, counts.info) == (0, 5, 0)
    assert (counts.to_answer, counts.answered, counts.of_the_list) == (2, 2, 2)
