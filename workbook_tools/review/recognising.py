"""Recognises what came back but is no submission: our form as issued, or the copy that we returned, untouched."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workbook_tools.form.identity import project_digest
from workbook_tools.form.return_mark import digest_blank, digest_inputs, is_typed_in

if TYPE_CHECKING:
    from workbook_tools.files.properties import FileProperties
    from workbook_tools.workbooks.reading import Reading


class Untouched(StrEnum):
    """Kinds of our files in which nobody has typed anything, in the words that users see."""

    ISSUED = "未填写的下发表"
    RETURNED = "没有改动的退回副本"


@dataclass(frozen=True, slots=True)
class UntouchedForm:
    """An untouched file: whose form it is, and of which return."""

    kind: Untouched
    year: int
    code: str
    """Blank for a blank form, which has no project."""
    name: str
    round: int = 0


def digest_content(reading: Reading, project: str = "") -> str:
    """A digest of what a file says: what was issued, what was typed, and which changes to the form were found. ``project`` is the digest of the
    project as issued, if the caller knows it."""
    submission = reading.submission
    if submission is None:
        return ""
    layout = submission.layout
    issued = (layout.version.name, layout.scheme.digest, project or project_digest(layout.project))
    found = sorted((row.code, row.sheet, row.cell, row.found) for row in reading.findings)
    return hashlib.sha256(repr((issued, digest_inputs(submission), found)).encode()).hexdigest()[:16]


def find_untouched(reading: Reading, properties: FileProperties) -> UntouchedForm | None:
    """Which kind of untouched form the file is; ``None`` if a unit has filled it in.

    A copy in which the unit had nothing to change, because restoring the form put everything right, is a submission
    once the unit has saved it.
    """
    submission, mark = reading.submission, reading.mark
    if submission is None or submission.partial:
        return None
    project = submission.project
    code = "" if submission.layout.blank else project.code
    if mark is not None and mark.inputs == digest_inputs(submission) and (properties.untouched or not mark.whole):
        return UntouchedForm(Untouched.RETURNED, project.year, code, project.name, mark.round)
    if not is_typed_in(submission) and digest_inputs(submission) == digest_blank(submission.layout):
        return UntouchedForm(Untouched.ISSUED, project.year, code, project.name)
    return None
