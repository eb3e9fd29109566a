"""The working folder of the next year, begun from this one: list, settings, keys, schemes, forms and what was learned of old tables.

Last year's folder is only read. What belongs to one year (dates, document number, budgets, goals, answers) is not taken over.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.beginning import refuse_unclear
from workbook_tools.campaign.defaults import read_list
from workbook_tools.campaign.folder import (
    FORM_FOLDER,
    LIST_FILE,
    SCHEME_FOLDER,
    SETTINGS_FILE,
    Campaign,
    refuse_nested,
)
from workbook_tools.campaign.form_reading import SYNONYMS
from workbook_tools.campaign.importing import for_next_year
from workbook_tools.campaign.kept_readings import FILE as KEPT_READINGS
from workbook_tools.campaign.key_ring import RING_FILE, read_ring
from workbook_tools.campaign.settings import change_settings
from workbook_tools.core.errors import SettingsError, tell_os_error
from workbook_tools.core.faces import AnyPath
from workbook_tools.core.model import Indicator, Project, ProjectList
from workbook_tools.core.review_result import IndicatorRow, LastYearFigures
from workbook_tools.core.values import percent_text
from workbook_tools.core.visible_text import cut_units
from workbook_tools.excel.cut_texts import CUT
from workbook_tools.files.paths import replace_file
from workbook_tools.files.stored_projects import ListedProjects
from workbook_tools.projects import project_list_workbook
from workbook_tools.results import read_results
from workbook_tools.results.facts import RowKeys
from workbook_tools.review.last_year import LastYear
from workbook_tools.review.year_figures import describe_last_year
from workbook_tools.summary.names import SUPERIOR_FOLDER

_OF_ONE_YEAR = (
    "deadline",
    "return_by",
    "report.document_number",
    "report.date",
    "rectify.mend_by",
    "rectify.notice_number",
    "rectify.notice_date",
)
"""Settings that the next year begins without."""

_LONGEST = 280
"""Characters of what was reached the year before, to be read at a glance in the list, and in a narrow column of the form."""


@dataclass(frozen=True, slots=True)
class BegunYear:
    """What was made."""

    campaign: Campaign
    projects: tuple[Project, ...]
    """Those that go on, with last year's figures beside them."""
    left_out: tuple[str, ...]
    """Those that do not, as code and name."""
    taken: tuple[str, ...]
    """What else was taken over, in words."""
    troubles: tuple[str, ...]
    """What could not be, and why, in sentences."""


def begin_next_year(
    earlier: Campaign,
    folder: AnyPath,
    *,
    year: int = 0,
    without: Collection[str] = (),
    changes: Mapping[str, str] | None = None,
) -> BegunYear:
    """Make the working folder ``folder`` for ``year`` (by default the year after) from that of an ``earlier`` one.

    All projects of its list go on but those whose codes are in ``without``; beside each indicator of theirs stand target, actual
    and score of last year (with 核定 in force), beside each project rate, score and grade. ``changes`` are settings that are to
    be others; blank ones stay as they were. The keys go along, so that last year's workbooks can still be verified. Raises SettingsError (the folder is one, the
    year is no later one, a code is not in the list, a setting cannot be written, a key is held back), SchemeError, OutputError.
    """
    root, year = Path(folder), year or earlier.settings.year + 1
    if year <= earlier.settings.year:
        raise SettingsError(
            f"“{earlier.root.name}”是 {earlier.settings.year} 年度的，新的年度应在它以后，不能是 {year}。"
        )
    if (root / SETTINGS_FILE).exists():
        raise SettingsError(f"“{root}”已经是工作文件夹，没有改动。")
    refuse_unclear((changes or {}).get("deadline", ""), year)
    refuse_nested(root)
    path = earlier.root / SETTINGS_FILE
    wanted: dict[str, str | int] = dict.fromkeys(_OF_ONE_YEAR, "")
    wanted |= {name: value for name, value in (changes or {}).items() if value}
    wanted |= {"year": year, "last_year": _name_place(earlier.root, root)}
    text, settings = change_settings(path.read_bytes().decode("utf-8-sig"), wanted, path)
    troubles: list[str] = []
    listed = _read_earlier_list(earlier, troubles)
    if unknown := set(without) - {project.code for project in listed.projects}:
        raise SettingsError(
            f"“{earlier.root.name}”的清单里没有这些项目：{'、'.join(sorted(unknown))}。没有建立文件夹。"
        )
    result = _read_earlier_result(earlier, troubles)
    going = tuple(_carry_on(project, year, result) for project in listed.projects if project.code not in without)
    taken = _copy_own_files(earlier, root)
    taken += _copy_keys(earlier, root, troubles)
    following = ProjectList(year=year, authority=settings.authority, scheme=settings.scheme, projects=going)
    workbook = project_list_workbook(following, Campaign(root, settings).scheme())
    made = Campaign.create(root, settings, workbook, text)
    left = tuple(f"{project.code} {project.name}" for project in listed.projects if project.code in without)
    return BegunYear(made, going, left, tuple(taken), tuple(troubles))


