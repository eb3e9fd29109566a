"""One workbook per department: of a large result 审核结果_各部门 holds what 审核结果.xlsx holds of a small one, department by department.

A department with more projects than a workbook takes has several volumes. What they are called follows from the department alone; who
reads what was typed takes all that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.result_parts import PartOutline, ResultParts, list_came
from workbook_tools.core.review_result import Judgement, ReviewResult, Ruling
from workbook_tools.results.names import DATA_FOLDER, DEPARTMENTS_FOLDER, RESULT_NAME, list_workbooks
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.parts_index import INDEX
from workbook_tools.results.stored_parts import StoredParts

if TYPE_CHECKING:
    from workbook_tools.results import workbook
else:  # which workbooks there are is asked by many who draw none
    workbook = LateModule("workbook_tools.results.workbook")

MOST_ROWS = 300_000
"""So many rows of 指标得分 or 问题明细 stand in one workbook: Excel has 1,048,576, and an office PC opens these in half a minute."""


DRAWING = ("workbook_tools.excel.strict_book", "workbook_tools.results.workbook")
"""The modules that draw 审核结果."""


def is_by_department(parts: ResultParts, most: int) -> bool:
    """The result is too large for one workbook: it has more than so many projects, or too many rows of a kind."""
    sizes = parts.sizes.values()
    rows = max(sum(size.indicators for size in sizes), sum(size.findings for size in sizes))
    return sum(size.projects + size.missing for size in sizes) > most or rows > MOST_ROWS


def is_divided(data: Path) -> bool:
    """Beside this 审核结果.json the departments lie each by itself."""
    return len(list_workbooks(data)) > 1 and (data.with_name(DATA_FOLDER) / INDEX).is_file()


@dataclass(frozen=True, slots=True)
class DepartmentVolume:
    """Some projects of a department, which stand in one workbook."""

    department: str
    path: Path
    number: int
    """From 1."""
    first: int
    """Its first project among those of the department, from 0; those that are missing, and the rest, stand in the first volume."""
    stop: int
    is_single: bool

    @property
    def name(self) -> str:
        """What the workbook is of."""
        name = self.department or NO_DEPARTMENT
        return name if self.is_single else f"{name}，第{self.number}册"

    def take(self, part: ReviewResult, codes: Sequence[str]) -> ReviewResult:
        """What stands in it: its projects, with ``part``'s rows of them; ``codes`` are those of all projects of the department that came."""
        if self.is_single:
            return part
        own, first = {*codes[self.first : self.stop]}, self.number == 1
        others = {*codes} - own
        rows = {
            "indicators": tuple(row for row in part.indicators if row.project_code in own),
            "evidence": tuple(row for row in part.evidence if row.project_code in own),
            "findings": tuple(
                row for row in part.findings if row.project_code in own or (first and row.project_code not in others)
            ),
        }
        return part.model_copy(update=rows if first else {**rows, "missing": (), "gone": ()})

    def read(self, parts: StoredParts, codes: Sequence[str]) -> ReviewResult:
        """The same of a part on the disk, of which little else is read."""
        if self.is_single:
            return parts.read(self.department)
        return self.take(parts.read_range(self.department, self.first, self.stop), codes)


def plan_volumes(
    part: ReviewResult | PartOutline, department: str, name: str, folder: Path, most: int
) -> list[DepartmentVolume]:
    """The workbooks of a department, which go by ``name``: no more than so many projects and rows in each."""
    outline = part if isinstance(part, PartOutline) else PartOutline.of([part])
    ranges = list(_cut(outline, most))
    files = [f"{RESULT_NAME}_{name}.xlsx", *(f"{RESULT_NAME}_{name}_第{i}册.xlsx" for i in range(2, len(ranges) + 1))]
    return [
        DepartmentVolume(department, folder / DEPARTMENTS_FOLDER / file, i, first, stop, len(ranges) == 1)
        for i, (file, (first, stop)) in enumerate(zip(files, ranges, strict=True), 1)
    ]


def _cut(outline: PartOutline, most: int) -> Iterator[tuple[int, int]]:
    first, rows = 0, [0, 0]
    for number, code in enumerate(outline.codes):
        more = [outline.indicators.get(code, 0) + 1, outline.findings.get(code, 0)]
        if number > first and (
            number - first >= most or any(a + b > MOST_ROWS for a, b in zip(rows, more, strict=True))
        ):
            yield first, number
            first, rows = number, [0, 0]
        rows = [a + b for a, b in zip(rows, more, strict=True)]
    yield first, len(outline.codes)


def draw_volume(
    parts: StoredParts,
    volume: DepartmentVolume,
    inbox: Path | None,
    judgements: Sequence[Judgement],
    rulings: Sequence[Ruling],
) -> bytes:
    """The workbook, from the department's part as it lies on the disk."""
    content = volume.read(parts, list_came(parts, volume.department))
    return workbook.draw_workbook(content, OutputLinks(volume.path.parent, inbox), judgements, rulings, volume.name)
