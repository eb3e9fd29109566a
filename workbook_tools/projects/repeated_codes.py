"""Codes of projects that are one to the eye, or to Windows as the name of a file: P01, p01, Ｐ０１."""

from __future__ import annotations

from workbook_tools.core.values import plain


def fold_code(code: str) -> str:
    """The code without what makes no other one: width, case, blanks.

    >>> fold_code("Ｐ 01") == fold_code("p01")
    True
    """
    return code.lower() if code.isascii() and code.isalnum() else plain(code).casefold()


def tell_repeated(code: str, earlier: str) -> str:
    """How a code repeats an earlier one, as a message goes on: 重复, or 的“P01”只差…."""
    return "重复" if code == earlier else f"的“{earlier}”只有大小写、全角半角或空格不同"
