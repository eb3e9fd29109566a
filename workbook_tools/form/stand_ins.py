"""Stand-ins for the names and figures of a project: texts and numbers that occur nowhere else.

Where they turn up in the fields of a drawing, there the project's own go. So the drawing stays the one truth, and nothing here knows which
field holds what. What a drawing may *ask* of a name or a figure (is there one, is it above 0, has it decimals) is its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any

from workbook_tools.core.copying import make_copier
from workbook_tools.core.model import Value
from workbook_tools.core.values import PERCENT, cell_number, number_text
from workbook_tools.form.fields import Field

_STAND_IN = re.compile("\ue000([0-9]+)\ue001")
_TRACE = re.compile("[\ue000\ue001]|73100")
"""What is left of a stand-in that was cut, or written out as a part of a text."""
FIRST_NUMBER = 7_310_000
_MOST_DECIMALS = 3
_SLOTS = tuple(slot.name for slot in fields(Field) if slot.init)
_read_slots = attrgetter(*_SLOTS)

_CONTENTS = ("value", "label", "prompt", "unit")
"""Slots that decide nothing of how a cell looks, and nothing of what may be typed."""
_UNDRAWN = {"value", "label", "unit"}
"""Those that decide nothing of its drawing but content and name."""

Own = Callable[[Sequence[Value]], Value]
"""What a field holds, out of the names and figures of a project."""


def kind_of(value: Value) -> Hashable:
    """What may be asked of a value: how many decimals a figure has; what is blank, a percent sign or not above 0 stays as it is."""
    if isinstance(value, str):
        return value if value in ("", PERCENT) else str
    if value is None or not 0 < value < FIRST_NUMBER:
        return value
    decimals = len(number_text(value).partition(".")[2])
    return (decimals,) if decimals <= _MOST_DECIMALS else value


def stand_in(place: int, value: Value) -> Value:
    """What stands for the value at that place among the project's own."""
    match kind_of(value):
        case (0,):
            return float(FIRST_NUMBER + place)
        case (int(decimals),):
            return float(f"{FIRST_NUMBER + place}.{1:0{decimals}}")
        case kind:
            return f"\ue000{place}\ue001" if kind is str else value


class Strange(Exception):
    """The drawing has done more with a name or figure than to put it into a field."""


class FieldMaker:
    """Makes a field like the model's for a project."""

    __slots__ = ("_copy", "_found", "_like", "_makers", "_model")

    def __init__(self, model: Field, found: Mapping[str, Own]) -> None:
        self._model, self._found, self._makers = model, found, tuple(found.values())
        self._like = model.like if found.keys() <= _UNDRAWN else None
        self._copy = make_copier(Field, *found, "model")

    @property
    def slots(self) -> tuple[str, ...]:
        """What of the field is the project's own."""
        return tuple(self._found)

    @property
    def of_frame(self) -> list[Own]:
        """What makes the project's own of it that is neither a content nor what people call it: units in formats, limits."""
        return [find for name, find in self._found.items() if name not in _CONTENTS]

    def __call__(self, own: Sequence[Value]) -> Field:
        made: Field = self._copy(self._model, *[find(own) for find in self._makers], self._like)
        return made


def has_traces(text: str) -> bool:
    """Something of what stands in for a project's own is in the text."""
    return _TRACE.search(text) is not None


class StandInFinder:
    """Finds where the stand-ins have gone."""

    def __init__(self, stand_ins: Sequence[Value]) -> None:
        self._plain: set[str] = set()
        """Texts without a stand-in: most are in many fields."""
        self._numbers: dict[float, Own] = {}
        """What stands in for a number, and that number as a cell of percent format holds it."""
        for place, value in enumerate(stand_ins):
            if isinstance(value, float) and value >= FIRST_NUMBER:
                self._numbers[cell_number(value, PERCENT)] = partial(_as_percent, place)
                self._numbers[value] = itemgetter(place)

    def find_maker(self, item: Field) -> FieldMaker | None:
        """What makes the field for a project; ``None`` where nothing in it is the project's own."""
        state = dict(zip(_SLOTS, _read_slots(item), strict=True))
        found = {name: own for name, value in state.items() if value and (own := self._find_own(value))}
        item.share()
        return FieldMaker(item, found) if found else None

    def _find_own(self, value: Any) -> Own | None:
        kind = type(value)
        if kind is float:
            return self._numbers.get(value)
        if kind is tuple:
            self.refuse_traces("".join(map(str, value)))
        if kind is not str or value in self._plain:
            return None
        if not _TRACE.search(value):
            self._plain.add(value)
            return None
        pieces = _STAND_IN.split(value)  # texts and places in turn
        self.refuse_traces("".join(pieces[::2]))
        texts, places = pieces[::2], [int(place) for place in pieces[1::2]]
        if len(places) == 1:
            return partial(_put_between, texts[0], texts[1], places[0])
        return partial(_join_pieces, texts, places)

    def refuse_traces(self, text: str) -> None:
        """Raises Strange where a stand-in was made a part of something."""
        if has_traces(text):
            raise Strange


def _as_percent(place: int, own: Sequence[Value]) -> Value:
    value = own[place]
    return cell_number(value, PERCENT) if isinstance(value, float) else value


def _put_between(before: str, after: str, place: int, own: Sequence[Value]) -> str:
    return f"{before}{own[place]}{after}"


def _join_pieces(texts: Sequence[str], places: Sequence[int], own: Sequence[Value]) -> str:
    return texts[0] + "".join(f"{own[place]}{text}" for place, text in zip(places, texts[1:], strict=True))
