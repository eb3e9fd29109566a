"""汇总 workbooks: one over all projects, one per department; sums are formulas that can be followed.

Beside them 汇总表, the same projects in the office's own form.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.faces import AnyPath, LateModule, Watch
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.result_parts import (
    ONE_WORKBOOK,
    ResultParts,
    digest_result,
    find_digest,
    hold_whole,
    narrow_parts,
    read_held,
    take_parts,
)
from workbook_tools.core.review_result import Decision, ProjectRow, ReviewResult, common_year
from workbook_tools.core.shared_values import SharedValues
from workbook_tools.excel.styles import Tint
from workbook_tools.files.compact_rows import pack_many
from workbook_tools.files.earlier_outputs import DrawBatches, EarlierOutputs, ListBatch, Output, OutputBatch, draw_here
from workbook_tools.files.paths import department_folder, name_project_file, safe_filename
from workbook_tools.results.department_books import is_by_department
from workbook_tools.results.facts import grade_tints
from workbook_tools.results.output_links import OutputLinks, list_targets
from workbook_tools.summary.department_sums import (
    CountedDepartment,
    DepartmentYears,
    GroupCount,
    compare_closed,
    compare_part,
    count_part,
)
from workbook_tools.summary.names import ALL
from workbook_tools.summary.outline import outline_parts

if TYPE_CHECKING:
    from workbook_tools.summary import listing_workbook, office_form, whole_workbook
else:  # where nothing has changed nothing is drawn
    listing_workbook = LateModule("workbook_tools.summary.listing_workbook")
    office_form = LateModule("workbook_tools.summary.office_form")
    whole_workbook = LateModule("workbook_tools.summary.whole_workbook")

DRAWING = (
    "workbook_tools.excel.strict_book",
    "workbook_tools.summary.listing_workbook",
    "workbook_tools.summary.office_form",
    "workbook_tools.summary.whole_workbook",
)
"""The modules that draw."""


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
    result: ReviewResult | ResultParts,
    folder: Path,
    form: Path,
    *,
    outputs: EarlierOutputs | None = None,
    draw_all: DrawBatches = draw_here,
    watch: Watch | None = None,
    most: int = ONE_WORKBOOK,
) -> tuple[list[Path], tuple[str, ...]]:
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

    def order(self, part: ReviewResult, digest: str, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook of this part of the result, which has that digest, ``owner``'s."""

    def list_facts(self) -> object:
        """All that a workbook depends on but for its part and what :meth:`list_places` has."""

    def list_places(self, part: ReviewResult) -> Iterable[str]:
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

    def order(self, part: ReviewResult, digest: str, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook, with links to the files that are there."""
        places = self._link(part)
        draw = partial(
            listing_workbook.draw_summary, part, _write_title(owner, part), places, self.tints, by_department=of_all
        )
        return Output(path, (digest, owner, (self.tints, places.list_links(part))), draw)

    def list_facts(self) -> object:
        """Where it lies, what is looked for, and the colours."""
        return self.name, self.folder, self.inbox, self.reports, self.tints

    def list_places(self, part: ReviewResult) -> Iterable[str]:
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
    def form(self) -> office_form.SummaryForm:
        """It, read and found right. Raises TemplateError."""
        return office_form.SummaryForm.open(self.path, self.outline)

    def check(self, outputs: EarlierOutputs) -> tuple[str, ...]:
        """What stands in the form and cannot be carried over; a form of which that is known is not opened. Raises TemplateError."""
        ((losses),) = (drawn.said for drawn in outputs.write_batches([_FormOrder(self)]))
        return tuple(losses)

    def order(self, part: ReviewResult, digest: str, owner: str, path: Path, *, of_all: bool) -> Output:
        """The workbook in the office's form."""
        return Output(path, (digest, owner, self.form.data), partial(self.form.fill, part, owner))

    def list_facts(self) -> object:
        """The form."""
        return self.name, self.data

    def list_places(self, part: ReviewResult) -> Iterable[str]:
        """It has no links."""
        return ()


def write_kinds(
    parts: ResultParts,
    folder: Path,
    kinds: Sequence[WorkbookKind],
    outputs: EarlierOutputs,
    draw_all: DrawBatches,
    watch: Watch | None,
    most: int = ONE_WORKBOOK,
) -> list[list[Path]]:
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
        # 汇总, the larger, last: what the others were drawn with has been let go of by then.
        files = [(kind, paths[kind.name][name]) for kind in reversed(kinds)]
        orders.append(_DepartmentOrder(narrow_parts(parts, name), name, files, counting=not few))
    counts: dict[str, CountedDepartment] = {}
    written, total = 0, len(kinds) * len(names) + len(over_all)

    def list_overviews() -> Iterator[ListBatch]:
        """Once all departments are counted."""
        for kind in kinds:
            if isinstance(kind, SummaryKind) and not few:
                links = {label: paths[kind.name][name].name for name, label in names.items()}
                listed = [counts[name] for name in names]
                years = [replace(counts[name].years, link=links[label]) for name, label in names.items()]
                years += compare_closed(parts.read_rest()) if parts.head.compared_with else ()
                yield _OverviewOrder(parts.head, kind.tints, listed, links, years, paths[kind.name][None])

    for drawn in chain(outputs.write_batches(orders, draw_all), outputs.write_batches(list_overviews())):
        counts |= {name: CountedDepartment.of(*said) for name, said in drawn.said.items()}
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
    counts: Sequence[CountedDepartment]
    links: Mapping[str, str]
    years: Sequence[DepartmentYears]
    path: Path

    def __call__(self) -> OutputBatch:
        title, head = _write_title(self.head.authority, self.head), _drop_unshown(self.head)
        overview = whole_workbook.WholeOverview(title, self.tints, self.counts, self.links, head, self.years)
        facts = title, self.tints, [one.digest for one in self.counts], self.links, head, self.years
        return OutputBatch([Output(self.path, facts, overview.draw)], {})


@dataclass(frozen=True, slots=True)
class _WholeOrder:
    """The workbook over all projects."""

    parts: ResultParts
    kind: WorkbookKind
    path: Path

    def __call__(self) -> OutputBatch:
        result = hold_whole(self.parts)
        digest = digest_result(_drop_unshown(result))
        return OutputBatch([self.kind.order(result, digest, result.authority, self.path, of_all=True)], {})


@dataclass(frozen=True, slots=True)
class _DepartmentOrder:
    """The workbooks of a department."""

    parts: ResultParts
    department: str
    files: Sequence[tuple[WorkbookKind, Path]]
    counting: bool
    """It is asked what the department comes to."""
    said_as: ClassVar[Any] = _Counts

    @property
    def weight(self) -> float:
        """Its projects."""
        return self.parts.sizes[self.department].projects

    def list_facts(self) -> object:
        """Nothing is known of parts that have no digest."""
        digest, head = find_digest(self.parts, self.department), _drop_unshown(self.parts.head)
        files = [(kind.list_facts(), path) for kind, path in self.files]
        return (self.department, digest, head, files, self.counting) if digest else None

    def __call__(self) -> OutputBatch:
        part = _read_part(self.parts, self.department)
        known, head = find_digest(self.parts, self.department), _drop_unshown(self.parts.head)
        digest = digest_facts(known, head) if known else digest_result(_drop_unshown(part))
        owner = _name_department(self.department)
        counts = {}
        if self.counting:
            counts = {self.department: (count_part(part, self.department), compare_part(part, self.department))}
        outputs = [kind.order(part, digest, owner, path, of_all=False) for kind, path in self.files]
        return OutputBatch(outputs, counts, (place for kind, _ in self.files for place in kind.list_places(part)))


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


def _find_reports(result: ReviewResult, folder: Path) -> dict[str, str]:
    folders = {name: str(department_folder(folder, name)) for name in {p.department for p in result.projects}}
    return {
        p.code: os.path.join(folders[p.department], name_project_file(p.code, p.name, ".docx"))  # noqa: PTH118
        for p in result.projects
    }


def _name_department(name: str) -> str:
    return name or NO_DEPARTMENT


def _read_part(parts: ResultParts, department: str) -> ReviewResult:
    """A department's part, without what is for finance alone (other departments' words, slips of the project list) and without what no
    workbook shows of a project. Its indicators and findings are packed where they are many."""
    part = read_held(parts, department, _hold_rows)
    return part.model_copy(update={"year": common_year(part.projects, part.year)})


def _hold_rows(field: str, rows: Iterable[Any]) -> Sequence[Any]:
    if field == "projects":
        return tuple(map(_narrow_project, rows, repeat(SharedValues())))
    if field == "findings":
        rows = (replace(row, for_finance="") if row.for_finance else row for row in rows if not row.of_the_list)
    return pack_many(rows)


_SHARED = (
    "department",
    "unit",
    "scheme",
    "scheme_digest",
    "layout_version",
    "grade",
    "execution_explanation",
    "trust_reason",
    "evidence",
)
"""What many projects have alike, beside figures."""
_UNDECIDED = Decision()
_UNSHOWN = {"texts": {}, "text_places": {}, "period_goal": "", "total_explanation": "", "first_step": ""}
"""What no workbook shows of a project."""


def _narrow_project(row: ProjectRow, share: SharedValues) -> ProjectRow:
    findings = row.findings.model_copy(update={"of_the_list": 0})
    narrow = row.model_copy(
        update={
            **_UNSHOWN,
            "findings": share.value(findings),
            "funding": {measure: share.mapping(amounts) for measure, amounts in row.funding.items()},
            "scores": share.mapping(row.scores),
            "weights": share.mapping(row.weights),
            "reviewed_scores": share.mapping(row.reviewed_scores),
            "execution_review": _UNDECIDED if row.execution_review == _UNDECIDED else row.execution_review,
        }
        | {name: share.value(getattr(row, name)) for name in _SHARED}
    )
    # Which fields were given: of each project a set of its own, which takes a third of its room.
    object.__setattr__(narrow, "__pydantic_fields_set__", share.names(narrow.model_fields_set))
    return narrow


def _drop_unshown(part: ReviewResult) -> ReviewResult:
    """The part without what no workbook shows."""
    return part.model_copy(update={"reviewed_files": 0, "checks": (), "evidence": ()})
