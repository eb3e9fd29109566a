"""Tables that a superior prescribes: each workbook with tags in the folder of such forms, filled with all projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.core.errors import TemplateError
from workbook_tools.core.faces import LateModule
from workbook_tools.core.result_parts import ResultParts, hold_whole
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import DrawBatches, EarlierOutputs, ListBatch, Output, OutputBatch
from workbook_tools.files.paths import is_hidden
from workbook_tools.summary.names import PREVIEW_MARK, SUPERIOR_FOLDER, SUPERIOR_TABLE

if TYPE_CHECKING:
    from workbook_tools.summary import form_rows, office_form
else:  # most offices have no such form
    form_rows = LateModule("workbook_tools.summary.form_rows")
    office_form = LateModule("workbook_tools.summary.office_form")

OTHER_FORMATS = frozenset({".xls", ".et", ".ods", ".xlsm", ".xltx"})
"""Endings of tables that cannot be filled in as they are."""


@dataclass(frozen=True, slots=True)
class SuperiorTables:
    """What was written of them."""

    tables: list[Path]
    notes: list[str]
    """What the person who sends them in has to know of each, a sentence each with its form."""
    faults: list[str]
    """What is wrong with each form that was not filled, a sentence each."""


def list_superior_forms(folder: Path | None) -> list[Path]:
    """The forms in ``folder``/上级表样, by name, those of a format that cannot be filled in too; neither previews nor what a program
    keeps beside an open file."""
    place = folder / SUPERIOR_FOLDER if folder else None
    files = sorted(place.iterdir()) if place and place.is_dir() else []
    files = [file for file in files if file.is_file() and not is_hidden(file.name)]
    known = {".xlsx", *OTHER_FORMATS}
    return [file for file in files if file.suffix.lower() in known and not file.stem.endswith(PREVIEW_MARK)]


def refuse_other_format(path: Path) -> None:
    """Raises TemplateError for a table of a format that cannot be filled in."""
    if path.suffix.lower() in OTHER_FORMATS:
        raise form_rows.complain(path, f"是 {path.suffix} 格式，填不了：请用 Excel 或 WPS 另存为 .xlsx，旧的移到别处")


def open_superior_form(
    path: Path, outline: ReviewResult, try_reading: Callable[[Path], None]
) -> office_form.SummaryForm:
    """One form. Raises TemplateError that says all that is wrong with it; ``try_reading`` raises it for one not to be opened."""
    refuse_other_format(path)
    try_reading(path)
    return office_form.SummaryForm.open(path, outline)


def open_superior_forms(
    folder: Path | None, outline: ReviewResult, try_reading: Callable[[Path], None]
) -> tuple[list[office_form.SummaryForm], list[str]]:
    """The forms that are right, and of each of the others all that is wrong with it; ``try_reading`` raises TemplateError for one not to be opened."""
    forms, faults = [], []
    for path in list_superior_forms(folder):
        try:
            forms.append(open_superior_form(path, outline, try_reading))
        except TemplateError as exc:
            faults.append(str(exc))
    return forms, faults


def write_superior_tables(
    parts: ResultParts,
    forms: Sequence[office_form.SummaryForm],
    faults: list[str],
    folder: Path,
    outputs: EarlierOutputs,
    draw_all: DrawBatches,
) -> SuperiorTables:
    """Write ``folder``/上级表/<the form's name> for each form, with all projects however many. Raises TemplateError, OutputError."""
    done = SuperiorTables(
        [], [f"模板 {form.path} 中的{'、'.join(form.losses)}带不到表里" for form in forms if form.losses], faults
    )
    orders: list[ListBatch] = [_TableOrder(parts, form, folder / SUPERIOR_TABLE / form.path.name) for form in forms]
    for drawn in outputs.write_batches(orders, draw_all):
        done.notes.extend(drawn.said)
    done.tables.extend(folder / SUPERIOR_TABLE / form.path.name for form in forms)
    return done


def fill_superior_form(form: office_form.SummaryForm, result: ReviewResult) -> bytes:
    """The table with these projects. Raises TemplateError."""
    return form.fill(result, result.authority, SUPERIOR_TABLE)


@dataclass(frozen=True, slots=True)
class _TableOrder:
    """A table, in whatever process draws it."""

    parts: ResultParts
    form: office_form.SummaryForm
    path: Path

    def __call__(self) -> OutputBatch:
        result = hold_whole(self.parts)
        shown = result.model_copy(update={"reviewed_files": 0, "checks": (), "evidence": (), "findings": ()})
        output = Output(self.path, (shown, self.form.data), partial(fill_superior_form, self.form, shown))
        return OutputBatch(
            [output], [f"上级表样 {self.form.path.name}，{said}" for said in self.form.find_strangers(shown)]
        )
