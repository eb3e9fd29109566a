"""The settings of a scheme (评分方案): the rules of one authority.

Wherever two authorities differ, the difference is a setting here, never a branch on a region's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from workbook_tools.core.labels import IndicatorColumn
from workbook_tools.core.model import Measure
from workbook_tools.core.tolerances import NOISE
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.rules.form_settings import FormSettings, TextSection
from workbook_tools.rules.setting_base import (
    YES_NO,
    Contradiction,
    Decimals,
    Fraction,
    Key,
    Multiple,
    Points,
    Setting,
    SettingGroup,
    Share,
    Text,
    find_list_faults,
    find_out_of_order,
    find_repeated,
)


def stem(name: str) -> str:
    """A dimension's name without 指标: 产出 and 产出指标 are the same."""
    return name.removesuffix("指标")


class Dimension(SettingGroup):
    """一级指标: its name on the form, its normal weight, and its 二级指标."""

    key: Annotated[Key, Setting("代号", "小写英文名，如 output；报告模板用它引用，各方案对同一类指标写法相同")]
    name: Annotated[Text, Setting("名称", "印在自评表上的名称")]
    weight: Annotated[Points, Setting("分值", "通常占多少分")]
    categories: Annotated[tuple[Text, ...], Field(min_length=1), Setting("二级指标", "按表上的次序列出")]
    cost_like: Annotated[
        tuple[Text, ...], Setting("预设为 ≤ 的二级指标", "单位自拟指标时，这些类别先按“越小越好”预设，可以改")
    ] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        yield from find_repeated("categories", self.categories)
        yield from find_list_faults("categories", self.categories)
        for i, name in enumerate(self.cost_like):
            if name not in self.categories:
                yield ("cost_like", i), f"“{name}”不在 categories 中"


class Weights(SettingGroup):
    """What the weights must add up to, and how strictly the norm per dimension holds."""

    total: Annotated[Points, Setting("满分", "各一级指标的分值加预算执行率的分值必须等于它")] = 100
    norm: Annotated[
        Literal["exact", "principle", "none"],
        Setting(
            "一级指标分值的约束",
            "项目的指标分值与上面的分值不一致时：exact 是错误，principle 是提醒，none 不检查",
            {"exact": "须按此设置", "principle": "原则上按此设置", "none": "可以调整"},
        ),
    ] = "principle"


class ShareBand(SettingGroup):
    """From this share on (inclusive), the result is ``share`` of the weight."""

    at_least: Annotated[Multiple, Setting("执行率下限", "含本数，0.9 表示 90%")]
    share: Annotated[Share, Setting("得分值的比例", "1 表示满分，0.8 表示分值的 80%")]


class Execution(SettingGroup):
    """预算执行率 and its points."""

    weight: Annotated[Points, Setting("分值", "预算执行率占多少分；写 0 表示不单独计分")] = 10
    base: Annotated[
        Literal["annual_budget", "initial_budget"],
        Setting("计算基数", "执行率的分母", {str(m): m.label for m in (Measure.ANNUAL_BUDGET, Measure.INITIAL_BUDGET)}),
    ] = "annual_budget"
    capped: Annotated[
        bool, Setting("封顶", "执行率超过 100% 时", {"true": "最多得满分", "false": "超过100%的照实计算"})
    ] = True
    zero_budget: Annotated[
        Literal["zero", "full", "blank", "as_one"],
        Setting(
            "预算为0时",
            "这时无法计算执行率",
            {"zero": "不得分", "full": "得满分", "blank": "不计分", "as_one": "把预算当作1计算"},
        ),
    ] = "zero"
    bands: Annotated[
        tuple[ShareBand, ...], Setting("分档", "从高到低列出，比末一档还低的不得分；按比例得分、不分档时写 []")
    ] = ()
    explain_below: Annotated[Share, Setting("须说明原因的界线", "执行率低于它时必须填写原因；0 表示不要求")] = 0

    def contradictions(self) -> Iterator[Contradiction]:
        yield from find_out_of_order("bands", "at_least", [band.at_least for band in self.bands])

    @property
    def base_measure(self) -> Measure:
        """The funding row that is the denominator."""
        return Measure(self.base)


