"""A department of which nothing has changed that it depends on is not settled again, and what comes is the same as if it were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from builders import project as listed_project
from memory_store import MemoryStore
from result_builder import project, result

from workbook_tools.core.findings import finding
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.core.result_parts import HeldParts, join_parts
from workbook_tools.core.review_result import TextPlace
from workbook_tools.core.states import AcceptedVersion, Acceptor
from workbook_tools.files import kept_records
from workbook_tools.files.evidence import EvidenceFile, EvidencePlace
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.packed_records import is_exact
from workbook_tools.files.sealed_store import SealedStore
from workbook_tools.form.identity import Issue, SealState
from workbook_tools.results.spelling import spell_result
from workbook_tools.review import pieces
from workbook_tools.review.departments import settle_departments
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.packing import pack_file
from workbook_tools.review.review_files import ReviewFiles
from workbook_tools.review.review_parts import ReviewParts, list_errors
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.trust import IssueBook
from workbook_tools.rules.scheme import builtin_schemes

FIRST, SECOND = "甲局", "乙局"
SENTENCE = "项目单位在汛期以前完成了全部河道清淤和堤防加固工作，沿线群众反映良好。"


def came(number: int, department: str, **facts: Any) -> ReviewedFile:
    """What came of a file, as far as settling looks at it."""
    own = "".join(chr(0x4E00 + 300 * number + at) for at in range(20)) + "。"
    texts = facts.pop("texts", {"效果": own})
    places = {key: TextPlace(sheet="分析", cell="B2", label=key) for key in texts}
    row = project(number, department=department, texts=texts, text_places=places, **facts)
    told = [finding("FILL01", project_code=row.code, file=row.file)]
    return ReviewedFile(
        row.file,
        1.0,
        sha256=f"{number}",
        clock=1.0,
        content=f"{number}",
        seal=SealState.OWN,
        issue=Issue(f"{number}", 1),
        project=row,
        findings=told,
        scheme=builtin_schemes()["quwo"],
    )


class Office:
    """Two departments with two projects each, and a file that nobody can read; reviewed once."""

    def __init__(self, settled: list[str]) -> None:
        self.items = [came(1, FIRST), came(2, FIRST), came(3, SECOND), came(4, SECOND)]
        self.items.append(ReviewedFile("坏的.xlsx", 1.0, clock=1.0, findings=[finding("FILE01", file="坏的.xlsx")]))
        self.store, self.settled = MemoryStore(), settled
        self.known: dict[str, Any] = {"year": 2021}
        self.choices: dict[str, Any] = {"scheme": "quwo"}
        self.listed: list[Any] | None = None
        self.extra: list[Any] = []
        self.evidence: list[EvidencePlace] = []
        self.issued: IssueBook | None = None
        assert self.again() == [FIRST, SECOND]

    def settle(self, kept: KeptRecords | None) -> ReviewParts:
        files = ReviewFiles(self.listed, self.issued)
        for item in self.items:
            files.add(pack_file([item]), item.modified, item.clock)
        known = KnownBefore(projects=self.listed, findings=self.extra, **self.known)
        return settle_departments(files, known, OfficeChoices(**self.choices), self.evidence, kept=kept)

    def again(self, office: str = "本局") -> list[str]:
        """The departments that a further review settles; it gives what one does that knows nothing."""
        plain, entries = self.settle(None), SealedStore(self.store, office)
        self.settled.clear()
        parts = self.settle(KeptRecords(entries))
        settled = [*self.settled]
        entries.drop_others()
        assert join_parts(parts) == join_parts(plain)
        assert b"".join(spell_result(join_parts(parts))) == b"".join(spell_result(join_parts(plain)))
        assert dict(parts.sizes) == dict(plain.sizes)
        assert [*list_errors(parts)] == [*list_errors(plain)]
        return settled


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    settled: list[str] = []
    settle = pieces.Settling.do

    def note(self: Any) -> Any:
        settled.append(self.piece.department)
        return settle(self)

    monkeypatch.setattr(pieces.Settling, "do", note)
    return Office(settled)


def change(office: Office, number: int, **changes: Any) -> None:
    office.items[number] = replace(office.items[number], **changes)


def answer(office: Office) -> None:
    given = UnitAnswer(code="FILL01", place="", facts="", question="没有填写", answer="已补")
    office.known["answered"] = {(2021, office.items[2].project.code): [given]}  # type: ignore[union-attr]


def accept(office: Office) -> None:
    row = office.items[2].project
    assert row
    office.known["find_accepted"] = lambda _: {
        (row.year, row.code): {"3": AcceptedVersion(Acceptor("王强"), "2025-03-17 09:00", "3.xlsx")}
    }


def bring_evidence(office: Office) -> None:
    row = office.items[2].project
    assert row
    place = f"{row.code}佐证材料"
    office.evidence = [
        EvidencePlace(place, row.code, place, [EvidenceFile(f"{place}/合同.pdf", 1, f"{place}/合同.pdf")])
    ]


def issue(office: Office) -> None:
    """The ledger knows of one more issue of a project."""
    row = office.items[2].project
    assert row
    office.issued = IssueBook({(row.year, row.code): [Issue("3", 1)]}, lambda _: {}, {})


CHANGES: dict[str, tuple[Callable[[Office], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "what came": (lambda o: change(o, 0, content="另有所说"), [FIRST]),
    "a clock": (lambda o: change(o, 0, clock=2.0), [FIRST]),
    "a finding": (lambda o: change(o, 2, findings=[]), [SECOND]),
    "a file that is gone": (lambda o: o.items.pop(3), [SECOND]),
    "a file of nobody": (lambda o: change(o, 4, findings=[finding("FILE02", file="坏的.xlsx")]), []),
    "an answer": (answer, [SECOND]),
    "an acceptance": (accept, [SECOND]),
    "an earlier version": (lambda o: o.known.update(earlier={(2021, o.items[2].project.code): {"3": "以前"}}), [SECOND]),  # type: ignore[union-attr]
    "evidence": (bring_evidence, [SECOND]),
    "a mistake of the list": (lambda o: o.extra.append(finding("LIST15", project_code=o.items[0].project.code)), [FIRST]),  # type: ignore[union-attr]
    "the year": (lambda o: o.known.update(year=2022), [FIRST, SECOND]),
    "checks": (lambda o: o.choices.update(checks={"FILL01": "off"}), [FIRST, SECOND]),
    "who it is made for": (lambda o: o.choices.update(authority="某县财政局"), []),
    "a text that both have": (
        lambda o: o.items.__setitem__(slice(1, 3), [came(2, FIRST, texts={"效果": SENTENCE}), came(3, SECOND, texts={"效果": SENTENCE})]),
        [FIRST, SECOND],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_change_concerns_is_settled_again_and_nothing_else(office: Office, kind: str) -> None:
    make, settled = CHANGES[kind]
    make(office)
    assert office.again() == settled
    assert office.again() == []


def test_with_a_list_it_depends_on_its_projects_there(office: Office) -> None:
    rows = [item.project for item in office.items if item.project]
    office.listed = [listed_project(code=row.code, name=row.name, department=row.department, year=2021) for row in rows]
    assert office.again() == [FIRST, SECOND]
    office.listed[3] = office.listed[3].model_copy(update={"name": "改了名"})
    assert office.again() == [SECOND]
    office.listed.append(listed_project(code="P900", department=SECOND, year=2021))
    office.choices["due"] = ""
    assert office.again() == [SECOND]
    office.choices["due"] = "3月10日"
    assert office.again() == [FIRST, SECOND]
    assert office.again() == []


def test_what_the_ledger_knows_of_an_issue_counts_and_what_it_was_asked_beside_is_not_kept(office: Office) -> None:
    issue(office)
    assert office.again() == [FIRST, SECOND]  # there is a ledger now
    assert office.again() == []
    assert office.issued
    key = next(iter(office.issued.issues))
    office.issued = replace(office.issued, issues={key: [Issue("3", 1), Issue("别的", 2, "改过")]})
    assert office.again() == [SECOND]
    assert office.again() == [SECOND]


def test_what_the_ledger_was_told_of_the_same_files_is_no_news(office: Office) -> None:
    """A copy of the first return has come, with an answer; by the next review the ledger knows of it."""
    row = office.items[2].project
    assert row
    key, given = (
        (row.year, row.code),
        UnitAnswer(code="FILL01", place="甲", facts="乙", question="没有填写", answer="已补"),
    )
    change(office, 2, round=1, answers=[given])
    issue(office)
    assert office.issued
    assert office.again() == [FIRST, SECOND]
    office.known["earlier"] = {key: {"3": "3"}}
    office.known["answered"] = {key: [replace(given, version="3")]}
    office.issued = replace(office.issued, rounds={key: {"3": 1}})
    assert office.again() == []
    office.issued = replace(office.issued, rounds={key: {"3": 2}})
    assert office.again() == [SECOND], "a later return has come, and is gone"
    office.known["answered"] = {key: [replace(given, version="3", answer="别的")]}
    assert office.again() == [SECOND], "another program has read something else in it"
    office.known["answered"] = {key: [replace(given, version="以前")]}
    assert office.again() == [SECOND]
    office.known["earlier"] = {key: {"3": "以前"}}
    assert office.again() == [SECOND], "it says again what has come before"
    assert office.again() == []


def test_with_last_year_it_depends_on_what_that_says(office: Office) -> None:
    before = result([project(3, department=SECOND, year=2020), project(9, department=SECOND, year=2020)])
    office.known["last_year"] = LastYear(HeldParts(before))
    assert office.again() == [FIRST, SECOND]
    office.known["last_year"] = LastYear(HeldParts(before))
    assert office.again() == []
    others = tuple(row.model_copy(update={"annual_goal": "别的目标"}) for row in before.projects)
    office.known["last_year"] = LastYear(HeldParts(before.model_copy(update={"projects": others})))
    assert office.again() == [FIRST, SECOND]


def test_one_project_alone_has_nothing_to_be_compared_with(office: Office) -> None:
    del office.items[1:4]
    assert office.again() == [FIRST]
    assert office.again() == []


def test_entries_of_another_office_or_program_or_damaged_ones_are_not_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.again("别的局") == [FIRST, SECOND]
    assert office.again() == [FIRST, SECOND]
    whole = dict(office.store.entries)
    office.store.entries = {name: data[:-1] for name, data in whole.items()}
    assert office.again() == [FIRST, SECOND]
    monkeypatch.setattr(kept_records, "digest_program", lambda: "another")
    assert office.again() == [FIRST, SECOND]


def test_what_would_not_come_back_the_same_is_not_kept(office: Office) -> None:
    change(office, 0, findings=[finding("FILL01", project_code=office.items[0].project.code, file="半\udcff字.xlsx")])  # type: ignore[union-attr]
    assert office.again() == [FIRST]
    assert office.again() == [FIRST]


def test_what_is_kept_is_no_pickle(office: Office) -> None:
    assert office.store.entries
    for data in office.store.entries.values():
        size = int.from_bytes(data[32:36], "big")
        assert all(is_exact(one) for one in (data[36 : 36 + size], data[36 + size :]))
