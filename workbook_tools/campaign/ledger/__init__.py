"""台账: what was issued, received, reviewed, returned and accepted, and when.

A SQLite file in the working folder, or a PostgreSQL server. It remembers facts and never a secret: the sheet
password of a workbook follows from the office's key and the project, so it is derived again when asked for.
Recording a fact that is there already adds nothing. Times are UTC and given by the caller.
"""

from typing import TYPE_CHECKING

from workbook_tools.core.faces import load_when_asked

if TYPE_CHECKING:
    from workbook_tools.campaign.ledger.book import Ledger as Ledger
    from workbook_tools.campaign.ledger.records import IssuedFile as IssuedFile
    from workbook_tools.campaign.ledger.records import LedgerError as LedgerError
    from workbook_tools.campaign.ledger.records import MatterRecord as MatterRecord
    from workbook_tools.campaign.ledger.records import PackedZip as PackedZip
    from workbook_tools.campaign.ledger.records import ProjectKey as ProjectKey
    from workbook_tools.campaign.ledger.records import PublishedFile as PublishedFile
    from workbook_tools.campaign.ledger.records import ReceivedFile as ReceivedFile
    from workbook_tools.campaign.ledger.records import ReturnedFile as ReturnedFile
    from workbook_tools.campaign.ledger.status import StatusRow as StatusRow
else:
    __getattr__ = load_when_asked(
        __name__,
        {
            "IssuedFile": "records",
            "Ledger": "book",
            "MatterRecord": "records",
            "PackedZip": "records",
            "ProjectKey": "records",
            "PublishedFile": "records",
            "ReceivedFile": "records",
            "ReturnedFile": "records",
            "LedgerError": "records",
            "StatusRow": "status",
        },
    )
