"""How the drafts put figures and indicators into words, in the register of official reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from workbook_tools.core.model import Direction
from workbook_tools.core.review_result import IndicatorRow
from workbook_tools.core.tolerances import STORED
from workbook_tools.core.values import PERCENT, number_text, percent_text
from workbook_tools.reports.lost_points import is_noticeable
from workbook_tools.word.text import one_line

_SENTENCE_END = "。；;.，, "
_MEASURES_BEGIN = re.compile(
    r"(?:^|[，。；;,：:\s])"
    r"((?:(?:下一步)?的?(?:改进|整改)措施|今后|下一?步|(?:后续|下一?年度|明年)(?:将|要|拟|计划|争取)).*)$",
    re.DOTALL,
)
"""Where, in 偏差原因分析及改进措施, the measures begin: only at words that announce them."""
_REASON_HEAD = re.compile(r"^(?:偏差|未完成|未达标)?(?:主要)?(?:原因分析|原因)(?:及改进措施)?(?:是|为)?[:：]\s*")
"""偏差原因分析及改进措施：, 主要原因是： before a reason."""
_MEASURES_HEAD = re.compile(r"^(?:下一步)?的?(?:改进|整改)措施(?:是|为)?\s*[:：]?\s*")
"""下一步改进措施是：, 整改措施： before measures."""

# -- figures in words -------------------------------------------------------------------------------------------------


def round_text(number: float) -> str:
    """With two decimals at most, as the office writes; a number too small for them is written out.

    >>> round_text(46.666666), round_text(30.0), round_text(0.004)
    ('46.67', '30', '0.004')
    """
    rounded = round(number + 0.0, 2)
    return number_text(rounded if rounded or not number else number)


def say_money(amount: float) -> str:
    """Money in 万元."""
    return f"{round_text(amount)}万元"


def say_points(score: float) -> str:
    """Points in 分."""
    return f"{round_text(score)}分"


def _say_quantity(number: float, unit: str) -> str:
    return f"{round_text(number)}个百分点" if unit == PERCENT else f"{round_text(number)}{one_line(unit)}"


def quote(text: str) -> str:
    """What the unit wrote, on one line and without the full stop, to stand in a sentence."""
    return one_line(text).strip(_SENTENCE_END)


# -- one indicator ----------------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """How an indicator stands to its target."""

    MET = "达到目标"
    OVER = "超过目标"
    SHORT = "未达到目标"
    UNKNOWN = ""


def judge_outcome(row: IndicatorRow) -> Outcome:
    """By the two numbers where there are two, else by whether the indicator earned its full points."""
    target, actual = row.target, row.actual
    if isinstance(target, float) and isinstance(actual, float) and row.direction is not Direction.QUALITATIVE:
        same = STORED.same(actual, target)
        if same:
            return Outcome.MET
        if row.direction is Direction.AT_LEAST:
            return Outcome.OVER if actual > target else Outcome.SHORT
        met = row.direction is Direction.AT_MOST and actual < target
        return Outcome.MET if met else Outcome.SHORT
    if (actual is None and not row.tier) or row.score is None or row.weight is None:
        return Outcome.UNKNOWN
    lost = row.weight - row.score - (row.self_deduction or 0.0)  # what the unit took off says nothing of the target
    return Outcome.SHORT if is_noticeable(lost) else Outcome.MET


def count_lost_points(row: IndicatorRow) -> float:
    """The points that were lost on it; none where there is no score."""
    if row.final_score is None or row.weight is None or not row.applicable:
        return 0.0
    lost = row.weight - row.final_score
    return lost if is_noticeable(lost) else 0.0


def find_cause(reason: str) -> str:
    """The part of 偏差原因分析及改进措施 that says why."""
    found = _MEASURES_BEGIN.search(reason)
    return say_reason(reason[: found.start(1)] if found else reason)


def find_measures(reason: str) -> str:
    """The part that announces improvement measures, in the unit's words; nothing where none are announced.

    >>> find_measures("年初批复数偏小，今后合理编制预算"), find_measures("设备维修后继续使用")
    ('今后合理编制预算', '')
    """
    found = _MEASURES_BEGIN.search(reason)
    return quote(_MEASURES_HEAD.sub("", one_line(found[1]))) if found else ""


def say_state(row: IndicatorRow) -> str:
    """目标值、完成值、whether the target was met, and how far from it."""
    reached = judge_outcome(row)
    return "，".join([say_values(row), *([reached.value + say_distance(row, reached)] if reached.value else [])])


def say_values(row: IndicatorRow) -> str:
    """目标值、完成值."""
    parts = [f"目标值{one_line(row.target_text)}"] if row.target_text else []
    done = one_line(row.actual_text)
    if row.direction is Direction.QUALITATIVE and row.tier and row.tier != done:
        done += f"（{one_line(row.tier)}）" if done else one_line(row.tier)
    done = done or one_line(row.tier)
    parts.append(f"完成值{done}" if done else "完成值未填报")
    return "，".join(parts)


def say_distance(row: IndicatorRow, reached: Outcome) -> str:
    """By how much, where both are numbers of a known unit; else the completion of what fell short."""
    target, actual = row.target, row.actual
    if reached in (Outcome.MET, Outcome.UNKNOWN):
        return ""
    if row.unit and isinstance(target, float) and isinstance(actual, float):
        gap = _say_quantity(abs(actual - target), row.unit)
        if reached is Outcome.OVER:
            return gap
        if row.direction is Direction.AT_LEAST:
            return f"，相差{gap}"
        return f"，{'超出' if actual > target else '低于'}目标值{gap}"
    short = row.completion is not None and row.completion < 1 and reached is Outcome.SHORT
    return f"，完成率{percent_text(row.completion or 0)}" if short else ""


def _say_final_score(row: IndicatorRow) -> str:
    """得分 and what was lost."""
    if row.final_score is None:
        return "未得出得分"
    return say_score(row.weight, row.final_score, reviewed=row.reviewed_score is not None)


def say_score(weight: float | None, score: float, *, reviewed: bool) -> str:
    """分值、得分 and what was lost; a score that finance has changed is called so."""
    words = f"{'经核定' if reviewed else ''}得{say_points(score)}"
    if weight is None:
        return words
    lost = weight - score
    return f"分值{say_points(weight)}，{words}" + (f"，失{say_points(lost)}" if is_noticeable(lost) else "")


def say_reason(reason: str) -> str:
    """A reason as it stands in a sentence, without a heading of its own (原因：)."""
    return quote(_REASON_HEAD.sub("", one_line(reason)))


def say_indicator(row: IndicatorRow) -> str:
    """All there is to say of one indicator."""
    text = f"{one_line(row.name)}：{say_state(row)}；{_say_final_score(row)}。"
    reason = say_reason(row.deviation_reason)
    missed = count_lost_points(row) or judge_outcome(row) is Outcome.SHORT
    return text + (f"{'原因' if missed else '说明'}：{reason}。" if reason else "")


def is_filled(row: IndicatorRow) -> bool:
    """The unit, or a score, says something of it."""
    return row.actual is not None or bool(row.tier) or row.score is not None


def number_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines with their numbers; a single one needs none."""
    if len(lines) == 1:
        yield lines[0]
        return
    for number, line in enumerate(lines, 1):
        yield f"{number}. {line}"


QUOTED = 80
"""So many characters of a unit's words stand in a sentence."""


def cut(text: str) -> str:
    """A unit's words as they stand in a sentence."""
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 2].rstrip('，。；、')}……"
