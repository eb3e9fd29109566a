"""审核: what came back to a working folder, reviewed with its list, its key and its settings, and entered in the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.defaults import read_list_elsewhere, settings_of
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.campaign.inspection_record import find_second_looks, has_record, with_second_looks
from workbook_tools.campaign.kept_rooms import name_review, open_outputs, open_records, open_room
from workbook_tools.campaign.last_year import open_last_year
from workbook_tools.campaign.ledger.keeping import (
    find_accepted,
    find_earlier_answers,
    find_earlier_contents,
    find_issue_book,
)
from workbook_tools.campaign.ledger.noting_review import ReviewNoting
from workbook_tools.campaign.output_drawing import ANY_COUNT, choose_output_drawing
from workbook_tools.campaign.worker_choice import follow_settings
from workbook_tools.core.codes import Severity
from workbook_tools.core.digests import digest_facts
from workbook_tools.core.errors import OutputError, SettingsError
from workbook_tools.core.faces import AnyPath, Watch
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import (
    HeldParts,
    ResultParts,
    WorkBeside,
    count_all_projects,
    find_digest,
    hold_whole,
    nothing_beside,
)
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import Acceptor
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.files.sources import Prepare
from workbook_tools.files.stored_projects import ListedProjects, list_names
from workbook_tools.results import StoredResult, write_results
from workbook_tools.results.department_books import DRAWING
from workbook_tools.results.folder import EarlierTyped, carry_rulings, is_behind
from workbook_tools.results.names import list_workbooks
from workbook_tools.results.opened_parts import open_parts
from workbook_tools.review import Review
from workbook_tools.review.folder import review_meanwhile
from workbook_tools.review.given import KnownBefore, OfficeChoices
from workbook_tools.review.many_files import load_reading
from workbook_tools.review.review_parts import list_errors
from workbook_tools.review.states import drop_exchanged, find_acceptor, mark_states

if TYPE_CHECKING:
    from workbook_tools.results.typed_cells import TypedCells
    from workbook_tools.review.batch_work import Workers
    from workbook_tools.workbooks.reading import Keys


@dataclass(frozen=True, slots=True)
class ReviewedInbox:
    """The outcome of a review in a working folder."""

    review: Review
    stored: StoredResult | None = None
    """The result as it was written, with what finance has decided in force."""
    unrecorded: str = ""
    """Why the ledger does not know of it, as a sentence for the user; empty where it does."""

    @property
    def parts(self) -> ResultParts:
        """The result department by department; with finance's decisions in force, if it was written."""
        return self.stored.parts if self.stored else self.review.parts

    @property
    def result(self) -> ReviewResult:
        """The whole result, in memory."""
        return self.stored.result if self.stored else self.review.result

    @property
    def has_errors(self) -> bool:
        """Some reviewed file has an error."""
        return any(list_errors(self.review.parts))


