"""Word reports (报告): one per project in its authority's form, one per department, one on all projects, and a brief.

Reads the review's result only and decides nothing. Which reports there are, and what each is made from, is said here; :mod:`filling` fills their forms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import OutputError
from workbook_tools.core.faces import AnyPath, LateModule, Watch
from workbook_tools.core.result_parts import (
    ResultParts,
    find_departments,
    find_digest,
    find_whole_digest,
    list_came,
    narrow_parts,
    read_projects,
    take_parts,
)
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.files.atomic import Content
from workbook_tools.files.earlier_outputs import (
    DrawBatches,
    EarlierOutputs,
    ListBatch,
    Output,
    OutputBatch,
    ask_batch,
    draw_here,
)
from workbook_tools.files.paths import department_folder, project_file, replace_result
from workbook_tools.reports.acceptance import NOTHING_ACCEPTED, Acceptances, count_waiting
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.found_forms import find_form, form_name, list_forms, locate_form
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_sums import GroupSums
from workbook_tools.reports.group_texts import GroupReport, list_group_reports
from workbook_tools.reports.part_sums import sum_part
from workbook_tools.rules.recorded import restore_schemes

if TYPE_CHECKING:
    from workbook_tools.reports import filling
else:  # where nothing has changed no form is filled
    filling = LateModule("workbook_tools.reports.filling")

_BATCH = 150
"""So many reports a process fills at most before it hands them over."""
_BEHIND = 1_000_000_000
"""The reports on several projects stand behind those of the projects."""


def write_reports(
    result: ReviewResult | ResultParts,
    folder: AnyPath,
    *,
    forms: AnyPath | None = None,
    projects: Collection[str] | None = None,
    look: ReportAppearance | None = None,
    drafts: Acceptances | None = NOTHING_ACCEPTED,
    outputs: EarlierOutputs | None = None,
    asides: list[Path] | None = None,
    draw_all: DrawBatches = draw_here,
    watch: Watch | None = None,
) -> list[Path]:
    """Write 主管部门/编码_名称.docx for each project, 主管部门/部门汇总报告.docx, 全部项目汇总报告.docx where there are several
    departments, and 一页简报.docx; returns the files written.

    ``forms`` is the office's folder of forms, ``look`` its choice of cover and red head. ``projects`` limits the work to
    these codes, and then only their own reports are written; with none of them only the reports on several projects are. A
    text that the unit left blank is drafted from the figures;
    ``drafts`` says which drafts have been accepted, the others are marked as drafts; without it the texts stay blank.
    What ``outputs`` know to stand there already as it would be written is left; a report that somebody has saved is kept aside,
    under a name that is added to ``asides``. ``draw_all`` may fill forms in other processes. ``watch`` hears after each how many of how many are done. Raises OutputError, TemplateError.
    """
    parts = take_parts(result)
    setting = ReportSetting(Path(folder), Path(forms) if forms is not None else None, look, drafts, projects)
    sums = {} if projects else sum_departments(parts, draw_all)
    return write_parts(
        parts, sums, setting, outputs or EarlierOutputs(), asides if asides is not None else [], draw_all, watch
    ).files


FILLING = ("workbook_tools.excel.strict_book", "workbook_tools.reports.filling")
"""The modules that fill forms, with the data of charts."""


@dataclass(frozen=True, slots=True)
class ReportSetting:
    """What all reports have in common: where they lie, how they look, which drafts were accepted, and which are wanted."""

    folder: Path
    forms: Path | None = None
    look: ReportAppearance | None = None
    accepted: Acceptances | None = NOTHING_ACCEPTED
    chosen: Collection[str] | None = None
    """Only these projects; with none of them only the reports on several."""

    def digest(self, head: ReviewResult) -> str:
        """Of all that reports depend on but for the projects: this, the forms that there are, and what is said once of all."""
        names = sorted(list_forms(restore_schemes(head).values(), several=True))
        forms = [(form, digest_form(form)) for name in names if (form := locate_form(name, self.forms))]
        shown = head.schemes, head.year, head.authority, head.compared_with
        return digest_facts(self.folder, self.look, self.accepted, forms, shown)

    def order(self, path: Path, form: Path, tags: dict[str, object]) -> Output:
        """A report with these tags filled."""
        return Output(path, (form.name, digest_form(form), tags), partial(filling.fill_form, form, tags))


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written."""

    files: list[Path]
    waiting: int = 0
    """Drafts of projects in them that nobody has accepted."""
    outdated: int = 0
    """Those of them that somebody has accepted when the figures were others."""


