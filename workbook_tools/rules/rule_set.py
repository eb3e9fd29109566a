"""The rules that stand in the cells of a workbook, as one thing that can be kept.

A workbook that is out holds the formulas of the rules that it was issued with. A layout version names its rule set, so
that a rule may be written otherwise later on without making those workbooks look tampered with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbook_tools.core.labels import IndicatorColumn
from workbook_tools.rules import library
from workbook_tools.rules.expr import Expr
from workbook_tools.rules.scheme import Scheme

SchemeRule = Callable[[Scheme], Expr]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The functions of :mod:`workbook_tools.rules.library`, or what stood there when a version was sent out."""

    figures: Mapping[IndicatorColumn, SchemeRule] = field(
        default_factory=lambda: {IndicatorColumn.COMPLETION: library.completion}
    )
    """What the row of an indicator computes besides its score."""
    score: Callable[[Scheme, str, str], Expr] = library.score
    deducted: SchemeRule = library.deducted
    scored_rate: SchemeRule = library.scored_rate
    execution_score: SchemeRule = library.execution_score
    dimension_score: SchemeRule = library.dimension_score
    total_score: SchemeRule = library.total_score
    answered: Callable[[Scheme, bool], Expr] = library.answered
    pending_reason: SchemeRule = library.pending_reason
    grade: SchemeRule = library.grade
    total_label: SchemeRule = library.total_label
    amount_sum: Callable[[], Expr] = library.amount_sum
    balance: Callable[[], Expr] = library.balance
    rate: Callable[[str, str], Expr] = library.rate
    copied: Callable[[bool], Expr] = library.copied
    required_problem: Callable[[], Expr] = library.required_problem
    number_problem: Callable[[float, float, bool], Expr] = library.number_problem
    stated_problem: SchemeRule = library.stated_problem
    amount_problem: Callable[[float, bool, str], Expr] = library.amount_problem
    deduction_problem: Callable[[], Expr] = library.deduction_problem
    evidence_problem: Callable[[Scheme, bool], Expr] = library.evidence_problem
    reason_problem: SchemeRule = library.reason_problem
    execution_reason_problem: SchemeRule = library.execution_reason_problem

    @property
    def completion(self) -> SchemeRule:
        """完成率 of an indicator."""
        return self.figures[IndicatorColumn.COMPLETION]


CURRENT_RULES = RuleSet()
"""The rules as the library has them now."""
