"""Sheet 佐证材料: which papers and files prove an indicator's actual; it may stay empty unless the scheme asks for it.

The printed form of the authority stays as it is: the list has a sheet of its own. A material is a line of cells: its name,
and how many pages it has on paper or what its file is called. The files themselves come back beside the workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_tools.core.cells import Span
from workbook_tools.core.model import NO_ANSWERS, Material
from workbook_tools.form.fields import Field, FieldStyle, FormBlock, Layout, Role, SheetPlan, Variables
from workbook_tools.form.rows import FormRow
from workbook_tools.rules.expr import Expr

TITLE = "佐证材料"
_WIDTHS = (6.0, 34.0, 36.0, 8.0, 36.0)
_LAST_COL = 4
_LINES, _OPEN_LINES, _OTHER_LINES = 2, 1, 4
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


def evidence_lines(layout: Layout) -> tuple[EvidenceLine, ...]:
    """The lines of the sheet, from above to below; none where the scheme has no such sheet."""
    if layout.scheme.form.evidence == "none":
        return ()
    other = max(_OTHER_LINES, len(_other_materials(layout)))
    return (
        *(line for row in layout.rows for line in _lines_of(row)),
        *(EvidenceLine(f"evidence_other_{number:02d}", None) for number in range(1, other + 1)),
    )


def _lines_of(row: FormRow) -> Iterator[EvidenceLine]:
    count = max(_OPEN_LINES if row.open else _LINES, len(row.answer.materials))
    return (EvidenceLine(f"evidence_{row.number:03d}_{number}", row) for number in range(1, count + 1))


def _other_materials(layout: Layout) -> Sequence[Material]:
    return (layout.project.answers or NO_ANSWERS).materials


def build(layout: Layout) -> None:
    """Place the sheet's fields, where the scheme has them; the indicators must stand already."""
    lines = evidence_lines(layout)
    if not lines:
        return
    others = [line for line in lines if line.row is None]
    plan = layout.add_sheet(SheetPlan(TITLE, _WIDTHS, heights={0: 34, 1: 36}))
    layout.add(_label(Span.across(0, 0, _LAST_COL), "佐证材料清单", FieldStyle.TITLE))
    layout.add(_label(Span.across(1, 0, _LAST_COL), _guide_text(layout), FieldStyle.NOTE))
    row = _add_header(layout, 2, (layout.scheme.form.labels.indicator, "序号"))
    plan.repeat_rows = (2, 2)
    for item in layout.rows:
        own = [line for line in lines if line.row is item]
        _add_indicator(layout, item, own, row, others)
        row += len(own)
    caption = "其他佐证材料：上面写不下的，或者一份材料用于几个指标的"
    layout.add(_label(Span.across(row, 0, _LAST_COL), caption, FieldStyle.SUBTITLE))
    plan.heights[row] = 24
    row = _add_header(layout, row + 1, ("用于哪些指标", ""))
    _add_others(layout, others, row)
    plan.print_last = (row + len(others) - 1, _LAST_COL)


def _guide_text(layout: Layout) -> str:
    asked = layout.scheme.form.evidence == "required"
    must = "每个指标至少列一份材料。" if asked else "没有材料的不填；整张表可以空着，不算漏填。"
    return (
        f"列出证明完成情况的材料。{must}"
        "电子文件放进一个文件夹，与本文件放在一起报送；文件夹取本文件的名字，后面加“.佐证”，也可以压缩成 zip。纸质材料只填页数。"
    )


def _add_header(layout: Layout, row: int, first: tuple[str, str]) -> int:
    """The headings of a block; returns the row below. ``first``: of the indicator's column, and of its number."""
    heading, number = first
    if number:
        layout.add(_label(Span.cell(row, 0), number, FieldStyle.HEADER))
    layout.add(_label(Span.across(row, 1 if number else 0, 1), heading, FieldStyle.HEADER))
    for _, label, col, _, _ in _PARTS:
        layout.add(_label(Span.cell(row, col), label, FieldStyle.HEADER))
    layout.sheets[TITLE].heights[row] = 24
    return row + 1


def _add_indicator(
    layout: Layout, item: FormRow, lines: Sequence[EvidenceLine], at: int, others: Sequence[EvidenceLine]
) -> None:
    """An indicator's number and name, and its lines beside them."""
    last = at + len(lines) - 1
    layout.add(_label(Span.down(at, last, 0), float(item.number), FieldStyle.PLAIN, align="center"))
    name = Span.down(at, last, 1)
    if item.open:
        layout.add(
            Field(
                sheet=TITLE, span=name, role=Role.FORMULA, name=f"evidence_{item.number:03d}_indicator", label=f"第{item.number}行的指标",
                rule=layout.rules.copied(True), variables={"cell": item.name("indicator")}, align="left",
            )
        )  # fmt: skip
    else:
        layout.add(_label(name, item.indicator.name, FieldStyle.PLAIN, align="left"))
    called = item.indicator.name or f"第{item.number}行"
    for number, line in enumerate(lines):
        material = item.answer.materials[number] if number < len(item.answer.materials) else None
        problem, variables = _problem_of(layout, item, lines, others) if not number else (None, {})
        _add_material(layout, line, at + number, called, material, problem, variables)


def _problem_of(
    layout: Layout, item: FormRow, lines: Sequence[EvidenceLine], others: Sequence[EvidenceLine]
) -> tuple[Expr | None, Variables]:
    """Where the scheme asks for a material of every indicator: that there is none, neither beside it nor below."""
    if layout.scheme.form.evidence != "required":
        return None, {}
    variables: dict[str, str | tuple[str, ...]] = {
        "own": tuple(line.name("name") for line in lines), "others": tuple(line.name("name") for line in others),
        "named": item.name("indicator"), "applicable": item.name("applicable"),
    }  # fmt: skip
    return layout.rules.evidence_problem(layout.scheme, item.open), variables


def _add_others(layout: Layout, lines: Sequence[EvidenceLine], row: int) -> None:
    given = _other_materials(layout)
    for number, line in enumerate(lines):
        material = given[number] if number < len(given) else None
        called = f"其他材料第{number + 1}行"
        layout.add(
            Field(
                sheet=TITLE, span=Span.across(row + number, 0, 1), role=Role.INPUT, block=FormBlock.EVIDENCE, part="used_for",
                name=line.name("used_for"), label=f"{called}－用于哪些指标", prompt=_USED_FOR, align="left",
                value=(material.used_for if material else "") or None,
            )
        )  # fmt: skip
        _add_material(layout, line, row + number, called, material)


def _add_material(
    layout: Layout, line: EvidenceLine, row: int, called: str, material: Material | None, problem: Expr | None = None,
    variables: Variables | None = None,
) -> None:  # fmt: skip
    layout.sheets[TITLE].heights[row] = 22
    for part, heading, col, align, prompt in _PARTS:
        layout.add(
            Field(
                sheet=TITLE, span=Span.cell(row, col), role=Role.INPUT, block=FormBlock.EVIDENCE, part=part, name=line.name(part),
                label=f"{called}－{heading}", prompt=prompt, align=align, number_format="General" if part == "pages" else "",
                value=(getattr(material, part) if material else "") or None,
                problem=problem if part == "name" else None, problem_variables=variables or {} if part == "name" else {},
            )
        )  # fmt: skip


def _label(span: Span, value: str | float, look: FieldStyle, align: str = "") -> Field:
    return Field(sheet=TITLE, span=span, role=Role.LABEL, value=value, look=look, align=align)
