"""退回通知: what a department reads of the files that go back to it, and the tags of its form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbook_tools.core.codes import Family, Severity
from workbook_tools.core.findings import REFUSED, Finding
from workbook_tools.core.questions import is_question
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.reports.tags import FormTag, rows_tag
from workbook_tools.returns.returned import OTHER_FILES, Returned
from workbook_tools.word.text import one_line

_EVERYBODY = "各有关单位"
_MOST_MESSAGES = 15
"""So many kinds of errors are told in the notice; the copy has them all."""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What goes back to a department, until when, and whom to ask."""

    result: ReviewResult
    items: Sequence[Returned]
    by: str
    contact: str

    @property
    def of_projects(self) -> list[tuple[int, Returned]]:
        """The files of projects, counted from 1."""
        return list(enumerate((item for item in self.items if item.project), 1))

    @property
    def of_nobody(self) -> list[tuple[int, Returned]]:
        """The other files likewise."""
        return list(enumerate((item for item in self.items if not item.project), 1))


def _name_addressee(facts: NoticeFacts) -> str:
    departments = dict.fromkeys(one_line(item.department) for item in facts.items)
    return _EVERYBODY if OTHER_FILES in departments else "、".join(departments)


def _name_project(project: ProjectRow | None) -> str:
    return one_line(f"{project.name}（{project.code}）") if project else ""


def _list_open(item: Returned) -> str:
    """The errors, each kind once with how often it occurs; then the 提醒 that wait for an answer.

    Where there is a copy it lists them, and here only those stand whose answer finance has refused.
    """
    errors = [_say_open(row, item) for row in item.findings if row.severity is Severity.ERROR]
    asked = [row for row in item.findings if is_question(row) and not row.is_answered]
    named = [row for row in asked if row.ruling == REFUSED or not item.path]
    lines = [_count_messages([*errors, *(f"提醒：{_say_open(row, item)}" for row in named)])]
    if rest := len(asked) - len(named):
        lines.append(f"{'另有' if errors or named else '没有错误，有'}提醒{rest}处待说明，列在“退回意见”表里")
    return "\n".join(filter(None, lines))


def _say_open(row: Finding, item: Returned) -> str:
    """A finding, with its place where no marked copy shows it, and why an answer was not enough."""
    refused = f"（财政部门没有接受说明：{row.ruling_reason}）" if row.ruling == REFUSED else ""
    if not item.imported:
        return row.message + refused
    place = "!".join(part for part in (row.sheet, row.cell) if part)
    return "，".join(part for part in (place, row.field) if part) + f"：{row.message}{refused}"


def _list_file_errors(item: Returned) -> str:
    """Why a file does not count, rather than what else is wrong in it."""
    return _count_messages([row.message for row in _find_file_errors(item)])


def _list_advice(item: Returned) -> str:
    return "\n".join(dict.fromkeys(one_line(row.advice) for row in _find_file_errors(item)))


def _find_file_errors(item: Returned) -> list[Finding]:
    about_file = [row for row in item.findings if row.code.startswith(Family.FILE)] or item.findings
    return [row for row in about_file if row.severity is Severity.ERROR]


def _count_messages(messages: Sequence[str]) -> str:
    counts = Counter(map(one_line, messages))
    lines = [text + (f"（{count}处）" if count > 1 else "") for text, count in counts.items()]
    more = [f"……共{len(lines)}类，详见退回的文件"] if len(lines) > _MOST_MESSAGES else []
    return "\n".join([*lines[:_MOST_MESSAGES], *more])


# -- the tags ---------------------------------------------------------------------------------------------------------

_PROJECT_LINE: tuple[FormTag[tuple[int, Returned]], ...] = (
    FormTag("序号", "从 1 起", lambda line: line[0]),
    FormTag("项目", "名称和编码", lambda line: _name_project(line[1].project)),
    FormTag("单位", "实施单位", lambda line: one_line(line[1].project.unit) if line[1].project else ""),
    FormTag("文件", "报送的文件", lambda line: one_line(line[1].file)),
    FormTag("错误数", "错误的个数", lambda line: line[1].errors),
    FormTag("待说明数", "等单位说明的提醒的个数；已说明的不算", lambda line: line[1].to_answer),
    FormTag(
        "问题",
        f"错误和没有接受的说明，每种一行，最多 {_MOST_MESSAGES} 种；其余待说明的提醒只写几处，没有副本的逐条列出",
        lambda line: _list_open(line[1]),
    ),
    FormTag(
        "退回",
        "退回的副本；没有副本的，写明原因",
        lambda line: one_line(line[1].path.name) if line[1].path else line[1].reason,
    ),
)
_FILE_LINE: tuple[FormTag[tuple[int, Returned]], ...] = (
    FormTag("序号", "从 1 起", lambda line: line[0]),
    FormTag("文件", "报送的文件", lambda line: one_line(line[1].file)),
    FormTag("问题", "没有采用的原因", lambda line: _list_file_errors(line[1])),
    FormTag("办法", "怎样改", lambda line: _list_advice(line[1])),
)
NOTICE_TAGS: tuple[FormTag[NoticeFacts], ...] = (
    FormTag("部门", "主管部门；认不出是谁报送的，为“各有关单位”", _name_addressee),
    FormTag("年度", "评价年度", lambda f: str(f.result.year)),
    FormTag("组织单位", "组织自评的单位，即 `wbt.toml` 中的 `authority`", lambda f: one_line(f.result.authority)),
    FormTag("期限", "重新报送的期限；没有写时为空", lambda f: one_line(f.by)),
    FormTag("联系", "联系方式；没有写时为空", lambda f: one_line(f.contact)),
    FormTag(
        "手工表数", "`项目表` 中有几个是自制的表格，它们没有退回的副本", lambda f: sum(i.imported for i in f.items)
    ),
    FormTag("待说明数", "`项目表` 中等单位说明的提醒共有几个", lambda f: sum(i.to_answer for _, i in f.of_projects)),
    rows_tag("项目表", "退回的项目", lambda f: f.of_projects, _PROJECT_LINE),
    rows_tag("文件表", "认不出项目的文件", lambda f: f.of_nobody, _FILE_LINE),
)
"""Every tag of 退回通知."""
