"""Numbers that reach a person are found in a text, and quantities are not taken for them."""

from __future__ import annotations

import doctest

import pytest

from workbook_tools.core import phone_numbers
from workbook_tools.core.phone_numbers import HIDDEN, find_numbers, hide_numbers, show_ends


def test_the_examples_hold() -> None:
    assert doctest.testmod(phone_numbers) == doctest.TestResults(failed=0, attempted=2)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("手机13812345678", ["13812345678"]),
        ("手机号13812345678、13912345678", ["13812345678", "13912345678"]),
        ("１３８－１２３４－５６７８", ["１３８－１２３４－５６７８"]),
        ("tel +86 13812345678。", ["+86 13812345678"]),
        ("0350-3024567", ["0350-3024567"]),
        ("（0350）3024567转808", ["（0350）3024567转808"]),
        ("010 8765 4321", ["010 8765 4321"]),
        ("联系电话：3024567", ["3024567"]),
        ("热线为88123456", ["88123456"]),
        ("400-810-8888", ["400-810-8888"]),
        ("身份证140102198001011234", ["140102198001011234"]),
        ("身份证14010219800101123X", ["14010219800101123X"]),
    ],
)
def test_a_number_that_reaches_a_person_is_found(text: str, numbers: list[str]) -> None:
    assert find_numbers(text) == numbers
    assert hide_numbers(text).count(HIDDEN) == len(numbers)


@pytest.mark.parametrize(
    "text",
    [
        "投入13812345678元",
        "面积13812345678平方米",
        "共13800000000万元",
        "3.13812345678",
        "0.01234567",
        "资金0123456元",
        "12345热线受理",
        "2024-01-20",
        "01-20241231",
        "〔2024〕12号",
        "1380.1234567万元",
        "预算3024567元",
        "编码14010020241231001",
        "2023-2024年",
        "",
    ],
)
def test_a_quantity_a_date_or_a_code_is_none(text: str) -> None:
    assert find_numbers(text) == []
    assert hide_numbers(text) == text


def test_only_the_ends_are_shown() -> None:
    assert show_ends("（０３５０）3024567") == "035…67"
