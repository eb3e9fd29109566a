"""What the program says of its commands, in the words of the page: 请先运行 wbt generate → 请先在“下发”页点“生成工作簿”."""

from __future__ import annotations

import re

_BUTTONS = {
    "init 文件夹 建一个": "在“开始”页新建一个",
    "init": "在“开始”页新建工作文件夹",
    "generate --overwrite": "在“下发”页勾选“替换已有的”，点“生成工作簿”",
    "generate 查看清单的问题": "看“清单”页列出的问题",
    "generate": "在“下发”页点“生成工作簿”",
    "import": "在“旧表导入”页点“读成清单”",
    "pack": "在“下发”页点“打包”",
    "review": "在“收表”页点“审核”",
    "return": "在“审核”页点“生成退回副本”",
    "status --remind": "在“收表”页点“写催报文字”",
    "status": "看“收表”页",
    "accept --all": "在“审核”页点“接收全部可接收的”",
    "accept": "在项目的页面点“接收”",
    "preview": "在“模板”页点“试一试”",
    "merge": "在“汇总”页点“汇总”",
    "report": "在“报告”页点“出报告”",
    "publish --table": "在“评完以后”页点“登记公开情况”",
    "publish": "在“评完以后”页点“做公开版”",
    "sample --pick": "在“评完以后”页“另外指定”，把它",
    "sample": "在“评完以后”页点“抽取”",
    "inspect --read": "在“评完以后”页点“读回”",
    "rectify --send": "在“评完以后”页写明期限，点“发整改通知”",
    "rectify": "在“评完以后”页点“列出事项、收答复”",
    "inspect": "在“评完以后”页点“写复核表”",
    "ledger verify --repair": "在“台账和密钥”页点“按登记重做各表”",
    "ledger restore": "在“台账和密钥”页用备份恢复",
}
_FIELDS = {
    "写 --pick 编码 --because 原因": "写“另外指定”和原因",
    "写 --again 原因": "写“重抽的原因”",
    "wbt.toml 中没有写截止日期": "设置里没有写截止日期",
    "--because 的理由": "理由",
    "--by 后面的": "期限",
    "--share 写得不对": "抽多少写得不对",
    "--count 写得不对": "抽多少写得不对",
}
"""What is said of options, in the names of the page's fields."""
_COMMAND = re.compile(
    r"(?:再?运行(?:一次)? ?|用 )?wbt ("
    + "|".join(sorted(map(re.escape, _BUTTONS), key=len, reverse=True))
    + r")(?![\w-])"
    r"(?: --(?:project|because|by)(?: [^\s，。；）]+)?)*"
)
"""再运行一次 wbt review, 用 wbt status."""


_COMMANDS = {
    "page": "网页",
    "generate": "生成工作簿",
    "pack": "打包",
    "review": "审核",
    "run": "一次做完",
    "return": "退回",
    "accept": "接收",
    "publish": "公开",
    "rectify": "整改",
    "status": "报送进度",
    "ledger": "台账",
}
"""What a command does, for who reads what was recorded with it."""


def name_command_in_words(command: str) -> str:
    """What was done with that command (as typed after ``wbt``)."""
    return _COMMANDS.get(command.partition(" ")[0], command) or "—"


_NAMED = re.compile(r"wbt accept (?!--)[^\s，。；）]+")
"""Which project is accepted: on the page it is the one that is looked at."""


def speak_of_buttons(text: str) -> str:
    """The text with the page's buttons in place of commands."""
    for option, field in _FIELDS.items():
        text = text.replace(option, field)
    text = _NAMED.sub("wbt accept", text)
    return _COMMAND.sub(lambda found: _BUTTONS[found[1]], text).replace("再运行一次", "再试一次")
