"""The rules of the project list: rows → projects, with a finding for everything that is wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook_tools.core.errors import SchemeError
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import (
    FISCAL_SOURCES,
    LEAF_SOURCES,
    Amounts,
    FundingSource,
    Indicator,
    IndicatorAnswer,
    Measure,
    Project,
    ProjectList,
)
from workbook_tools.core.names import NO_ALIASES, Aliases
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
from workbook_tools.projects.offices import OFFICES, check_names
from workbook_tools.projects.repeated_codes import fold_code, tell_repeated
from workbook_tools.projects.rows import Listing, ListRow, Notes, is_blank, read_json, read_workbook
from workbook_tools.projects.scale import check_scale, is_list_in_yuan
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

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


def read_projects(
    path: AnyPath,
    *,
    year: int,
    default_scheme: Scheme | None = None,
    load: LoadScheme = load_scheme,
    aliases: Aliases = NO_ALIASES,
) -> tuple[ProjectList, list[Finding]]:
    """The projects of a list (.xlsx or .json), and everything that is wrong with it, all at once.

    A project is left out only where it cannot be built: no code, name, department or unit, or a scheme that
    cannot be loaded. Any other mistake leaves it in, so the caller looks at the errors before it generates:
    one with a ``project_code`` concerns that project, one without concerns the list. ``year`` and ``default_scheme`` (by
    default the one that most offices use) are those of projects which name none. ``load`` gives the scheme of an id or raises
    SchemeError; by default only built-in ones. ``aliases`` are other names of departments and units. Raises WithheldFile; nothing for what is wrong with the file.
    """
    default_scheme = default_scheme or load(DEFAULT_SCHEME)
    return judge_listing(
        *read_listing(Path(path)), year=year, default_scheme=default_scheme, load=load, aliases=aliases
    )


def judge_listing(
    listing: Listing | None, notes: Notes, *, year: int, default_scheme: Scheme, load: LoadScheme, aliases: Aliases
) -> tuple[ProjectList, list[Finding]]:
    """The same of what :func:`read_listing` gave."""
    if listing is None:
        return ProjectList(year=year, scheme=default_scheme.id), notes.findings
    if listing.year and listing.year != year:
        place = {"cell": "year", "field": "年度", "found": listing.year, "expected": year}
        notes.add("LIST15", "清单的年度与本次自评的年度不符", advice="请核对是否用错了清单。", **place)
    projects = _ListReader(notes, year, default_scheme, load, aliases).projects(listing)
    check_names(listing.projects, aliases, notes)
    notes.name_projects(listing.projects)
    scheme = listing.scheme or default_scheme.id
    return ProjectList(year=year, authority=listing.authority, scheme=scheme, projects=projects), notes.findings


def read_listing(path: Path) -> tuple[Listing | None, Notes]:
    """The rows of a list as they stand, ``None`` where it cannot be read, and what was found on the way."""
    notes = Notes(path.name)
    return (read_json if path.suffix.lower() == ".json" else read_workbook)(path, notes), notes


def projects_json_schema() -> dict[str, Any]:
    """The JSON Schema of 项目清单.json."""
    from workbook_tools.core.described_schema import describe_model  # no command asks

    return describe_model(ProjectList)


@dataclass(slots=True)
class _ProjectDraft:
    """A project being read; ``project`` is ``None`` if it cannot be built, ``scheme`` if it cannot be loaded."""

    row: ListRow
    project: Project | None
    scheme: Scheme | None
    rows: list[ListRow] = field(default_factory=list)
    """Its rows of the indicator table, those that are no indicators included."""
    indicators: list[tuple[int, Indicator]] = field(default_factory=list)
    """Its indicators, with their place in ``rows``."""


class _ListReader:
    """Reads rows one by one; what it has to say goes into ``notes``."""

    def __init__(self, notes: Notes, year: int, default_scheme: Scheme, load: LoadScheme, aliases: Aliases) -> None:
        self.notes = notes
        self.year = year
        self.default_scheme = default_scheme
        self.load = load
        self.aliases = aliases
        self.usual_scheme = ""
        """Id of the list's own scheme, where that is not the campaign's."""
        self.schemes: dict[str, Scheme | SchemeError] = {default_scheme.id: default_scheme}

    def projects(self, listing: Listing) -> tuple[Project, ...]:
        """All projects that can be built, in the order of the list."""
        self.usual_scheme = "" if listing.scheme == self.default_scheme.id else listing.scheme
        drafts = [self._read_project(row) for row in listing.projects]
        owners: dict[str, _ProjectDraft] = {}
        for draft in drafts:
            owners.setdefault(draft.row.owner, draft)
        self._check_codes(drafts)
        for row in listing.indicators:
            if owner := self._find_owner(row, owners, listing.has_projects):
                owner.rows.append(row)
            self._read_indicator(row, owner)
        times = Counter(draft.row.code for draft in drafts)
        in_yuan = is_list_in_yuan([draft.project for draft in drafts if draft.project], self.notes)
        for draft in drafts:
            if draft.scheme and draft.row.code and listing.has_indicators and times[draft.row.code] == 1:
                self._check_indicators(draft, draft.scheme)
            if draft.project and not in_yuan:
                lines = [(draft.rows[place], indicator) for place, indicator in draft.indicators]
                check_scale(draft.project, draft.row, lines, self.notes)
        return tuple(
            _with_indicators(draft.project, owners[draft.row.owner], draft.scheme)
            for draft in drafts
            if draft.project and draft.scheme
        )

    # -- projects -----------------------------------------------------------------------------------------

    def _read_project(self, row: ListRow) -> _ProjectDraft:
        """The project of a row, without its indicators."""
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
        texts["scheme"] = texts["scheme"] or self.usual_scheme
        texts |= {key: self.aliases.resolve(texts[key]) for key in OFFICES}
        scheme = self._find_scheme(row, texts["scheme"])
        amounts = {budget.value: self._read_amounts(row, budget) for budget in BUDGETS}
        if not complete or scheme is None:
            return _ProjectDraft(row, None, scheme)
        points = {
            column.key: read_number(row, column, self.notes) for column in PROJECT_COLUMNS if column.kind == "points"
        }
        facts = {**texts, **points, **amounts, "year": row.year or self.year, "answers": row.answers}
        return _ProjectDraft(row, Project.model_validate(facts), scheme)

    def _has_required(self, row: ListRow, columns: Sequence[ListColumn]) -> bool:
        """Whether all is there that must be; what is blank is noted, unless the whole column is missing."""
        missing = [column for column in columns if column.required and is_blank(row.values.get(column.key))]
        for column in missing:
            if column.key in row.cells:
                message = "这一行有内容，但没有项目编码" if column.key == "code" else f"“{column.label}”没有填写"
                self.notes.at(row, column, "LIST02", message)
        return not missing

    def _check_codes(self, drafts: Sequence[_ProjectDraft]) -> None:
        """A code that another row has already, however it is written."""
        first: dict[str, ListRow] = {}
        for row in (draft.row for draft in drafts if draft.row.code):
            earlier = first.setdefault(fold_code(row.code), row)
            if earlier is not row:
                message = f"项目编码与 {earlier.cells['code']} {tell_repeated(row.code, earlier.code)}"
                self.notes.at(row, _PROJECT["code"], "LIST03", message, found=row.code)

    def _find_scheme(self, row: ListRow, name: str) -> Scheme | None:
        """The scheme that the row names, or the campaign's."""
        if not name:
            return self.default_scheme
        if name not in self.schemes:
            try:
                self.schemes[name] = self.load(name)
            except SchemeError as exc:
                self.schemes[name] = exc
        scheme = self.schemes[name]
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

    # -- indicators ---------------------------------------------------------------------------------------

    def _find_owner(self, row: ListRow, owners: dict[str, _ProjectDraft], known: bool) -> _ProjectDraft | None:
        """The project that an indicator row belongs to."""
        owner = owners.get(row.owner) if row.owner else None
        if owner is None and row.owner and known:
            alike = [code for code in owners if code and code.lstrip("0") == row.code.lstrip("0")]
            expected = alike[0] if len(alike) == 1 else ""
            self.notes.at(row, INDICATOR_COLUMN["code"], "LIST08", found=row.code, expected=expected)
        return owner

    def _read_indicator(self, row: ListRow, owner: _ProjectDraft | None) -> None:
        """The indicator of a row, whatever is wrong with it; of an unknown project only its mistakes."""
        scheme = owner.scheme if owner else None
        texts = {column.key: read_text(row, column) for column in _TEXTS}
        dimension = scheme.dimension(texts["dimension"]) if scheme else None
        if scheme and not dimension and scheme.execution.weight and "预算执行" in texts["dimension"]:
            message = f"预算执行率（{number_text(scheme.execution.weight)} 分）由程序按评分方案加入，此行不作为指标"
            self.notes.at(row, INDICATOR_COLUMN["dimension"], "LIST11", message, advice="可以删去此行。")
            return
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
        if owner:
            aimed = {"direction": target.direction, "target": target.value, "unit": target.unit}
            facts = {**texts, **numbers, **aimed}
            owner.indicators.append((len(owner.rows) - 1, Indicator.model_validate(facts)))

    def _check_indicators(self, draft: _ProjectDraft, scheme: Scheme) -> None:
        """Weights of a project, whole and per dimension, against its scheme."""
        if not draft.indicators:
            self.notes.at(draft.row, _PROJECT["code"], "LIST09")
            return
        rows = [draft.rows[place] for place, _ in draft.indicators]
        indicators = [indicator for _, indicator in draft.indicators]
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
                row = rows[places[0]] if places else rows[0]
                self.notes.at(row, column, "LIST06", message, found=weight, expected=dimension.weight)


def _sum_weights(indicators: Sequence[Indicator]) -> float:
    """Their weights, in 分; a blank one counts as 0."""
    return math.fsum(indicator.weight or 0 for indicator in indicators)


def _with_indicators(project: Project, owner: _ProjectDraft, scheme: Scheme) -> Project:
    """The project with its indicators in the scheme's order of dimensions, and its answers in the same order."""
    names = [dimension.name for dimension in scheme.dimensions]
    order = {name: place for place, name in enumerate(names)}
    listed = sorted(owner.indicators, key=lambda entry: order.get(entry[1].dimension, len(names)))
    found: dict[str, Any] = {"indicators": tuple(indicator for _, indicator in listed)}
    given = project.answers.indicators if project.answers else ()
    if project.answers and given and owner.rows:
        answers = [given[place] if place < len(given) else IndicatorAnswer() for place, _ in listed]
        found["answers"] = project.answers.model_copy(update={"indicators": tuple(answers)})
    return project.model_copy(update=found)
