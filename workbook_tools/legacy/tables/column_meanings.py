"""What each column of the table of indicators means: the assignment of meanings that label, contents and sums speak for.

Three kinds of evidence, in points (:mod:`column_evidence`):

- the label: an entry of the vocabulary, or the parts that it is made of (年末+落实+数);
- what stands below it: signed figures are targets, 产出 and 效益 are level 1, sentences are reasons;
- how columns fit together: no score is above its points, points without deductions are the scores, levels stand left of
  the name, a target left of its actual.

The best assignment counts, in which each meaning stands once. Where another one is nearly as good, the columns in which
they differ carry a doubt with both readings (:attr:`HeaderColumn.other`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import NamedTuple

from workbook_tools.legacy.tables.column_contents import ColumnContents, read_contents
from workbook_tools.legacy.tables.column_evidence import CONTAINS, ENTRY, MEANINGS, weigh_contents, weigh_label
from workbook_tools.legacy.tables.column_fit import weigh_fit
from workbook_tools.legacy.words.grid import Grid
from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

NAMES = ("level1", "level2", "name")
"""Meanings of the columns that say which indicator a row is about."""
FIGURES = ("target", "actual", "weight", "score")
"""Meanings of the columns that tell its figures."""
NAMES_OF_COLUMNS = {
    "level1": "一级指标", "level2": "二级指标", "name": "三级指标名称", "sign": "指标性质（≥ ≤ =）", "target": "目标值", "unit": "计量单位",
    "actual": "实际完成值", "completion": "完成率", "weight": "分值", "score": "得分", "deduction": "扣分", "reason": "偏差原因",
}  # fmt: skip
"""Meaning of a column → what people call it."""
UNKNOWN = "unknown"
"""A column that says something else."""
SOMETHING_ELSE = "别的内容"
"""What people call such a column."""
_MEANING_OF_NAME = {name: meaning for meaning, name in NAMES_OF_COLUMNS.items()} | {SOMETHING_ELSE: UNKNOWN}

# Meanings that several columns may have: what they say is joined, or told with the row.
_MAY_REPEAT = ("reason", "evidence", UNKNOWN, "other", "description", "method", "note")
# Of a column only meanings within so many points of its best one are tried; so many assignments are kept while columns
# are added, and so many of them are compared by how their columns fit together.
_WITHIN, _KEPT, _COMPARED = 6.0, 40, 24
# How columns fit together outweighs no more than so many points.
_MOST_FIT = 9.0
# A meaning that has fewer points than this is none; a reading that is as near as this to the best one is a fair one too.
_LEAST, _NEARLY = 1.0, 1.5
_NEARLY_EXCHANGED = 4.0
# What an answer weighs: more than all else.
_CERTAIN = 100.0
# A meaning with fewer points from its label than this is guessed, and told.
_GUESSED = 1.0


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column of the table, which may be several columns of the sheet."""

    meaning: str
    """A key of [columns], or ``unknown``, ``actual_unit``."""
    first: int
    last: int
    label: str
    own: str = ""
    """Its own label, where it stands in a group whose label the whole one begins with; the meaning heeds both."""
    other: str = ""
    """Another meaning that it can fairly have; ``unknown`` where its contents alone speak for the one taken."""
    key: str = ""
    """What an office is asked of it."""
    answer: str = ""
    """The meaning that the office has said it has in this layout."""
    refused: bool = False
    """What the office has said of it cannot be."""


class _Assignment(NamedTuple):
    """Meanings of the columns so far, and what speaks for them."""

    points: float
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _TableColumns:
    """The columns below one header, with what stands in them."""

    columns: Sequence[HeaderColumn]
    contents: Sequence[ColumnContents]
    words: Vocabulary


