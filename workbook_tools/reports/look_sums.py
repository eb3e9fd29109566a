"""What reviewers have found of several projects (复核), added up, and told in clauses."""

from __future__ import annotations

from dataclasses import dataclass, fields

from workbook_tools.core.review_result import SecondLook
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text


@dataclass(slots=True)
class LookSum:
    """Projects that were looked at again (复核). Points are sums over those that have both."""

    count: int = 0
    compared: int = 0
    """Those of which the unit's total and that of the second look are known."""
    self_points: float = 0.0
    points: float = 0.0
    lower: int = 0
    """Those that came out lower, and higher, than the unit had them."""
    higher: int = 0
    marked: int = 0
    """Those whose self-evaluation was marked for its quality."""
    quality: float = 0.0
    quality_points: float = 0.0

    def add(self, look: SecondLook) -> None:
        """One more."""
        self.count += 1
        if look.self_total is not None and look.total is not None:
            self.compared += 1
            self.self_points += look.self_total
            self.points += look.total
            self.lower += NOISE.below(look.total, look.self_total)
            self.higher += NOISE.above(look.total, look.self_total)
        if look.quality is not None:
            self.marked += 1
            self.quality += look.quality
            self.quality_points += look.quality_points or 0.0

    def join(self, other: LookSum) -> None:
        """Those of another department."""
        for item in fields(LookSum):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))


def tell_looks(looked: LookSum) -> str:
    """What reviewers have found of these projects, in a sentence; nothing where none was looked at again."""
    if not looked.count:
        return ""
    return "；".join([f"抽查复核了其中{looked.count}个项目", *list_look_parts(looked)]) + "。复核不改变上述得分。"


def list_look_parts(looked: LookSum) -> list[str]:
    """How far reviewers and units differ, and how well the units have evaluated themselves, each in a clause."""
    parts = []
    if looked.compared:
        before, after = (_show_mean(points / looked.compared) for points in (looked.self_points, looked.points))
        same = looked.compared - looked.lower - looked.higher
        counts = ((looked.lower, "低于自评"), (looked.higher, "高于自评"), (same, "与自评相同"))
        told = "，".join(f"{count}个复核得分{how}" for count, how in counts if count)
        parts += [f"自评平均{before}分，复核平均{after}分", told]
    if looked.marked:
        full = looked.quality_points / looked.marked
        parts.append(f"自评工作质量平均{_show_mean(looked.quality / looked.marked)}分（满分{_show_mean(full)}分）")
    return parts


def _show_mean(points: float) -> str:
    """With two decimals at most, as other averages of a report."""
    return number_text(float(number_text(points, 2)))
