"""What the rows of one project come to, whatever stands around them in the list: its record, and what is said of it.

Of a finding it is known which of the project's rows and columns it is about, and not in which cell that stands: so what was made of a project is
true as long as its rows say the same, wherever they have moved to (:mod:`~workbook_tools.projects.known_projects`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook_tools.core.copying import make_copier
from workbook_tools.core.errors import SchemeError
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import (
    FISCAL_SOURCES,
    LEAF_SOURCES,
    Amounts,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Measure,
    Project,
)
from workbook_tools.core.names import Aliases
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text
from workbook_tools.core.visible_text import drop_invisible, show_invisible
from workbook_tools.projects.cells import as_number, read_number, read_target, read_text
from workbook_tools.projects.columns import (
    BUDGETS,
    INDICATOR_COLUMN,
    INDICATOR_COLUMNS,
    PROJECT_COLUMNS,
    ListColumn,
    amount_key,
)
from workbook_tools.projects.offices import OFFICES
from workbook_tools.projects.rows import ListRow, Notes, is_blank
from workbook_tools.projects.scale import check_scale
from workbook_tools.rules.scheme import Scheme

LoadScheme = Callable[[str], Scheme]

_PROJECT = {column.key: column for column in PROJECT_COLUMNS}
_AMOUNTS = {budget: {source: _PROJECT[amount_key(budget, source)] for source in FundingSource} for budget in BUDGETS}
_NUMBERS = tuple(c for c in INDICATOR_COLUMNS if c.kind == "points")
_TEXTS = tuple(
    c for c in INDICATOR_COLUMNS if c not in _NUMBERS and c.key not in ("code", "direction", "target", "unit")
)
"""Columns of the indicator table that are read by themselves."""
_EXACT_DIGITS = 1e15
"""Excel keeps 15 digits of a number; a longer code that is no text has lost its end."""
_OWN_ROW = -1
_put = make_copier(Finding, "project_code", "file", "sheet", "cell")


@dataclass(frozen=True, slots=True)
class Said:
    """A finding about a cell of a project's rows."""

    finding: Finding
    """Without its place."""
    line: int
    """Which row of its indicators, from 0; −1 its own row."""
    column: str

    def place(self, file: str, row: ListRow, lines: Sequence[ListRow]) -> Finding:
        """The finding at the project's row, or at one of these of its indicators; without that column, at the row's first cell."""
        at = row if self.line == _OWN_ROW else lines[self.line]
        cell = at.cells.get(self.column) or at.cells.get("code", "")
        placed: Finding = _put(self.finding, row.code, file, at.sheet, cell)
        return placed


@dataclass(frozen=True, slots=True)
class SaidOfProject:
    """All that is said of a project, in the order in which it is told."""

    row: Sequence[Said]
    lines: Sequence[Said]
    """Of its indicators, line by line."""
    weights: Sequence[Said]
    """Not to be told where nobody knows which indicators are whose."""
    scale: Sequence[Said]
    """Not to be told where the whole list is in another unit."""


