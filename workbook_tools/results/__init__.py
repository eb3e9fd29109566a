"""审核结果: its tables, its workbook, and finance's judgement (核定) read back from it."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.results.folder import StoredResult as StoredResult
    from workbook_tools.results.folder import read_results as read_results
    from workbook_tools.results.folder import write_results as write_results
else:
    __getattr__ = load_when_asked(
        __name__, {"StoredResult": "folder", "read_results": "folder", "write_results": "folder"}
    )