def _name_place(earlier: Path, root: Path) -> str:
    """How last year's folder is reached from the new one."""
    try:
        return Path(os.path.relpath(earlier.resolve(), root.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return earlier.resolve().as_posix()


def _read_earlier_list(earlier: Campaign, troubles: list[str]) -> ListedProjects:
    if not earlier.project_list.exists():
        troubles.append(f"“{earlier.root.name}”里没有 {LIST_FILE}，新的清单是空的。")
        return ListedProjects(earlier.settings.year)
    listed, findings = read_list(earlier, earlier.project_list, 0, "")
    whole = [finding for finding in findings if not finding.project_code]
    if not listed.projects and whole:
        troubles.append(f"上年的项目清单读不出来（{whole[0]}），新的清单是空的。")
    return listed


def _read_earlier_result(earlier: Campaign, troubles: list[str]) -> LastYear | None:
    try:
        return LastYear(read_results(earlier.result_file).parts)
    except SettingsError as exc:
        troubles.append(f"清单里没有带入上年的实际值和得分：{exc}")
        return None


# -- the list ---------------------------------------------------------------------------------------------------------


def _carry_on(project: Project, year: int, earlier: LastYear | None) -> Project:
    """The project as it is listed for the next year, with what was reached."""
    last = earlier.find(project) if earlier else None
    rows = _number_rows(last.indicators) if last else {}
    keys = RowKeys()
    indicators = tuple(
        _with_last_year(one, rows.get(keys.key("", one.dimension, one.category, one.name)))
        for one in project.indicators
    )
    following = for_next_year(project).model_copy(update={"year": year, "indicators": indicators})
    return following.model_copy(update=_describe_project(describe_last_year(last.project) if last else None))


def _number_rows(rows: Iterable[IndicatorRow]) -> dict[object, IndicatorRow]:
    keys = RowKeys()
    return {keys.key("", row.dimension, row.category, row.name): row for row in rows}


def _with_last_year(indicator: Indicator, row: IndicatorRow | None) -> Indicator:
    facts: dict[str, object] = {"last_target": "", "last_actual": "", "last_score": None}
    if row and row.applicable:
        reached = row.actual_text
        if len(reached) > _LONGEST:
            reached = cut_units(reached, _LONGEST) + CUT
        facts = {"last_target": row.target_text, "last_actual": reached, "last_score": row.final_score}
    return indicator.model_copy(update=facts)


def _describe_project(last: LastYearFigures | None) -> dict[str, object]:
    if last is None:
        return {"last_rate": "", "last_score": None, "last_grade": ""}
    rate = "" if last.rate is None else percent_text(last.rate)
    return {"last_rate": rate, "last_score": last.score, "last_grade": last.grade}


# -- files ------------------------------------------------------------------------------------------------------------


def _copy_own_files(earlier: Campaign, root: Path) -> list[str]:
    """The office's schemes, forms, words and readings; what is in the new folder already stays."""
    taken = []
    for name, places in (
        ("评分方案", sorted((earlier.root / SCHEME_FOLDER).glob("*.toml"))),
        ("模板", _list_forms(earlier.root / FORM_FOLDER)),
        ("词表", [earlier.root / SYNONYMS]),
        ("旧表的读法", [earlier.root / KEPT_READINGS]),
    ):
        copied = [_copy(path, root / path.relative_to(earlier.root)) for path in places if path.is_file()]
        if any(copied):
            taken.append(name if len(copied) == 1 else f"{name} {len(copied)} 个")
    return taken


def _list_forms(folder: Path) -> list[Path]:
    """The office's own forms, those that a superior prescribes among them."""
    return sorted(path for place in (folder, folder / SUPERIOR_FOLDER) for path in place.glob("*") if path.is_file())


def _copy_keys(earlier: Campaign, root: Path, troubles: list[str]) -> list[str]:
    """The ring whole; where the key that signs is lost nothing is taken, and the new folder gets one of its own."""
    ring = read_ring(earlier.key_file)
    if ring.lost:
        troubles.append(f"{ring.lost}，新的文件夹另做了一把，核验不了上年的工作簿。")
        return []
    new = Campaign(root, earlier.settings).key_file
    for path in (earlier.key_file, earlier.key_file.with_name(RING_FILE)):
        if path.is_file():
            _copy(path, new.with_name(path.name), private=True)
    return ["签名密钥"]


def _copy(path: Path, target: Path, *, private: bool = False) -> bool:
    """Whether it was copied: what is there stays. Raises OutputError, SettingsError: it cannot be read."""
    if target.exists():
        return False
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise SettingsError(f"无法读取上年的文件{tell_os_error(exc, path)}") from None
    replace_file(target, data, private=private)
    return True
