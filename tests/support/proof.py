"""The proof: what other programs compute from our formulas, compared with what we compute centrally.

A :class:`Table` is a sheet of many random rows: the typed cells, then one column per formula. The formulas are the
trees of ``rules.library``, rendered for each row: the general one, which open rows carry, and the one shortened
by what is known when a workbook is issued (``assume``), which approved rows carry. The sheet is recalculated by
another program, and each cell is compared with ``value()``; ``frame()`` over the whole table is compared as well.

How exactly cells are compared:

* texts, and numbers that a rule rounds: equal;
* completions and rates, which no rule rounds: equal to one unit in the 15th significant digit, which is all that
  LibreOffice saves, and below 1 to 1e-15, as Gnumeric's longer floats cancel differently;
* ``value()`` and ``frame()``: equal to the last bit.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineWorkbook
from random_rows import Row, Typist

from workbook_tools.core.cells import Span
from workbook_tools.core.model import Value
from workbook_tools.core.values import PERCENT, is_number
from workbook_tools.excel.writing import Book
from workbook_tools.rules import library
from workbook_tools.rules.expr import Expr
from workbook_tools.rules.rounding import Array
from workbook_tools.rules.scheme import Scheme

_TEXTS = frozenset({"direction", "tier", "applicable", "cell", "named"})
"""Variables that hold texts; what is no text there is kept as it is."""
KNOWN = ("direction", "weight", "target")
"""What is fixed in an approved row."""


@dataclass(frozen=True)
class Output:
    """A formula column."""

    key: str
    rule: Expr
    reads: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Variable of the rule → the column or columns it stands for, where these have another name."""
    known: tuple[str, ...] = ()
    """Typed cells that the row's formula has as constants."""
    rounded: bool = True
    """The result is rounded by the rule, or a text."""
    framed: bool = True
    """The rule has a rendering for whole columns."""

    def environment(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """The rule's variables, from cells or columns by name."""
        read = {v: [cells[k] for k in key] if isinstance(key, tuple) else cells[key] for v, key in self.reads.items()}
        return {**cells, **read}


@dataclass
class Table:
    """One sheet of rows under one scheme."""

    title: str
    outputs: tuple[Output, ...]
    rows: list[Row]

    def __post_init__(self) -> None:
        self.columns: dict[str, tuple[int, int]] = {}
        width = 0
        for key, value in self.rows[0].items():
            size = len(value) if isinstance(value, list) else 1
            self.columns[key] = (width, width + size - 1)
            width += size
        for i, output in enumerate(self.outputs):
            self.columns[output.key] = (width + i, width + i)
        self.expected = [self._values(row) for row in self.rows]

    def _values(self, row: Row) -> dict[str, Any]:
        """The central value of each formula of a row."""
        cells: dict[str, Any] = dict(row)
        for output in self.outputs:
            cells[output.key] = output.rule.value(output.environment(cells))
        return {output.key: cells[output.key] for output in self.outputs}

    def shortened(self, output: Output, number: int) -> Expr:
        """The rule of a row, with what is known in it; rows count from 0."""
        if not output.known:
            return output.rule
        row = self.rows[number]
        return output.rule.assume({v: row[v] for v in output.known if v not in KNOWN[1:] or is_number(row[v])})

    def formula(self, output: Output, number: int) -> str:
        """The formula of a row's cell; the first line of the sheet is its heading."""
        return self.shortened(output, number).excel(_Refs(self.columns, output.reads, number + 1))

    def write(self, book: Book) -> None:
        """Add the sheet to a workbook."""
        sheet = book.sheet(self.title)
        for key, (first, _) in self.columns.items():
            sheet.write(0, first, key)
        for number, row in enumerate(self.rows):
            for key, value in row.items():
                first = self.columns[key][0]
                for i, single in enumerate(value if isinstance(value, list) else [value]):
                    sheet.write(number + 1, first + i, single)
            for output in self.outputs:
                sheet.formula(number + 1, self.columns[output.key][0], "=" + self.formula(output, number))

    # -- comparisons --------------------------------------------------------------------------------------------------

    def differences(self, cells: Sequence[Sequence[Any]], program: str) -> Iterator[Difference]:
        """Where the cells of the recalculated sheet are not what we compute."""
        for number, (row, expected) in enumerate(zip(self.rows, self.expected, strict=True)):
            line = cells[number + 1]
            for output in self.outputs:
                at = self.columns[output.key][0]
                found = line[at] if at < len(line) else ""
                if not same(found, expected[output.key], output.rounded):
                    yield Difference(
                        self.title,
                        number,
                        output.key,
                        program,
                        self.formula(output, number),
                        row,
                        expected[output.key],
                        found,
                    )

    def frame_differences(self) -> Iterator[Difference]:
        """Where the columns computed at once differ from the rows computed one by one."""
        columns = self._frame()
        for output in self.outputs:
            if not output.framed:
                continue
            result = columns[output.key] = output.rule.frame(output.environment(columns))
            for number, found in enumerate(result.tolist()):
                expected = self.expected[number][output.key]
                shown = "" if isinstance(found, float) and math.isnan(found) else found
                if shown != expected:
                    row = self.rows[number]
                    yield Difference(self.title, number, output.key, "frame", "", row, expected, found)

    def _frame(self) -> dict[str, Array]:
        """The typed cells as central scoring holds them; sums and counts of ranges as a frame wants them."""
        columns: dict[str, Array] = {}
        for key, first in self.rows[0].items():
            cells: list[Any] = [row[key] for row in self.rows]
            if key in _TEXTS:
                columns[key] = np.array(cells, dtype=object)
            elif isinstance(first, list):
                numbers = np.array([_numbers(range_) for range_ in cells])
                columns[key], columns[f"#{key}"] = np.nansum(numbers, axis=1), np.sum(~np.isnan(numbers), axis=1)
            else:
                columns[key] = np.array(_numbers(cells))
        for word in (library.ANSWERED, library.UNANSWERED) if "states" in self.rows[0] else ():
            columns[f"states={word}"] = np.array([list(row["states"] or ()).count(word) for row in self.rows], float)  # type: ignore[arg-type]
        if "applicables" in self.rows[0]:
            weights = np.array([_numbers(row["weights"]) for row in self.rows])  # type: ignore[arg-type]
            left_out = np.array([row["applicables"] for row in self.rows], dtype=object) == library.NOT_APPLICABLE
            columns["weights@applicables"] = np.nansum(np.where(left_out, np.nan, weights), axis=1)
        return columns


@dataclass(frozen=True)
class _Refs(Mapping[str, str]):
    """Variable → its cell or range in one row, made when asked for."""

    columns: Mapping[str, tuple[int, int]]
    reads: Mapping[str, str | tuple[str, ...]]
    row: int

    def __getitem__(self, variable: str) -> str:
        key = self.reads.get(variable, variable)
        return self._ranges(key) if isinstance(key, tuple) else _across(self.row, *self.columns[key])

    def _ranges(self, keys: tuple[str, ...]) -> str:
        """Neighbouring columns as one range: COUNTIF and SUMIF want one."""
        runs: list[list[int]] = []
        for first, last in (self.columns[key] for key in keys):
            if runs and runs[-1][1] + 1 == first:
                runs[-1][1] = last
            else:
                runs.append([first, last])
        return ",".join(_across(self.row, first, last) for first, last in runs)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


@lru_cache(maxsize=1 << 12)
def _across(row: int, first: int, last: int) -> str:
    """The formulas of a row ask for the same few ranges over and over."""
    return Span.across(row, first, last).range()


def _numbers(cells: Iterable[Any]) -> list[float]:
    return [cell if is_number(cell) else math.nan for cell in cells]


@dataclass(frozen=True)
class Difference:
    """A cell that is not what we compute."""

    table: str
    row: int
    column: str
    program: str
    formula: str
    inputs: Row
    expected: Value
    found: Value

    def __str__(self) -> str:
        cells = ", ".join(f"{key}={value!r}" for key, value in self.inputs.items())
        return (
            f"{self.table} row {self.row + 2} {self.column}: {self.program} has {self.found!r}, "
            f"we have {self.expected!r}\n    ={self.formula}\n    {cells}"
        )


def same(found: Any, expected: Any, rounded: bool) -> bool:
    """A cell as another program saved it is what we compute."""
    if not is_number(expected) or not is_number(found):
        return bool(found == expected) and type(found) is type(expected)
    if rounded:
        return bool(float(f"{found:.15g}") == expected)
    size = abs(expected)
    unit = 10.0 ** (math.floor(math.log10(size)) - 14) if size >= 1 else 1e-15
    return bool(abs(found - expected) <= unit * 1.01)


# -- the tables of a scheme -------------------------------------------------------------------------------------------


def indicator_outputs(scheme: Scheme) -> tuple[Output, ...]:
    """Completion and score of an indicator under the usual rule and each step rule, and what 校验 says of the row."""
    outputs = [
        Output("completion", library.completion(scheme), rounded=False),
        Output("completion_known", library.completion(scheme), known=KNOWN, rounded=False, framed=False),
    ]
    rules = [("", "", "")] + [(name, unit, f"_{name}{unit}") for name in scheme.steps for unit in ("", PERCENT)]
    for name, unit, suffix in rules:
        rule = library.score(scheme, name, unit)
        known = {"completion": "completion_known"}
        outputs += [
            Output(f"score{suffix}", rule),
            Output(f"deducted{suffix}", library.deducted(scheme), {"points": f"score{suffix}"}),
            Output(f"score_known{suffix}", rule, known, KNOWN, framed=False),
        ]
    outputs += [
        Output("stated_problem", library.stated_problem(scheme), framed=False),
        Output("reason_problem", library.reason_problem(scheme), framed=False),
        Output("reason_problem_known", library.reason_problem(scheme), known=KNOWN, framed=False),
        Output("actual_problem", library.number_problem(-1e12, 1e12, True), {"cell": "actual"}, framed=False),
        Output(
            "deduction_problem",
            library.deduction_problem(),
            {"points": "score", "cell": "self_deduction"},
            framed=False,
        ),
        Output("answered", library.answered(scheme), framed=False),
        Output("answered_known", library.answered(scheme), known=KNOWN, framed=False),
        Output("answered_proposed", library.answered(scheme, proposed=True), framed=False),
    ]
    return tuple(outputs)


def funding_outputs(scheme: Scheme) -> tuple[Output, ...]:
    """Sums, balance, rates and the points for the execution rate."""
    return (
        Output("total", library.amount_sum()),
        Output("balance", library.balance()),
        Output("arrival_rate", library.rate("received", "budget"), rounded=False),
        Output("rate", library.scored_rate(scheme), {"base": "budget"}, rounded=False),
        Output("execution_score", library.execution_score(scheme), {"base": "budget"}),
        Output("reason_problem", library.execution_reason_problem(scheme), framed=False),
        Output(
            "amount_problem",
            library.amount_problem(1e8, True, library.OVER_RECEIVED),
            {"cell": "executed", "limit": ("received",), "limit_total": "amounts"},
            framed=False,
        ),
    )


def total_outputs(scheme: Scheme) -> tuple[Output, ...]:
    """Points of a dimension, total, whether the form is complete, and the grade that a complete one has."""
    return (
        Output("dimension", library.dimension_score(scheme)),
        Output("total", library.total_score(scheme)),
        Output("total_known", library.total_score(scheme), known=("weights",), framed=False),
        Output("pending", library.pending_reason(scheme)),
        Output("grade", library.grade(scheme)),
        Output("total_label", library.total_label(scheme), framed=False),
    )


def tables(scheme: Scheme, count: int, seed: int = 0, name: str = "") -> list[Table]:
    """``count`` rows under a scheme: 8 of 12 are indicators, 2 are funding, 2 are totals."""
    typist = Typist(scheme, seed)
    parts: tuple[tuple[str, Callable[[], Row], tuple[Output, ...], int], ...] = (
        ("指标", typist.indicator, indicator_outputs(scheme), count - count // 6 * 2),
        ("资金", typist.funding, funding_outputs(scheme), count // 6),
        ("总分", typist.totals, total_outputs(scheme), count // 6),
    )
    return [
        Table(f"{name or scheme.id}-{part}", outputs, [make() for _ in range(size)])
        for part, make, outputs, size in parts
    ]


def workbook(sheets: Iterable[Table]) -> bytes:
    """The tables as a workbook, not yet calculated."""
    book = Book("proof")
    for table in sheets:
        table.write(book)
    return book.bytes()


def compare(sheets: Iterable[Table], recalculated: Path, program: str) -> list[Difference]:
    """All differences in a workbook that another program has recalculated."""
    found = CalamineWorkbook.from_path(str(recalculated))
    return [
        difference
        for table in sheets
        for difference in table.differences(
            found.get_sheet_by_name(table.title).to_python(skip_empty_area=False), program
        )
    ]


def summary(differences: Sequence[Difference], most: int = 5) -> str:
    """Counts per column, and a few cases of each, for the message of a failed test."""
    counts = Counter((d.table, d.column, d.program) for d in differences)
    lines = [f"{len(differences)} differences"]
    for key, count in counts.items():
        lines.append(f"{' '.join(key)}: {count}")
        lines += [str(d) for d in differences if (d.table, d.column, d.program) == key][:most]
    return "\n".join(lines)
