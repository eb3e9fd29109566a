"""The funding block of a form of today → the funding table: every amount under one source of money, in 万元."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import FISCAL_SOURCES, INPUT_MEASURES, SUM_SOURCES, Answer, FundingSource, Measure
from workbook_tools.core.values import number_text
from workbook_tools.form.funding import amount_name
from workbook_tools.legacy.conversion.stated_values import make_answer, printed_text, stated_number
from workbook_tools.legacy.words.records import FundingLine, HandmadeForm, Stated

MAIN = FundingSource.COUNTY
"""Where fiscal money is put whose level of government the form does not tell."""


@dataclass(slots=True)
class ConvertedFunding:
    """The amounts by measure and source, and where everything stands."""

    amounts: dict[Measure, dict[FundingSource, float]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    """By field name; those of sums say only where the sum stands."""
    printed: dict[str, Stated] = field(default_factory=dict)
    """The sums and rates that the form prints, by field name, to compare with the computed ones."""
    findings: list[Finding] = field(default_factory=list)

    def of(self, measure: Measure) -> dict[FundingSource, float]:
        """The amounts of one row of the funding table."""
        return self.amounts.get(measure, {})


def convert_funding(form: HandmadeForm) -> ConvertedFunding:
    """The form's funding block, as the funding table has it."""
    funding = ConvertedFunding()
    unplaced: list[FundingLine] = [line for line in form.funding if line.source is None and _has_amounts(line)]
    for measure in INPUT_MEASURES:
        _convert_measure(form, measure, funding)
    _place_rates(form, funding)
    _tell_decisions(form, funding, unplaced)
    return funding


def _has_amounts(line: FundingLine) -> bool:
    return any(stated_number(stated) is not None for stated in line.amounts.values())


def _convert_measure(form: HandmadeForm, measure: Measure, funding: ConvertedFunding) -> None:
    """One column of the block. The parts count; what the sum has beyond them is fiscal money of no told level."""
    parts: dict[FundingSource, float] = {}
    places: dict[FundingSource, Stated] = {}
    for line in form.funding:
        stated = line.amounts.get(measure)
        if stated is None or line.source is None:
            continue
        places.setdefault(line.source, stated)
        amount = stated_number(stated)
        if amount is None:
            if printed_text(stated) and isinstance(stated.value, str):
                funding.findings.append(_finding_no_number(line, measure, stated))
        elif line.source in SUM_SOURCES:
            funding.printed.setdefault(amount_name(measure, line.source), stated)
        else:
            parts[line.source] = parts.get(line.source, 0.0) + amount
    if not places:
        return
    sums = {source: stated_number(funding.printed.get(amount_name(measure, source))) for source in SUM_SOURCES}
    _take_undivided(parts, places, sums[FundingSource.FISCAL_SUBTOTAL], sums[FundingSource.TOTAL])
    funding.amounts[measure] = parts
    first = next(iter(places.values()))
    for source, stated in places.items():
        funding.answers[amount_name(measure, source)] = make_answer(stated, parts.get(source))
    for source in SUM_SOURCES:
        funding.answers.setdefault(amount_name(measure, source), make_answer(places.get(source, first), None))
    if not parts:
        funding.answers.setdefault(amount_name(measure, MAIN), Answer(None, None, first.where.sheet, first.where.cell))


def _take_undivided(
    parts: dict[FundingSource, float], places: dict[FundingSource, Stated], fiscal: float | None, total: float | None
) -> None:
    """Put under :data:`MAIN` what is stated as a sum only: the fiscal one, or else what the total has beyond the parts."""
    told = any(source in parts for source in FISCAL_SOURCES)
    if told:
        return
    if fiscal is not None and (fiscal or total in (None, 0.0) or parts):
        parts[MAIN], places[MAIN] = fiscal, places[FundingSource.FISCAL_SUBTOTAL]
    elif total is not None and total >= sum(parts.values()):
        parts[MAIN] = float(f"{total - sum(parts.values()):.12g}")
        places[MAIN] = places[FundingSource.TOTAL]


def _finding_no_number(line: FundingLine, measure: Measure, stated: Stated) -> Finding:
    return finding(
        "FILL02",
        sheet=stated.where.sheet,
        cell=stated.where.cell,
        field=f"{measure.label}－{line.label}",
        found=printed_text(stated),
    )


def _place_rates(form: HandmadeForm, funding: ConvertedFunding) -> None:
    """The printed execution rates; the total's own may stand in another row."""
    printed = [(line.source, line.rate) for line in form.funding if line.rate is not None]
    for source, rate in printed:
        if source is not None and stated_number(rate) is not None:
            funding.printed.setdefault(amount_name(Measure.EXECUTION_RATE, source), rate)
    total = next((rate for source, rate in printed if source is FundingSource.TOTAL and printed_text(rate)), None)
    total = total or form.execution_rate or next((rate for _, rate in printed if stated_number(rate) is not None), None)
    if total is not None:
        name = amount_name(Measure.EXECUTION_RATE, FundingSource.TOTAL)
        if stated_number(total) is not None:
            funding.printed.setdefault(name, total)
        for place in (name, "scored_rate"):
            funding.answers[place] = make_answer(total, None)


def _tell_decisions(form: HandmadeForm, funding: ConvertedFunding, unplaced: list[FundingLine]) -> None:
    """Say how the amounts were put into the table."""
    leaves = {source for amounts in funding.amounts.values() for source in amounts}
    if MAIN in leaves and not any(line.source in FISCAL_SOURCES and _has_amounts(line) for line in form.funding):
        where = next(funding.answers[name] for m in INPUT_MEASURES if (name := amount_name(m, MAIN)) in funding.answers)
        message = f"财政资金没有分级，记在“{MAIN.label}”"
        funding.findings.append(finding("IMPORT10", message, sheet=where.sheet, cell=where.cell, field="资金"))
    if Measure.ANNUAL_BUDGET not in funding.amounts and funding.of(Measure.INITIAL_BUDGET):
        _take_initial_as_annual(funding)
    for line in unplaced:
        funding.findings.append(_finding_not_counted(line))


def _take_initial_as_annual(funding: ConvertedFunding) -> None:
    """A form with one budget column: what was budgeted at the beginning is the year's."""
    initial, annual = Measure.INITIAL_BUDGET, Measure.ANNUAL_BUDGET
    funding.amounts[annual] = dict(funding.of(initial))
    for source in FundingSource:
        place = funding.answers.get(amount_name(initial, source))
        if place is not None:
            funding.answers[amount_name(annual, source)] = place
    where = funding.answers[amount_name(initial, FundingSource.TOTAL)]
    message = "表上只有年初预算，没有全年预算；全年预算按年初预算计"
    funding.findings.append(
        finding("IMPORT10", message, sheet=where.sheet, cell=where.cell, field=initial.label, found=where.raw)
    )


def _finding_not_counted(line: FundingLine) -> Finding:
    stated = next(s for s in line.amounts.values() if stated_number(s) is not None)
    found = "，".join(
        f"{m.label}{number_text(n)}" for m, s in line.amounts.items() if (n := stated_number(s)) is not None
    )
    return finding(
        "IMPORT10",
        f"“{line.label}”不是资金来源，没有计入",
        sheet=stated.where.sheet,
        cell=stated.where.cell,
        field=line.label,
        found=found,
    )
