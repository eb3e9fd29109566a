"""Random schemes: every setting that bears on a score, in every combination that a scheme file may have.

The strategies walk the settings themselves: a choice (a list of words, or true and false) is drawn from what the
setting allows, and a number or list that no strategy here knows is refused. So a new setting cannot be forgotten.
"""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from workbook_tools.rules.scheme import (
    AtLeast,
    AtMost,
    Cap,
    Equal,
    Execution,
    Grade,
    Grading,
    OverCompletion,
    QualitativeTier,
    Rounding,
    Scheme,
    ShareBand,
    StepBand,
    StepRule,
    Total,
    Weights,
    builtin_schemes,
)

Settings = st.SearchStrategy[dict[str, Any]]

_UNSCORED = frozenset({"id", "name", "authority", "sources", "assumptions", "report", "form", "texts"})
"""Parts of a scheme that bear on no score; they are those of a shipped scheme."""
_SHARES = tuple(n / 20 for n in range(1, 20))


def settings_of(part: type, **own: st.SearchStrategy[Any]) -> Settings:
    """Values for all settings of a part: choices from what is allowed, the others from ``own``."""
    strategies: dict[str, st.SearchStrategy[Any]] = {}
    for name, info in part.model_fields.items():  # type: ignore[attr-defined]
        if name in own:
            strategies[name] = own.pop(name)
        elif get_origin(info.annotation) is Literal:
            strategies[name] = st.sampled_from(get_args(info.annotation))
        elif info.annotation is bool:
            strategies[name] = st.booleans()
        else:
            raise LookupError(f"no strategy for {part.__name__}.{name}")
    if own:
        raise LookupError(f"{part.__name__} has no {sorted(own)}")
    return st.fixed_dictionaries(strategies)


def _edges(most: int, least: int = 0) -> st.SearchStrategy[list[float]]:
    """Different shares, from high to low."""
    return st.lists(st.sampled_from(_SHARES), min_size=least, max_size=most, unique=True).map(
        lambda edges: sorted(edges, reverse=True)
    )


def _bands() -> st.SearchStrategy[list[dict[str, float]]]:
    """Steps of the execution rate; the highest may lie above 100%."""
    return st.tuples(_edges(4), st.sampled_from((1.0, 0.95, 1.2))).map(
        lambda drawn: [
            _known(ShareBand, at_least=drawn[1] if i == 0 else edge * 0.9, share=round(1 - 0.2 * i, 2))
            for i, edge in enumerate(drawn[0])
        ]
    )


def _known(part: type, **values: Any) -> dict[str, Any]:
    """Values for a part that names all of its settings."""
    names = set(part.model_fields)  # type: ignore[attr-defined]
    if names != set(values):
        raise LookupError(f"{part.__name__} has {sorted(names)}")
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in values.items()}


def _tiers() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Tiers from 100% down to 0, without gaps."""
    names = ("达成", "部分达成", "未达成", "未实施")

    def build(cuts: list[float]) -> list[dict[str, Any]]:
        ends = list(zip([1.0, *cuts], [*cuts, 0.0], strict=True))
        return [
            _known(QualitativeTier, name=names[i], lower=low, upper=up, upper_included=i == 0)
            for i, (up, low) in enumerate(ends)
        ]

    return _edges(3, 1).map(build)


def _caps(total: float) -> st.SearchStrategy[list[dict[str, float]]]:
    """Caps on the total: the lower the rate, the lower the most that is given."""
    return _edges(3).map(
        lambda edges: [
            _known(Cap, below=edge, at_most=total * (0.5 + i / 10)) for i, edge in enumerate(reversed(edges))
        ]
    )


def _grades(total: float) -> st.SearchStrategy[list[dict[str, Any]]]:
    names = ("优", "良", "中", "差", "很差")
    return _edges(4, 1).map(
        lambda edges: [_known(Grade, name=names[i], at_least=total * edge) for i, edge in enumerate([*edges, 0.0])]
    )


@st.composite
def _step_rule(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        within = sorted(draw(_edges(3, 1)))
        shares = [1.0, 0.6, 0.2]
        bands = [_known(StepBand, within=edge, share=shares[i]) for i, edge in enumerate(within)]
        return draw(
            settings_of(StepRule, label=st.just("分档"), every=st.just(0), minus=st.just(0), bands=st.just(bands))
        )
    every = st.sampled_from((0.01, 0.03, 0.05, 0.1, 1.0, 5.0))
    minus = st.sampled_from((0.5, 1.0, 1.25, 2.0))
    return draw(settings_of(StepRule, label=st.just("分级"), every=every, minus=minus, bands=st.just([])))


@st.composite
def random_schemes(draw: st.DrawFn) -> Scheme:
    """A scheme with random rules; its form and texts are those of a shipped one."""
    base = builtin_schemes()["mof-2020"].model_dump(mode="json")
    total = draw(st.sampled_from((100.0, 100.0, 90.0, 120.0)))
    execution = draw(st.sampled_from((0.0, 10.0, 10.0, 20.0, 12.5)))
    rest = total - execution
    share = st.sampled_from((*_SHARES, 1.0))
    points = st.sampled_from((0.5, 1.0, 2.0, 2.5))
    over = settings_of(OverCompletion, threshold=st.sampled_from((1.0, 1.2, 1.3, 1.5)), points=points)
    parts: dict[str, Settings | st.SearchStrategy[Any]] = {
        "dimensions": st.just([{**d, "weight": rest / len(base["dimensions"])} for d in base["dimensions"]]),
        "weights": settings_of(Weights, total=st.just(total)),
        "execution": settings_of(Execution, weight=st.just(execution), bands=_bands(), explain_below=share),
        "at_least": settings_of(AtLeast),
        "at_most": settings_of(AtMost),
        "equal": settings_of(Equal),
        "over_completion": over,
        "tiers": _tiers(),
        "rounding": settings_of(Rounding, decimals=st.sampled_from((2, 2, 2, 1, 0, 3))),
        "total": settings_of(Total, caps=_caps(total)),
        "grading": settings_of(Grading, decimals=st.sampled_from((2, 0, 1)), bands=_grades(total)),
        "steps": st.dictionaries(st.sampled_from(("甲", "乙", "丙")), _step_rule(), max_size=2),
    }
    missing = set(Scheme.model_fields) - _UNSCORED - set(parts)
    if missing:
        raise LookupError(f"no strategy for {sorted(missing)}")
    drawn = draw(st.fixed_dictionaries(parts))
    return Scheme.model_validate({**base, **drawn, "id": "random"})
