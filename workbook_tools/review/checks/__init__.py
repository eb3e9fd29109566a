"""校验: what a strict reviewer would mark, one small function per rule.

A check takes a scored submission and yields findings; it opens no file and changes nothing. Every check is listed
here by hand, in the order in which people fill in the form. An exception in a check is a fault of the program
and is not caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.review.checks import (
    claims,
    cross,
    figures_in_text,
    fill,
    fund,
    grade,
    imported,
    score,
    text,
    weight,
    wording,
)
from workbook_tools.review.scoring import Scored

Check = Callable[[Scored], Iterator[Finding]]
CrossCheck = Callable[[Sequence[ProjectRow]], Iterator[Finding]]

FILL: tuple[Check, ...] = (
    fill.required_filled,
    fill.numbers_in_range,
    fill.contact_given,
    fill.actuals_given,
    fill.completion_fits_tier,
    fill.losses_explained,
    fill.reasons_name_a_cause,
    fill.proposals_complete,
)
FUND: tuple[Check, ...] = (
    fund.budget_given,
    fund.amounts_filled,
    fund.amounts_in_ten_thousands,
    fund.executed_within_received,
    fund.received_within_budget,
    fund.low_rate_explained,
    fund.initial_budget_given,
    fund.sums_and_rates_agree,
    wording.no_office_expenses,
)
WEIGHT: tuple[Check, ...] = (
    weight.weights_add_up,
    weight.dimensions_follow_norm,
    weight.dimensions_have_indicators,
    weight.weights_differ,
)
SCORE: tuple[Check, ...] = (
    score.scores_agree,
    score.total_agrees,
    score.has_indicators,
    score.met_targets_score,
    score.total_not_understated,
    score.actuals_near_targets,
    score.qualities_described,
    score.qualities_evidenced,
    score.percentages_agree,
    score.targets_not_all_exact,
    score.cost_targets_revised,
    score.excess_not_read_as_merit,
)
GRADE: tuple[Check, ...] = (grade.grade_agrees,)
TEXT: tuple[Check, ...] = (
    text.sections_written,
    text.no_instructions_left,
    text.sections_not_brief,
    text.sections_differ,
    figures_in_text.years_fit,
    figures_in_text.years_stated,
    figures_in_text.amounts_agree,
    figures_in_text.rates_agree,
    figures_in_text.totals_agree,
    figures_in_text.grades_agree,
    claims.completion_claims_hold,
    claims.cost_claims_hold,
    claims.delays_agree,
    claims.progress_agrees,
    claims.hedges_agree,
    claims.indicators_discussed,
    wording.sentences_finished,
    wording.pictures_present,
    wording.no_application_text,
    wording.sections_on_topic,
    wording.evidence_given,
    wording.wording_clean,
)
IMPORT: tuple[Check, ...] = (
    imported.actuals_given,
    imported.executed_given,
    imported.executed_within_budget,
    imported.completions_agree,
)
STAGES: dict[str, tuple[Check, ...]] = {
    "FILL": FILL,
    "FUND": FUND,
    "WEIGHT": WEIGHT,
    "SCORE": SCORE,
    "GRADE": GRADE,
    "TEXT": TEXT,
    "IMPORT": IMPORT,
}
CHECKS: tuple[Check, ...] = tuple(check for stage in STAGES.values() for check in stage)
CROSS_CHECKS: tuple[CrossCheck, ...] = (cross.texts_are_own,)


def check(scored: Scored) -> list[Finding]:
    """All findings about one project. A workbook in which nothing was typed gets one finding, not a hundred."""
    findings = list(fill.workbook_filled(scored)) or [item for one in CHECKS for item in one(scored)]
    submission = scored.submission
    return [replace(item, file=submission.file, project_code=submission.project.code) for item in findings]


def check_together(rows: Sequence[ProjectRow]) -> list[Finding]:
    """What only a comparison of projects shows."""
    return [item for one in CROSS_CHECKS for item in one(rows)]
