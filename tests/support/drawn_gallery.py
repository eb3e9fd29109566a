"""Forms as offices draw them by hand: one content, many layouts.

``draw(content, layout)`` puts the same project on a sheet in whatever way a :class:`Layout` says; ``expected`` tells what a reader
must find there. ``LAYOUTS`` are the ways: those published (shared by provinces) and others that a county office might
draw. Nothing here knows how the recogniser works.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import docx
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from workbook_tools.core.values import number_text

Printed = str | float | None


@dataclass(frozen=True)
class Row:
    """An indicator."""

    level1: str
    level2: str
    name: str
    target: float | str
    actual: float | str
    weight: float
    score: float
    sign: str = ""
    unit: str = ""
    reason: str = ""
    part: bool = False
    """A 其中 row: no weight, no score."""


@dataclass(frozen=True)
class Content:
    """What a form says, whatever it looks like."""

    project: str
    department: str
    unit: str
    year: int
    money: Mapping[str, tuple[float, float, float, float]]
    """Source → 年初预算, 全年预算, 到位, 执行 in 万元; the sum first."""
    rows: tuple[Row, ...]
    goal: str = "完成年度养护任务，保障群众出行。"
    done: str = "年度养护任务已按计划完成。"
    execution_score: float = 9.5

    @property
    def rate(self) -> float:
        """全年执行 ÷ 全年预算."""
        return self.money["total"][3] / self.money["total"][1]

    @property
    def total(self) -> float:
        """总分."""
        return round(sum(row.score for row in self.rows) + self.execution_score, 2)


ROADS = Content(
    project="乡村道路养护经费",
    department="清河县交通运输局",
    unit="清河县公路养护中心",
    year=2024,
    money={
        "total": (100, 120, 118, 114),
        "fiscal_subtotal": (90, 110, 108, 104),
        "other": (10, 10, 10, 10),
    },
    rows=(
        Row("产出指标", "数量指标", "养护里程", 100, 102, 20, 20, "≥", "公里"),
        Row("产出指标", "数量指标", "巡查次数", 48, 48, 5, 5, "≥", "次"),
        Row("产出指标", "质量指标", "验收合格率", 95, 96, 10, 10, "≥", "%"),
        Row("产出指标", "时效指标", "完成及时性", "及时", "及时", 5, 5),
        Row("产出指标", "成本指标", "每公里养护成本", 1.5, 1.45, 10, 10, "≤", "万元"),
        Row(
            "效益指标", "社会效益指标", "通行条件", "有效改善", "基本改善", 30, 25, reason="两处路段尚未完工，下年完成"
        ),
        Row("满意度指标", "服务对象满意度指标", "群众满意度", 90, 88, 10, 9.78, "≥", "%", "宣传不够，加强沟通"),
    ),
)
LAMPS = Content(
    project="路灯维修",
    department="清河县城市管理局",
    unit="清河县路灯所",
    year=2024,
    money={"total": (30, 30, 30, 27), "fiscal_subtotal": (30, 30, 30, 27), "other": (0, 0, 0, 0)},
    rows=(
        Row("产出指标", "数量指标", "维修路灯", 300, 320, 50, 50, "≥", "盏"),
        Row("效益指标", "社会效益指标", "亮灯率", 98, 99, 30, 30, "≥", "%"),
        Row("满意度指标", "服务对象满意度指标", "居民满意度", 85, 91, 10, 10, "≥", "%"),
    ),
    execution_score=9,
)

LABELS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "sign": "指标性质",
    "target": "年度指标值",
    "unit": "度量单位",
    "actual": "实际完成值",
    "completion": "完成率",
    "weight": "分值",
    "score": "得分",
    "reason": "偏差原因分析及改进措施",
    "serial": "序号",
    "note": "备注",
    "other": "佐证材料",
    "method": "得分计算方法",
    "initial_budget": "年初预算数",
    "annual_budget": "全年预算数",
    "received": "到位资金",
    "executed": "全年执行数",
    "rate": "执行率",
    "total": "年度资金总额",
    "fiscal_subtotal": "其中：财政拨款",
    "other_money": "其他资金",
    "project": "项目名称",
    "department": "主管部门",
    "implementer": "实施单位",
    "goal": "预期目标",
    "done": "实际完成情况",
}
MEASURES = ("initial_budget", "annual_budget", "received", "executed")
WORDS = {"≥": "不少于", "≤": "不超过"}
ASCII = {"≥": ">=", "≤": "<="}
LOOKALIKE = {"≥": "≧", "≤": "≦"}


@dataclass(frozen=True)
class Layout:
    """How a form is drawn."""

    columns: tuple[str, ...] = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
    labels: Mapping[str, str] = field(default_factory=dict)
    title: tuple[str, ...] = ("项目支出绩效自评表", "（{year}年度）")
    head: str = "pairs"
    """``pairs`` of cells, ``inline`` (项目名称：…) or ``rows`` (one pair a row)."""
    levels: str = "merged"
    """``merged``, ``blank`` below, ``repeated``, or ``divider`` (level 1 in a row of its own)."""
    points: bool = False
    """(50分) behind the names of level 1."""
    weight_in_name: bool = False
    sign: str = "glued"
    """``glued``, ``column``, ``words``, ``ascii``, ``lookalike`` or ``none``."""
    unit: str = "glued"
    """``glued``, ``column``, ``name`` or ``none``; percents keep their sign."""
    numbers: str = "number"
    """``number``, ``text`` or ``padded`` text."""
    percent: str = "text"
    """``text`` (95%), ``fraction`` (0.95 in percent format) or ``unit`` (95 beside a unit column)."""
    two_header_rows: bool = False
    margin: str = "绩效指标"
    """Label down the left side; blank: none."""
    funding: str = "rows"
    """``rows`` by source, ``single``, ``turned`` (sources across), ``horizontal`` or blank: none."""
    measures: tuple[str, ...] = ("initial_budget", "annual_budget", "executed")
    points_at: str = "column"
    """Points of the execution rate in a ``column``, the block's ``label``, or ``nowhere``."""
    money: str = "万元"
    money_in: str = "label"
    """The unit of money in the block's ``label``, in the ``cells``, or in the ``title``."""
    goals: bool = True
    total: str = "foot"
    """``foot``, ``head`` or blank: none."""
    template_rows: bool = False
    parts: bool = False
    numbering: bool = False
    header_again: int = 0
    """So many rows before the header is repeated, as at a page break."""
    share_scores: int = 0
    """The first so many indicators of a category share one merged score."""
    start: tuple[int, int] = (0, 0)
    wide: tuple[int, ...] = ()
    """Columns of the drawing that take two columns of the sheet, merged."""
    apart: bool = False
    """A blank row before each block."""
    notes: tuple[str, ...] = ("填报人：        联系电话：        填报日期：",)
    before: str = ""
    """A sheet before the form's: ``guide``, ``empty`` or ``hidden``."""
    spaced: Callable[[str], str] = str
    """What is done to every label."""

    def label(self, name: str) -> str:
        """A label as this form prints it."""
        return self.spaced(self.labels.get(name, LABELS[name]))


