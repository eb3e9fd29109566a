"""Tables as superiors prescribe them, with the tags that an office would write into them.

Their columns are those of the tables of a deployed provincial system (the list of projects to be checked, the table of departments); the looks are
of our own making, and so is the third sheet, which names its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

CHECK_LIST = (
    ("状态", "{{状态}}", 9),
    ("编码", "{{项目编码}}", 14),
    ("名称", "{{项目名称}}", 30),
    ("预算单位", "{{实施单位}}", 16),
    ("业务处室", "", 10),
    ("资金归口处室", "", 10),
    ("年初预算数", "{{年初预算}}", 12),
    ("当年预算数", "{{全年预算}}", 12),
    ("全年执行数", "{{全年执行}}", 12),
    ("项目总金额", "{{全年预算·元}}", 14),
    ("预算执行率", "{{预算执行率}}", 10),
    ("得分", "{{得分}}", 8),
    ("自评结论", "{{等级}}", 9),
    ("自评预警", "错误{{错误}}处、提醒{{提醒}}处", 16),
)
DEPARTMENTS = (
    ("序号", "{{部门·序号}}", 6),
    ("部门", "{{部门·名称}}", 22),
    ("预算资金", "{{部门·全年预算}}", 13),
    ("执行资金", "{{部门·全年执行}}", 13),
    ("执行率", "{{部门·预算执行率}}", 10),
    ("参评项目个数", "{{部门·项目数}}", 9),
    ("公开项目个数", "", 9),
    ("公开率", '=IF(F5>0,G5/F5,"")', 9),
    ("平均分", "{{部门·平均分}}", 9),
    ("优秀个数", "{{部门·等级·优秀}}", 9),
    ("公开时间", "", 12),
    ("公开网址", "", 20),
    ("不公开原因", "", 20),
)
INDICATORS = (
    ("序号", "{{指标·序号}}", 6),
    ("项目代码", "{{项目编码}}", 13),
    ("项目名称", "{{项目名称}}", 24),
    ("一级指标", "{{指标·一级指标}}", 11),
    ("三级指标", "{{指标·三级指标}}", 20),
    ("指标值", "{{指标·目标值}}", 11),
    ("完成情况", "{{指标·完成值}}", 11),
    ("权重", "{{指标·权重}}", 8),
    ("得分", "{{指标·得分}}", 8),
    ("完成率", "{{指标·完成率}}", 9),
    ("偏差分析及整改措施", "{{指标·偏差原因}}", 30),
)
_CREATED = datetime(2024, 1, 2)
"""The same form on every day."""
_LINE = Side("thin")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_check_list(path: Path) -> None:
    """The list of projects to be checked, a sheet with a note below it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "抽查项目"
    _draw(sheet, "{{年度}}年度自评抽查项目清单", CHECK_LIST)
    totals = {
        7: "{{合计:年初预算}}",
        8: "{{合计:全年预算}}",
        10: "{{合计:全年预算·元}}",
        9: "{{合计:全年执行}}",
        11: "{{合计:预算执行率}}",
        12: "{{平均:得分}}",
    }
    _draw_row(sheet, 6, ["合计", *("" for _ in CHECK_LIST[1:])], bold=True)
    for column, tag in totals.items():
        sheet.cell(6, column).value = tag
    sheet.cell(7, 1).value = "填报单位：{{组织单位}}，共 {{应报数}} 个项目，执行率 {{全部·预算执行率}}"
    book.properties.created = _CREATED
    book.save(path)


def write_yearly_report(path: Path, *named: str) -> None:
    """Four sheets: a cover with totals of the others, departments, indicators, and rows that name a department each."""
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "封面"
    cover["A1"] = "{{组织单位}}{{年度}}年度自评工作情况"
    cover["A3"], cover["B3"] = "预算合计（万元）", "{{合计:部门·全年预算}}"
    cover["A4"], cover["B4"] = "平均得分", "{{全部·平均分}}"
    cover["A5"], cover["B5"] = "指标个数", "=COUNT('三、指标'!H5:H5)"
    cover["A6"], cover["B6"] = "缺报", "｛｛未报数｝｝"
    departments = book.create_sheet("二、部门")
    _draw(departments, "部门自评及公开情况表", DEPARTMENTS)
    _draw_row(departments, 6, ["合计", *("" for _ in DEPARTMENTS[1:])], bold=True)
    departments.merge_cells("A6:B6")
    for column, name in ((3, "全年预算"), (4, "全年执行"), (5, "预算执行率"), (6, "项目数"), (10, "等级·优秀")):
        departments.cell(6, column).value = f"{{{{合计:部门·{name}}}}}"
    departments["E5"].number_format, departments["C5"].number_format = "0.0%", "#,##0"
    _draw(book.create_sheet("三、指标"), "指标自评情况表", INDICATORS)
    fixed = book.create_sheet("四、重点")
    fixed["A1"] = "重点部门和项目"
    for row, name in enumerate(named, 3):
        _draw_row(fixed, row, [f"{{{{{name}}}}}", *_tags_of(name)])
    end = 3 + len(named)
    _draw_row(fixed, end, ["小计", f"=SUM(B3:B{end - 1})", f"=SUM(C3:C{end - 1})", ""], bold=True)
    book.properties.created = _CREATED
    book.save(path)


def _tags_of(name: str) -> list[str]:
    kind = name[:2]
    if kind == "项目":
        return ["1", "{{全年预算}}", "{{得分}}"]
    return [f"{{{{{kind}·项目数}}}}", f"{{{{{kind}·全年预算}}}}", f"{{{{{kind}·平均分}}}}"]


def _draw(sheet: Any, title: str, columns: Sequence[tuple[str, str, float]]) -> None:
    """Title over all columns, unit, heading in row 4, tags in row 5."""
    last = get_column_letter(len(columns))
    sheet["A1"].value, sheet["A1"].font = title, Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(f"A1:{last}1")
    sheet.row_dimensions[1].height = 30
    sheet["A3"] = "单位：万元"
    _draw_row(sheet, 4, [heading for heading, _, _ in columns], bold=True)
    _draw_row(sheet, 5, [tag for _, tag, _ in columns])
    for number, (_, _, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:4"


def _draw_row(sheet: Any, row: int, texts: Sequence[str], *, bold: bool = False) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.value = float(text) if text == "1" else text or None
        cell.border, cell.font = _BORDER, Font(name="宋体", size=10, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if bold else None)
        if bold and row == 4:
            cell.fill = PatternFill("solid", fgColor="DDEBF7")
    sheet.row_dimensions[row].height = 28
