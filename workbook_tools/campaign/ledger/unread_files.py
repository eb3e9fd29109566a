"""Of projects of which the ledger knows nothing that came: the file that came and cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.states import State
from workbook_tools.review.misnamed_files import Form, find_misnamed
from workbook_tools.review.unread_files import find_unread_files, match_files, say_what_to_do


def note_unread_files(
    campaign: Campaign, rows: Sequence[StatusRow], read: Callable[[Campaign], ResultParts] | None = None
) -> list[StatusRow]:
    """The rows, all of the list, where of a project nothing came but a file that the last review could not use with its name and why.

    ``read`` is how the result is read. Nothing is read where no project is missing, or nothing was reviewed.
    """
    if all(row.state is not State.MISSING for row in rows) or not campaign.result_file.is_file():
        return list(rows)
    from workbook_tools.results.opened_parts import open_parts  # only where there is something to read
    from workbook_tools.review.states import find_unused_files

    try:
        rest = (read(campaign) if read else open_parts(campaign.result_file)).read_rest()
    except SettingsError:  # it is made anew by the next review
        return list(rows)
    unused = find_unused_files(rest)
    first = find_unread_files(row for row in rest.findings if row.file in unused or row.severity is Severity.INFO)
    matched = {code: first[file] for code, file in match_files(rows, first).items()}
    came = sorted((Form(row.code, row.name, row.file) for row in rows if row.file), key=attrgetter("file"))
    matched |= dict(find_misnamed(came, {row.code for row in rows}.__contains__))
    return [_note(row, matched.get(row.code)) for row in rows]


def _note(row: StatusRow, found: Finding | None) -> StatusRow:
    if found is None or row.state is not State.MISSING:
        return row
    return replace(row, first_step=say_what_to_do(found), unread_file=found.file, unread_reason=found.message)
