"""What an office chooses for its reports without opening a form: the section ``[report]`` of wbt.toml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

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

    def tags(self) -> dict[str, object]:
        """What the forms print of it, and ask in their conditions."""
        return {
            "封面": self.cover,
            "目录": self.contents,
            "版头": one_line(self.red_head),
            "发文字号": one_line(self.document_number),
            "成文日期": one_line(self.date),
        }
