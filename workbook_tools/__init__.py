"""workbook_tools：项目支出绩效自评的 Excel 工具集。

Generate a locked workbook per project, read the filled ones back, check and score them
centrally, and merge them into summary workbooks and Word reports.

For people with a notebook: ``import workbook_tools as wt``. Each face is loaded when it is asked for, takes paths as
texts or :class:`~pathlib.Path`, and gives back records; a review gives pandas frames too. docs/在Python中使用.md has an example of
each.

>>> import workbook_tools as wt
>>> wt.review_folder("回收").indicators  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

__version__ = "0.1.0"
__all__ = [
    "Campaign",
    "WorkbookToolsError",
    "generate",
    "load_scheme",
    "load_signing_key",
    "read_projects",
    "read_results",
    "read_submission",
    "review_folder",
    "write_reports",
    "write_results",
    "write_returns",
    "write_summaries",
]

if TYPE_CHECKING:
    from workbook_tools.campaign.folder import Campaign, load_signing_key
    from workbook_tools.core.errors import WorkbookToolsError
    from workbook_tools.reports.writing import write_reports
    from workbook_tools.results.folder import read_results, write_results
    from workbook_tools.returns.writing import write_returns
    from workbook_tools.review.folder import review_folder
    from workbook_tools.review.guarded_reading import read_projects, read_submission
    from workbook_tools.rules.scheme import load_scheme
    from workbook_tools.summary.workbooks import write_summaries
    from workbook_tools.workbooks.generating import generate
else:
    __getattr__ = load_when_asked(
        __name__,
        {
            "Campaign": "campaign.folder",
            "WorkbookToolsError": "core.errors",
            "generate": "workbooks.generating",
            "load_scheme": "rules.scheme",
            "load_signing_key": "campaign.folder",
            "read_projects": "review.guarded_reading",
            "read_results": "results.folder",
            "read_submission": "review.guarded_reading",
            "review_folder": "review.folder",
            "write_reports": "reports.writing",
            "write_results": "results.folder",
            "write_returns": "returns.writing",
            "write_summaries": "summary.workbooks",
        },
    )


def __dir__() -> list[str]:
    """What a notebook completes."""
    return sorted({*globals(), *__all__})
