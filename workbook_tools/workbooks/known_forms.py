"""Where the fields of a returned form are, once for all workbooks that differ in nothing but what their cells hold.

The first such workbook is walked field by field (``reading.py``) and held against what was issued (``sight.py``). Where nothing of its
frame was found changed (sheets, names, formulas, looks, merges, checks), of the next one with the same frame only the contents
are looked at. What holds for a form holds for a sheet: most sheets of a project with indicators of its own are those of the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from workbook_tools.core.cells import Place
from workbook_tools.core.codes import Family
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.recent import Recent
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.form.fields import Field, Layout, Role, SheetPlan
from workbook_tools.form.printed_texts import digest_texts

_OF_CONTENTS = frozenset({"TAMPER02", "TAMPER21", "TAMPER23"})
"""What is found in contents alone, beside FILL: fixed contents changed, texts changed, a sheet that looks like one of ours."""
KNOWN = Recent["KnownForm"](60_000)
KNOWN_SHEETS = Recent["KnownSheet"](20_000)
Placed = tuple[Field, Place]


class PlacedField(NamedTuple):
    """A named field and where it is."""

    name: str
    place: Place
    number: int
    """Of its cell among those of its sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownSheet:
    """A sheet with a frame that is as it was issued."""

    labels: tuple[int, ...]
    """The numbers of its cells that belong to no named field."""

    def has_issued_texts(self, raw: RawWorkbook, title: str, issued: str) -> bool:
        """The texts of the form itself are those that were issued, by their digest; where none was signed there is none."""
        contents = raw.contents(title) if issued else None
        if contents is None:
            return not issued
        return _digest(tuple([show(contents[number]) for number in self.labels])) == issued


@dataclass(frozen=True, slots=True, eq=False)
class KnownForm:
    """A frame that is as it was issued."""

    titles: Mapping[str, str]
    """Sheet of the layout → its title in the workbook."""
    fields: tuple[PlacedField, ...]
    """Those of which it is looked at what they hold."""
    formulas: tuple[PlacedField, ...]
    """Those that the sheet computes."""
    sheets: Mapping[str, KnownSheet]

    def has_issued_texts(self, raw: RawWorkbook, texts: Mapping[str, str]) -> bool:
        """The texts of the form itself are those that were issued; ``texts``: sheet → their digest, none where none was signed."""
        return all(
            sheet.has_issued_texts(raw, self.titles[title], texts.get(title, ""))
            for title, sheet in self.sheets.items()
        )


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
    cells: Sequence[Placed],
    found: Iterable[Finding],
) -> KnownForm | None:
    """What is known of a form after the walk over it, which ``found`` this; nothing where its frame is not as it was issued."""
    if len(cells) != len(layout.fields) or any(title != found for title, found in titles.items()):
        return None
    if not all(map(_is_of_contents, found)):
        return None
    sheets = {title: know_sheet(raw, layout, title, cells) for title in titles}
    known = {title: sheet for title, sheet in sheets.items() if sheet}
    if len(known) < len(sheets):
        return None
    numbers = {title: {place: n for n, place in enumerate(raw.skeleton(title).places)} for title in titles}
    placed = [
        (PlacedField(item.name, place, numbers[place.sheet][place.row, place.col]), item.role) for item, place in cells
    ]
    formulas = tuple([field for field, role in placed if role is Role.FORMULA])
    return KnownForm(
        dict(titles), tuple([field for field, role in placed if role is not Role.FORMULA]), formulas, known
    )


def _is_of_contents(item: Finding) -> bool:
    return item.code in _OF_CONTENTS or item.code.startswith(Family.FILL)


# -- a single sheet ---------------------------------------------------------------------------------------------------


def find_sheet_key(raw: RawWorkbook, layout: Layout, title: str) -> Hashable:
    """All that the walk over the sheet of that title depends on but contents; nothing where that cannot be said, or it is the first of its kind.

    Every named field is where it was issued, on a sheet with its title.
    """
    with suppress(UnreadableWorkbook):  # the walk will say so
        skeleton = raw.skeleton(title)
        if skeleton.shared and not raw.hidden(title) and not raw.draws(title) and raw.contents(title) is not None:
            looks = raw.looks.marks_of(skeleton.used_styles)
            frame = layout.sheets[title].frame or _describe_frame(layout, layout.sheets[title])
            return skeleton, looks, frame
    return None


def know_sheet(
    raw: RawWorkbook, layout: Layout, title: str, cells: Iterable[Placed], found: Iterable[Finding] = ()
) -> KnownSheet | None:
    """What is known of a sheet after the walk, which ``found`` this; nothing where its frame is not as it was issued."""
    if not all(_is_of_contents(item) for item in found if item.sheet == title):
        return None
    own = [(item, (place.row, place.col)) for item, place in cells if place.sheet == title]
    if len(own) < sum(1 for item in layout.sheets[title].fields if item.name):
        return None
    named = {place for _, place in own}
    formulas, places = raw.sheet_formulas(title), raw.skeleton(title).places
    if formulas.spread or {*formulas} != {place for item, place in own if item.role is Role.FORMULA}:
        return None
    if not named <= {*places}:
        return None
    return KnownSheet(tuple([number for number, place in enumerate(places) if place not in named]))


_read_frame = attrgetter("name", "span", "role", "kind", "number_format", "low", "high", "choices")


def _describe_frame(layout: Layout, plan: SheetPlan) -> Hashable:
    """What a sheet of a layout is held against, but contents."""
    computed = Role.FORMULA
    return tuple(
        [
            (
                *_read_frame(item),
                layout.reference(item.limit, plan.title) if item.limit else "",
                layout.formula(item) if item.role is computed else "",
                item.value in (None, ""),
            )
            for item in plan.fields
        ]
    )
