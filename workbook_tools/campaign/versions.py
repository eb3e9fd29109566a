"""The version of a project that counts beside the one before it: in 回收, or where that is gone in the copy that was returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.campaign.ledger.keeping import find_versions
from workbook_tools.campaign.ledger.records import KnownVersion
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.files.sources import SourceFile
from workbook_tools.files.stored_projects import ListedProject
from workbook_tools.form.submission import Submission
from workbook_tools.legacy.conversion.listed_projects import ProjectFinder
from workbook_tools.legacy.intake import take_in
from workbook_tools.returns.archiving import ARCHIVE
from workbook_tools.review.versions import ChangedValue, compare_versions
from workbook_tools.workbooks.reading import Reading, read_submission


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """The version before the one that counts, and what was changed since."""

    before: KnownVersion
    number: int
    """Which version it is, from 1."""
    changes: tuple[ChangedValue, ...] = ()
    trouble: str = ""
    """Why the two could not be compared, as a sentence for the user."""


def compare_last_version(
    campaign: Campaign, project: ProjectRow, sources: Mapping[str, SourceFile], came: Sequence[ListedProject] = ()
) -> ComparedVersion | None:
    """The last version that came before the one that counts and says something else; ``None`` where there is none.

    ``sources`` are the files in 回收 by name; ``came`` are all projects that came: a form of today is of the one whose name and unit it has.
    Raises SettingsError, SchemeError.
    """
    versions = find_versions(campaign, {(project.year, project.code)}, []).get((project.year, project.code), [])
    if len(versions) < 2 or project.file not in sources:
        return None
    reader = _VersionReader(campaign, project.code, came or [project])
    current = reader.read(sources[project.file])
    if current is None or current.submission is None:
        return _tell_unread(sources[project.file], versions)
    own = next((one for one in versions if one.sha256 == current.sha256), None)
    earlier = _list_earlier(versions, own)
    if not earlier:
        return None
    last = earlier[-1]
    former = _find_former(reader, last, sources)
    if former is None:
        why = f"“{last.file}”已经不在回收里，也没有它的退回副本，比不出改了什么。"
        return ComparedVersion(last, len(earlier), trouble=why)
    return ComparedVersion(last, len(earlier), tuple(compare_versions(former, current.submission)))


def _tell_unread(source: SourceFile, versions: Sequence[KnownVersion]) -> ComparedVersion | None:
    """An old Word file is read by an office program alone, in a review."""
    if not source.is_old_document:
        return None
    ordered = sorted(versions, key=lambda one: (one.received_at, one.at))
    told = f"“{source.name}”是老格式的 Word 文件，比不出改了什么，请打开两份对照着看。"
    return ComparedVersion(ordered[-2], len(ordered) - 1, trouble=told)


def _list_earlier(versions: Sequence[KnownVersion], own: KnownVersion | None) -> list[KnownVersion]:
    """Those before it, the last one last; the same content sent once more is no other version."""
    ordered = sorted(versions, key=lambda one: (one.received_at, one.at))
    before = ordered[: ordered.index(own)] if own else ordered
    return [one for one in before if own is None or not one.content or one.content != own.content]


def _find_former(reader: _VersionReader, version: KnownVersion, sources: Mapping[str, SourceFile]) -> Submission | None:
    """What that version said: as it came, or as its returned copy has it."""
    if version.file in sources and (reading := reader.read(sources[version.file])) and reading.sha256 == version.sha256:
        return reading.submission
    if not version.returned_file:
        return None
    for path in _list_copies(reader.campaign.root / version.returned_file):
        reading = reader.read(SourceFile(path, path.name))
        if reading and reading.mark and reading.mark.round == version.returned_round:
            return reading.submission
    return None


def _list_copies(path: Path) -> Iterator[Path]:
    """Where a copy lies: where it was written, or in the archive, perhaps under a number."""
    if path.is_file():
        yield path
    archive = path.parent.parent / ARCHIVE / path.parent.name
    if archive.is_dir():
        yield from sorted(
            one for one in archive.iterdir() if one.stem.startswith(path.stem) and one.suffix == path.suffix
        )


@dataclass(frozen=True, slots=True)
class _VersionReader:
    """Reads files for one project's form, whether ours or one of today."""

    campaign: Campaign
    code: str
    came: Sequence[ListedProject]

    def read(self, source: SourceFile) -> Reading | None:
        """The form of the project in a file; ``None`` where there is none."""
        first = Reading(source.name) if source.is_document else read_submission(source, self.campaign.known_keys())
        readings = [first] if first.submission else take_in(source, first, choose_importing(self.campaign))
        return next((one for one in readings if one.submission and self._is_of(one.submission.project)), None)

    def _is_of(self, form: Project) -> bool:
        """The form is of the project: by its code, else, as a review has it, by name and unit."""
        if form.code == self.code or any(form.code == project.code for project in self.came):
            return form.code == self.code
        found = ProjectFinder(self.came).find(form)
        return found is not None and found.code == self.code