def sum_departments(parts: ResultParts, ask_all: DrawBatches) -> dict[str, GroupSums]:
    """What each department comes to, in the order of the list; ``ask_all`` may add them up in other processes."""
    orders: list[ListBatch] = [_SumsOrder(narrow_parts(parts, name), name) for name in parts.sizes]
    found = dict(drawn.said for drawn in ask_all(ask_batch, orders))
    return {name: found[name] for name in parts.sizes}


def write_parts(
    parts: ResultParts,
    sums: Mapping[str, GroupSums],
    setting: ReportSetting,
    outputs: EarlierOutputs,
    asides: list[Path],
    draw_all: DrawBatches,
    watch: Watch | None,
) -> ReportFiles:
    """The same from the parts of a result, and what each department comes to. Each department's reports are made from its part
    alone, in whatever process."""
    counts = {name: size.projects for name, size in parts.sizes.items()}
    if setting.chosen is not None:
        counts = _find_departments(parts, setting.chosen)
    digest = setting.digest(parts.head)
    groups = [*_list_group_orders(parts, sums, setting, digest)]
    orders: list[_GroupOrder | _ProjectsOrder] = [order for order in groups if order.department is None]
    orders += _list_project_orders(parts, counts, setting, digest)
    # Those that take longest come first, those that take least come last: so all processes end at about the same time.
    orders += [order for order in groups if order.department is not None]
    total = sum(order.count for order in orders)
    files: dict[int, list[Path]] = {}
    waiting = outdated = done = 0

    def replace(path: Path, data: Content) -> None:
        if aside := replace_result(path, data):
            asides.append(aside)

    for drawn in outputs.write_batches(orders, draw_all, replace):
        number, new, old = drawn.said
        files[number] = [output.path for output in drawn.outputs]
        waiting, outdated = waiting + new, outdated + old
        for _ in drawn.outputs:
            done += 1
            if watch:
                watch(done, total)
    return ReportFiles([path for number in sorted(files) for path in files[number]], waiting, outdated)


def _find_departments(parts: ResultParts, chosen: Collection[str]) -> dict[str, int]:
    """Of how many projects with these codes each department has the reports to write. Raises OutputError where there is no such project."""
    found: set[str] = set()
    counts: dict[str, int] = {}
    for department in find_departments(parts, chosen):
        own = {*chosen}.intersection(list_came(parts, department))
        found |= own
        counts |= {department: len(own)} if own else {}
    if unknown := set(chosen) - found:
        raise OutputError(f"审核结果中没有这些项目，无法写报告：{'、'.join(sorted(unknown))}")
    return counts


