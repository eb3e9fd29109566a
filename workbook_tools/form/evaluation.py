"""Sheet 自评表: the authority's own form, with the columns and labels that the scheme gives it.

What the unit needs besides (完成程度, 完成率 …) is placed by :mod:`workbook_tools.form.table_columns`. Right of the table, outside the print
area, stand the helper columns (填报辅助) and a live hint per row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from workbook_tools.core.cells import Span, spread
from workbook_tools.core.model import FundingSource, Measure, Project
from workbook_tools.core.tolerances import COMPARED_DECIMALS
from workbook_tools.form import funding
from workbook_tools.form.fields import Field, FieldStyle, Kind, Layout, Role, SheetPlan, text_room
from workbook_tools.form.indicator_rows import SCORE_FORMAT
from workbook_tools.form.known_fields import find_frames, place_known
from workbook_tools.form.narrative import text_name
from workbook_tools.form.row_blocks import place_indicator
from workbook_tools.form.rows import FormRow
from workbook_tools.form.table_columns import arrange_columns, divide_columns
from workbook_tools.rules.functions import Round, Sum
from workbook_tools.rules.scheme import ExecutionRow, FundingBlock, GoalsBlock

TITLE = "自评表"
_HINT_WIDTH, _GAP_WIDTH = 26.0, 2.0
_APPROVED_ROW, _OPEN_ROW = 30.0, 19.0
"""Points, at least: two lines of a reason; one where a unit has more rows than it needs."""
_SIGNATURES_PER_LINE = 3
_USUAL_GOAL, _USUAL_REASON = 200, 40
"""Characters of a text that is typed elsewhere and shown here in merged cells, for which there is room from the beginning."""
_HOW_TO_ENLARGE = "显示不全的，拖动左边行号下的横线"


def dimension_score_name(key: str) -> str:
    """Defined name of a dimension's score."""
    return f"dimension_{key}_score"


def build(layout: Layout) -> None:
    """Place the sheet's fields."""
    _Builder(layout).build()


def count_goal_characters(project: Project) -> int:
    """For so many there is room under 年度总体目标: for those of the approved goal, and never for fewer than what is usually written."""
    return max(_USUAL_GOAL, len(project.annual_goal))


@lru_cache(1 << 11, typed=True)
def _make_label(**facts: Any) -> Field:
    return Field(sheet=TITLE, role=Role.LABEL, **facts).share()


