"""The settings of a scheme that say what the unit sees: the columns and labels of 自评表, and the texts it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from workbook_tools.core.labels import FormLabels, IndicatorColumn
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.rules.setting_base import YES_NO, Contradiction, Key, Setting, SettingGroup, Text, find_repeated

Draft = Literal[
    "none",
    "funding",
    "arrival",
    "execution",
    "budget_change",
    "indicators",
    "overall",
    "conclusion",
    "problems",
    "measures",
    "deviation",
]
_DRAFTS = {
    "none": "不起草",
    "funding": "资金到位和预算执行",
    "arrival": "资金到位",
    "execution": "预算执行",
    "budget_change": "年初预算与全年预算的差额",
    "indicators": "逐个指标对照目标值，哪些指标见 draft_of",
    "overall": "全部指标的总体完成情况",
    "conclusion": "各部分得分、总分和等级",
    "problems": "未达到目标的、失分的指标及原因",
    "measures": "各指标偏差原因中写明的改进措施",
    "deviation": "problems 和 measures 合在一起",
}
Evidence = Literal["none", "optional", "required"]
_EVIDENCE = {
    "none": "没有这张表",
    "optional": "有这张表，可以空着",
    "required": "有这张表，每个指标至少列一份材料，没有列的按未填处理",
}
AddedColumns = Literal["printed", "beside"]
_ADDED_COLUMNS = {
    "printed": "在表内，填到哪里就在哪里，一起打印；只在用得着的表上有",
    "beside": "在表的右边，不打印；打印出来与本地表样完全一样",
}
_LATER: dict[str, object] = {"text_limits": None, "last_actual": False}
"""Settings that a scheme may leave unwritten, and what they then are."""
_LABEL_COLUMNS = 2
"""Columns of the indicator table that the labels of the funding block take."""
_REMARK = re.compile(r"\s|[（(][^（）()]*[）)]$")
"""What a sentence leaves out of a label: line breaks, and the letter of a formula (年度指标值（A）)."""


class FormColumn(SettingGroup):
    """A column of the indicator table on 自评表."""

    key: Annotated[IndicatorColumn, Setting("内容", "", {column: column.label for column in IndicatorColumn})]
    label: Annotated[Text, Setting("列名", "照抄本地表样上的文字")]
    width: Annotated[float, Field(gt=2, le=80), Setting("列宽", "以半角字符计，一个汉字占 2；大于 2，至多 80")]

    @property
    def name(self) -> str:
        """The label as a sentence calls the column."""
        return _REMARK.sub("", self.label) or self.label


class FundingColumn(SettingGroup):
    """A column of the funding block on 自评表: a row of the funding table, or points."""

    key: Annotated[
        Literal[
            "initial_budget",
            "annual_budget",
            "received",
            "executed",
            "balance",
            "arrival_rate",
            "execution_rate",
            "weight",
            "score",
            "execution_reason",
        ],
        Setting(
            "内容",
            "",
            {
                **{str(m): m.label for m in Measure},
                "weight": "分值",
                "score": "得分",
                "execution_reason": "执行率偏差原因",
            },
        ),
    ]
    label: Annotated[Text, Setting("列名", "照抄本地表样上的文字")]


class FundingRow(SettingGroup):
    """A row of the funding block on 自评表: a column of the funding table."""

    source: Annotated[FundingSource, Setting("内容", "", {str(s): s.label for s in FundingSource})]
    label: Annotated[Text, Setting("行名", "照抄本地表样上的文字")]


class FundingBlock(SettingGroup):
    """The funding block at the head of 自评表."""

    label: Annotated[Text, Setting("左侧的标题")]
    columns: Annotated[tuple[FundingColumn, ...], Field(min_length=1), Setting("各列", "至多比指标表少 2 列")]
    rows: Annotated[tuple[FundingRow, ...], Field(min_length=1), Setting("各行", "分值和得分印在 total 一行")]

    def contradictions(self) -> Iterator[Contradiction]:
        yield from find_repeated("columns", (c.key for c in self.columns), "key")
        yield from find_repeated("rows", (r.source for r in self.rows), "source")
        if self.shows("score") and FundingSource.TOTAL not in (r.source for r in self.rows):
            yield ("rows",), "有“得分”一列时，各行中要有 total（年度总金额）：得分印在那一行"

    def shows(self, key: str) -> bool:
        """The block has such a column."""
        return any(column.key == key for column in self.columns)


class ExecutionRow(SettingGroup):
    """The execution rate as the first row of the indicator table."""

    dimension: Annotated[Text, Setting("一级指标一栏的文字")]
    category: Annotated[Text, Setting("二级指标一栏的文字")]
    name: Annotated[Text, Setting("三级指标一栏的文字")]


class GoalsBlock(SettingGroup):
    """The block 年度总体目标: which of the texts stand under 预期目标 and 实际完成情况."""

    label: Annotated[Text, Setting("左侧的标题")] = "年度总体目标"
    expected: Annotated[Key, Setting("预期目标", "texts 中一段文字的代号")]
    actual: Annotated[Key, Setting("实际完成情况", "texts 中一段文字的代号")]


class SignatureLine(SettingGroup):
    """A place below the table: what the unit typed, or room to sign or seal by hand."""

    label: Annotated[Text, Setting("文字", "照抄本地表样上的文字，不写冒号")]
    source: Annotated[
        Literal["", "leader", "filler", "phone", "fill_date"],
        Setting(
            "内容",
            "",
            {
                "": "留空，打印后签字或盖章",
                "leader": "项目负责人",
                "filler": "填报人",
                "phone": "联系电话",
                "fill_date": "填报日期",
            },
        ),
    ] = ""


_USUAL_SIGNATURES = (
    SignatureLine(label="填报人", source="filler"),
    SignatureLine(label="联系电话", source="phone"),
    SignatureLine(label="填报日期", source="fill_date"),
)


Bytes = Annotated[int, Field(ge=0, le=32_767)]


class TextLimits(SettingGroup):
    """How long texts may be, in bytes: what the system takes to which they go."""

    wide: Annotated[
        Literal[2, 3],
        Setting("一个汉字算几个字节", "字母、数字、半角标点都算 1 个", {"2": "按 GBK 编码", "3": "按 UTF-8 编码"}),
    ] = 2
    actual: Annotated[Bytes, Setting("完成值", "定性指标、自拟指标写文字的；各项都是最多几个字节，0 为不限")] = 0
    deviation_reason: Annotated[Bytes, Setting("各指标的偏差原因")] = 0
    execution_reason: Annotated[Bytes, Setting("执行率偏差原因")] = 0
    indicator: Annotated[Bytes, Setting("自拟指标的名称")] = 0
    target: Annotated[Bytes, Setting("自拟指标的目标值")] = 0
    goal_expected: Annotated[Bytes, Setting("年度总体目标的预期目标", "form.goals 中写明的那一段文字")] = 0
    goal_actual: Annotated[Bytes, Setting("年度总体目标的完成情况", "form.goals 中写明的那一段文字")] = 0
    texts: Annotated[Bytes, Setting("其他各段文字")] = 0

    def of_part(self, part: str) -> int:
        """The most bytes of a part of a row; 0 where it has no limit."""
        return int(getattr(self, part)) if part in _LIMITED_PARTS else 0


_LIMITED_PARTS = frozenset({"actual", "deviation_reason", "execution_reason", "indicator", "target"})


class FormSettings(SettingGroup):
    """自评表 as the authority's own form has it."""

    title: Annotated[Text, Setting("表名")]
    number: Annotated[str, Setting("报表编号或附件号", '印在表名前；没有时写 ""')] = ""
    columns: Annotated[
        tuple[FormColumn, ...],
        Field(min_length=1),
        Setting(
            "指标表的各列",
            f"次序就是表上的次序；除 {'、'.join(c for c in IndicatorColumn if c.facts.optional)} 外都要有",
        ),
    ]
    added_columns: Annotated[
        AddedColumns,
        Setting(
            "表样上没有而要填写的栏",
            "定性指标的完成程度、完成率；单位自拟指标时的指标性质、计量单位；自扣分、是否适用",
            _ADDED_COLUMNS,
        ),
    ] = "printed"
    last_actual: Annotated[
        bool,
        Setting("上年完成值一栏", "项目清单里有“上年实际值”的，在完成值前面加一栏灰色的，供单位对照，不用填写", YES_NO),
    ] = False
    funding: Annotated[FundingBlock | None, Setting("表头的资金一块", "表样上没有这一块时不写")] = None
    execution_row: Annotated[
        ExecutionRow | None,
        Setting("预算执行率作为指标表的第一行", "表样上没有这一行时不写；与资金一块里的分值、得分两列只能有一处"),
    ] = None
    goals: Annotated[GoalsBlock | None, Setting("年度总体目标一块", "表样上没有这一块时不写")] = None
    total_label: Annotated[Text, Setting("合计行的文字")] = "总分"
    signatures: Annotated[
        tuple[SignatureLine, ...],
        Field(min_length=1, max_length=9),
        Setting("表末的签名", "三处一行；本地表样有签字、盖章处的照抄"),
    ] = _USUAL_SIGNATURES
    evidence: Annotated[
        Evidence, Setting("佐证材料表", "单位在这张表里列出证明材料，文件随表报送；不影响自评表", _EVIDENCE)
    ] = "optional"

    text_limits: Annotated[
        TextLimits | None,
        Setting("文字的长度", "填好的表要导入别的系统、系统限制文字长度的写；填写时超过的填不进去，审核时再查一次"),
    ] = None

    @model_serializer(mode="wrap")
    def _leave_out_unused(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A setting that came after others is written where it is used alone: schemes and forms without it stay what they were."""
        return {name: value for name, value in write(self).items() if name not in _LATER or value != _LATER[name]}

    @cached_property
    def labels(self) -> FormLabels:
        """What this form calls its parts, for messages."""
        return FormLabels(form=self.title)._replace(**{column.key: column.name for column in self.columns})

    def contradictions(self) -> Iterator[Contradiction]:
        keys = [column.key for column in self.columns]
        yield from find_repeated("columns", keys, "key")
        yield from find_repeated("signatures", (line.source for line in self.signatures if line.source), "source")
        missing = [column for column in IndicatorColumn if column not in keys and not column.facts.optional]
        if missing:
            yield ("columns",), "缺少这些列：" + "、".join(f"{column}（{column.label}）" for column in missing)
        most = len(keys) - _LABEL_COLUMNS
        if self.funding and not missing and len(self.funding.columns) > most:
            yield ("funding", "columns"), f"列数太多：指标表有 {len(keys)} 列，这里至多 {most} 列"
        if self.funding and self.execution_row and (self.funding.shows("weight") or self.funding.shows("score")):
            yield (
                ("execution_row",),
                (
                    "预算执行率的分值和得分已在资金一块中，不能再列为指标表的一行："
                    "表样上有资金一块的，删去 [form.execution_row] 一段；没有的，删去 [form.funding] 一段"
                ),
            )


class TextSection(SettingGroup):
    """A narrative section of the report, filled by the unit."""

    key: Annotated[Key, Setting("代号", "报告模板用它引用这段文字")]
    label: Annotated[Text, Setting("名称", "填报时看到的名称，也是报告里的标题")]
    prompt: Annotated[str, Setting("填写提示", "点到单元格时显示")]
    sheet: Annotated[
        Literal["基本情况", "绩效分析"],
        Setting("所在工作表", "", {"基本情况": "", "绩效分析": ""}),
    ] = "绩效分析"
    group: Annotated[str, Setting("小标题", "相邻几段共用一个小标题")] = ""
    required: Annotated[bool, Setting("必填", "", YES_NO)] = True
    approved: Annotated[
        Literal["", "annual_goal", "period_goal"],
        Setting(
            "批复的目标",
            "项目清单中有这一目标的，直接显示批复的文字，单位不再填写；清单中没有的由单位填写",
            {"": "由单位填写", "annual_goal": "清单的“年度总体目标”", "period_goal": "清单的“实施期目标”"},
        ),
    ] = ""
    lines: Annotated[int, Field(ge=1, le=20), Setting("单元格高度", "几行字，1 至 20")] = 4
    draft: Annotated[
        Draft,
        Setting("单位没有写时起草", "出报告时用填报的数据起草，标明是草稿；数据里没有的不写", _DRAFTS),
    ] = "none"
    draft_of: Annotated[
        tuple[Text, ...],
        Setting(
            "起草哪些指标",
            '一级或二级指标的名称，如 ["产出指标"]；draft 为 indicators 时才写。审核时看文字有没有说到它们',
        ),
    ] = ()

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.draft == "indicators") != bool(self.draft_of):
            yield ("draft_of",), "draft 为 indicators 时要写明是哪些指标，其他时候不写"
