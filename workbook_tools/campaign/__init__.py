"""A working folder (一次自评): its settings, its key, its ledger.

The face: :class:`Campaign`, a working folder that was opened, and its :class:`Settings`.
"""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.campaign.folder import Campaign as Campaign
    from workbook_tools.campaign.settings import Settings as Settings
else:
    __getattr__ = load_when_asked(__name__, {"Campaign": "folder", "Settings": "settings"})
