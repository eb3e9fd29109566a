"""Other computers draw and review without the office's key: nothing that is sent to them holds it, and what comes of it is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.reporting import report_result
from workbook_tools.campaign.returning import return_files
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.files.carrying import Carrier, received
from workbook_tools.form.identity import SigningKey
from workbook_tools.review.batch_work import Limits
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

NOW = datetime(2022, 3, 1, tzinfo=UTC)
_SIGNED = re.compile(r"([1-9]\d*:[0-9a-f]{16}:[01]:|[0-9a-f]{8}:)[0-9a-f]{64}")
"""A mark of a return, or any other signature."""


class Elsewhere:
    """Another computer in this process; what is sent to it is kept."""

    def __init__(self, root: Path, *, has_folder: bool = False) -> None:
        self.has_folder, self._shared = has_folder, str(root) if has_folder else ""
        self._carrier, self.sent = Carrier(root, with_files=not has_folder), bytearray()

    def do(
        self,
        batches: Iterable[Sequence[Any]],
        work: Callable[[Iterable[Any]], list[Any]],
        give_up: object,
        *,
        limits: Limits,
        in_order: bool = True,
    ) -> Iterator[list[Any]]:
        for batch in batches:
            parcel = self._carrier.pack((work, batch))
            self.sent += parcel.content + b"".join(file.data or b"" for file in parcel.files)
            with received(parcel, self._shared) as ((their_work, theirs), carrier):
                answer = carrier.pack(their_work(theirs)).content
            yield self._carrier.open(answer)

    def knows(self, key: SigningKey) -> bool:
        return key.secret in self.sent or key.text.encode() in self.sent


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return Campaign.create(tmp_path / "自评2021", Settings(year=2021, authority="示例县财政局", scheme="quwo"))


def list_projects() -> list[Any]:
    return [project for project in load_example().projects if project.year == 2021]


def forge(source: Path, target: Path, *, cell: int) -> None:
    """A copy in which a signature of the hidden sheet, the first or a later one, is another."""
    book = openpyxl.load_workbook(source)
    cells = [c for row in book["标识"].iter_rows() for c in row if _SIGNED.fullmatch(str(c.value))]
    cells[cell].value = str(cells[cell].value)[:-1] + ("0" if str(cells[cell].value)[-1] != "0" else "1")
    book.save(target)


def test_workbooks_that_others_draw_are_those_of_this_computer(campaign: Campaign, tmp_path: Path) -> None:
    projects, key = list_projects(), campaign.signing_key()
    folder, there = campaign.folder("下发"), Elsewhere(campaign.root)
    for macros in (False, True):
        here = issue_workbooks(campaign, projects, folder, key, NOW, macros=macros, workers=1)
        others = issue_workbooks(campaign, projects, folder, key, NOW, macros=macros, workers=there, fresh=True)
        assert here.made and [item.unchanged for item in others.items] == [True] * len(projects)
        assert [(item.path, item.issue) for item in others.items] == [(item.path, item.issue) for item in here.items]
    again = issue_workbooks(campaign, projects, folder, key, NOW, workers=1)  # known as made from the same
    assert not again.written
    assert there.sent and not there.knows(key)


def test_a_workbook_that_cannot_be_drawn_is_refused_as_here(campaign: Campaign) -> None:
    project = list_projects()[0].model_copy(update={"annual_goal": "长" * 40_000})
    told = [
        [(item.finding.code, item.path) for item in done.items if item.finding]
        for done in (
            issue_workbooks(campaign, [project], campaign.folder("下发"), campaign.signing_key(), NOW, workers=workers)
            for workers in (1, Elsewhere(campaign.root))
        )
    ]
    assert told[0] == told[1] and told[0]


def test_what_others_review_is_verified_here(campaign: Campaign) -> None:
    key, other, inbox = campaign.signing_key(), SigningKey.new(), campaign.folder("回收")
    keys = campaign.known_keys() | {other.id: SigningKey(other.secret, revoked=True)}
    projects = list_projects()
    generate(projects[2:], inbox, key, campaign.notice, prefill=True)
    generate(projects[:1], inbox, other, campaign.notice, prefill=True)
    generate(projects[1:2], inbox, SigningKey.new(), campaign.notice, prefill=True)
    result = review_inbox(campaign, inbox, keys, NOW, out=campaign.folder("审核"), workers=1).result
    return_files(campaign, result, inbox, campaign.folder("退回"), keys, NOW)
    first, second = sorted(campaign.folder("退回").rglob("*.xlsx"))
    next(inbox.rglob(first.name)).unlink()
    forge(first, inbox / "封印.xlsx", cell=0)
    for number in (1, -1):
        forge(second, inbox / f"退回{number}.xlsx", cell=number)
    there = Elsewhere(campaign.root)
    done = [review_inbox(campaign, inbox, keys, NOW, workers=workers, fresh=True).review for workers in (1, there)]
    assert done[0].result == done[1].result
    assert done[0].files == done[1].files
    assert {"TAMPER01", "TAMPER08", "TAMPER12"} <= {found.code for found in done[1].result.findings}
    assert there.sent and not there.knows(key) and not there.knows(other)


def test_who_draws_outputs_is_sent_no_key(campaign: Campaign) -> None:
    key, inbox = campaign.signing_key(), campaign.folder("回收")
    generate(list_projects()[:1], inbox, key, campaign.notice, prefill=True)
    there = Elsewhere(campaign.root, has_folder=True)
    keys = campaign.known_keys()
    result = review_inbox(campaign, inbox, keys, NOW, out=campaign.folder("审核"), workers=there).parts
    merge_result(campaign, result, campaign.folder("汇总"), workers=there)
    report_result(campaign, result, campaign.folder("报告"), campaign.result_file, NOW, only=(), workers=there)
    assert there.sent and not there.knows(key)
