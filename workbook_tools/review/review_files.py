"""The files of a review on its shelf: looked up by project codes, and read by any process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.files.stored_projects import ListedProject, list_names
from workbook_tools.form.identity import Issue
from workbook_tools.legacy.conversion.listed_projects import ProjectFinder
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.facts_by_code import FactsByCode
from workbook_tools.review.ledger_echoes import list_later_rounds, list_other_answers, list_repeating
from workbook_tools.review.packing import ItemFacts, PackedFile
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.settling import move_to_project
from workbook_tools.review.shelf import ReviewShelf
from workbook_tools.review.trust import IssueBook, IssuedForm, judge_files


@dataclass(slots=True)
class TakenFiles:
    """The files of some projects, with all that decides how far they can be trusted."""

    shelf: ReviewShelf
    numbers: Sequence[int]
    """Numbers on the shelf of all items of these projects."""
    moved: Mapping[int, ListedProject]
    """Forms of today → the listed projects that they are about."""
    namesakes: Mapping[int, Sequence[str]]
    """Forms of today that may be about several listed projects or none → the codes of listed projects with their name."""
    issued: IssueBook | None
    years: Mapping[str, int]
    """Code → its year on the list."""
    asked: bool = False
    """Something was read from the ledger that :meth:`ReviewFiles.describe` does not cover."""

    def read(self) -> list[ReviewedFile]:
        """The files in the order of the folder, their trust judged."""
        items = []
        for number, item in zip(self.numbers, self.shelf.read_items(self.numbers), strict=True):
            moved = self.moved.get(number)
            if moved and item.project:
                item = move_to_project(item, item.project, moved)
            elif number in self.namesakes:
                item = replace(item, namesakes=self.namesakes[number])
            items.append(item)
        issued = replace(self.issued, read=self._read_issued) if self.issued else None
        return judge_files(items, issued, self.years)

    def _read_issued(self, issues: Collection[Issue]) -> Mapping[str, IssuedForm]:
        self.asked = self.asked or bool(issues)
        return self.issued.read(issues) if self.issued else {}


class ReviewFiles:
    """The files of a review on its shelf: each item is put under the listed project that it is about, and its trust is judged."""

    def __init__(self, projects: Sequence[Project] | None, issued: IssueBook | None = None) -> None:
        self.shelf = ReviewShelf()
        self._projects = projects
        self._issued = issued
        self._issues, self._rounds = (
            FactsByCode(issued.issues if issued else {}),
            FactsByCode(issued.rounds if issued else {}),
        )
        self._names = list_names(projects or ())
        self.shelf.add_listed(self._names)
        self._moved: dict[int, ListedProject] = {}
        self._namesakes: dict[int, list[str]] = {}

    def add(self, packed: PackedFile, modified: float, clock: float) -> None:
        """Store the items of a file. A form of today whose code is not listed is put under the listed project with its name
        and unit."""
        for number, facts in self.shelf.add(packed, modified, clock):
            if self._projects and facts.imported and (facts.year, facts.code) not in self._listed:
                self._move(number, facts)

    @cached_property
    def _listed(self) -> set[tuple[int, str]]:
        """Year and code of listed projects. Only needed for forms of today; so is ``_finder``."""
        return {(project.year, project.code) for project in self._names}

    @cached_property
    def _finder(self) -> ProjectFinder:
        return ProjectFinder(self._names)

    def _move(self, number: int, facts: ItemFacts) -> None:
        if listed := self._finder.find(facts):
            self._moved[number] = listed
            self.shelf.rename(number, listed.code, listed.name, listed.department)
        elif same := self._finder.find_namesakes(facts):
            self._namesakes[number] = [project.code for project in same]

    def take(self, codes: Collection[str]) -> TakenFiles:
        """The files of these projects."""
        return self._take(self.shelf.find_items(codes), codes)

    def _take(self, numbers: Sequence[int], codes: Collection[str]) -> TakenFiles:
        moved = {number: one for number in numbers if (one := self._moved.get(number))}
        namesakes = {number: same for number in numbers if (same := self._namesakes.get(number))}
        known = self._issued
        if known:
            known = replace(known, issues=self._issues.take(codes), rounds=self._rounds.take(codes))
        return TakenFiles(self.shelf, numbers, moved, namesakes, known, self.shelf.find_years(codes))

    def describe(self, codes: Collection[str]) -> list[object]:
        """All that the result of :meth:`read_projects` depends on, except what it asks of the ledger; entering these files in the
        ledger does not change it."""
        numbers = self.shelf.find_items(codes)
        moved = [
            (place, one.code, one.name, one.department, one.unit)
            for place, number in enumerate(numbers)
            if (one := self._moved.get(number))
        ]
        years = self.shelf.find_years(codes)
        listed = [years.get(code) for code in codes]
        return [self.shelf.describe_items(numbers), moved, listed, *self._describe_issued(codes, numbers, years)]

    def _describe_issued(
        self, codes: Collection[str], numbers: Sequence[int], years: Mapping[str, int]
    ) -> list[object]:
        if not self._issued:
            return []
        issues, rounds = self._issues.take(codes), self._rounds.take(codes)
        versions = self.shelf.list_versions(numbers) if any(rounds.values()) else []
        return [[*issues.items()], list_later_rounds(versions, rounds, issues, years)]

    def list_repeating(self, codes: Collection[str], earlier: EarlierContents) -> list[int]:
        """The places of these projects' files that repeat what another version said before."""
        return list_repeating(self.shelf.list_versions(self.shelf.find_items(codes)), earlier)

    def list_other_answers(self, codes: Collection[str], answered: EarlierAnswers) -> list[object]:
        """Answers about these projects in files other than those that count; called once it is known which do."""
        versions = self.shelf.list_versions(self.shelf.find_items(codes)) if answered else []
        return [*list_other_answers(versions, self.shelf.is_counted, answered)]

    def read_projects(self, codes: Collection[str]) -> list[ReviewedFile]:
        """The items of these projects, in the order of the folder."""
        return self.take(codes).read()

    def take_others(self, numbers: Sequence[int]) -> TakenFiles:
        """Items by their numbers, which have to include all items of their projects."""
        return self._take(numbers, {code for code, _ in self.shelf.list_projects(numbers)})

    def list_nobodys_findings(self) -> Iterator[Finding]:
        """Findings about files whose project is not known."""
        for item in self.shelf.read_items(self.shelf.find_items([""])):
            yield from item.findings

    def find_untouched(self) -> set[str]:
        """SHA-256 of the files that came back untouched."""
        return self.shelf.find_untouched()

    def read_all(self) -> list[ReviewedFile]:
        """Every item, in the order of the folder."""
        return self.take_others([item.number for item in self.shelf.list_items()]).read()

    def tell_faults(self, faults: Iterable[str]) -> None:
        """Pass on why another process could not read the ledger."""
        if self._issued:
            self._issued.faults.extend(fault for fault in faults if fault not in self._issued.faults)
