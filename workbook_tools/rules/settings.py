"""The settings of a scheme (评分方案): what can differ between two authorities, and what each choice means.

Wherever two authorities differ, the difference is a setting here, never a branch on a region's name.
Each setting carries its Chinese name and meaning (:class:`Setting`), from which the commented copies, the
comparison of two schemes, the sentences on 填报说明 and the guide docs/评分方案.md are made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from workbook_tools.model import Measure, Source
from workbook_tools.rules.contradictions import CONTRADICTIONS, contradictions

_MANY = 10.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as people know it: its name, what it means, and what each value that may be chosen means."""

    label: str
    help: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fraction:
    """Marks a number that stands for a percentage: 0.9 is 90%."""


Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Points = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Fraction()]
Multiple = Annotated[float, Field(ge=0, le=_MANY, allow_inf_nan=False), Fraction()]
"""A share that may exceed 100%."""
Decimals = Annotated[int, Field(ge=0, le=6)]

_YES_NO = {"true": "是", "false": "否"}


class Part(BaseModel):
    """A frozen part of a scheme; unknown settings are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimension(Part):
    """一级指标: its name on the form, its normal weight, and its 二级指标."""

    key: Annotated[Key, Setting("代号", "程序用的英文名，如 output；报告模板用它引用，方案之间尽量一致")]
    name: Annotated[Text, Setting("名称", "印在自评表上的名称")]
    weight: Annotated[Points, Setting("分值", "通常占多少分")]
    categories: Annotated[tuple[Text, ...], Field(min_length=1), Setting("二级指标", "按表上的次序列出")]
    cost_like: Annotated[
        tuple[Text, ...], Setting("按 ≤ 预设的二级指标", "没有批复指标、由单位自拟时，这些类别先按“越小越好”预设，可改")
    ] = ()


class Weights(Part):
    """What the weights must add up to, and how strictly the norm per dimension holds."""

    total: Annotated[Points, Setting("满分", "各一级指标的分值加预算执行率的分值必须等于它")] = 100
    norm: Annotated[
        Literal["exact", "principle", "none"],
        Setting(
            "一级指标分值的约束",
            "项目的指标分值与 dimensions 里的分值不一致时怎么办",
            {"exact": "须按此设置", "principle": "原则上按此设置", "none": "可以调整"},
        ),
    ] = "principle"


class Band(Part):
    """From this share on (inclusive), the result is ``share`` of the weight."""

    at_least: Annotated[Multiple, Setting("执行率下限", "含本数，0.9 表示 90%")]
    share: Annotated[Share, Setting("得分值的比例", "1 表示满分，0.8 表示分值的 80%")]


class Execution(Part):
    """预算执行率 and its points."""

    weight: Annotated[Points, Setting("分值", "预算执行率占多少分；写 0 表示不单独计分")] = 10
    base: Annotated[
        Literal["annual_budget", "initial_budget"],
        Setting("计算基数", "执行率的分母", {m: Measure(m).label for m in ("annual_budget", "initial_budget")}),
    ] = "annual_budget"
    capped: Annotated[
        bool,
        Setting("超过100%时封顶", "执行率超过 100% 时最多得满分，还是照实计算", {"true": "最多得满分", "false": "照实计算"}),
    ] = True
    zero_budget: Annotated[
        Literal["zero", "full", "blank", "as_one"],
        Setting(
            "预算为0时",
            "预算为 0 时怎样计分",
            {"zero": "不得分", "full": "得满分", "blank": "不计分", "as_one": "把预算当作1万元计算"},
        ),
    ] = "zero"
    bands: Annotated[
        tuple[Band, ...], Setting("分档", "从高到低列出各档；不分档（按比例得分）时写 []，低于最末一档的不得分")
    ] = ()
    explain_below: Annotated[Share, Setting("须说明原因的界线", "执行率低于它时必须填写原因；0 表示不要求")] = 0

    @property
    def base_measure(self) -> Measure:
        """The funding row that is the denominator."""
        return Measure(self.base)


_AT_ZERO = {
    "met_if_reached": "完成值达到目标值得满分，否则不得分",
    "met_if_not_exceeded": "完成值不超过目标值得满分，否则不得分",
    "no_score": "不计分",
}


class AtLeast(Part):
    """≥: reached → full; below → in proportion."""

    zero_target: Annotated[
        Literal["met_if_reached", "no_score"],
        Setting("目标值为0时", "这时无法计算比例", {k: _AT_ZERO[k] for k in ("met_if_reached", "no_score")}),
    ] = "met_if_reached"


class AtMost(Part):
    """≤: not exceeded → full; exceeded → ``exceeded``."""

    exceeded: Annotated[
        Literal["inverse", "linear", "zero"],
        Setting(
            "超过目标值时",
            "目标 10、完成 15、分值 10 时，三种写法分别得 6.67、5.00、0 分",
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
            {"achieved": "得分的比例，不超过目标值为100%", "actual_over_target": "完成值÷目标值"},
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
            "目标值大于 0 而完成值为 0，如成本为 0，可能是没有实施",
            {"met": "按没有超过目标值处理", "zero": "不得分"},
        ),
    ] = "met"


class Equal(Part):
    """＝: like ≥, only when equal, or falling with the deviation to either side."""

    rule: Annotated[
        Literal["as_at_least", "only_equal", "symmetric"],
        Setting(
            "计分办法",
            "等于为好的指标怎样得分",
            {
                "as_at_least": "与越大越好的指标同样计分",
                "only_equal": "等于目标值得满分，否则不得分",
                "symmetric": "按偏离目标值的比例扣分，偏高偏低都扣",
            },
        ),
    ] = "as_at_least"
    zero_target: Annotated[
        Literal["met_if_not_exceeded", "met_if_reached", "no_score"],
        Setting("目标值为0时", "这时无法计算比例；rule 写 only_equal 时不起作用", _AT_ZERO),
    ] = "met_if_not_exceeded"


class OverCompletion(Part):
    """What happens when the actual is far above a ≥ or ＝ target."""

    effect: Annotated[
        Literal["none", "flag", "reason", "deduct", "reduce"],
        Setting(
            "处理办法",
            "≥ 和 ＝ 指标的完成值远高于目标值（目标定低了）时怎么办",
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
        Field(ge=1, le=_MANY, allow_inf_nan=False),
        Fraction(),
        Setting("界线", "完成率达到它（含）时才处理；1.3 表示 130%"),
    ] = 1.3
    points: Annotated[Points, Setting("扣分", "effect 写 deduct 时每个指标扣多少分")] = 0


class QualitativeTier(Part):
    """完成程度: its name and the range of completion it allows, both ends as fractions."""

    name: Annotated[Text, Setting("名称", "下拉列表中的文字")]
    lower: Annotated[Share, Setting("下限", "含本数")]
    upper: Annotated[Share, Setting("上限", "不含本数，除非 upper_included = true")]
    upper_included: Annotated[bool, Setting("上限含本数", "最高一档写 true", _YES_NO)] = False


class Rounding(Part):
    """How scores are rounded."""

    mode: Annotated[
        Literal["half_up", "truncate"], Setting("取舍", "", {"half_up": "四舍五入", "truncate": "舍去以下各位"})
    ] = "half_up"
    decimals: Annotated[Decimals, Setting("小数位数", "0 至 6")] = 2
    stage: Annotated[
        Literal["row", "end"],
        Setting("何时取舍", "", {"row": "每个指标的得分", "end": "只有总分"}),
    ] = "row"


class Cap(Part):
    """If the execution rate is below ``below``, the total is at most ``at_most``."""

    below: Annotated[Share, Setting("执行率低于", "不含本数，0.8 表示 80%")]
    at_most: Annotated[Points, Setting("总分最高")]


class Total(Part):
    """Rules on the total."""

    caps: Annotated[
        tuple[Cap, ...], Setting("按执行率给总分封顶", "从低到高列出；没有时写 []，超过封顶的分数扣除")
    ] = ()
    rebase: Annotated[
        bool,
        Setting("不适用的指标折算", "单位可把指标标为不适用，其余指标的得分按满分折算", _YES_NO),
    ] = False


class Grade(Part):
    """评价等级: the lower edge (inclusive) of its band."""

    name: Annotated[Text, Setting("名称")]
    at_least: Annotated[float, Field(allow_inf_nan=False), Setting("总分下限", "含本数")]


class Grading(Part):
    """How the total becomes a grade."""

    decimals: Annotated[
        Decimals, Setting("比较前的小数位数", "总分先四舍五入到几位小数再分档；按整数分档时写 0，89.5 分即按 90 分归档")
    ] = 2
    bands: Annotated[tuple[Grade, ...], Field(min_length=1), Setting("等级", "从高到低列出，最低一档包括更低的分数")]


class StepBand(Part):
    """Deviation up to ``within`` (inclusive) → ``share`` of the weight."""

    within: Annotated[Multiple, Setting("偏离不超过", "占目标值的比例，含本数")]
    share: Annotated[Share, Setting("得分值的比例")]


class StepRule(Part):
    """A rule for single indicators: so many points off per step, or shares by deviation."""

    label: Annotated[Text, Setting("说明", "一句话写清这条规则，供填报人看")]
    every: Annotated[
        float,
        Field(ge=0, allow_inf_nan=False),
        Setting("每档幅度", "以指标自己的计量单位为准（% 的指标写 5 即 5 个百分点）；relative = true 时是占目标值的比例"),
    ] = 0
    minus: Annotated[Points, Setting("每档扣分")] = 0
    relative: Annotated[bool, Setting("幅度按目标值的比例", "0.05 表示目标值的 5%", _YES_NO)] = False
    count: Annotated[
        Literal["full", "begun"],
        Setting("不足一档", "", {"full": "不扣分", "begun": "按一档扣分"}),
    ] = "full"
    symmetric: Annotated[bool, Setting("两个方向都算偏离", "写 false 时只看不利的方向", _YES_NO)] = False
    bands: Annotated[
        tuple[StepBand, ...], Setting("按偏离分档", "与 every 二者写一；偏离占目标值的比例，从小到大列出，再大的不得分")
    ] = ()


Column = Literal[
    "dimension", "category", "indicator", "direction", "target", "unit", "actual", "completion", "weight", "score",
    "deviation_reason",
]  # fmt: skip
_COLUMNS = {
    "dimension": "一级指标",
    "category": "二级指标",
    "indicator": "三级指标",
    "direction": "指标性质（≥ ≤ ＝ 定性）",
    "target": "目标值",
    "unit": "计量单位",
    "actual": "完成值",
    "completion": "完成率",
    "weight": "分值",
    "score": "得分",
    "deviation_reason": "偏差原因",
}


class FormColumn(Part):
    """A column of the indicator table on 自评表."""

    key: Annotated[Column, Setting("内容", "", _COLUMNS)]
    label: Annotated[Text, Setting("列名", "照抄本地表样上的文字")]
    width: Annotated[float, Field(gt=2, le=80), Setting("列宽", "以半角字符计，一个汉字约 2")]


class FundingColumn(Part):
    """A column of the funding block on 自评表: a row of the funding table, or points."""

    key: Annotated[
        Literal[
            "initial_budget", "annual_budget", "received", "executed", "balance", "arrival_rate", "execution_rate",
            "weight", "score", "execution_reason",
        ],
        Setting(
            "内容", "", {**{m: m.label for m in Measure}, "weight": "分值", "score": "得分", "execution_reason": "执行率偏差原因"}
        ),
    ]  # fmt: skip
    label: Annotated[Text, Setting("列名")]


class FundingRow(Part):
    """A row of the funding block on 自评表: a column of the funding table."""

    source: Annotated[Source, Setting("内容", "", {s: s.label for s in Source})]
    label: Annotated[Text, Setting("行名")]


class FundingBlock(Part):
    """The funding block at the head of 自评表."""

    label: Annotated[Text, Setting("左侧的标题")]
    columns: Annotated[tuple[FundingColumn, ...], Field(min_length=1), Setting("各列", "不超过指标表的列数减 2")]
    rows: Annotated[tuple[FundingRow, ...], Field(min_length=1), Setting("各行", "分值和得分印在 total 一行")]


class ExecutionRow(Part):
    """The execution rate as the first row of the indicator table."""

    dimension: Annotated[Text, Setting("一级指标一栏的文字")]
    category: Annotated[Text, Setting("二级指标一栏的文字")]
    name: Annotated[Text, Setting("三级指标一栏的文字")]


class GoalsBlock(Part):
    """The block 年度总体目标: which of the texts stand under 预期目标 and 实际完成情况."""

    label: Annotated[Text, Setting("左侧的标题")] = "年度总体目标"
    expected: Annotated[Key, Setting("预期目标", "texts 中一段文字的代号")]
    actual: Annotated[Key, Setting("实际完成情况", "texts 中一段文字的代号")]


class Form(Part):
    """自评表 as the authority's own form has it."""

    title: Annotated[Text, Setting("表名")]
    number: Annotated[str, Setting("报表编号或附件号", "印在表名前；没有时写空")] = ""
    columns: Annotated[
        tuple[FormColumn, ...],
        Field(min_length=1),
        Setting("指标表的各列", "次序就是表上的次序；除 direction、unit、completion 外都要有"),
    ]
    funding: Annotated[FundingBlock | None, Setting("表头的资金一块", "不要这一块时整段删去")] = None
    execution_row: Annotated[
        ExecutionRow | None, Setting("预算执行率作为指标表的第一行", "与资金一块里的分值、得分两列只能有一处")
    ] = None
    goals: Annotated[GoalsBlock | None, Setting("年度总体目标一块", "不要这一块时整段删去")] = None
    total_label: Annotated[Text, Setting("合计行的文字")] = "总分"


