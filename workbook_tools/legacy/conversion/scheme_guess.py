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
from workbook_tools.legacy.conversion.scheme_sections import sections_by_meaning
from workbook_tools.legacy.conversion.stated_values import printed_text, stated_number
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.legacy.words.vocabulary import Vocabulary, default_vocabulary
from workbook_tools.rules.scheme import Scheme

# How much a sign says: few schemes have 20 points for the execution rate; the texts of a report are named as the scheme
# names them; a column 完成率 or a row 预算执行率 is there or not; names of dimensions and measures are common to several;
# names of grades and categories to many; a sign may stand in a column or before the target within one authority.
_EXECUTION_POINTS, _TEXTS = 3.0, 3.0
_EXECUTION_ROW, _COMPLETION_COLUMN, _DIMENSIONS, _MEASURES = 2.0, 2.0, 2.0, 2.0
_GRADE, _CATEGORIES = 1.0, 1.0
_SIGN_COLUMN = 0.4
# What speaks for the usual scheme from the outset: less than one clear sign, more than a faint one.
_USUAL = 0.8
# Sums of signs are compared to so many decimals: shares of thirds are no reason to prefer one.
_DECIMALS = 6

_Sign = tuple[float, str]
"""What speaks for (above 0) or against a scheme, and the reason in words, where people would name it."""


@dataclass(frozen=True, slots=True)
class SchemeGuess:
    """The scheme that fits best, and what speaks for it, in words."""

    scheme: Scheme
    reasons: tuple[str, ...]


def guess_scheme(form: HandmadeForm, schemes: Sequence[Scheme], vocabulary: Vocabulary | None = None) -> SchemeGuess:
    """The scheme whose form this looks most like; the first is the usual one."""
    words = vocabulary or default_vocabulary()
    ranked = [(scheme, [*_signs(form, scheme, words)]) for scheme in schemes]
    ranked[0][1].append((_USUAL, ""))
    scheme, signs = max(ranked, key=lambda pair: round(sum(points for points, _ in pair[1]), _DECIMALS))
    return SchemeGuess(scheme, tuple(reason for points, reason in signs if points > 0 and reason))


def _signs(form: HandmadeForm, scheme: Scheme, vocabulary: Vocabulary) -> Iterator[_Sign]:
    yield from _signs_of_execution(form, scheme)
    yield from _signs_of_dimensions(form, scheme)
    yield from _signs_of_columns(form, scheme)
    yield from _signs_of_money(form, scheme)
    if form.texts:
        # Remarks around a table are called alike everywhere; a report's sections are those of its scheme.
        known = sections_by_meaning(scheme, vocabulary).keys() if form.is_report else {s.key for s in scheme.texts}
        yield _TEXTS * len(form.texts.keys() & known) / len(form.texts), ""
    if form.grade:
        named = any(band.name == form.grade.printed for band in scheme.grading.bands)
        yield (_GRADE, f"等级“{form.grade.printed}”") if named else (-_GRADE, "")


def _has_or_lacks(points: float, form_has: bool, scheme_has: bool, reason: str) -> _Sign:
    """A part that both have speaks for the scheme, one that only one of them has against it."""
    if form_has != scheme_has:
        return -points, ""
    return (points, reason) if form_has else (0.0, "")


def _signs_of_execution(form: HandmadeForm, scheme: Scheme) -> Iterator[_Sign]:
    points = stated_number(form.execution_weight)
    if points is not None:
        fits = NOISE.same(points, scheme.execution.weight)
        yield (_EXECUTION_POINTS, f"预算执行率{number_text(points)}分") if fits else (-_EXECUTION_POINTS, "")
    as_row = any(entry.is_execution_rate for entry in form.entries)
    yield _has_or_lacks(_EXECUTION_ROW, as_row, scheme.form.execution_row is not None, "预算执行率列为一个指标")


def _signs_of_dimensions(form: HandmadeForm, scheme: Scheme) -> Iterator[_Sign]:
    sums: dict[str, float] = {}
    categories: set[str] = set()
    for entry in form.entries:
        if entry.dimension and not entry.is_execution_rate:
            sums[entry.dimension] = sums.get(entry.dimension, 0.0) + (stated_number(entry.weight) or 0.0)
            categories |= {entry.category} - {""}
    if not sums:
        return
    known = {name: found for name in sums if (found := scheme.dimension(name))}
    yield _DIMENSIONS * len(known) / len(sums), f"一级指标{'、'.join(known)}"
    fitting = [name for name, found in known.items() if sums[name] and NOISE.same(found.weight, sums[name])]
    reason = "、".join(f"{name}{number_text(sums[name])}分" for name in fitting)
    yield _DIMENSIONS * len(fitting) / len(sums), reason
    absent = [d for d in scheme.dimensions if d.weight and d.name not in {found.name for found in known.values()}]
    yield -_DIMENSIONS * len(absent) / len(scheme.dimensions), ""
    if categories:
        own = {category for dimension in scheme.dimensions for category in dimension.categories}
        yield _CATEGORIES * len(categories & own) / len(categories), ""


def _signs_of_columns(form: HandmadeForm, scheme: Scheme) -> Iterator[_Sign]:
    """The columns that some forms have and others lack."""
    if not form.entries:
        return
    keys = {column.key for column in scheme.form.columns}
    completion = "completion" in form.columns or any(entry.completion is not None for entry in form.entries)
    yield _has_or_lacks(_COMPLETION_COLUMN, completion, "completion" in keys, "有“完成率”一栏")
    signs = any(entry.sign and entry.sign not in printed_text(entry.target) for entry in form.entries)
    yield _has_or_lacks(_SIGN_COLUMN, signs, "direction" in keys, "有“指标性质”一栏")


def _signs_of_money(form: HandmadeForm, scheme: Scheme) -> Iterator[_Sign]:
    """The columns of the funding block."""
    shown = {measure for line in form.funding for measure in line.amounts}
    block = scheme.form.funding
    if shown and block and form.funding_from == "table":
        expected = {Measure(c.key) for c in block.columns if c.key in set(Measure)} - {Measure.EXECUTION_RATE}
        yield _MEASURES * len(shown & expected) / len(shown | expected), ""
