"""Tables that a superior prescribes: each workbook with tags in the folder of such forms, filled with all projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbook_tools.core.result_parts import ResultParts, hold_whole
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier import DrawBatches, EarlierOutputs, ListBatch, Output, OutputBatch
from workbook_tools.summary.form_rows import complain
from workbook_tools.summary.names import PREVIEW_MARK, SUPERIOR_FOLDER, SUPERIOR_TABLE
from workbook_tools.summary.office_form import SummaryForm

OTHER_FORMATS = frozenset({".xls", ".et", ".ods", ".xlsm", ".xltx"})
"""Endings of tables that cannot be filled in as they are."""


@dataclass(frozen=True, slots=True)
class SuperiorTables:
    """What was written of them."""

    tables: list[Path]
    notes: list[str]
    """What the person who sends them in has to know of each, a sentence each with its form."""


def list_superior_forms(folder: Path | None) -> list[Path]:
    """The forms in ``folder``/上级表样, by name; neither previews nor what a program keeps beside an open file.

    Raises TemplateError for a workbook of a format that cannot be filled in.
    """
    place = folder / SUPERIOR_FOLDER if folder else None
    files = sorted(place.iterdir()) if place and place.is_dir() else []
    files = [file for file in files if file.is_file() and not file.name.startswith(("~$", "."))]
    for file in files:
        refuse_other_format(file)
    return [file for file in files if file.suffix.lower() == ".xlsx" and not file.stem.endswith(PREVIEW_MARK)]


def refuse_other_format(path: Path) -> None:
    """Raises TemplateError for a table of a format that cannot be filled in."""
    if path.suffix.lower() in OTHER_FORMATS:
        raise complain(path, f"是 {path.suffix} 格式，填不了：请用 Excel 或 WPS 另存为 .xlsx，旧的移到别处")


def open_superior_forms(paths: Sequence[Path], outline: ReviewResult) -> list[SummaryForm]:
    """The forms, each found right. Raises TemplateError with all that is wrong with one."""
    return [SummaryForm.open(path, outline) for path in paths]


def write_superior_tables(
    parts: ResultParts, forms: Sequence[SummaryForm], folder: Path, outputs: EarlierOutputs, draw_all: DrawBatches
) -> SuperiorTables:
    """Write ``folder``/上级表/<the form's name> for each form, with all projects however many. Raises TemplateError, OutputError."""
    done = SuperiorTables(
        [], [f"模板 {form.path} 中的{'、'.join(form.losses)}带不到表里" for form in forms if form.losses]
    )
    orders: list[ListBatch] = [_TableOrder(parts, form, folder / SUPERIOR_TABLE / form.path.name) for form in forms]
    for drawn in outputs.write_batches(orders, draw_all):
        done.notes.extend(drawn.said)
    done.tables.extend(folder / SUPERIOR_TABLE / form.path.name for form in forms)
    return done


def fill_superior_form(form: SummaryForm, result: ReviewResult) -> bytes:
    """The table with these projects. Raises TemplateError."""
    return form.fill(result, result.authority, SUPERIOR_TABLE)


@dataclass(frozen=True, slots=True)
class _TableOrder:
    """A table, in whatever process draws it."""

    parts: ResultParts
    form: SummaryForm
    path: Path

    def __call__(self) -> OutputBatch:
        result = hold_whole(self.parts)
        shown = result.model_copy(update={"reviewed_files": 0, "checks": (), "evidence": (), "findings": ()})
        output = Output(self.path, (shown, self.form.data), partial(fill_superior_form, self.form, shown))
        return OutputBatch(
            [output], [f"上级表样 {self.form.path.name}，{said}" for said in self.form.find_strangers(shown)]
        )
