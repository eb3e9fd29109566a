"""All kinds of tampering together, and the page docs/篡改对照.md made of them.

``python tests/support/tampering_page.py`` writes the page anew. Beside ``tampering.TAMPERING`` there are the kinds of damage of
:mod:`damage` that are tampering; their findings are held where those are tested.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from damage import Kind, Place
from damage_cells import CELLS
from damage_files import FILES
from damage_hostile import HOSTILE
from damage_sheets import SHEETS
from locations import ROOT
from tampering import TAMPERING

from workbook_tools.core.codes import CODES

PAGE = ROOT / "docs" / "篡改对照.md"
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*CELLS, *SHEETS, *FILES, *HOSTILE)}

KNOWN: dict[str, str] = {
    # -- 锁定的内容 -------------------------------------------------------------------------------------------------
    "weight_changed": "改权重", "target_lowered": "降低目标值", "target_as_text": "目标值换成文字", "target_emptied": "清空目标值",
    "indicator_renamed": "改指标名称", "project_renamed": "改项目名称", "budget_changed": "改预算数", "score_formula_changed": "改得分公式",
    "score_typed": "得分公式换成数字", "total_typed": "总分公式换成数字", "formula_emptied": "清空总分公式",
    "error_in_a_formula_cell": "公式显示错误值|公式与下发的一样，结果由程序重新计算",
    "blanks_around_a_locked_text": "锁定的文字前后加空格|有的程序保存时这样改；看起来一样",
    "two_rows_swapped": "两行指标对调", "a_formula_in_a_locked_value": "锁定的数换成到时候会变的公式",
    "formulas_of_quotes": "所有公式前面加一串引号", "formulas_of_ten_thousand_quotes": "公式加到上万个字符",
    "a_formula_shared_with_itself": "公式互相共用，绕成一圈",
    # -- 填报的单元格 ---------------------------------------------------------------------------------------------
    "a_sum_as_formula": "填报单元格写公式", "a_formula_never_calculated": "填报单元格写没有算过的公式",
    "a_formula_from_another_workbook": "填报单元格引用别的工作簿", "a_formula_from_the_net": "填报单元格的公式上网取数",
    "a_formula_that_starts_a_program": "填报单元格的公式启动程序", "a_formula_of_brackets": "填报单元格写拆不开的公式",
    "an_array_formula_over_an_input": "数组公式盖住填报单元格", "a_data_table_over_an_input": "模拟运算表盖住填报单元格",
    "a_formula_behind_a_long_attribute": "公式藏在很长的属性后面", "shared_formulas_in_a_circle": "表外的公式绕成一圈",
    "pasted_over": "粘贴把锁定带进填报单元格", "validations_gone": "所有下拉列表和校验都去掉",
    "prompts_gone": "填报提示都去掉|提示只在填的时候显示，不改变内容",
    "a_blank_without_width": "文字里夹零宽字符",
    "one_sheet_unprotected": "取消一张表的保护，删掉整条设置", "all_sheets_unprotected": "取消所有表的保护",
    # -- 工作表和名称 ---------------------------------------------------------------------------------------------
    "sheets_reordered": "调换工作表的顺序|按名称读取，顺序不影响", "sheet_renamed": "工作表改名", "sheets_renamed_oddly": "两张工作表改成古怪的名称",
    "sheet_titles_that_climb": "工作表的名称写成路径", "texts_sheet_deleted": "删除绩效分析表", "funding_sheet_deleted": "删除预算执行表",
    "status_sheet_deleted": "删除校验表", "guide_sheet_deleted": "删除填报说明|里面没有要读取的内容，看不到说明并不改变填报的内容",
    "junk_sheets_added": "加几张草稿表|样子与下发的表不同，不读取", "something_in_the_last_cell": "在最后一个单元格里写一个空格",
    "sheet_copied_and_deleted": "复制一张表，删除原来的", "another_sheet_has_the_title": "真表改名，草稿用它的名称",
    "rows_inserted_above": "表上方插入两行", "row_inserted_within": "表中间插入一行", "all_names_deleted": "删除所有名称",
    "some_names_deleted": "删除两个名称", "a_name_broken": "被命名的单元格删除了", "a_name_points_elsewhere": "名称指到另一格，那里写另一个数",
    "a_name_beyond_the_sheet": "名称指到表外", "a_cell_dragged_onto_another": "把一格拖到另一格上",
    "names_as_ranges": "名称指到整个合并区域|读第一格，与下发的一样",
    # -- 标识和签名 -----------------------------------------------------------------------------------------------
    "identity_deleted": "删除隐藏的标识表", "project_code_edited": "改标识里的项目编码", "old_version": "改标识里的版式号",
    "signature_edited": "改签名", "signature_gone": "清空签名", "content_damaged": "改签名的内容", "another_product": "改成别的工具的标识",
    "another_offices_workbook": "换成别的单位签名的表", "forged": "用自己的密钥重新签名", "another_project": "换成清单以外的项目",
    "identity_that_explodes": "标识解压后占满内存", "identity_nested_deeply": "标识里套很多层", "identity_without_end": "标识没有结尾",
    "a_project_name_that_climbs": "项目名称写成路径",
    # -- 夹带 -----------------------------------------------------------------------------------------------------
    "macros": "加宏", "macros_in_disguise": "宏换个大小写的名字", "macro_sheet_of_excel_4": "加 Excel 4 宏表",
    "link_to_another_workbook": "链接别的工作簿", "data_connection": "加数据连接", "hyperlink_to_a_server": "链接指到服务器",
    "hyperlink_to_a_server_as_address": "链接用网址的写法指到服务器",
    "formulas_in_an_extension": "单元格藏在扩展里", "row_16777216": "行号超出表的范围", "sheets_that_share_a_part": "一万张表共用一个部件",
    "external_entity_in_sheet4.xml": "引用本机文件的实体", "billion_laughs_in_sheet4.xml": "层层展开的实体",
}  # fmt: skip
"""Kind of damage → what is done, in Chinese; where nothing is found, behind a bar why it is harmless."""


@dataclass(frozen=True)
class Row:
    """A row of the page."""

    what: str
    found: tuple[Place, ...]
    harmless: str


def list_rows() -> Iterator[Row]:
    """All kinds."""
    yield from (Row(kind.name, kind.found, kind.harmless) for kind in TAMPERING)
    for name, text in KNOWN.items():
        what, _, why = text.partition("|")
        yield Row(what, KINDS[name].findings, why)


def write_page() -> str:
    """The page."""
    rows = list(list_rows())
    found = sum(bool(row.found) for row in rows)
    lines = [
        "# 篡改对照",
        "",
        "<!-- 本页由 python tests/support/tampering_page.py 生成，请勿手改。 -->",
        "",
        f"对下发的工作簿动手脚的办法，试过 {len(rows)} 种：{found} 种有准确的问题，其余 {len(rows) - found} 种不改变看到和读取的内容，写明为什么。"
        "每一种都有测试守着。单元格是示例项目里的；“连带”是同一处手脚引出的其他问题。",
        "",
        "用 LibreOffice、Gnumeric 真正另存的文件，以及按 Excel、WPS 另存时已知的写法改写的文件（这两个程序不在手边），都没有问题。",
        "",
        "| 做了什么 | 结果 |",
        "| --- | --- |",
    ]
    lines += [f"| {row.what.replace('|', '、')} | {_tell(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _tell(row: Row) -> str:
    if not row.found:
        return f"无害：{row.harmless}"
    told: dict[str, str] = {}
    for code, sheet, cell in row.found:
        told.setdefault(code, "!".join(filter(None, (sheet, cell))))
    return "；".join(f"{code} {CODES[code].title}{f'（{place}）' if place else ''}" for code, place in told.items())


if __name__ == "__main__":
    PAGE.write_text(write_page(), "utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