def assign_meanings(
    grid: Grid, last_row: int, columns: list[HeaderColumn], words: Vocabulary, *, heed: bool = True
) -> list[HeaderColumn]:
    """The columns with the meanings that they have in this table; ``last_row`` is the header's.

    What the office has said of the layout holds, unless it is not to be heeded: then its answers are refused.
    """
    columns = _take_answers(grid, _split_into_levels(columns, words), heed)
    contents = read_contents(grid, last_row, [(column.first, column.last) for column in columns], words)
    table = _TableColumns(columns, contents, words)
    ranked = _rank_assignments(table)
    if not ranked:
        return columns
    best, *others = ranked
    near = [other.meanings for other in others if other.points > best.points - _nearness(best, other)]
    return _take_next_best(
        [_take_meaning(table, at, best, {meanings[at] for meanings in near}) for at in range(len(columns))]
    )


def _nearness(best: _Assignment, other: _Assignment) -> float:
    """Within how many points another assignment is a fair one: targets and actuals look alike, so their exchange is sooner."""
    pairs = {(one, two) for one, two in zip(best.meanings, other.meanings, strict=True) if one != two}
    return _NEARLY_EXCHANGED if pairs == {("target", "actual"), ("actual", "target")} else _NEARLY


# -- what the office has said


def list_readings(taken: str, other: str) -> dict[str, str]:
    """What a column may be, for people to choose from: what it was taken for, what else is likely, and all the rest."""
    names = dict.fromkeys((taken, other, *NAMES_OF_COLUMNS.values(), SOMETHING_ELSE))
    return {name: name for name in names if name}


def _take_answers(grid: Grid, columns: list[HeaderColumn], heed: bool) -> list[HeaderColumn]:
    """The columns with their keys, and the meanings that were chosen for this layout; of one meaning for two columns neither."""
    found: list[HeaderColumn] = []
    seen: Counter[str] = Counter()
    for column in columns:
        label = label_key(column.label)
        seen[label] += 1
        key = f"{_ASKED}{label}" + (f"（第{seen[label]}个）" if seen[label] > 1 else "")
        kept = grid.kept.get(key)
        meaning = _MEANING_OF_NAME.get(kept.reading, "") if kept is not None and heed else ""
        found.append(replace(column, key=key, answer=meaning, refused=kept is not None and not meaning))
    given = Counter(column.answer for column in found if column.answer not in _MAY_REPEAT)
    twice = {meaning for meaning, times in given.items() if meaning and times > 1}
    return [replace(c, answer="", refused=True) if c.answer in twice else c for c in found]


# What is asked of a column, before its label.
_ASKED = "这一列是什么："


# -- 绩效指标 over all


def _split_into_levels(columns: list[HeaderColumn], words: Vocabulary) -> list[HeaderColumn]:
    """绩效指标 over several columns is the levels and the name; 三级指标 over several is the name alone."""
    if {column.meaning for column in columns} & {"level1", "level2"}:
        return columns
    of_all = words.words("marks", "all_levels")
    parts = (
        _levels_of(c) if c.meaning == "name" and c.last > c.first and label_key(c.label) in of_all else [c]
        for c in columns
    )
    return [column for part in parts for column in part]


def _levels_of(column: HeaderColumn) -> Iterator[HeaderColumn]:
    width = column.last - column.first + 1
    levels = ("level1", "level2") if width > 2 else ("level1",)
    for offset, meaning in enumerate(levels):
        yield HeaderColumn(meaning, column.first + offset, column.first + offset, column.label)
    yield HeaderColumn("name", column.first + len(levels), column.last, column.label)


# -- hypotheses and their evidence


def _rank_assignments(table: _TableColumns) -> list[_Assignment]:
    """The best assignments, the best first."""
    kept = [_Assignment(0.0)]
    for column, contents in zip(table.columns, table.contents, strict=True):
        options = _weigh_meanings(column, contents, table.words)
        grown = [
            _Assignment(before.points + points, (*before.meanings, meaning))
            for before in kept
            for meaning, points in options
            if meaning in _MAY_REPEAT or meaning not in before.meanings
        ]
        kept = nlargest(_KEPT, grown, key=lambda one: one.points)
    likely = [one for one in kept[:_COMPARED] if one.points > kept[0].points - _MOST_FIT]
    if len(likely) == 1:
        return likely
    compared = [
        one._replace(points=one.points + weigh_fit(table.contents, one.meanings, table.words)) for one in likely
    ]
    return sorted(compared, key=lambda one: -one.points)


