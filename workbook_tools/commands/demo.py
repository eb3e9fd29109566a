"""``wbt demo``: the whole cycle on the built-in projects."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.commands.reviewing import print_result
from workbook_tools.commands.terminal import print_line
from workbook_tools.core.review_result import EvidenceState, ReviewResult
from workbook_tools.results.names import RESULT_NAME
from workbook_tools.shipped.demo import find_free_folder, run_demo
from workbook_tools.shipped.second_year import SecondYear, describe_change, run_second_year


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="放演示结果的文件夹；里面已有文件时自动另取名字。")
    ] = Path("自评演示"),
) -> None:
    """Print the projects, where everything lies, and what changed in the second year."""
    now, root = datetime.now(UTC), find_free_folder(folder)
    made = run_demo(root, now)
    second = run_second_year(made, find_free_folder(root.with_name(f"{root.name}－第二年")), now)
    print_result(made.result)
    print_line(f"结果都在 {root.resolve()}：")
    for name, what in (
        ("下发", f"{len(made.issued)} 个下发的工作簿，每个主管部门一个压缩包"),
        ("回收", "各单位填好的工作簿（照公开报告填写，错误保留），有的旁边有佐证材料"),
        ("审核", f"{RESULT_NAME}.xlsx、{RESULT_NAME}.json"),
        ("汇总", f"{len(made.summaries)} 个汇总工作簿和汇总表"),
        ("报告", f"{len(made.reports)} 份 Word 报告"),
    ):
        print_line(f"  {name}/　{what}")
    print_line(_tell_evidence(made.result))
    print_line(f"先打开 审核/{RESULT_NAME}.xlsx：第一张表“审核概览”写着先做什么，每个项目是什么状态、先看哪里。")
    print_line(
        "自己办一次：wbt init 建工作文件夹，填好项目清单；wbt generate 生成下发；收回的文件放进 回收，运行 wbt run。"
    )
    print_line(
        "wbt run 会写好退回副本：错误请单位改正，提醒请单位在“单位说明”一栏写明情况；没有问题的用 wbt accept 接收。"
    )
    _print_second_year(second)


def _print_second_year(made: SecondYear) -> None:
    """What it is, what changed since the first, and what followed from it."""
    year, root = made.result.year, made.campaign.root.resolve()
    print_line(
        f"第二年（{year} 年度，数字和文字都是编写的）在 {root}，由第一年接着做（wbt init --from）；第一年的报告有的是 2021 年的，这里都当作上年。"
    )
    for sentence in describe_change(made.result):
        print_line(sentence)
    print_line(f"抽查：按风险抽中 {len(made.sampled)} 个：{'、'.join(made.sampled)}。见 抽查/抽查名单.xlsx。")
    if made.notice:
        print_line(f"整改：通知 {made.notice.unit} 整改 {made.notice.matters} 项，通知书和整改情况表在 整改/通知。")
    print_line(f"公开：{made.published} 个已接收的项目做了公开版，在 公开；为什么别的没有公开，见 公开清单.xlsx。")


def _tell_evidence(result: ReviewResult) -> str:
    """How much of the evidence that is listed has come."""
    projects = [project.evidence for project in result.projects if project.evidence.listed]
    listed, found, absent, unlisted = (
        sum(getattr(evidence, name) for evidence in projects) for name in ("listed", "found", "absent", "unlisted")
    )
    on_paper = sum(row.state is EvidenceState.ON_PAPER for row in result.evidence)
    return (
        f"佐证材料：{len(projects)} 个项目列了 {listed} 份，收到文件 {found} 份，没有收到 {absent} 份，纸质的 {on_paper} 份；"
        f"另有 {unlisted} 个文件没有列出。见审核结果的“佐证材料”表。"
    )
