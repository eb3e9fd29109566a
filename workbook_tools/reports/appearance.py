"""What an office chooses for its reports without opening a form: the section ``[report]`` of wbt.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

GROUP_REPORTS = DEPARTMENT_REPORT, WHOLE_REPORT, BRIEF_REPORT = ("部门汇总报告", "全部项目汇总报告", "一页简报")
"""The reports on several projects, and what they are called."""


class ReportAppearance(BaseModel):
    """Cover, table of contents, red head (版头) and date of the reports."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cover: bool = False
    contents: bool = True
    red_head: str = ""
    """发文机关标志, as it is printed (某县财政局文件); blank: no red head."""
    document_number: str = ""
    """发文字号, printed below the red head."""
    date: str = ""
    """成文日期; blank leaves room to write it by hand."""