@dataclass
class Put:
    """A cell: where, what, how far merged, number format."""

    row: int
    col: int
    value: Printed
    rows: int = 1
    cols: int = 1
    form: str = ""


class Drawing:
    """Cells on a sheet of a given width, row by row."""

    def __init__(self, layout: Layout, row: int = 0) -> None:
        self.layout, self.row = layout, row
        self.width = len(layout.columns) + bool(layout.margin)
        self.cells: list[Put] = []

    def put(self, row: int, col: int, value: Printed, rows: int = 1, cols: int = 1, form: str = "") -> None:
        """A cell, if there is something to put."""
        self.cells.append(Put(row, col, value, rows, cols, form))

    def block(self) -> None:
        """Where a new block begins."""
        self.row += self.layout.apart

    def line(self, *values: Printed, form: str = "") -> None:
        """A row of cells across the whole width; the last is merged to the edge."""
        for col, value in enumerate(values):
            last = col == len(values) - 1
            self.put(self.row, col, value, cols=self.width - col if last else 1, form=form)
        self.row += 1

    def spread(self, *values: Printed, each: int = 1) -> None:
        """A row whose cells share the width; each is as wide as so many cells of a finer row."""
        share, rest = divmod(self.width, len(values) * each)
        edges = [share * part + min(part, rest) for part in range(len(values) * each + 1)]
        for index, value in enumerate(values):
            first, after = edges[index * each], edges[(index + 1) * each]
            self.put(self.row, first, value, cols=after - first)
        self.row += 1


