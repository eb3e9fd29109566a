"""A form whose indicators have all points of the scheme has none for the execution rate: it is not scored there."""

from __future__ import annotations

from functools import lru_cache

from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text
from workbook_tools.legacy.conversion.stated_values import stated_number
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.rules.scheme import Scheme

_ID, _NAME = "-no-execution", "（不计预算执行率）"
"""What is added to the id and the name of the scheme: it is another one, and nobody has edited it."""


def fit_scheme(form: HandmadeForm, scheme: Scheme) -> Scheme:
    """The scheme, without its execution points where the form gives none and its indicators have them all."""
    return _without_execution(scheme) if _gives_all_points(form, scheme) else scheme


def _gives_all_points(form: HandmadeForm, scheme: Scheme) -> bool:
    """No cell of the form speaks of points for the execution rate, and the others add up to the scheme's whole."""
    own = [entry for entry in form.entries if not entry.is_part]
    if not scheme.execution.weight or not scheme.indicator_weight or form.execution_weight or form.execution_score:
        return False
    if any(entry.is_execution_rate for entry in own):
        return False
    points = [stated_number(entry.weight) for entry in own]
    return None not in points and NOISE.same(sum(number or 0.0 for number in points), scheme.weights.total)


@lru_cache(maxsize=32)
def _without_execution(scheme: Scheme) -> Scheme:
    """The scheme with all its points for indicators; how they are divided is not said, so it is no norm."""
    share = scheme.weights.total / scheme.indicator_weight
    weights = [round(dimension.weight * share, 2) for dimension in scheme.dimensions]
    weights[0] = round(weights[0] + scheme.weights.total - sum(weights), 2)
    changes = {
        "id": f"{scheme.id}{_ID}",
        "name": f"{scheme.name}{_NAME}",
        "execution": scheme.execution.model_copy(update={"weight": 0.0}),
        "weights": scheme.weights.model_copy(update={"norm": "none"}),
        "dimensions": tuple(
            dimension.model_copy(update={"weight": weight})
            for dimension, weight in zip(scheme.dimensions, weights, strict=True)
        ),
    }
    return scheme.model_copy(update=changes)


def say_without_execution(scheme: Scheme) -> str:
    """Why the points of the scheme are not added, as a sentence."""
    return (
        f"表上没有预算执行率的分值，各指标已占满{number_text(scheme.weights.total)}分："
        f"不另加方案的{number_text(scheme.execution.weight)}分"
    )
