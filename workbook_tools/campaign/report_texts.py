"""报告文字.xlsx: the drafted texts of the reports on several projects, for an officer to rewrite and accept.

``wbt report`` writes it beside the reports, and takes from it what was typed there before. Rows are known by their number,
which also tells with which figures the draft was written: an acceptance holds for the text that was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from workbook_tools.core.cells import address
from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.faces import LateModule
from workbook_tools.core.result_parts import find_whole_digest
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.columns import Column
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Book
from workbook_tools.files.earlier_outputs import EarlierOutputs, Output, OutputBatch
from workbook_tools.files.paths import replace_file, replace_result
from workbook_tools.reports.acceptance import (
    Acceptances,
    Draft,
    EditedText,
    count_waiting,
    digest,
    write_acceptances,
)
from workbook_tools.reports.group_drafts import BRIEF_SECTIONS
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.group_texts import find_group_drafts
from workbook_tools.word.text import paragraphs

if TYPE_CHECKING:
    from workbook_tools.excel import headings
    from workbook_tools.review import guarded_reading
else:  # one that stands as it was written is not read
    headings = LateModule("workbook_tools.excel.headings")
    guarded_reading = LateModule("workbook_tools.review.guarded_reading")

FILE_NAME = "报告文字.xlsx"
SHEET = "报告文字"
DRAFTED, FINAL, BY, STATE, NUMBER = "起草的文字", "定稿文字", "确认人", "状态", "编号"
UNNAMED = "已确认"
"""In place of a name, where somebody has accepted a text without giving one."""
BRIEF_ROOM = 120
"""So many characters of each text fit the one page of the brief."""
BRIEF_KEYS = frozenset(section.key for section in BRIEF_SECTIONS)
_TITLE = "报告中根据填报数据起草的文字"
_NOTE = (
    "不用改的，核对后在黄色的“确认人”里填姓名；要改的，把改好的文字写在黄色的“定稿文字”里（换行按 Alt＋Enter），再填确认人。保存并关闭，再运行一次 wbt report。\n"
    "没有确认人的，报告里标为草稿。数据变了，起草的文字随之变化，“定稿文字”照旧保留，请核对后重新填确认人。清空“定稿文字”恢复起草的，清空“确认人”撤回确认。"
)


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row of the workbook."""

    draft: Draft
    by: str
    """Who has accepted it; blank: nobody has."""
    state: str

    @property
    def number(self) -> str:
        """By which the row is known, the figures that it was written from, and whether it was accepted then."""
        return f"{self.draft.key_digest}-{digest(self.draft.text)[:8]}-{int(bool(self.by))}"


@dataclass(slots=True)
class TypedTexts:
    """What was taken from the workbook."""

    accepted: Acceptances
    faults: list[str] = field(default_factory=list)
    """What could not be taken, or does not fit, in sentences."""


def take_texts(found: ReviewResult | CampaignFacts, folder: Path, accepted: Acceptances, now: datetime) -> TypedTexts:
    """The acceptances with what was typed into the workbook of that folder; as they are, where there is none.

    Raises SettingsError where the workbook cannot be read.
    """
    path = folder / FILE_NAME
    taken = TypedTexts(accepted)
    if not path.is_file():
        return taken
    try:
        rows = list(_read_rows(guarded_reading.TypedBook(path)))
    except (UnreadableWorkbook, KeyError) as exc:
        why = exc.message if isinstance(exc, UnreadableWorkbook) else "表名或列名被改动"
        raise SettingsError(f"“{path}”无法读取：{why}。请恢复后再运行，或把它移走（里面填的不再采用）。") from None
    known = {draft.key_digest: draft for draft in find_group_drafts(found, accepted)}
    for row in rows:
        draft = known.get(row.number.partition("-")[0])
        if draft is None:
            if row.final:
                taken.faults.append(f"{row.cell} 所在行的报告现在没有这一部分，填的文字没有采用")
            continue
        _take_row(taken, row, draft, f"{now:%Y-%m-%d %H:%M}")
        if draft.section in BRIEF_KEYS and len(row.final) > BRIEF_ROOM:
            taken.faults.append(
                f"{row.cell} 的文字有 {len(row.final)} 字，简报一页可能放不下，请压缩到 {BRIEF_ROOM} 字以内"
            )
    return taken


def keep_texts(taken: TypedTexts, before: Acceptances, result: Path) -> None:
    """Write what was taken to 草稿确认.json beside the result, where it differs. Raises OutputError."""
    if taken.accepted != before:
        write_acceptances(taken.accepted, result)


def write_texts(
    found: ReviewResult | CampaignFacts, folder: Path, taken: TypedTexts, outputs: EarlierOutputs | None = None
) -> WrittenTexts:
    """Write the workbook anew, where ``outputs`` do not know it to stand; none where nothing is drafted. One whose contents could not all be taken is
    kept aside.

    Raises OutputError.
    """
    replace = replace_result if taken.faults else replace_file
    outputs = outputs or EarlierOutputs()
    (drawn,) = outputs.write_batches([TextsOrder(found, folder, taken.accepted)], replace=replace)
    waiting, outdated, is_typed = drawn.said
    if not is_typed:
        list(outputs.write_batches([_UntypedTexts(output.digest) for output in drawn.outputs]))  # known from now on
    return WrittenTexts(folder / FILE_NAME if drawn.outputs else None, waiting, outdated)


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """What was written."""

    path: Path | None
    waiting: int
    """Drafts in it that nobody has accepted."""
    outdated: int
    """Those of them that somebody has accepted when the figures were others."""


