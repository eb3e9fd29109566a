"""One tree, four renderings: the formula's text, the value, the columns and the explanation say the same."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import numpy as np
import pytest
from builders import KEY, MOF
from engines import ENGINES, Recalculate
from filling import compact_project
from formula_reader import calculate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from proof import Output, Table, compare, summary, tables, workbook
from random_schemes import random_schemes
from random_trees import NUMBERS, TEXT, Env, environments, trees

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.values import is_number
from workbook_tools.form.fields import Role
from workbook_tools.form.layout import build_layout
from workbook_tools.rules import library
from workbook_tools.rules.expr import NOTHING, Arithmetic, Compare, Const, Expr, Ref
from workbook_tools.rules.functions import (
    ANY_TEXT,
    Count,
    CountText,
    If,
    IsEmpty,
    IsNumber,
    Joined,
    Round,
    Sum,
    SumUnless,
    TextOf,
    both,
    largest,
    smallest,
)
from workbook_tools.rules.rounding import excel_round, round_array
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.workbooks.writing import build_workbook

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""
REFS = {"x": "B2", "y": "C2", "z": "D2", "t": "E2"}
X, Y, Z = Ref("x"), Ref("y"), Ref("z")
every_scheme = pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)


def cells_of(env: Env) -> dict[str, Any]:
    return {REFS[name]: value for name, value in env.items()}


# -- the formula's text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ((X + Y) * Z, "(B2+C2)*D2"),
        (X + Y * Z, "B2+C2*D2"),
        (X - (Y - Z), "B2-(C2-D2)"),
        (X - Y - Z, "B2-C2-D2"),
        (X + (Y + Z), "B2+(C2+D2)"),
        (X / (Y * Z), "B2/(C2*D2)"),
        (X * (Y / Z), "B2*(C2/D2)"),
        (X * Y / Z, "B2*C2/D2"),
        (1 - X / Y, "1-B2/C2"),
        (X - Const(-5), "B2-(-5)"),
        (X * Const(-0.5), "B2*(-0.5)"),
        (Const(-5) + X, "-5+B2"),
        (Compare(">=", X, Const(-5)), "B2>=-5"),
        ((X + 1) / 3 >= Y, "(B2+1)/3>=C2"),
        (Const(0.1), "0.1"),
        (Const(1e15), "1e+15"),
        (Const(100.0), "100"),
        (X.equals('优"等'), 'B2="优""等"'),
        (If(X > 0, Const("有"), Const(NOTHING)), 'IF(B2>0,"有","")'),
        (both(IsNumber(X), X < 1, Y <= Z), "AND(ISNUMBER(B2),B2<1,C2<=D2)"),
        (smallest(1, X), "MIN(1,B2)"),
        (largest(0, 1 - X), "MAX(0,1-B2)"),
        (Round(X * Y, 2, "ROUNDDOWN"), "ROUNDDOWN(B2*C2,2)"),
        (IsEmpty(X), 'LEN(TRIM(SUBSTITUTE(B2,"　"," ")))=0'),
        (TextOf(X), "T(B2)"),
        (Joined((X, Y)), "B2&C2"),
        (Sum("x"), "SUM(B2)"),
        (Count("x"), "COUNT(B2)"),
        (CountText("x", "未填"), 'COUNTIF(B2,"未填")'),
        (SumUnless("x", "y", "不适用"), 'SUMIF(C2,"<>不适用",B2)'),
    ],
)
def test_a_tree_is_written_as_a_clerk_would_write_it(tree: Expr, text: str) -> None:
    assert tree.excel(REFS) == text


@unhurried
@given(trees, environments)
def test_the_text_means_what_the_tree_computes(tree: Expr, env: Env) -> None:
    """Brackets, ranks and quotes: read by Python's own parser, the text gives the value, to the last bit."""
    assert calculate(tree.excel(REFS), cells_of(env)) == tree.value(env)


@unhurried
@given(trees, environments)
def test_a_rule_as_a_function_gives_what_the_tree_gives(tree: Expr, env: Env) -> None:
    figures = {f"cell_{name}": value for name, value in env.items()}
    result = tree.bind({name: f"cell_{name}" for name in env})(figures)
    assert (type(result), result) == (type(tree.value(env)), tree.value(env))