@dataclass(frozen=True, slots=True)
class JudgingTerms:
    """What it depends on how rows are read, but for the rows."""

    year: int
    default_scheme: Scheme
    load: LoadScheme
    aliases: Aliases
    usual_scheme: str
    """Id of the list's own scheme, where that is not the campaign's."""
    has_indicators: bool
    schemes: dict[str, Scheme | SchemeError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgedProject:
    """What a project's rows come to."""

    project: Project | None
    """Without its indicators; ``None`` if it cannot be built."""
    scheme: Scheme | None
    """``None`` if it cannot be loaded."""
    lines: Sequence[ListRow]
    """Its rows of the indicator table, those that are no indicators included."""
    indicators: Sequence[tuple[int, Indicator]]
    """Its indicators, with their place in ``lines``."""
    said: SaidOfProject

    @property
    def amounts(self) -> list[float]:
        """What its budgets come to, source by source, in 万元."""
        return [a for m in BUDGETS for a in getattr(self.project, m.value).values()] if self.project else []

    def complete(self, owner: JudgedProject) -> Project | None:
        """The project with the indicators of the ``owner`` of its rows, in the scheme's order of dimensions, and its answers in the same order."""
        if self.project is None or self.scheme is None:
            return None
        project, names = self.project, [dimension.name for dimension in self.scheme.dimensions]
        order = {name: place for place, name in enumerate(names)}
        listed = sorted(owner.indicators, key=lambda entry: order.get(entry[1].dimension, len(names)))
        found: dict[str, Any] = {"indicators": tuple(indicator for _, indicator in listed)}
        given = project.answers.indicators if project.answers else ()
        if project.answers and given and owner.lines:
            answers = [given[place] if place < len(given) else IndicatorAnswer() for place, _ in listed]
            found["answers"] = project.answers.model_copy(update={"indicators": tuple(answers)})
        return project.model_copy(update=found)


class _ProjectNotes(Notes):
    """Collects what is said of the rows of one project."""

    def __init__(self, row: ListRow, lines: Sequence[ListRow]) -> None:
        super().__init__("")
        self._lines = {id(line): number for number, line in enumerate((row, *lines), _OWN_ROW)}
        self._said: list[Said] = []

    def at(self, row: ListRow, column: ListColumn, code: str, message: str = "", **facts: Any) -> None:
        self._said.append(Said(finding(code, message, field=column.label, **facts), self._lines[id(row)], column.key))

    def take(self) -> list[Said]:
        """What was said since it was taken last."""
        said, self._said = self._said, []
        return said


def judge_project(row: ListRow, lines: Sequence[ListRow], terms: JudgingTerms) -> JudgedProject:
    """Read a project's row and those of its indicators."""
    notes = _ProjectNotes(row, lines)
    reader = ListRowReader(terms, notes)
    project, scheme = reader.read_project(row)
    of_row = notes.take()
    read = ((place, reader.read_indicator(line, scheme)) for place, line in enumerate(lines))
    indicators = [(place, Indicator.model_validate(facts)) for place, facts in read if facts]
    of_lines = notes.take()
    own = [(lines[place], indicator) for place, indicator in indicators]
    if scheme and row.code and terms.has_indicators:
        reader.check_weights(row, own, scheme)
    of_weights = notes.take()
    if project:
        check_scale(project, row, own, notes)
    said = SaidOfProject(of_row, of_lines, of_weights, notes.take())
    return JudgedProject(project, scheme, lines, indicators, said)


class ListRowReader:
    """Reads rows one by one; what it has to say goes into ``notes``."""

    def __init__(self, terms: JudgingTerms, notes: Notes) -> None:
        self.terms = terms
        self.notes = notes

    def read_project(self, row: ListRow) -> tuple[Project | None, Scheme | None]:
        """The project of a row, without its indicators, and its scheme; nothing for what cannot be built or loaded."""
        complete = self._has_required(row, PROJECT_COLUMNS)
        if abs(as_number(row.values.get("code")) or 0) >= _EXACT_DIGITS:
            message = "项目编码以数字保存，超过 15 位，末几位已经丢失"
            advice = "请把该列设为文本格式后重新填写编码。"
            self.notes.at(row, _PROJECT["code"], "LIST16", message, found=row.code, advice=advice)
        if drop_invisible(row.code) != row.code:
            self.notes.at(row, _PROJECT["code"], "LIST51", found=show_invisible(row.code))
            complete = False
        texts = {
            column.key: read_text(row, column) for column in PROJECT_COLUMNS if column.kind not in ("amount", "points")
        }
        texts["scheme"] = texts["scheme"] or self.terms.usual_scheme
        texts |= {key: self.terms.aliases.resolve(texts[key]) for key in OFFICES}
        scheme = self._find_scheme(row, texts["scheme"])
        amounts = {budget.value: self._read_amounts(row, budget) for budget in BUDGETS}
        if not complete or scheme is None:
            return None, scheme
        points = {
            column.key: read_number(row, column, self.notes) for column in PROJECT_COLUMNS if column.kind == "points"
        }
        facts = {**texts, **points, **amounts, "year": row.year or self.terms.year, "answers": row.answers}
        return Project.model_validate(facts), scheme

    def _has_required(self, row: ListRow, columns: Sequence[ListColumn]) -> bool:
        """Whether all is there that must be; what is blank is noted, unless the whole column is missing."""
        missing = [column for column in columns if column.required and is_blank(row.values.get(column.key))]
        for column in missing:
            if column.key in row.cells:
                message = "这一行有内容，但没有项目编码" if column.key == "code" else f"“{column.label}”没有填写"
                self.notes.at(row, column, "LIST02", message)
        return not missing

    def _find_scheme(self, row: ListRow, name: str) -> Scheme | None:
        """The scheme that the row names, or the campaign's."""
        if not name:
            return self.terms.default_scheme
        if name not in self.terms.schemes:
            try:
                self.terms.schemes[name] = self.terms.load(name)
            except SchemeError as exc:
                self.terms.schemes[name] = exc
        scheme = self.terms.schemes[name]
        if isinstance(scheme, SchemeError):
            self.notes.at(row, _PROJECT["scheme"], "LIST12", str(scheme), found=name)
            return None
        return scheme

    def _read_amounts(self, row: ListRow, budget: Measure) -> Amounts:
        """万元 per source. A sum alone is taken as the county's; beside its parts it is not used."""
        columns = _AMOUNTS[budget]
        numbers = {source: read_number(row, column, self.notes) for source, column in columns.items()}
        amounts = {source: number for source in LEAF_SOURCES if (number := numbers[source]) is not None}
        for summed, parts in ((FundingSource.TOTAL, LEAF_SOURCES), (FundingSource.FISCAL_SUBTOTAL, FISCAL_SOURCES)):
            stated, column = numbers[summed], columns[summed]
            if stated is None:
                continue
            known = math.fsum(amounts.get(part, 0) for part in parts)
            if not amounts:
                amounts[FundingSource.COUNTY] = stated
                message = f"只有合计，已作为{FundingSource.COUNTY.label}资金"
                self.notes.at(row, column, "LIST11", message, found=stated, advice="有其他来源的，请分列填写。")
            elif not NOISE.same(known, stated):
                message = "合计与各来源之和不同；合计由程序相加，未采用所填的数"
                self.notes.at(
                    row, column, "LIST11", message, found=stated, expected=known, advice="请核对各来源的金额。"
                )
        return amounts

    def read_indicator(self, row: ListRow, scheme: Scheme | None) -> dict[str, Any] | None:
        """What an indicator's row says, whatever is wrong with it; nothing where it is none."""
        texts = {column.key: read_text(row, column) for column in _TEXTS}
        dimension = scheme.dimension(texts["dimension"]) if scheme else None
        if scheme and not dimension and scheme.execution.weight and "预算执行" in texts["dimension"]:
            message = f"预算执行率（{number_text(scheme.execution.weight)} 分）由程序按评分方案加入，此行不作为指标"
            self.notes.at(row, INDICATOR_COLUMN["dimension"], "LIST11", message, advice="可以删去此行。")
            return None
        self._has_required(row, INDICATOR_COLUMNS)
        if dimension:
            texts["dimension"] = dimension.name
        elif scheme and texts["dimension"]:
            names = "、".join(d.name for d in scheme.dimensions)
            self.notes.at(row, INDICATOR_COLUMN["dimension"], "LIST10", found=texts["dimension"], expected=names)
        numbers = {column.key: read_number(row, column, self.notes) for column in _NUMBERS}
        cost = dimension is not None and texts["category"] in dimension.cost_like
        target = read_target(row, texts["name"], cost, self.notes)
        if scheme and texts["rule"] and texts["rule"] not in scheme.steps:
            names = "、".join(scheme.steps)
            advice = "" if scheme.steps else "本方案没有专门规则，请把此格留空。"
            self.notes.at(row, INDICATOR_COLUMN["rule"], "LIST17", found=texts["rule"], expected=names, advice=advice)
        return {**texts, **numbers, "direction": target.direction, "target": target.value, "unit": target.unit}

    def check_weights(self, row: ListRow, own: Sequence[tuple[ListRow, Indicator]], scheme: Scheme) -> None:
        """Weights of a project, whole and per dimension, against its scheme."""
        if not own:
            self.notes.at(row, _PROJECT["code"], "LIST09")
            return
        rows, indicators = [line for line, _ in own], [indicator for _, indicator in own]
        column = INDICATOR_COLUMN["weight"]
        if any(
            i.weight is None and not is_blank(r.values.get("weight")) for r, i in zip(rows, indicators, strict=True)
        ):
            return
        total = _sum_weights(indicators)
        if not NOISE.same(total, scheme.indicator_weight):
            blank = sum(indicator.weight is None for indicator in indicators)
            message = f"各指标权重之和不对（另有预算执行率 {number_text(scheme.execution.weight)} 分由程序加入）"
            message += f"，其中 {blank} 个指标没有权重" if blank else ""
            self.notes.at(rows[0], column, "LIST05", message, found=total, expected=scheme.indicator_weight)
        if scheme.weights.norm == "none" or any(scheme.dimension(i.dimension) is None for i in indicators):
            return
        for dimension in scheme.dimensions:
            places = [place for place, i in enumerate(indicators) if i.dimension == dimension.name]
            weight = _sum_weights([indicators[place] for place in places])
            if not NOISE.same(weight, dimension.weight):
                message = f"“{dimension.name}”的权重与评分方案规定的不一致"
                self.notes.at(
                    rows[places[0]] if places else rows[0],
                    column,
                    "LIST06",
                    message,
                    found=weight,
                    expected=dimension.weight,
                )


def _sum_weights(indicators: Sequence[Indicator]) -> float:
    """Their weights, in 分; a blank one counts as 0."""
    return math.fsum(indicator.weight or 0 for indicator in indicators)
