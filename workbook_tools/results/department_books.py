"""One workbook per department: of a large result 审核结果_各部门 holds what 审核结果.xlsx holds of a small one, department by department.

A department with more projects than a workbook takes has several volumes. What they are called follows from the department alone; who
reads what was typed takes all that are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook_tools.core.faces import LateModule
from workbook_tools.core.labels import NO_DEPARTMENT
from workbook_tools.core.result_parts import ResultParts, hold_rows, read_held
from workbook_tools.core.review_result import Judgement, ProjectRow, ReviewResult, Ruling
from workbook_tools.results.names import DATA_FOLDER, DEPARTMENTS_FOLDER, RESULT_NAME, list_workbooks
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.stored_parts import INDEX, StoredParts

if TYPE_CHECKING:
    from workbook_tools.results import workbook
else:  # which workbooks there are is asked by many who draw none
    workbook = LateModule("workbook_tools.results.workbook")

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
        return part if self.is_single else hold_rows(part, _OwnRows(self))

    def read(self, parts: ResultParts) -> ReviewResult:
        """The same of a part on the disk, whose other rows are let go of one by one."""
        return parts.read(self.department) if self.is_single else read_held(parts, self.department, _OwnRows(self))


class _OwnRows:
    """Of the rows of a department those that stand in a volume: its projects come first, and what is said of them follows."""

    def __init__(self, volume: DepartmentVolume) -> None:
        self._volume = volume
        self._codes: set[str] = set()
        self._others: set[str] = set()

    def __call__(self, field: str, rows: Iterable[Any]) -> tuple[Any, ...]:
        if field == "projects":
            return self._choose(rows)
        if field in ("indicators", "evidence"):
            return tuple(row for row in rows if row.project_code in self._codes)
        if field == "findings":
            return tuple(row for row in rows if self._belongs(row.project_code))
        return tuple(rows) if self._volume.number == 1 else ()

    def _choose(self, projects: Iterable[ProjectRow]) -> tuple[ProjectRow, ...]:
        rows: list[ProjectRow] = []
        for number, row in enumerate(projects):
            is_own = self._volume.first <= number < self._volume.stop
            (self._codes if is_own else self._others).add(row.code)
            if is_own:
                rows.append(row)
        self._others -= self._codes
        return tuple(rows)

    def _belongs(self, code: str) -> bool:
        return code in self._codes or (self._volume.number == 1 and code not in self._others)


def plan_volumes(part: ReviewResult, department: str, name: str, folder: Path, most: int) -> list[DepartmentVolume]:
    """The workbooks of a department, which go by ``name``: no more than so many projects and rows in each."""
    ranges = list(_cut(part, most))
    files = [f"{RESULT_NAME}_{name}.xlsx", *(f"{RESULT_NAME}_{name}_第{i}册.xlsx" for i in range(2, len(ranges) + 1))]
    return [
        DepartmentVolume(department, folder / DEPARTMENTS_FOLDER / file, i, first, stop, len(ranges) == 1)
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
    content = volume.read(parts)
    return workbook.draw_workbook(content, OutputLinks(volume.path.parent, inbox), judgements, rulings, volume.name)
