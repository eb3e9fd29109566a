"""What all the workbooks of a merge have to know of the other departments: which forms and grades there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from workbook_tools.core.result_parts import HeldParts, ResultParts, find_digest, list_projects
from workbook_tools.core.review_result import EvidencePlaces, ProjectRow, ReviewResult
from workbook_tools.files.earlier_outputs import READ_WEIGHT, DrawBatches, EarlierOutputs, ListBatch, OutputBatch


def outline_parts(parts: ResultParts, outputs: EarlierOutputs, ask_all: DrawBatches) -> ReviewResult:
    """The outline of a result; ``ask_all`` may read the parts in other processes, but for those of which ``outputs`` know what they come to."""
    if isinstance(parts, HeldParts):
        read = [_outline_projects(parts.read(department).projects) for department in parts.sizes]
        return _with_projects(parts.head, _outline_projects(row for rows in read for row in rows))
    asked: list[ListBatch] = [_OutlineOrder(parts, department) for department in parts.sizes]
    found = {}
    for drawn in outputs.write_batches(asked, ask_all):
        department, projects = drawn.said
        found[department] = projects
    return _with_projects(parts.head, _outline_projects(row for name in parts.sizes for row in found[name]))


def _outline_projects(projects: Iterable[ProjectRow]) -> tuple[ProjectRow, ...]:
    """Of projects that are alike in that one, as much as says so."""
    kinds: dict[object, ProjectRow] = {}
    for project in projects:
        kind = project.scheme_digest, *project.weights, "", *project.scores, "", project.grade, project.reviewed_grade
        known = kinds.get(kind)
        if known is None or (project.total_score or 0) > (known.total_score or 0):
            kinds[kind] = project
    plain = {"texts": {}, "text_places": {}, "info": {}, "funding": {}, "evidence": EvidencePlaces()}
    return tuple(project.model_copy(update=plain) for project in kinds.values())


def _with_projects(result: ReviewResult, projects: tuple[ProjectRow, ...]) -> ReviewResult:
    nothing = dict.fromkeys(("indicators", "findings", "missing", "evidence", "checks"), ())
    return result.model_copy(update={**nothing, "projects": projects})


@dataclass(frozen=True, slots=True)
class _OutlineOrder:
    parts: ResultParts
    department: str
    said_as: ClassVar[Any] = tuple[str, tuple[ProjectRow, ...]]

    @property
    def weight(self) -> float:
        """Its projects are read."""
        return READ_WEIGHT * self.parts.sizes[self.department].projects

    def list_facts(self) -> object:
        """Its part."""
        digest = find_digest(self.parts, self.department)
        return (self.department, digest) if digest else None

    def __call__(self) -> OutputBatch:
        return OutputBatch((), (self.department, _outline_projects(list_projects(self.parts, self.department))))