class TextSection(Part):
    """A narrative section of the report, filled by the unit."""

    key: Annotated[Key, Setting("代号", "报告模板用它引用这段文字")]
    label: Annotated[Text, Setting("名称", "填报时看到的名称，也是报告里的标题")]
    prompt: Annotated[str, Setting("填写提示", "点到单元格时显示")]
    sheet: Annotated[Literal["基本情况", "绩效分析"], Setting("所在工作表")] = "绩效分析"
    group: Annotated[str, Setting("小标题", "相邻几段共用一个小标题")] = ""
    required: Annotated[bool, Setting("必填", "", _YES_NO)] = True
    lines: Annotated[int, Field(ge=1, le=20), Setting("单元格高度", "几行字，1 至 20")] = 4


class Scheme(Part):
    """One authority's rules. Load with :func:`workbook_tools.rules.scheme.load_scheme`."""

    id: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9-]*$"),
        Setting("代号", "小写字母、数字和短横线；文件名就是“代号.toml”"),
    ]
    name: Annotated[Text, Setting("名称", "印在填报说明上")]
    authority: Annotated[str, Setting("制定单位")] = ""
    sources: Annotated[tuple[str, ...], Setting("依据", "规则出自哪些文件")]
    assumptions: Annotated[tuple[str, ...], Setting("假定", "文件没有写明、由本方案自定的地方")] = ()
    report: Annotated[Text, Setting("报告模板", "用哪个报告模板：templates 文件夹里“报告-〔这里的文字〕.docx”")]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1), Setting("一级指标")]
    weights: Annotated[Weights, Setting("分值")] = Weights()
    execution: Annotated[Execution, Setting("预算执行率")] = Execution()
    at_least: Annotated[AtLeast, Setting("越大越好（≥）的指标", "达到目标值得满分，未达到的按完成值÷目标值的比例得分")] = (
        AtLeast()
    )
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
        Setting("单个指标的计分规则", "在项目清单的“计分规则”一栏写规则名，该指标就按它计分，不按上面的通用规则"),
    ] = {}
    form: Annotated[Form, Setting("自评表的样式")]
    texts: Annotated[tuple[TextSection, ...], Setting("单位填写的文字")]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = list(contradictions({name: getattr(self, name) for name in CONTRADICTIONS}))
        if found:
            raise PydanticCustomError("contradictions", "{text}", {"text": "；".join(message for _, message in found)})
        return self

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """Identifies the scheme's exact content; two schemes of one digest score alike."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def indicator_weight(self) -> float:
        """What the indicators' weights must add up to."""
        return self.weights.total - self.execution.weight

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that name; 产出 and 产出指标 are the same."""
        wanted = name.removesuffix("指标")
        return next((d for d in self.dimensions if d.name.removesuffix("指标") == wanted), None)

    def tier(self, name: str) -> QualitativeTier | None:
        """The tier of that name."""
        return next((t for t in self.tiers if t.name == name), None)


def setting(part: type[Part], name: str) -> Setting:
    """What people call a part's setting, and what it means."""
    return next(item for item in part.model_fields[name].metadata if isinstance(item, Setting))


def words(part: Part, name: str) -> str:
    """The chosen value of a setting, in words: the phrase that :class:`Setting` gives it."""
    value: Any = getattr(part, name)
    return setting(type(part), name).values[str(value).lower() if isinstance(value, bool) else value]
