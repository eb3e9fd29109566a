"""What holds where nothing is named: what the working folder says, or the program where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tools.campaign.folder import SCHEME_FOLDER, Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.errors import SettingsError
from workbook_tools.rules.scheme import DEFAULT_SCHEME, Scheme, load_scheme

if TYPE_CHECKING:
    from workbook_tools.projects.kept_lists import KeptLists
    from workbook_tools.review.guarded_reading import ReadProjects
    from workbook_tools.review.lists_elsewhere import ListTerms, Meanwhile


def choose_scheme(campaign: Campaign | None, name: str) -> Scheme:
    """A scheme by id or file; by default the usual one. Raises SchemeError."""
    if campaign is not None:
        return campaign.scheme(name)
    return load_scheme(name or DEFAULT_SCHEME, (Path.cwd(),))


def find_scheme_file(campaign: Campaign | None, name: str) -> Path:
    """The office's own file of a scheme, by its path or id. Raises SettingsError where there is none."""
    folders = campaign.scheme_folders if campaign else (Path.cwd(),)
    candidates = (Path(name), *(folder / f"{name}.toml" for folder in folders))
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        raise SettingsError(f"找不到方案文件“{name}”。自带的方案不用检查；自己的方案放在“评分方案”文件夹。")
    return found


def settings_of(campaign: Campaign | None) -> Settings:
    """The working folder's settings; without one those of a blank wbt.toml, of no year (0)."""
    return campaign.settings if campaign else Settings.model_construct(year=0)


def choose_forms(campaign: Campaign | None, named: Path | None) -> Path | None:
    """The folder of the office's own forms: the one that is named, or the working folder's. Raises SettingsError where the named is none."""
    if named is not None and not named.is_dir():
        raise SettingsError(f"没有模板文件夹“{named}”：请核对 --forms 后面写的文件夹。")
    return named or (campaign.forms if campaign else None)


def read_own_schemes(campaign: Campaign | None) -> list[Scheme]:
    """The schemes that the office has made itself, in order of their files. Raises SchemeError."""
    folder = campaign.scheme_folders[0] if campaign else Path.cwd() / SCHEME_FOLDER
    return [choose_scheme(campaign, str(path)) for path in sorted(folder.glob("*.toml"))]


def read_list(
    campaign: Campaign | None, path: Path, year: int, scheme: str, *, keep: bool = False, fresh: bool = False
) -> ReadProjects:
    """A project list, or a folder of them, with its mistakes; ``year`` and ``scheme`` are those of projects that name none.

    A list that has not changed since it was read and kept is not read again, unless all is to be done ``fresh``; ``keep`` what is read now.
    Raises SettingsError where there is none, or no year, SchemeError.
    """
    with _find_kept(campaign, path, year, scheme, keep=keep, fresh=fresh) as (terms, kept):
        return terms.read_here(path, kept, keep=keep)


def read_list_elsewhere(
    campaign: Campaign | None, path: Path, year: int, scheme: str, meanwhile: Meanwhile, *, fresh: bool = False
) -> ReadProjects:
    """The same, read by other processes and kept; ``meanwhile`` is done in this one, unless all of it is as it was."""
    from workbook_tools.review.lists_elsewhere import read_lists

    with _find_kept(campaign, path, year, scheme, keep=True, fresh=fresh) as (terms, kept):
        return read_lists(path, terms, kept, meanwhile)


@contextmanager
def _find_kept(
    campaign: Campaign | None, path: Path, year: int, scheme: str, *, keep: bool, fresh: bool
) -> Iterator[tuple[ListTerms, KeptLists | None]]:
    """How a list is to be read, and what was kept of it. Raises as :func:`read_list`."""
    from workbook_tools.campaign.kept_rooms import open_lists
    from workbook_tools.review.lists_elsewhere import ListTerms

    year = year or settings_of(campaign).year
    if not path.exists():
        raise SettingsError(f"找不到项目清单 {path}。请先填写它，或用参数指明清单文件。")
    if not year:
        raise SettingsError("不在工作文件夹里时，请用 --year 写明评价年度。")
    default, aliases = choose_scheme(campaign, scheme), settings_of(campaign).names
    with open_lists(campaign, year, default.digest, aliases, keep=keep, fresh=fresh) as kept:
        yield ListTerms(year, default, partial(choose_scheme, campaign), aliases), kept


def read_own_list(campaign: Campaign) -> ReadProjects:
    """The working folder's own list. Raises as :func:`read_list`."""
    return read_list(campaign, campaign.project_list, 0, "")
