"""Word reports (报告) per project and per department, their drafts (草稿), and the forms they are printed in."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.reports.writing import write_reports as write_reports
else:
    __getattr__ = load_when_asked(__name__, {"write_reports": "writing"})
