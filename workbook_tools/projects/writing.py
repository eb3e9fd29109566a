"""项目清单 as a workbook: the empty form, or a list of projects in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook_tools.core.cells import MAX_HEIGHT, address
from workbook_tools.core.model import Direction, Indicator, Project, ProjectList
from workbook_tools.core.values import MAX_AMOUNT, PERCENT, number_text
from workbook_tools.excel.columns import SMALL, find_width
from workbook_tools.excel.styles import COMPUTED_FILL, DASHED, MONEY, NAMED, PLAIN_NUMBER, TEXT, WARNING_TINT, StyleSpec
from workbook_tools.excel.text_extent import BODY_SIZE, count_lines, fit_height, row_height
from workbook_tools.excel.writing import Book, Scalar, Sheet, strict
from workbook_tools.projects.columns import (
    BUDGETS,
    GUIDE_SHEET,
    INDICATOR_COLUMNS,
    INDICATOR_SHEET,
    PROJECT_COLUMNS,
    PROJECT_SHEET,
    ListColumn,
    amount_key,
)
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.rules.setting_base import LONGEST_LIST

SPARE_ROWS, RULED_ROWS = 5000, 30
"""Rows below the last one that have drop-downs and prompts, and that are ruled besides."""
_CELL = NAMED["text"].but(number_format=TEXT, locked=False)
_STYLES: dict[str, StyleSpec] = {
    "code": _CELL,
    "line": _CELL,
    "short": _CELL.but(align="center"),
    "paragraph": _CELL.but(valign="top"),
    "amount": _CELL.but(number_format=MONEY, align="right", wrap=False, shrink=True),
    "points": _CELL.but(number_format=PLAIN_NUMBER, align="center", wrap=False),
}
_MISSING = replace(WARNING_TINT, edge=DASHED)
"""Of a required cell that is empty: its dashed edge is seen in black and white too."""
_GUIDE_WIDTHS = (16, 30, 80)
_GUIDE_LINE = NAMED["plain"].but(wrap=True)
_REQUIRED_HEADER = NAMED["header"].but(bold=True)
_OPTIONAL_HEADER = NAMED["header"].but(fill=COMPUTED_FILL)


def project_list_workbook(projects: ProjectList | None, scheme: Scheme) -> bytes:
    """The workbook 项目清单: the projects in it, or the empty form; drop-downs as ``scheme`` has them.

    Answers have no place in it; they travel in the JSON only. Raises TemplateError for what a cell cannot hold.
    """
    listed = projects.projects if projects else ()
    with Book(title="项目清单", subject="项目支出绩效自评", kind="项目清单") as book:
        _write_guide(book.sheet(GUIDE_SHEET), scheme)
        choices = {"scheme": sorted({*builtin_schemes(), scheme.id})}
        sheet = book.sheet(PROJECT_SHEET)
        _write_table(sheet, PROJECT_COLUMNS, [*map(_project_values, listed)], choices, frozen=2, size=SMALL)
        choices = {
            "dimension": [dimension.name for dimension in scheme.dimensions],
            "category": [name for dimension in scheme.dimensions for name in dimension.categories],
            "direction": [direction.symbol for direction in Direction],
            "rule": list(scheme.steps),
        }
        rows = [_indicator_values(project, indicator) for project in listed for indicator in project.indicators]
        _write_table(book.sheet(INDICATOR_SHEET), INDICATOR_COLUMNS, rows, choices, frozen=1)
    return book.bytes()


def _project_values(project: Project) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {
        column.key: getattr(project, column.key) for column in PROJECT_COLUMNS if column.kind != "amount"
    }
    for budget in BUDGETS:
        amounts = getattr(project, budget.value)
        values |= {amount_key(budget, source): amount for source, amount in amounts.items()}
    return values


def _indicator_values(project: Project, indicator: Indicator) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {
        column.key: getattr(indicator, column.key, project.code) for column in INDICATOR_COLUMNS
    }
    values["direction"] = indicator.direction.symbol
    target = indicator.target
    if indicator.unit == PERCENT and isinstance(target, (int, float)) and abs(target) <= 1:
        # As a number, 0.5 would be read as the 50% of a percent cell.
        values["target"] = number_text(target) + PERCENT
    return values


def _write_table(
    sheet: Sheet,
    columns: Sequence[ListColumn],
    rows: Sequence[Mapping[str, Scalar]],
    choices: Mapping[str, Sequence[str]],
    frozen: int,
    size: float = BODY_SIZE,
) -> None:
    """Headings, rows, and below them room for more, with text format, drop-downs and prompts; texts of ``size`` points."""
    written = [_widen_column(column, rows, size) for column in columns if _is_written(column, rows)]
    styles = {column.key: _choose_style(column).but(size=size) for column in written}
    required, optional = (style.but(size=size) for style in (_REQUIRED_HEADER, _OPTIONAL_HEADER))
    for col, column in enumerate(written):
        with strict(f"工作表“{sheet.title}”的列“{column.label}”"):
            # Below the ruled rows, too, what is typed into a text column is to stay text.
            sheet.raw.set_column(col, col, column.width, sheet.book.style(styles[column.key].but(border=0)))
        sheet.write(0, col, _head_text(column), required if column.required else optional)
    sheet.row_height(0, max(fit_height(_head_text(c), c.width, required) for c in written))
    last = 0
    for last, values in enumerate(rows, 1):
        _write_row(sheet, last, written, values, styles)
    for row in range(last + 1, last + RULED_ROWS + 1):
        _write_row(sheet, row, written, {}, styles)
    end = last + SPARE_ROWS
    for col, column in enumerate(written):
        sheet.validate(1, col, end, col, _validation_of(column, choices.get(column.key, ())))
        if column.required and col:
            rule = f"=AND(LEN({address(1, 0, fixed_column=True)})>0,LEN({address(1, col)})=0)"
            sheet.highlight(1, col, end, col, {"type": "formula", "criteria": rule, "format": _MISSING})
    sheet.numbers_as_text(1, 0, end, len(written) - 1)
    sheet.autofilter(0, 0, last + RULED_ROWS, len(written) - 1)
    sheet.freeze(1, frozen)
    sheet.print_setup(landscape=True, repeat_rows=(0, 0), centre=False)


def _is_written(column: ListColumn, rows: Sequence[Mapping[str, Scalar]]) -> bool:
    """It stands in the sheet: last year's figures only where there are any."""
    return column.written and (not column.last_year or any(values.get(column.key) not in (None, "") for values in rows))


