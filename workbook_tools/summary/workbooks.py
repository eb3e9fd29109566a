"""汇总 workbooks: one over all projects, one per department; sums are formulas that can be followed.

Beside them 汇总表, the same projects in the office's own form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Protocol

from workbook_tools.core.faces import AnyPath, Watch
from workbook_tools.core.model import Measure
from workbook_tools.core.result_parts import (
    ONE_WORKBOOK,
    ResultParts,
    digest_result,
    find_digest,
    hold_whole,
    narrow_parts,
    take_parts,
)
from workbook_tools.core.review_result import ProjectRow, ReviewResult, common_year
from workbook_tools.excel.styles import BLUE_FILL, HEADER_FILL, SUBTOTAL_FILL, Tint
from workbook_tools.excel.tables import ROW_HEIGHT, SMALL, Column, Table
from workbook_tools.excel.writing import Book, Sheet
from workbook_tools.files.earlier import DrawBatches, EarlierOutputs, ListBatch, Output, OutputBatch, draw_here
from workbook_tools.files.paths import project_file, safe_filename
from workbook_tools.results.bands import EXECUTION_DECIMALS
from workbook_tools.results.department_books import is_by_department
from workbook_tools.results.facts import (
    BAND_TINTS,
    EXECUTION_RATE,
    NO_DEPARTMENT,
    NO_UNIT,
    ResultEntry,
    grade_tints,
    is_reviewed,
    say_left_out,
)
from workbook_tools.results.finding_tables import FINDINGS, detail_columns, draw_details, errors_first
from workbook_tools.results.judging_cells import judged_columns
from workbook_tools.results.second_looks import SECOND_LOOKS, draw_second_looks, has_second_looks, second_look_columns
from workbook_tools.results.tables import (
    MISSING,
    SIGNATURE_HEIGHT,
    OutputLinks,
    draw_indicators,
    draw_legend,
    draw_missing,
    draw_signatures,
    funding_columns,
    list_targets,
    project_columns,
)
from workbook_tools.summary.charts import draw_charts
from workbook_tools.summary.names import ALL
from workbook_tools.summary.office_form import SummaryForm
from workbook_tools.summary.outline import outline_parts
from workbook_tools.summary.overview import Group, Groups, Tables, draw_overview
from workbook_tools.summary.whole_comparison import DepartmentYears, compare_closed, compare_part
from workbook_tools.summary.whole_workbook import GroupCount, WholeOverview, count_part
from workbook_tools.summary.year_comparison import COMPARISON_SHEETS, draw_comparison

OVERVIEW, SUMMARY, FUNDING = "概览", "汇总", "资金来源"
INDICATORS, CHARTS = "指标明细", "图表"
SHEETS = (OVERVIEW, SUMMARY, FUNDING, INDICATORS, FINDINGS, MISSING, CHARTS)


def write_summaries(
    result: ReviewResult | ResultParts,
    folder: AnyPath,
    *,
    inbox: AnyPath | None = None,
    reports: AnyPath | None = None,
    outputs: EarlierOutputs | None = None,
    draw_all: DrawBatches = draw_here,
    watch: Watch | None = None,
    most: int = ONE_WORKBOOK,
) -> list[Path]:
    """Write 汇总_全部.xlsx and 汇总_<主管部门>.xlsx for each department; returns the files, the one over all first.

    Of more than ``most`` projects 汇总_全部.xlsx lists the departments and units, and each department's its projects.
    With ``inbox`` (the folder that was reviewed) and ``reports`` (the folder of the Word reports), projects,
    findings and cells are linked to the files that are there. What ``outputs`` know to stand there already as it would be
    written is left. ``draw_all`` may draw them in other processes. ``watch`` hears after each how many of how many are done.
    Raises OutputError if a file cannot be written.
    """
    parts = take_parts(result)
    known = outputs or EarlierOutputs()
    kind = SummaryKind.of(outline_parts(parts, known, draw_all), Path(folder), inbox, reports)
    (written,) = write_kinds(parts, Path(folder), [kind], known, draw_all, watch, most)
    return written


def write_form_tables(
    result: ReviewResult | ResultParts, folder: Path, form: Path,
    *, outputs: EarlierOutputs | None = None, draw_all: DrawBatches = draw_here, watch: Watch | None = None,
    most: int = ONE_WORKBOOK,
) -> tuple[list[Path], tuple[str, ...]]:  # fmt: skip
    """Write 汇总表_全部.xlsx and 汇总表_<主管部门>.xlsx in the office's own form; ``outputs``, ``draw_all`` and ``most`` as in :func:`write_summaries`.

    Returns the files, the one over all first, and what stands in the form and could not be carried over.
    Raises TemplateError (the form), OutputError.
    """
    parts = take_parts(result)
    known = outputs or EarlierOutputs()
    kind = FormKind.of(form, outline_parts(parts, known, draw_all))
    losses = kind.check(known)
    (written,) = write_kinds(parts, folder, [kind], known, draw_all, watch, most)
    return written, losses


class WorkbookKind(Protocol):
    """What is written of each department, and of all together; small, for the processes that draw it."""

    @property
    def name(self) -> str:
        """What the files are called."""

    def order(self, part: ReviewResult, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook of this part of the result, ``owner``'s."""

    def list_facts(self) -> object:
        """All that a workbook depends on but for its part and what :meth:`list_places` has."""

    def list_places(self, part: ReviewResult) -> list[Path]:
        """Files and folders that it has links to where they are there."""