_AT_ZERO = {
    "met_if_reached": "完成值达到0得满分，否则不得分",
    "met_if_not_exceeded": "完成值不超过0得满分，否则不得分",
    "no_score": "不计分",
}


class AtLeast(SettingGroup):
    """≥: reached → full; below → in proportion."""

    zero_target: Annotated[
        Literal["met_if_reached", "no_score"],
        Setting("目标值为0时", "这时无法计算比例", {key: _AT_ZERO[key] for key in ("met_if_reached", "no_score")}),
    ] = "met_if_reached"


class AtMost(SettingGroup):
    """≤: not exceeded → full; exceeded → ``exceeded``."""

    exceeded: Annotated[
        Literal["inverse", "linear", "zero"],
        Setting(
            "超过目标值时",
            "目标值 10、完成值 15、分值 10 时，三种写法分别得 6.67、5.00、0 分",
            {
                "inverse": "按目标值÷完成值的比例得分",
                "linear": "按超过的比例扣分，达到目标值两倍的不得分",
                "zero": "不得分",
            },
        ),
    ] = "inverse"
    completion: Annotated[
        Literal["achieved", "actual_over_target"],
        Setting(
            "完成率一栏",
            "只影响“完成率”一栏的显示，不影响得分",
            {"achieved": "得分的比例，不超过目标值即100%", "actual_over_target": "完成值÷目标值"},
        ),
    ] = "achieved"
    zero_target: Annotated[
        Literal["met_if_reached", "no_score"],
        Setting(
            "目标值为0时",
            "如事故数不超过 0 起",
            {"met_if_reached": _AT_ZERO["met_if_not_exceeded"], "no_score": _AT_ZERO["no_score"]},
        ),
    ] = "met_if_reached"
    zero_actual: Annotated[
        Literal["met", "zero"],
        Setting(
            "完成值为0时",
            "目标值大于 0 而完成值为 0，可能很好（没有事故），也可能没有实施（没有支出）",
            {"met": "按没有超过目标值得满分", "zero": "不得分"},
        ),
    ] = "met"


class Equal(SettingGroup):
    """＝: like ≥, only when equal, or falling with the deviation to either side."""

    rule: Annotated[
        Literal["as_at_least", "only_equal", "symmetric"],
        Setting(
            "计分办法",
            "",
            {
                "as_at_least": "与越大越好的指标同样计分",
                "only_equal": "等于目标值得满分，否则不得分",
                "symmetric": "按偏离目标值的比例扣分，偏高偏低都扣",
            },
        ),
    ] = "as_at_least"
    zero_target: Annotated[
        Literal["met_if_not_exceeded", "met_if_reached", "no_score"],
        Setting("目标值为0时", "这时无法计算比例；rule 为 only_equal 时不起作用", _AT_ZERO),
    ] = "met_if_not_exceeded"


class OverCompletion(SettingGroup):
    """What happens when the actual is far above a ≥ or ＝ target."""

    effect: Annotated[
        Literal["none", "flag", "reason", "deduct", "reduce"],
        Setting(
            "处理办法",
            "≥ 和 ＝ 指标的完成值远高于目标值（目标值可能定低了）时",
            {
                "none": "不处理",
                "flag": "审核时提示核实目标值是否偏低，不影响得分",
                "reason": "须说明原因",
                "deduct": "扣固定的分数",
                "reduce": "按超过界线的部分扣减得分",
            },
        ),
    ] = "flag"
    threshold: Annotated[
        float,
        Field(ge=1, le=10, allow_inf_nan=False),
        Fraction(),
        Setting("界线", "完成率达到它（含）时才处理；1.3 表示 130%"),
    ] = 1.3
    points: Annotated[Points, Setting("扣分", "effect 为 deduct 时每个指标扣多少分")] = 0

    def contradictions(self) -> Iterator[Contradiction]:
        if self.effect == "deduct" and not self.points:
            yield ("points",), "effect 为 deduct 时要写明扣多少分"


