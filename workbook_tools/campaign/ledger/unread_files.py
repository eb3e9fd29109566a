"""Files that came and cannot be used: by its name, such a file tells which missing project it seems to be.

Nothing follows from a name but what is said: the project is missing all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.status import StatusRow
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.result_parts import ResultParts
from workbook_tools.core.states import State

_SHORT = 4
"""Characters that a project's name must have to be looked for in the names of files."""


def note_unread_files(
    campaign: Campaign, rows: Sequence[StatusRow], read: Callable[[Campaign], ResultParts] | None = None
) -> list[StatusRow]:
    """The rows, where of a project nothing came but a file that the last review could not use with its name and why.

    ``read`` is how the result is read. Nothing is read where no project is missing, or nothing was reviewed.
    """
    missing = [row for row in rows if row.state is State.MISSING]
    if not missing or not campaign.result_file.is_file():
        return list(rows)
    from workbook_tools.results.stored_parts import open_parts  # only where there is something to read
    from workbook_tools.review.states import find_unused_files

    try:
        rest = (read(campaign) if read else open_parts(campaign.result_file)).read_rest()
    except SettingsError:  # it is made anew by the next review
        return list(rows)
    unused = find_unused_files(rest)
    first: dict[str, Finding] = {}
    for found in rest.findings:
        if found.file in unused and not found.project_code:
            first.setdefault(found.file, found)
    matched = match_files(missing, first)
    return [_note(row, first[matched[row.code]]) if row.code in matched else row for row in rows]


def match_files(rows: Sequence[StatusRow], files: Mapping[str, object]) -> dict[str, str]:
    """Code → the last file whose name says it, or the project's whole name; a name that could mean several means the longest."""
    found, known = {}, [(words.casefold(), row.code) for row in rows for words in (row.code, row.name)]
    for file in sorted(files):
        name = PurePosixPath(file).name.casefold()
        said = [(len(words), code) for words, code in known if words in name and _says(name, words)]
        if said:
            found[max(said)[1]] = file
    return found


def _says(name: str, words: str) -> bool:
    """P03 is said in P03_水库.xlsx, and not in P030.xlsx."""
    telling = len(words) >= _SHORT or bool(re.search("[0-9]", words))
    return telling and bool(re.search(rf"(?<![0-9a-z]){re.escape(words)}(?![0-9a-z])", name))


def _note(row: StatusRow, found: Finding) -> StatusRow:
    name = PurePosixPath(found.file).name
    step = f"收到的“{name}”不能用：{found.message}。{found.advice}"
    return replace(row, first_step=step, unread_file=found.file, unread_reason=found.message)
