"""What an office chooses for its reports without opening a form: the section ``[report]`` of wbt.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from workbook_tools.reports.tags import FormTag
from workbook_tools.word.text import one_line


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


APPEARANCE_TAGS: tuple[FormTag[ReportAppearance], ...] = (
    FormTag(
        "封面", "要不要封面，用在条件里：`{%p if 封面 %}`。想让某个模板总有封面，删去条件的两行即可", lambda a: a.cover
    ),
    FormTag("目录", "要不要目录，同上", lambda a: a.contents),
    FormTag("版头", "发文机关标志；没有写时为空", lambda a: one_line(a.red_head)),
    FormTag("发文字号", "版头的发文字号；没有写时为空", lambda a: one_line(a.document_number)),
    FormTag("成文日期", "落款的成文日期；没有写时为空", lambda a: one_line(a.date)),
)
"""What the forms of reports print of it, and ask in their conditions."""
