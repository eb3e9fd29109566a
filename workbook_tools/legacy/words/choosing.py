"""Where a place has several readings: what the office has said of its layout holds, else the likeliest, and it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook_tools.legacy.words.doubts import Doubt, KeptReading
from workbook_tools.legacy.words.records import Concern, Remark, Where


@dataclass(frozen=True, slots=True)
class DoubtfulPlace:
    """A place that has several readings, and what it is about."""

    where: Where
    field: str
    printed: str


def choose_reading(
    place: DoubtfulPlace, key: str, readings: Mapping[str, str], kept: Mapping[str, KeptReading], remarks: list[Remark]
) -> str:
    """What is ``kept`` for the doubt of this ``key``, unless it was refused, else the first of ``readings``; which it was is
    added to ``remarks``.

    ``readings`` gives each in a word or two, by which it is answered, and in full, as it is told at the place: the first two
    of them. That an answer was taken is told once.
    """
    first, second, *_ = readings
    answer = kept.get(key)
    doubt = Doubt(key, (*readings,))
    refused = any(r.concern is Concern.REFUSED and r.doubt is not None and r.doubt.key == key for r in remarks)
    if answer is None or refused or answer.reading not in readings:
        remarks.append(_remark(place, Concern.AMBIGUOUS, readings[first], readings[second], doubt, None))
        return first
    if not any(remark.doubt == doubt for remark in remarks):
        remarks.append(_remark(place, Concern.ANSWERED, readings[answer.reading], "", doubt, answer))
    return answer.reading


def refuse_reading(place: DoubtfulPlace, key: str, kept: Mapping[str, KeptReading], remarks: list[Remark]) -> None:
    """Tell that what the office has said cannot be in this form."""
    answer = kept[key]
    remarks.append(_remark(place, Concern.REFUSED, answer.reading, "", Doubt(key, (answer.reading,)), answer))


def _remark(
    place: DoubtfulPlace, concern: Concern, taken: str, other: str, doubt: Doubt, kept: KeptReading | None
) -> Remark:
    return Remark(
        concern=concern,
        where=place.where,
        field=place.field,
        printed=place.printed,
        taken=taken,
        other=other,
        doubt=doubt,
        kept=kept,
    )
