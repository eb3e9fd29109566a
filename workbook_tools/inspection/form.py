"""复核表 as data: one sheet on which a reviewer holds what was evaluated against what he finds.

It is a layout like that of a 自评表, of a kind of its own: drawn, locked, signed, read and verified by the same machinery. A score that is
a formula of the value has the very formula of the 自评表; one that is a judgement is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

from workbook_tools.core.cells import Span
from workbook_tools.core.model import Direction, FundingSource, Measure, Project
from workbook_tools.core.tolerances import COMPARED_DECIMALS
from workbook_tools.core.values import AMOUNT_FORMAT, MAX_AMOUNT, PERCENT, RATE_FORMAT, is_number
from workbook_tools.form.fields import NO_RULE, Field, FieldStyle, Kind, Layout, LayoutVersion, Notice, Role, SheetPlan
from workbook_tools.form.funding import amount_name
from workbook_tools.form.indicator_rows import (
    SCORE_FORMAT,
    actual_format,
    find_score_unit,
    list_known_values,
    list_rule_variables,
    target_format,
)
from workbook_tools.form.layout import place_fields
from workbook_tools.form.rows import FormRow
from workbook_tools.form.status import check_name
from workbook_tools.inspection.form_facts import FormFacts, PrintedExecution, PrintedRow
from workbook_tools.rules import library
from workbook_tools.rules.describe import describe_indicator
from workbook_tools.rules.expr import NOTHING, Const, Expr, Ref
from workbook_tools.rules.functions import ANY_TEXT, Count, CountText, If, IsEmpty, IsNumber, Round, Sum, both
from workbook_tools.rules.rule_set import CURRENT_RULES
from workbook_tools.rules.scheme import Scheme

TITLE = "复核表"
_COLUMNS = {
    "number": ("序号", 5.0), "indicator": ("指标", 25.0), "weight": ("分值", 7.0), "target": ("目标值", 11.0),
    "stated": ("自评完成值", 13.0), "self_score": ("自评\n得分", 8.0), "central_score": ("审核\n得分", 8.0),
    "actual": ("复核值", 12.0), "score": ("复核\n得分", 8.0), "difference": ("差异", 8.0), "evidence": ("复核依据\n（佐证）", 18.0),
    "opinion": ("复核意见\n（有差异的写原因）", 22.0),
}  # fmt: skip
_BESIDE = {"completion": ("复核\n完成率", 9.0)}
_DEDUCTIONS = {"rule_score": ("按规则得分", 11.0), "self_deduction": ("自扣分", 9.0)}
_CHECKS = {"checked": ("检查项", 44.0), "check": ("结果", 14.0)}
"""A list of its own, line by line: what counts its words counts one range."""
_AT = {key: place for place, key in enumerate(_COLUMNS)}
_LAST = len(_COLUMNS) - 1
_SCORED = ("self_score", "central_score", "score", "difference")
_LARGEST = 1e12
_GAP = 2.0
UNFINISHED = "未填完"
"""Stands in place of a grade."""
EXECUTED, BASE = "executed", "base"
CONCLUSION, REVIEWER, DATE = "conclusion", "reviewer", "review_date"
TOTAL, GRADE, DIFFERENCE, QUALITY = "total_score", "grade", "total_difference", "quality_score"


def build_form(project: Project, scheme: Scheme, notice: Notice, facts: FormFacts) -> Layout:
    """The 复核表 of a project, whose indicators are those of ``facts.rows``, in the same order."""
    return place_fields(
        Layout(VERSION, project, scheme, notice, facts=facts.model_dump(mode="json", exclude_defaults=True))
    )


def money_name(part: str, scheme: Scheme) -> str:
    """Name of the cell into which the budget that is scored on (:data:`BASE`), or what was executed, is typed."""
    measure = Measure.EXECUTED if part == EXECUTED else scheme.execution.base_measure
    return amount_name(measure, FundingSource.TOTAL)


def quality_name(number: int, part: str) -> str:
    """Name of a cell of an item of the quality sheet; items count from 1."""
    return f"quality_{number:02d}_{part}"


def is_scored_by_rule(row: FormRow) -> bool:
    """The score of the indicator is a formula of its value; else somebody judges."""
    return row.indicator.direction is not Direction.QUALITATIVE and is_number(row.target)


def is_asked(row: FormRow, printed: PrintedRow) -> bool:
    """There is something to score: the indicator applies and has a weight."""
    return printed.applicable and row.indicator.weight is not None


def _place(layout: Layout) -> None:
    """Raises ValueError: the facts are none of ours."""
    _InspectionSheet(layout, FormFacts.model_validate(layout.facts)).build()


class _InspectionSheet:
    def __init__(self, layout: Layout, facts: FormFacts) -> None:
        self.layout, self.facts, self.scheme, self.rules = layout, facts, layout.scheme, layout.rules
        self.rows = () if layout.open else layout.rows
        if len(self.rows) != len(facts.rows):
            raise ValueError("as many printed rows as indicators")
        beside = _BESIDE | (_DEDUCTIONS if self.scheme.total.self_deduction else {}) | _CHECKS
        self.beside = {key: _LAST + 2 + place for place, key in enumerate(beside)}
        self.headings = {key: heading for key, (heading, _) in (_COLUMNS | beside).items()}
        widths = [*(width for _, width in _COLUMNS.values()), _GAP, *(width for _, width in beside.values())]
        self.plan = layout.add_sheet(SheetPlan(TITLE, tuple(widths), landscape=True))
        self.scores: list[str] = []
        self.scored: list[Field] = []
        """What is typed to be scored, and what is asked for besides."""
        self.others: list[Field] = []

    def build(self) -> None:
        row = self._add_head()
        header = row
        self._add_header(row)
        row += 1
        if self.scheme.asks_for_execution:
            row = self._add_execution(row, self.facts.execution)
        pairs = zip(self.rows, self.facts.rows, strict=True)
        for dimension, members in groupby(pairs, lambda pair: pair[0].indicator.dimension):
            self._label(Span.across(row, 0, _LAST), dimension, FieldStyle.LABEL, align="left")
            self.plan.heights[row] = 24
            row += 1
            for item, printed in members:
                self._add_indicator(row, item, printed)
                row += 1
        self._add_totals(row)
        row = self._add_quality(row + 1)
        row = self._add_conclusion(row)
        self._add_open_count(header - 1)
        self._add_checks(header + 1)
        self.plan.print_last = (row - 1, _LAST)
        self.plan.repeat_rows = (header, header)
        self.plan.freeze = (header + 1, 2)

    # -- what every cell is made with ---------------------------------------------------------------------------------

    def _label(self, span: Span, value: str | float, look: FieldStyle = FieldStyle.PLAIN, **facts: Any) -> None:
        self.layout.add(Field(sheet=TITLE, span=span, role=Role.LABEL, value=value, look=look, **facts))

    def _add(self, role: Role, span: Span, name: str, label: str, **facts: Any) -> Field:
        return self.layout.add(
            Field(sheet=TITLE, span=span, role=role, name=name, label=label, **({"align": "center"} | facts))
        )

    def _fix(self, row: int, key: str, /, name: str, label: str, **facts: Any) -> Field:
        return self._add(Role.FIXED, self._at(row, key), name, label, **facts)

    def _compute(self, row: int, key: str, /, name: str, label: str, **facts: Any) -> Field:
        return self._add(Role.FORMULA, self._at(row, key), name, label, **facts)

    def _type(self, row: int, key: str, /, name: str, label: str, **facts: Any) -> Field:
        return self._add(Role.INPUT, self._at(row, key), name, label, **facts)

    def _at(self, row: int, key: str) -> Span:
        return Span.cell(row, _AT[key] if key in _AT else self.beside[key])

    def _ask(self, item: Field, *, is_score: bool = True) -> None:
        """What is typed there is checked."""
        (self.scored if is_score else self.others).append(item)

    def _add_checks(self, row: int) -> None:
        """Beside the table: what is wrong with each input, which colours it; first what the total waits for."""
        for at, item in enumerate((*self.scored, *self.others), row):
            self._label(self._at(at, "checked"), item.label)
            self._compute(
                at,
                "check",
                check_name(item.name),
                f"{item.label}的检查",
                rule=item.problem or NO_RULE,
                variables=item.problem_variables,
                link=item.name,
            )

    def _blank(self, row: int, keys: Sequence[str]) -> None:
        for key in keys:
            self._label(self._at(row, key), "", align="center")

    # -- above the table ----------------------------------------------------------------------------------------------

    def _add_head(self) -> int:
        project, notice = self.layout.project, self.layout.notice
        self._label(Span.across(0, 0, _LAST), f"{project.year}年度项目支出绩效自评复核表", FieldStyle.TITLE)
        self._label(Span.across(1, 0, _LAST), notice.authority, FieldStyle.CAPTION)
        pairs = (
            (("project_name", "项目名称", project.name), ("project_code", "项目编码", project.code)),
            (("department", "主管部门", project.department), ("unit", "实施单位", project.unit)),
        )
        for at, pair in enumerate(pairs, 2):
            for (name, label, value), (first, last) in zip(pair, ((0, 6), (7, _LAST)), strict=True):
                self._label(Span.across(at, first, first + 1), label, FieldStyle.LABEL)
                self._add(Role.FIXED, Span.across(at, first + 2, last), name, label, value=value, align="left")
        self._label(Span.across(4, 0, 1), "抽查原因", FieldStyle.LABEL)
        self._add(
            Role.FIXED, Span.across(4, 2, _LAST), "sample_reason", "抽查原因", value=self.facts.reason, align="left"
        )
        hint = "黄色格由复核人填写，灰色格是下发的内容和自动计算的。每个指标都填：能算的填复核值，得分自动算出；定性的填复核得分。"
        self._label(Span.across(5, 0, 8), hint, FieldStyle.NOTE)
        self.plan.heights |= {0: 32, 1: 18, 2: 24, 3: 24, 4: 24, 5: 32}
        return 6

    def _add_open_count(self, row: int) -> None:
        text = '"还有"0"处没有填或要改";;"已经填完"'
        names = tuple(check_name(item.name) for item in (*self.scored, *self.others))
        self._add(
            Role.FORMULA,
            Span.across(row, 9, _LAST),
            "count_open",
            "还有多少处",
            kind=Kind.NUMBER,
            bold=True,
            rule=CountText("checks", ANY_TEXT),
            variables={"checks": names},
            number_format=text,
        )

    def _add_header(self, row: int) -> None:
        for key, heading in self.headings.items():
            self._label(self._at(row, key), heading, FieldStyle.HEADER)
        self._label(
            Span.across(row - 1, self.beside["checked"], self.beside["check"]), "填写检查（不打印）", FieldStyle.NOTE
        )
        self.plan.heights[row] = 36

    # -- 预算执行率 ---------------------------------------------------------------------------------------------------

    def _add_execution(self, row: int, printed: PrintedExecution) -> int:
        """Money is typed, rate and points follow; returns the next row."""
        base = self.scheme.execution.base_measure
        for part, label, stated in (
            (BASE, base.label, printed.base),
            (EXECUTED, Measure.EXECUTED.label, printed.executed),
        ):
            self._add_money(row, part, label, stated)
            row += 1
        weight = self.scheme.execution.weight
        executed, budget = money_name(EXECUTED, self.scheme), money_name(BASE, self.scheme)
        self._label(self._at(row, "number"), "", align="center")
        self._label(self._at(row, "indicator"), "预算执行率", align="left")
        self._label(self._at(row, "target"), 1.0, number_format="0%", align="center")
        self._fix(
            row, "stated", "stated_rate", "自评执行率", kind=Kind.PERCENT, value=printed.rate, number_format=RATE_FORMAT
        )
        self._compute(
            row,
            "actual",
            "scored_rate",
            "复核执行率",
            kind=Kind.PERCENT,
            number_format=RATE_FORMAT,
            rule=self.rules.scored_rate(self.scheme),
            variables={"executed": executed, "base": budget},
        )
        self.plan.heights[row] = 30
        if not weight:
            self._blank(row, ("weight", *_SCORED, "evidence", "opinion"))
            return row + 1
        self._fix(row, "weight", "execution_weight", "预算执行率－分值", kind=Kind.SCORE, value=weight)
        self._add_printed_scores(row, "execution", "预算执行率", printed.self_score, printed.central_score)
        self._compute(
            row,
            "score",
            "execution_score",
            "预算执行率－复核得分",
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            rule=self.rules.execution_score(self.scheme),
            variables={"rate": "scored_rate", "base": budget},
        )
        self.scores.append("execution_score")
        self._add_difference(row, "execution_difference", "预算执行率", "execution_score", "execution_self_score")
        self._add_words(row, "execution", "预算执行率", "execution_difference")
        return row + 1

    def _add_money(self, row: int, part: str, label: str, stated: float | None) -> None:
        name = money_name(part, self.scheme)
        self._label(self._at(row, "number"), "", align="center")
        self._label(self._at(row, "indicator"), f"{label}（万元）", align="left")
        what = f"自评的{label}"
        self._fix(row, "stated", f"stated_{part}", what, kind=Kind.AMOUNT, value=stated, number_format=AMOUNT_FORMAT)
        item = self._type(
            row,
            "actual",
            name,
            f"{label}－复核值",
            kind=Kind.AMOUNT,
            unit="万元",
            number_format=AMOUNT_FORMAT,
            low=0.0,
            high=MAX_AMOUNT,
            prompt="照账册、凭证填，单位万元，只填数字。",
            problem=self.rules.amount_problem(MAX_AMOUNT, True, ""),
            problem_variables={"cell": name},
        )
        self._blank(row, ("weight", "target", *_SCORED))
        self._add_evidence(row, name, f"{label}－复核依据")
        self._label(self._at(row, "opinion"), "")
        self._ask(item)
        self.plan.heights[row] = 24

    # -- an indicator -------------------------------------------------------------------------------------------------

    def _add_indicator(self, row: int, item: FormRow, printed: PrintedRow) -> None:
        indicator, label = item.indicator, item.indicator.name
        self._label(self._at(row, "number"), float(item.number), align="center")
        self._fix(row, "indicator", item.name("indicator"), f"第{item.number}个指标", value=label, align="left")
        self._fix(row, "weight", item.name("weight"), f"{label}－分值", kind=Kind.SCORE, value=indicator.weight)
        shown = target_format(indicator, ())
        self._fix(row, "target", item.name("target"), f"{label}－目标值", value=item.target, number_format=shown)
        self._fix(row, "stated", item.name("stated"), f"{label}－自评完成值", value=printed.actual_text or None)
        self._add_printed_scores(row, item.name(""), label, printed.self_score, printed.central_score)
        self.plan.heights[row] = 30
        if not is_asked(item, printed):
            self._blank(row, ("actual", "score", "difference", "evidence"))
            why = "没有分值，不复核" if printed.applicable else "单位填报不适用，不复核"
            self._label(self._at(row, "opinion"), why)
            return
        if is_scored_by_rule(item):
            self._add_reckoned(row, item, printed)
        else:
            self._add_judged(row, item)
        self.scores.append(item.name("score"))
        self._add_difference(row, item.name("difference"), label, item.name("score"), item.name("self_score"))
        self._add_words(row, item.name(""), label, item.name("difference"))

    def _add_printed_scores(
        self, row: int, prefix: str, label: str, self_score: float | None, central: float | None
    ) -> None:
        for key, what, value in (("self_score", "自评得分", self_score), ("central_score", "审核得分", central)):
            name = f"{prefix.rstrip('_')}_{key}"
            self._fix(row, key, name, f"{label}－{what}", kind=Kind.SCORE, value=value, number_format=SCORE_FORMAT)

    def _add_reckoned(self, row: int, item: FormRow, printed: PrintedRow) -> None:
        """The value is typed, and the score is that of the 自评表's formula."""
        indicator, label, name = item.indicator, item.indicator.name, item.name("actual")
        unit = f"，单位：{indicator.unit}" if indicator.unit else ""
        prompt = f"照佐证材料填，只填数字{unit}。" + ("填 95 即表示 95%。" if indicator.unit == PERCENT else "")
        value = self._type(
            row,
            "actual",
            name,
            f"{label}－复核值",
            kind=Kind.NUMBER,
            unit=indicator.unit,
            row=item.number,
            part="actual",
            number_format=actual_format(indicator, False),
            low=-_LARGEST,
            high=_LARGEST,
            prompt=prompt,
            problem=self.rules.number_problem(-_LARGEST, _LARGEST, True),
            problem_variables={"cell": name},
        )
        self._ask(value)
        known, variables = list_known_values(item) | {"applicable": library.APPLICABLE}, list_rule_variables(item)
        formula = partial(self._add, Role.FORMULA, variables=variables)
        formula(
            self._at(row, "completion"),
            item.name("completion"),
            f"{label}－复核完成率",
            kind=Kind.PERCENT,
            number_format=RATE_FORMAT,
            rule=self.rules.completion(self.scheme).assume(known),
        )
        deducts = self.scheme.total.self_deduction
        how = describe_indicator(self.scheme, indicator.direction, indicator.rule)
        formula(
            self._at(row, "rule_score" if deducts else "score"),
            item.name("rule_score" if deducts else "score"),
            f"{label}－复核得分",
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            prompt=f"自动计算。{how}",
            rule=self.rules.score(self.scheme, indicator.rule, find_score_unit(item)).assume(known),
        )
        if deducts:
            parts = {"points": item.name("rule_score"), "self_deduction": item.name("self_deduction")}
            self._fix(
                row,
                "self_deduction",
                item.name("self_deduction"),
                f"{label}－自扣分",
                kind=Kind.SCORE,
                value=printed.self_deduction,
            )
            self._compute(
                row,
                "score",
                item.name("score"),
                f"{label}－复核得分",
                kind=Kind.SCORE,
                number_format=SCORE_FORMAT,
                rule=self.rules.deducted(self.scheme),
                variables=parts,
                prompt="自动计算：按规则得分减去单位的自扣分。",
            )

    def _add_judged(self, row: int, item: FormRow) -> None:
        """What was found is told in words, and the score is typed."""
        label, name, weight = item.indicator.name, item.name("score"), item.indicator.weight or 0.0
        self._type(
            row,
            "actual",
            item.name("actual"),
            f"{label}－复核值",
            value=None,
            prompt="写复核看到的实际情况；不写也可以。",
        )
        score = self._type(
            row,
            "score",
            name,
            f"{label}－复核得分",
            kind=Kind.NUMBER,
            unit="分",
            number_format="General",
            low=0.0,
            high=weight,
            limit=item.name("weight"),
            prompt="定性指标由复核人评分，不超过分值。",
            problem=self.rules.number_problem(0, weight, True),
            problem_variables={"cell": name},
        )
        self._ask(score)

    def _add_difference(self, row: int, name: str, label: str, score: str, self_score: str) -> None:
        self._compute(
            row,
            "difference",
            name,
            f"{label}－差异",
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            rule=_difference(),
            variables={"score": score, "self_score": self_score},
        )

    def _add_words(self, row: int, prefix: str, label: str, difference: str) -> None:
        """Evidence and opinion, which is asked for where the scores differ."""
        prefix = prefix.rstrip("_")
        self._add_evidence(row, prefix, f"{label}－复核依据")
        name = f"{prefix}_opinion"
        opinion = self._type(
            row,
            "opinion",
            name,
            f"{label}－复核意见",
            kind=Kind.PARAGRAPH,
            align="",
            prompt="复核得分与自评得分不同的，写明原因；没有差异的可以不写。",
            problem=_missing_reason(),
            problem_variables={"cell": name, "difference": difference},
        )
        self._ask(opinion, is_score=False)

    def _add_evidence(self, row: int, prefix: str, label: str) -> None:
        prompt = "写看了什么材料，如验收单、会计凭证。"
        self._type(row, "evidence", f"{prefix}_evidence", label, kind=Kind.PARAGRAPH, align="", prompt=prompt)

    # -- below the indicators -----------------------------------------------------------------------------------------

    def _add_totals(self, row: int) -> None:
        scheme, facts = self.scheme, self.facts
        total = partial(self._add, kind=Kind.SCORE, number_format=SCORE_FORMAT, bold=True)
        self._label(Span.across(row, 0, 1), "合计", FieldStyle.HEADER)
        weights = tuple(item.name("weight") for item in self.rows)
        known = {
            "weights": [item.indicator.weight for item in self.rows],
            "applicables": [library.APPLICABLE if one.applicable else library.NOT_APPLICABLE for one in facts.rows],
        }
        variables: dict[str, str | tuple[str, ...]] = {
            "scores": tuple(self.scores),
            "weights": weights,
            "rate": "scored_rate",
            "pending": "pending",
        }
        most = scheme.weights.total
        total(Role.FIXED, self._at(row, "weight"), "total_weight", "分值合计", value=most, number_format="General")
        self._blank(row, ("target", "stated", "actual", "evidence"))
        total(Role.FIXED, self._at(row, "self_score"), "self_total", "自评总分", value=facts.self_total)
        total(Role.FIXED, self._at(row, "central_score"), "central_total", "审核总分", value=facts.central_total)
        complete = If(Ref("pending").equals(NOTHING), self.rules.total_score(scheme).assume(known), Const(NOTHING))
        total(Role.FORMULA, self._at(row, "score"), TOTAL, "复核总分", rule=complete, variables=variables)
        total(
            Role.FORMULA,
            self._at(row, "difference"),
            DIFFERENCE,
            "总分的差异",
            rule=_difference(),
            variables={"score": TOTAL, "self_score": "self_total"},
        )
        graded = If(
            Ref("pending").equals(NOTHING), self.rules.grade(scheme).assume({"pending": NOTHING}), Const(UNFINISHED)
        )
        self._compute(
            row,
            "opinion",
            GRADE,
            "复核等级",
            bold=True,
            number_format='"复核等级："@',
            rule=graded,
            variables={"total": TOTAL, "pending": "pending"},
        )
        self._compute(
            row,
            "completion",
            "pending",
            "没有填完的原因",
            rule=If(CountText("checks", ANY_TEXT) > 0, Const(UNFINISHED), Const(NOTHING)),
            variables={"checks": tuple(check_name(item.name) for item in self.scored)},
        )
        self.plan.heights[row] = 28

    def _add_quality(self, row: int) -> int:
        """The office's own sheet for the quality of the self-evaluation, if it has one; returns the next row."""
        items = self.facts.quality
        if not items:
            return row
        self._label(Span.across(row, 0, _LAST), "自评工作质量", FieldStyle.SUBTITLE)
        self._label(self._at(row + 1, "number"), "序号", FieldStyle.HEADER)
        for first, last, text in ((1, 5, "评分项"), (6, 6, "满分"), (7, 7, "得分"), (8, _LAST, "说明")):
            self._label(Span.across(row + 1, first, last), text, FieldStyle.HEADER)
        self.plan.heights |= {row: 24, row + 1: 22}
        for number, item in enumerate(items, 1):
            at, name = row + 1 + number, quality_name(number, "score")
            self._label(self._at(at, "number"), float(number), align="center")
            self._label(Span.across(at, 1, 5), f"{item.name}（{item.hint}）" if item.hint else item.name)
            most = quality_name(number, "points")
            self._add(Role.FIXED, Span.cell(at, 6), most, f"{item.name}－满分", kind=Kind.SCORE, value=item.points)
            score = self._add(
                Role.INPUT,
                Span.cell(at, 7),
                name,
                f"{item.name}－得分",
                kind=Kind.NUMBER,
                unit="分",
                number_format="General",
                low=0.0,
                high=item.points,
                limit=most,
                problem=self.rules.number_problem(0, item.points, True),
                problem_variables={"cell": name},
            )
            label = f"{item.name}－说明"
            self._add(
                Role.INPUT,
                Span.across(at, 8, _LAST),
                quality_name(number, "note"),
                label,
                kind=Kind.PARAGRAPH,
                align="",
            )
            self._ask(score, is_score=False)
            self.plan.heights[at] = 24
        return self._add_quality_total(row + 2 + len(items), len(items))

    def _add_quality_total(self, row: int, count: int) -> int:
        names = tuple(quality_name(number, "score") for number in range(1, count + 1))
        self._label(Span.across(row, 0, 5), "自评工作质量得分", FieldStyle.HEADER)
        most = sum(item.points for item in self.facts.quality)
        self._add(Role.FIXED, Span.cell(row, 6), "quality_points", "自评工作质量满分", kind=Kind.SCORE, value=most)
        total = If(Count("scores") >= float(count), Round(Sum("scores"), COMPARED_DECIMALS), Const(NOTHING))
        self._add(
            Role.FORMULA,
            Span.cell(row, 7),
            QUALITY,
            "自评工作质量得分",
            kind=Kind.SCORE,
            number_format=SCORE_FORMAT,
            bold=True,
            rule=total,
            variables={"scores": names},
        )
        self._label(Span.across(row, 8, _LAST), "")
        self.plan.heights[row] = 24
        return row + 1

    def _add_conclusion(self, row: int) -> int:
        self._label(Span.across(row, 0, 1), "复核结论", FieldStyle.LABEL)
        hint = "写自评是否真实、得分是否恰当、要改什么。"
        self._add_signed(Span.across(row, 2, _LAST), CONCLUSION, "复核结论", hint, Kind.PARAGRAPH)
        self.plan.heights[row] = 64
        at = row + 1
        signed = ((REVIEWER, "复核人", "填写姓名。", 0, 6), (DATE, "复核日期", "写成 2025年4月20日 的样子。", 7, _LAST))
        for name, label, prompt, first, last in signed:
            self._label(Span.across(at, first, first + 1), label, FieldStyle.LABEL)
            self._add_signed(Span.across(at, first + 2, last), name, label, prompt)
        self.plan.heights[at] = 26
        return at + 1

    def _add_signed(self, span: Span, name: str, label: str, prompt: str, kind: Kind = Kind.TEXT) -> None:
        item = self._add(
            Role.INPUT,
            span,
            name,
            label,
            kind=kind,
            prompt=prompt,
            problem=self.rules.required_problem(),
            problem_variables={"cell": name},
            align="" if kind is Kind.PARAGRAPH else "left",
        )
        self._ask(item, is_score=False)


def _difference() -> Expr:
    """复核得分 less 自评得分, where there are both."""
    score, before = Ref("score"), Ref("self_score")
    return If(both(IsNumber(score), IsNumber(before)), Round(score - before, COMPARED_DECIMALS), Const(NOTHING))


def _missing_reason() -> Expr:
    """An opinion where the scores differ."""
    difference = Ref("difference")
    differs = If(difference.equals(0), Const(NOTHING), Const(library.REASON_NEEDED))
    return If(IsEmpty(Ref("cell")), If(IsNumber(difference), differs, Const(NOTHING)), Const(NOTHING))


VERSION = LayoutVersion(
    "复核表1", builders={TITLE: _place}, of_facts=(), tabs=(TITLE,), rules=CURRENT_RULES, called="绩效自评复核表"
)
"""The 复核表 as it is sent out, and for good."""
VERSIONS = {VERSION.name: VERSION}
"""Every version that may come back."""
