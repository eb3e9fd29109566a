"""整改情况表: the workbook in which a unit answers a notice, as a form of a kind of its own: locked, signed and read like every form.

A row for each matter: project, what was found and whence, what is required; the unit writes what it does, until when, what came of it
and where that can be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbook_tools.core.cells import Span
from workbook_tools.core.model import Project
from workbook_tools.followup.matters import Matter
from workbook_tools.form.fields import Field, FieldStyle, Kind, Layout, LayoutVersion, Notice, Role, SheetPlan
from workbook_tools.form.identity import Seal, SigningKey
from workbook_tools.form.layout import place_fields
from workbook_tools.rules.rule_set import CURRENT_RULES
from workbook_tools.rules.scheme import Scheme
from workbook_tools.workbooks.writing import draw_workbook

TITLE = "整改情况表"
MEASURE, TERM, RESULT, EVIDENCE = "measure", "term", "result", "evidence"
NEEDED = (MEASURE, RESULT)
"""Parts of an answer without which there is none."""
_WIDTHS = (5.0, 16.0, 27.0, 25.0, 13.0, 26.0, 13.0, 26.0, 18.0)
_LAST_COL = len(_WIDTHS) - 1
_FIXED = (("序号", 0), ("项目", 1), ("问题", 2), ("整改要求和建议", 3), ("整改期限", 4))
_TYPED = (
    (MEASURE, "整改措施", 5, "写明已经采取、将要采取的措施。"),
    (TERM, "完成时间", 6, "已经完成的写完成的时间，还没有的写预计什么时候完成。"),
    (RESULT, "整改结果", 7, "写明整改到什么程度；还没有完成的，写现在的情况。"),
    (EVIDENCE, "佐证材料", 8, "写材料的名称；材料与本表一起报送。"),
)
_PEOPLE = (("filled_by", "填报人"), ("phone", "联系电话"), ("filled_on", "填报日期"))
_FIRST_ROW = 3
_ROOM = 62.0
"""Points of a row at least: there are some lines to write in."""


@dataclass(frozen=True, slots=True)
class AskedMatter:
    """A matter as it stands in such a workbook."""

    matter: Matter
    due: str
    """As printed; blank where there is no term."""


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """What a unit is asked in one notice."""

    authority: str
    year: int
    round: int
    department: str
    unit: str
    contact: str
    matters: tuple[AskedMatter, ...]

    @property
    def code(self) -> str:
        """Tells it from the others of the year."""
        return f"{TITLE}{self.round}：{self.unit}"


def field_name(row: int, part: str) -> str:
    """Defined name of a cell of the matter in that row, from 1."""
    return f"matter_{row:03d}_{part}"


def build(layout: Layout) -> None:
    """Place the fields. Raises ValueError for facts that we have not issued."""
    book = restore_book(layout.facts, layout.project)
    plan = layout.add_sheet(
        SheetPlan(TITLE, _WIDTHS, heights={0: 30, 2: 24}, landscape=True, repeat_rows=(2, 2), freeze=(_FIRST_ROW, 2))
    )

    def label(span: Span, text: str, look: FieldStyle) -> None:
        layout.add(Field(sheet=TITLE, span=span, role=Role.LABEL, value=text, look=look))

    label(Span.across(0, 0, _LAST_COL), f"{book.unit}{book.year}年度绩效自评整改情况表", FieldStyle.TITLE)
    label(Span.across(1, 0, _LAST_COL), _write_guide(book), FieldStyle.NOTE)
    for text, col in (*_FIXED, *((heading, col) for _, heading, col, _ in _TYPED)):
        label(Span.cell(2, col), text, FieldStyle.HEADER)
    for number, asked in enumerate(book.matters, 1):
        _place_matter(layout, number, asked)
        plan.heights[_FIRST_ROW + number - 1] = _ROOM
    last = _FIRST_ROW + len(book.matters)
    for at, (name, text) in enumerate(_PEOPLE):
        col = (1, 3, 6)[at]
        label(Span.cell(last + 1, col), text, FieldStyle.LABEL)
        layout.add(Field(sheet=TITLE, span=Span.cell(last + 1, col + 1), role=Role.INPUT, name=name, label=text))
    plan.heights |= {last: 10, last + 1: 26}
    plan.print_last = (last + 1, _LAST_COL)


def _write_guide(book: AnswerBook) -> str:
    contact = f"联系：{book.contact}。" if book.contact else ""
    return (
        f"请按“整改要求和建议”逐项整改，在黄色的格里写明情况，保存后报{book.authority or '组织自评的单位'}，不要另建文件、改动别的内容。"
        f"“整改措施”“整改结果”每项都要写。{contact}"
    )


def _place_matter(layout: Layout, number: int, asked: AskedMatter) -> None:
    row, matter = _FIRST_ROW + number - 1, asked.matter
    shown: tuple[float | str, ...] = (
        float(number),
        f"{matter.name}\n（{matter.code}）",
        f"【{matter.origin}】{matter.found}",
        matter.advice,
        asked.due,
    )
    for (text, col), value in zip(_FIXED, shown, strict=True):
        layout.add(
            Field(
                sheet=TITLE,
                span=Span.cell(row, col),
                role=Role.FIXED,
                name=field_name(number, f"fixed{col}"),
                label=text,
                kind=Kind.TEXT,
                value=value or None,
                align="" if col in (1, 2, 3) else "center",
            )
        )
    for part, text, col, prompt in _TYPED:
        layout.add(
            Field(
                sheet=TITLE,
                span=Span.cell(row, col),
                role=Role.INPUT,
                kind=Kind.PARAGRAPH,
                name=field_name(number, part),
                label=f"第{number}项－{text}",
                prompt=prompt,
                part=part,
            )
        )


VERSION = LayoutVersion(f"{TITLE}-1", {TITLE: build}, (), (TITLE,), CURRENT_RULES, called=TITLE)
"""A change of what :func:`build` places is another version, once one has been sent out."""
VERSIONS: Mapping[str, LayoutVersion] = {VERSION.name: VERSION}


def draw_answer_book(book: AnswerBook, scheme: Scheme, key: SigningKey) -> bytes:
    """The workbook; the same each time. Raises TemplateError where a text does not fit Excel's limits.

    ``scheme`` is any: nothing is scored by it.
    """
    project = Project(
        code=book.code, name=book.unit, department=book.department, unit=book.unit, year=book.year, scheme=scheme.id
    )
    facts: dict[str, Any] = {
        "authority": book.authority,
        "round": book.round,
        "contact": book.contact,
        "matters": [{**asdict(asked.matter), "due": asked.due} for asked in book.matters],
    }
    layout = place_fields(Layout(VERSION, project, scheme, Notice(), facts=facts))
    return draw_workbook(layout, Seal.on(layout, key))


def restore_book(facts: Mapping[str, Any], project: Project) -> AnswerBook:
    """What was asked. Raises ValueError for facts that we have not issued."""
    try:
        matters = tuple(_restore_matter(dict(one)) for one in facts["matters"])
        return AnswerBook(
            str(facts["authority"]),
            project.year,
            int(facts["round"]),
            project.department,
            project.unit,
            str(facts["contact"]),
            matters,
        )
    except (KeyError, TypeError) as exc:
        raise ValueError(f"no {TITLE}: {exc}") from None


def _restore_matter(facts: dict[str, Any]) -> AskedMatter:
    due = str(facts.pop("due"))
    return AskedMatter(Matter(**{name: str(value) for name, value in facts.items()}), due)
