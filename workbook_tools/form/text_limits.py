"""How long the texts of a form may be, counted in bytes as the system counts that takes them: which cells, how a sheet counts, what it says.

The formula counts with functions that every program has and that ask no language of the computer: LENB, CODE and the comparison of letters do.
Every character counts as one of Chinese but for those of ASCII, which the sheet takes out one by one. Measured: LibreOffice gives what the texts have in
GB 18030 and UTF-8, but for signs beyond 16 bits (emoji), which are longer than it counts; Gnumeric takes ASCII for Chinese and refuses too early.
What a sheet lets pass is counted again when the form is reviewed.
"""

from __future__ import annotations

from workbook_tools.form.fields import Field, Kind, Role
from workbook_tools.rules.form_settings import TextLimits
from workbook_tools.rules.scheme import Scheme

_TEXTS = (Kind.TEXT, Kind.PARAGRAPH)


def find_limit(scheme: Scheme, part: str, kind: Kind, role: Role) -> int:
    """The most bytes that may be typed into such a part of an indicator's row, or of the funding table; 0 for any number."""
    limits = scheme.form.text_limits
    limited = limits is not None and role is Role.INPUT and kind in _TEXTS
    return limits.of_part(part) if limits and limited else 0


def find_section_limit(scheme: Scheme, key: str) -> int:
    """The same of a text of the report."""
    limits, goals = scheme.form.text_limits, scheme.form.goals
    if limits is None:
        return 0
    special = {goals.expected: limits.goal_expected, goals.actual: limits.goal_actual} if goals else {}
    return special.get(key) or limits.texts


def write_limit(limits: TextLimits, cell: str, most: int) -> str:
    """The condition that a text in a cell is no longer, as a formula without ``=``.

    >>> write_limit(TextLimits(wide=2), "B7", 2000)
    '2*LEN(B7)-SUMPRODUCT(LEN(B7)-LEN(SUBSTITUTE(B7,CHAR(ROW($1:$127)),"")))<=2000'
    """
    narrow = f'SUMPRODUCT(LEN({cell})-LEN(SUBSTITUTE({cell},CHAR(ROW($1:$127)),"")))'
    taken = narrow if limits.wide == 2 else f"{limits.wide - 1}*{narrow}"
    return f"{limits.wide}*LEN({cell})-{taken}<={most}"


def describe_limit(limits: TextLimits, item: Field) -> str:
    """What a prompt says of it: 最多 1000 个汉字（2000 字节）。"""
    return f"最多 {item.most_bytes // limits.wide} 个汉字（{item.most_bytes} 字节）。"