@follow_settings()
def review_inbox(
    campaign: Campaign | None,
    inbox: AnyPath,
    keys: Keys,
    now: datetime,
    *,
    out: Path | None = None,
    project_list: Path | None = None,
    year: int = 0,
    scheme: str = "",
    workers: Workers = 0,
    prepare: Prepare | None = None,
    fresh: bool = False,
    data: bool = False,
    watch: Watch | None = None,
) -> ReviewedInbox:
    """Review a folder as :func:`review_folder` does, write 审核结果 into ``out``, and note in the working folder's ledger what came.

    What finance has typed into an earlier 审核结果 there is in force: the ledger notes the same states. Without ``out``
    nothing is written. What came of files that have not changed since an earlier review is taken from there, unless all is
    to be done ``fresh``. ``data``: 审核数据 is written too, however few projects there are.

    What is not named is the working folder's: list, year, scheme, authority, choice of checks, the office's own schemes and words.
    Raises SettingsError (no such folder or list, no year for a list), SchemeError, OutputError.
    """
    settings = settings_of(campaign)
    send = settings.deadlines.send
    choices = OfficeChoices(
        scheme=scheme or settings.scheme,
        authority=settings.authority,
        checks=settings.checks,
        due=send.text if send and not send.over(now) else "",
        load=campaign.scheme if campaign else None,
    )
    faults: list[str] = []
    with open_records(campaign, keys, out, fresh=fresh) as records:
        typed = EarlierTyped(out, records, choose_output_drawing(ANY_COUNT, _find_here(workers))) if out else None
        expected = _read_expected(campaign, project_list, year, scheme, fresh=fresh)
        with open_room(campaign, name_review(campaign, inbox), fresh=fresh) as kept:
            review = review_meanwhile(
                inbox,
                partial(_learn, campaign, year, expected, faults),
                choices,
                typed.read_ahead if typed else None,
                keys=keys,
                importing=choose_importing(campaign, scheme, year),
                workers=workers,
                prepare=prepare,
                kept=kept,
                watch=watch,
            )
        noting = ReviewNoting(campaign, review.items, now, records)
        looked = _add_second_looks(campaign, review)
        with open_outputs(campaign, fresh=fresh) as outputs:
            stored = None
            if out and typed:
                given = typed.read()
                stored = _write(
                    campaign,
                    looked,
                    out,
                    outputs,
                    records,
                    data=data,
                    workers=workers,
                    given=given,
                    beside=noting.describe_ahead,
                )
        if campaign and not stored:
            review = replace(review, parts=HeldParts(carry_rulings(looked.result, campaign.result_file.parent)))
        done = ReviewedInbox(review, stored)
        unrecorded = noting.note(done.parts)
    return replace(done, unrecorded=unrecorded or "".join(faults[:1]))


def _learn(
    campaign: Campaign | None, year: int, expected: tuple[ListedProjects | None, list[Finding]], faults: list[str]
) -> KnownBefore:
    """What the list, the ledger and last year's result say. ``faults`` gets a sentence if the ledger cannot be read."""
    settings = settings_of(campaign)
    listed, findings = expected
    years = {settings.year, year, *(named.year for named in list_names(listed.projects if listed else ()))}
    return KnownBefore(
        projects=listed.projects if listed else None,
        findings=findings,
        year=settings.year or (listed.year if listed else 0),
        answered=find_earlier_answers(campaign, years, faults),
        earlier=find_earlier_contents(campaign, years, faults),
        issued=find_issue_book(campaign, years, faults),
        find_accepted=lambda years: find_accepted(campaign, years, faults),
        last_year=open_last_year(campaign),
    )


def _add_second_looks(campaign: Campaign | None, review: Review) -> Review:
    """The review with what reviewers found (复核) added; findings stay as they are."""
    if not has_record(campaign):
        return review
    looks = find_second_looks(campaign)
    return replace(review, parts=_change(review.parts, partial(with_second_looks, looks=looks), made_from=looks))


def refresh_states(campaign: Campaign, accepted: Mapping[str, Acceptor | None]) -> StoredResult | None:
    """Bring the working folder's 审核结果 up to date with acceptance: ``accepted`` maps codes to who has accepted them, ``None`` if nobody any more.

    Returns the result as written, which says where a workbook saved by hand was moved; ``None`` if nothing changes, or nothing was reviewed
    yet. Raises OutputError with the reason.
    """
    try:
        return _refresh(campaign, partial(_mark_accepted, accepted=accepted))
    except (SettingsError, OutputError) as exc:
        raise OutputError(f"台账已登记，但审核结果里的状态没有更新：{exc} 下次运行 wbt review 时更新。") from None


def refresh_second_looks(campaign: Campaign) -> str:
    """Bring the 审核结果 of the working folder up to date with what reviewers have found (复核); a sentence for the user where
    a workbook that was saved by hand was moved. Raises as :func:`refresh_states`."""
    try:
        stored = _refresh(campaign, partial(with_second_looks, looks=find_second_looks(campaign)))
    except (SettingsError, OutputError) as exc:
        raise OutputError(f"复核结果已经记下，但审核结果没有更新：{exc} 下次运行 wbt review 时更新。") from None
    return stored.told_aside if stored else ""


