"""Numbers in a text that reach a person: telephones, and the numbers of identity cards. They are not for the public."""

from __future__ import annotations

import re

HIDDEN = "（号码略）"
"""What stands in the place of a number."""
_PLAIN = str.maketrans("０１２３４５６７８９（）＋－—–‐‑−　\u00a0Ｘｘ", "0123456789()+------  Xx")
_NUMBER = re.compile(
    r"""(?<![\d.])(?:
      (?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)          # 138 1234 5678
    | \(?0[1-9]\d{1,2}\)?[ -]{0,3}[1-9]\d{2,3}[ -]?\d{4}(?!\d)(?:[ ]?[-转][ ]?\d{1,5}(?!\d))?  # 0350-1234567, (010)12345678
    | [48]00[ -]?\d{3}[ -]?\d{4}(?!\d)                           # 400-810-8888
    | [1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)  # an identity card
    )"""
    r"""|(?<=[话机线真系])(?P<near>(?:号码|号)?[ :：是为]{0,3}\(?)(?P<local>[1-9]\d{2,3}[ -]?\d{4})(?![ -]?[\d.])""",
    re.VERBOSE,
)
"""With 电话, 手机, 座机, 热线, 传真 or 联系 before it a number of a town without its prefix is one too."""
_AMOUNT = re.compile(r"\s*(?:[万亿千百]?元|[万亿]|平方|立方|公里|亩|吨|米|人次?|户|%|％)")
"""What makes a number a quantity: 13800000000元."""


def find_numbers(text: str) -> list[str]:
    """The numbers in a text that reach a person, as they stand there.

    >>> find_numbers("咨询电话：0350-1234567，手机 138 1234 5678。投入13812345678元。")
    ['0350-1234567', '138 1234 5678']
    """
    return [text[start:end] for start, end in _find_places(text)]


def hide_numbers(text: str) -> str:
    """The text with （号码略） in place of each.

    >>> hide_numbers("王强（１３８１２３４５６７８）")
    '王强（（号码略））'
    """
    parts, done = [], 0
    for start, end in _find_places(text):
        parts += [text[done:start], HIDDEN]
        done = end
    return "".join([*parts, text[done:]])


def show_ends(number: str) -> str:
    """A number by which its owner knows it, and nobody else: 138…78."""
    digits = re.sub(r"\D", "", number.translate(_PLAIN))
    return f"{digits[:3]}…{digits[-2:]}"


def _find_places(text: str) -> list[tuple[int, int]]:
    plain = text.translate(_PLAIN)
    found = []
    for match in _NUMBER.finditer(plain):
        start, end = match.span("local") if match["local"] else match.span()
        if not _AMOUNT.match(plain, end):
            found.append((start, end))
    return found
