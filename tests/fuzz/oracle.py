"""What must hold for every file, sound or not: no fault, within the bounds, read as a second program reads it, and what was
issued and stands there otherwise is named.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from builders import KEYS
from other_readers import A_DATE, Cells, Unopened, read_cells, read_formulas_too, read_table_texts

from workbook_tools.core.cells import address
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding
from workbook_tools.core.visible_text import drop_invisible
from workbook_tools.excel.formulas import normalise_formula
from workbook_tools.excel.handmade import open_sheets
from workbook_tools.excel.sheet_cells import HandmadeSheet
from workbook_tools.excel.writing import MAX_TEXT
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.fields import Field, Role
from workbook_tools.form.submission import Submission
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.batches import review_files
from workbook_tools.review.recognising import digest_content
from workbook_tools.word.reading import Document, open_document
from workbook_tools.workbooks.reading import Reading, read_submission

SECONDS = 10.0
"""Of processor time that a file may take."""
_STOPPED = "已停止"
_MOVED = ("TAMPER04", "TAMPER05", "TAMPER07", "TAMPER09", "TAMPER11")
"""Sheets or cells are not where they were issued: places say nothing then about what was changed."""
_CONTROLS = re.compile("_x00[01][0-9A-Fa-f]_|[\x00-\x08\x0b-\x1f]")
"""Characters that are not seen; openpyxl leaves them as a file writes them."""
_FORMULA_CODES = ("FILL16", "FILL17", "FILL18")


@dataclass(slots=True)
class Verdict:
    """What came of a file."""

    failures: list[str] = field(default_factory=list)
    """What must not be: each begins with fault, over, differs or unnamed."""
    accepted: str = ""
    """As what it was read: ours, form; blank if it was refused."""
    compared: bool = False
    """A second reader has read it too."""
    codes: frozenset[str] = frozenset()
    seconds: float = 0.0


@dataclass(slots=True)
class _Contents:
    """What the readers give of a file: what is made of it depends on nothing else."""

    reading: Reading
    sheets: list[HandmadeSheet] = field(default_factory=list)
    document: Document | None = None
    refused: str = ""
    """The code, where it is not read."""

    @property
    def key(self) -> str:
        """The same for files that say the same."""
        reading = self.reading
        found = sorted((f.code, f.sheet, f.cell, f.message, f.found) for f in reading.findings)
        typed = digest_content(reading) if reading.submission else repr((self.sheets, self.document))
        return sha256(repr((reading.foreign, found, typed, self.refused)).encode(errors="surrogatepass")).hexdigest()


@cache
def _importing() -> Importing:
    return Importing()


_known: dict[str, Verdict] = {}
"""What became of contents that were met before: most mutants differ from others only in how they say a thing."""


def judge(path: Path) -> Verdict:
    """Read the file at ``path`` as the commands do, review it unless its contents are known, and hold what came of it to the rules."""
    source = SourceFile(path, path.name)
    started = time.process_time()
    contents = _read(source)
    key = contents.key
    if key not in _known:
        _known[key] = _review(source)
    verdict = replace(
        _known[key], failures=[*_known[key].failures], seconds=max(_known[key].seconds, time.process_time() - started)
    )
    if verdict.seconds > SECONDS and not verdict.failures:
        verdict.failures.append(f"over {verdict.seconds:.1f} s")
    if verdict.accepted and not verdict.failures:
        _compare(source.read(), contents, verdict)
    return verdict


def _read(source: SourceFile) -> _Contents:
    contents = _Contents(Reading(source.name) if source.is_document else read_submission(source, KEYS))
    try:
        if source.is_document:
            contents.document = open_document(source.path)
        elif contents.reading.submission is None:
            contents.sheets = open_sheets(source.path, source.read())
    except UnreadableWorkbook as exc:
        contents.refused = exc.code
    return contents


def _review(source: SourceFile) -> Verdict:
    """The whole of it, as the command does it."""
    started = time.process_time()
    done = review_files([source], KEYS, _importing())
    verdict = Verdict(seconds=time.process_time() - started)
    findings = [found for item in done for found in item.findings]
    verdict.codes = frozenset(found.code for found in findings)
    faults = [item.fault for item in done if item.fault] + [f.message for f in findings if f.code == "FILE13"]
    verdict.failures += [f"over {found.message}" for found in findings if _STOPPED in found.message]
    verdict.failures += [f"fault {fault}" for fault in faults]
    if any(item.project or item.untouched for item in done):
        verdict.accepted = "form" if "IMPORT01" in verdict.codes else "ours"
    return verdict


def _compare(data: bytes, contents: _Contents, verdict: Verdict) -> None:
    submission, findings = contents.reading.submission, contents.reading.findings
    try:
        if submission and "FILE42" not in verdict.codes:
            cells, verdict.compared = read_formulas_too(data), True
            verdict.failures += _compare_answers(submission, cells, findings)
            verdict.failures += _find_unnamed(submission, cells, findings)
        elif contents.document:
            verdict.failures += _compare_document(contents.document, read_table_texts(data))
            verdict.compared = True
        else:
            sheets = contents.sheets or open_sheets(Path("x"), data)
            if not any(sheet.cut for sheet in sheets):  # a reader of all of it may take more than may be had
                cells, verdict.compared = read_cells(data), True
                verdict.failures += [text for sheet in sheets for text in _compare_sheet(sheet, cells)]
    except Unopened:
        verdict.compared = False


# -- a workbook of ours -----------------------------------------------------------------------------------------------


def _compare_answers(submission: Submission, cells: Cells, findings: list[Finding]) -> Iterator[str]:
    """What was typed is what the second reader finds in the cell; a formula there is told."""
    for name, answer in submission.answers.items():
        theirs = cells.get((answer.sheet, answer.cell))
        if isinstance(theirs, str) and theirs.startswith("=") and theirs != answer.raw:
            if not any(
                f.code in _FORMULA_CODES and f.cell == answer.cell and f.sheet == answer.sheet for f in findings
            ):
                yield f"unnamed formula {theirs} in {name} ({answer.sheet}!{answer.cell})"
        elif theirs is not A_DATE and _seen(answer.raw) != _seen(theirs):
            yield f"differs {name} ({answer.sheet}!{answer.cell}): {answer.raw!r} and {theirs!r}"


def _seen(value: object) -> object:
    """A value as it counts: without what cannot be seen, cut where a cell ends."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str) and not value.startswith("#"):
        lines = drop_invisible(value[:MAX_TEXT]).replace("\r\n", "\n")
        return _CONTROLS.sub("", lines).strip() or None
    return value