def draw(content: Content, layout: Layout, row: int = 0) -> Drawing:
    """The content in this layout, from a row on."""
    drawing = Drawing(layout, row)
    for line in layout.title:
        money = f" 金额单位：{layout.money}" if layout.money_in == "title" and line is layout.title[-1] else ""
        drawing.line(line.format(year=content.year, project=content.project) + money)
    drawing.block()
    _head(drawing, content)
    drawing.block()
    _funding(drawing, content)
    drawing.block()
    if layout.goals:
        drawing.spread(layout.label("goal"), layout.label("done"))
        drawing.spread(content.goal, content.done)
    drawing.block()
    _indicators(drawing, content)
    for note in layout.notes:
        drawing.line(note)
    return drawing


def _head(drawing: Drawing, content: Content) -> None:
    layout = drawing.layout
    pairs = [("project", content.project), ("department", content.department), ("implementer", content.unit)]
    if layout.head == "inline":
        drawing.spread(*(f"{layout.label(name).rstrip('：')}：{value}" for name, value in pairs))
    elif layout.head == "rows":
        for name, value in pairs:
            drawing.line(layout.label(name), value)
    else:
        drawing.line(layout.label("project"), content.project)
        drawing.spread(layout.label("department"), content.department, layout.label("implementer"), content.unit)
    if layout.total == "head":
        drawing.spread(layout.spaced("自评总分"), figure(content.total, layout))


def figure(number: float, layout: Layout) -> Printed:
    """A number as this office types it."""
    match layout.numbers:
        case "text":
            return number_text(number)
        case "padded":
            return f" {number_text(number)} "
    return number


def _amount(amount: float, layout: Layout) -> Printed:
    value = round(amount * 10000, 2) if layout.money == "元" else amount
    if layout.money_in == "cells":
        return f"{value:,.2f}{layout.money}" if layout.money == "元" else f"{number_text(value)}{layout.money}"
    return figure(value, layout)


def _block(layout: Layout) -> str:
    unit = f"（{layout.money}）" if layout.money_in == "label" else ""
    points = "（10分）" if layout.points_at == "label" else ""
    return layout.spaced("项目资金") + unit + points


def _funding(drawing: Drawing, content: Content) -> None:
    match drawing.layout.funding:
        case "rows" | "single":
            _funding_rows(drawing, content)
        case "turned":
            _funding_turned(drawing, content)
        case "horizontal":
            _funding_horizontal(drawing, content)


def _scored(drawing: Drawing, content: Content) -> list[tuple[str, Printed]]:
    """Points, rate and score behind the amounts."""
    layout = drawing.layout
    rate = ("rate", f"{number_text(round(content.rate * 100, 2))}%")
    match layout.points_at:
        case "column":
            return [("weight", figure(10, layout)), rate, ("score", figure(content.execution_score, layout))]
        case "label":
            return [rate, ("score", figure(content.execution_score, layout))]
    return [rate]


def _funding_rows(drawing: Drawing, content: Content) -> None:
    layout = drawing.layout
    scored = _scored(drawing, content)
    sources = ["total"] if layout.funding == "single" else list(content.money)
    first = max(1, drawing.width - len(layout.measures) - len(scored))
    top = drawing.row
    inner = first > 1
    labels = [*layout.measures, *(name for name, _ in scored)]
    for offset, name in enumerate(labels):
        drawing.put(top, first + offset, layout.label(name))
    drawing.put(top, 0, _block(layout), rows=len(sources) + 1 if inner else 1, cols=1)
    if inner:
        drawing.put(top, 1, None, cols=first - 1)
    for index, source in enumerate(sources, 1):
        name = "other_money" if source == "other" else source
        drawing.put(top + index, 1 if inner else 0, layout.label(name), cols=first - 1 if inner else 1)
        for offset, measure in enumerate(layout.measures):
            amount = content.money[source][MEASURES.index(measure)]
            drawing.put(top + index, first + offset, _amount(amount, layout))
        for offset, (_, value) in enumerate(scored, len(layout.measures)):
            drawing.put(top + index, first + offset, value if source == "total" else ("—" if index % 2 else None))
    drawing.row = top + len(sources) + 1


