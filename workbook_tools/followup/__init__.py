"""What follows from the scores: 整改, 结果应用."""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.followup.listing_matters import find_matters as find_matters
    from workbook_tools.followup.proposals import propose as propose
else:
    __getattr__ = load_when_asked(__name__, {"find_matters": "listing_matters", "propose": "proposals"})