class _Builder:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.scheme = layout.scheme
        self.rules = layout.rules
        self.form = layout.scheme.form
        self.rows = layout.rows
        self.table = arrange_columns(layout)
        self.columns: dict[str, int] = {column.key: i for i, column in enumerate(self.table.printed)}
        self.last = len(self.table.printed) - 1
        self.helpers = {column.key: self.last + 2 + i for i, column in enumerate(self.table.beside)}
        self.hint = self.last + 2 + len(self.helpers)
        frames = find_frames(layout)
        self.kind = ("top", frames, self.table, count_goal_characters(layout.project)) if frames else None
        """What decides on all that stands above the indicators, and with its row on the signatures; nothing where that is not known."""
        widths = [column.width for column in self.table.printed] + [_GAP_WIDTH]
        widths += [column.width for column in self.table.beside] + [_HINT_WIDTH]
        self.plan = layout.add_sheet(SheetPlan(TITLE, tuple(widths), landscape=True))

    def label(self, **facts: Any) -> Field:
        """A text of the form itself."""
        return _make_label(**facts)

    def at(self, key: str) -> int:
        """The column where a part of a row stands."""
        return self.columns[key] if key in self.columns else self.helpers[key]

    def build(self) -> None:
        header, first = place_known(self.layout, self.plan, self.kind, self._add_top)
        row = first
        for item in self.rows:
            self._add_indicator_row(item, row)
            row += 1
        self._merge_levels(first)
        self._add_totals(row)
        kind = ("signatures", self.kind, row) if self.kind else None
        last = place_known(self.layout, self.plan, kind, partial(self._add_signatures, row + 1))
        self.plan.print_last = (last, self.last)
        self.plan.repeat_rows = (header, header)
        self.plan.freeze = None

    def _add_top(self) -> tuple[int, int]:
        """All above the indicators; returns the row of the table's header and the first below."""
        row = self._add_head()
        if self.form.funding:
            row = self._add_funding_block(row, self.form.funding)
        if self.form.goals:
            row = self._add_goals(row, self.form.goals)
        header = row
        self._add_header(row)
        row += 1
        if self.form.execution_row:
            self._add_execution_row(row, self.form.execution_row)
            row += 1
        return header, row

    # -- above the table ------------------------------------------------------------------------------------------

    def _add_head(self) -> int:
        year = "（　　　　年度）" if self.layout.blank else f"（{self.layout.project.year}年度）"
        title = self.form.number + ("　" if self.form.number else "") + self.form.title
        self.layout.add(self.label(span=Span.across(0, 0, self.last), value=title, look=FieldStyle.TITLE))
        self.layout.add(self.label(span=Span.across(1, 0, self.last), value=year, look=FieldStyle.CAPTION))
        self.plan.heights |= {0: 30, 1: 18, 2: 24, 3: 24}
        self._add_copy(2, "项目名称", 0, 1, self.last, "project_name")
        middle = self.last // 2
        self._add_copy(3, "主管部门", 0, 1, middle, "department")
        self._add_copy(3, "实施单位", middle + 1, middle + 2, self.last, "unit")
        return 4

    def _add_copy(self, row: int, label: str, at: int, first: int, last: int, source: str) -> None:
        """A label, and beside it the text of another field."""
        self.layout.add(self.label(span=Span.cell(row, at), value=label, look=FieldStyle.LABEL))
        self.layout.add(
            Field(
                sheet=TITLE,
                span=Span.across(row, first, last),
                role=Role.FORMULA,
                name=f"form_{source}",
                label=label,
                rule=self.rules.copied(True),
                variables={"cell": source},
                align="left",
            )
        )

    def _add_funding_block(self, row: int, block: FundingBlock) -> int:
        columns = divide_columns(self.plan.widths[: self.last + 1], 2, len(block.columns))
        bottom = row + len(block.rows)
        self.layout.add(self.label(span=Span(row, 0, bottom, 0), value=block.label, look=FieldStyle.LABEL))
        self.layout.add(self.label(span=Span.cell(row, 1), value="", look=FieldStyle.LABEL))
        for column, (first, last) in zip(block.columns, columns, strict=True):
            self.layout.add(self.label(span=Span.across(row, first, last), value=column.label, look=FieldStyle.LABEL))
        self.plan.heights[row] = 24
        for i, line in enumerate(block.rows):
            at = row + 1 + i
            self.plan.heights[at] = 22
            self.layout.add(self.label(span=Span.cell(at, 1), value=line.label, look=FieldStyle.LABEL))
            for column, (first, last) in zip(block.columns, columns, strict=True):
                self._add_funding_cell(column.key, line.source, Span.across(at, first, last))
        return bottom + 1

    def _add_funding_cell(self, key: str, source: FundingSource, span: Span) -> None:
        make = partial(Field, sheet=TITLE, span=span, align="center")
        if key in ("weight", "score", "execution_reason"):
            if source is not FundingSource.TOTAL:
                self.layout.add(make(role=Role.LABEL, value="—", look=FieldStyle.PLAIN))
                return
            origin = {"weight": "execution_weight", "score": "execution_score", "execution_reason": "execution_reason"}[
                key
            ]
        else:
            origin = funding.amount_name(Measure(key), source)
            if key == Measure.EXECUTION_RATE and source is FundingSource.TOTAL:
                origin = "scored_rate"
        item = self.layout.fields[origin]
        text = key == "execution_reason"
        if text:
            room = text_room(_USUAL_REASON, self._width(span.col, span.last_col))
            self.plan.heights[span.row] = max(self.plan.heights[span.row], room)
        self.layout.add(
            make(
                role=Role.FORMULA,
                kind=item.kind,
                name=f"form_{origin}",
                label=item.label,
                rule=self.rules.copied(text),
                variables={"cell": origin},
                number_format=item.number_format,
            )
        )

    def _add_goals(self, row: int, goals: GoalsBlock) -> int:
        self.layout.add(self.label(span=Span.down(row, row + 1, 0), value=goals.label, look=FieldStyle.LABEL))
        middle = self.last // 2
        expected, actual = text_name(goals.expected), text_name(goals.actual)
        if "annual_goal" in self.layout.fields:  # approved, and no text of the scheme shows it in its place
            expected = "annual_goal"
        for name, key, source, first, last in (
            ("预期目标", goals.expected, expected, 1, middle),
            ("实际完成情况", goals.actual, actual, middle + 1, self.last),
        ):
            self.layout.add(self.label(span=Span.across(row, first, last), value=name, look=FieldStyle.LABEL))
            self.layout.add(
                Field(
                    sheet=TITLE,
                    span=Span.across(row + 1, first, last),
                    role=Role.FORMULA,
                    kind=Kind.PARAGRAPH,
                    name=f"form_text_{key}",
                    label=name,
                    rule=self.rules.copied(True),
                    variables={"cell": source},
                )
            )
        room = text_room(count_goal_characters(self.layout.project), self._width(1, middle))
        self.plan.heights |= {row: 22, row + 1: max(62, room)}
        span = Span.across(row, self.last + 2, self.hint)
        self.layout.add(self.label(span=span, value=_HOW_TO_ENLARGE, look=FieldStyle.NOTE))
        return row + 2

    def _width(self, first: int, last: int) -> float:
        return sum(self.plan.widths[first : last + 1])

    # -- the table ------------------------------------------------------------------------------------------------

    def _add_header(self, row: int) -> None:
        for column in (*self.table.printed, *self.table.beside):
            self.layout.add(
                self.label(span=Span.cell(row, self.at(column.key)), value=column.heading, look=FieldStyle.HEADER)
            )
        if row:
            span = Span.across(row - 1, self.last + 2, self.hint)
            self.layout.add(self.label(span=span, value="填报辅助（不打印）", look=FieldStyle.NOTE))
        self.layout.add(self.label(span=Span.cell(row, self.hint), value="本行提示", look=FieldStyle.HEADER))
        self.plan.heights[row] = 34

    def _add_execution_row(self, row: int, names: ExecutionRow) -> None:
        self.plan.heights[row] = 40
        texts = {"dimension": names.dimension, "category": names.category, "indicator": names.name}
        for key, text in texts.items():
            self.layout.add(
                self.label(
                    span=Span.cell(row, self.at(key)),
                    value=text,
                    look=FieldStyle.PLAIN,
                    align="" if key == "indicator" else "center",
                )
            )
        self.layout.add(
            Field(
                sheet=TITLE,
                span=Span.cell(row, self.at("target")),
                role=Role.LABEL,
                value=1.0,
                number_format="0%",
                look=FieldStyle.PLAIN,
                align="center",
            )
        )
        copies = {
            "weight": "execution_weight",
            "actual": "scored_rate",
            "completion": "scored_rate",
            "score": "execution_score",
            "deviation_reason": "execution_reason",
        }
        for key, origin in copies.items():
            if key == "completion" and key not in self.columns:
                continue
            item = self.layout.fields[origin]
            is_text = origin == "execution_reason"
            self.layout.add(
                Field(
                    sheet=TITLE,
                    span=Span.cell(row, self.at(key)),
                    role=Role.FORMULA,
                    kind=item.kind,
                    name=f"form_execution_{key}",
                    label=f"预算执行率－{item.label}",
                    rule=self.rules.copied(is_text),
                    variables={"cell": origin},
                    number_format=item.number_format,
                    align="" if is_text else "center",
                )
            )
        for key, at in self.columns.items():
            if key not in (*texts, "target", *copies):
                self.layout.add(self.label(span=Span.cell(row, at), value="", look=FieldStyle.PLAIN))

    def _add_indicator_row(self, row: FormRow, at: int) -> None:
        places = {part: Span.cell(at, self.at(part)) for part in (*self.columns, *self.helpers)}
        self.plan.heights[at] = _OPEN_ROW if row.open else _APPROVED_ROW
        place_indicator(self.layout, TITLE, row, places)

    def _merge_levels(self, first: int) -> None:
        """Equal neighbours of level 1, and of level 2 where approved, become one merged cell."""
        numbered = list(enumerate(self.rows, first))
        levels: dict[str, Callable[[tuple[int, FormRow]], object]] = {"dimension": lambda p: p[1].indicator.dimension}
        if not self.layout.open:
            levels["category"] = lambda p: (p[1].indicator.dimension, p[1].indicator.category)
        merged: dict[str, Field | None] = {}
        for part, level in levels.items():
            for _, group in groupby(numbered, level):
                block = list(group)
                if len(block) == 1:
                    continue
                names = [row.name(part) for _, row in block]
                merged |= dict.fromkeys(names)
                span = Span.down(block[0][0], block[-1][0], self.at(part))
                merged[names[0]] = replace(self.layout.fields[names[0]], span=span)
        kept = ((field, merged.get(field.name, field)) for field in self.plan.fields)
        self.plan.fields[:] = [field for _, field in kept if field is not None]
        for name, field in merged.items():
            if field is None:
                del self.layout.fields[name]
            else:
                self.layout.fields[name] = field

    def _add_totals(self, row: int) -> None:
        label_end = min(self.at("weight"), self.at("score"), self.at("target")) - 1
        weights = tuple(r.name("weight") for r in self.rows)
        scores = tuple(r.name("score") for r in self.rows)
        execution = self.scheme.execution.weight > 0
        if self.form.execution_row:
            scored, weighed = ("form_execution_score", *scores), ("form_execution_weight", *weights)
        else:
            scored, weighed = (*scores, "execution_score"), (*weights, "execution_weight")
        approved = {} if self.layout.open else {"weights": [r.indicator.weight for r in self.rows]}
        known_rule = self.rules.total_score(self.scheme).assume(approved)
        variables: dict[str, str | tuple[str, ...]] = {
            "scores": scored if execution else scores,
            "weights": weights,
            "rate": "scored_rate",
        }
        if self.scheme.total.rebase:
            variables["applicables"] = tuple(r.name("applicable") for r in self.rows)
        cell = partial(Field, sheet=TITLE, role=Role.FORMULA, align="center", bold=True)
        self.layout.add(
            cell(
                span=Span.across(row, 0, label_end),
                name="total_label",
                label="合计行的文字",
                look=FieldStyle.HEADER,
                rule=self.rules.total_label(self.scheme),
                variables={"grade": "grade", "pending": "pending"},
                pending=True,
            )
        )
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("weight")),
                kind=Kind.SCORE,
                name="total_weight",
                label=f"{self.form.labels.weight}合计",
                number_format="General",
                rule=Round(Sum("weights"), COMPARED_DECIMALS),
                variables={"weights": weighed if execution else weights},
            )
        )
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("score")),
                kind=Kind.SCORE,
                name="total_score",
                label="总分",
                number_format=SCORE_FORMAT,
                rule=known_rule,
                variables=variables,
                pending=True,
            )
        )
        self.layout.add(
            cell(
                span=Span.cell(row, self.at("deviation_reason")),
                name="grade",
                label="评价等级",
                number_format='"评价等级："@',
                rule=self.rules.grade(self.scheme),
                variables={"total": "total_score", "pending": "pending"},
                pending=True,
            )
        )
        taken = {self.at("weight"), self.at("score"), self.at("deviation_reason")}
        for col in range(label_end + 1, self.last + 1):
            if col not in taken:
                self.layout.add(self.label(span=Span.cell(row, col), value="", look=FieldStyle.HEADER))
        self.plan.heights[row] = 28

    def _add_signatures(self, row: int) -> int:
        """Three places to a line; returns the last row."""
        for number, line in enumerate(self.form.signatures):
            at = row + number // _SIGNATURES_PER_LINE
            first, last = spread(_SIGNATURES_PER_LINE, 0, self.last)[number % _SIGNATURES_PER_LINE]
            span, label = Span.across(at, first, last), f"{line.label}："
            self.plan.heights[at] = 24
            if not line.source:
                self.layout.add(self.label(span=span, value=label, look=FieldStyle.SIGNATURE))
                continue
            self.layout.add(
                Field(
                    sheet=TITLE,
                    span=span,
                    role=Role.FORMULA,
                    name=f"form_{line.source}",
                    label=label,
                    rule=self.rules.copied(True),
                    variables={"cell": line.source},
                    number_format=f'"{label}"@',
                    align="left",
                    look=FieldStyle.PLAIN,
                )
            )
        return row + (len(self.form.signatures) - 1) // _SIGNATURES_PER_LINE