@pytest.mark.parametrize(
    "tree", [Sum("x"), Count("x"), CountText("x", "甲"), CountText("x", "?*"), SumUnless("x", "y", "甲")]
)
@pytest.mark.parametrize("values", [[1.0], [0.1, 0.2, "甲", None], ["甲", "", 3.5]])
def test_so_do_ranges(tree: Expr, values: list[Value]) -> None:
    cells = tuple(f"cell_{number}" for number in range(len(values)))
    assert tree.bind({"x": cells, "y": cells})(dict(zip(cells, values, strict=True))) == tree.value(
        {"x": values, "y": values}
    )


@unhurried
@given(trees, st.lists(environments, min_size=1, max_size=8))
def test_columns_hold_what_the_rows_give(tree: Expr, rows: list[Env]) -> None:
    columns: dict[str, Any] = {
        name: np.array([row[name] if is_number(row[name]) else np.nan for row in rows], dtype=float) for name in NUMBERS
    }
    columns[TEXT] = np.array([row[TEXT] for row in rows], dtype=object)
    found = ["" if isinstance(v, float) and np.isnan(v) else v for v in tree.frame(columns).tolist()]
    assert found == [tree.value(row) for row in rows]


@unhurried
@given(trees, environments, st.sets(st.sampled_from((*NUMBERS, TEXT))))
def test_what_is_known_beforehand_changes_no_result(tree: Expr, env: Env, names: set[str]) -> None:
    known = {name: env[name] for name in names}
    shorter = tree.assume(known)
    assert shorter.value(env) == tree.value(env)
    assert len(shorter.excel(REFS)) <= len(tree.excel(REFS))


@pytest.mark.parametrize("recalculate", ENGINES)
def test_other_programs_read_the_text_as_we_mean_it(recalculate: Recalculate, tmp_path: Path) -> None:
    """A hundred random trees, each over one random row."""
    sheets: list[Table] = []

    @settings(
        max_examples=100,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(trees, environments)
    def collect(tree: Expr, env: Env) -> None:
        sheets.append(Table(f"t{len(sheets)}", (Output("result", tree, rounded=False, framed=False),), [env]))

    collect()
    path = tmp_path / "trees.xlsx"
    path.write_bytes(workbook(sheets))
    found = compare(sheets, recalculate([path], tmp_path / "done")[0], recalculate.__name__)
    assert not found, summary(found)


# -- rules ------------------------------------------------------------------------------------------------------------


@every_scheme
def test_approved_rows_score_as_open_rows_do(scheme: Scheme) -> None:
    _assume_changes_nothing(scheme, 400)


@settings(unhurried, max_examples=25)
@given(random_schemes())
def test_approved_rows_score_as_open_rows_do_under_any_scheme(scheme: Scheme) -> None:
    _assume_changes_nothing(scheme, 60)


def _assume_changes_nothing(scheme: Scheme, count: int) -> None:
    """What the shortened tree computes, against what the general tree has computed."""
    for table in tables(scheme, count):
        for number, row in enumerate(table.rows):
            cells: dict[str, Any] = dict(row)
            for output in table.outputs:
                shortened = table.shortened(output, number)
                cells[output.key] = shortened.value(output.environment(cells))
            assert {output.key: cells[output.key] for output in table.outputs} == table.expected[number]


SHARED_FUNCTIONS = frozenset(
    [
        "AND",
        "COUNT",
        "COUNTIF",
        "IF",
        "ISNUMBER",
        "LEN",
        "MAX",
        "MIN",
        "ROUND",
        "ROUNDDOWN",
        "ROUNDUP",
        "SUBSTITUTE",
        "SUM",
        "SUMIF",
        "T",
        "TRIM",
    ]
)
"""Functions that Excel 2010, WPS, LibreOffice 7 and Gnumeric all have."""
_TEXT_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_FUNCTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")


def functions_in(formula: str) -> set[str]:
    return set(_FUNCTION.findall(_TEXT_LITERAL.sub('""', formula)))


def test_functions_are_found_outside_texts_only() -> None:
    assert functions_in('IF(A1="SUM(1)",_xlfn.IFNA(B1,0),ROUND(1,2))') == {"IF", "_xlfn.IFNA", "ROUND"}


@every_scheme
@pytest.mark.parametrize("approved", [True, False], ids=["approved", "proposed"])
def test_forms_use_only_functions_that_every_program_has(scheme: Scheme, approved: bool) -> None:
    """All formulas of a form with every kind of row, and the conditions of its colours and lists."""
    project = compact_project(scheme, approved=approved)
    used = set().union(*(functions_in(text) for text in form_formulas(scheme, approved).values()))
    with zipfile.ZipFile(io.BytesIO(build_workbook(project, scheme, KEY))) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if "/worksheets/" in name)
    for text in re.findall(r"<(?:f|formula|formula1|formula2)>([^<]*)</", xml):
        used |= functions_in(unescape(text))
    assert used <= SHARED_FUNCTIONS