def _find_unnamed(submission: Submission, cells: Cells, findings: list[Finding]) -> Iterator[str]:
    """What was issued and stands there otherwise, without a finding at its place."""
    if any(found.code in _MOVED for found in findings):
        return
    told = {(found.sheet, found.cell) for found in findings if found.code.startswith("TAMPER")}
    for item in submission.layout.fields.values():
        if item.role in (Role.FIXED, Role.FORMULA) and (item.sheet, item.cell) not in told:
            theirs = cells.get((item.sheet, item.cell))
            if not _is_as_issued(item, theirs, submission):
                yield f"unnamed {item.sheet}!{item.cell}: {theirs!r}"


def _is_as_issued(item: Field, theirs: object, submission: Submission) -> bool:
    if item.role is Role.FORMULA:
        formula = theirs.removeprefix("=") if isinstance(theirs, str) else ""
        return normalise_formula(formula) == normalise_formula(submission.layout.formula(item))
    if isinstance(item.value, float):
        return isinstance(theirs, float) and abs(theirs - item.value) <= 1e-9 * max(1, abs(item.value))
    return _lines(theirs) == _lines(item.value)


def _lines(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value or "")
    return "\n".join(line.strip() for line in text.replace("\r\n", "\n").split("\n")).strip()


# -- a form of today --------------------------------------------------------------------------------------------------


def _compare_sheet(sheet: HandmadeSheet, cells: Cells) -> Iterator[str]:
    """Every cell that either reader found. Of dates and truth values ours are the text that is shown."""
    ours = {address(cell.row, cell.col): cell.value for cell in sheet.cells if cell.value is not None}
    for where, value in ours.items():
        theirs = cells.get((sheet.title, where))
        if theirs is not A_DATE and not isinstance(theirs, bool) and _seen(value) != _seen(theirs):
            yield f"differs {sheet.title}!{where}: {value!r} and {theirs!r}"
    covered = {
        address(row, col)
        for cell in sheet.cells
        for row in range(cell.row, cell.row + cell.rows)
        for col in range(cell.col, cell.col + cell.cols)
    }
    for (title, where), theirs in cells.items():
        if title == sheet.title and where not in covered and _seen(theirs) is not None:
            yield f"differs {title}!{where}: nothing and {theirs!r}"


def _compare_document(document: Document, texts: list[str]) -> Iterator[str]:
    """The words of the tables' cells, in their order."""
    ours = [word for table in document.tables for cell in table.cells for word in cell.text.split()]
    theirs = [word for text in texts for word in text.split()]
    if sorted(ours) != sorted(theirs):
        only = [*(Counter(ours) - Counter(theirs))][:3], [*(Counter(theirs) - Counter(ours))][:3]
        yield f"differs words of tables: only ours {only[0]}, only theirs {only[1]}"
