"""What the ledger of a working folder has recorded, to be read by people."""

from __future__ import annotations

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.chain import Event
from workbook_tools.campaign.ledger.database import open_database, read_transaction, translate_faults
from workbook_tools.campaign.ledger.describing import LoggedEvent, describe_event, read_facts
from workbook_tools.campaign.ledger.events import read_events


def read_chain(campaign: Campaign) -> list[Event]:
    """Every event as it was recorded, the first first. Raises LedgerError."""
    engine = open_database(campaign.ledger_place, campaign.has_issued)
    try:
        with translate_faults(engine), read_transaction(engine) as connection:
            return read_events(connection)
    finally:
        engine.dispose()


def read_log(campaign: Campaign) -> list[LoggedEvent]:
    """The same in plain words. Raises LedgerError."""
    events = read_chain(campaign)
    facts = {event.id: read_facts(event) for event in events}
    return [describe_event(event, facts) for event in events]