class QualitativeTier(SettingGroup):
    """完成程度: its name and the range of completion it allows, both ends as fractions."""

    name: Annotated[Text, Setting("名称", "下拉列表中的文字")]
    lower: Annotated[Share, Setting("下限", "含本数")]
    upper: Annotated[Share, Setting("上限", "不含本数，除非 upper_included = true")]
    upper_included: Annotated[bool, Setting("上限含本数", "最高一档写 true，其余写 false", YES_NO)] = False

    def contradictions(self) -> Iterator[Contradiction]:
        if self.lower >= self.upper:
            yield ("lower",), "下限应小于上限"


class Rounding(SettingGroup):
    """How scores are rounded."""

    mode: Annotated[
        Literal["half_up", "truncate"], Setting("取舍", "", {"half_up": "四舍五入", "truncate": "舍去以下各位"})
    ] = "half_up"
    decimals: Annotated[Decimals, Setting("小数位数", "0 至 6")] = 2
    stage: Annotated[
        Literal["row", "end"],
        Setting("取舍的时机", "", {"row": "每个指标的得分", "end": "只有总分"}),
    ] = "row"


class Cap(SettingGroup):
    """If the execution rate is below ``below``, the total is at most ``at_most``."""

    below: Annotated[Share, Setting("执行率低于", "不含本数，0.8 表示 80%")]
    at_most: Annotated[Points, Setting("总分最高", "超过的分数扣除")]


class Total(SettingGroup):
    """Rules on the total."""

    caps: Annotated[tuple[Cap, ...], Setting("按执行率给总分封顶", "执行率从低到高列出；不封顶时写 []")] = ()
    rebase: Annotated[bool, Setting("不适用的指标折算", "单位可把指标标为不适用，其余指标的得分按满分折算", YES_NO)] = (
        False
    )
    self_deduction: Annotated[
        bool,
        Setting("单位可以自扣分", "打开“自扣分”一栏：达到目标而工作有不足的，单位可写明原因自行扣分，不能加分", YES_NO),
    ] = False

    def contradictions(self) -> Iterator[Contradiction]:
        for i, (cap, following) in enumerate(pairwise(self.caps), 1):
            if following.below <= cap.below or following.at_most < cap.at_most:
                yield ("caps", i), "应从低到高排列：执行率越低，总分最高分越低"


class Grade(SettingGroup):
    """评价等级: the lower edge (inclusive) of its band."""

    name: Annotated[Text, Setting("名称")]
    at_least: Annotated[float, Field(allow_inf_nan=False), Setting("总分下限", "含本数")]


class Grading(SettingGroup):
    """How the total becomes a grade."""

    decimals: Annotated[
        Decimals,
        Setting("分档前的小数位数", "总分先四舍五入到几位小数再分档；写 0 时 89.5 分按 90 分归档，写 2 时按 89.5 分"),
    ] = 2
    bands: Annotated[tuple[Grade, ...], Field(min_length=1), Setting("等级", "从高到低列出，最低一档包括更低的分数")]

    def contradictions(self) -> Iterator[Contradiction]:
        yield from find_repeated("bands", (grade.name for grade in self.bands), "name")
        yield from find_out_of_order("bands", "at_least", [grade.at_least for grade in self.bands])


class StepBand(SettingGroup):
    """Deviation up to ``within`` (inclusive) → ``share`` of the weight."""

    within: Annotated[Multiple, Setting("偏离不超过", "占目标值的比例，含本数")]
    share: Annotated[Share, Setting("得分值的比例", "1 表示满分")]


