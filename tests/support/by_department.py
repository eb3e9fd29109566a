"""审核结果 of a large result, drawn from a small one: the overview, and the workbook of its first department."""

from __future__ import annotations

from pathlib import Path

from workbook_tools.core.result_parts import ONE_WORKBOOK, HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results.department_books import plan_volumes
from workbook_tools.results.department_overview import ResultOverview, count_department
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.parts_index import name_departments
from workbook_tools.results.typed_cells import JudgedResult
from workbook_tools.results.workbook import draw_workbook


def write_by_department(result: ReviewResult, folder: Path, inbox: Path | None = None) -> list[Path]:
    """As it would be written; what finance has judged is in the result already."""
    parts = HeldParts(result)
    names = name_departments(parts.sizes)
    entries = []
    for number, department in enumerate(parts.sizes, 1):
        part = parts.read(department)
        volumes = plan_volumes(part, department, names[department], folder, ONE_WORKBOOK)
        entries.append(count_department(part, department, volumes, number))
    rest = JudgedResult(parts.read_rest(), (), (), ())
    written = [folder / "审核结果.xlsx"]
    folder.mkdir(parents=True, exist_ok=True)
    written[0].write_bytes(ResultOverview(rest, entries, result.missing).draw(folder, inbox))
    for entry, department in list(zip(entries, parts.sizes, strict=True))[:1]:
        (volume,) = entry.volumes
        volume.path.parent.mkdir()
        places = OutputLinks(volume.path.parent, inbox)
        volume.path.write_bytes(draw_workbook(parts.read(department), places, part=volume.name))
        written.append(volume.path)
    return written
