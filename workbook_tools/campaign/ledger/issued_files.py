"""Which workbooks are entered as issued, and as which issues."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from workbook_tools.campaign.ledger.tables import ISSUED, SCHEMES

if TYPE_CHECKING:
    from workbook_tools.form.identity import Issue

IssuedKey = tuple[int, str, str]
"""Year and code of a project, and the SHA-256 of its workbook."""
_AT_ONCE = 500


def read_issues(connection: Connection, years: Collection[int]) -> Iterator[tuple[int, str, Issue]]:
    """What the projects of these years were issued, the last issue last, by year and code; workbooks that say none of it are left out."""
    from workbook_tools.form.identity import Issue  # wbt status does without

    columns = (ISSUED.c.year, ISSUED.c.code, ISSUED.c.issue_id, ISSUED.c.issue_round, ISSUED.c.content_sha256)
    statement = select(*columns).where(ISSUED.c.year.in_(years), ISSUED.c.issue_id != "").order_by(ISSUED.c.id)
    return ((year, code, Issue(*issue)) for year, code, *issue in connection.execute(statement))


def find_unrecorded(connection: Connection, files: Iterable[IssuedKey]) -> Iterator[bool]:
    """Of each file whether it, or the scheme that it was issued under, is still to be entered."""
    columns = ISSUED.c.year, ISSUED.c.code, ISSUED.c.sha256
    known = select(*columns).join(SCHEMES, SCHEMES.c.sha256 == ISSUED.c.scheme_sha256)
    left = iter(files)
    while some := [*islice(left, _AT_ONCE)]:
        years, codes = {year for year, _, _ in some}, {code for _, code, _ in some}
        rows = connection.execute(known.where(ISSUED.c.year.in_(years), ISSUED.c.code.in_(codes)))
        found = {tuple(row) for row in rows}
        yield from (file not in found for file in some)


def find_codes(connection: Connection, files: Iterable[str]) -> dict[str, str]:
    """Of the files that were ever issued, relative to the working folder, the codes of their projects."""
    found: dict[str, str] = {}
    left = iter(files)
    while some := [*islice(left, _AT_ONCE)]:
        rows = connection.execute(select(ISSUED.c.file, ISSUED.c.code).where(ISSUED.c.file.in_(some)))
        found.update((file, code) for file, code in rows)
    return found
