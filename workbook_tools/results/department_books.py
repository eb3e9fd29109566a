"""One workbook per department: of a large result 审核结果_各部门 holds what 审核结果.xlsx holds of a small one, department by department.

A department with more projects than a workbook takes has several volumes. What they are called follows from the department alone; who
reads what was typed takes all that are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.review_result import Judgement, ReviewResult, Ruling
from workbook_tools.files.paths import is_aside
from workbook_tools.results.facts import NO_DEPARTMENT
from workbook_tools.results.names import DATA_FOLDER, RESULT_NAME
from workbook_tools.results.stored_parts import INDEX, StoredParts

if TYPE_CHECKING:
    from workbook_tools.results import tables, workbook
else:  # which workbooks there are is asked by many who draw none
    tables = LateModule("workbook_tools.results.tables")
    workbook = LateModule("workbook_tools.results.workbook")

FOLDER = f"{RESULT_NAME}_各部门"
MOST_ROWS = 300_000
"""So many rows of 指标得分 or 问题明细 stand in one workbook: Excel has 1,048,576, and an office PC opens these in half a minute."""


def load_drawing() -> None:
    """Load what draws 审核结果."""
    from workbook_tools.excel import strict_book  # noqa: F401
    from workbook_tools.results import workbook  # noqa: F401


def is_by_department(parts: ResultParts, most: int) -> bool:
    """The result is too large for one workbook: it has more than so many projects, or too many rows of a kind."""
    sizes = parts.sizes.values()
    rows = max(sum(size.indicators for size in sizes), sum(size.findings for size in sizes))
    return sum(size.projects + size.missing for size in sizes) > most or rows > MOST_ROWS


def is_divided(data: Path) -> bool:
    """Beside this 审核结果.json the departments lie each by itself."""
    return len(list_workbooks(data)) > 1 and (data.with_name(DATA_FOLDER) / INDEX).is_file()


def list_workbooks(data: Path) -> list[Path]:
    """Every workbook there may be with yellow cells of a result: the one beside the .json, and those of the departments that are there."""
    return [data.with_suffix(".xlsx"), *(list_department_books(data.parent) if data.stem == RESULT_NAME else ())]


def list_department_books(folder: Path) -> list[Path]:
    """The departments' workbooks beside 审核结果.xlsx, without what was moved aside."""
    found = (folder / FOLDER).glob(f"{RESULT_NAME}_*.xlsx")
    return sorted(path for path in found if not is_aside(path))


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

    def take(self, part: ReviewResult) -> ReviewResult:
        """What of the department's part stands in it."""
        if self.is_single:
            return part
        codes = {row.code for row in part.projects[self.first : self.stop]}
        others = {row.code for row in part.projects} - codes

        def belongs(code: str) -> bool:
            return code in codes or (self.number == 1 and code not in others)

        return part.model_copy(
            update={
                "projects": part.projects[self.first : self.stop],
                "indicators": tuple(row for row in part.indicators if row.project_code in codes),
                "findings": tuple(row for row in part.findings if belongs(row.project_code)),
                "evidence": tuple(row for row in part.evidence if row.project_code in codes),
                "missing": part.missing if self.number == 1 else (),
                "gone": part.gone if self.number == 1 else (),
            }
        )


def plan_volumes(part: ReviewResult, department: str, name: str, folder: Path, most: int) -> list[DepartmentVolume]:
    """The workbooks of a department, which go by ``name``: no more than so many projects and rows in each."""
    ranges = list(_cut(part, most))
    files = [f"{RESULT_NAME}_{name}.xlsx", *(f"{RESULT_NAME}_{name}_第{i}册.xlsx" for i in range(2, len(ranges) + 1))]
    return [
        DepartmentVolume(department, folder / FOLDER / file, i, first, stop, len(ranges) == 1)
        for i, (file, (first, stop)) in enumerate(zip(files, ranges, strict=True), 1)
    ]


def _cut(part: ReviewResult, most: int) -> Iterator[tuple[int, int]]:
    indicators = Counter(row.project_code for row in part.indicators)
    findings = Counter(row.project_code for row in part.findings)
    first, rows = 0, [0, 0]
    for number, project in enumerate(part.projects):
        more = [indicators[project.code] + 1, findings[project.code]]
        if number > first and (
            number - first >= most or any(a + b > MOST_ROWS for a, b in zip(rows, more, strict=True))
        ):
            yield first, number
            first, rows = number, [0, 0]
        rows = [a + b for a, b in zip(rows, more, strict=True)]
    yield first, len(part.projects)


def draw_volume(
    parts: StoredParts,
    volume: DepartmentVolume,
    inbox: Path | None,
    judgements: Sequence[Judgement],
    rulings: Sequence[Ruling],
) -> bytes:
    """The workbook, from the department's part as it lies on the disk."""
    content = volume.take(parts.read(volume.department))
    return workbook.draw_workbook(
        content, tables.OutputLinks(volume.path.parent, inbox), judgements, rulings, volume.name
    )
