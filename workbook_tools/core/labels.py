"""What a form calls its parts: the labels that messages, advice and hints use."""

from __future__ import annotations

from typing import NamedTuple


class FormLabels(NamedTuple):
    """The names of the parts of one authority's 自评表. The defaults are those where no form is known.

    Five parts have no column on some printed forms; they then stand right of it, under their default names.
    """

    form: str = "自评表"
    dimension: str = "一级指标"
    category: str = "二级指标"
    indicator: str = "三级指标"
    direction: str = "指标性质"
    target: str = "目标值"
    unit: str = "计量单位"
    actual: str = "完成值"
    tier: str = "完成程度"
    completion: str = "完成率"
    weight: str = "分值"
    score: str = "得分"
    deviation_reason: str = "偏差原因"
    applicable: str = "是否适用"
