"""How strongly a column's label and contents speak for a meaning: the evidence that :mod:`column_meanings` weighs.

One point is a hint, three a good reason, six nearly certain. A label that is an entry of the vocabulary is nearly certain,
and contents that cannot be (a sentence as points) outweigh it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from workbook_tools.core.tolerances import NOISE
from workbook_tools.legacy.tables.column_contents import FIGURE_KINDS, ColumnContents
from workbook_tools.legacy.words.label_text import LONGEST_LABEL, label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

ENTRY, CONTAINS, _WITHIN = 6.0, 4.0, 2.5
"""A label that is an entry of [columns]; one that ends with an entry; one that has an entry somewhere within."""
_END, _PART, _FIRST_PART, _MOST_PARTS = 1.5, 1.0, 1.5, 2.5
"""A label that ends as such labels do; each part that occurs in such labels, the first more; all of them together at most."""

# 计划完成情况 is what came of a plan, 计划完成数 what is planned.
_COMES_OUT = ("情况", "结果")

# Meaning → kind of cell → points for a column all of whose cells are of that kind; a share of them counts in proportion.
_KINDS: Mapping[str, Mapping[str, float]] = {
    "level1": {
        "level1": 4, "level2": -0.5, "text": 1, "number": -9, "percent": -9, "signed": -9, "quantity": -9, "glyph": -6,
        "unit": -6, "sentence": -5,
    },
    "level2": {
        "level2": 4, "level1": -0.5, "text": 1, "number": -9, "percent": -9, "signed": -9, "quantity": -9, "glyph": -6,
        "unit": -6, "sentence": -4,
    },
    "name": {
        "text": 2.5, "level1": -4, "level2": -1, "quantity": -6, "signed": -9, "number": -9, "percent": -9, "glyph": -8,
        "unit": -7, "sentence": -1,
    },
    "sign": {
        "glyph": 7, "text": -3, "level1": -8, "level2": -8, "number": -9, "percent": -9, "signed": -9, "quantity": -9,
        "unit": -6, "sentence": -9,
    },
    "unit": {
        "unit": 5, "text": -3, "glyph": -6, "level1": -8, "level2": -8, "number": -9, "percent": -9, "signed": -9,
        "quantity": -9, "sentence": -9,
    },
    "target": {
        "signed": 6, "quantity": 2, "percent": 2, "number": 1, "glyph": -6, "unit": -6, "level1": -6, "level2": -4,
        "sentence": -2, "text": -0.5,
    },
    "actual": {
        "quantity": 2, "percent": 2, "number": 1, "signed": -0.5, "glyph": -6, "unit": -6, "level1": -6, "level2": -4,
        "sentence": -1.5, "text": -0.5,
    },
    "weight": {
        "number": 3, "percent": -0.5, "text": -8, "signed": -9, "quantity": -6, "glyph": -8, "unit": -8, "level1": -8,
        "level2": -8, "sentence": -9,
    },
    "score": {
        "number": 3, "percent": -1, "text": -8, "signed": -9, "quantity": -6, "glyph": -8, "unit": -8, "level1": -8,
        "level2": -8, "sentence": -9,
    },
    "deduction": {
        "number": 1, "percent": -3, "text": -6, "signed": -9, "quantity": -6, "glyph": -8, "unit": -8, "level1": -8,
        "level2": -8, "sentence": -9,
    },
    "completion": {
        "percent": 2, "number": -1, "text": -3, "signed": -6, "quantity": -4, "glyph": -8, "unit": -8, "level1": -8,
        "level2": -8, "sentence": -6,
    },
    "serial": {
        "number": 0, "text": -3, "percent": -9, "signed": -9, "quantity": -9, "glyph": -8, "unit": -8, "level1": -8,
        "level2": -8, "sentence": -9,
    },
    "reason": {
        "sentence": 3, "text": 0, "number": -6, "percent": -6, "signed": -6, "quantity": -4, "glyph": -6, "unit": -6,
        "level1": -6, "level2": -6,
    },
    "method": {
        "sentence": 1, "text": -0.5, "number": -6, "percent": -6, "signed": -4, "quantity": -2, "glyph": -6, "unit": -6,
        "level1": -6, "level2": -6,
    },
}  # fmt: skip

MEANINGS = tuple(_KINDS)
"""The meanings that contents speak for or against; any other rests on its label."""

# Sums of points as forms have them: of the whole, or of what is left beside 10 or 20 points for the execution rate.
_USUAL_SUMS = (100.0, 90.0, 80.0, 110.0)
_SPARSE = 0.75


def is_usual_sum(points: float) -> bool:
    """Points add up as those of a whole form do."""
    return any(NOISE.same(points, usual) for usual in _USUAL_SUMS)


def _one_in_each_row(contents: ColumnContents) -> float:
    """Each indicator has a name of its own; a level is merged over several."""
    if contents.is_margin:
        return -4.0
    return 1.5 * contents.distinct - 3 * contents.grouped if contents.count > 1 else 0.0


def _grouped(contents: ColumnContents) -> float:
    return 2 * contents.grouped if not contents.is_margin else -8.0


def _adds_up(contents: ColumnContents) -> float:
    return 1.5 if len(contents.numbers) > 1 and is_usual_sum(contents.total) else 0.0


def _mixed(contents: ColumnContents) -> float:
    """Figures and a text here and there: some indicators are qualitative. Points are figures alone."""
    return 1.0 if contents.share("text") and contents.share(*FIGURE_KINDS) else 0.0


def _of_two_kinds(contents: ColumnContents) -> float:
    """Points are all plain, or all per cent; figures of several units are something else."""
    return -4.0 if contents.share("number") and contents.share("percent") else 0.0


def _often_nothing(contents: ColumnContents) -> float:
    zeros = sum(number == 0 for number in contents.numbers.values())
    return 3 * zeros / contents.count if contents.count else 0.0


def _counts(contents: ColumnContents) -> float:
    return 7.0 if contents.counting else -2.0


def _sparse(contents: ColumnContents) -> float:
    return 1.0 if contents.filled < _SPARSE and contents.share("sentence") else 0.0


def _all_the_same(contents: ColumnContents) -> float:
    return 2.5 if contents.count > 1 and contents.distinct < 0.5 else -1.0


_SHAPES: Mapping[str, tuple[Callable[[ColumnContents], float], ...]] = {
    "level1": (_grouped,),
    "level2": (_grouped,),
    "name": (_one_in_each_row,),
    "target": (_mixed,),
    "actual": (_mixed,),
    "weight": (_adds_up, _of_two_kinds),
    "score": (_of_two_kinds,),
    "deduction": (_often_nothing,),
    "serial": (_counts,),
    "reason": (_sparse,),
    "method": (_all_the_same,),
}
"""Meaning → what else of a column's contents speaks for it."""


