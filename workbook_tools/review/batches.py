"""Files are read, verified, checked and scored in batches, on all cores; a batch keeps only its results."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import finding
from workbook_tools.files.properties import FileProperties, read_properties
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import digest_and_pack
from workbook_tools.form.materials import read_materials
from workbook_tools.form.submission import Submission
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import take_in
from workbook_tools.review.budget import allow_more
from workbook_tools.review.checks import run_checks
from workbook_tools.review.packing import PackedFile, pack_file
from workbook_tools.review.recognising import digest_content, find_untouched
from workbook_tools.review.result_rows import build_indicator_rows, build_project_row
from workbook_tools.review.reviewed_file import ReviewedFile
from workbook_tools.review.scoring import score_all
from workbook_tools.workbooks.reading import Keys, Reading, read_submission

FORM_SECONDS = 0.2
"""Processor time that a file may take for each form in it, on top of its budget: five times what an office PC needs. Some files
list thousands of projects."""


def review_files(sources: Iterable[SourceFile], keys: Keys, importing: Importing | None = None) -> list[ReviewedFile]:
    """Read, verify, check and score a batch of workbooks; a file with several forms of today gives one item for each."""
    return [*chain.from_iterable(review_each(sources, keys, importing))]


def review_each(
    sources: Iterable[SourceFile], keys: Keys, importing: Importing | None = None
) -> list[list[ReviewedFile]]:
    """The same, with a list of items for each file."""
    done: list[list[ReviewedFile]] = []
    usable: list[tuple[ReviewedFile, Submission]] = []
    importing = importing or Importing()
    for source in sources:
        readings, fault = _read_source(source, keys, importing)
        properties = _read_properties(source, readings)
        done.append([])
        for reading in readings:
            item = ReviewedFile(
                source.name,
                source.modified,
                reading.sha256,
                source.clock,
                properties.saved_at,
                round=reading.mark.round if reading.mark else 0,
                issue=reading.issue,
                seal=reading.seal_state,
                findings=reading.findings,
                fault=fault,
            )
            done[-1].append(item)
            if untouched := find_untouched(reading, properties):
                item.findings, item.untouched = [], untouched
            elif reading.submission:
                item.answers = reading.submission.unit_answers
                item.materials = read_materials(reading.submission)
                item.issued, item.issued_project = digest_and_pack(reading.submission.layout.project)
                item.content = digest_content(reading, item.issued)
                item.scheme = reading.submission.scheme
                usable.append((item, reading.submission))
    _score_and_check(usable)
    return done


def _score_and_check(usable: Sequence[tuple[ReviewedFile, Submission]]) -> None:
    """Score and check. A submission that raises an exception gets a finding instead, and the others go on."""
    try:
        judged = [
            (item, *run_checks(scored), build_project_row(scored), build_indicator_rows(scored))
            for (item, _), scored in zip(usable, score_all([s for _, s in usable]), strict=True)
        ]
    except MemoryError:
        raise
    except Exception:
        if len(usable) > 1:
            for one in usable:
                _score_and_check([one])
            return
        [(item, _)] = usable
        item.findings, item.fault = [finding("FILE13", file=item.file)], traceback.format_exc()
        return
    for item, findings, runs, project, indicators in judged:
        item.findings = [*item.findings, *findings]
        item.runs, item.project, item.indicators = runs, project, indicators


def _read_source(source: SourceFile, keys: Keys, importing: Importing) -> tuple[list[Reading], str]:
    """Read a file; if that raises an exception, the traceback comes back and the other files are read all the same."""
    try:
        first = Reading(source.name) if source.is_document else read_submission(source, keys)
        readings = []
        for reading in take_in(source, first, importing):
            allow_more(FORM_SECONDS)
            readings.append(reading)
        return readings, ""
    except MemoryError:  # from this file or those before it in this process: it is read again by itself
        raise
    except Exception:
        return [Reading(source.name, None, [finding("FILE13", file=source.name)])], traceback.format_exc()


def _read_properties(source: SourceFile, readings: Sequence[Reading]) -> FileProperties:
    """The document properties of a file with a submission."""
    if not any(reading.submission for reading in readings):
        return FileProperties()
    if readings[0].properties is not None:
        return readings[0].properties
    try:
        return read_properties(source.read())
    except UnreadableWorkbook:  # gone since it was read
        return FileProperties()


def pack_each(
    sources: Iterable[SourceFile], review: Callable[[Iterable[SourceFile]], list[list[ReviewedFile]]]
) -> list[PackedFile]:
    """The items of each file, packed: what a process that reads files with ``review`` gives back."""
    return [pack_file(items) for items in review(sources)]
