"""The rows of a form of today → indicators of the scheme, in the scheme's order; what was decided on the way is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Direction, Indicator
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import PERCENT, number_text, plain
from workbook_tools.legacy.conversion.qualitative_rating import Rating, rate_qualitative
from workbook_tools.legacy.conversion.stated_values import make_finding, printed_text, stated_number
from workbook_tools.legacy.words.numbering import without_placeholder, without_serial
from workbook_tools.legacy.words.quantities import is_per_cent
from workbook_tools.legacy.words.records import FormIndicator, HandmadeForm, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.scheme import Dimension, Scheme
from workbook_tools.rules.settings import stem


@dataclass(frozen=True, slots=True)
class ConvertedIndicator:
    """A row of the form as an indicator; a qualitative one has a rating."""

    entry: FormIndicator
    indicator: Indicator
    rating: Rating


def convert_indicators(
    form: HandmadeForm, scheme: Scheme, vocabulary: Vocabulary
) -> tuple[list[ConvertedIndicator], list[Finding]]:
    """The indicators in the scheme's order of dimensions; the execution rate is none of them."""
    findings: list[Finding] = []
    entries = [entry for entry in form.entries if not entry.is_execution_rate]
    entries = list(_divide_shared_scores(entries, findings))
    entries = _take_points(form, entries, scheme, findings)
    has_column = "completion" in form.columns or any(entry.completion is not None for entry in entries)
    lines = []
    for entry in entries:
        indicator = _make_indicator(entry, scheme, vocabulary)
        qualitative = indicator.direction is Direction.QUALITATIVE
        rating = rate_qualitative(entry, scheme, vocabulary, has_column=has_column) if qualitative else Rating()
        lines.append(ConvertedIndicator(entry, indicator, rating))
    order = {dimension.name: place for place, dimension in enumerate(scheme.dimensions)}
    lines.sort(key=lambda line: order.get(line.indicator.dimension, len(order)))
    findings += [*_tell_guessed(lines), *_tell_moved(lines), *_tell_derived(lines)]
    return lines, findings


def _finding_about(entry: FormIndicator, code: str, message: str, found: object = "", expected: object = "") -> Finding:
    where = entry.name.where
    name = printed_text(entry.name)
    return finding(code, message, sheet=where.sheet, cell=where.cell, field=name, found=found, expected=expected)


# -- points ---------------------------------------------------------------------------------------------------------


def _divide_shared_scores(entries: Sequence[FormIndicator], findings: list[Finding]) -> Iterator[FormIndicator]:
    """Points that stand in one cell for several rows are divided among them."""
    at = 0
    while at < len(entries):
        entry = entries[at]
        group = entries[at : at + max(entry.score_rows, 1)]
        if len(group) > 1:
            message = f"{len(group)}个指标合用一个得分，按分值分到各行"
            findings.append(_finding_about(entry, "IMPORT15", message, printed_text(entry.score)))
            yield from _divide(group)
        else:
            yield entry
        at += len(group)


def _divide(group: Sequence[FormIndicator]) -> Iterator[FormIndicator]:
    """The score in proportion to the weights; a weight that is stated once is divided equally too."""
    weights = [stated_number(entry.weight) for entry in group]
    if weights[0] is not None and all(weight is None for weight in weights[1:]):
        weights = [weights[0] / len(group)] * len(group)
    known = sum(weight or 0 for weight in weights)
    score = stated_number(group[0].score)
    for entry, weight in zip(group, weights, strict=True):
        share = (weight or 0) / known if known else 1 / len(group)
        yield replace(
            entry,
            weight=_share_of(group[0].weight, weight) or entry.weight,
            score=_share_of(group[0].score, None if score is None else score * share) or entry.score,
            score_rows=1,
        )


def _share_of(stated: Stated | None, value: float | None) -> Stated | None:
    if stated is None or value is None:
        return None
    exact = float(f"{value:.12g}")
    return replace(stated, value=exact, printed=number_text(exact))


def _take_points(
    form: HandmadeForm, entries: list[FormIndicator], scheme: Scheme, findings: list[Finding]
) -> list[FormIndicator]:
    """The entries with their points; where the form has none, full scores are the points."""
    own = [entry for entry in entries if not entry.is_part]
    without = [entry for entry in entries if stated_number(entry.weight) is None]
    parts = [entry for entry in without if entry.is_part]
    if len(without) - len(parts) < len(own):
        told = (entry for entry in without if not entry.is_part)
        findings += [_finding_about(entry, "IMPORT07", "本指标没有分值，不能计分") for entry in told]
        findings += _tell_parts(parts)
        return [_without_points(entry) if entry in parts else entry for entry in entries]
    if not own:
        return entries
    scores = [stated_number(entry.score) for entry in own]
    known = sum(score or 0 for score in scores)
    execution = stated_number(form.execution_score) or 0.0
    if None not in scores and NOISE.same(known + execution, scheme.weights.total):
        total = number_text(scheme.weights.total)
        taken = f"读作“得分即分值”（各项得分加预算执行率正好{total}分，应是满分），也可以读作“没有分值”"
        findings.append(_finding_about(own[0], "IMPORT02", taken, f"{len(own)}个指标没有分值"))
        return [_without_points(entry) if entry.is_part else replace(entry, weight=entry.score) for entry in entries]
    message = f"{len(own)}个指标都没有分值，不能计算得分和总分"
    findings.append(_finding_about(own[0], "IMPORT07", message))
    return entries


