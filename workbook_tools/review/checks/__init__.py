"""校验: what a strict reviewer would mark, one small function per rule.

A check takes a filled form and yields findings; it opens no file and changes nothing. Every module lists its checks
by hand, in the order in which people fill in the form; here the modules are put in that order. An exception in a
check is a fault of the program and is not caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.review.checks import (
    claims,
    contact,
    cross,
    figures_in_text,
    fill,
    fund,
    grade,
    imported,
    readings,
    scale,
    score,
    stated_scores,
    text,
    weight,
    wording,
)
from workbook_tools.review.checks.cross import TextComparison
from workbook_tools.review.checks.declaring import Need, find_lack, name_of
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.scoring import Scored

CrossCheck = Callable[[TextComparison], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    *fill.CHECKS,
    *contact.CHECKS,
    *fund.CHECKS,
    *scale.CHECKS,
    *weight.CHECKS,
    *score.CHECKS,
    *grade.CHECKS,
    *readings.CHECKS,
    *text.CHECKS,
    *figures_in_text.CHECKS,
    *stated_scores.CHECKS,
    *claims.CHECKS,
    *wording.CHECKS,
    *imported.CHECKS,
)
CROSS_CHECKS: tuple[CrossCheck, ...] = (cross.texts_are_own,)


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What came of one check of one form: the codes that it reported, or why it could not look."""

    check: str
    """Its name: fill.contact_given."""
    codes: tuple[str, ...] = ()
    reason: str = ""
    of_the_kind: bool = False
    """It is not for such forms; otherwise something is missing that it needs."""


_OF_THE_LIST = {"FUND11", "FUND13", "SCORE14", *(f"WEIGHT{number:02d}" for number in range(1, 6))}
"""What an issued form has from the project list: budgets, cost targets, weights. In open rows they are the unit's own."""
_UNFILLED = "工作簿没有填写"


def run_checks(scored: Scored) -> tuple[list[Finding], list[CheckRun]]:
    """All findings about one project, and what came of every check.

    A workbook in which nothing was typed gets one finding, not a hundred; the other checks then could not look.
    """
    form = FilledForm(scored)
    findings = list(fill.workbook_filled(form))
    unfilled = _UNFILLED if findings else ""
    known: dict[Need, bool] = {}
    runs = [CheckRun(name_of(fill.workbook_filled), tuple(item.code for item in findings))]
    for one in CHECKS:
        found = [] if unfilled else list(one(form))
        codes = tuple(dict.fromkeys([item.code for item in found])) if found else ()
        lack = None if codes or unfilled else find_lack(one, form, known)
        reason = lack.missing if lack else "" if codes else unfilled
        runs.append(_note_run(name_of(one), codes, reason, lack is not None and lack.of_the_kind))
        findings += found
    submission, issued = form.submission, not form.partial and not form.layout.open
    findings = [item.blaming_the_list() if issued and item.code in _OF_THE_LIST else item for item in findings]
    return [item.placed(submission.file, submission.project.code, form.labels) for item in findings], runs


@lru_cache(maxsize=1024)
def _note_run(check: str, codes: tuple[str, ...], reason: str, of_the_kind: bool) -> CheckRun:
    """Most runs of a check come to the same, in most forms to nothing: one record of it does for all."""
    return CheckRun(check, codes, reason, of_the_kind)


def check(scored: Scored) -> list[Finding]:
    """All findings about one project."""
    return run_checks(scored)[0]


def check_together(rows: Sequence[ProjectRow]) -> list[Finding]:
    """What only a comparison of projects shows."""
    with closing(TextComparison()) as comparison:
        comparison.add(rows)
        return [item for one in CROSS_CHECKS for item in one(comparison)]
