"""Where the fields of a returned form are, once for all workbooks that differ in nothing but what their cells hold.

The first such workbook is walked field by field (``reading.py``) and held against what was issued (``sight.py``). Where nothing of its
frame was found changed (sheets, names, formulas, looks, merges, checks), of the next one with the same frame only the contents
are looked at.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from workbook_tools.core.codes import Family
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.recent import Recent
from workbook_tools.excel.reading import Place, RawWorkbook
from workbook_tools.form.fields import Field, Layout, Role
from workbook_tools.form.printed_texts import digest_texts

_OF_CONTENTS = frozenset({"TAMPER02", "TAMPER21", "TAMPER23"})
"""What is found in contents alone, beside FILL: fixed contents changed, texts changed, a sheet that looks like one of ours."""
_KEPT = 64
KNOWN = Recent["KnownForm"](_KEPT)


class PlacedField(NamedTuple):
    """A named field and where it is."""

    name: str
    role: Role
    place: Place
    number: int
    """Of its cell among those of its sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownForm:
    """A frame that is as it was issued."""

    titles: Mapping[str, str]
    """Sheet of the layout → its title in the workbook."""
    fields: tuple[PlacedField, ...]
    labels: Mapping[str, tuple[int, ...]]
    """Sheet of the layout → the numbers of its cells that belong to no named field."""

    def has_issued_texts(self, raw: RawWorkbook, texts: Mapping[str, str]) -> bool:
        """The texts of the form itself are those that were issued; ``texts``: sheet → their digest, none where none was signed."""
        for title, numbers in self.labels.items():
            if issued := texts.get(title):
                contents = raw.contents(self.titles[title])
                if contents is None or _digest(tuple([show(contents[number]) for number in numbers])) != issued:
                    return False
        return True


@lru_cache(maxsize=256)
def _digest(contents: tuple[float | str | None, ...]) -> str:
    return digest_texts(contents)


def show(content: float | str | bool | None) -> float | str | None:
    """What a cell holds, as it is compared: a truth value as a text."""
    if isinstance(content, bool):
        return "TRUE" if content else "FALSE"
    return None if content == "" else content


def find_key(raw: RawWorkbook, layout: Layout, lockable: bool) -> Hashable:
    """All that the walk over a form depends on but contents; nothing where that cannot be said."""
    if layout.frame is None or not layout.sheets.keys() <= {*raw.sheets}:
        return None
    with suppress(UnreadableWorkbook):  # a sheet of that title may be one that nobody asks for
        if all(raw.contents(title) is not None for title in layout.sheets):
            return layout.frame, lockable, raw.named, raw.looks, *(raw.skeleton(title) for title in layout.sheets)
    return None


def know(
    raw: RawWorkbook,
    layout: Layout,
    titles: Mapping[str, str],
    cells: Sequence[tuple[Field, Place]],
    found: Iterable[Finding],
) -> KnownForm | None:
    """What is known of a form after the walk over it, which ``found`` this; nothing where its frame is not as it was issued."""
    if any(item.code not in _OF_CONTENTS and not item.code.startswith(Family.FILL) for item in found):
        return None
    if len(cells) != len(layout.fields) or any(title != found for title, found in titles.items()):
        return None
    numbers = {title: {place: n for n, place in enumerate(raw.skeleton(title).places)} for title in titles}
    computed = {title: set[tuple[int, int]]() for title in titles}
    for item, place in cells:
        if item.role is Role.FORMULA:
            computed[item.sheet].add((place.row, place.col))
    for title in titles:
        formulas = raw.sheet_formulas(title)
        if formulas.spread or set(formulas) != computed[title]:
            return None
    if any((place.row, place.col) not in numbers[place.sheet] for _, place in cells):
        return None
    fields = tuple(
        PlacedField(item.name, item.role, place, numbers[place.sheet].pop((place.row, place.col)))
        for item, place in cells
    )
    return KnownForm(dict(titles), fields, {title: tuple(left.values()) for title, left in numbers.items()})
