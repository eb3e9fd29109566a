"""Where the output workbooks of a review link to: submitted files, evidence, reports. Nothing is drawn."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.references import file_link

LinkTargets = tuple[list[str], list[str], list[str]]
"""What an output may have links to: submitted files, evidence, and the projects that may have a report."""


@dataclass(frozen=True, slots=True)
class OutputLinks:
    """Where an output workbook lies, and what it may link to. A link is made only to a file that is there."""

    folder: Path
    """Folder of the output workbook."""
    inbox: Path | None = None
    """The folder that was reviewed."""
    reports: Mapping[str, str] | None = None
    """Project code → the path of its Word report."""

    _known: dict[tuple[str, bool], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Files and folders that were looked for, and how they are reached from the workbook; nothing where they are not there."""

    def submitted(self, file: str, sheet: str = "", cell: str = "") -> str:
        """Link target of a submitted workbook (or a cell in it), of another file or folder that findings name, or nothing."""
        if self.inbox is None or not file:
            return ""
        if file.lower().endswith((".docx", ".docm")):
            sheet = cell = ""  # a place in a Word table has no address
        asked = file, not sheet
        if asked not in self._known:
            path = self._find(file)
            self._known[asked] = self._relative(path) if _exists(path, folders=not sheet) else ""
        return file_link(self._known[asked], sheet, cell) if self._known[asked] else ""

    def evidence(self, path: str) -> str:
        """Link target of a file or folder of evidence, or nothing: there is no way out of the folder that was reviewed."""
        told = PurePosixPath(path)
        if self.inbox is None or not path or ".." in told.parts or told.is_absolute() or "\\" in path or ":" in path:
            return ""
        lies = self._find(path)
        return file_link(self._relative(lies)) if _exists(lies, folders=True) else ""

    def report(self, code: str) -> str:
        """Link target of a project's Word report, or nothing."""
        path = (self.reports or {}).get(code)
        return file_link(self._relative(path)) if path is not None and _exists(path) else ""

    def list_links(self, result: ReviewResult) -> list[str]:
        """Every link of an output about this result, to see whether they are still the same."""
        return self.list_links_to(list_targets(result))

    def list_links_to(self, targets: LinkTargets) -> list[str]:
        """The same of what an output has links to."""
        files, lying, codes = targets
        return [*map(self.submitted, files), *map(self.evidence, lying), *map(self.report, codes)]

    def list_places(self, targets: LinkTargets) -> Iterator[str]:
        """Where the files and folders lie that these links are made to, if they are there."""
        files, lying, codes = targets
        yield from (self._find(path) for path in (*files, *lying) if path and self.inbox)
        reports = self.reports or {}
        yield from (reports[code] for code in codes if code in reports)

    def _find(self, file: str) -> str:
        """Where a file of those that were reviewed lies: a text, as each ``Path`` leaves its parts in a table of the interpreter's."""
        return os.path.join(self.inbox or "", file)  # noqa: PTH118

    def _relative(self, path: str) -> str:
        try:
            return os.path.relpath(path, self.folder).replace(os.sep, "/")
        except ValueError:  # another drive of Windows
            return Path(path).resolve().as_posix()


def list_targets(result: ReviewResult) -> LinkTargets:
    """What an output about this result may have links to."""
    files = {row.file for row in result.projects} | {row.file for row in result.findings}
    lying = {row.on_disk for row in result.evidence} | {one for row in result.projects for one in row.evidence.on_disk}
    return sorted(files), sorted(lying), [project.code for project in result.projects]


def _exists(path: str, *, folders: bool = False) -> bool:
    return os.path.exists(path) if folders else os.path.isfile(path)  # noqa: PTH110, PTH113