@dataclass(frozen=True, slots=True)
class SummaryKind:
    """汇总."""

    name: ClassVar[str] = "汇总"
    folder: Path
    inbox: Path | None
    reports: Path | None
    tints: Mapping[str, Tint]
    """Of the grades that there are in any department."""

    @classmethod
    def of(cls, outline: ReviewResult, folder: Path, inbox: AnyPath | None, reports: AnyPath | None) -> SummaryKind:
        """Of the result that has this outline."""
        return cls(folder, Path(inbox) if inbox else None, Path(reports) if reports else None, grade_tints(outline))

    def order(self, part: ReviewResult, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook, with links to the files that are there."""
        places = self._link(part)
        draw = partial(draw_summary, part, _write_title(owner, part), places, self.tints, by_department=of_all)
        return Output(path, (digest_result(_drop_unshown(part)), owner, (self.tints, places.list_links(part))), draw)

    def list_facts(self) -> object:
        """Where it lies, what is looked for, and the colours."""
        return self.name, self.folder, self.inbox, self.reports, self.tints

    def list_places(self, part: ReviewResult) -> list[Path]:
        """The files that came, their evidence, and the reports."""
        return self._link(part).list_places(list_targets(part))

    def _link(self, part: ReviewResult) -> OutputLinks:
        return OutputLinks(self.folder, self.inbox, _find_reports(part, self.reports) if self.reports else {})


@dataclass(frozen=True)
class FormKind:
    """汇总表."""

    name: ClassVar[str] = "汇总表"
    path: Path
    """Of the form."""
    outline: ReviewResult
    data: bytes
    """The content of the form."""

    @classmethod
    def of(cls, form: Path, outline: ReviewResult) -> FormKind:
        """Of the result that has this outline."""
        return cls(form, outline, form.read_bytes() if form.is_file() else b"")

    @cached_property
    def form(self) -> SummaryForm:
        """It, read and found right. Raises TemplateError."""
        return SummaryForm.open(self.path, self.outline)

    def check(self, outputs: EarlierOutputs) -> tuple[str, ...]:
        """What stands in the form and cannot be carried over; a form of which that is known is not opened. Raises TemplateError."""
        ((losses),) = (drawn.said for drawn in outputs.write_batches([_FormOrder(self)]))
        return tuple(losses)

    def order(self, part: ReviewResult, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook in the office's form."""
        return Output(
            path, (digest_result(_drop_unshown(part)), owner, self.form.data), partial(self.form.fill, part, owner)
        )

    def list_facts(self) -> object:
        """The form."""
        return self.name, self.data

    def list_places(self, part: ReviewResult) -> list[Path]:
        """It has no links."""
        return []


def write_kinds(
    parts: ResultParts, folder: Path, kinds: Sequence[WorkbookKind], outputs: EarlierOutputs, draw_all: DrawBatches,
    watch: Watch | None, most: int = ONE_WORKBOOK,
) -> list[list[Path]]:  # fmt: skip
    """Write <kind>_全部.xlsx and one per department of each kind; returns the files of each, the one over all first.

    Each department's are drawn from its part alone, in whatever process; what is largest is begun first. Where 审核结果 of more than ``most`` projects is divided,
    汇总_全部.xlsx is an overview of departments and units, and no other kind has one over all.
    """
    names = {department: _name_department(department) for department in parts.sizes}
    labels = [ALL, *names.values()]
    paths = {
        kind.name: dict(zip([None, *names], _choose_paths(folder, kind.name, labels), strict=True)) for kind in kinds
    }
    few = not is_by_department(parts, most)
    over_all = [kind for kind in kinds if few or isinstance(kind, SummaryKind)]
    orders: list[ListBatch] = [_WholeOrder(parts, kind, paths[kind.name][None]) for kind in over_all if few]
    for name in sorted(names, key=lambda name: -parts.sizes[name].projects):
        files = [(kind, paths[kind.name][name]) for kind in kinds]
        orders.append(_DepartmentOrder(narrow_parts(parts, name), name, files, counting=not few))
    counts: dict[str, tuple[list[GroupCount], DepartmentYears]] = {}
    written, total = 0, len(kinds) * len(names) + len(over_all)

    def list_overviews() -> Iterator[ListBatch]:
        """Once all departments are counted."""
        for kind in kinds:
            if isinstance(kind, SummaryKind) and not few:
                links = {label: paths[kind.name][name].name for name, label in names.items()}
                listed = [counts[name][0] for name in names]
                years = [replace(counts[name][1], link=links[label]) for name, label in names.items()]
                years += compare_closed(parts.read_rest()) if parts.head.compared_with else ()
                yield _OverviewOrder(parts.head, kind.tints, listed, links, years, paths[kind.name][None])

    for drawn in chain(outputs.write_batches(orders, draw_all), outputs.write_batches(list_overviews())):
        counts |= drawn.said
        for _ in drawn.outputs:
            written += 1
            if watch:
                watch(written, total)
    return [[path for name, path in paths[kind.name].items() if name is not None or kind in over_all] for kind in kinds]


_Counts = dict[str, tuple[list[GroupCount], DepartmentYears]]
"""What the department comes to, where that is asked."""


@dataclass(frozen=True, slots=True)
class _FormOrder:
    """The office's form is looked at."""

    kind: FormKind
    said_as: ClassVar[Any] = list[str]

    def list_facts(self) -> object:
        """The form, and which tags there are."""
        return self.kind.path, self.kind.data, self.kind.outline

    def __call__(self) -> OutputBatch:
        return OutputBatch((), [*self.kind.form.losses])


@dataclass(frozen=True, slots=True)
class _OverviewOrder:
    """汇总_全部 of many projects."""

    head: ReviewResult
    tints: Mapping[str, Tint]
    counts: Sequence[Sequence[GroupCount]]
    links: Mapping[str, str]
    years: Sequence[DepartmentYears]
    path: Path

    def __call__(self) -> OutputBatch:
        title, head = _write_title(self.head.authority, self.head), _drop_unshown(self.head)
        overview = WholeOverview(title, self.tints, self.counts, self.links, head, self.years)
        return OutputBatch([Output(self.path, overview, overview.draw)], {})


@dataclass(frozen=True, slots=True)
class _WholeOrder:
    """The workbook over all projects."""

    parts: ResultParts
    kind: WorkbookKind
    path: Path

    def __call__(self) -> OutputBatch:
        result = hold_whole(self.parts)
        return OutputBatch([self.kind.order(result, result.authority, self.path, of_all=True)], {})


@dataclass(frozen=True, slots=True)
class _DepartmentOrder:
    """The workbooks of a department."""

    parts: ResultParts
    department: str
    files: Sequence[tuple[WorkbookKind, Path]]
    counting: bool
    """It is asked what the department comes to."""
    said_as: ClassVar[Any] = _Counts

    def list_facts(self) -> object:
        """Nothing is known of parts that have no digest."""
        digest, head = find_digest(self.parts, self.department), _drop_unshown(self.parts.head)
        files = [(kind.list_facts(), path) for kind, path in self.files]
        return (self.department, digest, head, files, self.counting) if digest else None

    def __call__(self) -> OutputBatch:
        part = _narrow_part(self.parts.read(self.department))
        owner = _name_department(self.department)
        counts = {}
        if self.counting:
            counts = {self.department: (count_part(part, self.department), compare_part(part, self.department))}
        outputs = [kind.order(part, owner, path, of_all=False) for kind, path in self.files]
        return OutputBatch(outputs, counts, [place for kind, _ in self.files for place in kind.list_places(part)])


def draw_summary(
    result: ReviewResult, title: str, places: OutputLinks, tints: Mapping[str, Tint], *, by_department: bool
) -> bytes:
    """The workbook over these projects, with subtotals per unit and, if asked, per department."""
    with Book(title=title, kind="汇总") as book:
        compared = COMPARISON_SHEETS if result.compared_with else ()
        looked = (SECOND_LOOKS,) if has_second_looks(result) else ()
        sheets = {name: book.sheet(name) for name in (*SHEETS[:-1], *looked, *compared, CHARTS)}
        heading = title.removesuffix("汇总表")
        tree = _group_projects(result.projects)
        summary = _draw_summary_sheet(sheets[SUMMARY], result, title, places, tints, tree, by_department=by_department)
        _draw_funding(sheets[FUNDING], result, tree, by_department=by_department)
        judging = judged_columns() if is_reviewed(result) else ()
        indicators, rows = draw_indicators(sheets[INDICATORS], result, places, judging)
        findings = draw_details(sheets[FINDINGS], detail_columns(result, places), errors_first(result.findings))
        missing = draw_missing(sheets[MISSING], result)
        if looked:
            draw_second_looks(sheets[SECOND_LOOKS], result)
        if result.compared_with:
            draw_comparison(sheets, result, heading, tints, by_department=by_department)
        tables = Tables(summary.table, summary.entries, findings, missing, summary.groups)
        others = (*SHEETS[1:], *looked, *compared[:1])
        spreads = draw_overview(sheets[OVERVIEW], result, heading + OVERVIEW, tables, tints, others)
        draw_charts(
            sheets[CHARTS], result, tints, sheets[OVERVIEW], spreads, summary.table, summary.groups, indicators, rows
        )
    return book.bytes()


# -- parts and names --------------------------------------------------------------------------------------------------


def _write_title(owner: str, result: ReviewResult) -> str:
    return f"{owner}{result.year}年度项目支出绩效自评汇总表"


def _choose_paths(folder: Path, kind: str, labels: Iterable[str]) -> list[Path]:
    """<kind>_<label>.xlsx for each, names of which no two are the same, not even on a system that ignores case."""
    taken: dict[str, str] = {}
    for label in labels:
        name, number = safe_filename(label, 60), 1
        while name.casefold() in taken:
            number += 1
            name = f"{safe_filename(label, 60)}（{number}）"
        taken[name.casefold()] = name
    return [folder / f"{kind}_{name}.xlsx" for name in taken.values()]


def _find_reports(result: ReviewResult, folder: Path) -> dict[str, Path]:
    return {p.code: project_file(folder, p.department, p.code, p.name, ".docx") for p in result.projects}


def _name_department(name: str) -> str:
    return name or NO_DEPARTMENT


def _narrow_part(part: ReviewResult) -> ReviewResult:
    """A department's part without what is for finance alone: other departments' words, slips of the project list."""
    projects = tuple(
        p.model_copy(update={"findings": p.findings.model_copy(update={"of_the_list": 0})}) for p in part.projects
    )
    findings = tuple(
        replace(row, for_finance="") if row.for_finance else row for row in part.findings if not row.of_the_list
    )
    year = common_year(projects, part.year)
    return part.model_copy(update={"year": year, "projects": projects, "findings": findings})


def _drop_unshown(part: ReviewResult) -> ReviewResult:
    """The part without what no workbook shows."""
    return part.model_copy(update={"reviewed_files": 0, "checks": (), "evidence": ()})


# -- 汇总 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    projects: list[ProjectRow]


def _group_projects(projects: Iterable[ProjectRow]) -> dict[str, list[_Unit]]:
    """Departments and their units in the order in which they first occur."""
    tree: dict[str, dict[str, _Unit]] = {}
    for project in projects:
        units = tree.setdefault(_name_department(project.department), {})
        units.setdefault(project.unit or NO_UNIT, _Unit(project.unit or NO_UNIT, [])).projects.append(project)
    return {department: list(units.values()) for department, units in tree.items()}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A table of all projects with subtotals."""

    table: Table[ResultEntry]
    entries: dict[int, ProjectRow]
    """The project in each row that holds one."""
    groups: Groups
    """What is compared: departments, or units where there is one department only."""


_UNIT_NUMBER: Column[ResultEntry] = Column("unit_number", "单位编号", 7, lambda e: e.unit, "key", printed=False)
"""By which the subtotals find their projects; the units of a department have numbers that follow each other."""


def _draw_projects(table: Table[ResultEntry], tree: Mapping[str, list[_Unit]], *, by_department: bool) -> _Listed:
    """Write the projects, the grand total, and below it, in a table of their own, what each department and unit comes to.

    A list with subtotals in it could not be sorted. A department of one unit has one row for both.
    """
    entries: dict[int, ProjectRow] = {}
    parts: dict[str, list[tuple[int, str, list[int]]]] = {department: [] for department in tree}
    units_of = ((department, unit) for department, members in tree.items() for unit in members)
    for number, (department, unit) in enumerate(units_of, 1):
        rows = [table.add(ResultEntry(n, p, number)) for n, p in enumerate(unit.projects, len(entries) + 1)]
        entries |= dict(zip(rows, unit.projects, strict=True))
        parts[department].append((number, unit.name, rows))
    if not entries:
        return _Listed(table, entries, Groups("实施单位", []))
    table.add_total({"name": "合计"}, BLUE_FILL)
    table.leave_gap()
    departments: list[Group] = []
    units: list[Group] = []
    for department, own in parts.items():
        (first, name, _), (last, *_) = own[0], own[-1]
        single = {"unit": name} if first == last else {}
        if by_department:
            rows = [row for *_, some in own for row in some]
            numbers = f"{first}～{last}" if first < last else first
            labels = {"department": department, **single, "name": "部门小计", _UNIT_NUMBER.key: numbers}
            total = table.add_group_total(labels, _UNIT_NUMBER.key, (first, last), rows, HEADER_FILL)
            departments.append(Group(department, rows, total))
            if single:
                units.append(Group(name, rows, total))
                continue
        for number, name, rows in own:
            labels = {"department": department, "unit": name, "name": "单位小计", _UNIT_NUMBER.key: number}
            total = table.add_group_total(labels, _UNIT_NUMBER.key, (number, number), rows, SUBTOTAL_FILL)
            units.append(Group(name, rows, total))
    groups = Groups("主管部门", departments) if len(departments) > 1 else Groups("实施单位", units)
    return _Listed(table, entries, groups)


def _draw_summary_sheet(
    sheet: Sheet, result: ReviewResult, title: str, places: OutputLinks, tints: Mapping[str, Tint],
    tree: Mapping[str, list[_Unit]], *, by_department: bool,
) -> _Listed:  # fmt: skip
    """The sheet 汇总: the projects, what the colours mean, and where to sign."""
    listed = _draw_projects(
        Table(
            sheet,
            [*project_columns(result, places), *second_look_columns(result), _UNIT_NUMBER],
            title,
            _write_note(result),
            size=SMALL,
        ),
        tree,
        by_department=by_department,
    )
    legend = {
        EXECUTION_RATE: {band.label: tint for band, tint in BAND_TINTS.items()},
        "评价等级": {name: tint for name, tint in tints.items() if tint.fill},
    }
    table = listed.table
    table.finish(keep=5, foot=[ROW_HEIGHT] * (len(legend) + 1) + [SIGNATURE_HEIGHT])
    table.tint_bands(
        Measure.EXECUTION_RATE, {b.at_least - 0.5 * 10**-EXECUTION_DECIMALS: t for b, t in BAND_TINTS.items()}
    )
    table.tint("grade", tints)
    if is_reviewed(result):
        table.tint("final_grade", tints)
    draw_legend(sheet, table.next + 1, 4, legend)
    draw_signatures(sheet, table.next + 1 + len(legend), table)
    return listed


def _draw_funding(sheet: Sheet, result: ReviewResult, tree: Mapping[str, list[_Unit]], *, by_department: bool) -> None:
    """The sheet 资金来源: of each project, where its money came from and what of it was spent."""
    note = "只列有金额的来源。合计只算筛选后看得见的，小计不随筛选、排序变动"
    table = Table(sheet, [*funding_columns(result), _UNIT_NUMBER], sheet.title, note, size=SMALL)
    _draw_projects(table, tree, by_department=by_department).table.finish(keep=5)


def _write_note(result: ReviewResult) -> str:
    missing = f"；未报 {len(result.missing)} 个，见“未报清单”" if result.missing else ""
    reviewed = "。核定后：按核定得分重算，没有核定的与程序计算的相同" if is_reviewed(result) else ""
    return (
        f"已审核项目 {len(result.projects)} 个{missing}。小计、合计：资金和问题相加，得分平均，执行率按合计数计算；"
        f"合计只算筛选后看得见的，小计不随筛选、排序变动{reviewed}{say_left_out(result)}"
    )
