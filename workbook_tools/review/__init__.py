"""Review (审核): read, verify, check, score, settle."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.review.folder import Review as Review
    from workbook_tools.review.folder import review_folder as review_folder
else:
    __getattr__ = load_when_asked(__name__, {"Review": "folder", "review_folder": "folder"})