def _refresh(campaign: Campaign, change: Callable[[ReviewResult], ReviewResult]) -> StoredResult | None:
    """Write 审核结果 anew with each part changed, where that makes a difference. Raises SettingsError, OutputError."""
    if not campaign.result_file.exists():
        return None
    before = open_parts(campaign.result_file)
    changed = _change(before, change)
    if _are_same(before, changed) and not is_behind(campaign.result_file.parent):
        return None
    with keep_review_time(campaign.result_file), open_outputs(campaign) as outputs:
        review = Review(changed, folder=campaign.folder("回收"))
        return _write(campaign, review, campaign.result_file.parent, outputs)


def _write(
    campaign: Campaign | None,
    review: Review,
    folder: Path,
    outputs: EarlierOutputs,
    records: KeptRecords | None = None,
    *,
    data: bool = False,
    workers: Workers = 0,
    given: TypedCells | None = None,
    beside: WorkBeside = nothing_beside,
) -> StoredResult:
    """Write 审核结果 in the way of the working folder."""
    wanted = settings_of(campaign).results
    count = count_all_projects(review.parts)
    here = _find_here(workers)
    return write_results(
        review,
        folder,
        outputs,
        most=wanted.one_workbook,
        data=data or wanted.data,
        given=given,
        records=records,
        beside=beside,
        draw_all=choose_output_drawing(count, workers, DRAWING),
        write_all=choose_output_drawing(count, here, DRAWING),
    )


def _find_here(workers: Workers) -> int:
    """Workers of this computer alone: what a review has settled is in its temporary files."""
    return workers if isinstance(workers, int) else 0


class ChangedParts:
    """A stored result whose parts are changed as they are read."""

    def __init__(
        self, parts: ResultParts, change: Callable[[ReviewResult], ReviewResult], made_from: object = None
    ) -> None:
        """``made_from``: all that the change depends on except the part; ``None`` if not known."""
        self._parts, self._change, self._made_from = parts, change, made_from
        self.head, self.sizes = parts.head, parts.sizes

    def read(self, department: str) -> ReviewResult:
        """A department's part."""
        return self._change(self._parts.read(department))

    def read_rest(self) -> ReviewResult:
        """What belongs to none."""
        return self._change(self._parts.read_rest())

    def find_digest(self, department: str) -> str:
        """The digest of the changed part; blank if not known."""
        digest = find_digest(self._parts, department)
        return digest_facts(digest, self._made_from) if digest and self._made_from is not None else ""


def _change(
    parts: ResultParts, change: Callable[[ReviewResult], ReviewResult], made_from: object = None
) -> ResultParts:
    if isinstance(parts, HeldParts):
        return HeldParts(change(hold_whole(parts)))
    return ChangedParts(parts, change, made_from)


def _mark_accepted(part: ReviewResult, accepted: Mapping[str, Acceptor | None]) -> ReviewResult:
    known = {row.code: accepted.get(row.code, find_acceptor(row)) for row in part.projects}
    part = drop_exchanged(part, {code for code, acceptor in accepted.items() if acceptor})
    return mark_states(part, {code: acceptor for code, acceptor in known.items() if acceptor})


def _are_same(parts: ResultParts, others: ResultParts) -> bool:
    same = all(parts.read(name) == others.read(name) for name in parts.sizes)
    return same and parts.read_rest() == others.read_rest()


@contextmanager
def keep_review_time(data: Path) -> Iterator[None]:
    """Keep the time of the last review on what is written in this block, so that files which came since still count as not reviewed."""
    moment = data.stat().st_mtime
    yield
    for path in (data, *list_workbooks(data)):
        with suppress(OSError):
            os.utime(path, (moment, moment))


def _read_expected(
    campaign: Campaign | None, path: Path | None, year: int, scheme: str, *, fresh: bool
) -> tuple[ListedProjects | None, list[Finding]]:
    """The project list to compare with, if any, read by other processes; mistakes in the list are reported by ``generate``."""
    source = path or (campaign.project_list if campaign and campaign.project_list.exists() else None)
    if source is None:
        return None, []
    from workbook_tools.review.lists_elsewhere import Meanwhile  # without a list nobody needs it

    meanwhile = Meanwhile(load_reading, lambda _sample: iter(()))
    listed, findings = read_list_elsewhere(campaign, source, year, scheme, meanwhile, fresh=fresh)
    unreadable = [f for f in findings if not f.project_code and f.severity is Severity.ERROR]
    return (listed if listed.projects else None), unreadable