def _weigh_meanings(column: HeaderColumn, contents: ColumnContents, words: Vocabulary) -> list[tuple[str, float]]:
    """The meanings that a column may have, with the points of its label and its contents; unknown has none."""
    if column.answer:
        return [(column.answer, _CERTAIN)]
    if column.meaning == UNKNOWN and _says_of_project(column.label, words):
        return [(UNKNOWN, 0.0)]
    by_label = _weigh_heading(column, words)
    options = [(m, by_label.get(m, 0.0) + weigh_contents(contents, m)) for m in {*MEANINGS, *by_label}]
    best = max(points for _, points in options)
    likely = [(meaning, points) for meaning, points in options if points >= max(_LEAST, best - _WITHIN)]
    return sorted([*likely, (UNKNOWN, 0.0)], key=lambda pair: (-pair[1], pair[0]))


def _says_of_project(label: str, words: Vocabulary) -> bool:
    """A label of the head, of money or of a text (实施单位, 预算数): no contents make it one of an indicator."""
    return any(terms.find_exact(label) is not None for terms in (words.head, words.measures, words.texts))


def _weigh_heading(column: HeaderColumn, words: Vocabulary) -> Mapping[str, float]:
    """Meaning → the points that the label gives it; in a group the meaning found with it counts as an entry."""
    if column.meaning == UNKNOWN:
        return weigh_label(column.own or column.label, words)
    if column.own:
        within = words.columns.find(column.own) == column.meaning != words.columns.find_end(column.own)
        known = words.columns.find_exact(column.own) == column.meaning
        return weigh_label(column.own, words) if within and not known else {column.meaning: ENTRY}
    by_label = weigh_label(column.label, words)
    return by_label if column.meaning in by_label else {**by_label, column.meaning: CONTAINS}


# -- the meaning taken


def _take_meaning(table: _TableColumns, at: int, best: _Assignment, near: set[str]) -> HeaderColumn:
    """The column with its meaning, and another one that it can fairly have."""
    column, contents, meaning = table.columns[at], table.contents[at], best.meanings[at]
    if column.answer:
        return replace(column, meaning=meaning)
    if meaning == UNKNOWN:
        return replace(column, meaning=_meaning_left(column, contents, best))
    if not contents.count or meaning in _MAY_REPEAT:
        return replace(column, meaning=meaning)
    others = sorted(other for other in near - {meaning} if other in (*NAMES, *FIGURES, "completion"))
    if others:
        return replace(column, meaning=meaning, other=others[0])
    by_label = _weigh_heading(column, table.words)
    known = by_label.get(meaning, 0.0)
    against = max((points for name, points in by_label.items() if name != meaning), default=0.0)
    if known >= max(_GUESSED, against - _NEARLY):
        return replace(column, meaning=meaning)
    twin = _TWINS.get(meaning, "")
    return replace(column, meaning=meaning, other=twin if twin in best.meanings else UNKNOWN)


# Of a guess the other of two that look alike is the likeliest error.
_TWINS = {"target": "actual", "actual": "target"}


def _meaning_left(column: HeaderColumn, contents: ColumnContents, best: _Assignment) -> str:
    """Of a column whose meaning another one has: a second name describes the first, anything else is told with the row."""
    if column.meaning in best.meanings and column.meaning not in _MAY_REPEAT:
        return "description" if column.meaning == "name" else "other"
    return UNKNOWN if _cannot_be(contents, column.meaning) else column.meaning


def _cannot_be(contents: ColumnContents, meaning: str) -> bool:
    return contents.count > 0 and weigh_contents(contents, meaning) < -_WITHIN


def _take_next_best(columns: list[HeaderColumn]) -> list[HeaderColumn]:
    """A remark is the reason, 完成情况 the actual, and a description the name, where there is no other."""
    for meaning, next_best in (("reason", "note"), ("actual", "state"), ("name", "description")):
        found = next((c for c in columns if c.meaning == next_best), None)
        if found is not None and all(c.meaning != meaning for c in columns):
            columns = [replace(c, meaning=meaning) if c is found else c for c in columns]
    return columns