def _funding_turned(drawing: Drawing, content: Content) -> None:
    layout = drawing.layout
    drawing.line(_block(layout), *(layout.label("other_money" if s == "other" else s) for s in content.money))
    for measure in layout.measures:
        amounts = [_amount(content.money[s][MEASURES.index(measure)], layout) for s in content.money]
        drawing.line(layout.label(measure), *amounts)
    drawing.line(layout.label("rate"), f"{number_text(round(content.rate * 100, 2))}%", None)


def _funding_horizontal(drawing: Drawing, content: Content) -> None:
    layout = drawing.layout
    blocks = {"annual_budget": "预算安排情况", "received": "资金到位情况", "executed": "资金执行情况"}
    names = {"annual_budget": "预算数", "received": "到位数", "executed": "执行数"}
    headings = [layout.spaced(label) + f"（{layout.money}）" for label in blocks.values()] + ["预算执行进度(%)"]
    drawing.spread(*headings, each=2)
    for index, source in enumerate(content.money):
        cells: list[Printed] = []
        for measure in blocks:
            label = (names[measure], "其中：财政资金", "其他")[index]
            cells += [layout.spaced(label), _amount(content.money[source][MEASURES.index(measure)], layout)]
        drawing.spread(*cells, number_text(round(content.rate * 100, 2)) if not index else None, None)


def _indicators(drawing: Drawing, content: Content) -> None:
    layout = drawing.layout
    top, left = drawing.row, bool(layout.margin)
    _header(drawing, left)
    if layout.numbering:
        for offset in range(len(layout.columns)):
            drawing.put(drawing.row, left + offset, offset + 1)
        drawing.row += 1
    spans: dict[str, tuple[str, int]] = {}
    for index, row in enumerate(content.rows):
        if layout.header_again and index == layout.header_again:
            _close_spans(drawing, spans, left)
            _header(drawing, left)
        if layout.levels == "divider" and (not index or content.rows[index - 1].level1 != row.level1):
            drawing.put(drawing.row, left, f"{row.level1}（{_points(content, row):g}分）", cols=len(layout.columns))
            drawing.row += 1
        _indicator(drawing, content, index, spans, left)
        if layout.parts and index == 0:
            _part(drawing, row, left)
        if layout.template_rows and row.level2 == "数量指标":
            for text in ("指标2：", "……"):
                _blank_row(drawing, text, left)
    _close_spans(drawing, spans, left)
    if layout.total == "foot":
        _total(drawing, content, left)
    if layout.margin:
        drawing.put(top, 0, layout.spaced(layout.margin), rows=drawing.row - top - (layout.total == "foot"))


def _header(drawing: Drawing, left: int) -> None:
    layout, row = drawing.layout, drawing.row
    grouped = [name for name in layout.columns if name in ("sign", "target", "unit")] if layout.two_header_rows else []
    for offset, name in enumerate(layout.columns):
        if name in grouped:
            if name == grouped[0]:
                drawing.put(row, left + offset, layout.spaced("年度指标值"), cols=len(grouped))
            label = {"sign": "符号", "target": "值", "unit": "单位"}[name]
            drawing.put(row + 1, left + offset, layout.spaced(label))
        else:
            drawing.put(row, left + offset, layout.label(name), rows=2 if grouped else 1)
    drawing.row += 2 if grouped else 1


def _points(content: Content, row: Row) -> float:
    return sum(other.weight for other in content.rows if other.level1 == row.level1)


