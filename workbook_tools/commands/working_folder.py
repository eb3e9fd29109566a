"""The working folder that a command runs in, its key, and its result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbook_tools.campaign.folder import Campaign, is_working_folder, load_signing_key
from workbook_tools.campaign.places import find_below
from workbook_tools.commands.terminal import print_findings, print_warning
from workbook_tools.core.errors import SettingsError
from workbook_tools.results.names import RESULT_NAME

if TYPE_CHECKING:
    from workbook_tools.core.review_result import ReviewResult
    from workbook_tools.form.identity import SigningKey
    from workbook_tools.results.folder import StoredResult


def find_campaign(named: Path | None = None) -> Campaign | None:
    """The working folder that was named where a result could be; else the one we are in, if any."""
    if named is not None and is_working_folder(named):
        return Campaign.open(named)
    return Campaign.find(Path.cwd())


def need_campaign(instead: str = "", named: Path | None = None) -> Campaign:
    """The same. Raises SettingsError that says what could be given instead, if anything."""
    campaign = find_campaign(named)
    if campaign is None:
        below = next(find_below(Path.cwd(), depth=2), None)
        which = f"“{below.relative_to(Path.cwd())}”" if below else ""
        advice = f"，或用参数指明{instead}" if instead else "再运行本命令"
        raise SettingsError(f"这里不是工作文件夹。请先进入工作文件夹{which}{advice}。")
    return campaign


def _key_file(campaign: Campaign | None, path: Path | None) -> Path:
    """The named file, the campaign's, or the user's own."""
    if path is not None and not path.is_file():
        raise SettingsError(f"找不到密钥文件 {path}。")
    own = campaign.key_file if campaign else Path(typer.get_app_dir("workbook-tools")) / "signing.key"
    return path or own


def load_key(campaign: Campaign | None, path: Path | None) -> SigningKey:
    """The key to sign with; made the first time."""
    return load_signing_key(_key_file(campaign, path))


def load_known_keys(campaign: Campaign | None, path: Path | None) -> dict[str, SigningKey]:
    """The key to verify with. None is made: a new one could verify nothing, and would hide that the old one is lost."""
    file = _key_file(campaign, path)
    if not file.is_file():
        print_warning(f"找不到签名密钥 {file}，无法核验工作簿是否被改动。请从备份恢复它，或用 --key 指明；不要另建。")
        return {}
    key = load_signing_key(file)
    return {key.id: key}


def find_result(named: Path | None) -> Path:
    """审核结果.json: the file that was named, or the working folder's. Raises SettingsError where there is neither."""
    if named is not None and not is_working_folder(named):
        return named
    return need_campaign(f"{RESULT_NAME}.json", named).result_file


def read_result(source: Path, campaign: Campaign | None) -> ReviewResult:
    """审核结果.json; prints which schemes of the working folder have been edited since. Raises SettingsError."""
    from workbook_tools.rules.recorded import EDITED

    stored = _read(source, campaign)
    print_findings(item for item in stored.problems if item.code == EDITED)
    return stored.result


def read_judged(source: Path, campaign: Campaign | None) -> tuple[ReviewResult, int]:
    """The same with what finance has typed into the 审核结果.xlsx beside it.

    Prints what is wrong with that too; returns the number of errors. Raises SettingsError.
    """
    stored = _read(source, campaign)
    return stored.result, print_findings(stored.problems)


def _read(source: Path, campaign: Campaign | None) -> StoredResult:
    from workbook_tools.results import read_results

    if campaign is None:
        return read_results(source)
    return read_results(source, load=campaign.scheme, checks=campaign.settings.checks)
