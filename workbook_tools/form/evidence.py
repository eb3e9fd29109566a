"""Sheet 佐证材料: which papers and files prove an indicator's actual; it may stay empty unless the scheme asks for it.

The printed form of the authority stays as it is: the list has a sheet of its own. A material is a line of cells: its name,
and how many pages it has on paper or what its file is called. The files themselves come back beside the workbook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from workbook_tools.core.cells import Span
from workbook_tools.core.model import NO_ANSWERS, Material
from workbook_tools.form.fields import Field, FieldStyle, FormBlock, Layout, Role, SheetPlan, Variables
from workbook_tools.form.rows import FormRow

TITLE = "佐证材料"
_WIDTHS = (6.0, 34.0, 36.0, 8.0, 36.0)
_LAST_COL = 4
_LINES, _OPEN_LINES, _OTHER_LINES = 2, 1, 6
"""Lines of an approved indicator, of an open row, and of what stands below for several indicators."""
_PARTS = (
    ("name", "材料名称", 2, "left", "写材料的名称，如 验收报告、满意度问卷汇总表。"),
    ("pages", "页数", 3, "center", "纸质材料填页数，只写数字，如 12；电子文件可以不填。"),
    ("file", "文件名", 4, "left", "电子文件填文件名，如 验收报告.pdf；一行写不下几个文件时用顿号隔开。"),
)
"""Of a material: part of the field's name, heading, column, alignment, prompt."""
_USED_FOR = "写上面的序号，如 1、3；用于整个项目的写“全部”。"


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """The cells of one material. ``row`` is the indicator that it is listed under, none below the indicators."""

    stem: str
    row: FormRow | None

    def name(self, part: str) -> str:
        """Defined name of its cell: ``name``, ``pages``, ``file``; below the indicators ``used_for`` too."""
        return f"{self.stem}_{part}"


def first_material(row: FormRow) -> str:
    """Defined name of the cell of an indicator's first material."""
    return next(_lines_of(row)).name("name")


def evidence_lines(layout: Layout) -> tuple[EvidenceLine, ...]:
    """The lines of the sheet, from above to below; none where the scheme has no such sheet."""
    if layout.scheme.form.evidence == "none":
        return ()
    return (
        *(line for row in layout.rows for line in _lines_of(row)),
        *(EvidenceLine(f"evidence_other_{number:02d}", None) for number in range(1, _OTHER_LINES + 1)),
    )


def _lines_of(row: FormRow) -> Iterator[EvidenceLine]:
    """As many whatever is filled in beforehand: a workbook that comes back is read by what was issued."""
    count = _OPEN_LINES if row.open else _LINES
    return (EvidenceLine(f"evidence_{row.number:03d}_{number}", row) for number in range(1, count + 1))


def _group_lines(lines: Sequence[EvidenceLine]) -> Mapping[int, list[EvidenceLine]]:
    """The lines by their indicator's number, 0 for those below the indicators."""
    groups: dict[int, list[EvidenceLine]] = defaultdict(list)
    for line in lines:
        groups[line.row.number if line.row else 0].append(line)
    return groups


def _place_materials(layout: Layout, lines: Mapping[int, list[EvidenceLine]]) -> dict[str, Material]:
    """What is filled in beforehand, by the line's stem: what has no room under its indicator goes below, and the last line takes all that is left."""
    placed: dict[str, Material] = {}
    below: list[Material] = []
    for row in layout.rows:
        own = lines[row.number]
        placed |= zip([line.stem for line in own], row.answer.materials, strict=False)
        below += (one.model_copy(update={"used_for": str(row.number)}) for one in row.answer.materials[len(own) :])
    others = lines[0]
    below += (layout.project.answers or NO_ANSWERS).materials
    if len(below) > len(others):
        below[len(others) - 1 :] = [_join_materials(below[len(others) - 1 :])]
    return placed | dict(zip([line.stem for line in others], below, strict=False))


def _join_materials(materials: Sequence[Material]) -> Material:
    """Several materials in one line."""

    def join(part: str) -> str:
        return "、".join(dict.fromkeys(filter(None, (getattr(one, part) for one in materials))))

    return Material(name=join("name"), pages=join("pages"), file=join("file"), used_for=join("used_for"))


def build(layout: Layout) -> None:
    """Place the sheet's fields, where the scheme has them; the indicators must stand already."""
    if lines := evidence_lines(layout):
        _SheetBuilder(layout, lines).build()


