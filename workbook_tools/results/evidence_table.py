"""佐证材料 in 审核结果: what units have listed beside what came, each with the way to the file. Nothing of it was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbook_tools.core.review_result import EvidencePlaces, EvidenceRow, EvidenceState, ProjectRow, ReviewResult
from workbook_tools.excel.columns import SMALL, Column, Link
from workbook_tools.excel.styles import ERROR_TINT, INFO_TINT, NOTICE_TINT, OK_TINT, WARNING_TINT
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Sheet
from workbook_tools.files.evidence import is_program
from workbook_tools.results.facts import ResultEntry
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import link_to_cell

EVIDENCE = "佐证材料"
_NOTE = (
    "列出的和收到的，只比对名称，文件没有打开过。点“文件位置”打开那个文件，在压缩包里的打开压缩包；来历不明的不要打开，程序文件没有链接。\n"
    "“没有列出”是收到了、表中没有的；“纸质”是只填了页数的；“没有写明”是页数和文件名都没有填的；“没有核对”是压缩包列不出文件。"
)
_TINTS = {
    EvidenceState.FOUND.value: OK_TINT,
    EvidenceState.ABSENT.value: WARNING_TINT,
    EvidenceState.UNCHECKED.value: NOTICE_TINT,
    EvidenceState.EMPTY.value: ERROR_TINT,
    EvidenceState.ON_PAPER.value: INFO_TINT,
    EvidenceState.UNCLEAR.value: NOTICE_TINT,
    EvidenceState.UNLISTED.value: NOTICE_TINT,
}


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """A row of the result, and its project."""

    row: EvidenceRow
    project: ProjectRow


def draw_evidence(sheet: Sheet, result: ReviewResult, places: OutputLinks) -> Table[EvidenceEntry]:
    """The sheet: project by project, what is listed, then what is not."""
    table = Table(sheet, _list_columns(places), EVIDENCE, _NOTE, size=SMALL)
    projects: Mapping[str, ProjectRow] = {project.code: project for project in result.projects}
    table.add_all(EvidenceEntry(row, projects[row.project_code]) for row in result.evidence)
    table.finish(keep=2)
    table.tint("state", _TINTS)
    return table


def _list_columns(places: OutputLinks) -> list[Column[EvidenceEntry]]:
    return [
        Column("code", "项目编码", 9.5, lambda e: e.row.project_code),
        Column("project", "项目名称", 17, lambda e: e.project.name),
        Column("state", "收到没有", 8, lambda e: e.row.state.value, "text_center"),
        Column("indicator", "用于指标", 20, lambda e: e.row.indicator),
        Column("name", "材料名称", 22, lambda e: e.row.name),
        Column("pages", "页数", 5, lambda e: e.row.pages, "text_center"),
        Column("file", "文件名", 22, lambda e: e.row.file),
        Column("path", "文件位置", 30, lambda e: Link(_name_path(e), _find_target(e.row, places))),
        Column(
            "cell", "列在哪里", 11, lambda e: link_to_cell(places, e.project.file, e.row.sheet, e.row.cell), printed=False
        ),
    ]  # fmt: skip


def _name_path(entry: EvidenceEntry) -> str:
    """Where the file lies in the project's folder or archive, whose own place 项目得分 shows."""
    path = PurePosixPath(entry.row.path)
    inside = (place for place in entry.project.evidence.places if path.is_relative_to(place) and str(path) != place)
    return next((str(path.relative_to(place)) for place in inside), entry.row.path)


def _find_target(row: EvidenceRow, places: OutputLinks) -> str:
    """A program gets no link: one click would run it."""
    return "" if is_program(row.on_disk) else places.evidence(row.on_disk)


def evidence_columns(result: ReviewResult, places: OutputLinks) -> list[Column[ResultEntry]]:
    """How much of its evidence a project has sent, with the way to its folder or archive, where there is any."""
    if not any(project.evidence != EvidencePlaces() for project in result.projects):
        return []
    return [Column("evidence", EVIDENCE, 16, lambda e: _link_to_places(e.project.evidence, places), printed=False)]


def _link_to_places(found: EvidencePlaces, places: OutputLinks) -> Link:
    """列 5 份，收到 4 份，另有 2 个; the link leads to the folder, or to the one that holds all where there are several."""
    listed = f"列 {found.listed} 份，收到 {found.found} 份" if found.listed else ""
    more = f"{'另' if found.listed else ''}有 {found.unlisted} 个" if found.unlisted else ""
    text = "，".join(filter(None, (listed, more)))
    folders = {str(PurePosixPath(path).parent) for path in found.on_disk}
    target = found.on_disk[0] if len(set(found.on_disk)) == 1 else folders.pop() if len(folders) == 1 else ""
    return Link(text, "" if is_program(target) else places.evidence(target))
