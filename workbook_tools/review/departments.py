"""A review is settled department by department: what is asked about a project depends on the files of that project alone, but
for two things, which are looked at over all before: whose the evidence is that came, and what projects have copied.

So no more than one department is in memory. Twice its items are read back from the shelf: first to find out which files
count, as only those are compared with others; then for what is told of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from workbook_tools.core.findings import Finding, apply_choices
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import PartSize
from workbook_tools.core.review_result import EvidenceRow, GoneRow, ReviewResult
from workbook_tools.core.states import Acceptor
from workbook_tools.files.evidence import EvidencePlace
from workbook_tools.legacy.conversion.listed_projects import ProjectFinder
from workbook_tools.review.accounting import OFF, CheckAccount
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.checks import CROSS_CHECKS
from workbook_tools.review.checks.cross import TextComparison
from workbook_tools.review.checks.declaring import codes_of
from workbook_tools.review.evidence import EvidenceComparison
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.packing import ItemFacts, PackedFile
from workbook_tools.review.parts import ReviewParts
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.settling import (
    ExpectedProjects,
    SettledFiles,
    SettlingRules,
    choose_counting,
    move_to_project,
    place_projects,
    settle_files,
    sort_findings,
)
from workbook_tools.review.shelf import ReviewShelf, explain_full_disk
from workbook_tools.review.trust import IssueBook, judge_files
from workbook_tools.rules.recorded import find_edited_schemes
from workbook_tools.rules.scheme import Scheme

_SOME = 500
"""So many projects that belong to no department of the list are settled at once."""
AcceptedVersions = Mapping[tuple[int, str, str], Acceptor]
"""Year and code of a project and SHA-256 of a version → who has accepted it."""


class ReviewFiles:
    """The files of a review on its shelf, each item under the listed project that it is about, and judged how far it can be trusted."""

    def __init__(self, projects: Collection[Project] | None, issued: IssueBook | None = None) -> None:
        self.shelf = ReviewShelf()
        self._projects, self._issued = projects, issued
        self._listed = {(project.year, project.code) for project in projects or ()}
        self._years = {project.code: project.year for project in projects or ()}
        self._finder = ProjectFinder(projects or ())
        self._moved: dict[int, Project] = {}

    def add(self, packed: PackedFile, modified: float, clock: float) -> None:
        """Lay down what came of a file. A form of today with a code that is not listed is put under that of the listed project
        that has its name and unit."""
        for number, facts in self.shelf.add(packed, modified, clock):
            if self._projects and facts.imported and (facts.year, facts.code) not in self._listed:
                self._move(number, facts)

    def _move(self, number: int, facts: ItemFacts) -> None:
        if listed := self._finder.find(facts):
            self._moved[number] = listed
            self.shelf.rename(number, listed.code, listed.name, listed.department)

    def read(self, numbers: Iterable[int]) -> list[ReviewedFile]:
        """Items by their numbers; all of the projects that these are of have to be among them."""
        wanted = list(numbers)
        items = []
        for number, item in zip(wanted, self.shelf.read_items(wanted), strict=True):
            moved = self._moved.get(number)
            items.append(move_to_project(item, item.project, moved) if moved and item.project else item)
        return judge_files(items, self._issued, self._years)

    def read_projects(self, codes: Collection[str]) -> list[ReviewedFile]:
        """The items of these projects, in the order of the folder."""
        return self.read(self.shelf.find_items(codes))

    def find_untouched(self) -> set[str]:
        """SHA-256 of the files that came back as they went out."""
        return self.shelf.find_untouched()

    def read_all(self) -> list[ReviewedFile]:
        """Every item, in the order of the folder."""
        return self.read(item.number for item in self.shelf.list_items())


@dataclass(frozen=True, slots=True)
class _Department:
    """A department with the codes of its projects; a code may be of two departments, in two years."""

    name: str
    codes: list[str]
    listed: ExpectedProjects | None


@dataclass(slots=True)
class _Sums:
    """What adds up over the departments."""

    sizes: dict[str, PartSize] = field(default_factory=dict)
    schemes: Counter[str] = field(default_factory=Counter)
    """How many projects were scored under each, by digest."""
    findings: list[Finding] = field(default_factory=list)
    """Of no department, as :attr:`evidence`."""
    evidence: list[EvidenceRow] = field(default_factory=list)
    gone: dict[str, list[GoneRow]] = field(default_factory=dict)
    """Projects of the year before that are on the list no more, by department, till they are told in its part."""


def settle_departments(
    files: ReviewFiles, projects: Collection[Project] | None, extra: Iterable[Finding], evidence: Sequence[EvidencePlace], *,
    year: int, scheme: str, authority: str = "", checks: Mapping[str, str] | None = None, due: str = "",
    answered: EarlierAnswers | None = None, earlier: EarlierContents | None = None,
    find_accepted: Callable[[Collection[int]], AcceptedVersions] | None = None, load: Callable[[str], Scheme] | None = None,
    last_year: LastYear | None = None,
) -> ReviewParts:  # fmt: skip
    """The result of a review, part by part: duplicates settled, missing projects named, projects compared with each other.

    ``projects`` is the list, or ``None`` if there is none to compare with; ``extra`` are findings that no file gave;
    ``find_accepted`` says of the projects of some years which versions are accepted. The others as
    :func:`workbook_tools.review.folder.review_folder` has them.
    """
    return _Settling(files, projects, extra, checks or {}, earlier or {}).settle(
        evidence, year=year, scheme=scheme, authority=authority, due=due, answered=answered or {}, find_accepted=find_accepted,
        load=load, last_year=last_year,
    )  # fmt: skip


class _Settling:
    def __init__(
        self, files: ReviewFiles, projects: Collection[Project] | None, extra: Iterable[Finding], checks: Mapping[str, str],
        earlier: EarlierContents,
    ) -> None:  # fmt: skip
        self.files, self.shelf, self.projects, self.checks, self.earlier = files, files.shelf, projects, checks, earlier
        self.places = place_projects(projects or ())
        self.departments = list(self._list_departments())
        self.owners = {code: department.name for department in self.departments for code in department.codes}
        self.extra: dict[str, list[Finding]] = {}
        """By the code of the project that they are about, where that is of a department."""
        for row in extra:
            code = row.project_code if row.project_code in self.owners else ""
            self.extra.setdefault(code, []).append(row)

    def settle(
        self, evidence: Sequence[EvidencePlace], *, year: int, scheme: str, authority: str, due: str, answered: EarlierAnswers,
        find_accepted: Callable[[Collection[int]], AcceptedVersions] | None, load: Callable[[str], Scheme] | None,
        last_year: LastYear | None,
    ) -> ReviewParts:  # fmt: skip
        years = self.shelf.list_years()
        year = year or max(years, default=0)
        names = {project.code: project.name for project in self.projects or ()}
        came = ((item.code, item.name, item.file) for item in self.shelf.list_items() if item.submitted)
        rules = SettlingRules(
            year=year, evidence=EvidenceComparison(evidence, names, came), find_compared=self.shelf.find_compared,
            checks=self.checks, due=due, answered=answered, accepted=find_accepted(years) if find_accepted else {},
            find_last_year=last_year.find if last_year else None,
        )  # fmt: skip
        account = CheckAccount(
            listed=self.projects is not None, choices=self.checks, is_counted=self.shelf.is_counted,
            alone=self._compare_texts() < 2,
        )  # fmt: skip
        sums = _Sums()
        for row in last_year.list_gone(self.projects) if last_year and self.projects is not None else ():
            sums.gone.setdefault(row.department, []).append(row)
        for number, department in enumerate(self.departments, 1):
            self._settle_department(number, department, rules, account, sums)
        for findings in self._settle_rest(rules):
            account.add((), findings, ())
            sums.findings += findings
        head = ReviewResult(
            scheme=scheme, year=year, authority=authority, reviewed_files=self.shelf.count_files(), checks=account.close(),
            compared_with=last_year.year if last_year else 0,
            schemes={digest: self.shelf.schemes[digest].content() for digest in sums.schemes},
        )  # fmt: skip
        edited = find_edited_schemes(head, load, lambda digest: sums.schemes[digest]) if load else ()
        gone = tuple(row for rows in sums.gone.values() for row in rows)
        rest = (*apply_choices(edited, self.checks, year), *sort_findings(sums.findings))
        self.shelf.add_part(
            0, head.model_copy(update={"findings": rest, "evidence": tuple(sums.evidence), "gone": gone})
        )
        return ReviewParts(self.shelf, head, sums.sizes)

    # -- which projects are whose ---------------------------------------------------------------------------------------

    def _list_departments(self) -> Iterator[_Department]:
        """As the list has them; without a list as they came."""
        if self.projects is None:
            yield from (_Department(name, codes, None) for name, codes in self._find_departments().items())
            return
        named: dict[str, dict[str, None]] = {}
        years: dict[str, list[Project]] = {}
        for project in self.projects:
            named.setdefault(project.department, {})[project.code] = None
            years.setdefault(project.code, []).append(project)
        for name, codes in named.items():
            projects = [project for code in codes for project in years[code]]
            yield _Department(name, list(codes), ExpectedProjects(projects=projects, places=self.places))

    def _find_departments(self) -> dict[str, list[str]]:
        """Department → the codes of its projects. Where the files of a project name several, those that count decide."""
        named: dict[str, dict[str, None]] = {}
        for item in self.shelf.list_items():
            if item.submitted:
                named.setdefault(item.code, {})[item.department] = None
        found: dict[str, list[str]] = {}
        for code, departments in named.items():
            if len(departments) > 1:
                kept = choose_counting(self.files.read_projects([code]), (), None, self.earlier).kept
                departments = {item.project.department: None for item in kept if item.project}
            for department in departments:
                found.setdefault(department, []).append(code)
        return found

    # -- what is told of them ---------------------------------------------------------------------------------------------

    def _compare_texts(self) -> int:
        """Find out which files count, and compare their texts; returns how many projects count."""
        compared = not all(self.checks.get(code) == OFF for check in CROSS_CHECKS for code in codes_of(check))
        count = 0
        with explain_full_disk(), closing(TextComparison()) as comparison:
            for department in self.departments:
                files = self.files.read_projects(department.codes)
                kept = choose_counting(files, (), department.listed, self.earlier).kept
                rows = [item.project for item in kept if item.project and item.project.department == department.name]
                self.shelf.note_counted(row.file for row in rows)
                count += len(rows)
                if compared:
                    comparison.add(rows)
            self.shelf.add_compared(row for check in CROSS_CHECKS for row in check(comparison))
        return count

    def _settle_department(
        self, number: int, department: _Department, rules: SettlingRules, account: CheckAccount, sums: _Sums
    ) -> None:
        files = self.files.read_projects(department.codes)
        extra = [row for code in department.codes for row in self.extra.get(code, ())]
        counting = choose_counting(files, extra, department.listed, self.earlier)
        settled = settle_files(files, counting, department.codes, department.listed, rules)
        part, others = self._split(department, settled)
        part = part.model_copy(update={"gone": tuple(sums.gone.pop(department.name, ()))})
        kept = [item for item in settled.kept if item.project and item.project.department == department.name]
        account.add(
            kept, (*part.findings, *others.findings), part.missing, settled.with_evidence, settled.with_last_year
        )
        sums.findings += others.findings
        sums.evidence += others.evidence
        sums.schemes.update(project.scheme_digest for project in part.projects)
        sums.sizes[department.name] = PartSize(
            len(part.projects), len(part.indicators), len(part.findings), len(part.missing)
        )
        self.shelf.add_part(number, part)

    def _split(self, department: _Department, settled: SettledFiles) -> tuple[ReviewResult, ReviewResult]:
        """What belongs to the department, and what belongs to none."""
        rows, name, owners = settled.rows, department.name, self.owners
        mine = {
            "projects": tuple(row for row in rows.projects if row.department == name),
            "missing": tuple(row for row in rows.missing if row.department == name),
            "indicators": tuple(row for row in rows.indicators if owners.get(row.project_code) == name),
            "findings": tuple(row for row in rows.findings if owners.get(row.project_code) == name),
            "evidence": tuple(row for row in rows.evidence if owners.get(row.project_code) == name),
        }
        others = {
            "findings": tuple(row for row in rows.findings if row.project_code not in owners),
            "evidence": tuple(row for row in rows.evidence if row.project_code not in owners),
        }
        return rows.model_copy(update=mine), rows.model_copy(update=others)

    def _settle_rest(self, rules: SettlingRules) -> Iterator[list[Finding]]:
        """What is told of files that are of no department's projects, and of no file."""
        listed = None if self.projects is None else ExpectedProjects(projects=(), places=self.places)
        extra = self.extra.pop("", [])
        for numbers in self._list_rest():
            files = self.files.read(numbers)
            yield [
                *settle_files(
                    files, choose_counting(files, extra, listed, self.earlier), (), listed, rules
                ).rows.findings
            ]
            extra = []
        yield [*apply_choices((*extra, *rules.evidence.tell_rest()), self.checks, rules.year)]

    def _list_rest(self) -> Iterator[list[int]]:
        """The numbers of those items, some at a time, those of one project together."""
        codes: dict[str, None] = {}
        nobodys: list[int] = []
        for item in self.shelf.list_items():
            if item.code in self.owners:
                continue
            if item.code:
                codes[item.code] = None
            else:
                nobodys.append(item.number)
        listed = list(codes)
        yield from (nobodys[start : start + _SOME] for start in range(0, len(nobodys), _SOME))
        yield from (self.shelf.find_items(listed[start : start + _SOME]) for start in range(0, len(listed), _SOME))
