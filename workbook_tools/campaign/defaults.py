"""What holds where nothing is named: what the working folder says, or the program where there is none."""

from __future__ import annotations

from pathlib import Path

from workbook_tools.campaign.folder import SCHEME_FOLDER, Campaign
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import ProjectList
from workbook_tools.projects import read_projects
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme


def choose_scheme(campaign: Campaign | None, name: str) -> Scheme:
    """A scheme by id or file; by default the usual one. Raises SchemeError."""
    if campaign is not None:
        return campaign.scheme(name)
    return load_scheme(name or DEFAULT_SCHEME, (Path.cwd(),))


def usual_scheme(campaign: Campaign | None) -> str:
    """Id of the scheme for what names none: the campaign's, or the one that most offices use."""
    return campaign.settings.scheme if campaign else DEFAULT_SCHEME


def choose_forms(campaign: Campaign | None, named: Path | None) -> Path | None:
    """The folder of the office's own forms: the one that is named, or the working folder's."""
    return named or (campaign.forms if campaign else None)


def read_own_schemes(campaign: Campaign | None) -> list[Scheme]:
    """The schemes that the office has made itself, in order of their files. Raises SchemeError."""
    folder = campaign.scheme_folders[0] if campaign else Path.cwd() / SCHEME_FOLDER
    return [choose_scheme(campaign, str(path)) for path in sorted(folder.glob("*.toml"))]


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
        path,
        year=year,
        default_scheme=choose_scheme(campaign, scheme),
        load=lambda name: choose_scheme(campaign, name),
    )
