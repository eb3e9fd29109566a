"""The published forms of golden/legacy, reviewed as a folder; and the page docs/公开旧表核对.md made of that.

``python tests/support/legacy_page.py`` writes the page anew.
"""

from __future__ import annotations

import sys
from functools import cache

from locations import ROOT
from published_forms import FILES, coverage, expected
from settling_here import settle_items

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.review_result import ProjectRow, ReviewResult
from workbook_tools.core.values import number_text
from workbook_tools.files.sources import SourceFile
from workbook_tools.review.batches import review_files
from workbook_tools.rules.scheme import load_scheme

PAGE = ROOT / "docs" / "公开旧表核对.md"
READINGS = ("IMPORT02", "IMPORT04", "IMPORT05")
"""Codes that say how a form was read, not what is wrong in it."""
_MODIFIED = "附件1"
"""Of two files of one project the one whose name begins so counts: times of a checkout say nothing."""


@cache
def review() -> ReviewResult:
    """The folder of published forms, reviewed without a project list."""
    reviewed = review_files([SourceFile(path, path.name) for path in FILES], {})
    for item in reviewed:
        item.modified = item.clock = float(item.file.startswith(_MODIFIED))
        item.saved_at = None
    return settle_items(reviewed, (), None, year=2022, scheme="mof-2020")


def findings_of(file: str) -> list[Finding]:
    """What is found in a file."""
    return [row for row in review().findings if row.file == file]


def wrong(file: str) -> list[Finding]:
    """The errors and warnings about what the form says."""
    return [f for f in findings_of(file) if f.severity is not Severity.INFO and f.code not in READINGS]


def projects_of(file: str) -> list[ProjectRow]:
    """The projects that count of a file."""
    return [project for project in review().projects if project.file == file]


# -- the page -----------------------------------------------------------------------------------------------------


def page() -> str:
    """docs/公开旧表核对.md."""
    rows = coverage()
    lines = [
        "# 公开旧表核对",
        "<!-- 本页由 python tests/support/legacy_page.py 生成，请勿手改。 -->",
        "",
        "网上公开的 26 个自评文件（18 个表格、8 份 Word 报告），都是单位自己做的，样式各不相同。"
        "下面是程序读它们的结果：每个文件读对了多少个数据，和审核时发现的问题。怎样读自己的旧表，见[旧表导入](旧表导入.md)。",
        "",
        "## 读对了多少",
        "",
        f"共核对 {sum(of for *_, of in rows)} 个数据（名称、目标值、完成值、分值、得分、原因、资金、总分……），"
        f"读对 {sum(right for _, right, _ in rows)} 个。目标值可以有两种读法的，读成哪一种都算对，但必须指出来。",
        "",
        "| 文件 | 读对 | 共 | 评分方案 | 集中评分 | 印出的总分 |",
        "| --- | ---: | ---: | --- | ---: | ---: |",
    ]
    lines += [_row(file, right, of) for file, right, of in rows]
    lines += [
        "",
        "评分方案是程序按表的样式推断的；“—”是没有总分：没有指标，或指标没有分值。"
        "“集中评分”是按表上的数据、照方案重新计算的，与印出的总分不同的，原因见下面各条。",
        "",
        "## 发现的问题",
        "",
        "只列错误和提醒。说明（如定性指标怎样折算、项目编码怎样编定）和两种读法，审核结果里都有，这里不列。",
    ]
    for file, *_ in rows:
        lines += _problems(file)
    return "\n".join(lines) + "\n"


def _row(file: str, right: int, of: int) -> str:
    projects = projects_of(file)
    schemes = "、".join(dict.fromkeys(load_scheme(p.scheme).name for p in projects)) or "—"
    totals = "、".join("—" if p.total_score is None else number_text(p.total_score) for p in projects) or "未计入"
    return f"| {file} | {right} | {of} | {schemes} | {totals} | {_printed(file)} |"


def _printed(file: str) -> str:
    path = next(path for path in FILES if path.name == file)
    totals = [facts["stated_total"] for facts in expected(path)]
    return "、".join("—" if total is None else number_text(total) for total in totals)


def _problems(file: str) -> list[str]:
    found = wrong(file)
    lines = ["", f"### {file}", ""]
    if not found:
        return [*lines, "没有错误和提醒。"]
    lines += ["| 级别 | 代码 | 位置 | 栏目 | 问题 | 现为 | 应为 |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in found:
        place = "!".join(part for part in (row.sheet, row.cell) if part)
        cells = (row.severity.label, row.code, place, row.field, row.message, row.found, row.expected)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return lines


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
