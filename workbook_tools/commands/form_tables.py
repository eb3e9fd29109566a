"""A recognised form on the screen: head, money, indicators with the cell of each value, doubts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbook_tools.campaign.form_files import ReadForm
from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import INPUT_MEASURES, Measure
from workbook_tools.core.values import percent_text
from workbook_tools.legacy.showing.place_readings import (
    name_of_text,
    quantity_of_indicator,
    target_of_indicator,
    value_text,
)
from workbook_tools.legacy.words.records import NAMES_OF_FACTS, FormIndicator, FundingLine, HandmadeForm, Stated
from workbook_tools.rules.scheme import Scheme

_TOLD_NOTES = ("IMPORT03", "IMPORT33")
"""Notes that are printed all the same: what was not read, and what was read as the office has answered."""
_LONG = 80
"""Characters of a text that are printed."""
_FACTS = frozenset({"year", "total", "grade"})
"""Of the head, but told with where else the form may state them."""


def print_form(read: ReadForm, scheme: Scheme, console: Console) -> list[Finding]:
    """Print what was understood of a form, and what was not; the findings that were printed."""
    form, project = read.form, read.project
    console.print()
    console.print(f"{form.file}　{form.sheet}", style="bold", markup=False)
    console.print(
        f"编码 {project.code}，{project.year} 年度，评分方案 {scheme.name}（{scheme.id}）；"
        f"有内容的 {form.cells_filled} 处，读懂 {form.cells_understood} 处。",
        markup=False,
        soft_wrap=True,
    )
    console.print(_make_head(form))
    if form.funding:
        console.print(_make_funding(form))
    if form.entries:
        console.print(_make_indicators(form))
    doubts = [f for f in read.findings if f.severity is not Severity.INFO or f.code in _TOLD_NOTES]
    if doubts:
        console.print(_make_doubts(doubts))
    return doubts


def _make_table(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _format_stated(stated: Stated | None, reading: str | None = None) -> str:
    """The reading with its place behind it."""
    if stated is None:
        return ""
    text = value_text(stated) if reading is None else reading
    text = text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
    place = f"[dim]（{escape(stated.where.cell)}）[/dim]" if stated.where.cell else ""
    return f"{escape(text)}{place}"


def _make_head(form: HandmadeForm) -> Table:
    table = _make_table("表头、总分和文字", ("项", "读作（所在单元格）"))
    for key, stated in form.head.items():
        if key not in _FACTS:
            table.add_row(NAMES_OF_FACTS[key], _format_stated(stated))
    facts = (
        ("评价年度", form.year),
        ("预算执行率分值", form.execution_weight),
        ("预算执行率得分", form.execution_score),
        ("分值合计", form.total_weight),
        ("总分", form.total),
        ("评价等级", form.grade),
    )
    for label, fact in facts:
        if fact is not None:
            table.add_row(label, _format_stated(fact))
    for key, stated in form.texts.items():
        table.add_row(name_of_text(key), _format_stated(stated))
    return table


def _make_funding(form: HandmadeForm) -> Table:
    measures = [m for m in INPUT_MEASURES if any(m in line.amounts for line in form.funding)]
    origin = "，取自文字" if form.funding_from == "prose" else ""
    unit = "，原表以元为单位" if form.amount_unit == "元" else ""
    table = _make_table(f"资金（万元{unit}{origin}）", ("行", "归入", *(m.label for m in measures), "执行率", "得分"))
    for line in form.funding:
        table.add_row(*_format_line(line, measures))
    return table


def _format_line(line: FundingLine, measures: Iterable[Measure]) -> Iterator[str]:
    yield escape(line.label)
    yield line.source.label if line.source else "—"
    yield from (_format_stated(line.amounts.get(measure)) for measure in measures)
    yield _format_rate(line)
    yield _format_stated(line.score)


def _format_rate(line: FundingLine) -> str:
    value = line.rate.value if line.rate else None
    return _format_stated(line.rate, percent_text(value) if isinstance(value, float) else None)


def _make_indicators(form: HandmadeForm) -> Table:
    table = _make_table("指标", ("一级", "二级", "三级指标", "目标值", "完成值", "分值", "得分", "原因"))
    for entry in form.entries:
        table.add_row(*_format_indicator(entry))
    for stated in form.template_rows:
        table.add_row("", "", f"[dim]空白表样，不计：{_format_stated(stated)}[/dim]")
    return table


def _format_indicator(entry: FormIndicator) -> Iterator[str]:
    kind = "其中　" if entry.is_part else ""
    yield escape(entry.dimension)
    yield escape(entry.category)
    yield kind + _format_stated(entry.name)
    yield _format_stated(entry.target, target_of_indicator(entry))
    yield _format_stated(entry.actual, quantity_of_indicator(entry, entry.actual))
    yield _format_stated(entry.weight)
    yield _format_stated(entry.score) + (f"（{entry.score_rows}行合用）" if entry.score_rows > 1 else "")
    yield _format_stated(entry.reason)


def _make_doubts(findings: Sequence[Finding]) -> Table:
    table = _make_table("请核对", ("代码", "位置", "问题", "原文"))
    for item in findings:
        place = "!".join(part for part in (item.sheet, item.cell) if part)
        table.add_row(item.code, escape(place), escape(f"{item.field}：{item.message}"), escape(item.found))
    return table
