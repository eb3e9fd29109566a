"""A review is settled department by department: what is asked about a project depends on the files of that project alone, but
for two things, which are looked at over all before: whose the evidence is that came, and what projects have copied.

So no more than one department is in memory. Twice its items are read back from the shelf: first to find out which files
count, as only those are compared with others; then for what is told of them. Neither is done for a department of which it is kept
what came of it (:mod:`~workbook_tools.review.kept_departments`), as long as all is the same that is asked for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding, apply_choices
from workbook_tools.core.model import Project
from workbook_tools.core.result_parts import PartSize
from workbook_tools.core.review_result import EvidenceRow, GoneRow, ReviewResult
from workbook_tools.core.states import Acceptor
from workbook_tools.files.evidence import EvidencePlace
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.packed_records import adapter, pack_record, unpack_record
from workbook_tools.files.program import digest_program
from workbook_tools.files.stored_projects import ListedProject, digest_projects, list_names, take_projects
from workbook_tools.form.identity import Issue
from workbook_tools.legacy.conversion.listed_projects import ProjectFinder
from workbook_tools.review.accounting import OFF, CheckAccount
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.checks import CROSS_CHECKS
from workbook_tools.review.checks.cross import ComparedTexts, TextComparison, read_texts
from workbook_tools.review.checks.declaring import codes_of
from workbook_tools.review.evidence import EvidenceComparison
from workbook_tools.review.kept_departments import (
    CountedDepartment,
    SettledDepartment,
    digest_data,
    group_by_code,
)
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.packing import ItemFacts, PackedFile
from workbook_tools.review.parts import ReviewParts, count_errors
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
from workbook_tools.review.trust import IssueBook, IssuedForm, judge_files
from workbook_tools.rules.recorded import find_edited_schemes
from workbook_tools.rules.scheme import Scheme

_SOME = 500
"""So many projects that belong to no department of the list are settled at once."""
_Texts = list[ComparedTexts]
AcceptedVersions = Mapping[tuple[int, str, str], Acceptor]
"""Year and code of a project and SHA-256 of a version → who has accepted it."""


class ReviewFiles:
    """The files of a review on its shelf, each item under the listed project that it is about, and judged how far it can be trusted."""

    def __init__(self, projects: Sequence[Project] | None, issued: IssueBook | None = None) -> None:
        self.shelf = ReviewShelf()
        self._projects = projects
        self._issued = issued
        self._issues = [group_by_code(facts) for facts in ((issued.issues, issued.rounds) if issued else ())]
        self.asked = 0
        """How often something was read of the ledger that :meth:`describe` does not tell."""
        self._names = list_names(projects or ())
        self._years = {project.code: project.year for project in self._names}
        self._moved: dict[int, ListedProject] = {}

    def add(self, packed: PackedFile, modified: float, clock: float) -> None:
        """Lay down what came of a file. A form of today with a code that is not listed is put under that of the listed project
        that has its name and unit."""
        for number, facts in self.shelf.add(packed, modified, clock):
            if self._projects and facts.imported and (facts.year, facts.code) not in self._listed:
                self._move(number, facts)

    @cached_property
    def _listed(self) -> set[tuple[int, str]]:
        """Only forms of today ask for it, as for the next."""
        return {(project.year, project.code) for project in self._names}

    @cached_property
    def _finder(self) -> ProjectFinder:
        return ProjectFinder(self._names)

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
        issued = replace(self._issued, read=self._read_issued) if self._issued else None
        return judge_files(items, issued, self._years)

    def _read_issued(self, issues: Collection[Issue]) -> Mapping[str, IssuedForm]:
        self.asked += bool(issues)
        return self._issued.read(issues) if self._issued else {}

    def describe(self, codes: Collection[str]) -> list[object]:
        """All that it depends on what :meth:`read_projects` gives, but for what is ``asked``."""
        numbers = self.shelf.find_items(codes)
        moved = [
            (place, one.code, one.name, one.department, one.unit)
            for place, number in enumerate(numbers)
            if (one := self._moved.get(number))
        ]
        years = [self._years.get(code) for code in codes]
        known = [[facts.get(code) for code in codes] for facts in self._issues]
        return [self.shelf.describe_items(numbers), moved, years, *known]

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

    number: int
    """From 1."""
    name: str
    codes: list[str]
    listed: ExpectedProjects | None

    def describe(self) -> list[object]:
        """All that is known of it."""
        if self.listed is None:
            return [self.name, self.codes]
        projects = self.listed.projects
        places = [self.listed.places[named.year, named.code] for named in list_names(projects)]
        return [self.name, self.codes, digest_projects(projects), places]


@dataclass(slots=True)
class _Sums:
    """What adds up over the departments."""

    account: CheckAccount
    departments: dict[str, SettledDepartment] = field(default_factory=dict)
    schemes: Counter[str] = field(default_factory=Counter)
    """How many projects were scored under each, by digest."""
    findings: list[Finding] = field(default_factory=list)
    """Of no department, as :attr:`evidence`."""
    evidence: list[EvidenceRow] = field(default_factory=list)
    gone: dict[str, list[GoneRow]] = field(default_factory=dict)
    """Projects of the year before that are on the list no more, by department, till they are told in its part."""


def settle_departments(
    files: ReviewFiles, projects: Sequence[Project] | None, extra: Iterable[Finding], evidence: Sequence[EvidencePlace], *,
    year: int, scheme: str, authority: str = "", checks: Mapping[str, str] | None = None, due: str = "",
    answered: EarlierAnswers | None = None, earlier: EarlierContents | None = None,
    find_accepted: Callable[[Collection[int]], AcceptedVersions] | None = None, load: Callable[[str], Scheme] | None = None,
    last_year: LastYear | None = None, kept: KeptRecords | None = None,
) -> ReviewParts:  # fmt: skip
    """The result of a review, part by part: duplicates settled, missing projects named, projects compared with each other.

    ``projects`` is the list, or ``None`` if there is none to compare with; ``extra`` are findings that no file gave;
    ``find_accepted`` says of the projects of some years which versions are accepted; ``kept`` is what is known of departments. The others as
    :func:`workbook_tools.review.folder.review_folder` has them.
    """
    return _Settling(files, projects, extra, checks or {}, earlier or {}, kept or KeptRecords()).settle(
        evidence, year=year, scheme=scheme, authority=authority, due=due, answered=answered or {}, find_accepted=find_accepted,
        load=load, last_year=last_year,
    )  # fmt: skip


class _FactsByCode:
    """What settling asks of the settings and the ledger, by the codes of projects."""

    def __init__(self, rules: SettlingRules, last_year: str) -> None:
        self._of_all = [rules.year, rules.checks, rules.due, last_year]
        self._known = [group_by_code(rules.answered), group_by_code(rules.accepted)]

    def describe(self, codes: Iterable[str]) -> list[object]:
        """For those of a department."""
        known = [[facts.get(code) for code in codes] for facts in self._known]
        return [self._of_all, *known]


class _Settling:
    def __init__(
        self, files: ReviewFiles, projects: Sequence[Project] | None, extra: Iterable[Finding], checks: Mapping[str, str],
        earlier: EarlierContents, kept: KeptRecords,
    ) -> None:  # fmt: skip
        self.files, self.shelf, self.projects, self.checks, self.earlier = files, files.shelf, projects, checks, earlier
        self.kept = kept
        self.earlier_of = group_by_code(earlier)
        self.names = list_names(projects or ())
        self.places = place_projects(self.names)
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
        names = {project.code: project.name for project in self.names}
        came = ((item.code, item.name, item.file) for item in self.shelf.list_items() if item.submitted)
        rules = SettlingRules(
            year=year, evidence=EvidenceComparison(evidence, names, came), find_compared=self.shelf.find_compared,
            checks=self.checks, due=due, answered=answered, accepted=find_accepted(years) if find_accepted else {},
            find_last_year=last_year.find if last_year else None,
        )  # fmt: skip
        counted = [self._find_counted(department) for department in self.departments]
        self._compare_texts([one for _, one in counted])
        self.alone = sum(len(one.files) for _, one in counted) < 2
        self.facts = _FactsByCode(rules, last_year.digest if last_year else "")
        sums = _Sums(self._open_account())
        for row in last_year.list_gone(self.names) if last_year and self.projects is not None else ():
            sums.gone.setdefault(row.department, []).append(row)
        for department, (counting, _) in zip(self.departments, counted, strict=True):
            self._add_department(department, counting, rules, sums)
        for findings in self._settle_rest(rules):
            sums.account.add((), findings, ())
            sums.findings += findings
        head = ReviewResult(
            scheme=scheme, year=year, authority=authority, reviewed_files=self.shelf.count_files(),
            checks=sums.account.close(self.shelf.is_counted), compared_with=last_year.year if last_year else 0,
            schemes={digest: self.shelf.schemes[digest].content() for digest in sums.schemes},
        )  # fmt: skip
        edited = find_edited_schemes(head, load, lambda digest: sums.schemes[digest]) if load else ()
        gone = tuple(row for rows in sums.gone.values() for row in rows)
        rest = (*apply_choices(edited, self.checks, year), *sort_findings(sums.findings))
        whole = head.model_copy(update={"findings": rest, "evidence": tuple(sums.evidence), "gone": gone})
        self.shelf.add_part(0, pack_record(adapter(ReviewResult), whole, lasting=False))
        return ReviewParts(self.shelf, head, sums.departments)

    def _open_account(self) -> CheckAccount:
        return CheckAccount(listed=self.projects is not None, choices=self.checks, alone=self.alone)

    # -- which projects are whose ---------------------------------------------------------------------------------------

    def _list_departments(self) -> Iterator[_Department]:
        """As the list has them; without a list as they came."""
        if self.projects is None:
            for number, (name, found) in enumerate(self._find_departments().items(), 1):
                yield _Department(number, name, found, None)
            return
        named: dict[str, dict[str, None]] = {}
        places: dict[str, list[int]] = {}
        for place, project in enumerate(self.names):
            named.setdefault(project.department, {})[project.code] = None
            places.setdefault(project.code, []).append(place)
        for number, (name, codes) in enumerate(named.items(), 1):
            projects = take_projects(self.projects, (place for code in codes for place in places[code]))
            yield _Department(number, name, list(codes), ExpectedProjects(projects=projects, places=self.places))

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

    def _find_counted(self, department: _Department) -> tuple[str, CountedDepartment]:
        """Which files of a department count; what is compared of them is laid on the shelf. First, of all that it depends on, the digest."""
        earlier = [self.earlier_of.get(code) for code in department.codes]
        key = digest_facts(
            digest_program(),
            "counted",
            self.is_compared,
            department.describe(),
            self.files.describe(department.codes),
            earlier,
        )
        found, asked = self.kept.find(CountedDepartment, key), self.files.asked
        counted, texts = found or self._count_department(department)
        if found is None and self.files.asked == asked:
            self.kept.keep(CountedDepartment, key, counted, texts)
        self.shelf.note_counted(counted.files)
        self.shelf.add_texts(department.number, texts)
        return key, counted

    def _count_department(self, department: _Department) -> tuple[CountedDepartment, bytes]:
        files = self.files.read_projects(department.codes)
        kept = choose_counting(files, (), department.listed, self.earlier).kept
        rows = [item.project for item in kept if item.project and item.project.department == department.name]
        compared = [*map(read_texts, rows)] if self.is_compared else []
        del files, kept  # they take more memory than what is made of them, which is packed now
        texts = pack_record(adapter(_Texts), compared, lasting=self.kept.is_open)
        return CountedDepartment([row.file for row in rows], digest_data(texts)), texts

    @property
    def is_compared(self) -> bool:
        """Somebody wants to know what projects have copied."""
        return not all(self.checks.get(code) == OFF for check in CROSS_CHECKS for code in codes_of(check))

    def _compare_texts(self, counted: Iterable[CountedDepartment]) -> None:
        """Compare the texts of the files that count, unless they were compared before."""
        if not self.is_compared or not self.departments:
            return
        texts = [one.texts for one in counted]
        key = self.kept.name("compared", texts)
        known = self.kept.find(list[Finding], key) if all(texts) else None
        if known:
            found, _ = known
        else:
            with explain_full_disk(), closing(TextComparison()) as comparison:
                for department in self.departments:
                    comparison.add_texts(unpack_record(adapter(_Texts), self.shelf.read_texts(department.number)))
                found = [row for check in CROSS_CHECKS for row in check(comparison)]
        self.shelf.add_compared(found)
        if all(texts):
            self.kept.keep(list[Finding], key, found)

    def _add_department(self, department: _Department, counting: str, rules: SettlingRules, sums: _Sums) -> None:
        """Lay down a department's part. ``counting`` is the digest of what it depends on which of its files count."""
        extra = [row for code in department.codes for row in self.extra.get(code, ())]
        codes, gone = department.codes, sums.gone.pop(department.name, [])
        key = self.kept.name(
            "settled", counting, self.alone, extra, gone, self.facts.describe(codes), rules.evidence.describe(codes),
            rules.find_compared(codes), [self.owners[code] for code in codes],
        )  # fmt: skip
        found, asked = self.kept.find(SettledDepartment, key), self.files.asked
        settled, part = found or self._settle_department(department, extra, gone, rules)
        if found is None and self.files.asked == asked:
            self.kept.keep(SettledDepartment, key, settled, part)
        if found:
            rules.evidence.note_compared(codes, settled.with_evidence, settled.used_evidence)
        sums.account.add_counts(settled.counts)
        sums.findings += settled.findings
        sums.evidence += settled.evidence
        sums.schemes.update(settled.schemes)
        sums.departments[department.name] = settled
        self.shelf.add_part(department.number, part)

    def _settle_department(
        self, department: _Department, extra: Iterable[Finding], gone: Iterable[GoneRow], rules: SettlingRules
    ) -> tuple[SettledDepartment, bytes]:
        files = self.files.read_projects(department.codes)
        counting = choose_counting(files, extra, department.listed, self.earlier)
        settled = settle_files(files, counting, department.codes, department.listed, rules)
        part, others = self._split(department, settled)
        part = part.model_copy(update={"gone": tuple(gone)})
        kept = [item for item in settled.kept if item.project and item.project.department == department.name]
        account = self._open_account()
        account.add(
            kept, (*part.findings, *others.findings), part.missing, settled.with_evidence, settled.with_last_year
        )
        known = SettledDepartment(
            size=PartSize(len(part.projects), len(part.indicators), len(part.findings), len(part.missing)),
            digest="", counts=account.count(), schemes=dict(Counter(row.scheme_digest for row in part.projects)),
            findings=[*others.findings], evidence=[*others.evidence], with_evidence=[*settled.with_evidence],
            used_evidence=[*settled.used_evidence], errors=count_errors(part),
        )  # fmt: skip
        del files, counting, settled, kept, others
        packed = pack_record(adapter(ReviewResult), part, lasting=self.kept.is_open)
        return replace(known, digest=digest_data(packed)), packed

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
