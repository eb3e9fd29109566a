"""The versions of projects that have come, and the marked copies that were made of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from workbook_tools.campaign.ledger.records import KnownVersion, ProjectKey
from workbook_tools.campaign.ledger.return_numbers import CountedVersion, find_round, number_returns
from workbook_tools.campaign.ledger.reviews import PER_QUERY, choose
from workbook_tools.campaign.ledger.tables import DISMISSED, RECEIVED, RETURNED, REVIEWED


def read_versions(connection: Connection, projects: Collection[ProjectKey]) -> dict[ProjectKey, list[KnownVersion]]:
    """Of each of these projects the versions that count as having come, the last one last."""
    own = (RECEIVED.c.file, RECEIVED.c.sha256, RECEIVED.c.content, RECEIVED.c.modified_at, RECEIVED.c.received_at)
    returned = (RETURNED.c.file, RETURNED.c.returned_at, RETURNED.c.id)
    counting = RECEIVED.c.id.not_in(select(DISMISSED.c.received_id))
    columns = (RECEIVED.c.year, RECEIVED.c.code, RECEIVED.c.id, RECEIVED.c.round, RECEIVED.c.trust, *own, *returned)
    joined = select(*columns).join_from(RECEIVED, RETURNED, isouter=True).where(counting).order_by(RECEIVED.c.id)
    reviewed = select(REVIEWED.c.received_id, REVIEWED.c.total).join_from(REVIEWED, RECEIVED).order_by(REVIEWED.c.id)
    found: dict[ProjectKey, list[tuple[KnownVersion, CountedVersion]]] = {key: [] for key in projects}
    for some in choose(RECEIVED, projects):
        totals = {row.received_id: row.total for row in connection.execute(reviewed.where(some))}
        for year, code, number, copied, trust, *said, event in connection.execute(joined.where(some)):
            version = replace(KnownVersion(*said), total=totals.get(number))
            counted = CountedVersion(number, find_round(copied, trust), event or 0)
            if (year, code) in found:
                found[year, code].append((version, counted))
    return {key: _number_versions(versions) for key, versions in found.items()}


def read_returned(connection: Connection, files: Sequence[str]) -> dict[str, ProjectKey]:
    """Of marked copies, by their paths in the working folder, whose they are; without those of which nothing is known."""
    columns = select(RETURNED.c.file, RECEIVED.c.year, RECEIVED.c.code).join_from(RETURNED, RECEIVED)
    found: dict[str, ProjectKey] = {}
    for start in range(0, len(files), PER_QUERY):
        some = columns.where(RETURNED.c.file.in_(files[start : start + PER_QUERY])).order_by(RETURNED.c.id)
        found |= {file: (year, code) for file, year, code in connection.execute(some)}
    return found


def _number_versions(versions: list[tuple[KnownVersion, CountedVersion]]) -> list[KnownVersion]:
    of = number_returns(counted for _, counted in versions).of
    return [replace(version, returned_round=of.get(counted.id, 0)) for version, counted in versions]
