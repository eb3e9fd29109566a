"""What a review is given besides the files: what is known of their projects, and what the office has chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Project
from workbook_tools.review.answering import EarlierAnswers
from workbook_tools.review.exchanged_files import AcceptedVersions
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.precedence import EarlierContents
from workbook_tools.review.trust import IssueBook
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBefore:
    """What the project list, the ledger and last year's result say."""

    projects: Sequence[Project] | None = None
    """The project list: what is on it and has not come is missing, what is not on it does not count; ``None`` where there is no list."""
    findings: Iterable[Finding] = ()
    """Findings that no submitted file gives, such as those about the list."""
    year: int = 0
    """自评年度; 0 = the newest year that came."""
    answered: EarlierAnswers = field(default_factory=dict)
    """What units answered to 提醒 in earlier rounds."""
    earlier: EarlierContents = field(default_factory=dict)
    """What earlier versions of a project's file contained."""
    issued: IssueBook | None = None
    """What was issued, by the ledger: without it no workbook is known to be 本期下发."""
    find_accepted: Callable[[Collection[int]], AcceptedVersions] | None = None
    """Which versions of the projects of these years are accepted."""
    last_year: LastYear | None = None
    """The result of the year before, with which each project is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChoices:
    """What holds for the whole review."""

    scheme: str = DEFAULT_SCHEME
    """Id of the campaign's scheme, for titles: each project is scored under the scheme that it was issued with."""
    authority: str = ""
    """Name of the office, for titles."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """Code → ``off`` or another severity, as wbt.toml says."""
    due: str = ""
    """Until when files may still come; blank where that is over or unknown. A project that may still come is no error yet."""
    load: Callable[[str], Scheme] | None = None
    """The office's scheme of an id as it is now: a finding says where it has been edited since workbooks were issued."""