class StepRule(SettingGroup):
    """A rule for single indicators: so many points off per step, or shares by deviation."""

    label: Annotated[Text, Setting("说明", "一句话写清这条规则，给填报人看")]
    every: Annotated[
        float,
        Field(ge=0, allow_inf_nan=False),
        Setting("每档幅度", "用指标自己的计量单位，% 的指标写 5 即 5 个百分点；relative 为 true 时是占目标值的比例"),
    ] = 0
    minus: Annotated[Points, Setting("每档扣分", "扣完为止")] = 0
    relative: Annotated[bool, Setting("幅度是比例", "为 true 时，每档幅度 0.05 表示目标值的 5%", YES_NO)] = False
    count: Annotated[Literal["full", "begun"], Setting("不足一档的", "", {"full": "不扣分", "begun": "按一档扣分"})] = (
        "full"
    )
    symmetric: Annotated[bool, Setting("两个方向都算偏离", "为 false 时只看不利的方向", YES_NO)] = False
    bands: Annotated[
        tuple[StepBand, ...], Setting("按偏离分档", "与 every 二者只写其一；从小到大列出，偏离更大的不得分")
    ] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        if bool(self.every) == bool(self.bands):
            yield (), "every（每档幅度）和 bands（按偏离分档）应当二者只写其一"
        elif self.every and not self.minus:
            yield ("minus",), "要写明每档扣多少分"
        yield from find_out_of_order("bands", "within", [-band.within for band in self.bands], "从小到大")


