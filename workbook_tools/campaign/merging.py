"""汇总: the summary workbooks of a reviewed result, and the same projects in the office's own form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.defaults import choose_forms, settings_of
from workbook_tools.campaign.folder import INBOX, Campaign
from workbook_tools.campaign.kept_rooms import open_outputs
from workbook_tools.campaign.output_drawing import choose_output_drawing
from workbook_tools.campaign.worker_choice import follow_settings
from workbook_tools.core.faces import Watch
from workbook_tools.core.result_parts import ResultParts, count_all_projects, take_parts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.former_outputs import find_former
from workbook_tools.reports.found_forms import find_form, weigh_form
from workbook_tools.summary import SUMMARY_FORM
from workbook_tools.summary.outline import outline_parts
from workbook_tools.summary.superior_forms import (
    SuperiorTables,
    open_superior_forms,
    write_superior_tables,
)
from workbook_tools.summary.workbooks import DRAWING, FormKind, SummaryKind, write_kinds

if TYPE_CHECKING:
    from workbook_tools.review.batch_work import Workers


@dataclass(frozen=True, slots=True)
class Summaries:
    """What was written."""

    workbooks: list[Path]
    """汇总_全部.xlsx first."""
    tables: list[Path]
    """汇总表_全部.xlsx first."""
    form: Path
    """The form of the tables."""
    losses: tuple[str, ...]
    """What stands in the form and could not be carried over into the tables."""
    superior: SuperiorTables
    """The tables that a superior prescribes, and what is to be known of them."""
    unchanged: int = 0
    """So many of them stood there already as they would be written, and were left."""
    former: tuple[Path, ...] = ()
    """Those of an earlier run, of departments that are not there any more."""


@follow_settings(need_folder=True)
def merge_result(
    campaign: Campaign | None,
    result: ReviewResult | ResultParts,
    folder: Path,
    *,
    inbox: Path | None = None,
    forms: Path | None = None,
    fresh: bool = False,
    workers: Workers = 0,
    watch: Watch | None = None,
) -> Summaries:
    """Write the summary workbooks and tables of a result into ``folder``.

    They are linked to the files of ``inbox`` (by default 回收) and to the reports in 报告; ``forms`` is the folder with
    the office's own 汇总表.xlsx, and those that a superior prescribes in its 上级表样. What stands there already as it would be written is left, unless all is to be done ``fresh``. ``workers`` is the
    number of processes that draw (0: one per core). ``watch`` hears how many of how many files are written.
    A form of a superior that is wrong is told and left; the others are filled. Raises TemplateError (the office's own form), OutputError.
    """

    parts = take_parts(result)
    draw_all = choose_output_drawing(count_all_projects(parts), workers, DRAWING)
    own_forms = choose_forms(campaign, forms)
    form = find_form(SUMMARY_FORM, own_forms)
    reports = campaign.folder("报告") if campaign else None
    with open_outputs(campaign, fresh=fresh, command="merge") as outputs:
        outline = outline_parts(parts, outputs, draw_all)
        summary = SummaryKind.of(outline, folder, inbox or (campaign.folder(INBOX) if campaign else None), reports)
        table = FormKind.of(form, outline)
        losses = table.check(outputs)
        superior, faults = open_superior_forms(own_forms, outline, weigh_form)
        most = settings_of(campaign).results.one_workbook
        workbooks, tables = write_kinds(parts, folder, [summary, table], outputs, draw_all, watch, most)
        written = write_superior_tables(parts, superior, faults, folder, outputs, draw_all)
    current = [*workbooks, *tables, *written.tables]
    former = find_former(folder, ["汇总_", "汇总表_"], ".xlsx", current)
    return Summaries(workbooks, tables, form, losses, written, outputs.left, tuple(former))
