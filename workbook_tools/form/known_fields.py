"""Fields that come out the same in all forms of a kind: drawn for the first two of them and compared, then shared by all others.

What of a form decides on them is the kind, which whoever places them names. That nothing else does is not proved but tried: where the second form has others, all forms of
that kind are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from workbook_tools.core.recent import Recent
from workbook_tools.form.fields import Field, Layout, Role, SheetPlan

Said = TypeVar("Said")


@dataclass(slots=True)
class _KnownFields:
    """What was placed on a sheet."""

    said: Any
    """What the drawing gave back."""
    fields: Sequence[Field]
    formulas: Sequence[str]
    heights: Mapping[int, float]
    shared: bool | None = None
    """That it came out the same; not known after the first time."""


_KINDS = Recent[_KnownFields](30_000)


def find_frames(layout: Layout) -> Sequence[Hashable]:
    """What the sheets that stand already, and on which nothing depends on the indicators, have in common with those of others; nothing where that is
    not known of each."""
    frames = [plan.frame for title, plan in layout.sheets.items() if title in layout.version.of_facts]
    return () if None in frames else tuple(frames)


def place_known(layout: Layout, plan: SheetPlan, kind: Hashable, place: Callable[[], Said]) -> Said:
    """What ``place`` gives back, which puts fields on the sheet and says how high their rows are. No kind: it is not known.

    The formulas of the fields refer to nothing but fields that stand already, where all forms of the kind have them.
    """
    if kind is None:
        return place()
    known = _KINDS.find(kind)
    if known is not None and known.shared:
        layout.add_all(plan, known.fields)
        plan.heights |= known.heights
        shared: Said = known.said
        return shared
    if known is not None and known.shared is False:
        return place()
    first, before = len(plan.fields), {**plan.heights}
    said = place()
    fields = plan.fields[first:]
    heights = {row: height for row, height in plan.heights.items() if before.get(row) != height}
    formulas = [layout.formula(item) if item.role is Role.FORMULA else "" for item in fields]
    drawn = _KnownFields(said, fields, formulas, heights)
    if known is None:
        _KINDS.keep(kind, drawn)
        return said
    known.shared = drawn == _KnownFields(known.said, known.fields, known.formulas, known.heights)
    if known.shared:
        for item, formula in zip(known.fields, known.formulas, strict=True):
            item.share().formula = formula
            item.bind_rules()
    return said