def weigh_contents(contents: ColumnContents, meaning: str) -> float:
    """The points that a column's contents give a meaning; none where it is blank."""
    kinds = _KINDS.get(meaning)
    if kinds is None or not contents.count:
        return 0.0
    points = sum(kinds.get(kind, 0.0) * count for kind, count in contents.kinds.items()) / contents.count
    return points + sum(shape(contents) for shape in _SHAPES.get(meaning, ()))


@lru_cache(maxsize=1 << 12)
def weigh_label(label: str, words: Vocabulary) -> Mapping[str, float]:
    """Meaning → the points that a label gives it: by the entries of the vocabulary, else by the parts it is made of."""
    found = words.columns.find_exact(label)
    if found is not None:
        return {found: ENTRY}
    bare = label_key(label)
    if not bare or len(bare) > LONGEST_LABEL:
        return {}
    points = _weigh_parts(bare, words)
    found = words.columns.find(label)
    if found == "actual" and bare.startswith(words.words("marks", "planned")) and not bare.endswith(_COMES_OUT):
        found = "target"
        points.pop("actual", None)
    if found is not None:
        parts = points.get(found, 0.0)
        ends = words.columns.find_end(label) == found
        points[found] = max(CONTAINS, parts) if ends else min(CONTAINS, _WITHIN + parts)
    return points


def _weigh_parts(bare: str, words: Vocabulary) -> dict[str, float]:
    points: dict[str, float] = {}
    if any(part in bare for part in words.tables["column_parts"]["other"]):
        return {"other": ENTRY}
    for name, ends in words.tables["column_ends"].items():
        if bare.endswith(tuple(ends)):
            points[name] = _END
    for name, parts in words.tables["column_parts"].items():
        some = sum(_FIRST_PART if bare.startswith(part) else _PART for part in parts if part in bare)
        if some:
            points[name] = points.get(name, 0.0) + min(some, _MOST_PARTS)
    if points.keys() & {"level1", "level2"}:
        points.pop("name", None)  # 二级分类, 次级指标: the level says which, whatever the end
    return points
