"""汇总: workbooks per department and over all, and the same projects in the office's own form."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.summary.names import SUMMARY_FORM as SUMMARY_FORM
    from workbook_tools.summary.workbooks import write_form_tables as write_form_tables
    from workbook_tools.summary.workbooks import write_summaries as write_summaries
else:
    __getattr__ = load_when_asked(
        __name__,
        {"SUMMARY_FORM": "names", "write_form_tables": "workbooks", "write_summaries": "workbooks"},
    )
