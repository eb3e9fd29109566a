"""The files of a review, which lie on its shelf: found by the codes of their projects, and read by whichever process."""

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
    """The files of some projects with all that tells how far they can be trusted."""

    shelf: ReviewShelf
    numbers: Sequence[int]
    """On the shelf; all items of these projects are among them."""
    moved: Mapping[int, ListedProject]
    """Forms of today → the listed projects that they are about."""
    namesakes: Mapping[int, Sequence[str]]
    """Forms of today that may be about several listed projects, or about none → the codes of those with their name."""
    issued: IssueBook | None
    years: Mapping[str, int]
    """In which year the list has a code."""
    asked: bool = False
    """Something was read of the ledger that :meth:`ReviewFiles.describe` does not tell."""

    def read(self) -> list[ReviewedFile]:
        """They, in the order of the folder, judged."""
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
    """The files of a review on its shelf, each item under the listed project that it is about, and judged how far it can be trusted."""

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
        """All that it depends on what :meth:`read_projects` gives, but for what is asked of the ledger beside; the same once the ledger
        knows what it is told of these files."""
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
        """Which of the files of these projects say again what another version has said before, by their places."""
        return list_repeating(self.shelf.list_versions(self.shelf.find_items(codes)), earlier)

    def list_other_answers(self, codes: Collection[str], answered: EarlierAnswers) -> list[object]:
        """What was answered of these projects in other files than those that count; asked once it is known which do."""
        versions = self.shelf.list_versions(self.shelf.find_items(codes)) if answered else []
        return [*list_other_answers(versions, self.shelf.is_counted, answered)]

    def read_projects(self, codes: Collection[str]) -> list[ReviewedFile]:
        """The items of these projects, in the order of the folder."""
        return self.take(codes).read()

    def take_others(self, numbers: Sequence[int]) -> TakenFiles:
        """Items by their numbers; all of the projects that these are of have to be among them."""
        return self._take(numbers, {code for code, _ in self.shelf.list_projects(numbers)})

    def list_nobodys_findings(self) -> Iterator[Finding]:
        """What was found in files of which it is not known whose they are."""
        for item in self.shelf.read_items(self.shelf.find_items([""])):
            yield from item.findings

    def find_untouched(self) -> set[str]:
        """SHA-256 of the files that came back as they went out."""
        return self.shelf.find_untouched()

    def read_all(self) -> list[ReviewedFile]:
        """Every item, in the order of the folder."""
        return self.take_others([item.number for item in self.shelf.list_items()]).read()

    def tell_faults(self, faults: Iterable[str]) -> None:
        """Why something could not be read of the ledger in another process."""
        if self._issued:
            self._issued.faults.extend(fault for fault in faults if fault not in self._issued.faults)
