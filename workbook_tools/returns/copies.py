"""退回: for each submitted workbook with errors a marked copy, and for each department a covering note.

A copy is no edit of the sent file, which is never touched: it is the issued form drawn anew under the
seal that it came with, holding what the unit typed. So locks, formulas, validations and names are whole again
whatever was done to them. Without a seal that holds there is no copy, only a line in the note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.errors import TemplateError
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.tables import Column, Link, Table
from workbook_tools.excel.writing import Book, Sheet, sheet_link
from workbook_tools.files.paths import department_folder, replace_result, safe_filename
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.form import status
from workbook_tools.form.fields import Field, Layout
from workbook_tools.form.submission import Submission
from workbook_tools.reports.forms import RETURN_FORM, find_form
from workbook_tools.results.facts import SEVERITY_TINTS
from workbook_tools.returns.note import OTHER_FILES, Returned, _note_values
from workbook_tools.word.rendering import open_form
from workbook_tools.word.text import one_line
from workbook_tools.workbooks.reading import Keys, Reading, read_submission
from workbook_tools.workbooks.writing import CellMark, Return, draw_workbook

COVER = "退回意见"
_RED_TAB = "#C00000"
_HEALED = {
    "TAMPER02": "本文件中已恢复为下发的内容，不用改。",
    "TAMPER03": "本文件中已恢复公式，不用改。",
    "TAMPER04": "本文件中已恢复该表，请重新填写其中的黄色单元格。",
    "TAMPER05": "本文件中已恢复原名，不用改。",
    "TAMPER07": "本文件中已恢复，请核对该处填写的内容。",
    "TAMPER09": "本文件中已恢复原位，请核对该表填写的内容。",
    "TAMPER11": "本文件中已恢复该处，黄色单元格请重新填写。",
    "FILE15": "本文件中已去掉这些宏，不用改。",
    "FILE16": "本文件中已去掉外部链接，不用改。",
}
"""What drawing the form anew has put right, by code: the advice in the copy."""
_NO_KEY = "TAMPER08"
_HAND_MADE = "自制的表格没有副本，请按左边所列的位置在原表上改正后重新报送。"


def write_returns(
    result: ReviewResult, inbox: Path, folder: Path, keys: Keys, *, by: str = "", contact: str = "", forms: Path | None = None
) -> Iterator[Returned]:  # fmt: skip
    """Write <主管部门>/<file>.xlsx for each workbook with errors and <主管部门>/退回通知.docx, and yield what was returned.

    A workbook that came with our macros goes back with them, as .xlsm; others' macros never go back.
    ``inbox`` is the folder that was reviewed, ``by`` until when to send again (a text, 2025年3月10日), ``contact``
    whom to ask, ``forms`` the office's own folder of forms. The same result and files give the same bytes.
    Raises OutputError, TemplateError (the note's form).
    """
    form = open_form(find_form(RETURN_FORM, forms))
    sources = {source.name: source for source in find_sources(inbox)[0]}
    for note, items in _by_note(result, folder).items():
        names: set[str] = set()
        done = [_with_copy(item, sources.get(item.file), keys, by, names) if item.project else item for item in items]
        replace_result(note, form.render(_note_values(result, done, by, contact)))
        yield from done


# -- what to return -----------------------------------------------------------------------------------------------


def _by_note(result: ReviewResult, folder: Path) -> dict[Path, list[Returned]]:
    """Covering note → the department's files with errors: those of its projects first; unknown files come last.

    Departments whose names differ only in what no folder's name may hold share a note.
    """
    projects = {(project.file, project.code): project for project in result.projects}
    found: dict[tuple[str, str], list[Finding]] = {key: [] for key in projects}
    for row in result.findings:
        if row.file and row.severity is not Severity.INFO:
            key = (row.file, row.project_code)
            found.setdefault(key if key in projects else (row.file, ""), []).append(row)
    departments = {row.code: row.department for row in result.missing}
    departments |= {row.code: row.department for row in result.projects}
    groups: dict[Path, list[Returned]] = {}
    for (file, code), told in found.items():
        rows = tuple(sorted(told, key=lambda row: row.severity is not Severity.ERROR))
        if not rows or rows[0].severity is not Severity.ERROR or rows[0].code.startswith(Family.REVIEW):
            continue
        project = projects.get((file, code))
        owner = project.department if project else _owner(file, rows, departments)
        note = department_folder(folder, owner) / RETURN_FORM
        groups.setdefault(note, []).append(Returned(owner, file, note, rows, project))
    return dict(sorted(groups.items(), key=lambda pair: pair[0].parent.name == OTHER_FILES))


def _owner(file: str, rows: Iterable[Finding], departments: Mapping[str, str]) -> str:
    """Whose a file is that gave no project: by the project that its findings name, or the folder it lies in."""
    named = (departments[row.project_code] for row in rows if row.project_code in departments)
    folders = {safe_filename(name, 60): name for name in departments.values()}
    lying = (folders[part] for part in PurePosixPath(file).parts[:-1] if part in folders)
    return next(chain(named, lying), OTHER_FILES)


# -- the copy -----------------------------------------------------------------------------------------------------


def _with_copy(item: Returned, source: SourceFile | None, keys: Keys, by: str, names: set[str]) -> Returned:
    """The item with its copy written, or with the reason why there is none."""
    if source is None:
        return replace(item, reason="报送的文件已不在原处，没有副本。")
    if item.project and item.project.imported:
        return replace(item, reason=_HAND_MADE)
    reading = read_submission(source, keys)
    submission = reading.submission
    if submission is None or item.project is None or submission.project.code != item.project.code:
        return replace(item, reason="报送的文件在审核之后换过，没有副本；请重新审核。")
    if reading.seal is None:
        return replace(item, reason=_without_seal(reading))
    try:
        data = draw_workbook(submission.layout, reading.seal, _return(item, submission, by), macros=reading.macros)
    except TemplateError as exc:
        return replace(item, reason=f"无法生成副本（{exc}）。请用下发的工作簿重新填写。")
    path = item.note.with_name(
        _free_name(source.name, item.project.code, names, ".xlsm" if reading.macros else ".xlsx")
    )
    replace_result(path, data)
    return replace(item, path=path)


def _without_seal(reading: Reading) -> str:
    if any(f.code == _NO_KEY for f in reading.findings):
        return "本机没有下发时的签名密钥，无法生成副本。"
    return "标识信息被改动，签名核验不通过，不能生成副本。请用下发的工作簿重新填写。"


def _free_name(submitted: str, code: str, taken: set[str], ending: str) -> str:
    """The name of the submitted file; with the project's code where another copy has that name."""
    stem = PurePosixPath(submitted).stem
    name = safe_filename(stem) + ending
    if name.casefold() in taken:
        name = safe_filename(f"{stem}（{code}）") + ending
    taken.add(name.casefold())
    return name


def _return(item: Returned, submission: Submission, by: str) -> Return:
    """Answers, marks and cover of the copy."""
    layout = submission.layout
    places = _CopyPlaces(submission)
    marked: dict[str, list[Finding]] = {}
    entries = []
    for number, row in enumerate(item.findings, 1):
        row = replace(row, advice=_HEALED.get(row.code, row.advice))
        spot = places.field(row)
        if spot is not None and spot.name:
            marked.setdefault(spot.name, []).append(row)
        entries.append(_OpinionLine(number, row, places.sheet(row), spot))
    marks = {name: CellMark(SEVERITY_TINTS[rows[0].severity.label], _comment(rows)) for name, rows in marked.items()}
    answers = {name: answer.raw for name, answer in submission.answers.items()}
    return Return(
        answers, marks, partial(_cover, entries=entries, title=_heading(layout, submission), note=_how(item, by))
    )


def _comment(rows: Sequence[Finding]) -> str:
    return "\n".join(
        f"{row.severity.label}：{row.message}。" + (f"应为：{row.expected}。" if row.expected else "") + row.advice
        for row in rows
    )


class _CopyPlaces:
    """Where a finding of the submitted workbook stands in the copy."""

    def __init__(self, submission: Submission) -> None:
        layout = submission.layout
        self._sheets = {title: title for title in layout.sheets}
        self._typed: dict[tuple[str, str], Field] = {}
        self._drawn: dict[tuple[str, str], Field] = {}
        self._called: dict[tuple[str, str], Field] = {}
        for item in layout.fields.values():
            answer = submission.answers.get(item.name)
            if answer is not None:
                self._typed[answer.sheet, answer.cell] = item
                self._sheets[answer.sheet] = item.sheet
            self._drawn[item.sheet, item.cell] = item
            self._called.setdefault((item.sheet, item.label), item)

    def sheet(self, row: Finding) -> str:
        """The copy's sheet, which may have had another title; nothing for a hidden or unknown one."""
        return self._sheets.get(row.sheet, "")

    def field(self, row: Finding) -> Field | None:
        """The field: the input that was read there; else what is drawn there, unless rows were moved under it."""
        title = self.sheet(row)
        item = self._typed.get((row.sheet, row.cell)) or self._drawn.get((title, row.cell))
        if item is not None and row.field and item.label != row.field:
            return self._called.get((title, row.field), item)
        return item


# -- the first sheet ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _OpinionLine:
    """A line of 退回意见."""

    number: int
    row: Finding
    sheet: str
    spot: Field | None

    @property
    def place(self) -> Link:
        """Where the trouble is, in words, with a link where there is such a sheet."""
        cell = self.spot.cell if self.spot else ""
        text = "!".join(part for part in (self.sheet or self.row.sheet, cell or self.row.cell) if part)
        return Link(text or "整个文件", sheet_link(self.sheet, cell) if self.sheet else "")


_COLUMNS: tuple[Column[_OpinionLine], ...] = (
    Column("number", "序号", 6, lambda e: float(e.number), "text_center"),
    Column("severity", "级别", 6.5, lambda e: e.row.severity.label, "text_center"),
    Column("place", "位置\n（点击跳转）", 15, lambda e: e.place),
    Column("field", "填写项", 22, lambda e: e.row.field),
    Column("message", "问题", 30, lambda e: e.row.message),
    Column("found", "现为", 17, lambda e: e.row.found),
    Column("expected", "应为", 17, lambda e: e.row.expected),
    Column("advice", "怎样改", 32, lambda e: e.row.advice),
)


def _heading(layout: Layout, submission: Submission) -> str:
    project = submission.project
    code = "" if layout.blank else f"（{project.code}）"
    return one_line(f"{COVER}：{project.name}{code}")


def _how(item: Returned, by: str) -> str:
    warnings = len(item.findings) - item.errors
    counted = f"本文件有错误 {item.errors} 处" + (f"、提醒 {warnings} 处" if warnings else "")
    deadline = f"于 {one_line(by)} 前" if by.strip() else ""
    return (
        f"{counted}。请{deadline}直接在本文件中改正，保存后再次报送本文件，不要另建文件。\n"
        "点“位置”跳到该处：红色是错误，必须改正；橙色是提醒，请核实。鼠标停在单元格上可看批注。黄色单元格改动后颜色自动恢复。\n"
        f"改好后看“{status.TITLE}”表：没有填的和填错的都列在那里，全部为空即可报送。"
    )


def _cover(book: Book, *, entries: Sequence[_OpinionLine], title: str, note: str) -> Sheet:
    sheet = book.sheet(COVER)
    table = Table(sheet, _COLUMNS, title, note)
    table.add_all(entries)
    table.finish()
    table.tint("severity", SEVERITY_TINTS)
    sheet.view(gridlines=False, tab=_RED_TAB, active=True)
    return sheet


# -- the note -----------------------------------------------------------------------------------------------------
