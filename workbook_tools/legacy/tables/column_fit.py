"""How the columns of a table fit together, if they mean what an assignment says: in points, as :mod:`column_evidence`.

No score is above its points, points without deductions are the scores, levels stand left of the name, a target left of its
actual; where points were lost the target was missed; and a target is the rounder figure of the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook_tools.core.model import Direction
from workbook_tools.core.tolerances import NOISE, PRINTED
from workbook_tools.legacy.tables.column_contents import ColumnContents
from workbook_tools.legacy.words.quantities import read_direction
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.directions import direction_of_name

# Names that state their points speak against a column of points beside them, which then is that of the scores.
_TOLD_ALREADY = 5.0
# A column, one that usually stands right of it, and how much that says.
_IN_ORDER = (
    ("level1", "level2", 0.5),
    ("level1", "name", 1.5),
    ("level2", "name", 2.5),
    ("target", "actual", 1.0),
    ("name", "target", 0.5),
    ("name", "weight", 2.0),
)
# Where the cells of a column say themselves that they are levels, its place says no more than this.
_OF_LEVELS = 1.0
# What rows in which points were lost or kept say of target and actual at most, and that one of them is the rounder figure.
_RESULTS, _ROUNDER = 3.0, 1.5
# All of it and nothing come out as often as they are set.
_ROUND_BY_NATURE = {0.0, 1.0, 100.0}
# What it says that an actual is told as done (已达30座, 完成32个).
_IN_WORDS = 2.0
# Points less deductions are scores, and points less scores deductions: more is kept than lost.
_MORE_LOST_THAN_KEPT = 3.0
# Of a row whose name does not say whether more is better, so much of it.
_MORE_LIKELY = 0.5


def weigh_fit(contents: Sequence[ColumnContents], meanings: Sequence[str], words: Vocabulary) -> float:
    """How the columns of an assignment of ``meanings`` fit together."""
    places = {meaning: at for at, meaning in reversed([*enumerate(meanings)])}
    points = 0.0
    for left, right, gain in _IN_ORDER:
        if left in places and right in places:
            gain = min(gain, _OF_LEVELS) if _names_levels(contents[places[left]]) else gain
            points += gain if places[left] < places[right] else -gain
    columns = {meaning: contents[at] for meaning, at in places.items()}
    weight, score, less = (columns[m].numbers if m in columns else {} for m in ("weight", "score", "deduction"))
    points += _weigh_points(weight, score, less)
    if weight and "name" in columns and columns["name"].states_points:
        points -= _TOLD_ALREADY
    if "target" in columns and "actual" in columns:
        target, actual = columns["target"], columns["actual"]
        points += _weigh_likeness(target, actual) + _weigh_roundness(target, actual)
        points += _IN_WORDS * (actual.told_as_done - target.told_as_done)
        if weight and score:
            points += _weigh_results(target, actual, _find_lost(weight, score), _read_directions(columns, words))
    return points


def _names_levels(contents: ColumnContents) -> bool:
    """Most of its cells are names of levels (产出指标, 数量指标), so that it needs no place to be known by."""
    return contents.share("level1", "level2") > 0.5


def _weigh_points(weight: Mapping[int, float], score: Mapping[int, float], less: Mapping[int, float]) -> float:
    """No score is above its points; what is deducted is the difference, and less than half of them."""
    if not score:
        rows = weight.keys() & less.keys()
        return -_MORE_LOST_THAN_KEPT * (2 * sum(less[row] for row in rows) > sum(weight[row] for row in rows))
    both = [(weight[row], score[row]) for row in weight.keys() & score.keys()]
    if not both:
        return 0.0
    above, below = sum(PRINTED.above(s, w) for w, s in both), sum(PRINTED.below(s, w) for w, s in both)
    points = (2.0 if below and not above else 0.0) - 6.0 * above / len(both)
    rows = weight.keys() & score.keys() & less.keys()
    if rows:
        fits = sum(PRINTED.same(weight[row] - score[row], less[row], NOISE.value) for row in rows)
        points += 5.0 if fits == len(rows) else -4.0
        points -= _MORE_LOST_THAN_KEPT * (sum(less[row] for row in rows) > sum(score[row] for row in rows))
    return points


def _weigh_likeness(target: ColumnContents, actual: ColumnContents) -> float:
    """A text as target has a text as actual, a figure a figure: row by row, which no other two columns do."""
    wanted, reached = target.has_figure, actual.has_figure
    rows = wanted.keys() & reached.keys()
    if len(rows) < 2 or len(set(wanted.values())) < 2:
        return 0.0
    return 2.0 * sum(wanted[row] == reached[row] for row in rows) / len(rows)


def _weigh_roundness(target: ColumnContents, actual: ColumnContents) -> float:
    """A target is set (100, 12.6), an actual comes out (97, 12.36): of two figures that differ the rounder is the target."""
    wanted, reached = target.quantities, actual.quantities
    both = [row for row in wanted.keys() & reached.keys() if wanted[row] != reached[row]]
    rows = [row for row in both if not {wanted[row], reached[row]} & _ROUND_BY_NATURE]
    if not rows:
        return 0.0
    rounder = sum(_significant(reached[row]) - _significant(wanted[row]) > 0 for row in rows)
    rougher = sum(_significant(reached[row]) - _significant(wanted[row]) < 0 for row in rows)
    return _ROUNDER * (rounder - rougher) / len(rows)


def _significant(number: float) -> int:
    """How many figures a number has before its closing zeros: 1 for 100, 3 for 12.6, 2 for 97; a 5 at the end counts half."""
    figures = f"{abs(number):.10f}".rstrip("0").replace(".", "").lstrip("0").rstrip("0")
    return 2 * len(figures) - figures.endswith("5")


def _find_lost(weight: Mapping[int, float], score: Mapping[int, float]) -> dict[int, bool]:
    """Row → whether points were lost."""
    return {row: PRINTED.below(score[row], weight[row]) for row in weight.keys() & score.keys()}


def _read_directions(columns: Mapping[str, ColumnContents], words: Vocabulary) -> dict[int, Direction]:
    """Row → whether more is better, by its sign or its name."""
    found: dict[int, Direction] = {}
    less = words.words("marks", "less")
    for cell in columns["name"].cells if "name" in columns else ():
        if direction := direction_of_name(cell.shown, less):
            found[cell.row] = direction
    for cell in columns["sign"].cells if "sign" in columns else ():
        if direction := read_direction(cell.shown, words):
            found[cell.row] = direction
    return found


def _weigh_results(
    target: ColumnContents, actual: ColumnContents, lost: Mapping[int, bool], directions: Mapping[int, Direction]
) -> float:
    """Where points were lost the target was missed: that tells an actual from a target of the same shape."""
    wanted, reached = target.quantities, actual.quantities
    said = possible = 0.0
    for row in wanted.keys() & reached.keys() & lost.keys():
        if wanted[row] == reached[row]:
            continue
        direction = directions.get(row)
        missed = reached[row] > wanted[row] if direction is Direction.AT_MOST else reached[row] < wanted[row]
        counts = 1.0 if direction in (Direction.AT_MOST, Direction.AT_LEAST) else _MORE_LIKELY
        possible += counts
        said += counts if missed == lost[row] else -counts
    return _RESULTS * said / possible if possible else 0.0
