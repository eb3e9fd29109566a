"""What all commands share: the console, how findings are printed, and where the campaign is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workbook_tools.campaign.folder import SCHEME_FOLDER, Campaign, signing_key
from workbook_tools.core.codes import Severity
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ProjectList
from workbook_tools.form.identity import SigningKey
from workbook_tools.projects import read_projects
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

console = Console(highlight=False)
T = TypeVar("T")
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_SHOWN = 30
"""Findings printed at most; all are in the result."""


class _Volume:
    """Whether the running command was told to be quiet."""

    quiet = False


def be_quiet(quiet: bool) -> bool:
    """From now on print errors only, or everything again."""
    _Volume.quiet = quiet
    return quiet


Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=be_quiet, help="只显示错误。")]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="文件", help="签名密钥文件，默认用工作文件夹里的。")]
SchemeOption = Annotated[str, typer.Option("--scheme", metavar="代号", help="评分方案，默认用 wbt.toml 中的。")]
YearOption = Annotated[
    int, typer.Option("--year", metavar="年度", show_default=False, help="评价年度；在工作文件夹里不用写。")
]


def say(message: str) -> None:
    """A line for the user, as it is; nothing where only errors are wanted."""
    if not _Volume.quiet:
        console.print(message, markup=False, soft_wrap=True)


def tell(trouble: str) -> None:
    """What went wrong beside the work, if anything did."""
    if trouble:
        console.print(trouble, style="yellow", markup=False, soft_wrap=True)


def print_findings(findings: Iterable[Finding], rest: str = "见审核结果") -> int:
    """Print findings, worst first (errors only where the command is quiet); the number of errors. ``rest`` says where those are that are not printed."""
    rank = list(Severity)
    items = sorted(findings, key=lambda f: rank.index(f.severity))
    if _Volume.quiet:
        items = [item for item in items if item.severity is Severity.ERROR]
    for item in items[:_SHOWN]:
        style = _COLOURS[item.severity]
        console.print(f"{item.severity.label} {item.code}  {item}", style=style, markup=False, soft_wrap=True)
    if len(items) > _SHOWN:
        tell(f"……还有 {len(items) - _SHOWN} 条，{rest}。")
    return sum(1 for item in items if item.severity is Severity.ERROR)


def progress_bar(quiet: bool) -> Progress:
    """A bar with count and time left; nothing where nobody watches (a file, a pipe, ``-q``)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)


def watched(what: str, items: Iterable[T], total: int, quiet: bool) -> Iterator[T]:
    """The items one by one, with a bar of how many of ``total`` are done."""
    with progress_bar(quiet) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            progress.advance(task)
            yield item


def current_campaign() -> Campaign | None:
    """The working folder we are in, if any."""
    return Campaign.find(Path.cwd())


def need_campaign(what: str) -> Campaign:
    """The working folder we are in. Raises SettingsError that says what to give instead."""
    campaign = current_campaign()
    if campaign is None:
        raise SettingsError(f"这里不是工作文件夹。请先进入工作文件夹，或用参数指明{what}。")
    return campaign


def _key_file(campaign: Campaign | None, path: Path | None) -> Path:
    """The named file, the campaign's, or the user's own."""
    if path is not None and not path.is_file():
        raise SettingsError(f"找不到密钥文件 {path}。")
    own = campaign.key_file if campaign else Path(typer.get_app_dir("workbook-tools")) / "signing.key"
    return path or own


def the_key(campaign: Campaign | None, path: Path | None) -> SigningKey:
    """The key to sign with; made the first time."""
    return signing_key(_key_file(campaign, path))


def known_keys(campaign: Campaign | None, path: Path | None) -> dict[str, SigningKey]:
    """The key to verify with. None is made: a new one could verify nothing, and would hide that the old one is lost."""
    file = _key_file(campaign, path)
    if not file.is_file():
        tell(f"找不到签名密钥 {file}，无法核验工作簿是否被改动。请从备份恢复它，或用 --key 指明；不要另建。")
        return {}
    key = signing_key(file)
    return {key.id: key}


def the_scheme(campaign: Campaign | None, name: str) -> Scheme:
    """A scheme by id or file; by default the usual one. Raises SchemeError."""
    if campaign is not None:
        return campaign.scheme(name)
    return load_scheme(name or DEFAULT_SCHEME, (Path.cwd(),))


def usual_scheme(campaign: Campaign | None) -> str:
    """Id of the scheme for what names none: the campaign's, or the one that most offices use."""
    return campaign.settings.scheme if campaign else DEFAULT_SCHEME


def own_schemes(campaign: Campaign | None) -> list[Scheme]:
    """The schemes that the office has made itself, in order of their files. Raises SchemeError."""
    folder = campaign.scheme_folders[0] if campaign else Path.cwd() / SCHEME_FOLDER
    return [the_scheme(campaign, str(path)) for path in sorted(folder.glob("*.toml"))]


def read_list(campaign: Campaign | None, path: Path, year: int, scheme: str) -> tuple[ProjectList, list[Finding]]:
    """A project list with its mistakes; ``year`` and ``scheme`` are those of projects that name none.

    Raises SettingsError where there is no file, or no year, SchemeError.
    """
    year = year or (campaign.settings.year if campaign else 0)
    if not path.is_file():
        raise SettingsError(f"找不到项目清单 {path}。请先填写它，或用参数指明清单文件。")
    if not year:
        raise SettingsError("不在工作文件夹里时，请用 --year 写明评价年度。")
    return read_projects(
        path, year=year, default_scheme=the_scheme(campaign, scheme), load=lambda name: the_scheme(campaign, name)
    )
