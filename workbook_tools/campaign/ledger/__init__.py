"""台账: what was issued, received, reviewed, returned and accepted, and when.

A SQLite file in the working folder, or a PostgreSQL server. It remembers facts and never a secret: the sheet
password of a workbook follows from the office's key and the project, so it is derived again when asked for.
Recording a fact that is there already adds nothing. Times are UTC and given by the caller.
"""

from workbook_tools.campaign.ledger.book import IssuedFile, Ledger, ProjectKey, ReceivedFile, ReturnedFile
from workbook_tools.campaign.ledger.database import LedgerError
from workbook_tools.campaign.ledger.deadline import parse_deadline
from workbook_tools.campaign.ledger.status import State, StatusRow

__all__ = [
    "IssuedFile",
    "Ledger",
    "LedgerError",
    "ProjectKey",
    "ReceivedFile",
    "ReturnedFile",
    "State",
    "StatusRow",
    "parse_deadline",
]
