"""``wbt preview``: try a form of a report or a table that somebody has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.defaults import choose_scheme, settings_of
from workbook_tools.commands.terminal import print_line, print_warning
from workbook_tools.commands.working_folder import find_campaign
from workbook_tools.files.paths import replace_result
from workbook_tools.reports.form_check import say_missing
from workbook_tools.reports.forms import form_name
from workbook_tools.rules.scheme import Scheme
from workbook_tools.shipped.preview import preview_form, preview_table
from workbook_tools.summary.names import PREVIEW_MARK
from workbook_tools.summary.superior_forms import OTHER_FORMATS


def preview_command(
    form: Annotated[
        Path,
        typer.Argument(
            metavar="模板",
            help="改过的报告模板（.docx），如 模板/报告-财政部.docx；或带标签的表（.xlsx），如 模板/汇总表.xlsx、上级规定的表。",
        ),
    ],
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme",
            metavar="代号",
            help="评分方案，默认为工作文件夹的方案，它不用这个模板的，为用这个模板的自带方案。",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件", help="预览存到哪里，默认在模板旁边，名字加“_预览”。")
    ] = None,
) -> None:
    """Print what the form leaves out, and where the preview is."""
    if form.suffix.lower() in {".xlsx", *OTHER_FORMATS}:
        _preview_table(form, out)
        return
    campaign = find_campaign()
    made = preview_form(form, _choose_scheme(campaign, scheme, form.name), settings_of(campaign).report)
    target = out or form.with_name(f"{form.stem}{PREVIEW_MARK}.docx")
    replace_result(target, made.report)
    if made.missing:
        print_warning(say_missing(form.name, made.missing))
    if made.unprinted:
        print_warning(f"方案“{made.scheme.id}”要求填写、而模板没有印出的文字：{'、'.join(made.unprinted)}。")
    print_line(f"标签都能用。预览在 {target}，请用 Word 或 WPS 打开看一看。")


def _preview_table(form: Path, out: Path | None) -> None:
    made = preview_table(form)
    target = out or form.with_name(f"{form.stem}{PREVIEW_MARK}.xlsx")
    replace_result(target, made.table)
    for note in made.notes:
        print_warning(f"{form.name}：{note}。")
    print_line(f"标签都能用。预览在 {target}，请用 Excel 或 WPS 打开看一看。")


def _choose_scheme(campaign: Campaign | None, named: str, form: str) -> Scheme | None:
    """The scheme that is named, or the working folder's if it uses the form; else the preview finds one."""
    if named:
        return choose_scheme(campaign, named)
    own = campaign.scheme() if campaign else None
    return own if own and form_name(own.report) == form else None