def _choose_style(column: ListColumn) -> StyleSpec:
    style = _STYLES[column.kind]
    return style.but(fill=COMPUTED_FILL) if column.last_year else style


def _widen_column(column: ListColumn, rows: Sequence[Mapping[str, Scalar]], size: float) -> ListColumn:
    """A column of paragraphs, as wide as its longest text needs to stand whole in the highest row."""
    if column.kind != "paragraph":
        return column
    longest = max((str(values.get(column.key) or "") for values in rows), key=len, default="")
    return replace(column, width=find_width(longest, column.width, _STYLES[column.kind].but(size=size)))


def _head_text(column: ListColumn) -> str:
    """The heading, of an amount its source on a line of its own, and its unit on another."""
    return column.title.replace("-", "-\n").replace("（", "\n（")


def _write_row(
    sheet: Sheet, row: int, columns: Sequence[ListColumn], values: Mapping[str, Scalar], styles: Mapping[str, StyleSpec]
) -> None:
    height = row_height(1)
    for col, column in enumerate(columns):
        value, style = values.get(column.key), styles[column.key]
        sheet.write(row, col, value, style)
        if isinstance(value, str) and style.wrap:
            height = max(height, fit_height(value, column.width, style))
    sheet.row_height(row, min(height, MAX_HEIGHT))


def _validation_of(column: ListColumn, choices: Sequence[str]) -> dict[str, Any]:
    """Prompt of a column, with its drop-down or its range of numbers."""
    options: dict[str, Any] = {"validate": "any", "input_title": column.label, "input_message": column.prompt}
    if column.kind in ("amount", "points"):
        limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": MAX_AMOUNT}
        options |= limits | {"error_title": column.label, "error_message": "请只填数字，不写单位，不能为负。"}
    elif _fits_drop_down(choices):
        options |= {"validate": "list", "source": list(choices)}
        if column.key == "direction":
            options |= {"error_title": column.label, "error_message": "请从下拉列表中选择。"}
        else:
            # Another scheme of the same list may have other names.
            options["show_error"] = False
    return options