@dataclass(frozen=True, slots=True)
class TextsOrder:
    """The workbook, as it is to be there."""

    found: ReviewResult | CampaignFacts
    folder: Path
    accepted: Acceptances
    said_as: ClassVar[Any] = tuple[int, int, bool]
    """How many wait, how many of these are out of date, and whether anything that people have typed stands in it."""

    def list_facts(self) -> object:
        """The whole result, and what was accepted."""
        digest = find_whole_digest(self.found.parts) if isinstance(self.found, CampaignFacts) else ""
        return (digest, self.folder, self.accepted) if digest else None

    def __call__(self) -> OutputBatch:
        drafts = [*find_group_drafts(self.found, self.accepted)]
        rows = [_describe(draft, self.accepted) for draft in drafts]
        outputs = [Output(self.folder / FILE_NAME, rows, partial(draw_texts, rows))] if rows else []
        is_typed = any(row.draft.edited or row.by for row in rows)
        return OutputBatch(outputs, (*count_waiting(drafts, self.accepted), is_typed))


@dataclass(frozen=True, slots=True)
class _UntypedTexts:
    """A workbook that was drawn without anything that people have typed, by its bytes: while it lies there as it is, nothing is to be taken from it."""

    digest: str
    said_as: ClassVar[Any] = bool

    def list_facts(self) -> object:
        """Its bytes."""
        return self.digest

    def __call__(self) -> OutputBatch:
        return OutputBatch((), True)


def is_untyped(folder: Path, outputs: EarlierOutputs) -> bool:
    """The workbook lies there as it was written, and nothing had been typed by then."""
    try:
        data = (folder / FILE_NAME).read_bytes()
    except OSError:
        return False
    return outputs.knows(_UntypedTexts(hashlib.sha256(data).hexdigest()))


def draw_texts(rows: Sequence[TextRow]) -> bytes:
    """The workbook."""
    with Book(title=_TITLE, kind=SHEET) as book:
        table = Table(book.sheet(SHEET), _columns(), _TITLE, _NOTE)
        table.add_all(rows)
        table.finish(keep=2)
    return book.bytes()


def _columns() -> list[Column[TextRow]]:
    return [
        Column("report", "报告", 20, lambda row: f"{row.draft.project_code}　{row.draft.project_name}"),
        Column("section", "部分", 13, lambda row: row.draft.label),
        Column("drafted", DRAFTED, 52, lambda row: row.draft.text or "（现在没有起草的文字）"),
        Column("final", FINAL, 52, lambda row: row.draft.edited, "input_top"),
        Column("by", BY, 10, lambda row: row.by, "input_center"),
        Column("state", STATE, 13, lambda row: row.state, "text_center"),
        Column("number", NUMBER, 18, lambda row: row.number, "key", printed=False),
    ]


def _describe(draft: Draft, accepted: Acceptances) -> TextRow:
    if accepted.holds(draft):
        by = next(item.by for item in accepted.accepted if item.key == draft.key)
        return TextRow(draft, by or UNNAMED, "已确认")
    state = "数据有变，请重新核对" if accepted.is_outdated(draft) else "已修改，待确认" if draft.edited else "待确认"
    return TextRow(draft, "", state)


# -- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _TypedRow:
    number: str
    final: str
    by: str
    cell: str


def _read_rows(book: guarded_reading.TypedBook) -> Iterator[_TypedRow]:
    if SHEET not in book.sheets:
        raise KeyError(SHEET)
    table = book.find_table(SHEET, (FINAL, BY, NUMBER))
    if len(table.columns) < len((FINAL, BY, NUMBER)):
        raise KeyError(SHEET)
    for row, cells in table.rows:
        texts = {name: headings.cell_text(value) for name, value in cells.items()}
        if texts[NUMBER]:
            place = f"{SHEET}!{address(row, table.columns[FINAL])}"
            yield _TypedRow(texts[NUMBER], paragraphs(texts[FINAL]), texts[BY], place)


def _take_row(taken: TypedTexts, row: _TypedRow, draft: Draft, now: str) -> None:
    """Take the officer's text, and the acceptance if the row was written from the same figures.

    A name that stood there when the workbook was written says nothing new: it may have been taken back since.
    """
    accepted, changed = taken.accepted, row.final != draft.edited
    if changed:
        year, code, section = draft.key
        accepted = accepted.with_edited([EditedText(year=year, project_code=code, section=section, text=row.final)])
        draft = replace(draft, edited=row.final)
    _, figures, was_accepted = (*row.number.split("-"), "", "")[:3]
    if row.by and (changed or was_accepted == "0"):
        if figures == digest(draft.text)[:8]:
            accepted = accepted.with_these([draft], "" if row.by == UNNAMED else row.by, now)
        else:
            taken.faults.append(f"{row.cell} 所在行填写以后数据有变，确认没有采用，请核对新起草的文字后重新填{BY}")
    elif was_accepted == "1" and not row.by:
        accepted = accepted.without([draft])
    taken.accepted = accepted
