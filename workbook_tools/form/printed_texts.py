"""The texts of a form itself: titles, labels, units. What a unit sees of them is held against what was issued.

A digest of each sheet's texts is signed with the content, so that a later version of the program, which may word a hint
otherwise, still knows what stood there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from workbook_tools.core.model import Value
from workbook_tools.core.values import number_text
from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.form.fields import Layout, SheetPlan

_find_place = attrgetter("span")


@lru_cache(maxsize=4096)
def normal_text(value: Value) -> str:
    """A cell's content as it is compared: programs differ in line ends and drop blanks at the ends when they save.

    Without tabulators: LibreOffice makes another sign of one in the text of a link.
    """
    if isinstance(value, str) and value.isprintable():
        return value.strip()
    text = number_text(value) if isinstance(value, int | float) else clean_cell_text(value or "").replace("\t", "")
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def digest_texts(texts: Iterable[Value]) -> str:
    """Identifies the texts of a sheet, from above to below and from left to right; blank ones do not count."""
    return _digest_all(tuple(texts))


@lru_cache(maxsize=256)
def _digest_all(texts: tuple[Value, ...]) -> str:
    told = filter(None, map(normal_text, texts))
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:16]


def digest_sheets(layout: Layout) -> dict[str, str]:
    """Sheet → the digest of the texts on it that belong to no named cell."""
    return {title: digest_texts(_list_texts(plan)) for title, plan in layout.sheets.items()}


def _list_texts(plan: SheetPlan) -> list[Value]:
    return [item.value for item in sorted([item for item in plan.fields if not item.name], key=_find_place)]