def _tell_parts(parts: Sequence[FormIndicator]) -> Iterator[Finding]:
    """Tell once of the 其中 rows, which belong to the indicator above them."""
    if parts:
        names = "、".join(printed_text(entry.name) for entry in parts[:3]) + ("等" if len(parts) > 3 else "")
        yield _finding_about(parts[0], "IMPORT15", f"{len(parts)}行“其中”属于上一指标，不另计分，分值记为 0", names)


def _without_points(entry: FormIndicator) -> FormIndicator:
    return replace(entry, weight=Stated(0.0, "", (entry.weight or entry.name).where))


# -- the indicator --------------------------------------------------------------------------------------------------


def _make_indicator(entry: FormIndicator, scheme: Scheme, vocabulary: Vocabulary) -> Indicator:
    dimension = _choose_dimension(entry, scheme, vocabulary)
    target = stated_number(entry.target)
    qualitative = entry.direction is Direction.QUALITATIVE or target is None
    return Indicator(
        dimension=dimension.name,
        category=_category(entry, dimension),
        name=_name(entry),
        weight=stated_number(entry.weight),
        direction=Direction.QUALITATIVE if qualitative else entry.direction,
        target=(printed_text(entry.target) or None) if qualitative else target,
        unit="" if qualitative else _unit(entry.unit),
    )


def _name(entry: FormIndicator) -> str:
    """The name without the ordinal of the empty form (指标1:), its serial number (①, 2.) and line breaks."""
    name = " ".join(printed_text(entry.name).split())
    return without_serial(without_placeholder(name)).strip() or name


def _unit(printed: str) -> str:
    return PERCENT if is_per_cent(printed) else plain(printed)


def _choose_dimension(entry: FormIndicator, scheme: Scheme, vocabulary: Vocabulary) -> Dimension:
    """The scheme's dimension of that name; else the one whose categories hold the row, or whose name stands in that of
    its level (效益类指标); else by what it is about."""
    found = scheme.dimension(entry.dimension)
    for name in (entry.dimension, entry.category):
        holding = (d for d in scheme.dimensions if name and stem(name) in map(stem, d.categories))
        found = found or next(holding, None)
    for name in (entry.dimension, entry.category):
        found = found or next((d for d in scheme.dimensions if stem(d.name) in name), None)
    if found is not None:
        return found
    words = vocabulary.words("marks", "satisfaction")
    about = entry.dimension + entry.category + printed_text(entry.name)
    satisfied = any(word in about for word in words)
    fitting = [d for d in scheme.dimensions if any(word in d.name for word in words) == satisfied]
    return (fitting or list(scheme.dimensions))[0]


def _tell_guessed(lines: Sequence[ConvertedIndicator]) -> Iterator[Finding]:
    """Tell of each direction that no sign states, at the target."""
    for line in lines:
        entry, direction = line.entry, line.indicator.direction
        if entry.direction_from and entry.target is not None and direction is not Direction.QUALITATIVE:
            message = f"没有写符号，按 {direction.symbol}（{entry.direction_from}）"
            yield make_finding("IMPORT31", message, entry.target, "", line.indicator.name, found=entry.target.printed)


def _tell_moved(lines: Sequence[ConvertedIndicator]) -> Iterator[Finding]:
    """Tell once per name which rows went into a dimension of another name."""
    groups: dict[tuple[str, str], list[ConvertedIndicator]] = {}
    for line in lines:
        if stem(line.entry.dimension) != stem(line.indicator.dimension):
            groups.setdefault((line.entry.dimension, line.indicator.dimension), []).append(line)
    for (printed, taken), some in groups.items():
        said = f"“{printed}”的{len(some)}个指标" if printed else f"{len(some)}个指标没有一级指标，"
        yield _finding_about(some[0].entry, "IMPORT11", f"{said}归入“{taken}”", printed, taken)


def _category(entry: FormIndicator, dimension: Dimension) -> str:
    """By the scheme's spelling where it has the category."""
    known = next((c for c in dimension.categories if stem(c) == stem(entry.category)), None)
    return known or entry.category


def _tell_derived(lines: Sequence[ConvertedIndicator]) -> Iterator[Finding]:
    """Tell once from what the completions of qualitative indicators were derived."""
    ways = dict.fromkeys(line.rating.how for line in lines if line.rating.how)
    for how in ways:
        some = [line for line in lines if line.rating.how == how]
        names = "、".join(line.indicator.name for line in some[:3]) + ("等" if len(some) > 3 else "")
        yield _finding_about(some[0].entry, "IMPORT08", f"{len(some)}个定性指标的完成率由{how}推算", names)
