"""The tags of what an office chooses for its reports: cover, table of contents, red head (版头), date."""

from __future__ import annotations

from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.tags import FormTag
from workbook_tools.word.text import one_line

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
