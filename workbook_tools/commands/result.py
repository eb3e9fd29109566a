"""审核结果.json, as the commands after a review take it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from workbook_tools.campaign.folder import RESULT_NAME
from workbook_tools.commands.terminal import need_campaign, print_findings
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results.judgement import judge
from workbook_tools.results.workbook import read_json

RESULT_FILE = f"{RESULT_NAME}.json"
_HELP = f"{RESULT_FILE}，默认用工作文件夹里的。"
ResultArgument = Annotated[Path | None, typer.Argument(metavar="审核结果", help=_HELP)]
ResultOption = Annotated[Path | None, typer.Option("--result", metavar="文件", help=_HELP)]


def result_file(named: Path | None) -> Path:
    """The file that was named, or the working folder's. Raises SettingsError where there is neither."""
    return named or need_campaign(RESULT_FILE).result_file


def judged_result(source: Path, scheme_folders: Iterable[Path] = ()) -> tuple[ReviewResult, int]:
    """审核结果.json with what finance has typed into the 审核结果.xlsx beside it.

    Prints what is wrong with that; returns the number of errors too. Raises SettingsError, SchemeError.
    """
    judged = judge(read_json(source), source.with_suffix(".xlsx"), scheme_folders)
    return judged.result, print_findings(judged.findings)