@every_scheme
def test_formulas_are_short_enough_to_follow(scheme: Scheme) -> None:
    """A clerk who clicks a score sees it in one line; a check of an input, in a few."""
    approved, proposed = form_formulas(scheme, True), form_formulas(scheme, False)
    scores = [text for name, text in approved.items() if name.endswith(("_score", "_completion"))]
    assert max(map(len, scores)) <= 180
    assert max(map(len, [*approved.values(), *proposed.values()])) <= 500


def form_formulas(scheme: Scheme, approved: bool) -> dict[str, str]:
    """The formulas of a form with every kind of row, by field name."""
    layout = build_layout(compact_project(scheme, approved=approved), scheme)
    return {item.name: layout.formula(item) for item in layout.role(Role.FORMULA)}


# -- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "digits", "function", "result"),
    [
        (1.005, 2, "ROUND", 1.01),
        (0.285, 2, "ROUND", 0.29),
        (2.675, 2, "ROUND", 2.68),
        (2.665, 2, "ROUND", 2.67),
        (-2.675, 2, "ROUND", -2.68),
        (-1.005, 2, "ROUND", -1.01),
        (0.5, 0, "ROUND", 1.0),
        (-0.5, 0, "ROUND", -1.0),
        (1.5, 0, "ROUND", 2.0),
        (2.5, 0, "ROUND", 3.0),
        (89.5, 0, "ROUND", 90.0),
        (89.499999, 0, "ROUND", 89.0),
        (0.005, 2, "ROUND", 0.01),
        (0.0049999, 2, "ROUND", 0.0),
        (-0.001, 2, "ROUND", 0.0),
        (1e15, 2, "ROUND", 1e15),
        (123456789012345.0, 2, "ROUND", 123456789012345.0),
        (1e-300, 2, "ROUND", 0.0),
        (0.0, 2, "ROUND", 0.0),
        (0.29 * 100, 0, "ROUNDDOWN", 29.0),
        (4.35 * 100, 0, "ROUNDDOWN", 435.0),
        (9.685168, 2, "ROUNDDOWN", 9.68),
        (-9.685168, 2, "ROUNDDOWN", -9.68),
        (19.99, 0, "ROUNDDOWN", 19.0),
        (7.0, 2, "ROUNDDOWN", 7.0),
        (0.1 * 3 * 10, 0, "ROUNDUP", 3.0),
        (2.0000001, 0, "ROUNDUP", 3.0),
        (-2.1, 0, "ROUNDUP", -3.0),
    ],
)
def test_rounding_is_that_of_the_sheet(number: float, digits: int, function: str, result: float) -> None:
    assert excel_round(number, digits, function) == result
    assert round_array(np.array([number]), digits, function).tolist() == [result]


@pytest.mark.parametrize("function", ["ROUND", "ROUNDDOWN", "ROUNDUP"])
@pytest.mark.parametrize("digits", [0, 2, 6, 9])
def test_columns_are_rounded_as_single_numbers_are(digits: int, function: str) -> None:
    pick = random.Random(f"{digits}{function}")
    numbers = [_any_number(pick) for _ in range(9000)]
    expected = [excel_round(number, digits, function) for number in numbers]
    assert round_array(np.array(numbers), digits, function).tolist() == expected


def _any_number(pick: random.Random) -> float:
    """Everyday numbers, ties, what lies beside a tie by a bit or two, and all sizes; 12 × 9,000 are compared."""
    kind = pick.random()
    if kind < 0.3:
        return pick.randint(-200_000, 200_000) / pick.choice((1, 10, 1000))
    if kind < 0.6:
        tie = pick.randint(-200_000, 200_000) / 200
        return tie * (1 + pick.choice((0, 1, -1, 2, -2, 8, -8, 1e4, -1e4)) * 2**-52)
    if kind < 0.8:
        return pick.uniform(0, 30) * pick.randint(1, 999) / pick.randint(1, 999)
    return pick.uniform(-1, 1) * 10.0 ** pick.randint(-12, 17)


def test_what_is_no_number_stays_none_in_a_column() -> None:
    found = round_array(np.array([np.nan, 1.005]), 2)
    assert np.isnan(found[0])
    assert found[1] == 1.01


