"""A review is settled department by department: all that is said about a project depends on the files of that project alone, except
for two things that are found out over all projects first: whose the evidence is, and what projects copied from each other.

A department is settled in pieces (:mod:`~workbook_tools.review.pieces`), by all processes: this one hands the pieces out, and takes their
results in the order of the list. The items of a piece are read back from the shelf twice: first to find out which files count, as
only those are compared with others; then to settle them. Neither is done for a piece whose result was kept by an earlier review
(:mod:`~workbook_tools.review.kept_departments`) and depends on nothing that has changed.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Generic, TypeVar

from workbook_tools.core.digests import digest_facts
from workbook_tools.core.findings import Finding, apply_choices
from workbook_tools.core.review_result import EvidenceRow, GoneRow, ReviewResult
from workbook_tools.files.evidence import EvidencePlace
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.packed_records import adapter, pack_record
from workbook_tools.files.program import digest_program
from workbook_tools.files.stored_projects import list_names
from workbook_tools.review.accounting import OFF, CheckAccount
from workbook_tools.review.batch_work import Workers
from workbook_tools.review.checks import CROSS_CHECKS
from workbook_tools.review.checks.declaring import codes_of
from workbook_tools.review.comparing_texts import Comparing, compare_all
from workbook_tools.review.division import Division
from workbook_tools.review.evidence import EvidenceComparison
from workbook_tools.review.facts_by_code import FactsByCode
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.kept_departments import CountedPiece, SettledPiece
from workbook_tools.review.misnamed_files import Form, find_misnamed
from workbook_tools.review.pieces import (
    Counting,
    DepartmentPiece,
    Done,
    Settling,
    Task,
    do_tasks,
    pack_settled,
)
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.review_parts import PieceEntry, ReviewParts
from workbook_tools.review.settling import (
    ExpectedProjects,
    SettlingRules,
    choose_counting,
    settle_files,
    sort_findings,
)
from workbook_tools.review.unread_files import find_unread_files, list_broken_forms, match_files
from workbook_tools.rules.recorded import find_edited_schemes

_SOME = 500
"""So many projects that belong to no department of the list are settled at a time."""
_WORTH_COUNTING, _WORTH_SETTLING = 500, 500
"""Of so many projects counting and settling is done faster here than by starting processes."""
Came = TypeVar("Came")


@dataclass(frozen=True, slots=True)
class _Counted:
    """A piece of which it is known which files count."""

    name: str
    """Digest of all that decides which of its files count."""
    files: int
    texts: str
    """Digest of their texts that are compared."""


@dataclass(slots=True)
class _Sums:
    """What adds up over the pieces."""

    account: CheckAccount
    pieces: dict[str, list[PieceEntry]] = field(default_factory=dict)
    """By department."""
    schemes: Counter[str] = field(default_factory=Counter)
    """How many projects were scored under each, by digest."""
    findings: list[Finding] = field(default_factory=list)
    """Those of no department; so is :attr:`evidence`."""
    evidence: list[EvidenceRow] = field(default_factory=list)
    gone: dict[str, list[GoneRow]] = field(default_factory=dict)
    """Last year's projects that are no longer listed, by department, until the department's part takes them."""


@dataclass(frozen=True, slots=True)
class _Planned(Generic[Came]):
    """A piece that is to be done, or is done."""

    piece: DepartmentPiece
    name: str
    """The name under which its result is kept."""
    done: Done[Came] | None
    is_known: bool
    """Its result was kept by an earlier review."""


def settle_departments(
    files: ReviewFiles,
    known: KnownBefore,
    choices: OfficeChoices,
    evidence: Sequence[EvidencePlace] = (),
    *,
    kept: KeptRecords | None = None,
    workers: Workers = 1,
) -> ReviewParts:
    """The result of a review, part by part: duplicates settled, missing projects named, projects compared with each other.

    ``kept`` is what is known of departments from earlier reviews; ``workers`` is by how many processes of this computer it is done where
    there is much to do.
    """
    return _Settlement(files, known, choices, evidence, kept or KeptRecords(), workers).settle()


class _Settlement:
    def __init__(
        self,
        files: ReviewFiles,
        known: KnownBefore,
        choices: OfficeChoices,
        evidence: Sequence[EvidencePlace],
        kept: KeptRecords,
        workers: Workers,
    ) -> None:
        self.files, self.shelf, self.kept, self.workers = files, files.shelf, kept, workers
        self.projects, self.last_year = known.projects, known.last_year
        self.choices, self.checks = choices, choices.checks
        self.earlier, self.earlier_of = known.earlier, FactsByCode(known.earlier)
        self.names = list_names(known.projects or ())
        self.division = Division(self.shelf, known.projects, self._decide_departments)
        self.pieces = self.division.pieces
        self.extra: dict[str, list[Finding]] = {}
        """By the code of the project that they are about; under ``""`` those about no project of a department."""
        for row in known.findings:
            code = row.project_code if self.shelf.is_owned(row.project_code) else ""
            self.extra.setdefault(code, []).append(row)
        years = self.shelf.list_years()
        self.year = known.year or max(years, default=0)
        self.answered = FactsByCode(known.answered)
        self.accepted = FactsByCode(known.find_accepted(years) if known.find_accepted else {})
        self.unread = self._match_unread()
        self.evidence = self._compare_evidence(evidence)

    def settle(self) -> ReviewParts:
        choices, last_year = self.choices, self.last_year
        self._tell_misnamed()
        counted = [*self._count_all()]
        self._compare_texts(counted)
        self.alone = sum(one.files for one in counted) < 2
        sums = _Sums(self._open_account())
        for row in last_year.list_gone(self.names) if last_year and self.projects is not None else ():
            sums.gone.setdefault(row.department, []).append(row)
        self._settle_all(counted, sums)
        for findings in self._settle_rest():
            sums.account.add((), findings, ())
            sums.findings += findings
        head = ReviewResult(
            scheme=choices.scheme,
            year=self.year,
            authority=choices.authority,
            reviewed_files=self.shelf.count_files(),
            checks=sums.account.close(self.shelf.is_counted),
            compared_with=last_year.year if last_year else 0,
            schemes={digest: self.shelf.schemes[digest].content() for digest in sums.schemes},
        )
        edited = find_edited_schemes(head, choices.load, lambda digest: sums.schemes[digest]) if choices.load else ()
        gone = tuple(row for rows in sums.gone.values() for row in rows)
        rest = (*apply_choices(edited, self.checks, self.year), *sort_findings(sums.findings))
        whole = head.model_copy(update={"findings": rest, "evidence": tuple(sums.evidence), "gone": gone})
        self.shelf.add_rows(0, pack_record(adapter(ReviewResult), whole, lasting=False))
        return ReviewParts(self.shelf, head, sums.pieces)

    def _compare_evidence(self, places: Sequence[EvidencePlace]) -> EvidenceComparison:
        if not places:
            return EvidenceComparison((), {}, ())
        names = {project.code: project.name for project in self.names}
        came = [(item.code, item.name, item.file) for item in self.shelf.list_items() if item.submitted]
        return EvidenceComparison(places, names, came, list_broken_forms(self.unread))

    def _match_unread(self) -> dict[str, Finding]:
        """Code of a listed project → why a file that came under its name cannot be used."""
        if self.projects is None:
            return {}
        nobodys = (*self.files.list_nobodys_findings(), *self.extra.get("", ()))
        first = find_unread_files(apply_choices(nobodys, self.checks, self.year))
        return {code: first[file] for code, file in match_files(self.names, first).items()}

    def _tell_misnamed(self) -> None:
        """Report files named after another project than the one they hold: at the latter, and at the former as it may be missing for that."""
        if self.projects is None:
            return
        items = (item for item in self.shelf.list_items() if item.submitted and item.code)
        for said, found in find_misnamed(
            (Form(item.code, item.name, item.file) for item in items), self.shelf.is_owned
        ):
            if rows := [*apply_choices([found], self.checks, self.year)]:
                self.extra.setdefault(found.project_code, []).extend(rows)
                self.unread.setdefault(said, rows[0])

    def _open_account(self) -> CheckAccount:
        return CheckAccount(listed=self.projects is not None, choices=self.checks, alone=self.alone)

    def _decide_departments(self, code: str) -> list[str]:
        """The departments of a project whose files name several: those that count decide."""
        kept = choose_counting(self.files.read_projects([code]), (), None, self.earlier).kept
        return [*dict.fromkeys(item.project.department for item in kept if item.project)]

    # -- what is told of them ---------------------------------------------------------------------------------------------

    def _do_all(
        self,
        plan: Callable[[DepartmentPiece], _Planned[Came]],
        make_task: Callable[[DepartmentPiece], Task[Came]],
        worth: int,
    ) -> Iterator[tuple[_Planned[Came], Done[Came]]]:
        """The result of each piece, in order: known from an earlier review, or done now."""
        waiting: deque[_Planned[Came]] = deque()
        plans = map(plan, map(self.division.open, self.pieces))

        def list_tasks(plans: Iterable[_Planned[Came]]) -> Iterator[Task[Came]]:
            for planned in plans:
                waiting.append(replace(planned, piece=replace(planned.piece, listed=None)))
                if planned.done is None:
                    yield make_task(planned.piece)

        for first in plans:
            if first.done:  # known ones before the first that is to be done need not wait
                yield first, first.done
                continue
            self.shelf.commit()
            for done in do_tasks(list_tasks(chain([first], plans)), self.workers, worth):
                while (planned := waiting.popleft()).done:
                    yield planned, planned.done
                self.files.tell_faults(done.faults)
                yield planned, done
        yield from ((planned, planned.done) for planned in waiting if planned.done)

    def _count_all(self) -> Iterator[_Counted]:
        """Find out which files count; their texts that are compared are put on the shelf."""
        for planned, done in self._do_all(self._plan_counting, self._make_counting, _WORTH_COUNTING):
            if not planned.is_known and done.lasts and self.kept.is_open:
                self.kept.keep(CountedPiece, planned.name, done.came, self.shelf.read_texts(planned.piece.number))
            self.shelf.note_counted(done.came.files)
            yield _Counted(planned.name, len(done.came.files), done.came.texts)

    def _plan_counting(self, piece: DepartmentPiece) -> _Planned[CountedPiece]:
        name = digest_facts(
            digest_program(),
            "counted",
            self.is_compared,
            piece.describe(),
            self.files.describe(piece.codes),
            self.files.list_repeating(piece.codes, self.earlier),
        )
        if (found := self.kept.find(CountedPiece, name)) is None:
            return _Planned(piece, name, None, is_known=False)
        self.shelf.add_texts(piece.number, found[1])
        return _Planned(piece, name, Done(found[0]), is_known=True)

    def _make_counting(self, piece: DepartmentPiece) -> Counting:
        earlier = self.earlier_of.take(piece.codes)
        return Counting(piece, self.files.take(piece.codes), earlier, self.is_compared, self.kept.is_open)

    @property
    def is_compared(self) -> bool:
        """The checks for copied texts are not all switched off."""
        return not all(self.checks.get(code) == OFF for check in CROSS_CHECKS for code in codes_of(check))

    def _compare_texts(self, counted: Sequence[_Counted]) -> None:
        """Compare the texts of the files that count, unless they were compared before."""
        if not self.is_compared or not self.pieces:
            return
        texts = [one.texts for one in counted]
        key, pairs = self.kept.name("compared", texts), self.kept.name("unlike pairs")
        self.kept.use(pairs)
        known = self.kept.find(list[Finding], key) if all(texts) else None
        found = known[0] if known else self._compare_anew(pairs, sum(one.files for one in counted))
        self.shelf.add_compared(found)
        if all(texts) and not known:
            self.kept.keep(list[Finding], key, found)

    def _compare_anew(self, pairs: str, projects: int) -> list[Finding]:
        """Compare all texts. The pairs of sentences that are unlike, which are most of the work, are kept under the name ``pairs``."""
        earlier = self.kept.find(int, pairs)
        unlike = earlier[1] if earlier else b""
        comparing = Comparing(self.shelf, [piece.number for piece in self.pieces], unlike, self.kept.is_open)
        compared = compare_all(comparing, projects, self.workers)
        if compared.unlike:
            self.kept.keep(int, pairs, len(compared.unlike), compared.unlike)
        return compared.found

    def _settle_all(self, counted: Sequence[_Counted], sums: _Sums) -> None:
        """Settle every piece and put its rows on the shelf."""
        counting = {piece.number: one.name for piece, one in zip(self.pieces, counted, strict=True)}
        tasks: dict[int, Settling] = {}

        def plan(piece: DepartmentPiece) -> _Planned[SettledPiece]:
            task = self._make_settling(piece, sums.gone.pop(piece.department, []))
            name = self._name_settled(task, counting[piece.number])
            found = self.kept.find(SettledPiece, name)
            if found:
                self.shelf.add_settled(piece.number, pack_settled(found[0]), found[1])
                done = Done(found[0])
            elif self.division.is_shared(piece):  # evidence that one has reported the other must not
                done = task.do()
            else:
                tasks[piece.number] = task
                return _Planned(piece, name, None, is_known=False)
            self.evidence.note_compared(piece.codes, done.came.with_evidence, done.came.used_evidence)
            return _Planned(piece, name, done, is_known=found is not None)

        for planned, done in self._do_all(plan, lambda piece: tasks.pop(piece.number), _WORTH_SETTLING):
            self._add_settled(planned, done, sums)

    def _make_settling(self, piece: DepartmentPiece, gone: Sequence[GoneRow]) -> Settling:
        codes, files = piece.codes, self.files.take(piece.codes)
        find_last_year = None
        if self.last_year:
            came = [name for _, name in self.shelf.list_projects(files.numbers)]
            listed = [one.name for one in list_names(piece.listed.projects)] if piece.listed else []
            find_last_year = self.last_year.narrow(codes, [*came, *listed]).find
        rules = SettlingRules(
            year=self.year,
            evidence=self.evidence.narrow(codes),
            compared=self.shelf.find_compared(codes),
            checks=self.checks,
            due=self.choices.due,
            answered=self.answered.take(codes),
            accepted=self.accepted.take(codes),
            find_last_year=find_last_year,
            unread={code: found for code in codes if (found := self.unread.get(code))},
        )
        extra = [row for code in codes for row in self.extra.get(code, ())]
        owners = self.division.find_owners(piece)
        earlier = self.earlier_of.take(codes)
        return Settling(piece, files, earlier, extra, gone, rules, owners, self.alone, self.kept.is_open)

    def _name_settled(self, task: Settling, counting: str) -> str:
        """The name of a settled piece: a digest of all that it depends on; ``counting`` is the name of its counting."""
        codes, rules = task.piece.codes, task.rules
        of_all = [rules.year, rules.checks, rules.due, self.last_year.digest if self.last_year else ""]
        known = [self.files.list_other_answers(codes, rules.answered), self.accepted.describe(codes)]
        return self.kept.name(
            "settled",
            counting,
            task.alone,
            task.extra,
            task.gone,
            of_all,
            known,
            self.evidence.describe(codes),
            rules.compared,
            [*task.owners.values()],
            [*rules.unread.items()],
        )

    def _add_settled(self, planned: _Planned[SettledPiece], done: Done[SettledPiece], sums: _Sums) -> None:
        piece, settled = planned.piece, done.came
        if planned.done is None:
            self.evidence.note_compared(piece.codes, settled.with_evidence, settled.used_evidence)
        if not planned.is_known and done.lasts and self.kept.is_open:
            self.kept.keep(SettledPiece, planned.name, settled, self.shelf.read_rows(piece.number))
        sums.account.add_counts(settled.counts)
        sums.findings += settled.findings
        sums.evidence += settled.evidence
        sums.schemes.update(settled.schemes)
        entry = PieceEntry(piece.number, settled.size, settled.digest)
        sums.pieces.setdefault(piece.department, []).append(entry)

    def _settle_rest(self) -> Iterator[list[Finding]]:
        """Findings about files that belong to no department's project, and about no file."""
        listed = None if self.projects is None else ExpectedProjects(projects=(), places={})
        rules = SettlingRules(
            year=self.year,
            evidence=self.evidence,
            checks=self.checks,
            due=self.choices.due,
            answered=self.answered.all,
            accepted=self.accepted.all,
        )
        extra = self.extra.pop("", [])
        for numbers in self._list_rest():
            files = self.files.take_others(numbers).read()
            counting = choose_counting(files, extra, listed, self.earlier)
            yield [*settle_files(files, counting, (), listed, rules).rows.findings]
            extra = []
        yield [*apply_choices((*extra, *self.evidence.tell_rest()), self.checks, self.year)]

    def _list_rest(self) -> Iterator[list[int]]:
        """The numbers of the items of no department, some at a time, those of one project together."""
        codes: dict[str, None] = {}
        nobodys: list[int] = []
        for number, code in self.shelf.list_others():
            if code:
                codes[code] = None
            else:
                nobodys.append(number)
        listed = list(codes)
        yield from (nobodys[start : start + _SOME] for start in range(0, len(nobodys), _SOME))
        yield from (self.shelf.find_items(listed[start : start + _SOME]) for start in range(0, len(listed), _SOME))
