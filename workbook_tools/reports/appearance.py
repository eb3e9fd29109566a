"""What an office chooses for its reports without opening a form: the section ``[report]`` of wbt.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from workbook_tools.rules.setting_base import Setting

GROUP_REPORTS = DEPARTMENT_REPORT, WHOLE_REPORT, BRIEF_REPORT = ("部门汇总报告", "全部项目汇总报告", "一页简报")
"""The reports on several projects, and what they are called."""

_WANTED = {"true": "要", "false": "不要"}


class ReportAppearance(BaseModel):
    """Cover, table of contents, red head (版头) and date of the reports."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cover: Annotated[bool, Setting("封面", "", _WANTED)] = False
    contents: Annotated[bool, Setting("目录", "", _WANTED)] = True
    red_head: Annotated[str, Setting("发文机关标志", "印在版头（红头）；空着就不印版头", example="某县财政局文件")] = ""
    document_number: Annotated[str, Setting("发文字号", "印在版头下面", example="某财绩〔2024〕3号")] = ""
    date: Annotated[str, Setting("成文日期", "空着就留出位置手写", example="2024年3月15日")] = ""
