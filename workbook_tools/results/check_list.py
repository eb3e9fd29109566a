"""检查清单: every check, in how many projects it looked and what came of it; what could not be looked at, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from workbook_tools.core.review_result import CheckCount, ReviewResult
from workbook_tools.excel.columns import Column
from workbook_tools.excel.tables import Table
from workbook_tools.excel.writing import Sheet

CHECK_LIST = "检查清单"
_NOTE = (
    "一行一项检查，数字是项目数。“没有问题”是查过了、没有发现；“没有查”是缺少所需的内容，原因写在右边。\n"
    "“不适用”是这项检查本来不针对这样的项目，不用管；“已关闭”是在 wbt.toml 的 [checks] 中关掉的。代码的含义见 docs/校验规则.md。"
)
_COLUMNS: tuple[Column[CheckCount], ...] = (
    Column("rule", "检查什么", 56, lambda c: c.rule),
    Column("codes", "代码", 21, lambda c: shorten_codes(c.codes)),
    Column("ran", "查了", 7, lambda c: c.ran, "count"),
    Column("passed", "没有\n问题", 7, lambda c: c.passed, "count"),
    Column("fired", "有问题", 7, lambda c: c.fired or None, "count"),
    Column("off", "已关闭", 7, lambda c: c.off or None, "count"),
    Column("not_run", "没有查", 7, lambda c: sum(c.not_run.values()) or None, "count"),
    Column("not_for", "不适用", 7, lambda c: sum(c.not_for.values()) or None, "count"),
    Column("reason", "没有查、不适用的原因", 36, lambda c: _say_reasons(c)),
)


def draw_check_list(sheet: Sheet, result: ReviewResult) -> Table[CheckCount]:
    """The sheet of all checks, in the order in which they run."""
    table = Table(sheet, _COLUMNS, CHECK_LIST, _NOTE)
    table.add_all(result.checks)
    table.finish(keep=1)
    return table


def shorten_codes(codes: Sequence[str]) -> str:
    """The codes, those that follow each other as a span: FILE01-06 FILE08."""
    numbered = ((code, code.rstrip("0123456789"), int(code[-2:])) for code in codes)
    spans = []
    for _, run in groupby(enumerate(numbered), key=lambda item: (item[1][1], item[1][2] - item[0])):
        found = [code for _, (code, *_) in run]
        spans.append(f"{found[0]}-{found[-1][-2:]}" if len(found) > 2 else " ".join(found))
    return " ".join(spans)


def _say_reasons(count: CheckCount) -> str:
    reasons = {**count.not_run, **count.not_for}
    many = len(reasons) > 1
    return "；".join(f"{reason}（{times}个）" if many else reason for reason, times in reasons.items())