class Scheme(SettingGroup):
    """One authority's rules. Load with :func:`workbook_tools.rules.scheme.load_scheme`."""

    id: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$"), Setting("代号", "小写字母、数字和短横线；文件名就是“代号.toml”")
    ]
    name: Annotated[Text, Setting("名称", "印在填报说明上")]
    authority: Annotated[str, Setting("制定单位")] = ""
    sources: Annotated[tuple[str, ...], Setting("依据", "规则出自哪些文件")]
    assumptions: Annotated[tuple[str, ...], Setting("假定", "文件没有写明、由本方案自定的地方")] = ()
    report: Annotated[Text, Setting("报告模板", "写“财政部”，就用名为“报告-财政部.docx”的模板")]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1), Setting("一级指标")]
    weights: Annotated[Weights, Setting("分值")] = Weights()
    execution: Annotated[Execution, Setting("预算执行率")] = Execution()
    at_least: Annotated[
        AtLeast, Setting("越大越好（≥）的指标", "达到目标值得满分，未达到的按完成值÷目标值的比例得分")
    ] = AtLeast()
    at_most: Annotated[AtMost, Setting("越小越好（≤）的指标", "不超过目标值得满分")] = AtMost()
    equal: Annotated[Equal, Setting("等于为好（＝）的指标")] = Equal()
    over_completion: Annotated[OverCompletion, Setting("超额完成")] = OverCompletion()
    tiers: Annotated[
        tuple[QualitativeTier, ...],
        Field(min_length=1),
        Setting("定性指标的完成程度", "从高到低列出，前后相接；得分＝分值×在区间内填的完成率"),
    ]
    rounding: Annotated[Rounding, Setting("小数")] = Rounding()
    total: Annotated[Total, Setting("总分")] = Total()
    grading: Annotated[Grading, Setting("评价等级")]
    steps: Annotated[
        dict[Text, StepRule],
        Field(default_factory=dict),
        Setting("单个指标的计分规则", "项目清单“计分规则”一栏写了规则名的指标按它计分，不按上面的通用规则"),
    ]
    form: Annotated[FormSettings, Setting("自评表的样式")]
    texts: Annotated[tuple[TextSection, ...], Setting("单位填写的文字")]

    def contradictions(self) -> Iterator[Contradiction]:
        yield from contradictions_between({name: getattr(self, name) for name in Scheme.model_fields})

    def __hash__(self) -> int:
        return hash(self.digest)

    def content(self) -> dict[str, Any]:
        """Every setting as plain data, those too that equal a default: what travels with a workbook and with a result.

        A default that a later version of the program changes must not change the rules of what is out.
        """
        return self.model_dump(mode="json")

    @cached_property
    def content_text(self) -> str:
        """:meth:`content` as one line of JSON, spelt the same each time."""
        return json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of :meth:`content`, in hexadecimal: two schemes of one digest score, grade and label alike."""
        return hashlib.sha256(self.content_text.encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As of any record; pydantic would copy what was cached of the original along."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("content_text", "digest"):
            copy.__dict__.pop(name, None)
        return copy

    @property
    def indicator_weight(self) -> float:
        """What the indicators' weights must add up to."""
        return self.weights.total - self.execution.weight

    @property
    def asks_for_execution(self) -> bool:
        """The execution bears on the total: by points of its own, or by a cap."""
        return bool(self.execution.weight or self.total.caps)

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that name, with or without 指标."""
        wanted = stem(name)
        return next((d for d in self.dimensions if stem(d.name) == wanted), None)

    def tier(self, name: str) -> QualitativeTier | None:
        """The tier of that name."""
        return next((t for t in self.tiers if t.name == name), None)


# -- contradictions between parts ---------------------------------------------------------------------------------


def contradictions_between(parts: Mapping[str, Any]) -> Iterator[Contradiction]:
    """What is wrong between parts that are each right by themselves; a part that is missing is not asked."""
    for names, find in _BETWEEN:
        if all(name in parts for name in names):
            yield from find(*(parts[name] for name in names))


def _names(dimensions: tuple[Dimension, ...]) -> Iterator[Contradiction]:
    yield from find_repeated("dimensions", (d.key for d in dimensions), "key")
    yield from find_repeated("dimensions", (stem(d.name) for d in dimensions), "name")


def _weights(dimensions: tuple[Dimension, ...], execution: Execution, weights: Weights) -> Iterator[Contradiction]:
    own = sum(d.weight for d in dimensions)
    if not NOISE.same(own + execution.weight, weights.total):
        added = f"一级指标的分值合计 {number_text(own)}，加预算执行率 {number_text(execution.weight)}"
        yield ("dimensions",), f"{added}，应等于满分 {number_text(weights.total)}"


def _tiers(tiers: tuple[QualitativeTier, ...]) -> Iterator[Contradiction]:
    yield from find_repeated("tiers", (t.name for t in tiers), "name")
    yield from find_list_faults("tiers", [t.name for t in tiers])
    if not tiers[0].upper_included:
        yield ("tiers", 0), "最高一档的上限应含本数：upper_included = true"
    for i, (tier, following) in enumerate(pairwise(tiers), 1):
        if following.upper != tier.lower:
            yield ("tiers", i, "upper"), f"应与上一档的下限 {percent_text(tier.lower)} 相接"
        if following.upper_included:
            yield ("tiers", i, "upper_included"), "只有最高一档的上限含本数：这个界线已算在上一档"


def _caps(total: Total, weights: Weights) -> Iterator[Contradiction]:
    for i, cap in enumerate(total.caps):
        if cap.at_most > weights.total:
            yield ("total", "caps", i, "at_most"), f"不应超过满分 {number_text(weights.total)}"


def _texts(texts: tuple[TextSection, ...]) -> Iterator[Contradiction]:
    yield from find_repeated("texts", (text.key for text in texts), "key")


def _goals(form: FormSettings, texts: tuple[TextSection, ...]) -> Iterator[Contradiction]:
    known = {text.key for text in texts}
    for name in ("expected", "actual"):
        key = getattr(form.goals, name) if form.goals else None
        if key and key not in known:
            yield ("form", "goals", name), f"texts 中没有代号为“{key}”的文字"


def _self_deduction(form: FormSettings, total: Total) -> Iterator[Contradiction]:
    keys = [column.key for column in form.columns]
    if IndicatorColumn.SELF_DEDUCTION in keys and not total.self_deduction:
        at = keys.index(IndicatorColumn.SELF_DEDUCTION)
        yield ("form", "columns", at, "key"), "表上有“自扣分”一栏的，[total] 中要写 self_deduction = true"


def _drafts(dimensions: tuple[Dimension, ...], texts: tuple[TextSection, ...]) -> Iterator[Contradiction]:
    known = {stem(name) for d in dimensions for name in (d.name, *d.categories)}
    for i, text in enumerate(texts):
        for name in text.draft_of:
            if stem(name) not in known:
                yield ("texts", i, "draft_of"), f"“{name}”不是本方案的一级或二级指标"


_BETWEEN: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Contradiction]]], ...] = (
    (("dimensions",), _names),
    (("dimensions", "execution", "weights"), _weights),
    (("tiers",), _tiers),
    (("total", "weights"), _caps),
    (("texts",), _texts),
    (("dimensions", "texts"), _drafts),
    (("form", "texts"), _goals),
    (("form", "total"), _self_deduction),
)
