"""The versions of projects that have come, those that are accepted, and the marked copies that were made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from workbook_tools.campaign.ledger.records import KnownVersion, ProjectKey
from workbook_tools.campaign.ledger.return_numbers import CountedVersion, find_round, number_returns
from workbook_tools.campaign.ledger.reviews import PER_QUERY, choose
from workbook_tools.campaign.ledger.status import format_local_time
from workbook_tools.campaign.ledger.tables import ACCEPTED, DISMISSED, RECEIVED, RETURNED, REVIEWED
from workbook_tools.core.states import AcceptedVersion, Acceptor


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


def read_accepted(connection: Connection, years: Collection[int]) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    """Year and code of each version that is accepted, with the facts of which :func:`make_accepted` makes records; in the order of acceptance.

    Its points and grade are those of the last review before: what a later review says of it changes nothing.
    """
    before = REVIEWED.c.received_id == ACCEPTED.c.received_id, REVIEWED.c.id < ACCEPTED.c.id
    last = select(func.max(REVIEWED.c.id)).where(*before).correlate(ACCEPTED).scalar_subquery()
    version = (RECEIVED.c.year, RECEIVED.c.code, RECEIVED.c.sha256, RECEIVED.c.file, RECEIVED.c.content)
    how = (ACCEPTED.c.who, ACCEPTED.c.because, ACCEPTED.c.accepted_at)
    statement = select(*version, *how, REVIEWED.c.total, REVIEWED.c.grade).join_from(ACCEPTED, RECEIVED)
    chosen = statement.outerjoin(REVIEWED, REVIEWED.c.id == last).where(RECEIVED.c.year.in_(years))
    for year, code, *facts in connection.execute(chosen.order_by(ACCEPTED.c.id)):
        yield year, code, tuple(facts)


def make_accepted(versions: Iterable[tuple[Any, ...]]) -> dict[str, AcceptedVersion]:
    """The accepted versions of a project by their SHA-256, the last one last."""
    return {
        digest: AcceptedVersion(Acceptor(who, because), format_local_time(at), file, content, total, grade or "")
        for digest, file, content, who, because, at, total, grade in versions
    }


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
