"""The finding about a file that exceeded its budget or crashed its reader.

It is not in the module that reads files, so that a command which only reads a list need not load that.
"""

from __future__ import annotations

from workbook_tools.core.findings import Finding, finding
from workbook_tools.review.batch_work import LostItem
from workbook_tools.review.budget import Budget, Excess


def explain_loss(file: str, lost: LostItem) -> tuple[Finding, str]:
    """The finding about a file whose reader was lost, and the text for the log."""
    budget = Budget()
    if lost.excess is Excess.MEMORY:
        message = f"读取它要用的内存超过 {budget.memory // 1_000_000} MB，已停止"
        return finding("FILE31", message, file=file), ""
    if lost.excess is Excess.TIME:
        return finding("FILE31", f"读取它用了 {budget.seconds:g} 秒还没有完，已停止", file=file), ""
    if lost.after is None:
        message = "读取这个文件的进程意外终止，可能是文件太大、内存不足"
        fault = f"读取它的进程 {lost.process} 意外终止，退出码 {lost.exit_code}\n{lost.said}".strip()
    else:
        message = f"读取这个文件用了 {lost.after / 60:.3g} 分钟还没有完，已停止；文件可能已损坏，或者内容异常"
        fault = f"读取它超过 {lost.after:g} 秒，已停止"
    advice = "请用 Excel 或 WPS 打开看看，删去无关的内容、另存后再放进来；打不开的，请单位重新报送。"
    return finding("FILE13", message, file=file, advice=advice), fault
