"""Which scheme a form of today was made for, judged by what its structure shows.

Everything that is compared is a setting of the schemes: points for the execution rate, names and points of the
dimensions, the columns of the form. No region or file is known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text
from workbook_tools.legacy.conversion.stated import weight_of, words
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.rules.scheme import Scheme

_USUAL = 0.8
"""What speaks for the usual scheme from the outset: less than one clear sign."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The scheme that fits best, and what speaks for it, in words."""

    scheme: Scheme
    reasons: tuple[str, ...]


def guess_scheme(form: HandmadeForm, schemes: Sequence[Scheme]) -> Guess:
    """The scheme whose form this looks most like; the first is the usual one."""
    ranked = [(scheme, list(_evidence(form, scheme))) for scheme in schemes]
    ranked[0][1].append((_USUAL, ""))
    scheme, evidence = max(ranked, key=lambda pair: round(sum(points for points, _ in pair[1]), 6))
    return Guess(scheme, tuple(reason for points, reason in evidence if points > 0 and reason))


def _evidence(form: HandmadeForm, scheme: Scheme) -> Iterator[tuple[float, str]]:
    """What speaks for (points above 0) or against a scheme."""
    yield from _execution(form, scheme)
    yield from _dimensions(form, scheme)
    yield from _columns(form, scheme)
    if form.texts:
        sections = {section.key for section in scheme.texts}
        yield 3 * len(form.texts.keys() & sections) / len(form.texts), ""
    if form.grade:
        named = any(band.name == form.grade.printed for band in scheme.grading.bands)
        yield (1, f"等级“{form.grade.printed}”") if named else (-1, "")


def _execution(form: HandmadeForm, scheme: Scheme) -> Iterator[tuple[float, str]]:
    points = form.execution_weight.value if form.execution_weight else None
    if isinstance(points, float):
        fits = NOISE.same(points, scheme.execution.weight)
        yield (3, f"预算执行率{number_text(points)}分") if fits else (-3, "")
    as_row = any(entry.is_execution_rate for entry in form.entries)
    if as_row == (scheme.form.execution_row is not None):
        yield (2, "预算执行率列为一个指标") if as_row else (0, "")
    else:
        yield -2, ""


def _dimensions(form: HandmadeForm, scheme: Scheme) -> Iterator[tuple[float, str]]:
    sums: dict[str, float] = {}
    categories: set[str] = set()
    for entry in form.entries:
        if entry.dimension and not entry.is_execution_rate:
            sums[entry.dimension] = sums.get(entry.dimension, 0.0) + (weight_of(entry) or 0.0)
            categories |= {entry.category} - {""}
    known = {name: found for name in sums if (found := scheme.dimension(name))}
    if not sums:
        return
    yield 2 * len(known) / len(sums), f"一级指标{'、'.join(known)}"
    fitting = [name for name, found in known.items() if sums[name] and NOISE.same(found.weight, sums[name])]
    yield 2 * len(fitting) / len(sums), "、".join(f"{name}{number_text(sums[name])}分" for name in fitting)
    absent = [d for d in scheme.dimensions if d.weight and d.name not in {found.name for found in known.values()}]
    yield -2 * len(absent) / len(scheme.dimensions), ""
    own = {category for dimension in scheme.dimensions for category in dimension.categories}
    if categories:
        yield len(categories & own) / len(categories), ""


def _columns(form: HandmadeForm, scheme: Scheme) -> Iterator[tuple[float, str]]:
    """The columns that some forms have and others lack, and those of the funding block."""
    if form.entries:
        keys = {column.key for column in scheme.form.columns}
        has = "completion" in form.columns or any(entry.completion is not None for entry in form.entries)
        yield (2 if has else 0, "有“完成率”一栏" if has else "") if has == ("completion" in keys) else (-2, "")
        apart = any(entry.sign and entry.sign not in words(entry.target) for entry in form.entries)
        yield (
            (0.4 if apart else 0, "有“指标性质”一栏" if apart else "") if apart == ("direction" in keys) else (-0.4, "")
        )
    shown = {measure for line in form.funding for measure in line.amounts}
    block = scheme.form.funding
    if shown and block and form.funding_from == "table":
        expected_measures = {Measure(c.key) for c in block.columns if c.key in set(Measure)} - {Measure.EXECUTION_RATE}
        yield 2 * len(shown & expected_measures) / len(shown | expected_measures), ""
