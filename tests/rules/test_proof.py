"""The proof: LibreOffice, Gnumeric, the scalar and the column rendering agree on random rows, cell by cell.

``tools/prove.py`` does the same with a million rows; its result is docs/证明记录.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from checking import variant
from engines import ENGINES, Recalculate
from hypothesis import HealthCheck, Phase, given, settings
from proof import Output, Table, compare, summary, tables, workbook
from python_calamine import CalamineWorkbook
from random_schemes import random_schemes

from workbook_tools.core.model import Direction
from workbook_tools.core.values import PERCENT, cell_number
from workbook_tools.excel.writing import Book
from workbook_tools.rules import library
from workbook_tools.rules.expr import Const, Expr, Ref
from workbook_tools.rules.functions import If, IsEmpty, Round
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme

ROWS = 300
"""Rows for each shipped scheme."""
RANDOM_SCHEMES, RANDOM_ROWS = 12, 100
PER_FILE = 2
"""Schemes in one workbook: formualizer takes some 100,000 formulas in a file."""
all_programs = pytest.mark.parametrize("recalculate", ENGINES)


@dataclass(frozen=True)
class Batch:
    """Tables with the workbook that holds them."""

    tables: list[Table]
    path: Path


def some_schemes(count: int) -> list[Scheme]:
    """Random schemes, the same in each run."""
    found: list[Scheme] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(random_schemes())
    def collect(scheme: Scheme) -> None:
        found.append(scheme)

    collect()
    return found


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> list[Batch]:
    """All tables, in a few workbooks that nothing has calculated yet."""
    folder = tmp_path_factory.mktemp("proof")
    parts = [tables(scheme, ROWS) for scheme in builtin_schemes().values()]
    parts += [tables(scheme, RANDOM_ROWS, name=f"random{i}") for i, scheme in enumerate(some_schemes(RANDOM_SCHEMES))]
    made = []
    for i in range(0, len(parts), PER_FILE):
        sheets = [table for part in parts[i : i + PER_FILE] for table in part]
        path = folder / f"proof{i}.xlsx"
        path.write_bytes(workbook(sheets))
        made.append(Batch(sheets, path))
    return made


@pytest.mark.slow
@all_programs
def test_every_cell_another_program_computes_is_ours(
    batches: list[Batch], recalculate: Recalculate, tmp_path: Path
) -> None:
    done = recalculate([batch.path for batch in batches], tmp_path)
    found = [
        difference
        for batch, path in zip(batches, done, strict=True)
        for difference in compare(batch.tables, path, recalculate.__name__)
    ]
    assert not found, summary(found)


@pytest.mark.slow
def test_columns_computed_at_once_are_the_rows_computed_one_by_one(batches: list[Batch]) -> None:
    found = [d for batch in batches for table in batch.tables for d in table.frame_differences()]
    assert not found, summary(found)


# -- the proof itself -------------------------------------------------------------------------------------------------


@all_programs
def test_results_that_a_file_brings_along_are_not_believed(recalculate: Recalculate, tmp_path: Path) -> None:
    book = Book("stale")
    sheet = book.sheet("表")
    sheet.write(0, 0, 2.0)
    sheet.formula(0, 1, "=A1+1", value=99.0)
    sheet.formula(0, 2, '=IF(A1=2,"","x")', value="stale")
    path = tmp_path / "stale.xlsx"
    path.write_bytes(book.bytes())
    [done] = recalculate([path], tmp_path / "done")
    assert CalamineWorkbook.from_path(str(done)).get_sheet_by_index(0).to_python()[0] == [2.0, 3.0, ""]


@all_programs
def test_a_cell_that_is_not_ours_is_seen(recalculate: Recalculate, tmp_path: Path) -> None:
    """The harness must be able to fail: here the sheet has another formula than the one that is expected."""
    written = Table("表", (Output("points", Round(Ref("a") / 3, 2)),), [{"a": 1.0}, {"a": 3.0}, {"a": 2.0}])
    expected = Table("表", (Output("points", Round(Ref("a") / 3, 3)),), written.rows)
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(workbook([written]))
    done = recalculate([path], tmp_path / "done")
    assert [(d.row, d.expected, d.found) for d in compare([expected], done[0], "")] == [
        (0, 0.333, 0.33),
        (2, 0.667, 0.67),
    ]


def test_a_column_that_is_not_the_rows_is_seen() -> None:
    table = Table("表", (Output("points", Round(Ref("a") / 3, 2)),), [{"a": 1.0}, {"a": 3.0}])
    assert not list(table.frame_differences())
    table.expected[1]["points"] = 1.01
    assert [(d.row, d.expected, d.found) for d in table.frame_differences()] == [(1, 1.01, 1.0)]


# -- differences that were found, with their causes -------------------------------------------------------------------


def _with_rounding(mode: str, stage: str = "row") -> Scheme:
    return variant(load_scheme("mof-2020"), rounding={"mode": mode, "stage": stage})


_QUALITATIVE = {"direction": Direction.QUALITATIVE.symbol, "applicable": library.APPLICABLE}
_AT_MOST = {"direction": Direction.AT_MOST.symbol, "applicable": library.APPLICABLE}
_POINT_SEVEN_PERCENT = cell_number(0.7, PERCENT)

FOUND: list[tuple[str, Expr, dict[str, object], float | str]] = [
    (
        "Gnumeric reads 0.565 as a double, multiplies as a longer float, and saw 2.8249999 where the others see 2.825",
        library.score(_with_rounding("half_up")), {**_QUALITATIVE, "weight": 5.0, "completion": 0.565}, 2.83,
    ),
    (
        "the same for the execution rate: 7.21089 of 94.26 is 7.65%",
        library.execution_score(load_scheme("mof-2020")), {"rate": 0.0765, "base": 94.26}, 0.77,
    ),
    (
        "LibreOffice takes 59.1349999999999 for a tie, as its own tolerance is wider than 15 digits",
        library.score(_with_rounding("half_up")),
        {**_QUALITATIVE, "weight": 59.135, "completion": 0.999999999999999}, 59.14,
    ),
    (
        "ROUNDDOWN of LibreOffice looks at 12 significant digits only, that of Gnumeric at all bits",
        library.score(_with_rounding("truncate")), {**_QUALITATIVE, "weight": 14.0, "completion": 0.94}, 13.16,
    ),
    (
        "cut off as it is, not as 12 digits of it would be",
        library.score(_with_rounding("truncate")),
        {**_QUALITATIVE, "weight": 10.0, "completion": 0.99999999}, 9.99,
    ),
    (
        "a score that is only rounded at the end lost its last digits differently in each program",
        library.score(_with_rounding("half_up", "end")),
        {**_QUALITATIVE, "weight": 20.0, "completion": 1 - (95.275866024 - 0.133386212434) / 95.275866024}, 0.028,
    ),
    (
        "0.7% typed is 0.007, but 0.7 / 100 is less: a kept limit of 0.7% counted as exceeded",
        library.score(load_scheme("quwo")),
        {**_AT_MOST, "weight": 10.0, "actual": 0.007, "target": _POINT_SEVEN_PERCENT, "completion": 1.0}, 10.0,
    ),
    (
        "TRIM removes a full-width blank in Gnumeric only",
        If(IsEmpty(Ref("cell")), Const("空"), Const("有")), {"cell": " \u3000 "}, "空",
    ),
]  # fmt: skip


def test_differences_found_before_have_the_right_result() -> None:
    assert [(why, rule.value(cells)) for why, rule, cells, _ in FOUND] == [(why, result) for why, _, _, result in FOUND]


@all_programs
def test_differences_found_before_stay_gone(recalculate: Recalculate, tmp_path: Path) -> None:
    found = [
        Table(f"表{i}", (Output("result", rule, framed=False),), [dict(cells)])  # type: ignore[arg-type]
        for i, (_, rule, cells, _) in enumerate(FOUND)
    ]
    path = tmp_path / "found.xlsx"
    path.write_bytes(workbook(found))
    differences = compare(found, recalculate([path], tmp_path / "done")[0], recalculate.__name__)
    assert not differences, summary(differences)
