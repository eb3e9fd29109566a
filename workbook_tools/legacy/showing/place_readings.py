"""What was recognised, place by place: the field of each value, and the reading taken. For people to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from workbook_tools.core.model import Direction
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.legacy.conversion.stated_values import printed_text
from workbook_tools.legacy.words.records import (
    NAMES_OF_FACTS,
    Concern,
    FormIndicator,
    HandmadeForm,
    Remark,
    Stated,
    Where,
)
from workbook_tools.rules.scheme import builtin_schemes

NAMES_OF_TEXTS = {
    "goal_annual": "年度目标",
    "goal_adjusted": "调整后目标",
    "goal_actual": "目标完成情况",
    "goal_period": "实施期目标",
    "overall_rate": "总体完成率",
    "process": "实施内容",
    "management": "资金管理",
    "conclusion": "评价结论",
    "problems": "存在问题",
    "deviation": "偏差原因",
    "suggestions": "改进措施",
}
"""Key of the form's texts → what people call it; the schemes name the sections of reports."""


class ReadingKind(StrEnum):
    """What a marked place is."""

    HEAD = "表头"
    FUNDING = "资金"
    NAME = "指标名称"
    TARGET = "目标值"
    ACTUAL = "完成值"
    POINTS = "分值"
    SCORE = "得分"
    REASON = "原因"
    TEXT = "文字"
    SKIPPED = "空白表样，不计"
    AMBIGUOUS = "两种读法"
    ANSWERED = "按答复读取"
    UNKNOWN = "没有读懂"


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """One reading of one place."""

    kind: ReadingKind
    label: str
    """What it is: 项目名称, 目标值 …"""
    reading: str
    """The value as it was understood."""
    about: str = ""
    """The indicator that it is about."""

    @property
    def field(self) -> str:
        """What it is, and of which indicator."""
        return f"“{self.about}”的{self.label}" if self.about else self.label


def list_place_readings(form: HandmadeForm) -> Iterator[tuple[Where, PlaceReading]]:
    """Every place of a form from which something was taken, or about which there is a doubt."""
    for kind, field, stated, reading in _readings_of_form(form):
        if stated is not None:
            yield stated.where, PlaceReading(kind, field, reading or value_text(stated))
    for entry in form.entries:
        for kind, label, stated, reading in _readings_of_indicator(entry):
            if stated is not None:
                yield stated.where, PlaceReading(kind, label, reading or value_text(stated), printed_text(entry.name))
    for remark in form.remarks:
        yield remark.where, PlaceReading(*_reading_of_remark(remark))


def _reading_of_remark(remark: Remark) -> tuple[ReadingKind, str, str]:
    match remark.concern:
        case Concern.UNKNOWN:
            return ReadingKind.UNKNOWN, remark.field, "没有采用"
        case Concern.UNSEEN:
            return ReadingKind.AMBIGUOUS, remark.field, f"照样读取（{remark.taken}）"
        case Concern.ANSWERED:
            return ReadingKind.ANSWERED, remark.field, f"按答复读作“{remark.taken}”"
        case Concern.REFUSED:
            return ReadingKind.AMBIGUOUS, remark.field, f"答复“{remark.taken}”用不上，没有采用"
        case Concern.AMBIGUOUS:
            return ReadingKind.AMBIGUOUS, remark.field, f"读作“{remark.taken}”，也可以读作“{remark.other}”"


def _readings_of_form(form: HandmadeForm) -> Iterator[tuple[ReadingKind, str, Stated | None, str]]:
    for key, stated in form.head.items():
        yield ReadingKind.HEAD, NAMES_OF_FACTS[key], stated, printed_text(stated)
    yield ReadingKind.HEAD, "评价年度", form.year, ""
    for line in form.funding:
        for measure, stated in line.amounts.items():
            yield (
                ReadingKind.FUNDING,
                f"{measure.label}－{line.label}",
                stated,
                f"{value_text(stated)}万元" if printed_text(stated) else "",
            )
        yield ReadingKind.FUNDING, f"执行率－{line.label}", line.rate, _percent_text(line.rate)
    yield ReadingKind.FUNDING, "预算执行率", form.execution_rate, _percent_text(form.execution_rate)
    yield ReadingKind.POINTS, "预算执行率分值", form.execution_weight, ""
    yield ReadingKind.SCORE, "预算执行率得分", form.execution_score, ""
    yield ReadingKind.POINTS, "分值合计", form.total_weight, ""
    yield ReadingKind.SCORE, "总分", form.total, ""
    yield ReadingKind.SCORE, "评价等级", form.grade, ""
    for key, stated in form.texts.items():
        yield ReadingKind.TEXT, name_of_text(key), stated, printed_text(stated)
    for stated in form.template_rows:
        yield ReadingKind.SKIPPED, "空白表样", stated, printed_text(stated)


def _readings_of_indicator(entry: FormIndicator) -> Iterator[tuple[ReadingKind, str, Stated | None, str]]:
    level = "－".join(part for part in (entry.dimension, entry.category) if part)
    shared = f"（{entry.score_rows}个指标合用）" if entry.score_rows > 1 else ""
    yield ReadingKind.NAME, "三级指标", entry.name, level
    yield ReadingKind.TARGET, "目标值", entry.target, target_of_indicator(entry)
    yield ReadingKind.ACTUAL, "完成值", entry.actual, quantity_of_indicator(entry, entry.actual)
    yield ReadingKind.ACTUAL, "完成率", entry.completion, _percent_text(entry.completion)
    yield ReadingKind.POINTS, "分值", entry.weight, ""
    yield ReadingKind.SCORE, f"得分{shared}", entry.score, ""
    yield ReadingKind.SCORE, "折算得分", entry.folded_score, ""
    yield ReadingKind.REASON, "原因", entry.reason, ""
    yield ReadingKind.REASON, "佐证材料", entry.evidence, printed_text(entry.evidence)


@cache
def name_of_text(key: str) -> str:
    """What people call a text."""
    sections = {section.key: section.label for scheme in builtin_schemes().values() for section in scheme.texts}
    return NAMES_OF_TEXTS.get(key) or sections.get(key, "文字")


def value_text(stated: Stated | None) -> str:
    """A value as it was understood."""
    value = stated.value if stated else None
    return number_text(value) if isinstance(value, float) else str(value or "")


def _percent_text(stated: Stated | None) -> str:
    return percent_text(stated.value) if stated and isinstance(stated.value, float) else value_text(stated)


def target_of_indicator(entry: FormIndicator) -> str:
    """The target as it was understood: ≥95%, or a text."""
    sign = "" if entry.direction is Direction.QUALITATIVE else entry.direction.symbol
    text = quantity_of_indicator(entry, entry.target)
    return f"{sign}{text}" if text and sign else f"定性：{text}" if text else ""


def quantity_of_indicator(entry: FormIndicator, stated: Stated | None) -> str:
    """A target or actual as it was understood, with its unit."""
    value = stated.value if stated else None
    return f"{number_text(value)}{entry.unit}" if isinstance(value, float) else str(value or "")
