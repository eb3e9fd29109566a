"""The blank forms that come with the package: templates/自评表模板.xlsx, 项目清单模板.xlsx and 汇总表.xlsx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbook_tools.core.model import Project
from workbook_tools.excel.styles import NAMED, SUBTOTAL_FILL
from workbook_tools.excel.writing import Book
from workbook_tools.files.paths import replace_result, templates_folder
from workbook_tools.form.identity import BLANK_KEY
from workbook_tools.projects import project_list_workbook
from workbook_tools.rules.scheme import Scheme
from workbook_tools.summary.list_tags import FIGURE_STYLES
from workbook_tools.summary.names import SUMMARY_FORM
from workbook_tools.workbooks.writing import build_workbook

BLANK_FORM, BLANK_LIST = "自评表模板.xlsx", "项目清单模板.xlsx"


def draw_blank_form(scheme: Scheme) -> bytes:
    """The form for a unit that is on no list: it types which project it is and proposes the indicators."""
    return build_workbook(Project(code="", name="", department="", unit="", year=0), scheme, BLANK_KEY)


_COLUMNS = (
    ("序号", "序号", 4.5, "text_center", ""),
    ("主管部门", "主管部门", 11.5, "text", ""),
    ("实施单位", "实施单位", 12.5, "text", ""),
    ("项目名称", "项目名称", 24, "text", ""),
    ("年初预算", "年初预算", 10.5, "money", "资金（万元）"),
    ("全年预算", "全年预算", 10.5, "money", "资金（万元）"),
    ("全年执行", "全年执行", 10.5, "money", "资金（万元）"),
    ("预算执行率", "执行率", 8, "percent", "资金（万元）"),
    ("总分", "得分", 7.5, "decimal", "自评"),
    ("评价等级", "等级", 7, "text_center", "自评"),
    ("得分", "得分", 7.5, "decimal", "核定后"),
    ("等级", "等级", 7, "text_center", "核定后"),
    ("偏差原因", "偏差原因及改进措施", 23, "text", ""),
    ("备注", "备注", 11, "text", ""),
)
"""Tag, heading, width, style and group of each column of 汇总表."""
_SIZE = 10.0
"""Points: all columns fit a screen."""
_HEADER = NAMED["header"].but(size=_SIZE)
_SUMMED = {
    "年初预算": "合计",
    "全年预算": "合计",
    "全年执行": "合计",
    "预算执行率": "合计",
    "总分": "平均",
    "得分": "平均",
}


_COUNTS = "应报 {{应报数}} 个项目，已报 {{项目数}} 个，缺报 {{未报数}} 个；填报不完整 {{待更正数}} 个，得分经核定 {{核定数}} 个"


def draw_blank_summary_form() -> bytes:
    """The summary form that comes with the package, for the office to change: a title, a sample row, a total, signatures."""
    last = len(_COLUMNS) - 1
    with Book(title="项目支出绩效自评汇总表", kind="汇总表") as book:
        sheet = book.sheet("汇总表")
        sheet.columns([width for _, _, width, _, _ in _COLUMNS])
        sheet.merge(0, 0, 0, last, "{{部门}}{{年度}}年度项目支出绩效自评汇总表", NAMED["title"].but(shrink=True))
        sheet.row_height(0, 36)
        sheet.merge(1, 0, 1, 3, "填报单位（盖章）：{{部门}}", NAMED["plain"].but(shrink=True))
        sheet.merge(1, 4, 1, last, _COUNTS, NAMED["plain"].but(align="right", size=_SIZE))
        groups = [group for *_, group in _COLUMNS]
        for col, (tag, heading, _, style, group) in enumerate(_COLUMNS):
            if not group:
                sheet.merge(2, col, 3, col, heading, _HEADER)
            else:
                sheet.write(3, col, heading, _HEADER)
                if groups.index(group) == col:
                    sheet.merge(2, col, 2, col + groups.count(group) - 1, group, _HEADER)
            look = NAMED[style].but(size=_SIZE)
            if style in FIGURE_STYLES:  # typed in 元 by mistake they are too long, and would be shown as ####
                look = look.but(wrap=False, shrink=True)
            sheet.write(4, col, f"{{{{{tag}}}}}", look)
            total = f"{{{{{_SUMMED[tag]}:{tag}}}}}" if tag in _SUMMED else "合计" if col == 0 else None
            sheet.write(5, col, total, look.but(bold=True, fill=SUBTOTAL_FILL))
        for row, height in ((1, 20), (2, 22), (3, 22), (4, 24), (5, 24), (6, 36)):
            sheet.row_height(row, height)
        gap = "　" * 12
        sheet.merge(
            6, 0, 6, last, f"填表人：{gap}复核人：{gap}单位负责人：{gap}填报日期：　　　年　　月　　日", "plain"
        )
        sheet.freeze(4)
        sheet.print_setup(landscape=True, repeat_rows=(2, 3), area=(0, 0, 6, last))
    return book.bytes()


def write_blanks(folder: Path, scheme: Scheme) -> Iterator[Path]:
    """Write the blank forms, the summary form and the report forms, and yield each file written.

    What somebody changed is moved aside, not lost. Raises OutputError.
    """
    blanks = {
        BLANK_FORM: draw_blank_form(scheme),
        BLANK_LIST: project_list_workbook(None, scheme),
        SUMMARY_FORM: draw_blank_summary_form(),
    }
    reports = {path.name: path.read_bytes() for path in sorted(templates_folder().glob("*.docx"))}
    for name, data in (blanks | reports).items():
        replace_result(folder / name, data)
        yield folder / name