# -- single nodes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, "", " ", "　", " 　 "])
def test_blanks_of_any_width_are_nothing(nothing: str | None) -> None:
    assert IsEmpty(X).value({"x": nothing})


@pytest.mark.parametrize("something", [0.0, "无", " a", "\n"])
def test_what_is_typed_is_something(something: object) -> None:
    assert not IsEmpty(X).value({"x": something})


def test_text_of_a_cell_is_its_text_only() -> None:
    assert [TextOf(X).value({"x": value}) for value in ("甲", 3.0, None)] == ["甲", "", ""]


def test_counting_texts_leaves_out_empty_ones() -> None:
    env = {"x": ["未填", "", "应填数字", "未填", None]}
    assert CountText("x", "未填").value(env) == 2
    assert CountText("x", ANY_TEXT).value(env) == 3


def test_a_condition_that_is_half_known_asks_for_the_rest_only() -> None:
    rule = both(X > 0, Y > 0)
    assert rule.assume({"x": 1.0}) == (Y > 0)
    assert rule.assume({"x": 0.0}) == Const(False)
    assert rule.assume({"x": 1.0, "y": 2.0}) == Const(True)


def test_arithmetic_without_a_number_has_no_value() -> None:
    assert [Arithmetic(sign, X, Y).value({"x": 1.0, "y": "26万元"}) for sign in "+-*/"] == [NOTHING] * 4
    assert (X / Y).value({"x": 1.0, "y": 0.0}) == NOTHING
    assert (X + Y).value({"x": 1.0, "y": None}) == 1.0


@pytest.mark.parametrize("tree", [X * X, X / Y, X + X, Round(smallest(1, X / Y), 2)])
def test_what_is_beyond_all_numbers_has_no_value(tree: Expr) -> None:
    assert tree.value({"x": 1.7e308, "y": 1e-300}) == NOTHING
    assert np.isnan(tree.frame({"x": np.array([1.7e308]), "y": np.array([1e-300])})[0])


# -- explanations -----------------------------------------------------------------------------------------------------


def explained(rule: Expr, env: dict[str, Any], **shown: str) -> str:
    return rule.explain(env, shown)


def row(direction: Direction, actual: float, target: float, completion: float = 1.0) -> dict[str, Any]:
    return {
        "direction": direction.symbol,
        "actual": actual,
        "target": target,
        "weight": 10.0,
        "completion": completion,
        "applicable": library.APPLICABLE,
        "stated": completion,
    }


def test_a_completion_is_explained_by_its_division() -> None:
    env = row(Direction.AT_LEAST, 30.0, 50.0)
    assert explained(library.completion(MOF), env, actual="30", target="50") == "30÷50"


def test_a_score_is_explained_by_weight_and_completion() -> None:
    env = row(Direction.AT_LEAST, 30.0, 50.0, 0.6)
    assert explained(library.score(MOF), env, weight="10分", completion="60%") == "10分×60%"


def test_what_is_beyond_the_full_score_is_not_counted() -> None:
    env = row(Direction.AT_LEAST, 60.0, 50.0, 1.2)
    assert explained(library.score(MOF), env, weight="10分", completion="120%") == "10分×100%"


def test_a_kept_limit_is_explained_in_words() -> None:
    env = row(Direction.AT_MOST, 4.0, 5.0)
    assert explained(library.completion(MOF), env, actual="4", target="5") == "未超过目标值5"


def test_an_exceeded_limit_that_scores_nothing_is_explained_in_words() -> None:
    env = row(Direction.AT_MOST, 26.0, 10.0, 2.6)
    text = explained(library.score(load_scheme("quwo")), env, actual="26", target="10", weight="10分")
    assert text == "超过目标值10，不得分"


def test_a_target_of_nothing_is_explained_in_words() -> None:
    env = row(Direction.AT_LEAST, 0.0, 0.0)
    assert explained(library.completion(MOF), env, actual="0", target="0") == "目标值为0，已达到"


def test_the_points_of_the_execution_rate_are_explained() -> None:
    env = {"rate": 0.9, "base": 30.0}
    assert explained(library.execution_score(MOF), env, rate="90%") == "10分×90%"


def test_brackets_stay_in_an_explanation() -> None:
    assert explained((X - Y) / Z, {"x": 3.0, "y": 1.0, "z": 4.0}, x="3", y="1", z="4") == "(3－1)÷4"