def _indicator(drawing: Drawing, content: Content, index: int, spans: dict[str, tuple[str, int]], left: int) -> None:
    layout, row = drawing.layout, content.rows[index]
    for offset, name in enumerate(layout.columns):
        col = left + offset
        if name in ("level1", "level2"):
            _level(drawing, content, index, name, col, spans)
        elif name == "score" and layout.share_scores and index < layout.share_scores:
            if not index:
                shared = sum(r.score for r in content.rows[: layout.share_scores])
                drawing.put(drawing.row, col, figure(shared, layout), rows=layout.share_scores)
        else:
            value, form = _value(row, name, layout, index)
            drawing.put(drawing.row, col, value, form=form)
    drawing.row += 1


def _level(
    drawing: Drawing, content: Content, index: int, name: str, col: int, spans: dict[str, tuple[str, int]]
) -> None:
    layout, row = drawing.layout, content.rows[index]
    text = getattr(row, name)
    printed = layout.spaced(text)
    if layout.points and name == "level1":
        printed += f"\n（{_points(content, row):g}分）"
    if layout.levels == "merged":
        key = text if name == "level1" else row.level1 + text
        if spans.get(name, ("", 0))[0] != key:
            _close_span(drawing, spans, name, col)
            spans[name] = (key, drawing.row)
            drawing.put(drawing.row, col, printed)
    elif layout.levels == "repeated" or not index or getattr(content.rows[index - 1], name) != text:
        drawing.put(drawing.row, col, printed)


def _close_span(drawing: Drawing, spans: dict[str, tuple[str, int]], name: str, col: int) -> None:
    if name in spans:
        _, top = spans.pop(name)
        cell = next(cell for cell in drawing.cells if (cell.row, cell.col) == (top, col))
        cell.rows = drawing.row - top


def _close_spans(drawing: Drawing, spans: dict[str, tuple[str, int]], left: int) -> None:
    for name in tuple(spans):
        _close_span(drawing, spans, name, left + drawing.layout.columns.index(name))


def _value(row: Row, name: str, layout: Layout, index: int) -> tuple[Printed, str]:
    """What stands in a column, and the cell's number format."""
    match name:
        case "name":
            unit = f"（{row.unit}）" if layout.unit == "name" and row.unit not in ("", "%") else ""
            return row.name + unit + (f"（{row.weight:g}分）" if layout.weight_in_name else ""), ""
        case "sign":
            return row.sign or "定性", ""
        case "unit":
            return row.unit, ""
        case "target":
            return _quantity(row.target, row, layout, signed=True)
        case "actual":
            return _quantity(row.actual, row, layout, signed=False)
        case "completion":
            return _completion(row), ""
        case "weight":
            return (None if row.part else figure(row.weight, layout)), ""
        case "score":
            return (None if row.part else figure(row.score, layout)), ""
        case "reason":
            return row.reason or None, ""
        case "serial":
            return index + 1, ""
        case "method":
            return "按完成率计分", ""
    return None, ""


def _completion(row: Row) -> str:
    if isinstance(row.target, str) or isinstance(row.actual, str):
        return "100%"
    return f"{number_text(round(min(1.0, row.actual / row.target) * 100, 2))}%"


def _quantity(value: float | str, row: Row, layout: Layout, *, signed: bool) -> tuple[Printed, str]:
    if isinstance(value, str):
        return value, ""
    sign = row.sign if signed else ""
    table = {"glued": {}, "words": WORDS, "ascii": ASCII, "lookalike": LOOKALIKE}.get(layout.sign)
    sign = "" if table is None else table.get(sign, sign)
    if row.unit == "%":
        if layout.percent == "fraction" and not sign:
            return value / 100, "0%"
        unit = "" if layout.percent == "unit" and "unit" in layout.columns else "%"
    else:
        unit = row.unit if layout.unit == "glued" else ""
    if sign or unit:
        return f"{sign}{number_text(value)}{unit}", ""
    return figure(value, layout), ""


def _part(drawing: Drawing, whole: Row, left: int) -> None:
    half = float(whole.target) / 2
    row = replace(whole, name=f"其中：{whole.name}（北片）", target=half, actual=half, weight=0, score=0, part=True)
    for offset, name in enumerate(drawing.layout.columns):
        if name not in ("level1", "level2", "serial", "completion", "reason"):
            value, form = _value(row, name, drawing.layout, 0)
            drawing.put(drawing.row, left + offset, value, form=form)
    drawing.row += 1


