"""The published forms of tests/golden/legacy: what is expected of each, and what was read of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import locations

from workbook_tools.core.model import FundingSource as Money
from workbook_tools.core.model import Measure
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import LegacyReading, read_forms
from workbook_tools.legacy.words.records import Concern, FormIndicator, FundingLine, HandmadeForm, Stated

GOLDEN = locations.GOLDEN / "legacy"


FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix in (".xlsx", ".docx"))


Facts = Mapping[str, Any]


Comparison = tuple[str, Any, Any]
"""Field, what was read, what is expected."""


_AMOUNTS = ("initial_budget", "annual_budget", "received", "executed")


@cache
def read(path: Path) -> LegacyReading:
    return read_forms(SourceFile(path, path.name))


@cache
def expected(path: Path) -> list[Facts]:
    facts = json.loads((GOLDEN / "expected" / f"{path.stem}.json").read_text("utf-8"))
    return facts if isinstance(facts, list) else [facts]


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def value(stated: Stated | None) -> Any:
    return None if stated is None else stated.value


def number(stated: Stated | None) -> float | None:
    found = value(stated)
    return found if isinstance(found, float) else None


def printed(stated: Stated | None) -> str:
    return squeezed(stated.printed) if stated else ""


def comparisons(form: HandmadeForm, facts: Facts) -> Iterator[Comparison]:
    """Every field of an expected form beside what was read."""
    yield from _head(form, facts)
    yield from _funding(form, facts["funding"])
    yield (
        "rows of the empty form",
        {squeezed(r.printed).split("(")[0] for r in form.template_rows},
        {squeezed(text) for text in facts.get("template_rows", ())},
    )
    yield "number of indicators", len(form.entries), len(facts["indicators"])
    for index, (entry, row) in enumerate(zip(form.entries, facts["indicators"], strict=False), 1):
        for field, found, wanted in _indicator(form, entry, row):
            yield f"indicator {index}: {field}", found, wanted


def _head(form: HandmadeForm, facts: Facts) -> Iterator[Comparison]:
    for field in ("project", "unit", "department"):
        yield field, squeezed(str(value(form.head.get(field)) or "")), squeezed(facts[field])
    if facts["sheet"]:
        yield "sheet", form.sheet, facts["sheet"]
    yield "year", value(form.year), facts["year"]
    yield "amount_unit", form.amount_unit, facts["amount_unit"]
    yield "funding_from", form.funding_from, facts.get("funding_source", "table")
    yield "total", value(form.total), facts["stated_total"]
    if "grade" in facts:
        yield "grade", value(form.grade), facts["grade"]


def _funding(form: HandmadeForm, facts: Facts) -> Iterator[Comparison]:
    for measure in _AMOUNTS:
        if measure in facts:
            yield measure, amount(form.total_line, measure), facts[measure]
    yield "rate", printed(form.execution_rate), facts["execution_rate_printed"]
    yield "execution weight", value(form.execution_weight), facts["execution_weight"]
    yield "execution score", value(form.execution_score), facts["execution_score_printed"]
    if "county" in facts:
        county = next(line for line in form.funding if line.source is Money.COUNTY)
        yield "county rate", printed(county.rate), facts["county"]["execution_rate_printed"]
        for measure in _AMOUNTS:
            yield f"county {measure}", amount(county, measure), facts["county"][measure]
    if rows := facts.get("rows"):
        found = [(squeezed(line.label), {str(m): a.value for m, a in line.amounts.items()}) for line in form.funding]
        unnamed = [label for label, _ in found]
        yield (
            "funding rows",
            found,
            [
                (squeezed(row["label"]) or unnamed[i], {m: row[m] for m in _AMOUNTS if row.get(m) is not None})
                for i, row in enumerate(rows)
            ],
        )
    elif "rows" in facts:
        yield "funding rows with amounts", [line.label for line in form.funding if line.amounts], []


def amount(line: FundingLine | None, measure: str) -> Any:
    return value(line.amounts.get(Measure(measure))) if line else None


def _indicator(form: HandmadeForm, entry: FormIndicator, row: Facts) -> Iterator[Comparison]:
    yield "level1", entry.dimension, squeezed(row["level1"])
    yield "level2", entry.category, squeezed(row["level2"])
    yield "name", printed(entry.name), squeezed(row["level3"])
    yield "sign", entry.sign, row["sign_printed"]
    yield "target as printed", printed(entry.target), squeezed(row["target_printed"])
    yield "unit", entry.unit, row["unit"]
    yield "actual as printed", printed(entry.actual), squeezed(row["actual_printed"])
    yield "weight", value(entry.weight), row["weight"]
    yield "score", value(entry.score), row["score_printed"]
    yield "rows of the score", entry.score_rows, row.get("score_span", 1)
    yield "reason", printed(entry.reason), squeezed(row["reason"])
    if "folded_score" in row:
        yield "folded score", value(entry.folded_score), row["folded_score"]
    if "completion_printed" in row:
        yield "completion", printed(entry.completion), row["completion_printed"]
    if "ambiguous" in row:
        yield "remark on an ambiguous target", _doubted(form, entry), True
    else:
        yield "direction", str(entry.direction), row["direction"]
        yield "target", number(entry.target), row["target_value"]
        yield "actual", number(entry.actual), row["actual_value"]


def _doubted(form: HandmadeForm, entry: FormIndicator) -> bool:
    places = {stated.where for stated in (entry.target, entry.name) if stated}
    return any(remark.concern is Concern.AMBIGUOUS and remark.where in places for remark in form.remarks)


def coverage() -> list[tuple[str, int, int]]:
    """File, fields read as expected, fields."""
    return [(path.name, *_right(path)) for path in FILES]


def _right(path: Path) -> tuple[int, int]:
    pairs = zip(read(path).forms, expected(path), strict=True)
    found = [comparison for form, facts in pairs for comparison in comparisons(form, facts)]
    return sum(got == wanted for _, got, wanted in found), len(found)
