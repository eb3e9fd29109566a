"""Of what kind the reasons (失分原因) are that units gave, so that those of many projects can be added up.

A reason is of the first kind of which it holds a word. It is only sorted: what is printed of it are the unit's own words, and
the sum is a draft that somebody reads (decision 0033).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReasonKind:
    """A kind of reason, as a report calls it, and the words that tell it."""

    name: str
    words: re.Pattern[str]


OTHER = "其他方面"
"""A reason that holds none of the words."""

KINDS = (
    # What nobody can help comes first: 受疫情影响，资金支付滞后.
    ReasonKind("不可抗力和自然条件方面", re.compile("疫情|疫病|天气|气候|暴?雨|雪|洪|汛|旱|灾|地震|不可抗力")),
    ReasonKind("政策和任务变化方面", re.compile("政策|机构改革|职能|(?:任务|计划|方案|规划|规模)[^，。；]{0,4}(?:调整|变[化更]|取消|减少|核减)")),
    # 年初批复数偏小; 目标值设定偏高; 对困难估计不足
    ReasonKind(
        "目标设定和预算编制方面",
        re.compile("(?:目标|指标值?|预算|批复数?|预期)[^，。；]{0,8}(?:偏[高低大小]|过[高低大小]|不[够合]|不准)|测算|预估|估计不足|预计不足"),
    ),
    # 部分合同跨年度支付; 上级资金下达较晚; 尾款未付
    ReasonKind(
        "资金下达和支付方面",
        re.compile("跨年|结转|结余|尾款|质保金|未(?:能)?(?:支付|拨付|付款|到位)|(?:资金|拨款|款项?)[^，。；]{0,8}(?:未|没|不足|晚|迟|滞后|紧张)|(?:下达|拨付|支付)[^，。；]{0,4}(?:晚|迟|慢|滞后)"),
    ),
    # 为节约开支，部分旧设备维修后继续使用
    ReasonKind("节约开支方面", re.compile("节约|节省|节支|压减|厉行|控制(?:成本|支出|开支)")),
    ReasonKind("招标采购方面", re.compile("招标|招投标|流标|废标|采购|投标|中标")),
    ReasonKind("实施进度方面", re.compile("进度|工期|开工|推迟|延[期迟后]|滞后|未完[工成]|尚未|验收|结算|施工|征地|拆迁|审批|手续")),
    ReasonKind("组织实施和能力方面", re.compile("人员|人手|人才|力量|技术|设备|系统|培训|宣传|管理|经验|沟通|协调|配合")),
)  # fmt: skip
"""In the order in which they are tried, and printed."""


def find_kind(reason: str) -> str:
    """The kind of a reason.

    >>> find_kind("年初批复数偏小"), find_kind("为节约开支，部分旧设备维修后继续使用"), find_kind("无")
    ('目标设定和预算编制方面', '节约开支方面', '其他方面')
    """
    return next((kind.name for kind in KINDS if kind.words.search(reason)), OTHER)
