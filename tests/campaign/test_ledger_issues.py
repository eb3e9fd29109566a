"""What the ledger knows of issues and of trust, the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import MOF, project
from ledger_facts import accepted, day, issued, received, record_review, result, told

from workbook_tools.campaign.ledger import IssuedFile, Ledger
from workbook_tools.campaign.ledger.records import ReturnedFile
from workbook_tools.core.states import AcceptedVersion, Acceptor
from workbook_tools.core.trust import Trust
from workbook_tools.form.identity import Issue, pack_project
from workbook_tools.review.trust import IssuedForm

FIRST, SECOND = Issue("a1", 1, "d1"), Issue("a2", 2, "d2")


def issue_of(issue: Issue, sha256: str, **changes: str) -> IssuedFile:
    """A workbook of that issue."""
    whole = {"project": pack_project(project()), "scheme_sha256": MOF.digest, "scheme_content": MOF.content_text}
    return issued(
        sha256=sha256, issue_id=issue.id, issue_round=issue.round, content_sha256=issue.digest, **{**whole, **changes}
    )


def test_the_issues_of_a_project_are_known_in_their_order_and_can_be_read_again(location: str | Path) -> None:
    with Ledger.open(location) as ledger:
        ledger.record_issued([issued(sha256="of an older program"), issue_of(FIRST, "i1")], day(1))
        ledger.record_issued([issue_of(SECOND, "i2"), issue_of(SECOND, "with macros")], day(2))
        assert ledger.find_issues([2024]) == {(2024, "P001"): [FIRST, SECOND, SECOND]}
        assert ledger.find_issues([2023]) == {}
        assert ledger.read_issued_forms([SECOND, Issue("unknown")]) == {"a2": IssuedForm("1", project(), MOF)}


def test_what_the_ledger_does_not_have_whole_is_left_out(location: str | Path) -> None:
    with Ledger.open(location) as ledger:
        ledger.record_issued(
            [issue_of(FIRST, "i1", project="?"), issue_of(SECOND, "i2", scheme_sha256="?", scheme_content="")], day(1)
        )
        assert ledger.read_issued_forms([FIRST, SECOND]) == {}


def test_the_last_return_that_came_back_since_an_issue_is_that_of_trusted_copies(location: str | Path) -> None:
    files = (
        received(sha256="r1", trust=Trust.CURRENT),
        received(sha256="r2", trust=Trust.CURRENT, round=1),
        received(sha256="r3", trust=Trust.UNVERIFIED, round=7),
    )
    with Ledger.open(location) as ledger:
        ledger.record_issued([issue_of(FIRST, "i1")], day(1))
        ledger.record_received(files, day(3))
        ledger.record_issued([issue_of(SECOND, "i2")], day(4))
        assert ledger.find_rounds([2024]) == {(2024, "P001"): {"a1": 1}}
        ledger.record_received([received(sha256="r4", trust=Trust.CURRENT, round=2)], day(5))
        assert ledger.find_rounds([2024]) == {(2024, "P001"): {"a1": 2, "a2": 2}}


def test_a_copy_of_an_earlier_issue_is_no_return_of_what_was_issued_since(location: str | Path) -> None:
    """It has the same content, so that it can be trusted as much, and came after the reissue."""
    copies = (received(sha256=f"r{n}", trust=Trust.CURRENT, round=n, issue_id=i) for n, i in ((2, "a1"), (1, "a2")))
    with Ledger.open(location) as ledger:
        ledger.record_issued([issue_of(FIRST, "i1")], day(1))
        ledger.record_issued([issue_of(SECOND, "i2")], day(4))
        ledger.record_received(copies, day(5))
        assert ledger.find_rounds([2024]) == {(2024, "P001"): {"a1": 2, "a2": 1}}


def test_a_clock_that_was_ahead_makes_no_copy_one_of_what_was_issued_after_it(location: str | Path) -> None:
    with Ledger.open(location) as ledger:
        ledger.record_issued([issue_of(FIRST, "i1")], day(1))
        ledger.record_received([received(sha256="r1", trust=Trust.CURRENT, round=1)], day(20))
        ledger.record_issued([issue_of(SECOND, "i2")], day(4))
        assert ledger.find_rounds([2024]) == {(2024, "P001"): {"a1": 1}}


def test_a_clock_that_is_set_back_counts_no_return_again(location: str | Path) -> None:
    copy = ReturnedFile(2024, "P001", "退回/P001.xlsx")
    with Ledger.open(location) as ledger:
        for number, on in ((1, 20), (2, 4)):
            file = received(sha256=f"r{number}")
            record_review(ledger, [(result(file), [file])], day(on))
            ledger.record_returned([copy], day(on))
        assert ledger.rounds([2024]) == {(2024, "P001"): 2}


def test_a_ledger_that_knows_less_than_the_copies_counts_on_from_them(location: str | Path) -> None:
    """It was restored from a backup of the day before the second return."""
    copy = received(sha256="r3", trust=Trust.CURRENT, round=2)
    with Ledger.open(location) as ledger:
        record_review(ledger, [(result(copy), [copy])], day(9))
        assert ledger.rounds([2024]) == {(2024, "P001"): 3}
        ledger.record_returned([ReturnedFile(2024, "P001", "退回/P001.xlsx")], day(9))
        assert ledger.rounds([2024]) == {(2024, "P001"): 3}


def test_a_content_is_known_by_the_file_that_said_it_first(location: str | Path) -> None:
    with Ledger.open(location) as ledger:
        for number, content in enumerate(("甲", "乙", "甲"), 1):
            ledger.record_received([received(sha256=f"s{number}", content=content)], day(number))
        assert ledger.find_contents([2024]) == {(2024, "P001"): {"甲": "s1", "乙": "s2"}}


def test_an_answer_says_how_far_its_file_could_be_trusted(location: str | Path) -> None:
    file = replace(received(trust=Trust.BLANK_FORM), answers=(told("次年到账"),))
    with Ledger.open(location) as ledger:
        ledger.record_received([file], day(3))
        assert [a.trust for a in ledger.find_answers([2024])[2024, "P001"]] == [Trust.BLANK_FORM]


def test_an_accepted_version_is_kept_as_it_was_then(location: str | Path) -> None:
    """Later reviews of it change nothing: what depends on it is not settled anew."""
    first, second = received(content="甲"), received(sha256="r2", file="又一份.xlsx")
    with Ledger.open(location) as ledger:
        record_review(ledger, [(result(first, total=70.0, grade="中"), [first])], day(3))
        record_review(ledger, [(result(first, total=90.0), [first])], day(4))
        ledger.accept([(2024, "P001")], "王强", day(5))
        record_review(ledger, [(result(first, total=80.0, grade="良"), [first])], day(6))
        record_review(ledger, [(result(second, total=60.0, grade="差"), [second])], day(7))
        ledger.accept([(2024, "P001")], "李敏", day(8), "已核对")
        (versions,) = ledger.find_accepted([2024]).values()
    when = [day(number).astimezone().strftime("%Y-%m-%d %H:%M") for number in (5, 8)]
    assert [*versions.items()] == [
        ("r1", AcceptedVersion(Acceptor("王强"), when[0], first.file, "甲", 90.0, "优")),
        ("r2", AcceptedVersion(Acceptor("李敏", "已核对"), when[1], "又一份.xlsx", "", 60.0, "差")),
    ]


@pytest.mark.parametrize(("trust", "bulk"), [(Trust.CURRENT, True), (Trust.HAND_MADE, False)])
def test_status_and_acceptance_carry_trust_and_reason(location: str | Path, trust: Trust, bulk: bool) -> None:
    file = received()
    row = result(file).projects[0].model_copy(update={"trust": trust, "trust_reason": "没有签名"})
    with Ledger.open(location) as ledger:
        record_review(ledger, [(result(file).model_copy(update={"projects": (row,)}), [file])], day(3))
        ledger.accept([(2024, "P001")], "王强", day(4), "已核对原件")
        (status,) = ledger.status([project()], day(5))
        assert (status.trust, status.trust_reason, status.is_accepted_in_bulk) == (trust, "没有签名", bulk)
        assert (status.accepted_because, status.first_step) == ("已核对原件", "王强已接收，理由：已核对原件")
        assert accepted(ledger) == {(2024, "P001"): {"r1": Acceptor("王强", "已核对原件")}}