def _list_project_orders(
    parts: ResultParts, counts: Mapping[str, int], setting: ReportSetting, digest: str
) -> Iterator[_ProjectsOrder]:
    """Of a large department several, of about the same size."""
    number = 0
    for department, count in counts.items():
        own, batches = narrow_parts(parts, department), -(-count // _BATCH)
        edges = [count * i // batches for i in range(batches + 1)] if batches else []
        for first, end in pairwise(edges):
            yield _ProjectsOrder(own, department, first, end, setting, digest, number)
            number += 1


def _list_group_orders(
    parts: ResultParts, sums: Mapping[str, GroupSums], setting: ReportSetting, digest: str
) -> Iterator[_GroupOrder]:
    reports = list_group_reports(CampaignFacts(parts, {}, known=sums))
    outlines = {name: one.outline() for name, one in sums.items()}
    compared = digest_facts(digest, outlines)
    for place, report in enumerate(reports, _BEHIND):
        department = report.facts.department
        known = sums if department is None else outlines | {department: sums[department]}
        own = parts if department is None else narrow_parts(parts, department)
        yield _GroupOrder(own, department, report.form, known, setting, compared, place)


@dataclass(frozen=True, slots=True)
class _SumsOrder:
    parts: ResultParts
    department: str

    def __call__(self) -> OutputBatch:
        part = self.parts.read(self.department)
        return OutputBatch((), (self.department, sum_part(part, restore_schemes(part))))


@dataclass(frozen=True, slots=True)
class _ProjectsOrder:
    """The reports of some of a department's projects."""

    parts: ResultParts
    department: str
    first: int
    end: int
    setting: ReportSetting
    made_with: str
    """Digest of the setting."""
    number: int
    said_as: ClassVar[Any] = tuple[int, int, int]

    @property
    def count(self) -> int:
        """How many reports."""
        return self.end - self.first

    @property
    def weight(self) -> float:
        """One for each."""
        return self.count

    def list_facts(self) -> object:
        """Nothing is known of parts that have no digest."""
        digest = find_digest(self.parts, self.department)
        return (digest, self.department, self.first, self.end, self.made_with, self.number) if digest else None

    def __call__(self) -> OutputBatch:
        setting = self.setting
        part = read_projects(self.parts, self.department, setting.chosen, self.first, self.end)
        facts = filling.list_project_facts(part, part.projects, restore_schemes(part), setting.accepted)
        outputs = []
        for one in facts:
            form = find_form(form_name(one.scheme.report), setting.forms)
            path = place_project_report(setting.folder, one.project)
            outputs.append(setting.order(path, form, filling.list_project_values(one, setting.look)))
        waiting = count_waiting((draft for one in facts for draft in one.drafts), setting.accepted or NOTHING_ACCEPTED)
        return OutputBatch(outputs, (self.number, *waiting))


@dataclass(frozen=True, slots=True)
class _GroupOrder:
    """A report on several projects."""

    parts: ResultParts
    department: str | None
    form: str
    known: Mapping[str, GroupSums]
    setting: ReportSetting
    made_with: str
    """Digest of the setting, and of what the departments are compared by."""
    number: int
    count: ClassVar[int] = 1
    weight: ClassVar[float] = 3
    said_as: ClassVar[Any] = tuple[int, int, int]

    def list_facts(self) -> object:
        """Its part, or all of them, and what departments are compared by."""
        whole, department = self.department is None, self.department or ""
        digest = find_whole_digest(self.parts) if whole else find_digest(self.parts, department)
        return (digest, whole, department, self.form, self.made_with, self.number) if digest else None

    def __call__(self) -> OutputBatch:
        setting = self.setting
        campaign = CampaignFacts(self.parts, {}, setting.accepted, known=self.known)
        facts = campaign.whole if self.department is None else campaign.find_department(self.department)
        report = GroupReport(self.form, facts, ())
        form = find_form(self.form, setting.forms)
        path = place_group_report(setting.folder, report)
        return OutputBatch(
            [setting.order(path, form, filling.list_group_values(report, setting.look))], (self.number, 0, 0)
        )


def place_project_report(folder: Path, project: ProjectRow) -> Path:
    """Where the report of a project lies."""
    return project_file(folder, project.department, project.code, project.name, ".docx")


def place_group_report(folder: Path, report: GroupReport) -> Path:
    """Where a report on several projects lies."""
    whose = report.facts.department
    return (folder if whose is None else department_folder(folder, whose)) / report.form


def digest_form(form: Path) -> str:
    """Of its content; nothing where it cannot be read."""
    try:
        return _digest_file(form, form.stat().st_mtime_ns)
    except OSError:
        return ""  # opening it says what is wrong


@lru_cache(maxsize=64)
def _digest_file(form: Path, _: int) -> str:
    return digest_facts(form.read_bytes())
