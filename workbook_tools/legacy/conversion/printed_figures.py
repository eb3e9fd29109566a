"""The figures that a form prints beside the computed ones: what is the same but for rounding, and what does not add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, SUM_SOURCES, Value
from workbook_tools.core.tolerances import NOISE, PRINTED, rounding
from workbook_tools.core.values import number_text, parse_quantity
from workbook_tools.form.fields import Evaluation
from workbook_tools.form.funding import amount_name
from workbook_tools.legacy.conversion.stated_values import make_finding, printed_text, stated_number
from workbook_tools.legacy.words.records import FormIndicator, HandmadeForm, Stated
from workbook_tools.rules.scheme import Scheme

# Sums of money may be rounded as printed (25万元 for 24.6); points and rates never by more than a cent's half.
_SUMS = frozenset(amount_name(measure, source) for measure in INPUT_MEASURES for source in SUM_SOURCES)


def show_printed(printed: Mapping[str, Stated], computed: Evaluation, names: Mapping[str, object]) -> dict[str, Value]:
    """The printed figures of these fields; those that are the computed ones, rounded as printed, are the computed ones."""
    shown: dict[str, Value] = {}
    for name, stated in printed.items():
        if name not in names:
            continue
        value = stated_number(stated)
        if name == "grade":
            shown[name] = printed_text(stated)
        elif value is not None:
            central = computed[name]
            near = _rounding(stated, value)
            near = near if name in _SUMS else min(near, PRINTED.value)
            same = isinstance(central, float) and NOISE.same(central, value, near)
            shown[name] = central if same else value
    return shown


def _rounding(stated: Stated, value: float) -> float:
    """By how much a figure may differ that was rounded to the printed decimals (86.19% → 0.00005, 25万元 → 0.5)."""
    typed = parse_quantity(printed_text(stated))
    if typed is None:
        return 0.0
    scale = typed.number / value if value else 1.0
    return rounding(printed_text(stated).rstrip("%％分")) / max(scale, 1.0)


def compare_sum_of_scores(form: HandmadeForm, entries: Iterable[FormIndicator], scheme: Scheme) -> Sequence[Finding]:
    """The printed scores of the ``entries`` against the printed total; nothing is told where a score is missing."""
    scores = [stated_number(entry.score) for entry in entries if not entry.is_part]
    total, execution = stated_number(form.total), stated_number(form.execution_score)
    if total is None or not scores or None in scores:
        return ()
    added = round(sum(score or 0 for score in scores) + (execution or 0.0), 6)
    unknown = scheme.execution.weight if execution is None else 0.0
    if not (PRINTED.below(total, added) or PRINTED.above(total, added + unknown)):
        return ()
    expected = number_text(added)
    item = make_finding("IMPORT12", "", form.total, form.sheet, "总分", found=number_text(total), expected=expected)
    return [item.with_figures(total, added)]
