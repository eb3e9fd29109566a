"""Files of today's forms, read in processes of their own: what one of them does to its reader costs the others nothing."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Project
from workbook_tools.files.properties import read_properties
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form, list_forms
from workbook_tools.legacy.showing.overlay import draw_overlay
from workbook_tools.legacy.words.records import HandmadeForm
from workbook_tools.review.batch_work import READING, LostItem
from workbook_tools.review.batches import FORM_SECONDS
from workbook_tools.review.budget import allow_more
from workbook_tools.review.losses import explain_loss
from workbook_tools.review.workers import on_all_cores

log = logging.getLogger(__name__)
_BATCH = 10
"""Files per batch: few enough that one sees them come."""


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form, the project that it came to, and what was found on the way."""

    form: HandmadeForm
    project: Project
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FormFile:
    """What was read of a file."""

    source: SourceFile
    forms: tuple[ReadForm, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Why there are no forms."""
    sha256: str = ""
    saved_at: float | None = None
    """When it was last saved, as it says itself, in seconds."""
    page: bytes = b""
    """A web page with what was read laid over the original, where it was asked for."""
    fault: str = ""
    """Of the program or a library, for the log."""


def read_form_files(sources: Sequence[SourceFile], importing: Importing, pages: bool) -> Iterator[FormFile]:
    """The files, in their order; with ``pages`` a web page of each. Raises SettingsError where no process can be started."""
    batches = [sources[i : i + _BATCH] for i in range(0, len(sources), _BATCH)]
    cores = min(os.cpu_count() or 1, len(batches))
    work = partial(_read_files, importing=importing, pages=pages)
    for done in on_all_cores(batches, work, _give_up, cores, READING) if batches else ():
        for item in done:
            if item.fault:
                log.error("读取 %s 时程序出错\n%s", item.source.name, item.fault)
            yield item


def _read_files(sources: Iterable[SourceFile], importing: Importing, pages: bool) -> list[FormFile]:
    return [_read_file(source, importing, pages) for source in sources]


def _read_file(source: SourceFile, importing: Importing, pages: bool) -> FormFile:
    """A file. What brings a library or the program down must not take the others with it."""
    try:
        looked = list_forms(source, importing)
        allow_more(FORM_SECONDS * len(looked.forms))
        forms = []
        for form in looked.forms:
            converted = convert_form(form, importing)
            forms.append(ReadForm(form, converted.project, converted.findings))
        page = draw_overlay(source, looked.forms).encode() if pages and looked.forms else b""
        saved_at = read_properties(source.read()).saved_at if forms else None
        return FormFile(source, tuple(forms), looked.findings, looked.sha256, saved_at, page)
    except UnreadableWorkbook as exc:
        advice = "请让单位核对后重新发送。" if source.is_document else ""
        return FormFile(source, findings=(finding(exc.code, exc.message, file=source.name, advice=advice),))
    except MemoryError:  # the file, or those before it in this process: it is read again by itself
        raise
    except Exception:
        return FormFile(source, findings=(finding("FILE13", file=source.name),), fault=traceback.format_exc())


def _give_up(source: SourceFile, lost: LostItem) -> FormFile:
    found, fault = explain_loss(source.name, lost)
    return FormFile(source, findings=(found,), fault=fault)
