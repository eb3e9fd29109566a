"""All that the ledger remembers of a project, put together."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from workbook_tools.campaign.ledger.records import PackedZip, ProjectKey
from workbook_tools.campaign.ledger.return_numbers import find_round
from workbook_tools.campaign.ledger.reviews import find_last_reviews
from workbook_tools.campaign.ledger.status import History, Version
from workbook_tools.campaign.ledger.tables import ACCEPTED, DISMISSED, ISSUED, PACKED, RECEIVED, RETURNED
from workbook_tools.core.states import Acceptor


def read_histories(connection: Connection, years: Collection[int]) -> dict[ProjectKey, History]:
    """What the ledger remembers of every project of these years."""
    found: dict[ProjectKey, History] = {}
    issued = (
        select(ISSUED.c.year, ISSUED.c.code, ISSUED.c.issued_at, ISSUED.c.issue_id)
        .where(ISSUED.c.year.in_(years))
        .order_by(ISSUED.c.id.desc())
    )
    for year, code, at, issue in connection.execute(issued):
        history = found.setdefault((year, code), History())
        history.issued_at, history.last_issue = at, history.last_issue or issue
    for at, zipped in read_packed(connection):
        for year, code, issue in zipped.issues:
            if (year, code) in found:
                found[year, code].packed_at, found[year, code].packed_issue = at, issue
    versions: dict[int, Version] = {}
    own = (
        RECEIVED.c.id,
        RECEIVED.c.file,
        RECEIVED.c.modified_at,
        RECEIVED.c.received_at,
        RECEIVED.c.round,
        RECEIVED.c.trust,
    )
    counting = RECEIVED.c.year.in_(years), RECEIVED.c.id.not_in(select(DISMISSED.c.received_id))
    received = select(RECEIVED.c.year, RECEIVED.c.code, *own).where(*counting).order_by(RECEIVED.c.id)
    for year, code, number, file, modified, at, copied, trust in connection.execute(received):
        version = versions[number] = Version(number, file, modified, at, round=find_round(copied, trust))
        found.setdefault((year, code), History()).versions[number] = version
    for key, review in find_last_reviews(connection, [RECEIVED.c.year.in_(years)]).items():
        found[key].review = review
    returned = select(RETURNED.c.received_id, RETURNED.c.returned_at, RETURNED.c.id).join_from(RETURNED, RECEIVED)
    for number, at, event in connection.execute(returned.where(*counting)):
        versions[number].returned_at, versions[number].returned_as = at, event
    how = (ACCEPTED.c.received_id, ACCEPTED.c.accepted_at, ACCEPTED.c.who, ACCEPTED.c.because)
    accepted = select(*how).join_from(ACCEPTED, RECEIVED)
    for number, at, who, because in connection.execute(accepted.where(*counting)):
        versions[number].accepted_at, versions[number].acceptor = at, Acceptor(who, because)
    return found


def read_packed(connection: Connection) -> list[tuple[datetime, PackedZip]]:
    """Every zip that was made, and when; the last one last."""
    columns = (PACKED.c.packed_at, PACKED.c.year, PACKED.c.department, PACKED.c.file, PACKED.c.sha256, PACKED.c.issues)
    rows = connection.execute(select(*columns).order_by(PACKED.c.id))
    return [
        (
            at,
            PackedZip(year, department, file, digest, tuple((y, code, issue) for y, code, issue in json.loads(issues))),
        )
        for at, year, department, file, digest, issues in rows
    ]


def find_history(histories: dict[ProjectKey, History], key: ProjectKey) -> History:
    """Of a project; an empty one where nothing is known of it."""
    return histories.get(key) or History()