def _fits_drop_down(choices: Sequence[str]) -> bool:
    """Excel takes these as the text of a drop-down; otherwise the names are to be read in 填写说明."""
    text = "".join(choices)
    return 0 < len(text) + len(choices) <= LONGEST_LIST and not set(text) & {",", '"'}


def _write_guide(sheet: Sheet, scheme: Scheme) -> None:
    """填写说明: what to do, every column, and the names that the scheme knows."""
    sheet.columns(_GUIDE_WIDTHS)
    sheet.merge(0, 0, 0, 2, "项目清单填写说明", "title")
    sheet.row_height(0, 40)
    row = 1
    for number, line in enumerate(_steps(scheme), 1):
        sheet.merge(row, 0, row, 2, f"{number}．{line}", _GUIDE_LINE)
        sheet.row_height(row, row_height(count_lines(line, sum(_GUIDE_WIDTHS) - 4)))
        row += 1
    columns = [
        (title, column.title, column.prompt)
        for title, table in ((PROJECT_SHEET, PROJECT_COLUMNS), (INDICATOR_SHEET, INDICATOR_COLUMNS))
        for column in table
        if column.written and not column.last_year
    ]
    row = _write_guide_table(sheet, row, "各列怎样填", ("工作表", "列（带 * 的必填）", "说明"), columns)
    dimensions = [(d.name, f"{number_text(d.weight)} 分", "、".join(d.categories)) for d in scheme.dimensions]
    row = _write_guide_table(sheet, row, f"指标分类：{scheme.name}", ("一级指标", "权重", "二级指标"), dimensions)
    known = {**builtin_schemes(), scheme.id: scheme}.values()
    schemes = [(s.id, s.name, "本次自评的方案，评分方案列留空即采用" if s.id == scheme.id else "") for s in known]
    row = _write_guide_table(sheet, row, "可用的评分方案", ("代号", "名称", "说明"), schemes)
    if scheme.steps:
        rules = [(name, rule.label, "") for name, rule in scheme.steps.items()]
        _write_guide_table(sheet, row, "可用的计分规则", ("代号", "名称", "说明"), rules)
    sheet.view(gridlines=False, active=True)
    sheet.print_setup()


def _steps(scheme: Scheme) -> list[str]:
    """How to fill the list, one step a line."""
    weight = f"每个项目的指标权重之和应为 {number_text(scheme.indicator_weight)} 分。"
    if scheme.execution.weight:
        weight += f"预算执行率另占 {number_text(scheme.execution.weight)} 分，由程序加入，不要写成指标。"
    return [
        f"“{PROJECT_SHEET}”表每行写一个项目；“{INDICATOR_SHEET}”表每行写一个三级指标，用项目编码与项目对应。",
        "表头带 * 的列必须填写，其余的可以留空。已有项目编码而必填项还空着的单元格会变成橙色、虚线边框。",
        "金额都以万元计，只写数字，按资金来源分列填写；合计由程序相加。",
        weight,
        "还没有批复指标的项目可以不写指标，下发的自评表中会留出空行，由单位自拟。",
        "列的先后可以调整，也可以另加自己的列（如序号、备注），但不要改动原有的表头。",
        "填好后保存并关闭。程序读取时会一次列出全部问题，并指明所在的单元格。",
    ]


def _write_guide_table(
    sheet: Sheet, row: int, title: str, headings: Sequence[str], table: Iterable[Sequence[str]]
) -> int:
    """A small table under a heading, after a blank row; returns the next free row."""
    sheet.write(row + 1, 0, title, "heading")
    sheet.row_height(row + 1, row_height(1) + 4)
    row += 2
    for col, text in enumerate(headings):
        sheet.write(row, col, text, "header")
    sheet.row_height(row, row_height(1) + 2)
    for line in table:
        row += 1
        for col, text in enumerate(line):
            sheet.write(row, col, text, "text" if col else "text_center")
        sheet.row_height(row, row_height(max(map(count_lines, line, _GUIDE_WIDTHS))))
    return row + 1