class _SheetBuilder:
    def __init__(self, layout: Layout, lines: Sequence[EvidenceLine]) -> None:
        self.layout = layout
        self.required = layout.scheme.form.evidence == "required"
        self.lines = _group_lines(lines)
        self.others = self.lines[0]
        self.given = _place_materials(layout, self.lines)
        self.plan = layout.add_sheet(SheetPlan(TITLE, _WIDTHS, heights={0: 34, 1: 36}, repeat_rows=(2, 2)))

    def build(self) -> None:
        self._add_label(Span.across(0, 0, _LAST_COL), "佐证材料清单", FieldStyle.TITLE)
        self._add_label(Span.across(1, 0, _LAST_COL), self._write_guide(), FieldStyle.NOTE)
        self._add_label(Span.cell(2, 0), "序号", FieldStyle.HEADER)
        self._add_headings(2, Span.cell(2, 1), self.layout.scheme.form.labels.indicator)
        at = 3
        for row in self.layout.rows:
            lines = self.lines[row.number]
            with self.layout.block(self.plan):
                self._add_indicator(row, lines, at)
            at += len(lines)
        caption = "其他佐证材料：上面写不下的，或者一份材料用于几个指标的"
        self._add_label(Span.across(at, 0, _LAST_COL), caption, FieldStyle.SUBTITLE)
        self._add_headings(at + 1, Span.across(at + 1, 0, 1), "用于哪些指标")
        self.plan.heights |= {at: 24}
        with self.layout.block(self.plan):
            for number, line in enumerate(self.others, 1):
                self._add_other(line, at + 1 + number, number)
        self.plan.print_last = (at + 1 + len(self.others), _LAST_COL)

    def _write_guide(self) -> str:
        must = "每个指标至少列一份材料。" if self.required else "没有材料的不填；整张表可以空着，不算漏填。"
        return (
            f"列出证明完成情况的材料。{must}纸质材料只填页数。"
            "电子文件放进一个文件夹，与本文件放在一起报送；文件夹取本文件的名字，后面加“.佐证”，也可以压缩成 zip，不加密码。"
            "本文件不要放进那个文件夹：里面的东西不打开。"
        )

    def _add_headings(self, at: int, first: Span, heading: str) -> None:
        self._add_label(first, heading, FieldStyle.HEADER)
        for _, label, col, _, _ in _PARTS:
            self._add_label(Span.cell(at, col), label, FieldStyle.HEADER)
        self.plan.heights[at] = 24

    def _add_indicator(self, row: FormRow, lines: Sequence[EvidenceLine], at: int) -> None:
        """An indicator's number and name, and its lines beside them."""
        last = at + len(lines) - 1
        self._add_label(Span.down(at, last, 0), float(row.number), FieldStyle.PLAIN, align="center")
        if row.open:
            self.layout.add(
                Field(
                    sheet=TITLE,
                    span=Span.down(at, last, 1),
                    role=Role.FORMULA,
                    name=f"evidence_{row.number:03d}_indicator",
                    label=f"第{row.number}行的指标",
                    rule=self.layout.rules.copied(True),
                    variables={"cell": row.name("indicator")},
                    align="left",
                )
            )
        else:
            self._add_label(Span.down(at, last, 1), row.indicator.name, FieldStyle.PLAIN, align="left", shared=False)
        called = row.indicator.name or f"第{row.number}行"
        problem = self._say_problem(row, lines) if self.required else {}
        for number, line in enumerate(lines):
            self._add_material(line, at + number, called, {} if number else problem)

    def _say_problem(self, row: FormRow, lines: Sequence[EvidenceLine]) -> dict[str, Any]:
        """That there is no material for it, neither beside it nor below."""
        variables: Variables = {
            "own": tuple(line.name("name") for line in lines),
            "others": tuple(line.name("name") for line in self.others),
            "named": row.name("indicator"),
            "applicable": row.name("applicable"),
        }
        problem = self.layout.rules.evidence_problem(self.layout.scheme, row.open)
        return {"problem": problem, "problem_variables": variables}

    def _add_other(self, line: EvidenceLine, at: int, number: int) -> None:
        called = f"其他材料第{number}行"
        self._add_input(line, "used_for", Span.across(at, 0, 1), f"{called}－用于哪些指标", _USED_FOR, "left")
        self._add_material(line, at, called, {})

    def _add_material(self, line: EvidenceLine, at: int, called: str, problem: dict[str, Any]) -> None:
        self.plan.heights[at] = 22
        for part, heading, col, align, prompt in _PARTS:
            facts = problem if part == "name" else {}
            self._add_input(line, part, Span.cell(at, col), f"{called}－{heading}", prompt, align, **facts)

    def _add_input(
        self, line: EvidenceLine, part: str, span: Span, label: str, prompt: str, align: str, **facts: Any
    ) -> None:
        given, name = self.given.get(line.stem), line.name(part)
        value = (getattr(given, part) if given else "") or None
        usual = _make_input(span, part, name, "" if line.row else label, prompt, align)
        if value is None and usual.label == label and not facts:
            self.layout.add(usual)
            return
        made = usual.but_called(label) if value is None else usual.but_called(label).but_holding(value)
        self.layout.add(replace(made, **facts) if facts else made)

    def _add_label(
        self, span: Span, value: str | float, look: FieldStyle, align: str = "", *, shared: bool = True
    ) -> None:
        usual = _make_label(span, value if shared else "", look, align)
        self.layout.add(usual if shared else usual.but_holding(value))


@lru_cache(1 << 10)
def _make_input(span: Span, part: str, name: str, label: str, prompt: str, align: str) -> Field:
    return Field(
        sheet=TITLE,
        span=span,
        role=Role.INPUT,
        block=FormBlock.EVIDENCE,
        part=part,
        name=name,
        label=label,
        prompt=prompt,
        align=align,
        number_format="General" if part == "pages" else "",
    ).share()


@lru_cache(1 << 10, typed=True)
def _make_label(span: Span, value: str | float, look: FieldStyle, align: str) -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, value=value, look=look, align=align).share()