def _blank_row(drawing: Drawing, text: str, left: int) -> None:
    drawing.put(drawing.row, left + drawing.layout.columns.index("name"), text)
    drawing.row += 1


def _total(drawing: Drawing, content: Content, left: int) -> None:
    columns = drawing.layout.columns
    label = 0 if left else next(i for i, name in enumerate(columns) if name not in ("weight", "score"))
    drawing.put(drawing.row, label, drawing.layout.spaced("总分"))
    if "weight" in columns:
        drawing.put(drawing.row, left + columns.index("weight"), figure(100, drawing.layout))
    if "score" in columns:
        drawing.put(drawing.row, left + columns.index("score"), figure(content.total, drawing.layout))
    drawing.row += 1


# -- files --------------------------------------------------------------------------------------------------------


def workbook(drawings: Iterable[Drawing], layout: Layout) -> bytes:
    """A workbook with the drawings on one sheet, and the sheets the layout has beside it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "自评表"
    for drawing in drawings:
        _onto(sheet, drawing, layout.start)
    if layout.before:
        other = book.create_sheet("填报说明", 0)
        if layout.before != "empty":
            other["A1"] = "填报说明"
            other["A2"] = "1.分值和得分按评分标准填写；2.年度指标值应与批复的绩效目标一致；3.未完成的说明原因。"
        if layout.before == "hidden":
            other.sheet_state = "hidden"
            for row, word in enumerate(("≥", "≤", "＝", "定性", "产出指标", "一级指标"), 3):
                other.cell(row, 1, word)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _stretched(put: Put, wide: tuple[int, ...]) -> Put:
    """The cell on a sheet where these columns take two."""
    col = put.col + sum(c < put.col for c in wide)
    return replace(put, col=col, cols=put.cols + sum(put.col <= c < put.col + put.cols for c in wide))


def _onto(sheet: Worksheet, drawing: Drawing, start: tuple[int, int]) -> None:
    down, right = start
    for put in (_stretched(put, drawing.layout.wide) for put in drawing.cells):
        row, col = put.row + down + 1, put.col + right + 1
        cell = sheet.cell(row, col)
        assert isinstance(cell, Cell), (put, "is under a merged cell")
        cell.value = put.value
        if isinstance(put.value, str):
            cell.data_type = "s"
        if put.form:
            cell.number_format = put.form
        if put.rows > 1 or put.cols > 1:
            sheet.merge_cells(
                start_row=row, start_column=col, end_row=row + put.rows - 1, end_column=col + put.cols - 1
            )


def document(drawing: Drawing) -> bytes:
    """The same as a table of a Word document, with the title above it."""
    book = docx.Document()
    titles = len(drawing.layout.title)
    for cell in drawing.cells[:titles]:
        book.add_paragraph(str(cell.value))
    puts = drawing.cells[titles:]
    top = min(put.row for put in puts)
    height = max(put.row + put.rows for put in puts) - top
    table = book.add_table(height, max(put.col + put.cols for put in puts))
    for put in puts:
        cell = table.cell(put.row - top, put.col)
        if put.rows > 1 or put.cols > 1:
            cell = cell.merge(table.cell(put.row - top + put.rows - 1, put.col + put.cols - 1))
        value = put.value
        text = "" if value is None else value if isinstance(value, str) else number_text(value)
        cell.text = f"{number_text(float(text) * 100)}%" if put.form else text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- what must be found ---------------------------------------------------------------------------------------------

Facts = dict[str, object]


def expected(content: Content, layout: Layout) -> Facts:
    """What the form says, of all that this layout has a place for."""
    columns, money = layout.columns, layout.funding
    weights = layout.weight_in_name or "weight" in columns
    facts: Facts = {
        "project": content.project,
        "department": content.department,
        "unit": content.unit,
        "year": content.year,
        "total": content.total if layout.total and (layout.total == "head" or "score" in columns) else None,
        "rows": [_expected_row(row, layout, weights, index) for index, row in enumerate(content.rows)],
    }
    if money:
        measures = ("annual_budget", "received", "executed") if money == "horizontal" else layout.measures
        amounts = {m: content.money["total"][MEASURES.index(m)] for m in measures}
        facts |= {"money": amounts, "rate": round(content.rate, 4)}
        if money in ("rows", "single") and layout.points_at != "nowhere":
            facts |= {"execution_weight": 10, "execution_score": content.execution_score}
    if layout.goals:
        facts |= {"goal": content.goal, "done": content.done}
    if layout.parts:
        first = content.rows[0]
        unit = f"（{first.unit}）" if layout.unit == "name" else ""
        facts["parts"] = [(f"其中：{first.name}（北片）{unit}", float(first.target) / 2)]
    return facts


def _expected_row(row: Row, layout: Layout, weights: bool, index: int) -> Facts:
    columns = layout.columns
    unsigned = layout.sign == "none"
    direction = "qualitative" if isinstance(row.target, str) else "at_most" if row.sign == "≤" else "at_least"
    if unsigned and not isinstance(row.target, str):
        direction = "at_most" if row.level2 == "成本指标" else "at_least"
    unit = row.unit if row.unit == "%" or layout.unit != "none" else ""
    score: float | None = row.score if "score" in columns else None
    if index < layout.share_scores:
        score = sum(r.score for r in ROADS.rows[: layout.share_scores]) if not index else None
    return {
        "level1": row.level1 if "level1" in columns or layout.levels == "divider" else "",
        "level2": row.level2 if "level2" in columns else "",
        "name": _value(row, "name", layout, index)[0],
        "direction": direction,
        "target": row.target if "target" in columns else None,
        "unit": unit,
        "actual": row.actual if "actual" in columns else None,
        "weight": row.weight if weights else None,
        "score": score,
        "reason": row.reason if "reason" in columns else "",
    }


# -- the ways -------------------------------------------------------------------------------------------------------

_L = ("level1", "level2", "name")


def _vertical(text: str) -> str:
    return "\n".join(text)


def _aired(text: str) -> str:
    return " ".join(text)


LAYOUTS: dict[str, Layout] = {
    "1 national": Layout(points=True),
    "1a in yuan, ascii signs": Layout(sign="ascii", money="元"),
    "1a yuan with commas in cells": Layout(money="元", money_in="cells"),
    "1b rows of the empty form": Layout(template_rows=True, before="guide"),
    "1c codes and percent words": Layout(percent="text", sign="lookalike"),
    "3 sichuan": Layout(
        columns=(*_L, "sign", "target", "unit", "actual", "weight", "score", "reason"),
        labels={"target": "指标值", "actual": "完成值", "weight": "权重", "annual_budget": "调整后预算数", "executed": "预算执行数", "total": "总额"},
        sign="column", unit="column", percent="unit", points_at="column",
    ),
    "4 yunnan two header rows": Layout(
        columns=(*_L, "sign", "target", "unit", "actual", "weight", "score", "reason"),
        sign="column", unit="column", percent="unit", two_header_rows=True, money="元",
    ),
    "5 hubei no weights": Layout(
        columns=(*_L, "target", "actual", "score"),
        labels={"target": "年初目标值（A）", "actual": "实际完成值（B）", "total": "年度财政资金总额", "annual_budget": "预算数(A)", "executed": "执行数(B)", "rate": "执行率(B/A)", "score": "得分"},
        funding="single", measures=("annual_budget", "executed"), points_at="label", margin="年度绩效目标1（90分）",
    ),
    "5 hubei shared scores": Layout(columns=(*_L, "target", "actual", "score"), share_scores=2, levels="merged"),
    "6 weight before target, 其中": Layout(
        columns=(*_L, "weight", "target", "actual", "score", "reason"), parts=True, measures=("annual_budget", "executed"),
        labels={"actual": "全年实际值", "reason": "未完成原因及拟采取的改进措施", "annual_budget": "全年预算数\n(A)"},
    ),
    "7 no scores at all": Layout(
        columns=(*_L, "target", "actual", "reason"), points_at="nowhere", total="", measures=("annual_budget", "executed"),
        labels={"actual": "全年完成值"},
    ),
    "8 total in the head": Layout(columns=(*_L, "weight", "target", "actual", "score", "reason"), total="head"),
    "9 reference points": Layout(
        columns=(*_L, "weight", "target", "actual", "score", "reason"),
        labels={"weight": "参考分值", "target": "指标值(A)", "actual": "全年实际值(B)", "annual_budget": "调整预算数(A)"},
    ),
    "10 method column": Layout(
        columns=(*_L, "target", "actual", "weight", "score", "method"),
        labels={"target": "年度指标值（A）", "actual": "全年实际值（B）"}, measures=("initial_budget", "executed"),
    ),
    "11 reason and method": Layout(
        columns=(*_L, "target", "actual", "weight", "score", "reason", "method"),
        labels={"target": "预期指标值(A)", "actual": "实际完成指标值(B)", "reason": "未完成原因分析"},
    ),
    "12a no levels": Layout(
        columns=("name", "unit", "sign", "target", "weight", "actual", "score", "note"),
        labels={"name": "指标名称", "unit": "计量单位", "target": "指标值", "weight": "指标权重\n(分)", "actual": "全年完成值", "score": "指标得分\n(分)", "note": "说明"},
        sign="column", unit="column", percent="unit", numbers="padded", margin="绩\n效\n指\n标", total="head",
    ),
    "14 horizontal funding": Layout(
        columns=(*_L, "weight", "sign", "target", "unit", "actual", "score"), funding="horizontal", sign="column", unit="column", percent="unit",
        two_header_rows=True, labels={"weight": "指标分值", "actual": "单项指标实际完成值"}, total="",
    ),
    "17 total in head, old": Layout(columns=(*_L, "target", "actual", "score"), total="head", head="inline", margin=""),
    "18 points in names": Layout(columns=(*_L, "target", "actual", "score"), weight_in_name=True, funding="", total="foot"),
    # -- as a county office might
    "levels only once": Layout(levels="blank"),
    "levels on every row": Layout(levels="repeated", margin=""),
    "level 1 across": Layout(columns=("serial", "level2", "name", "target", "actual", "weight", "score", "note"), levels="divider", margin=""),
    "unit in the name": Layout(unit="name", sign="none", percent="fraction"),
    "words for signs": Layout(sign="words", head="rows"),
    "figures as padded text": Layout(numbers="padded", sign="none"),
    "no units, fractions": Layout(unit="none", sign="none", percent="fraction"),
    "funding turned": Layout(funding="turned", measures=("initial_budget", "annual_budget", "received", "executed")),
    "with money received": Layout(measures=("initial_budget", "annual_budget", "received", "executed"), columns=(*_L, "target", "actual", "completion", "weight", "score", "reason")),
    "numbers under the header": Layout(numbering=True, columns=("serial", *_L, "target", "actual", "weight", "score", "reason"), margin=""),
    "header again at a page break": Layout(header_again=4, levels="merged"),
    "letters apart": Layout(spaced=_aired),
    "letters one under another": Layout(spaced=_vertical),
    "starts far down": Layout(start=(6, 4), before="hidden", title=("附件3", "清河县{year}年度财政支出项目绩效自评表")),
    "unit of money in the title": Layout(money_in="title", money="元", before="empty"),
    "evidence and notes": Layout(columns=("serial", *_L, "target", "actual", "completion", "weight", "score", "other", "note")),
    "name first": Layout(columns=("name", "level1", "level2", "weight", "score", "target", "actual", "reason"), levels="repeated"),
    "actual before target": Layout(columns=(*_L, "actual", "target", "score", "weight", "reason")),
    "no goals, no margin": Layout(goals=False, margin="", head="inline", notes=()),
    "other words": Layout(
        labels={
            "level1": "一级", "level2": "二级", "name": "具体指标", "target": "目标值", "actual": "业绩值", "weight": "标准分", "score": "自评得分",
            "reason": "扣分原因", "department": "项目主管部门", "implementer": "项目单位", "project": "项目名称", "executed": "实际支出", "annual_budget": "年度预算",
            "total": "合计", "initial_budget": "年初安排",
        }
    ),
}  # fmt: skip
