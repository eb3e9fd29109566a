"""What a review found, as sheets: 问题清单 and 说明 by cause, and 问题明细 with every single finding.

A row of 问题清单 tells a cause, its cells, and what follows from it; the number of findings in it leads to the first of them in
问题明细, where each cell is a link. A cause and its findings have one number (编号), by which they are found after a sort.
The columns fit a screen of 1366×768 at 100%.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.codes import CODES, Severity
from workbook_tools.core.findings import ACCEPTED, REFUSED, Finding
from workbook_tools.core.questions import is_settled
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.excel.columns import SMALL, Column, Formatted, Link, widen
from workbook_tools.excel.styles import PERCENT, PLAIN_NUMBER
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Scalar, Sheet
from workbook_tools.files.compact_rows import CompactRows
from workbook_tools.results.facts import LEVEL_TINTS, name_level
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import WHOLE_TEXT, link_to_cell, name_or_open
from workbook_tools.review.folding import FoldedFindings, fold_findings

FINDINGS, REMARKS, DETAILS = "问题清单", "说明", "问题明细"
NUMBER = "编号"
LISTED = (Severity.ERROR, Severity.WARNING)
"""What 问题清单 holds; the rest stands in 说明."""
_FEW = 4
"""So many different fields or messages of a cause are named in its row; 问题明细 has them all."""
_LONG = 48
"""Characters of a message that its row shows: three lines."""
_MANY_CELLS = 12
_FIGURE = re.compile(r"[-+]?[\d.,e]+%?")
LIST_NOTE = (
    "一行一个原因：错误在前，应退回更正；提醒请核实。点“位置”打开报送的工作簿到该处；点“处数”看其中每一处。\n"
    "“连带”是由它引起的问题，改好它就没有了。只供参考的在“说明”表，全部问题逐处列在“问题明细”表。"
)
REMARK_NOTE = "只供参考，不必退回。点“处数”看其中每一处"
DETAIL_NOTE = "每处一行，一处不少。点“文件”打开报送的工作簿，点“工作表!单元格”直达该处；“归入”写明归在哪个问题下，“编号”与问题清单、说明的相同"


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """A row of 问题清单: a cause, and its number, which its findings in 问题明细 have too."""

    folded: FoldedFindings
    number: int


@dataclass(frozen=True, slots=True)
class FindingTables:
    """The three tables, how many causes of each level (错误, 提醒, 已说明, 说明) they show, and the rows of 问题清单."""

    listed: Table[FindingEntry]
    remarks: Table[FindingEntry]
    details: Table[Finding]
    causes: Counter[str]
    shown: Sequence[FindingEntry]


def cause_columns(result: ReviewResult, places: OutputLinks) -> list[Column[FindingEntry]]:
    """One row per cause: whose, where, how often, what is wrong, found and expected, what to do, and the file."""
    names = {row.code: row.name for row in result.missing} | {row.code: row.name for row in result.projects}
    return [
        Column("severity", "性质", 6, lambda e: name_level(e.folded.first), "text_center"),
        Column("project", "项目", 18, lambda e: _name_project(e.folded, names)),
        Column("message", "问题", 32, lambda e: describe(e.folded)),
        Column("cell", "位置", 17, lambda e: _first_place(e.folded, places)),
        Column("count", "处数", 5.5, lambda e: len(e.folded.all), "text_center"),
        Column("found", "现为", 12, lambda e: _of_all(e.folded, found_value)),
        Column("expected", "应为", 12, lambda e: _of_all(e.folded, expected_value)),
        Column("difference", "差额", 9, lambda e: _of_all(e.folded, difference_value), "number"),
        Column("advice", "处理建议", 22, lambda e: _say_advice(e.folded)),
        Column("code", "代码", 10, lambda e: e.folded.first.code, "text_center"),
        Column("file", "文件", 9, lambda e: _file(e.folded.first, places), "text_center"),
        Column("number", NUMBER, 5, lambda e: e.number, "key", printed=False),
    ]


def detail_columns(
    result: ReviewResult, places: OutputLinks, numbers: Mapping[Finding, int] | None = None
) -> list[Column[Finding]]:
    """One row per finding, in the fixed order: where, what, found and expected, what to do; last the number of its cause, where they have one."""
    names = {row.code: row.name for row in result.missing} | {row.code: row.name for row in result.projects}
    number: Column[Finding] = Column("number", NUMBER, 5, lambda f: (numbers or {})[f], "key", printed=False)
    return [
        Column("severity", "性质", 5, name_level, "text_center"),
        Column("code", "代码", 7, lambda f: f.code, "text_center"),
        Column("follows_from", "归入", 7, lambda f: f.follows_from, "text_center"),
        Column("project_code", "项目编码", 9, lambda f: f.project_code),
        Column("project", "项目名称", 13, lambda f: names.get(f.project_code, "")),
        Column("cell", "工作表!单元格", 11, lambda f: link_to_cell(places, f.file, f.sheet, f.cell)),
        Column("field", "字段", 11, lambda f: f.field),
        Column("message", "问题", 22, whole_message),
        Column("found", "现为", 10, found_value),
        Column("expected", "应为", 10, expected_value),
        Column("difference", "差额", 7, difference_value, "number"),
        Column("advice", "处理建议", 17, lambda f: f.advice),
        Column("answer", "单位说明", 14, say_answer),
        Column("file", "文件", 6, lambda f: _file(f, places), "text_center"),
        *([number] if numbers is not None else ()),
    ]


def draw_findings(sheets: Mapping[str, Sheet], result: ReviewResult, places: OutputLinks) -> FindingTables:
    """Fill 问题清单, 说明 and 问题明细."""
    folded = fold_findings(result.findings, result.projects, result.missing)
    entries = [FindingEntry(one, i) for i, one in enumerate(folded, 1)]
    numbers = {row: entry.number for entry in entries for row in entry.folded.all}
    columns = cause_columns(result, places)
    listed = [e for e in entries if e.folded.first.severity in LISTED]
    remarks = [e for e in entries if e.folded.first.severity not in LISTED]
    details = draw_details(
        sheets[DETAILS], detail_columns(result, places, numbers), [row for one in folded for row in one.all]
    )
    return FindingTables(
        _draw_causes(sheets[FINDINGS], columns, listed, LIST_NOTE, details),
        _draw_causes(sheets[REMARKS], columns, remarks, REMARK_NOTE, details),
        details,
        Counter(name_level(one.first) for one in folded),
        listed,
    )


def count_causes(folded: Iterable[FoldedFindings]) -> Counter[tuple[str, str]]:
    """How many rows each project has, by its code and a level (错误, 提醒 …); those of no one project under no code."""
    return Counter((one.project_code, name_level(one.first)) for one in folded)


def draw_details(sheet: Sheet, columns: Sequence[Column[Finding]], findings: Sequence[Finding]) -> Table[Finding]:
    """The sheet of every single finding, coloured by severity."""
    wide = widen(columns, findings, "message", "answer")
    table = Table(sheet, wide, sheet.title, DETAIL_NOTE, size=SMALL, rest=WHOLE_TEXT)
    table.add_all(findings)
    table.finish(keep=1)
    table.tint("severity", LEVEL_TINTS)
    return table


def errors_first(findings: Iterable[Finding]) -> Sequence[Finding]:
    """The findings by severity; within one in their order. What is packed stays so."""
    order = list(Severity)
    if isinstance(findings, CompactRows):
        return CompactRows(row for severity in order for row in findings if row.severity is severity)
    return sorted(findings, key=lambda row: order.index(row.severity))


def _draw_causes(
    sheet: Sheet,
    columns: Sequence[Column[FindingEntry]],
    entries: Sequence[FindingEntry],
    note: str,
    details: Table[Finding],
) -> Table[FindingEntry]:
    table = Table(sheet, columns, sheet.title, note)
    for entry, row in zip(entries, table.add_all(entries), strict=False):
        count = str(len(entry.folded.all))
        table.write_formula("count", row, details.jump("number", table.address("number", row), count), count, "link")
    table.finish(keep=2)
    table.tint("severity", LEVEL_TINTS)
    return table


# -- what a row says --------------------------------------------------------------------------------------------------


def describe(folded: FoldedFindings) -> str:
    """What is wrong, with the fields, and on further lines what follows from it."""
    texts = [_with_fields(message, fields) for message, fields in _gather_messages(folded).items()]
    more = [f"……共{len(texts)}种，见问题明细"] if len(texts) > _FEW else []
    return "\n".join([*texts[:_FEW], *more, *_say_consequences(folded.consequences)])


def describe_whole(folded: FoldedFindings) -> list[str]:
    """The same with nothing left out, where there is room: a text for each thing that is wrong, and for what follows from it."""
    said = _gather_messages(folded)
    texts = [
        f"{message}：{'、'.join(named)}" if (named := _name_fields(message, fields)) else message
        for message, fields in said.items()
    ]
    return [*texts, *_say_consequences(folded.consequences)]


def _gather_messages(folded: FoldedFindings) -> dict[str, list[str]]:
    """Message → the fields of which it is said."""
    said: dict[str, list[str]] = {}
    for row in folded.findings:
        said.setdefault(whole_message(row), []).append(row.field)
    return said


def cut_short(text: str) -> str:
    """A text as a row of 问题清单 shows it; 问题明细 has it whole."""
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def whole_message(row: Finding) -> str:
    """The message, with what only finance reads."""
    return f"{row.message}（{row.for_finance}）" if row.for_finance else row.message


def _name_fields(message: str, fields: Iterable[str]) -> list[str]:
    """Each once, without those that the message names itself."""
    return [field for field in dict.fromkeys(fields) if field and field not in message]


def _with_fields(message: str, fields: Iterable[str]) -> str:
    named = _name_fields(message, fields)
    message = cut_short(message)
    rest = f"等{len(named)}项" if len(named) > _FEW else ""
    return f"{message}：{'、'.join(named[:_FEW])}{rest}" if named else message


def _say_consequences(rows: Iterable[Finding]) -> list[str]:
    counts: dict[str, int] = {}
    for row in rows:
        title = CODES[row.code].title if row.code in CODES else row.message
        counts[title] = counts.get(title, 0) + 1
    return [f"连带：{title}" + (f"（{count}处）" if count > 1 else "") for title, count in counts.items()]


def _say_advice(folded: FoldedFindings) -> str:
    """What to do; where the unit has explained, what it said and that finance is to look at it."""
    said = list(dict.fromkeys(filter(None, map(say_answer, folded.findings))))
    if not said:
        return folded.first.advice
    more = f"\n……共{len(said)}条，见提醒说明" if len(said) > 1 else ""
    return f"{cut_short(said[0])}{more}" if is_settled(folded.first) else f"{folded.first.advice}\n{said[0]}{more}"


def say_answer(row: Finding) -> str:
    """What the unit said, and what finance said of it."""
    if row.ruling == REFUSED:
        return f"不接受：{row.ruling_reason}" + (f"（单位说：{row.answer}）" if row.answer else "")
    if row.ruling == ACCEPTED and not row.answer:
        return "财政部门已核实" + (f"：{row.ruling_reason}" if row.ruling_reason else "")
    if row.answer:
        return f"单位说明：{row.answer}"
    return f"以前的说明：{row.earlier_answer}" if row.earlier_answer else ""


def _name_project(folded: FoldedFindings, names: Mapping[str, str]) -> str:
    if folded.department:
        count = len({row.project_code for row in folded.findings})
        return f"{folded.department}（{count}个项目）"
    code = folded.first.project_code
    return f"{names[code]}（{code}）" if code in names else code


def _first_place(folded: FoldedFindings, places: OutputLinks) -> Link:
    """The cells, sheet by sheet, and a link to the first."""
    first = folded.first
    cells: dict[str, list[str]] = {}
    for row in folded.findings if not folded.department else ():
        cells.setdefault(row.sheet, []).append(row.cell)
    text = "；".join(filter(None, (_list_cells(sheet, found) for sheet, found in cells.items())))
    if folded.department:
        text = f"{first.address} 等" if first.cell else ""
    return Link(text, places.submitted(first.file, first.sheet, first.cell) if text else "")


def _list_cells(sheet: str, cells: Iterable[str]) -> str:
    named = list(dict.fromkeys(filter(None, cells)))
    rest = f"等{len(named)}处" if len(named) > _MANY_CELLS else ""
    return "!".join(filter(None, (sheet, "、".join(named[:_MANY_CELLS]) + rest)))


def _file(row: Finding, places: OutputLinks) -> Link:
    """To open it; a file of no project goes by its name."""
    name, target = row.file.rpartition("/")[2], places.submitted(row.file)
    return name_or_open(name, target) if row.project_code else Link(name, target)


# -- figures ----------------------------------------------------------------------------------------------------------


def found_value(row: Finding) -> Scalar | Formatted:
    """现为: a number where two figures differ, unless a text states it; else the text."""
    return _figure(row.found_number, row) if row.difference is not None and _FIGURE.fullmatch(row.found) else row.found


def expected_value(row: Finding) -> Scalar | Formatted:
    """应为 likewise."""
    return row.expected if row.difference is None else _figure(row.expected_number, row)


def difference_value(row: Finding) -> Formatted | None:
    """差额, where two figures differ."""
    return None if row.difference is None else _figure(row.difference, row)


def _figure(number: float | None, row: Finding) -> Formatted:
    shown = float(f"{number or 0:.12g}")  # 0.1+0.2 leaves no trace
    return Formatted(shown, PERCENT if row.expected.endswith("%") else PLAIN_NUMBER)


def _of_all(folded: FoldedFindings, value: Callable[[Finding], Scalar | Formatted]) -> Scalar | Formatted:
    """What the findings have in common; else the texts, where they are few."""
    values = list(dict.fromkeys(value(row) for row in folded.findings))
    if len(values) == 1:
        return cut_short(values[0]) if isinstance(values[0], str) else values[0]
    texts = list(dict.fromkeys(v.text if isinstance(v, Formatted) else str(v or "") for v in values))
    more = "；……" if len(texts) > _FEW else ""
    return cut_short("；".join(filter(None, texts[:_FEW])) + more)
