"""What commands record in the ledger when they are done, and ask of it.

No command depends on the ledger. If it cannot be written, the functions here return a sentence for the user, and running the
same command again records what is missing; if all is well they return a blank one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.records import (
    DisclosedFacts,
    IssuedFile,
    KnownVersion,
    LedgerError,
    MatterRecord,
    PackedZip,
    ProjectKey,
    PublicCount,
    PublishedFile,
    ReturnedFile,
)
from workbook_tools.core.model import Project
from workbook_tools.core.questions import UnitAnswer
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.core.states import AcceptedVersion
from workbook_tools.form.identity import Issue, SigningKey, pack_project
from workbook_tools.form.layout import CURRENT_VERSION
from workbook_tools.review.trust import IssueBook, IssuedForm

if TYPE_CHECKING:
    from workbook_tools.campaign.ledger.book import Ledger
    from workbook_tools.rules.scheme import Scheme
    from workbook_tools.workbooks.generating import Generated

Found = TypeVar("Found")


def load_ledger(*, new: bool) -> None:
    """Load what the ledger needs, while there is time for it; also what makes a ``new`` one, if there is none yet."""
    from workbook_tools.campaign.ledger import book  # noqa: F401

    if new:
        from workbook_tools.campaign.ledger import migrating  # noqa: F401


def note_issued(
    campaign: Campaign | None,
    made: Iterable[tuple[Project, Generated]],
    key: SigningKey,
    scheme_of: Callable[[Project], Scheme],
    at: datetime,
) -> str:
    """Record the workbooks that were written, but not those that were kept from being overwritten: they were not issued."""
    if campaign is None:
        return ""
    files = (
        _describe_issued(campaign, project, item, key, scheme_of(project))
        for project, item in made
        if not item.finding and not item.kept
    )
    try:
        with campaign.open_ledger() as ledger:
            ledger.record_issued(files, at)
    except (LedgerError, OSError) as exc:
        return _say_unrecorded(exc, "工作簿已照常生成")
    return ledger.trouble


def find_unrecorded(campaign: Campaign | None, items: Sequence[Generated]) -> list[int]:
    """The places of those of ``items`` that the ledger does not know; all if it cannot be read."""
    files = ((item.year, item.code, item.sha256) for item in items)
    unknown = _ask(campaign, lambda ledger: ledger.find_unrecorded(files), None, [])
    return [place for place, _ in enumerate(items) if unknown is None or unknown[place]]


def find_issued_codes(campaign: Campaign, files: Iterable[Path]) -> dict[Path, str]:
    """File → code of its project, for those that were ever issued; empty if the ledger cannot be read."""
    names = {make_relative(path, campaign.root): path for path in files}
    nothing = dict[str, str]()
    codes = _ask(campaign, lambda ledger: ledger.find_codes(names), nothing, []) if names else nothing
    return {names[name]: code for name, code in codes.items()}


def read_rounds(campaign: Campaign | None, years: Collection[int], faults: list[str]) -> dict[ProjectKey, int]:
    """Project → the number of its return, with the version that counts now; empty if the ledger cannot be read.

    The reason is added to ``faults`` as a sentence for the user, here and below.
    """
    return _ask(campaign, lambda ledger: ledger.rounds(years), {}, faults)


def find_earlier_answers(
    campaign: Campaign | None, years: Collection[int], faults: list[str]
) -> Mapping[ProjectKey, list[UnitAnswer]]:
    """What units answered to 提醒 in earlier rounds of these years; nothing where the ledger cannot be read."""
    return _ask(campaign, lambda ledger: ledger.find_answers(years), {}, faults)


def find_earlier_contents(
    campaign: Campaign | None, years: Collection[int], faults: list[str]
) -> Mapping[ProjectKey, dict[str, str]]:
    """What versions that came in earlier rounds said, as :meth:`Ledger.find_contents`; nothing where the ledger cannot be read."""
    return _ask(campaign, lambda ledger: ledger.find_contents(years), {}, faults)


def find_versions(
    campaign: Campaign, projects: Collection[ProjectKey], faults: list[str]
) -> dict[ProjectKey, list[KnownVersion]]:
    """The versions of these projects, as :meth:`Ledger.find_versions`; none where the ledger cannot be read."""
    return _ask(campaign, lambda ledger: ledger.find_versions(projects), {}, faults)


def find_issue_book(campaign: Campaign | None, years: Collection[int], faults: list[str]) -> IssueBook | None:
    """What the ledger knows about issues and returns; ``None`` if it cannot be read."""

    def make(ledger: Ledger) -> IssueBook | None:
        read = partial(_read_issued_forms, campaign, faults)
        return IssueBook(ledger.find_issues(years), read, ledger.find_rounds(years), faults)

    return _ask(campaign, make, None, faults)


def _read_issued_forms(
    campaign: Campaign | None, faults: list[str], issues: Collection[Issue]
) -> dict[str, IssuedForm]:
    return _ask(campaign, lambda ledger: ledger.read_issued_forms(issues), {}, faults) if issues else {}


def find_last_issues(campaign: Campaign | None, years: Collection[int], faults: list[str]) -> dict[ProjectKey, Issue]:
    """Project → its last issue; empty if the ledger cannot be read."""
    return _ask(campaign, lambda ledger: ledger.find_last_issues(years), {}, faults)


def find_accepted(
    campaign: Campaign | None, years: Collection[int], faults: list[str]
) -> Mapping[ProjectKey, dict[str, AcceptedVersion]]:
    """The versions that are accepted, as :meth:`Ledger.find_accepted`; nobody where the ledger cannot be read."""
    return _ask(campaign, lambda ledger: ledger.find_accepted(years), {}, faults)


def _ask(campaign: Campaign | None, ask: Callable[[Ledger], Found], otherwise: Found, faults: list[str]) -> Found:
    """The answer of the ledger; ``otherwise`` if there is no working folder, or the ledger cannot be read."""
    if campaign is None:
        return otherwise
    try:
        with campaign.open_ledger() as ledger:
            return ask(ledger)
    except LedgerError as exc:
        faults.append(f"没有查到台账里以前的登记：{exc} 这一次没有用上它们；问题解决后请重新运行本命令。")
        return otherwise


def note_returned(campaign: Campaign | None, copies: Iterable[tuple[ProjectRow, Path]], at: datetime) -> str:
    """Record the marked copies that were made for these reviewed projects."""
    if campaign is None:
        return ""
    files = [ReturnedFile(row.year, row.code, make_relative(path, campaign.root)) for row, path in copies]
    return record_in(campaign, lambda ledger: ledger.record_returned(files, at), "退回的文件已照常生成")


def note_packed(campaign: Campaign, zips: Iterable[PackedZip], at: datetime) -> str:
    """Record the zips that were made for departments."""
    return record_in(campaign, lambda ledger: ledger.record_packed(zips, at), "压缩包已照常写出")


def note_published(campaign: Campaign, files: Iterable[PublishedFile], at: datetime) -> str:
    """Record the files that were written for the public."""
    return record_in(campaign, lambda ledger: ledger.record_published(files, at), "公开版已照常写出")


def note_disclosure(
    campaign: Campaign, counts: Collection[PublicCount], typed: Collection[DisclosedFacts], at: datetime
) -> str:
    """Record how much of departments is public, and what finance typed of it."""
    return record_in(campaign, lambda ledger: ledger.record_disclosure(counts, typed, at), "公开情况表已照常写出")


def note_matters(campaign: Campaign, steps: Iterable[MatterRecord], at: datetime) -> str:
    """Record steps of matters that units have to mend."""
    return record_in(campaign, lambda ledger: ledger.record_matters(steps, at), "文件已照常写出")


def record_in(campaign: Campaign, record: Callable[[Ledger], object], done: str) -> str:
    """Let the ledger record something. Returns a blank text, or why it could not and what was ``done`` all the same."""
    try:
        with campaign.open_ledger() as ledger:
            record(ledger)
    except LedgerError as exc:
        return _say_unrecorded(exc, done)
    return ledger.trouble


def _say_unrecorded(fault: Exception, done: str) -> str:
    return f"没有登记台账：{fault} {done}；问题解决后重新运行本命令即可补记。"


def _describe_issued(
    campaign: Campaign, project: Project, item: Generated, key: SigningKey, scheme: Scheme
) -> IssuedFile:
    return IssuedFile(
        year=project.year,
        code=project.code,
        name=project.name,
        department=project.department,
        unit=project.unit,
        file=make_relative(item.path, campaign.root),
        sha256=item.sha256 or hashlib.sha256(item.path.read_bytes()).hexdigest(),
        key_id=key.id,
        layout_version=CURRENT_VERSION,
        scheme=scheme.id,
        scheme_sha256=scheme.digest,
        issue_id=item.issue.id,
        issue_round=item.issue.round,
        content_sha256=item.issue.digest,
        project=pack_project(project),
        scheme_content=scheme.content_text,
    )


def make_relative(path: Path, root: Path) -> str:
    """The path inside the working folder, so that the folder can be moved."""
    full, base = path.resolve(), root.resolve()
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else full.as_posix()
