"""Random projects: names with everything that a name may hold, all directions, percentages, targets of all sizes."""

from __future__ import annotations

from hypothesis import strategies as st
from result_builder import HOSTILE

from workbook_tools.core.model import LEAF_SOURCES, Amounts, Direction, Indicator, Project
from workbook_tools.rules.scheme import Scheme

names = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=40),
    st.sampled_from([text for text in HOSTILE if "_x" not in text]),  # openpyxl takes _x0041_ for an A when it saves
    st.sampled_from(("农村公路养护", "Ａ　Ｂ", "（一）信息化建设", "0012", "1,234.50", "TRUE", "2024-01-05", "#N/A")),
)
"""Of a project, an indicator, a unit: no name is nothing but blanks."""
_quantities = st.one_of(
    st.integers(0, 500).map(float),
    st.decimals(0, 1000, places=2).map(float),
    st.decimals(-20, 100, places=1).map(float),
    st.sampled_from((0.0, 0.7, 1e6, 123456789.5, 1e-4, -5.0)),
)
_amounts: st.SearchStrategy[Amounts] = st.dictionaries(
    st.sampled_from(LEAF_SOURCES), st.decimals(0, 20000, places=6).map(float), max_size=4
)


@st.composite
def _indicators(draw: st.DrawFn, scheme: Scheme) -> Indicator:
    dimension = draw(st.sampled_from(scheme.dimensions))
    direction = draw(st.sampled_from(Direction))
    qualitative = direction is Direction.QUALITATIVE
    return Indicator(
        dimension=dimension.name,
        category=draw(st.sampled_from(dimension.categories)),
        name=draw(names),
        weight=draw(st.decimals(0, 40, places=2).map(float)),
        direction=direction,
        target=draw(names if qualitative else _quantities),
        unit="" if qualitative else draw(st.sampled_from(("个", "%", "万元", ""))),
        rule="" if qualitative else draw(st.sampled_from(("", *scheme.steps))),
    )


@st.composite
def projects(draw: st.DrawFn, scheme: Scheme) -> Project:
    """A project under the scheme; sometimes without approved indicators or budgets."""
    return Project(
        code=draw(st.from_regex(r"[A-Z]{1,3}[0-9]{1,6}", fullmatch=True)),
        name=draw(names),
        department=draw(names),
        unit=draw(names),
        year=draw(st.integers(2018, 2030)),
        initial_budget=draw(_amounts),
        annual_budget=draw(_amounts),
        annual_goal=draw(st.one_of(st.just(""), names)),
        indicators=tuple(draw(st.lists(_indicators(scheme), max_size=6))),
    )
