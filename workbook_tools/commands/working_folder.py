"""The working folder that a command runs in, its key, and its result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import Campaign, is_working_folder, load_signing_key
from workbook_tools.campaign.kept_rooms import open_known_records
from workbook_tools.campaign.places import find_below
from workbook_tools.commands.terminal import print_findings, print_warning
from workbook_tools.commands.user_folder import find_user_folder
from workbook_tools.core.errors import SettingsError
from workbook_tools.results.names import RESULT_NAME

if TYPE_CHECKING:
    from workbook_tools.core.result_parts import ResultParts
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


def load_key(campaign: Campaign | None, path: Path | None) -> SigningKey:
    """The key to sign with: the named file's, the working folder's, or the user's own, which is made the first time.

    Raises SettingsError that says what the loss of a key means and what to do.
    """
    if path is not None:
        key = read_named_key(path)
        if campaign:
            campaign.key_ring().refuse_ended(key)
        return key
    if campaign is not None:
        return campaign.signing_key()
    own = _own_key_file()
    if not own.exists():
        print_warning(f"这里不是工作文件夹，在 {own} 新做了一把签名密钥，请备份；丢了它就无法核验收回的工作簿。")
    return load_signing_key(own)


def load_known_keys(campaign: Campaign | None, path: Path | None) -> dict[str, SigningKey]:
    """The keys to verify with: those of the ring, and the named file's. What is lost is told; none is made."""
    from workbook_tools.campaign.key_ring import read_ring

    named = [read_named_key(path)] if path is not None else []
    ring = read_ring(campaign.key_file if campaign else _own_key_file())
    if not named:
        print_warning(ring.trouble)
    return {key.id: key for key in named} | ring.verifying


def read_named_key(path: Path) -> SigningKey:
    """The key that ``--key`` names. Raises SettingsError."""
    from workbook_tools.campaign.key_ring import read_key_file

    if not path.is_file():
        raise SettingsError(f"找不到密钥文件 {path}。")
    try:
        return read_key_file(path)
    except SettingsError as exc:
        raise SettingsError(f"{exc}。请在 --key 后面写明完好的密钥文件。") from None


def _own_key_file() -> Path:
    return find_user_folder() / "signing.key"


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


@contextmanager
def read_judged_ahead(
    source: Path, campaign: Campaign | None, workers: int
) -> Iterator[Callable[[], tuple[ResultParts, int]]]:
    """The same to be read one department at a time, once it is asked for; by then another process may have read it. With one of
    the ``workers`` it is read here."""
    from workbook_tools.results.reading_ahead import read_ahead

    with read_ahead(partial(_read_in, source, campaign.root if campaign else None), source, workers) as take:

        def take_parts() -> tuple[ResultParts, int]:
            parts, problems = take()
            return parts, print_findings(problems)

        yield take_parts


def _read_in(source: Path, root: Path | None) -> StoredResult:
    """In whatever process."""
    return _read(source, Campaign.open(root) if root else None)


def _read(source: Path, campaign: Campaign | None) -> StoredResult:
    from workbook_tools.results import read_results

    if campaign is None:
        return read_results(source)
    with open_known_records(campaign, source.parent) as records:
        return read_results(source, load=campaign.scheme, checks=campaign.settings.checks, records=records)
